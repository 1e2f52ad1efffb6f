//! One person: everything known and where it came from, where the person stands and stood, what people
//! have written down, what is due; and writing down more.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `person/show` | [`Ask`] | [`Shown`] |
//! | `person/proposals` | [`Holders`] | [`Proposals`]: which of these records may be the person's |
//! | `person/judge` | [`Stand`] | a list of [`Said`]: what is to be said of a decision before it is written |
//! | `person/stood` | [`Stand`] | that decision, when nothing refuses it and every warning was shown |
//! | `person/judge-many` | [`Many`] | [`Judged`] |
//! | `person/stood-many` | [`Many`] | the same decision for each of several people: for all, or for none |
//! | `person/strike` | [`Strike`] | a decision counts no longer |
//! | `person/noted` | [`Note`] | a fact that rules need |
//! | `person/unnoted` | [`Unnote`] | a fact counts no longer |
//! | `person/link` | [`Link`] | a record is the person's, or is so no longer |
//!
//! No state is ever proposed: what is offered is what can be written down, and people decide.

use super::{Answer, Order, say, write};
use crate::domain::branch::{Field, Imported, PersonId, RosterEvent, Source, tidy};
use crate::domain::due::facts::{Mentor, Sponsor};
use crate::domain::due::workdays::{Holidays, WorkCalendar};
use crate::domain::due::{Stands, due};
use crate::domain::standing::judge::{Finding, Weight, judge_struck};
use crate::domain::standing::{Act, Change, Decider, Kind, State, Transition};
use crate::domain::study::EventId;
use crate::domain::time::{Date, Moment};
use crate::domain::workbench::{Deed, Fact, Workbench};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which person is to be shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// Who.
    pub person: PersonId,
    /// The holidays, for what is due; without them working days are Monday to Friday.
    #[serde(default)]
    pub holidays: Holidays,
}

/// Everything that is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Branch; may be empty.
    pub branch: String,
    /// The number that the unit has given; may be empty.
    pub number: String,
    /// Whether the person stands in the register: not, when the import was taken back.
    pub stands: bool,
    /// Every field in the order of the form, those without a value too.
    pub fields: Vec<FieldLine>,
    /// How the person stands today.
    pub state: State,
    /// What led there; nothing where nothing is written down.
    pub led: Option<Led>,
    /// Everything that was decided, in the order of the days; what was struck out too.
    pub history: Vec<HistoryLine>,
    /// The decisions that fit to how the person stands, in the order in which they are offered.
    pub fits: Vec<Kind>,
    /// What people have written down beside decisions, the newest day first.
    pub notes: Vec<NoteLine>,
    /// Mentors as they count now, from rosters where nobody has written any.
    pub mentors: Vec<Mentor>,
    /// Sponsors as they count now.
    pub sponsors: Vec<Sponsor>,
    /// Classes of concentrated training that the person takes part in.
    pub classes: Vec<ClassLine>,
    /// What is due.
    pub due: Vec<DueLine>,
    /// The holder of training records whom the person is.
    pub holder: Option<EventId>,
}

/// A field of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldLine {
    /// Which.
    pub field: Field,
    /// Its value as a reader sees it; empty for none.
    pub text: String,
    /// Where it came from; nothing where there is no value and never was one.
    pub source: Option<Origin>,
    /// What stood before, the newest last.
    pub past: Vec<PastLine>,
}

/// Where something came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A row of a roster.
    Roster {
        /// The file.
        file: String,
        /// The sheet's name; may be empty.
        sheet: String,
        /// The row, from 1.
        row: u32,
        /// The day of the import.
        on: Date,
    },
    /// Somebody has typed it that day.
    Hand(Date),
}

impl Origin {
    fn of(source: &Source<'_>) -> Self {
        match source {
            Source::Roster { import, sheet, row } => {
                let Imported { file, at, .. } = import;
                Self::Roster {
                    file: file.clone(),
                    sheet: (*sheet).to_owned(),
                    row: *row,
                    on: at.date(),
                }
            }
            Source::Hand(at) => Self::Hand(at.date()),
        }
    }

