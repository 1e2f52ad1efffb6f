//! The first step: sheets, header and columns as they were understood, to be put right.

use crate::domain::branch::Field;
use crate::format::workbench::import::{Column, Columns, Sheet, Sheets, Sure};
use crate::ui::components::shown::{table, table_end};
use crate::ui::markup::{Markup, html};

/// The whole step.
pub(super) fn body(out: &mut Markup, sheets: &Sheets) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"import-heading\" data-testid=\"import-sheets\"><h2 id=\"import-heading\">第一步：看列对应得对不对</h2><p>文件“",
        sheets.file,
        "”，",
        sheets.kind
    );
    if let Some(encoding) = &sheets.encoding {
        html!(out, "，文字编码 ", *encoding);
    }
    html!(out, "。</p>");
    if let Some(at) = &sheets.was_here {
        html!(
            out,
            "<p class=\"notice\" data-testid=\"was-here\">这个文件 ",
            *at,
            " 已经导入过。再导入一次，已经导入的不会重复；当时没有导入的行会请您确认。</p>"
        );
    }
    if sheets.sheets.len() > 1 {
        choose(out, sheets);
    }
    if let Some(sheet) = sheets.sheets.get(sheets.open) {
        one(out, sheets, sheet);
    }
    branch(out, sheets);
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"import-plan\" data-do=\"plan\">开始核对</button><button type=\"button\" class=\"button\" data-testid=\"import-drop\" data-do=\"drop\">放弃这个文件</button><span class=\"muted\">核对时名册不会有变化</span></div></section>"
    );
}

/// Which sheets are taken.
fn choose(out: &mut Markup, sheets: &Sheets) {
    html!(
        out,
        "<fieldset class=\"field import-choose\"><legend class=\"label\">导入哪些工作表</legend><ul class=\"items\">"
    );
    for (at, sheet) in sheets.sheets.iter().enumerate() {
        let id = format!("import-take-{at}");
        html!(
            out,
            "<li class=\"item\"><div><span class=\"choice\"><input type=\"checkbox\" id=\"",
            id
        );
        html!(out, "\" data-set=\"take:", at, "\"");
        if sheet.take {
            html!(out, " checked");
        }
        html!(
            out,
            "><label for=\"",
            id,
            "\">",
            sheet.name,
            "（",
            sheet.rows,
            " 行）</label></span>"
        );
        if sheet.hidden {
            html!(out, " <span class=\"chip\">隐藏的工作表</span>");
        }
        match &sheet.problem {
            Some(why) if sheet.take => {
                html!(out, "<p class=\"error\">", *why, "</p>");
            }
            Some(why) => {
                html!(out, "<p class=\"muted\">", *why, "</p>");
            }
            None if sheet.unsure > 0 => {
                html!(out, "<p class=\"muted\">有 ", sheet.unsure, " 列请核对</p>");
            }
            None => {}
        }
        html!(out, "</div>");
        if at == sheets.open {
            html!(out, "<span class=\"chip chip-accent\">下面是它的列</span>");
        } else {
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-do=\"sheet:",
                at
            );
            html!(
                out,
                "\">看它的列<span class=\"visually-hidden\">：",
                sheet.name,
                "</span></button>"
            );
        }
        html!(out, "</li>");
    }
    html!(out, "</ul></fieldset>");
}

/// Header and columns of a sheet.
fn one(out: &mut Markup, sheets: &Sheets, sheet: &Sheet) {
    let columns = &sheets.columns;
    html!(out, "<h3 id=\"import-columns\">");
    if sheets.sheets.len() > 1 {
        html!(out, "工作表“", sheet.name, "”");
    } else {
        html!(out, "表头和列");
    }
    html!(out, "</h3>");
    if let Some(why) = &sheet.problem {
        html!(
            out,
            "<p class=\"notice notice-danger\" data-testid=\"import-problem\">",
            *why,
            "。</p>"
        );
    }
    header(out, sheets.open, columns);
    if columns.heads.is_empty() {
        return;
    }
    if columns.remembered {
        html!(
            out,
            "<p class=\"notice notice-ok\" data-testid=\"remembered\">以前导入过同样表头的名册，下面按上次的对应，有变化再改。</p>"
        );
    }
    if sheet.cut {
        html!(out, "<p class=\"notice\">表格太宽，后面的列没有读取。</p>");
    }
    table(out, "列的对应", &["文件里的列", "当作", "例子"]);
    for head in &columns.heads {
        column(out, sheets.open, head);
    }
    table_end(out);
}

