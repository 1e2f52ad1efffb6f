//! A question to be answered: the browser's own controls, one button to submit, then at once what
//! was right and why. Everything works by keyboard: what is put in order moves by buttons, pairs
//! are chosen from lists.

use crate::domain::course::{Catalogue, QuestionBank};
use crate::domain::question::{Choice, Kind, Question};
use crate::domain::time::Date;
use crate::platform::page;
use crate::ui::markup::{Markup, html};
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The element that has the focus when a question appears.
pub(in crate::ui) const HEADING: &str = "question-heading";
/// The element that has the focus when it is answered.
pub(in crate::ui) const RESULT: &str = "question-result";
/// Where a complaint about an answer goes, and where a move is told.
pub(in crate::ui) const COMPLAINT: &str = "question-complaint";

/// A question as it is on the page.
struct Sheet<'a> {
    question: &'a Question,
    seed: u64,
    /// What was answered and whether that was right.
    answered: Option<(&'a Choice, bool)>,
}

/// One question, its options shuffled by `seed`; once it is answered, with what was answered and
/// whether that was right. It is gone when the next one comes: its answer is never asked twice.
/// The button that goes on is `data-do="next"`.
pub(in crate::ui) fn question(
    out: &mut Markup,
    question: &Question,
    seed: u64,
    course: &Catalogue,
    bank: &QuestionBank,
    answered: Option<(&Choice, bool)>,
    next_label: &str,
) {
    html!(
        out,
        "<section class=\"quiz\" data-question=\"",
        question.id,
        "\" data-kind=\"",
        question.kind.code(),
        "\">"
    );
    if let Some(case) = bank.case(question) {
        html!(
            out,
            "<div class=\"case\"><p class=\"label\">案例：",
            case.title,
            "</p><p>",
            case.text,
            "</p></div>"
        );
    }
    html!(
        out,
        "<form class=\"stack\" novalidate><fieldset><legend><span class=\"kind\"><strong>",
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
    html!(out, question.stem, "</h2></legend>");
    let sheet = Sheet {
        question,
        seed,
        answered,
    };
    let right = match question.kind {
        Kind::Single | Kind::Multiple | Kind::Judge => sheet.options(out),
        Kind::Fill => sheet.blanks(out),
        Kind::Order => sheet.order(out),
        Kind::Match => sheet.pairs(out),
        Kind::Short => sheet.short(out),
    };
    html!(
        out,
        "</fieldset><div class=\"shown\" id=\"",
        COMPLAINT,
        "\" aria-live=\"polite\"></div>"
    );
    if answered.is_none() {
        html!(
            out,
            "<button type=\"submit\" class=\"button button-primary button-large\" data-testid=\"submit-answer\">提交答案</button>"
        );
    }
    html!(out, "</form>");
    if let Some((_, correct)) = answered {
        result(out, question, &right, course, bank, correct, next_label);
    }
    html!(out, "</section>");
}

impl Sheet<'_> {
    /// What was answered in that place.
    fn given(&self, at: usize) -> &str {
        self.answered
            .and_then(|(given, _)| given.get(at))
            .map_or("", String::as_str)
    }

    /// What an input says once it is answered.
    fn closed(&self, out: &mut Markup) {
        if self.answered.is_some() {
            html!(out, " disabled");
        }
    }

    /// Buttons or boxes to choose from; gives the right answer in letters.
    fn options(&self, out: &mut Markup) -> String {
        let question = self.question;
        let mut right = String::new();
        html!(out, "<div class=\"options\">");
        for (letter, (key, text)) in ('A'..='Z').zip(question.shuffled(self.seed)) {
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
            let chosen = self.answered.is_some_and(|(chosen, _)| chosen.contains(&key));
            let (state, verdict) = match (is_right, chosen) {
                (true, true) => ("right", "✓ 正确答案，您选对了"),
                (true, false) => ("right", "✓ 正确答案，您没有选"),
                (false, true) => ("wrong", "✕ 您选了这一项，不对"),
                (false, false) => ("none", ""),
            };
            self.option(out, &key, &letter, &text, (chosen, state, verdict));
        }
        html!(out, "</div>");
        right
    }

    fn option(
        &self,
        out: &mut Markup,
        key: &str,
        letter: &str,
        text: &str,
        (chosen, state, verdict): (bool, &str, &str),
    ) {
        html!(
            out,
            "<label class=\"option\" data-chosen=\"",
            if chosen { "true" } else { "false" },
            "\""
        );
        if self.answered.is_some() {
            html!(out, " data-state=\"", state, "\"");
        }
        let kind = match self.question.kind {
            Kind::Multiple | Kind::Short => "checkbox",
            _ => "radio",
        };
        html!(
            out,
            "><input name=\"option\" type=\"",
            kind,
            "\" value=\"",
            key,
            "\""
        );
        self.closed(out);
        if chosen {
            html!(out, " checked");
        }
        html!(out, ">");
        if !letter.is_empty() {
            html!(out, "<span class=\"letter\">", letter, "</span>");
        }
        html!(out, "<span class=\"text\">", text);
        if self.answered.is_some() && !verdict.is_empty() {
            html!(out, "<span class=\"verdict\">", verdict, "</span>");
        }
        html!(out, "</span></label>");
    }

    /// A line for each blank.
    fn blanks(&self, out: &mut Markup) -> String {
        html!(out, "<div class=\"answers\">");
        for at in 0..self.question.blanks.len() {
            html!(
                out,
                "<label class=\"field\"><span>第 ",
                at + 1,
                " 空</span><input type=\"text\" data-text autocomplete=\"off\" maxlength=\"60\" value=\"",
                self.given(at),
                "\""
            );
            self.closed(out);
            html!(out, "></label>");
        }
        html!(out, "</div>");
        self.question.answer_in_words().join("；")
    }

    /// A list whose items move up and down.
    fn order(&self, out: &mut Markup) -> String {
        let mut items = self.question.shuffled(self.seed);
        if let Some((given, _)) = self.answered {
            let place = |key: &String| given.iter().position(|known| known == key);
            crate::domain::sort_by(&mut items, |a, b| place(&a.0).cmp(&place(&b.0)));
        }
        html!(out, "<ol class=\"order\">");
        for (key, text) in items {
            html!(
                out,
                "<li data-key=\"",
                key,
                "\"><span class=\"text\">",
                text,
                "</span>"
            );
            if self.answered.is_none() {
                for (towards, label) in [("up", "上移"), ("down", "下移")] {
                    html!(
                        out,
                        "<button type=\"button\" class=\"button\" data-do=\"",
                        towards,
                        "\" aria-label=\"",
                        label,
                        "：",
                        text,
                        "\">",
                        label,
                        "</button>"
                    );
                }
            }
            html!(out, "</li>");
        }
        html!(out, "</ol>");
        self.question.answer_in_words().join(" → ")
    }

    /// A list to choose from for each left side.
    fn pairs(&self, out: &mut Markup) -> String {
        let sides = self.question.right_sides(self.seed);
        html!(out, "<div class=\"answers\">");
        for (at, left) in self.question.options.values().enumerate() {
            html!(
                out,
                "<label class=\"field\"><span>",
                left,
                "</span><select data-text"
            );
            self.closed(out);
            html!(out, "><option value=\"\">请选择</option>");
            for (key, right) in &sides {
                html!(out, "<option value=\"", key, "\"");
                if key == self.given(at) {
                    html!(out, " selected");
                }
                html!(out, ">", right, "</option>");
            }
            html!(out, "</select></label>");
        }
        html!(out, "</div>");
        self.question.answer_in_words().join("；")
    }

    /// Room to write; the key points come when the writer asks for them.
    fn short(&self, out: &mut Markup) -> String {
        html!(
            out,
            "<label class=\"field\"><span>您的回答</span><textarea data-text rows=\"6\" maxlength=\"4000\""
        );
        self.closed(out);
        html!(
            out,
            ">",
            self.given(0),
            "</textarea></label><details class=\"points\""
        );
        if self.answered.is_some() {
            html!(out, " open");
        }
        html!(
            out,
            "><summary>写好了，对照要点自己评判</summary><p>勾选您的回答里说到的要点：</p><div class=\"options\">"
        );
        for (key, text) in self.question.choices() {
            let ticked = self
                .answered
                .is_some_and(|(given, _)| given.iter().skip(1).any(|known| *known == key));
            let (state, verdict) = if ticked {
                ("right", "✓ 您认为说到了")
            } else {
                ("none", "您认为没有说到")
            };
            self.option(out, &key, "", &text, (ticked, state, verdict));
        }
        html!(out, "</div></details>");
        String::new()
    }
}

