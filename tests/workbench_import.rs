//! Importing a roster at the workbench, order by order, as the branch's program is asked.

#![cfg(all(not(target_arch = "wasm32"), feature = "sheets"))]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests, too, stop at the first surprise.

#[path = "rosters/files.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod files;

use files::*;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use xuedang::domain::branch::{Decision, Field, PersonId, RosterEvent, Verdict};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Env, Moment};
use xuedang::domain::workbench::{Deed, Workbench};
use xuedang::format::workbench::import::{
    Filter, Given, History, Named, PAGE, Row, Settle, Settled, Sheets, Sure, Taken, Turn, Undo, View, Window,
};
use xuedang::format::workbench::{Bench, Order, Outcome};

const FIXTURE: &[u8] = include_bytes!("fixtures/roster/roster-2026-06.xls");

fn moment(minute: i64) -> Moment {
    Moment {
        ms: 1_795_500_000_000 + minute * 60_000,
        tz: 480,
    }
}

/// A branch's program without a browser: deeds are folded in as they would be after they were written.
#[derive(Default)]
struct Office {
    bench: Bench,
    work: Workbench,
    minute: i64,
    /// What was heard of the progress of the last order.
    steps: Vec<(String, usize, usize)>,
}

impl Office {
    fn order(&mut self, what: &str, text: &str, bytes: &[u8]) -> Result<Outcome, String> {
        self.minute += 1;
        let order = Order {
            what,
            text,
            bytes,
            now: moment(self.minute),
        };
        let steps = &mut self.steps;
        steps.clear();
        let mut step = |what: &str, done, of| steps.push((what.to_owned(), done, of));
        let outcome = self.bench.carry_out(&self.work, &order, &mut step).unwrap()?;
        self.happens(&outcome.deeds);
        Ok(outcome)
    }

    fn happens(&mut self, deeds: &[Deed]) {
        for deed in deeds {
            let env = Env {
                now: moment(self.minute),
                chance: self.minute as u128 * 7_919 + 1,
            };
            let event = Event {
                v: 2,
                id: EventId::new(&env),
                seq: self.minute as u64,
                at: env.now,
                what: deed.clone(),
            };
            // As it is stored.
            self.work.apply(&Event::read(&event.write()).unwrap());
            self.bench.forget();
        }
    }

    fn ask<A: DeserializeOwned>(&mut self, what: &str, text: &impl Serialize) -> Result<A, String> {
        let outcome = self.order(what, &serde_json::to_string(text).unwrap(), b"")?;
        Ok(serde_json::from_str(&outcome.text).unwrap())
    }

    fn read(&mut self, name: &str, bytes: &[u8]) -> Result<Sheets, String> {
        let text = serde_json::to_string(&Named { name: name.into() }).unwrap();
        let outcome = self.order("import/read", &text, bytes)?;
        assert_eq!(outcome.deeds, []);
        Ok(serde_json::from_str(&outcome.text).unwrap())
    }

    fn turn(&mut self, turn: Turn) -> Sheets {
        self.ask("import/turn", &turn).unwrap()
    }

    fn plan(&mut self) -> Window {
        self.ask("import/plan", &Given::default()).unwrap()
    }

    /// Reads and judges.
    fn dry(&mut self, bytes: &[u8]) -> Window {
        self.read("名册.csv", bytes).unwrap();
        self.plan()
    }

    fn rows(&mut self, filter: Filter, page: usize) -> Window {
        let view = View {
            filter: Some(filter),
            page,
        };
        self.ask("import/rows", &view).unwrap()
    }

    fn settle(&mut self, what: Settle) -> Result<Window, String> {
        let view = View {
            filter: None,
            page: 0,
        };
        self.ask("import/settle", &Settled { what, view })
    }

    fn confirm(&mut self) -> Taken {
        self.ask("import/confirm", &()).unwrap()
    }

    /// The whole flow, with nothing settled.
    fn import(&mut self, bytes: &[u8]) -> Taken {
        self.dry(bytes);
        self.confirm()
    }

    fn history(&mut self) -> History {
        self.ask("import/history", &()).unwrap()
    }

