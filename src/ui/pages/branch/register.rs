//! The register as a table: found, sorted, exported as it is seen.

use crate::domain::roster::{Cell, RegisterRow};
use crate::domain::study::EventId;
use crate::format::csv::register_csv;
use crate::platform::files;
use crate::ui::desk::env;
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::prelude::*;

/// Rows shown at once.
const PAGE: usize = 200;

fn row_view(id: &EventId, row: &RegisterRow) -> impl IntoView + use<> {
    let cells = RegisterRow::COLUMNS
        .iter()
        .zip(&row.cells)
        .map(|((column, _), cell)| {
            let text = cell.to_string();
            let number = matches!(cell, Cell::Number(_));
            let inside = if *column == "name" {
                view! { <a href=Route::Member(id.0.clone()).to_string()>{text}</a> }.into_any()
            } else {
                text.into_any()
            };
            view! { <td data-col=*column class:number=number>{inside}</td> }
        })
        .collect_view();
    view! { <tr data-holder=id.0.clone()>{cells}</tr> }
}

/// The register.
#[component]
pub(super) fn RegisterTable() -> impl IntoView {
    let office = use_office();
    let filter = RwSignal::new(String::new());
    let order = RwSignal::new(None::<(usize, bool)>);
    let limit = RwSignal::new(PAGE);
    let failed = RwSignal::new(None::<String>);

    let all = Memo::new(move |_| {
        office.register.with(|book| {
            let sorted = book.state().sorted();
            sorted
                .into_iter()
                .map(|(id, member)| (id.clone(), RegisterRow::of(member)))
                .collect::<Vec<_>>()
        })
    });
    // Indices into `all`: what is found, in the order chosen.
    let found = Memo::new(move |_| {
        let wanted = filter.with(|filter| filter.trim().to_lowercase());
        all.with(|all| {
            let has = |cell: Option<&Cell>| {
                cell.is_some_and(|cell| cell.to_string().to_lowercase().contains(&wanted))
            };
            let mut found: Vec<usize> = (0..all.len())
                .filter(|at| {
                    wanted.is_empty() || has(all[*at].1.cell("name")) || has(all[*at].1.cell("branch"))
                })
                .collect();
            if let Some((column, down)) = order.get() {
                found.sort_by(|a, b| {
                    let ordering = all[*a].1.cells[column].cmp(&all[*b].1.cells[column]);
                    if down { ordering.reverse() } else { ordering }
                });
            }
            found
        })
    });

    let sort = move |column: usize| {
        order.update(|order| {
            *order = match *order {
                Some((now, false)) if now == column => Some((column, true)),
                Some((now, true)) if now == column => None,
                _ => Some((column, false)),
            }
        });
    };
    let export = move |_| {
        let ids: Vec<EventId> = all.with_untracked(|all| {
            found.with_untracked(|found| found.iter().map(|at| all[*at].0.clone()).collect())
        });
        let bytes = office
            .register
            .with_untracked(|book| register_csv(ids.iter().filter_map(|id| book.state().people.get(id))));
        let name = format!("支部名册-{}.csv", env().now.date().to_string().replace('-', ""));
        failed.set(
            files::save(&name, "text/csv;charset=utf-8", &bytes)
                .err()
                .map(|error| error.to_string()),
        );
    };

    let headings = RegisterRow::COLUMNS
        .iter()
        .enumerate()
        .map(|(column, (_, heading))| {
            let direction = move || match order.get() {
                Some((now, down)) if now == column => Some(if down { "descending" } else { "ascending" }),
                _ => None,
            };
            let arrow = move || match direction() {
                Some("ascending") => " ▲",
                Some(_) => " ▼",
                None => "",
            };
            view! {
                <th scope="col" aria-sort=direction>
                    <button type="button" class="sort" on:click=move |_| sort(column)>{*heading}<span aria-hidden="true">{arrow}</span></button>
                </th>
            }
        })
        .collect_view();
    let rows = move || {
        let limit = limit.get();
        all.with(|all| {
            found.with(|found| {
                found
                    .iter()
                    .take(limit)
                    .map(|at| row_view(&all[*at].0, &all[*at].1))
                    .collect_view()
            })
        })
    };
    let count = move || found.with(Vec::len);
    let more = move || count().saturating_sub(limit.get());
    let empty = Memo::new(move |_| all.with(Vec::is_empty));

    view! {
        <section class="stack" aria-labelledby="register-heading">
            <h2 id="register-heading">"支部名册"</h2>
            <p class="empty" hidden=move || !empty.get()>"名册还是空的。请先导入培养记录。"</p>
            <div class="stack" hidden=move || empty.get()>
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
                    <button type="button" class="button" data-testid="export-csv" disabled=move || count() == 0 on:click=export>
                        {move || format!("导出 CSV（{} 人）", count())}
                    </button>
                </div>
                {move || failed.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
                <p class="muted" role="status">{move || format!("共 {} 人，显示 {} 人", all.with(Vec::len), count().min(limit.get()))}</p>
                <div class="table-scroll" tabindex="0" role="region" aria-label="支部名册">
                    <table class="register">
                        <thead><tr>{headings}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {move || (more() > 0).then(|| view! {
                    <p><button type="button" class="button" on:click=move |_| limit.update(|limit| *limit += PAGE)>{format!("显示更多（还有 {} 人）", more())}</button></p>
                })}
                <p class="muted">"点列名可以排序。导出的 CSV 与上面的表一致：同样的人、同样的顺序、同样的数字，可用 Excel、WPS 打开。「未导出」表示本人没有导出这一项。"</p>
            </div>
        </section>
    }
}
