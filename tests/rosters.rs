//! Rosters: read as a careful clerk would, or refused with the reason.

#![cfg(all(not(target_arch = "wasm32"), feature = "sheets"))]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests, too, stop at the first surprise.

#[path = "rosters/files.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod files;
#[path = "rosters/workbooks.rs"]
mod workbooks;

use files::*;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use xuedang::domain::branch::{
    Decision, Field, LinkProposal, Origin, People, PersonId, Plan, RosterEvent, Skip, Source, UndoRefused,
    Verdict,
};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::format::roster::{
    Ask, Confidence, Encoding, Kind, Layout, Options, Read, Unreadable, lot, read,
};

const FIXTURE: &[u8] = include_bytes!("fixtures/roster/roster-2026-06.xls");
/// The same file as LibreOffice writes it as text: another reader's word.
const BY_LIBREOFFICE: &[u8] = include_bytes!("fixtures/roster/roster-2026-06.libreoffice.csv");

fn today() -> Date {
    Date::parse("2026-11-25").unwrap()
}

fn env(minute: i64) -> Env {
    Env {
        now: Moment {
            ms: 1_795_406_400_000 + minute * 60_000,
            tz: 480,
        },
        chance: minute as u128 * 7_919 + 1,
    }
}

/// A branch's book and its clock.
#[derive(Clone, Default)]
struct Office {
    people: People,
    minute: i64,
}

impl Office {
    fn happens(&mut self, what: RosterEvent) -> EventId {
        self.minute += 1;
        let env = env(self.minute);
        let event = Event {
            v: 2,
            id: EventId::new(&env),
            seq: self.minute as u64,
            at: env.now,
            what,
        };
        // As it is stored.
        let event = Event::read(&event.write()).unwrap();
        self.people.apply(&event);
        event.id
    }

    fn plan_with(&self, bytes: &[u8], options: &Options) -> Plan {
        let book = read(bytes).unwrap();
        let remembered = |signature: &str| self.people.mapping(signature).map(<[_]>::to_vec);
        let layouts: Vec<Layout> = book
            .tables
            .iter()
            .map(|table| Layout::find(table, &remembered).unwrap())
            .collect();
        let sheets: Vec<_> = book.tables.iter().zip(&layouts).collect();
        let Read { lot, issues, skipped } = lot(&sheets, options, &mut |_| true).unwrap();
        let origin = Origin {
            file: "名册".into(),
            digest: xuedang::domain::hex(&Sha256::digest(bytes)),
            encoding: book.encoding.map(|encoding| encoding.label().into()),
            mappings: layouts
                .iter()
                .map(|layout| (layout.signature.clone(), layout.mapping()))
                .collect(),
            skipped,
        };
        Plan::of(&self.people, origin, lot, issues, today())
    }

    fn plan(&self, bytes: &[u8]) -> Plan {
        self.plan_with(bytes, &Options::default())
    }

    fn import(&mut self, bytes: &[u8]) -> Plan {
        let plan = self.plan(bytes);
        if let Some(event) = plan.event(&self.people) {
            self.happens(event);
        }
        plan
    }

    /// Everybody who stands, a line each.
    fn all(&self) -> Vec<String> {
        let people = self.people.standing();
        people
            .map(|person| {
                let known = self.people.person(person).unwrap().known();
                let parts: Vec<String> = known
                    .iter()
                    .map(|known| format!("{}={}", known.field.code(), known.text))
                    .collect();
                parts.join(" ")
            })
            .collect()
    }
}

fn counts(plan: &Plan) -> [usize; 5] {
    Verdict::ALL.map(|verdict| plan.count(verdict))
}

fn doubts(plan: &Plan, people: &People) -> Vec<String> {
    let lines = plan.lines.iter().flat_map(|line| {
        let row = plan.lot.place(line.at as usize).row;
        line.doubts.iter().map(move |doubt| (row, line.verdict, doubt))
    });
    lines
        .map(|(row, verdict, doubt)| {
            format!(
                "{row} {} {}: {}",
                verdict.code(),
                doubt.field().label(),
                doubt.message(people, &plan.lot)
            )
        })
        .collect()
}

// The real form

#[test]
fn the_real_form_is_read_as_it_stands() {
    let book = read(FIXTURE).unwrap();
    assert_eq!(
        (book.kind, book.encoding, book.tables.len()),
        (Kind::Xls, None, 1)
    );
    let table = &book.tables[0];
    let layout = Layout::find(table, &|_| None).unwrap();
    assert_eq!((table.number(layout.first), layout.depth), (4, 2));
    let mut golden = String::new();
    for head in &layout.heads {
        let field = head.field.map_or("—", Field::code);
        writeln!(golden, "{}: {field} {:?}", head.label(), head.confidence).unwrap();
    }
    let mut office = Office::default();
    let plan = office.import(FIXTURE);
    assert_eq!(
        counts(&plan),
        [120, 0, 0, 0, 0],
        "{:#?}",
        doubts(&plan, &office.people)
    );
    assert_eq!(plan.origin.skipped, []);
    for line in office.all() {
        writeln!(golden, "{line}").unwrap();
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/roster/roster-2026-06.golden.txt"
    );
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &golden).unwrap();
    }
    assert_eq!(golden, std::fs::read_to_string(path).unwrap_or_default());
}

