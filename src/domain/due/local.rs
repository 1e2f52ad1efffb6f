//! What a unit has arranged beyond the rules: it may be stricter, never laxer.
//!
//! A [`Draft`] is what a person types; [`Local`] can only be made of one that is nowhere laxer, and is
//! read from storage in the same way.

use super::article::{Edition, Rule};
use serde::{Deserialize, Serialize};

/// Local arrangements as they are typed. What is not set follows the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// Days for the talk, counted from the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk_days: Option<u16>,
    /// Months between reviews: 1, 2, 3 or 6, so that each half-year holds whole ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_months: Option<u16>,
    /// Months of cultivation before listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cultivation_months: Option<u16>,
    /// Whether pauses and gaps between two units are not counted as cultivation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pauses_excluded: bool,
    /// Working days of the public notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<u16>,
    /// Days of concentrated training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_days: Option<u16>,
    /// Study hours of concentrated training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_hours: Option<u16>,
    /// Days from the pre-review to the branch's meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_days: Option<u16>,
    /// Days from the vote to the approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_days: Option<u16>,
    /// Days from the approval to the oath.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oath_days: Option<u16>,
    /// Days from the vote for full membership to its approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_approval_days: Option<u16>,
    /// Months between thought reports; none are asked for when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thought_report_months: Option<u16>,
    /// Months between mentors' notes; none are asked for when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentor_note_months: Option<u16>,
}

/// A value that is laxer than the rules, or makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laxer {
    /// The field of [`Draft`].
    pub field: &'static str,
    /// What a reader sees, with the article.
    pub reason: String,
}

/// Local arrangements, nowhere laxer than the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct Local(Draft);

/// A month has at least so many days, three months at least so many: a limit of more days could end
/// later than the rules have it.
const MONTH: u16 = 28;
const THREE_MONTHS: u16 = 89;

impl Local {
    /// Local arrangements of what was typed.
    ///
    /// # Errors
    /// Every value that is laxer than the rules or makes no sense.
    pub fn new(draft: Draft) -> Result<Self, Vec<Laxer>> {
        let mut found = Vec::new();
        let article = |rule: Rule| {
            let known = rule.article(Edition::Xize2026);
            known.map(|article| article.label()).unwrap_or_default()
        };
        let limits = [
            ("talk_days", draft.talk_days, MONTH, "谈话", "一个月", Rule::Talk),
            (
                "meeting_days",
                draft.meeting_days,
                MONTH,
                "召开党支部党员大会",
                "一个月",
                Rule::Meeting,
            ),
            (
                "approval_days",
                draft.approval_days,
                THREE_MONTHS,
                "审批",
                "三个月",
                Rule::Approval,
            ),
            ("oath_days", draft.oath_days, MONTH, "宣誓", "一个月", Rule::Oath),
            (
                "full_approval_days",
                draft.full_approval_days,
                THREE_MONTHS,
                "审批转正",
                "三个月",
                Rule::FullApproval,
            ),
        ];
        for (field, value, most, what, words, rule) in limits {
            if let Some(value) = value.filter(|value| !(1..=most).contains(value)) {
                found.push(Laxer {
                    field,
                    reason: format!(
                        "{what}的期限填了{value}天。{}要求{words}内，{words}最短只有{most}天；本单位只能更严，请填1到{most}",
                        article(rule)
                    ),
                });
            }
        }
        let minimums = [
            (
                "cultivation_months",
                draft.cultivation_months,
                (12, 120),
                "培养教育的时间",
                "个月",
                "一年以上",
                Rule::Prospect,
            ),
            (
                "notice_days",
                draft.notice_days,
                (5, 60),
                "公示",
                "个工作日",
                "不少于五个工作日",
                Rule::Notice,
            ),
            (
                "training_days",
                draft.training_days,
                (3, 60),
                "集中培训",
                "天",
                "不少于三天",
                Rule::Training,
            ),
            (
                "training_hours",
                draft.training_hours,
                (24, 480),
                "集中培训",
                "学时",
                "不少于二十四个学时",
                Rule::Training,
            ),
        ];
        for (field, value, (least, most), what, unit, words, rule) in minimums {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                let why = if value < least {
                    format!("{}要求{words}；本单位只能更严", article(rule))
                } else {
                    "数太大，请核对".to_owned()
                };
                found.push(Laxer {
                    field,
                    reason: format!("{what}填了{value}{unit}。{why}，请填{least}到{most}"),
                });
            }
        }
        if let Some(value) = draft.review_months.filter(|value| ![1, 2, 3, 6].contains(value)) {
            found.push(Laxer {
                field: "review_months",
                reason: format!(
                    "考察的间隔填了{value}个月。{}要求每半年考察一次；本单位只能更严，请填1、2、3或者6",
                    article(Rule::Review)
                ),
            });
        }
        for (field, value, what) in [
            ("thought_report_months", draft.thought_report_months, "思想汇报"),
            ("mentor_note_months", draft.mentor_note_months, "联系人写实"),
        ] {
            if let Some(value) = value.filter(|value| !(1..=12).contains(value)) {
                found.push(Laxer {
                    field,
                    reason: format!("{what}的间隔填了{value}个月，请填1到12；不要求的留空"),
                });
            }
        }
        if found.is_empty() {
            Ok(Self(draft))
        } else {
            Err(found)
        }
    }

    /// As it was typed.
    pub fn draft(&self) -> &Draft {
        &self.0
    }

    /// Months of cultivation before listing.
    pub fn cultivation_months(&self) -> u16 {
        self.0.cultivation_months.unwrap_or(12)
    }

    /// Working days of the public notice.
    pub fn notice_days(&self) -> u16 {
        self.0.notice_days.unwrap_or(5)
    }

    /// Days and study hours of concentrated training: one of the two is enough.
    pub fn training(&self) -> (u16, u16) {
        (
            self.0.training_days.unwrap_or(3),
            self.0.training_hours.unwrap_or(24),
        )
    }
}

