//! The first screen: where to go on, how far everything has come, what else there is to do.

use super::groups;
use super::lesson::time_spent;
use super::today::today;
use crate::domain::course::{Catalogue, Module};
use crate::domain::study::next_step::{NextStep, next_step};
use crate::domain::study::progress::{CourseProgress, Figures};
use crate::domain::study::{Place, Study, backup_due, mistakes};
use crate::ui::components::bar::module_number;
use crate::ui::components::figures;
use crate::ui::components::link_card::link_card;
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::route::BESIDE;
use leptos::prelude::*;

/// The first screen.
#[component]
pub(in crate::ui) fn HomePage() -> impl IntoView {
    let desk = use_desk();
    view! { <Shown of=Signal::derive(move || shown(desk))/> }
}

fn shown(desk: Desk) -> String {
    let mut out = Markup::default();
    if let Some(course) = desk.course.get() {
        let progress = desk.progress.get();
        desk.study
            .with(|study| page(&mut out, &course, study.state(), &progress));
    }
    out.done()
}

fn page(out: &mut Markup, course: &Catalogue, study: &Study, progress: &CourseProgress) {
    html!(out, "<div class=\"stack home\">");
    top(out, course, study);
    today(out, course, study, env().now.date());
    if backup_due(study, env().now.date()) {
        html!(out, "<div class=\"notice\" data-testid=\"backup-reminder\"><p>");
        html!(
            out,
            if study.backed_up.is_some() {
                "上次备份以后又有 "
            } else {
                "还没有备份过，已有 "
            }
        );
        html!(
            out,
            study.unsaved_events,
            " 次记录。数据只在这个浏览器里，建议现在备份一次。</p><a class=\"button\" href=\"#/settings\">去备份</a></div>"
        );
    }
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"figures-heading\"><h2 id=\"figures-heading\">学习情况</h2>"
    );
    figures::total(out, &progress.total, study.days.len() as u32);
    if progress.total.to_reconfirm > 0 {
        html!(
            out,
            "<p class=\"muted\">另有 ",
            progress.total.to_reconfirm,
            " 课（题）内容已更新，请重新阅读或作答；确认以前不计入已读、已答。</p>"
        );
    }
    time_spent(out, study.time_spent());
    html!(out, "</section>");
    let mistakes = mistakes::wrong(course, study).count();
    if mistakes > 0 {
        wrong(out, mistakes, "");
    }
    groups::lessons(out, course, study);
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"modules-heading\"><h2 id=\"modules-heading\">课程模块</h2><ul class=\"modules\">"
    );
    for module in &course.modules {
        module_card(out, module, &progress.module(&module.id));
    }
    html!(
        out,
        "</ul></section><section class=\"stack\" aria-labelledby=\"next-heading\"><h2 id=\"next-heading\">查一查</h2><ul class=\"links\">"
    );
    for (name, label, about) in BESIDE {
        link_card(out, &format!("#/{name}"), label, about);
    }
    link_card(out, "#/groups", "我的群体", "选了以后，对口的课文和题目排在前面");
    html!(
        out,
        "</ul></section><section class=\"stack\" aria-labelledby=\"dossier-heading\"><h2 id=\"dossier-heading\">学习之外</h2><ul class=\"links\">"
    );
    link_card(out, "#/plan", "学习计划", "定下考试日期，把课和题排到每一天");
    link_card(out, "#/mentors", "培养联系人与谈话", "记下培养联系人和每次谈话");
    link_card(out, "#/log", "培养实践", "记下参加的学习、活动和社会工作");
    link_card(
        out,
        "#/record",
        "培养记录",
        "导出一份记录，交给培养联系人或党支部",
    );
    html!(
        out,
        "</ul></section><p class=\"muted\">学档不是官方系统；学习时间和实践时长为自报，不计入发展对象短期集中培训的学时。</p></div>"
    );
}