#[test]
fn another_reader_s_text_of_it_gives_the_same_people() {
    let (mut ours, mut theirs) = (Office::default(), Office::default());
    ours.import(FIXTURE);
    let plan = theirs.import(BY_LIBREOFFICE);
    assert_eq!(
        counts(&plan),
        [120, 0, 0, 0, 0],
        "{:#?}",
        doubts(&plan, &theirs.people)
    );
    assert_eq!(ours.all(), theirs.all());
    // And as any of its people would be sent again in other characters.
    let text = std::str::from_utf8(BY_LIBREOFFICE).unwrap();
    for (bytes, encoding) in [
        (gbk(text), Encoding::Gb18030),
        (utf16(text, false), Encoding::Utf16Le),
        (utf16(text, true), Encoding::Utf16Be),
    ] {
        assert_eq!(read(&bytes).unwrap().encoding, Some(encoding));
        let plan = ours.plan(&bytes);
        assert_eq!(
            counts(&plan),
            [0, 0, 120, 0, 0],
            "{encoding:?} {:#?}",
            doubts(&plan, &ours.people)
        );
    }
}

#[test]
fn importing_twice_changes_nothing_and_an_import_is_undone() {
    let mut office = Office::default();
    office.import(FIXTURE);
    let before = office.all();
    let again = office.plan(FIXTURE);
    assert!(again.origin.was_here(&office.people));
    assert_eq!(
        (counts(&again), again.event(&office.people)),
        ([0, 0, 120, 0, 0], None)
    );
    let undo = office.people.undo_last(false).unwrap();
    office.happens(undo);
    assert_eq!(office.all(), [""; 0]);
    assert_eq!(office.people.undo_last(false), Err(UndoRefused::Nothing));
    assert_eq!(office.people.imports().len(), 1, "the history stays");
    assert!(office.people.imports()[0].undone.is_some());
    assert!(!office.plan(FIXTURE).origin.was_here(&office.people));
    office.import(FIXTURE);
    assert_eq!(office.all(), before);
}

#[test]
fn every_value_says_where_it_came_from() {
    let mut office = Office::default();
    office.import(FIXTURE);
    let first = office.people.standing().next().unwrap();
    let known = office.people.person(first).unwrap().get(Field::Name).unwrap();
    let Source::Roster { import, sheet, row } = known.source else {
        panic!("from a roster")
    };
    assert_eq!((import.file.as_str(), sheet, row), ("名册", "名册", 6));
    assert_eq!(import.at.date().to_string(), "2026-11-23");
    let id = office.people.id(first).unwrap();
    assert_eq!(PersonId::parse(&id.to_string()), Some(id.clone()));
    assert_eq!(office.people.find(&id), Some(first));
}

// One small roster, in everything that offices keep

fn small() -> Sheet {
    let mut sheet = Sheet::of(&[
        &["入党积极分子名册"],
        &[
            "序号",
            "所在党支部",
            "姓名",
            "学号",
            "性别",
            "民族",
            "出生年月",
            "申请入党时间",
            "列为积极分子时间",
            "培养联系人",
            "",
            "备注",
        ],
        &["", "", "", "", "", "", "", "", "", "1", "2", ""],
        &[
            "1",
            "甲支部",
            "张  三",
            "007",
            "男",
            "汉",
            "",
            "",
            "",
            "李四",
            "王五",
            "无",
        ],
        &[
            "2", "", "朱𠮷", "20230012", "女", "回族", "", "", "2025.03", "李四", "无", "转系",
        ],
        &[
            "3",
            "乙支部",
            "阿依古丽·买买提",
            "X12",
            "女",
            "维吾尔",
            "",
            "",
            "—",
            "/",
            "",
            "",
        ],
    ]);
    for (row, days) in [
        (3, ["2004-02-29", "2024-09-01", "2025-03-01"]),
        (4, ["2005-11-02", "2024-10-08", ""]),
        (5, ["2003-01-05", "2025-12-31", ""]),
    ] {
        sheet.rows[row][6] = C::D(Date::parse(days[0]).unwrap(), "yyyy\"年\"m\"月\"");
        sheet.rows[row][7] = d(days[1]);
        if !days[2].is_empty() {
            sheet.rows[row][8] = d(days[2]);
        }
    }
    // The branch over two rows, the mentors over two columns, the title over all.
    sheet.merges = vec![[0, 0, 0, 11], [3, 1, 4, 1], [1, 9, 1, 10], [1, 2, 2, 2]];
    sheet
}

const SMALL: [&str; 3] = [
    "branch=甲支部 name=张三 number=007 sex=男 ethnicity=汉族 birth=2004-02 applied=2024-09-01 confirmed=2025-03-01 mentor1=李四 mentor2=王五",
    "branch=甲支部 name=朱𠮷 number=20230012 sex=女 ethnicity=回族 birth=2005-11 applied=2024-10-08 confirmed=2025-03 mentor1=李四 note=转系",
    "branch=乙支部 name=阿依古丽·买买提 number=X12 sex=女 ethnicity=维吾尔族 birth=2003-01 applied=2025-12-31",
];

