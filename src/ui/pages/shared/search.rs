//! Search over lessons and questions, as one types.

use crate::domain::course::search::{Hit, Index};
use crate::platform::page;
use crate::ui::components::shown::{alert, still};
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{CompositionEvent, Event, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::sync::Arc;

/// How many are shown.
const LIMIT: usize = 30;

thread_local! {
    /// What was looked for last: there again when the reader comes back from a result.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Search.
#[component]
pub(in crate::ui) fn SearchPage() -> impl IntoView {
    let desk = use_desk();
    let last = LAST.with_borrow(Clone::clone);
    let query = RwSignal::new(last.clone());
    // While an input method composes, its letters are no words yet.
    let composing = StoredValue::new(false);
    let index = RwSignal::new(None::<Result<Arc<Index>, String>>);
    let load = move || {
        index.set(None);
        spawn_local(async move {
            let found = desk.index().await;
            index.try_set(Some(found));
        });
    };
    load();

    let take = move |event: &Event| {
        if !composing.get_value() {
            let text = event_target_value(event);
            LAST.set(text.clone());
            query.set(text);
        }
    };
    let found = Signal::derive(move || {
        let mut out = Markup::default();
        let query = query.get();
        let query = query.trim();
        index.with(|index| match index {
            None => {
                html!(out, "<p class=\"waiting\" role=\"status\">正在读取索引……</p>");
            }
            Some(Err(why)) => {
                out.raw(&alert(&format!("现在不能搜索：{why}")));
                html!(
                    out,
                    "<p><button type=\"button\" class=\"button\" data-do=\"retry\" data-testid=\"retry\">重试</button></p>"
                );
            }
            Some(Ok(_)) if query.is_empty() => {
                html!(
                    out,
                    "<p class=\"muted\" role=\"status\">输入要找的字词，例如“民主集中制”“预备期”。</p>"
                );
            }
            Some(Ok(index)) => results(&mut out, index, query),
        });
        out.done()
    });
    let mut form = Markup::default();
    html!(
        form,
        "<h1>搜索</h1><form class=\"field\" role=\"search\"><label for=\"search\">在课文和题目里找</label><input id=\"search\" type=\"search\" data-testid=\"search\" autocomplete=\"off\" enterkeyhint=\"search\" maxlength=\"64\" value=\"",
        last,
        "\"></form>"
    );
    view! {
        <div
            class="stack"
            on:submit=move |event: SubmitEvent| event.prevent_default()
            on:input=move |event: Event| take(&event)
            on:compositionstart=move |_| composing.set_value(true)
            on:compositionend=move |event: CompositionEvent| {
                composing.set_value(false);
                take(&event);
            }
            on:click=move |event| {
                if page::data_of(&event, "data-do").is_some() {
                    load();
                }
            }
        >
            {still(form)}
            <Shown of=found/>
        </div>
    }
}

fn results(out: &mut Markup, index: &Index, query: &str) {
    let hits = index.search(query, LIMIT);
    if hits.is_empty() {
        html!(
            out,
            "<p class=\"empty\" role=\"status\">没有找到“",
            query,
            "”。可以少输入几个字再试。</p>"
        );
        return;
    }
    html!(out, "<p class=\"muted\" role=\"status\">");
    if hits.len() == LIMIT {
        html!(out, "找到很多，先列出最相关的 ", LIMIT, " 处。");
    } else {
        html!(out, "找到 ", hits.len(), " 处。");
    }
    html!(out, "</p><ol class=\"hits\" data-testid=\"hits\">");
    for hit in &hits {
        result(out, index, hit);
    }
    html!(out, "</ol>");
}

fn result(out: &mut Markup, index: &Index, hit: &Hit) {
    let Some(unit) = index.units.get(hit.unit) else {
        return;
    };
    let Some(lesson) = index.lesson(unit) else {
        return;
    };
    let kind = if unit.question.is_some() {
        "题目"
    } else {
        "课文"
    };
    html!(
        out,
        "<li><p class=\"muted\"><span class=\"chip\">",
        kind,
        "</span> ",
        lesson.title
    );
    html!(out, "</p><a class=\"hit-title\" href=\"#/lesson/", lesson.id);
    if let Some(anchor) = &unit.anchor {
        html!(out, "/", anchor);
    }
    html!(
        out,
        "\">",
        if unit.heading.is_empty() {
            &lesson.title
        } else {
            &unit.heading
        },
        "</a><p>"
    );
    for (text, marked) in hit.snippet.pieces() {
        if marked {
            html!(out, "<mark>", text, "</mark>");
        } else {
            html!(out, text);
        }
    }
    html!(out, "</p></li>");
}
