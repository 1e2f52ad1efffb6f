//! What changed from one record of a person to the next.
//!
//! A record normally only grows. What grew is told shortly; what became less, was altered or is no
//! longer there is told loudly, with both values, because somebody should ask about it. It may have a
//! good reason (another browser, a changed course, a slip that was put right), so nothing is concluded.

use crate::domain::record::{
    Body, ExamLine, Field, MentorLine, PracticeLine, ReportLine, TalkLine, TrainingRecord,
};
use crate::domain::roster::{Arrived, Credential};
use crate::domain::sort_by;
use crate::domain::study::Stage;
use crate::domain::study::progress::{Figures, ModuleProgress};
use crate::domain::time::Date;
use std::fmt;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// In which part.
    pub part: &'static str,
    /// What, with both values where there are two.
    pub text: String,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// What was there is no longer there, and nobody says that it was left out.
    Gone,
    /// What was there has been altered.
    Altered,
    /// A figure that should only grow became less.
    Less,
    /// It was exported the last time, and is left out now.
    LeftOut,
    /// Something new.
    New,
    /// A figure grew.
    More,
    /// Anything else.
    Other,
}

impl ChangeKind {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gone => "不见了",
            Self::Altered => "改动",
            Self::Less => "减少",
            Self::LeftOut => "这次未导出",
            Self::New => "新增",
            Self::More => "增加",
            Self::Other => "变化",
        }
    }

    /// Its name in markup.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Altered => "altered",
            Self::Less => "less",
            Self::LeftOut => "left-out",
            Self::New => "new",
            Self::More => "more",
            Self::Other => "other",
        }
    }

    /// Whether somebody should ask about it: a record normally only grows.
    pub fn is_loud(self) -> bool {
        matches!(self, Self::Gone | Self::Altered | Self::Less | Self::LeftOut)
    }
}

/// As a reader sees it.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}｜{}：{}", self.kind.label(), self.part, self.text)
    }
}

/// What changed from the record `before` to `after`, which are of one person: the loud ones first,
/// else in the record's order. The moment of export is no change.
pub fn changes(before: &TrainingRecord, after: &TrainingRecord) -> Vec<Change> {
    let mut found = Found(Vec::new());
    let (old, new) = (&before.body, &after.body);
    if old.holder != new.holder {
        found.put(
            ChangeKind::Altered,
            "记录编号",
            format!("{} → {}", old.holder, new.holder),
        );
    }
    found.person(old, new);
    for field in Field::ALL {
        found.presence(field, old, new);
    }
    if let (Some(old), Some(new)) = (&old.study, &new.study) {
        let part = Field::Study.label();
        found.number(part, "学习天数", old.days, new.days, " 天", Sense::Grows);
        found.figures(part, &old.progress.total, &new.progress.total);
        found.modules(&old.progress.modules, &new.progress.modules);
        found.word(part, "课程版本", &old.course, &new.course, ChangeKind::Other);
    }
    if let (Some(old), Some(new)) = (&old.time, &new.time) {
        let part = Field::Time.label();
        for (label, old, new, unit) in [
            ("学习时间", old.minutes, new.minutes, " 分钟"),
            ("有学习的天数", old.days, new.days, " 天"),
            ("学习时段", old.sessions, new.sessions, " 个"),
            ("期间作答", old.answers, new.answers, " 次"),
        ] {
            found.number(part, label, old, new, unit, Sense::Grows);
        }
    }
    found.exams(old, new);
    found.practice(old, new);
    found.mentors(old, new);
    found.talks(old, new);
    found.reports(old, new);
    if let (Some(old), Some(new)) = (&old.summary, &new.summary)
        && old != new
    {
        let text = format!(
            "重写过（{} 字 → {} 字）",
            old.chars().count(),
            new.chars().count()
        );
        found.put(ChangeKind::Other, Field::Summary.label(), text);
    }
    let mut all = found.0;
    sort_by(&mut all, |a, b| b.kind.is_loud().cmp(&a.kind.is_loud()));
    all
}

