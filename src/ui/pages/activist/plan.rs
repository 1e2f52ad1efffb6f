//! The plan towards an exam or a training class: the form, the days to come, the calendar file.

use super::today::tasks;
use crate::domain::course::Catalogue;
use crate::domain::study::plan::{PlanSettings, day_plan, left_over};
use crate::domain::study::{Action, Refusal, Study};
use crate::domain::time::Date;
use crate::format::ics::{Timing, ics};
use crate::platform::{files, page};
use crate::ui::components::field::{Field, Form, LINE, option, put_notice, tick};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;

/// Days of the plan that are shown.
const SHOWN: usize = 14;
const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

static FORM: Form = Form {
    name: "plan",
    fields: &[
        Field {
            name: "exam",
            label: "考试或集中培训的日期",
            hint: "还没有定的，可以空着",
            kind: "date",
            ..LINE
        },
        Field {
            name: "minutes",
            label: "每个学习日多少分钟",
            hint: "5 到 480",
            kind: "number",
            needed: true,
            ..LINE
        },
        Field {
            name: "retention",
            label: "想记住多少",
            hint: "定得越高，复习越多；一般选 90%",
            kind: "select",
            options: |out| {
                for (code, label) in [
                    ("80", "80%，复习少些"),
                    ("85", "85%"),
                    ("90", "90%，一般"),
                    ("95", "95%，复习多些"),
                ] {
                    option(out, code, label);
                }
            },
            ..LINE
        },
    ],
    save: "保存计划",
    cancel: "",
};

/// The plan.
#[component]
pub(in crate::ui) fn PlanPage() -> impl IntoView {
    let desk = use_desk();
    let mut form = Markup::default();
    html!(
        form,
        "<h1>学习计划</h1><p>定下日期和每周能学的日子，系统把没读的课、没做的题和该复习的题排到每一天。落下了、提前了，都会重新排。</p><fieldset class=\"weekdays\"><legend>哪几天学习</legend><div class=\"row\">"
    );
    for (at, day) in DAYS.iter().enumerate() {
        html!(
            form,
            "<label class=\"option\"><input type=\"checkbox\" id=\"plan-day-",
            at,
            "\"><span class=\"text\">",
            *day,
            "</span></label>"
        );
    }
    html!(form, "</div></fieldset>");
    FORM.put(&mut form, true);
    let form = form.done();
    request_animation_frame(move || desk.study.with_untracked(|study| fill(&study.state().plan)));

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let outcome = read().and_then(|settings| desk.act(Action::SetPlan(settings)));
        if FORM.settle(outcome) {
            FORM.say("已保存");
        }
    };
    let click = move |event: MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() == Some("ics") {
            save_calendar(desk);
        }
    };
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(course) = desk.course.get() {
            desk.study
                .with(|study| days(&mut out, &course, study.state(), env().now.date()));
        }
        out.done()
    });
    view! {
        <div class="stack plan" on:submit=submit on:click=click>
            <div class="shown" inner_html=form></div>
            <Shown of=shown/>
        </div>
    }
}

fn fill(settings: &PlanSettings) {
    FORM.fill_day("exam", settings.exam);
    FORM.fill("minutes", &settings.minutes.to_string());
    FORM.fill("retention", &settings.retention.to_string());
    for at in 0..7 {
        tick(&format!("plan-day-{at}"), settings.weekdays >> at & 1 == 1);
    }
}

fn read() -> Result<PlanSettings, Refusal> {
    let number = |field: &'static str| {
        FORM.value(field).trim().parse().map_err(|_| Refusal {
            field,
            message: "请填写整数".into(),
        })
    };
    let weekdays = (0..7)
        .filter(|at| crate::ui::components::field::is_ticked(&format!("plan-day-{at}")))
        .fold(0, |days, at| days | 1 << at);
    Ok(PlanSettings {
        exam: FORM.day("exam")?,
        minutes: number("minutes")?,
        retention: u8::try_from(number("retention")?).unwrap_or_default(),
        weekdays,
    })
}

fn days(out: &mut Markup, course: &Catalogue, study: &Study, today: Date) {
    let plan = day_plan(course, study, &study.plan, today, 400);
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"days-heading\"><h2 id=\"days-heading\">往后的安排</h2>"
    );
    if plan.is_empty() {
        html!(
            out,
            "<p class=\"empty\">课文都读了，题都做过了，暂时没有要复习的。</p></section>"
        );
        return;
    }
    let (lessons, questions) = left_over(course, study, &plan);
    if lessons > 0 || questions > 0 {
        html!(
            out,
            "<p class=\"notice\">按现在的时间排不完：还剩 ",
            lessons,
            " 节课、",
            questions,
            " 道题。可以多留几天，或者每天多学几分钟。</p>"
        );
    }
    html!(
        out,
        "<p><button type=\"button\" class=\"button\" data-do=\"ics\" data-testid=\"save-ics\">存到手机日历（.ics）</button></p><div id=\"plan-outcome\"></div><ol class=\"plan-days\">"
    );
    for day in plan.iter().take(SHOWN) {
        html!(
            out,
            "<li class=\"card\" data-day=\"",
            day.date.to_string(),
            "\"><h3>",
            day.date.chinese(),
            if day.date == today { "（今天）" } else { "" },
            "</h3><p class=\"muted\">约 ",
            day.minutes,
            " 分钟</p><ul class=\"plain-links\">"
        );
        if day.reviews > 0 {
            html!(
                out,
                "<li><a href=\"#/practice/due\"><span>复习</span><span class=\"muted\">",
                day.reviews,
                " 题</span></a></li>"
            );
        }
        tasks(out, course, day);
        html!(out, "</ul></li>");
    }
    html!(out, "</ol>");
    if plan.len() > SHOWN {
        html!(
            out,
            "<p class=\"muted\">后面还有 ",
            plan.len() - SHOWN,
            " 天的安排，日历文件里都有。</p>"
        );
    }
    html!(out, "</section>");
}

fn save_calendar(desk: Desk) {
    let Some(course) = desk.course.get_untracked() else {
        return;
    };
    let now = env().now;
    let text = desk.study.with_untracked(|study| {
        let study = study.state();
        let plan = day_plan(&course, study, &study.plan, now.date(), 400);
        let timing = Timing {
            at: Some((20, 0)),
            alarm: Some(0),
        };
        ics(&plan, &course, study.plan.exam, timing, now)
    });
    let (fine, said) = match files::save("学档学习计划.ics", "text/calendar", text.as_bytes()) {
        Ok(()) => (
            true,
            "已存成日历文件，用手机打开就能导入。每天晚上八点提醒，可以在日历里改。".to_owned(),
        ),
        Err(error) => (false, error.to_string()),
    };
    put_notice("plan-outcome", "plan-saved", fine, &said);
}