    /// What a reader sees.
    pub fn label(&self) -> String {
        match self {
            Self::Roster { file, sheet, row, on } => {
                let sheet = match sheet.as_str() {
                    "" => String::new(),
                    sheet => format!("工作表“{sheet}”"),
                };
                format!("{file} {sheet}第 {row} 行，{}导入", on.chinese())
            }
            Self::Hand(on) => format!("{}手工填写", on.chinese()),
        }
    }
}

/// A value that stood before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastLine {
    /// What stood there; empty for nothing.
    pub before: String,
    /// What came in its place; empty for nothing.
    pub after: String,
    /// What brought that.
    pub source: Origin,
    /// Whether that was taken back since.
    pub undone: bool,
}

/// What led to how somebody stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Led {
    /// Since when.
    pub since: Date,
    /// Who decided; nothing where only a roster says so.
    pub by: Option<Decider>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Its event; nothing for what a roster says, which is corrected where it stands.
    pub id: Option<EventId>,
    /// The field of a roster that says so.
    pub field: Option<Field>,
    /// What was decided, when, by whom and why.
    pub change: Change,
    /// The day on which it was written down.
    pub written: Option<Date>,
    /// The day on which it was struck out, and why.
    pub struck: Option<(Date, String)>,
    /// How the person stood, where the decision does not fit to that.
    pub contradicts: Option<State>,
}

/// A fact that was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteLine {
    /// Its event.
    pub id: EventId,
    /// What.
    pub fact: Fact,
    /// The day on which it was written down.
    pub written: Date,
    /// The day on which it was struck out.
    pub struck: Option<Date>,
    /// Whether a later one of the kind counts instead.
    pub replaced: bool,
}

/// A class of concentrated training, as people have filled it in. Never what was studied alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassLine {
    /// Which.
    pub id: EventId,
    /// What it is called.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Days attended.
    pub days: Option<u16>,
    /// Study hours attended, 学时.
    pub hours: Option<u16>,
    /// Whether it was completed, as people have said.
    pub completed: Option<bool>,
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueLine {
    /// Its name in markup and tests.
    pub code: String,
    /// What.
    pub label: String,
    /// What kind of line it is: 期限, 最早, 待办.
    pub kind: String,
    /// Where it is written; nothing for a local custom.
    pub article: Option<String>,
    /// The last day of a deadline, the first of a minimum.
    pub day: Option<Date>,
    /// How it stands today.
    pub stands: DueStands,
    /// Counted over days for which no notice about holidays is known.
    pub provisional: bool,
    /// Whether the day comes of a local arrangement.
    pub local: bool,
    /// Why.
    pub why: String,
}

/// How something that is due stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueStands {
    /// So many days are left.
    Ahead(i64),
    /// So many days have passed since the deadline.
    Overdue(i64),
    /// The first day is reached.
    Reached,
    /// There is no day.
    Standing,
}

impl DueStands {
    /// What a reader sees; empty where there is no day.
    pub fn label(self) -> String {
        match self {
            Self::Ahead(0) => "今天".into(),
            Self::Ahead(days) => format!("还有 {days} 天"),
            Self::Overdue(days) => format!("已过 {days} 天"),
            Self::Reached => "日子已到".into(),
            Self::Standing => String::new(),
        }
    }
}

/// Records of whom the person may be the holder: those of the same name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Holders {
    /// Who.
    pub person: PersonId,
    /// The records' holders.
    pub holders: Vec<Holder>,
}

/// A holder of training records, as the newest record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The holder id.
    pub id: EventId,
    /// Name.
    pub name: String,
    /// Branch; may be empty.
    pub branch: String,
    /// The number that the branch has given.
    pub number: Option<String>,
}

/// Which records may be a person's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposals {
    /// Number, name and branch are the same, and nobody else's.
    pub certain: Vec<EventId>,
    /// Name and branch are the same: somebody must choose.
    pub possible: Vec<EventId>,
    /// The name is the same, branch or number is another: somebody must know.
    pub namesakes: Vec<EventId>,
}

