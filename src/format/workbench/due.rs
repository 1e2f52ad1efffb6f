//! What is due, over everybody who is here, by the rules of [`crate::domain::due`].
//!
//! | word | text | answer |
//! |---|---|---|
//! | `due/list` | [`Ask`] | [`Lines`]: a window of the lines, in the order of their groups and days |
//! | `due/days` | [`Ask`] with a month | [`Month`] |
//! | `due/ics` | [`Ask`] | [`Saved`], and a calendar |
//! | `due/local` | [`Typed`] | [`Refused`] beside fields; when there is none, the arrangement is written |
//!
//! The list is worked out once and kept until the workbench, the day or the holidays change. Of a line
//! are kept its person and its place among the person's lines, so that a million people stay small; its
//! words are made anew when it is shown. Nothing is concluded: a line says which rule and which day, not
//! that somebody has failed.

use super::{Answer, Order, Outcome, Step, say};
use crate::domain::branch::{Field, name_key, place_key, widths};
use crate::domain::due::local::{Draft, Local};
use crate::domain::due::workdays::{Holidays, WorkCalendar};
use crate::domain::due::{Due, Stands, What, due};
use crate::domain::time::Date;
use crate::domain::workbench::{Fact, File, Workbench};
use crate::format::ics::{DueEvent, due_ics};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Lines that are shown at once.
pub const WINDOW: usize = 200;
/// Events that a calendar may hold: more would be nobody's calendar.
pub const MAX_EVENTS: usize = 3_000;
/// Days that count as soon.
pub const SOON: i64 = 30;
/// Names that are proposed while a filter is typed.
const PROPOSED: usize = 200;
/// People between two steps that are told of.
const STRIDE: usize = 2_000;

/// In which part of the list a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// The day of a deadline has passed.
    Overdue,
    /// Within [`SOON`] days.
    Soon,
    /// Later.
    Later,
    /// Without a day, or a minimum that is reached: to be kept in mind.
    Standing,
}

impl Group {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Soon, Self::Later, Self::Standing];

    /// Its name in markup and orders.
    pub fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Later => "later",
            Self::Standing => "standing",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overdue => "已超期",
            Self::Soon => "30 天内",
            Self::Later => "以后",
            Self::Standing => "长期注意",
        }
    }

    fn of(line: &Due, today: Date) -> Self {
        match line.stands(today) {
            Stands::Overdue(_) => Self::Overdue,
            Stands::Ahead(left) if left <= SOON => Self::Soon,
            Stands::Ahead(_) => Self::Later,
            // That a minimum is reached says nothing about whether anything should follow.
            Stands::Reached | Stands::Standing => Self::Standing,
        }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    /// The holidays that the site carries.
    pub holidays: Holidays,
    /// Only lines of that [`What::code`].
    pub what: Option<String>,
    /// Only people whose branch has these words in its name.
    pub branch: String,
    /// Only people one of whose mentors has these words in the name.
    pub mentor: String,
    /// Only that part.
    pub group: Option<Group>,
    /// Only lines of that day.
    pub day: Option<Date>,
    /// The first line that is shown, from 0.
    pub from: usize,
    /// Year and month, for `due/days`.
    pub month: Option<(u16, u8)>,
    /// Days before the day on which the calendar rings, 0 for the day itself; none for silence.
    pub alarm: Option<u16>,
}

/// A window of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// People who are here.
    pub here: usize,
    /// How many lines each part has, by what was asked but for the part, in the order of
    /// [`Group::ALL`].
    pub counts: [usize; 4],
    /// How many lines of each kind there are, by [`What::code`], but for what was asked of the kind.
    pub whats: Vec<(String, usize)>,
    /// How many lines there are by all that was asked.
    pub total: usize,
    /// How many of them are provisional.
    pub provisional: usize,
    /// The first that is shown.
    pub from: usize,
    /// The lines.
    pub lines: Vec<Line>,
    /// Branches, to be proposed.
    pub branches: Vec<String>,
    /// Mentors, to be proposed.
    pub mentors: Vec<String>,
    /// The years for which holidays are known.
    pub years: Vec<u16>,
    /// Local arrangements as they stand.
    pub local: Draft,
}

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whom it is about: a person's id as addresses have it.
    pub person: String,
    /// The name.
    pub name: String,
    /// The branch.
    pub branch: String,
    /// Where the person stands.
    pub state: String,
    /// [`What::code`].
    pub what: String,
    /// [`What::label`].
    pub label: String,
    /// 期限, 最早 or 待办.
    pub kind: String,
    /// The day.
    pub day: Option<Date>,
    /// How it stands: 还有 5 天.
    pub stands: String,
    /// In which part.
    pub group: Group,
    /// Counted over days of which no notice is known.
    pub provisional: bool,
    /// The day comes of a local arrangement.
    pub local: bool,
    /// Why.
    pub why: String,
    /// Article and edition.
    pub article: Option<String>,
}

