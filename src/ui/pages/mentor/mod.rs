//! The mentor's screens: opening mentees' records and seeing how they come along.

use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Cell, RegisterRow, Verdict};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::received::{ReceivedPage, read_records};
use crate::ui::components::record_view::RecordView;
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// What became of a file.
#[derive(Clone)]
struct Opened {
    file: String,
    /// Name and holder of a sound record.
    person: Option<(String, String)>,
    says: String,
    verdict: &'static str,
}

fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::New => "已收下，新增联系对象".into(),
        Verdict::Update => "已收下，更新为较新的记录".into(),
        Verdict::Same => "以前收到过同一份，没有变化".into(),
        Verdict::Older => "比已有的记录旧，仍以较新的为准".into(),
        Verdict::Doubtful => "已收下。同一支部已有同名的人，但两份记录编号不同：可能是同名，也可能是换了浏览器；已另列一份，请核对".into(),
        Verdict::Refused(reason) => reason.clone(),
    }
}

/// A mentor's mentees.
#[component]
pub(in crate::ui) fn MentorPage() -> impl IntoView {
    let office = use_office();
    let reading = RwSignal::new(None::<(usize, usize)>);
    let opened = RwSignal::new(Vec::<Opened>::new());
    // With a single sound file, that record is what the mentor wants to see.
    let single = RwSignal::new(None::<TrainingRecord>);
    let failed = RwSignal::new(None::<String>);

    let open = move |files: Vec<File>| {
        let all = files.len();
        reading.set(Some((0, all)));
        failed.set(None);
        spawn_local(async move {
            let read = read_records(files, |done| {
                reading.try_set(Some((done, all)));
            })
            .await;
            let Some(mut plan) = office.mentees.try_with_untracked(|book| book.state().plan(read)) else {
                return;
            };
            for row in &mut plan.rows {
                // The file was opened by hand: a namesake is kept apart, never thrown away.
                row.take = row.verdict.is_open();
            }
            if let Err(error) = office.receive(office.mentees, plan.receipts()).await {
                failed.try_set(Some(format!("没有保存：{error}。文件都还在原处，可以再试一次。")));
                reading.try_set(None);
                return;
            }
            let outcomes = plan
                .rows
                .iter()
                .map(|row| Opened {
                    file: row.file.clone(),
                    person: row
                        .record
                        .as_ref()
                        .map(|record| (record.body.person.name.clone(), record.body.holder.0.clone())),
                    says: said(&row.verdict),
                    verdict: row.verdict.code(),
                })
                .collect();
            let mut sound: Vec<_> = plan.rows.into_iter().filter_map(|row| row.record).collect();
            single.try_set(if sound.len() == 1 { sound.pop() } else { None });
            opened.try_set(outcomes);
            reading.try_set(None);
        });
    };

    let outcomes = move || {
        opened.with(|opened| {
            if opened.is_empty() {
                return ().into_any();
            }
            let items = opened
                .iter()
                .map(|one| {
                    let refused = one.person.is_none();
                    let who = one.person.clone().map(|(name, holder)| view! {
                        " · "<a href=Route::Mentee(holder).to_string()>{name}</a>
                    });
                    view! {
                        <li data-verdict=one.verdict>
                            <strong>{one.file.clone()}</strong>{who}
                            <p class:error=refused data-testid=refused.then_some("refused")>{one.says.clone()}</p>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="items outcomes">{items}</ul> }.into_any()
        })
    };

    let people = Memo::new(move |_| {
        office.mentees.with(|book| {
            let sorted = book.state().sorted();
            sorted
                .into_iter()
                .map(|(id, member)| (id.clone(), RegisterRow::of(member)))
                .collect::<Vec<_>>()
        })
    });
    let list = move || {
        let people = people.get();
        if people.is_empty() {
            return view! { <p class="empty">"还没有联系对象的记录。请对方在「记录」页下载培养记录，把文件发给您，再在这里打开。"</p> }.into_any();
        }
        let cards = people
            .into_iter()
            .map(|(id, row)| {
                let cell = |column: &str| row.cell(column).map(Cell::to_string).unwrap_or_default();
                let unit = |column: &str, unit: &str| match row.cell(column) {
                    Some(Cell::Number(count)) => format!("{count}{unit}"),
                    _ => cell(column),
                };
                let figures = format!(
                    "已读 {}/{} 课 · 已答 {}/{} 题 · 答对率 {} · 学习 {} · 谈话 {}",
                    cell("lessons_read"),
                    cell("lessons"),
                    cell("answered"),
                    cell("questions"),
                    unit("accuracy", "%"),
                    unit("days", " 天"),
                    unit("talks", " 次"),
                );
                let figures = if matches!(row.cell("lessons"), Some(Cell::Absent(_))) { "本人未导出学习情况".to_owned() } else { figures };
                view! {
                    <li class="card" data-holder=id.0.clone()>
                        <a class="card-link" href=Route::Mentee(id.0.clone()).to_string()>{cell("name")}</a>
                        <p class="muted">{format!("{} · {}", cell("branch"), cell("stage"))}</p>
                        <p>{figures}</p>
                        <p class="muted">{format!("最近学习 {} · 记录日期 {}", cell("last"), cell("made_at"))}</p>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="items people">{cards}</ul> }.into_any()
    };

    view! {
        <div class="stack">
            <h1>"培养联系人工作台"</h1>
            <p>"打开联系对象发来的培养记录（.json 文件），可以一次选多份。这里的数据与您自己的学习记录分开存放，只在本浏览器里，不会发给任何人。"</p>
            <FilePicker label="打开培养记录" testid="open-records" chosen=open busy=Signal::derive(move || reading.with(Option::is_some))/>
            <p role="status">{move || reading.get().map(|(done, all)| format!("正在读取 {done}/{all}……"))}</p>
            {move || failed.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <div aria-live="polite">{outcomes}</div>
            {move || single.get().map(|record| view! {
                <section class="card stack">
                    <h2>{format!("刚打开的记录：{}", record.body.person.name)}</h2>
                    <RecordView record/>
                </section>
            })}
            <section class="stack" aria-labelledby="people-heading">
                <h2 id="people-heading">"联系对象"</h2>
                {list}
            </section>
        </div>
    }
}

/// One mentee.
#[component]
pub(in crate::ui) fn MenteePage(
    /// The holder id.
    id: String,
) -> impl IntoView {
    let office = use_office();
    view! { <ReceivedPage book=office.mentees id back="#/mentor" back_label="联系对象"/> }
}
