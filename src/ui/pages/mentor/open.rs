//! Taking in what mentees send: one sound record at once, anything else by way of a plan that is shown
//! first.

use crate::domain::mentoring::compare::{Change, changes};
use crate::domain::roster::{Plan, Register, Row, Verdict};
use crate::platform::page;
use crate::ui::components::intake::{Incoming, Intake};
use crate::ui::components::received::{look, open_all};
use crate::ui::components::shown::{alert, live};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a verdict means, before (`false`) or after it was taken.
fn meaning(row: &Row, why: Option<&String>, taken: bool) -> String {
    let done = |done: &'static str, to_do: &'static str| if taken { done } else { to_do }.to_owned();
    match &row.verdict {
        Verdict::New => done("已收下，新增联系对象", "新的联系对象"),
        Verdict::Update => done("已收下，更新为较新的记录", "比已有的记录新"),
        Verdict::Signed => done("已收下新的签名，记录内容没有变化", "内容与已有的相同，这次带来了新的签名"),
        Verdict::Same => "以前收到过同一份，没有变化".into(),
        Verdict::Older => "比已有的记录旧，仍以较新的为准".into(),
        Verdict::Doubtful => "同一支部已有同名的人，但两份记录编号不同：可能是同名，也可能是同一人换了浏览器。请核对；收下后另列一份，不会合并".into(),
        Verdict::OtherKey => done(
            "已收下。签名用的钥匙与以前不同，请当面核对新钥匙的指纹",
            "与以前收到的记录不是用同一把钥匙签的：可能是对方换了钥匙，也可能是别人签的。请当面核对新钥匙的指纹，对上了再收下",
        ),
        Verdict::Unproven => format!(
            "{}。请对方重新签名、导出；收下以后仍会标为签名不成立",
            why.map_or("签名不成立", String::as_str)
        ),
        Verdict::Refused(reason) => reason.clone(),
    }
}

/// The look of a verdict.
fn chip(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::New | Verdict::Update | Verdict::Signed => "chip chip-ok",
        Verdict::OtherKey | Verdict::Doubtful => "chip chip-warn",
        Verdict::Refused(_) | Verdict::Unproven => "chip chip-danger",
        Verdict::Same | Verdict::Older => "chip",
    }
}

/// What a newer record changes, in a sentence; nothing for others.
fn difference(register: &Register, row: &Row) -> Option<(String, bool)> {
    let is_newer = matches!(row.verdict, Verdict::Update | Verdict::OtherKey);
    let record = row.record.as_ref().filter(|_| is_newer)?;
    let known = register.people.get(&record.body.holder)?;
    let changes: Vec<Change> = changes(&known.record, record);
    let loud = changes.iter().filter(|change| change.kind.is_loud()).count();
    Some(match (changes.len(), loud) {
        (0, _) => ("与已有的记录内容相同，只是导出时间不同".into(), false),
        (all, 0) => (format!("与已有的记录相比有 {all} 处变化，没有减少"), false),
        (all, loud) => (
            format!("与已有的记录相比有 {all} 处变化，其中 {loud} 处是减少、改动或不见了，要问清"),
            true,
        ),
    })
}

/// What there is to take, or what became of it.
fn rows(register: &Register, plan: &Plan, whys: &[Option<String>], taken: bool) -> String {
    let mut out = Markup::default();
    html!(out, "<ul class=\"items outcomes\">");
    for (at, row) in plan.rows.iter().enumerate() {
        html!(
            out,
            "<li class=\"stack\" data-verdict=\"",
            row.verdict.code(),
            "\""
        );
        if row.record.is_none() {
            html!(out, " data-testid=\"refused\"");
        }
        html!(out, "><p>");
        let is_open = row.verdict.is_open() && !taken;
        if is_open {
            html!(
                out,
                "<label class=\"choice\"><input type=\"checkbox\" data-at=\"",
                at,
                "\""
            );
            if row.take {
                html!(out, " checked");
            }
            html!(out, "><span>收下 <strong>", row.file, "</strong></span></label> ");
        } else {
            html!(out, "<strong>", row.file, "</strong> ");
        }
        html!(
            out,
            "<span class=\"",
            chip(&row.verdict),
            "\">",
            row.verdict.label(),
            "</span>"
        );
        if let Some(record) = &row.record {
            let person = &record.body.person;
            let (holder, made) = (record.body.holder.clone(), record.body.made_at.date());
            let is_known = register.people.contains_key(&holder);
            html!(out, "</p><p>");
            if is_known {
                html!(out, "<a href=\"", Route::Mentee(holder.0).to_string(), "\">");
                html!(out, person.name(), "</a>");
            } else {
                html!(out, person.name());
            }
            html!(out, " · ", person.branch(), " · ", made.to_string(), " 导出");
            html!(
                out,
                if row.credential.is_some() {
                    " · 带签名"
                } else {
                    " · 未签名"
                }
            );
        }
        html!(out, "</p><p");
        if matches!(row.verdict, Verdict::Refused(_) | Verdict::Unproven) {
            html!(out, " class=\"error\"");
        }
        let was_taken = taken && row.take && row.verdict.is_open();
        let not_taken = taken && !row.take && row.verdict.is_open();
        html!(
            out,
            ">",
            if not_taken { "没有收下：" } else { "" },
            meaning(row, whys.get(at).and_then(Option::as_ref), was_taken),
            "</p>"
        );
        if let Some((text, is_loud)) = difference(register, row).filter(|_| !taken) {
            let class = if is_loud { "error" } else { "muted" };
            html!(out, "<p class=\"", class, "\">", text, "</p>");
        }
        html!(out, "</li>");
    }
    html!(out, "</ul>");
    out.done()
}

