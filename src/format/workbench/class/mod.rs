//! Classes of concentrated training: put together, filled in row by row, and taken away as papers.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `class/list` | | [`Classes`] |
//! | `class/show` | [`Of`] | [`Shown`] |
//! | `class/candidates` | [`Look`] | [`Candidates`] |
//! | `class/open` | [`Particulars`] | [`Refused`] beside fields; when there is none, a class |
//! | `class/change` | [`Change`] | the same; particulars |
//! | `class/enroll` | [`Enroll`] | people in it: the number of them |
//! | `class/leave` | [`Leave`] | somebody out of it |
//! | `class/mark` | [`Mark`] | [`Marked`], and what is typed of somebody, when that is new |
//! | `class/list-docx`, `class/list-xlsx`, `class/appraisals-docx` | [`Papers`] | a file |
//!
//! How somebody has prepared comes with the question where a paper shows it ([`Papers::alone`]): records
//! are in another book, which the page keeps. It stands in a column of its own and is added to nothing.

#[cfg(feature = "exports")]
mod papers;

use super::due::Refused;
use super::{Answer, Order, Outcome, say, write};
use crate::domain::branch::{Field, PersonId, name_key, place_key, tidy, widths};
use crate::domain::standing::State;
use crate::domain::study::EventId;
use crate::domain::time::Date;
use crate::domain::workbench::{Class, ClassDeed, Deed, Preparation, PupilLine, Sums, Workbench};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Candidates that are shown at once.
pub const WINDOW: usize = 200;
/// People who can be put down at once.
pub const MAX_ENROLLED: usize = 2_000;

/// A class's particulars as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Particulars {
    /// What it is called.
    pub name: String,
    /// Who holds it.
    pub organiser: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Where.
    pub place: String,
    /// Study hours, as typed.
    pub hours: String,
}

/// All classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes {
    /// The newest first.
    pub classes: Vec<Summary>,
    /// People who are prospects today and in no class yet.
    pub waiting: usize,
    /// Days and study hours, one of which is enough, as the unit has arranged it.
    pub least: (u16, u16),
}

/// A class in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its id.
    pub id: EventId,
    /// Its particulars; nobody is in it here.
    pub class: Class,
    /// Its figures.
    pub sums: Sums,
}

/// Which class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of {
    /// Its id.
    pub class: EventId,
}

/// A class as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its particulars; who takes part is in `rows`.
    pub class: Class,
    /// Who takes part.
    pub rows: Vec<Row>,
    /// Its figures.
    pub sums: Sums,
    /// What is to be looked at.
    pub remarks: Vec<String>,
}

/// Somebody in a class, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Who, as addresses have it.
    pub person: String,
    /// The name.
    pub name: String,
    /// The branch.
    pub branch: String,
    /// Where the person stands today; empty when the roster no longer knows the person.
    pub state: String,
    /// Whose records these are.
    pub holder: Option<EventId>,
    /// What was typed.
    pub line: PupilLine,
    /// What is to be looked at.
    pub remarks: Vec<String>,
}

/// Whom to look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// For which class.
    pub class: EventId,
    /// Part of the name or of the branch's name. Without it, prospects; with it, everybody who is here.
    #[serde(default)]
    pub words: String,
}

/// Who could take part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// How many there are.
    pub total: usize,
    /// The first of them.
    pub people: Vec<Candidate>,
}

/// Somebody who could take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who, as addresses have it.
    pub person: String,
    /// The name.
    pub name: String,
    /// The branch.
    pub branch: String,
    /// Where the person stands today.
    pub state: String,
    /// The day on which the person was listed as a prospect.
    pub listed: Option<Date>,
    /// The classes that the person is in already.
    pub others: Vec<String>,
    /// Whose records these are.
    pub holder: Option<EventId>,
}

/// Particulars are to be these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of which class.
    pub class: EventId,
    /// What.
    pub particulars: Particulars,
}

/// People are put down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enroll {
    /// In which class.
    pub class: EventId,
    /// Who, as addresses have it.
    pub people: Vec<String>,
    /// Everybody who is a prospect and in no class yet, instead.
    #[serde(default)]
    pub all: bool,
}

