//! What there is to do today, on the first screen.

use crate::domain::course::Catalogue;
use crate::domain::study::Study;
use crate::domain::study::plan::{PlanDay, day_plan};
use crate::domain::study::review::due;
use crate::domain::time::Date;
use crate::ui::markup::{Markup, html};

/// Reviews that are due and today's part of the plan; nothing before anything was answered and
/// while there is no plan.
pub(super) fn today(out: &mut Markup, course: &Catalogue, study: &Study, day: Date) {
    let due = due(course, study, &study.plan, day).len();
    let planned = study.plan != Default::default();
    if due == 0 && !planned {
        return;
    }
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"today-heading\" data-testid=\"today\"><h2 id=\"today-heading\">今天要做的</h2>"
    );
    if let Some(left) = study
        .plan
        .exam
        .map(|exam| exam.days() - day.days())
        .filter(|left| *left >= 0)
    {
        html!(
            out,
            "<p>距离考试（培训）还有 <strong>",
            left as u32,
            "</strong> 天。</p>"
        );
    }
    html!(out, "<ul class=\"plain-links\">");
    if due > 0 {
        html!(
            out,
            "<li><a href=\"#/practice/due\" data-testid=\"practise-due\"><span>复习快要忘记的题</span><span class=\"muted\"><span data-testid=\"due-count\">",
            due,
            "</span> 题</span></a></li>"
        );
    }
    let plan = day_plan(course, study, &study.plan, day, 1);
    if let Some(today) = plan.first().filter(|today| planned && today.date == day) {
        tasks(out, course, today);
    } else if planned && due == 0 {
        html!(
            out,
            "<li class=\"muted\">今天没有安排，可以休息，也可以随意看看。</li>"
        );
    }
    html!(out, "</ul><p><a href=\"#/plan\">看全部计划</a></p></section>");
}

/// The lessons and new questions of a day.
pub(super) fn tasks(out: &mut Markup, course: &Catalogue, day: &PlanDay) {
    for id in &day.lessons {
        if let Some((_, lesson)) = course.lesson(id) {
            html!(
                out,
                "<li><a href=\"#/lesson/",
                *id,
                "\"><span>读《",
                lesson.title,
                "》</span><span class=\"muted\">约 ",
                u32::from(lesson.minutes),
                " 分钟</span></a></li>"
            );
        }
    }
    if day.new_questions > 0 {
        html!(
            out,
            "<li><a href=\"#/practice\"><span>做新题</span><span class=\"muted\">",
            day.new_questions,
            " 题</span></a></li>"
        );
    }
}
