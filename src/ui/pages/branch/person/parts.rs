//! What is only shown of a person: where the person stands, what is due, the history, what was written
//! down, and every field with where it came from.

use crate::domain::branch::Field;
use crate::domain::standing::{Kind, State};
use crate::format::workbench::person::{
    ClassLine, DueLine, DueStands, FieldLine, HistoryLine, NoteLine, PastLine, Shown,
};
use crate::ui::markup::{Markup, html};

/// The sections that can be gone to: id of the heading, and its name.
const SECTIONS: [(&str, &str); 5] = [
    ("due-heading", "要办的事"),
    ("history-heading", "发展历程"),
    ("notes-heading", "谈话、考察等"),
    ("records-heading", "培养记录"),
    ("fields-heading", "全部信息"),
];

/// The name, how the person stands and since when, and the ways to the sections.
pub(super) fn head(out: &mut Markup, shown: &Shown) {
    let name = if shown.name.is_empty() {
        "（没有姓名）"
    } else {
        &shown.name
    };
    html!(out, "<h1>", name, "</h1>");
    let known = [&shown.branch, &shown.number];
    let known: Vec<&str> = known.into_iter().map(String::as_str).collect();
    let known: Vec<&str> = known.into_iter().filter(|text| !text.is_empty()).collect();
    if !known.is_empty() {
        html!(out, "<p class=\"muted\">", known.join(" · "), "</p>");
    }
    if !shown.stands {
        html!(
            out,
            "<p class=\"notice notice-danger\">带来这个人的导入已经撤销，这里只能看，不能再记。</p>"
        );
    }
    html!(
        out,
        "<p class=\"standing\" data-testid=\"standing\" data-state=\"",
        shown.state.code(),
        "\"><strong>",
        shown.state.label(),
        "</strong> "
    );
    match &shown.led {
        None => {
            html!(out, "名册和这里都没有记过发展情况。");
        }
        Some(led) => {
            let by = match &led.by {
                None => "来自名册".to_owned(),
                Some(by) if by.name.is_empty() => by.organ.label().to_owned(),
                Some(by) => format!("{}（{}）", by.organ.label(), by.name),
            };
            html!(out, led.since.chinese(), "起，", by);
        }
    }
    html!(out, "</p><nav class=\"row jumps\" aria-label=\"本页各部分\">");
    for (id, name) in SECTIONS {
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-jump=\"",
            id,
            "\">",
            name,
            "</button>"
        );
    }
    html!(out, "</nav>");
}

/// What is due.
pub(super) fn due(out: &mut Markup, lines: &[DueLine], state: State) {
    if lines.is_empty() {
        let why = match state {
            State::Unknown => "还没有记过发展情况，推算不出要办的事。",
            State::Removed | State::Cancelled | State::Withdrawn | State::MovedOut | State::Member => {
                "按现在的状态，没有要推算的期限。"
            }
            _ => "现在没有到期或临近的事。",
        };
        html!(out, "<p class=\"muted\" data-testid=\"due\">", why, "</p>");
        return;
    }
    html!(out, "<ul class=\"items\" data-testid=\"due\">");
    for line in lines {
        let class = match line.stands {
            DueStands::Overdue(_) => "chip chip-danger",
            DueStands::Standing => "chip chip-warn",
            _ => "chip",
        };
        html!(
            out,
            "<li class=\"item\" data-due=\"",
            line.code,
            "\"><div><p><span class=\""
        );
        html!(
            out,
            class,
            "\">",
            line.kind,
            "</span> <strong>",
            line.label,
            "</strong>"
        );
        if let Some(day) = line.day {
            html!(out, " ", day.chinese());
        }
        let stands = line.stands.label();
        if !stands.is_empty() {
            html!(out, "，", stands);
        }
        if line.provisional {
            html!(out, " <span class=\"chip\">暂算</span>");
        }
        html!(out, "</p><p>", line.why, "</p><p class=\"muted\">");
        match (&line.article, line.local) {
            (Some(article), false) => {
                html!(out, *article);
            }
            (Some(article), true) => {
                html!(out, *article, "，日期按本单位的规定");
            }
            (None, _) => {
                html!(out, "本单位的规定");
            }
        }
        html!(out, "</p></div></li>");
    }
    html!(out, "</ul>");
}

