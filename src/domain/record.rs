//! The training record: what a person takes out of the portal for the cultivation dossier.
//!
//! Its figures are [`CourseProgress`] and [`StudyTime`]; its canonical form and its digest are in
//! [`crate::format::record`]. Both versions are published as `public/schema/record-N.schema.json`.
//!
//! **Version 1** has no study time, exams and thought reports, and its modules name no bank. It is
//! read into the same types, with none of these, and written as it was: everything that came with
//! version 2 is an `Option` or empty and left out where there is none. [`TrainingRecord::misplaced`]
//! holds each version to what it has.

use crate::domain::course::Catalogue;
use crate::domain::sort_by;
use crate::domain::study::exam::Exam;
use crate::domain::study::exam::marks::in_points;
use crate::domain::study::progress::{CourseProgress, Figures, ModuleProgress, StudyTime};
use crate::domain::study::{EventId, PracticeKind, Stage, Study, TalkForm};
use crate::domain::time::{Date, Env, Moment, rfc3339};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A training record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`OLDEST_VERSION`] to [`VERSION`].
    pub version: u16,
    /// What it says.
    pub body: Body,
    /// SHA-256 over the canonical JSON (RFC 8785) of each part and of the whole body, lower-case
    /// hexadecimal. Shows what was changed by accident or on the way; proves nobody's identity.
    pub digest: Digest,
}

/// The name of the format.
pub const FORMAT: &str = "xuedang-record";
/// The version that this build writes.
pub const VERSION: u16 = 2;
/// The oldest version that this build reads.
pub const OLDEST_VERSION: u16 = 1;

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
    /// Study time by the person's own word. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<StudyTime>,
    /// Mock exams that were handed in, in order of day. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exams: Option<Vec<ExamLine>>,
    /// Practice in the policy's five kinds, in order of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice: Option<Vec<PracticeLine>>,
    /// Mentors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentors: Option<Vec<MentorLine>>,
    /// Talks with mentors, in order of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks: Option<Vec<TalkLine>>,
    /// Thought reports, 思想汇报, in order of day. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports: Option<Vec<ReportLine>>,
    /// Personal summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What the person chose to leave out, so that the reader sees that it was.
    pub left_out: Vec<Field>,
}

/// Who a record is about. Name, branch and stage are always there in version 1; since version 2
/// they can be left out like everything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Party branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Branch-issued number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Stage, by the person's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Day of application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Date>,
    /// Day of confirmation as activist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Date>,
}

impl Person {
    /// The name, or that it was left out.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("（姓名未导出）")
    }

    /// The branch, or that it was left out.
    pub fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("（党支部未导出）")
    }

    /// The stage, or that it was left out.
    pub fn stage(&self) -> &'static str {
        self.stage.map_or("（阶段未导出）", Stage::label)
    }
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

/// A mock exam that was handed in. Nobody's examination: one's own, by the portal's paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExamLine {
    /// What its blueprint is called.
    pub title: String,
    /// Day on which it was begun.
    pub date: Date,
    /// Points won, in half points: 151 is 75.5. Whole numbers, so that no reader rounds them.
    pub half_points: u32,
    /// Points that could be won.
    pub points: u32,
    /// Points needed to pass.
    pub pass: u32,
    /// Minutes allowed.
    pub minutes: u32,
    /// Seconds used.
    pub used_seconds: u32,
    /// Whether it was passed.
    pub passed: bool,
}

impl ExamLine {
    fn of(exam: &Exam) -> Self {
        let (score, blueprint) = (exam.score(), &exam.begun.blueprint);
        Self {
            title: blueprint.name.clone(),
            date: exam.at.date(),
            half_points: score.halves,
            points: score.points,
            pass: blueprint.pass,
            minutes: blueprint.minutes,
            used_seconds: u32::try_from(exam.clock.used_ms / 1_000).unwrap_or(u32::MAX),
            passed: exam.is_passed(),
        }
    }

    /// Points won in words: `75` or `75.5`.
    pub fn won(&self) -> String {
        in_points(self.half_points)
    }