#[test]
fn the_same_roster_in_every_kind_of_file() {
    let sheet = small();
    // Text knows no merged cells: the clerk has written the branch again.
    let mut plain = sheet.clone();
    plain.rows[4][1] = t("甲支部");
    let text = csv(&plain, ',');
    for (what, bytes, kind) in [
        ("xlsx", xlsx(&[("名册", &sheet)]), Kind::Xlsx),
        ("xls", xls(&sheet, false), Kind::Xls),
        ("xls 1904", xls(&sheet, true), Kind::Xls),
        ("html", html(&sheet).into_bytes(), Kind::Html),
        ("html in GBK", gbk(&html(&sheet)), Kind::Html),
        ("csv", text.clone().into_bytes(), Kind::Text(',')),
        ("csv in GBK", gbk(&text), Kind::Text(',')),
        (
            "tabs in UTF-16",
            utf16(&csv(&plain, '\t'), false),
            Kind::Text('\t'),
        ),
        ("semicolons", csv(&plain, ';').into_bytes(), Kind::Text(';')),
    ] {
        assert_eq!(read(&bytes).unwrap().kind, kind, "{what}");
        let mut office = Office::default();
        let plan = office.import(&bytes);
        assert_eq!(
            counts(&plan),
            [3, 0, 0, 0, 0],
            "{what} {:#?}",
            doubts(&plan, &office.people)
        );
        assert_eq!(office.all(), SMALL, "{what}");
    }
}

#[test]
fn dates_as_the_workbook_has_them() {
    let mut sheet = Sheet::of(&[
        &["姓名", "学号", "申请入党时间", "推优时间", "出生日期"],
        &["甲甲甲", "1", "", "", ""],
        &["乙乙乙", "2", "", "", ""],
        &["丙丙丙", "3", "", "", ""],
    ]);
    // A date kept as a bare number; one shown as a month; a month kept as 2025.1.
    sheet.rows[1][2] = C::N(45_717.0, "General");
    sheet.rows[1][3] = C::D(Date::parse("2025-03-01").unwrap(), "m/d/yy");
    sheet.rows[1][4] = t("二〇〇五年三月");
    sheet.rows[2][2] = C::N(20_250_301.0, "0");
    sheet.rows[2][3] = C::D(Date::parse("2025-03-01").unwrap(), "yyyy.mm");
    sheet.rows[2][4] = C::N(2005.1, "0.00");
    sheet.rows[3][2] = C::N(2025.1, "General");
    sheet.rows[3][3] = t("２０２５年３月１日");
    sheet.rows[3][4] = t("2005-02-29");
    for bytes in [xlsx(&[("a", &sheet)]), xls(&sheet, false)] {
        let mut office = Office::default();
        let mut plan = office.plan(&bytes);
        assert_eq!(counts(&plan), [2, 0, 0, 1, 0]);
        assert_eq!(
            doubts(&plan, &office.people),
            [
                "4 doubtful 递交入党申请书时间: “2025.1”：可能是 1 月，也可能是末尾少了 0 的 10 月，可能是 2025-10 或 2025-01",
                "4 doubtful 出生日期: “2005-02-29”：日历上没有这一天",
            ]
        );
        assert!(
            plan.answer(&office.people, 2, Field::Birth, "2005年2月30日")
                .is_err()
        );
        plan.answer(&office.people, 2, Field::Birth, "2005年2月").unwrap();
        plan.answer(&office.people, 2, Field::Applied, "2025-10").unwrap();
        assert_eq!(counts(&plan), [3, 0, 0, 0, 0]);
        let event = plan.event(&office.people).unwrap();
        office.happens(event);
        assert_eq!(
            office.all(),
            [
                "name=甲甲甲 number=1 birth=2005-03 applied=2025-03-01 league=2025-03-01",
                "name=乙乙乙 number=2 birth=2005-10 applied=2025-03-01 league=2025-03",
                "name=丙丙丙 number=3 birth=2005-02 applied=2025-10 league=2025-03-01",
            ]
        );
    }
}

#[test]
fn a_column_of_text_says_its_own_order() {
    let text = "姓名,学号,申请入党时间\n甲甲甲,1,3/1/25\n乙乙乙,2,12/25/24\n";
    let mut office = Office::default();
    office.import(text.as_bytes());
    assert_eq!(
        office.all(),
        [
            "name=甲甲甲 number=1 applied=2025-03-01",
            "name=乙乙乙 number=2 applied=2024-12-25"
        ]
    );
    let unclear = Office::default().plan("姓名,学号,申请入党时间\n甲甲甲,1,3/1/25\n".as_bytes());
    assert_eq!(counts(&unclear), [0, 0, 0, 1, 0]);
}

#[test]
fn titles_totals_empty_lines_and_headings_of_every_page_are_nobody() {
    let head = ["序号", "姓名", "学号", "性别"];
    let sheet = Sheet::of(&[
        &["附件6："],
        &["某某学院入党积极分子名册"],
        &["二级党委（盖章）：某某学院党委", "", "填报日期：2026年6月30日"],
        &head,
        &["1", "张三", "1", "男"],
        &[],
        &["2", "李四", "2", "女"],
        &["某某学院入党积极分子名册"],
        &head,
        &["3", "王五", "3", "男"],
        &["4", "", "", ""],
        &["5"],
        &["合计", "3人"],
        &["共3人"],
        &["填表人：赵六", "", "审核人：钱七"],
    ]);
    for bytes in [
        xlsx(&[("a", &sheet)]),
        xls(&sheet, false),
        csv(&sheet, ',').into_bytes(),
        html(&sheet).into_bytes(),
    ] {
        let plan = Office::default().plan(&bytes);
        assert_eq!(counts(&plan), [3, 0, 0, 0, 0]);
        let skipped: Vec<(u32, Skip)> = plan
            .origin
            .skipped
            .iter()
            .map(|skipped| (skipped.place.row, skipped.what))
            .collect();
        assert_eq!(
            skipped,
            [
                (8, Skip::Remark),
                (9, Skip::Heading),
                (11, Skip::Empty),
                (12, Skip::Empty),
                (13, Skip::Total),
                (14, Skip::Total),
                (15, Skip::Remark),
            ]
        );
    }
}