/// Somebody is taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// From which class.
    pub class: EventId,
    /// Who, as addresses have it.
    pub person: String,
}

/// What is typed of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// In which class.
    pub class: EventId,
    /// Of whom, as addresses have it.
    pub person: String,
    /// What.
    pub typed: TypedLine,
}

/// A row as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedLine {
    /// Days attended.
    pub days: String,
    /// Study hours attended.
    pub hours: String,
    /// The mark.
    pub mark: String,
    /// The appraisal.
    pub appraisal: String,
    /// Whether it was completed.
    pub completed: Option<bool>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// What was not taken; then nothing was written.
    pub refused: Vec<Refused>,
    /// What is to be looked at.
    pub remarks: Vec<String>,
    /// What stands there now.
    pub line: PupilLine,
    /// The class's figures.
    pub sums: Sums,
}

/// Papers are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Papers {
    /// Of which class.
    pub class: EventId,
    /// How people have prepared, by the holder of their records.
    #[serde(default)]
    pub alone: BTreeMap<String, Preparation>,
    /// Of that person only, as addresses have it.
    #[serde(default)]
    pub only: Option<String>,
}

/// Carries out an order of this module.
pub(super) fn carry_out(work: &Workbench, word: &str, order: &Order<'_>) -> Option<Answer> {
    let today = order.today();
    Some(match word {
        "list" => say(&classes(work, today)),
        "show" => order
            .read()
            .and_then(|Of { class }| say(&shown(work, &class, today)?)),
        "candidates" => order.read().and_then(|look| candidates(work, &look, today)),
        "open" => order.read().and_then(|typed: Particulars| match read(typed) {
            Ok(class) => written(vec![Deed::Opened(class)], "[]".into()),
            Err(refused) => say(&refused),
        }),
        "change" => order.read().and_then(|change| changed(work, change)),
        "enroll" => order.read().and_then(|enroll| enrolled(work, enroll, today)),
        "leave" => order.read().and_then(|leave| left(work, leave)),
        "mark" => order.read().and_then(|mark| marked(work, mark, today)),
        #[cfg(feature = "exports")]
        "list-docx" | "list-xlsx" | "appraisals-docx" => order
            .read()
            .and_then(|asked| papers::write(work, word, &asked, order.now)),
        _ => return None,
    })
}

fn written(deeds: Vec<Deed>, text: String) -> Answer {
    Ok(Outcome {
        text,
        deeds,
        ..Outcome::default()
    })
}

/// A class by its id.
fn find<'w>(work: &'w Workbench, id: &EventId) -> Result<&'w Class, String> {
    let mut classes = work.classes.iter();
    let found = classes.find(|(known, _)| known == id);
    found
        .map(|(_, class)| class)
        .ok_or_else(|| "没有这个培训班，可能是在另一份数据里开的".into())
}

fn person_of(text: &str) -> Result<PersonId, String> {
    PersonId::parse(text).ok_or_else(|| "没有这个人，请刷新本页".into())
}

/// A class without those who take part.
fn empty(class: &Class) -> Class {
    Class {
        pupils: Vec::new(),
        ..class.clone()
    }
}

/// In which classes people are.
fn in_classes(work: &Workbench) -> BTreeMap<&PersonId, Vec<&str>> {
    let mut all: BTreeMap<&PersonId, Vec<&str>> = BTreeMap::new();
    for (_, class) in &work.classes {
        for pupil in &class.pupils {
            all.entry(&pupil.person).or_default().push(&class.name);
        }
    }
    all
}

/// The numbers of those who are prospects today.
fn prospects(work: &Workbench, today: Date) -> Vec<u32> {
    let standing = work.people.standing();
    standing
        .filter(|person| work.state(*person, today) == State::Prospect)
        .collect()
}

fn waiting(work: &Workbench, today: Date) -> Vec<PersonId> {
    let taken = in_classes(work);
    let ids = prospects(work, today).into_iter();
    ids.filter_map(|person| work.people.id(person))
        .filter(|id| !taken.contains_key(id))
        .collect()
}

