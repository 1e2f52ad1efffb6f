//! The whole story, in both browsers: an activist studies, answers, talks, reloads and exports; the
//! mentor opens the record; the branch imports it with fifty others. Every figure agrees on screen,
//! in JSON, in CSV and in print.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;

use xuedang::domain::question::Kind;
use xuedang::domain::record::Field;

use steps::{Figures, answer, bank, csv_rows, expect_figures, figures, others, printed, scratch};
use xuedang_e2e::{Browser, Session};

const NAME: &str = "周𠮷喆";
const REPORT: &str = "2026 年第三季度思想汇报";
const BRANCH: &str = "计算机学院本科生第一党支部";

#[tokio::test]
async fn the_whole_story_in_chromium() {
    tell(Browser::Chromium).await;
}

#[tokio::test]
async fn the_whole_story_in_firefox() {
    tell(Browser::Firefox).await;
}

async fn tell(browser: Browser) {
    let folder = scratch(&format!("story-{browser:?}"));
    let file = folder.join("record.json");
    let expected = activist(browser, &file).await;
    mentor(browser, &file, &expected).await;
    branch(browser, &folder, &file, &expected).await;
}

/// Studies, answers twenty questions, logs a talk and practice, reloads, exports; gives the figures.
async fn activist(browser: Browser, file: &std::path::Path) -> Figures {
    let session = Session::open(browser).await;
    session.set_size(390, 844).await;

    // The first lesson from the home page, then the second by "next".
    session.click("[data-testid=resume]").await;
    session.wait_text("main", "学习目标").await;
    session.click("[data-testid=finish-lesson]").await;
    session.goto_hash("/lesson/dangyuan-duties").await;
    session.click("[data-testid=finish-lesson]").await;
    session.wait_text(".saving", "已保存").await;

    // Twenty questions: every fourth one wrong, on purpose.
    let questions = bank(&session, "dangyuan").await;
    session.goto_hash("/practice/module/dangyuan").await;
    let mut right = 0;
    for number in 0..20 {
        let wrong = number % 4 == 3;
        answer(&session, &questions, !wrong).await;
        right += u32::from(!wrong);
        if number < 19 {
            session.click("[data-testid=next-question]").await;
        }
    }
    // No waiting: the last answer must survive a reload at once.
    session.reload().await;

    session.goto_hash("/mentors").await;
    session.fill("[data-testid=mentor-name]", "王建国").await;
    session.click("[data-testid=save-mentor]").await;
    session.wait_text("main", "王建国").await;
    session
        .fill("[data-testid=talk-topic]", "入党动机与学习体会")
        .await;
    session.click("[data-testid=save-talk]").await;
    session.wait_text("main", "入党动机与学习体会").await;

    session.goto_hash("/log").await;
    session.choose("[data-testid=log-kind]", "volunteering").await;
    session.fill("[data-testid=log-title]", "社区图书整理").await;
    session.fill("[data-testid=log-minutes]", "120").await;
    session.click("[data-testid=save-log]").await;
    session.wait_text("main", "社区图书整理").await;

    exam(&session).await;

    session.goto_hash("/record").await;
    session.fill("[data-testid=profile-name]", NAME).await;
    session.fill("[data-testid=profile-branch]", BRANCH).await;
    session.click("[data-testid=save-profile]").await;
    session.wait_text(".saving", "已保存").await;
    reports(&session).await;
    session.reload().await;

    let expected = Figures::expected(&session, 2, 20, right, 20).await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    expect_figures("home", &figures(&session, "total").await, &expected);
    session.goto_hash("/record").await;
    session.wait("[data-testid=export-record]").await;
    expect_figures("record page", &figures(&session, "total").await, &expected);
    session.click("[data-testid=export-record]").await;
    let downloaded = session.wait_download(".json").await;
    let record = xuedang::format::record::open(&fs::read(&downloaded).unwrap()).unwrap();
    expect_figures("JSON", &Figures::of_record(&record), &expected);
    assert_eq!(
        (record.body.person.name(), record.body.person.branch()),
        (NAME, BRANCH)
    );
    assert_eq!(record.body.talks.as_ref().unwrap().len(), 1);
    assert_eq!(record.body.practice_minutes(), 120);
    let exam = &record.body.exams.as_ref().unwrap()[0];
    assert_eq!(
        (exam.title.as_str(), exam.half_points, exam.points, exam.passed),
        ("小考", 0, 2, false)
    );
    let report = &record.body.reports.as_ref().unwrap()[0];
    assert_eq!((report.title.as_str(), &report.text), (REPORT, &None));
    assert_eq!(record.body.reports.as_ref().unwrap().len(), 1);
    assert!(record.body.left_out.contains(&Field::ReportTexts));
    let time = record.body.time.unwrap();
    assert_eq!(
        (time.days, time.answers),
        (record.body.study.as_ref().unwrap().days, 20)
    );
    // Ticked, the text is in what the reader will see, and no longer among what is left out.
    session.click("[data-testid=export-report-texts]").await;
    session.wait_text("[data-testid=record]", "请党组织考验我").await;
    let left_out = session.text("[data-testid=left-out]").await;
    assert!(!left_out.contains("思想汇报"), "{left_out}");
    session.click("[data-testid=export-report-texts]").await;
    session.wait_text("[data-testid=left-out]", "思想汇报正文").await;
    assert!(
        downloaded.file_name().unwrap().to_string_lossy().contains(NAME),
        "{downloaded:?}"
    );
    fs::copy(&downloaded, file).unwrap();

    // Print: the sheet's own elements, then the PDF as another program reads it.
    session.goto_hash("/record/print").await;
    session.wait("[data-scope=total]").await;
    expect_figures("print sheet", &figures(&session, "total").await, &expected);
    let pdf = file.with_extension("pdf");
    let text = printed(&session, &pdf).await;
    expect_figures("PDF", &Figures::of_paper(&text), &expected);
    assert!(
        text.contains("周") && text.contains("喆"),
        "the name is on paper:\n{text}"
    );
    let sheet = session.text("[data-testid=sheet]").await;
    for part in [REPORT, "小考", "不及格", "学习时间为自报"] {
        assert!(sheet.contains(part), "{part} on paper:\n{sheet}");
    }
    let exam = session
        .texts("[data-testid=sheet] [data-section=模拟考试] table:not(.facts) td")
        .await;
    assert_eq!(exam[1..6], ["小考", "0", "2", "1", "不及格"]);
    assert!(!sheet.contains("请党组织考验我"), "the text stays at home");

    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
    expected
}

