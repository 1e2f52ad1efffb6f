//! Figures over the people of a branch: each leads back to its rows; what is watched is said at its
//! threshold and not before; the reports hold together.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use xuedang::domain::standing::{Act, Change, Decider, Ledger, Organ, State, Transition};
use xuedang::domain::structure::plan::{Moved, Movement, Planned, beside, movements};
use xuedang::domain::structure::report::{Cell, Material, Report, Someone, half_year, yearly};
use xuedang::domain::structure::watch::{Thresholds, Watch, Watched, growth};
use xuedang::domain::structure::{AgeBands, Birth, Dimension, NOT_KNOWN, Row, RowId, Table, count};
use xuedang::domain::study::EventId;
use xuedang::domain::time::{Date, Moment};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn ledger(changes: &[(&str, Transition)]) -> Ledger {
    let mut ledger = Ledger::default();
    for (number, (on, what)) in changes.iter().enumerate() {
        let change = Change {
            on: day(on),
            what: what.clone(),
            by: Decider {
                organ: Organ::NotKnown,
                name: String::new(),
            },
            reason: "有原因".into(),
        };
        let id = EventId(format!("{number:026}"));
        ledger.apply(&id, Moment { ms: 0, tz: 480 }, &Act::Changed(change));
    }
    ledger
}

// ---- age

#[test]
fn ages_are_whole_years() {
    let whole = |born: &str, on: &str| Birth::on(day(born)).age_on(day(on));
    for (born, on, want) in [
        ("2000-06-15", "2026-06-14", Some((25, true))),
        ("2000-06-15", "2026-06-15", Some((26, true))),
        ("2004-02-29", "2026-02-28", Some((21, true))),
        ("2004-02-29", "2026-03-01", Some((22, true))),
        ("2004-02-29", "2028-02-29", Some((24, true))),
        ("2026-01-01", "2026-01-01", Some((0, true))),
        ("2026-01-02", "2026-01-01", None),
    ] {
        assert_eq!(whole(born, on), want, "{born} {on}");
    }
    let month = |month: u8, on: &str| {
        let born = Birth {
            year: 2000,
            month: Some(month),
            day: None,
        };
        born.age_on(day(on)).unwrap()
    };
    assert_eq!(month(6, "2026-05-31"), (25, true));
    assert_eq!(month(6, "2026-06-01"), (25, false));
    assert_eq!(month(6, "2026-06-29"), (25, false));
    assert_eq!(month(6, "2026-06-30"), (26, true));
    assert_eq!(month(2, "2026-02-28"), (26, true));
    let year = Birth {
        year: 2000,
        month: None,
        day: None,
    };
    assert_eq!(year.age_on(day("2026-07-01")), Some((25, false)));
    assert_eq!(year.age_on(day("2026-12-31")), Some((26, true)));
}

#[test]
fn bands_cover_every_age_once() {
    let bands = AgeBands::default();
    assert_eq!(
        bands.labels(),
        [
            "17岁及以下",
            "18—20岁",
            "21—25岁",
            "26—30岁",
            "31—35岁",
            "36—40岁",
            "41—45岁",
            "46—50岁",
            "51—55岁",
            "56—60岁",
            "61岁及以上"
        ]
    );
    for (age, band) in [
        (0, 0),
        (17, 0),
        (18, 1),
        (20, 1),
        (21, 2),
        (25, 2),
        (26, 3),
        (60, 9),
        (61, 10),
        (120, 10),
    ] {
        assert_eq!(bands.band(age), band, "{age}");
    }
    assert_eq!(
        AgeBands::try_from(vec![35, 36]).unwrap().labels(),
        ["34岁及以下", "35岁", "36岁及以上"]
    );
    for wrong in [vec![], vec![30, 30], vec![40, 30], vec![3], vec![18; 21]] {
        assert!(AgeBands::try_from(wrong).is_err());
    }
}

fn sizes(table: &Table) -> Vec<(&str, usize)> {
    table
        .lines
        .iter()
        .map(|line| (line.label.as_str(), line.rows.len()))
        .collect()
}

