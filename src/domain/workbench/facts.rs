//! Facts that the rules about what is due need to know of a person, as people have typed them.

use super::{File, Workbench};
use crate::domain::branch::{Field, PersonId, tidy_name};
use crate::domain::due::facts::{Facts, Fitness, Mentor, Notice, Sponsor, Training};
use crate::domain::study::EventId;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// Something that was written down of a person. Of what there can be only one, the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The talk after the application was held (Art. 7).
    Talked(Date),
    /// Who the mentors are and were (Art. 9), whole.
    Mentors(Vec<Mentor>),
    /// The branch has reviewed the person (Art. 11).
    Reviewed {
        /// The day.
        on: Date,
        /// What it found, in its words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A thought report was handed in.
    ThoughtReport(Date),
    /// A mentor's note was handed in.
    MentorNote(Date),
    /// The higher committee agreed to the proposal (2014: took it on file).
    Agreed(Date),
    /// The public notice.
    Notice(Notice),
    /// Whether the person is mobile (流动人员).
    Mobile(bool),
    /// Sponsors (Art. 14), whole.
    Sponsors(Vec<Sponsor>),
    /// The pre-review was passed.
    Prereviewed(Date),
    /// The person will leave the unit on that day.
    Leaving(Date),
    /// The oath was taken.
    Sworn(Date),
    /// Full membership was applied for in writing.
    Requested(Date),
    /// Whether the branch has put off the discussion of a probationer who moved in (Art. 35).
    Postponed(bool),
    /// Whether the person works on a front-line post (生产、工作一线).
    FrontLine(bool),
}

/// The most mentors, past ones too, that are kept of a person. More than two at a time can be written:
/// it is said then that there should not be.
pub const MOST_MENTORS: usize = 12;

/// The most sponsors that are kept of a person.
pub const MOST_SPONSORS: usize = 4;

/// The longest name, in characters.
const NAME: usize = 40;

/// The longest words about a review, in characters.
pub const REVIEW_WORDS: usize = 500;

impl Fact {
    /// The fact as it is kept, with names tidied.
    ///
    /// # Errors
    /// What is wrong, with the field: `date`, `until`, `words`, `mentor-<n>-name` and the like, where
    /// `<n>` counts from 0.
    pub fn checked(self, today: Date) -> Result<Self, Wrong> {
        let past = |field: &str, what: &str, on: Date| {
            if on > today {
                return Err(Wrong::new(field, format!("{what}晚于今天，只能记已经发生的事")));
            }
            Ok(on)
        };
        Ok(match self {
            Self::Talked(on) => Self::Talked(past("date", "日期", on)?),
            Self::ThoughtReport(on) => Self::ThoughtReport(past("date", "日期", on)?),
            Self::MentorNote(on) => Self::MentorNote(past("date", "日期", on)?),
            Self::Agreed(on) => Self::Agreed(past("date", "日期", on)?),
            Self::Prereviewed(on) => Self::Prereviewed(past("date", "日期", on)?),
            Self::Sworn(on) => Self::Sworn(past("date", "日期", on)?),
            Self::Requested(on) => Self::Requested(past("date", "日期", on)?),
            Self::Reviewed { on, words } => {
                let words = words.trim().replace("\r\n", "\n");
                if words.chars().count() > REVIEW_WORDS {
                    return Err(Wrong::new("words", format!("考察意见太长，最多{REVIEW_WORDS}字")));
                }
                let fits = |sign: &char| !sign.is_control() || *sign == '\n';
                Self::Reviewed {
                    on: past("date", "考察的日期", on)?,
                    words: words.chars().filter(fits).collect(),
                }
            }
            Self::Leaving(on) => {
                if on > today.add_months(120) {
                    return Err(Wrong::new("date", "离开的日期太远，请核对年份".into()));
                }
                Self::Leaving(on)
            }
            Self::Notice(notice) => {
                past("date", "公示开始的日期", notice.from)?;
                if notice.until.is_some_and(|until| until < notice.from) {
                    return Err(Wrong::new("until", "公示最后一天早于开始的那天".into()));
                }
                if notice
                    .until
                    .is_some_and(|until| until > notice.from.add_months(12))
                {
                    return Err(Wrong::new(
                        "until",
                        "公示最后一天比开始晚一年以上，请核对年份".into(),
                    ));
                }
                Self::Notice(notice)
            }
            Self::Mentors(mentors) => Self::Mentors(checked_mentors(mentors, today)?),
            Self::Sponsors(sponsors) => Self::Sponsors(checked_sponsors(sponsors)?),
            Self::Mobile(_) | Self::Postponed(_) | Self::FrontLine(_) => self,
        })
    }

