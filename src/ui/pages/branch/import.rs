//! Importing many files: read, planned, shown, and done only when confirmed.

use crate::domain::roster::{Plan, Row, Verdict};
use crate::domain::sort_by;
use crate::platform::page;
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::received::{look, read_records};
use crate::ui::components::shown::live;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use leptos::ev;
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

fn plan_row(out: &mut Markup, at: usize, row: &Row) {
    let code = row.verdict.code();
    html!(out, "<tr data-verdict=\"", code, "\"><td>");
    if row.verdict.is_open() {
        html!(
            out,
            "<input type=\"checkbox\" data-at=\"",
            at,
            "\" aria-label=\"导入 ",
            row.file,
            "\""
        );
        if row.take {
            html!(out, " checked");
        }
        html!(out, ">");
    }
    html!(
        out,
        "</td><td><span class=\"",
        chip(code),
        "\">",
        row.verdict.label()
    );
    html!(
        out,
        "</span></td><td class=\"file\">",
        row.file,
        "<p class=\"muted\""
    );
    if matches!(row.verdict, Verdict::Refused(_)) {
        html!(out, " data-testid=\"refused\"");
    }
    html!(out, ">", reason(&row.verdict), "</p></td><td>");
    if let Some(record) = &row.record {
        html!(
            out,
            record.body.person.name(),
            "</td><td>",
            record.body.person.branch()
        );
    } else {
        html!(out, "</td><td>");
    }
    html!(out, "</td></tr>");
}

/// The plan as a table, its first `limit` rows.
fn table(plan: &Plan, limit: usize) -> String {
    let mut out = Markup::default();
    if plan.rows.is_empty() {
        return out.done();
    }
    html!(
        out,
        "<h2 id=\"plan-heading\">试算：确认之前，名册没有任何变化</h2><ul class=\"row counts\" aria-label=\"试算结果\">"
    );
    let counts = [
        ("new", "新增"),
        ("update", "更新"),
        ("doubtful", "请确认"),
        ("same", "已有"),
        ("older", "较旧"),
        ("refused", "未导入"),
    ];
    for (code, label) in counts {
        let count = plan.count(code);
        let class = if count == 0 { "chip" } else { chip(code) };
        html!(out, "<li class=\"", class, "\" data-count=\"", code, "\">", label);
        html!(out, " <strong>", count, "</strong></li>");
    }
    html!(
        out,
        "</ul><div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"将要导入的文件\"><table class=\"plan\"><thead><tr><th scope=\"col\">导入</th><th scope=\"col\">结果</th><th scope=\"col\">文件和说明</th><th scope=\"col\">姓名</th><th scope=\"col\">所在党支部</th></tr></thead><tbody>"
    );
    for (at, row) in plan.rows.iter().take(limit).enumerate() {
        plan_row(&mut out, at, row);
    }
    html!(out, "</tbody></table></div>");
    if plan.rows.len() > limit {
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" id=\"plan-more\" data-do=\"more\">显示更多（还有 "
        );
        html!(out, plan.rows.len() - limit, " 份）</button></p>");
    }
    out.done()
}

/// The buttons under the plan.
fn buttons(plan: &Plan, busy: bool) -> String {
    let mut out = Markup::default();
    if plan.rows.is_empty() {
        return out.done();
    }
    let taken = |row: &&Row| row.take && row.verdict.is_open();
    let count = plan.rows.iter().filter(taken).count();
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"confirm-import\" data-do=\"confirm\""
    );
    if busy || count == 0 {
        html!(out, " disabled");
    }
    html!(out, ">确认导入（", count, " 份）</button>");
    html!(
        out,
        "<button type=\"button\" class=\"button\" data-testid=\"drop-import\" data-do=\"drop\""
    );
    if busy {
        html!(out, " disabled");
    }
    html!(out, ">放弃</button></div>");
    out.done()
}

/// What the screen holds, and what stands on it as markup.
#[derive(Clone, Copy)]
struct Sheet {
    /// The plan; without rows when there is none.
    plan: StoredValue<Plan>,
    limit: RwSignal<usize>,
    busy: RwSignal<bool>,
    says: RwSignal<String>,
    table: RwSignal<String>,
    buttons: RwSignal<String>,
}