#[test]
fn lines_are_ordered_and_what_is_not_known_comes_last() {
    let row = |sex, ethnicity, born: Option<&str>, front_line| Row {
        sex,
        ethnicity,
        born: born.map(|born| Birth::on(day(born))),
        front_line,
        state: State::Activist,
        ..Row::default()
    };
    let people = [
        row("女", "汉族", Some("1990-01-01"), Some(true)),
        row("男", "壮族", Some("2005-12-31"), None),
        row("男", "汉族", None, Some(false)),
        row("", "回族", Some("1990-12-31"), Some(true)),
    ];
    let table = |dimension| {
        count(
            (0..).zip(people),
            dimension,
            day("2026-06-30"),
            &AgeBands::default(),
        )
    };
    assert_eq!(
        sizes(&table(Dimension::Sex)),
        [("男", 2), ("女", 1), (NOT_KNOWN, 1)]
    );
    assert_eq!(
        sizes(&table(Dimension::Ethnicity)),
        [("汉族", 2), ("回族", 1), ("壮族", 1)]
    );
    assert_eq!(
        sizes(&table(Dimension::Age)),
        [("18—20岁", 1), ("31—35岁", 1), ("36—40岁", 1), (NOT_KNOWN, 1)]
    );
    assert_eq!(
        sizes(&table(Dimension::FrontLine)),
        [("是", 2), ("否", 1), (NOT_KNOWN, 1)]
    );
    assert_eq!(sizes(&table(Dimension::State)), [("入党积极分子", 4)]);
    assert_eq!(table(Dimension::Sex).lines[0].rows, [1, 2]);
}

const WORDS: [&str; 4] = ["", "甲", "乙", "丙"];

fn any_row() -> impl Strategy<Value = Row<'static>> {
    let birth = (
        1950u16..2012,
        proptest::option::of((1u8..=12, proptest::option::of(1u8..=28))),
    );
    let born = birth.prop_map(|(year, rest)| Birth {
        year,
        month: rest.map(|rest| rest.0),
        day: rest.and_then(|rest| rest.1),
    });
    let word = || (0..WORDS.len()).prop_map(|at| WORDS[at]);
    (
        proptest::option::of(born),
        (word(), word(), word(), word()),
        any::<Option<bool>>(),
        0..State::ALL.len(),
    )
        .prop_map(|(born, words, front_line, state)| Row {
            born,
            sex: words.0,
            ethnicity: words.1,
            education: words.2,
            group: words.3,
            front_line,
            state: State::ALL[state],
        })
}

proptest! {
    #[test]
    fn every_table_has_every_row_once(people in proptest::collection::vec(any_row(), 0..60), on in 18_000i64..22_000) {
        let on = Date::from_days(on).unwrap();
        let bands = AgeBands::default();
        for dimension in Dimension::ALL {
            let table = count((0..).zip(people.iter().copied()), dimension, on, &bands);
            let all: BTreeSet<RowId> = table.lines.iter().flat_map(|line| line.rows.iter().copied()).collect();
            prop_assert_eq!(table.total(), people.len());
            prop_assert_eq!(all.len(), people.len());
            prop_assert!(table.lines.iter().all(|line| !line.rows.is_empty()));
            let labels: BTreeSet<&str> = table.lines.iter().map(|line| line.label.as_str()).collect();
            prop_assert_eq!(labels.len(), table.lines.len());
        }
        // Counted in another way.
        let women = people.iter().filter(|row| row.sex == "甲").count();
        let table = count((0..).zip(people.iter().copied()), Dimension::Sex, on, &bands);
        let line = table.lines.iter().find(|line| line.label == "甲");
        prop_assert_eq!(line.map_or(0, |line| line.rows.len()), women);
    }

    #[test]
    fn whole_birthdays_agree_with_months_counted(born in 0i64..20_000, later in 0i64..20_000) {
        let (born, on) = (Date::from_days(born).unwrap(), Date::from_days(born + later).unwrap());
        let (age, sure) = Birth::on(born).age_on(on).unwrap();
        prop_assert!(sure);
        // The birthday of that year has come, the next has not; 29 February waits for 1 March.
        let birthday = |years: i32| {
            let there = born.add_months(12 * years);
            if there.day_of_month() == born.day_of_month() { there } else { there.add_days(1) }
        };
        prop_assert!(birthday(i32::from(age)) <= on && on < birthday(i32::from(age) + 1));
    }
}

