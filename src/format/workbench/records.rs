//! Training records at the branch: unpacking archives of them, and whose they are. The records
//! themselves are in a book of their own, which the page keeps; here the people of the roster are.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `records/zip` | nothing; the archive comes as the file | [`ArchiveOpened`] |
//! | `records/unpack` | the entry to begin with | [`Portion`](crate::format::delivery::Portion), the bytes as the file |
//! | `records/proposals` | [`Ask`] | [`Proposals`] |
//! | `records/certain` | [`Ask`] | every certain one is linked; [`Linked`] |
//! | `records/link` | [`Link`] | a person of the roster is the holder of records, or no longer; [`Linked`] |

use super::{Answer, Order, Outcome, Step, say};
use crate::domain::branch::{Field, LinkProposal, People, PersonId, RosterEvent};
use crate::domain::study::EventId;
use crate::domain::workbench::{Deed, Workbench};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

#[cfg(feature = "sheets")]
use crate::format::archive::Archive;

/// Rows that an answer has at most.
pub const WINDOW: usize = 200;
/// People that one holder is shown at most.
const CHOICES: usize = 20;

/// An archive was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveOpened {
    /// How many entries it has.
    pub count: usize,
}

/// Somebody whose records are in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The holder id.
    pub id: EventId,
    /// The name; empty when it was not exported.
    pub name: String,
    /// The branch; as the name.
    pub branch: String,
    /// The number that the branch has given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Who these are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Everybody in the register of records.
    pub holders: Vec<Holder>,
}

/// Who could be whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposals {
    /// How many people the rosters have.
    pub people: usize,
    /// How many of those who were asked about are linked.
    pub linked: usize,
    /// How many are not in the rosters by name and branch.
    pub unknown: usize,
    /// How many are certain: the same name, branch and number, and nobody else's.
    pub certain: usize,
    /// How many somebody has to decide on.
    pub open: usize,
    /// The first certain ones, each with the one person.
    pub certain_rows: Vec<Proposal>,
    /// The first that somebody has to decide on.
    pub open_rows: Vec<Proposal>,
}

/// A holder of records, and who that may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The holder.
    pub holder: Holder,
    /// Who that may be.
    pub people: Vec<Choice>,
}

/// Somebody of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Who: [`PersonId`] as text.
    pub id: String,
    /// What tells them apart from others of the name: number, sex, birth, class, stage, as far as known.
    pub about: String,
}

/// A person is the holder, or nobody is any longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The person: [`PersonId`] as text.
    pub person: String,
    /// The holder; none takes the link back.
    pub holder: Option<EventId>,
}

/// How many were linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// So many.
    pub count: usize,
}

/// The archive that is being unpacked.
#[derive(Debug, Default)]
pub(super) struct Unpacking {
    #[cfg(feature = "sheets")]
    archive: Option<Archive>,
}

/// Carries out an order of this module.
pub(super) fn carry_out(
    unpacking: &mut Unpacking,
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    Some(match word {
        #[cfg(feature = "sheets")]
        "zip" => {
            step("正在打开压缩包", 0, 0);
            unpacking.open(order.bytes)
        }
        #[cfg(feature = "sheets")]
        "unpack" => {
            step("正在解压", 0, 0);
            unpacking.unpack(order.text)
        }
        "proposals" => order
            .read()
            .and_then(|ask: Ask| say(&proposals(&work.people, &ask))),
        "certain" => order.read().and_then(|ask: Ask| {
            let certain = proposed(&work.people, &ask).into_iter().filter(|one| one.certain);
            let links = certain.filter_map(|one| Some((work.people.id(*one.people.first()?)?, one.holder)));
            linked(links.map(|(person, holder)| (person, Some(holder))).collect())
        }),
        "link" => order
            .read()
            .and_then(|link: Link| linked(vec![link_of(&work.people, link)?])),
        _ => {
            // Without archives neither is used.
            let _ = (unpacking, step);
            return None;
        }
    })
}

