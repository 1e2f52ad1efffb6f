//! A lesson: its text, 我读完了, and what comes next.
//!
//! The text is a fragment that our own packer wrote from Markdown without raw HTML, everything
//! escaped; it comes from this site, under a name that carries its hash.

use super::module::lesson_state;
use crate::domain::course::{Catalogue, Lesson};
use crate::domain::study::Action;
use crate::domain::study::progress::of_lesson;
use crate::domain::time::Date;
use crate::platform::{fetch, page};
use crate::ui::components::citation;
use crate::ui::components::question::focus_soon;
use crate::ui::desk::use_desk;
use crate::ui::route::{Route, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;

const END: &str = "lesson-end";

/// A lesson, opened at an anchor when there is one.
#[component]
pub(in crate::ui) fn LessonPage(
    /// Its id.
    id: String,
    /// Where in it to begin.
    anchor: Option<String>,
) -> impl IntoView {
    let desk = use_desk();
    let Some(course) = desk.course.get_untracked() else {
        return ().into_any();
    };
    let Some((module, lesson)) = course
        .lesson(&id)
        .map(|(module, lesson)| (module.clone(), lesson.clone()))
    else {
        return view! {
            <h1>"没有这一课"</h1>
            <p>"它可能已经从课程里去掉了。"<a href="#/">"回到学习首页"</a></p>
        }
        .into_any();
    };
    let body = RwSignal::new(None::<Result<String, String>>);
    let complaint = RwSignal::new(None::<String>);
    let anchor = StoredValue::new(anchor);
    let lesson = StoredValue::new(lesson);

    let load = move || {
        body.set(None);
        spawn_local(async move {
            let Some(own) = lesson.try_get_value() else { return };
            let text = fetch::get_text(&own.body)
                .await
                .map_err(|error| error.to_string());
            let fine = text.is_ok();
            // Gone when the reader has left meanwhile.
            if body.try_set(Some(text)).is_some() || !fine {
                return;
            }
            desk.note_opened(&own);
            if let Some(anchor) = anchor.try_get_value().flatten() {
                request_animation_frame(move || go_to(&anchor));
            }
        });
    };
    load();

    let finish = move |_| {
        let outcome = lesson.with_value(|lesson| desk.act(Action::FinishLesson(lesson)));
        complaint.set(outcome.err().map(|refusal| refusal.message));
        focus_soon(END);
    };
    let text = move || {
        body.with(|body| match body {
            None => view! { <p class="waiting" role="status">"正在打开课文……"</p> }.into_any(),
            Some(Err(why)) => view! {
                <div class="notice notice-danger" role="alert">
                    <p>{format!("课文没有打开：{why}")}</p>
                    <button type="button" class="button" data-testid="retry" on:click=move |_| load()>"重试"</button>
                </div>
            }
            .into_any(),
            Some(Ok(html)) => reading(html, &lesson.get_value()),
        })
    };
    let opened = move || body.with(|body| matches!(body, Some(Ok(_))));
    let end = {
        let course = course.clone();
        move || {
            opened().then(|| {
            let read = desk.study.with(|study| {
                let state = study.state();
                lesson.with_value(|lesson| match state.lessons.get(&lesson.id).and_then(|history| history.read.as_ref()) {
                    Some((at, _)) if of_lesson(lesson, state).lessons_read == 1 => Reading::Read(at.date()),
                    Some(_) => Reading::Changed,
                    None => Reading::Open,
                })
            });
            let finish = move |label: &'static str| {
                view! {
                    <p><button type="button" class="button button-primary button-large" data-testid="finish-lesson" on:click=finish>{label}</button></p>
                }
                .into_any()
            };
            let shown = match read {
                Reading::Open => finish("我读完了"),
                Reading::Changed => view! {
                    <p>"您读过以后，这一课的内容有更新，请看过现在的内容后重新确认。"</p>
                    {finish("我重新读完了")}
                }
                .into_any(),
                Reading::Read(day) => view! { <p class="read-note">{format!("✓ 已读，{}", day.chinese())}</p> }.into_any(),
            };
            let next = lesson.with_value(|lesson| next(&course, lesson, matches!(read, Reading::Read(_))));
            view! {
                <section class="card stack" id=END tabindex="-1" aria-label="这一课的下一步">
                    {shown}
                    {move || complaint.get().map(|text| view! { <p class="error" role="alert">{text}</p> })}
                    {next}
                </section>
            }
        })
        }
    };
    let state = move || {
        desk.study
            .with(|study| lesson.with_value(|lesson| lesson_state(lesson, study.state())))
    };
    let head = lesson.with_value(|lesson| {
        let checked = Date::parse(&lesson.checked).map_or_else(|| lesson.checked.clone(), Date::chinese);
        view! {
            <h1>{lesson.title.clone()}</h1>
            <p class="lesson-meta">
                <span>{format!("约 {} 分钟", lesson.minutes)}</span>
                <span>{format!("{checked}与原文核对")}</span>
                {state}
            </p>
            {citation::sources(&course, &lesson.sources)}
        }
        .into_any()
    });
    view! {
        <article class="lesson" data-lesson=id>
            <header class="lesson-head">
                <nav class="crumbs" aria-label="当前位置">
                    <a href="#/">"学习"</a>
                    <a href=Route::Module(module.id.clone()).to_string()>{module.title.clone()}</a>
                </nav>
                {head}
            </header>
            {text}
            {end}
        </article>
    }
    .into_any()
}

