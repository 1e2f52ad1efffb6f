//! The training record: what a person takes out of the portal for the cultivation dossier.
//!
//! Its figures are [`CourseProgress`]; its canonical form and its digest are in
//! [`crate::format::record`]. Version 1 is published as `public/schema/record-1.schema.json`.

use crate::domain::course::Catalogue;
use crate::domain::sort_by;
use crate::domain::study::progress::CourseProgress;
use crate::domain::study::{EventId, PracticeKind, Stage, Study, TalkForm};
use crate::domain::time::{Date, Env, Moment, rfc3339};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A training record, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u16,
    /// What it says.
    pub body: Body,
    /// SHA-256 over the canonical JSON (RFC 8785) of each part and of the whole body, lower-case
    /// hexadecimal. Shows what was changed by accident or on the way; proves nobody's identity.
    pub digest: Digest,
}

/// The name of the format.
pub const FORMAT: &str = "xuedang-record";
/// The version that this build writes and reads.
pub const VERSION: u16 = 1;

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Names this person in every record that this person exports.
    pub holder: EventId,
    /// When it was made, by the person's device.
    #[serde(with = "rfc3339")]
    pub made_at: Moment,
    /// Who.
    pub person: Person,
    /// What was studied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyPart>,
    /// Practice in the policy's five kinds, in order of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice: Option<Vec<PracticeLine>>,
    /// Mentors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentors: Option<Vec<MentorLine>>,
    /// Talks with mentors, in order of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks: Option<Vec<TalkLine>>,
    /// Personal summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What the person chose to leave out, so that the reader sees that it was.
    pub left_out: Vec<Field>,
}

/// Who a record is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Party branch.
    pub branch: String,
    /// Branch-issued number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Stage, by the person's own word.
    pub stage: Stage,
    /// Day of application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Date>,
    /// Day of confirmation as activist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Date>,
}

/// What was studied, when, and how well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPart {
    /// Version of the course.
    pub course: String,
    /// Days with any study. Self-declared: the device's own calendar.
    pub days: u32,
    /// The figures.
    pub progress: CourseProgress,
}

/// A line of practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeLine {
    /// Kind.
    pub kind: PracticeKind,
    /// Day.
    pub date: Date,
    /// What.
    pub title: String,
    /// Minutes, self-declared; 0 when not counted.
    pub minutes: u32,
    /// Where or by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Notes, only when ticked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A mentor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentorLine {
    /// Name.
    pub name: String,
    /// Since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Until.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkLine {
    /// The mentor's name.
    pub mentor: String,
    /// Day.
    pub date: Date,
    /// Form.
    pub form: TalkForm,
    /// Topic.
    pub topic: String,
    /// Notes, only when ticked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// Digests by part; see [`TrainingRecord::digest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// Of `body.person`.
    pub person: String,
    /// Of `body.study`.
    pub study: String,
    /// Of `body.practice`.
    pub practice: String,
    /// Of `body.mentors`.
    pub mentors: String,
    /// Of `body.talks`.
    pub talks: String,
    /// Of `body.summary`.
    pub summary: String,
    /// Of the whole `body`.
    pub whole: String,
}

/// What a person can leave out. Name, branch and stage are the record's address and always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Branch-issued number.
    Number,
    /// Day of application.
    Applied,
    /// Day of confirmation.
    Confirmed,
    /// What was studied.
    Study,
    /// Practice.
    Practice,
    /// Notes on practice.
    PracticeNotes,
    /// Mentors.
    Mentors,
    /// Talks.
    Talks,
    /// Notes on talks.
    TalkNotes,
    /// Personal summary.
    Summary,
}