// ---- plan and what happened

fn admitted(row: RowId, on: &str, group: &str) -> Movement {
    Movement {
        row,
        on: day(on),
        what: Moved::Admitted,
        group: group.into(),
    }
}

#[test]
fn the_plan_stands_beside_what_happened() {
    let planned = |year, group: &str, count| Planned {
        year,
        group: group.into(),
        count,
    };
    let plan = [
        planned(2026, "教师", 2),
        planned(2026, "学生", 5),
        planned(2025, "学生", 9),
        planned(2026, "学生", 1),
    ];
    let happened = [
        admitted(0, "2026-03-31", "学生"),
        admitted(1, "2026-12-31", "学生"),
        admitted(2, "2025-12-31", "学生"),
        admitted(3, "2026-06-01", "职工"),
        admitted(4, "2026-06-01", ""),
        admitted(5, "2026-06-01", "教师"),
        admitted(6, "2026-06-30", "教师"),
        admitted(7, "2026-06-30", "教师"),
    ];
    let rows = beside(&plan, &happened, 2026);
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.group.as_str(),
                row.planned,
                row.admitted.clone(),
                row.difference(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("教师", Some(2), vec![5, 6, 7], Some(1)),
            ("学生", Some(6), vec![0, 1], Some(-4)),
            (NOT_KNOWN, None, vec![4], None),
            ("职工", None, vec![3], None),
        ]
    );
    assert_eq!(rows[0].months, [0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]);
    assert_eq!((rows[1].months[2], rows[1].months[11]), (1, 1));
}

#[test]
fn an_admission_that_was_not_approved_is_none() {
    let voted = [
        ("2024-03-01", Transition::Applied),
        ("2024-06-01", Transition::Confirmed),
        ("2025-10-01", Transition::Listed),
        ("2026-06-10", Transition::Admitted),
        ("2026-08-10", Transition::NotAdmitted),
    ];
    let whats = |changes: &[(&str, Transition)]| -> Vec<Moved> {
        let found = movements(7, "学生", &ledger(changes));
        assert!(
            found
                .iter()
                .all(|movement| movement.row == 7 && movement.group == "学生")
        );
        found.iter().map(|movement| movement.what).collect()
    };
    assert_eq!(whats(&voted), [Moved::Applied, Moved::Confirmed, Moved::Listed]);
    assert_eq!(whats(&voted[..4])[3], Moved::Admitted);
    // A later vote that fails takes nothing from an admission of long ago that was approved.
    let twice = [
        ("2015-03-01", Transition::Applied),
        ("2015-06-01", Transition::Confirmed),
        ("2016-10-01", Transition::Listed),
        ("2017-06-10", Transition::Admitted),
        ("2017-08-10", Transition::Approved),
        ("2018-08-10", Transition::Cancelled),
        ("2020-03-01", Transition::Applied),
        ("2020-06-01", Transition::Confirmed),
        ("2022-10-01", Transition::Listed),
        ("2023-08-10", Transition::NotAdmitted),
    ];
    assert!(whats(&twice).contains(&Moved::Admitted));
}

// ---- what is watched

fn watch(
    movements: &[Movement],
    since: &str,
    on: &str,
    thresholds: &Thresholds,
) -> Vec<(Watched, Option<String>, String)> {
    let watch = Watch {
        movements,
        known_since: day(since),
        on: day(on),
        thresholds,
    };
    let found = watch.observe(&["学生"]);
    for observation in &found {
        assert!(observation.threshold.contains("数由本单位定，文件没有写"));
        assert_eq!(observation.what.cite(), ("yijian-2013", "（十三）"));
        assert!(
            observation
                .figures
                .iter()
                .all(|figure| figure.rows.len() == figure.count as usize)
        );
    }
    found
        .into_iter()
        .map(|one| (one.what, one.group, one.text))
        .collect()
}

