//! A lesson: its text, 我读完了, and what comes next.
//!
//! The text is a fragment that our own packer wrote from Markdown without raw HTML, everything
//! escaped; it comes from this site, under a name that carries its hash.

use super::module::lesson_state;
use crate::domain::course::{Catalogue, Lesson, Module};
use crate::domain::study::reading::{self, Reading};
use crate::domain::study::{Action, Study};
use crate::platform::{clock, fetch, page};
use crate::ui::components::question::focus_soon;
use crate::ui::desk::{Desk, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::{Arc, Mutex};

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
    let found = desk.course.get_untracked().and_then(|course| {
        let (module, lesson) = course.lesson(&id)?;
        Some(Arc::new((module.clone(), lesson.clone(), course.clone())))
    });
    let Some(found) = found else {
        return view! {
            <h1>"没有这一课"</h1>
            <p>"它可能已经从课程里去掉了。"<a href="#/">"回到学习首页"</a></p>
        }
        .into_any();
    };
    // Markup of the text, or of what stands in its place.
    let text = RwSignal::new(String::new());
    let opened = RwSignal::new(false);
    let complaint = RwSignal::new(String::new());

    let reader = found.clone();
    let load = move || {
        let (found, anchor) = (reader.clone(), anchor.clone());
        text.set("<p class=\"waiting\" role=\"status\">正在打开课文……</p>".into());
        spawn_local(async move {
            let lesson = &found.1;
            let (markup, fine) = match fetch::get_text(&lesson.body).await {
                Ok(fragment) => (reading(&fragment, lesson), true),
                Err(error) => (failed(&error.to_string()), false),
            };
            // Gone when the reader has left meanwhile.
            if text.try_set(markup).is_some() || !fine {
                return;
            }
            opened.set(true);
            desk.note_opened(lesson);
            if let Some(anchor) = anchor {
                request_animation_frame(move || go_to(&anchor));
            }
        });
    };
    load();

    let clock = measure(desk, &found);
    let acted = found.clone();
    let click = move |event: MouseEvent| {
        if let Some(anchor) = page::data_of(&event, "data-anchor") {
            // Stays on this page: nothing is loaded again.
            event.prevent_default();
            page::replace_hash(&format!("/lesson/{}/{anchor}", acted.1.id));
            go_to(&anchor);
            return;
        }
        match page::data_of(&event, "data-do").as_deref() {
            Some("retry") => load(),
            Some("finish") => {
                clock();
                let outcome = desk.act(Action::FinishLesson(&acted.1));
                complaint.set(outcome.err().map(|refusal| refusal.message).unwrap_or_default());
                focus_soon(END);
            }
            _ => {}
        }
    };
    let (head_of, end_of) = (found.clone(), found);
    let head_shown = Signal::derive(move || desk.study.with(|study| head(&head_of, study.state())));
    let end_shown = Signal::derive(move || {
        let complaint = complaint.get();
        desk.study
            .with(|study| end(&end_of.2, &end_of.1, study.state(), &complaint))
    });
    view! {
        <article class="lesson" data-lesson=id on:click=click>
            <Shown of=head_shown/>
            <Shown of=text/>
            <section class="card stack" id=END tabindex="-1" aria-label="这一课的下一步" hidden=move || !opened.get()>
                <Shown of=end_shown/>
            </section>
        </article>
    }
    .into_any()
}

/// Measures how long the lesson is being read, until it is left; gives what writes down the time so
/// far.
fn measure(
    desk: Desk,
    found: &Arc<(Module, Lesson, Arc<Catalogue>)>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let now = || clock::now().ms;
    let reading = Reading::new(found.1.minutes, now(), page::is_visible());
    let reading = Arc::new(Mutex::new(reading));
    let (found, taken) = (found.clone(), reading.clone());
    let write = move || {
        let seconds = taken.lock().ok().and_then(|mut reading| reading.take(now()));
        if let Some(seconds) = seconds {
            // Refused once the day is full.
            let _ = desk.act(Action::SpendTime(&found.1, seconds));
        }
    };
    let (alive, shown) = (reading.clone(), reading);
    let (hidden, left) = (write.clone(), write.clone());
    let listeners = (
        page::on_activity(move || {
            if let Ok(mut reading) = alive.lock() {
                reading.active(now());
            }
        }),
        page::on_visibility(move |visible| {
            if let Ok(mut reading) = shown.lock() {
                reading.show(now(), visible);
            }
            if !visible {
                hidden();
            }
        }),
        page::on_pagehide(left),
    );
    // Kept as long as the page.
    StoredValue::new_local(listeners);
    on_cleanup(write.clone());
    write
}

