//! A question to be answered: options as the browser's own radio buttons and check boxes, one
//! button to submit, then at once what was right and why.

use super::citation::citations;
use crate::domain::course::Catalogue;
use crate::domain::question::{Choice, Kind, Question};
use crate::platform::page;
use crate::ui::route::Route;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::sync::Arc;

/// The element that has the focus when a question appears.
pub(in crate::ui) const HEADING: &str = "question-heading";
const RESULT: &str = "question-result";

/// One question. It is gone when the next one comes: its answer is never asked twice.
#[component]
pub(in crate::ui) fn QuestionCard(
    /// The question.
    question: Question,
    /// Shuffles the options.
    seed: u64,
    /// The course, for citations.
    course: Arc<Catalogue>,
    /// Takes the answer: whether it was right, or what to tell the person.
    #[prop(into)]
    answer: Callback<Choice, Result<bool, String>>,
    /// Goes on.
    #[prop(into)]
    next: Callback<()>,
    /// What the button that goes on says.
    next_label: &'static str,
) -> impl IntoView {
    let chosen = RwSignal::new(Choice::new());
    let outcome = RwSignal::new(None::<bool>);
    let complaint = RwSignal::new(None::<String>);
    let answered = move || outcome.with(Option::is_some);

    let multiple = question.kind == Kind::Multiple;
    let choices = question.shuffled(seed);
    let lettered: Vec<(String, String, String)> = ('A'..='Z')
        .zip(choices)
        .map(|(letter, (key, text))| {
            let letter = if question.kind == Kind::Judge {
                String::new()
            } else {
                letter.to_string()
            };
            (letter, key, text)
        })
        .collect();
    let options: Vec<_> = lettered
        .iter()
        .map(|(letter, key, text)| {
            option(
                letter,
                key,
                text,
                question.answer.contains(key),
                multiple,
                chosen,
                outcome,
            )
        })
        .collect();

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if outcome.with_untracked(Option::is_some) {
            return;
        }
        match answer.run(chosen.get_untracked()) {
            Ok(correct) => {
                complaint.set(None);
                outcome.set(Some(correct));
                focus_soon(RESULT);
            }
            Err(message) => complaint.set(Some(message)),
        }
    };

    let id = question.id.clone();
    let (label, hint) = (question.kind.label(), question.kind.hint());
    let stem = question.stem.clone();
    let result = move || {
        outcome
            .get()
            .map(|correct| result(&question, &lettered, &course, correct, next, next_label))
    };
    view! {
        <section class="quiz" data-question=id>
            <form class="stack" on:submit=submit novalidate>
                <fieldset>
                    <legend>
                        <span class="kind"><strong>{label}</strong><span>{hint}</span></span>
                        <h2 class="stem" id=HEADING tabindex="-1">{stem}</h2>
                    </legend>
                    <div class="options">{options}</div>
                </fieldset>
                {move || complaint.get().map(|message| view! { <p class="error" role="alert">{message}</p> })}
                {move || (!answered()).then(|| view! {
                    <button type="submit" class="button button-primary button-large" data-testid="submit-answer">"提交答案"</button>
                })}
            </form>
            {result}
        </section>
    }
}

fn option(
    letter: &str,
    key: &str,
    text: &str,
    right: bool,
    multiple: bool,
    chosen: RwSignal<Choice>,
    outcome: RwSignal<Option<bool>>,
) -> AnyView {
    let own = key.to_owned();
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&own));
    let answered = move || outcome.with(Option::is_some);
    let (for_input, for_state, for_verdict) = (is_chosen.clone(), is_chosen.clone(), is_chosen.clone());
    let state = move || {
        answered().then(|| match (right, for_state()) {
            (true, _) => "right",
            (false, true) => "wrong",
            (false, false) => "none",
        })
    };
    let verdict = move || {
        let words = match (answered(), right, for_verdict()) {
            (true, true, true) => "✓ 正确答案，您选对了",
            (true, true, false) => "✓ 正确答案，您没有选",
            (true, false, true) => "✕ 您选了这一项，不对",
            _ => return None,
        };
        Some(view! { <span class="verdict">{words}</span> })
    };
    let choose = {
        let key = key.to_owned();
        move |event| {
            let checked = event_target_checked(&event);
            chosen.update(|chosen| {
                if !multiple {
                    chosen.clear();
                }
                if checked {
                    chosen.insert(key.clone());
                } else {
                    chosen.remove(&key);
                }
            });
        }
    };
    view! {
        <label class="option" data-chosen=move || is_chosen().to_string() data-state=state>
            <input
                type=if multiple { "checkbox" } else { "radio" }
                name="option"
                value=key.to_owned()
                prop:checked=for_input
                disabled=answered
                on:change=choose
            />
            {(!letter.is_empty()).then(|| view! { <span class="letter">{letter.to_owned()}</span> })}
            <span class="text">{text.to_owned()}{verdict}</span>
        </label>
    }
    .into_any()
}

/// What came of it: right or wrong, what was right, why, where it is written, where it is taught.
fn result(
    question: &Question,
    lettered: &[(String, String, String)],
    course: &Catalogue,
    correct: bool,
    next: Callback<()>,
    next_label: &'static str,
) -> AnyView {
    let right: Vec<&str> = lettered
        .iter()
        .filter(|(_, key, _)| question.answer.contains(key))
        .map(|(letter, _, text)| {
            if letter.is_empty() {
                text.as_str()
            } else {
                letter.as_str()
            }
        })
        .collect();
    let (lesson, anchor) = question.place();
    let place = course.lesson(lesson).map(|(_, found)| {
        let to = Route::Lesson(lesson.to_owned(), anchor.map(str::to_owned));
        view! { <p><a href=to.to_string()>{format!("回到课文《{}》看这一段", found.title)}</a></p> }
    });
    view! {
        <div
            class="result"
            id=RESULT
            role="status"
            tabindex="-1"
            data-testid="result"
            data-correct=correct.to_string()
        >
            <p class="outcome">{if correct { "✓ 回答正确" } else { "✕ 回答错误" }}</p>
            {(!correct).then(|| view! { <p><strong>{format!("正确答案：{}", right.join("、"))}</strong></p> })}
            <p>{question.explain.clone()}</p>
            {citations(course, &question.cite)}
            {place}
            <div class="row">
                <button
                    type="button"
                    class="button button-primary button-large"
                    data-testid="next-question"
                    on:click=move |_| next.run(())
                >{next_label}</button>
            </div>
        </div>
    }
    .into_any()
}

/// Moves the focus once what has just changed is on the page.
pub(in crate::ui) fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        page::focus(id);
    });
}