/// A month as a calendar shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// Today.
    pub today: Date,
    /// Its days.
    pub days: Vec<Day>,
    /// Lines that have no day, by what was asked.
    pub without: usize,
}

/// A day of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    pub day: Date,
    /// How many lines of each part fall on it, in the order of [`Group::ALL`].
    pub counts: [usize; 4],
    /// The holiday that it belongs to.
    pub holiday: Option<String>,
    /// A weekend day on which people work.
    pub make_up: bool,
    /// Whether notices speak of it.
    pub known: bool,
}

/// What a calendar holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Its events.
    pub events: usize,
    /// Lines that are not in it: without a day, or a minimum that is reached.
    pub without: usize,
}

/// Local arrangements as they are typed: a text for each field of [`Draft`], empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// By field.
    pub values: BTreeMap<String, String>,
    /// Whether pauses are not counted.
    pub pauses_excluded: bool,
}

/// A value that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Of which field.
    pub field: String,
    /// What the person reads.
    pub reason: String,
}

/// The list as it is kept.
#[derive(Debug)]
pub struct List {
    today: Date,
    holidays: Holidays,
    calendar: WorkCalendar,
    here: usize,
    entries: Vec<Entry>,
    branches: Vec<String>,
    mentors: Vec<String>,
}

/// A line as it is kept.
#[derive(Clone, Copy, Debug)]
struct Entry {
    group: Group,
    day: Option<Date>,
    what: What,
    person: u32,
    /// Its place among the person's lines.
    at: u16,
    provisional: bool,
}

impl List {
    fn new(work: &Workbench, holidays: &Holidays, today: Date, step: Step<'_>) -> Self {
        let calendar = WorkCalendar::new(holidays);
        let (mut here, mut entries) = (0, Vec::new());
        let mut branches: HashMap<u32, usize> = HashMap::new();
        let mut mentors: HashMap<String, usize> = HashMap::new();
        let of = work.people.standing().count();
        for (person, done) in work.people.standing().zip(0..) {
            if done % STRIDE == 0 {
                step("正在推算到期事项", done, of);
            }
            let facts = work.facts(person, today);
            if !facts.state.is_here() {
                continue;
            }
            here += 1;
            let lines = due(&facts, today, &calendar, &work.local);
            if lines.is_empty() {
                continue;
            }
            *branches
                .entry(work.people.value(person, Field::Branch))
                .or_default() += 1;
            for mentor in facts.mentors.iter().filter(|mentor| mentor.serves(today)) {
                match mentors.get_mut(&mentor.name) {
                    Some(count) => *count += 1,
                    None => {
                        mentors.insert(mentor.name.clone(), 1);
                    }
                }
            }
            entries.extend(lines.iter().zip(0..).map(|(line, at)| Entry {
                group: Group::of(line, today),
                day: line.day,
                what: line.what,
                person,
                at,
                provisional: line.provisional,
            }));
        }
        // Without a day comes last; else in order of day, then of kind, then as rosters have people.
        entries.sort_unstable_by_key(|entry| {
            (
                entry.group,
                entry.day.is_none(),
                entry.day,
                entry.what,
                entry.person,
                entry.at,
            )
        });
        let branches = branches.into_iter();
        let branches = branches.map(|(number, count)| (work.people.text(number).to_owned(), count));
        Self {
            today,
            holidays: holidays.clone(),
            calendar,
            here,
            entries,
            branches: most(branches),
            mentors: most(mentors.into_iter()),
        }
    }

