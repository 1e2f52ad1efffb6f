//! The mistakes book: what was answered wrongly and is not known yet, by module and by knowledge
//! point, on screen and on paper.

use crate::domain::course::{Catalogue, QuestionBank};
use crate::domain::study::Study;
use crate::domain::study::review::{Mistake, mistakes_book};
use crate::platform::{page, print};
use crate::ui::components::field::put_notice;
use crate::ui::components::question::place;
use crate::ui::components::shown::alert;
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::pages::shared::save_questions;
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Where it is said what was exported.
const EXPORTED: &str = "mistakes-exported";

/// The mistakes book.
#[component]
pub(in crate::ui) fn MistakesPage() -> impl IntoView {
    let desk = use_desk();
    let banks = RwSignal::new(Vec::<Arc<QuestionBank>>::new());
    let failed = RwSignal::new(String::new());
    let point = RwSignal::new(String::new());
    spawn_local(async move {
        let course = match desk.refs().await {
            Ok(course) => course,
            Err(why) => {
                failed.try_set(why);
                return;
            }
        };
        let mut modules: Vec<String> = Vec::new();
        desk.study.with_untracked(|study| {
            for mistake in mistakes_book(&course, study.state()) {
                if !modules.contains(&mistake.module.id) {
                    modules.push(mistake.module.id.clone());
                }
            }
        });
        for module in modules {
            match desk.bank(&module).await {
                Ok(bank) => {
                    banks.try_update(|banks| banks.push(bank));
                }
                Err(why) => {
                    failed.try_set(why);
                }
            }
        }
    });
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(course) = desk.course.get() {
            out.raw(&failed.with(|why| alert(why)));
            point.with(|point| {
                banks.with(|banks| {
                    desk.study
                        .with(|study| book(&mut out, &course, study.state(), banks, point));
                });
            });
        }
        out.done()
    });
    let change = move |event: Event| {
        if page::data_of(&event, "data-point").is_some() {
            point.set(event_target_value(&event));
        }
    };
    let office = use_office();
    let export = move || async move {
        let banks = banks.get_untracked();
        let ids: Vec<String> = desk.course.with_untracked(|course| {
            let course = course.as_ref();
            desk.study.with_untracked(|study| {
                let mistakes = course.map(|course| mistakes_book(course, study.state()));
                let mistakes = mistakes.unwrap_or_default();
                mistakes
                    .iter()
                    .map(|mistake| mistake.question.id.clone())
                    .collect()
            })
        });
        let point = point.get_untracked();
        let questions: Vec<_> = ids
            .iter()
            .filter_map(|id| {
                let mut found = banks.iter();
                found.find_map(|bank| bank.question(id).map(|question| (question, bank.case(question))))
            })
            .filter(|(question, _)| point.is_empty() || question.points.contains(&point))
            .collect();
        match save_questions(office, "错题本", &questions, true).await {
            Ok(text) => put_notice(EXPORTED, "exported", true, &text),
            Err(why) => put_notice(EXPORTED, "refused", false, &format!("没有导出：{why}。")),
        }
    };
    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("print") => {
            print::print();
        }
        Some("xlsx") => spawn_local(export()),
        _ => {}
    };
    view! { <div class="stack" on:change=change on:click=click><Shown of=shown/></div> }
}

fn book(out: &mut Markup, course: &Catalogue, study: &Study, banks: &[Arc<QuestionBank>], point: &str) {
    html!(
        out,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/practice\">自测</a></nav><h1>错题本</h1><p>答错的题收在这里。答对一次还不算，隔几天再答对、记牢了，才从这里去掉。</p>"
    );
    let mistakes = mistakes_book(course, study);
    if mistakes.is_empty() {
        html!(out, "<p class=\"empty\">现在没有错题。</p>");
        return;
    }
    html!(
        out,
        "<p>共 <span data-testid=\"mistakes\">",
        mistakes.len(),
        "</span> 道，其中最近一次答错的 ",
        mistakes.iter().filter(|mistake| !mistake.right_since).count(),
        " 道；其余的答对过一次，到该复习的日子会再问。</p><div class=\"row\" data-screen-only><a class=\"button button-primary\" href=\"#/practice/wrong\">重做最近答错的题</a><button type=\"button\" class=\"button\" data-do=\"print\">打印</button><button type=\"button\" class=\"button\" data-do=\"xlsx\" data-testid=\"export-mistakes\">导出表格</button></div><div role=\"status\" data-screen-only id=\"",
        EXPORTED,
        "\"></div>"
    );
    let question = |mistake: &Mistake<'_>| {
        let mut banks = banks.iter();
        banks.find_map(|bank| bank.question(&mistake.question.id))
    };
    let mut points: Vec<&str> = Vec::new();
    for name in mistakes
        .iter()
        .filter_map(question)
        .flat_map(|question| &question.points)
    {
        if !points.contains(&name.as_str()) {
            points.push(name);
        }
    }
    html!(
        out,
        "<label class=\"field\" data-screen-only><span>按知识点看</span><select data-point><option value=\"\">全部</option>"
    );
    for name in points {
        html!(out, "<option");
        if name == point {
            html!(out, " selected");
        }
        html!(out, ">", name, "</option>");
    }
    html!(out, "</select></label>");
    let mut module = "";
    for mistake in &mistakes {
        let Some(question) = question(mistake) else {
            continue;
        };
        if !point.is_empty() && question.points.iter().all(|name| name != point) {
            continue;
        }
        if module != mistake.module.id {
            if !module.is_empty() {
                html!(out, "</ol>");
            }
            module = &mistake.module.id;
            html!(
                out,
                "<h2>",
                mistake.module.title,
                "</h2><ol class=\"wrong-list\">"
            );
        }
        html!(
            out,
            "<li data-mistake=\"",
            question.id,
            "\"><p>",
            question.stem,
            "</p><p class=\"muted\">",
            question.kind.label(),
            "，答错 ",
            mistake.wrong,
            " 次"
        );
        if mistake.right_since {
            html!(out, "，最近答对，还要再巩固");
        }
        html!(
            out,
            "</p><p><strong>答案：",
            question.answer_in_words().join("；"),
            "</strong></p><p>",
            question.explain,
            "</p><a data-screen-only href=\"",
            place(question),
            "\">看课文里的这一段</a></li>"
        );
    }
    if !module.is_empty() {
        html!(out, "</ol>");
    }
}
