//! The first screen: where to go on, how far everything has come, what else there is to do.

use crate::domain::course::{Catalogue, Module};
use crate::domain::study::next_step::{NextStep, next_step};
use crate::domain::study::{Place, Study, mistakes};
use crate::ui::components::link_card::link_card;
use crate::ui::components::{bar, figures};
use crate::ui::desk::{Desk, use_desk};
use crate::ui::route::{Route, Scope};
use leptos::prelude::*;
use std::sync::Arc;

/// Events after which a backup is asked for.
const BACK_UP_AFTER: u32 = 50;

/// The first screen.
#[component]
pub(in crate::ui) fn HomePage() -> impl IntoView {
    let desk = use_desk();
    let Some(course) = desk.course.get_untracked() else {
        return ().into_any();
    };
    let modules = {
        let course = course.clone();
        move || {
            course
                .modules
                .iter()
                .map(|module| module_card(desk, module))
                .collect_view()
        }
    };
    let top = {
        let course = course.clone();
        move || desk.study.with(|study| top(&course, study.state()))
    };
    let wrong = move || {
        desk.study
            .with(|study| wrong(mistakes::wrong(&course, study.state()).count()))
    };
    let days = move || desk.study.with(|study| study.state().days.len());
    let reconfirm = move || {
        let count = desk.progress.with(|progress| progress.total.to_reconfirm);
        (count > 0).then(|| view! {
            <p class="muted">{format!("另有 {count} 课（题）内容已更新，请重新阅读或作答；确认以前不计入已读、已答。")}</p>
        })
    };
    view! {
        <div class="stack home">
            {top}
            {move || backup(desk)}
            <section class="card stack" aria-labelledby="figures-heading">
                <h2 id="figures-heading">"学习情况"</h2>
                {move || desk.progress.with(|progress| figures::total(&progress.total, days()))}
                {reconfirm}
            </section>
            {wrong}
            <section class="stack" aria-labelledby="modules-heading">
                <h2 id="modules-heading">"课程模块"</h2>
                <ul class="modules">{modules}</ul>
            </section>
            <section class="stack" aria-labelledby="next-heading">
                <h2 id="next-heading">"学习之外"</h2>
                <ul class="links">
                    {link_card(Route::Mentors, "培养联系人与谈话", "记下培养联系人和每次谈话")}
                    {link_card(Route::Log, "培养实践", "记下参加的学习、活动和社会工作")}
                    {link_card(Route::Record, "培养记录", "导出一份记录，交给培养联系人或党支部")}
                </ul>
            </section>
            <p class="muted">"学档不是官方系统；学习时间和实践时长为自报，不计入发展对象短期集中培训的学时。"</p>
        </div>
    }
    .into_any()
}

fn top(course: &Arc<Catalogue>, study: &Study) -> AnyView {
    let step = next_step(course, study);
    if study.last.is_none() {
        return welcome(step);
    }
    let (to, now) = match step {
        NextStep::Read(lesson) => (
            Route::Lesson(lesson.id.clone(), None),
            format!("接着读：《{}》，约 {} 分钟", lesson.title, lesson.minutes),
        ),
        NextStep::Practise(lesson) => (
            Route::Practice(Scope::Lesson(lesson.id.clone())),
            format!("接着做：《{}》的自测题", lesson.title),
        ),
        NextStep::Done => (
            Route::PracticeHome,
            "课文都读完了，题都答过一遍了。可以重做错题，或者再练一遍。".to_owned(),
        ),
    };
    view! {
        <section class="card stack resume">
            <h1>"继续学习"</h1>
            {last_place(course, study).map(|text| view! { <p class="muted">{text}</p> })}
            <p class="resume-now">{now}</p>
            <p><a class="button button-primary button-large" data-testid="resume" href=to.to_string()>"继续学习"</a></p>
        </section>
    }
    .into_any()
}

fn last_place(course: &Catalogue, study: &Study) -> Option<String> {
    match study.last.as_ref()? {
        Place::Lesson(id) => course
            .lesson(id)
            .map(|(_, lesson)| format!("上次读到：《{}》", lesson.title)),
        Place::Question(id) => {
            let lessons = course.modules.iter().flat_map(|module| &module.lessons);
            let mut holding =
                lessons.filter(|lesson| lesson.questions.iter().any(|question| question.id == *id));
            holding
                .next()
                .map(|lesson| format!("上次做到：《{}》的自测题", lesson.title))
        }
    }
}

fn welcome(step: NextStep<'_>) -> AnyView {
    let start = match step {
        NextStep::Read(lesson) => {
            let to = Route::Lesson(lesson.id.clone(), None);
            view! {
                <p><a class="button button-primary button-large" data-testid="resume" href=to.to_string()>"开始第一课"</a></p>
                <p class="muted">{format!("《{}》，约 {} 分钟", lesson.title, lesson.minutes)}</p>
            }
            .into_any()
        }
        _ => view! { <p class="muted">"课程里还没有课文。"</p> }.into_any(),
    };
    view! {
        <section class="card stack resume">
            <h1>"入党积极分子的学习档案"</h1>
            <ol class="steps">
                <li><strong>"学习"</strong><span>"读课文，每一课十分钟左右，都注明依据哪份文件、哪一条。"</span></li>
                <li><strong>"自测"</strong><span>"做题马上知道对错和理由，错题可以重做。"</span></li>
                <li><strong>"导出培养记录"</strong><span>"需要时由您自己导出，交给培养联系人或党支部。"</span></li>
            </ol>
            {start}
            <p class="muted">"不用注册。学习数据只存在这台设备的这个浏览器里，不会上传；换设备或清理浏览器以前，请先备份。"</p>
        </section>
    }
    .into_any()
}

fn backup(desk: Desk) -> AnyView {
    let count = desk.study.with(|study| study.state().unsaved_events);
    if count < BACK_UP_AFTER {
        return ().into_any();
    }
    view! {
        <div class="notice" data-testid="backup-reminder">
            <p>{format!("上次备份以后又有 {count} 次记录。数据只在这个浏览器里，建议现在备份一次。")}</p>
            <a class="button" href=Route::Settings.to_string()>"去备份"</a>
        </div>
    }
    .into_any()
}

fn wrong(count: usize) -> AnyView {
    if count == 0 {
        return ().into_any();
    }
    view! {
        <section class="card wrong-card">
            <div>
                <h2>"错题"</h2>
                <p class="muted">"最近一次答错的题，答对以后就从这里去掉。"</p>
            </div>
            <a class="button" data-testid="practise-wrong" href=Route::Practice(Scope::Wrong).to_string()>
                "重做 "<span data-testid="wrong-count">{count.to_string()}</span>" 道错题"
            </a>
        </section>
    }
    .into_any()
}

fn module_card(desk: Desk, module: &Module) -> AnyView {
    let (id, title) = (module.id.clone(), module.title.clone());
    let shown = move || {
        let figures = desk.progress.with(|progress| progress.module(&id));
        view! { {bar::bar(&title, &figures)}{figures::line(&id, &figures)} }
    };
    view! {
        <li class="card module-card" data-module=module.id.clone()>
            <h3>
                <span class="module-number">{format!("{:02}", module.number)}</span>
                <a class="whole-link" href=Route::Module(module.id.clone()).to_string()>{module.title.clone()}</a>
            </h3>
            <p class="muted">{module.summary.clone()}</p>
            {shown}
        </li>
    }
    .into_any()
}