impl Sheet {
    /// Another plan. All of it does nothing when the page is gone.
    fn put(self, plan: Plan) {
        self.plan.try_set_value(plan);
        self.limit.try_set(PAGE);
        self.show_table();
        self.show_buttons();
    }

    fn show_table(self) {
        let limit = self.limit.try_get_untracked().unwrap_or(PAGE);
        if let Some(table) = self.plan.try_with_value(|plan| table(plan, limit)) {
            self.table.try_set(table);
        }
    }

    fn show_buttons(self) {
        let busy = self.busy.try_get_untracked().unwrap_or(true);
        if let Some(buttons) = self.plan.try_with_value(|plan| buttons(plan, busy)) {
            self.buttons.try_set(buttons);
        }
    }

    fn set_busy(self, busy: bool) {
        self.busy.try_set(busy);
        self.show_buttons();
    }

    /// Says what was done, or why not.
    fn say(self, class: &str, text: &str) {
        let mut out = Markup::default();
        html!(
            out,
            "<p class=\"notice ",
            class,
            "\" data-testid=\"imported\">",
            text,
            "</p>"
        );
        self.says.try_set(out.done());
    }
}

/// File buttons, the plan, and what was done.
#[component]
pub(super) fn Import() -> impl IntoView {
    let office = use_office();
    let none = || Plan { rows: Vec::new() };
    let sheet = Sheet {
        plan: StoredValue::new(none()),
        limit: RwSignal::new(PAGE),
        busy: RwSignal::new(false),
        says: RwSignal::new(String::new()),
        table: RwSignal::new(String::new()),
        buttons: RwSignal::new(String::new()),
    };

    let read = move |files: Vec<File>| {
        sheet.put(none());
        sheet.set_busy(true);
        spawn_local(async move {
            let mut read = read_records(files, sheet.says).await;
            sheet.says.try_set(String::new());
            sheet.busy.try_set(false);
            look(office.register, &mut |register| {
                let mut plan = register.plan(std::mem::take(&mut read));
                sort_by(&mut plan.rows, |a, b| rank(&a.verdict).cmp(&rank(&b.verdict)));
                sheet.put(plan);
            });
            request_animation_frame(|| {
                page::focus("plan-heading");
            });
        });
    };
    let confirm = move || {
        let Some((receipts, refused, all)) = sheet
            .plan
            .try_with_value(|plan| (plan.receipts(), plan.count("refused"), plan.rows.len()))
        else {
            return;
        };
        let count = receipts.len();
        let left = all - count - refused;
        sheet.set_busy(true);
        spawn_local(async move {
            let outcome = office.receive(office.register, receipts).await;
            sheet.set_busy(false);
            match outcome {
                Ok(()) => {
                    sheet.put(Plan { rows: Vec::new() });
                    sheet.say(
                        "notice-ok",
                        &format!(
                            "已导入 {count} 份。未导入 {refused} 份，其余 {left} 份没有变化或没有勾选。"
                        ),
                    );
                }
                Err(error) => {
                    sheet.say("notice-danger", &format!("没有导入，名册没有变化：{error}。"));
                }
            }
        });
    };
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("confirm") => confirm(),
        Some("drop") => sheet.put(none()),
        Some("more") => {
            sheet.limit.update(|limit| *limit += PAGE);
            sheet.show_table();
            // The button was made anew; who has pressed it by keyboard goes on from it.
            request_animation_frame(|| {
                page::focus("plan-more");
            });
        }
        _ => {}
    };
    let tick = move |event: ev::Event| {
        let at = page::data_of(&event, "data-at").and_then(|at| at.parse::<usize>().ok());
        let Some(at) = at else { return };
        let take = event_target_checked(&event);
        sheet.plan.try_update_value(|plan| {
            if let Some(row) = plan.rows.get_mut(at) {
                row.take = take;
            }
        });
        sheet.show_buttons();
    };

    view! {
        <section class="stack" aria-labelledby="import-heading">
            <h2 id="import-heading" class="visually-hidden">"导入"</h2>
            <FilePicker label="选择培养记录文件" testid="import-records" chosen=read folder=true busy=sheet.busy/>
            {live(sheet.says)}
            <div class="stack" on:click=press on:change=tick>
                <Shown of=sheet.table/>
                <Shown of=sheet.buttons/>
            </div>
        </section>
    }
}