impl Field {
    /// All, in the record's order.
    pub const ALL: [Self; 10] = [
        Self::Number,
        Self::Applied,
        Self::Confirmed,
        Self::Study,
        Self::Practice,
        Self::PracticeNotes,
        Self::Mentors,
        Self::Talks,
        Self::TalkNotes,
        Self::Summary,
    ];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "支部编号",
            Self::Applied => "递交入党申请书日期",
            Self::Confirmed => "确定为入党积极分子日期",
            Self::Study => "学习与自测情况",
            Self::Practice => "培养实践记录",
            Self::PracticeNotes => "培养实践备注",
            Self::Mentors => "培养联系人",
            Self::Talks => "与培养联系人谈话",
            Self::TalkNotes => "谈话记录内容",
            Self::Summary => "个人小结",
        }
    }

    /// Whether it leaves the browser unless the person says otherwise. Notes stay at home.
    pub fn by_default(self) -> bool {
        !matches!(self, Self::PracticeNotes | Self::TalkNotes)
    }

    /// The field that it is a part of.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::PracticeNotes => Some(Self::Practice),
            Self::TalkNotes => Some(Self::Talks),
            _ => None,
        }
    }
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(BTreeSet<Field>);

impl Default for Selection {
    fn default() -> Self {
        Self(
            Field::ALL
                .into_iter()
                .filter(|field| field.by_default())
                .collect(),
        )
    }
}

impl Selection {
    /// Whether a field goes out; a part goes only with the whole.
    pub fn has(&self, field: Field) -> bool {
        self.0.contains(&field) && field.parent().is_none_or(|parent| self.0.contains(&parent))
    }

    /// Takes a field in or leaves it out.
    pub fn set(&mut self, field: Field, goes: bool) {
        if goes {
            self.0.insert(field);
        } else {
            self.0.remove(&field);
        }
    }
}

/// Why there is no record yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// Name and branch are wanted first.
    NoProfile,
}

impl NotReady {
    /// What the person reads.
    pub fn message(self) -> &'static str {
        "请先填写姓名和所在党支部，再导出培养记录"
    }
}

impl Body {
    /// What the record of this study says, with what is ticked.
    ///
    /// # Errors
    /// [`NotReady`] when the person has not said who this is.
    pub fn of(course: &Catalogue, study: &Study, selection: &Selection, env: &Env) -> Result<Self, NotReady> {
        let holder = study.holder.clone().ok_or(NotReady::NoProfile)?;
        let profile = &study.profile;
        let has = |field| selection.has(field);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());

        let mut practice: Vec<_> = study
            .practice
            .values()
            .map(|entry| PracticeLine {
                kind: entry.kind,
                date: entry.date,
                title: entry.title.clone(),
                minutes: entry.minutes,
                place: some(&entry.place),
                notes: some(&entry.notes).filter(|_| has(Field::PracticeNotes)),
            })
            .collect();
        sort_by(&mut practice, |a, b| a.date.cmp(&b.date));
        let mentors = study
            .mentors
            .values()
            .map(|entry| MentorLine {
                name: entry.name.clone(),
                since: entry.since,
                until: entry.until,
            })
            .collect();
        let mut talks: Vec<_> = study
            .talks
            .values()
            .map(|entry| TalkLine {
                mentor: study
                    .mentors
                    .get(&entry.mentor)
                    .map_or_else(String::new, |mentor| mentor.name.clone()),
                date: entry.date,
                form: entry.form,
                topic: entry.topic.clone(),
                notes: some(&entry.notes).filter(|_| has(Field::TalkNotes)),
            })
            .collect();
        sort_by(&mut talks, |a, b| a.date.cmp(&b.date));