    fn undo(&mut self) -> Result<(), String> {
        let id = self.history().last.unwrap().id;
        self.ask("import/undo", &Undo { id })
    }

    /// Everybody who stands, a line each.
    fn all(&self) -> Vec<String> {
        let people = &self.work.people;
        let all = people.standing().map(|person| {
            let known = people.person(person).unwrap().known();
            let parts = known
                .iter()
                .map(|known| format!("{}={}", known.field.code(), known.text));
            parts.collect::<Vec<_>>().join(" ")
        });
        all.collect()
    }
}

fn counts(window: &Window) -> [usize; 7] {
    Filter::ALL.map(|filter| window.count(filter))
}

fn csv_of(rows: &str) -> Vec<u8> {
    format!("所在党支部,姓名,学号,性别,民族,出生日期,职务\n{rows}").into_bytes()
}

#[test]
fn the_real_form_goes_in_and_out_again() {
    let mut office = Office::default();
    let sheets = office.read("roster-2026-06.xls", FIXTURE).unwrap();
    assert_eq!(sheets.was_here, None);
    assert_eq!(sheets.kind, "旧版 Excel 工作簿（.xls）");
    let [sheet] = &sheets.sheets[..] else {
        panic!("one sheet")
    };
    assert_eq!(
        (sheet.take, sheet.problem.as_deref(), sheet.unsure, sheet.rows),
        (true, None, 0, 120)
    );
    assert!(sheet.has_branch);
    let columns = &sheets.columns;
    let first = columns.first.unwrap();
    let header = columns.top.iter().find(|top| top.at == first).unwrap();
    assert_eq!((header.number, columns.depth), (4, 2));
    assert!(
        header.text.starts_with("序号｜所在党支部｜姓名"),
        "{}",
        header.text
    );
    let name = &columns.heads[2];
    assert_eq!(
        (name.letters.as_str(), name.field, name.sure),
        ("C", Some(Field::Name), Sure::Certain)
    );
    assert_eq!(name.samples.len(), 3);

    let window = office.plan();
    assert_eq!(
        counts(&window)[..6],
        [120, 0, 0, 0, 0, window.count(Filter::Noted)]
    );
    assert_eq!((window.filter, window.pages), (Filter::Of(Verdict::New), 3));
    assert_eq!((window.rows.len(), window.new, window.open), (PAGE, 120, 0));
    assert_eq!(window.rows[0].place, "第 6 行");
    let judged = office.steps.iter().filter(|(what, ..)| what == "正在核对");
    assert!(judged.clone().count() > 0 && judged.clone().all(|(_, done, of)| done <= of && *of == 120));
    assert_eq!(office.rows(Filter::Of(Verdict::New), 9).page, 2, "the last page");
    assert_eq!(office.rows(Filter::Of(Verdict::New), 2).rows.len(), 20);
    assert_eq!(office.all(), [""; 0], "nothing has been done");

    let taken = office.confirm();
    assert_eq!((taken.new, taken.changed, taken.open), (120, 0, 0));
    assert_eq!(office.all().len(), 120);
    let before = office.work.people.clone();

    // Again: nothing.
    let sheets = office.read("又一次.xls", FIXTURE).unwrap();
    assert!(sheets.was_here.is_some());
    assert!(sheets.columns.remembered);
    let sure = sheets.columns.heads.iter().filter(|head| head.field.is_some());
    assert!(sure.clone().all(|head| head.sure == Sure::Remembered));
    let window = office.plan();
    assert_eq!(counts(&window)[..5], [0, 0, 120, 0, 0]);
    assert_eq!((window.new, window.changed), (0, 0));
    let outcome = office.order("import/confirm", "null", b"").unwrap();
    assert_eq!(outcome.deeds, []);
    assert_eq!(office.work.people, before);

    // And out.
    let history = office.history();
    let last = history.last.unwrap();
    assert_eq!(
        (last.gone, last.kept, last.restored, last.refused),
        (120, 0, 0, None)
    );
    assert_eq!(history.imports.len(), 1);
    assert_eq!(history.imports[0].file, "roster-2026-06.xls");
    office.undo().unwrap();
    assert_eq!(office.all(), [""; 0]);
    let history = office.history();
    assert_eq!(history.last, None);
    assert!(history.imports[0].undone.is_some(), "the history stays");
    assert!(office.undo_again(&last.id).is_err());
}

