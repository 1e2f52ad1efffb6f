//! A change of unit in two browsers: the old branch makes a package from a signed record, the new one
//! receives it; the time is counted on with its gaps, what is missing is named, the signatures hold,
//! and both sides keep the history.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::Path;

use steps::{barriers, csv_rows, full_record, key, pictures, printed, scratch};
use xuedang::domain::handover::{MaterialKind, MaterialState};
use xuedang::domain::json::value_of;
use xuedang::domain::record::TrainingRecord;
use xuedang::domain::time::{Date, Env};
use xuedang::format::credential::{Statement, check, issue};
use xuedang::format::handover;
use xuedang::format::record;
use xuedang_e2e::{Browser, Session};

const NEW_UNIT: &str = "青年街道第二社区党支部";

/// A record of somebody who was confirmed on 1 March 2025.
fn sample() -> TrainingRecord {
    let mut body = full_record().body;
    body.person.applied = Date::parse("2025-01-05");
    body.person.confirmed = Date::parse("2025-03-01");
    record::seal(body)
}

/// It, signed by the activist and a mentor.
fn signed(record: &TrainingRecord) -> String {
    let env = |chance: u128| Env {
        now: record.body.made_at,
        chance,
    };
    let opinion = Statement::Mentor {
        name: "王建国".into(),
        date: Date::parse("2026-10-30").unwrap(),
        opinion: "学习踏实。".into(),
    };
    let first = issue::sign(&value_of(record), &key(1), &env(1)).unwrap();
    issue::write(&issue::countersign(&first, opinion, &key(2), &env(2)).unwrap())
}

/// What axe-core finds on the screen as it is.
async fn assert_no_barrier(session: &Session, screen: &str) {
    assert_eq!(barriers(session).await, Vec::<String>::new(), "{screen}");
    let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(session.eval(wide).await, true, "{screen} scrolls sideways");
}

/// Looks at a screen on a phone and on a desk; keeps pictures where the environment names a folder.
async fn look(session: &Session, screen: &str) {
    for width in [390, 1280] {
        session.set_size(width, 900).await;
        assert_no_barrier(session, &format!("{screen} at {width}")).await;
    }
    pictures(session, screen).await;
}

#[tokio::test]
async fn a_change_of_unit() {
    let folder = scratch("handover");
    let record = sample();
    let holder = record.body.holder.to_string();
    let package = folder.join("package.json");

    let old = leave(&folder, &record, &package).await;
    arrive(&folder, &record, &package).await;

    // It was a mistake after all: the person is back, and the move stays in the history.
    old.fill("[data-testid=take-back-why]", "单位没有变动").await;
    old.click("[data-testid=save-take-back]").await;
    old.wait_text("dialog[open]", "恢复为在册").await;
    old.click("[data-testid=confirm-take-back]").await;
    old.wait_text("main", "撤销：单位没有变动").await;
    old.goto_hash(&format!("/branch/{holder}")).await;
    old.wait_text("[data-testid=moves]", "已撤销").await;
    old.wait("[data-testid=to-leaving]").await;
    assert!(old.texts("[data-testid=has-left]").await.is_empty());
    assert_eq!(old.console_errors().await, Vec::<String>::new());
    old.assert_same_origin().await;
}

