//! Records received from others: reading the files, and the page of one person.

use super::dialog::Confirm;
use super::record_view::record_view;
use super::shown::{alert, table_end};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Member, Register, Seen};
use crate::domain::sort_by;
use crate::domain::study::EventId;
use crate::format::record;
use crate::platform::{files, page};
use crate::store::Journal;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Looks into a book, and again whenever it changes.
pub(in crate::ui) fn watch(book: RwSignal<Journal<Register>>, see: &mut dyn FnMut(&Register)) {
    book.track();
    look(book, see);
}

/// Looks into a book once. Does nothing when the app is gone.
pub(in crate::ui) fn look(book: RwSignal<Journal<Register>>, see: &mut dyn FnMut(&Register)) {
    book.try_with_untracked(|book| see(book.state()));
}

/// Reads record files one after another, so that the page stays alive and memory small. `progress`
/// says as markup how many have been read.
pub(in crate::ui) async fn read_records(
    files: Vec<File>,
    progress: RwSignal<String>,
) -> Vec<(String, Result<TrainingRecord, String>)> {
    let all = files.len();
    let mut read = Vec::with_capacity(all);
    for file in files {
        say_reading(progress, read.len(), all);
        // `files::read` refuses by size before it reads; its message names the file again.
        let opened = match files::read(&file, record::MAX_BYTES).await {
            Ok(bytes) => record::open(&bytes).map_err(|error| error.to_string()),
            Err(files::FileError::TooLarge { size, .. }) => {
                Err(record::RecordError::TooLarge(size).to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        read.push((file.name(), opened));
    }
    say_reading(progress, all, all);
    read
}

fn say_reading(progress: RwSignal<String>, done: usize, all: usize) {
    let mut out = Markup::default();
    html!(out, "<p>正在读取 ", done, "/", all, "……</p>");
    progress.try_set(out.done());
}

/// The name, the newest record, and everything that was received before.
fn member_markup(out: &mut Markup, member: &Member) {
    html!(out, "<h1>", member.record.body.person.name(), "</h1>");
    record_view(out, &member.record);
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

/// One person's newest record, what was received before, and the way to delete it all.
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
) -> impl IntoView {
    let office = use_office();
    let holder = EventId(id);
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(String::new());
    let question = RwSignal::new(String::new());
    let to_forget = holder.clone();
    let forget = move |()| {
        let holder = to_forget.clone();
        spawn_local(async move {
            match office.forget(book, &holder).await {
                Ok(()) => page::set_hash(back.trim_start_matches('#')),
                Err(error) => {
                    failed.try_set(alert(&format!("没有移除：{error}。")));
                }
            }
        });
    };
    let asked = holder.clone();
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        html!(out, "<div class=\"stack\">");
        watch(book, &mut |register| match register.people.get(&holder) {
            Some(member) => member_markup(&mut out, member),
            None => {
                html!(out, "<p class=\"empty\">这里没有这个人的记录，可能已经移除。</p>");
            }
        });
        html!(out, "</div>");
        out.done()
    });
    let ask = move |event: leptos::ev::MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() != Some("forget") {
            return;
        }
        look(book, &mut |register| {
            if let Some(member) = register.people.get(&asked) {
                question.set(format!(
                    "将从本浏览器删除“{}”的全部记录，删除后不能撤销。对方手中的文件不受影响。",
                    member.record.body.person.name()
                ));
                asking.set(true);
            }
        });
    };
    view! {
        <div class="stack" on:click=ask>
            <p><a href=back>"← "{back_label}</a></p>
            <Shown of=failed/>
            <Shown of=shown/>
            <Confirm open=asking title="确定移除吗？" text=question action="移除" done=forget testid="confirm-forget"/>
        </div>
    }
}
