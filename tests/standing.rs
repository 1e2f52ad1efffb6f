//! Where a person stands: the fold, what is refused and what is only warned of.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use proptest::prelude::*;
use xuedang::domain::due::facts::Facts;
use xuedang::domain::standing::judge::{Weight, is_refused, judge, judge_striking};
use xuedang::domain::standing::{Act, Change, Decider, Ledger, Organ, State, Stretch, Transition};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn change(on: &str, what: Transition, organ: Organ) -> Change {
    Change {
        on: day(on),
        what,
        by: Decider {
            organ,
            name: String::new(),
        },
        reason: "有原因".into(),
    }
}

fn id(number: usize) -> EventId {
    EventId(format!("{number:026}"))
}

fn write(ledger: &mut Ledger, change: Change) -> EventId {
    let id = id(ledger.entries.len());
    ledger.apply(&id, Moment { ms: 0, tz: 480 }, &Act::Changed(change));
    id
}

/// The whole way, as the rules have it.
fn way() -> Vec<Change> {
    vec![
        change("2024-03-01", Transition::Applied, Organ::Person),
        change("2024-06-01", Transition::Confirmed, Organ::BranchCommittee),
        change("2025-09-01", Transition::Proposed, Organ::BranchCommittee),
        change("2025-10-01", Transition::Listed, Organ::BranchCommittee),
        change("2026-06-10", Transition::Admitted, Organ::BranchMeeting),
        change("2026-08-20", Transition::Approved, Organ::Committee),
        change("2027-06-12", Transition::PassedFull, Organ::BranchMeeting),
        change(
            "2027-08-01",
            Transition::Full {
                since: Some(day("2027-06-10")),
            },
            Organ::Committee,
        ),
    ]
}

const TODAY: &str = "2030-01-01";

fn ledger(changes: &[Change]) -> Ledger {
    let mut ledger = Ledger::default();
    for change in changes {
        write(&mut ledger, change.clone());
    }
    ledger
}

#[track_caller]
fn finds(ledger: &Ledger, change: &Change, weight: Option<Weight>, text: &str) {
    let found = judge(ledger, change, day(TODAY));
    match weight {
        None => assert_eq!(found, [], "{change:?}"),
        Some(weight) => {
            let hit = found
                .iter()
                .find(|finding| finding.weight == weight && finding.text.contains(text));
            assert!(hit.is_some(), "{text} not in {found:#?}");
            assert_eq!(is_refused(&found), weight != Weight::Warning, "{found:#?}");
        }
    }
}

#[test]
fn the_whole_way_is_written_without_a_word() {
    let mut so_far = Ledger::default();
    for change in way() {
        finds(&so_far, &change, None, "");
        write(&mut so_far, change);
    }
    let states = [
        ("2024-02-29", State::Unknown),
        ("2024-03-01", State::Applicant),
        ("2024-06-01", State::Activist),
        ("2025-09-30", State::Proposed),
        ("2026-06-09", State::Prospect),
        ("2026-06-10", State::Admitted),
        ("2026-08-20", State::Probationer),
        ("2027-06-12", State::FullPending),
        ("2027-08-01", State::Member),
    ];
    for (on, state) in states {
        assert_eq!(so_far.on(day(on)).state, state, "{on}");
    }
    let stones = so_far.milestones(day(TODAY));
    assert_eq!(stones.admitted, Some(day("2026-06-10")));
    assert_eq!(stones.full, Some(day("2027-08-01")));
    assert_eq!(so_far.contradictions(), []);
}

#[test]
fn what_cannot_be_is_refused() {
    let activist = ledger(&way()[..2]);
    let refused = |change: Change, text: &str| finds(&activist, &change, Some(Weight::Refused), text);
    let committee = Organ::BranchCommittee;
    refused(
        change("2025-01-01", Transition::Applied, Organ::Person),
        "2025年1月1日那天是“入党积极分子”，接不上“收到入党申请书”",
    );
    refused(
        change("2025-01-01", Transition::Resumed, committee),
        "接不上“恢复培养”",
    );
    refused(
        change("2025-01-01", Transition::Approved, Organ::Committee),
        "接不上“上级党委批准接收为预备党员”",
    );
    refused(
        change("2030-01-02", Transition::Paused, committee),
        "还没有到，只能记已经发生的事",
    );
    refused(
        change("2024-06-01", Transition::Confirmed, committee),
        "这一天已经记了同样的一条",
    );
    // Before the application, and then the application would not fit.
    refused(
        change("2024-02-01", Transition::Confirmed, committee),
        "记下以后，2024年3月1日的“收到入党申请书”接不上",
    );
    let without_reason = Change {
        reason: " ".into(),
        ..change("2025-01-01", Transition::Removed, committee)
    };
    refused(without_reason, "“不再作为入党积极分子”要写明原因");
    let long = Change {
        reason: "长".repeat(501),
        ..change("2025-01-01", Transition::Removed, committee)
    };
    refused(long, "最多500字");
    refused(
        change("2025-01-01", Transition::MovedOut { to: " ".into() }, committee),
        "请写明转到哪个党组织",
    );
    let member = ledger(&way());
    for what in [
        Transition::Paused,
        Transition::Cancelled,
        Transition::Confirmed,
        Transition::Withdrew,
    ] {
        let late = change("2028-01-01", what, committee);
        finds(&member, &late, Some(Weight::Refused), "那天是“正式党员”");
    }
    // Between two that are there already: what comes after would not fit.
    let removed = change("2025-01-01", Transition::Removed, committee);
    finds(
        &member,
        &removed,
        Some(Weight::Refused),
        "记下以后，2025年9月1日的“拟列为发展对象”接不上：那时成了“不再作为入党积极分子”",
    );
}