/// What came of it: right or wrong, what was right, why, where it is written and when that was
/// checked, where it is taught.
fn result(
    out: &mut Markup,
    question: &Question,
    right: &str,
    course: &Catalogue,
    bank: &QuestionBank,
    correct: bool,
    next_label: &str,
) {
    html!(
        out,
        "<div class=\"result\" id=\"",
        RESULT,
        "\" role=\"status\" tabindex=\"-1\" data-testid=\"result\" data-correct=\"",
        if correct { "true" } else { "false" },
        "\"><p class=\"outcome\">",
        match (question.kind, correct) {
            (Kind::Short, true) => "✓ 自评：说到了大部分要点",
            (Kind::Short, false) => "✕ 自评：还有要点没有说到",
            (_, true) => "✓ 回答正确",
            (_, false) => "✕ 回答错误",
        },
        "</p>"
    );
    if !right.is_empty() && (!correct || question.kind == Kind::Fill) {
        html!(out, "<p><strong>正确答案：", right, "</strong></p>");
    }
    html!(out, "<p>", question.explain, "</p>");
    citations(out, &question.cited);
    let checked = question.checked.as_ref().unwrap_or(&bank.checked);
    html!(
        out,
        "<p class=\"hint\">",
        Date::parse(checked).map_or_else(|| checked.clone(), Date::chinese),
        "核对，对照：",
        question.against.as_ref().unwrap_or(&bank.against),
        "</p>"
    );
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

/// Citations in words.
pub(in crate::ui) fn citations(out: &mut Markup, cited: &[String]) {
    html!(out, "<ul class=\"citations\">");
    for citation in cited {
        html!(out, "<li>", *citation, "</li>");
    }
    html!(out, "</ul>");
}

/// The address where a question is taught.
pub(in crate::ui) fn place(question: &Question) -> String {
    match question.place() {
        (lesson, Some(anchor)) => format!("#/lesson/{lesson}/{anchor}"),
        (lesson, None) => format!("#/lesson/{lesson}"),
    }
}

/// What is answered on the page, in its order: texts, chosen keys, keys in order.
pub(in crate::ui) fn given() -> Choice {
    let mut given = Choice::new();
    each(".quiz [data-text], .quiz input:checked, .order > li", |element| {
        let attribute = |name| element.get_attribute(name);
        let text = if element.has_attribute("data-text") {
            Reflect::get(&element, &"value".into())
                .ok()
                .and_then(|value| value.as_string())
        } else {
            attribute("data-key").or_else(|| attribute("value"))
        };
        given.push(text.unwrap_or_default());
    });
    given
}

/// Opens the key points of a short answer that has been written, where they are still closed.
pub(in crate::ui) fn open_points() -> bool {
    let closed = document().query_selector(".points:not([open])").ok().flatten();
    let written = given().first().is_some_and(|text| !text.trim().is_empty());
    let Some(points) = closed.filter(|_| written) else {
        return false;
    };
    let _ = points.set_attribute("open", "");
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"hint\">请对照要点，勾选您的回答里说到的，再按一次“提交答案”</p>"
    );
    super::field::put(COMPLAINT, out);
    true
}

