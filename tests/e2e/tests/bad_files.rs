//! Files that are not records: each is refused by name and reason, and the register stays as it was.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::{Path, PathBuf};

use steps::{others, scratch};
use xuedang::domain::record::{Body, Person, StudyPart, TrainingRecord};
use xuedang::domain::study::progress::{CourseProgress, Figures, ModuleProgress};
use xuedang::domain::study::{EventId, Stage};
use xuedang::domain::time::Moment;
use xuedang::format::record::{seal, write};
use xuedang_e2e::{Browser, Session};

#[tokio::test]
async fn bad_files_are_refused_in_chromium() {
    refuse(Browser::Chromium).await;
}

#[tokio::test]
async fn bad_files_are_refused_in_firefox() {
    refuse(Browser::Firefox).await;
}

fn record() -> TrainingRecord {
    let figures = Figures {
        lessons: 5,
        questions: 60,
        answers_to_reconfirm: Some(0),
        ..Figures::default()
    };
    let modules = vec![ModuleProgress {
        id: "m".into(),
        title: "模块".into(),
        bank: "0123456789ab".into(),
        figures,
    }];
    seal(Body {
        holder: EventId("01ARZ3NDEKTSV4RRFFQ69G5FAV".into()),
        made_at: Moment {
            ms: 1_795_406_400_000,
            tz: 480,
        },
        person: Person {
            name: Some("李四".into()),
            branch: Some("第一党支部".into()),
            number: None,
            stage: Some(Stage::Activist),
            applied: None,
            confirmed: None,
        },
        study: Some(StudyPart {
            course: "0123456789ab".into(),
            days: 1,
            progress: CourseProgress {
                total: CourseProgress::sum(&modules),
                modules,
            },
        }),
        time: None,
        exams: None,
        practice: None,
        mentors: None,
        talks: None,
        reports: None,
        summary: None,
        left_out: vec![],
    })
}

/// The files, and what must be said of each.
fn bad_files(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let good = String::from_utf8(write(&record())).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    // Sparse: fifty megabytes that take no room here.
    let large = folder.join("large.json");
    fs::File::create(&large).unwrap().set_len(50 << 20).unwrap();
    vec![
        (file("notes.json", "今天学习了党章".as_bytes()), "第 1 行"),
        (file("cut.json", &good.as_bytes()[..good.len() / 2]), "读不下去"),
        (
            file(
                "newer.json",
                good.replacen("\"version\": 2", "\"version\": 3", 1).as_bytes(),
            ),
            "字段 version",
        ),
        (
            file("changed.json", good.replacen("李四", "李五", 1).as_bytes()),
            "基本信息 body.person",
        ),
        (
            file(
                "figures.json",
                good.replacen("\"answered\": 0", "\"answered\": 9", 1).as_bytes(),
            ),
            "学习与自测 body.study",
        ),
        (
            file(
                "field.json",
                good.replacen("\"branch\"", "\"brunch\"", 1).as_bytes(),
            ),
            "body.person",
        ),
        (file("other.json", b"{\"hello\": 1}"), "不是学档导出的培养记录"),
        (file("book.xlsx", b"PK\x03\x04rest"), "Office"),
        (file("paper.pdf", b"%PDF-1.7"), "PDF"),
        (file("empty.json", b""), "空"),
        (large, "太大"),
    ]
}

async fn refuse(browser: Browser) {
    let folder = scratch(&format!("bad-{browser:?}"));
    let session = Session::open(browser).await;
    session.goto_hash("/branch/records").await;
    session.wait("main h1").await;

    // Two good ones are in the register already.
    let good = others(&record(), 2, &folder);
    let paths: Vec<&Path> = good.iter().map(PathBuf::as_path).collect();
    session.upload("[data-testid=import-records]", &paths).await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-verdict=new]').length === 2")
        .await;
    session.click("[data-testid=confirm-import]").await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-holder]').length === 2")
        .await;
    let before = session.texts("tr[data-holder]").await;

    let bad = bad_files(&folder);
    let paths: Vec<&Path> = bad.iter().map(|(path, _)| path.as_path()).collect();
    session.upload("[data-testid=import-records]", &paths).await;
    let all = format!(
        "return document.querySelectorAll('tr[data-verdict=refused]').length === {}",
        bad.len()
    );
    session.wait_eval(&all).await;
    let rows = session.texts("tr[data-verdict=refused]").await;
    for (path, reason) in &bad {
        let name = path.file_name().unwrap().to_string_lossy();
        let row = rows
            .iter()
            .find(|row| row.contains(&*name))
            .unwrap_or_else(|| panic!("{name} is not named: {rows:?}"));
        assert!(row.contains(reason), "{name} should say “{reason}”: {row}");
    }
    session.reload().await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-holder]').length === 2")
        .await;
    assert_eq!(
        session.texts("tr[data-holder]").await,
        before,
        "the register is unchanged"
    );

    // The mentor's view refuses them as well, by name.
    session.goto_hash("/mentor").await;
    session.wait("main h1").await;
    session
        .upload("[data-testid=open-records]", &[bad[3].0.as_path()])
        .await;
    session.wait_text("[data-testid=refused]", "changed.json").await;
    session.wait_text("[data-testid=refused]", "body.person").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
