//! The workbench's figures and exports by their orders: every figure leads to as many people as it
//! counts, reports say the same on screen, as `.docx` and as `.xlsx`, and what leaves counts as the
//! screens do.

#![cfg(all(not(target_arch = "wasm32"), feature = "exports", feature = "upward"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

#[path = "upward/bench.rs"]
mod bench;
#[path = "upward/made.rs"]
mod made;
#[path = "upward/reference.rs"]
mod reference;

use bench::{expected, order, workbench};
use calamine::{Data, Reader, Xlsx};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use xuedang::domain::workbench::Workbench;
use xuedang::format::workbench::figures::{
    Cause, Counted, Found, Observed, Paper, Planning, WINDOW, Watching,
};
use xuedang::format::workbench::leave::{About, Left};

const ROWS: u64 = 900;

fn sample() -> Workbench {
    workbench(ROWS, 12)
}

fn ask<T: DeserializeOwned>(work: &Workbench, what: &str, text: Value) -> T {
    serde_json::from_str(&order(work, what, &text).unwrap().text).unwrap()
}

/// How many times people are behind a figure, all windows of it.
fn behind(work: &Workbench, cause: &Value) -> usize {
    let _: Cause = serde_json::from_value(cause.clone()).unwrap();
    let (mut times, mut seen, mut from) = (0, BTreeSet::new(), 0);
    loop {
        let found: Found = ask(work, "figures/rows", json!({"cause": cause, "from": from}));
        assert!(found.rows.len() <= WINDOW && !found.title.is_empty());
        for one in &found.rows {
            assert!(seen.insert(one.id.clone()), "twice: {one:?}");
            assert!(!one.name.is_empty());
            times += one.times;
        }
        from += found.rows.len();
        if from >= found.people {
            assert_eq!((seen.len(), times), (found.people, found.count));
            return times;
        }
        assert_eq!(found.rows.len(), WINDOW);
    }
}

#[test]
fn every_count_leads_to_its_people() {
    let work = sample();
    for (whom, on) in [
        (json!({}), "2026-06-30"),
        (json!({"of": "activists"}), "2026-06-30"),
        (json!({"of": "all", "branch": "第00003党支部"}), "2024-02-29"),
        (
            json!({"of": {"only": "probationer"}, "group": "农民"}),
            "2025-12-31",
        ),
    ] {
        let counted: Counted = ask(&work, "figures/counts", json!({"on": on, "whom": whom}));
        assert_eq!(counted.register, ROWS as usize);
        assert_eq!(counted.branches.len(), 12);
        let all = json!({"line": {"on": on, "whom": whom}});
        assert_eq!(behind(&work, &all), counted.total);
        let unsure = json!({"uncertain": {"on": on, "whom": whom}});
        assert_eq!(behind(&work, &unsure), counted.uncertain);
        for table in &counted.tables {
            assert_eq!(table.more, (0, 0));
            let sum: usize = table.lines.iter().map(|(_, count)| count).sum();
            assert_eq!(sum, counted.total, "{:?}", table.by);
            for (label, count) in &table.lines {
                let line = json!({"line": {"on": on, "whom": whom, "by": [table.by, label]}});
                assert_eq!(behind(&work, &line), *count, "{label}");
            }
        }
    }
    let nobody: Counted = ask(
        &work,
        "figures/counts",
        json!({"whom": {"branch": "没有这个支部"}}),
    );
    assert_eq!(nobody.total, 0);
}

#[test]
fn the_plan_and_what_happened_lead_to_their_people() {
    let work = sample();
    let found: Planning = ask(&work, "figures/plan", json!({"year": 2025}));
    assert_eq!(found.rows[0].planned, Some(30));
    assert_eq!(found.unit, "示例学院党委");
    assert_eq!(found.members, [(2023, 900), (2024, 950), (2025, 961)]);
    for row in &found.rows {
        assert_eq!(row.months.iter().sum::<u32>() as usize, row.admitted);
        let year = json!({"moved": {"from": "2025-01-01", "until": "2025-12-31", "what": "admitted", "group": row.group}});
        assert_eq!(behind(&work, &year), row.admitted, "{}", row.group);
        let december = json!({"moved": {"from": "2025-12-01", "until": "2025-12-31", "what": "admitted", "group": row.group}});
        assert_eq!(behind(&work, &december), row.months[11] as usize);
    }
    assert!(found.rows.iter().any(|row| row.months[11] > 0));
}