fn classes(work: &Workbench, today: Date) -> Classes {
    let newest_first = work.classes.iter().rev();
    Classes {
        classes: newest_first
            .map(|(id, class)| Summary {
                id: id.clone(),
                class: empty(class),
                sums: class.sums(),
            })
            .collect(),
        waiting: waiting(work, today).len(),
        least: work.local.training(),
    }
}

fn shown(work: &Workbench, id: &EventId, today: Date) -> Result<Shown, String> {
    let class = find(work, id)?;
    let least = work.local.training();
    let rows = class.pupils.iter().map(|pupil| {
        let known = work.people.find(&pupil.person);
        let known = known.filter(|person| work.people.stands(*person));
        let words = |field| {
            known
                .map(|person| work.people.words(person, field).to_owned())
                .unwrap_or_default()
        };
        let state = known.map(|person| work.state(person, today));
        let mut remarks = class.remarks_of(&pupil.line, least, today);
        match state {
            None => remarks.push("名册里已经没有这个人（导入已撤销）".into()),
            Some(State::Activist | State::Applicant | State::Paused | State::Proposed) => {
                remarks.push("现在还不是发展对象；短期集中培训是对发展对象的（细则第十七条）".into());
            }
            Some(_) => {}
        }
        Row {
            person: pupil.person.to_string(),
            name: words(Field::Name),
            branch: words(Field::Branch),
            state: state.map(|state| state.label().to_owned()).unwrap_or_default(),
            holder: known.and_then(|person| work.people.holder(person).cloned()),
            line: pupil.line.clone(),
            remarks,
        }
    });
    Ok(Shown {
        rows: rows.collect(),
        sums: class.sums(),
        remarks: class.remarks(least),
        class: empty(class),
    })
}

fn candidates(work: &Workbench, look: &Look, today: Date) -> Answer {
    let class = find(work, &look.class)?;
    let inside: BTreeSet<&PersonId> = class.pupils.iter().map(|pupil| &pupil.person).collect();
    let others = in_classes(work);
    let (name, place) = (name_key(&look.words), place_key(&look.words));
    let mut found = Candidates::default();
    for person in work.people.standing() {
        let state = if name.is_empty() {
            let state = work.state(person, today);
            if state != State::Prospect {
                continue;
            }
            state
        } else {
            let words = |field| work.people.words(person, field);
            if !name_key(words(Field::Name)).contains(&name)
                && !place_key(words(Field::Branch)).contains(&place)
            {
                continue;
            }
            let state = work.state(person, today);
            if !state.is_here() {
                continue;
            }
            state
        };
        let Some(id) = work.people.id(person).filter(|id| !inside.contains(id)) else {
            continue;
        };
        found.total += 1;
        if found.people.len() < WINDOW {
            let others = others.get(&id).into_iter().flatten();
            found.people.push(Candidate {
                person: id.to_string(),
                name: work.people.words(person, Field::Name).to_owned(),
                branch: work.people.words(person, Field::Branch).to_owned(),
                state: state.label().to_owned(),
                listed: work.ledger(person).milestones(today).listed,
                others: others.map(|name| (*name).to_owned()).collect(),
                holder: work.people.holder(person).cloned(),
            });
        }
    }
    say(&found)
}

/// A whole number as people type it.
fn number(field: &'static str, text: &str) -> Result<Option<u16>, Refused> {
    let text = widths(text);
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refused {
            field: field.into(),
            reason: "请填整数".into(),
        }),
    }
}