impl Office {
    fn undo_again(&mut self, id: &str) -> Result<(), String> {
        self.ask("import/undo", &Undo { id: id.into() })
    }
}

#[test]
fn doubtful_and_refused_rows_are_settled_one_by_one() {
    let mut office = Office::default();
    office.import(&csv_of(
        "甲支部,欧阳明,1,男,汉族,2004-01-02,\n甲支部,李芳,2,女,汉族,,班长\n",
    ));
    let window = office.dry(&csv_of(
        "甲支部,欧阳朋,1,男,汉族,2004-01-02,班长\n\
         甲支部,李芳,22,女,汉族,,\n\
         甲支部,,3,男,汉族,,\n\
         甲支部,王五,4,男,火星族,,\n\
         甲支部,赵六,5,男,火星族,2004-02-30,\n\
         甲支部,李芳,2,女,汉族,,团支书\n\
         合计,4人,,,,,\n",
    ));
    assert_eq!(counts(&window), [0, 1, 0, 4, 1, 0, 1]);
    assert_eq!((window.open, window.new, window.changed), (4, 0, 1));
    let [other, again, martian, second] = &window.rows[..] else {
        panic!("four rows")
    };

    // The one is the person of that number, and only the post is new.
    assert_eq!(other.remarks.len(), 1);
    assert_eq!(other.candidates.len(), 1);
    let name = other.beside.iter().find(|one| one.field == "姓名").unwrap();
    assert_eq!(
        (name.ours.as_str(), &name.theirs[..]),
        ("欧阳朋", &["欧阳明".to_owned()][..])
    );
    let is = other.candidates[0].person;
    let nobody = office.settle(Settle::Decide(other.line, Decision::Is(is + 1)));
    assert!(
        nobody.unwrap_err().contains("不能定为这个人"),
        "nobody is merged with just anybody"
    );
    let window = office
        .settle(Settle::Decide(other.line, Decision::Is(is)))
        .unwrap();
    let row = find(&window, other.line);
    assert_eq!(row.decision, Decision::Is(is));
    let changes: Vec<(Field, bool)> = row.changes.iter().map(|one| (one.field, one.take)).collect();
    assert_eq!(changes, [(Field::Name, false), (Field::Post, true)]);

    // The other is somebody else.
    office.settle(Settle::Decide(again.line, Decision::New)).unwrap();

    // What a word means is said once for all who have it.
    let ask = &martian.asks[0];
    assert_eq!(
        (ask.field, ask.text.as_str(), ask.alike),
        (Field::Ethnicity, "火星族", 2)
    );
    let wrong = office.settle(Settle::Answer(
        martian.line,
        Field::Ethnicity,
        "水星族".into(),
        true,
    ));
    assert_eq!(wrong.unwrap_err(), "没有这个民族名称");
    office
        .settle(Settle::Answer(
            martian.line,
            Field::Ethnicity,
            "水族".into(),
            true,
        ))
        .unwrap();
    let window = office
        .settle(Settle::Answer(
            second.line,
            Field::Birth,
            "2004年2月".into(),
            false,
        ))
        .unwrap();
    assert_eq!(window.open, 0);

    // A refused row gets the name that it lacks.
    let refused = office.rows(Filter::Of(Verdict::Refused), 0).rows;
    let [row] = &refused[..] else { panic!("one row") };
    assert_eq!(
        (row.asks[0].field, row.asks[0].why.as_str()),
        (Field::Name, "没有姓名")
    );
    for decision in [Decision::New, Decision::Is(is), Decision::Skip] {
        assert!(office.settle(Settle::Decide(row.line, decision)).is_err());
    }
    assert!(
        office
            .settle(Settle::Answer(row.line, Field::Name, " ".into(), false))
            .is_err()
    );
    assert!(
        office
            .settle(Settle::Answer(row.line, Field::Name, "123".into(), false))
            .is_err()
    );
    let window = office
        .settle(Settle::Answer(row.line, Field::Name, "孙 八".into(), false))
        .unwrap();
    assert_eq!(counts(&window)[..5], [3, 1, 0, 2, 0]);

    let taken = office.confirm();
    assert_eq!((taken.new, taken.changed, taken.open), (4, 2, 0));
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=欧阳明 number=1 sex=男 ethnicity=汉族 birth=2004-01-02 post=班长",
            "branch=甲支部 name=李芳 number=2 sex=女 ethnicity=汉族 post=团支书",
            "branch=甲支部 name=李芳 number=22 sex=女 ethnicity=汉族",
            "branch=甲支部 name=孙八 number=3 sex=男 ethnicity=汉族",
            "branch=甲支部 name=王五 number=4 sex=男 ethnicity=水族",
            "branch=甲支部 name=赵六 number=5 sex=男 ethnicity=水族 birth=2004-02",
        ]
    );
    let last = office.history().last.unwrap();
    assert_eq!((last.gone, last.restored), (4, 2));
    office.undo().unwrap();
    assert_eq!(office.all().len(), 2);
    assert!(office.all()[1].ends_with("post=班长"));
}

