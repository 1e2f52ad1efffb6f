//! Records received from others: reading the files, and the page of one person.

use super::countersign::{Countersign, drop_words};
use super::dialog::Confirm;
use super::intake::{Incoming, opened};
use super::record_view::record_view;
use super::shown::{alert, table_end};
use crate::domain::roster::{Arrived, Credential, Member, Register, Seen};
use crate::domain::sort_by;
use crate::domain::study::EventId;
use crate::format::credential::Role;
use crate::platform::page;
use crate::store::Journal;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Looks into a book, and again whenever it changes.
pub(in crate::ui) fn watch(book: RwSignal<Journal<Register>>, see: &mut dyn FnMut(&Register)) {
    book.track();
    look(book, see);
}

/// Looks into a book once. Does nothing when the app is gone.
pub(in crate::ui) fn look(book: RwSignal<Journal<Register>>, see: &mut dyn FnMut(&Register)) {
    book.try_with_untracked(|book| see(book.state()));
}

/// Opens what has come, one after another, so that the page stays alive and memory small: records,
/// signed ones checked in the worker. With each the sentence about its signatures when they do not hold.
/// `progress` says as markup how many have been opened.
pub(in crate::ui) async fn open_all(
    office: Office,
    all: Vec<Incoming>,
    progress: RwSignal<String>,
) -> Vec<OpenedRow> {
    let count = all.len();
    let mut read = Vec::with_capacity(count);
    for incoming in all {
        say_reading(progress, read.len(), count);
        read.push(open_one(office, incoming).await);
    }
    say_reading(progress, count, count);
    read
}

/// What has come, opened.
type OpenedRow = (String, Result<Arrived, String>, Option<String>);

async fn open_one(office: Office, incoming: Incoming) -> OpenedRow {
    let mut why = None;
    let arrived = opened(office, &incoming).await.map(|opened| Arrived {
        record: opened.record,
        credential: opened.signed.map(|signed| {
            let holds = signed.report.holds;
            why = (!holds).then(|| signed.report.headline());
            Credential::of(&signed.text, !holds)
        }),
    });
    (incoming.name, arrived, why)
}

fn say_reading(progress: RwSignal<String>, done: usize, all: usize) {
    let mut out = Markup::default();
    html!(out, "<p>正在读取 ", done, "/", all, "……</p>");
    progress.try_set(out.done());
}

/// Everything that was received of a person, and the button that deletes it all.
pub(in crate::ui) fn history(out: &mut Markup, member: &Member) {
    html!(
        out,
        "<h2>收到过的记录</h2><div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"收到过的记录\"><table data-testid=\"history\"><thead><tr><th scope=\"col\">记录日期</th><th scope=\"col\">收到日期</th><th scope=\"col\">文件</th><th scope=\"col\">校验值开头</th></tr></thead><tbody>"
    );
    let mut history: Vec<&Seen> = member.history.iter().collect();
    sort_by(&mut history, |a, b| {
        (b.made_at.ms, b.seq).cmp(&(a.made_at.ms, a.seq))
    });
    for seen in history {
        html!(out, "<tr><td class=\"nowrap\">", seen.made_at.date().to_string());
        html!(
            out,
            "</td><td class=\"nowrap\">",
            seen.received.date().to_string()
        );
        html!(out, "</td><td>", seen.file, "</td><td><code class=\"digest\">");
        // Hexadecimal: a character is a byte.
        html!(
            out,
            seen.whole.get(..8).unwrap_or(&seen.whole),
            "</code></td></tr>"
        );
    }
    table_end(out);
    html!(
        out,
        "<p><button type=\"button\" class=\"button button-danger\" data-testid=\"forget\" data-do=\"forget\">移除此人</button></p>"
    );
}

/// Deletes a person when the button of [`history`] is pressed in it, after a question.
#[component]
pub(in crate::ui) fn Forget(
    /// The book that the person is in.
    book: RwSignal<Journal<Register>>,
    /// Whom.
    holder: EventId,
    /// Where the list is, to go there afterwards.
    back: &'static str,
    /// What else goes with the records.
    also: &'static str,
    /// The screen.
    children: Children,
) -> impl IntoView {
    let office = use_office();
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(String::new());
    let question = RwSignal::new(String::new());
    let to_forget = holder.clone();
    let forget = move |()| {
        let holder = to_forget.clone();
        spawn_local(async move {
            match office.forget(book, &holder).await {
                Ok(()) => {
                    drop_words(&holder);
                    page::set_hash(back.trim_start_matches('#'));
                }
                Err(error) => {
                    failed.try_set(alert(&format!("没有移除：{error}。")));
                }
            }
        });
    };
    let ask = move |event: leptos::ev::MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() != Some("forget") {
            return;
        }
        look(book, &mut |register| {
            if let Some(member) = register.people.get(&holder) {
                question.set(format!(
                    "将从本浏览器删除“{}”的全部记录{also}，删除后不能撤销。对方手中的文件不受影响。",
                    member.record.body.person.name()
                ));
                asking.set(true);
            }
        });
    };
    view! {
        <div class="stack" on:click=ask>
            <Shown of=failed/>
            {children()}
            <Confirm open=asking title="确定移除吗？" text=question action="移除" done=forget testid="confirm-forget"/>
        </div>
    }
}

/// Said where a person is not there any more.
pub(in crate::ui) fn nobody(out: &mut Markup) {
    html!(out, "<p class=\"empty\">这里没有这个人的记录，可能已经移除。</p>");
}

/// What a workbench shows of a person under the name; see [`ReceivedPage`].
pub(in crate::ui) type Beside = fn(&mut Markup, &EventId, &Member);

/// One person in the branch's register: the newest record, its signatures and the branch's own, what
/// was received before, and the way to delete it all.
#[component]
pub(in crate::ui) fn ReceivedPage(
    /// The book that the person is in.
    book: RwSignal<Journal<Register>>,
    /// The holder id.
    id: String,
    /// Where the list is.
    back: &'static str,
    /// What the list is called.
    back_label: &'static str,
    /// What stands under the name.
    beside: Beside,
) -> impl IntoView {
    let holder = EventId(id);
    let (of_record, of_history) = (holder.clone(), holder.clone());
    let record = Signal::derive(move || {
        let mut out = Markup::default();
        html!(out, "<div class=\"stack\">");
        watch(book, &mut |register| match register.people.get(&of_record) {
            Some(member) => {
                html!(out, "<h1>", member.record.body.person.name(), "</h1>");
                beside(&mut out, &of_record, member);
                html!(out, "<h2>培养记录</h2>");
                record_view(&mut out, &member.record);
            }
            None => nobody(&mut out),
        });
        html!(out, "</div>");
        out.done()
    });
    let below = Signal::derive(move || {
        let mut out = Markup::default();
        watch(book, &mut |register| {
            if let Some(member) = register.people.get(&of_history) {
                html!(out, "<div class=\"stack\">");
                history(&mut out, member);
                html!(out, "</div>");
            }
        });
        out.done()
    });
    let there = holder.clone();
    let is_there = Memo::new(move |_| {
        let mut found = false;
        watch(book, &mut |register| found = register.people.contains_key(&there));
        found
    });
    let signing = holder.clone();
    view! {
        <Forget book holder back also="和在这里作的签名">
            <p><a href=back>"← "{back_label}</a></p>
            <Shown of=record/>
            {move || is_there.get().then(|| view! { <Countersign book holder=signing.clone() role=Role::Branch/> })}
            <Shown of=below/>
        </Forget>
    }
}