#[test]
fn a_group_of_headings_and_mentors_in_one_cell() {
    let mut sheet = Sheet::of(&[
        &["基本信息", "", "", "培养联系人", "", "", "申请入党时间"],
        &["姓名", "工号", "身份证号", "姓名", "职务", "联系电话", ""],
        &[
            "张三",
            "1",
            "110101200001011234",
            "李四、王五",
            "教授",
            "13800000000",
            "2025-03",
        ],
        &[
            "赵六",
            "2",
            "110101200001011235",
            "李四\n王五\n钱七",
            "",
            "",
            "2025-04",
        ],
        &["孙  八", "3", "", "李四 欧阳明", "", "", ""],
        &["周九", "4", "", "Anna Maria", "", "", ""],
    ]);
    sheet.merges = vec![[0, 0, 0, 2], [0, 3, 0, 5], [0, 6, 1, 6]];
    for bytes in [xlsx(&[("a", &sheet)]), xls(&sheet, false)] {
        let mut office = Office::default();
        let plan = office.import(&bytes);
        assert_eq!(doubts(&plan, &office.people).len(), 1);
        assert_eq!(counts(&plan), [3, 0, 0, 1, 0], "three mentors are asked about");
        assert_eq!(
            office.all(),
            [
                "name=张三 number=1 applied=2025-03 mentor1=李四 mentor2=王五",
                "name=孙八 number=3 mentor1=李四 mentor2=欧阳明",
                "name=周九 number=4 mentor1=Anna Maria",
            ]
        );
    }
}

#[test]
fn several_sheets_are_one_import_and_a_hidden_one_is_said() {
    let one = Sheet::of(&[&["姓名", "学号"], &["张三", "1"]]);
    let two = Sheet::of(&[&["学号", "姓名", "支部"], &["2", "李四", "乙支部"]]);
    let bytes = xlsx(&[("甲支部", &one), ("乙支部", &two)]);
    let options = Options {
        branch: Some("甲支部".into()),
        ..Options::default()
    };
    let mut office = Office::default();
    let plan = office.plan_with(&bytes, &options);
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=张三 number=1",
            "branch=乙支部 name=李四 number=2"
        ]
    );
    assert_eq!(office.people.imports().len(), 1);
    let known = office.people.person(1).unwrap().get(Field::Name).unwrap();
    assert!(matches!(
        known.source,
        Source::Roster {
            sheet: "乙支部",
            row: 2,
            ..
        }
    ));
}

// Who is who

fn with(rows: &str) -> Vec<u8> {
    format!("所在党支部,姓名,学号,性别,出生日期,发展阶段,职务,备注\n{rows}").into_bytes()
}

#[test]
fn close_ones_are_asked_about_and_never_merged() {
    let mut office = Office::default();
    office.import(&with(
        "甲支部,欧阳明,1,男,2004-01-02,,,\n甲支部,李芳,2,女,2004-03-04,,,\n甲支部,司马光,,男,,,,\n",
    ));
    let plan = office.plan(&with(
        "甲支部,欧阳朋,1,男,,,,\n甲支部,李芳,22,女,,,,\n乙支部,李芳,3,女,,,,\n甲支部,司马广,,男,,,,\n甲支部,李芳,,女,,,,\n甲支部,李芳,,女,2004-03-04,,,\n甲支部,李芬,9,女,,,,\n",
    ));
    assert_eq!(
        doubts(&plan, &office.people),
        [
            "2 doubtful 学号/职工号: 号码相同、姓名不同：名册里的欧阳明，1，甲支部",
            "3 doubtful 学号/职工号: 同支部、同姓名、号码不同：名册里的李芳，2，甲支部",
            "5 doubtful 姓名: 同支部里姓名只差一个字：名册里的司马光，无号码，甲支部",
        ]
    );
    assert_eq!(counts(&plan), [2, 0, 2, 3, 0]);
    let before = office.all();
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(office.all()[..3], before[..], "nobody was touched");
    assert_eq!(office.all().len(), 5);
}

#[test]
fn somebody_decides() {
    let mut office = Office::default();
    office.import(&with("甲支部,欧阳明,1,男,,,,\n"));
    let mut plan = office.plan(&with("甲支部,欧阳朋,1,,,,班长,\n甲支部,欧阳明,12,男,,,,\n"));
    assert_eq!(plan.lines[0].candidates(), [0]);
    assert!(
        !plan.decide(&office.people, 0, Decision::Is(99)),
        "nobody of that number"
    );
    assert!(plan.decide(&office.people, 0, Decision::Is(0)));
    let fields: Vec<(Field, bool)> = plan.lines[0]
        .differences
        .iter()
        .map(|one| (one.field, one.take))
        .collect();
    assert_eq!(
        fields,
        [(Field::Name, false), (Field::Post, true)],
        "a name waits to be ticked"
    );
    assert!(plan.decide(&office.people, 1, Decision::New));
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=欧阳明 number=1 sex=男 post=班长",
            "branch=甲支部 name=欧阳明 number=12 sex=男"
        ]
    );
    let person = office.people.person(0).unwrap();
    let Source::Roster { import, row, .. } = person.get(Field::Post).unwrap().source else {
        panic!("from a roster")
    };
    assert_eq!((import.changed, row), (1, 2));
    assert_eq!(person.past().len(), 1);
}

