//! Figures as the pages show them. They are given, never computed here; the text of each
//! `data-figure` element is exactly the number.

use crate::domain::study::progress::Figures;
use leptos::prelude::*;

/// Share of right answers in whole per cent, or a dash when nothing was answered.
fn accuracy(figures: &Figures) -> String {
    figures
        .accuracy()
        .map_or_else(|| "—".into(), |share| share.to_string())
}

fn number(name: &'static str, value: impl ToString) -> AnyView {
    view! { <span data-figure=name>{value.to_string()}</span> }.into_any()
}

fn figure(label: &'static str, value: AnyView, rest: AnyView) -> AnyView {
    view! { <div class="figure"><dt>{label}</dt><dd>{value}{rest}</dd></div> }.into_any()
}

fn of_whole(label: &'static str, part: (&'static str, u32), whole: (&'static str, u32)) -> AnyView {
    let rest = view! { " / "{number(whole.0, whole.1)} }.into_any();
    figure(label, number(part.0, part.1), rest)
}

fn with_unit(label: &'static str, name: &'static str, value: String, unit: &'static str) -> AnyView {
    figure(label, number(name, value), unit.into_any())
}

/// The figures over the whole course, and the days of study.
pub(in crate::ui) fn total(figures: &Figures, days: usize) -> AnyView {
    view! {
        <dl class="figures" data-scope="total">
            {of_whole("已读课文", ("lessons_read", figures.lessons_read), ("lessons", figures.lessons))}
            {of_whole("已答题", ("answered", figures.answered), ("questions", figures.questions))}
            {with_unit("最近一次答对率", "accuracy", accuracy(figures), if figures.accuracy().is_some() { " %" } else { "" })}
            {with_unit("学习天数", "days", days.to_string(), " 天")}
            {with_unit("最近一次答对", "correct", figures.correct.to_string(), " 题")}
            {with_unit("累计作答", "attempts", figures.attempts.to_string(), " 次")}
        </dl>
    }
    .into_any()
}

/// The figures of a module in one line.
pub(in crate::ui) fn line(module: &str, figures: &Figures) -> AnyView {
    let reconfirm = (figures.to_reconfirm > 0).then(|| {
        view! { <span class="chip chip-warn">{format!("{} 处待重新确认", figures.to_reconfirm)}</span> }
    });
    view! {
        <p class="figure-line" data-scope=module.to_owned()>
            <span>"课文 "{number("lessons_read", figures.lessons_read)}" / "{number("lessons", figures.lessons)}</span>
            <span>"答题 "{number("answered", figures.answered)}" / "{number("questions", figures.questions)}</span>
            <span>"答对 "{number("correct", figures.correct)}</span>
            {reconfirm}
        </p>
    }
    .into_any()
}