/// A decision about a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stand {
    /// About whom.
    pub person: PersonId,
    /// What.
    pub change: Change,
    /// The warnings that were shown, and that somebody has accepted.
    #[serde(default)]
    pub seen: Vec<String>,
}

/// Something that is said of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// How much it weighs.
    pub weight: Weight,
    /// What a reader sees.
    pub text: String,
    /// Where it is written.
    pub article: Option<String>,
}

impl From<Finding> for Said {
    fn from(finding: Finding) -> Self {
        Self {
            weight: finding.weight,
            text: finding.text,
            article: finding.article.map(|article| article.label()),
        }
    }
}

impl Said {
    /// Whether it keeps the decision from being written.
    pub fn blocks(&self) -> bool {
        self.weight != Weight::Warning
    }

    fn line(&self) -> String {
        match &self.article {
            Some(article) => format!("{}（{article}）", self.text),
            None => self.text.clone(),
        }
    }
}

/// The same decision about several people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Many {
    /// About whom; who is named twice counts once.
    pub people: Vec<PersonId>,
    /// What.
    pub change: Change,
    /// Whether the warnings were shown and accepted.
    #[serde(default)]
    pub warned: bool,
}

/// What is to be said of a decision about several people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// How many there are.
    pub all: usize,
    /// For how many it is refused.
    pub refused: usize,
    /// For how many there is only a warning.
    pub warned: usize,
    /// What is said, the refused first; at most [`NAMED`] people.
    pub people: Vec<OfPerson>,
}

/// What is said of a decision about one of several people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPerson {
    /// About whom.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What is said.
    pub said: Vec<Said>,
}

/// A decision is struck out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Strike {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub entry: EventId,
    /// Why.
    pub reason: String,
}

/// A fact is written down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// About whom.
    pub person: PersonId,
    /// What.
    pub fact: Fact,
}

/// A fact is struck out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unnote {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub note: EventId,
}

/// A record is linked to a person, or a link taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Whose.
    pub person: PersonId,
    /// The holder of the records; nothing takes the link back.
    pub holder: Option<EventId>,
}

/// The most people that one decision is written for at once.
pub const MANY: usize = 10_000;

/// The most people who are named when a decision about several is judged.
pub const NAMED: usize = 200;

/// The longest name of an organ or unit, in characters.
const LINE: usize = 60;

/// The most records that are looked at for one person.
const RECORDS: usize = 500;

/// Carries out an order of this module.
pub(super) fn carry_out(work: &Workbench, word: &str, order: &Order<'_>) -> Option<Answer> {
    let today = order.today();
    Some(match word {
        "show" => order
            .read()
            .and_then(|ask| show(work, &ask, today))
            .and_then(|shown| say(&shown)),
        "proposals" => order
            .read()
            .and_then(|holders| proposals(work, &holders))
            .and_then(|proposals| say(&proposals)),
        "judge" => order
            .read()
            .and_then(|Stand { person, change, .. }| said_of(work, &person, &tidied(change), today))
            .and_then(|said| say(&said)),
        "stood" => order
            .read()
            .and_then(|stand| stood(work, stand, today))
            .and_then(write),
        "judge-many" => order
            .read()
            .and_then(|many| judge_many(work, many, today))
            .and_then(|(judged, _)| say(&judged)),
        "stood-many" => order
            .read()
            .and_then(|many| stood_many(work, many, today))
            .and_then(write),
        "strike" => order
            .read()
            .and_then(|strike| struck(work, strike, today))
            .and_then(write),
        "noted" => order
            .read()
            .and_then(|note| noted(work, note, today))
            .and_then(write),
        "unnoted" => order
            .read()
            .and_then(|unnote| unnoted(work, unnote))
            .and_then(write),
        "link" => order.read().and_then(|link| linked(work, link)).and_then(write),
        _ => return None,
    })
}

