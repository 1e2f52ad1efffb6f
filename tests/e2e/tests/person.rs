//! The page of a person: decisions are written, refused, warned of and struck out, a value is corrected,
//! mentors are named, and all of it is there after a reload.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use serde_json::json;
use steps::barriers;
use xuedang::domain::branch::{Field, Import, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::study::{CURRENT_VERSION, Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::Deed;
use xuedang_e2e::{Browser, Session};

/// A roster of one person, as its import is kept.
fn import(today: Date) -> Event<Deed> {
    let fields = vec![Field::Branch, Field::Name, Field::Number, Field::Applied];
    let mut lot = Lot::new(fields);
    lot.sheets.push("2026年".into());
    let words = ["第一党支部", "周𠮷喆", "20230001"].map(|text| lot.texts.intern(text));
    let applied = When::day(today.add_months(-14)).unwrap().bits();
    let [branch, name, number] = words;
    lot.push(Place { sheet: 0, row: 6 }, &[branch, name, number, applied]);
    Event {
        v: CURRENT_VERSION,
        id: EventId(format!("01J{:023}", 1)),
        seq: 1,
        at: Moment {
            ms: today.days() * 86_400_000,
            tz: 480,
        },
        what: Deed::Roster(RosterEvent::Imported(Box::new(Import {
            file: "名册.xls".into(),
            new: lot,
            ..Import::default()
        }))),
    }
}

/// Puts an event into the book, as an import does.
async fn keep(session: &Session, event: &Event<Deed>) {
    let script = "
        const [key, line, done] = arguments;
        const opening = indexedDB.open('xuedang');
        opening.onerror = () => done(String(opening.error));
        opening.onsuccess = () => {
          const writing = opening.result.transaction('entries', 'readwrite');
          writing.objectStore('entries').add(line, key);
          writing.oncomplete = () => { opening.result.close(); done('kept'); };
          writing.onerror = () => done(String(writing.error));
        };";
    let key = event.key("roster/");
    let arguments = vec![json!(key), json!(event.write())];
    let said = session.client().execute_async(script, arguments).await.unwrap();
    assert_eq!(said, json!("kept"));
}

async fn today(session: &Session) -> Date {
    let text = session
        .eval("const d = new Date(); return [d.getFullYear(), String(d.getMonth() + 1).padStart(2, '0'), String(d.getDate()).padStart(2, '0')].join('-')")
        .await;
    Date::parse(text.as_str().unwrap()).unwrap()
}

/// Fills in a decision and sends it.
async fn decide(session: &Session, kind: &str, on: Date, reason: &str) {
    session.choose("[data-testid=stand-kind]", kind).await;
    session.fill("[data-testid=stand-date]", &on.to_string()).await;
    session.fill("[data-testid=stand-reason]", reason).await;
    session.click("[data-testid=save-stand]").await;
}

async fn stands(session: &Session, state: &str) {
    session
        .wait(&format!("[data-testid=standing][data-state={state}]"))
        .await;
}

#[tokio::test]
async fn a_person_is_managed_and_nothing_is_lost() {
    let session = Session::open(Browser::Chromium).await;
    let today = today(&session).await;
    session.goto_hash("/branch").await;
    session.wait("main h1").await;
    let import = import(today);
    keep(&session, &import).await;
    let person = PersonId {
        import: import.id.clone(),
        n: 0,
    };
    session.goto_hash(&format!("/branch/person/{person}")).await;
    stands(&session, "applicant").await;
    session.wait_text("[data-testid=standing]", "来自名册").await;
    session
        .wait_text("[data-field=name]", "工作表“2026年”第 6 行")
        .await;
    session.wait_text("[data-due=talk]", "第七条").await;

    // What fits is offered first, nothing is chosen, and no state is proposed.
    let offered = session
        .eval("return [...document.querySelectorAll('#stand-kind optgroup')[0].children].map(option => option.value).join()")
        .await;
    assert_eq!(offered, json!("confirmed,withdrew,moved-out"));
    assert_eq!(
        session
            .eval("return document.querySelector('#stand-kind').value")
            .await,
        json!("")
    );

    let confirmed = today.add_months(-11);
    decide(&session, "confirmed", confirmed, "").await;
    stands(&session, "activist").await;
    session.wait_text("[data-testid=stand-said]", "已记下").await;
    session
        .wait_text("[data-testid=standing]", "党支部委员会会议（第一党支部）")
        .await;

    // A reason must be written; then it is paused, and goes on.
    decide(&session, "paused", today.add_months(-3), "").await;
    session.wait_text("#stand-reason-error", "请写明原因").await;
    session.fill("[data-testid=stand-reason]", "本人长期外出").await;
    session.click("[data-testid=save-stand]").await;
    stands(&session, "paused").await;
    decide(&session, "resumed", today.add_months(-2), "").await;
    stands(&session, "activist").await;

    // What cannot be, and a minimum that is not reached, are not written.
    decide(&session, "admitted", today, "").await;
    session.wait_text("[data-testid=stand-refused]", "接不上").await;
    decide(&session, "listed", today, "").await;
    session.wait_text("[data-testid=stand-refused]", "才满一年").await;
    session.wait_text("[data-testid=stand-refused]", "第十三条").await;

    // A warning is shown, read and accepted; then the entry is struck out and stays to be read.
    session.choose("[data-testid=stand-kind]", "proposed").await;
    session.choose("[data-testid=stand-organ]", "person").await;
    session.click("[data-testid=save-stand]").await;
    session.wait_text("[data-testid=stand-warned]", "请核对").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new(), "a warning");
    session.click("[data-testid=accept-stand]").await;
    stands(&session, "proposed").await;
    session.click("[data-decision=proposed] [data-strike]").await;
    session.click("[data-testid=ask-save]").await;
    session.wait_text("#ask-error", "请写明为什么划掉").await;
    session.fill("[data-testid=ask-value]", "记到了别人名下").await;
    session.click("[data-testid=ask-save]").await;
    stands(&session, "activist").await;
    session
        .wait_text("[data-decision=proposed][data-struck]", "记到了别人名下")
        .await;

    // A value is corrected; the old one stays to be read.
    session.click("[data-correct=number]").await;
    session.fill("[data-testid=ask-value]", "２０２３ ０００２").await;
    session.click("[data-testid=ask-save]").await;
    session.wait_text("[data-field=number] .value", "20230002").await;
    session.wait_text("[data-field=number]", "手工填写").await;
    session.wait_text("[data-field=number] .past", "改过 1 次").await;

    // Two mentors: a mistake is named beside its field.
    session.wait("[data-due=mentor-none]").await;
    session.choose("[data-testid=note-kind]", "mentors").await;
    session.fill("[data-testid=mentor-0-name]", "王建国").await;
    session.choose("[data-testid=mentor-0-member]", "yes").await;
    session.click("[data-testid=add-row]").await;
    session.click("[data-testid=save-note]").await;
    session.wait_text("#mentor-1-wrong", "请填培养联系人的姓名").await;
    session.fill("[data-testid=mentor-1-name]", "李梅").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new(), "mentors");
    session.click("[data-testid=save-note]").await;
    session
        .wait_text("[data-testid=notes]", "王建国（正式党员）；李梅")
        .await;
    session.wait_gone("[data-due=mentor-none]").await;
    session.choose("[data-testid=note-kind]", "reviewed").await;
    session.fill("[data-testid=note-words]", "继续培养").await;
    session.click("[data-testid=save-note]").await;
    session.wait_text("[data-testid=notes]", "继续培养").await;

    // All of it is there again.
    session.reload().await;
    stands(&session, "activist").await;
    for text in ["暂停培养", "本人长期外出", "恢复培养", "记到了别人名下"] {
        session.wait_text("[data-testid=history]", text).await;
    }
    session.wait_text("[data-field=number]", "20230002").await;
    session.wait_text("[data-testid=notes]", "李梅").await;
    session.set_size(390, 844).await;
    assert_eq!(barriers(&session).await, Vec::<String>::new(), "the whole page");
    let wide = session
        .eval("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        .await;
    assert_eq!(wide, json!(true), "nothing is wider than a phone");
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