fn refused(found: Vec<(&'static str, String)>) -> Vec<Refused> {
    let found = found.into_iter().map(|(field, reason)| Refused {
        field: field.into(),
        reason,
    });
    found.collect()
}

/// A class of what was typed.
fn read(typed: Particulars) -> Result<Class, Vec<Refused>> {
    let mut wrong = Vec::new();
    for (field, day) in [("from", typed.from), ("until", typed.until)] {
        if day.is_none() {
            wrong.push(Refused {
                field: field.into(),
                reason: "请填写日期".into(),
            });
        }
    }
    let hours = number("hours", &typed.hours).unwrap_or_else(|refused| {
        wrong.push(refused);
        None
    });
    let (Some(from), Some(until), true) = (typed.from, typed.until, wrong.is_empty()) else {
        return Err(wrong);
    };
    let class = Class {
        name: tidy(&typed.name),
        organiser: tidy(&typed.organiser),
        from,
        until,
        place: tidy(&typed.place),
        hours: hours.unwrap_or_default(),
        pupils: Vec::new(),
    };
    match class.refused() {
        wrong if wrong.is_empty() => Ok(class),
        wrong => Err(refused(wrong)),
    }
}

fn changed(work: &Workbench, change: Change) -> Answer {
    let known = empty(find(work, &change.class)?);
    match read(change.particulars) {
        Err(refused) => say(&refused),
        Ok(class) if class == known => written(Vec::new(), "[]".into()),
        Ok(class) => written(
            vec![Deed::Class {
                class: change.class,
                deed: ClassDeed::Changed(class),
            }],
            "[]".into(),
        ),
    }
}

fn enrolled(work: &Workbench, enroll: Enroll, today: Date) -> Answer {
    let class = find(work, &enroll.class)?;
    let mut people = Vec::new();
    if enroll.all {
        people = waiting(work, today);
    } else {
        for text in &enroll.people {
            let id = person_of(text)?;
            let stands = work
                .people
                .find(&id)
                .is_some_and(|person| work.people.stands(person));
            if !stands {
                return Err("名册里没有这个人，可能导入已经撤销；请刷新本页".into());
            }
            people.push(id);
        }
    }
    people.retain(|person| class.pupil(person).is_none());
    if people.is_empty() {
        return Err("没有可以加入的人".into());
    }
    if people.len() > MAX_ENROLLED {
        return Err(format!(
            "一次最多加入 {MAX_ENROLLED} 人，现在有 {} 人；请按姓名或党支部查找后分次加入",
            people.len()
        ));
    }
    let count = people.len().to_string();
    let deed = Deed::Class {
        class: enroll.class,
        deed: ClassDeed::Enrolled(people),
    };
    written(vec![deed], count)
}

fn left(work: &Workbench, leave: Leave) -> Answer {
    let person = person_of(&leave.person)?;
    if find(work, &leave.class)?.pupil(&person).is_none() {
        return Err("这个人已经不在班里，请刷新本页".into());
    }
    write(vec![Deed::Class {
        class: leave.class,
        deed: ClassDeed::Left(person),
    }])
}

fn marked(work: &Workbench, mark: Mark, today: Date) -> Answer {
    let class = find(work, &mark.class)?;
    let person = person_of(&mark.person)?;
    let known = class.pupil(&person);
    let known = &known.ok_or("这个人已经不在班里，请刷新本页")?.line;
    let mut wrong = Vec::new();
    let mut read = |field, text: &str| {
        number(field, text).unwrap_or_else(|refused| {
            wrong.push(refused);
            None
        })
    };
    let (days, hours) = (read("days", &mark.typed.days), read("hours", &mark.typed.hours));
    let line = PupilLine {
        days,
        hours,
        mark: tidy(&mark.typed.mark),
        appraisal: mark.typed.appraisal.trim().to_owned(),
        completed: mark.typed.completed,
    };
    wrong.extend(refused(line.refused()));
    if !wrong.is_empty() {
        return say(&Marked {
            refused: wrong,
            remarks: Vec::new(),
            line: known.clone(),
            sums: class.sums(),
        });
    }
    let mut now = class.clone();
    if let Some(pupil) = now.pupils.iter_mut().find(|pupil| pupil.person == person) {
        pupil.line = line.clone();
    }
    let answer = Marked {
        refused: Vec::new(),
        remarks: class.remarks_of(&line, work.local.training(), today),
        sums: now.sums(),
        line: line.clone(),
    };
    let text = serde_json::to_string(&answer).map_err(|error| error.to_string())?;
    let deed = ClassDeed::Marked { person, line };
    let is_new = answer.line != *known;
    let deeds = is_new.then_some(Deed::Class {
        class: mark.class,
        deed,
    });
    written(deeds.into_iter().collect(), text)
}