/// Self-declared study time, and how it is counted; nothing while there is none.
pub(super) fn time_spent(out: &mut Markup, seconds: u32) {
    if seconds == 0 {
        return;
    }
    let minutes = reading::minutes(seconds);
    html!(
        out,
        "<details class=\"time\"><summary>自报学习时间：<span data-testid=\"time-spent\">"
    );
    if minutes >= 60 {
        html!(out, minutes / 60, " 小时 ");
    }
    html!(
        out,
        minutes % 60,
        " 分钟</span></summary><p class=\"hint\">由浏览器估计：课文在屏幕上，并且最近一分钟里滚动、按键或者点过，才算在读；每打开一次最多计到这一课建议时间的三倍，每天最多计 8 小时。它是自报的，不计入发展对象短期集中培训的学时。</p></details>"
    );
}

fn go_to(anchor: &str) {
    page::focus(anchor);
    page::scroll_to(anchor);
}

fn head((module, lesson, _): &(Module, Lesson, Arc<Catalogue>), study: &Study) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<header class=\"lesson-head\"><nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/\">学习</a><a href=\"#/module/",
        module.id,
        "\">",
        module.title,
        "</a></nav><h1>",
        lesson.title,
        "</h1><p class=\"lesson-meta\"><span>约 ",
        u32::from(lesson.minutes),
        " 分钟</span>"
    );
    lesson_state(&mut out, lesson, study);
    html!(out, "</p>");
    let history = study.lessons.get(&lesson.id);
    time_spent(&mut out, history.map_or(0, |history| history.seconds));
    html!(out, "</header>");
    out.done()
}

fn failed(why: &str) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"notice notice-danger\" role=\"alert\"><p>课文没有打开：",
        why,
        "</p><button type=\"button\" class=\"button\" data-do=\"retry\" data-testid=\"retry\">重试</button></div>"
    );
    out.done()
}

/// The text, and beside it on wide screens what is in it.
fn reading(fragment: &str, lesson: &Lesson) -> String {
    let mut out = Markup::default();
    html!(out, "<div class=\"lesson-columns\">");
    let entries = headings(fragment);
    if entries.len() > 1 {
        html!(
            out,
            "<nav class=\"contents\" aria-label=\"本课目录\"><p class=\"label\">本课目录</p><ol>"
        );
        for (anchor, title) in entries {
            html!(
                out,
                "<li><a href=\"#/lesson/",
                lesson.id,
                "/",
                anchor,
                "\" data-anchor=\"",
                anchor,
                "\">"
            );
            html!(out, title, "</a></li>");
        }
        html!(out, "</ol></nav>");
    }
    html!(out, "<div class=\"lesson-text\">");
    // The packer's, escaped by it.
    out.raw(fragment);
    html!(out, "</div></div>");
    out.done()
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

/// Marking it as read; the lesson's questions and the next lesson, which stand out once it is read.
fn end(course: &Catalogue, lesson: &Lesson, study: &Study, complaint: &str) -> String {
    let mut out = Markup::default();
    let history = study.lessons.get(&lesson.id);
    let mut primary = "";
    match history.and_then(|history| history.read.as_ref()) {
        Some((at, hash)) if *hash == lesson.hash => {
            primary = " button-primary";
            html!(
                out,
                "<p class=\"read-note\">✓ 已读，",
                at.date().chinese(),
                "</p>"
            );
        }
        other => {
            let label = if other.is_some() {
                html!(
                    out,
                    "<p>您读过以后，这一课的内容有更新，请看过现在的内容后重新确认。</p>"
                );
                "我重新读完了"
            } else {
                "我读完了"
            };
            html!(
                out,
                "<p><button type=\"button\" class=\"button button-primary button-large\" data-do=\"finish\" data-testid=\"finish-lesson\">",
                label,
                "</button></p>"
            );
        }
    }
    if !complaint.is_empty() {
        html!(out, "<p class=\"error\" role=\"alert\">", complaint, "</p>");
    }
    html!(out, "<div class=\"row\">");
    let count = lesson.count;
    if count > 0 {
        html!(
            out,
            "<a class=\"button",
            primary,
            "\" data-testid=\"practise-lesson\" href=\"#/practice/lesson/"
        );
        html!(out, lesson.id, "\">做这一课的 ", count, " 道自测题</a>");
        primary = "";
    }
    if let Some(following) = course.next_lesson(&lesson.id) {
        html!(
            out,
            "<a class=\"button",
            primary,
            "\" data-testid=\"next-lesson\" href=\"#/lesson/",
            following.id
        );
        html!(out, "\">下一课：", following.title, "</a>");
    }
    html!(out, "</div>");
    out.done()
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
