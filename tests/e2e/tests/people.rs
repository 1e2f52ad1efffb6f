//! The branch's table of people: thousands of rows scrolled, sorted, filtered and kept as a view, by hand
//! and by keyboard, on a desk and on a phone.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use serde_json::{Value, json};
use steps::barriers;
use xuedang::domain::branch::{Field, Import, Lot, Place, RosterEvent};
use xuedang::domain::study::{CURRENT_VERSION, Event, EventId};
use xuedang::domain::time::Moment;
use xuedang::domain::workbench::Deed;
use xuedang::format::workbench::people::{Only, Query};
use xuedang_e2e::{Browser, Session};

const PEOPLE: u32 = 3_000;
const SURNAMES: [&str; 5] = ["王", "李", "张", "欧阳", "陈"];

/// A roster of made-up people as the import writes it.
fn roster() -> (String, String) {
    let fields = vec![
        Field::Name,
        Field::Number,
        Field::Branch,
        Field::Sex,
        Field::Applied,
        Field::Confirmed,
        Field::Note,
    ];
    let mut new = Lot::new(fields);
    new.sheets.push("名册".into());
    for number in 0..PEOPLE {
        let mut word = |text: &str| new.texts.intern(text);
        let values = [
            word(&format!(
                "{}第{number}",
                SURNAMES[number as usize % SURNAMES.len()]
            )),
            word(&format!("2026{number:05}")),
            word(&format!("第{}党支部", number % 7 + 1)),
            word(if number % 2 == 0 { "女" } else { "男" }),
            20_240_101 + number % 12 * 100,
            if number % 3 == 0 { 20_250_301 } else { 0 },
            word(if number % 50 == 0 { "转入" } else { "" }),
        ];
        new.push(
            Place {
                sheet: 0,
                row: number + 2,
            },
            &values,
        );
    }
    let import = Import {
        file: "名册.csv".into(),
        new,
        ..Import::default()
    };
    let id = "01M8390X3000000000000007QG";
    let event = Event {
        v: CURRENT_VERSION,
        id: EventId(id.into()),
        seq: 1,
        at: Moment {
            ms: 1_795_406_460_000,
            tz: 480,
        },
        what: Deed::Roster(RosterEvent::Imported(Box::new(import))),
    };
    (
        format!("roster/000000000001/{id}"),
        serde_json::to_string(&event).unwrap(),
    )
}

/// Puts the roster where an import would have put it.
async fn seed(session: &Session) {
    let (key, event) = roster();
    let script = "
        const [key, event, done] = arguments;
        const opening = indexedDB.open('xuedang');
        opening.onsuccess = () => {
            const writing = opening.result.transaction('entries', 'readwrite');
            writing.objectStore('entries').add(event, key);
            writing.oncomplete = () => { opening.result.close(); done(true) };
            writing.onabort = () => done(String(writing.error));
        };";
    let done = session
        .client()
        .execute_async(script, vec![json!(key), json!(event)])
        .await;
    assert_eq!(done.unwrap(), json!(true));
}

async fn count(session: &Session, text: &str) {
    session.wait_text("[data-testid=people-count]", text).await;
    session
        .wait_eval("return !document.querySelector('#people-grid').hasAttribute('aria-busy')")
        .await;
}

/// The first row in view, as its cells.
async fn first(session: &Session) -> Vec<String> {
    let cells = session
        .eval(
            "const grid = document.querySelector('#people-grid').getBoundingClientRect();
             const head = document.querySelector('#people-head').offsetHeight;
             const row = [...document.querySelectorAll('[data-row]')]
                 .find(row => row.getBoundingClientRect().bottom > grid.top + head + 3);
             return [...row.children].map(cell => cell.textContent.trim())",
        )
        .await;
    serde_json::from_value(cells).unwrap()
}

async fn keys(session: &Session, keys: &str) {
    let grid = session.wait("#people-grid").await;
    grid.send_keys(keys).await.unwrap();
}

const ENTER: &str = "\u{e007}";
const END: &str = "\u{e010}";
const UP: &str = "\u{e013}";