/// The old branch: opens the signed record, fills in the form, makes the package.
async fn leave(folder: &Path, record: &TrainingRecord, package: &Path) -> Session {
    let file = folder.join("record.json");
    fs::write(&file, signed(record)).unwrap();
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/branch/records").await;
    session.upload("[data-testid=import-records]", &[&file]).await;
    session.click("[data-testid=confirm-import]").await;
    session.wait_text("[data-testid=imported]", "已导入 1 份").await;
    let holder = record.body.holder.to_string();
    session.goto_hash(&format!("/branch/{holder}")).await;
    session
        .wait_text("[data-testid=sum]", "自 2025-03-01（确定为入党积极分子之日）起")
        .await;
    look(&session, "person").await;
    session.click("[data-testid=to-leaving]").await;

    // The time that is known stands there; the rest is asked for, and nothing is taken for granted.
    session.wait("#leaving-form").await;
    let unit = "return document.querySelector('[data-testid=period-0-unit]')?.value";
    session
        .wait_eval(&format!("{unit} === '{}'", record.body.person.branch()))
        .await;
    session.click("[data-testid=preview-package]").await;
    session.wait_text("#leaving-to-wrong", "为空").await;
    session.fill("[data-testid=leaving-to]", NEW_UNIT).await;
    session.fill("[data-testid=leaving-day]", "2026-11-01").await;
    session
        .wait_eval("return document.querySelector('[data-testid=period-0-to]').value === '2026-11-01'")
        .await;
    session.fill("[data-testid=period-0-from]", "2025-09-11").await;
    session.click("[data-testid=add-period]").await;
    session.fill("[data-testid=period-1-unit]", "市一中党支部").await;
    session.fill("[data-testid=period-1-from]", "2025-02-01").await;
    session.fill("[data-testid=period-1-to]", "2025-08-31").await;
    session.click("[data-testid=preview-package]").await;
    session
        .wait_text("[data-testid=leaving-refused]", "第 2 段的开始日期早于确定")
        .await;
    session.fill("[data-testid=period-1-from]", "2025-03-01").await;
    session.click("[data-testid=preview-package]").await;
    session
        .wait_text("[data-testid=leaving-refused]", "请选择「入党申请书」在不在")
        .await;
    assert_eq!(
        session.eval("return document.activeElement.id").await,
        "material-0-state"
    );
    look(&session, "leaving").await;
    for (at, kind) in MaterialKind::NAMED.into_iter().enumerate() {
        let state = match kind {
            MaterialKind::Form | MaterialKind::Filing => MaterialState::Missing,
            MaterialKind::PoliticalReview => MaterialState::NotApplicable,
            _ => MaterialState::Present,
        };
        session
            .choose(&format!("[data-testid=material-{at}-state]"), state.code())
            .await;
    }
    session.fill("[data-testid=material-9-count]", "4").await;
    session
        .fill("[data-testid=material-1-note]", "在上级党委，随后补")
        .await;
    session
        .fill("[data-testid=leaving-note]", "材料袋一个，密封。")
        .await;
    session.click("[data-testid=preview-package]").await;
    session
        .wait_text("[data-testid=preview] [data-testid=missing]", "缺 2 项材料")
        .await;
    session
        .wait_text("[data-testid=missing]", "《入党积极分子培养考察登记表》")
        .await;
    session
        .wait_text("[data-testid=gaps]", "间断 10 天：2025-09-01 至 2025-09-10")
        .await;
    look(&session, "preview").await;
    // What is typed afterwards makes the preview void.
    session
        .fill("[data-testid=leaving-note]", "材料袋一个，密封，机要交换。")
        .await;
    session.fill("[data-testid=material-9-count]", "5").await;
    session.wait_gone("[data-testid=make-package]").await;
    session.click("[data-testid=preview-package]").await;
    session.click("[data-testid=make-package]").await;
    let saved = session.wait_download(".json").await;
    fs::copy(&saved, package).unwrap();
    let (made, carried) = handover::open(&fs::read(package).unwrap()).unwrap();
    assert_eq!(&carried, record);
    assert!(made.body.record.signed);
    assert!(check::verify(made.body.record.text.as_bytes()).unwrap().holds);
    assert_eq!(made.body.materials[9].count, 5);
    assert_eq!(made.body.periods[0].unit, "市一中党支部");

    // The list on paper, and the mark in the register.
    session
        .wait_text("[data-testid=sheet]", "入党积极分子材料转接清单")
        .await;
    look(&session, "paper").await;
    let pdf = folder.join("list.pdf");
    let text = printed(&session, &pdf).await;
    if let Ok(folder) = std::env::var("XUEDANG_PICTURES") {
        fs::copy(&pdf, Path::new(&folder).join("list.pdf")).unwrap();
    }
    for part in ["草稿", NEW_UNIT, "间断 10 天", "经办人签名（盖章）", "登记表"] {
        assert!(text.contains(part), "no {part} on paper:\n{text}");
    }
    assert!(!text.contains("下载转接包"), "only the sheet is printed:\n{text}");
    let here = session.eval("return location.hash").await;
    session.goto_hash("/branch/records").await;
    session.wait_text("td[data-col=move]", "2026-11-01 转出").await;
    session.goto_hash(&format!("/branch/{holder}")).await;
    session.wait_text("[data-testid=has-left]", NEW_UNIT).await;
    session.wait("[data-testid=record]").await;
    session
        .goto_hash(here.as_str().unwrap().trim_start_matches('#'))
        .await;
    session.wait("[data-testid=save-package]").await;
    session
}

