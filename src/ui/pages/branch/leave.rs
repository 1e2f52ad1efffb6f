//! The register as it leaves: for the higher committee in the real form's shape, for other systems as
//! tables.

use super::figures::{Filter, head};
use crate::format::workbench::figures::{Counts, Of, Whom};
use crate::format::workbench::leave::{About, Left, Roster, Table};
use crate::platform::{files, page};
use crate::ui::components::field::{put, put_notice, value};
use crate::ui::components::shown::{still, table, table_end};
use crate::ui::markup::{Markup, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

const FILTER: Filter = Filter {
    name: "leave",
    of: true,
    day: true,
};
/// Where progress and outcome are said.
const SAID: &str = "leave-said";

pub(super) fn leave_page() -> AnyView {
    let office = use_office();
    let mut out = Markup::default();
    head(&mut out, "向上级报送和导出", "leave");
    html!(
        out,
        "<div class=\"notice\"><p><strong>发出去以前请看清楚：</strong>这些文件里有姓名、学号或职工号、性别、民族、籍贯、出生日期、学历、职务和发展阶段，属于个人信息；文件没有加密。只发给按规定需要的党组织，用内部渠道发，用完删除（个人信息保护法第五、六、二十八条）。没有身份证号、电话、住址、家庭情况。</p></div>"
    );
    let set = Counts {
        whom: Whom {
            of: Of::Activists,
            ..Whom::default()
        },
        ..Counts::default()
    };
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"leave-whom\"><h2 id=\"leave-whom\">导出谁</h2>"
    );
    FILTER.put(&mut out, &set);
    FILTER.ask_branches();
    html!(
        out,
        "</section><section class=\"card stack\" aria-labelledby=\"leave-form-heading\"><h2 id=\"leave-form-heading\">报送用的名册（.xlsx）</h2><p>按实际使用的名册样式：三行标题、两行表头、从第六行起一人一行，没有的填“无”。</p><div class=\"figures-fields\">"
    );
    for (id, label, hint) in [
        ("leave-attachment", "附件号", "例如：附件6："),
        ("leave-title", "标题", "空着就是“入党积极分子名册（截至某日）”"),
        ("leave-unit", "填报单位", "空着就用报告里的单位名称"),
    ] {
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">",
            label,
            "</label><p class=\"hint\" id=\"",
            id,
            "-hint\">",
            hint,
            "</p>"
        );
        html!(
            out,
            "<input type=\"text\" autocomplete=\"off\" maxlength=\"100\" id=\"",
            id,
            "\" aria-describedby=\"",
            id,
            "-hint\"></div>"
        );
    }
    html!(
        out,
        "</div><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"form\" data-testid=\"leave-form\">下载名册</button></div></section><section class=\"card stack\" aria-labelledby=\"leave-tables-heading\"><h2 id=\"leave-tables-heading\">给别的系统用的数据</h2><p>人员表一人一行，状态变动表一次变动一行，用“人员标识”对上。CSV 用表格软件打开；NDJSON 和 Parquet 给数据库和分析工具。</p>"
    );
    for (word, name) in [("people", "人员表"), ("changes", "状态变动表")] {
        html!(
            out,
            "<div class=\"row\" role=\"group\" aria-label=\"",
            name,
            "\"><span class=\"label\">",
            name,
            "</span>"
        );
        for (format, label) in [("csv", "CSV"), ("ndjson", "NDJSON"), ("parquet", "Parquet")] {
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-do=\"",
                format,
                "/",
                word,
                "\" data-testid=\"leave-",
                word,
                "-",
                format,
                "\">",
                label,
                "</button>"
            );
        }
        html!(out, "</div>");
    }
    html!(
        out,
        "<details id=\"leave-columns\"><summary>每一列是什么</summary><div class=\"stack\" id=\"leave-about\"></div></details></section><div class=\"stack\"><div id=\"leave-said\" role=\"status\"></div><div class=\"row\" id=\"leave-stop\"></div></div>"
    );
    spawn_local(async move {
        if let Ok(about) = office.look::<About>("leave/about", &()).await {
            put("leave-about", columns(&about));
        }
    });
    let press = move |event: MouseEvent| {
        let Some(what) = page::data_of(&event, "data-do") else {
            return;
        };
        if what == "stop" {
            office.stop_clerk();
            return;
        }
        let set = FILTER.read();
        let (what, text) = match what.split_once('/') {
            Some((format, of)) => {
                let asked = Table {
                    changes: of == "changes",
                    as_of: set.on,
                    whom: set.whom,
                };
                (format!("leave/{format}"), serde_json::to_string(&asked))
            }
            None => {
                let asked = Roster {
                    as_of: set.on,
                    whom: set.whom,
                    attachment: value("leave-attachment"),
                    title: value("leave-title"),
                    unit: value("leave-unit"),
                };
                ("leave/form".to_owned(), serde_json::to_string(&asked))
            }
        };
        save(office, what, text.unwrap_or_default());
    };
    view! { <div class="stack figures-page" on:click=press>{still(out)}</div> }.into_any()
}

fn save(office: Office, what: String, text: String) {
    spawn_local(async move {
        put_notice(SAID, "leaving", true, "正在导出……");
        let mut stop = Markup::default();
        html!(
            stop,
            "<button type=\"button\" class=\"button\" data-do=\"stop\">停止</button>"
        );
        put("leave-stop", stop);
        let answer = office
            .clerk(&what, &text, None, |step| {
                put_notice(SAID, "leaving", true, &step.label());
            })
            .await;
        put("leave-stop", Markup::default());
        let saved = answer.and_then(|(left, blob)| {
            let left: Left = read(&left)?;
            let blob = blob.ok_or("后台程序没有给文件，请再试一次")?;
            files::save_blob(&left.name, &blob).map_err(|error| error.to_string())?;
            Ok(left)
        });
        match saved {
            Ok(left) => put_notice(
                SAID,
                "left",
                true,
                &format!("已下载：{}，{} 行", left.name, left.rows),
            ),
            Err(why) => put_notice(SAID, "wrong", false, &format!("没有导出：{why}")),
        }
    });
}

fn columns(about: &About) -> Markup {
    let mut out = Markup::default();
    for one in &about.tables {
        html!(out, "<h3>", one.heading, "</h3>");
        table(&mut out, &one.heading, &["列", "数据里的列名", "内容", "出处"]);
        for [heading, name, holds, source] in &one.columns {
            html!(
                out,
                "<tr><th scope=\"row\">",
                heading,
                "</th><td><code>",
                name,
                "</code></td><td>"
            );
            html!(out, holds, "</td><td>", source, "</td></tr>");
        }
        table_end(&mut out);
        html!(
            out,
            "<p><a href=\"",
            one.schema,
            "\" download>下载",
            one.heading,
            "的 JSON Schema（英文说明）</a></p>"
        );
    }
    out
}