#[test]
fn minimum_intervals_block_and_limits_warn() {
    let committee = Organ::BranchCommittee;
    let mut people = ledger(&way()[..2]);
    let early = change("2025-05-31", Transition::Listed, committee);
    finds(&people, &early, Some(Weight::Interval), "到2025年6月1日才满一年");
    assert_eq!(
        judge(&people, &early, day(TODAY))[0].article.unwrap().label(),
        "发展党员工作细则（2014年）第十三条"
    );
    // Without a proposal: no word about a notice by the old edition, a warning by the new.
    finds(
        &people,
        &change("2025-06-01", Transition::Listed, committee),
        None,
        "",
    );
    finds(
        &people,
        &change("2026-05-11", Transition::Listed, committee),
        Some(Weight::Warning),
        "公示不少于五个工作日",
    );
    for step in &way()[2..5] {
        write(&mut people, step.clone());
    }
    let approved = |on| change(on, Transition::Approved, Organ::Committee);
    finds(&people, &approved("2026-09-10"), None, "");
    finds(
        &people,
        &approved("2026-09-11"),
        Some(Weight::Warning),
        "审批一般在三个月内，从大会通过算起到2026年9月10日为止",
    );
    finds(
        &people,
        &approved("2026-12-11"),
        Some(Weight::Warning),
        "审批最长不超过六个月",
    );
    write(&mut people, approved("2026-08-20"));
    let extended = |until| {
        let what = Transition::Extended { until: day(until) };
        change("2027-06-15", what, Organ::BranchMeeting)
    };
    finds(&people, &extended("2027-12-10"), None, "");
    finds(&people, &extended("2028-06-10"), None, "");
    for until in ["2027-12-09", "2028-06-11"] {
        finds(
            &people,
            &extended(until),
            Some(Weight::Interval),
            "应当在2027年12月10日到2028年6月10日之间",
        );
    }
    let passed = |on| change(on, Transition::PassedFull, Organ::BranchMeeting);
    finds(
        &people,
        &passed("2027-06-09"),
        Some(Weight::Interval),
        "预备期到2027年6月10日才满",
    );
    finds(&people, &passed("2027-06-10"), None, "");
    write(&mut people, extended("2027-12-10"));
    finds(
        &people,
        &passed("2027-12-09"),
        Some(Weight::Interval),
        "预备期到2027年12月10日才满",
    );
    let again = change(
        "2027-12-11",
        Transition::Extended {
            until: day("2028-06-11"),
        },
        Organ::BranchMeeting,
    );
    finds(&people, &again, Some(Weight::Refused), "只能延长一次");
    write(&mut people, passed("2027-12-12"));
    let full = |on| change(on, Transition::Full { since: None }, Organ::Committee);
    finds(&people, &full("2028-03-12"), None, "");
    finds(
        &people,
        &full("2028-03-13"),
        Some(Weight::Warning),
        "三个月的审批期限到2028年3月12日为止",
    );
}

#[test]
fn another_organ_is_only_warned_of() {
    let applicant = ledger(&way()[..1]);
    let by = |organ| change("2024-06-01", Transition::Confirmed, organ);
    finds(
        &applicant,
        &by(Organ::Person),
        Some(Weight::Warning),
        "一般由党支部委员会会议或者党支部党员大会决定，这里写的是本人",
    );
    for organ in [
        Organ::BranchCommittee,
        Organ::BranchMeeting,
        Organ::OtherUnit,
        Organ::NotKnown,
    ] {
        finds(&applicant, &by(organ), None, "");
    }
    // Where nothing is written of before, nearly everything can be, with a word.
    finds(
        &Ledger::default(),
        &by(Organ::BranchCommittee),
        Some(Weight::Warning),
        "这以前的情况没有记录",
    );
    finds(
        &Ledger::default(),
        &change(
            "2024-06-01",
            Transition::Registered {
                state: State::Activist,
            },
            Organ::NotKnown,
        ),
        None,
        "",
    );
}

