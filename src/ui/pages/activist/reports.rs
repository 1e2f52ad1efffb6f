//! Thought reports, 思想汇报, on the record's page: written, changed, taken out. Nobody is asked for one
//! and no words are offered: how often and what about is between a person and the branch.

use super::log::buttons;
use crate::domain::sort_by;
use crate::domain::study::report::{self, Report};
use crate::domain::study::{Action, EventId, Refusal, Study};
use crate::platform::{local, page};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{DAY, Field, Form, LINE, put_notice, say};
use crate::ui::components::shown::still;
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;

static FORM: Form = Form {
    name: "report",
    save: "保存思想汇报",
    cancel: "取消修改",
    fields: &[
        Field {
            name: "title",
            label: "标题",
            needed: true,
            hint: "例如：2026 年第三季度思想汇报",
            ..LINE
        },
        DAY,
        Field {
            name: "text",
            label: "正文（可不填）",
            kind: "long",
            hint: "最多 10000 字；手写的可以只记标题和日期。默认不导出，只留在本机；导出培养记录时可以另外勾选。",
            ..LINE
        },
    ],
};

/// The name under which an unfinished text of a new report is kept.
const DRAFT: &str = "report";

/// Ready for a new report, with what was begun before and not saved.
fn clear() {
    FORM.change(false);
    say("report-heading", "写一篇思想汇报");
    FORM.fill("date", &env().now.date().to_string());
    FORM.fill("title", "");
    FORM.fill("text", &local::draft(DRAFT));
}

fn fill(report: &Report) {
    FORM.change(true);
    say("report-heading", "修改思想汇报");
    FORM.fill("title", &report.title);
    FORM.fill("date", &report.date.to_string());
    FORM.fill("text", &report.text);
}

fn save(desk: Desk, id: Option<EventId>) -> Result<(), Refusal> {
    let date = FORM.needed_day("date")?;
    let what = report::decide(id, date, &FORM.value("title"), &FORM.value("text"), &env())?;
    desk.happen(vec![what]);
    Ok(())
}

/// Thought reports: a form and the list.
#[component]
pub(super) fn Reports() -> impl IntoView {
    let desk = use_desk();
    // Which report is being changed (`None`: a new one), and which to remove.
    let changing = StoredValue::new(None::<EventId>);
    let removing = StoredValue::new(None::<EventId>);
    let asking = RwSignal::new(false);
    Effect::new(move |_| clear());

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let id = changing.get_value();
        let is_new = id.is_none();
        if FORM.settle(save(desk, id)) {
            if is_new {
                local::keep_draft(DRAFT, "");
            }
            changing.set_value(None);
            clear();
            FORM.say("已记下。");
        }
    };
    let input = move |_: Event| {
        if changing.with_value(Option::is_none) {
            local::keep_draft(DRAFT, &FORM.value("text"));
        }
    };
    let click = move |event: MouseEvent| {
        if let Some(id) = page::data_of(&event, "data-edit") {
            let id = EventId(id);
            desk.study.with_untracked(|study| {
                let mut all = study.state().reports.iter();
                if let Some(report) = all.find(|report| report.id == id) {
                    fill(report);
                }
            });
            changing.set_value(Some(id));
            page::focus("report-title");
        } else if let Some(id) = page::data_of(&event, "data-remove") {
            put_notice("report-refused", "refused", false, "");
            removing.set_value(Some(EventId(id)));
            asking.set(true);
        } else if page::data_of(&event, "data-do").as_deref() == Some("cancel-report") {
            changing.set_value(None);
            clear();
            page::focus("report-title");
        }
    };
    let remove = move |()| {
        let Some(id) = removing.get_value() else { return };
        let outcome = desk.act(Action::Remove(id.clone()));
        FORM.say(if outcome.is_ok() { "已删除。" } else { "" });
        match outcome {
            // What is gone is no longer being changed.
            Ok(()) if changing.get_value() == Some(id) => {
                changing.set_value(None);
                clear();
            }
            Ok(()) => {}
            Err(refusal) => put_notice("report-refused", "refused", false, &refusal.message),
        }
    };
    let asked = Signal::derive(move || {
        let id = removing.get_value();
        let named = desk.study.with_untracked(|study| {
            let id = id?;
            let report = study.state().reports.iter().find(|report| report.id == id)?;
            Some(format!(
                "{} 的思想汇报“{}”将从列表中删除。",
                report.date, report.title
            ))
        });
        named.unwrap_or_default() + "删除后不能撤销。"
    });

    let mut form = Markup::default();
    html!(form, "<h3 id=\"report-heading\"></h3>");
    FORM.put(&mut form, false);
    html!(
        form,
        "<div class=\"shown\" role=\"alert\" id=\"report-refused\"></div>"
    );
    view! {
        <details class="card" data-testid="reports" on:submit=submit on:click=click on:input=input>
            <summary><h2>"思想汇报"</h2></summary>
            <div class="stack">
                {still(form)}
                <Shown of=Signal::derive(move || desk.study.with(|study| list(study.state())))/>
            </div>
            <Confirm open=asking title="确定删除吗？" text=asked action="删除" done=remove testid="confirm-remove-report"/>
        </details>
    }
}

fn list(study: &Study) -> String {
    let mut out = Markup::default();
    if study.reports.is_empty() {
        html!(out, "<p class=\"empty\">还没有思想汇报。</p>");
        return out.done();
    }
    let mut all: Vec<&Report> = study.reports.iter().collect();
    sort_by(&mut all, |a, b| (b.date, &b.id).cmp(&(a.date, &a.id)));
    html!(out, "<ul class=\"items\">");
    for report in all {
        html!(
            out,
            "<li class=\"item\" data-report=\"",
            report.id.0,
            "\"><div><strong>",
            report.title
        );
        html!(
            out,
            "</strong><p class=\"muted\">",
            report.date.to_string(),
            " · ",
            report.text.chars().count(),
            " 字</p>"
        );
        if !report.text.is_empty() {
            html!(
                out,
                "<details><summary>看正文</summary><p class=\"prewrap\">",
                report.text,
                "</p></details>"
            );
        }
        html!(out, "</div>");
        let name = format!("思想汇报“{}”", report.title);
        buttons(&mut out, &report.id.0, "修改", &name);
        html!(out, "</li>");
    }
    html!(out, "</ul>");
    out.done()
}