    /// What it says beside its name and day; empty when nothing.
    pub fn particulars(&self) -> String {
        let yes = |is: bool| if is { "是" } else { "不是" }.to_owned();
        match self {
            Self::Mentors(mentors) if mentors.is_empty() => "没有".into(),
            Self::Mentors(mentors) => {
                let all: Vec<String> = mentors.iter().map(mentor_text).collect();
                all.join("；")
            }
            Self::Sponsors(sponsors) if sponsors.is_empty() => "没有".into(),
            Self::Sponsors(sponsors) => {
                let all: Vec<String> = sponsors.iter().map(sponsor_text).collect();
                all.join("；")
            }
            Self::Reviewed { words, .. } => words.clone(),
            Self::Notice(notice) => {
                let until = match notice.until {
                    Some(until) => format!("到{}", until.chinese()),
                    None => "最后一天还没有记".into(),
                };
                let places = if notice.both_places { "，两地公示" } else { "" };
                format!("{until}{places}")
            }
            Self::Mobile(is) | Self::FrontLine(is) => yes(*is),
            Self::Postponed(true) => "推迟".into(),
            Self::Postponed(false) => "不推迟".into(),
            _ => String::new(),
        }
    }

    /// What a reader sees.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Talked(_) => "党组织派人谈话",
            Self::Mentors(_) => "培养联系人",
            Self::Reviewed { .. } => "党支部考察",
            Self::ThoughtReport(_) => "思想汇报",
            Self::MentorNote(_) => "培养联系人写实",
            Self::Agreed(_) => "上级党委同意列为发展对象",
            Self::Notice(_) => "公示",
            Self::Mobile(_) => "流动人员",
            Self::Sponsors(_) => "入党介绍人",
            Self::Prereviewed(_) => "上级党委预审合格",
            Self::Leaving(_) => "将离开本单位",
            Self::Sworn(_) => "入党宣誓",
            Self::Requested(_) => "提出书面转正申请",
            Self::Postponed(_) => "推迟讨论转正",
            Self::FrontLine(_) => "生产、工作一线",
        }
    }

    /// The day of it, where it has one.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Talked(on)
            | Self::Reviewed { on, .. }
            | Self::ThoughtReport(on)
            | Self::MentorNote(on)
            | Self::Agreed(on)
            | Self::Prereviewed(on)
            | Self::Leaving(on)
            | Self::Sworn(on)
            | Self::Requested(on) => Some(*on),
            Self::Notice(notice) => Some(notice.from),
            Self::Mentors(_)
            | Self::Mobile(_)
            | Self::Sponsors(_)
            | Self::Postponed(_)
            | Self::FrontLine(_) => None,
        }
    }
}

/// Why a fact cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field of the form.
    pub field: String,
    /// What a reader sees.
    pub message: String,
}

impl Wrong {
    fn new(field: &str, message: String) -> Self {
        Self {
            field: field.to_owned(),
            message,
        }
    }
}

