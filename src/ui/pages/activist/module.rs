//! A module: what it is about and rests on, its lessons and how each stands.

use crate::domain::course::{Lesson, Module};
use crate::domain::study::Study;
use crate::domain::study::progress::of_lesson;
use crate::ui::components::{bar, citation, figures};
use crate::ui::desk::{Desk, use_desk};
use crate::ui::route::{Route, Scope};
use leptos::prelude::*;

/// How a lesson stands, in a chip.
pub(super) fn lesson_state(lesson: &Lesson, study: &Study) -> AnyView {
    let figures = of_lesson(lesson, study);
    let (class, text) = if figures.lessons_read == 1 {
        ("chip chip-ok", "✓ 已读")
    } else if study
        .lessons
        .get(&lesson.id)
        .is_some_and(|history| history.read.is_some())
    {
        ("chip chip-warn", "待重新确认")
    } else {
        ("chip", "未读")
    };
    view! { <span class=class data-testid="lesson-state">{text}</span> }.into_any()
}

/// A module.
#[component]
pub(in crate::ui) fn ModulePage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let desk = use_desk();
    let Some(course) = desk.course.get_untracked() else {
        return ().into_any();
    };
    let Some(module) = course.module(&id) else {
        return view! {
            <h1>"没有这个模块"</h1>
            <p>"它可能已经从课程里去掉了。"<a href="#/">"回到学习首页"</a></p>
        }
        .into_any();
    };
    let lessons: Vec<_> = module
        .lessons
        .iter()
        .map(|lesson| lesson_row(desk, lesson))
        .collect();
    let (own, title) = (module.id.clone(), module.title.clone());
    let shown = move || {
        let figures = desk.progress.with(|progress| progress.module(&own));
        view! { {bar::bar(&title, &figures)}{figures::line(&own, &figures)} }
    };
    view! {
        <div class="stack">
            <nav class="crumbs" aria-label="当前位置"><a href="#/">"学习"</a><span>{format!("模块 {:02}", module.number)}</span></nav>
            <h1>{module.title.clone()}</h1>
            <p>{module.summary.clone()}</p>
            <section class="card stack" aria-label="本模块进度" data-module=module.id.clone()>
                {shown}
                {practise(module)}
            </section>
            <section class="stack" aria-labelledby="lessons-heading">
                <h2 id="lessons-heading">"课文"</h2>
                <ol class="lessons">{lessons}</ol>
            </section>
            <section class="stack" aria-labelledby="policy-heading">
                <h2 id="policy-heading">"对应的政策要求"</h2>
                {citation::citations(&course, &module.policy)}
            </section>
        </div>
    }
    .into_any()
}

fn practise(module: &Module) -> AnyView {
    if module.lessons.iter().all(|lesson| lesson.questions.is_empty()) {
        return ().into_any();
    }
    let to = Route::Practice(Scope::Module(module.id.clone()));
    view! { <p><a class="button button-primary" data-testid="practise-module" href=to.to_string()>"练习本模块的题"</a></p> }
        .into_any()
}

fn lesson_row(desk: Desk, lesson: &Lesson) -> AnyView {
    let own = lesson.clone();
    let state = move || {
        desk.study.with(|study| {
            let study = study.state();
            let figures = of_lesson(&own, study);
            let questions = (figures.questions > 0).then(|| {
                let to = Route::Practice(Scope::Lesson(own.id.clone()));
                let label = format!("自测 {}/{}", figures.answered, figures.questions);
                let name = format!("《{}》{label}", own.title);
                view! { <a class="button button-plain" href=to.to_string() aria-label=name>{label}</a> }
            });
            view! { {lesson_state(&own, study)}{questions} }
        })
    };
    view! {
        <li class="lesson-row" data-lesson=lesson.id.clone()>
            <div>
                <a class="whole-link" href=Route::Lesson(lesson.id.clone(), None).to_string()>{lesson.title.clone()}</a>
                <p class="muted">{format!("约 {} 分钟", lesson.minutes)}</p>
            </div>
            <div class="row">{state}</div>
        </li>
    }
    .into_any()
}
