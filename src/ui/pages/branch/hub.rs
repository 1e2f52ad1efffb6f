//! The workbench's first screen: what there is, in the order in which a branch works.

use crate::format::workbench::hub::Summary;
use crate::ui::components::link_card::link_card;
use crate::ui::components::shown::{live, still};
use crate::ui::markup::{Markup, html};
use crate::ui::office::use_office;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screens: where, what, one line about it.
const SCREENS: [(&str, &str, &str); 6] = [
    (
        "#/branch/import",
        "导入名册",
        "Excel、WPS 或 CSV 的名册，先核对，再导入，能撤销",
    ),
    (
        "#/branch/people",
        "名册",
        "查找、筛选、排序；点姓名看每个人的情况和出处",
    ),
    (
        "#/branch/due",
        "到期事项",
        "谈话、考察、公示、预备期等期限，附条款，可放进日历",
    ),
    (
        "#/branch/records",
        "培养记录",
        "成批导入积极分子发来的培养记录，看学习情况",
    ),
    (
        "#/branch/class",
        "集中培训班",
        "组织发展对象短期集中培训，记考勤、成绩和鉴定",
    ),
    (
        "#/branch/figures",
        "统计与报告",
        "队伍结构、年度计划、半年报告和年度分析，向上级报送",
    ),
];

/// What there is beside them.
const BESIDE: [(&str, &str, &str); 3] = [
    (
        "#/handover",
        "接收转接包",
        "有人从外单位转入时，打开对方发来的转接包",
    ),
    ("#/verify", "核验一份记录的签名", "记录有没有被改动，是谁签的"),
    ("#/keys", "党支部的签名钥匙", "给记录签意见用；请备份，请当面核对"),
];

/// The branch's workbench.
#[component]
pub(super) fn BranchPage() -> impl IntoView {
    let office = use_office();
    let said = RwSignal::new(markup(None));
    Effect::new(move |_| {
        office.workbench.track();
        spawn_local(async move {
            let found = office.look("hub/summary", &()).await;
            said.try_set(markup(Some(found)));
        });
    });
    let mut links = Markup::default();
    html!(links, "<ul class=\"links\">");
    for (to, label, about) in SCREENS {
        link_card(&mut links, to, label, about);
    }
    html!(links, "</ul><h2>其他</h2><ul class=\"links\">");
    for (to, label, about) in BESIDE {
        link_card(&mut links, to, label, about);
    }
    html!(links, "</ul>");
    view! {
        <div class="stack">
            <h1>"党支部工作台"</h1>
            {live(said)}
            {still(links)}
            <p class="muted">"名册、记录和写下的内容只在本浏览器里，不会发给任何人；请定期到「设置与备份」下载备份。"</p>
        </div>
    }
}

fn markup(summary: Option<Result<Summary, String>>) -> String {
    let mut out = Markup::default();
    match summary {
        None => {
            html!(out, "<p class=\"muted\">正在打开名册……</p>");
        }
        Some(Err(why)) => {
            html!(
                out,
                "<p class=\"notice notice-danger\">名册没有打开：",
                why,
                "</p>"
            );
        }
        Some(Ok(summary)) if summary.people == 0 => {
            html!(
                out,
                "<p data-testid=\"summary\">名册还是空的。有现成名册的，先“导入名册”；只有培养记录的，从“培养记录”开始。</p>"
            );
        }
        Some(Ok(summary)) => {
            html!(
                out,
                "<p data-testid=\"summary\">名册上有 <strong>",
                summary.people,
                "</strong> 人，其中 ",
                summary.linked,
                " 人已关联培养记录"
            );
            if let Some((file, day)) = &summary.last {
                html!(out, "；最近一次导入：", file, "（", day, "）");
            }
            html!(out, "。</p>");
        }
    }
    out.done()
}
