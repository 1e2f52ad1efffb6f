//! Blanks to be filled in: each must be one of its spellings, but for width, case, spaces and
//! the marks that people put around or after words.

use super::Unanswerable;

pub(super) const HINT: &str = "填写每一个空，数字用阿拉伯数字或汉字都可以";

/// What stands in a stem for a blank.
pub const BLANK: &str = "＿＿";

/// Characters that one blank may hold.
const LONGEST: usize = 60;

pub(super) fn grade(blanks: &[Vec<String>], given: &[String]) -> Result<bool, Unanswerable> {
    if given.len() != blanks.len() {
        return Err(Unanswerable::Unknown);
    }
    if given.iter().any(|text| text.trim().is_empty()) {
        return Err(Unanswerable::Incomplete);
    }
    if given.iter().any(|text| text.chars().count() > LONGEST) {
        return Err(Unanswerable::TooLong);
    }
    Ok(blanks.iter().zip(given).all(|(spellings, text)| {
        let text = normal(text);
        spellings.iter().any(|spelling| normal(spelling) == text)
    }))
}

/// Half width, lower case, without spaces, brackets, quotation and book-title marks, and Chinese
/// signs between and after words. An ASCII full stop stays: it may be a decimal point.
fn normal(text: &str) -> String {
    let half = text.chars().map(|sign| match sign {
        '！'..='～' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
        _ => sign,
    });
    half.filter(|sign| !sign.is_whitespace() && !"《》〈〉“”‘’「」『』\"'，,。、；;：:（）()".contains(*sign))
        .map(|sign| sign.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_differ_only_in_what_does_not_matter() {
        let blanks = vec![vec!["开除党籍".to_owned()], vec!["二十四".into(), "24".into()]];
        let grade = |a: &str, b: &str| grade(&blanks, &[a.into(), b.into()]);
        assert_eq!(grade("开除党籍", "24"), Ok(true));
        assert_eq!(grade(" “开除党籍”。", "２４"), Ok(true));
        assert_eq!(grade("开除", "24"), Ok(false));
        assert_eq!(grade("开除党籍", "2.4"), Ok(false));
        assert_eq!(grade("开除党籍", " "), Err(Unanswerable::Incomplete));
        assert_eq!(
            super::grade(&blanks, &["开除党籍".into()]),
            Err(Unanswerable::Unknown)
        );
        assert_eq!(grade(&"长".repeat(61), "24"), Err(Unanswerable::TooLong));
    }

    #[test]
    fn a_decimal_point_is_not_a_full_stop() {
        assert_eq!(normal("1．5％"), "1.5%");
        assert_ne!(normal("1.5%"), normal("15%"));
    }
}