/// A name as it is kept.
fn checked_name(field: &str, name: &str, who: &str) -> Result<String, Wrong> {
    let name = tidy_name(name);
    if name.is_empty() {
        return Err(Wrong::new(
            field,
            format!("请填{who}的姓名；不要这一行的，请去掉"),
        ));
    }
    if name.chars().count() > NAME {
        return Err(Wrong::new(field, format!("姓名太长，最多{NAME}个字")));
    }
    Ok(name)
}

fn checked_mentors(mentors: Vec<Mentor>, today: Date) -> Result<Vec<Mentor>, Wrong> {
    if mentors.len() > MOST_MENTORS {
        let message = format!("最多记{MOST_MENTORS}名培养联系人，以前的也算在内");
        return Err(Wrong::new("mentor-0-name", message));
    }
    let mut known: Vec<Mentor> = Vec::with_capacity(mentors.len());
    for (at, mentor) in mentors.into_iter().enumerate() {
        let field = |name: &str| format!("mentor-{at}-{name}");
        let name = checked_name(&field("name"), &mentor.name, "培养联系人")?;
        let days = [
            ("since", "开始的日期", mentor.since),
            ("until", "结束的日期", mentor.until),
            ("unable", "不能履职的日期", mentor.unable),
        ];
        for (code, what, on) in days {
            if on.is_some_and(|on| on > today) {
                return Err(Wrong::new(
                    &field(code),
                    format!("{name}：{what}晚于今天，只能记已经发生的事"),
                ));
            }
            if code != "since" && on.zip(mentor.since).is_some_and(|(on, since)| on < since) {
                return Err(Wrong::new(&field(code), format!("{name}：{what}早于开始的日期")));
            }
        }
        // The same person may have served twice, one time after the other.
        let overlaps = |other: &Mentor| {
            let ends = |mentor: &Mentor| mentor.until.map_or(i64::MAX, Date::days);
            let begins = |mentor: &Mentor| mentor.since.map_or(i64::MIN, Date::days);
            other.name == name && begins(other) <= ends(&mentor) && begins(&mentor) <= ends(other)
        };
        if known.iter().any(overlaps) {
            return Err(Wrong::new(&field("name"), format!("{name}写了两遍")));
        }
        known.push(Mentor { name, ..mentor });
    }
    Ok(known)
}

fn checked_sponsors(sponsors: Vec<Sponsor>) -> Result<Vec<Sponsor>, Wrong> {
    if sponsors.len() > MOST_SPONSORS {
        let message = format!("最多记{MOST_SPONSORS}名入党介绍人");
        return Err(Wrong::new("sponsor-0-name", message));
    }
    let mut known: Vec<Sponsor> = Vec::with_capacity(sponsors.len());
    for (at, sponsor) in sponsors.into_iter().enumerate() {
        let field = format!("sponsor-{at}-name");
        let name = checked_name(&field, &sponsor.name, "入党介绍人")?;
        if known.iter().any(|other| other.name == name) {
            return Err(Wrong::new(&field, format!("{name}写了两遍")));
        }
        known.push(Sponsor { name, ..sponsor });
    }
    Ok(known)
}

fn membership(full_member: Option<bool>) -> Option<&'static str> {
    full_member.map(|is| if is { "正式党员" } else { "不是正式党员" })
}

/// `王建国（2025年6月1日起，正式党员）`.
fn mentor_text(mentor: &Mentor) -> String {
    let day = |on: Option<Date>, after: &str| on.map(|on| format!("{}{after}", on.chinese()));
    let parts = [
        day(mentor.since, "起"),
        day(mentor.until, "止"),
        day(mentor.unable, "起不能履职"),
        membership(mentor.full_member).map(str::to_owned),
    ];
    with_parts(&mentor.name, parts.into_iter().flatten().collect())
}

fn sponsor_text(sponsor: &Sponsor) -> String {
    let fitness = (sponsor.fitness != Fitness::Fit).then(|| sponsor.fitness.label().to_owned());
    let parts = [fitness, membership(sponsor.full_member).map(str::to_owned)];
    with_parts(&sponsor.name, parts.into_iter().flatten().collect())
}