        Ok(Self {
            holder,
            made_at: env.now.to_second(),
            person: Person {
                name: profile.name.clone(),
                branch: profile.branch.clone(),
                number: some(&profile.number).filter(|_| has(Field::Number)),
                stage: profile.stage,
                applied: profile.applied.filter(|_| has(Field::Applied)),
                confirmed: profile.confirmed.filter(|_| has(Field::Confirmed)),
            },
            study: has(Field::Study).then(|| StudyPart {
                course: course.version.clone(),
                days: study.days.len() as u32,
                progress: CourseProgress::of(course, study),
            }),
            practice: has(Field::Practice).then_some(practice),
            mentors: has(Field::Mentors).then_some(mentors),
            talks: has(Field::Talks).then_some(talks),
            summary: has(Field::Summary)
                .then(|| study.summary.clone())
                .filter(|text| !text.is_empty()),
            left_out: Field::ALL
                .into_iter()
                .filter(|&field| !has(field) && is_there(study, field))
                .collect(),
        })
    }

    /// What is wrong with the figures, if anything: field and reason. A record whose parts
    /// contradict each other was not made by this portal.
    pub fn contradiction(&self) -> Option<(&'static str, String)> {
        if self.person.name.trim().is_empty() {
            return Some(("body.person.name", "姓名为空".into()));
        }
        if self.person.branch.trim().is_empty() {
            return Some(("body.person.branch", "所在党支部为空".into()));
        }
        if !(self.holder.0.len() == 26 && self.holder.0.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            return Some(("body.holder", "编号不是 26 位字母和数字".into()));
        }
        if let Some((field, text)) = self.lines().find(|(_, text)| is_unfit(text)) {
            let start: String = text.chars().filter(|c| !c.is_control()).take(12).collect();
            return Some((field, format!("「{start}……」过长，或含有不能显示的字符")));
        }
        let study = self.study.as_ref()?;
        for module in &study.progress.modules {
            let figures = &module.figures;
            if figures.lessons_read > figures.lessons {
                return Some((
                    "body.study.progress.modules",
                    format!("「{}」已读课数多于课数", module.title),
                ));
            }
            if figures.answered > figures.questions
                || figures.correct > figures.answered
                || figures.answered > figures.attempts
            {
                return Some((
                    "body.study.progress.modules",
                    format!("「{}」答题数自相矛盾", module.title),
                ));
            }
        }
        (CourseProgress::sum(&study.progress.modules) != study.progress.total)
            .then(|| ("body.study.progress.total", "合计与各模块之和不符".into()))
    }

    /// Every text that stands on one line, with its field.
    fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let person = [
            ("body.person.name", Some(&self.person.name)),
            ("body.person.branch", Some(&self.person.branch)),
            ("body.person.number", self.person.number.as_ref()),
        ];
        let study = self.study.iter().flat_map(|study| {
            let titles = study
                .progress
                .modules
                .iter()
                .flat_map(|module| [&module.id, &module.title]);
            titles
                .map(|text| ("body.study.progress.modules", text))
                .chain([("body.study.course", &study.course)])
        });
        let practice = self.practice.iter().flatten().flat_map(|line| {
            [Some(&line.title), line.place.as_ref()]
                .into_iter()
                .flatten()
                .map(|text| ("body.practice", text))
        });
        let mentors = self
            .mentors
            .iter()
            .flatten()
            .map(|line| ("body.mentors", &line.name));
        let talks = self
            .talks
            .iter()
            .flatten()
            .flat_map(|line| [("body.talks", &line.mentor), ("body.talks", &line.topic)]);
        let person = person
            .into_iter()
            .filter_map(|(field, text)| Some((field, text?)));
        person
            .chain(study)
            .chain(practice)
            .chain(mentors)
            .chain(talks)
            .map(|(field, text)| (field, text.as_str()))
    }

    /// Minutes of practice in all, self-declared.
    pub fn practice_minutes(&self) -> u64 {
        self.practice
            .iter()
            .flatten()
            .map(|line| u64::from(line.minutes))
            .sum()
    }
}

/// A line that the portal cannot have written: it allows fewer characters, and none that is a
/// control character. The limit is wider than today's, so that a later one may allow more.
fn is_unfit(line: &str) -> bool {
    line.chars().any(char::is_control) || line.chars().nth(200).is_some()
}

/// Whether the person has written anything there: only what exists can be left out.
fn is_there(study: &Study, field: Field) -> bool {
    match field {
        Field::Number => !study.profile.number.is_empty(),
        Field::Applied => study.profile.applied.is_some(),
        Field::Confirmed => study.profile.confirmed.is_some(),
        Field::Study => !study.lessons.is_empty() || !study.items.is_empty(),
        Field::Practice => !study.practice.is_empty(),
        Field::PracticeNotes => study.practice.values().any(|entry| !entry.notes.is_empty()),
        Field::Mentors => !study.mentors.is_empty(),
        Field::Talks => !study.talks.is_empty(),
        Field::TalkNotes => study.talks.values().any(|entry| !entry.notes.is_empty()),
        Field::Summary => !study.summary.is_empty(),
    }
}