/// The buttons under what there is to take.
fn buttons(plan: &Plan) -> String {
    let count = plan
        .rows
        .iter()
        .filter(|row| row.take && row.verdict.is_open())
        .count();
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"confirm-open\" data-do=\"confirm-open\""
    );
    if count == 0 {
        html!(out, " disabled");
    }
    html!(
        out,
        ">收下勾选的（",
        count,
        " 份）</button><button type=\"button\" class=\"button\" data-testid=\"drop-open\" data-do=\"drop-open\">都不收</button></div>"
    );
    out.done()
}

/// What was opened and waits, with the sentence on signatures that do not hold.
struct Tray {
    plan: Plan,
    whys: Vec<Option<String>>,
}

/// Whether it is taken at once: a single record about which there is no question.
fn is_plain(plan: &Plan) -> bool {
    matches!(plan.rows.as_slice(), [row] if row.take)
}

/// Files, text, codes; the plan; what was taken.
#[component]
pub(super) fn Open() -> impl IntoView {
    let office = use_office();
    let busy = RwSignal::new(false);
    // Markup: how far the reading is, why nothing was kept, the plan with its buttons, what became of it.
    let reading = RwSignal::new(String::new());
    let failed = RwSignal::new(String::new());
    let planned = RwSignal::new(String::new());
    let under = RwSignal::new(String::new());
    let outcome = RwSignal::new(String::new());
    let tray = StoredValue::new(None::<Tray>);

    let take = move |waiting: Tray| {
        busy.set(true);
        spawn_local(async move {
            let Tray { plan, whys } = waiting;
            match office.receive(office.mentees, plan.receipts()).await {
                Ok(()) => {
                    planned.try_set(String::new());
                    under.try_set(String::new());
                    look(office.mentees, &mut |register| {
                        outcome.try_set(rows(register, &plan, &whys, true));
                    });
                }
                Err(error) => {
                    let text = format!("没有保存：{error}。文件都还在原处，可以再试一次。");
                    failed.try_set(alert(&text));
                    tray.try_set_value(Some(Tray { plan, whys }));
                }
            }
            busy.try_set(false);
        });
    };
    let taken = move |all: Vec<Incoming>| {
        busy.set(true);
        for markup in [failed, planned, under, outcome] {
            markup.set(String::new());
        }
        tray.set_value(None);
        spawn_local(async move {
            let opened = open_all(office, all, reading).await;
            reading.try_set(String::new());
            let mut whys = Vec::with_capacity(opened.len());
            let mut files: Vec<_> = opened
                .into_iter()
                .map(|(name, arrived, why)| {
                    whys.push(why);
                    (name, arrived)
                })
                .collect();
            let mut waiting = None;
            look(office.mentees, &mut |register| {
                let plan = register.plan(std::mem::take(&mut files));
                let shown = rows(
                    register,
                    &plan,
                    &whys,
                    !plan.rows.iter().any(|row| row.verdict.is_open()),
                );
                waiting = Some((plan, shown));
            });
            let Some((plan, shown)) = waiting else { return };
            busy.try_set(false);
            let is_open = plan.rows.iter().any(|row| row.verdict.is_open());
            if is_plain(&plan) {
                take(Tray { plan, whys });
            } else if is_open {
                planned.try_set(shown);
                under.try_set(buttons(&plan));
                tray.try_set_value(Some(Tray { plan, whys }));
                request_animation_frame(|| {
                    page::focus("open-plan-heading");
                });
            } else {
                outcome.try_set(shown);
            }
        });
    };
    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("confirm-open") if !busy.get_untracked() => {
            if let Some(waiting) = tray.try_update_value(Option::take).flatten() {
                take(waiting);
            }
        }
        Some("drop-open") => {
            tray.set_value(None);
            planned.set(String::new());
            under.set(String::new());
            page::focus("people-heading");
        }
        _ => {}
    };
    let tick = move |event: Event| {
        let Some(at) = page::data_of(&event, "data-at").and_then(|at| at.parse::<usize>().ok()) else {
            return;
        };
        let take = event_target_checked(&event);
        let buttons = tray.try_update_value(|tray| {
            let tray = tray.as_mut()?;
            tray.plan.rows.get_mut(at)?.take = take;
            Some(buttons(&tray.plan))
        });
        if let Some(markup) = buttons.flatten() {
            under.set(markup);
        }
    };
    view! {
        <Intake label="打开培养记录" testid="open-records" busy taken/>
        {live(reading)}
        <Shown of=failed/>
        <section
            class="card stack" aria-labelledby="open-plan-heading" data-testid="open-plan"
            hidden=move || planned.with(String::is_empty) on:click=click on:change=tick
        >
            <h2 id="open-plan-heading">"收下以前，请看一看"</h2>
            <Shown of=planned/>
            <Shown of=under/>
        </section>
        <div aria-live="polite"><Shown of=outcome/></div>
    }
}
