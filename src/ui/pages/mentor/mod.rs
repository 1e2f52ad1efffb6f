//! The mentor's screens: opening mentees' records, who needs attention first, and a page for each.
//!
//! What is received is a book of its own, apart from one's own study; a mentee can be deleted alone.

mod open;
mod person;

use crate::domain::mentoring::attention::{Listed, QUIET, Reason, SOON, by_need};
use crate::domain::roster::{Cell, Register, RegisterRow};
use crate::format::ics::mentor_ics;
use crate::platform::{files, page};
use crate::ui::components::received::{look, watch};
use crate::ui::components::shown::live;
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
pub(in crate::ui) use person::MenteePage;

/// What can be asked for in the list: a reason's name, and how it reads.
const FILTERS: [(&str, &str); 9] = [
    ("", "全部"),
    ("doubts", "记录有减少或改动"),
    ("unproven", "签名不成立"),
    ("review", "半年考察到期"),
    ("reminder", "提醒到期"),
    ("new", "有新记录"),
    ("quiet", "很久没有谈话"),
    ("countersign", "待您签名"),
    ("unsigned", "本人未签名"),
];

/// Why somebody asks for attention, as the items of a list.
fn put_reasons(out: &mut Markup, reasons: &[Reason]) {
    for reason in reasons {
        let class = if reason.is_urgent() {
            "chip chip-danger"
        } else {
            "chip"
        };
        html!(
            out,
            "<li class=\"",
            class,
            "\" data-reason=\"",
            reason.code(),
            "\">"
        );
        html!(out, reason.label(), "</li>");
    }
    if reasons.is_empty() {
        html!(out, "<li class=\"chip chip-ok\">暂时没有要留意的</li>");
    }
}

/// A mentee in the list.
fn card(out: &mut Markup, (id, member, reasons): &Listed) {
    let row = RegisterRow::of(member);
    let cell = |column: &str| row.cell(column).map(Cell::to_string).unwrap_or_default();
    let unit = |column: &str, unit: &'static str| match row.cell(column) {
        Some(Cell::Number(_)) => unit,
        _ => "",
    };
    html!(
        out,
        "<li class=\"card\" data-holder=\"",
        id.0,
        "\"><a class=\"card-link\" href=\""
    );
    html!(out, Route::Mentee(id.0.clone()).to_string(), "\">", cell("name"));
    html!(
        out,
        "</a><p class=\"muted\">",
        cell("branch"),
        " · ",
        cell("stage"),
        "</p>"
    );
    html!(out, "<ul class=\"row reasons\" aria-label=\"要留意的\">");
    put_reasons(out, reasons);
    html!(out, "</ul><p>");
    if matches!(row.cell("lessons"), Some(Cell::Absent(_))) {
        html!(out, "本人未导出学习情况");
    } else {
        html!(
            out,
            "已读 ",
            cell("lessons_read"),
            "/",
            cell("lessons"),
            " 课 · 已答 "
        );
        html!(out, cell("answered"), "/", cell("questions"), " 题 · 答对率 ");
        html!(out, cell("accuracy"), unit("accuracy", "%"), " · 学习 ");
        html!(out, cell("days"), unit("days", " 天"), " · 谈话 ");
        html!(out, cell("talks"), unit("talks", " 次"));
        html!(out, " · 模拟考试 ", cell("exams"), unit("exams", " 场"));
        html!(out, " · 思想汇报 ", cell("reports"), unit("reports", " 篇"));
    }
    html!(
        out,
        "</p><p class=\"muted\">最近学习 ",
        cell("last"),
        " · 记录日期 ",
        cell("made_at")
    );
    html!(out, "</p></li>");
}

/// The people who are asked for.
fn people(register: &Register, name: &str, reason: &str) -> (String, usize) {
    let mut out = Markup::default();
    if register.people.is_empty() {
        html!(
            out,
            "<p class=\"empty\">还没有联系对象的记录。请对方在「记录」页签名、下载培养记录，把文件发给您，再在这里打开。</p>"
        );
        return (out.done(), 0);
    }
    let wanted = name.trim().to_ascii_lowercase();
    let mut all = by_need(register, env().now.date(), |member| {
        let person = &member.record.body.person;
        let has = |text: &str| text.to_ascii_lowercase().contains(&wanted);
        has(person.name()) || has(person.branch())
    });
    all.retain(|(.., reasons)| reason.is_empty() || reasons.iter().any(|one| one.code() == reason));
    html!(out, "<ul class=\"items people\">");
    for listed in &all {
        card(&mut out, listed);
    }
    html!(out, "</ul>");
    let count = all.len();
    (out.done(), count)
}