/// The same of two records as they arrived, with what changed in who signed: `credential` is the best
/// signed text of the newer one.
pub fn changes_of(before: &Arrived, after: &TrainingRecord, credential: Option<&Credential>) -> Vec<Change> {
    const PART: &str = "签名";
    let mut all = Found(Vec::new());
    match (&before.credential, credential) {
        (Some(_), None) => all.put(ChangeKind::Gone, PART, "上一份有本人的签名，这一份没有".into()),
        (None, Some(_)) => all.put(ChangeKind::New, PART, "上一份没有签名，这一份有".into()),
        (Some(old), Some(new)) if old.issuer != new.issuer => all.put(
            ChangeKind::Altered,
            PART,
            "两份是用不同的钥匙签的。请当面核对新钥匙的指纹；换过钥匙的，请对方出示换钥匙的声明".into(),
        ),
        _ => {}
    }
    all.0.extend(changes(&before.record, after));
    sort_by(&mut all.0, |a, b| b.kind.is_loud().cmp(&a.kind.is_loud()));
    all.0
}

/// What a figure does as time goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// It grows; when it becomes less, somebody should ask.
    Grows,
    /// It goes up and down.
    Varies,
}

struct Found(Vec<Change>);

/// How a figure, a day or a word changed: kind and text.
type Told = Option<(ChangeKind, String)>;

fn told_number(label: &str, old: u32, new: u32, unit: &str, sense: Sense) -> Told {
    let kind = match (new.cmp(&old), sense) {
        (std::cmp::Ordering::Equal, _) => return None,
        (_, Sense::Varies) => ChangeKind::Other,
        (std::cmp::Ordering::Greater, Sense::Grows) => ChangeKind::More,
        (std::cmp::Ordering::Less, Sense::Grows) => ChangeKind::Less,
    };
    Some((kind, format!("{label} {old} → {new}{unit}")))
}

fn told_day(
    label: &str,
    old: Option<Date>,
    new: Option<Date>,
    later: ChangeKind,
    earlier: ChangeKind,
) -> Told {
    let kind = match (old, new) {
        _ if old == new => return None,
        (None, _) => ChangeKind::New,
        (_, None) => ChangeKind::Gone,
        (Some(old), Some(new)) if new > old => later,
        _ => earlier,
    };
    let shown = |day: Option<Date>| day.map_or_else(|| "无".to_owned(), |day| day.to_string());
    Some((kind, format!("{label} {} → {}", shown(old), shown(new))))
}

/// The figures of a module or of all.
fn told_figures(old: &Figures, new: &Figures) -> Vec<(ChangeKind, String)> {
    let number = |label, old, new, sense| told_number(label, old, new, "", sense);
    let again = |figures: &Figures| figures.answers_to_reconfirm.unwrap_or_default();
    let mut told = vec![
        number("已读课数", old.lessons_read, new.lessons_read, Sense::Grows),
        number("总课数", old.lessons, new.lessons, Sense::Varies),
        number("已答题数", old.answered, new.answered, Sense::Grows),
        number("总题数", old.questions, new.questions, Sense::Varies),
        number("最近答对", old.correct, new.correct, Sense::Varies),
        number("累计作答", old.attempts, new.attempts, Sense::Grows),
        number("待重新确认", old.to_reconfirm, new.to_reconfirm, Sense::Varies),
        number("待重新确认的题", again(old), again(new), Sense::Varies),
        told_day(
            "首次学习",
            old.first,
            new.first,
            ChangeKind::Altered,
            ChangeKind::Other,
        ),
        told_day("最近学习", old.last, new.last, ChangeKind::More, ChangeKind::Less),
    ];
    if old.answers_to_reconfirm.is_some() != new.answers_to_reconfirm.is_some() && again(old) == again(new) {
        told.push(Some((ChangeKind::Other, "是否写明待重新确认的题数".into())));
    }
    // Right the last time: more is more, less is what happens.
    if let Some((kind, _)) = &mut told[4]
        && new.correct > old.correct
    {
        *kind = ChangeKind::More;
    }
    told.into_iter().flatten().collect()
}

