//! Importing many files: read, planned, shown, and done only when confirmed.

use crate::domain::roster::{Plan, Row, Verdict};
use crate::platform::page;
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::received::read_records;
use crate::ui::office::use_office;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Rows shown at once; a folder may hold thousands.
const PAGE: usize = 200;

/// What each verdict means for the register.
fn reason(verdict: &Verdict) -> String {
    match verdict {
        Verdict::New => "名册里还没有这个人".into(),
        Verdict::Update => "比名册里的记录新".into(),
        Verdict::Same => "同一份记录以前导入过".into(),
        Verdict::Older => "名册里的记录更新，仍以它为准".into(),
        Verdict::Doubtful => "同一支部已有同名的人，但两份记录编号不同：确是两个人，或同一人换了浏览器，才勾选；勾选后另列一行，不会合并".into(),
        Verdict::Refused(why) => why.clone(),
    }
}

/// The look of a verdict.
fn chip(code: &str) -> &'static str {
    match code {
        "new" | "update" => "chip chip-ok",
        "doubtful" => "chip chip-warn",
        "refused" => "chip chip-danger",
        _ => "chip",
    }
}

/// What needs the secretary's eye comes first.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Refused(_) => 0,
        Verdict::Doubtful => 1,
        Verdict::New => 2,
        Verdict::Update => 3,
        Verdict::Older => 4,
        Verdict::Same => 5,
    }
}

fn plan_row(at: usize, row: &Row, tick: Callback<(usize, bool)>) -> impl IntoView + use<> {
    let (name, branch) = match &row.record {
        Some(record) => (record.body.person.name.clone(), record.body.person.branch.clone()),
        None => (String::new(), String::new()),
    };
    let open = row.verdict.is_open();
    let refused = matches!(row.verdict, Verdict::Refused(_));
    let code = row.verdict.code();
    let label = format!("导入 {}", row.file);
    view! {
        <tr data-verdict=code>
            <td>{open.then(|| view! {
                <input type="checkbox" aria-label=label prop:checked=row.take
                    on:change=move |event| tick.run((at, event_target_checked(&event)))/>
            })}</td>
            <td><span class=chip(code)>{row.verdict.label()}</span></td>
            <td class="file">
                {row.file.clone()}
                <p class="muted" data-testid=refused.then_some("refused")>{reason(&row.verdict)}</p>
            </td>
            <td>{name}</td>
            <td>{branch}</td>
        </tr>
    }
}

