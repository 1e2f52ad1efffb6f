//! The mentor's screens: opening mentees' records and seeing how they come along.

use crate::domain::roster::{Cell, Plan, RegisterRow, Verdict};
use crate::domain::study::EventId;
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::received::{ReceivedPage, look, read_records, watch};
use crate::ui::components::record_view::record_view;
use crate::ui::components::shown::{alert, live};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

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

/// What became of the files.
fn outcomes(plan: &Plan) -> String {
    let mut out = Markup::default();
    html!(out, "<ul class=\"items outcomes\">");
    for row in &plan.rows {
        html!(out, "<li data-verdict=\"", row.verdict.code(), "\"");
        if row.record.is_none() {
            html!(out, " data-testid=\"refused\"");
        }
        html!(out, "><strong>", row.file, "</strong>");
        match &row.record {
            Some(record) => {
                let holder = record.body.holder.0.clone();
                html!(out, " · <a href=\"", Route::Mentee(holder).to_string(), "\">");
                html!(out, record.body.person.name(), "</a><p>");
            }
            None => {
                html!(out, "<p class=\"error\">");
            }
        }
        html!(out, said(&row.verdict), "</p></li>");
    }
    html!(out, "</ul>");
    out.done()
}

/// With a single sound file, that record is what the mentor wants to see.
fn single(plan: &Plan) -> String {
    let mut sound = plan.rows.iter().filter_map(|row| row.record.as_ref());
    let mut out = Markup::default();
    if let (Some(record), None) = (sound.next(), sound.next()) {
        html!(
            out,
            "<section class=\"card stack\"><h2>刚打开的记录：",
            record.body.person.name(),
            "</h2>"
        );
        record_view(&mut out, record);
        html!(out, "</section>");
    }
    out.done()
}

/// A mentee in the list.
fn card(out: &mut Markup, id: &EventId, row: &RegisterRow) {
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
        "</p><p>"
    );
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
        html!(
            out,
            " · 学习时间（自报） ",
            cell("minutes"),
            unit("minutes", " 分钟")
        );
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

/// A mentor's mentees.
#[component]
pub(in crate::ui) fn MentorPage() -> impl IntoView {
    let office = use_office();
    let busy = RwSignal::new(false);
    // Markup: how far the reading is, why nothing was kept, what became of each file, the only record.
    let reading = RwSignal::new(String::new());
    let failed = RwSignal::new(String::new());
    let opened = RwSignal::new(String::new());
    let only = RwSignal::new(String::new());

    let open = move |files: Vec<File>| {
        busy.set(true);
        failed.set(String::new());
        spawn_local(async move {
            let mut read = read_records(files, reading).await;
            let mut planned = None;
            look(office.mentees, &mut |register| {
                planned = Some(register.plan(std::mem::take(&mut read)))
            });
            if let Some(mut plan) = planned {
                for row in &mut plan.rows {
                    // The file was opened by hand: a namesake is kept apart, never thrown away.
                    row.take = row.verdict.is_open();
                }
                match office.receive(office.mentees, plan.receipts()).await {
                    Ok(()) => {
                        only.try_set(single(&plan));
                        opened.try_set(outcomes(&plan));
                    }
                    Err(error) => {
                        let text = format!("没有保存：{error}。文件都还在原处，可以再试一次。");
                        failed.try_set(alert(&text));
                    }
                }
            }
            reading.try_set(String::new());
            busy.try_set(false);
        });
    };

    let list = Signal::derive(move || {
        let mut out = Markup::default();
        watch(office.mentees, &mut |register| {
            if register.people.is_empty() {
                html!(
                    out,
                    "<p class=\"empty\">还没有联系对象的记录。请对方在「记录」页下载培养记录，把文件发给您，再在这里打开。</p>"
                );
                return;
            }
            html!(out, "<ul class=\"items people\">");
            for (id, member) in register.sorted() {
                card(&mut out, id, &RegisterRow::of(member));
            }
            html!(out, "</ul>");
        });
        out.done()
    });

    view! {
        <div class="stack">
            <h1>"培养联系人工作台"</h1>
            <p>"打开联系对象发来的培养记录（.json 文件），可以一次选多份。这里的数据与您自己的学习记录分开存放，只在本浏览器里，不会发给任何人。"</p>
            <FilePicker label="打开培养记录" testid="open-records" chosen=open busy/>
            {live(reading)}
            <Shown of=failed/>
            <div aria-live="polite"><Shown of=opened/></div>
            <Shown of=only/>
            <section class="stack" aria-labelledby="people-heading">
                <h2 id="people-heading">"联系对象"</h2>
                <Shown of=list/>
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