impl Found {
    fn put(&mut self, kind: ChangeKind, part: &'static str, text: String) {
        self.0.push(Change { kind, part, text });
    }

    fn told(&mut self, part: &'static str, told: Told) {
        if let Some((kind, text)) = told {
            self.put(kind, part, text);
        }
    }

    fn number(&mut self, part: &'static str, label: &str, old: u32, new: u32, unit: &str, sense: Sense) {
        self.told(part, told_number(label, old, new, unit, sense));
    }

    fn word(&mut self, part: &'static str, label: &str, old: &str, new: &str, kind: ChangeKind) {
        if old != new {
            self.put(kind, part, format!("{label}「{old}」→「{new}」"));
        }
    }

    fn person(&mut self, old: &Body, new: &Body) {
        const PART: &str = "基本信息";
        let (old, new) = (&old.person, &new.person);
        for (field, old, new) in [
            (Field::Name, &old.name, &new.name),
            (Field::Branch, &old.branch, &new.branch),
        ] {
            if let (Some(old), Some(new)) = (old, new) {
                self.word(PART, field.label(), old, new, ChangeKind::Altered);
            }
        }
        if let (Some(old), Some(new)) = (old.stage, new.stage)
            && old != new
        {
            let at = |stage| Stage::ALL.iter().position(|known| *known == stage);
            let kind = if at(new) > at(old) {
                ChangeKind::New
            } else {
                ChangeKind::Altered
            };
            self.word(PART, Field::Stage.label(), old.label(), new.label(), kind);
        }
        if let (Some(old), Some(new)) = (&old.number, &new.number) {
            self.word(PART, Field::Number.label(), old, new, ChangeKind::Altered);
        }
        for (field, old, new) in [
            (Field::Applied, old.applied, new.applied),
            (Field::Confirmed, old.confirmed, new.confirmed),
        ] {
            if old.is_some() && new.is_some() {
                let kind = ChangeKind::Altered;
                self.told(PART, told_day(field.label(), old, new, kind, kind));
            }
        }
    }

    /// Whether a field has come, has gone, or was left out.
    fn presence(&mut self, field: Field, old: &Body, new: &Body) {
        let part = field.label();
        let left_out = |body: &Body| body.left_out.contains(&field);
        // What a line's notes lost or gained is told with the line, unless they were left out whole.
        let is_notes = field.parent().is_some();
        match (old.says(field), new.says(field)) {
            (true, false) if left_out(new) => {
                let count = count_of(field, old);
                self.put(ChangeKind::LeftOut, part, format!("上次有{count}，这次没有导出"));
            }
            (true, false) if !is_notes && count_of(field, old) != "（空）" => {
                let count = count_of(field, old);
                self.put(
                    ChangeKind::Gone,
                    part,
                    format!("上次有{count}，这次没有，也没有说明未导出"),
                );
            }
            (false, true) if !is_notes || left_out(old) => {
                let count = count_of(field, new);
                self.put(ChangeKind::New, part, format!("上次没有，这次有{count}"));
            }
            (true, false) if !is_notes => {
                self.put(ChangeKind::Other, part, "上次导出了空的一项，这次没有".into());
            }
            (false, false) if left_out(new) && !left_out(old) => {
                self.put(ChangeKind::Other, part, "有内容，这次选择不导出".into());
            }
            (false, false) if left_out(old) && !left_out(new) => {
                self.put(ChangeKind::Other, part, "上次有内容未导出，这次没有再列".into());
            }
            _ => {}
        }
    }

    fn figures(&mut self, part: &'static str, old: &Figures, new: &Figures) {
        for (kind, text) in told_figures(old, new) {
            self.put(kind, part, text);
        }
    }