impl TryFrom<Draft> for Local {
    type Error = String;

    fn try_from(draft: Draft) -> Result<Self, String> {
        Self::new(draft).map_err(|found| {
            let reasons: Vec<String> = found.into_iter().map(|laxer| laxer.reason).collect();
            reasons.join("；")
        })
    }
}

impl From<Local> for Draft {
    fn from(local: Local) -> Self {
        local.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(draft: Draft) -> Vec<&'static str> {
        let found = Local::new(draft).err().unwrap_or_default();
        found.into_iter().map(|laxer| laxer.field).collect()
    }

    #[test]
    fn laxer_values_are_refused_with_the_article() {
        let draft = Draft {
            talk_days: Some(29),
            meeting_days: Some(0),
            approval_days: Some(90),
            oath_days: Some(31),
            full_approval_days: Some(100),
            review_months: Some(12),
            cultivation_months: Some(11),
            notice_days: Some(4),
            training_days: Some(2),
            training_hours: Some(23),
            thought_report_months: Some(0),
            mentor_note_months: Some(13),
            pauses_excluded: false,
        };
        let found = Local::new(draft).unwrap_err();
        assert_eq!(found.len(), 12);
        let notice = found.iter().find(|laxer| laxer.field == "notice_days").unwrap();
        assert_eq!(
            notice.reason,
            "公示填了4个工作日。发展党员工作细则（2026年）第十三条要求不少于五个工作日；本单位只能更严，请填5到60"
        );
        // Four and five months do not divide a half-year.
        for months in [4, 5] {
            let draft = Draft {
                review_months: Some(months),
                ..Draft::default()
            };
            assert_eq!(fields(draft), ["review_months"]);
        }
    }

    #[test]
    fn stricter_values_are_taken_and_survive_storage() {
        let draft = Draft {
            talk_days: Some(15),
            review_months: Some(3),
            cultivation_months: Some(18),
            notice_days: Some(7),
            thought_report_months: Some(3),
            ..Draft::default()
        };
        let local = Local::new(draft.clone()).unwrap();
        let json = serde_json::to_string(&local).unwrap();
        assert_eq!(
            json,
            r#"{"talk_days":15,"review_months":3,"cultivation_months":18,"notice_days":7,"thought_report_months":3}"#
        );
        assert_eq!(serde_json::from_str::<Local>(&json).unwrap(), local);
        assert_eq!((local.notice_days(), local.training()), (7, (3, 24)));
        // What was made laxer in storage is refused as well.
        let error = serde_json::from_str::<Local>(r#"{"notice_days":3}"#).unwrap_err();
        assert!(error.to_string().contains("不少于五个工作日"), "{error}");
        assert_eq!(serde_json::from_str::<Local>("{}").unwrap(), Local::default());
    }
}
