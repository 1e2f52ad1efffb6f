use super::desk::{Desk, day, now, person};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use xuedang::domain::branch::Field::{
    Admitted, Applied, Branch, Confirmed, Mentor1, Mentor2, Name, Prospect, Stage,
};
use xuedang::domain::branch::{Field, PersonId};
use xuedang::domain::due::facts::{Mentor, Notice};
use xuedang::domain::due::workdays::{Holidays, WorkCalendar};
use xuedang::domain::due::{What, due};
use xuedang::domain::standing::{Act, Change, Decider, Organ, Transition};
use xuedang::domain::workbench::{Deed, Fact};
use xuedang::format::workbench::due::{Ask, Group, Lines, MAX_EVENTS, Month, Refused, Saved, Typed};

fn holidays() -> Holidays {
    Holidays {
        years: BTreeMap::from([(2026, vec!["示例〔2025〕1号".into()])]),
        off: vec![("国庆节".into(), day("2026-10-01"), day("2026-10-07"))],
        work: vec![day("2026-09-20"), day("2026-10-10")],
    }
}

fn ask() -> Ask {
    Ask {
        holidays: holidays(),
        ..Ask::default()
    }
}

const ONE: &str = "计算机学院本科生第一党支部";
const TWO: &str = "机关 第二党支部";

/// A branch: two applicants, an activist, somebody proposed whose notice runs over the year's end, a
/// probationer, and one who has moved away.
fn branch() -> Desk {
    let mut desk = Desk::of(&[
        &[(Name, "王一"), (Branch, ONE), (Applied, "2026-11-01")],
        &[(Name, "李二"), (Branch, TWO), (Applied, "2026-09-01")],
        &[
            (Name, "张三"),
            (Branch, ONE),
            (Applied, "2025-06-01"),
            (Confirmed, "2025-11-10"),
            (Mentor1, "周培养"),
            (Mentor2, "吴联系"),
        ],
        &[
            (Name, "赵四"),
            (Branch, TWO),
            (Confirmed, "2025-01-10"),
            (Mentor1, "周培养"),
        ],
        &[
            (Name, "钱五"),
            (Branch, ONE),
            (Admitted, "2026-01-15"),
            (Stage, "预备党员"),
        ],
        &[(Name, "孙六"), (Branch, ONE), (Confirmed, "2025-03-01")],
        &[(Name, "没有日子"), (Branch, ONE), (Stage, "入党积极分子")],
    ]);
    let stood = |person: PersonId, on: &str, what| Deed::Stood {
        person,
        act: Act::Changed(Change {
            on: day(on),
            what,
            by: Decider {
                organ: Organ::BranchCommittee,
                name: String::new(),
            },
            reason: "会议决定".into(),
        }),
    };
    desk.write(stood(person(3), "2026-12-01", Transition::Proposed));
    desk.write(stood(person(3), "2026-11-20", Transition::Proposed));
    desk.write(stood(
        person(5),
        "2026-06-01",
        Transition::MovedOut {
            to: "外单位".into()
        },
    ));
    desk.note(3, Fact::Agreed(day("2026-11-22")));
    desk.note(
        3,
        Fact::Notice(Notice {
            from: day("2026-11-24"),
            until: Some(day("2026-12-31")),
            both_places: false,
        }),
    );
    desk
}

fn said(lines: &Lines) -> Vec<(String, String, String)> {
    let lines = lines.lines.iter();
    lines
        .map(|line| (line.name.clone(), line.label.clone(), line.stands.clone()))
        .collect()
}

fn has(lines: &Lines, name: &str, what: What, stands: &str) -> bool {
    let mut lines = lines.lines.iter();
    lines.any(|line| line.name == name && line.what == what.code() && line.stands == stands)
}

