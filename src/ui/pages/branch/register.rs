//! The register as a table: found, sorted, exported as it is seen.

use crate::domain::roster::{Cell, Member, Register, RegisterRow};
use crate::domain::sort_by;
use crate::domain::study::EventId;
use crate::format::csv::register_csv;
use crate::platform::{files, page};
use crate::ui::components::received::{look, watch};
use crate::ui::components::shown::{alert, live};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Rows shown at once: of so many columns more would hold the page up.
const PAGE: usize = 100;

/// A person who was found.
struct Found<'a> {
    id: &'a EventId,
    member: &'a Member,
    /// What the person is sorted by, where that is a column.
    cell: Option<Cell>,
}

/// Who is found by part of the name or of the branch's name, in the order chosen: 0 is the
/// register's own, 2n + 1 by column n, 2n + 2 by column n downwards.
fn find<'a>(register: &'a Register, filter: &str, order: usize) -> Vec<Found<'a>> {
    let wanted = filter.trim().to_ascii_lowercase();
    let mut found = Vec::new();
    for (id, member) in register.sorted() {
        let person = &member.record.body.person;
        let has = |text: &str| text.to_ascii_lowercase().contains(&wanted);
        if wanted.is_empty() || has(person.name()) || has(person.branch()) {
            let column = order.checked_sub(1).map(|order| order / 2);
            let cell = column.and_then(|column| {
                let mut cells = RegisterRow::of(member).cells.into_iter();
                cells.nth(column)
            });
            found.push(Found { id, member, cell });
        }
    }
    if let Some(order) = order.checked_sub(1) {
        sort_by(&mut found, |a, b| {
            let ordering = a.cell.cmp(&b.cell);
            if order % 2 == 1 {
                ordering.reverse()
            } else {
                ordering
            }
        });
    }
    found
}

fn row_markup(out: &mut Markup, found: &Found) {
    html!(out, "<tr data-holder=\"", found.id.0, "\">");
    for ((column, _), cell) in RegisterRow::COLUMNS
        .iter()
        .zip(&RegisterRow::of(found.member).cells)
    {
        html!(out, "<td data-col=\"", *column, "\"");
        if matches!(cell, Cell::Number(_)) {
            html!(out, " class=\"number\"");
        }
        html!(out, ">");
        if *column == "name" {
            html!(
                out,
                "<a href=\"",
                Route::Branch(found.id.0.clone()).to_string(),
                "\">"
            );
            html!(out, cell.to_string(), "</a></td>");
        } else {
            html!(out, cell.to_string(), "</td>");
        }
    }
    html!(out, "</tr>");
}

/// The columns: made once, so that the button that was pressed keeps the focus; see [`mark`].
fn headings() -> String {
    let mut out = Markup::default();
    html!(out, "<tr>");
    for (at, (_, heading)) in RegisterRow::COLUMNS.iter().enumerate() {
        html!(
            out,
            "<th scope=\"col\"><button type=\"button\" class=\"sort\" data-do=\"",
            at,
            "\">"
        );
        html!(out, *heading, "<span aria-hidden=\"true\"></span></button></th>");
    }
    html!(out, "</tr>");
    out.done()
}

/// Marks the column that the table is sorted by; the press came from one of the buttons.
fn mark(event: &ev::MouseEvent, order: usize) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let row = target.and_then(|target| target.closest("tr").ok().flatten());
    let mut next = row.and_then(|row| row.first_element_child());
    let mut at = 1;
    while let Some(heading) = next {
        let (direction, arrow) = match order.checked_sub(at) {
            Some(0) => ("ascending", " ▲"),
            Some(1) => ("descending", " ▼"),
            _ => ("", ""),
        };
        let _ = if direction.is_empty() {
            heading.remove_attribute("aria-sort")
        } else {
            heading.set_attribute("aria-sort", direction)
        };
        if let Ok(Some(place)) = heading.query_selector("span") {
            place.set_text_content(Some(arrow));
        }
        next = heading.next_element_sibling();
        at += 2;
    }
}

