//! The orders of a person's page: what is shown, what is refused, what is written.

#![cfg(feature = "upward")]
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use proptest::prelude::*;
use xuedang::domain::branch::{Field, Import, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::due::facts::{Fitness, Mentor, Notice, Sponsor};
use xuedang::domain::due::workdays::Holidays;
use xuedang::domain::standing::judge::Weight;
use xuedang::domain::standing::{Act, Change, Decider, Kind, Organ, State, Transition};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::{Deed, Fact, Workbench};
use xuedang::format::workbench::person::{
    Ask, DueStands, Holder, Holders, Judged, Link, Many, Note, Origin, Proposals, Said, Shown, Stand, Strike,
    Unnote,
};
use xuedang::format::workbench::{Answer, Bench, Order};

const TODAY: &str = "2026-11-25";

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn moment(on: &str) -> Moment {
    Moment {
        ms: day(on).days() * 86_400_000,
        tz: 0,
    }
}

/// A workbench to which deeds are done, one after the other.
#[derive(Default)]
struct Desk {
    work: Workbench,
    seq: u64,
}

impl Desk {
    fn with(people: &[&[(Field, &str)]]) -> Self {
        let mut desk = Self::default();
        desk.take(import(people));
        desk
    }

    fn take(&mut self, what: Deed) -> EventId {
        self.seq += 1;
        let event = event(self.seq, what);
        self.work.apply(&event);
        event.id
    }

    fn ask(&self, what: &str, order: &impl serde::Serialize) -> Answer {
        let text = serde_json::to_string(order).unwrap();
        let order = Order {
            what,
            text: &text,
            bytes: &[],
            now: moment(TODAY),
        };
        Bench::default()
            .carry_out(&self.work, &order, &mut |_, _, _| {})
            .unwrap()
    }

    /// Carries out an order and does what it comes to.
    fn order(&mut self, what: &str, order: &impl serde::Serialize) -> Result<Vec<EventId>, String> {
        let outcome = self.ask(what, order)?;
        Ok(outcome.deeds.into_iter().map(|deed| self.take(deed)).collect())
    }

    fn look<A: serde::de::DeserializeOwned>(&self, what: &str, order: &impl serde::Serialize) -> A {
        let outcome = self.ask(what, order).unwrap();
        assert_eq!(outcome.deeds, [], "{what} only looks");
        serde_json::from_str(&outcome.text).unwrap()
    }

    fn show(&self, n: u32) -> Shown {
        let ask = Ask {
            person: person(n),
            holidays: Holidays::default(),
        };
        self.look("person/show", &ask)
    }

    fn judge(&self, n: u32, change: &Change) -> Vec<Said> {
        self.look("person/judge", &stand(n, change, &[]))
    }

    /// Writes a decision, whatever warnings there are.
    fn stood(&mut self, n: u32, change: &Change) -> Result<EventId, String> {
        let seen: Vec<String> = self.judge(n, change).into_iter().map(|said| said.text).collect();
        let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
        let ids = self.order("person/stood", &stand(n, change, &seen))?;
        Ok(ids[0].clone())
    }

    fn noted(&mut self, n: u32, fact: Fact) -> Result<EventId, String> {
        let note = Note {
            person: person(n),
            fact,
        };
        Ok(self.order("person/noted", &note)?.remove(0))
    }
}

fn event(seq: u64, what: Deed) -> Event<Deed> {
    Event {
        v: 3,
        id: EventId(format!("01J{seq:023}")),
        seq,
        at: moment(TODAY),
        what,
    }
}

fn import(people: &[&[(Field, &str)]]) -> Deed {
    let mut fields: Vec<Field> = people
        .iter()
        .flat_map(|row| row.iter().map(|(field, _)| *field))
        .collect();
    fields.sort_unstable();
    fields.dedup();
    let mut lot = Lot::new(fields.clone());
    lot.sheets.push("2026年".into());
    for (person, row) in people.iter().zip(6..) {
        let values: Vec<u32> = fields
            .iter()
            .map(|field| {
                let text = person
                    .iter()
                    .find(|(known, _)| known == field)
                    .map(|(_, text)| *text);
                match text {
                    None => 0,
                    Some(text) => match Date::parse(text) {
                        Some(date) => When::day(date).unwrap().bits(),
                        None => lot.texts.intern(text),
                    },
                }
            })
            .collect();
        lot.push(Place { sheet: 0, row }, &values);
    }
    Deed::Roster(RosterEvent::Imported(Box::new(Import {
        file: "名册.xls".into(),
        new: lot,
        ..Import::default()
    })))
}

fn person(n: u32) -> PersonId {
    PersonId {
        import: event(1, Deed::Named(String::new())).id,
        n,
    }
}

fn change(on: &str, what: Transition) -> Change {
    Change {
        on: day(on),
        by: Decider {
            organ: what.kind().usual(),
            name: "第一党支部".into(),
        },
        what,
        reason: "会议决定".into(),
    }
}

fn stand(n: u32, change: &Change, seen: &[&str]) -> Stand {
    Stand {
        person: person(n),
        change: change.clone(),
        seen: seen.iter().map(|text| (*text).to_owned()).collect(),
    }
}

const NAME: (Field, &str) = (Field::Name, "周𠮷喆");

#[test]
fn everything_known_is_shown_with_where_it_came_from() {
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2026-03-10"), (Field::Post, "班长")]]);
    let correct = |value: &str| {
        Deed::Roster(RosterEvent::Corrected {
            person: person(0),
            field: Field::Post,
            value: value.into(),
        })
    };
    desk.take(correct("学习委员"));
    let shown = desk.show(0);
    assert_eq!((shown.name.as_str(), shown.stands), ("周𠮷喆", true));
    assert_eq!(shown.fields.len(), Field::ALL.len());
    let field = |shown: &Shown, field| {
        shown
            .fields
            .iter()
            .find(|line| line.field == field)
            .unwrap()
            .clone()
    };
    let name = field(&shown, Field::Name);
    assert_eq!(
        name.source.unwrap().label(),
        "名册.xls 工作表“2026年”第 6 行，2026年11月25日导入"
    );
    let post = field(&shown, Field::Post);
    assert_eq!(post.text, "学习委员");
    assert_eq!(post.source, Some(Origin::Hand(day(TODAY))));
    assert_eq!(post.past.len(), 1);
    assert_eq!(
        (post.past[0].before.as_str(), post.past[0].after.as_str()),
        ("班长", "学习委员")
    );
    // Emptied by hand: where that came from is still said.
    desk.take(correct("无"));
    let post = field(&desk.show(0), Field::Post);
    assert_eq!((post.text.as_str(), post.past.len()), ("", 2));
    assert_eq!(post.source, Some(Origin::Hand(day(TODAY))));
    let origin = field(&shown, Field::Origin);
    assert_eq!(
        (origin.text.as_str(), origin.source, origin.past.len()),
        ("", None, 0)
    );
}

#[test]
fn the_whole_way_is_written_decision_by_decision() {
    let mut desk = Desk::with(&[&[NAME]]);
    let way = [
        ("2022-03-01", Transition::Applied, State::Applicant),
        ("2022-06-01", Transition::Confirmed, State::Activist),
        ("2022-10-01", Transition::Paused, State::Paused),
        ("2022-12-01", Transition::Resumed, State::Activist),
        ("2023-09-01", Transition::Proposed, State::Proposed),
        ("2023-09-10", Transition::Returned, State::Activist),
        ("2023-10-01", Transition::Proposed, State::Proposed),
        ("2023-11-01", Transition::Listed, State::Prospect),
        ("2023-12-01", Transition::Admitted, State::Admitted),
        ("2023-12-10", Transition::NotAdmitted, State::Prospect),
        ("2024-03-01", Transition::Admitted, State::Admitted),
        ("2024-05-01", Transition::Approved, State::Probationer),
        (
            "2025-03-02",
            Transition::Extended {
                until: day("2025-09-01"),
            },
            State::Extended,
        ),
        ("2025-09-02", Transition::PassedFull, State::FullPending),
        (
            "2025-10-01",
            Transition::Full {
                since: Some(day("2025-09-01")),
            },
            State::Member,
        ),
        (
            "2026-01-01",
            Transition::MovedOut {
                to: " 校 本部 ".into(),
            },
            State::MovedOut,
        ),
        (
            "2026-06-01",
            Transition::MovedIn {
                from: "校本部".into(),
                state: State::Member,
                confirmed: None,
                admitted: None,
            },
            State::Member,
        ),
    ];
    for (on, what, state) in way {
        let kind = what.kind();
        let before = desk.show(0);
        assert!(before.fits.contains(&kind), "{kind:?} fits to {:?}", before.state);
        desk.stood(0, &change(on, what)).unwrap();
        let shown = desk.show(0);
        assert_eq!(shown.state, state, "{kind:?}");
        let led = shown.led.unwrap();
        assert_eq!(led.since, day(on));
        assert_eq!(led.by.unwrap().organ, kind.usual());
        assert!(shown.history.iter().all(|line| line.contradicts.is_none()));
    }
    let shown = desk.show(0);
    assert_eq!(shown.history.len(), 17);
    let moved = shown
        .history
        .iter()
        .find(|line| line.change.what.kind() == Kind::MovedOut);
    assert_eq!(moved.unwrap().change.what.particulars(), "转到：校本部");
    assert_eq!(shown.due, [], "nothing is due for a member");
}

#[test]
fn the_ways_out_are_written_with_a_reason() {
    for (state, what, end) in [
        ("入党积极分子", Transition::Removed, State::Removed),
        ("入党积极分子", Transition::Withdrew, State::Withdrawn),
        ("预备党员", Transition::Cancelled, State::Cancelled),
    ] {
        let mut desk = Desk::with(&[&[NAME, (Field::Stage, state)]]);
        let mut change = change(TODAY, what);
        change.reason = " \n ".into();
        let why = desk.stood(0, &change).unwrap_err();
        assert!(why.contains("要写明原因"), "{why}");
        change.reason = "本人情况有变化".into();
        desk.stood(0, &change).unwrap();
        assert_eq!(desk.show(0).state, end);
    }
}

#[test]
fn what_cannot_be_is_refused_and_a_minimum_blocks_with_its_article() {
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2026-03-10")]]);
    let listed = change("2026-11-20", Transition::Listed);
    let said = desk.judge(0, &listed);
    assert_eq!(said[0].weight, Weight::Interval);
    assert_eq!(
        said[0].article.as_deref(),
        Some("发展党员工作细则（2026年）第十三条")
    );
    let why = desk.stood(0, &listed).unwrap_err();
    assert!(why.contains("到2027年3月10日才满一年"), "{why}");
    let refused = |desk: &mut Desk, change: &Change, text: &str| {
        let why = desk.stood(0, change).unwrap_err();
        assert!(why.contains(text), "{text} not in {why}");
        assert!(desk.judge(0, change)[0].blocks());
    };
    refused(&mut desk, &change("2026-11-26", Transition::Paused), "还没有到");
    refused(&mut desk, &change(TODAY, Transition::Resumed), "接不上");
    refused(
        &mut desk,
        &change(
            TODAY,
            Transition::MovedOut {
                to: "\u{200b} ".into(),
            },
        ),
        "请写明转到哪个党组织",
    );
    refused(
        &mut desk,
        &change(TODAY, Transition::MovedOut { to: "长".repeat(61) }),
        "最多60字",
    );
    // Somewhere in the middle of a list nobody may be put further by hand than decisions led.
    let registered = Transition::Registered {
        state: State::Prospect,
    };
    refused(&mut desk, &change(TODAY, registered), "接不上“登记现状”");
    assert_eq!(desk.show(0).history.len(), 1, "nothing was written");
    let nobody = stand(7, &listed, &[]);
    assert!(
        desk.ask("person/stood", &nobody)
            .unwrap_err()
            .contains("没有这个人")
    );
}

#[test]
fn a_warning_is_written_only_when_it_was_seen() {
    let mut desk = Desk::with(&[&[NAME, (Field::Applied, "2026-01-10")]]);
    let mut confirmed = change("2026-03-10", Transition::Confirmed);
    confirmed.by.organ = Organ::Person;
    let said = desk.judge(0, &confirmed);
    assert_eq!((said.len(), said[0].weight), (1, Weight::Warning));
    let why = desk.ask("person/stood", &stand(0, &confirmed, &[])).unwrap_err();
    assert!(why.contains("请再看一遍"), "{why}");
    let other = stand(0, &confirmed, &["别的提醒"]);
    assert!(desk.ask("person/stood", &other).is_err());
    desk.stood(0, &confirmed).unwrap();
    assert_eq!(desk.show(0).state, State::Activist);
}

#[test]
fn the_unit_may_ask_for_more_and_then_that_is_said() {
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2025-09-01")]]);
    let draft = xuedang::domain::due::local::Draft {
        cultivation_months: Some(18),
        ..Default::default()
    };
    desk.take(Deed::Arranged(
        xuedang::domain::due::local::Local::new(draft).unwrap(),
    ));
    let said = desk.judge(0, &change("2026-10-10", Transition::Listed));
    assert!(said.iter().all(|said| !said.blocks()));
    assert!(
        said.iter()
            .any(|said| said.text == "本单位规定培养满18个月，到2027年3月1日才满"),
        "{said:?}"
    );
}

#[test]
fn what_a_roster_says_is_marked_and_gives_way() {
    let mut desk = Desk::with(&[&[
        NAME,
        (Field::Applied, "2025-01-05"),
        (Field::Confirmed, "2025-06-01"),
    ]]);
    let shown = desk.show(0);
    assert_eq!(shown.led.as_ref().unwrap().by, None, "only the roster says so");
    assert!(
        shown
            .history
            .iter()
            .all(|line| line.id.is_none() && line.written.is_none())
    );
    assert_eq!(shown.history[1].field, Some(Field::Confirmed));
    // The decision itself, from the minutes.
    desk.stood(0, &change("2025-06-15", Transition::Confirmed))
        .unwrap();
    let shown = desk.show(0);
    assert_eq!(shown.history.len(), 2);
    assert_eq!(shown.led.unwrap().since, day("2025-06-15"));
    // Removed and confirmed anew: the roster's is the first of two.
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2024-06-01")]]);
    desk.stood(0, &change("2025-01-10", Transition::Removed)).unwrap();
    desk.stood(0, &change("2026-01-10", Transition::Confirmed))
        .unwrap();
    let shown = desk.show(0);
    assert_eq!((shown.history.len(), shown.state), (3, State::Activist));
    assert!(
        shown.history.iter().all(|line| line.contradicts.is_none()),
        "{:?}",
        shown.history
    );
}

#[test]
fn a_stage_without_days_is_a_beginning_and_never_lost() {
    // Known from the list only as an activist, since the day of the import.
    let mut desk = Desk::with(&[&[NAME, (Field::Stage, "积极分子")]]);
    desk.stood(0, &change(TODAY, Transition::Paused)).unwrap();
    assert_eq!(desk.show(0).state, State::Paused);
    let shown = desk.show(0);
    assert_eq!(shown.history.len(), 2, "{:?}", shown.history);
    // What led there is written down afterwards, and puts nobody back.
    let mut desk = Desk::with(&[&[NAME, (Field::Stage, "发展对象")]]);
    desk.stood(0, &change("2025-01-10", Transition::Applied)).unwrap();
    assert_eq!(desk.show(0).state, State::Prospect);
    desk.stood(0, &change("2025-06-10", Transition::Confirmed))
        .unwrap();
    assert_eq!(desk.show(0).state, State::Prospect);
    desk.stood(0, &change("2026-10-10", Transition::Listed)).unwrap();
    let shown = desk.show(0);
    assert_eq!((shown.state, shown.history.len()), (State::Prospect, 3));
    assert!(
        shown
            .history
            .iter()
            .all(|line| line.id.is_some() && line.contradicts.is_none())
    );
    // What people have written counts, whatever an old list says.
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2025-06-01"), (Field::Stage, "发展对象")]]);
    desk.stood(0, &change("2026-10-10", Transition::Removed)).unwrap();
    assert_eq!(desk.show(0).state, State::Removed);
    // Approved later than the list has it: no contradiction is made up.
    let mut desk = Desk::with(&[&[
        NAME,
        (Field::Prospect, "2025-06-01"),
        (Field::Admitted, "2026-03-01"),
    ]]);
    assert_eq!(desk.show(0).state, State::Probationer);
    desk.stood(0, &change("2026-04-01", Transition::Approved))
        .unwrap();
    let shown = desk.show(0);
    assert_eq!((shown.state, shown.history.len()), (State::Probationer, 3));
    assert!(shown.history.iter().all(|line| line.contradicts.is_none()));
}

#[test]
fn an_entry_is_struck_out_with_a_reason_and_stays() {
    let mut desk = Desk::with(&[&[NAME, (Field::Confirmed, "2025-06-01")]]);
    let paused = desk.stood(0, &change("2026-01-10", Transition::Paused)).unwrap();
    let resumed = desk.stood(0, &change("2026-03-10", Transition::Resumed)).unwrap();
    let strike = |entry: &EventId, reason: &str| Strike {
        person: person(0),
        entry: entry.clone(),
        reason: reason.into(),
    };
    let why = desk
        .order("person/strike", &strike(&paused, "填错人"))
        .unwrap_err();
    assert!(why.contains("划掉以后，2026年3月10日的“恢复培养”接不上"), "{why}");
    let why = desk.order("person/strike", &strike(&resumed, "  ")).unwrap_err();
    assert!(why.contains("请写明为什么划掉"), "{why}");
    let long = "长".repeat(501);
    assert!(desk.order("person/strike", &strike(&resumed, &long)).is_err());
    desk.order("person/strike", &strike(&resumed, "填错人")).unwrap();
    desk.order("person/strike", &strike(&paused, "填错人")).unwrap();
    assert!(
        desk.order("person/strike", &strike(&paused, "填错人")).is_err(),
        "once"
    );
    let shown = desk.show(0);
    assert_eq!((shown.state, shown.history.len()), (State::Activist, 3));
    let struck = shown.history.iter().filter(|line| line.struck.is_some());
    let reasons: Vec<_> = struck.map(|line| line.struck.clone().unwrap()).collect();
    assert_eq!(reasons, vec![(day(TODAY), "填错人".to_owned()); 2]);
    // What a roster says cannot be struck out, and comes back where a decision took its place.
    let said = strike(&EventId(String::new()), "填错");
    assert!(desk.order("person/strike", &said).is_err());
    let confirmed = desk
        .stood(0, &change("2025-06-15", Transition::Confirmed))
        .unwrap();
    desk.stood(0, &change("2026-07-01", Transition::Proposed))
        .unwrap();
    desk.order("person/strike", &strike(&confirmed, "会议记录是6月1日"))
        .unwrap();
    let shown = desk.show(0);
    assert_eq!(shown.state, State::Proposed);
    assert!(
        shown
            .history
            .iter()
            .any(|line| line.id.is_none() && line.change.on == day("2025-06-01"))
    );
}

#[test]
fn the_same_decision_is_written_for_all_or_for_none() {
    let row = |name: &'static str| [(Field::Name, name), (Field::Confirmed, "2025-06-01")];
    let mut desk = Desk::with(&[
        &row("甲"),
        &row("乙"),
        &[(Field::Name, "丙"), (Field::Applied, "2026-10-01")],
    ]);
    let many = |people: &[u32], change: &Change, warned| Many {
        people: people.iter().map(|n| person(*n)).collect(),
        change: change.clone(),
        warned,
    };
    let listed = change("2026-11-20", Transition::Listed);
    let judged: Judged = desk.look("person/judge-many", &many(&[0, 1, 2, 1], &listed, false));
    assert_eq!((judged.all, judged.refused, judged.warned), (3, 1, 2));
    assert_eq!(judged.people[0].name, "丙", "the refused first");
    let why = desk
        .order("person/stood-many", &many(&[0, 1, 2], &listed, true))
        .unwrap_err();
    assert!(
        why.contains("一个也没有记下，3 人中有 1 人不能这样记。丙："),
        "{why}"
    );
    let why = desk
        .order("person/stood-many", &many(&[0, 1], &listed, false))
        .unwrap_err();
    assert!(why.contains("有 2 人的提醒还没有看过"), "{why}");
    assert!(
        desk.order("person/stood-many", &many(&[], &listed, true))
            .is_err()
    );
    let why = desk
        .order("person/stood-many", &many(&[0, 9], &listed, true))
        .unwrap_err();
    assert!(why.contains("名册里没有这个人"), "{why}");
    assert_eq!(desk.show(0).state, State::Activist, "none was written");
    let ids = desk
        .order("person/stood-many", &many(&[1, 0, 1], &listed, true))
        .unwrap();
    assert_eq!(ids.len(), 2, "each once");
    assert_eq!(
        (desk.show(0).state, desk.show(1).state),
        (State::Prospect, State::Prospect)
    );
    assert_eq!(desk.show(2).state, State::Applicant);
    let crowd = Many {
        people: (0..10_001).map(person).collect(),
        change: listed,
        warned: true,
    };
    assert!(
        desk.ask("person/stood-many", &crowd)
            .unwrap_err()
            .contains("一次最多记 10000 人")
    );
}

#[test]
fn facts_are_written_and_change_what_is_due() {
    let mut desk = Desk::with(&[&[
        NAME,
        (Field::Applied, "2025-10-05"),
        (Field::Confirmed, "2026-03-10"),
    ]]);
    let codes = |desk: &Desk| -> Vec<String> { desk.show(0).due.into_iter().map(|line| line.code).collect() };
    assert!(
        codes(&desk).contains(&"mentor-none".to_owned()),
        "{:?}",
        codes(&desk)
    );
    assert!(codes(&desk).contains(&"talk".to_owned()));
    let overdue = desk
        .show(0)
        .due
        .into_iter()
        .find(|line| line.code == "review-overdue")
        .unwrap();
    assert!(matches!(overdue.stands, DueStands::Overdue(_)), "{overdue:?}");
    assert_eq!(
        overdue.article.as_deref(),
        Some("发展党员工作细则（2026年）第十一条")
    );
    desk.noted(0, Fact::Talked(day("2025-10-20"))).unwrap();
    let reviewed = desk
        .noted(
            0,
            Fact::Reviewed {
                on: day("2026-09-08"),
                words: " 继续培养 ".into(),
            },
        )
        .unwrap();
    let mentors = vec![
        Mentor {
            name: " 王 建国 ".into(),
            since: Some(day("2026-03-10")),
            full_member: Some(true),
            ..Mentor::default()
        },
        Mentor {
            name: "李梅".into(),
            ..Mentor::default()
        },
    ];
    desk.noted(0, Fact::Mentors(mentors)).unwrap();
    let after = codes(&desk);
    for gone in ["talk", "mentor-none", "review-overdue"] {
        assert!(!after.contains(&gone.to_owned()), "{gone} in {after:?}");
    }
    let shown = desk.show(0);
    assert_eq!(shown.mentors[0].name, "王建国");
    assert_eq!(
        shown
            .notes
            .iter()
            .find(|line| matches!(line.fact, Fact::Mentors(_)))
            .unwrap()
            .fact
            .particulars(),
        "王建国（2026年3月10日起，正式党员）；李梅"
    );
    assert_eq!(
        shown
            .notes
            .iter()
            .find(|line| line.id == reviewed)
            .unwrap()
            .fact
            .particulars(),
        "继续培养"
    );
    // The same once only; struck out it counts no longer and stays to be read.
    let again = desk.noted(0, Fact::Talked(day("2025-10-20")));
    assert_eq!(again.unwrap_err(), "已经记过同样的一条");
    let unnote = Unnote {
        person: person(0),
        note: reviewed.clone(),
    };
    desk.order("person/unnoted", &unnote).unwrap();
    assert!(desk.order("person/unnoted", &unnote).is_err(), "once");
    assert!(codes(&desk).contains(&"review-overdue".to_owned()));
    let line = desk
        .show(0)
        .notes
        .into_iter()
        .find(|line| line.id == reviewed)
        .unwrap();
    assert_eq!((line.struck, line.replaced), (Some(day(TODAY)), false));
    // Three mentors are written, and it is said that there should not be.
    let three = ["王建国", "李梅", "赵军"].map(|name| Mentor {
        name: name.into(),
        ..Mentor::default()
    });
    desk.noted(0, Fact::Mentors(three.to_vec())).unwrap();
    assert!(codes(&desk).contains(&"mentor-many".to_owned()));
    let replaced = desk.show(0).notes.into_iter().filter(|line| line.replaced);
    assert_eq!(replaced.count(), 1, "the mentors of before count no longer");
}

#[test]
fn facts_that_cannot_be_are_refused_with_their_field() {
    let today = day(TODAY);
    let wrong = |fact: Fact, field: &str, text: &str| {
        let wrong = fact.checked(today).unwrap_err();
        assert_eq!(wrong.field, field, "{wrong:?}");
        assert!(wrong.message.contains(text), "{wrong:?}");
    };
    let tomorrow = today.add_days(1);
    for fact in [
        Fact::Talked(tomorrow),
        Fact::ThoughtReport(tomorrow),
        Fact::MentorNote(tomorrow),
        Fact::Agreed(tomorrow),
        Fact::Prereviewed(tomorrow),
        Fact::Sworn(tomorrow),
        Fact::Requested(tomorrow),
        Fact::Reviewed {
            on: tomorrow,
            words: String::new(),
        },
    ] {
        wrong(fact, "date", "晚于今天");
    }
    assert!(Fact::Leaving(tomorrow).checked(today).is_ok(), "said beforehand");
    wrong(Fact::Leaving(day("2226-11-25")), "date", "核对年份");
    wrong(
        Fact::Reviewed {
            on: today,
            words: "长".repeat(501),
        },
        "words",
        "最多500字",
    );
    let notice = |from, until: Option<Date>| {
        Fact::Notice(Notice {
            from,
            until,
            both_places: true,
        })
    };
    assert!(
        notice(today, Some(today.add_days(7))).checked(today).is_ok(),
        "it still runs"
    );
    assert!(notice(today, None).checked(today).is_ok());
    wrong(notice(today, Some(today.add_days(-1))), "until", "早于开始");
    wrong(notice(tomorrow, None), "date", "晚于今天");
    let mentor = |name: &str, since: Option<&str>, until: Option<&str>| Mentor {
        name: name.into(),
        since: since.map(day),
        until: until.map(day),
        ..Mentor::default()
    };
    wrong(
        Fact::Mentors(vec![mentor("王", None, None), mentor(" ", None, None)]),
        "mentor-1-name",
        "请填",
    );
    wrong(
        Fact::Mentors(vec![mentor(&"长".repeat(41), None, None)]),
        "mentor-0-name",
        "最多40",
    );
    wrong(
        Fact::Mentors(vec![mentor("王", Some("2026-03-01"), Some("2026-02-01"))]),
        "mentor-0-until",
        "早于开始",
    );
    wrong(
        Fact::Mentors(vec![mentor("王", Some("2026-11-26"), None)]),
        "mentor-0-since",
        "晚于今天",
    );
    wrong(
        Fact::Mentors(vec![
            mentor("王", None, None),
            mentor("王 ", Some("2026-01-01"), None),
        ]),
        "mentor-1-name",
        "写了两遍",
    );
    let twice = vec![
        mentor("王", Some("2024-01-01"), Some("2024-12-31")),
        mentor("王", Some("2026-01-01"), None),
    ];
    assert!(Fact::Mentors(twice).checked(today).is_ok(), "served twice");
    let crowd = vec![mentor("王", None, None); 13];
    wrong(Fact::Mentors(crowd), "mentor-0-name", "最多记12名");
    let sponsor = |name: &str| Sponsor {
        name: name.into(),
        fitness: Fitness::NotAdvisable,
        full_member: Some(true),
    };
    wrong(
        Fact::Sponsors(vec![sponsor("王"), sponsor("王")]),
        "sponsor-1-name",
        "写了两遍",
    );
    wrong(
        Fact::Sponsors(vec![sponsor("王"); 5]),
        "sponsor-0-name",
        "最多记4名",
    );
    assert_eq!(
        Fact::Sponsors(vec![sponsor("王")]).particulars(),
        "王（受处分还在影响期内，不宜担任，正式党员）"
    );
    assert_eq!(Fact::Mentors(Vec::new()).particulars(), "没有");
}

#[test]
fn a_record_is_linked_by_people_and_to_one_person_only() {
    let branch = (Field::Branch, "第一党支部");
    let mut desk = Desk::with(&[
        &[NAME, branch, (Field::Number, "2023001")],
        &[NAME, branch, (Field::Number, "2023002")],
        &[(Field::Name, "李四"), branch],
    ]);
    let holder = |id: &str, branch: &str, number: Option<&str>| Holder {
        id: EventId(id.into()),
        name: "周𠮷喆".into(),
        branch: branch.into(),
        number: number.map(str::to_owned),
    };
    let holders = Holders {
        person: person(0),
        holders: vec![
            holder("A", "第一党支部", Some("2023001")),
            holder("B", "第一党支部", Some("2023002")),
            holder("C", "第一党支部", None),
            holder("D", "第二党支部", Some("2023001")),
        ],
    };
    let found: Proposals = desk.look("person/proposals", &holders);
    let ids = |ids: &[&str]| -> Vec<EventId> { ids.iter().map(|id| EventId((*id).into())).collect() };
    assert_eq!(found.certain, ids(&["A"]));
    assert_eq!(found.possible, ids(&["C"]));
    assert_eq!(found.namesakes, ids(&["D"]), "B is certainly somebody else's");
    let link = |n: u32, holder: Option<&str>| Link {
        person: person(n),
        holder: holder.map(|id| EventId(id.into())),
    };
    desk.order("person/link", &link(0, Some("A"))).unwrap();
    assert_eq!(desk.show(0).holder, Some(EventId("A".into())));
    let none: Proposals = desk.look("person/proposals", &holders);
    assert_eq!(none, Proposals::default(), "linked already");
    let why = desk.order("person/link", &link(1, Some("A"))).unwrap_err();
    assert!(why.contains("已经关联到周𠮷喆（第一党支部）"), "{why}");
    assert!(desk.order("person/link", &link(0, Some("C"))).is_err());
    desk.order("person/link", &link(0, None)).unwrap();
    assert!(desk.order("person/link", &link(0, None)).is_err());
    assert_eq!(desk.show(0).holder, None);
    desk.order("person/link", &link(1, Some("A"))).unwrap();
}

#[test]
fn nothing_is_written_of_whom_an_undone_import_brought() {
    let mut desk = Desk::with(&[&[NAME]]);
    desk.take(Deed::Roster(RosterEvent::Undone {
        import: person(0).import,
    }));
    assert!(!desk.show(0).stands);
    let why = desk.stood_refused(&change(TODAY, Transition::Applied));
    assert!(why.contains("已经撤销"), "{why}");
    assert!(
        desk.noted(0, Fact::Talked(day(TODAY)))
            .unwrap_err()
            .contains("已经撤销")
    );
}

impl Desk {
    fn stood_refused(&self, change: &Change) -> String {
        self.ask("person/stood", &stand(0, change, &[])).unwrap_err()
    }
}

fn any_kind() -> impl Strategy<Value = Transition> {
    let state = (1..State::ALL.len()).prop_map(|at| State::ALL[at]);
    (0..Kind::ALL.len(), state).prop_map(|(at, state)| match Kind::ALL[at] {
        Kind::Registered => Transition::Registered { state },
        Kind::Applied => Transition::Applied,
        Kind::Withdrew => Transition::Withdrew,
        Kind::Confirmed => Transition::Confirmed,
        Kind::Paused => Transition::Paused,
        Kind::Resumed => Transition::Resumed,
        Kind::Removed => Transition::Removed,
        Kind::Proposed => Transition::Proposed,
        Kind::Listed => Transition::Listed,
        Kind::Returned => Transition::Returned,
        Kind::Admitted => Transition::Admitted,
        Kind::NotAdmitted => Transition::NotAdmitted,
        Kind::Approved => Transition::Approved,
        Kind::Extended => Transition::Extended {
            until: day("2026-10-01"),
        },
        Kind::PassedFull => Transition::PassedFull,
        Kind::Full => Transition::Full { since: None },
        Kind::Cancelled => Transition::Cancelled,
        Kind::MovedOut => Transition::MovedOut { to: "别处".into() },
        Kind::MovedIn => Transition::MovedIn {
            from: "别处".into(),
            state,
            confirmed: None,
            admitted: None,
        },
    })
}

/// What a roster may say of somebody.
fn any_roster() -> impl Strategy<Value = Vec<(Field, &'static str)>> {
    let fields = prop::sample::subsequence(
        vec![
            (Field::Applied, "2022-03-01"),
            (Field::Confirmed, "2022-06-10"),
            (Field::Prospect, "2023-09-01"),
            (Field::Admitted, "2024-01-10"),
            (Field::Full, "2025-01-15"),
        ],
        0..=5,
    );
    let stage = prop::option::of(prop::sample::select(vec![
        (Field::Stage, "积极分子"),
        (Field::Stage, "发展对象"),
        (Field::Stage, "预备党员"),
    ]));
    (fields, stage).prop_map(|(mut fields, stage)| {
        fields.extend(stage);
        fields.push(NAME);
        fields
    })
}

proptest! {
    /// Two devices write without knowing of each other: whatever the order in which their events come
    /// together, every entry is there once, and the same ones contradict.
    #[test]
    fn two_devices_lose_nothing(
        events in prop::collection::vec((any_kind(), 18_500i64..20_700, any::<bool>()), 0..14),
        turn in any::<prop::sample::Index>(),
    ) {
        let base = import(&[&[NAME]]);
        let mut deeds: Vec<Event<Deed>> = Vec::new();
        for ((what, on, second), at) in events.into_iter().zip(2u64..) {
            let on = Date::from_days(on).unwrap();
            let mut event = event(at, Deed::Stood {
                person: person(0),
                act: Act::Changed(Change { on, ..change("2020-01-01", what) }),
            });
            event.id = EventId(format!("01{}{at:023}", if second { 'K' } else { 'J' }));
            deeds.push(event);
        }
        let fold = |deeds: &[Event<Deed>]| {
            let mut work = Workbench::default();
            work.apply(&event(1, base.clone()));
            for deed in deeds {
                work.apply(deed);
                work.apply(deed);
            }
            work
        };
        let mut turned = deeds.clone();
        if !turned.is_empty() {
            let by = turn.index(turned.len());
            turned.rotate_left(by);
        }
        let shown = |work: Workbench| {
            let desk = Desk { work, seq: 100 };
            let mut ids: Vec<EventId> = desk.show(0).history.into_iter().filter_map(|line| line.id).collect();
            ids.sort();
            ids
        };
        let mut all: Vec<EventId> = deeds.iter().map(|event| event.id.clone()).collect();
        all.sort();
        prop_assert_eq!(shown(fold(&deeds)), all.clone());
        prop_assert_eq!(shown(fold(&turned)), all);
    }

    /// Whatever a roster says and people write by the orders: what is accepted contradicts nothing, and
    /// no decision that was written is ever missing.
    #[test]
    fn what_is_accepted_contradicts_nothing(
        roster in any_roster(),
        changes in prop::collection::vec((any_kind(), 18_500i64..20_700), 0..10),
        strikes in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let mut desk = Desk::with(&[&roster]);
        let known = desk.show(0).history.iter().filter(|line| line.contradicts.is_some()).count();
        prop_assert_eq!(known, 0, "{:?}", desk.show(0).history);
        let mut written = Vec::new();
        for (what, on) in changes {
            let change = Change { on: Date::from_days(on).unwrap(), ..change("2020-01-01", what) };
            written.extend(desk.stood(0, &change).ok());
            let shown = desk.show(0);
            let against: Vec<_> = shown.history.iter().filter(|line| line.contradicts.is_some()).collect();
            prop_assert!(against.is_empty(), "{:?} in {:#?}", against, shown.history);
            let ids: Vec<_> = shown.history.iter().filter_map(|line| line.id.clone()).collect();
            prop_assert!(written.iter().all(|id| ids.contains(id)));
        }
        for index in strikes.into_iter().filter(|_| !written.is_empty()) {
            let entry = written[index.index(written.len())].clone();
            let strike = Strike { person: person(0), entry, reason: "填错".into() };
            let _ = desk.order("person/strike", &strike);
            let shown = desk.show(0);
            prop_assert!(shown.history.iter().all(|line| line.contradicts.is_none()), "{:#?}", shown.history);
            prop_assert_eq!(shown.history.iter().filter(|line| line.id.is_some()).count(), written.len());
        }
    }
}
