//! What a package says, as markup: on the way out, on the way in, and afterwards.

use crate::domain::handover::{
    Body, Gap, Material, MaterialState, Overlap, PROVES, Package, Period, Reckoning,
};
use crate::domain::record::TrainingRecord;
use crate::domain::sort_by;
use crate::domain::time::Date;
use crate::format::record::short_digest;
use crate::ui::components::record_view::record_view;
use crate::ui::components::shown::{table, table_end};
use crate::ui::markup::{Markup, html};

/// Sixteen digits of the package's digest, to compare by eye.
pub(super) fn short(package: &Package) -> String {
    let digits = package.digest.whole.get(..16).unwrap_or_default();
    let groups = [0, 4, 8, 12].map(|at| digits.get(at..at + 4).unwrap_or_default());
    groups.join(" ")
}

/// A day, or a dash.
fn day(day: Option<Date>) -> String {
    day.map_or_else(|| "—".into(), |day| day.to_string())
}

/// Who, from where, to where, when.
pub(super) fn facts(out: &mut Markup, package: &Package) {
    html!(out, "<dl class=\"facts\" data-testid=\"package-facts\">");
    for (label, text) in fact_lines(package) {
        html!(out, "<div><dt>", label, "</dt><dd>", text, "</dd></div>");
    }
    html!(out, "</dl>");
}

