//! Mock exams: which there are, those that run, how earlier ones went.

use super::exam_form;
use crate::domain::course::track::concerns;
use crate::domain::course::{Catalogue, Module, QuestionBank};
use crate::domain::question::Question;
use crate::domain::study::exam::blueprint::{Blueprint, presets};
use crate::domain::study::exam::draw::{Candidate, draw};
use crate::domain::study::exam::{Exam, Step};
use crate::domain::study::{Action, EventId, Study};
use crate::platform::page;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::shown::{alert, clock, table, table_end};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// How many exams the chart shows.
const SHOWN: usize = 20;

/// The questions of some modules.
#[derive(Default)]
pub(super) struct Banks(pub(super) Vec<Arc<QuestionBank>>);

impl Banks {
    /// Fetches the banks of those modules.
    pub(super) async fn fetch(
        desk: Desk,
        wanted: &dyn Fn(&Module) -> bool,
    ) -> Result<(Arc<Catalogue>, Self), String> {
        let course = desk.refs().await?;
        let mut banks = Self::default();
        for module in course.modules.iter().filter(|module| wanted(module)) {
            banks.0.push(desk.bank(&module.id).await?);
        }
        Ok((course, banks))
    }

    /// Fetches the banks that an exam's questions are in.
    pub(super) async fn of(desk: Desk, exam: &Exam) -> Result<(Arc<Catalogue>, Self), String> {
        let items = &exam.begun.items;
        let has = |module: &Module| {
            let mut refs = module.lessons.iter().flat_map(|lesson| &lesson.questions);
            refs.any(|known| items.iter().any(|item| item.id == known.id))
        };
        Self::fetch(desk, &has).await
    }

    /// The question of that id and its bank.
    pub(super) fn find(&self, id: &str) -> Option<(&QuestionBank, &Question)> {
        let mut banks = self.0.iter();
        banks.find_map(|bank| Some((bank.as_ref(), bank.question(id)?)))
    }

    /// The questions that a paper for this person may have.
    fn candidates<'a>(&'a self, course: &Catalogue, study: &Study) -> Vec<Candidate<'a>> {
        let own = |tracks: &[String]| tracks.is_empty() || concerns(tracks, &study.groups);
        let mut all = Vec::new();
        for bank in &self.0 {
            for question in &bank.questions {
                let lesson = course.lesson(question.place().0);
                if own(&question.tracks) && lesson.is_none_or(|(_, lesson)| own(&lesson.tracks)) {
                    let seen = study.items.get(&question.id).map_or(0, |item| item.attempts);
                    all.push(Candidate {
                        question,
                        module: &bank.module,
                        seen,
                    });
                }
            }
        }
        all
    }
}

/// What an exam is made of, in one line.
pub(super) fn in_words(blueprint: &Blueprint) -> String {
    let mut text = String::new();
    for part in &blueprint.parts {
        text += &format!("{} {} 题×{} 分，", part.kind.label(), part.count, part.points);
    }
    text += &format!(
        "共 {} 题 {} 分；{} 分钟，{} 分及格；",
        blueprint.items(),
        blueprint.total(),
        blueprint.minutes,
        blueprint.pass
    );
    text += if blueprint.partial {
        "多选少选得一半分"
    } else {
        "多选少选、错选都不得分"
    };
    text += if blueprint.pause {
        "；可以暂停。"
    } else {
        "；不能暂停。"
    };
    text
}