#[tokio::test]
async fn thousands_are_scrolled_sorted_filtered_and_kept_as_a_view() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/branch/people").await;
    // Nobody yet: what to do is said.
    session
        .wait("[data-testid=people-none] a[href='#/branch/import']")
        .await;
    assert_eq!(barriers(&session).await, Vec::<String>::new());
    seed(&session).await;
    session.reload().await;
    count(&session, "共 3,000 人").await;
    assert_eq!(first(&session).await[0], "王第0");
    let grid = "return document.querySelector('#people-grid')";
    assert_eq!(
        session
            .eval(&format!("{grid}.getAttribute('aria-rowcount')"))
            .await,
        "3001"
    );
    let drawn = session
        .eval("return document.querySelectorAll('[data-row]').length")
        .await;
    assert!(
        drawn.as_u64().unwrap() < 100,
        "only rows in view are on the page: {drawn}"
    );

    // To the end.
    session
        .eval("const grid = document.querySelector('#people-grid'); grid.scrollTop = grid.scrollHeight; return true")
        .await;
    session.wait_text("#person-2999", "陈第2999").await;

    // Sorted by number, downwards.
    session.click("#sort-number").await;
    session.wait("[aria-sort=ascending] #sort-number").await;
    session.click("#sort-number").await;
    session.wait("[aria-sort=descending] #sort-number").await;
    session.wait_text("#person-0", "202602999").await;

    // One branch, and a word.
    session.click("[data-testid=people-filters]").await;
    session.choose("#people-by", "branch").await;
    session.wait("[data-value='第2党支部']").await;
    session.click("[data-value='第2党支部']").await;
    count(&session, "符合 429 人").await;
    session.choose("#people-by", "applied").await;
    session.fill("#people-from", "2024-06-01").await;
    session.wait_text(".people-chips", "2024-06-01 及以后").await;
    session.fill("#people-from", "").await;
    count(&session, "符合 429 人").await;
    session.fill("#people-find", "欧阳").await;
    count(&session, "符合 86 人").await;
    let wanted = first(&session).await;
    assert!(wanted[0].starts_with("欧阳第"), "{wanted:?}");
    assert_eq!(barriers(&session).await, Vec::<String>::new());

    // Another column.
    session.click("[data-testid=columns]").await;
    session.click("#column-sex").await;
    session.wait("#sort-sex").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new());
    session.click("[data-do=close]").await;

    // Kept as a view, found again after everything was loaded anew.
    session.click("[data-testid=views]").await;
    session.fill("#people-view", "二支部欧阳").await;
    session.click("[data-testid=save-view]").await;
    session.wait_text(".people-views", "二支部欧阳").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new());
    session.reload().await;
    count(&session, "符合 86 人").await;
    session.goto_hash("/branch/people").await;
    session.wait_gone("[data-figure=found]").await;
    session.reload().await;
    count(&session, "共 3,000 人").await;
    session.click("[data-testid=views]").await;
    session.click_text("a", "二支部欧阳").await;
    count(&session, "符合 86 人").await;
    session.wait("[aria-sort=descending] #sort-number").await;
    session.wait("#sort-sex").await;
    let again = first(&session).await;
    assert_eq!(again[0], wanted[0]);

    // By the keyboard: to the end, one up, and into the person's page; back leads to the row.
    keys(&session, END).await;
    session.wait_text("#person-85", "欧阳").await;
    keys(&session, UP).await;
    session
        .wait_eval("return document.querySelector('#people-grid').getAttribute('aria-activedescendant') === 'person-84'")
        .await;
    keys(&session, ENTER).await;
    session
        .wait_eval("return location.hash.startsWith('#/branch/person/01M8390X3000000000000007QG-')")
        .await;
    session.client().back().await.unwrap();
    count(&session, "符合 86 人").await;
    session.wait("#person-84").await;

    // A condition taken away, and all of them.
    session.click("[data-drop=find]").await;
    count(&session, "符合 429 人").await;
    session.click("[data-drop=by-branch]").await;
    session.wait_gone("[data-figure=found]").await;

    // Exactly the rows of a figure.
    let query = Query {
        only: Some(Only {
            label: "年龄：21—25岁".into(),
            people: vec![7, 1_234],
            ..Only::default()
        }),
        ..Query::default()
    };
    session.goto_hash(&format!("/branch/{}", query.address())).await;
    count(&session, "符合 2 人").await;
    session.wait_text(".people-chips", "年龄：21—25岁").await;
    session.wait_text("#person-1", "陈第1234").await;
    // An address that says nothing is said to be so.
    session.goto_hash("/branch/people/%7Bx").await;
    session.wait_text("[role=alert]", "看不懂").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn on_a_phone_people_are_cards() {
    let session = Session::open(Browser::Chromium).await;
    session.set_size(390, 844).await;
    session.goto_hash("/branch/people").await;
    session.wait("[data-testid=people-none]").await;
    seed(&session).await;
    session.reload().await;
    count(&session, "共 3,000 人").await;
    session.wait(".people-card").await;
    session.wait_text("#person-0", "入党积极分子").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new());
    session.click("[data-testid=people-filters]").await;
    session.wait("[data-value=activist]").await;
    session.click("[data-value=activist]").await;
    count(&session, "符合 1,000 人").await;
    session.choose("#people-sort", "applied-down").await;
    session.wait_text("#person-0", "2024-10-01").await;
    assert_eq!(barriers(&session).await, Vec::<String>::new());
    session.click("[data-testid=people-filters]").await;
    session
        .eval("const grid = document.querySelector('#people-grid'); grid.scrollTop = grid.scrollHeight; return true")
        .await;
    session.wait_text("#person-999", "入党积极分子").await;
    // Nothing is wider than the screen.
    let wide = session
        .eval("return document.documentElement.scrollWidth <= innerWidth")
        .await;
    assert_eq!(wide, Value::Bool(true));
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
