//! Search over lessons, questions, terms, events and steps, as one types.

use crate::domain::course::search::{Found, Index, Kind, Query, Snippet};
use crate::platform::page;
use crate::ui::components::shown::{alert, still};
use crate::ui::desk::{Desk, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{CompositionEvent, Event, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How many are shown.
const LIMIT: usize = 30;

thread_local! {
    /// What was looked for last: there again when the reader comes back from a result.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What is still to come.
#[derive(Clone, PartialEq)]
enum Waiting {
    /// Everything.
    Texts,
    /// The questions.
    Questions,
    /// Nothing, but for what did not come (empty when everything did).
    Over(String),
}

/// Search.
#[component]
pub(in crate::ui) fn SearchPage() -> impl IntoView {
    let desk = use_desk();
    let last = LAST.with_borrow(Clone::clone);
    let query = RwSignal::new(last.clone());
    let only = RwSignal::new(None::<Kind>);
    // While an input method composes, its letters are no words yet.
    let composing = StoredValue::new(false);
    let waiting = RwSignal::new(Waiting::Texts);
    load(desk, waiting);

    let take = move |event: &Event| {
        if !composing.get_value() {
            let text = event_target_value(event);
            LAST.set(text.clone());
            query.set(text);
        }
    };
    let input = move |event: Event| match page::data_of(&event, "data-kind") {
        Some(kind) => only.set(Kind::ALL.into_iter().find(|known| known.label() == kind)),
        None => take(&event),
    };
    let found = Signal::derive(move || {
        let mut out = Markup::default();
        let waiting = waiting.get();
        let (query, only) = (query.get(), only.get());
        desk.index.with(|index| match index {
            Some(index) => results(&mut out, index, query.trim(), only, &waiting),
            None if waiting == Waiting::Texts => {
                html!(out, "<p class=\"waiting\" role=\"status\">正在读取课文……</p>");
            }
            None => {}
        });
        if let Waiting::Over(why) = &waiting
            && !why.is_empty()
        {
            out.raw(&alert(&format!("搜索的内容没有读全：{why}")));
            html!(
                out,
                "<p><button type=\"button\" class=\"button\" data-do=\"retry\" data-testid=\"retry\">重试</button></p>"
            );
        }
        out.done()
    });
    view! {
        <div
            class="stack"
            on:submit=move |event: SubmitEvent| event.prevent_default()
            on:input=input
            on:compositionstart=move |_| composing.set_value(true)
            on:compositionend=move |event: CompositionEvent| {
                composing.set_value(false);
                take(&event);
            }
            on:click=move |event| {
                if page::data_of(&event, "data-do").is_some() {
                    load(desk, waiting);
                }
            }
        >
            {still(form(&last))}
            <Shown of=found/>
        </div>
    }
}

/// Fetches what is searched: the texts first, then the questions of all modules at once.
fn load(desk: Desk, waiting: RwSignal<Waiting>) {
    waiting.set(Waiting::Texts);
    spawn_local(async move {
        if let Err(why) = desk.open_index().await {
            waiting.try_set(Waiting::Over(why));
            return;
        }
        waiting.try_set(Waiting::Questions);
        let Some(course) = desk.course.get_untracked() else {
            return;
        };
        let left = Rc::new(Cell::new(course.modules.len()));
        let failed = Rc::new(RefCell::new(String::new()));
        for at in 0..course.modules.len() {
            let (course, left, failed) = (course.clone(), left.clone(), failed.clone());
            spawn_local(async move {
                if let Err(why) = desk.index_bank(&course.modules[at].id).await {
                    failed.replace(why);
                }
                left.set(left.get() - 1);
                if left.get() == 0 {
                    waiting.try_set(Waiting::Over(failed.take()));
                }
            });
        }
    });
}

fn form(last: &str) -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h1>搜索</h1><form class=\"field\" role=\"search\"><label for=\"search\">找课文、题目、词条、大事和流程</label><input id=\"search\" type=\"search\" data-testid=\"search\" autocomplete=\"off\" enterkeyhint=\"search\" maxlength=\"64\" value=\"",
        last,
        "\"><div class=\"pills\" role=\"radiogroup\" aria-label=\"只看哪一类\"><input type=\"radio\" name=\"kind\" id=\"kind-all\" data-kind=\"\" checked><label for=\"kind-all\">全部</label>"
    );
    for kind in Kind::ALL {
        let label = kind.label();
        html!(
            out,
            "<input type=\"radio\" name=\"kind\" id=\"kind-",
            label,
            "\" data-kind=\"",
            label
        );
        html!(out, "\"><label for=\"kind-", label, "\">", label, "</label>");
    }
    html!(out, "</div></form>");
    out
}

fn results(out: &mut Markup, index: &Index, text: &str, only: Option<Kind>, waiting: &Waiting) {
    let query = Query::read(text);
    html!(out, "<p class=\"muted\" role=\"status\">");
    let found = index.search(&query, only, LIMIT);
    if text.is_empty() {
        html!(out, "输入要找的字词，例如“民主集中制”“预备期”。");
    } else {
        count(out, text, &found);
    }
    if *waiting == Waiting::Questions {
        html!(out, "题目还在读取……");
    }
    html!(out, "</p>");
    if !found.hits.is_empty() {
        html!(out, "<ol class=\"hits\" data-testid=\"hits\">");
        for hit in &found.hits {
            result(out, index, hit.unit, &query);
        }
        html!(out, "</ol>");
    }
}

fn count(out: &mut Markup, text: &str, found: &Found) {
    let (whole, partly) = (found.whole, found.partly);
    if whole == 0 {
        html!(out, "没有找到“", text, "”。");
        if partly == 0 {
            html!(out, "可以少输入几个字再试。");
        } else {
            html!(out, "下面是相近的 ", found.hits.len(), " 处。");
        }
        return;
    }
    html!(out, "找到 ", whole, " 处");
    if whole > LIMIT {
        html!(out, "，先列出最相关的 ", LIMIT, " 处");
    } else if partly > 0 {
        html!(out, "，后面是相近的");
    }
    html!(out, "。");
}

fn result(out: &mut Markup, index: &Index, number: usize, query: &Query) {
    let Some(unit) = index.unit(number) else {
        return;
    };
    let lesson = index.lesson(unit).map_or("", |lesson| &lesson.title);
    let mut heading = index.heading(number, query);
    if heading.text.is_empty() {
        heading.text = lesson.into();
    }
    html!(
        out,
        "<li><p class=\"muted\"><span class=\"chip\">",
        unit.kind.label(),
        "</span> "
    );
    if heading.text != lesson {
        html!(out, lesson);
    }
    html!(
        out,
        "</p><a class=\"hit-title\" href=\"#/",
        index.address(unit),
        "\">"
    );
    marked(out, &heading);
    html!(out, "</a><p>");
    marked(out, &index.snippet(number, query));
    html!(out, "</p></li>");
}

fn marked(out: &mut Markup, snippet: &Snippet) {
    for (text, marked) in snippet.pieces() {
        if marked {
            html!(out, "<mark>", text, "</mark>");
        } else {
            html!(out, text);
        }
    }
}