/// Sits a mock exam of one question and hands it in unanswered, so that no other figure moves.
async fn exam(session: &Session) {
    session.goto_hash("/exam").await;
    session.click("[data-do=edit]").await;
    session.fill("#exam-name", "小考").await;
    for kind in Kind::ALL {
        let count = if kind == Kind::Judge { "1" } else { "0" };
        session.fill(&format!("#exam-count-{}", kind.code()), count).await;
    }
    session.fill("#exam-points-judge", "2").await;
    session.fill("#exam-minutes", "5").await;
    session.fill("#exam-pass", "1").await;
    session.click("[data-testid=save-exam]").await;
    session.wait_gone("#exam-form").await;
    session.click("li[data-at='3'] [data-do=begin]").await;
    session.wait(".answer-sheet").await;
    session.click("[data-do=hand-in]").await;
    session.click("[data-testid=hand-in]").await;
    session.wait("[data-testid=exam-result]").await;
}

/// Writes two thought reports on the record's page, by way of a reload; changes one, removes the
/// other.
async fn reports(session: &Session) {
    session.click("[data-testid=reports] > summary").await;
    session.click("[data-testid=save-report]").await;
    session.wait_text("[data-testid=reports]", "请填写标题").await;
    session
        .fill("[data-testid=report-text]", "敬爱的党组织：请党组织考验我。")
        .await;
    // What was begun is there again.
    session.reload().await;
    session.click("[data-testid=reports] > summary").await;
    session
        .wait_eval("return document.querySelector('[data-testid=report-text]').value.includes('考验我')")
        .await;
    session.fill("[data-testid=report-title]", "思想汇报").await;
    session.click("[data-testid=save-report]").await;
    session.wait_text("[data-report]", "思想汇报").await;
    assert_eq!(
        session
            .eval("return document.querySelector('[data-testid=report-text]').value")
            .await,
        ""
    );
    session.fill("[data-testid=report-title]", "写错的一篇").await;
    session.click("[data-testid=save-report]").await;
    session.wait_text("[data-testid=reports]", "写错的一篇").await;
    session
        .click("[data-remove][aria-label='删除思想汇报“写错的一篇”']")
        .await;
    session.wait_text("dialog[open]", "写错的一篇").await;
    session.click("[data-testid=confirm-remove-report]").await;
    session
        .wait_eval("return document.querySelectorAll('[data-report]').length === 1")
        .await;
    session.click("[data-report] [data-edit]").await;
    session.fill("[data-testid=report-title]", REPORT).await;
    session.click("[data-testid=save-report]").await;
    session.wait_text("[data-report]", REPORT).await;
    session.wait_text(".saving", "已保存").await;
}