/// The number of a person.
fn find(work: &Workbench, person: &PersonId) -> Result<u32, String> {
    let found = work.people.find(person);
    found.ok_or_else(|| "名册里没有这个人；也许网址不完整，或者数据已经恢复成别的备份".to_owned())
}

/// The number of a person about whom something can be written down.
fn find_standing(work: &Workbench, person: &PersonId) -> Result<u32, String> {
    let found = find(work, person)?;
    if work.people.stands(found) {
        Ok(found)
    } else {
        Err("带来这个人的导入已经撤销，不能再记".into())
    }
}

fn show(work: &Workbench, ask: &Ask, today: Date) -> Result<Shown, String> {
    let number = find(work, &ask.person)?;
    let people = &work.people;
    let words = |field| people.words(number, field).to_owned();
    let facts = work.facts(number, today);
    let calendar = WorkCalendar::new(&ask.holidays);
    let lines = due(&facts, today, &calendar, &work.local);
    let (history, state, led) = history(work, number, today);
    let fits = Kind::ALL.into_iter().filter(|kind| kind.fits(state));
    let classes = work.classes.iter().filter_map(|(id, class)| {
        let pupil = class.pupil(&ask.person)?;
        Some(ClassLine {
            id: id.clone(),
            name: class.name.clone(),
            from: class.from,
            until: class.until,
            days: pupil.line.days,
            hours: pupil.line.hours,
            completed: pupil.line.completed,
        })
    });
    Ok(Shown {
        person: ask.person.clone(),
        name: words(Field::Name),
        branch: words(Field::Branch),
        number: words(Field::Number),
        stands: people.stands(number),
        fields: fields(work, number),
        state,
        led,
        history,
        fits: fits.collect(),
        notes: notes(work, &ask.person),
        mentors: facts.mentors.clone(),
        sponsors: facts.sponsors.clone(),
        classes: classes.collect(),
        due: lines
            .into_iter()
            .map(|line| DueLine {
                code: line.what.code().to_owned(),
                label: line.what.label().to_owned(),
                kind: line.kind.label().to_owned(),
                article: line.article.map(|article| article.label()),
                day: line.day,
                stands: match line.stands(today) {
                    Stands::Ahead(days) => DueStands::Ahead(days),
                    Stands::Overdue(days) => DueStands::Overdue(days),
                    Stands::Reached => DueStands::Reached,
                    Stands::Standing => DueStands::Standing,
                },
                provisional: line.provisional,
                local: line.local,
                why: line.why,
            })
            .collect(),
        holder: people.holder(number).cloned(),
    })
}

fn fields(work: &Workbench, number: u32) -> Vec<FieldLine> {
    let Some(person) = work.people.person(number) else {
        return Vec::new();
    };
    let past = person.past();
    let lines = Field::ALL.iter().map(|field| {
        let known = person.get(*field);
        let past: Vec<PastLine> = past
            .iter()
            .filter(|past| past.field == *field)
            .map(|past| PastLine {
                before: past.before.clone(),
                after: past.after.clone(),
                source: Origin::of(&past.source),
                undone: past.undone,
            })
            .collect();
        let emptied = past.iter().rev().find(|past| !past.undone);
        FieldLine {
            field: *field,
            text: known.as_ref().map(|known| known.text.clone()).unwrap_or_default(),
            source: match known {
                Some(known) => Some(Origin::of(&known.source)),
                None => emptied.map(|past| past.source.clone()),
            },
            past,
        }
    });
    lines.collect()
}