fn find(window: &Window, line: usize) -> &Row {
    window.rows.iter().find(|row| row.line == line).unwrap()
}

/// A name or a number that was typed may be somebody's who is known, or another row's.
#[test]
fn what_is_typed_is_judged_like_what_was_read() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,张三,1,男,汉族,2004-01-02,\n"));
    let window = office.dry(&csv_of(
        "甲支部,张三,1.2E+17,男,汉族,,班长\n甲支部,,7,男,汉族,,\n甲支部,李四,7,男,汉族,,\n",
    ));
    assert_eq!(counts(&window)[..5], [1, 0, 0, 1, 1]);
    let row = &window.rows[0];
    let field = row.asks[0].field;
    assert_eq!(field, Field::Number);
    let window = office
        .settle(Settle::Answer(row.line, Field::Number, "1".into(), false))
        .unwrap();
    assert_eq!(
        counts(&window)[..5],
        [1, 1, 0, 0, 1],
        "it is the one who is known"
    );
    // The row without a name is the same as the one below it.
    let refused = office.rows(Filter::Of(Verdict::Refused), 0).rows[0].line;
    let window = office
        .settle(Settle::Answer(refused, Field::Name, "李四".into(), false))
        .unwrap();
    assert_eq!(counts(&window)[..5], [1, 1, 1, 0, 0]);
    assert!(
        office.rows(Filter::Of(Verdict::Same), 0).rows[0].remarks[0]
            .1
            .contains("重复")
    );
    office.confirm();
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=张三 number=1 sex=男 ethnicity=汉族 birth=2004-01-02 post=班长",
            "branch=甲支部 name=李四 number=7 sex=男 ethnicity=汉族",
        ]
    );
}

#[test]
fn what_differs_is_ticked_or_stays() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,张三,1,男,汉族,2004-01-02,\n"));
    let window = office.dry(&csv_of("甲支部,张三,1,女,回族,2004-01-03,班长\n"));
    let row = &window.rows[0];
    let person = row.person.as_ref().unwrap().person;
    assert_eq!((row.verdict, row.remarks.len()), (Verdict::Doubtful, 3));
    office.settle(Settle::Tick(row.line, Field::Birth, true)).unwrap();
    assert!(office.settle(Settle::Tick(row.line, Field::Note, true)).is_err());
    assert_eq!(
        office.rows(Filter::Of(Verdict::Doubtful), 0).changed,
        0,
        "it waits"
    );
    let window = office
        .settle(Settle::Decide(row.line, Decision::Is(person)))
        .unwrap();
    assert_eq!((window.open, window.changed), (0, 1));
    office.confirm();
    assert_eq!(
        office.all(),
        ["branch=甲支部 name=张三 number=1 sex=男 ethnicity=汉族 birth=2004-01-03 post=班长"]
    );
}

