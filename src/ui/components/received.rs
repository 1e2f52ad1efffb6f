//! Records received from others: reading the files, and the page of one person.

use super::dialog::Confirm;
use super::record_view::RecordView;
use crate::domain::record::TrainingRecord;
use crate::domain::roster::Register;
use crate::domain::study::EventId;
use crate::format::record;
use crate::platform::{files, page};
use crate::store::Journal;
use crate::ui::office::use_office;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Reads record files one after another, so that the page stays alive and memory small. `progress`
/// hears how many have been read.
pub(in crate::ui) async fn read_records(
    files: Vec<File>,
    progress: impl Fn(usize),
) -> Vec<(String, Result<TrainingRecord, String>)> {
    let mut read = Vec::with_capacity(files.len());
    for (at, file) in files.into_iter().enumerate() {
        // `files::read` refuses by size before it reads; its message names the file again.
        let opened = match files::read(&file, record::MAX_BYTES).await {
            Ok(bytes) => record::open(&bytes).map_err(|error| error.to_string()),
            Err(files::FileError::TooLarge { size, .. }) => {
                Err(record::RecordError::TooLarge(size).to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        read.push((file.name(), opened));
        progress(at + 1);
    }
    read
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
    let member = {
        let holder = holder.clone();
        Memo::new(move |_| book.with(|book| book.state().people.get(&holder).cloned()))
    };
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let forget = move |()| {
        let holder = holder.clone();
        spawn_local(async move {
            match office.forget(book, &holder).await {
                Ok(()) => page::set_hash(back.trim_start_matches('#')),
                Err(error) => {
                    failed.try_set(Some(format!("没有移除：{error}。")));
                }
            }
        });
    };
    let shown = move || {
        let Some(member) = member.get() else {
            return view! { <p class="empty">"这里没有这个人的记录，可能已经移除。"</p> }.into_any();
        };
        let name = member.record.body.person.name.clone();
        let mut history = member.history.clone();
        history.sort_by_key(|seen| std::cmp::Reverse((seen.made_at.ms, seen.seq)));
        let rows = history
            .into_iter()
            .map(|seen| {
                view! {
                    <tr>
                        <td class="nowrap">{seen.made_at.date().to_string()}</td>
                        <td class="nowrap">{seen.received.date().to_string()}</td>
                        <td>{seen.file}</td>
                        <td><code class="digest">{seen.whole.chars().take(8).collect::<String>()}</code></td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <h1>{name}</h1>
            <RecordView record=member.record/>
            <h2>"收到过的记录"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="收到过的记录">
                <table data-testid="history">
                    <thead><tr>
                        <th scope="col">"记录日期"</th><th scope="col">"收到日期"</th><th scope="col">"文件"</th><th scope="col">"校验值开头"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p><button type="button" class="button button-danger" data-testid="forget" on:click=move |_| asking.set(true)>"移除此人"</button></p>
        }
        .into_any()
    };
    let question = Signal::derive(move || {
        let name = member.with(|member| {
            member
                .as_ref()
                .map(|member| member.record.body.person.name.clone())
                .unwrap_or_default()
        });
        format!("将从本浏览器删除“{name}”的全部记录，删除后不能撤销。对方手中的文件不受影响。")
    });
    view! {
        <div class="stack">
            <p><a href=back>"← "{back_label}</a></p>
            {move || failed.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            {shown}
            <Confirm open=asking title="确定移除吗？" text=question action="移除" done=forget testid="confirm-forget"/>
        </div>
    }
}
