//! The half-year report and the yearly analysis: shown as they will be printed, and saved.

use super::filter::chosen;
use super::{Filter, asking, figure, from_address, head, in_address, watched};
use crate::domain::time::Date;
use crate::domain::workbench::Deed;
use crate::format::workbench::figures::{Asked, Cause, Counts, Paper, What, Whom};
use crate::format::workbench::hub::Summary;
use crate::platform::{files, page, print};
use crate::ui::components::field::{fill, put_notice, value};
use crate::ui::components::shown::still;
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

const FILTER: Filter = Filter {
    name: "report",
    of: false,
    day: false,
};
/// How many years back there are reports.
const YEARS: u16 = 10;

pub(super) fn screen(rest: &str) -> AnyView {
    let office = use_office();
    let today = env().now.date();
    let set: Asked = from_address(rest).unwrap_or_else(|| usual(today));
    let mut out = Markup::default();
    head(&mut out, "报告和分析", "report");
    html!(
        out,
        "<p>半年报告按中办发〔2013〕4号（十三），年度分析按发展党员工作细则第十一条。表里的数字点开就是名单；“由填报人写”的部分，系统不代写。</p><div class=\"figures-filter\"><div class=\"field\"><label for=\"report-what\">哪一种</label><select id=\"report-what\">"
    );
    for what in What::ALL {
        chosen(&mut out, what.code(), what.label(), what == set.what);
    }
    html!(
        out,
        "</select></div><div class=\"field\"><label for=\"report-year\">哪一年</label><select id=\"report-year\">"
    );
    for year in (today.year() - YEARS..=today.year()).rev() {
        let text = year.to_string();
        chosen(&mut out, &text, &format!("{text}年"), year == set.year);
    }
    html!(out, "</select></div>");
    let filter = Counts {
        whom: set.whom.clone(),
        ..Counts::default()
    };
    FILTER.put(&mut out, &filter);
    FILTER.ask_branches();
    html!(
        out,
        "</div><form class=\"figures-filter\" data-form=\"unit\" novalidate><div class=\"field\"><label for=\"report-unit\">单位名称（写在报告上）</label><input type=\"text\" id=\"report-unit\" autocomplete=\"off\" maxlength=\"100\"></div><div class=\"row\"><button type=\"submit\" class=\"button\" data-testid=\"save-unit\">保存名称</button></div></form><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"docx\" data-testid=\"report-docx\">下载 Word 文件</button><button type=\"button\" class=\"button\" data-do=\"xlsx\" data-testid=\"report-xlsx\">下载表格（.xlsx）</button><button type=\"button\" class=\"button\" data-do=\"print\" data-testid=\"report-print\">打印</button></div><div id=\"report-said\" role=\"status\"></div>"
    );
    let asked = RwSignal::new(set);
    let shown = asking(
        "figures/report",
        move || asked.get(),
        move |paper: &Paper| markup(paper, &asked.get_untracked()),
    );
    unit(office);
    let change = move |event: leptos::ev::Event| {
        if page::data_of(&event, "data-form").is_some() {
            return;
        }
        let text = value("report-what");
        let what = What::ALL.into_iter().find(|what| what.code() == text);
        let set = Asked {
            what: what.unwrap_or(What::Yearly),
            year: value("report-year").parse().unwrap_or(today.year()),
            whom: Whom {
                branch: FILTER.read().whom.branch,
                ..Whom::default()
            },
        };
        page::replace_hash(&format!("/branch/figures/report/{}", in_address(&set)));
        asked.set(set);
    };
    let press = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("docx") => save(office, "figures/report-docx", &asked.get_untracked()),
        Some("xlsx") => save(office, "figures/report-xlsx", &asked.get_untracked()),
        Some("print") if !print::print() => put_notice(
            "report-said",
            "wrong",
            false,
            "这个浏览器不能打印。请下载 Word 文件，或者在电脑自带的浏览器里打开学档再打印。",
        ),
        _ => {}
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = value("report-unit");
        spawn_local(async move {
            let written = office.have_written("note/deed", &Deed::Named(name)).await;
            match written {
                Ok(_) => put_notice("report-said", "saved", true, "已保存单位名称"),
                Err(why) => put_notice("report-said", "wrong", false, &format!("没有保存：{why}")),
            }
        });
    };
    view! {
        <div class="stack" data-screen-only on:change=change on:click=press on:submit=submit>
            {still(out)}
        </div>
        <Shown of=shown/>
    }
    .into_any()
}