#[cfg(feature = "sheets")]
impl Unpacking {
    fn open(&mut self, bytes: &[u8]) -> Answer {
        self.archive = None;
        let archive = Archive::open(bytes.to_vec()).map_err(|error| error.to_string())?;
        let answer = say(&ArchiveOpened {
            count: archive.count(),
        });
        self.archive = Some(archive);
        answer
    }

    fn unpack(&mut self, from: &str) -> Answer {
        let lost = || "压缩包没有读完，请再选择一次".to_owned();
        let archive = self.archive.as_mut().ok_or_else(lost)?;
        let unpacked = archive.portion(from.parse().map_err(|_| lost())?);
        let (portion, bytes) = unpacked.map_err(|error| {
            self.archive = None;
            error.to_string()
        })?;
        if portion.next.is_none() {
            self.archive = None;
        }
        Ok(Outcome {
            file: Some((bytes, "application/octet-stream")),
            ..say(&portion)?
        })
    }
}

fn proposed(people: &People, ask: &Ask) -> Vec<LinkProposal> {
    let named = ask.holders.iter().filter(|holder| !holder.name.trim().is_empty());
    people.proposals(named.map(|holder| {
        let Holder {
            id,
            name,
            branch,
            number,
        } = holder;
        (id, name.as_str(), branch.as_str(), number.as_deref())
    }))
}

fn proposals(people: &People, ask: &Ask) -> Proposals {
    let all = proposed(people, ask);
    let holders = ask.holders.iter().map(|holder| (&holder.id, holder));
    let holders: HashMap<&EventId, &Holder> = holders.collect();
    let linked = ask
        .holders
        .iter()
        .filter(|holder| people.held_by(&holder.id).is_some())
        .count();
    let rows = |certain: bool| {
        let rows = all.iter().filter(|one| one.certain == certain);
        let rows = rows.filter_map(|one| {
            Some(Proposal {
                holder: (*holders.get(&one.holder)?).clone(),
                people: one
                    .people
                    .iter()
                    .take(CHOICES)
                    .filter_map(|person| choice(people, *person))
                    .collect(),
            })
        });
        rows.take(WINDOW).collect()
    };
    let certain = all.iter().filter(|one| one.certain).count();
    Proposals {
        people: people.standing().count(),
        linked,
        unknown: ask.holders.len().saturating_sub(linked + all.len()),
        certain,
        open: all.len() - certain,
        certain_rows: rows(true),
        open_rows: rows(false),
    }
}

fn choice(people: &People, person: u32) -> Option<Choice> {
    const TELLING: [Field; 5] = [
        Field::Number,
        Field::Sex,
        Field::Birth,
        Field::Class,
        Field::Stage,
    ];
    let shown = TELLING.into_iter().map(|field| people.shown(person, field));
    let about: Vec<String> = shown.filter(|shown| !shown.is_empty()).collect();
    Some(Choice {
        id: people.id(person)?.to_string(),
        about: match about.is_empty() {
            true => people.shown(person, Field::Name),
            false => about.join("，"),
        },
    })
}

/// What is to be linked, if it may be.
fn link_of(people: &People, link: Link) -> Result<(PersonId, Option<EventId>), String> {
    let gone = "名册里没有这个人，可能导入已经撤销；请刷新本页";
    let person = PersonId::parse(&link.person).ok_or(gone)?;
    let number = people
        .find(&person)
        .filter(|number| people.stands(*number))
        .ok_or(gone)?;
    if let Some(holder) = &link.holder {
        match people.held_by(holder) {
            Some(other) if other != number => {
                return Err(format!(
                    "这份记录已经对应到名册里的另一个人（{}）",
                    people.shown(other, Field::Name)
                ));
            }
            _ => {}
        }
        if people.holder(number).is_some_and(|other| other != holder) {
            return Err("名册里的这个人已经对应了另一份记录".into());
        }
    }
    Ok((person, link.holder))
}

fn linked(links: Vec<(PersonId, Option<EventId>)>) -> Answer {
    let count = links.len();
    let deeds = links
        .into_iter()
        .map(|(person, holder)| Deed::Roster(RosterEvent::Linked { person, holder }));
    Ok(Outcome {
        deeds: deeds.collect(),
        ..say(&Linked { count })?
    })
}
