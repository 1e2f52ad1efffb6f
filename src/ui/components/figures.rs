//! Figures as the pages show them. They are given, never computed here; the text of each
//! `data-figure` element is exactly the number.

use crate::domain::study::progress::Figures;
use crate::ui::components::bar::bar;
use crate::ui::markup::{Markup, html};

fn number(out: &mut Markup, name: &str, value: u32) {
    html!(out, "<span data-figure=\"", name, "\">", value, "</span>");
}

/// One figure: label, number, and the whole that it is part of or its unit.
fn figure(out: &mut Markup, label: &str, name: &str, value: u32, whole: Option<(&str, u32)>, unit: &str) {
    html!(out, "<div class=\"figure\"><dt>", label, "</dt><dd>");
    number(out, name, value);
    if let Some((name, value)) = whole {
        html!(out, " / ");
        number(out, name, value);
    }
    html!(out, unit, "</dd></div>");
}

/// The figures over the whole course, and the days of study.
pub(in crate::ui) fn total(out: &mut Markup, figures: &Figures, days: u32) {
    html!(out, "<dl class=\"figures\" data-scope=\"total\">");
    let whole = Some(("lessons", figures.lessons));
    figure(out, "已读课文", "lessons_read", figures.lessons_read, whole, "");
    let whole = Some(("questions", figures.questions));
    figure(out, "已答题", "answered", figures.answered, whole, "");
    match figures.accuracy() {
        Some(share) => figure(out, "最近一次答对率", "accuracy", share, None, " %"),
        None => {
            html!(
                out,
                "<div class=\"figure\"><dt>最近一次答对率</dt><dd><span data-figure=\"accuracy\">—</span></dd></div>"
            );
        }
    }
    figure(out, "学习天数", "days", days, None, " 天");
    figure(out, "最近一次答对", "correct", figures.correct, None, " 题");
    figure(out, "累计作答", "attempts", figures.attempts, None, " 次");
    html!(out, "</dl>");
}

/// A module's bar, and its figures in one line.
pub(in crate::ui) fn of_module(out: &mut Markup, module: &str, title: &str, figures: &Figures) {
    bar(out, title, figures);
    html!(
        out,
        "<p class=\"figure-line\" data-scope=\"",
        module,
        "\"><span>课文 "
    );
    number(out, "lessons_read", figures.lessons_read);
    html!(out, " / ");
    number(out, "lessons", figures.lessons);
    html!(out, "</span><span>答题 ");
    number(out, "answered", figures.answered);
    html!(out, " / ");
    number(out, "questions", figures.questions);
    html!(out, "</span><span>答对 ");
    number(out, "correct", figures.correct);
    html!(out, "</span>");
    if figures.to_reconfirm > 0 {
        html!(
            out,
            "<span class=\"chip chip-warn\">",
            figures.to_reconfirm,
            " 处待重新确认</span>"
        );
    }
    html!(out, "</p>");
}