#[test]
fn a_rush_is_said_at_its_threshold() {
    // Five in thirty days, of eight: 62.5 per cent.
    let mut happened: Vec<Movement> = ["06-01", "06-10", "06-20", "06-29", "06-30"]
        .into_iter()
        .zip(0..)
        .map(|(on, row)| admitted(row, &format!("2026-{on}"), "职工"))
        .collect();
    let rest: Vec<Movement> = ["01-15", "03-15", "12-15"]
        .into_iter()
        .zip(10..)
        .map(|(on, row)| admitted(row, &format!("2026-{on}"), "职工"))
        .collect();
    happened.extend(rest);
    let set = Thresholds::default();
    let at = |happened: &[Movement], set: &Thresholds| watch(happened, "2026-01-01", "2026-12-31", set);
    assert_eq!(
        at(&happened, &set),
        [(
            Watched::Rush,
            None,
            "2026年接收预备党员8名，其中5名在2026年6月1日到2026年6月30日之间".to_owned()
        )]
    );
    // A day further apart they are not in one window.
    let mut wider = happened.clone();
    wider[4].on = day("2026-07-01");
    assert_eq!(at(&wider, &set), []);
    // One more elsewhere: 5 of 9 are 55.6 per cent.
    let mut more = happened.clone();
    more.push(admitted(20, "2026-10-01", "职工"));
    assert_eq!(at(&more, &set), []);
    assert_eq!(
        at(
            &more,
            &Thresholds {
                rush_share: 55,
                ..set.clone()
            }
        )
        .len(),
        1
    );
    assert_eq!(
        at(
            &happened,
            &Thresholds {
                rush_least: 6,
                ..set.clone()
            }
        ),
        []
    );
    // What was before everything was written down is left aside.
    assert_eq!(watch(&happened, "2026-06-02", "2026-12-31", &set), []);
    // All in one meeting.
    let meeting: Vec<Movement> = (0..5).map(|row| admitted(row, "2026-06-30", "职工")).collect();
    assert!(at(&meeting, &set)[0].2.ends_with("其中5名在2026年6月30日这一天"));
}

#[test]
fn a_standstill_is_said_when_the_records_reach_back() {
    let set = Thresholds::default();
    let happened = [admitted(0, "2024-06-30", "学生")];
    let at = |since: &str, on: &str| watch(&happened, since, on, &set);
    assert_eq!(at("2020-01-01", "2026-06-29"), []);
    let found = at("2020-01-01", "2026-06-30");
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0],
        (
            Watched::Standstill,
            None,
            "从2024年6月30日以后到2026年6月30日没有接收预备党员".into()
        )
    );
    assert_eq!(found[1].1.as_deref(), Some("学生"));
    // Without two years of records nothing can be said.
    assert_eq!(watch(&[], "2024-07-01", "2026-06-30", &set), []);
    let empty = watch(&[], "2024-06-30", "2026-06-30", &set);
    assert_eq!(
        empty[0].2,
        "从2024年6月30日有完整记录以来到2026年6月30日没有接收预备党员"
    );
}

#[test]
fn ups_and_downs_are_said_of_whole_years() {
    let set = Thresholds {
        rush_least: 100,
        standstill_months: 0,
        ..Thresholds::default()
    };
    let year = |year: u16, count: u32| {
        (0..count).map(move |row| admitted(row, &format!("{year}-{:02}-15", row % 12 + 1), "职工"))
    };
    let happened: Vec<Movement> = year(2023, 4).chain(year(2024, 10)).chain(year(2025, 5)).collect();
    let at = |since: &str, on: &str| -> Vec<String> {
        watch(&happened, since, on, &set)
            .into_iter()
            .map(|one| one.2)
            .collect()
    };
    // 4 to 10 is 60 per cent of the larger, 10 to 5 is 50.
    assert_eq!(
        at("2023-01-01", "2025-12-31"),
        [
            "2023年接收4名，2024年接收10名，多了6名",
            "2024年接收10名，2025年接收5名，少了5名"
        ]
    );
    // A year that runs still, or is not known whole, is not compared.
    assert_eq!(at("2023-01-01", "2025-12-30").len(), 1);
    assert_eq!(at("2023-01-02", "2025-12-31").len(), 1);
    let stricter = Thresholds {
        swing_share: 51,
        ..set.clone()
    };
    assert_eq!(watch(&happened, "2023-01-01", "2025-12-31", &stricter).len(), 1);
}