    fn contradiction(&self) -> Option<&'static str> {
        let double = |points: u32| u64::from(points) * 2;
        let won = u64::from(self.half_points);
        if won > double(self.points) || self.pass > self.points {
            return Some("得分或及格分多于满分");
        }
        if self.passed != (won >= double(self.pass)) {
            return Some("是否及格与得分不符");
        }
        let allowed = u64::from(self.minutes) * 60;
        (u64::from(self.used_seconds) > allowed).then_some("用时多于限时")
    }
}

/// A thought report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLine {
    /// Day.
    pub date: Date,
    /// What it is called.
    pub title: String,
    /// The text, only when ticked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
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
    /// Of `body.time`. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Of `body.exams`. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exams: Option<String>,
    /// Of `body.practice`.
    pub practice: String,
    /// Of `body.mentors`.
    pub mentors: String,
    /// Of `body.talks`.
    pub talks: String,
    /// Of `body.reports`. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports: Option<String>,
    /// Of `body.summary`.
    pub summary: String,
    /// Of the whole `body`.
    pub whole: String,
}

/// What a person can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Name.
    Name,
    /// Party branch.
    Branch,
    /// Branch-issued number.
    Number,
    /// Stage.
    Stage,
    /// Day of application.
    Applied,
    /// Day of confirmation.
    Confirmed,
    /// What was studied.
    Study,
    /// Study time.
    Time,
    /// Mock exams.
    Exams,
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
    /// Thought reports.
    Reports,
    /// Their text.
    ReportTexts,
    /// Personal summary.
    Summary,
}

impl Field {
    /// All, in the record's order.
    pub const ALL: [Self; 17] = [
        Self::Name,
        Self::Branch,
        Self::Number,
        Self::Stage,
        Self::Applied,
        Self::Confirmed,
        Self::Study,
        Self::Time,
        Self::Exams,
        Self::Practice,
        Self::PracticeNotes,
        Self::Mentors,
        Self::Talks,
        Self::TalkNotes,
        Self::Reports,
        Self::ReportTexts,
        Self::Summary,
    ];

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Branch => "branch",
            Self::Number => "number",
            Self::Stage => "stage",
            Self::Applied => "applied",
            Self::Confirmed => "confirmed",
            Self::Study => "study",
            Self::Time => "time",
            Self::Exams => "exams",
            Self::Practice => "practice",
            Self::PracticeNotes => "practice-notes",
            Self::Mentors => "mentors",
            Self::Talks => "talks",
            Self::TalkNotes => "talk-notes",
            Self::Reports => "reports",
            Self::ReportTexts => "report-texts",
            Self::Summary => "summary",
        }
    }

    /// The field of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// The version of the record since which it can be left out.
    pub fn since(self) -> u16 {
        match self {
            Self::Name
            | Self::Branch
            | Self::Stage
            | Self::Time
            | Self::Exams
            | Self::Reports
            | Self::ReportTexts => 2,
            _ => 1,
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "姓名",
            Self::Branch => "所在党支部",
            Self::Number => "支部编号",
            Self::Stage => "发展阶段",
            Self::Applied => "递交入党申请书日期",
            Self::Confirmed => "确定为入党积极分子日期",
            Self::Study => "学习与自测情况",
            Self::Time => "学习时间（自报）",
            Self::Exams => "模拟考试",
            Self::Practice => "培养实践记录",
            Self::PracticeNotes => "培养实践备注",
            Self::Mentors => "培养联系人",
            Self::Talks => "与培养联系人谈话",
            Self::TalkNotes => "谈话记录内容",
            Self::Reports => "思想汇报",
            Self::ReportTexts => "思想汇报正文",
            Self::Summary => "个人小结",
        }
    }

    /// Whether it leaves the browser unless the person says otherwise. Notes and texts stay at home.
    pub fn by_default(self) -> bool {
        !matches!(self, Self::PracticeNotes | Self::TalkNotes | Self::ReportTexts)
    }

    /// The field that it is a part of.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::PracticeNotes => Some(Self::Practice),
            Self::TalkNotes => Some(Self::Talks),
            Self::ReportTexts => Some(Self::Reports),
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

