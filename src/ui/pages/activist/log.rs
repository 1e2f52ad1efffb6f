//! The practice log, in the policy's five kinds.

use crate::domain::sort_by;
use crate::domain::study::{Action, EventId, PracticeEntry, PracticeKind, Refusal, Study};
use crate::platform::page;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{DAY, Field, Form, LINE, option, put_notice, say};
use crate::ui::components::shown::{head, still};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;

static FORM: Form = Form {
    name: "log",
    save: "保存",
    cancel: "取消修改",
    fields: &[
        Field {
            name: "kind",
            label: "类别",
            kind: "select",
            options: kinds,
            ..LINE
        },
        Field {
            name: "title",
            label: "内容",
            needed: true,
            hint: "做了什么，例如：社区志愿服务",
            ..LINE
        },
        DAY,
        Field {
            name: "minutes",
            label: "时长（分钟，自报）",
            kind: "number",
            hint: "不计时长的可不填",
            ..LINE
        },
        Field {
            name: "place",
            label: "组织单位或地点（可不填）",
            ..LINE
        },
        Field {
            name: "notes",
            label: "备注（可不填）",
            kind: "area",
            hint: "默认不导出，只留在本机；导出培养记录时可以另外勾选。",
            ..LINE
        },
    ],
};

fn kinds(out: &mut Markup) {
    for kind in PracticeKind::ALL {
        option(out, kind.code(), kind.label());
    }
}

/// Ready for the next entry; the kind stays, for those who enter several.
fn clear() {
    FORM.change(false);
    page_heading(false);
    FORM.fill("date", &env().now.date().to_string());
    for field in ["title", "minutes", "place", "notes"] {
        FORM.fill(field, "");
    }
}

fn fill(entry: &PracticeEntry) {
    FORM.change(true);
    page_heading(true);
    FORM.fill("kind", entry.kind.code());
    FORM.fill("date", &entry.date.to_string());
    FORM.fill("title", &entry.title);
    let minutes = if entry.minutes == 0 {
        String::new()
    } else {
        entry.minutes.to_string()
    };
    FORM.fill("minutes", &minutes);
    FORM.fill("place", &entry.place);
    FORM.fill("notes", &entry.notes);
}

fn page_heading(changing: bool) {
    say(
        "log-heading",
        if changing {
            "修改记录"
        } else {
            "记一次实践"
        },
    );
}

fn save(desk: Desk, id: Option<EventId>) -> Result<(), Refusal> {
    let kind = FORM.value("kind");
    let entry = PracticeEntry {
        kind: PracticeKind::ALL
            .into_iter()
            .find(|known| known.code() == kind)
            .unwrap_or_default(),
        date: FORM.needed_day("date")?,
        title: FORM.value("title"),
        minutes: minutes(&FORM.value("minutes"))?,
        place: FORM.value("place"),
        notes: FORM.value("notes"),
    };
    desk.act(Action::SetPractice(id, entry))
}

/// Whole minutes; nothing written is none counted.
fn minutes(text: &str) -> Result<u32, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| Refusal {
        field: "minutes",
        message: "时长请填整数分钟，例如 90；不计时长的可不填".into(),
    })
}

