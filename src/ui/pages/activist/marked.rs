//! Marks on questions: the buttons under a question, and the lists of what is doubtful and of what
//! is hidden, which the office shows.

use crate::domain::course::{Catalogue, QuestionBank};
use crate::domain::question::Question;
use crate::domain::study::{Action, Mark, Study};
use crate::platform::{files, page};
use crate::ui::components::question::{focus_soon, place};
use crate::ui::components::{field, shown::alert};
use crate::ui::desk::{Desk, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

const NOTE: &str = "mark-note";
const SAID: &str = "marks-said";
const STATE: &str = "doubt-state";
const LIST: &str = "marked-heading";

/// The buttons that mark a question. A press changes only the button ([`press`]), so that nothing
/// that has been chosen or typed is touched.
pub(super) fn buttons(out: &mut Markup, question: &str, study: &Study, answered: bool) {
    html!(
        out,
        "<section class=\"marks\" aria-label=\"给这道题做记号\"><div class=\"row\">"
    );
    let on = |mark| study.is_marked(question, mark);
    button(out, Mark::Favourite, on(Mark::Favourite), "收藏");
    let label = if answered {
        "不再出这道题"
    } else {
        "不再出这道题，跳到下一题"
    };
    button(out, Mark::Hidden, on(Mark::Hidden), label);
    html!(
        out,
        "</div><details class=\"doubt\"><summary>觉得题目有疑问<span id=\"",
        STATE,
        "\">",
        if on(Mark::Doubtful) { "（已记下）" } else { "" },
        "</span></summary><label class=\"field\"><span>哪里有疑问（可以不填）</span><textarea rows=\"3\" maxlength=\"500\" id=\"",
        NOTE
    );
    html!(
        out,
        "\">",
        study.doubt(question),
        "</textarea></label><p class=\"hint\">只记在本机，不会上传。在“自测 › 存疑的题”里可以复制成文字，交给编写的人核对。</p><p>"
    );
    button(out, Mark::Doubtful, on(Mark::Doubtful), "记为存疑");
    html!(
        out,
        "</p></details><p class=\"hint\" role=\"status\" id=\"",
        SAID,
        "\"></p></section>"
    );
}

fn button(out: &mut Markup, mark: Mark, on: bool, label: &str) {
    html!(
        out,
        "<button type=\"button\" class=\"button button-plain\" id=\"mark-",
        mark.code(),
        "\" data-mark=\"",
        mark.code(),
        "\" aria-pressed=\""
    );
    html!(out, if on { "true" } else { "false" }, "\">", label, "</button>");
}

/// Puts a mark on a question or takes it off, and says so; gives whether it is on now.
pub(super) fn press(desk: Desk, question: &str, mark: Mark) -> bool {
    let on = !desk
        .study
        .with_untracked(|study| study.state().is_marked(question, mark));
    let said = match desk.act(Action::Mark(question.into(), mark, on, field::value(NOTE))) {
        Ok(()) => {
            let pressed = if on { "true" } else { "false" };
            field::attribute(&format!("mark-{}", mark.code()), "aria-pressed", Some(pressed));
            if mark == Mark::Doubtful {
                field::say(STATE, if on { "（已记下）" } else { "" });
            }
            match (mark, on) {
                (Mark::Favourite, true) => "已收藏，可以在自测首页专门练习收藏的题。",
                (Mark::Hidden, true) => "以后不再出这道题，可以在“自测 › 不再出的题”里恢复。",
                (Mark::Doubtful, true) => "已记为存疑。",
                _ => "已取消。",
            }
            .to_owned()
        }
        Err(refusal) => refusal.message,
    };
    field::say(SAID, &said);
    on
}

/// Links to what is marked; nothing where nothing is.
pub(super) fn links(out: &mut Markup, study: &Study) {
    let mut any = false;
    for (mark, label) in [
        (Mark::Favourite, "练习收藏的题"),
        (Mark::Doubtful, "存疑的题"),
        (Mark::Hidden, "不再出的题"),
    ] {
        let count = study.marked(mark).len();
        if count == 0 {
            continue;
        }
        if !any {
            html!(out, "<ul class=\"plain-links\" data-testid=\"marked-links\">");
            any = true;
        }
        html!(
            out,
            "<li><a href=\"#/practice/",
            mark.code(),
            "\"><span>",
            label,
            "</span>"
        );
        html!(out, "<span class=\"muted\">", count, " 道</span></a></li>");
    }
    if any {
        html!(out, "</ul>");
    }
}

/// What was marked as doubtful or hidden.
#[component]
pub(in crate::ui) fn MarkedPage(
    /// Which of the two.
    mark: Mark,
) -> impl IntoView {
    let desk = use_desk();
    // Fetched as they are needed; `None` until then.
    let banks = RwSignal::new(None::<Vec<Arc<QuestionBank>>>);
    let failed = RwSignal::new(String::new());
    let load = move || {
        spawn_local(async move {
            match fetch(desk, mark).await {
                Ok(found) => {
                    banks.try_set(Some(found));
                }
                Err(why) => {
                    failed.try_set(why);
                }
            }
        });
    };
    load();
    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("retry") => {
            failed.set(String::new());
            load();
        }
        Some("unmark") => {
            if let Some(question) = page::data_of(&event, "data-question") {
                // Taking a mark off is never refused.
                let _ = desk.act(Action::Mark(question, mark, false, String::new()));
                field::say(SAID, "已取消。");
                focus_soon(LIST);
            }
        }
        Some("copy") => {
            let text = banks.with_untracked(|banks| {
                let banks = banks.as_deref().unwrap_or_default();
                desk.study
                    .with_untracked(|study| as_text(study.state(), mark, banks))
            });
            spawn_local(async move {
                let said = match files::copy(&text).await {
                    Ok(()) => "已复制，可以粘贴到别处。",
                    Err(_) => "浏览器不让复制，请直接选中下面的文字。",
                };
                field::say(SAID, said);
            });
        }
        _ => {}
    };
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        let why = failed.get();
        if !why.is_empty() {
            out.raw(&alert(&format!("题目没有取到：{why}")));
            html!(
                out,
                "<p><button type=\"button\" class=\"button\" data-do=\"retry\">重试</button></p>"
            );
        } else if let Some(course) = desk.course.get() {
            banks.with(|banks| match banks {
                Some(banks) => desk
                    .study
                    .with(|study| list(&mut out, study.state(), mark, &course, banks)),
                None => {
                    html!(out, "<p class=\"waiting\" role=\"status\">正在取题……</p>");
                }
            });
        }
        out.done()
    });
    let (title, about) = match mark {
        Mark::Hidden => (
            "不再出的题",
            "这些题不再出现在练习里，仍计入题目总数；随时可以恢复。",
        ),
        _ => (
            "存疑的题",
            "您觉得有疑问的题和您写的说明。只在本机，需要时复制成文字，交给编写的人核对。",
        ),
    };
    let mut head = Markup::default();
    html!(
        head,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/practice\">自测</a></nav><h1 id=\"",
        LIST,
        "\" tabindex=\"-1\">",
        title,
        "</h1><p>",
        about
    );
    html!(
        head,
        "</p><p class=\"hint\" role=\"status\" id=\"",
        SAID,
        "\"></p>"
    );
    view! {
        <div class="stack" on:click=click>
            <div class="shown" inner_html=head.done()></div>
            <Shown of=shown/>
        </div>
    }
}