#[test]
fn a_stage_never_falls_a_note_is_never_overwritten_and_nothing_is_emptied() {
    let mut office = Office::default();
    office.import(&with("甲支部,张三,1,男,2004-05,发展对象,班长,外出实习\n"));
    let plan = office.import(&with("甲支部,张三,1,无,2004-05-06,积极分子,,2026年返校\n"));
    assert_eq!(
        doubts(&plan, &office.people),
        ["2 changed 发展阶段: 低于名册里的“发展对象”，不降级，保留原有"]
    );
    assert_eq!(
        office.all(),
        [
            "branch=甲支部 name=张三 number=1 sex=男 birth=2004-05-06 stage=发展对象 post=班长 note=外出实习\n2026年返校"
        ]
    );
    // Less than what is known is nothing new; more of it is.
    let plan = office.plan(&with("甲支部,张三,1,,2004,发展对象,,外出实习\n"));
    assert_eq!(counts(&plan), [0, 0, 1, 0, 0]);
    let plan = office.import(&with("甲支部,张三,1,,,预备党员,,\n"));
    assert_eq!(counts(&plan), [0, 1, 0, 0, 0]);
    // Taking that back brings back what stood there, and the history knows all of it.
    let undo = office.people.undo_last(false).unwrap();
    office.happens(undo);
    assert!(office.all()[0].contains("stage=发展对象"));
    let past = office.people.person(0).unwrap().past();
    let told: Vec<String> = past
        .iter()
        .map(|past| {
            format!(
                "{} {}→{} {}",
                past.field.code(),
                past.before,
                past.after,
                past.undone
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "birth 2004-05→2004-05-06 false",
            "note 外出实习→外出实习\n2026年返校 false",
            "stage 发展对象→预备党员 true",
        ]
    );
}

#[test]
fn what_matters_waits_when_it_differs() {
    let mut office = Office::default();
    office.import(&with("甲支部,张三,1,男,2004-05-06,,班长,\n"));
    let mut plan = office.plan(&with("乙支部,张三,1,女,2004-05-07,,支书,\n"));
    assert_eq!(
        doubts(&plan, &office.people),
        [
            "2 doubtful 性别: 与名册不同，名册里是“男”，请核对",
            "2 doubtful 出生日期: 与名册不同，名册里是“2004-05-06”，请核对",
        ]
    );
    assert_eq!(plan.event(&office.people), None);
    assert!(plan.decide(&office.people, 0, Decision::Is(0)));
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(
        office.all(),
        ["branch=乙支部 name=张三 number=1 sex=男 birth=2004-05-06 post=支书"]
    );
}

/// Whoever is said to be that person gets what is answered afterwards too.
#[test]
fn an_answer_counts_for_who_was_decided_on() {
    let mut office = Office::default();
    office.import(&with("甲支部,欧阳明,1,男,,,,\n"));
    let mut plan = office.plan(&with("甲支部,欧阳朋,1,,2005-02-29,,班长,\n"));
    assert!(plan.decide(&office.people, 0, Decision::Is(0)));
    plan.lines[0].differences[0].take = true;
    plan.answer(&office.people, 0, Field::Birth, "2005-02-28")
        .unwrap();
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(
        office.all(),
        ["branch=甲支部 name=欧阳朋 number=1 sex=男 birth=2005-02-28 post=班长"]
    );
}

#[test]
fn an_old_file_again_never_turns_back_what_is_newer() {
    let old = with("甲支部,张三,1,男,2004-05-06,,班长,\n甲支部,李四,,男,,,,\n甲支部,李四,,女,,,,\n");
    let mut office = Office::default();
    office.import(&old);
    office.import(&with("乙支部,张三,1,男,2004-05-06,,团支书,\n"));
    let again = office.plan(&old);
    assert_eq!(again.event(&office.people), None);
    assert_eq!(counts(&again), [0, 0, 1, 2, 0]);
    assert!(doubts(&again, &office.people)[0].contains("这个文件导入过"));
    // The same person in another branch, without the number, is asked about too.
    let moved = office.plan(&with("丙支部,张三,,男,2004-05-06,,,\n"));
    assert_eq!(
        doubts(&moved, &office.people),
        ["2 doubtful 姓名: 姓名和出生日期相同、支部不同：名册里的张三，1，乙支部"]
    );
}

#[test]
fn duplicates_in_one_file() {
    let plan = Office::default().plan(&with("甲支部,张三,1,男,,,,\n甲支部,张三,1,男,,,,\n甲支部,张三,1,女,,,,\n甲支部,李四,1,,,,,\n,李四,,,,,,\n,李四,,,,,,\n"));
    let verdicts: Vec<&str> = plan.lines.iter().map(|line| line.verdict.code()).collect();
    assert_eq!(
        verdicts,
        ["new", "same", "doubtful", "doubtful", "new", "doubtful"]
    );
}

#[test]
fn impossible_things_are_pointed_at() {
    let text = "姓名,学号,性别,民族,出生日期,申请入党时间,列为积极分子时间\n\
        ,1,男,汉族,2004-01-01,,\n12345678,2,男,汉族,,,\n张三,3,中,火星族,,,\n李四,4.5E+15,男,汉族,2010-01-01,2025-01-01,2024-01-01\n王五,5,男,汉族,2030-01-01,,\n";
    let plan = Office::default().plan(text.as_bytes());
    assert_eq!(
        doubts(&plan, &People::default()),
        [
            "2 refused 姓名: “”：没有姓名",
            "3 refused 姓名: “12345678”：这里不像是姓名",
            "4 doubtful 性别: “中”：性别要写“男”或“女”",
            "4 doubtful 民族: “火星族”：没有这个民族名称",
            "5 doubtful 学号/职工号: “4.5E+15”：超过 15 位的号码存成了数字，末尾几位已经丢失，请核对原件",
            "5 doubtful 确定为入党积极分子时间: “递交入党申请书时间”晚于“确定为入党积极分子时间”，请核对",
            "5 doubtful 出生日期: 递交申请时不满十八周岁（《细则》第五条），请核对",
            "6 doubtful 出生日期: 日期在今天以后，请核对",
        ]
    );
}

#[test]
fn hands_of_people_outlive_an_undo() {
    let mut office = Office::default();
    office.import(&with("甲支部,张三,1,男,,,,\n甲支部,李四,2,,,,,\n"));
    let person = office.people.id(0).unwrap();
    office.happens(RosterEvent::Corrected {
        person: person.clone(),
        field: Field::Applied,
        value: "2025年3月".into(),
    });
    let holder = EventId("01ARZ3NDEKTSV4RRFFQ69G5FAV".into());
    office.happens(RosterEvent::Linked {
        person,
        holder: Some(holder.clone()),
    });
    assert_eq!(office.people.undo_last(false), Err(UndoRefused::Touched(1)));
    let undo = office.people.undo_last(true).unwrap();
    office.happens(undo);
    assert_eq!(
        office.all(),
        ["branch=甲支部 name=张三 number=1 sex=男 applied=2025-03"]
    );
    assert_eq!(office.people.held_by(&holder), Some(0));
    // A correction over an import stays when that import goes.
    office.import(&with("甲支部,张三,1,,,,班长,\n"));
    let person = office.people.id(0).unwrap();
    office.happens(RosterEvent::Corrected {
        person,
        field: Field::Post,
        value: "团支书".into(),
    });
    let undo = office.people.undo_last(true).unwrap();
    office.happens(undo);
    assert!(office.all()[0].ends_with("post=团支书"));
}

#[test]
fn records_are_linked_by_certainty_or_by_somebody() {
    let mut office = Office::default();
    office.import(&with(
        "甲支部,张三,1,,,,,\n甲支部,李四,2,,,,,\n甲支部,李四,3,,,,,\n",
    ));
    // The second 李四 was asked about.
    let mut plan = office.plan(&with("甲支部,李四,3,,,,,\n"));
    plan.decide(&office.people, 0, Decision::New);
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    let ids = [
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "01ARZ3NDEKTSV4RRFFQ69G5FAW",
        "01ARZ3NDEKTSV4RRFFQ69G5FAX",
    ]
    .map(|id| EventId(id.into()));
    let holders = [
        (&ids[0], "张 三", "甲支部", Some("1")),
        (&ids[1], "李四", "甲支部", None),
        (&ids[2], "王五", "甲支部", Some("1")),
    ];
    assert_eq!(
        office.people.proposals(holders),
        [
            LinkProposal {
                holder: ids[0].clone(),
                certain: true,
                people: vec![0]
            },
            LinkProposal {
                holder: ids[1].clone(),
                certain: false,
                people: vec![1, 2]
            },
        ]
    );
}

#[test]
fn what_was_stored_is_read_by_every_later_build() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/journal/roster-1.jsonl"
    );
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let mut office = Office::default();
        let mut lines = String::new();
        let mut happens = |office: &mut Office, what: RosterEvent| {
            let minute = office.minute + 1;
            let event = Event {
                v: 2,
                id: EventId::new(&env(minute)),
                seq: minute as u64,
                at: env(minute).now,
                what: what.clone(),
            };
            lines += &format!("{}\n", event.write());
            office.happens(what);
        };
        let bytes = gbk(&csv(&small(), ','));
        let plan = office.plan(&bytes);
        let event = plan.event(&office.people).unwrap();
        happens(&mut office, event);
        let event = office
            .plan("姓名,学号,备注,转正时间\n张三,007,返校,2026.11\n".as_bytes())
            .event(&office.people)
            .unwrap();
        happens(&mut office, event);
        let person = office.people.id(1).unwrap();
        let (field, value) = (Field::Post, "班长".into());
        happens(
            &mut office,
            RosterEvent::Corrected {
                person: person.clone(),
                field,
                value,
            },
        );
        let holder = Some(EventId("01ARZ3NDEKTSV4RRFFQ69G5FAV".into()));
        happens(&mut office, RosterEvent::Linked { person, holder });
        let undo = office.people.undo_last(true).unwrap();
        happens(&mut office, undo);
        std::fs::write(path, lines).unwrap();
    }
    let mut office = Office::default();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let event = Event::<RosterEvent>::read(line).unwrap();
        office.people.apply(&event);
    }
    assert_eq!(
        office.all(),
        [
            SMALL[0].to_owned(),
            SMALL[1]
                .replace("branch=甲支部 ", "")
                .replace("mentor1=李四", "mentor1=李四 post=班长"),
            SMALL[2].to_owned(),
        ]
    );
    let imports: Vec<(u32, u32, bool)> = office
        .people
        .imports()
        .iter()
        .map(|one| (one.new, one.changed, one.undone.is_some()))
        .collect();
    assert_eq!(imports, [(3, 0, false), (0, 1, true)]);
    assert!(office.people.holder(1).is_some());
}