/// Everything that was decided, by its day.
pub(super) fn history(out: &mut Markup, lines: &[HistoryLine], can_write: bool) {
    if lines.is_empty() {
        html!(out, "<p class=\"empty\">还没有记过发展情况。</p>");
        return;
    }
    html!(out, "<ol class=\"way\" data-testid=\"history\">");
    for line in lines {
        let kind = line.change.what.kind();
        html!(out, "<li data-decision=\"", kind.code(), "\"");
        if line.struck.is_some() {
            html!(out, " class=\"struck\" data-struck");
        }
        html!(out, "><div class=\"item\"><div>");
        decision(out, line, kind);
        html!(out, "</div>");
        if let Some(id) = line.id.as_ref().filter(|_| can_write && line.struck.is_none()) {
            html!(
                out,
                "<div class=\"row\"><button type=\"button\" class=\"button button-plain\" id=\"open-",
                id.0,
                "\" data-strike=\"",
                id.0,
                "\" aria-label=\"划掉 "
            );
            html!(
                out,
                line.change.on.to_string(),
                " ",
                kind.label(),
                "\">划掉</button></div>"
            );
        }
        html!(out, "</div>");
        if let Some(id) = &line.id {
            slot(out, &id.0);
        }
        html!(out, "</li>");
    }
    html!(out, "</ol>");
}

fn decision(out: &mut Markup, line: &HistoryLine, kind: Kind) {
    let change = &line.change;
    html!(out, "<p>");
    let struck = line.struck.is_some();
    if struck {
        html!(out, "<del>");
    }
    html!(
        out,
        "<span class=\"nowrap\">",
        change.on.chinese(),
        "</span> <strong>",
        kind.label(),
        "</strong>"
    );
    if struck {
        html!(out, "</del>");
    }
    if line.id.is_none() {
        html!(out, " <span class=\"chip\">来自名册</span>");
    }
    html!(out, "</p>");
    let particulars = change.what.particulars();
    if !particulars.is_empty() {
        html!(out, "<p>", particulars, "</p>");
    }
    if line.id.is_some() {
        html!(out, "<p class=\"muted\">", change.by.organ.label());
        if !change.by.name.is_empty() {
            html!(out, "：", change.by.name);
        }
        html!(out, "</p>");
    }
    if !change.reason.is_empty() {
        html!(out, "<p class=\"prewrap\">原因：", change.reason, "</p>");
    }
    if let Some(state) = line.contradicts {
        html!(
            out,
            "<p class=\"error\">与前面的记录对不上：这一天以前是“",
            state.label(),
            "”。请核对，划掉记错的那一条。</p>"
        );
    }
    if let Some(written) = line.written {
        html!(out, "<p class=\"muted\">", written.chinese(), "记");
        if let Some((on, why)) = &line.struck {
            html!(out, "；", on.chinese(), "划掉，因为：", *why);
        }
        html!(out, "</p>");
    } else if let Some(field) = line.field {
        html!(
            out,
            "<p class=\"muted\">名册里的“",
            field.label(),
            "”；要更正，请改下面“全部信息”里的这一项，或者记一项决定。</p>"
        );
    }
}

/// What was written down beside decisions.
pub(super) fn notes(out: &mut Markup, lines: &[NoteLine], can_write: bool) {
    if lines.is_empty() {
        html!(out, "<p class=\"empty\">还没有记过。</p>");
        return;
    }
    html!(out, "<ul class=\"items\" data-testid=\"notes\">");
    for line in lines {
        let struck = line.struck.is_some();
        html!(out, "<li");
        if struck {
            html!(out, " class=\"struck\" data-struck");
        }
        html!(
            out,
            "><div class=\"item\"><div><p>",
            if struck { "划掉：" } else { "" },
            "<strong>",
            line.fact.label(),
            "</strong>"
        );
        if let Some(day) = line.fact.day() {
            html!(out, " <span class=\"nowrap\">", day.chinese(), "</span>");
        }
        if line.replaced {
            html!(out, " <span class=\"chip\">以后来记的为准</span>");
        }
        html!(out, "</p>");
        let particulars = line.fact.particulars();
        if !particulars.is_empty() {
            html!(out, "<p class=\"prewrap\">", particulars, "</p>");
        }
        html!(out, "<p class=\"muted\">", line.written.chinese(), "记");
        if let Some(on) = line.struck {
            html!(out, "；", on.chinese(), "划掉");
        }
        html!(out, "</p></div>");
        if can_write && !struck {
            html!(
                out,
                "<div class=\"row\"><button type=\"button\" class=\"button button-plain\" id=\"open-",
                line.id.0,
                "\" data-unnote=\"",
                line.id.0,
                "\" aria-label=\"划掉 ",
                line.fact.label(),
                "\">划掉</button></div>"
            );
        }
        html!(out, "</div>");
        slot(out, &line.id.0);
        html!(out, "</li>");
    }
    html!(out, "</ul>");
}