/// Everything decided, how the person stands today, and what led there.
fn history(work: &Workbench, number: u32, today: Date) -> (Vec<HistoryLine>, State, Option<Led>) {
    let ledger = work.ledger(number);
    let against = ledger.contradictions();
    let mut lines: Vec<HistoryLine> = ledger
        .entries
        .iter()
        .map(|entry| {
            let said = entry.is_of_roster();
            let found = against.iter().find(|(other, _)| std::ptr::eq(*other, entry));
            HistoryLine {
                id: (!said).then(|| entry.id.clone()),
                field: said.then(|| field_of(entry.change.what.kind())).flatten(),
                change: entry.change.clone(),
                written: (!said).then(|| entry.at.date()),
                struck: entry.struck.as_ref().map(|(at, why)| (at.date(), why.clone())),
                contradicts: found.map(|(_, state)| *state),
            }
        })
        .collect();
    // Stable: of one day in the order of writing, as it counts.
    lines.sort_by_key(|line| line.change.on);
    let standing = ledger.on(today);
    let in_order = ledger.in_order();
    let last = in_order.iter().rfind(|entry| entry.change.on <= today);
    let led = last.map(|entry| Led {
        since: entry.change.on,
        by: (!entry.is_of_roster()).then(|| entry.change.by.clone()),
    });
    (lines, standing.state, led)
}

/// The field of a roster that tells of such a decision.
fn field_of(kind: Kind) -> Option<Field> {
    Some(match kind {
        Kind::Applied => Field::Applied,
        Kind::Confirmed => Field::Confirmed,
        Kind::Listed => Field::Prospect,
        Kind::Admitted => Field::Admitted,
        Kind::PassedFull => Field::Full,
        Kind::Registered => Field::Stage,
        _ => return None,
    })
}

fn notes(work: &Workbench, person: &PersonId) -> Vec<NoteLine> {
    let all = work.file(person).map(|file| file.notes.as_slice());
    let all = all.unwrap_or_default();
    // Of what there can be only one, the last counts.
    let is_one = |fact: &Fact| {
        !matches!(
            fact,
            Fact::Reviewed { .. } | Fact::ThoughtReport(_) | Fact::MentorNote(_)
        )
    };
    let same = |one: &Fact, other: &Fact| std::mem::discriminant(one) == std::mem::discriminant(other);
    let mut lines: Vec<NoteLine> = all
        .iter()
        .enumerate()
        .map(|(at, noted)| {
            let mut later = all.iter().skip(at + 1).filter(|later| later.struck.is_none());
            NoteLine {
                id: noted.id.clone(),
                fact: noted.fact.clone(),
                written: noted.at.date(),
                struck: noted.struck.map(Moment::date),
                replaced: noted.struck.is_none()
                    && is_one(&noted.fact)
                    && later.any(|later| same(&later.fact, &noted.fact)),
            }
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.fact.day().unwrap_or(line.written)));
    lines
}

fn proposals(work: &Workbench, asked: &Holders) -> Result<Proposals, String> {
    let person = find_standing(work, &asked.person)?;
    let mut found = Proposals::default();
    if work.people.holder(person).is_some() {
        return Ok(found);
    }
    let holders = asked.holders.iter().take(RECORDS);
    let free: Vec<&Holder> = holders
        .filter(|holder| work.people.held_by(&holder.id).is_none())
        .collect();
    let known = work.people.proposals(free.iter().map(|holder| {
        let Holder {
            id,
            name,
            branch,
            number,
        } = holder;
        (id, name.as_str(), branch.as_str(), number.as_deref())
    }));
    for holder in free {
        let proposal = known.iter().find(|proposal| proposal.holder == holder.id);
        let of_person = proposal.filter(|proposal| proposal.people.contains(&person));
        match of_person {
            Some(proposal) if proposal.certain => found.certain.push(holder.id.clone()),
            Some(_) => found.possible.push(holder.id.clone()),
            // Certain of somebody else: not offered.
            None if proposal.is_some_and(|proposal| proposal.certain) => {}
            None => found.namesakes.push(holder.id.clone()),
        }
    }
    Ok(found)
}

/// A decision as it is kept: names and reasons without what cannot be seen.
fn tidied(change: Change) -> Change {
    let Change { on, what, by, reason } = change;
    let reason = reason.trim().replace("\r\n", "\n");
    let is_fit = |sign: &char| !sign.is_control() || *sign == '\n';
    let what = match what {
        Transition::MovedOut { to } => Transition::MovedOut { to: tidy(&to) },
        Transition::MovedIn {
            from,
            state,
            confirmed,
            admitted,
        } => Transition::MovedIn {
            from: tidy(&from),
            state,
            confirmed,
            admitted,
        },
        what => what,
    };
    Change {
        on,
        what,
        by: Decider {
            organ: by.organ,
            name: tidy(&by.name),
        },
        reason: reason.chars().filter(is_fit).collect(),
    }
}