// Headers

#[test]
fn without_a_header_somebody_is_asked_and_what_was_said_is_remembered() {
    let text = "张三,1,2025-03\n李四,2,2025-04\n";
    let book = read(text.as_bytes()).unwrap();
    let Err(Ask { rows }) = Layout::find(&book.tables[0], &|_| None) else {
        panic!("no header")
    };
    assert_eq!(
        rows[0],
        (0, 1, vec!["张三".to_owned(), "1".into(), "2025-03".into()])
    );

    let odd = "称呼,编码,何时申请\n张三,1,2025-03\n";
    let book = read(odd.as_bytes()).unwrap();
    let mut layout = Layout::of(&book.tables[0], 0, 1, &|_| None);
    assert!(layout.heads.iter().all(|head| head.field.is_none()));
    layout.set(0, Some(Field::Name));
    layout.set(1, Some(Field::Number));
    layout.set(2, Some(Field::Applied));
    let Read { lot, issues, .. } =
        lot(&[(&book.tables[0], &layout)], &Options::default(), &mut |_| true).unwrap();
    let mut office = Office::default();
    let origin = Origin {
        mappings: [(layout.signature.clone(), layout.mapping())].into(),
        ..Origin::default()
    };
    let plan = Plan::of(&office.people, origin, lot, issues, today());
    let event = plan.event(&office.people).unwrap();
    office.happens(event);
    assert_eq!(office.all(), ["name=张三 number=1 applied=2025-03"]);
    let remembered = |signature: &str| office.people.mapping(signature).map(<[_]>::to_vec);
    let again = Layout::of(&book.tables[0], 0, 1, &remembered);
    assert_eq!(again.mapping(), layout.mapping());
    assert!(
        again
            .heads
            .iter()
            .all(|head| head.confidence == Confidence::Given)
    );
}