    fn modules(&mut self, old: &[ModuleProgress], new: &[ModuleProgress]) {
        let part = Field::Study.label();
        for module in new {
            let Some(before) = old.iter().find(|known| known.id == module.id) else {
                self.put(ChangeKind::New, part, format!("模块「{}」", module.title));
                continue;
            };
            let mut told = told_figures(&before.figures, &module.figures);
            if before.title != module.title {
                told.push((ChangeKind::Other, format!("原名「{}」", before.title)));
            }
            if before.bank != module.bank {
                told.push((ChangeKind::Other, "题库版本变了".into()));
            }
            let Some(kind) = told.iter().map(|(kind, _)| *kind).min() else {
                continue;
            };
            let texts: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
            self.put(
                kind,
                part,
                format!("模块「{}」{}", module.title, texts.join("，")),
            );
        }
        for module in old {
            if !new.iter().any(|known| known.id == module.id) {
                self.put(ChangeKind::Gone, part, format!("模块「{}」", module.title));
            }
        }
        let order = |modules: &[ModuleProgress]| -> Vec<String> {
            modules.iter().map(|module| module.id.clone()).collect()
        };
        let (mut one, mut other) = (order(old), order(new));
        if one != other {
            one.sort();
            other.sort();
            if one == other {
                self.put(ChangeKind::Other, part, "模块的先后顺序变了".into());
            }
        }
    }

    /// Lines of a list: those that are in both are taken away, then what is left is paired, first by
    /// what is most alike.
    fn lines<L: Clone + PartialEq>(&mut self, part: &'static str, old: &[L], new: &[L], list: &Lines<L>) {
        let mut old: Vec<&L> = old.iter().collect();
        let mut added: Vec<&L> = Vec::new();
        for line in new {
            match old.iter().position(|known| *known == line) {
                Some(at) => {
                    old.remove(at);
                }
                None => added.push(line),
            }
        }
        for alike in list.alike {
            let mut rest = Vec::new();
            for line in added {
                let Some(at) = old.iter().position(|known| alike(known, line)) else {
                    rest.push(line);
                    continue;
                };
                let before = old.remove(at);
                let kind = if (list.is_growth)(before, line) {
                    ChangeKind::Other
                } else {
                    ChangeKind::Altered
                };
                let (was, is) = ((list.text)(before), (list.text)(line));
                let text = if was == is {
                    format!("{is}（文字有改动）")
                } else {
                    format!("{is}（上次：{was}）")
                };
                self.put(kind, part, text);
            }
            added = rest;
        }
        for line in old {
            self.put(ChangeKind::Gone, part, (list.text)(line));
        }
        for line in added {
            self.put(ChangeKind::New, part, (list.text)(line));
        }
    }

    fn exams(&mut self, old: &Body, new: &Body) {
        if let (Some(old), Some(new)) = (&old.exams, &new.exams) {
            let list = Lines {
                text: exam_text,
                alike: &[
                    |a: &ExamLine, b: &ExamLine| (a.date, &a.title) == (b.date, &b.title),
                    |a, b| {
                        a.title == b.title
                            && a.half_points == b.half_points
                            && a.used_seconds == b.used_seconds
                    },
                    |a, b| {
                        a.date == b.date && a.half_points == b.half_points && a.used_seconds == b.used_seconds
                    },
                ],
                is_growth: |_, _| false,
            };
            self.lines(Field::Exams.label(), old, new, &list);
        }
    }

