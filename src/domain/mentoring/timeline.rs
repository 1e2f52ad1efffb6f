//! Everything that has a day: of the newest record, and what was done here.

use super::compare::{exam_text, practice_text, talk_text};
use super::{JottingKind, Mentoring};
use crate::domain::roster::Member;
use crate::domain::sort_by;
use crate::domain::time::Date;

/// Something on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// What kind of thing.
    pub what: &'static str,
    /// What it was.
    pub text: String,
    /// Whether it was done here; else it is told by the record.
    pub is_own: bool,
}

/// What the record tells and what was done here, the latest first. Reminders are of days to come.
pub fn timeline(member: &Member, mentoring: Option<&Mentoring>) -> Vec<Moment> {
    let body = &member.record.body;
    let mut all = Vec::new();
    let mut tell = |date: Date, what: &'static str, text: String| {
        all.push(Moment {
            date,
            what,
            text,
            is_own: false,
        });
    };
    if let Some(day) = body.person.applied {
        tell(day, "申请", "递交入党申请书".into());
    }
    if let Some(day) = body.person.confirmed {
        tell(day, "确定", "确定为入党积极分子".into());
    }
    if let Some(study) = &body.study {
        let total = &study.progress.total;
        if let Some(day) = total.first {
            tell(day, "学习", "首次学习".into());
        }
        if let Some(day) = total.last.filter(|day| Some(*day) != total.first) {
            tell(day, "学习", "最近一次学习".into());
        }
    }
    for line in body.mentors.iter().flatten() {
        if let Some(day) = line.since {
            tell(day, "联系人", format!("{}开始担任培养联系人", line.name));
        }
        if let Some(day) = line.until {
            tell(day, "联系人", format!("{}不再担任培养联系人", line.name));
        }
    }
    // The day stands before each of these already.
    let without_day = |text: String| text.get(11..).unwrap_or_default().to_owned();
    for line in body.talks.iter().flatten() {
        tell(line.date, "谈话", without_day(talk_text(line)));
    }
    for line in body.practice.iter().flatten() {
        tell(line.date, "实践", without_day(practice_text(line)));
    }
    for line in body.exams.iter().flatten() {
        tell(line.date, "模拟考试", without_day(exam_text(line)));
    }
    for line in body.reports.iter().flatten() {
        tell(line.date, "思想汇报", line.title.clone());
    }
    let mut own = |date: Date, what: &'static str, text: String| {
        all.push(Moment {
            date,
            what,
            text,
            is_own: true,
        });
    };
    for seen in &member.history {
        let made = seen.made_at.date();
        own(
            seen.received.date(),
            "收到记录",
            format!("{}（{made} 导出）", seen.file),
        );
    }
    for jotting in mentoring.iter().flat_map(|mentoring| mentoring.jottings.values()) {
        let text = match (jotting.kind, jotting.text.as_str()) {
            (JottingKind::Review, "") => "党支部进行了考察".to_owned(),
            (_, text) => text.to_owned(),
        };
        own(jotting.date, jotting.kind.label(), text);
    }
    if let Some(drafted) = mentoring.and_then(|mentoring| mentoring.drafted) {
        own(drafted.date(), "意见", "保存了意见草稿".into());
    }
    let signed = mentoring.into_iter();
    let signed = signed.flat_map(|mentoring| mentoring.signed.iter().zip(&mentoring.signed_at));
    for (signed, at) in signed {
        own(at.date(), "签名", format!("以“{}”的名义签了名", signed.name));
    }
    sort_by(&mut all, |a, b| b.date.cmp(&a.date));
    all
}
