//! The second step: what would become of each row, and what somebody says of it.

use crate::domain::branch::{Decision, Field, Verdict};
use crate::format::workbench::import::{Asked, Filter, Row, Window};
use crate::ui::components::shown::{table, table_end};
use crate::ui::markup::{Markup, html};

/// The element id of the input for a value.
pub(super) fn value_id(line: usize, field: Field) -> String {
    format!("import-value-{line}-{}", field.code())
}

/// The element id of the tick that has a value said for all rows with the same words.
pub(super) fn alike_id(line: usize, field: Field) -> String {
    format!("import-alike-{line}-{}", field.code())
}

fn row_id(line: usize) -> String {
    format!("import-row-{line}")
}

/// Where to go on after a row was settled: that row, or the next one that is still shown.
pub(super) fn next_of(window: &Window, line: usize) -> String {
    let next = window.rows.iter().find(|row| row.line >= line);
    next.or(window.rows.last())
        .map_or_else(|| "import-list".to_owned(), |row| row_id(row.line))
}

/// The look of a filter.
fn chip(filter: Filter) -> &'static str {
    match filter {
        Filter::Of(Verdict::New | Verdict::Changed) => "chip chip-ok",
        Filter::Of(Verdict::Doubtful) | Filter::Noted => "chip chip-warn",
        Filter::Of(Verdict::Refused) => "chip chip-danger",
        _ => "chip",
    }
}

/// The whole step.
pub(super) fn body(out: &mut Markup, window: &Window) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"import-heading\" data-testid=\"import-dry\"><h2 id=\"import-heading\">第二步：核对，名册还没有变化</h2><p>文件“",
        window.file,
        "”。</p>"
    );
    if let Some(at) = &window.was_here {
        html!(
            out,
            "<p class=\"notice\" data-testid=\"was-here\">这个文件 ",
            *at,
            " 已经导入过。"
        );
        if window.new + window.changed + window.open == 0 {
            html!(out, "没有新的内容，不用再导入。");
        }
        html!(out, "</p>");
    }
    html!(
        out,
        "<div class=\"row import-filters\" role=\"group\" aria-label=\"按结果看\">"
    );
    for (filter, count) in &window.counts {
        if *count == 0 && !matches!(filter, Filter::Of(_)) {
            continue;
        }
        html!(
            out,
            "<button type=\"button\" class=\"button import-filter\" data-do=\"filter:",
            filter.code()
        );
        html!(
            out,
            "\" data-testid=\"filter-",
            filter.code(),
            "\" aria-pressed=\""
        );
        html!(
            out,
            if *filter == window.filter { "true" } else { "false" },
            "\">"
        );
        html!(
            out,
            filter.label(),
            " <strong class=\"",
            if *count > 0 { chip(*filter) } else { "chip" }
        );
        html!(
            out,
            "\" data-count=\"",
            filter.code(),
            "\">",
            *count,
            "</strong></button>"
        );
    }
    html!(out, "</div>");
    bar(out, window);
    list(out, window);
    html!(out, "</section>");
}

/// What confirming would do, and the button for it.
fn bar(out: &mut Markup, window: &Window) {
    let nothing = window.new + window.changed == 0;
    html!(
        out,
        "<div class=\"card import-bar\"><p role=\"status\" data-testid=\"import-sum\">"
    );
    if nothing {
        html!(out, "按现在的样子，没有要导入的内容。");
    } else {
        html!(out, "将新增 <strong>", window.new, "</strong> 人，更新 <strong>");
        html!(out, window.changed, "</strong> 人。");
    }
    if window.open > 0 {
        html!(
            out,
            "还有 <strong>",
            window.open,
            "</strong> 行没有确认，不会导入。"
        );
    }
    html!(
        out,
        "</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"import-confirm\" data-do=\"confirm\""
    );
    if nothing {
        html!(out, " disabled");
    }
    html!(
        out,
        ">确认导入</button><button type=\"button\" class=\"button\" data-testid=\"import-back\" data-do=\"back\">上一步</button><button type=\"button\" class=\"button\" data-testid=\"import-drop\" data-do=\"drop\">放弃这个文件</button></div></div>"
    );
}