/// The new branch, in a browser that knows nothing.
async fn arrive(folder: &Path, record: &TrainingRecord, package: &Path) {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/branch").await;
    session.click("a[href='#/handover']").await;
    session.wait_text("main h1", "接收转接包").await;

    // Damaged ones are refused and the part is named.
    let text = fs::read_to_string(package).unwrap();
    let damaged = |name: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let path = folder.join(name);
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        path
    };
    for (path, part) in [
        (
            damaged("a.json", "2025-08-31", "2025-09-10"),
            "「培养时间 body.periods」",
        ),
        (
            damaged("b.json", "\"missing\"", "\"present\""),
            "「材料 body.materials」",
        ),
        (
            damaged("c.json", "学习踏实", "学习刻苦"),
            "「培养记录 body.record」",
        ),
    ] {
        session.upload("[data-testid=open-package]", &[&path]).await;
        session.wait_text("[data-testid=arrival-said]", part).await;
        assert!(session.texts("[data-testid=package]").await.is_empty());
    }
    let plain = folder.join("record.json");
    session.upload("[data-testid=open-package]", &[&plain]).await;
    session
        .wait_text("[data-testid=arrival-said]", "这是培养记录，不是转接包")
        .await;

    session.upload("[data-testid=open-package]", &[package]).await;
    session.wait_text("[data-testid=effect]", "新增一人").await;
    session.wait_text("[data-testid=missing]", "缺 2 项材料").await;
    session
        .wait_text("[data-testid=missing]", "在上级党委，随后补")
        .await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    session.wait_text("[data-testid=package-note]", "机要交换").await;
    // The day is the branch's to say; the gap follows from it.
    session.fill("[data-testid=arrival-since]", "2026-11-20").await;
    session
        .wait_text(
            "[data-testid=counted] [data-testid=gaps]",
            "间断 18 天：2026-11-02 至 2026-11-19",
        )
        .await;
    session
        .wait_text("[data-testid=counted] [data-testid=gaps]", "间断 10 天")
        .await;
    session
        .wait_text("[data-testid=counted] [data-testid=year]", "不是结论")
        .await;
    look(&session, "arriving").await;
    session.click("[data-testid=take-in]").await;
    session.wait_text("[data-testid=arrival-said]", "已收下").await;

    // The person is there with everything, also after a reload.
    session.click("[data-testid=to-person]").await;
    session.wait_text("main h1", record.body.person.name()).await;
    session.reload().await;
    session.wait_text("[data-testid=moves]", "市一中党支部").await;
    session.wait_text("[data-testid=moves]", "以前的转接包").await;
    session
        .wait_text("[data-testid=moves] [data-testid=gaps]", "间断 18 天")
        .await;
    // Between 1 March 2025 and 1 November 2026, without the gap; and what has been counted since.
    let sum = session.text("[data-testid=sum]").await;
    let today = sum
        .split("算到 ")
        .nth(1)
        .and_then(|rest| rest.get(..10))
        .and_then(Date::parse)
        .unwrap();
    let days = 184 + 417 + today.days() - Date::parse("2026-11-20").unwrap().days() + 1;
    assert!(sum.contains(&format!("共 {days} 天，间断共 28 天")), "{sum}");
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    look(&session, "arrived").await;
    session.goto_hash("/branch/records").await;
    session.click("[data-testid=export-csv]").await;
    let csv = fs::read_to_string(session.wait_download(".csv").await).unwrap();
    let rows = csv_rows(csv.trim_start_matches('\u{feff}'));
    let column = rows[0].iter().position(|head| head == "转接").unwrap();
    assert_eq!(rows[1][column], "2026-11-20 转入");

    // Received once; and going on from here, the earlier periods go along as they came.
    session.goto_hash("/handover").await;
    session.upload("[data-testid=open-package]", &[package]).await;
    session.wait_text("[data-testid=effect]", "以前已经收下").await;
    assert!(session.texts("[data-testid=take-in]").await.is_empty());
    session
        .goto_hash(&format!("/handover/{}", record.body.holder))
        .await;
    session
        .wait_eval("return document.querySelectorAll('#leaving-rows input[readonly]').length === 6")
        .await;
    session
        .wait_eval(&format!(
            "return document.querySelector('[data-testid=period-2-unit]').value === '{NEW_UNIT}'"
        ))
        .await;

    // Deleted is deleted, the package too.
    session
        .goto_hash(&format!("/branch/{}", record.body.holder))
        .await;
    session.click("[data-testid=forget]").await;
    session.click("[data-testid=confirm-forget]").await;
    session.wait_text("main", "名册还是空的").await;
    session.reload().await;
    session.wait_text("main", "名册还是空的").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