#[test]
fn everybody_who_is_here_with_day_article_and_why() {
    let mut desk = branch();
    let lines: Lines = desk.answer("due/list", &ask());
    assert_eq!(lines.here, 6, "who moved away is not here");
    assert!(lines.lines.iter().all(|line| line.name != "孙六"));
    assert!(has(&lines, "王一", What::Talk, "还有 6 天"), "{:?}", said(&lines));
    assert!(has(&lines, "李二", What::Talk, "已过 55 天"));
    // A minimum that is reached stands with what is to be kept in mind, never with what is overdue.
    let year = lines
        .lines
        .iter()
        .find(|line| line.name == "张三" && line.what == "cultivation");
    let year = year.unwrap();
    assert_eq!(
        (year.group, year.stands.as_str()),
        (Group::Standing, "已到 15 天")
    );
    assert_eq!(year.kind, "最早");
    // Of whom no day is known, that is said.
    assert!(has(&lines, "没有日子", What::NotComputed, "没有具体日子"));
    for line in &lines.lines {
        assert!(!line.why.is_empty());
        assert_eq!(line.article.is_none(), line.what == "thought-report");
        assert!(PersonId::parse(&line.person).is_some());
    }
    let talk = lines.lines.iter().find(|line| line.name == "李二").unwrap();
    assert_eq!(talk.article.as_deref(), Some("发展党员工作细则（2026年）第七条"));
    assert_eq!(lines.counts.iter().sum::<usize>(), lines.total);
    assert_eq!(lines.total, lines.lines.len());
    let groups: Vec<Group> = lines.lines.iter().map(|line| line.group).collect();
    assert!(groups.is_sorted());
    assert_eq!(lines.branches, [TWO, ONE]);
    assert_eq!(lines.mentors, ["吴联系", "周培养"]);
    assert_eq!(lines.years, [2026]);
    // No word says that somebody has failed.
    let text = serde_json::to_string(&lines).unwrap();
    for word in ["违规", "违反", "失职", "不合格", "未履行"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn lines_are_found_by_kind_branch_mentor_part_and_day() {
    let mut desk = branch();
    let mut with = |change: &dyn Fn(&mut Ask)| -> Lines {
        let mut ask = ask();
        change(&mut ask);
        desk.answer("due/list", &ask)
    };
    let all = with(&|_| {});
    let talks = with(&|ask| ask.what = Some("talk".into()));
    assert!(talks.lines.iter().all(|line| line.what == "talk"));
    assert_eq!(
        talks.whats, all.whats,
        "kinds are counted whatever kind is asked for"
    );
    let two = with(&|ask| ask.branch = "机关第二".into());
    let names: BTreeSet<_> = two.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["李二", "赵四"]));
    let mentor = with(&|ask| ask.mentor = "吴联系".into());
    assert!(mentor.total > 0 && mentor.lines.iter().all(|line| line.name == "张三"));
    let overdue = with(&|ask| ask.group = Some(Group::Overdue));
    assert_eq!(overdue.total, all.counts[0]);
    assert_eq!(
        overdue.counts, all.counts,
        "parts are counted whatever part is asked for"
    );
    let first = with(&|ask| ask.day = Some(day("2026-12-01")));
    let names: Vec<_> = first.lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(names, ["派人同申请人谈话", "公示期满"]);
    // A mentor who was typed takes the place of the roster's.
    desk.note(
        2,
        Fact::Mentors(vec![Mentor {
            name: "郑新".into(),
            ..Mentor::default()
        }]),
    );
    let mut ask = ask();
    ask.mentor = "吴联系".into();
    assert_eq!(desk.answer::<Lines>("due/list", &ask).total, 0);
    ask.mentor = "郑新".into();
    assert!(desk.answer::<Lines>("due/list", &ask).total > 0);
}

#[test]
fn the_list_is_kept_until_something_changes() {
    let mut desk = branch();
    let list = |desk: &mut Desk, ask: &Ask| -> (Lines, usize) {
        let before = desk.steps;
        let lines = desk.answer("due/list", ask);
        (lines, desk.steps - before)
    };
    assert!(list(&mut desk, &ask()).1 > 0, "worked out, and told of");
    assert_eq!(list(&mut desk, &ask()).1, 0, "kept");
    let other = Ask {
        holidays: Holidays::default(),
        ..Ask::default()
    };
    let (lines, steps) = list(&mut desk, &other);
    assert!(steps > 0 && lines.years.is_empty(), "other holidays");
    desk.note(1, Fact::Talked(day("2026-11-25")));
    let (lines, steps) = list(&mut desk, &other);
    assert!(steps > 0 && !lines.lines.iter().any(|line| line.name == "李二"));
}