/// The rows of a filter.
fn list(out: &mut Markup, window: &Window) {
    let count = window.count(window.filter);
    html!(
        out,
        "<h3 id=\"import-list\" data-testid=\"import-list\">",
        window.filter.label()
    );
    html!(out, "：", count, " 行");
    if window.pages > 1 {
        html!(out, "，第 ", window.page + 1, " 页，共 ", window.pages, " 页");
    }
    html!(out, "</h3>");
    let hint = match window.filter {
        Filter::Of(Verdict::Doubtful) => "逐行看一看，说明是谁、应当是什么。没有确认的行不会导入。",
        Filter::Of(Verdict::Refused) => "补上姓名就可以导入；也可以在表格里改好再导入一次。",
        Filter::Of(Verdict::Changed) => "这些人名册里已经有了，文件里有新的内容。不想改的，把勾去掉。",
        Filter::Of(Verdict::Same) => "名册里已经有，内容一样，不用导入。",
        Filter::Noted => "这些行会照常导入，请看一看提醒。",
        Filter::Nobody => "合计、重复的表头、填表说明这些行不是人员，不导入。",
        Filter::Of(Verdict::New) => "",
    };
    if count > 0 && !hint.is_empty() {
        html!(out, "<p class=\"muted\">", hint, "</p>");
    }
    if count == 0 {
        html!(out, "<p class=\"empty\">没有这样的行。</p>");
        return;
    }
    let many = matches!(
        window.filter,
        Filter::Of(Verdict::New | Verdict::Changed | Verdict::Doubtful)
    );
    if many && count > 1 {
        let (word, label) = if window.all_skipped {
            ("take-all", "恢复跳过的行")
        } else if window.filter == Filter::Of(Verdict::Doubtful) {
            ("skip-all", "没有定的全部跳过")
        } else {
            ("skip-all", "全部跳过")
        };
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" id=\"import-all\" data-testid=\"import-all\""
        );
        html!(out, " data-do=\"", word, ":", window.filter.code(), "\">", label);
        html!(out, "</button></p>");
    }
    if window.filter == Filter::Nobody {
        table(out, "不是人员的行", &["行", "是什么", "开头的字"]);
        for row in &window.nobody {
            html!(
                out,
                "<tr><td class=\"nowrap\">",
                row.place,
                "</td><td>",
                row.what,
                "</td><td>"
            );
            html!(out, row.text, "</td></tr>");
        }
        table_end(out);
    } else {
        html!(out, "<ul class=\"import-rows\">");
        for row in &window.rows {
            one(out, row);
        }
        html!(out, "</ul>");
    }
    if window.pages > 1 {
        html!(out, "<nav class=\"row\" aria-label=\"翻页\">");
        turn(out, "上一页", window.page.checked_sub(1));
        turn(
            out,
            "下一页",
            Some(window.page + 1).filter(|page| *page < window.pages),
        );
        html!(out, "</nav>");
    }
}

fn turn(out: &mut Markup, label: &str, page: Option<usize>) {
    html!(out, "<button type=\"button\" class=\"button\"");
    match page {
        Some(page) => {
            html!(out, " data-do=\"page:", page, "\">", label, "</button>");
        }
        None => {
            html!(out, " disabled>", label, "</button>");
        }
    }
}

