//! What people see: pages by role, components, routes, and the desk that holds the state.
#![allow(
    unreachable_pub,
    reason = "the component macro writes `pub` where none is reachable"
)]

mod app;
mod components;
mod desk;
mod markup;
mod office;
mod pages;
mod route;

use app::Part;
use leptos::prelude::*;
use pages::{activist, branch, mentor, shared};
use route::Route;

/// Starts the study: panic hook first, then the page.
pub fn start_study() {
    crate::platform::panic::install();
    app::mount(Part {
        is_office: false,
        other: "office.html",
        open: |_| {},
        screen: study_screen,
    });
}

/// Starts the office: one's own papers, and those of mentors and branches.
pub fn start_office() {
    crate::platform::panic::install();
    app::mount(Part {
        is_office: true,
        other: "./",
        open: office::Office::open,
        screen: office_screen,
    });
}

fn study_screen(route: Route) -> AnyView {
    let desk = desk::use_desk();
    let can_show = match route {
        Route::Home | Route::Module(_) | Route::PracticeHome => desk.has_figures.get(),
        _ => desk.has_course.get(),
    };
    if !can_show {
        return waiting();
    }
    match route {
        Route::Home => view! { <activist::HomePage/> }.into_any(),
        Route::Module(id) => view! { <activist::ModulePage id/> }.into_any(),
        Route::Lesson(id, anchor) => view! { <activist::LessonPage id anchor/> }.into_any(),
        Route::PracticeHome => view! { <activist::PracticeHomePage/> }.into_any(),
        Route::Practice(scope) => view! { <activist::PracticePage scope/> }.into_any(),
        Route::Groups => view! { <activist::GroupsPage/> }.into_any(),
        Route::Beside(name, anchor) => view! { <shared::BesidePage name anchor/> }.into_any(),
        Route::Search => view! { <shared::SearchPage/> }.into_any(),
        Route::More => view! { <shared::MorePage/> }.into_any(),
        other => unknown(&other),
    }
}

fn office_screen(route: Route) -> AnyView {
    let desk = desk::use_desk();
    if matches!(
        route,
        Route::Record | Route::RecordPrint | Route::Mistakes | Route::Mastery | Route::Plan
    ) && !desk.has_figures.get()
        || matches!(
            route,
            Route::Marked(_) | Route::Exams | Route::Exam(_) | Route::ExamPrint(..)
        ) && !desk.has_course.get()
    {
        return waiting();
    }
    match route {
        Route::Mentors => view! { <activist::MentorsPage/> }.into_any(),
        Route::Log => view! { <activist::LogPage/> }.into_any(),
        Route::Record => view! { <activist::RecordPage/> }.into_any(),
        Route::RecordPrint => view! { <activist::RecordPrintPage/> }.into_any(),
        Route::Marked(mark) => view! { <activist::MarkedPage mark/> }.into_any(),
        Route::Mistakes => view! { <activist::MistakesPage/> }.into_any(),
        Route::Mastery => view! { <activist::MasteryPage/> }.into_any(),
        Route::Plan => view! { <activist::PlanPage/> }.into_any(),
        Route::Exams => view! { <activist::ExamsPage/> }.into_any(),
        Route::Exam(id) => view! { <activist::ExamPage id/> }.into_any(),
        Route::ExamPrint(id, key) => view! { <activist::ExamPrintPage id key/> }.into_any(),
        Route::Settings => view! { <shared::SettingsPage/> }.into_any(),
        Route::Help => view! { <shared::HelpPage/> }.into_any(),
        Route::Banks => view! { <shared::BanksPage/> }.into_any(),
        Route::Keys => view! { <shared::KeysPage/> }.into_any(),
        Route::Verify => view! { <shared::VerifyPage/> }.into_any(),
        Route::Mentor => view! { <mentor::MentorPage/> }.into_any(),
        Route::Mentee(id) => view! { <mentor::MenteePage id/> }.into_any(),
        Route::Branch(at) => branch::branch_page(&at),
        Route::Handover(at) => branch::handover_page(&at),
        other => unknown(&other),
    }
}

fn waiting() -> AnyView {
    view! { <p class="waiting" role="status">"正在读取课程……"</p> }.into_any()
}

fn unknown(route: &Route) -> AnyView {
    let text = format!("地址「{route}」不对，可能是旧链接。");
    view! {
        <h1>"没有这一页"</h1>
        <p>{text}<a href="#/">"回到学习首页"</a></p>
    }
    .into_any()
}