/// File buttons, the plan, and what was done.
#[component]
pub(super) fn Import() -> impl IntoView {
    let office = use_office();
    let reading = RwSignal::new(None::<(usize, usize)>);
    let plan = RwSignal::new(None::<Plan>);
    // Changes with every plan, so that its table is made anew, and not with every tick.
    let edition = RwSignal::new(0u32);
    let shown = RwSignal::new(PAGE);
    let saving = RwSignal::new(false);
    let result = RwSignal::new(None::<Result<String, String>>);
    let busy = Signal::derive(move || saving.get() || reading.with(Option::is_some));
    let taken = Memo::new(move |_| {
        plan.with(|plan| {
            plan.as_ref().map_or(0, |plan| {
                plan.rows
                    .iter()
                    .filter(|row| row.take && row.verdict.is_open())
                    .count()
            })
        })
    });

    let put = move |new: Option<Plan>| {
        plan.try_set(new);
        shown.try_set(PAGE);
        edition.try_update(|edition| *edition += 1);
    };
    let read = move |files: Vec<File>| {
        let all = files.len();
        result.set(None);
        put(None);
        reading.set(Some((0, all)));
        spawn_local(async move {
            let read = read_records(files, |done| {
                reading.try_set(Some((done, all)));
            })
            .await;
            if let Some(mut planned) = office.register.try_with_untracked(|book| book.state().plan(read)) {
                planned.rows.sort_by_key(|row| rank(&row.verdict));
                put(Some(planned));
            }
            reading.try_set(None);
            request_animation_frame(|| {
                page::focus("plan-heading");
            });
        });
    };
    let confirm = move |_| {
        let Some(planned) = plan.get_untracked() else {
            return;
        };
        let receipts = planned.receipts();
        let (count, refused) = (receipts.len(), planned.count("refused"));
        let left = planned.rows.len() - count - refused;
        saving.set(true);
        spawn_local(async move {
            let outcome = office.receive(office.register, receipts).await;
            saving.try_set(false);
            match outcome {
                Ok(()) => {
                    put(None);
                    result.try_set(Some(Ok(format!(
                        "已导入 {count} 份。未导入 {refused} 份，其余 {left} 份没有变化或没有勾选。"
                    ))));
                }
                Err(error) => {
                    result.try_set(Some(Err(format!("没有导入，名册没有变化：{error}。"))));
                }
            }
        });
    };

    let planned = Memo::new(move |_| plan.with(Option::is_some));
    let tick = Callback::new(move |(at, take): (usize, bool)| {
        plan.update(|plan| {
            if let Some(row) = plan.as_mut().and_then(|plan| plan.rows.get_mut(at)) {
                row.take = take;
            }
        });
    });

    let table = move || {
        edition.track();
        let limit = shown.get();
        plan.with_untracked(|plan| {
            let Some(plan) = plan else { return ().into_any() };
            let all = plan.rows.len();
            let counts = ["new", "update", "doubtful", "same", "older", "refused"]
                .into_iter()
                .zip(["新增", "更新", "请确认", "已有", "较旧", "未导入"])
                .map(|(code, label)| {
                    let count = plan.count(code);
                    let class = if count == 0 { "chip" } else { chip(code) };
                    view! { <li class=class data-count=code>{label}" "<strong>{count}</strong></li> }
                })
                .collect_view();
            let rows = plan.rows.iter().take(limit).enumerate().map(|(at, row)| plan_row(at, row, tick)).collect_view();
            view! {
                <ul class="row counts" aria-label="试算结果">{counts}</ul>
                <div class="table-scroll" tabindex="0" role="region" aria-label="将要导入的文件">
                    <table class="plan">
                        <thead><tr>
                            <th scope="col">"导入"</th><th scope="col">"结果"</th><th scope="col">"文件和说明"</th>
                            <th scope="col">"姓名"</th><th scope="col">"所在党支部"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {(all > limit).then(|| view! {
                    <p><button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>
                        {format!("显示更多（还有 {} 份）", all - limit)}
                    </button></p>
                })}
            }
            .into_any()
        })
    };

    view! {
        <section class="stack" aria-labelledby="import-heading">
            <h2 id="import-heading" class="visually-hidden">"导入"</h2>
            <FilePicker label="选择培养记录文件" testid="import-records" chosen=read folder=true busy/>
            <p role="status">{move || reading.get().map(|(done, all)| format!("正在读取 {done}/{all}……"))}</p>
            <div role="status">
                {move || result.get().map(|result| match result {
                    Ok(text) => view! { <p class="notice notice-ok" data-testid="imported">{text}</p> },
                    Err(text) => view! { <p class="notice notice-danger" data-testid="imported">{text}</p> },
                })}
            </div>
            {move || planned.get().then(|| view! { <h2 id="plan-heading">"试算：确认之前，名册没有任何变化"</h2> })}
            {table}
            {move || planned.get().then(|| view! {
                <div class="row">
                    <button type="button" class="button button-primary" data-testid="confirm-import"
                        disabled=move || taken.get() == 0 || busy.get() on:click=confirm>
                        {move || format!("确认导入（{} 份）", taken.get())}
                    </button>
                    <button type="button" class="button" data-testid="drop-import" disabled=move || busy.get()
                        on:click=move |_| put(None)>"放弃"</button>
                </div>
            })}
        </section>
    }
}
