//! Labels of clauses: what may stand in [`Citation::clause`](super::Citation::clause).
//!
//! | label | in a document that has |
//! |---|---|
//! | `总纲` | a preamble of that name |
//! | `第三条`, `第三条第二款`, `第三条第（二）项` | articles |
//! | `（五）` | items |
//! | `第四部分` | numbered parts |
//! | `第二章` | chapters that are cited |
//! | `1921年`, `1921年7月`, `1921年7月23日` | entries by date |

use super::Source;

/// A clause of a document, read from its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clause {
    /// The preamble, e.g. 总纲; its paragraphs are not numbered.
    Preamble,
    /// An article, whole or in part.
    Article {
        /// 第N条.
        number: u16,
        /// What of it.
        part: Part,
    },
    /// An item （N） of a document that has items and no articles.
    Item(u16),
    /// 第N部分.
    Section(u16),
    /// 第N章.
    Chapter(u16),
    /// An entry of a chronicle: year, and month and day where they are given.
    Entry(u16, Option<u8>, Option<u8>),
}

/// What of an article is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// 第N款.
    Paragraph(u16),
    /// 第（N）项.
    Item(u16),
}

/// Why a label is not a clause of that document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseError {
    /// It has none of the forms in the table above, or a numeral that is not written properly.
    Form,
    /// The document has no preamble of that name.
    NoPreamble,
    /// The document has fewer articles (the number that it has, perhaps 0).
    NoArticle(u16),
    /// The document has fewer items (the number that it has, perhaps 0).
    NoItem(u16),
    /// The document has fewer parts (the number that it has, perhaps 0).
    NoSection(u16),
    /// The document has fewer chapters (the number that it has, perhaps 0).
    NoChapter(u16),
    /// The document is not cited by date, or the calendar has no such day.
    NoEntry,
}

impl ClauseError {
    /// What an author sees.
    pub fn message(self) -> String {
        match self {
            Self::Form => "条款写法不对：应为“总纲”、“第三条”、“第三条第二款”、“第三条第（二）项”、“（五）”、“第四部分”、“第二章”或“1921年7月23日”，条款用汉字数字和全角括号".into(),
            Self::NoPreamble => "该文件没有总纲".into(),
            Self::NoArticle(0) => "该文件不按“第几条”编号".into(),
            Self::NoArticle(last) => format!("该文件只有{}条", numeral(last)),
            Self::NoItem(0) => "该文件不按“（几）”编号".into(),
            Self::NoItem(last) => format!("该文件只有{}项", numeral(last)),
            Self::NoSection(0) => "该文件不按“第几部分”引用".into(),
            Self::NoSection(last) => format!("该文件只有{}个部分", numeral(last)),
            Self::NoChapter(0) => "该文件不按“第几章”引用".into(),
            Self::NoChapter(last) => format!("该文件只有{}章", numeral(last)),
            Self::NoEntry => "该文件不按日期引用，或没有这一天".into(),
        }
    }
}

/// Reads a label as a clause of `source`.
///
/// # Errors
/// When the label has no known form or names what the document does not have. How many
/// paragraphs and items an article has is not known here.
pub fn parse(label: &str, source: &Source) -> Result<Clause, ClauseError> {
    if source.preamble.as_deref() == Some(label) {
        return Ok(Clause::Preamble);
    }
    match shape(label).ok_or(ClauseError::Form)? {
        Clause::Preamble => Err(ClauseError::NoPreamble),
        Clause::Article { number, .. } if number > source.articles => {
            Err(ClauseError::NoArticle(source.articles))
        }
        Clause::Item(number) if number > source.items => Err(ClauseError::NoItem(source.items)),
        Clause::Section(number) if number > source.parts => Err(ClauseError::NoSection(source.parts)),
        Clause::Chapter(number) if number > source.chapters => Err(ClauseError::NoChapter(source.chapters)),
        Clause::Entry(..) if !source.dated => Err(ClauseError::NoEntry),
        known @ Clause::Entry(year, Some(month), day) => {
            let day = format!("{year:04}-{month:02}-{:02}", day.unwrap_or(1));
            let day = crate::domain::time::Date::parse(&day);
            day.map(|_| known).ok_or(ClauseError::NoEntry)
        }
        known => Ok(known),
    }
}

fn shape(label: &str) -> Option<Clause> {
    if label == "总纲" {
        return Some(Clause::Preamble);
    }
    if let Some(inner) = between(label, "（", "）") {
        return number(inner).map(Clause::Item);
    }
    if let Some(inner) = between(label, "第", "部分") {
        return number(inner).map(Clause::Section);
    }
    if let Some(inner) = between(label, "第", "章") {
        return number(inner).map(Clause::Chapter);
    }
    if label.starts_with(|sign: char| sign.is_ascii_digit()) {
        return entry(label);
    }
    let (article, rest) = label.strip_prefix('第')?.split_once('条')?;
    let part = if rest.is_empty() {
        Part::Whole
    } else if let Some(inner) = between(rest, "第（", "）项") {
        Part::Item(number(inner)?)
    } else {
        Part::Paragraph(number(between(rest, "第", "款")?)?)
    };
    Some(Clause::Article {
        number: number(article)?,
        part,
    })
}