/// A date to come may be meant; another one that is typed is looked at again.
#[test]
fn a_date_to_come_is_said_or_mended() {
    let mut office = Office::default();
    let window = office.dry(&csv_of(
        "甲支部,张三,1,男,汉族,2098-01-02,\n甲支部,李四,2,男,汉族,2098-01-02,\n",
    ));
    assert_eq!(window.open, 2);
    let birth = |line, value: &str| Settle::Answer(line, Field::Birth, value.into(), false);
    assert_eq!(office.settle(birth(0, "2097-01-02")).unwrap().open, 2);
    assert_eq!(office.settle(birth(0, "2004-01-02")).unwrap().open, 1);
    assert_eq!(office.settle(birth(1, "2098-01-02")).unwrap().open, 0);
}

#[test]
fn many_rows_are_skipped_at_once_and_never_merged() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,欧阳明,1,男,汉族,,\n"));
    office.dry(&csv_of(
        "甲支部,欧阳朋,1,男,汉族,,\n甲支部,欧阳鹏,1,男,汉族,,\n甲支部,王五,4,男,汉族,,\n,,9,男,汉族,,\n",
    ));
    let doubtful = Filter::Of(Verdict::Doubtful);
    let window = office.settle(Settle::SkipAll(doubtful, true)).unwrap();
    assert_eq!((window.open, window.skipped, window.new), (0, 2, 1));
    assert!(office.rows(doubtful, 0).all_skipped);
    let window = office.settle(Settle::SkipAll(doubtful, false)).unwrap();
    assert_eq!((window.open, window.skipped), (2, 0));
    // What somebody has decided stands.
    office.settle(Settle::Decide(0, Decision::Is(0))).unwrap();
    let window = office.settle(Settle::SkipAll(doubtful, true)).unwrap();
    assert_eq!((window.open, window.skipped), (0, 1));
    assert!(office.rows(doubtful, 0).all_skipped);
    office.settle(Settle::SkipAll(doubtful, false)).unwrap();
    office.settle(Settle::Decide(0, Decision::None)).unwrap();
    let window = office
        .settle(Settle::SkipAll(Filter::Of(Verdict::New), true))
        .unwrap();
    assert_eq!(window.new, 0);
    let taken = office.confirm();
    assert_eq!(
        (taken.new, taken.open, taken.skipped, taken.refused),
        (0, 2, 1, 1)
    );
    assert_eq!(office.all().len(), 1);
    assert_eq!(office.history().imports.len(), 1, "nothing was done");
}

#[test]
fn sheets_headers_and_columns_are_put_right_and_remembered() {
    let mut sheet = Sheet::of(&[
        &["某某单位人员一览"],
        &["称呼", "编码", "身份证号", "何时申请", "支部"],
        &["张三", "1", "110101200001011234", "2025-03", "甲支部"],
        &["李四", "2", "110101200001011235", "2025-04", ""],
    ]);
    sheet.merges = vec![[0, 0, 0, 4]];
    let other = Sheet::of(&[&["填表说明"], &["请如实填写"]]);
    let bytes = xlsx(&[("第一支部", &sheet), ("说明", &other)]);
    let mut office = Office::default();
    let sheets = office.read("一览.xlsx", &bytes).unwrap();
    assert_eq!(sheets.sheets.len(), 2);
    assert!(sheets.sheets[0].take && sheets.sheets[0].problem.is_some());
    assert!(!sheets.sheets[1].take);
    let refused = office.ask::<Window>("import/plan", &Given::default());
    assert!(refused.unwrap_err().contains("第一支部"));
    assert!(
        office
            .ask::<Sheets>("import/turn", &Turn::Header(0, 99, 1))
            .is_err()
    );
    let sheets = office.turn(Turn::Header(0, 1, 1));
    assert_eq!(sheets.columns.heads[0].label, "称呼");
    let private = &sheets.columns.heads[2];
    assert!(private.private && private.samples.is_empty());
    let refused = office.ask::<Sheets>("import/turn", &Turn::Column(0, 2, Some(Field::Number)));
    assert!(refused.is_err(), "an identity number is not read, whoever asks");
    office.turn(Turn::Column(0, 0, Some(Field::Name)));
    office.turn(Turn::Column(0, 1, Some(Field::Number)));
    let sheets = office.turn(Turn::Column(0, 3, Some(Field::Applied)));
    assert_eq!(sheets.sheets[0].problem, None);
    assert_eq!(sheets.columns.heads[3].sure, Sure::Said);
    let given = Given {
        branch: String::new(),
        by_sheet: true,
    };
    let window: Window = office.ask("import/plan", &given).unwrap();
    assert_eq!(window.new, 2);
    office.confirm();
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=张三 number=1 applied=2025-03",
            "branch=第一支部 name=李四 number=2 applied=2025-04",
        ]
    );

    // Another file with the same headings is understood at once, header and all.
    sheet.rows.push(vec![t("王五"), t("3"), t("x"), t("2025-05")]);
    let sheets = office.read("新.xlsx", &xlsx(&[("第一支部", &sheet)])).unwrap();
    assert_eq!((sheets.columns.first, sheets.columns.remembered), (Some(1), true));
    assert_eq!(sheets.columns.heads[0].sure, Sure::Remembered);
    let window = office.plan();
    assert_eq!(window.new, 1);
}