// Files of strangers

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let long = format!("姓名\n{}\n", "长".repeat(40_000));
    for (bytes, want) in [
        (b"".to_vec(), Unreadable::Empty),
        (b"\n\n,,\n".to_vec(), Unreadable::Empty),
        (b"%PDF-1.7 ...".to_vec(), Unreadable::Other("PDF 文件，不是表格")),
        (vec![0x09, 0x08, 0x08, 0x00, 0x00, 0x05], Unreadable::Ancient),
        (container("/Book", b"x"), Unreadable::Ancient),
        (
            container("/WordDocument", b"x"),
            Unreadable::Other("Word 文档，不是表格"),
        ),
        (container("/EncryptedPackage", b"x"), Unreadable::Password),
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related".to_vec(),
            Unreadable::Other("单个文件网页（.mht）"),
        ),
        (
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>"
                .to_vec(),
            Unreadable::Other("XML 表格（2003）"),
        ),
        ("<html><body>请先登录</body></html>".into(), Unreadable::NoTable),
        (long.into_bytes(), Unreadable::LongCell(2)),
        ("姓名\n\"张三\n".into(), Unreadable::Quote(2)),
        (b"\x80\x81\xff\xff".to_vec(), Unreadable::Characters(1)),
    ] {
        assert_eq!(read(&bytes).err(), Some(want.clone()), "{want}");
        assert!(want.to_string().chars().count() >= 5);
    }
    assert!(matches!(
        read(b"PK\x03\x04 not really"),
        Err(Unreadable::Damaged(_))
    ));
}

#[test]
fn far_cells_and_greedy_ranges_cost_nothing() {
    // Two cells at the corners of the largest sheet, and ranges over all of it.
    let mut sheet = Sheet::of(&[&["姓名", "学号"], &["张三", "1"]]);
    sheet.rows.resize(60_000, Vec::new());
    sheet.rows[59_999] = vec![C::No; 255];
    sheet.rows[59_999].push(t("远"));
    sheet.merges = vec![[0, 0, 65_535, 255]; 3_000];
    let plan = Office::default().plan(&xls(&sheet, false));
    assert_eq!(plan.lot.len() + plan.origin.skipped.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40), cut in any::<prop::sample::Index>(), kind in 0..4usize) {
        let sheet = small();
        let mut bytes = match kind {
            0 => FIXTURE.to_vec(),
            1 => xls(&sheet, false),
            2 => xlsx(&[("a", &sheet)]),
            _ => html(&sheet).into_bytes(),
        };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if kind % 2 == 1 {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        if let Ok(book) = read(&bytes) {
            for table in &book.tables {
                if let Ok(layout) = Layout::find(table, &|_| None) {
                    let Read { lot, issues, .. } = lot(&[(table, &layout)], &Options::default(), &mut |_| true).unwrap();
                    let plan = Plan::of(&People::default(), Origin::default(), lot, issues, today());
                    let _ = plan.event(&People::default());
                }
            }
        }
    }

    #[test]
    fn whatever_is_imported_twice_changes_nothing_and_undoing_restores(
        one in rows(), two in rows(),
    ) {
        let mut office = Office::default();
        office.import(&with(&one));
        prop_assert_eq!(office.plan(&with(&one)).event(&office.people), None);
        let before = office.all();
        let first = office.people.clone();
        let plan = office.import(&with(&two));
        prop_assert_eq!(office.plan(&with(&two)).event(&office.people), None);
        if plan.event(&first).is_some() {
            let undo = office.people.undo_last(false).unwrap();
            office.happens(undo);
        }
        prop_assert_eq!(office.all(), before);
        // The fold can be kept and read again.
        let kept = serde_json::to_string(&office.people).unwrap();
        prop_assert_eq!(serde_json::from_str::<People>(&kept).unwrap(), office.people);
    }

    /// A name, number or day of birth that somebody types makes of a row what it would be if it had
    /// been read so.
    #[test]
    fn what_is_answered_is_judged_as_if_it_had_been_read(
        known in rows(), others in rows(),
        name in prop::sample::select(vec!["张三", "欧阳明", "李四"]),
        number in prop::sample::select(vec!["1", "2", "9", ""]),
        birth in prop::sample::select(vec!["2004-05-06", "2004-05", "2005-01-02"]),
    ) {
        let mut office = Office::default();
        office.import(&with(&known));
        let read = office.plan(&with(&format!("{others}甲支部,{name},{number},男,{birth},,,\n")));
        let blank = office.plan(&with(&format!("{others}甲支部,,1.5E+17,男,2004-02-30,,,\n")));
        let mut typed = blank;
        let last = typed.lines.len() - 1;
        for (field, value) in [(Field::Birth, birth), (Field::Number, number), (Field::Name, name)] {
            typed.answer(&office.people, last, field, value).unwrap();
        }
        let shown = |plan: &Plan| {
            let line = &plan.lines[last];
            let doubts: Vec<String> = line.doubts.iter().map(|doubt| doubt.message(&office.people, &plan.lot)).collect();
            let changes: Vec<(Field, String, bool)> = line
                .differences
                .iter()
                .map(|one| (one.field, one.after.clone(), one.take))
                .collect();
            (line.verdict, line.person, line.candidates(), doubts, changes)
        };
        prop_assert_eq!(shown(&typed), shown(&read));
    }
}