/// The banks that hold what is marked.
async fn fetch(desk: Desk, mark: Mark) -> Result<Vec<Arc<QuestionBank>>, String> {
    let course = desk.refs().await?;
    let modules: Vec<&String> = desk.study.with_untracked(|study| {
        let holds = course.modules.iter().filter(|module| {
            let mut questions = module.lessons.iter().flat_map(|lesson| &lesson.questions);
            questions.any(|question| study.state().is_marked(&question.id, mark))
        });
        holds.map(|module| &module.id).collect()
    });
    let mut banks = Vec::new();
    for module in modules {
        banks.push(desk.bank(module).await?);
    }
    Ok(banks)
}

/// Each marked question with its note; `None` for one that has left the course.
fn marked<'a>(
    study: &'a Study,
    mark: Mark,
    banks: &'a [Arc<QuestionBank>],
) -> impl Iterator<Item = (&'a str, &'a str, Option<&'a Question>)> {
    study.marked(mark).iter().map(move |id| {
        let found = banks.iter().find_map(|bank| bank.question(id));
        let note = match mark {
            Mark::Doubtful => study.doubt(id),
            _ => "",
        };
        (id.as_str(), note, found)
    })
}

fn list(out: &mut Markup, study: &Study, mark: Mark, course: &Catalogue, banks: &[Arc<QuestionBank>]) {
    let mut any = false;
    for (id, note, question) in marked(study, mark, banks) {
        if !any {
            if mark == Mark::Doubtful {
                html!(
                    out,
                    "<p><button type=\"button\" class=\"button\" data-do=\"copy\" data-testid=\"copy-doubtful\">复制成文字</button></p>"
                );
            }
            html!(out, "<ol class=\"wrong-list\" data-testid=\"marked\">");
            any = true;
        }
        html!(out, "<li data-marked=\"", id, "\"><p>");
        let stem = question.map_or(GONE, |question| question.stem.as_str());
        html!(out, stem, "</p>");
        if !note.is_empty() {
            html!(out, "<p class=\"note\">您的说明：", note, "</p>");
        }
        html!(out, "<div class=\"row\">");
        if let Some(question) = question
            && let Some((_, lesson)) = course.lesson(question.place().0)
        {
            html!(
                out,
                "<a href=\"",
                place(question),
                "\">《",
                lesson.title,
                "》</a>"
            );
        }
        let label = if mark == Mark::Hidden {
            "恢复"
        } else {
            "不再存疑"
        };
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-do=\"unmark\" data-question=\"",
            id,
            "\" aria-label=\"",
            label,
            "："
        );
        html!(out, stem, "\">", label, "</button></div></li>");
    }
    out.raw(if any {
        "</ol>"
    } else {
        "<p class=\"empty\">现在没有。</p>"
    });
}

const GONE: &str = "（这道题已经从课程里去掉了）";

/// What is doubtful, to be sent to whoever writes the questions.
fn as_text(study: &Study, mark: Mark, banks: &[Arc<QuestionBank>]) -> String {
    let mut text = String::new();
    for (at, (id, note, question)) in marked(study, mark, banks).enumerate() {
        let stem = question.map_or(GONE, |question| question.stem.as_str());
        text += &format!("{}. [{id}] {stem}\n", at + 1);
        if !note.is_empty() {
            text += &format!("   疑问：{note}\n");
        }
    }
    text
}
