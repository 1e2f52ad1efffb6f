//! A page beside the lessons: timeline, glossary, procedure and so on. The packer made it whole;
//! here it is fetched and shown, and on the procedure's path the reader's own step is marked.

use crate::domain::study::Action;
use crate::platform::{fetch, page};
use crate::ui::components::shown::alert;
use crate::ui::desk::use_desk;
use crate::ui::markup::Shown;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A page beside the lessons, opened at an anchor when there is one.
#[component]
pub(in crate::ui) fn BesidePage(
    /// Its name.
    name: &'static str,
    /// Where in it to begin.
    anchor: Option<String>,
) -> impl IntoView {
    let desk = use_desk();
    let found = desk
        .course
        .get_untracked()
        .and_then(|course| course.page(name).cloned());
    let Some(found) = found else {
        return view! {
            <h1>"没有这一页"</h1>
            <p>"这一版课程里没有它。"<a href="#/">"回到学习首页"</a></p>
        }
        .into_any();
    };
    let text = RwSignal::new(String::new());
    let path = found.body.clone();
    let load = move || {
        let (path, anchor) = (path.clone(), anchor.clone());
        text.set("<p class=\"waiting\" role=\"status\">正在打开……</p>".into());
        spawn_local(async move {
            let (markup, fine) = match fetch::get_text(&path).await {
                Ok(fragment) => (fragment, true),
                Err(error) => {
                    let why = alert(&format!("这一页没有打开：{error}"));
                    (why + RETRY, false)
                }
            };
            // Gone when the reader has left meanwhile.
            if text.try_set(markup).is_none()
                && fine
                && let Some(anchor) = anchor
            {
                request_animation_frame(move || go_to(&anchor));
            }
        });
    };
    load();
    let click = move |event: MouseEvent| {
        if let Some(anchor) = page::data_of(&event, "data-anchor") {
            // Stays on this page: nothing is loaded again.
            event.prevent_default();
            page::replace_hash(&format!("/{name}/{anchor}"));
            go_to(&anchor);
        } else if page::data_of(&event, "data-do").as_deref() == Some("retry") {
            load();
        } else if page::data_of(&event, "data-do").as_deref() == Some("here")
            && let Some(step) = page::data_of(&event, "data-step")
        {
            let same = desk.study.with_untracked(|study| study.state().step == step);
            let id = format!("step-{step}");
            // A step of the procedure itself is never refused.
            let _ = desk.act(Action::TakeStep(if same { String::new() } else { step }));
            request_animation_frame(move || {
                page::focus(&id);
            });
        }
    };
    let shown = Signal::derive(move || {
        let step = desk.study.with(|study| study.state().step.clone());
        text.with(|text| placed(text, &step))
    });
    view! {
        <article class="beside" data-page=name on:click=click>
            <h1>{found.title}</h1>
            <Shown of=shown/>
        </article>
    }
    .into_any()
}

fn go_to(anchor: &str) {
    // What the zoom would hide shows when it is led to.
    page::mark(anchor, "data-led");
    page::focus(anchor);
    page::scroll_to(anchor);
}

const RETRY: &str = "<p><button type=\"button\" class=\"button\" data-do=\"retry\">重试</button></p>";

/// How the packer writes a step of the present edition.
const STEP: &str = "<li class=\"step\" data-step=\"";
const BUTTON: &str = " aria-pressed=\"false\">我在这一步</button>";

/// The page with the reader's step marked, and every step before it.
fn placed(html: &str, step: &str) -> String {
    let here = format!("{STEP}{step}\"");
    let Some(at) = (!step.is_empty()).then(|| html.find(&here)).flatten() else {
        return html.to_owned();
    };
    let (before, from) = html.split_at(at);
    let before = before.replace(STEP, "<li data-state=\"past\" class=\"step\" data-step=\"");
    let from = from.replacen("<li ", "<li data-state=\"here\" aria-current=\"step\" ", 1);
    before
        + &from.replacen(
            BUTTON,
            " aria-pressed=\"true\">✓ 我在这一步（再按一次取消）</button>",
            1,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_s_step_is_marked_and_those_before() {
        let entry = |id: &str| {
            format!("{STEP}{id}\" id=\"step-{id}\"><h4>{id}</h4><button data-do=\"here\"{BUTTON}</li>")
        };
        let html = ["a", "b", "c"].map(entry).concat();
        assert_eq!(placed(&html, ""), html);
        assert_eq!(placed(&html, "gone"), html);
        let marked = placed(&html, "b");
        assert_eq!(marked.matches("data-state=\"past\"").count(), 1);
        assert!(
            marked.contains("<li data-state=\"here\" aria-current=\"step\" class=\"step\" data-step=\"b\"")
        );
        assert!(marked.contains("aria-pressed=\"true\">✓ 我在这一步"));
        assert_eq!(marked.matches(BUTTON).count(), 2, "{marked}");
        let b = marked.find("data-step=\"b\"");
        assert!(marked.find("✓") > b && marked.find("✓") < marked.find("data-step=\"c\""));
    }
}