    /// A line with its words; `None` when the person has fewer lines than were counted.
    fn line(&self, work: &Workbench, entry: &Entry) -> Option<(Due, String)> {
        let facts = work.facts(entry.person, self.today);
        let mut lines = due(&facts, self.today, &self.calendar, &work.local);
        let at = usize::from(entry.at);
        (at < lines.len()).then(|| (lines.swap_remove(at), facts.state.label().to_owned()))
    }

    fn shown(&self, work: &Workbench, entry: &Entry) -> Option<Line> {
        let (line, state) = self.line(work, entry)?;
        Some(Line {
            person: work.people.id(entry.person)?.to_string(),
            name: work.people.words(entry.person, Field::Name).to_owned(),
            branch: work.people.words(entry.person, Field::Branch).to_owned(),
            state,
            what: line.what.code().to_owned(),
            label: line.what.label().to_owned(),
            kind: line.kind.label().to_owned(),
            day: line.day,
            stands: stands(&line, self.today),
            group: entry.group,
            provisional: line.provisional,
            local: line.local,
            article: line.article.map(crate::domain::due::article::Article::label),
            why: line.why,
        })
    }
}

/// The most frequent names, so many as are proposed, in the order of names.
fn most(names: impl Iterator<Item = (String, usize)>) -> Vec<String> {
    let mut all: Vec<(String, usize)> = names.filter(|(name, _)| !name.is_empty()).collect();
    all.sort_unstable_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    all.truncate(PROPOSED);
    let mut names: Vec<String> = all.into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names
}

/// How a line stands, in words.
fn stands(line: &Due, today: Date) -> String {
    match (line.stands(today), line.day) {
        (Stands::Ahead(0), _) => "就是今天".into(),
        (Stands::Ahead(days), _) => format!("还有 {days} 天"),
        (Stands::Overdue(days), _) => format!("已过 {days} 天"),
        (Stands::Reached, Some(day)) => match today.days() - day.days() {
            0 => "今天已到".into(),
            days => format!("已到 {days} 天"),
        },
        (Stands::Reached | Stands::Standing, _) => "没有具体日子".into(),
    }
}

/// Who is looked for: answers are remembered, since people come again and again.
struct Filter<'a> {
    work: &'a Workbench,
    today: Date,
    branch: String,
    mentor: String,
    branches: HashMap<u32, bool>,
    mentors: HashMap<u32, bool>,
}

impl<'a> Filter<'a> {
    fn new(work: &'a Workbench, ask: &Ask, today: Date) -> Self {
        Self {
            work,
            today,
            branch: place_key(&ask.branch),
            mentor: name_key(&ask.mentor),
            branches: HashMap::new(),
            mentors: HashMap::new(),
        }
    }

    fn has(&mut self, person: u32) -> bool {
        let work = self.work;
        if !self.branch.is_empty() {
            let number = work.people.value(person, Field::Branch);
            let wanted = &self.branch;
            let is_it = self
                .branches
                .entry(number)
                .or_insert_with(|| place_key(work.people.text(number)).contains(wanted));
            if !*is_it {
                return false;
            }
        }
        if self.mentor.is_empty() {
            return true;
        }
        let (wanted, today) = (&self.mentor, self.today);
        *self.mentors.entry(person).or_insert_with(|| {
            mentors(work, person, today)
                .iter()
                .any(|name| name_key(name).contains(wanted))
        })
    }
}