#[test]
fn pauses_and_moves_are_kept_with_their_gaps() {
    let mut person = ledger(&way()[..2]);
    let committee = Organ::BranchCommittee;
    write(&mut person, change("2024-08-01", Transition::Paused, committee));
    assert_eq!(person.on(day("2024-09-01")).before, Some(State::Activist));
    write(&mut person, change("2024-10-01", Transition::Resumed, committee));
    let to = Transition::MovedOut {
        to: "另一个单位".into(),
    };
    write(&mut person, change("2025-01-01", to, committee));
    assert_eq!(person.on(day("2025-01-15")).state, State::MovedOut);
    let back = Transition::MovedIn {
        from: "另一个单位".into(),
        state: State::Activist,
        confirmed: None,
        admitted: None,
    };
    finds(&person, &change("2025-02-01", back.clone(), committee), None, "");
    write(&mut person, change("2025-02-01", back, committee));
    let stones = person.milestones(day(TODAY));
    let stretch = |from, until| Stretch {
        from: day(from),
        until: Some(day(until)),
    };
    assert_eq!(stones.pauses, [stretch("2024-08-01", "2024-10-01")]);
    assert_eq!(stones.gaps, [stretch("2025-01-01", "2025-02-01")]);
    assert_eq!(stones.confirmed, Some(day("2024-06-01")));
    // The receiving side has only what came with the papers: cultivation time counts on.
    let arrived = Transition::MovedIn {
        from: "原单位".into(),
        state: State::Activist,
        confirmed: Some(day("2025-03-01")),
        admitted: None,
    };
    let receiving = ledger(&[change("2026-01-10", arrived, committee)]);
    let facts = Facts::of("乙", &receiving, day("2026-06-01"));
    assert_eq!(
        (facts.state, facts.stones.confirmed),
        (State::Activist, Some(day("2025-03-01")))
    );
    // Voted already, and waiting to be approved: the day of the vote counts on as well.
    let voted = Transition::MovedIn {
        from: "原单位".into(),
        state: State::Admitted,
        confirmed: Some(day("2024-03-01")),
        admitted: Some(day("2026-05-20")),
    };
    let receiving = ledger(&[change("2026-06-10", voted, committee)]);
    let stones = receiving.milestones(day(TODAY));
    assert_eq!(stones.admitted, Some(day("2026-05-20")));
    assert_eq!(stones.probation_ends(), Some(day("2027-05-20")));
    let odd = Transition::MovedIn {
        from: "原单位".into(),
        state: State::Probationer,
        confirmed: Some(day("2025-03-01")),
        admitted: Some(day("2025-02-01")),
    };
    finds(
        &Ledger::default(),
        &change("2026-01-10", odd, committee),
        Some(Weight::Refused),
        "早于确定为入党积极分子的日子",
    );
    // Removed and confirmed anew: the time is counted from the newest.
    let mut again = ledger(&way()[..2]);
    write(&mut again, change("2024-09-01", Transition::Removed, committee));
    write(&mut again, change("2025-09-01", Transition::Confirmed, committee));
    assert_eq!(again.milestones(day(TODAY)).confirmed, Some(day("2025-09-01")));
    assert_eq!(again.entries.len(), 4);
}

#[test]
fn striking_out_keeps_the_entry_and_its_reason() {
    let mut person = ledger(&way()[..4]);
    let last = person.entries[3].id.clone();
    let refused = judge_striking(&person, &person.entries[1].id, "填错", day(TODAY));
    assert!(
        refused[0]
            .text
            .contains("划掉以后，2025年9月1日的“拟列为发展对象”接不上"),
        "{refused:?}"
    );
    let blank = judge_striking(&person, &last, " ", day(TODAY));
    assert_eq!(blank[0].text, "请写明为什么划掉");
    assert_eq!(judge_striking(&person, &last, "填错", day(TODAY)), []);
    let act = Act::Struck {
        entry: last.clone(),
        reason: "填错".into(),
    };
    let at = Moment { ms: 7, tz: 480 };
    person.apply(&id(100), at, &act);
    person.apply(&id(101), Moment { ms: 9, tz: 480 }, &act);
    assert_eq!(person.entries.len(), 4);
    assert_eq!(person.entries[3].struck, Some((at, "填错".into())));
    assert_eq!(person.on(day(TODAY)).state, State::Proposed);
    assert!(is_refused(&judge_striking(&person, &last, "填错", day(TODAY))));
}