#[test]
fn growth_is_compared_and_not_judged() {
    let set = Thresholds::default();
    let members = BTreeMap::from([(2023, 200), (2024, 203), (2025, 200), (2027, 300)]);
    let found = growth(&members, &set);
    let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "2024年党员由200名到203名，净增3名，净增率1.5%，等于1.5%",
            "2025年党员由203名到200名，净减3名，净增率-1.48%，低于1.5%"
        ]
    );
    assert_eq!(found[0].what.cite(), ("yijian-2013", "（十一）"));
    assert!(found[0].threshold.contains("不是一个党组织的指标"));
    assert_eq!(growth(&BTreeMap::from([(2025, 0), (2026, 3)]), &set), []);
}

// ---- the reports

fn people() -> Vec<(Row<'static>, Ledger, Vec<Date>)> {
    let row = |sex, group, born: &str| Row {
        sex,
        group,
        ethnicity: "汉族",
        education: "大学本科",
        born: Some(Birth::on(day(born))),
        front_line: Some(false),
        state: State::Unknown,
    };
    let applied = |on| (on, Transition::Applied);
    let confirmed = |on| (on, Transition::Confirmed);
    vec![
        // An activist, reviewed in time.
        (
            row("女", "学生", "2005-05-05"),
            ledger(&[applied("2025-01-10"), confirmed("2025-08-01")]),
            vec![day("2026-01-20")],
        ),
        // An activist whose review is overdue.
        (
            row("男", "学生", "2004-05-05"),
            ledger(&[applied("2025-01-10"), confirmed("2025-11-01")]),
            vec![],
        ),
        // Became an applicant this half-year.
        (
            row("男", "教师", "1990-01-01"),
            ledger(&[applied("2026-03-01")]),
            vec![],
        ),
        // Was admitted this half-year.
        (
            row("女", "教师", "1985-01-01"),
            ledger(&[
                applied("2023-01-10"),
                confirmed("2023-08-01"),
                ("2025-10-01", Transition::Listed),
                ("2026-04-20", Transition::Admitted),
            ]),
            vec![],
        ),
        // Removed.
        (
            row("男", "职工", "1995-01-01"),
            ledger(&[
                applied("2024-01-10"),
                confirmed("2024-08-01"),
                ("2026-02-01", Transition::Removed),
            ]),
            vec![],
        ),
    ]
}

