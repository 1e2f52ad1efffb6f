//! Search over lessons and questions, as one types.

use crate::domain::course::search::{Hit, Index};
use crate::ui::desk::use_desk;
use crate::ui::route::Route;
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
    let query = RwSignal::new(LAST.with_borrow(Clone::clone));
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

    let take = move |text: String| {
        if !composing.get_value() {
            LAST.set(text.clone());
            query.set(text);
        }
    };
    let found = move || {
        let query = query.get();
        let query = query.trim();
        index.with(|index| match index {
            None => view! { <p class="waiting" role="status">"正在读取索引……"</p> }.into_any(),
            Some(Err(why)) => view! {
                <div class="notice notice-danger" role="alert">
                    <p>{format!("现在不能搜索：{why}")}</p>
                    <button type="button" class="button" data-testid="retry" on:click=move |_| load()>"重试"</button>
                </div>
            }
            .into_any(),
            Some(Ok(_)) if query.is_empty() => {
                view! { <p class="muted" role="status">"输入要找的字词，例如“民主集中制”“预备期”。"</p> }.into_any()
            }
            Some(Ok(index)) => results(index, query),
        })
    };
    view! {
        <div class="stack">
            <h1>"搜索"</h1>
            <form class="field" role="search" on:submit=move |event| event.prevent_default()>
                <label for="search">"在课文和题目里找"</label>
                <input
                    id="search" type="search" data-testid="search" autocomplete="off" enterkeyhint="search" maxlength="64"
                    prop:value=query.get_untracked()
                    on:input=move |event| take(event_target_value(&event))
                    on:compositionstart=move |_| composing.set_value(true)
                    on:compositionend=move |event| {
                        composing.set_value(false);
                        take(event_target_value(&event));
                    }
                />
            </form>
            {found}
        </div>
    }
}

fn results(index: &Index, query: &str) -> AnyView {
    let hits = index.search(query, LIMIT);
    if hits.is_empty() {
        return view! { <p class="empty" role="status">{format!("没有找到“{query}”。可以少输入几个字再试。")}</p> }.into_any();
    }
    let count = match hits.len() {
        LIMIT => format!("找到很多，先列出最相关的 {LIMIT} 处。"),
        count => format!("找到 {count} 处。"),
    };
    let items: Vec<_> = hits.iter().filter_map(|hit| result(index, hit)).collect();
    view! {
        <p class="muted" role="status">{count}</p>
        <ol class="hits" data-testid="hits">{items}</ol>
    }
    .into_any()
}

fn result(index: &Index, hit: &Hit) -> Option<AnyView> {
    let unit = index.units.get(hit.unit)?;
    let lesson = index.lesson(unit)?;
    let to = Route::Lesson(lesson.id.clone(), unit.anchor.clone());
    let heading = if unit.heading.is_empty() {
        lesson.title.clone()
    } else {
        unit.heading.clone()
    };
    let kind = if unit.question.is_some() {
        "题目"
    } else {
        "课文"
    };
    let snippet: Vec<_> = hit
        .snippet
        .pieces()
        .into_iter()
        .map(|(text, marked)| {
            let text = text.to_owned();
            if marked {
                view! { <mark>{text}</mark> }.into_any()
            } else {
                text.into_any()
            }
        })
        .collect();
    Some(
        view! {
            <li>
                <p class="muted"><span class="chip">{kind}</span>" "{lesson.title.clone()}</p>
                <a class="hit-title" href=to.to_string()>{heading}</a>
                <p>{snippet}</p>
            </li>
        }
        .into_any(),
    )
}
