//! QR codes: a summary of a record to be compared with it, and a series that carries the whole.
//!
//! What a code holds is text, whoever scans it: the parts of the series are those of [`super::code`],
//! whose [`Collector`](super::code::Collector) takes them in any order.

#[cfg(feature = "exports")]
use super::code::{self, CodeError};
use crate::domain::record::{Body, TrainingRecord};
use crate::domain::study::progress::StudyTime;
#[cfg(feature = "exports")]
use qrcodegen::{QrCode, QrCodeEcc};

/// Signs of one code of a series: a code of 97 modules a side, which a phone reads from another's
/// screen.
pub const IN_CODE: usize = 900;
#[cfg(feature = "exports")]
/// Modules of white around a code (ISO/IEC 18004).
const QUIET: i32 = 4;
/// First words of a summary.
const SUMMARY: &str = "学档培养记录摘要";

#[cfg(feature = "exports")]
/// The texts of the series that carries a whole file.
///
/// # Errors
/// [`CodeError::TooLarge`].
pub fn series(bytes: &[u8]) -> Result<Vec<String>, CodeError> {
    code::write(bytes, IN_CODE)
}

/// A summary for people, with the digest of the whole; any scanner shows it.
pub fn summary(record: &TrainingRecord) -> String {
    summary_lines(record).join("\n")
}

fn summary_lines(record: &TrainingRecord) -> Vec<String> {
    let body = &record.body;
    let clip = |text: &str| text.chars().take(30).collect::<String>();
    vec![
        SUMMARY.to_owned(),
        format!("姓名：{}", clip(body.person.name.as_deref().unwrap_or("未导出"))),
        format!(
            "党支部：{}",
            clip(body.person.branch.as_deref().unwrap_or("未导出"))
        ),
        format!("导出：{}", body.made_at.rfc3339()),
        format!("学习：{}", study(body)),
        format!("学习时间（自报）：{}", time(body)),
        format!("实践和谈话：{}", practice(body)),
        format!("校验值：{}", record.digest.whole),
        "只供核对，不能代替记录；校验值不能证明是谁填写。".into(),
    ]
}

fn study(body: &Body) -> String {
    body.study.as_ref().map_or("未导出".into(), |study| {
        let total = &study.progress.total;
        format!(
            "已读 {}/{} 课，已答 {}/{} 题，最近答对 {} 题",
            total.lessons_read, total.lessons, total.answered, total.questions, total.correct
        )
    })
}

fn time(body: &Body) -> String {
    let text = |time: &StudyTime| format!("{} 分钟，{} 天", time.minutes, time.days);
    body.time.as_ref().map_or("未导出".into(), text)
}

fn practice(body: &Body) -> String {
    let count = |count: Option<usize>, unit: &str| {
        count.map_or("未导出".into(), |count| format!("{count} {unit}"))
    };
    format!(
        "{}、{}",
        count(body.practice.as_ref().map(Vec::len), "次实践"),
        count(body.talks.as_ref().map(Vec::len), "次谈话")
    )
}

/// Whether a scanned text is a summary.
pub fn is_summary(text: &str) -> bool {
    text.trim_start().starts_with(SUMMARY)
}

/// The lines of a scanned summary that say something else than the record; `None` when the text is
/// no summary. An empty list means that they agree.
pub fn differences(text: &str, record: &TrainingRecord) -> Option<Vec<String>> {
    if !is_summary(text) {
        return None;
    }
    let ours = summary_lines(record);
    let theirs: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut differing: Vec<String> = theirs
        .iter()
        .filter(|line| !ours.iter().any(|known| known == *line))
        .map(|line| (*line).to_owned())
        .collect();
    let missing = ours.iter().filter(|line| !theirs.contains(&line.as_str()));
    if differing.is_empty() {
        differing.extend(missing.map(|line| format!("缺少：{line}")));
    }
    Some(differing)
}

#[cfg(feature = "exports")]
/// A code as its modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Modules a side, without the white around.
    pub size: usize,
    /// Row by row, `true` for dark.
    pub dark: Vec<bool>,
}

#[cfg(feature = "exports")]
/// The code of a text, with the error correction that restores 15 per cent.
///
/// # Errors
/// When the text is longer than a code can hold; in Chinese.
pub fn matrix(text: &str) -> Result<Matrix, String> {
    let qr = encode(text)?;
    let cells = (0..qr.size()).flat_map(|y| (0..qr.size()).map(move |x| (x, y)));
    Ok(Matrix {
        size: qr.size() as usize,
        dark: cells.map(|(x, y)| qr.get_module(x, y)).collect(),
    })
}

#[cfg(feature = "exports")]
fn encode(text: &str) -> Result<QrCode, String> {
    QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|_| "内容太长，一个二维码放不下，请改用一组二维码或文件".into())
}

#[cfg(feature = "exports")]
/// The same as an SVG, black on white whatever the page's colours, with the white around; it holds
/// nothing of the text itself.
///
/// # Errors
/// As [`matrix`].
pub fn svg(text: &str) -> Result<String, String> {
    let qr = encode(text)?;
    let side = qr.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..qr.size() {
        let mut x = 0;
        while x < qr.size() {
            let run = (x..qr.size()).take_while(|at| qr.get_module(*at, y)).count() as i32;
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
#[cfg(feature = "exports")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a code as a camera would see it, by a program that knows nothing of ours.
    fn scan(matrix: &Matrix) -> String {
        const SCALE: usize = 4;
        let side = (matrix.size + 8) * SCALE;
        let dark = |x: usize, y: usize| {
            let place = |at: usize| (at / SCALE).checked_sub(4).filter(|at| *at < matrix.size);
            match (place(x), place(y)) {
                (Some(x), Some(y)) => matrix.dark[y * matrix.size + x],
                _ => false,
            }
        };
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark(x, y) { 0 } else { 255 });
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "{} modules", matrix.size);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn codes_of_a_series_are_read_and_small_enough() {
        let bytes: Vec<u8> = (0..3_000u32)
            .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let texts = series(&bytes).unwrap();
        let mut collector = code::Collector::default();
        for text in texts.iter().rev() {
            let matrix = matrix(text).unwrap();
            assert!(matrix.size <= 97, "{} modules", matrix.size);
            collector.add(&scan(&matrix)).unwrap();
        }
        assert_eq!(collector.finish(), Ok(bytes));
    }

    #[test]
    fn an_svg_draws_the_same_modules_and_nothing_else() {
        let matrix = matrix("学档").unwrap();
        let svg = svg("学档").unwrap();
        assert!(!svg.contains("学档") && !svg.contains("script"));
        let mut drawn = vec![false; matrix.dark.len()];
        let (_, path) = svg.split_once("#000\" d=\"").unwrap();
        for run in path.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|sign: char| !sign.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            for x in numbers[0]..numbers[0] + numbers[2] {
                drawn[(numbers[1] - 4) * matrix.size + x - 4] = true;
            }
        }
        assert_eq!(drawn, matrix.dark);
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        assert!(svg(&"长".repeat(2_000)).unwrap_err().contains("放不下"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_shown_is_scanned(text in "[A-Z0-9一-龥𠮷喆\\n]{1,200}") {
            prop_assert_eq!(scan(&matrix(&text).unwrap()), text);
        }
    }
}