/// The practice log.
#[component]
pub(in crate::ui) fn LogPage() -> impl IntoView {
    let desk = use_desk();
    // Which entry is being changed (`None`: a new one), and which to remove.
    let changing = StoredValue::new(None::<EventId>);
    let removing = StoredValue::new(None::<EventId>);
    let asking = RwSignal::new(false);
    Effect::new(move |_| {
        FORM.fill("kind", PracticeKind::default().code());
        clear();
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if FORM.settle(save(desk, changing.get_value())) {
            changing.set_value(None);
            clear();
            FORM.say("已记下。");
        }
    };
    let click = move |event: MouseEvent| {
        if let Some(id) = page::data_of(&event, "data-edit") {
            let id = EventId(id);
            desk.study.with_untracked(|study| {
                if let Some(entry) = study.state().practice.get(&id) {
                    fill(entry);
                }
            });
            changing.set_value(Some(id));
            page::focus("log-title");
        } else if let Some(id) = page::data_of(&event, "data-remove") {
            put_notice("log-refused", "refused", false, "");
            removing.set_value(Some(EventId(id)));
            asking.set(true);
        } else if page::data_of(&event, "data-do").is_some() {
            changing.set_value(None);
            clear();
        }
    };
    let remove = move |()| {
        if let Some(id) = removing.get_value() {
            let outcome = desk.act(Action::Remove(id));
            FORM.say(if outcome.is_ok() { "已删除。" } else { "" });
            if let Err(refusal) = outcome {
                put_notice("log-refused", "refused", false, &refusal.message);
            }
        }
    };
    let asked = Signal::derive(move || {
        let id = removing.get_value();
        let named = desk.study.with_untracked(|study| {
            let entry = study.state().practice.get(&id?)?;
            Some(format!("{} 的“{}”将从列表中删除。", entry.date, entry.title))
        });
        named.unwrap_or_default() + "删除后不能撤销。"
    });

    let mut top = Markup::default();
    html!(
        top,
        "<h1>培养实践</h1><p class=\"notice\">自报时长不计入短期集中培训学时（细则第十七条）。</p><section class=\"card stack\" aria-labelledby=\"log-heading\"><h2 id=\"log-heading\"></h2>"
    );
    FORM.put(&mut top, true);
    html!(top, "</section>");
    view! {
        <div class="stack" on:submit=submit on:click=click>
            {still(top)}
            <Shown of=Signal::derive(move || desk.study.with(|study| list(study.state())))/>
            <Confirm open=asking title="确定删除吗？" text=asked action="删除" done=remove testid="confirm-remove"/>
        </div>
    }
}

fn list(study: &Study) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"sums-heading\"><h2 id=\"sums-heading\">合计</h2><div class=\"table-scroll\"><table>"
    );
    head(&mut out, &["类别", "次数", "时长（分钟，自报）"]);
    let mut total = 0;
    for kind in PracticeKind::ALL {
        let (mut count, mut minutes) = (0u32, 0);
        for entry in study.practice.values().filter(|entry| entry.kind == kind) {
            count += 1;
            minutes += u64::from(entry.minutes);
        }
        total += minutes;
        html!(
            out,
            "<tr data-kind=\"",
            kind.code(),
            "\"><th scope=\"row\">",
            kind.label(),
            "</th><td>",
            count
        );
        html!(out, "</td><td>", minutes.to_string(), "</td></tr>");
    }
    html!(
        out,
        "</tbody><tfoot><tr data-kind=\"total\"><th scope=\"row\">合计</th><td>",
        study.practice.len()
    );
    html!(
        out,
        "</td><td>",
        total.to_string(),
        "</td></tr></tfoot></table></div></section><section class=\"stack\" aria-labelledby=\"entries-heading\"><h2 id=\"entries-heading\">记录</h2><div class=\"shown\" role=\"alert\" id=\"log-refused\"></div>"
    );
    let mut all: Vec<_> = study.practice.iter().collect();
    sort_by(&mut all, |a, b| (b.1.date, b.0).cmp(&(a.1.date, a.0)));
    if all.is_empty() {
        html!(out, "<p class=\"empty\">还没有培养实践记录。</p></section>");
        return out.done();
    }
    html!(out, "<ul class=\"items\">");
    for (id, entry) in all {
        html!(
            out,
            "<li class=\"item\" data-practice=\"",
            id.0,
            "\"><div><strong>",
            entry.title
        );
        html!(
            out,
            "</strong><p class=\"muted\">",
            entry.date.to_string(),
            " · ",
            entry.kind.label()
        );
        if entry.minutes > 0 {
            html!(out, " · ", entry.minutes, " 分钟（自报）");
        }
        if !entry.place.is_empty() {
            html!(out, " · ", entry.place);
        }
        html!(out, "</p>");
        if !entry.notes.is_empty() {
            html!(out, "<p class=\"prewrap\">", entry.notes, "</p>");
        }
        html!(out, "</div>");
        let name = format!("“{}”", entry.title);
        buttons(&mut out, &id.0, "修改", &name);
        html!(out, "</li>");
    }
    html!(out, "</ul></section>");
    out.done()
}

/// The buttons of an entry: to change it and to remove it.
pub(super) fn buttons(out: &mut Markup, id: &str, change: &str, name: &str) {
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-plain\" data-edit=\"",
        id,
        "\" aria-label=\"修改",
        name,
        "\">",
        change,
        "</button><button type=\"button\" class=\"button button-plain\" data-remove=\"",
        id,
        "\" aria-label=\"删除",
        name,
        "\">删除</button></div>"
    );
}