/// `1921年`, `1921年7月` or `1921年7月23日`.
fn entry(label: &str) -> Option<Clause> {
    let (year, rest) = label.split_once('年')?;
    let (month, day) = match rest.split_once('月') {
        Some((month, "")) => (Some(month), None),
        Some((month, day)) => (Some(month), Some(day.strip_suffix('日')?)),
        None if rest.is_empty() => (None, None),
        None => return None,
    };
    let plain = |text: &&str| !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let small = |text: Option<&str>| match text {
        Some(text) => plain(&text).then(|| text.parse().ok()).flatten().map(Some),
        None => Some(None),
    };
    let year = Some(year).filter(|year| year.len() == 4).filter(plain)?;
    Some(Clause::Entry(year.parse().ok()?, small(month)?, small(day)?))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Reads 一 … 九百九十九, only as it is properly written: `十一` and not `一十一` or `一一`.
pub fn number(text: &str) -> Option<u16> {
    let (mut total, mut digit) = (0, None);
    for sign in text.chars() {
        match sign {
            '百' => total += 100 * digit.take()?,
            '十' => total += 10 * digit.take().unwrap_or(1),
            _ => digit = Some(DIGITS.iter().position(|known| *known == sign)? as u16),
        }
        if total > 999 {
            return None;
        }
    }
    let value = total + digit.unwrap_or(0);
    // Writing it back refuses every other spelling of the same value.
    (value > 0 && numeral(value) == text).then_some(value)
}

/// Writes 1 – 999 as it stands in articles; empty for 0, plain digits above.
pub fn numeral(value: u16) -> String {
    if value > 999 {
        return value.to_string();
    }
    let (hundreds, tens, ones) = (value / 100, value / 10 % 10, value % 10);
    let mut text = String::new();
    let mut digit = |value: u16, unit: &str| {
        text.push(DIGITS[usize::from(value)]);
        text.push_str(unit);
    };
    if hundreds > 0 {
        digit(hundreds, "百");
    }
    if tens > 0 {
        digit(tens, "十");
    } else if hundreds > 0 && ones > 0 {
        digit(0, "");
    }
    if ones > 0 {
        digit(ones, "");
    }
    match text.strip_prefix('一') {
        Some(short) if short.starts_with('十') => short.into(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::course::SourceState;

    fn source(articles: u16, items: u16, preamble: Option<&str>) -> Source {
        Source {
            id: "s".into(),
            title: "《示例》".into(),
            short: "示例".into(),
            edition: "第一版".into(),
            issued: "2026-01-01".into(),
            state: SourceState::InForce,
            replaced_by: None,
            articles,
            items,
            parts: 0,
            chapters: 0,
            dated: false,
            preamble: preamble.map(Into::into),
        }
    }

    #[test]
    fn reads_the_forms_of_the_table() {
        let constitution = source(55, 0, Some("总纲"));
        let article = |number, part| Ok(Clause::Article { number, part });
        for (label, want) in [
            ("总纲", Ok(Clause::Preamble)),
            ("第三条", article(3, Part::Whole)),
            ("第十条", article(10, Part::Whole)),
            ("第十一条第二款", article(11, Part::Paragraph(2))),
            ("第二十条第（十二）项", article(20, Part::Item(12))),
            ("第四十一条", article(41, Part::Whole)),
            ("第五十六条", Err(ClauseError::NoArticle(55))),
            ("（一）", Err(ClauseError::NoItem(0))),
        ] {
            assert_eq!(parse(label, &constitution), want, "{label}");
        }
        let opinion = source(0, 20, None);
        assert_eq!(parse("（二十）", &opinion), Ok(Clause::Item(20)));
        assert_eq!(parse("（二十一）", &opinion), Err(ClauseError::NoItem(20)));
        assert_eq!(parse("第一条", &opinion), Err(ClauseError::NoArticle(0)));
        assert_eq!(parse("总纲", &opinion), Err(ClauseError::NoPreamble));
    }

    #[test]
    fn reads_parts_chapters_and_dates() {
        let mut report = source(0, 0, Some("序言"));
        report.parts = 7;
        assert_eq!(parse("第七部分", &report), Ok(Clause::Section(7)));
        assert_eq!(parse("第八部分", &report), Err(ClauseError::NoSection(7)));
        assert_eq!(parse("第一章", &report), Err(ClauseError::NoChapter(0)));
        assert_eq!(parse("1921年7月", &report), Err(ClauseError::NoEntry));
        assert_eq!(parse("序言", &report), Ok(Clause::Preamble));
        let mut chronicle = source(0, 0, None);
        chronicle.dated = true;
        assert_eq!(parse("1949年", &chronicle), Ok(Clause::Entry(1949, None, None)));
        assert_eq!(
            parse("1921年7月23日", &chronicle),
            Ok(Clause::Entry(1921, Some(7), Some(23)))
        );
        for label in ["1921年2月30日", "1921年13月"] {
            assert_eq!(parse(label, &chronicle), Err(ClauseError::NoEntry), "{label}");
        }
        for label in [
            "21年",
            "1921年07月",
            "1921年7月23",
            "1921-07-23",
            "1921年7",
            "一九二一年",
        ] {
            assert_eq!(parse(label, &chronicle), Err(ClauseError::Form), "{label}");
        }
    }

    #[test]
    fn refuses_every_other_spelling() {
        let constitution = source(155, 20, Some("总纲"));
        for label in [
            "",
            "总纲第一段",
            "第3条",
            "第一十条",
            "第四一条",
            "第零条",
            "第条",
            "第三条 ",
            "第三",
            "(五)",
            "（五",
            "第三条第(二)项",
            "第三条第二项",
            "第三条第（二）款",
            "第三条第二款第（一）项",
            "第一百三条",
            "第百条",
            "第十十条",
        ] {
            assert_eq!(parse(label, &constitution), Err(ClauseError::Form), "{label}");
        }
    }

    #[test]
    fn numerals_go_there_and_back() {
        for value in 1..=999 {
            assert_eq!(number(&numeral(value)), Some(value));
        }
        assert_eq!(numeral(101), "一百零一");
        assert_eq!(numeral(110), "一百一十");
        assert_eq!(numeral(20), "二十");
        assert_eq!(number("一百百百百百百百百百百百百"), None);
    }
}