/// A row.
fn one(out: &mut Markup, row: &Row) {
    let state = match row.decision {
        Decision::Skip => "skipped",
        _ if row.taken => "taken",
        _ => "open",
    };
    html!(
        out,
        "<li class=\"card import-row\" data-line=\"",
        row.line,
        "\" data-verdict=\""
    );
    html!(
        out,
        row.verdict.code(),
        "\" data-state=\"",
        state,
        "\"><h4 id=\"",
        row_id(row.line)
    );
    html!(out, "\"><span class=\"muted\">", row.place, "</span> ");
    if row.name.is_empty() {
        html!(out, "（没有姓名）");
    } else {
        html!(out, row.name);
    }
    decided(out, row);
    html!(out, "</h4>");
    if !row.says.is_empty() {
        html!(out, "<p class=\"muted import-says\">", row.says, "</p>");
    }
    if !row.remarks.is_empty() {
        html!(out, "<ul class=\"import-remarks\">");
        for (field, text) in &row.remarks {
            html!(
                out,
                "<li data-testid=\"remark\"><strong>",
                *field,
                "</strong>：",
                *text,
                "</li>"
            );
        }
        html!(out, "</ul>");
    }
    if row.decision != Decision::Skip {
        for asked in &row.asks {
            ask(out, row, asked);
        }
        if !row.candidates.is_empty() {
            beside(out, row);
        }
        changes(out, row);
    }
    actions(out, row);
    html!(out, "</li>");
}

/// What was decided, in words.
fn decided(out: &mut Markup, row: &Row) {
    let label = match row.decision {
        Decision::None => return,
        Decision::Skip => "已定：跳过".to_owned(),
        Decision::New => "已定：新增一人".into(),
        Decision::Is(person) => {
            let mut all = row.candidates.iter().chain(&row.person);
            let known = all.find(|known| known.person == person);
            format!(
                "已定：就是{}",
                known.map_or("这个人", |known| known.label.as_str())
            )
        }
    };
    html!(
        out,
        " <span class=\"chip chip-accent import-decided\" data-testid=\"decided\">",
        label,
        "</span>"
    );
}

/// A value that somebody must say.
fn ask(out: &mut Markup, row: &Row, asked: &Asked) {
    let id = value_id(row.line, asked.field);
    let code = asked.field.code();
    html!(
        out,
        "<form class=\"field import-ask\" novalidate data-form=\"answer:",
        row.line,
        ":",
        code,
        "\"><label for=\"",
        id,
        "\">",
        asked.field.label()
    );
    if !asked.text.is_empty() {
        html!(out, "：文件里写的是“", asked.text, "”");
    }
    html!(
        out,
        "</label><p class=\"hint\" id=\"",
        id,
        "-why\" data-testid=\"why\">",
        asked.why
    );
    html!(out, "</p><div class=\"row\">");
    for could in &asked.could {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-do=\"could:",
            row.line,
            ":",
            code
        );
        html!(out, ":", *could, "\">", *could, "</button>");
    }
    html!(
        out,
        "<input type=\"text\" autocomplete=\"off\" id=\"",
        id,
        "\" data-testid=\"value-",
        code
    );
    html!(
        out,
        "\" aria-describedby=\"",
        id,
        "-why ",
        id,
        "-wrong\"><button type=\"submit\" class=\"button\" data-testid=\"answer-",
        code,
        "\">用填的这个</button>"
    );
    if asked.field != Field::Name {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-testid=\"empty-",
            code
        );
        html!(
            out,
            "\" data-do=\"empty:",
            row.line,
            ":",
            code,
            "\">这一项留空</button>"
        );
    }
    html!(out, "</div>");
    if asked.alike > 1 {
        let tick = alike_id(row.line, asked.field);
        html!(
            out,
            "<p class=\"choice\"><input type=\"checkbox\" id=\"",
            tick,
            "\"><label for=\"",
            tick
        );
        html!(
            out,
            "\">其他写着“",
            asked.text,
            "”的 ",
            asked.alike - 1,
            " 行也这样</label></p>"
        );
    }
    html!(out, "<div id=\"", id, "-wrong\"></div></form>");
}