/// Makes the chosen options look so, after a change.
pub(in crate::ui) fn mark_chosen() {
    each(".option", |option| {
        let chosen = option.query_selector("input:checked").ok().flatten().is_some();
        let _ = option.set_attribute("data-chosen", if chosen { "true" } else { "false" });
    });
}

/// Calls `found` with each element, in the order of the page.
fn each(selector: &str, mut found: impl FnMut(Element)) {
    let Ok(list) = document().query_selector_all(selector) else {
        return;
    };
    for at in 0..list.length() {
        if let Some(element) = list.get(at).and_then(|node| node.dyn_into().ok()) {
            found(element);
        }
    }
}

/// Moves the item whose button this is one place up or down, and says where it is now. The button
/// keeps the focus.
pub(in crate::ui) fn move_item(button: &Element, up: bool) {
    let Ok(Some(item)) = button.closest("li") else {
        return;
    };
    let neighbour = if up {
        item.previous_element_sibling()
    } else {
        item.next_element_sibling()
    };
    let mut out = Markup::default();
    let text = item.query_selector(".text").ok().flatten();
    let text = text.and_then(|text| text.text_content()).unwrap_or_default();
    let (Some(neighbour), Some(list)) = (neighbour, item.parent_element()) else {
        let end = if up { "最前面" } else { "最后面" };
        html!(out, "<p class=\"hint\">“", text, "”已经在", end, "</p>");
        return super::field::put(COMPLAINT, out);
    };
    // The neighbour moves over the item, which stays in the page with its focus.
    let before = if up {
        item.next_sibling()
    } else {
        Some(item.clone().into())
    };
    let _ = list.insert_before(&neighbour, before.as_ref());
    let mut place = 1;
    let mut earlier = item.previous_element_sibling();
    while let Some(element) = earlier {
        place += 1;
        earlier = element.previous_element_sibling();
    }
    html!(
        out,
        "<p class=\"hint\">“",
        text,
        "”现在是第 ",
        place as u32,
        " 项</p>"
    );
    super::field::put(COMPLAINT, out);
}

/// Moves the focus once what has just changed is on the page.
pub(in crate::ui) fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        page::focus(id);
    });
}