/// Rows of few names, numbers and branches, so that they meet.
fn rows() -> impl Strategy<Value = String> {
    let row = (
        prop::sample::select(vec!["甲支部", "乙支部", ""]),
        prop::sample::select(vec!["张三", "张 三", "欧阳明", "欧阳朋", "李四", ""]),
        prop::sample::select(vec!["1", "2", "3", ""]),
        prop::sample::select(vec!["男", "女", "中", ""]),
        prop::sample::select(vec!["2004-05-06", "2004-05", "2004", "2005-01-02", "3/1/05", ""]),
        prop::sample::select(vec!["积极分子", "发展对象", ""]),
        prop::sample::select(vec!["班长", "无", ""]),
        prop::sample::select(vec!["备注一", "备注二", ""]),
    );
    proptest::collection::vec(row, 0..12).prop_map(|rows| {
        let lines = rows
            .iter()
            .map(|(a, b, c, d, e, f, g, h)| format!("{a},{b},{c},{d},{e},{f},{g},{h}\n"));
        lines.collect()
    })
}

/// How fast it is, natively: `cargo test --release --features sheets --test rosters -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout)]
fn measured() {
    for count in [1_000usize, 10_000, 100_000] {
        let sheet = large_from(count, 0);
        let file = xlsx(&[("名册", &sheet)]);
        let text = csv(&sheet, ',');
        drop(sheet);
        for (what, bytes) in [("xlsx", file), ("csv", text.into_bytes())] {
            let start = Used::now();
            let book = read(&bytes).unwrap();
            let read_in = start.elapsed();
            let layout = Layout::find(&book.tables[0], &|_| None).unwrap();
            let Read { lot, issues, .. } =
                lot(&[(&book.tables[0], &layout)], &Options::default(), &mut |_| true).unwrap();
            let rows_in = start.elapsed();
            let mut office = Office::default();
            let plan = Plan::of(&office.people, Origin::default(), lot, issues, today());
            let planned_in = start.elapsed();
            let event = plan.event(&office.people).unwrap();
            let json = Event {
                v: 2,
                id: EventId::new(&env(1)),
                seq: 1,
                at: env(1).now,
                what: event.clone(),
            }
            .write();
            let start_apply = Used::now();
            office.happens(event);
            println!(
                "{what} {count}: {} kB, read {:.0} ms, rows {:.0} ms, plan {:.0} ms, {:.0} rows/s; event {} kB, stored and folded {:.0} ms; {:?}",
                bytes.len() / 1000,
                read_in.as_secs_f64() * 1e3,
                (rows_in - read_in).as_secs_f64() * 1e3,
                (planned_in - rows_in).as_secs_f64() * 1e3,
                count as f64 / planned_in.as_secs_f64(),
                json.len() / 1000,
                start_apply.elapsed().as_secs_f64() * 1e3,
                counts(&plan),
            );
        }
    }
    // A register of a million, and a roster of a hundred thousand judged against it.
    let mut office = Office::default();
    for part in 0..10 {
        let bytes = csv(&large_from(100_000, part * 100_000), ',').into_bytes();
        let plan = office.plan(&bytes);
        let start = Used::now();
        let event = plan.event(&office.people).unwrap();
        drop(plan);
        office.happens(event);
        println!(
            "{} people, last fold {:.0} ms, resident {} MB",
            office.people.count(),
            start.elapsed().as_secs_f64() * 1e3,
            resident()
        );
    }
    let bytes = csv(&large_from(100_000, 500_000), ',').into_bytes();
    let start = Used::now();
    let plan = office.plan(&bytes);
    println!(
        "100,000 rows against {}: {:.0} ms {:?}",
        office.people.count(),
        start.elapsed().as_secs_f64() * 1e3,
        counts(&plan)
    );
}

/// Processor time of this process: the machine may have other things to do.
#[derive(Clone, Copy)]
struct Used;

impl Used {
    fn now() -> std::time::Duration {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok());
        std::time::Duration::from_millis(ticks.sum::<u64>() * 10)
    }
}

trait Since {
    fn elapsed(self) -> std::time::Duration;
}

impl Since for std::time::Duration {
    fn elapsed(self) -> std::time::Duration {
        Used::now().saturating_sub(self)
    }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1000
}