fn with_report(make: impl Fn(&Material<'_>) -> Report, look: impl Fn(&Report)) {
    let people = people();
    let someone: Vec<Someone<'_>> = people
        .iter()
        .map(|(row, ledger, reviews)| Someone {
            row: *row,
            ledger,
            reviews,
        })
        .collect();
    let plan = [Planned {
        year: 2026,
        group: "学生".into(),
        count: 1,
    }];
    let members = BTreeMap::from([(2024, 40), (2025, 42)]);
    let material = Material {
        unit: "示例党支部",
        people: &someone,
        plan: &plan,
        members: &members,
        known_since: day("2023-01-01"),
        thresholds: &Thresholds::default(),
        bands: &AgeBands::default(),
    };
    look(&make(&material));
}

fn figures(report: &Report, title: &str) -> Vec<(String, Vec<Option<i64>>)> {
    let grids = report.sections.iter().flat_map(|section| &section.tables);
    let grid = grids.into_iter().find(|grid| grid.title == title).unwrap();
    assert!(
        grid.lines
            .iter()
            .all(|(_, cells)| cells.len() + 1 == grid.columns.len())
    );
    let cells = |cells: &[Cell]| cells.iter().map(Cell::number).collect();
    grid.lines
        .iter()
        .map(|(label, line)| (label.clone(), cells(line)))
        .collect()
}

#[test]
fn the_half_year_report_says_what_was_written_down() {
    with_report(
        |material| half_year(material, 2026, true, day("2026-07-05")).unwrap(),
        |report| {
            assert_eq!(report.title, "2026年上半年发展党员工作情况报告");
            assert_eq!(
                (report.from, report.until, report.runs),
                (day("2026-01-01"), day("2026-06-30"), false)
            );
            let line = |label: &str, then, now| (label.to_owned(), vec![Some(then), Some(now)]);
            assert_eq!(
                figures(report, "各阶段人数"),
                [
                    line("入党申请人", 0, 1),
                    line("入党积极分子", 3, 2),
                    line("发展对象", 1, 0),
                    line("大会通过接收，待批准", 0, 1),
                ]
            );
            let happened: Vec<(String, i64)> = figures(report, "这段时间的变化")
                .into_iter()
                .map(|(label, cells)| (label, cells[0].unwrap()))
                .filter(|(_, count)| *count > 0)
                .collect();
            let one = |label: &str| (label.to_owned(), 1);
            assert_eq!(
                happened,
                [
                    one("收到入党申请书"),
                    one("不再作为积极分子或者撤回申请"),
                    one("接收为预备党员")
                ]
            );
            // Who was removed on the very day on which the review was due is no activist that day.
            let reviews: Vec<Option<i64>> = figures(report, "到期的半年考察")
                .into_iter()
                .map(|line| line.1[0])
                .collect();
            assert_eq!(reviews, [Some(1), Some(0), Some(1), Some(0), Some(0)]);
            assert_eq!(
                figures(report, "2026年发展党员计划和接收情况"),
                [
                    ("学生".to_owned(), vec![Some(1), Some(0), Some(-1)]),
                    ("教师".to_owned(), vec![None, Some(1), None]),
                ]
            );
            let blank: Vec<&str> = report
                .sections
                .iter()
                .filter(|section| section.blank)
                .map(|section| section.title.as_str())
                .collect();
            assert_eq!(blank, ["需要说明的情况"]);
            let said: Vec<&str> = report
                .sections
                .iter()
                .flat_map(|section| &section.observations)
                .map(|one| one.text.as_str())
                .collect();
            assert_eq!(
                said,
                [
                    "从2023年1月1日有完整记录以来到2026年6月30日没有接收预备党员",
                    "2025年党员由40名到42名，净增2名，净增率5%，高于1.5%"
                ]
            );
        },
    );
}

#[test]
fn the_yearly_analysis_counts_the_activists() {
    with_report(
        |material| yearly(material, 2026, day("2026-07-05")).unwrap(),
        |report| {
            assert!(report.runs);
            assert_eq!(report.until, day("2026-07-05"));
            for dimension in Dimension::ALL
                .into_iter()
                .filter(|dimension| *dimension != Dimension::State)
            {
                let total: i64 = figures(report, &format!("按{}", dimension.label()))
                    .into_iter()
                    .map(|line| line.1[0].unwrap())
                    .sum();
                assert_eq!(total, 2, "{dimension:?}");
            }
            let lengths: Vec<Option<i64>> = figures(report, "培养教育的时间")
                .into_iter()
                .map(|line| line.1[0])
                .collect();
            assert_eq!(lengths, [Some(2), Some(0), Some(0), Some(0), Some(0)]);
            let basis = report.sections[0].basis[0];
            assert_eq!((basis.source, basis.clause), ("xize-2026", "第十一条"));
            let blank: Vec<&str> = report
                .sections
                .iter()
                .filter(|section| section.blank)
                .map(|section| section.title.as_str())
                .collect();
            assert_eq!(blank, ["存在的问题", "改进的措施"]);
        },
    );
    // Nothing is said of a time that has not begun.
    let material_of_nobody = BTreeMap::new();
    let material = Material {
        unit: "",
        people: &[],
        plan: &[],
        members: &material_of_nobody,
        known_since: day("2026-01-01"),
        thresholds: &Thresholds::default(),
        bands: &AgeBands::default(),
    };
    assert_eq!(half_year(&material, 2026, false, day("2026-06-30")), None);
    assert!(half_year(&material, 2026, false, day("2026-07-01")).is_some());
}
