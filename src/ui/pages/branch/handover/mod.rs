//! Changes of unit (细则, Art. 12): a package for who leaves, the receiving of one, and what a
//! person's page says of moves.
//!
//! | address | |
//! |---|---|
//! | `#/handover` | [`arriving`]: a package is opened, looked at, taken in |
//! | `#/handover/<holder>` | [`leaving`]: one is made |
//! | `#/handover/<holder>/<package>` | [`paper`]: one that was made or received, and the list to sign |
//!
//! [`parts`] is what they share.

mod arriving;
mod leaving;
mod paper;
mod parts;

use crate::domain::handover::{Direction, Move};
use crate::domain::roster::Member;
use crate::domain::study::EventId;
use crate::ui::components::shown::{table, table_end};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::route::Route;
use leptos::prelude::*;

/// The screen at that address.
pub(in crate::ui) fn handover_page(at: &str) -> AnyView {
    match at.split_once('/') {
        Some((holder, package)) => {
            let (holder, package) = (EventId(holder.into()), EventId(package.into()));
            view! { <paper::PackagePage holder package/> }.into_any()
        }
        None if at.is_empty() => view! { <arriving::ArrivingPage/> }.into_any(),
        None => view! { <leaving::LeavingPage holder=EventId(at.into())/> }.into_any(),
    }
}

/// The address of a package.
fn address(holder: &EventId, package: &EventId) -> String {
    Route::Handover(format!("{holder}/{package}")).to_string()
}

/// What a person's page says of moves: whether the person has left, the time of cultivation across
/// units, every move, and the way to make a package.
pub(super) fn person(out: &mut Markup, holder: &EventId, member: &Member) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"moves-heading\" data-testid=\"moves\"><h2 id=\"moves-heading\">单位变动与培养时间</h2>"
    );
    if let Some(step) = member.last_move()
        && step.direction == Direction::Out
    {
        let change = &step.package.body.change;
        html!(
            out,
            "<p class=\"notice\" data-testid=\"has-left\"><span><strong>已转出</strong>："
        );
        html!(
            out,
            change.day.to_string(),
            " 由「",
            change.from,
            "」转往「",
            change.to
        );
        html!(out, "」。此人的记录和历史仍保留在这里。</span></p>");
    }
    let today = env().now.date();
    let reckoning = member.reckoning(today);
    let periods = match member.last_move() {
        Some(step) if step.direction == Direction::Out => step.package.body.periods.clone(),
        _ => member.periods(today),
    };
    if periods.is_empty() {
        html!(
            out,
            "<p class=\"muted\">记录里没有确定为入党积极分子的日期，还算不出培养时间。</p>"
        );
    } else {
        parts::periods(out, &periods, &reckoning);
    }
    if !member.moves.is_empty() {
        html!(out, "<h3>变动经过</h3>");
        table(out, "变动经过", &["日期", "变动", "由", "到", "转接包", "说明"]);
        for step in member.moves.iter().rev() {
            move_row(out, holder, step);
        }
        table_end(out);
    }
    if !member.has_left() {
        html!(
            out,
            "<p><a class=\"button\" data-testid=\"to-leaving\" href=\"",
            Route::Handover(holder.0.clone()).to_string(),
            "\">转出：做转接包</a></p>"
        );
    }
    html!(out, "</section>");
}

fn move_row(out: &mut Markup, holder: &EventId, step: &Move) {
    let body = &step.package.body;
    let (day, what) = match step.direction {
        Direction::Out => (body.change.day, "转出"),
        Direction::In => (step.since.unwrap_or(body.change.day), "转入"),
    };
    html!(
        out,
        "<tr><td class=\"nowrap\">",
        day.to_string(),
        "</td><td>",
        what
    );
    html!(out, "</td><td>", body.change.from, "</td><td>", body.change.to);
    html!(
        out,
        "</td><td class=\"nowrap\"><a href=\"",
        address(holder, &body.id)
    );
    html!(out, "\">查看</a></td><td>");
    match &step.taken_back {
        Some(taken) => {
            html!(out, "<span class=\"chip chip-warn\">已撤销</span> ");
            html!(out, taken.at.date().to_string(), "：", taken.why);
        }
        None => {
            html!(out, "记于 ", step.at.date().to_string());
        }
    }
    html!(out, "</td></tr>");
}
