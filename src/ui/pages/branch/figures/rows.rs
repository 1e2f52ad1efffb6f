//! The people of a figure, by windows.

use super::{asking, from_address};
use crate::format::workbench::figures::{Cause, Found, Rows, WINDOW};
use crate::platform::page;
use crate::ui::components::shown::{alert, still, table, table_end};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

pub(super) fn screen(rest: &str) -> AnyView {
    let mut out = Markup::default();
    html!(
        out,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/branch\">党支部工作台</a><a href=\"#/branch/figures\">统计与报告</a></nav><h1 id=\"rows-title\">这个数字是哪些人</h1>"
    );
    let Some(cause) = from_address::<Cause>(rest) else {
        out.raw(&alert("地址不完整，请从统计里重新点这个数字。"));
        return still(out);
    };
    html!(
        out,
        "<p><button type=\"button\" class=\"button\" data-do=\"back\">返回刚才的统计</button></p>"
    );
    let from = RwSignal::new(0usize);
    let order = move || Rows {
        cause: cause.clone(),
        from: from.get(),
    };
    let shown = asking("figures/rows", order, markup);
    // The button that was pressed is made anew: reading goes on from the top.
    let turn = || {
        page::scroll_to_top();
        page::focus("rows-title");
    };
    let press = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("back") => page::back(),
        Some("before") => {
            from.update(|from| *from = from.saturating_sub(WINDOW));
            turn();
        }
        Some("after") => {
            from.update(|from| *from += WINDOW);
            turn();
        }
        _ => {}
    };
    view! {
        <div class="stack" on:click=press>
            {still(out)}
            <Shown of=shown/>
        </div>
    }
    .into_any()
}

fn markup(found: &Found) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<p data-testid=\"cause\"><strong>",
        found.title,
        "</strong></p><p data-testid=\"rows-count\">数字是 <strong>",
        found.count,
        "</strong>，共 <strong>",
        found.people,
        "</strong> 人"
    );
    if found.count > found.people {
        html!(out, "（有人在里面算了不止一次）");
    }
    html!(out, "。</p>");
    if found.rows.is_empty() {
        html!(out, "<p class=\"empty\">没有人。</p>");
        return out.done();
    }
    table(
        &mut out,
        "这个数字里的人",
        &["姓名", "学号/职工号", "党支部", "类别", "现在的阶段", "次数"],
    );
    for one in &found.rows {
        html!(
            out,
            "<tr><th scope=\"row\"><a href=\"#/branch/person/",
            one.id.to_string(),
            "\">",
            one.name,
            "</a></th><td>"
        );
        html!(
            out,
            one.number,
            "</td><td>",
            one.branch,
            "</td><td>",
            one.group,
            "</td><td>",
            one.state
        );
        html!(out, "</td><td class=\"number\">", one.times, "</td></tr>");
    }
    table_end(&mut out);
    if found.people > WINDOW {
        let last = found.from + found.rows.len();
        html!(out, "<div class=\"row\">");
        for (word, label, can) in [
            ("before", "上一页", found.from > 0),
            ("after", "下一页", last < found.people),
        ] {
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-do=\"",
                word,
                "\""
            );
            if !can {
                html!(out, " disabled");
            }
            html!(out, ">", label, "</button>");
        }
        html!(
            out,
            "<span>第 ",
            found.from + 1,
            " 到 ",
            last,
            " 人，共 ",
            found.people,
            " 人</span></div>"
        );
    }
    out.done()
}