/// The register.
#[component]
pub(super) fn RegisterTable() -> impl IntoView {
    let office = use_office();
    let filter = RwSignal::new(String::new());
    let order = RwSignal::new(0usize);
    let limit = RwSignal::new(PAGE);
    // Markup of the parts of the page.
    let empty = RwSignal::new(String::new());
    let export = RwSignal::new(String::new());
    let failed = RwSignal::new(String::new());
    let count = RwSignal::new(String::new());
    let rows = RwSignal::new(String::new());
    let more = RwSignal::new(String::new());

    Effect::new(move |_| {
        let (filter, order, limit) = (filter.get(), order.get(), limit.get());
        watch(office.register, &mut |register| {
            let found = find(register, &filter, order);
            let all = register.people.len();

            let mut out = Markup::default();
            if all == 0 {
                html!(out, "<p class=\"empty\">名册还是空的。请先导入培养记录。</p>");
            }
            empty.set(out.done());

            let mut out = Markup::default();
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-testid=\"export-csv\" data-do=\"export\""
            );
            if found.is_empty() {
                html!(out, " disabled");
            }
            html!(out, ">导出 CSV（", found.len(), " 人）</button>");
            export.set(out.done());

            let mut out = Markup::default();
            html!(
                out,
                "<p class=\"muted\">共 ",
                all,
                " 人，显示 ",
                found.len().min(limit),
                " 人</p>"
            );
            count.set(out.done());

            let mut out = Markup::default();
            for found in found.iter().take(limit) {
                row_markup(&mut out, found);
            }
            rows.set(out.done());

            let mut out = Markup::default();
            if found.len() > limit {
                html!(
                    out,
                    "<p><button type=\"button\" class=\"button\" id=\"register-more\" data-do=\"more\">"
                );
                html!(out, "显示更多（还有 ", found.len() - limit, " 人）</button></p>");
            }
            more.set(out.done());
        });
    });

    let save = move || {
        let mut bytes = Vec::new();
        look(office.register, &mut |register| {
            let found = find(register, &filter.get_untracked(), order.get_untracked());
            bytes = register_csv(found.iter().map(|found| found.member));
        });
        let name = format!("支部名册-{}.csv", env().now.date().compact());
        let outcome = files::save(&name, "text/csv;charset=utf-8", &bytes);
        failed.set(
            outcome
                .err()
                .map(|error| alert(&error.to_string()))
                .unwrap_or_default(),
        );
    };
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("export") => save(),
        Some("more") => {
            limit.update(|limit| *limit += PAGE);
            // The button was made anew; who has pressed it by keyboard goes on from it.
            request_animation_frame(|| {
                page::focus("register-more");
            });
        }
        Some(column) => {
            let Ok(column) = column.parse::<usize>() else {
                return;
            };
            let upwards = 2 * column + 1;
            let new = match order.get_untracked() {
                now if now == upwards => upwards + 1,
                now if now == upwards + 1 => 0,
                _ => upwards,
            };
            order.set(new);
            mark(&event, new);
        }
        None => {}
    };

    view! {
        <section class="stack" aria-labelledby="register-heading">
            <h2 id="register-heading">"支部名册"</h2>
            <Shown of=empty/>
            <div class="stack" hidden=move || !empty.with(String::is_empty) on:click=press>
                <div class="toolbar">
                    <div class="field">
                        <label for="register-filter">"按姓名或党支部查找"</label>
                        <input
                            id="register-filter" data-testid="register-filter" type="search" autocomplete="off"
                            on:input=move |event| {
                                filter.set(event_target_value(&event));
                                limit.set(PAGE);
                            }
                        />
                    </div>
                    <Shown of=export/>
                </div>
                <Shown of=failed/>
                {live(count)}
                <div class="table-scroll" tabindex="0" role="region" aria-label="支部名册的表格">
                    <table class="register">
                        <thead inner_html=headings()></thead>
                        <tbody inner_html=move || rows.get()></tbody>
                    </table>
                </div>
                <Shown of=more/>
                <p class="muted">"点列名可以排序。导出的 CSV 与上面的表一致：同样的人、同样的顺序、同样的数字，可用 Excel、WPS 打开。「未导出」表示本人没有导出这一项。"</p>
            </div>
        </section>
    }
}