/// Which exams there are.
#[component]
pub(in crate::ui) fn ExamsPage() -> impl IntoView {
    let desk = use_desk();
    let failed = RwSignal::new(String::new());
    // What the form is changing: the blueprint, and which of one's own it is.
    let editing = RwSignal::new(None::<(Option<EventId>, Blueprint)>);
    let removing = RwSignal::new(None::<EventId>);
    let asking = RwSignal::new(false);

    let begin = move |blueprint: Blueprint, paper: bool| {
        failed.set(String::new());
        spawn_local(async move {
            match make(desk, blueprint, paper).await {
                Ok(address) => page::set_hash(&address),
                Err(why) => {
                    if failed.try_set(alert(&why)).is_none() {
                        page::scroll_to_top();
                    }
                }
            }
        });
    };
    let click = move |event: MouseEvent| {
        let Some(deed) = page::data_of(&event, "data-do") else {
            return;
        };
        let at = page::data_of(&event, "data-at").and_then(|at| at.parse().ok());
        let chosen = desk
            .study
            .with_untracked(|study| all(study.state()).into_iter().nth(at.unwrap_or(usize::MAX)));
        match (deed.as_str(), chosen) {
            ("begin", Some((_, blueprint, _))) => begin(blueprint, false),
            ("paper", Some((_, blueprint, _))) => begin(blueprint, true),
            ("edit", Some((id, mut blueprint, _))) => {
                if id.is_none() {
                    blueprint.name = format!("我的{}", blueprint.name);
                }
                editing.set(Some((id, blueprint)));
                exam_form::focus();
            }
            ("remove", Some((id, ..))) => {
                removing.set(id);
                asking.set(true);
            }
            ("cancel-exam", _) => editing.set(None),
            _ => {}
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((id, _)) = editing.get_untracked() else {
            return;
        };
        let done = exam_form::read(&desk.course.get_untracked())
            .and_then(|blueprint| desk.examine(Step::SetBlueprint(id, blueprint)));
        if exam_form::settle(done) {
            editing.set(None);
        }
    };
    let remove = move |()| {
        if let Some(id) = removing.get_untracked() {
            // Nothing hangs on a blueprint: exams carry their own.
            let _ = desk.act(Action::Remove(id));
        }
    };
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        desk.study.with(|study| offer(&mut out, study.state()));
        out.done()
    });
    let form = Signal::derive(move || {
        let mut out = Markup::default();
        if let (Some((_, blueprint)), Some(course)) = (editing.get(), desk.course.get()) {
            exam_form::put(&mut out, &blueprint, &course);
        }
        out.done()
    });
    let past = Signal::derive(move || {
        let mut out = Markup::default();
        desk.study.with(|study| history(&mut out, &study.state().exams));
        out.done()
    });
    view! {
        <div class="stack" on:click=click on:submit=submit>
            <Shown of=failed/>
            <Shown of=shown/>
            <Shown of=form/>
            <Shown of=past/>
        </div>
        <Confirm open=asking title="删除这份蓝图？" text="考过的成绩都还在。" action="删除" done=remove testid="remove-blueprint"/>
    }
}

/// Draws a paper and begins; gives the address of the exam.
async fn make(desk: Desk, blueprint: Blueprint, paper: bool) -> Result<String, String> {
    let wanted = |module: &Module| blueprint.weight(&module.id) > 0;
    let (course, banks) = Banks::fetch(desk, &wanted).await?;
    let seed = env().chance as u32;
    let items = desk
        .study
        .with_untracked(|study| draw(&blueprint, &banks.candidates(&course, study.state()), seed))?;
    desk.examine(Step::Begin(blueprint, items, seed, paper))
        .map_err(|refusal| refusal.message)?;
    let id = desk.study.with_untracked(|study| {
        let last = study.state().exams.last();
        last.map(|exam| exam.id().to_string())
    });
    let id = id.unwrap_or_default();
    Ok(if paper {
        format!("/exam/{id}/print")
    } else {
        format!("/exam/{id}")
    })
}

/// Presets and one's own blueprints, in the order of the page.
fn all(study: &Study) -> Vec<(Option<EventId>, Blueprint, &'static str)> {
    let mut all = Vec::new();
    for (blueprint, note) in presets() {
        all.push((None, blueprint, note));
    }
    for own in &study.blueprints {
        all.push((Some(own.id.clone()), own.entry.clone(), ""));
    }
    all
}

fn offer(out: &mut Markup, study: &Study) {
    html!(
        out,
        "<h1>模拟考试</h1><p>按卷面限时作答，交卷以后才看对错。<strong>各地做法不同，仅供练习</strong>，成绩不代表任何考试的结果。没做过的题先出；案例题成组，不进试卷；只对别的群体的题也不进。</p>"
    );
    for exam in study.exams.iter().filter(|exam| exam.is_open()) {
        html!(
            out,
            "<section class=\"card wrong-card\"><div><h2>没考完：",
            exam.begun.blueprint.name,
            "</h2><p class=\"muted\">",
            started(exam)
        );
        html!(
            out,
            if exam.paused {
                "开始，已暂停"
            } else {
                "开始，正在计时"
            },
            "</p></div><a class=\"button button-primary\" data-testid=\"resume-exam\" href=\"#/exam/",
            exam.id().0,
            "\">继续考试</a></section>"
        );
    }
    html!(out, "<h2>选一种卷面</h2><ul class=\"modules\">");
    for (at, (id, blueprint, note)) in all(study).into_iter().enumerate() {
        html!(
            out,
            "<li class=\"card stack\" data-at=\"",
            at,
            "\"><h3>",
            blueprint.name,
            "</h3><p>"
        );
        html!(out, in_words(&blueprint), "</p>");
        if !note.is_empty() {
            html!(out, "<p class=\"muted\">", note, "</p>");
        }
        html!(out, "<div class=\"row\">");
        button(out, "begin", "开始考试", &blueprint.name);
        button(out, "paper", "出打印卷", &blueprint.name);
        button(
            out,
            "edit",
            if id.is_some() { "修改" } else { "照此改一份" },
            &blueprint.name,
        );
        if id.is_some() {
            button(out, "remove", "删除", &blueprint.name);
        }
        html!(out, "</div></li>");
    }
    html!(out, "</ul>");
}

