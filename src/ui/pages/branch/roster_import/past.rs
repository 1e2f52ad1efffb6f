//! The history of imports, and what taking the last one back would do.

use crate::format::workbench::import::{History, Last};
use crate::ui::components::shown::{table, table_end};
use crate::ui::markup::{Markup, html};

/// The history as a table.
pub(super) fn body(history: &History) -> String {
    let mut out = Markup::default();
    if history.imports.is_empty() {
        html!(
            out,
            "<p class=\"muted\" data-testid=\"no-imports\">还没有导入过名册。</p>"
        );
        return out.done();
    }
    table(&mut out, "各次导入", &["文件", "状态", "时间", "新增", "更新"]);
    for past in &history.imports {
        let last = history.last.as_ref().is_some_and(|last| last.id == past.id);
        html!(
            out,
            "<tr data-testid=\"import-past-row\"><td class=\"import-file\">",
            past.file
        );
        if let Some(encoding) = &past.encoding {
            html!(out, "<br><span class=\"muted\">文字编码 ", *encoding, "</span>");
        }
        html!(out, "</td><td>");
        match &past.undone {
            Some(at) => {
                html!(out, "<span class=\"chip\">已撤销</span> ", *at);
            }
            None if last => {
                html!(
                    out,
                    "<button type=\"button\" class=\"button\" data-testid=\"import-undo\" data-do=\"undo\">撤销</button>"
                );
            }
            None => {
                html!(out, "已导入");
            }
        }
        html!(out, "</td><td>", past.at, "</td><td>", past.new, " 人</td><td>");
        html!(out, past.changed, " 人");
        html!(out, "</td></tr>");
    }
    table_end(&mut out);
    if history.more > 0 {
        html!(out, "<p class=\"muted\">更早还有 ", history.more, " 次导入。</p>");
    }
    if history.last.is_some() {
        html!(out, "<p class=\"muted\">只能从最后一次导入开始撤销。</p>");
    }
    out.done()
}

/// What goes when the last import is taken back.
///
/// # Errors
/// Why it cannot be.
pub(super) fn what_goes(last: &Last) -> Result<String, String> {
    if let Some(why) = &last.refused {
        return Err(why.clone());
    }
    let mut text = format!("“{}”带来的 {} 人会从名册里去掉", last.file, last.gone);
    if last.kept > 0 {
        text += &format!(
            "；另有 {} 人后来由人改过或关联了培训记录，会留在名册里",
            last.kept
        );
    }
    if last.restored > 0 {
        text += &format!("；被它更新的 {} 人恢复成导入以前的样子", last.restored);
    }
    Ok(text + "。导入记录里仍会写明导入过、又撤销了。")
}