    fn practice(&mut self, old: &Body, new: &Body) {
        if let (Some(old_lines), Some(new_lines)) = (&old.practice, &new.practice) {
            let hide = hides(Field::PracticeNotes, old, new);
            let bare = |lines: &[PracticeLine]| -> Vec<PracticeLine> {
                let bare = |line: &PracticeLine| PracticeLine {
                    notes: line.notes.clone().filter(|_| !hide),
                    ..line.clone()
                };
                lines.iter().map(bare).collect()
            };
            let list = Lines {
                text: practice_text,
                alike: &[
                    |a: &PracticeLine, b: &PracticeLine| (a.date, &a.title) == (b.date, &b.title),
                    |a, b| (a.kind, &a.title) == (b.kind, &b.title),
                    |a, b| (a.date, a.kind) == (b.date, b.kind),
                ],
                is_growth: |a, b| {
                    let grown = PracticeLine {
                        notes: b.notes.clone(),
                        place: a.place.clone().or_else(|| b.place.clone()),
                        ..a.clone()
                    };
                    a.notes.is_none() && grown == *b
                },
            };
            self.lines(Field::Practice.label(), &bare(old_lines), &bare(new_lines), &list);
        }
    }

    fn mentors(&mut self, old: &Body, new: &Body) {
        if let (Some(old), Some(new)) = (&old.mentors, &new.mentors) {
            let list = Lines {
                text: mentor_text,
                alike: &[
                    |a: &MentorLine, b: &MentorLine| (&a.name, a.since) == (&b.name, b.since),
                    |a, b| a.name == b.name,
                    |a, b| a.since.is_some() && a.since == b.since,
                ],
                // A mentor's time may end, and a day may be filled in.
                is_growth: |a, b| {
                    a.name == b.name
                        && (a.since.is_none() || a.since == b.since)
                        && (a.until.is_none() || a.until == b.until)
                },
            };
            self.lines(Field::Mentors.label(), old, new, &list);
        }
    }

    fn talks(&mut self, old: &Body, new: &Body) {
        if let (Some(old_lines), Some(new_lines)) = (&old.talks, &new.talks) {
            let hide = hides(Field::TalkNotes, old, new);
            let bare = |lines: &[TalkLine]| -> Vec<TalkLine> {
                let bare = |line: &TalkLine| TalkLine {
                    notes: line.notes.clone().filter(|_| !hide),
                    ..line.clone()
                };
                lines.iter().map(bare).collect()
            };
            let list = Lines {
                text: talk_text,
                alike: &[
                    |a: &TalkLine, b: &TalkLine| (a.date, &a.topic) == (b.date, &b.topic),
                    |a, b| (&a.mentor, &a.topic) == (&b.mentor, &b.topic),
                    |a, b| (a.date, &a.mentor) == (b.date, &b.mentor),
                ],
                is_growth: |a, b| {
                    let grown = TalkLine {
                        notes: b.notes.clone(),
                        ..a.clone()
                    };
                    a.notes.is_none() && grown == *b
                },
            };
            self.lines(Field::Talks.label(), &bare(old_lines), &bare(new_lines), &list);
        }
    }

    fn reports(&mut self, old: &Body, new: &Body) {
        if let (Some(old_lines), Some(new_lines)) = (&old.reports, &new.reports) {
            let hide = hides(Field::ReportTexts, old, new);
            let bare = |lines: &[ReportLine]| -> Vec<ReportLine> {
                let bare = |line: &ReportLine| ReportLine {
                    text: line.text.clone().filter(|_| !hide),
                    ..line.clone()
                };
                lines.iter().map(bare).collect()
            };
            let list = Lines {
                text: report_text,
                alike: &[
                    |a: &ReportLine, b: &ReportLine| (a.date, &a.title) == (b.date, &b.title),
                    |a, b| a.title == b.title,
                    |a, b| a.date == b.date,
                ],
                is_growth: |a, b| {
                    let grown = ReportLine {
                        text: b.text.clone(),
                        ..a.clone()
                    };
                    a.text.is_none() && grown == *b
                },
            };
            self.lines(Field::Reports.label(), &bare(old_lines), &bare(new_lines), &list);
        }
    }
}

/// How the lines of a list are told and paired.
struct Lines<'a, L> {
    text: fn(&L) -> String,
    /// Whether two lines are likely the same one, altered; the surest first.
    alike: &'a [fn(&L, &L) -> bool],
    /// Whether the second is the first with something filled in.
    is_growth: fn(&L, &L) -> bool,
}

