//! An exam's paper for A4, blank, and the key to it. Options stand in the order of the screen.

use super::exams::Banks;
use crate::domain::question::{Kind, Question};
use crate::domain::study::EventId;
use crate::domain::study::exam::Exam;
use crate::platform::{page, print};
use crate::ui::components::shown::alert;
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Numbers of the parts.
const NUMBERS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "七"];

/// The paper, or its key.
#[component]
pub(in crate::ui) fn ExamPrintPage(
    /// Of which exam.
    id: String,
    /// Whether it is the key.
    key: bool,
) -> impl IntoView {
    let desk = use_desk();
    let id = EventId(id);
    let failed = RwSignal::new(String::new());
    let body = RwSignal::new(String::from(
        "<p class=\"waiting\" role=\"status\">正在取题……</p>",
    ));
    let exam = desk
        .study
        .with_untracked(|study| study.state().exam(&id).cloned());
    let mut about = Markup::default();
    match &exam {
        None => {
            html!(
                about,
                "<h1>没有这份试卷</h1><p><a href=\"#/exam\">回到模拟考试</a></p>"
            );
            body.set(String::new());
        }
        // Who looks up the key while the clock runs is no longer sitting an exam.
        Some(exam) if key && exam.is_open() => {
            html!(
                about,
                "<h1>打印答案</h1><p>考试还没有交卷，交卷以后才能看答案。<a href=\"#/exam/",
                id.0,
                "\">回到考试</a></p>"
            );
            body.set(String::new());
        }
        Some(_) => {
            html!(
                about,
                "<h1>",
                if key { "打印答案" } else { "打印试卷" },
                "</h1><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"print\">打印</button>"
            );
            html!(
                about,
                "<a class=\"button\" href=\"#/exam/",
                id.0,
                if key { "/print" } else { "/key" },
                "\">",
                if key { "看试卷" } else { "看答案" },
                "</a><a class=\"button\" href=\"#/exam\">返回</a></div>"
            );
        }
    }
    if let Some(exam) = exam.filter(|exam| !(key && exam.is_open())) {
        spawn_local(async move {
            match Banks::of(desk, &exam).await {
                Ok((_, banks)) => {
                    let mut out = Markup::default();
                    sheet(&mut out, &exam, &banks, key);
                    body.try_set(out.done());
                }
                Err(why) => {
                    body.try_set(alert(&format!("题目没有取到：{why}")));
                }
            }
        });
    }
    let press = move |event: leptos::ev::MouseEvent| {
        if page::data_of(&event, "data-do").is_some() {
            failed.set(alert(if print::print() {
                ""
            } else {
                "这个浏览器不能打印。请在电脑或手机自带的浏览器里打开学档再打印。"
            }));
        }
    };
    view! {
        <div class="stack" data-screen-only on:click=press>
            <div class="shown" inner_html=about.done()></div>
            <Shown of=failed/>
        </div>
        <Shown of=body/>
    }
}

fn sheet(out: &mut Markup, exam: &Exam, banks: &Banks, key: bool) {
    let blueprint = &exam.begun.blueprint;
    html!(
        out,
        "<article class=\"sheet paper\" data-testid=\"sheet\"><header><h1>",
        blueprint.name,
        if key { "：参考答案" } else { "" },
        "</h1><p class=\"small\">卷号 "
    );
    html!(
        out,
        exam.id().0,
        "。共 ",
        blueprint.total(),
        " 分，",
        blueprint.minutes,
        " 分钟，"
    );
    html!(
        out,
        blueprint.pass,
        " 分及格。自测练习用，不是任何单位的正式试卷。</p>"
    );
    if !key {
        html!(
            out,
            "<p>单位：＿＿＿＿＿＿＿＿　姓名：＿＿＿＿＿＿　得分：＿＿＿＿</p>"
        );
    }
    html!(out, "</header>");
    for (at, item) in exam.begun.items.iter().enumerate() {
        let Some((first, part)) = blueprint.part_of(at) else {
            continue;
        };
        if at == first {
            if at > 0 {
                html!(out, "</ol></section>");
            }
            let before = blueprint.parts.iter().position(|other| other.kind == part.kind);
            html!(
                out,
                "<section><h2>",
                NUMBERS[before.unwrap_or_default() % 7],
                "、",
                part.kind.label(),
                "（每题 ",
                part.points
            );
            html!(
                out,
                " 分，共 ",
                part.points * part.count,
                " 分）</h2><ol start=\"",
                at + 1,
                "\">"
            );
        }
        html!(out, "<li>");
        match exam.same(at, banks.find(&item.id).map(|(_, question)| question)) {
            Some(question) if key => answer(out, question, exam.begun.seed_of(at)),
            Some(question) => ask(out, question, exam.begun.seed_of(at)),
            None => {
                html!(out, "<p>（这道题已更新或撤下，不作答，按满分计。）</p>");
            }
        }
        html!(out, "</li>");
    }
    html!(out, "</ol></section></article>");
}

/// A question with room for its answer.
fn ask(out: &mut Markup, question: &Question, seed: u64) {
    html!(out, "<p>", question.stem);
    if matches!(question.kind, Kind::Single | Kind::Multiple | Kind::Judge) {
        html!(out, "（　　）");
    }
    html!(out, "</p>");
    match question.kind {
        Kind::Single | Kind::Multiple | Kind::Order => {
            lettered(out, &question.shuffled(seed));
            if question.kind == Kind::Order {
                html!(out, "<p>先后顺序：＿＿＿＿＿＿＿＿</p>");
            }
        }
        Kind::Match => {
            for (at, left) in (1usize..).zip(question.options.values()) {
                html!(out, "<p>", at, ". ", *left, " — （　　）</p>");
            }
            lettered(out, &question.right_sides(seed));
        }
        Kind::Short => {
            html!(out, "<div class=\"room\"></div>");
        }
        Kind::Judge | Kind::Fill => {}
    }
}

fn lettered(out: &mut Markup, choices: &[(String, String)]) {
    html!(out, "<ol type=\"A\">");
    for (_, text) in choices {
        html!(out, "<li>", *text, "</li>");
    }
    html!(out, "</ol>");
}

/// The letter under which a key stands.
fn letter(choices: &[(String, String)], key: &str) -> String {
    let found = ('A'..='Z').zip(choices).find(|(_, (known, _))| known == key);
    found.map(|(letter, _)| letter.to_string()).unwrap_or_default()
}

fn answer(out: &mut Markup, question: &Question, seed: u64) {
    let choices = question.shuffled(seed);
    let words = match question.kind {
        Kind::Single | Kind::Multiple => {
            let mut letters: Vec<String> = question.answer.iter().map(|key| letter(&choices, key)).collect();
            letters.sort();
            letters.concat()
        }
        Kind::Order => {
            let letters: Vec<String> = question.answer.iter().map(|key| letter(&choices, key)).collect();
            letters.join(" → ")
        }
        Kind::Match => {
            let sides = question.right_sides(seed);
            let keys = (1..).zip(question.options.keys());
            let pairs: Vec<String> = keys
                .map(|(at, key)| format!("{at}—{}", letter(&sides, key)))
                .collect();
            pairs.join("　")
        }
        Kind::Judge | Kind::Fill | Kind::Short => question.answer_in_words().join("；"),
    };
    html!(
        out,
        "<p><strong>",
        words,
        "</strong>　<span class=\"small\">",
        question.cited.join("；"),
        "</span></p>"
    );
}