#[test]
fn the_branch_of_rows_that_name_none() {
    let mut office = Office::default();
    office.read("a.csv", "姓名,学号\n张三,1\n".as_bytes()).unwrap();
    let given = Given {
        branch: " 甲 支部 ".into(),
        by_sheet: false,
    };
    office.ask::<Window>("import/plan", &given).unwrap();
    // Back to the columns: it is still there.
    assert_eq!(office.ask::<Sheets>("import/look", &()).unwrap().branch, "甲支部");
    office.confirm();
    assert_eq!(office.all(), ["branch=甲支部 name=张三 number=1"]);
}

#[test]
fn a_plan_is_void_when_the_register_changes() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,张三,1,男,汉族,,\n"));
    office.dry(&csv_of("甲支部,张三,1,男,汉族,,班长\n"));
    let person = office.work.people.id(0).unwrap();
    office.happens(&[Deed::Roster(RosterEvent::Corrected {
        person,
        field: Field::Post,
        value: "团支书".into(),
    })]);
    for word in ["import/confirm", "import/rows"] {
        let view = View {
            filter: None,
            page: 0,
        };
        let text = if word == "import/rows" {
            serde_json::to_string(&view).unwrap()
        } else {
            "null".into()
        };
        let why = office.order(word, &text, b"").unwrap_err();
        assert!(why.contains("重新核对"), "{why}");
    }
    // The file is still there.
    assert_eq!(office.plan().changed, 1);
    office.ask::<()>("import/drop", &()).unwrap();
    assert_eq!(office.ask::<Option<Sheets>>("import/look", &()).unwrap(), None);
    assert!(office.ask::<Window>("import/plan", &Given::default()).is_err());
}

/// Stopping the program is ending it: what it knew of a file is gone, what was written is there.
#[test]
fn stopping_in_the_middle_leaves_everything_as_it_was() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,张三,1,男,汉族,,\n"));
    let before = office.work.clone();
    office.dry(FIXTURE);
    office
        .settle(Settle::SkipAll(Filter::Of(Verdict::New), true))
        .unwrap();
    office.bench = Bench::default();
    assert_eq!(office.work, before);
    assert!(office.order("import/confirm", "null", b"").is_err());
    assert_eq!(office.ask::<Option<Sheets>>("import/look", &()).unwrap(), None);
}

/// Who was worked on since stays, and that is said first; with decisions about somebody nothing goes.
#[test]
fn what_an_undo_would_do_is_said() {
    let mut office = Office::default();
    office.import(&csv_of("甲支部,张三,1,男,汉族,,\n甲支部,李四,2,男,汉族,,\n"));
    let person = PersonId {
        n: 0,
        ..office.work.people.id(0).unwrap()
    };
    office.happens(&[Deed::Roster(RosterEvent::Corrected {
        person: person.clone(),
        field: Field::Post,
        value: "班长".into(),
    })]);
    let last = office.history().last.unwrap();
    assert_eq!((last.gone, last.kept), (1, 1));
    assert!(office.undo_again("another").unwrap_err().contains("新的导入"));
    office.undo().unwrap();
    assert_eq!(office.all().len(), 1);
}

