//! How well everything is mastered: by module and by knowledge point with its uncertainty, what is
//! weak and what to do, days of study and reviews to come.

use crate::domain::course::{Catalogue, QuestionBank};
use crate::domain::study::Study;
use crate::domain::study::mastery::{Mastery, by_module, by_point, weakest};
use crate::domain::study::review::forecast;
use crate::domain::time::Date;
use crate::ui::components::shown::{alert, table, table_end};
use crate::ui::desk::{env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Weeks of activity that are shown.
const WEEKS: i64 = 13;
/// Days of reviews to come that are shown.
const AHEAD: usize = 14;

/// How well everything is mastered.
#[component]
pub(in crate::ui) fn MasteryPage() -> impl IntoView {
    let desk = use_desk();
    let banks = RwSignal::new(Vec::<Arc<QuestionBank>>::new());
    let failed = RwSignal::new(String::new());
    spawn_local(async move {
        let course = match desk.refs().await {
            Ok(course) => course,
            Err(why) => {
                failed.try_set(why);
                return;
            }
        };
        let mut all = Vec::new();
        for module in &course.modules {
            match desk.bank(&module.id).await {
                Ok(bank) => all.push(bank),
                Err(why) => {
                    failed.try_set(why);
                }
            }
        }
        banks.try_set(all);
    });
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(course) = desk.course.get() {
            out.raw(&failed.with(|why| alert(why)));
            banks.with(|banks| {
                desk.study
                    .with(|study| page(&mut out, &course, study.state(), banks, env().now.date()));
            });
        }
        out.done()
    });
    view! { <div class="stack mastery"><Shown of=shown/></div> }
}

fn page(out: &mut Markup, course: &Catalogue, study: &Study, banks: &[Arc<QuestionBank>], today: Date) {
    html!(
        out,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/practice\">自测</a></nav><h1>掌握情况</h1><p>按您的作答和隔了多久推算：现在再问一遍，大约还答得出多少。横条上的浅色段是把握的范围，答得越多、隔的日子越多，范围越窄。</p>"
    );
    let questions = banks.iter().flat_map(|bank| &bank.questions);
    let mut points = by_point(course, questions, study, today);
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"weak-heading\"><h2 id=\"weak-heading\">先做什么</h2><ul class=\"plain-links\" data-testid=\"advice\">"
    );
    let advice = weakest(course, study, &points, 3);
    for one in &advice {
        let to = if one.unread { "lesson" } else { "practice/lesson" };
        html!(
            out,
            "<li><a href=\"#/",
            to,
            "/",
            one.lesson.id,
            "\"><span>",
            one.sentence,
            "</span></a></li>"
        );
    }
    if advice.is_empty() {
        html!(
            out,
            if banks.is_empty() {
                "<li class=\"muted\">正在取题……</li>"
            } else {
                "<li class=\"muted\">没有明显的薄弱处，按计划复习就好。</li>"
            }
        );
    }
    html!(out, "</ul></section>");
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"modules-heading\"><h2 id=\"modules-heading\">各模块</h2>"
    );
    bars(out, "各模块的掌握程度", &by_module(course, study, today));
    html!(out, "</section>");
    activity(out, study, today);
    ahead(out, course, study, today);
    points.retain(|point| point.evidence > 0);
    crate::domain::sort_by(&mut points, |a, b| a.percent().cmp(&b.percent()));
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"points-heading\"><h2 id=\"points-heading\">练过的知识点</h2>"
    );
    if points.is_empty() {
        html!(
            out,
            "<p class=\"empty\">做过题以后，这里按知识点列出来，薄弱的在前。</p>"
        );
    } else {
        bars(out, "各知识点的掌握程度", &points);
    }
    html!(out, "</section>");
}

/// A row for each: name, bar with its uncertainty, numbers and a word.
fn bars(out: &mut Markup, label: &str, all: &[Mastery]) {
    table(out, label, &["名称", "掌握程度", "推算", "已答"]);
    for one in all {
        let (low, high) = one.interval();
        html!(
            out,
            "<tr><th scope=\"row\">",
            one.name,
            "</th><td class=\"measure\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"whole\" width=\"100\" height=\"10\"/>"
        );
        if one.evidence > 0 {
            html!(
                out,
                "<rect class=\"range\" x=\"",
                u32::from(low),
                "\" width=\"",
                u32::from(high.saturating_sub(low)),
                "\" height=\"10\"/><rect class=\"share\" y=\"3\" width=\"",
                u32::from(one.percent()),
                "\" height=\"4\"/>"
            );
        }
        html!(out, "</svg></td><td class=\"nowrap\">", one.level().label());
        if one.evidence > 0 {
            html!(
                out,
                " <span class=\"muted\">",
                u32::from(low),
                "%—",
                u32::from(high),
                "%</span>"
            );
        }
        html!(
            out,
            "</td><td class=\"nowrap\">",
            one.answered,
            " / ",
            one.questions,
            "</td></tr>"
        );
    }
    table_end(out);
}

/// A square for each day: the more answers, the darker.
fn activity(out: &mut Markup, study: &Study, today: Date) {
    let last = today.days();
    // Columns are weeks that begin on Monday; 1970-01-01 was a Thursday.
    let monday = last - (last + 3).rem_euclid(7);
    let first = monday - (WEEKS - 1) * 7;
    let answers = |day: i64| Date::from_days(day).and_then(|day| study.days.get(&day).copied());
    let days = (first..=last).filter(|day| answers(*day).is_some()).count();
    let total: u32 = (first..=last).filter_map(answers).sum();
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"days-heading\"><h2 id=\"days-heading\">学习的日子</h2><p>最近 ",
        WEEKS as u32,
        " 周学习了 ",
        days,
        " 天，作答 ",
        total,
        " 次。</p><svg class=\"calendar\" viewBox=\"0 0 ",
        (WEEKS * 12) as u32,
        " 84\" role=\"img\" aria-label=\"最近各天的作答次数\">"
    );
    for day in first..=last {
        let (week, weekday) = ((day - first) / 7, (day - first) % 7);
        let level = match answers(day) {
            None => "0",
            Some(0..=4) => "1",
            Some(5..=19) => "2",
            Some(_) => "3",
        };
        html!(
            out,
            "<rect class=\"day-",
            level,
            "\" x=\"",
            (week * 12) as u32,
            "\" y=\"",
            (weekday * 12) as u32,
            "\" width=\"10\" height=\"10\" rx=\"2\"/>"
        );
    }
    html!(out, "</svg></section>");
}

/// How many reviews fall on each of the next days.
fn ahead(out: &mut Markup, course: &Catalogue, study: &Study, today: Date) {
    let counts = forecast(course, study, &study.plan, today, AHEAD);
    let most = counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"ahead-heading\"><h2 id=\"ahead-heading\">往后两周要复习的题</h2><ul class=\"columns\" tabindex=\"0\" aria-labelledby=\"ahead-heading\">"
    );
    for (at, count) in counts.iter().enumerate() {
        let day = Date::from_days(today.days() + at as i64)
            .map(Date::chinese)
            .unwrap_or_default();
        let day = day.split_once('年').map_or("", |(_, day)| day);
        html!(
            out,
            "<li><span class=\"count\">",
            *count,
            "</span><svg viewBox=\"0 0 10 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"share\" y=\"",
            40 - *count * 40 / most,
            "\" width=\"10\" height=\"",
            *count * 40 / most,
            "\"/></svg><span class=\"muted\">",
            day,
            "</span></li>"
        );
    }
    html!(out, "</ul></section>");
}