/// Who serves as a person's mentor today, as [`Workbench::facts`] has it, without the rest.
fn mentors(work: &Workbench, person: u32, today: Date) -> Vec<String> {
    let file = if work.files.is_empty() {
        None
    } else {
        work.people.id(person).and_then(|id| work.file(&id))
    };
    let typed = file.into_iter().flat_map(File::facts);
    let typed = typed.filter_map(|fact| match fact {
        Fact::Mentors(mentors) => Some(mentors),
        _ => None,
    });
    if let Some(mentors) = typed.last() {
        let serving = mentors.iter().filter(|mentor| mentor.serves(today));
        return serving.map(|mentor| mentor.name.clone()).collect();
    }
    [Field::Mentor1, Field::Mentor2]
        .into_iter()
        .map(|field| work.people.words(person, field).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Carries out an order of this module.
pub(super) fn carry_out(
    kept: &mut Option<List>,
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    if !matches!(word, "list" | "days" | "ics" | "local") {
        return None;
    }
    if word == "local" {
        return Some(order.read().and_then(arranged));
    }
    let ask: Ask = match order.read() {
        Ok(ask) => ask,
        Err(why) => return Some(Err(why)),
    };
    let today = order.today();
    let holds = |list: &List| list.today == today && list.holidays == ask.holidays;
    if !kept.as_ref().is_some_and(holds) {
        *kept = Some(List::new(work, &ask.holidays, today, step));
    }
    let list = kept.as_ref()?;
    Some(match word {
        "list" => say(&lines(list, work, &ask)),
        "days" => month(list, work, &ask),
        _ => calendar(list, work, &ask, order),
    })
}

/// The entries that fit, but for part and kind, which are counted.
fn fitting<'l>(list: &'l List, work: &Workbench, ask: &Ask) -> Vec<&'l Entry> {
    let mut filter = Filter::new(work, ask, list.today);
    let entries = list.entries.iter();
    entries
        .filter(|entry| ask.day.is_none() || entry.day == ask.day)
        .filter(|entry| filter.has(entry.person))
        .collect()
}

fn is_what(ask: &Ask, entry: &Entry) -> bool {
    let what = ask.what.as_deref();
    what.is_none_or(|what| what == entry.what.code())
}

fn is_group(ask: &Ask, entry: &Entry) -> bool {
    ask.group.is_none_or(|group| group == entry.group)
}

fn lines(list: &List, work: &Workbench, ask: &Ask) -> Lines {
    let found = fitting(list, work, ask);
    let mut counts = [0; 4];
    let mut whats: BTreeMap<What, usize> = BTreeMap::new();
    let (mut total, mut provisional) = (0, 0);
    let mut window = Vec::new();
    for entry in found {
        let (what, group) = (is_what(ask, entry), is_group(ask, entry));
        if what {
            counts[entry.group as usize] += 1;
        }
        if group {
            *whats.entry(entry.what).or_default() += 1;
        }
        if what && group {
            provisional += usize::from(entry.provisional);
            if (ask.from..ask.from.saturating_add(WINDOW)).contains(&total) {
                window.push(entry);
            }
            total += 1;
        }
    }
    Lines {
        here: list.here,
        counts,
        whats: whats
            .into_iter()
            .map(|(what, count)| (what.code().to_owned(), count))
            .collect(),
        total,
        provisional,
        from: ask.from,
        lines: window
            .into_iter()
            .filter_map(|entry| list.shown(work, entry))
            .collect(),
        branches: list.branches.clone(),
        mentors: list.mentors.clone(),
        years: list.calendar.years().keys().copied().collect(),
        local: work.local.draft().clone(),
    }
}

fn month(list: &List, work: &Workbench, ask: &Ask) -> Answer {
    let (year, month) = ask
        .month
        .unwrap_or_else(|| (list.today.year(), list.today.month()));
    let first = Date::new(year, month, 1).ok_or("没有这个月份")?;
    let mut days: Vec<Day> = (0..31)
        .map(|count| first.add_days(count))
        .filter(|day| (day.year(), day.month()) == (year, month))
        .map(|day| Day {
            day,
            counts: [0; 4],
            holiday: list.calendar.holiday(day).map(str::to_owned),
            make_up: day.weekday() >= 5 && list.calendar.is_working(day),
            known: list.calendar.knows(day),
        })
        .collect();
    days.dedup_by_key(|day| day.day);
    let mut without = 0;
    for entry in fitting(list, work, ask) {
        if !is_what(ask, entry) || !is_group(ask, entry) {
            continue;
        }
        match entry.day {
            None => without += 1,
            Some(day) if (day.year(), day.month()) == (year, month) => {
                if let Some(day) = days.get_mut(usize::from(day.day_of_month()) - 1) {
                    day.counts[entry.group as usize] += 1;
                }
            }
            Some(_) => {}
        }
    }
    say(&Month {
        year,
        month,
        today: list.today,
        days,
        without,
    })
}

