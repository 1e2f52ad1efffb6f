//! A module: what it is about and rests on, its lessons and how each stands.

use crate::domain::course::track::concerns;
use crate::domain::course::{Lesson, Module};
use crate::domain::sort_by;
use crate::domain::study::Study;
use crate::domain::study::progress::{Figures, of_lesson};
use crate::ui::components::bar::module_number;
use crate::ui::components::figures;
use crate::ui::components::question::citations;
use crate::ui::desk::{Desk, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;

/// How a lesson stands, in a chip.
pub(super) fn lesson_state(out: &mut Markup, lesson: &Lesson, study: &Study) {
    let history = study.lessons.get(&lesson.id);
    let (class, text) = match history.and_then(|history| history.read.as_ref()) {
        Some((_, hash)) if *hash == lesson.hash => ("chip chip-ok", "✓ 已读"),
        Some(_) => ("chip chip-warn", "待重新确认"),
        None => ("chip", "未读"),
    };
    html!(
        out,
        "<span class=\"",
        class,
        "\" data-testid=\"lesson-state\">",
        text,
        "</span>"
    );
}

/// A module.
#[component]
pub(in crate::ui) fn ModulePage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let desk = use_desk();
    view! { <Shown of=Signal::derive(move || shown(desk, &id))/> }
}

fn shown(desk: Desk, id: &str) -> String {
    let mut out = Markup::default();
    if let Some(course) = desk.course.get() {
        match course.module(id) {
            Some(module) => {
                let figures = desk.progress.get().module(id);
                desk.study
                    .with(|study| page(&mut out, module, study.state(), &figures));
            }
            None => {
                html!(
                    out,
                    "<h1>没有这个模块</h1><p>它可能已经从课程里去掉了。<a href=\"#/\">回到学习首页</a></p>"
                );
            }
        }
    }
    out.done()
}

fn page(out: &mut Markup, module: &Module, study: &Study, figures: &Figures) {
    html!(
        out,
        "<div class=\"stack\"><nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/\">学习</a><span>模块 "
    );
    module_number(out, module.number);
    html!(
        out,
        "</span></nav><h1>",
        module.title,
        "</h1><p>",
        module.summary,
        "</p>"
    );
    html!(
        out,
        "<section class=\"card stack\" aria-label=\"本模块进度\" data-module=\"",
        module.id,
        "\">"
    );
    figures::of_module(out, &module.id, &module.title, figures);
    if module.lessons.iter().any(|lesson| lesson.count > 0) {
        html!(
            out,
            "<p><a class=\"button button-primary\" data-testid=\"practise-module\" href=\"#/practice/module/",
            module.id,
            "\">练习本模块的题</a></p>"
        );
    }
    html!(
        out,
        "</section><section class=\"stack\" aria-labelledby=\"lessons-heading\"><h2 id=\"lessons-heading\">课文</h2><ol class=\"lessons\">"
    );
    // What is for the reader's groups comes first, each with its number in the module.
    let mut rows: Vec<(u32, &Lesson)> = (1..).zip(&module.lessons).collect();
    sort_by(&mut rows, |a, b| {
        concerns(&b.1.tracks, &study.groups).cmp(&concerns(&a.1.tracks, &study.groups))
    });
    for (number, lesson) in rows {
        lesson_row(out, number, lesson, study);
    }
    html!(
        out,
        "</ol></section><section class=\"stack\" aria-labelledby=\"policy-heading\"><h2 id=\"policy-heading\">对应的政策要求</h2>"
    );
    citations(out, &module.policy);
    html!(out, "</section></div>");
}

fn lesson_row(out: &mut Markup, number: u32, lesson: &Lesson, study: &Study) {
    html!(
        out,
        "<li class=\"lesson-row\" data-lesson=\"",
        lesson.id,
        "\"><div><a class=\"whole-link\" href=\"#/lesson/"
    );
    html!(
        out,
        lesson.id,
        "\"><span class=\"lesson-number\">",
        number,
        ". </span>",
        lesson.title,
        "</a><p class=\"muted\">约 ",
        u32::from(lesson.minutes)
    );
    html!(out, " 分钟</p></div><div class=\"row\">");
    if concerns(&lesson.tracks, &study.groups) {
        html!(out, "<span class=\"chip\">您的群体</span>");
    }
    lesson_state(out, lesson, study);
    let figures = of_lesson(lesson, study);
    if figures.questions > 0 {
        let label = format!("自测 {}/{}", figures.answered, figures.questions);
        html!(
            out,
            "<a class=\"button button-plain\" href=\"#/practice/lesson/",
            lesson.id,
            "\" aria-label=\"《"
        );
        html!(out, lesson.title, "》", label, "\">", label, "</a>");
    }
    html!(out, "</div></li>");
}