fn top(out: &mut Markup, course: &Catalogue, study: &Study) {
    let step = next_step(course, study);
    let Some(last) = &study.last else {
        welcome(out, step);
        return;
    };
    html!(out, "<section class=\"card stack resume\"><h1>继续学习</h1>");
    last_place(out, course, last);
    html!(out, "<p class=\"resume-now\">");
    let mut to = Markup::default();
    match step {
        NextStep::Read(lesson) => {
            html!(
                out,
                "接着读：《",
                lesson.title,
                "》，约 ",
                u32::from(lesson.minutes),
                " 分钟"
            );
            html!(to, "#/lesson/", lesson.id);
        }
        NextStep::Practise(lesson) => {
            html!(out, "接着做：《", lesson.title, "》的自测题");
            html!(to, "#/practice/lesson/", lesson.id);
        }
        NextStep::Done => {
            html!(out, "课文都读完了，题都答过一遍了。可以重做错题，或者再练一遍。");
            html!(to, "#/practice");
        }
    }
    html!(
        out,
        "</p><p><a class=\"button button-primary button-large\" data-testid=\"resume\" href=\""
    );
    out.raw(&to.done());
    html!(out, "\">继续学习</a></p></section>");
}

fn last_place(out: &mut Markup, course: &Catalogue, last: &Place) {
    for lesson in course.modules.iter().flat_map(|module| &module.lessons) {
        match last {
            Place::Lesson(id) if lesson.id == *id => {
                html!(out, "<p class=\"muted\">上次读到：《", lesson.title, "》</p>");
                return;
            }
            Place::Question(id) if lesson.questions.iter().any(|question| question.id == *id) => {
                html!(
                    out,
                    "<p class=\"muted\">上次做到：《",
                    lesson.title,
                    "》的自测题</p>"
                );
                return;
            }
            _ => {}
        }
    }
}

fn welcome(out: &mut Markup, step: NextStep<'_>) {
    html!(
        out,
        "<section class=\"card stack resume\"><h1>入党积极分子的学习档案</h1><ol class=\"steps\">\
         <li><strong>学习</strong><span>读课文，每一课十分钟左右，都注明依据哪份文件、哪一条。</span></li>\
         <li><strong>自测</strong><span>做题马上知道对错和理由，错题可以重做。</span></li>\
         <li><strong>导出培养记录</strong><span>需要时由您自己导出，交给培养联系人或党支部。</span></li></ol>"
    );
    if let NextStep::Read(lesson) = step {
        html!(
            out,
            "<p><a class=\"button button-primary button-large\" data-testid=\"resume\" href=\"#/lesson/",
            lesson.id,
            "\">开始第一课</a></p><p class=\"muted\">《",
            lesson.title,
            "》，约 ",
            u32::from(lesson.minutes),
            " 分钟</p>"
        );
    } else {
        html!(out, "<p class=\"muted\">课程里还没有课文。</p>");
    }
    html!(
        out,
        "<p class=\"muted\">不用注册。学习数据只存在这台设备的这个浏览器里，不会上传；换设备或清理浏览器以前，请先备份。</p></section>"
    );
}

/// The questions last answered wrongly, so many of them. `class` is added to the button's.
pub(super) fn wrong(out: &mut Markup, count: usize, class: &str) {
    html!(
        out,
        "<section class=\"card wrong-card\"><div><h2>错题</h2><p class=\"muted\">最近一次答错的题，答对以后就从这里去掉。</p></div><a class=\"button ",
        class,
        "\" data-testid=\"practise-wrong\" href=\"#/practice/wrong\">重做 <span data-testid=\"wrong-count\">",
        count,
        "</span> 道错题</a></section>"
    );
}

fn module_card(out: &mut Markup, module: &Module, figures: &Figures) {
    html!(
        out,
        "<li class=\"card module-card\" data-module=\"",
        module.id,
        "\"><h3><span class=\"module-number\">"
    );
    module_number(out, module.number);
    html!(
        out,
        "</span><a class=\"whole-link\" href=\"#/module/",
        module.id,
        "\">",
        module.title
    );
    html!(out, "</a></h3><p class=\"muted\">", module.summary, "</p>");
    figures::of_module(out, &module.id, &module.title, figures);
    html!(out, "</li>");
}
