//! A question to be answered: options as the browser's own radio buttons and check boxes, one
//! button to submit, then at once what was right and why.

use super::citation::citations;
use crate::domain::course::Catalogue;
use crate::domain::question::{Choice, Kind, Question};
use crate::platform::page;
use crate::ui::markup::{Markup, html};
use leptos::prelude::*;
use web_sys::Element;

/// The element that has the focus when a question appears.
pub(in crate::ui) const HEADING: &str = "question-heading";
/// The element that has the focus when it is answered.
pub(in crate::ui) const RESULT: &str = "question-result";
/// Where a complaint about an answer goes.
pub(in crate::ui) const COMPLAINT: &str = "question-complaint";

/// One question, its options shuffled by `seed`; once it is answered, with what was chosen and
/// whether that was right. It is gone when the next one comes: its answer is never asked twice.
/// The button that goes on is `data-do="next"`.
pub(in crate::ui) fn question(
    out: &mut Markup,
    question: &Question,
    seed: u64,
    course: &Catalogue,
    answered: Option<(&Choice, bool)>,
    next_label: &str,
) {
    html!(
        out,
        "<section class=\"quiz\" data-question=\"",
        question.id,
        "\"><form class=\"stack\" novalidate>"
    );
    html!(
        out,
        "<fieldset><legend><span class=\"kind\"><strong>",
        question.kind.label(),
        "</strong><span>"
    );
    html!(
        out,
        question.kind.hint(),
        "</span></span><h2 class=\"stem\" id=\"",
        HEADING,
        "\" tabindex=\"-1\">"
    );
    html!(out, question.stem, "</h2></legend><div class=\"options\">");
    let mut right = String::new();
    for (letter, (key, text)) in ('A'..='Z').zip(question.shuffled(seed)) {
        let letter = if question.kind == Kind::Judge {
            String::new()
        } else {
            letter.to_string()
        };
        let is_right = question.answer.contains(&key);
        if is_right {
            if !right.is_empty() {
                right.push('、');
            }
            right.push_str(if letter.is_empty() { &text } else { &letter });
        }
        let chosen = answered.is_some_and(|(chosen, _)| chosen.contains(&key));
        let (state, verdict) = match (is_right, chosen) {
            (true, true) => ("right", "✓ 正确答案，您选对了"),
            (true, false) => ("right", "✓ 正确答案，您没有选"),
            (false, true) => ("wrong", "✕ 您选了这一项，不对"),
            (false, false) => ("none", ""),
        };
        html!(
            out,
            "<label class=\"option\" data-chosen=\"",
            if chosen { "true" } else { "false" },
            "\""
        );
        if answered.is_some() {
            html!(out, " data-state=\"", state, "\"");
        }
        let kind = if question.kind == Kind::Multiple {
            "checkbox"
        } else {
            "radio"
        };
        html!(
            out,
            "><input name=\"option\" type=\"",
            kind,
            "\" value=\"",
            key,
            "\""
        );
        if answered.is_some() {
            html!(out, " disabled");
        }
        if chosen {
            html!(out, " checked");
        }
        html!(out, ">");
        if !letter.is_empty() {
            html!(out, "<span class=\"letter\">", letter, "</span>");
        }
        html!(out, "<span class=\"text\">", text);
        if answered.is_some() && !verdict.is_empty() {
            html!(out, "<span class=\"verdict\">", verdict, "</span>");
        }
        html!(out, "</span></label>");
    }
    html!(
        out,
        "</div></fieldset><div class=\"shown\" id=\"",
        COMPLAINT,
        "\"></div>"
    );
    if answered.is_none() {
        html!(
            out,
            "<button type=\"submit\" class=\"button button-primary button-large\" data-testid=\"submit-answer\">提交答案</button>"
        );
    }
    html!(out, "</form>");
    if let Some((_, correct)) = answered {
        result(out, question, &right, course, correct, next_label);
    }
    html!(out, "</section>");
}

/// What came of it: right or wrong, what was right, why, where it is written, where it is taught.
fn result(
    out: &mut Markup,
    question: &Question,
    right: &str,
    course: &Catalogue,
    correct: bool,
    next_label: &str,
) {
    html!(
        out,
        "<div class=\"result\" id=\"",
        RESULT,
        "\" role=\"status\" tabindex=\"-1\" data-testid=\"result\""
    );
    if correct {
        html!(out, " data-correct=\"true\"><p class=\"outcome\">✓ 回答正确</p>");
    } else {
        html!(out, " data-correct=\"false\"><p class=\"outcome\">✕ 回答错误</p>");
        html!(out, "<p><strong>正确答案：", right, "</strong></p>");
    }
    html!(out, "<p>", question.explain, "</p>");
    citations(out, course, &question.cite);
    if let Some((_, found)) = course.lesson(question.place().0) {
        html!(
            out,
            "<p><a href=\"",
            place(question),
            "\">回到课文《",
            found.title,
            "》看这一段</a></p>"
        );
    }
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary button-large\" data-do=\"next\" data-testid=\"next-question\">",
        next_label,
        "</button></div></div>"
    );
}

/// The address where a question is taught.
pub(in crate::ui) fn place(question: &Question) -> String {
    match question.place() {
        (lesson, Some(anchor)) => format!("#/lesson/{lesson}/{anchor}"),
        (lesson, None) => format!("#/lesson/{lesson}"),
    }
}

/// The options on the page, each with its key when it is chosen.
fn options() -> Vec<(Element, Option<String>)> {
    let mut found = Vec::new();
    let mut next = document().query_selector(".option").ok().flatten();
    while let Some(option) = next {
        let chosen = option.query_selector("input:checked").ok().flatten();
        next = option.next_element_sibling();
        found.push((option, chosen.and_then(|input| input.get_attribute("value"))));
    }
    found
}

/// What is chosen on the page.
pub(in crate::ui) fn chosen() -> Choice {
    options().into_iter().filter_map(|(_, key)| key).collect()
}

/// Makes the chosen options look so, after a change.
pub(in crate::ui) fn mark_chosen() {
    for (option, key) in options() {
        let _ = option.set_attribute("data-chosen", if key.is_some() { "true" } else { "false" });
    }
}

/// Moves the focus once what has just changed is on the page.
pub(in crate::ui) fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        page::focus(id);
    });
}