/// The report that is due next: of the half-year that ended last.
fn usual(today: Date) -> Asked {
    let (what, year) = if today.month() > 6 {
        (What::FirstHalf, today.year())
    } else {
        (What::SecondHalf, today.year() - 1)
    };
    Asked {
        what,
        year,
        whom: Whom::default(),
    }
}

/// Puts the unit's name into its field.
fn unit(office: Office) {
    spawn_local(async move {
        if let Ok(summary) = office.look::<Summary>("hub/summary", &()).await {
            fill("report-unit", &summary.unit);
        }
    });
}

fn save(office: Office, what: &'static str, asked: &Asked) {
    let text = serde_json::to_string(asked).unwrap_or_default();
    spawn_local(async move {
        put_notice("report-said", "saving", true, "正在写文件……");
        let answer = office.clerk(what, &text, None, |_| {}).await;
        let saved = answer.and_then(|(name, blob)| {
            let name: String = read(&name)?;
            let blob = blob.ok_or("后台程序没有给文件，请再试一次")?;
            files::save_blob(&name, &blob).map_err(|error| error.to_string())?;
            Ok(name)
        });
        match saved {
            Ok(name) => put_notice("report-said", "saved", true, &format!("已下载：{name}")),
            Err(why) => put_notice("report-said", "wrong", false, &why),
        }
    });
}

fn markup(paper: &Paper, asked: &Asked) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<article class=\"sheet\" data-testid=\"report\"><header><h1>",
        paper.title,
        "</h1></header>"
    );
    for line in paper.about() {
        html!(out, "<p class=\"small\">", line, "</p>");
    }
    for (part, section) in paper.parts.iter().zip(0..) {
        html!(out, "<section><h2>", part.title, "</h2>");
        if !part.basis.is_empty() {
            html!(out, "<p class=\"small\">依据：", part.basis, "</p>");
        }
        for (grid, table) in part.tables.iter().zip(0..) {
            if grid.lines.is_empty() {
                html!(out, "<h3>", grid.title, "</h3><p class=\"small\">没有登记</p>");
                continue;
            }
            html!(out, "<h3>", grid.title, "</h3><table><thead><tr>");
            for column in &grid.columns {
                html!(out, "<th scope=\"col\">", column, "</th>");
            }
            html!(out, "</tr></thead><tbody>");
            for ((label, numbers), line) in grid.lines.iter().zip(0..) {
                html!(out, "<tr><th scope=\"row\">", label, "</th>");
                for (number, at) in numbers.iter().zip(0..) {
                    html!(out, "<td>");
                    match number.is {
                        Some(is) if number.people => {
                            let cause = Cause::Report {
                                asked: asked.clone(),
                                place: [section, table, line, at],
                            };
                            figure(&mut out, &cause, usize::try_from(is).unwrap_or_default());
                        }
                        Some(is) => {
                            html!(out, is.to_string());
                        }
                        None => {
                            html!(out, "—");
                        }
                    }
                    html!(out, "</td>");
                }
                html!(out, "</tr>");
            }
            html!(out, "</tbody></table>");
        }
        for (one, at) in part.observations.iter().zip(0..) {
            watched::observed(&mut out, one, &|figure| Cause::ReportObserved {
                asked: asked.clone(),
                place: [section, at, figure],
            });
        }
        if part.observations.is_empty() && part.tables.is_empty() && !part.blank {
            html!(out, "<p>按现在的条件，没有需要提示的。</p>");
        }
        for note in &part.notes {
            html!(out, "<p class=\"small\">", note, "</p>");
        }
        if part.blank {
            html!(out, "<p class=\"figures-blank\"></p>");
        }
        html!(out, "</section>");
    }
    html!(
        out,
        "<p class=\"figures-sign\">填报人（签名）：　　　　　　</p><p class=\"figures-sign\">党组织负责人（签名）：　　　　　　</p><p class=\"figures-sign\">年　　月　　日</p></article>"
    );
    out.done()
}