#[test]
fn a_month_shows_its_days_with_holidays() {
    let mut desk = branch();
    let month = |desk: &mut Desk, month, ask: Ask| -> Month {
        desk.answer(
            "due/days",
            &Ask {
                month: Some(month),
                ..ask
            },
        )
    };
    let october = month(&mut desk, (2026, 10), ask());
    assert_eq!(october.days.len(), 31);
    assert_eq!(october.days[0].holiday.as_deref(), Some("国庆节"));
    assert!(
        october.days[9].make_up && october.days[9].known,
        "Saturday the 10th is worked on"
    );
    assert_eq!(october.days[0].counts, [1, 0, 0, 0], "the talk with 李二");
    let december = month(&mut desk, (2026, 12), ask());
    assert_eq!(december.days[0].counts, [0, 2, 0, 0]);
    assert!(
        december.days[23].known && !december.days[24].known,
        "a notice may reach back"
    );
    assert!(december.without > 0);
    assert_eq!(month(&mut desk, (2028, 2), ask()).days.len(), 29);
    assert!(
        desk.ask(
            "due/days",
            &Ask {
                month: Some((2026, 13)),
                ..ask()
            }
        )
        .is_err()
    );
    // What is listed of a day is what the month counts of it.
    let lines: Lines = desk.answer("due/list", &ask());
    let mut all = BTreeMap::<_, usize>::new();
    for line in &lines.lines {
        if let Some(day) = line.day {
            *all.entry(day).or_default() += 1;
        }
    }
    for (day, count) in all {
        let month = month(&mut desk, (day.year(), day.month()), ask());
        let shown = month.days[usize::from(day.day_of_month()) - 1].counts;
        assert_eq!(shown.iter().sum::<usize>(), count, "{day}");
    }
}

#[test]
fn working_days_without_a_notice_are_provisional() {
    let mut desk = branch();
    desk.note(
        3,
        Fact::Notice(Notice {
            from: day("2026-12-28"),
            until: Some(day("2026-12-30")),
            both_places: false,
        }),
    );
    let lines: Lines = desk.answer("due/list", &ask());
    let short: Vec<_> = lines.lines.iter().filter(|line| line.provisional).collect();
    assert!(
        !short.is_empty() && short.iter().all(|line| line.name == "赵四"),
        "{:?}",
        said(&lines)
    );
    assert_eq!(lines.provisional, short.len());
}

/// Unfolded lines of a calendar.
fn unfolded(file: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(file).unwrap().replace("\r\n ", "");
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn the_calendar_is_as_it_was_released() {
    let mut desk = branch();
    desk.answer::<Vec<Refused>>(
        "due/local",
        &Typed {
            values: BTreeMap::from([("review_months".into(), "3".into())]),
            pauses_excluded: false,
        },
    );
    let asked = Ask {
        alarm: Some(3),
        ..ask()
    };
    let outcome = desk.ask("due/ics", &asked).unwrap();
    let (file, kind) = outcome.file.unwrap();
    assert_eq!(kind, "text/calendar;charset=utf-8");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/due/branch.ics");
    if std::env::var_os("XUEDANG_GOLDEN").is_some() {
        std::fs::write(path, &file).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        String::from_utf8(file.clone()).unwrap()
    );
    let lines = unfolded(&file);
    let saved: Saved = serde_json::from_str(&outcome.text).unwrap();
    let count = |line: &str| lines.iter().filter(|known| *known == line).count();
    assert_eq!(count("BEGIN:VEVENT"), saved.events);
    // Eight in the morning, three days before; of what is nearer, on the day.
    let (before, on) = (count("TRIGGER:-PT64H"), count("TRIGGER:PT8H"));
    assert!(before > 0 && on > 0);
    assert_eq!(before + on, saved.events);
    let all: Lines = desk.answer("due/list", &ask());
    assert_eq!(saved.events + saved.without, all.total);
    let uids: BTreeSet<_> = lines.iter().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.len(), saved.events, "no two share an id");
}