fn button(out: &mut Markup, deed: &str, label: &str, name: &str) {
    html!(
        out,
        "<button type=\"button\" class=\"button\" data-do=\"",
        deed,
        "\" aria-label=\"",
        label,
        "：",
        name,
        "\">",
        label,
        "</button>"
    );
}

/// When an exam began, to the minute.
fn started(exam: &Exam) -> String {
    let text = exam.at.rfc3339();
    text.get(..16).unwrap_or_default().replace('T', " ")
}

/// How earlier exams went, as a chart and as a table; papers for printing.
fn history(out: &mut Markup, exams: &[Exam]) {
    let done: Vec<&Exam> = exams.iter().filter(|exam| exam.over).collect();
    html!(out, "<h2>考过的</h2>");
    if done.is_empty() {
        html!(out, "<p class=\"empty\">还没有考过。交卷以后，成绩记在这里。</p>");
    } else {
        let last = done.get(done.len().saturating_sub(SHOWN)..).unwrap_or_default();
        chart(out, last);
        table(out, "考过的", &["开始", "卷面", "得分", "结果", "用时"]);
        for exam in done.iter().rev() {
            let score = exam.score();
            html!(
                out,
                "<tr data-exam=\"",
                exam.id().0,
                "\"><td>",
                started(exam),
                "</td><td><a href=\"#/exam/",
                exam.id().0
            );
            html!(
                out,
                "\">",
                exam.begun.blueprint.name,
                "</a></td><td>",
                score.won(),
                " / ",
                score.points
            );
            html!(
                out,
                "</td><td>",
                if exam.is_passed() { "及格" } else { "不及格" },
                "</td><td>",
                clock(exam.clock.used_ms),
                "</td></tr>"
            );
        }
        table_end(out);
    }
    let mut papers = exams.iter().filter(|exam| exam.begun.paper).rev().peekable();
    if papers.peek().is_some() {
        html!(out, "<h2>打印卷</h2><ul class=\"plain-links\">");
        for exam in papers {
            html!(
                out,
                "<li><a href=\"#/exam/",
                exam.id().0,
                "/print\"><span>",
                exam.begun.blueprint.name,
                "</span><span class=\"muted\">"
            );
            html!(out, started(exam), "</span></a></li>");
        }
        html!(out, "</ul>");
    }
}

/// The share of points of each exam, from left to right.
fn chart(out: &mut Markup, exams: &[&Exam]) {
    let width = exams.len() * 40 + 20;
    html!(
        out,
        "<figure class=\"exam-chart\"><svg viewBox=\"0 0 ",
        width,
        " 130\" width=\"",
        width,
        "\" height=\"130\" role=\"img\" aria-label=\"得分率，从早到晚："
    );
    for exam in exams {
        html!(out, exam.score().percent(), "%，");
    }
    html!(out, "\"><path class=\"grid\" d=\"M0 20H", width, "M0 120H", width);
    html!(out, "\"/><polyline points=\"");
    for (at, exam) in exams.iter().enumerate() {
        html!(out, at * 40 + 30, ",", 120 - exam.score().percent(), " ");
    }
    html!(out, "\"/>");
    for (at, exam) in exams.iter().enumerate() {
        let (x, percent) = (at * 40 + 30, exam.score().percent());
        html!(
            out,
            "<circle class=\"",
            if exam.is_passed() { "pass" } else { "fail" },
            "\" cx=\"",
            x,
            "\" cy=\"",
            120 - percent
        );
        html!(
            out,
            "\" r=\"5\"/><text x=\"",
            x,
            "\" y=\"",
            112 - percent,
            "\">",
            percent,
            "</text>"
        );
    }
    html!(
        out,
        "</svg><figcaption class=\"muted\">最近几次的得分率（%）；实心及格，空心不及格</figcaption></figure>"
    );
}