/// Classes of concentrated training.
pub(super) fn classes(out: &mut Markup, lines: &[ClassLine]) {
    if lines.is_empty() {
        return;
    }
    html!(
        out,
        "<h3>短期集中培训</h3><ul class=\"items\" data-testid=\"classes\">"
    );
    for line in lines {
        html!(
            out,
            "<li><p><a href=\"#/branch/class/",
            line.id.0,
            "\">",
            line.name,
            "</a> "
        );
        html!(out, line.from.chinese(), "至", line.until.chinese(), "</p><p>");
        let count = |count: Option<u16>, unit: &str| {
            count.map_or_else(|| format!("{unit}没有记"), |count| format!("{count} {unit}"))
        };
        let completed = match line.completed {
            Some(true) => "已结业",
            Some(false) => "没有结业",
            None => "是否结业没有记",
        };
        html!(
            out,
            count(line.days, "天"),
            "，",
            count(line.hours, "学时"),
            "，",
            completed,
            "</p></li>"
        );
    }
    html!(out, "</ul>");
}

/// Every field: those with a value, then those without.
pub(super) fn fields(out: &mut Markup, lines: &[FieldLine], can_write: bool) {
    let (known, empty): (Vec<_>, Vec<_>) = lines
        .iter()
        .partition(|line| !line.text.is_empty() || !line.past.is_empty());
    html!(out, "<ul class=\"person-fields\" data-testid=\"fields\">");
    for line in known {
        field(out, line, can_write);
    }
    html!(out, "</ul>");
    if !empty.is_empty() {
        html!(
            out,
            "<details><summary>没有填的（",
            empty.len(),
            " 项）</summary><ul class=\"person-fields\">"
        );
        for line in empty {
            field(out, line, can_write);
        }
        html!(out, "</ul></details>");
    }
}

fn field(out: &mut Markup, line: &FieldLine, can_write: bool) {
    let code = line.field.code();
    html!(
        out,
        "<li data-field=\"",
        code,
        "\"><div class=\"item\"><div><p class=\"muted\">",
        line.field.label(),
        "</p><p class=\"prewrap value\">",
        or_nothing(&line.text),
        "</p>"
    );
    if let Some(source) = &line.source {
        html!(out, "<p class=\"muted source\">", source.label(), "</p>");
    }
    html!(out, "</div>");
    if can_write {
        let word = if line.text.is_empty() { "填写" } else { "更正" };
        html!(
            out,
            "<div class=\"row\"><button type=\"button\" class=\"button button-plain\" id=\"open-",
            code,
            "\" data-correct=\"",
            code,
            "\" aria-label=\"",
            word,
            line.field.label(),
            "\">",
            word,
            "</button></div>"
        );
    }
    html!(out, "</div>");
    slot(out, code);
    if !line.past.is_empty() {
        html!(
            out,
            "<details class=\"past\"><summary>改过 ",
            line.past.len(),
            " 次</summary><ol>"
        );
        for past in &line.past {
            past_line(out, past);
        }
        html!(out, "</ol></details>");
    }
    html!(out, "</li>");
}

fn past_line(out: &mut Markup, past: &PastLine) {
    html!(
        out,
        "<li>",
        or_nothing(&past.before),
        " → ",
        or_nothing(&past.after),
        "（",
        past.source.label()
    );
    if past.undone {
        html!(out, "，已撤销");
    }
    html!(out, "）</li>");
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "没有" } else { text }
}

/// Where a question about a line opens; see [`super::ask`].
fn slot(out: &mut Markup, key: &str) {
    html!(out, "<div class=\"shown ask\" id=\"ask-", key, "\"></div>");
}

/// What a value is as it can be typed again, and its field.
pub(super) fn value_of(shown: &Shown, code: &str) -> Option<(Field, String)> {
    let mut lines = shown.fields.iter();
    let line = lines.find(|line| line.field.code() == code)?;
    Some((line.field, line.text.clone()))
}