#[test]
fn what_is_observed_leads_to_its_people() {
    let work = sample();
    let mut kinds = BTreeSet::new();
    for branch in [Value::Null, json!("第00006党支部"), json!("第00004党支部")] {
        let asked = json!({"whom": {"branch": branch}});
        let found: Watching = ask(&work, "figures/watch", asked.clone());
        assert!(found.known_since.is_some());
        for (at, one) in found.observations.iter().enumerate() {
            kinds.insert(one.what.clone());
            assert!(!one.threshold.is_empty() && !one.cited.is_empty());
            for (figure, is) in one.figures.iter().enumerate() {
                let cause = json!({"observed": {"asked": asked, "at": at, "figure": figure}});
                if is.people {
                    assert_eq!(behind(&work, &cause), is.count as usize);
                }
            }
        }
    }
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(
        kinds,
        ["党员数量净增", "发展数量大起大落", "突击发展", "长期不发展"]
    );
    let gone = order(
        &work,
        "figures/rows",
        &json!({"cause": {"observed": {"asked": {}, "at": 999, "figure": 0}}}),
    );
    assert!(gone.unwrap_err().contains("重新统计"));
}

fn papers(work: &Workbench) -> Vec<(Value, Paper)> {
    [
        json!({"what": "first-half", "year": 2026}),
        json!({"what": "second-half", "year": 2025}),
        json!({"what": "yearly", "year": 2025}),
        json!({"what": "yearly", "year": 2026, "whom": {"branch": "第00003党支部"}}),
    ]
    .into_iter()
    .map(|asked| (asked.clone(), ask(work, "figures/report", asked)))
    .collect()
}

#[test]
fn every_figure_of_a_report_leads_to_its_people() {
    let work = sample();
    for (asked, paper) in papers(&work) {
        let mut figures = 0;
        for (section, part) in paper.parts.iter().enumerate() {
            for (table, grid) in part.tables.iter().enumerate() {
                for (line, (label, cells)) in grid.lines.iter().enumerate() {
                    assert_eq!(cells.len() + 1, grid.columns.len(), "{}", grid.title);
                    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.people) {
                        let cause = json!({"report": {"asked": asked, "place": [section, table, line, at]}});
                        assert_eq!(behind(&work, &cause) as i64, cell.is.unwrap(), "{label}");
                        figures += 1;
                    }
                }
            }
            for (at, one) in part.observations.iter().enumerate() {
                for (figure, is) in one.figures.iter().enumerate().filter(|(_, is)| is.people) {
                    let cause = json!({"report-observed": {"asked": asked, "place": [section, at, figure]}});
                    assert_eq!(behind(&work, &cause), is.count as usize);
                    figures += 1;
                }
            }
        }
        assert!(figures > 10, "{figures}");
    }
    let early = order(
        &work,
        "figures/report",
        &json!({"what": "second-half", "year": 2026}),
    );
    assert!(early.unwrap_err().contains("还没有开始"));
}

/// The text of a paper's paragraphs, a line for each.
fn paragraphs(docx: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(part) => text += &part,
            quick_xml::events::Event::GeneralRef(part) => {
                text += match &*part {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    other => panic!("{other}"),
                }
            }
            quick_xml::events::Event::End(end) if end.name().as_ref() == "w:p" => text.push('\n'),
            quick_xml::events::Event::Eof => return text,
            _ => {}
        }
    }
}

/// What must stand on a paper, in this order.
fn wanted(paper: &Paper) -> Vec<String> {
    let mut all = vec![paper.title.clone()];
    all.extend(paper.about());
    for part in &paper.parts {
        all.push(part.title.clone());
        for grid in &part.tables {
            all.push(grid.title.clone());
            if grid.lines.is_empty() {
                continue;
            }
            all.extend(grid.columns.iter().cloned());
            for (label, cells) in &grid.lines {
                all.push(label.clone());
                all.extend(cells.iter().map(|cell| match cell.is {
                    Some(is) => is.to_string(),
                    None => "—".into(),
                }));
            }
        }
        all.extend(part.observations.iter().map(Observed::sentence));
        all.extend(part.notes.iter().cloned());
    }
    all.push("填报人（签名）：".into());
    all
}

#[test]
fn reports_say_the_same_in_every_form() {
    let work = sample();
    for (asked, paper) in papers(&work) {
        let outcome = order(&work, "figures/report-docx", &asked).unwrap();
        assert_eq!(outcome.text, format!("\"{}.docx\"", paper.title));
        let (bytes, _) = outcome.file.unwrap();
        let text = paragraphs(&bytes);
        let mut lines = text.lines();
        for wanted in wanted(&paper) {
            assert!(
                lines.any(|line| line == wanted),
                "{wanted} not (in its place) in\n{text}"
            );
        }

        let outcome = order(&work, "figures/report-xlsx", &asked).unwrap();
        let (bytes, _) = outcome.file.unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        for grid in paper.parts.iter().flat_map(|part| &part.tables) {
            let sheet = book.worksheet_range(&grid.title).unwrap();
            let head: Vec<String> = sheet
                .rows()
                .next()
                .unwrap()
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(head, grid.columns);
            for (row, (label, cells)) in sheet.rows().skip(1).zip(&grid.lines) {
                assert_eq!(row[0].to_string(), *label);
                for (cell, is) in row[1..].iter().zip(cells) {
                    match is.is {
                        Some(is) => assert_eq!(*cell, Data::Float(is as f64)),
                        None => assert!(matches!(cell, Data::Empty)),
                    }
                }
            }
            assert_eq!(sheet.rows().len(), grid.lines.len() + 1);
        }
    }
}