impl TrainingRecord {
    /// What a record of its version does not have, or must have: field and reason. Whatever it says
    /// in a part that its version does not know, nobody would see.
    pub fn misplaced(&self) -> Option<(String, &'static str)> {
        let (body, digest) = (&self.body, &self.digest);
        let modules = || body.study.iter().flat_map(|study| &study.progress.modules);
        let total = body.study.iter().map(|study| &study.progress.total);
        let person = [
            ("body.person.name", Field::Name),
            ("body.person.branch", Field::Branch),
            ("body.person.stage", Field::Stage),
        ];
        let lacking = |(_, field): &(&str, Field)| {
            !body.says(*field) && (self.version == 1 || !body.left_out.contains(field))
        };
        if let Some((field, _)) = person.into_iter().find(lacking) {
            return Some((field.into(), "缺失"));
        }
        if self.version == 1 {
            const NOT_YET: &str = "不属于第 1 版培养记录";
            let parts = [
                ("body.time", body.time.is_some()),
                ("body.exams", body.exams.is_some()),
                ("body.reports", body.reports.is_some()),
                ("digest.time", digest.time.is_some()),
                ("digest.exams", digest.exams.is_some()),
                ("digest.reports", digest.reports.is_some()),
                (
                    "body.left_out",
                    body.left_out.iter().any(|field| field.since() > 1),
                ),
            ];
            if let Some((field, _)) = parts.into_iter().find(|(_, there)| *there) {
                return Some((field.into(), NOT_YET));
            }
            if let Some(at) = modules().position(|module| !module.bank.is_empty()) {
                return Some((format!("body.study.progress.modules[{at}].bank"), NOT_YET));
            }
            let mut figures = modules().map(|module| &module.figures).chain(total);
            let says = figures.any(|figures| figures.answers_to_reconfirm.is_some());
            return says.then(|| ("body.study.progress".into(), NOT_YET));
        }
        let parts = [
            ("digest.time", digest.time.is_none()),
            ("digest.exams", digest.exams.is_none()),
            ("digest.reports", digest.reports.is_none()),
        ];
        if let Some((field, _)) = parts.into_iter().find(|(_, missing)| *missing) {
            return Some((field.into(), "缺失"));
        }
        let lacks = |module: &ModuleProgress| match &module.bank {
            bank if bank.is_empty() => Some("bank"),
            _ if module.figures.answers_to_reconfirm.is_none() => Some("figures.answers_to_reconfirm"),
            _ => None,
        };
        let mut lacking = modules().enumerate();
        lacking.find_map(|(at, module)| {
            let field = lacks(module)?;
            Some((format!("body.study.progress.modules[{at}].{field}"), "缺失"))
        })
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
        let mut reports: Vec<_> = study
            .reports
            .iter()
            .map(|report| ReportLine {
                date: report.date,
                title: report.title.clone(),
                text: some(&report.text).filter(|_| has(Field::ReportTexts)),
            })
            .collect();
        sort_by(&mut reports, |a, b| a.date.cmp(&b.date));
        let mut exams: Vec<_> = handed_in(study).map(ExamLine::of).collect();
        sort_by(&mut exams, |a, b| a.date.cmp(&b.date));

        Ok(Self {
            holder,
            made_at: env.now.to_second(),
            person: Person {
                name: some(&profile.name).filter(|_| has(Field::Name)),
                branch: some(&profile.branch).filter(|_| has(Field::Branch)),
                number: some(&profile.number).filter(|_| has(Field::Number)),
                stage: Some(profile.stage).filter(|_| has(Field::Stage)),
                applied: profile.applied.filter(|_| has(Field::Applied)),
                confirmed: profile.confirmed.filter(|_| has(Field::Confirmed)),
            },
            study: has(Field::Study).then(|| StudyPart {
                course: course.version.clone(),
                days: study.days.len() as u32,
                progress: CourseProgress::of(course, study).with_banks(course),
            }),
            time: has(Field::Time).then(|| StudyTime::of(study)),
            exams: has(Field::Exams).then_some(exams),
            practice: has(Field::Practice).then_some(practice),
            mentors: has(Field::Mentors).then_some(mentors),
            talks: has(Field::Talks).then_some(talks),
            reports: has(Field::Reports).then_some(reports),
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
        let blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        if blank(&self.person.name) {
            return Some(("body.person.name", "姓名为空".into()));
        }
        if blank(&self.person.branch) {
            return Some(("body.person.branch", "所在党支部为空".into()));
        }
        if !self.holder.is_well_formed() {
            return Some(("body.holder", "编号不是 26 位字母和数字".into()));
        }
        if let Some((field, text)) = self.lines().find(|(_, text)| is_unfit(text)) {
            let start: String = text.chars().filter(|c| !c.is_control()).take(12).collect();
            return Some((field, format!("「{start}……」过长，或含有不能显示的字符")));
        }
        if let (Some(applied), Some(confirmed)) = (self.person.applied, self.person.confirmed)
            && confirmed < applied
        {
            return Some(("body.person.confirmed", "早于递交入党申请书的日期".into()));
        }
        self.left_out_contradiction()
            .or_else(|| self.study_contradiction())
            .or_else(|| {
                let why = self.time.as_ref()?.contradiction()?;
                Some(("body.time", why.into()))
            })
            .or_else(|| {
                let mut exams = self.exams.iter().flatten();
                exams.find_map(|exam| {
                    let why = exam.contradiction()?;
                    Some(("body.exams", format!("「{}」{why}", exam.title)))
                })
            })
            .or_else(|| {
                let mut mentors = self.mentors.iter().flatten();
                let backwards =
                    mentors.find(|mentor| mentor.since.zip(mentor.until).is_some_and(|(a, b)| b < a))?;
                Some((
                    "body.mentors",
                    format!("「{}」结束日期早于开始日期", backwards.name),
                ))
            })
    }

    /// What is said to be left out is not there, and said once.
    fn left_out_contradiction(&self) -> Option<(&'static str, String)> {
        let mut seen = BTreeSet::new();
        for &field in &self.left_out {
            if !seen.insert(field) {
                return Some(("body.left_out", format!("「{}」列了两次", field.label())));
            }
            if self.says(field) {
                return Some((
                    "body.left_out",
                    format!("「{}」列为未导出，却在记录里", field.label()),
                ));
            }
        }
        None
    }

    fn study_contradiction(&self) -> Option<(&'static str, String)> {
        let study = self.study.as_ref()?;
        for module in &study.progress.modules {
            if let Some(why) = figures_contradiction(&module.figures) {
                return Some((
                    "body.study.progress.modules",
                    format!("「{}」{why}", module.title),
                ));
            }
        }
        let total = CourseProgress::sum(&study.progress.modules);
        if total != study.progress.total {
            return Some(("body.study.progress.total", "合计与各模块之和不符".into()));
        }
        let time = self.time.as_ref()?;
        if time.days != study.days {
            return Some(("body.time.days", "学习天数与学习情况里的不符".into()));
        }
        (time.answers < total.attempts).then(|| ("body.time.answers", "作答次数少于学习情况里的".into()))
    }

    /// Whether the record says anything of a field: what is there, even if it is a list of nothing.
    pub fn says(&self, field: Field) -> bool {
        match field {
            Field::Name => self.person.name.is_some(),
            Field::Branch => self.person.branch.is_some(),
            Field::Number => self.person.number.is_some(),
            Field::Stage => self.person.stage.is_some(),
            Field::Applied => self.person.applied.is_some(),
            Field::Confirmed => self.person.confirmed.is_some(),
            Field::Study => self.study.is_some(),
            Field::Time => self.time.is_some(),
            Field::Exams => self.exams.is_some(),
            Field::Practice => self.practice.is_some(),
            Field::PracticeNotes => self.practice.iter().flatten().any(|line| line.notes.is_some()),
            Field::Mentors => self.mentors.is_some(),
            Field::Talks => self.talks.is_some(),
            Field::TalkNotes => self.talks.iter().flatten().any(|line| line.notes.is_some()),
            Field::Reports => self.reports.is_some(),
            Field::ReportTexts => self.reports.iter().flatten().any(|line| line.text.is_some()),
            Field::Summary => self.summary.is_some(),
        }
    }

    /// Every text that stands on one line, with its field.
    fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let person = [
            ("body.person.name", self.person.name.as_ref()),
            ("body.person.branch", self.person.branch.as_ref()),
            ("body.person.number", self.person.number.as_ref()),
        ];
        let study = self.study.iter().flat_map(|study| {
            let titles = study
                .progress
                .modules
                .iter()
                .flat_map(|module| [&module.id, &module.title, &module.bank]);
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
        let exams = self
            .exams
            .iter()
            .flatten()
            .map(|line| ("body.exams", &line.title));
        let reports = self.reports.iter().flatten();
        let reports = reports.map(|line| ("body.reports", &line.title));
        person
            .chain(study)
            .chain(exams)
            .chain(practice)
            .chain(mentors)
            .chain(talks)
            .chain(reports)
            .map(|(field, text)| (field, text.as_str()))
    }

    /// How many exams were passed.
    pub fn exams_passed(&self) -> usize {
        self.exams.iter().flatten().filter(|exam| exam.passed).count()
    }

    /// Minutes of practice in all, self-declared.
    pub fn practice_minutes(&self) -> u64 {
        self.practice
            .iter()
            .flatten()
            .map(|line| u64::from(line.minutes))
            .sum()
    }

    /// Practice by kind: how often, and how many minutes; only the kinds that there are.
    pub fn practice_by_kind(&self) -> Vec<(PracticeKind, usize, u64)> {
        let sums = PracticeKind::ALL.into_iter().map(|kind| {
            let lines = || self.practice.iter().flatten().filter(|line| line.kind == kind);
            (
                kind,
                lines().count(),
                lines().map(|line| u64::from(line.minutes)).sum(),
            )
        });
        sums.filter(|(_, count, _)| *count > 0).collect()
    }
}

/// A line that the portal cannot have written: it allows fewer characters, and none that is a
/// control character. The limit is wider than today's, so that a later one may allow more.
fn is_unfit(line: &str) -> bool {
    line.chars().any(char::is_control) || line.chars().nth(200).is_some()
}

/// What one module's figures contradict, if anything.
fn figures_contradiction(figures: &Figures) -> Option<&'static str> {
    let wide = u64::from;
    if figures.lessons_read > figures.lessons {
        return Some("已读课数多于课数");
    }
    let answers = figures.answers_to_reconfirm.unwrap_or_default();
    let ever = wide(figures.answered) + wide(answers);
    if ever > wide(figures.questions) || figures.correct > figures.answered || ever > wide(figures.attempts) {
        return Some("答题数自相矛盾");
    }
    if figures.answers_to_reconfirm.is_some() {
        let lessons = wide(figures.to_reconfirm).checked_sub(wide(answers));
        if lessons.is_none_or(|lessons| wide(figures.lessons_read) + lessons > wide(figures.lessons)) {
            return Some("待重新确认的课和题自相矛盾");
        }
    }
    (figures.first > figures.last).then_some("首次学习晚于最近学习")
}

/// The exams that have a result.
fn handed_in(study: &Study) -> impl Iterator<Item = &Exam> {
    study.exams.iter().filter(|exam| exam.over)
}

/// Whether the person has written anything there: only what exists can be left out.
fn is_there(study: &Study, field: Field) -> bool {
    match field {
        Field::Name => !study.profile.name.is_empty(),
        Field::Branch => !study.profile.branch.is_empty(),
        Field::Number => !study.profile.number.is_empty(),
        Field::Stage => true,
        Field::Applied => study.profile.applied.is_some(),
        Field::Confirmed => study.profile.confirmed.is_some(),
        Field::Study => !study.lessons.is_empty() || !study.items.is_empty(),
        Field::Time => !study.days.is_empty(),
        Field::Exams => handed_in(study).next().is_some(),
        Field::Practice => !study.practice.is_empty(),
        Field::PracticeNotes => study.practice.values().any(|entry| !entry.notes.is_empty()),
        Field::Mentors => !study.mentors.is_empty(),
        Field::Talks => !study.talks.is_empty(),
        Field::TalkNotes => study.talks.values().any(|entry| !entry.notes.is_empty()),
        Field::Reports => !study.reports.is_empty(),
        Field::ReportTexts => study.reports.iter().any(|report| !report.text.is_empty()),
        Field::Summary => !study.summary.is_empty(),
    }
}
