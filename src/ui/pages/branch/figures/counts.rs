//! Counts on a day, by everything that people are counted by.

use super::{Filter, asking, figure, from_address, head, in_address, share};
use crate::domain::structure::Dimension;
use crate::format::workbench::figures::{Cause, Counted, Counts, Lines};
use crate::platform::page;
use crate::ui::components::shown::{live, still, table, table_end};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;

const FILTER: Filter = Filter {
    name: "counts",
    of: true,
    day: true,
};

pub(super) fn screen(rest: &str) -> AnyView {
    let set: Counts = rest
        .strip_prefix("counts/")
        .or(Some(rest))
        .and_then(from_address)
        .unwrap_or_default();
    let mut out = Markup::default();
    head(&mut out, "统计与报告", "");
    html!(
        out,
        "<p>按名册和登记的发展工作数出来的人数。点任何一个数字，就看到是哪些人。数字只说明登记了什么，不下结论。</p>"
    );
    FILTER.put(&mut out, &set);
    let asked = RwSignal::new(set);
    let said = RwSignal::new(String::new());
    let shown = asking(
        "figures/counts",
        move || asked.get(),
        move |counted: &Counted| {
            said.try_set(format!("共 {} 人", counted.total));
            FILTER.put_branches(&counted.branches);
            markup(counted, &asked.get_untracked())
        },
    );
    let change = move |_| {
        let set = FILTER.read();
        page::replace_hash(&format!("/branch/figures/counts/{}", in_address(&set)));
        asked.set(set);
    };
    view! {
        <div class="stack figures-page" on:change=change>
            {still(out)}
            <div class="visually-hidden">{live(said)}</div>
            <Shown of=shown/>
        </div>
    }
    .into_any()
}

fn markup(counted: &Counted, asked: &Counts) -> String {
    let mut out = Markup::default();
    if counted.register == 0 {
        html!(
            out,
            "<p class=\"empty\">名册里还没有人。先到「<a href=\"#/branch/import\">导入名册</a>」导入。</p>"
        );
        return out.done();
    }
    let line = |by: Option<(Dimension, String)>| Cause::Line {
        on: counted.on,
        whom: asked.whom.clone(),
        by,
    };
    html!(
        out,
        "<p class=\"figures-total\" data-testid=\"total\">",
        counted.on.chinese(),
        "，",
        asked.whom.of.label(),
        "：共 <strong>"
    );
    figure(&mut out, &line(None), counted.total);
    html!(out, "</strong> 人（名册里一共 ", counted.register, " 人）</p>");
    if counted.on > env().now.date() {
        html!(
            out,
            "<p class=\"notice\">选的是以后的日子，按现在已登记的情况数。</p>"
        );
    }
    html!(out, "<div class=\"figures-tables\">");
    for lines in &counted.tables {
        block(&mut out, lines, counted, &line);
    }
    html!(out, "</div>");
    out.done()
}

fn block(
    out: &mut Markup,
    lines: &Lines,
    counted: &Counted,
    cause: &dyn Fn(Option<(Dimension, String)>) -> Cause,
) {
    let by = lines.by;
    html!(
        out,
        "<section class=\"card stack\" data-by=\"",
        by.code(),
        "\" aria-labelledby=\"by-",
        by.code(),
        "\"><h2 id=\"by-",
        by.code(),
        "\">",
        by.label(),
        "</h2>"
    );
    if lines.lines.is_empty() {
        html!(out, "<p class=\"muted\">没有人。</p></section>");
        return;
    }
    let name = format!("按{}的人数和占比", by.label());
    table(out, &name, &[by.label(), "人数", "占比", "比例图"]);
    let most = lines.lines.iter().map(|(_, count)| *count).max().unwrap_or(1);
    for (label, count) in &lines.lines {
        html!(out, "<tr><th scope=\"row\">", label, "</th><td class=\"number\">");
        figure(out, &cause(Some((by, label.clone()))), *count);
        html!(
            out,
            "</td><td class=\"number\">",
            share(*count, counted.total),
            "</td><td class=\"measure\">"
        );
        html!(
            out,
            "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        );
        html!(
            out,
            "<rect class=\"whole\" width=\"100\" height=\"10\"/><rect class=\"share\" width=\"",
            count * 100 / most.max(1),
            "\" height=\"10\"/></svg></td></tr>"
        );
    }
    table_end(out);
    if lines.more.0 > 0 {
        html!(
            out,
            "<p class=\"muted\">另有 ",
            lines.more.0,
            " 种写法、",
            lines.more.1,
            " 人没有列出；写法太多时，请先在名册里统一。</p>"
        );
    }
    if by == Dimension::Age && counted.uncertain > 0 {
        html!(out, "<p class=\"muted\">其中 ");
        let unsure = match cause(None) {
            Cause::Line { on, whom, .. } => Cause::Uncertain { on, whom },
            other => other,
        };
        figure(out, &unsure, counted.uncertain);
        html!(
            out,
            " 人只登记了出生年月或者年份，按月末、年末才算满岁，可能少算一岁。</p>"
        );
    }
    if by == Dimension::FrontLine {
        html!(
            out,
            "<p class=\"muted\">在每个人的页面上登记是不是生产、工作一线。</p>"
        );
    }
    html!(out, "</section>");
}