/// Saves reminders as a calendar file: of everybody, or of one.
fn save_calendar(register: &Register, only: Option<&crate::domain::study::EventId>) -> (bool, String) {
    let now = env().now;
    let text = mentor_ics(register, only, now);
    if !text.contains("BEGIN:VEVENT") {
        return (
            false,
            "没有可以存的提醒：记录里没有确定为入党积极分子的日期，也没有记过提醒。".into(),
        );
    }
    match files::save("学档培养联系人提醒.ics", "text/calendar", text.as_bytes()) {
        Ok(()) => (
            true,
            "已存成日历文件，用手机或电脑的日历打开就能导入。文件里有联系对象的姓名，请自己保管。".into(),
        ),
        Err(error) => (false, error.to_string()),
    }
}

/// A mentor's mentees.
#[component]
pub(in crate::ui) fn MentorPage() -> impl IntoView {
    let office = use_office();
    let name = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let list = RwSignal::new(String::new());
    let count = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    let is_empty = RwSignal::new(true);
    Effect::new(move |_| {
        let (name, reason) = (name.get(), reason.get());
        watch(office.mentees, &mut |register| {
            let (markup, shown) = people(register, &name, &reason);
            list.set(markup);
            is_empty.set(register.people.is_empty());
            let mut out = Markup::default();
            html!(
                out,
                "<p class=\"muted\">共 ",
                register.people.len(),
                " 人，显示 ",
                shown,
                " 人</p>"
            );
            count.set(out.done());
        });
    });
    let click = move |event: MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() == Some("calendar") {
            look(office.mentees, &mut |register| {
                let (well, text) = save_calendar(register, None);
                let mut out = Markup::default();
                html!(
                    out,
                    "<p class=\"notice notice-",
                    if well { "ok" } else { "danger" }
                );
                html!(out, "\" data-testid=\"calendar-said\">", text, "</p>");
                said.set(out.done());
            });
        }
    };
    let mut filters = Markup::default();
    for (code, label) in FILTERS {
        crate::ui::components::field::option(&mut filters, code, label);
    }
    let note = format!(
        "要留意的在前：先是签名不成立、记录有减少或改动、到期的考察和提醒，再是 {SOON} 天内到期的考察、新收到的记录、超过 {QUIET} 天没有谈话（规定只说“经常”，这个天数只用来排序）、待签名。"
    );
    view! {
        <div class="stack" on:click=click>
            <h1>"培养联系人工作台"</h1>
            <p>"打开联系对象发来的培养记录：文件、聊天里的文字码、二维码都可以。这里的数据与您自己的学习记录分开存放，只在本浏览器里，不会发给任何人。"</p>
            <p><a href="#/verify">"核验一份记录的签名"</a>" · "<a href="#/keys">"我的签名钥匙"</a></p>
            <open::Open/>
            <section class="stack" aria-labelledby="people-heading">
                <h2 id="people-heading">"联系对象"</h2>
                <div class="stack" hidden=move || is_empty.get()>
                    <div class="toolbar">
                        <div class="field">
                            <label for="people-name">"按姓名或党支部查找"</label>
                            <input
                                id="people-name" data-testid="people-name" type="search" autocomplete="off"
                                on:input=move |event| name.set(event_target_value(&event))
                            />
                        </div>
                        <div class="field">
                            <label for="people-reason">"只看"</label>
                            <select
                                id="people-reason" data-testid="people-reason" inner_html=filters.done()
                                on:change=move |event| reason.set(event_target_value(&event))
                            ></select>
                        </div>
                        <button type="button" class="button" data-do="calendar" data-testid="save-calendar">"提醒存到日历（.ics）"</button>
                    </div>
                    <Shown of=said/>
                    {live(count)}
                    <p class="muted">{note}</p>
                </div>
                <Shown of=list/>
            </section>
        </div>
    }
}