/// Entries of this build must be read by every later one.
#[test]
fn entries_are_stored_as_they_always_will_be() {
    let moved = Transition::MovedIn {
        from: "原单位".into(),
        state: State::Probationer,
        confirmed: Some(day("2025-03-01")),
        admitted: None,
    };
    let event = Event {
        v: 2,
        id: id(1),
        seq: 3,
        at: Moment { ms: 5, tz: 480 },
        what: Act::Changed(Change {
            reason: String::new(),
            ..change("2026-01-10", moved, Organ::OtherUnit)
        }),
    };
    let line = r#"{"at":{"ms":5,"tz":480},"id":"00000000000000000000000001","seq":3,"v":2,"what":{"changed":{"by":{"organ":"other-unit"},"on":"2026-01-10","what":{"moved-in":{"confirmed":"2025-03-01","from":"原单位","state":"probationer"}}}}}"#;
    assert_eq!(event.write(), line);
    assert_eq!(Event::<Act>::read(line), Ok(event));
    for (what, text) in [
        (Transition::Confirmed, r#""confirmed""#),
        (Transition::Full { since: None }, r#"{"full":{}}"#),
        (
            Transition::Extended {
                until: day("2027-01-01"),
            },
            r#"{"extended":{"until":"2027-01-01"}}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&what).unwrap(), text);
        assert_eq!(serde_json::from_str::<Transition>(text).unwrap(), what);
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let date = (19_700i64..21_000).prop_map(|days| Date::from_days(days).unwrap());
    let state = (0..State::ALL.len()).prop_map(|at| State::ALL[at]);
    let what =
        (0..19usize, date, state, proptest::option::of(0i64..500)).prop_map(|(kind, on, state, days)| {
            let past = days.map(|days| on.add_days(-days));
            let what = match kind {
                0 => Transition::Registered { state },
                1 => Transition::Applied,
                2 => Transition::Withdrew,
                3 => Transition::Confirmed,
                4 => Transition::Paused,
                5 => Transition::Resumed,
                6 => Transition::Removed,
                7 => Transition::Proposed,
                8 => Transition::Listed,
                9 => Transition::Returned,
                10 => Transition::Admitted,
                11 => Transition::NotAdmitted,
                12 => Transition::Approved,
                13 => Transition::Extended {
                    until: on.add_days(days.unwrap_or(200)),
                },
                14 => Transition::PassedFull,
                15 => Transition::Full { since: past },
                16 => Transition::Cancelled,
                17 => Transition::MovedOut { to: "别处".into() },
                _ => Transition::MovedIn {
                    from: "别处".into(),
                    state,
                    confirmed: past,
                    admitted: None,
                },
            };
            (on, what)
        });
    (what, 0..Organ::ALL.len()).prop_map(|((on, what), organ)| Change {
        on,
        what,
        by: Decider {
            organ: Organ::ALL[organ],
            name: String::new(),
        },
        reason: "有原因".into(),
    })
}

proptest! {
    #[test]
    fn what_is_accepted_never_contradicts_and_nothing_is_lost(changes in proptest::collection::vec(any_change(), 0..40), striking in proptest::collection::vec(any::<proptest::sample::Index>(), 0..5)) {
        let mut ledger = Ledger::default();
        let mut accepted = 0;
        for change in changes {
            if !is_refused(&judge(&ledger, &change, day(TODAY))) {
                write(&mut ledger, change);
                accepted += 1;
                prop_assert_eq!(ledger.contradictions(), []);
            }
        }
        for (number, index) in striking.into_iter().enumerate().filter(|_| accepted > 0) {
            let entry = ledger.entries[index.index(accepted)].id.clone();
            if judge_striking(&ledger, &entry, "填错", day(TODAY)).is_empty() {
                let act = Act::Struck { entry, reason: "填错".into() };
                ledger.apply(&id(1_000 + number), Moment { ms: 1, tz: 0 }, &act);
                prop_assert_eq!(ledger.contradictions(), []);
            }
        }
        prop_assert_eq!(ledger.entries.len(), accepted);
    }

    #[test]
    fn the_state_follows_the_days_and_not_the_order_of_writing(changes in proptest::collection::vec(any_change(), 0..12), turn in any::<proptest::sample::Index>(), on in 19_700i64..21_100) {
        // Of one day the order of writing counts, so each day is taken once.
        let mut seen = std::collections::BTreeSet::new();
        let changes: Vec<Change> = changes.into_iter().filter(|change| seen.insert(change.on)).collect();
        let mut turned = changes.clone();
        if !turned.is_empty() {
            let by = turn.index(turned.len());
            turned.rotate_left(by);
        }
        let on = Date::from_days(on).unwrap();
        let (one, other) = (ledger(&changes), ledger(&turned));
        prop_assert_eq!(one.on(on), other.on(on));
        prop_assert_eq!(one.milestones(on), other.milestones(on));
        // What is decided later changes nothing of an earlier day.
        let before: Vec<Change> = changes.iter().filter(|change| change.on <= on).cloned().collect();
        prop_assert_eq!(ledger(&before).on(on), one.on(on));
    }
}
