//! One's groups: what is for them is shown first.

use crate::domain::course::Catalogue;
use crate::domain::course::track::{TRACKS, concerns};
use crate::domain::study::{Action, Study};
use crate::platform::page;
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::Event;
use leptos::prelude::*;

/// One's groups.
#[component]
pub(in crate::ui) fn GroupsPage() -> impl IntoView {
    let desk = use_desk();
    let change = move |event: Event| {
        let Some(code) = page::data_of(&event, "data-group") else {
            return;
        };
        let mut groups = desk.study.with_untracked(|study| study.state().groups.clone());
        match groups.iter().position(|known| *known == code) {
            Some(at) => {
                groups.remove(at);
            }
            None => groups.push(code),
        }
        // The groups are our own list: none is refused.
        let _ = desk.act(Action::ChooseGroups(groups));
    };
    // Made once: a box keeps the focus while it is ticked.
    let form = desk.study.with_untracked(|study| boxes(study.state()));
    let chosen = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(course) = desk.course.get() {
            desk.study.with(|study| lessons(&mut out, &course, study.state()));
        }
        out.done()
    });
    let count = Signal::derive(move || {
        let groups = desk.study.with(|study| study.state().groups.len());
        format!("已选 {groups} 项，对口的课列在下面")
    });
    view! {
        <div class="stack" on:change=change>
            <div class="shown" inner_html=form></div>
            <p role="status" class="hint">{move || count.get()}</p>
            <Shown of=chosen/>
        </div>
    }
}

fn boxes(study: &Study) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<h1>我的群体</h1><p>可以选一项或几项。选了以后，对口的课文和题目排在前面；别的内容都还在。这个选择只存在本机，不会写进导出的培养记录。</p><fieldset><legend>您属于</legend><div class=\"options groups\">"
    );
    for track in TRACKS {
        html!(
            out,
            "<label class=\"option\"><input type=\"checkbox\" data-group=\"",
            track.code,
            "\""
        );
        if study.groups.iter().any(|known| known == track.code) {
            html!(out, " checked");
        }
        html!(out, "><span class=\"text\">", track.label, "</span></label>");
    }
    html!(out, "</div></fieldset>");
    out.done()
}

/// The lessons for the reader's groups; nothing when there are none.
pub(super) fn lessons(out: &mut Markup, course: &Catalogue, study: &Study) {
    let own: Vec<_> = course
        .modules
        .iter()
        .flat_map(|module| &module.lessons)
        .filter(|lesson| concerns(&lesson.tracks, &study.groups))
        .collect();
    if own.is_empty() {
        return;
    }
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"own-heading\"><h2 id=\"own-heading\">为您的群体准备的课</h2><ul class=\"plain-links\">"
    );
    for lesson in own {
        html!(
            out,
            "<li><a href=\"#/lesson/",
            lesson.id,
            "\"><span>",
            lesson.title,
            "</span><span class=\"muted\">约 ",
            u32::from(lesson.minutes),
            " 分钟</span></a></li>"
        );
    }
    html!(
        out,
        "</ul><p><a class=\"button\" href=\"#/practice/groups\">做这些课的题</a></p></section>"
    );
}