#[test]
fn a_calendar_imported_again_does_not_double() {
    let uids = |desk: &mut Desk| -> BTreeSet<String> {
        let (file, _) = desk.ask("due/ics", &ask()).unwrap().file.unwrap();
        let lines = unfolded(&file).into_iter();
        lines.filter(|line| line.starts_with("UID:")).collect()
    };
    let mut desk = branch();
    let before = uids(&mut desk);
    assert_eq!(uids(&mut desk), before);
    // The unit's stricter day moves the event; it stays the same one.
    let typed = |field: &str, value: &str| Typed {
        values: BTreeMap::from([(field.to_owned(), value.to_owned())]),
        pauses_excluded: false,
    };
    desk.answer::<Vec<Refused>>("due/local", &typed("talk_days", "20"));
    assert_eq!(uids(&mut desk), before);
    let lines: Lines = desk.answer("due/list", &ask());
    assert!(has(&lines, "王一", What::Talk, "已过 4 天"));
    assert!(lines.lines.iter().any(|line| line.name == "王一" && line.local));
    // By what is asked.
    let none = Ask {
        what: Some("mentor-none".into()),
        ..ask()
    };
    assert!(desk.ask("due/ics", &none).unwrap_err().contains("没有带日子的"));
}

#[test]
fn laxer_arrangements_are_refused_beside_the_field() {
    let mut desk = branch();
    let typed = |values: &[(&str, &str)]| Typed {
        values: values
            .iter()
            .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
            .collect(),
        pauses_excluded: true,
    };
    let refused: Vec<Refused> =
        desk.answer("due/local", &typed(&[("notice_days", "4"), ("talk_days", "10")]));
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].field, "notice_days");
    assert!(refused[0].reason.contains("发展党员工作细则（2026年）第十三条"));
    assert_eq!(
        desk.work.local.draft(),
        &Default::default(),
        "nothing was written"
    );
    let refused: Vec<Refused> = desk.answer(
        "due/local",
        &typed(&[("talk_days", "十天"), ("oath_days", "70000")]),
    );
    assert_eq!(refused.len(), 2);
    // Full-width digits are digits; what is empty follows the rules.
    let refused: Vec<Refused> = desk.answer(
        "due/local",
        &typed(&[("talk_days", " １０ "), ("notice_days", "")]),
    );
    assert_eq!(refused, []);
    let draft = desk.work.local.draft().clone();
    assert_eq!((draft.talk_days, draft.notice_days), (Some(10), None));
    assert!(draft.pauses_excluded);
    assert_eq!(desk.answer::<Lines>("due/list", &ask()).local, draft);
    assert!(desk.ask("due/local", &typed(&[("no_such_field", "3")])).is_err());
}