fn said_of(work: &Workbench, person: &PersonId, change: &Change, today: Date) -> Result<Vec<Said>, String> {
    let number = find_standing(work, person)?;
    let mut said: Vec<Said> = Vec::new();
    let mut long = |what: &str, text: &str| {
        if text.chars().count() > LINE {
            said.push(Said {
                weight: Weight::Refused,
                text: format!("{what}太长，最多{LINE}字"),
                article: None,
            });
        }
    };
    long("作决定的组织的名称", &change.by.name);
    match &change.what {
        Transition::MovedOut { to } => long("转入单位的名称", to),
        Transition::MovedIn { from, .. } => long("原单位的名称", from),
        _ => {}
    }
    said.extend(work.judge(number, change, today).into_iter().map(Said::from));
    // The unit may have arranged for a longer cultivation than the rules ask for.
    let months = work.local.cultivation_months();
    if let (Transition::Listed, Some(confirmed)) =
        (&change.what, work.ledger(number).milestones(change.on).confirmed)
    {
        let first = confirmed.add_months(i32::from(months));
        if months > 12 && change.on < first && change.on >= confirmed.add_months(12) {
            said.push(Said {
                weight: Weight::Warning,
                text: format!("本单位规定培养满{months}个月，到{}才满", first.chinese()),
                article: None,
            });
        }
    }
    said.sort_by_key(|said| said.weight);
    Ok(said)
}

fn stood(work: &Workbench, stand: Stand, today: Date) -> Result<Vec<Deed>, String> {
    let Stand { person, change, seen } = stand;
    let change = tidied(change);
    let said = said_of(work, &person, &change, today)?;
    let blocks: Vec<String> = said.iter().filter(|said| said.blocks()).map(Said::line).collect();
    if !blocks.is_empty() {
        return Err(format!("没有记下：{}", blocks.join("；")));
    }
    if said.iter().any(|said| !seen.contains(&said.text)) {
        return Err("没有记下：提醒的内容有变化，请再看一遍".into());
    }
    Ok(vec![Deed::Stood {
        person,
        act: Act::Changed(change),
    }])
}

/// What is to be said of each, and who they are, each once.
fn judge_many(work: &Workbench, many: Many, today: Date) -> Result<(Judged, Vec<PersonId>), String> {
    let change = tidied(many.change);
    let mut seen = BTreeSet::new();
    let people: Vec<PersonId> = many
        .people
        .into_iter()
        .filter(|person| seen.insert(person.clone()))
        .collect();
    if people.is_empty() {
        return Err("请先选择要记的人".into());
    }
    if people.len() > MANY {
        return Err(format!("一次最多记 {MANY} 人，这里选了 {} 人", people.len()));
    }
    let mut judged = Judged {
        all: people.len(),
        ..Judged::default()
    };
    let (mut refused, mut warned) = (Vec::new(), Vec::new());
    for person in &people {
        let said = said_of(work, person, &change, today).unwrap_or_else(|why| {
            vec![Said {
                weight: Weight::Refused,
                text: why,
                article: None,
            }]
        });
        if said.is_empty() {
            continue;
        }
        let blocks = said.iter().any(Said::blocks);
        let (count, list) = if blocks {
            (&mut judged.refused, &mut refused)
        } else {
            (&mut judged.warned, &mut warned)
        };
        *count += 1;
        if list.len() < NAMED {
            let name = work.people.find(person);
            let name = name.map(|number| work.people.words(number, Field::Name));
            list.push(OfPerson {
                person: person.clone(),
                name: name.unwrap_or("（名册里没有的人）").to_owned(),
                said,
            });
        }
    }
    refused.append(&mut warned);
    refused.truncate(NAMED);
    judged.people = refused;
    Ok((judged, people))
}