fn with_parts(name: &str, parts: Vec<String>) -> String {
    if parts.is_empty() {
        return name.to_owned();
    }
    format!("{name}（{}）", parts.join("，"))
}

/// A fact as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Its event.
    pub id: EventId,
    /// When it was written.
    pub at: Moment,
    /// What.
    pub fact: Fact,
    /// When it was struck out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<Moment>,
}

impl File {
    pub(super) fn note(&mut self, id: &EventId, at: Moment, fact: &Fact) {
        if self.notes.iter().all(|noted| noted.id != *id) {
            self.notes.push(Noted {
                id: id.clone(),
                at,
                fact: fact.clone(),
                struck: None,
            });
        }
    }

    pub(super) fn strike(&mut self, note: &EventId, at: Moment) {
        let mut notes = self.notes.iter_mut();
        if let Some(noted) = notes.find(|noted| noted.id == *note && noted.struck.is_none()) {
            noted.struck = Some(at);
        }
    }

    /// What counts.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        let notes = self.notes.iter().filter(|noted| noted.struck.is_none());
        notes.map(|noted| &noted.fact)
    }
}

impl Workbench {
    /// A person as the rules about what is due see them.
    pub fn facts(&self, person: u32, today: Date) -> Facts {
        let id = self.people.id(person);
        let name = id.as_ref().map(PersonId::to_string).unwrap_or_default();
        let ledger = self.ledger(person);
        let mut facts = Facts::of(&name, &ledger, today);
        facts.born = self
            .people
            .when(person, Field::Birth)
            .and_then(|when| when.whole());
        for field in [Field::Mentor1, Field::Mentor2] {
            let mentor = self.people.words(person, field);
            if !mentor.is_empty() {
                facts.mentors.push(Mentor {
                    name: mentor.to_owned(),
                    ..Mentor::default()
                });
            }
        }
        let file = id.as_ref().and_then(|id| self.file(id));
        for fact in file.into_iter().flat_map(File::facts) {
            match fact {
                Fact::Talked(on) => facts.talked = Some(*on),
                Fact::Mentors(mentors) => facts.mentors.clone_from(mentors),
                Fact::Reviewed { on, .. } => facts.reviews.push(*on),
                Fact::ThoughtReport(on) => facts.thought_reports.push(*on),
                Fact::MentorNote(on) => facts.mentor_notes.push(*on),
                Fact::Agreed(on) => facts.agreed = Some(*on),
                Fact::Notice(notice) => facts.notice = Some(*notice),
                Fact::Mobile(mobile) => facts.mobile = *mobile,
                Fact::Sponsors(sponsors) => facts.sponsors.clone_from(sponsors),
                Fact::Prereviewed(on) => facts.prereviewed = Some(*on),
                Fact::Leaving(on) => facts.leaving = Some(*on),
                Fact::Sworn(on) => facts.sworn = Some(*on),
                Fact::Requested(on) => facts.requested = Some(*on),
                Fact::Postponed(postponed) => facts.postponed = *postponed,
                Fact::FrontLine(_) => {}
            }
        }
        let classes = self.classes.iter().map(|(_, class)| class);
        facts.training = classes
            .filter_map(|class| {
                let line = class.pupil(id.as_ref()?)?;
                (line.line.completed == Some(true)).then_some(Training {
                    on: class.until,
                    days: line.line.days.unwrap_or_default(),
                    hours: line.line.hours.unwrap_or_default(),
                })
            })
            .collect();
        facts
    }

    /// Whether a person works on a front-line post, where somebody has said so.
    pub fn front_line(&self, person: u32) -> Option<bool> {
        let file = self.file_of(person)?;
        let said = file.facts().filter_map(|fact| match fact {
            Fact::FrontLine(is) => Some(*is),
            _ => None,
        });
        said.last()
    }
}