fn calendar(list: &List, work: &Workbench, ask: &Ask, order: &Order<'_>) -> Answer {
    let mut found = fitting(list, work, ask);
    found.retain(|entry| is_what(ask, entry) && is_group(ask, entry));
    let all = found.len();
    found.retain(|entry| entry.day.is_some() && entry.group != Group::Standing);
    if found.len() > MAX_EVENTS {
        return Err(format!(
            "这些条件下有 {} 项，日历文件最多放 {MAX_EVENTS} 项；请先按党支部、事项或者期限筛选",
            found.len()
        ));
    }
    if found.is_empty() {
        return Err("这些条件下没有带日子的事项，没有可以放进日历的".into());
    }
    let events: Vec<DueEvent> = found
        .into_iter()
        .filter_map(|entry| event(list, work, entry))
        .collect();
    let saved = Saved {
        events: events.len(),
        without: all - events.len(),
    };
    Ok(Outcome {
        text: serde_json::to_string(&saved).map_err(|error| error.to_string())?,
        file: Some((
            due_ics(&events, ask.alarm, order.now).into_bytes(),
            "text/calendar;charset=utf-8",
        )),
        ..Outcome::default()
    })
}

/// A line as an event. Its id is that of the person, the kind and the day that it is counted from: an
/// arrangement that moves the day moves the event. What is overdue stands on the day of the export,
/// where somebody sees it.
fn event(list: &List, work: &Workbench, entry: &Entry) -> Option<DueEvent> {
    let (line, _) = list.line(work, entry)?;
    let day = line.day?;
    let person = work.people.id(entry.person)?;
    let (name, branch) = (
        work.people.words(entry.person, Field::Name),
        work.people.words(entry.person, Field::Branch),
    );
    let from = line.from.map(Date::compact).unwrap_or_default();
    // The rules' reviews and the unit's own begin on the same day.
    let own = matches!(line.what, What::Review | What::ReviewOverdue) && line.local;
    let uid = format!(
        "{}-{from}-{person}{}",
        line.what.code(),
        if own { "-local" } else { "" }
    );
    let overdue = day < list.today;
    let title = if overdue {
        format!("{name}：{}（{day} 到期，没有记）", line.what.label())
    } else {
        format!("{name}：{}（{}）", line.what.label(), line.kind.label())
    };
    let mut text = line.why;
    let article = line.article.map(|article| article.label());
    for (label, part) in [
        ("依据", article.as_deref().unwrap_or("本单位的安排")),
        ("党支部", branch),
    ] {
        if !part.is_empty() {
            text.push_str(&format!("\n{label}：{part}"));
        }
    }
    if line.provisional {
        text.push_str("\n暂算：节假日安排还没有公布，公布以后再核对");
    }
    text.push_str("\n只是提醒，以党组织的安排为准");
    Some(DueEvent {
        uid,
        day: day.max(list.today),
        title,
        text,
    })
}

/// Local arrangements of what was typed: written when nothing in them is laxer than the rules.
fn arranged(typed: Typed) -> Answer {
    let refuse = |refused: Vec<Refused>| say(&refused);
    let mut refused = Vec::new();
    let mut draft = serde_json::Map::new();
    for (field, text) in &typed.values {
        let text = widths(text);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        match text.parse::<u16>() {
            Ok(value) => {
                draft.insert(field.clone(), value.into());
            }
            Err(_) => refused.push(Refused {
                field: field.clone(),
                reason: "请填整数，例如 15；不另作规定的留空".into(),
            }),
        }
    }
    if !refused.is_empty() {
        return refuse(refused);
    }
    draft.insert("pauses_excluded".into(), typed.pauses_excluded.into());
    let draft: Draft = serde_json::from_value(draft.into())
        .map_err(|error| format!("本页与后台程序的版本不同（{error}），请刷新本页"))?;
    match Local::new(draft) {
        Ok(local) => Ok(Outcome {
            text: "[]".into(),
            deeds: vec![crate::domain::workbench::Deed::Arranged(local)],
            ..Outcome::default()
        }),
        Err(found) => refuse(
            found
                .into_iter()
                .map(|laxer| Refused {
                    field: laxer.field.to_owned(),
                    reason: laxer.reason,
                })
                .collect(),
        ),
    }
}