/// The same lines for screen and paper: label and text.
pub(super) fn fact_lines(package: &Package) -> [(&'static str, String); 8] {
    let body = &package.body;
    [
        ("姓名", body.person.name.clone()),
        ("转出的党组织", body.change.from.clone()),
        ("转入的党组织", body.change.to.clone()),
        ("转出日期", body.change.day.to_string()),
        ("递交入党申请书", day(body.person.applied)),
        ("确定为入党积极分子", day(body.person.confirmed)),
        ("转接包做成", body.made_at.date().to_string()),
        ("转接包校验值", short(package)),
    ]
}

/// What is missing, in front of everything else.
pub(super) fn missing(out: &mut Markup, materials: &[Material]) {
    let missing = |material: &&Material| material.state == MaterialState::Missing;
    let count = materials.iter().filter(missing).count();
    if count == 0 {
        html!(
            out,
            "<p class=\"notice notice-ok\" data-testid=\"missing\">清单上没有标为“缺”的材料。请对照原件逐件核收。</p>"
        );
        return;
    }
    html!(
        out,
        "<div class=\"notice\" data-testid=\"missing\"><div><p><strong>缺 ",
        count,
        " 项材料：</strong></p><ul>"
    );
    for material in materials.iter().filter(missing) {
        html!(out, "<li>", material.label());
        if material.kind.is_named_by_article_12() {
            html!(out, "<strong>（细则第十二条写明要转交的）</strong>");
        }
        if let Some(note) = &material.note {
            html!(out, "：", note);
        }
        html!(out, "</li>");
    }
    html!(out, "</ul></div></div>");
}

/// The papers, what is missing first.
pub(super) fn materials(out: &mut Markup, body: &Body) {
    html!(out, "<h3>材料清单</h3><div class=\"papers\">");
    table(out, "材料清单", &["材料", "在不在", "份数", "备注"]);
    for material in in_order(&body.materials) {
        let chip = match material.state {
            MaterialState::Present => "chip chip-ok",
            MaterialState::Missing => "chip chip-warn",
            MaterialState::NotApplicable => "chip",
        };
        html!(
            out,
            "<tr data-state=\"",
            material.state.code(),
            "\"><td>",
            material.label()
        );
        html!(
            out,
            "</td><td><span class=\"",
            chip,
            "\">",
            material.state.label()
        );
        html!(out, "</span></td><td>");
        if material.count > 0 {
            html!(out, material.count);
        }
        html!(
            out,
            "</td><td>",
            material.note.as_deref().unwrap_or_default(),
            "</td></tr>"
        );
    }
    table_end(out);
    html!(out, "</div>");
    if let Some(note) = &body.note {
        html!(
            out,
            "<h3>原党组织的说明</h3><p class=\"prewrap\" data-testid=\"package-note\">",
            note,
            "</p>"
        );
    }
}

/// What is missing first, then what is there, then what does not apply; else as it was listed.
pub(super) fn in_order(materials: &[Material]) -> Vec<&Material> {
    let mut list: Vec<&Material> = materials.iter().collect();
    let rank = |state: MaterialState| match state {
        MaterialState::Missing => 0u8,
        MaterialState::Present => 1,
        MaterialState::NotApplicable => 2,
    };
    sort_by(&mut list, |a, b| rank(a.state).cmp(&rank(b.state)));
    list
}

/// The periods, the sum, gaps and overlaps, and when a year is full: never what follows from it.
pub(super) fn periods(out: &mut Markup, periods: &[Period], reckoning: &Reckoning) {
    html!(out, "<h3>各单位的培养时间</h3>");
    table(out, "各单位的培养时间", &["单位", "起", "止", "天数", "来源"]);
    for period in periods {
        html!(out, "<tr><td>", period.unit, "</td><td class=\"nowrap\">");
        html!(out, period.from.to_string(), "</td><td class=\"nowrap\">");
        html!(out, period.to.to_string(), "</td><td>", days(period));
        html!(out, "</td><td>", period.source.label(), "</td></tr>");
    }
    table_end(out);
    let lines = gaps_and_overlaps(reckoning);
    if lines.is_empty() {
        html!(
            out,
            "<p class=\"muted\" data-testid=\"gaps\">各段之间没有间断，也没有重叠。</p>"
        );
    } else {
        html!(out, "<ul class=\"gaps\" data-testid=\"gaps\">");
        for (what, line) in lines {
            html!(
                out,
                "<li><span class=\"chip chip-warn\">",
                what,
                "</span> ",
                line,
                "。</li>"
            );
        }
        html!(out, "</ul>");
    }
    html!(
        out,
        "<p data-testid=\"sum\">",
        reckoning.sum_text(),
        "</p><ul data-testid=\"year\">"
    );
    for line in reckoning.year_text() {
        html!(out, "<li>", line, "</li>");
    }
    html!(out, "</ul>");
}

/// How many days a period has.
pub(super) fn days(period: &Period) -> String {
    (period.to.days() - period.from.days() + 1).to_string()
}

/// In words, each with what it is.
pub(super) fn gaps_and_overlaps(reckoning: &Reckoning) -> Vec<(&'static str, String)> {
    let gaps = reckoning.gaps.iter().map(Gap::text).map(|text| ("间断", text));
    let overlaps = reckoning.overlaps.iter().map(Overlap::text);
    gaps.chain(overlaps.map(|text| ("重叠", text))).collect()
}

/// What the record says otherwise than the package.
pub(super) fn remarks(package: &Package, record: &TrainingRecord) -> Vec<String> {
    let (noted, own) = (&package.body.person, &record.body.person);
    let differs = |what: &str, noted, own| match (noted, own) {
        (Some(noted), Some(own)) if noted != own => Some(format!(
            "{what}：原党组织填写的是 {noted}，培养记录上本人填写的是 {own}，请核对。"
        )),
        _ => None,
    };
    let applied = differs("递交入党申请书的日期", noted.applied, own.applied);
    let confirmed = differs("确定为入党积极分子的日期", noted.confirmed, own.confirmed);
    applied.into_iter().chain(confirmed).collect()
}

/// The record that is carried: which it is, and all of it on demand.
pub(super) fn record(out: &mut Markup, package: &Package, record: &TrainingRecord) {
    html!(
        out,
        "<h3>培养记录</h3><p>",
        record.body.made_at.date().to_string(),
        " 导出，校验值 <code class=\"digest\">"
    );
    html!(out, short_digest(record), "</code>，");
    html!(
        out,
        if package.body.record.signed {
            "带签名"
        } else {
            "没有签名"
        },
        "。</p>"
    );
    for remark in remarks(package, record) {
        html!(out, "<p class=\"notice\" data-testid=\"remark\">", remark, "</p>");
    }
    html!(out, "<details><summary>查看培养记录全文</summary>");
    record_view(out, record);
    html!(out, "</details>");
}

/// What the package proves and what it does not.
pub(super) fn proves(out: &mut Markup) {
    html!(out, "<h3>转接包能说明什么</h3><ul class=\"muted\">");
    for line in PROVES {
        html!(out, "<li>", line, "</li>");
    }
    html!(out, "</ul>");
}