/// Where the header is.
fn header(out: &mut Markup, at: usize, columns: &Columns) {
    html!(
        out,
        "<div class=\"row import-header\"><div class=\"field\"><label for=\"import-first\">表头是哪一行</label><select id=\"import-first\" data-testid=\"import-first\" data-set=\"header:",
        at,
        "\">"
    );
    if columns.first.is_none() {
        html!(
            out,
            "<option value=\"\" selected disabled>请选择有“姓名”的那一行</option>"
        );
    }
    for top in &columns.top {
        html!(out, "<option value=\"", top.at, "\"");
        if columns.first == Some(top.at) {
            html!(out, " selected");
        }
        html!(out, ">第 ", top.number, " 行：", top.text, "</option>");
    }
    html!(
        out,
        "</select></div><div class=\"field\"><label for=\"import-depth\">表头有几行</label><select id=\"import-depth\" data-set=\"header:",
        at,
        "\">"
    );
    for depth in 1..=3usize {
        html!(out, "<option value=\"", depth, "\"");
        if columns.depth == depth {
            html!(out, " selected");
        }
        html!(out, ">", depth, " 行</option>");
    }
    html!(out, "</select></div></div>");
}

fn column(out: &mut Markup, sheet: usize, head: &Column) {
    let id = format!("import-column-{}", head.at);
    html!(out, "<tr data-column=\"", head.at, "\"><th scope=\"row\">");
    if head.label.is_empty() {
        html!(out, "<span class=\"muted\">（没有列名）</span>");
    } else {
        html!(out, head.label);
    }
    html!(
        out,
        " <span class=\"muted\">",
        head.letters,
        " 列</span></th><td>"
    );
    if head.private {
        html!(
            out,
            "<span class=\"chip\">不读取</span> <span class=\"muted\">",
            head.why,
            "</span>"
        );
    } else {
        html!(
            out,
            "<select id=\"",
            id,
            "\" data-set=\"column:",
            sheet,
            ":",
            head.at
        );
        html!(out, "\" aria-label=\"“", head.label, "”当作\"><option value=\"\"");
        if head.field.is_none() {
            html!(out, " selected");
        }
        html!(out, ">不导入</option>");
        for field in Field::ALL {
            html!(out, "<option value=\"", field.code(), "\"");
            if head.field == Some(*field) {
                html!(out, " selected");
            }
            html!(out, ">", field.label(), "</option>");
        }
        html!(out, "</select>");
        let (class, text) = match head.sure {
            Sure::No => ("muted", head.why.as_str()),
            Sure::Likely => ("chip chip-warn", head.sure.label()),
            _ => ("muted", head.sure.label()),
        };
        if !text.is_empty() {
            html!(
                out,
                "<p class=\"import-sure\"><span class=\"",
                class,
                "\">",
                text,
                "</span></p>"
            );
        }
    }
    html!(out, "</td><td class=\"muted nowrap\">");
    for (at, sample) in head.samples.iter().enumerate() {
        if at > 0 {
            html!(out, "<br>");
        }
        html!(out, *sample);
    }
    html!(out, "</td></tr>");
}

/// The branch of rows that name none.
fn branch(out: &mut Markup, sheets: &Sheets) {
    let lacks = sheets.sheets.iter().any(|sheet| sheet.take && !sheet.has_branch);
    html!(
        out,
        "<div class=\"field\"><label for=\"import-branch\">没有写党支部的行，算哪个党支部</label><p class=\"hint\" id=\"import-branch-hint\">"
    );
    if lacks {
        html!(
            out,
            "这个文件没有党支部一列，请填全称；不填也能导入，只是同名的人不容易分清。"
        );
    } else {
        html!(out, "可以不填。");
    }
    html!(
        out,
        "</p><input type=\"text\" id=\"import-branch\" data-testid=\"import-branch\" autocomplete=\"off\" aria-describedby=\"import-branch-hint\" value=\"",
        sheets.branch,
        "\"></div>"
    );
    if sheets.sheets.len() > 1 {
        html!(
            out,
            "<p class=\"choice\"><input type=\"checkbox\" id=\"import-by-sheet\""
        );
        if sheets.by_sheet {
            html!(out, " checked");
        }
        html!(
            out,
            "><label for=\"import-by-sheet\">工作表的名称就是党支部的名称</label></p>"
        );
    }
}