/// How far this reader is with the lesson.
enum Reading {
    Open,
    Changed,
    Read(Date),
}

fn go_to(anchor: &str) {
    page::focus(anchor);
    page::scroll_to(anchor);
}

/// The text, and beside it on wide screens what is in it.
fn reading(html: &str, lesson: &Lesson) -> AnyView {
    let entries: Vec<_> = headings(html)
        .into_iter()
        .map(|(anchor, title)| {
            let to = Route::Lesson(lesson.id.clone(), Some(anchor.clone())).to_string();
            let hash = to.trim_start_matches('#').to_owned();
            view! {
                <li><a href=to on:click=move |event| {
                    // Stays on this page: nothing is loaded again.
                    event.prevent_default();
                    page::replace_hash(&hash);
                    go_to(&anchor);
                }>{title}</a></li>
            }
            .into_any()
        })
        .collect();
    let contents = (entries.len() > 1).then(|| view! {
        <nav class="contents" aria-label="本课目录"><p class="label">"本课目录"</p><ol>{entries}</ol></nav>
    });
    view! {
        <div class="lesson-columns">
            {contents}
            <div class="lesson-text" inner_html=html.to_owned()></div>
        </div>
    }
    .into_any()
}

/// The sub-headings with anchors, as the packer writes them: `<h2 id="anchor">title</h2>`.
fn headings(html: &str) -> Vec<(String, String)> {
    html.split("<h2 id=\"")
        .skip(1)
        .filter_map(|rest| {
            let (anchor, rest) = rest.split_once("\">")?;
            let (title, _) = rest.split_once("</h2>")?;
            Some((anchor.to_owned(), plain(title)))
        })
        .collect()
}

/// Text without tags; of entities those that the packer writes.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The lesson's questions and the next lesson. What comes next stands out once the lesson is read.
fn next(course: &Catalogue, lesson: &Lesson, read: bool) -> AnyView {
    let count = lesson.questions.len();
    let class = |primary: bool| {
        if primary && read {
            "button button-primary"
        } else {
            "button"
        }
    };
    let practise = (count > 0).then(|| {
        let to = Route::Practice(Scope::Lesson(lesson.id.clone()));
        view! { <a class=class(true) data-testid="practise-lesson" href=to.to_string()>{format!("做这一课的 {count} 道自测题")}</a> }
    });
    let following = course.next_lesson(&lesson.id).map(|following| {
        let to = Route::Lesson(following.id.clone(), None);
        view! { <a class=class(count == 0) data-testid="next-lesson" href=to.to_string()>{format!("下一课：{}", following.title)}</a> }
    });
    view! { <div class="row">{practise}{following}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::headings;

    #[test]
    fn headings_are_those_with_anchors() {
        let html = "<h2>学习目标</h2><h2 id=\"a\">甲 &amp; <strong>乙</strong></h2><p>…</p><h3 id=\"b\">丙</h3><h2 id=\"c\">丁</h2>";
        assert_eq!(
            headings(html),
            [("a".into(), "甲 & 乙".into()), ("c".into(), "丁".into())]
        );
    }
}