fn stood_many(work: &Workbench, many: Many, today: Date) -> Result<Vec<Deed>, String> {
    let (change, accepted) = (tidied(many.change.clone()), many.warned);
    let (judged, people) = judge_many(work, many, today)?;
    if judged.refused > 0 {
        let named = judged.people.iter().filter(|of| of.said.iter().any(Said::blocks));
        let named = named.take(10).map(|of| {
            let why = of.said.iter().filter(|said| said.blocks()).map(Said::line);
            let why: Vec<String> = why.collect();
            format!("{}：{}", of.name, why.join("；"))
        });
        let named: Vec<String> = named.collect();
        let more = match judged.refused.saturating_sub(named.len()) {
            0 => String::new(),
            more => format!("；还有 {more} 人"),
        };
        return Err(format!(
            "一个也没有记下，{} 人中有 {} 人不能这样记。{}{more}",
            judged.all,
            judged.refused,
            named.join("；")
        ));
    }
    if judged.warned > 0 && !accepted {
        return Err(format!("没有记下：有 {} 人的提醒还没有看过", judged.warned));
    }
    let deeds = people.into_iter().map(|person| Deed::Stood {
        person,
        act: Act::Changed(change.clone()),
    });
    Ok(deeds.collect())
}

fn struck(work: &Workbench, strike: Strike, today: Date) -> Result<Vec<Deed>, String> {
    let Strike {
        person,
        entry,
        reason,
    } = strike;
    let number = find_standing(work, &person)?;
    let reason = tidy(&reason);
    if entry.0.is_empty() {
        return Err("这一条来自名册，请更正名册里的那一项".into());
    }
    let (before, after) = (work.ledger(number), work.ledger_without(number, &entry));
    let found = judge_struck(&before, &after, &entry, &reason, today);
    let blocks: Vec<String> = found.into_iter().map(|finding| finding.text).collect();
    if !blocks.is_empty() {
        return Err(blocks.join("；"));
    }
    Ok(vec![Deed::Stood {
        person,
        act: Act::Struck { entry, reason },
    }])
}

fn noted(work: &Workbench, note: Note, today: Date) -> Result<Vec<Deed>, String> {
    let Note { person, fact } = note;
    find_standing(work, &person)?;
    let fact = fact.checked(today).map_err(|wrong| wrong.message)?;
    let lines = notes(work, &person);
    let counting = |line: &&NoteLine| line.struck.is_none() && !line.replaced;
    if lines.iter().filter(counting).any(|line| line.fact == fact) {
        return Err("已经记过同样的一条".into());
    }
    Ok(vec![Deed::Noted { person, fact }])
}

fn unnoted(work: &Workbench, unnote: Unnote) -> Result<Vec<Deed>, String> {
    let Unnote { person, note } = unnote;
    find(work, &person)?;
    let file = work.file(&person);
    let mut notes = file.into_iter().flat_map(|file| &file.notes);
    if !notes.any(|noted| noted.id == note && noted.struck.is_none()) {
        return Err("没有这一条，或者已经划掉了".into());
    }
    Ok(vec![Deed::Unnoted { person, note }])
}

fn linked(work: &Workbench, link: Link) -> Result<Vec<Deed>, String> {
    let Link { person, holder } = link;
    let number = find_standing(work, &person)?;
    let now = work.people.holder(number);
    if let Some(holder) = &holder {
        if now == Some(holder) {
            return Err("已经关联了这份培养记录".into());
        }
        if now.is_some() {
            return Err("已经关联了另一份培养记录，请先取消那一份".into());
        }
        if let Some(other) = work.people.held_by(holder) {
            return Err(format!(
                "这份培养记录已经关联到{}（{}），请先到那人的页面取消",
                work.people.words(other, Field::Name),
                work.people.words(other, Field::Branch)
            ));
        }
    } else if now.is_none() {
        return Err("没有关联培养记录".into());
    }
    Ok(vec![Deed::Roster(RosterEvent::Linked { person, holder })])
}