#[test]
fn the_sample_is_read_as_it_is_meant() {
    let mut office = Office::default();
    let outcome = office.order("import/sample", "null", b"").unwrap();
    let (bytes, mime) = outcome.file.unwrap();
    assert_eq!(mime, "text/csv");
    assert!(bytes.starts_with(b"\xef\xbb\xbf"), "for Excel");
    let sheets = office.read("样表.csv", &bytes).unwrap();
    assert!(
        sheets
            .columns
            .heads
            .iter()
            .all(|head| head.sure == Sure::Certain && !head.samples.is_empty())
    );
    let window = office.plan();
    assert_eq!(counts(&window), [2, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn files_that_cannot_be_read_are_refused_by_name() {
    let mut office = Office::default();
    for bytes in [&b""[..], b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"] {
        let why = office.read("坏文件.xls", bytes).unwrap_err();
        assert!(why.starts_with("“坏文件.xls”没有读取："), "{why}");
    }
    assert!(office.plan_refused());
    // Orders of another build, or of nobody.
    for (what, text) in [
        ("import/turn", "{}"),
        ("import/settle", "[]"),
        ("import/read", "7"),
        ("import/plan", ""),
    ] {
        assert!(office.order(what, text, b"").is_err());
    }
}

impl Office {
    fn plan_refused(&mut self) -> bool {
        self.ask::<Window>("import/plan", &Given::default()).is_err()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever a stranger's file holds and whoever settles what: answers are bounded, nothing is
    /// written before it is confirmed, and then it can be taken back.
    #[test]
    fn hostile_files_and_hands(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        kind in 0..3usize,
        hands in proptest::collection::vec((0..6usize, 0..8usize, 0..4usize, "[张三0-9年月，.-]{0,6}"), 0..12),
    ) {
        let mut bytes = match kind {
            0 => csv_of("甲支部,张三,1,男,汉族,2004-02-30,\n甲支部,,1,中,火星族,3/1/25,班长\n乙支部,张三,,男,,2104,\n"),
            1 => FIXTURE.to_vec(),
            _ => html(&Sheet::of(&[&["姓名", "学号"], &["张三", "1"], &["张 三", "2"]])).into_bytes(),
        };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut office = Office::default();
        office.import(&csv_of("甲支部,张三,1,男,汉族,,\n"));
        let before = office.work.clone();
        let people = office.all();
        if let Ok(sheets) = office.read("x", &bytes) {
            prop_assert!(sheets.columns.heads.len() <= 256 && sheets.columns.top.len() <= 30);
            for (what, line, which, text) in hands {
                let field = [Field::Name, Field::Number, Field::Birth, Field::Sex][which];
                let _ = match what {
                    0 => office.ask::<Sheets>("import/turn", &Turn::Header(0, line, which)).map(drop),
                    1 => office.ask::<Sheets>("import/turn", &Turn::Column(0, line, Some(field))).map(drop),
                    2 => office.ask::<Window>("import/plan", &Given::default()).map(drop),
                    3 => office.settle(Settle::Answer(line, field, text, line % 2 == 0)).map(drop),
                    4 => office.settle(Settle::Decide(line, [Decision::New, Decision::Skip, Decision::Is(0), Decision::Is(9)][which])).map(drop),
                    _ => office.settle(Settle::Tick(line, field, true)).map(drop),
                };
            }
            prop_assert_eq!(&office.work, &before);
            if let Ok(window) = office.ask::<Window>("import/plan", &Given::default()) {
                prop_assert!(window.rows.len() <= PAGE);
                let taken = office.confirm();
                prop_assert_eq!((taken.new, taken.changed), (window.new, window.changed));
                if taken.new + taken.changed > 0 {
                    office.undo().unwrap();
                }
            }
            prop_assert_eq!(office.all(), people);
        }
    }
}

/// What offices really send, all in one: titles, a header of two rows further down, merged branches and
/// mentors, full-width digits, a serial date, an empty line, somebody twice, the header again on the
/// next page, a row without a name, an impossible date, a total and a signature.
fn odd(born: C) -> Sheet {
    let heads = [
        "序号",
        "所在支部",
        "姓名",
        "学（工）\n号",
        "性别",
        "出生年月",
        "培养联系人",
        "",
        "列为积极分子时间",
        "备注",
    ];
    let second = ["", "", "", "", "", "", "1", "2", "", ""];
    let mut sheet = Sheet::of(&[
        &["附件3"],
        &["某某学院入党积极分子名册"],
        &[],
        &heads,
        &second,
        &[
            "1",
            "甲支部",
            "张  三",
            "00７",
            "男",
            "2004.05",
            "李四",
            "王五",
            "2025年3月1日",
            "无",
        ],
        &[
            "2",
            "",
            "李四",
            "0008",
            "女",
            "",
            "李四",
            "",
            "二〇二五年三月",
            "",
        ],
        &[],
        &[
            "3",
            "甲支部",
            "张三",
            "007",
            "男",
            "2004.05",
            "李四",
            "王五",
            "2025年3月1日",
            "无",
        ],
        &["4", "乙支部", "张三", "007", "女", "2004.05", "", "", "", ""],
        &["某某学院入党积极分子名册"],
        &heads,
        &second,
        &["5", "乙支部", "", "0009", "男", "", "", "", "", ""],
        &["6", "乙支部", "赵六", "0010", "男", "2005/13/1", "", "", "—", ""],
        &["合计", "6人"],
        &["填表人：钱七", "", "审核人：孙八"],
    ]);
    sheet.rows[6][5] = born;
    sheet.merges = vec![[1, 0, 1, 9], [3, 6, 3, 7], [3, 2, 4, 2], [5, 1, 6, 1]];
    sheet
}

#[test]
fn everything_odd_at_once_is_taken_as_a_careful_clerk_would() {
    let serial = odd(C::N(38_000.0, "General"));
    let dated = odd(d("2004-01-14"));
    for (what, name, bytes) in [
        ("xls", "名册.xls", xls(&serial, false)),
        ("xlsx", "名册.xlsx", xlsx(&[("名册", &serial)])),
        ("HTML in GBK named .xls", "名册.xls", gbk(&html(&dated))),
    ] {
        let mut office = Office::default();
        let sheets = office.read(name, &bytes).unwrap();
        let columns = &sheets.columns;
        let header = columns.top.iter().find(|top| Some(top.at) == columns.first);
        assert_eq!((header.unwrap().number, columns.depth), (4, 2), "{what}");
        office.plan();
        let mut told = Vec::new();
        for filter in Filter::ALL {
            let window = office.rows(filter, 0);
            for row in window.rows.iter().filter(|_| filter != Filter::Noted) {
                let why = row.remarks.iter().map(|(_, text)| text.clone());
                let asks = row
                    .asks
                    .iter()
                    .map(|asked| format!("“{}”{}", asked.text, asked.why));
                let why: Vec<String> = why.chain(asks).collect();
                told.push(format!(
                    "{} {} {} {}",
                    row.place,
                    filter.code(),
                    row.name,
                    why.join("；")
                ));
            }
            for row in &window.nobody {
                told.push(format!("{} {}", row.place, row.what));
            }
        }
        assert_eq!(
            told,
            [
                "第 6 行 new 张三 ",
                "第 7 行 new 李四 ",
                "第 9 行 same 张三 与本文件第 6 行的张三重复",
                "第 10 行 doubtful 张三 与本文件第 6 行的张三是同一人，内容不一样",
                "第 15 行 doubtful 赵六 “2005/13/1”日历上没有这一天",
                "第 14 行 refused  “”没有姓名",
                "第 11 行 说明文字",
                "第 12 行 重复的表头",
                "第 13 行 重复的表头",
                "第 16 行 合计行",
                "第 17 行 说明文字",
            ],
            "{what}"
        );
        let taken = office.confirm();
        assert_eq!((taken.new, taken.open, taken.refused), (2, 2, 1), "{what}");
        assert_eq!(
            office.all(),
            [
                "branch=甲支部 name=张三 number=007 sex=男 birth=2004-05 confirmed=2025-03-01 mentor1=李四 mentor2=王五",
                "branch=甲支部 name=李四 number=0008 sex=女 birth=2004-01-14 confirmed=2025-03 mentor1=李四",
            ],
            "{what}"
        );
    }
}