/// What is known of whom it may be, beside what the row says.
fn beside(out: &mut Markup, row: &Row) {
    let names = row
        .candidates
        .iter()
        .map(|known| format!("名册里的{}", known.label));
    let names: Vec<String> = names.collect();
    let mut heads = vec!["项目", "文件里写的"];
    heads.extend(names.iter().map(String::as_str));
    let label = format!("{}与名册里的人比较", row.place);
    table(out, &label, &heads);
    for one in row.beside.iter().filter(|one| !one.ours.is_empty()) {
        html!(
            out,
            "<tr><th scope=\"row\">",
            one.field,
            "</th><td>",
            one.ours,
            "</td>"
        );
        for theirs in &one.theirs {
            let differs = *theirs != one.ours && !theirs.is_empty();
            html!(out, "<td");
            if differs {
                html!(out, " class=\"import-differs\"");
            }
            html!(out, ">", *theirs);
            if differs {
                html!(out, " <span class=\"muted\">不同</span>");
            }
            html!(out, "</td>");
        }
        html!(out, "</tr>");
    }
    table_end(out);
    for (at, known) in row.candidates.iter().enumerate() {
        let more = row.beside.iter().filter(|one| one.ours.is_empty());
        let more = more.filter_map(|one| one.theirs.get(at).map(|theirs| (&one.field, theirs)));
        let more: Vec<String> = more
            .filter(|(_, theirs)| !theirs.is_empty())
            .map(|(field, theirs)| format!("{field} {theirs}"))
            .collect();
        if !more.is_empty() {
            html!(
                out,
                "<p class=\"muted import-says\">名册里的",
                known.label,
                "还写着："
            );
            html!(out, more.join("，"), "。</p>");
        }
    }
}

/// Values that would be changed.
fn changes(out: &mut Markup, row: &Row) {
    if row.changes.is_empty() {
        return;
    }
    html!(
        out,
        "<fieldset class=\"import-changes\"><legend>打勾的会改</legend>"
    );
    for one in &row.changes {
        let id = format!("import-tick-{}-{}", row.line, one.field.code());
        html!(
            out,
            "<p class=\"choice\"><input type=\"checkbox\" id=\"",
            id,
            "\" data-set=\"tick:"
        );
        html!(out, row.line, ":", one.field.code(), "\"");
        if one.take {
            html!(out, " checked");
        }
        html!(out, "><label for=\"", id, "\">", one.field.label(), "：");
        if one.before.is_empty() {
            html!(out, "补上");
        } else {
            html!(out, "<s>", one.before, "</s> 改成");
        }
        html!(out, " <strong>", one.after, "</strong></label></p>");
    }
    html!(out, "</fieldset>");
}

/// What can be decided about a row.
fn actions(out: &mut Markup, row: &Row) {
    if matches!(row.verdict, Verdict::Refused | Verdict::Same) {
        return;
    }
    if row.repeats && row.decision == Decision::None {
        html!(
            out,
            "<p class=\"hint\">同一个人的两行不能在这里合成一行：请跳过这一行，或者在表格里改成一行再导入。</p>"
        );
    }
    html!(out, "<div class=\"row\">");
    let mut button = |what: &str, testid: &str, label: &str| {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-testid=\"",
            testid,
            "\" data-do=\"",
            what
        );
        html!(
            out,
            "\">",
            label,
            "<span class=\"visually-hidden\">（",
            row.place,
            "）</span></button>"
        );
    };
    let word = |word: &str| format!("{word}:{}", row.line);
    if row.decision != Decision::None {
        let label = if row.decision == Decision::Skip {
            "不跳过了"
        } else {
            "改主意"
        };
        button(&word("again"), "row-again", label);
    } else {
        if row.verdict == Verdict::Doubtful {
            for known in &row.candidates {
                let what = format!("is:{}:{}", row.line, known.person);
                button(&what, "row-is", &format!("是同一人：{}", known.label));
            }
            match &row.person {
                Some(known) => {
                    let what = format!("is:{}:{}", row.line, known.person);
                    let label = if row.changes.is_empty() {
                        "确认，不改名册"
                    } else {
                        "确认，按打勾的改"
                    };
                    button(&what, "row-is", label);
                }
                None if !row.candidates.is_empty() => button(&word("new"), "row-new", "是另一个人，新增"),
                None if row.repeats => button(&word("new"), "row-new", "不是同一人，新增"),
                None if row.remarks.is_empty() => button(&word("new"), "row-new", "照常新增，没说清的留空"),
                None => button(&word("new"), "row-new", "新增这个人"),
            }
        }
        button(&word("skip"), "row-skip", "跳过这一行");
    }
    html!(out, "</div>");
}