/// Whether a kind of notes was left out whole in one of two records: then lines are compared without.
fn hides(field: Field, old: &Body, new: &Body) -> bool {
    old.left_out.contains(&field) || new.left_out.contains(&field)
}

/// How much there is of a field, in brackets.
fn count_of(field: Field, body: &Body) -> String {
    let many = |count: Option<usize>, unit: &str| match count {
        Some(0) => "（空）".to_owned(),
        Some(count) => format!(" {count} {unit}"),
        None => String::new(),
    };
    match field {
        Field::Name => format!("「{}」", body.person.name()),
        Field::Branch => format!("「{}」", body.person.branch()),
        Field::Stage => format!("「{}」", body.person.stage()),
        Field::Number => format!("「{}」", body.person.number.as_deref().unwrap_or_default()),
        Field::Applied => body
            .person
            .applied
            .map(|day| format!(" {day}"))
            .unwrap_or_default(),
        Field::Confirmed => body
            .person
            .confirmed
            .map(|day| format!(" {day}"))
            .unwrap_or_default(),
        Field::Study => many(
            body.study.as_ref().map(|study| study.progress.modules.len()),
            "个模块",
        ),
        Field::Time => body
            .time
            .map(|time| format!(" {} 分钟", time.minutes))
            .unwrap_or_default(),
        Field::Exams => many(body.exams.as_ref().map(Vec::len), "场"),
        Field::Practice => many(body.practice.as_ref().map(Vec::len), "条"),
        Field::Mentors => many(body.mentors.as_ref().map(Vec::len), "人"),
        Field::Talks => many(body.talks.as_ref().map(Vec::len), "次"),
        Field::Reports => many(body.reports.as_ref().map(Vec::len), "篇"),
        Field::PracticeNotes => many(Some(noted(&body.practice, |line| line.notes.is_some())), "条"),
        Field::TalkNotes => many(Some(noted(&body.talks, |line| line.notes.is_some())), "条"),
        Field::ReportTexts => many(Some(noted(&body.reports, |line| line.text.is_some())), "篇"),
        Field::Summary => many(body.summary.as_ref().map(|text| text.chars().count()), "字"),
    }
}

fn noted<L>(lines: &Option<Vec<L>>, has: impl Fn(&L) -> bool) -> usize {
    lines.iter().flatten().filter(|line| has(line)).count()
}

/// An exam in a line.
pub(super) fn exam_text(line: &ExamLine) -> String {
    let (minutes, seconds) = (line.used_seconds / 60, line.used_seconds % 60);
    let result = if line.passed { "及格" } else { "不及格" };
    format!(
        "{} {}，{} / {} 分（及格 {}），{result}，用时 {minutes}:{seconds:02}（限 {} 分钟）",
        line.date,
        line.title,
        line.won(),
        line.points,
        line.pass,
        line.minutes
    )
}

/// Practice in a line.
pub(super) fn practice_text(line: &PracticeLine) -> String {
    let mut text = format!("{} {} {}", line.date, line.kind.label(), line.title);
    if line.minutes > 0 {
        text += &format!("，{} 分钟", line.minutes);
    }
    if let Some(place) = &line.place {
        text += &format!("，{place}");
    }
    text
}

fn mentor_text(line: &MentorLine) -> String {
    let mut text = line.name.clone();
    if let Some(since) = line.since {
        text += &format!("，{since} 起");
    }
    if let Some(until) = line.until {
        text += &format!("，{until} 止");
    }
    text
}

/// A talk in a line.
pub(super) fn talk_text(line: &TalkLine) -> String {
    format!(
        "{} {} {}「{}」",
        line.date,
        line.form.label(),
        line.mentor,
        line.topic
    )
}

fn report_text(line: &ReportLine) -> String {
    format!("{} {}", line.date, line.title)
}