/// The papers as text, so that a change of wording or of a figure is seen.
#[test]
fn the_reports_are_as_they_were() {
    let work = workbench(120, 3);
    for (name, asked) in [
        ("half-year", json!({"what": "first-half", "year": 2026})),
        ("yearly", json!({"what": "yearly", "year": 2025})),
    ] {
        let (bytes, _) = order(&work, "figures/report-docx", &asked).unwrap().file.unwrap();
        let text = paragraphs(&bytes);
        let path = format!("{}/tests/fixtures/report/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("XUEDANG_BLESS").is_some() {
            std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            known == text,
            "{path} is no longer what is written; run again with XUEDANG_BLESS=1"
        );
    }
}

#[test]
fn what_leaves_counts_as_the_screens_do() {
    let work = workbench(3_000, 24);
    let (people, changes) = bench::rows(&work);
    let other = reference::all(&people, &changes);
    let mut shown = bench::answers(&work, &other);
    shown.sort_by_key(|(name, _)| *name);
    let names: Vec<&str> = shown.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "01-structure",
            "02-growth",
            "03-growth-rate",
            "04-rush",
            "05-standstill",
            "06-ups-and-downs",
            "08-cultivation"
        ]
    );
    for (name, rows) in shown {
        let (_, counted) = other.iter().find(|(known, _)| *known == name).unwrap();
        assert!(!rows.is_empty(), "{name}");
        for (at, (one, two)) in rows.iter().zip(counted).enumerate() {
            assert_eq!(one, two, "{name}, row {at}");
        }
        assert_eq!(rows.len(), counted.len(), "{name}");
    }
    assert_eq!(expected(&work).1.len(), 7);
}

#[test]
fn files_leave_with_all_who_are_asked_for() {
    let work = sample();
    let (people, changes) = bench::rows(&work);
    let left = |what: &str, text: Value| {
        let outcome = order(&work, what, &text).unwrap();
        let left: Left = serde_json::from_str(&outcome.text).unwrap();
        (left, outcome.file.unwrap().0)
    };
    let everybody = json!({"of": "all"});
    let (csv, bytes) = left("leave/csv", json!({"whom": everybody}));
    assert_eq!((csv.name.as_str(), csv.rows), ("人员-2026-06-30.csv", ROWS));
    let whole = xuedang::format::upward::write(xuedang::format::upward::Format::Csv, people).unwrap();
    assert!(bytes == whole, "the same rows, the same bytes");
    let (ndjson, bytes) = left("leave/ndjson", json!({"changes": true, "whom": everybody}));
    assert_eq!(ndjson.rows as usize, changes.len());
    let whole = xuedang::format::upward::write(xuedang::format::upward::Format::Ndjson, changes).unwrap();
    assert!(bytes == whole);
    let (parquet, bytes) = left(
        "leave/parquet",
        json!({"whom": {"branch": "第00003党支部", "of": "all"}}),
    );
    assert!(parquet.rows > 0 && parquet.rows < ROWS && bytes.starts_with(b"PAR1"));

    let (form, bytes) = left(
        "leave/form",
        json!({"whom": {"of": "activists"}, "attachment": "附件6："}),
    );
    assert_eq!(form.name, "入党积极分子名册（截至2026年6月30日）.xlsx");
    let counted: Counted = ask(&work, "figures/counts", json!({"whom": {"of": "activists"}}));
    assert_eq!(form.rows as usize, counted.total);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.height(), 5 + counted.total);
    assert_eq!(
        sheet.get_value((2, 0)).unwrap().to_string(),
        "二级党委（盖章）：示例学院党委"
    );

    let about: About = ask(&work, "leave/about", Value::Null);
    assert_eq!(about.tables.len(), 2);
    assert_eq!(about.tables[0].columns[9][3], "名册；细则（2026年）第7条");
    for table in &about.tables {
        let path = format!("{}/public/{}", env!("CARGO_MANIFEST_DIR"), table.schema);
        assert!(std::path::Path::new(&path).exists(), "{path}");
    }
}

/// A day of which a roster knows the month alone is not made a day, until somebody has written it down.
#[test]
fn months_do_not_become_days() {
    let work = workbench(60, 2);
    let (people, _) = bench::rows(&work);
    let rough = people
        .iter()
        .filter_map(|person| Some((person.confirmed, person.inexact_days.as_deref()?)))
        .find(|(_, inexact)| inexact.contains("confirmed "))
        .unwrap();
    assert_eq!(rough.0, None);
}
