//! Figures over the register: its structure, the plan, what is watched, reports; and the people of each
//! figure.
//!
//! | address | |
//! |---|---|
//! | `#/branch/figures[/counts/<filter>]` | counts on a day |
//! | `#/branch/figures/plan[/<year>]` | the plan beside what happened |
//! | `#/branch/figures/watch[/<filter>]` | what is watched |
//! | `#/branch/figures/report[/<report>]` | a report, to be printed and saved |
//! | `#/branch/figures/rows/<cause>` | the people of a figure |
//!
//! What is chosen stands in the address, as JSON, so that one comes back to it.

mod counts;
mod filter;
mod plan;
mod report;
mod rows;
mod watched;

pub(super) use filter::Filter;

use crate::format::workbench::figures::Cause;
use crate::ui::components::shown::alert;
use crate::ui::markup::{Markup, html};
use crate::ui::office::use_office;
use js_sys::{decode_uri_component, encode_uri_component};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The screens: their part of the address, and what they are called.
const SCREENS: [(&str, &str); 4] = [
    ("", "队伍结构"),
    ("plan", "年度计划"),
    ("watch", "需要留意的数字"),
    ("report", "报告和分析"),
];

/// The screen at that address.
pub(super) fn figures_page(at: &str) -> AnyView {
    let (screen, rest) = at.split_once('/').unwrap_or((at, ""));
    match screen {
        "plan" => plan::screen(rest),
        "watch" => watched::screen(rest),
        "report" => report::screen(rest),
        "rows" => rows::screen(rest),
        _ => counts::screen(rest),
    }
}

/// Title and the ways to the other screens; `current` is one of [`SCREENS`] or of `leave`.
pub(super) fn head(out: &mut Markup, title: &str, current: &str) {
    html!(
        out,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/branch\">党支部工作台</a></nav><h1 id=\"figures-title\">",
        title,
        "</h1><nav aria-label=\"统计与报告\"><ul class=\"row jumps\">"
    );
    let screens = SCREENS.map(|(screen, label)| (screen, label, format!("#/branch/figures/{screen}")));
    let leave = ("leave", "向上级报送和导出", "#/branch/leave".to_owned());
    for (screen, label, to) in screens.into_iter().chain([leave]) {
        html!(out, "<li><a class=\"button\" href=\"", to, "\"");
        if screen == current {
            html!(out, " aria-current=\"page\"");
        }
        html!(out, ">", label, "</a></li>");
    }
    html!(out, "</ul></nav>");
}

/// Something as a part of an address.
pub(super) fn in_address(what: &impl Serialize) -> String {
    let json = serde_json::to_string(what).unwrap_or_default();
    encode_uri_component(&json).into()
}

/// What a part of an address says.
pub(super) fn from_address<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = decode_uri_component(part).ok()?.as_string()?;
    serde_json::from_str(&json).ok()
}

/// A figure that leads to its people; none for nobody.
fn figure(out: &mut Markup, cause: &Cause, count: usize) {
    if count == 0 {
        html!(out, "0");
        return;
    }
    html!(
        out,
        "<a href=\"#/branch/figures/rows/",
        in_address(cause),
        "\">",
        count,
        "</a>"
    );
}

/// Asks the branch's program, and again whenever the workbench or what is asked has changed; what is
/// answered becomes markup. Only the last answer counts.
fn asking<Q, A>(
    what: &'static str,
    order: impl Fn() -> Q + 'static,
    show: impl Fn(&A) -> String + Copy + 'static,
) -> RwSignal<String>
where
    Q: Serialize + 'static,
    A: DeserializeOwned + 'static,
{
    let office = use_office();
    let mut waiting = Markup::default();
    html!(waiting, "<p class=\"waiting\" role=\"status\">正在统计……</p>");
    let shown = RwSignal::new(waiting.done());
    let turn = StoredValue::new(0u32);
    Effect::new(move |_| {
        office.workbench.track();
        let order = order();
        turn.try_update_value(|turn| *turn += 1);
        let mine = turn.try_get_value();
        spawn_local(async move {
            let answer = office.look::<A>(what, &order).await;
            if mine.is_some() && turn.try_get_value() == mine {
                shown.try_set(match &answer {
                    Ok(answer) => show(answer),
                    Err(why) => alert(why),
                });
            }
        });
    });
    shown
}

/// A share as people read it: `12.5%`.
fn share(part: usize, whole: usize) -> String {
    let permille = (part * 2_000 / whole.max(1)).div_ceil(2);
    format!("{}.{}%", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_rounded() {
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(2, 3), "66.7%");
        assert_eq!(share(5, 5), "100.0%");
        assert_eq!(share(0, 0), "0.0%");
    }
}