#[test]
fn a_calendar_of_thousands_is_refused() {
    let row: &[(Field, &str)] = &[(Name, "人"), (Applied, "2026-11-01")];
    let mut desk = Desk::of(&vec![row; MAX_EVENTS + 1]);
    assert!(desk.ask("due/ics", &ask()).unwrap_err().contains("请先按"));
    let lines: Lines = desk.answer("due/list", &Ask { from: 3_000, ..ask() });
    assert_eq!((lines.total, lines.lines.len()), (MAX_EVENTS + 1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Windows together are every line of everybody who is here, once.
    #[test]
    fn windows_are_the_whole(
        people in proptest::collection::vec((0i64..900, 0u8..5, 0u8..3), 0..300),
        group in proptest::option::of(0usize..4),
    ) {
        let texts: Vec<(String, u8, u8)> = people
            .iter()
            .map(|(ago, kind, mentor)| (day("2026-11-25").add_days(-ago).to_string(), *kind, *mentor))
            .collect();
        let rows: Vec<Vec<(Field, &str)>> = texts
            .iter()
            .map(|(date, kind, mentor)| {
                let mut row = vec![(Name, "人")];
                row.push((
                    match kind {
                        0 => Applied,
                        1 => Confirmed,
                        2 => Prospect,
                        3 => Admitted,
                        _ => Field::Full,
                    },
                    date.as_str(),
                ));
                if *mentor > 0 {
                    row.push((Mentor1, "周培养"));
                }
                row
            })
            .collect();
        let mut desk = Desk::of(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let calendar = WorkCalendar::new(&holidays());
        let today = now().date();
        let group = group.map(|at| Group::ALL[at]);
        let mut expected = 0;
        for number in desk.work.people.standing() {
            let facts = desk.work.facts(number, today);
            expected += due(&facts, today, &calendar, &desk.work.local).len();
        }
        let mut from = 0;
        let mut shown = Vec::new();
        let (counts, total) = loop {
            let lines: Lines = desk.answer("due/list", &Ask { group, from, ..ask() });
            from += lines.lines.len();
            let done = lines.lines.is_empty();
            shown.extend(lines.lines);
            if done {
                break (lines.counts, lines.total);
            }
        };
        prop_assert_eq!(counts.iter().sum::<usize>(), expected);
        prop_assert_eq!(total, shown.len());
        prop_assert_eq!(total, group.map_or(expected, |group| counts[group as usize]));
        let order = |line: &xuedang::format::workbench::due::Line| (line.group, line.day.is_none(), line.day);
        prop_assert!(shown.windows(2).all(|pair| order(&pair[0]) <= order(&pair[1])));
        let once: BTreeSet<_> = shown.iter().map(|line| (&line.person, &line.what, &line.why, line.day)).collect();
        prop_assert_eq!(once.len(), shown.len());
    }
}

/// For whoever wants to know: 100,000 people.
#[test]
#[ignore = "measures"]
fn a_hundred_thousand() {
    let dates: Vec<String> = (0..900)
        .map(|ago| day("2026-11-24").add_days(-ago).to_string())
        .collect();
    let branches: Vec<String> = (0..400).map(|at| format!("第{at}党支部")).collect();
    let mentors: Vec<String> = (0..3_000).map(|at| format!("联系人{at}")).collect();
    let rows: Vec<Vec<(Field, &str)>> = (0..100_000)
        .map(|at| {
            let date = dates[at * 7 % 900].as_str();
            let mut row = vec![(Name, "某某某"), (Branch, branches[at % 400].as_str())];
            match at % 10 {
                0 | 1 => row.push((Applied, date)),
                2..=7 => row.extend([
                    (Applied, "2023-01-01"),
                    (Confirmed, date),
                    (Mentor1, mentors[at % 3_000].as_str()),
                ]),
                8 => row.push((Prospect, date)),
                _ => row.push((Admitted, date)),
            }
            row
        })
        .collect();
    let mut desk = Desk::of(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for n in 0..10_000 {
        desk.note(
            n * 10 + 3,
            Fact::Reviewed {
                on: day("2026-06-01"),
                words: String::new(),
            },
        );
    }
    let mut timed = |what: &str, name: &str, ask: Ask| {
        let start = Instant::now();
        let outcome = desk.ask(what, &ask);
        let took = start.elapsed().as_millis();
        let length = outcome.map(|outcome| outcome.text.len()).unwrap_or_default();
        eprintln!("{name}: {took} ms, {length} bytes");
    };
    timed("due/list", "worked out and first window", ask());
    timed(
        "due/list",
        "window again",
        Ask {
            from: 100_000,
            ..ask()
        },
    );
    timed(
        "due/list",
        "by mentor",
        Ask {
            mentor: "联系人12".into(),
            ..ask()
        },
    );
    timed(
        "due/list",
        "by branch and kind",
        Ask {
            branch: "第3".into(),
            what: Some("review".into()),
            ..ask()
        },
    );
    timed(
        "due/days",
        "month",
        Ask {
            month: Some((2026, 12)),
            ..ask()
        },
    );
    timed(
        "due/ics",
        "calendar of a branch",
        Ask {
            branch: "第37党支部".into(),
            alarm: Some(1),
            ..ask()
        },
    );
}