/// Opens the record, in a browser of his own.
async fn mentor(browser: Browser, file: &std::path::Path, expected: &Figures) {
    let session = Session::open(browser).await;
    session.goto_hash("/mentor").await;
    session.wait("main h1").await;
    session.upload("[data-testid=open-records]", &[file]).await;
    session.wait_text("main", NAME).await;
    session.click_text("a", NAME).await;
    session.wait("[data-scope=total]").await;
    expect_figures("mentor", &figures(&session, "total").await, expected);
    session.wait_text("main", "入党动机与学习体会").await;
    for part in [REPORT, "小考", "不及格", "20 次"] {
        session.wait_text("[data-testid=record]", part).await;
    }
    // It is still there after a reload, and one's own study is untouched by it.
    session.reload().await;
    session.wait_text("main", NAME).await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    assert_eq!(figures(&session, "total").await.answered, 0);
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// Imports it with fifty others, twice, and exports CSV.
async fn branch(browser: Browser, folder: &std::path::Path, file: &std::path::Path, expected: &Figures) {
    let session = Session::open(browser).await;
    let record = xuedang::format::record::open(&fs::read(file).unwrap()).unwrap();
    let mut files = others(&record, 50, folder);
    files.push(file.to_owned());
    let paths: Vec<&std::path::Path> = files.iter().map(std::path::PathBuf::as_path).collect();

    session.goto_hash("/branch/records").await;
    session.wait("main h1").await;
    session.upload("[data-testid=import-records]", &paths).await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-verdict=new]').length === 51")
        .await;
    assert!(
        session.texts("tr[data-holder]").await.is_empty(),
        "nothing is imported before it is confirmed"
    );
    session.click("[data-testid=confirm-import]").await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-holder]').length === 51")
        .await;

    let row = format!("tr[data-holder='{}']", record.body.holder);
    expect_figures("register row", &Figures::of_row(&session, &row).await, expected);
    for (column, shown) in [("exams", "1"), ("exams_passed", "0"), ("reports", "1")] {
        assert_eq!(
            session.text(&format!("{row} [data-col={column}]")).await,
            shown,
            "{column}"
        );
    }

    session.click("[data-testid=export-csv]").await;
    let csv = fs::read(session.wait_download(".csv").await).unwrap();
    assert!(csv.starts_with(b"\xef\xbb\xbf"), "Excel needs the mark");
    let rows = csv_rows(&String::from_utf8(csv).unwrap());
    assert_eq!(rows.len(), 52);
    let ours = rows
        .iter()
        .find(|row| row.iter().any(|cell| cell == NAME))
        .unwrap();
    expect_figures("CSV", &Figures::of_csv(&rows[0], ours), expected);
    let cell = |heading: &str| {
        let at = rows[0].iter().position(|cell| cell == heading);
        ours[at.unwrap_or_else(|| panic!("no column {heading}"))].as_str()
    };
    assert_eq!((cell("模拟考试（场）"), cell("思想汇报（篇）")), ("1", "1"));
    let time = record.body.time.unwrap();
    assert_eq!(
        (cell("学习时间（分钟，自报）"), cell("学习时段")),
        (
            time.minutes.to_string().as_str(),
            time.sessions.to_string().as_str()
        )
    );

    // The same files again change nothing.
    session.reload().await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-holder]').length === 51")
        .await;
    session.upload("[data-testid=import-records]", &paths).await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-verdict=same]').length === 51")
        .await;

    session
        .goto_hash(&format!("/branch/{}", record.body.holder))
        .await;
    session.wait("[data-scope=total]").await;
    expect_figures("member page", &figures(&session, "total").await, expected);
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
