//! What the list is asked: conditions as chips, the panel in which they are set, and the dialogs of
//! columns and views.

use crate::domain::branch::{Field, Kind};
use crate::domain::standing::State;
use crate::format::workbench::people::{Column, Query, Sort, Value, Values, Want};
use crate::ui::components::field::option;
use crate::ui::markup::{Markup, html};

/// What a reader sees where there is nothing.
fn nothing(by: Column) -> &'static str {
    match by {
        Column::State => State::Unknown.label(),
        _ => "（未填）",
    }
}

/// A number as people write it: `1,234,567`.
pub(super) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a value that was asked for is called.
fn named(by: Column, name: &str) -> String {
    if name.is_empty() {
        return nothing(by).into();
    }
    match by {
        Column::State => State::ALL
            .iter()
            .find(|state| state.code() == name)
            .map_or_else(|| name.into(), |state| state.label().into()),
        Column::FrontLine => if name == "yes" { "是" } else { "否" }.into(),
        Column::Field(_) | Column::Since => name.into(),
    }
}

/// A condition in a few words.
pub(super) fn in_words(by: Column, want: &Want) -> String {
    let label = by.label();
    match want {
        Want::Empty => format!("{label}：未填"),
        Want::Filled => format!("{label}：已填"),
        Want::Has(text) => format!("{label}含“{text}”"),
        Want::Days(Some(from), Some(until)) => format!("{label}：{from} 至 {until}"),
        Want::Days(Some(from), None) => format!("{label}：{from} 及以后"),
        Want::Days(None, Some(until)) => format!("{label}：{until} 及以前"),
        Want::Days(None, None) => format!("{label}：已填"),
        Want::Is(names) => {
            let mut few: Vec<String> = names.iter().take(2).map(|name| named(by, name)).collect();
            if names.len() > 2 {
                let last = few.pop().unwrap_or_default();
                few.push(format!("{last}等 {} 项", names.len()));
            }
            format!("{label}：{}", few.join("、"))
        }
    }
}

/// An order in a few words.
fn order_in_words(sort: &[Sort]) -> String {
    let one = |sort: &Sort| {
        format!(
            "{}{}",
            sort.by.label(),
            if sort.down { "从后到前" } else { "从前到后" }
        )
    };
    let all: Vec<String> = sort.iter().map(one).collect();
    format!("排序：{}", all.join("，再按"))
}

/// What is asked, each to be taken away.
pub(super) fn chips(query: &Query) -> String {
    let mut out = Markup::default();
    let mut all: Vec<(String, String)> = Vec::new();
    if !query.find.trim().is_empty() {
        all.push(("find".into(), format!("含“{}”", query.find.trim())));
    }
    if let Some(only) = &query.only {
        all.push(("only".into(), only.label.clone()));
    }
    for filter in &query.filters {
        let drop = format!("by-{}", filter.by.code());
        all.push((drop, in_words(filter.by, &filter.want)));
    }
    let conditions = all.len();
    if !query.sort.is_empty() {
        all.push(("sort".into(), order_in_words(&query.sort)));
    }
    if all.is_empty() {
        return String::new();
    }
    html!(out, "<ul class=\"people-chips\" aria-label=\"正在用的条件\">");
    for (drop, words) in &all {
        html!(
            out,
            "<li><button type=\"button\" class=\"people-chip\" data-drop=\"",
            drop,
            "\" title=\"去掉这一条\">"
        );
        html!(
            out,
            words,
            "<span aria-hidden=\"true\"> ✕</span><span class=\"visually-hidden\">，去掉这一条</span></button></li>"
        );
    }
    if conditions > 1 {
        html!(
            out,
            "<li><button type=\"button\" class=\"button button-plain\" data-drop=\"all\">全部去掉</button></li>"
        );
    }
    html!(out, "</ul>");
    out.done()
}

/// How many there are.
pub(super) fn count(all: u32, found: u32, query: &Query) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"people-count\" data-testid=\"people-count\">共 <b data-figure=\"all\">",
        grouped(all),
        "</b> 人"
    );
    if !query.is_all() {
        html!(out, "，符合 <b data-figure=\"found\">", grouped(found), "</b> 人");
    }
    html!(out, "</p>");
    out.done()
}

/// The columns as options of a list.
pub(super) fn column_options(out: &mut Markup, columns: &[Column]) {
    for column in columns {
        option(out, column.code(), column.label());
    }
}

/// Where the condition on a column is set. Filled in by [`super::Screen::fill_panel`].
pub(super) fn editor(by: Column) -> String {
    let mut out = Markup::default();
    let is_note = matches!(by, Column::Field(field) if field.kind() == Kind::Note);
    if by.is_day() {
        html!(
            out,
            "<div class=\"row\"><div class=\"field\"><label for=\"people-from\">从</label>
             <input type=\"date\" id=\"people-from\" data-testid=\"people-from\" min=\"1900-01-01\" max=\"2100-12-31\"></div>
             <div class=\"field\"><label for=\"people-until\">到</label>
             <input type=\"date\" id=\"people-until\" data-testid=\"people-until\" min=\"1900-01-01\" max=\"2100-12-31\"></div></div>
             <p class=\"hint\">两头都算在内，可以只填一头。只知道年月的，按那个月的最后一天算。</p>"
        );
        one_box(&mut out, "people-empty", "只看没有填的");
    } else if is_note {
        html!(
            out,
            "<div class=\"field\"><label for=\"people-has\">含有这些字</label>
             <input type=\"text\" id=\"people-has\" data-testid=\"people-has\" autocomplete=\"off\" maxlength=\"100\"></div>"
        );
        one_box(&mut out, "people-empty", "只看没有填的");
    } else {
        if !matches!(by, Column::State | Column::FrontLine | Column::Field(Field::Sex)) {
            html!(
                out,
                "<div class=\"field\"><label for=\"people-value\">在下面的选项里找</label>
                 <input type=\"search\" id=\"people-value\" data-testid=\"people-value\" autocomplete=\"off\" maxlength=\"100\"></div>"
            );
        }
        html!(
            out,
            "<fieldset class=\"people-values\"><legend class=\"visually-hidden\">",
            by.label(),
            "</legend><div id=\"people-values\"><p class=\"muted\">正在数……</p></div></fieldset>"
        );
    }
    out.done()
}

fn one_box(out: &mut Markup, id: &str, label: &str) {
    html!(
        out,
        "<p class=\"choice\"><input type=\"checkbox\" id=\"",
        id,
        "\" data-testid=\"",
        id,
        "\"><label for=\"",
        id,
        "\">",
        label,
        "</label></p>"
    );
}

/// The values of a column with how many have each. Those that are asked for and not among them come
/// first. Whether a box is ticked is set apart from this.
pub(super) fn values(by: Column, values: &Values, chosen: &[String]) -> (String, Vec<String>) {
    let mut out = Markup::default();
    let mut names: Vec<String> = Vec::new();
    let given = |name: &String| values.values.iter().any(|value| value.name == *name);
    let missing = chosen.iter().filter(|name| !given(name)).map(|name| Value {
        name: name.clone(),
        shown: named(by, name),
        count: 0,
    });
    for value in missing.chain(values.values.iter().cloned()) {
        let at = names.len();
        let shown = if value.name.is_empty() || value.shown.is_empty() {
            nothing(by).to_owned()
        } else {
            value.shown
        };
        html!(
            out,
            "<p class=\"choice\"><input type=\"checkbox\" id=\"people-value-",
            at,
            "\" data-value=\"",
            value.name,
            "\"><label for=\"people-value-",
            at,
            "\">",
            shown
        );
        html!(
            out,
            " <span class=\"muted\">",
            grouped(value.count),
            "</span></label></p>"
        );
        names.push(value.name);
    }
    if names.is_empty() {
        html!(out, "<p class=\"muted\">没有这样的选项。</p>");
    }
    if values.more > 0 {
        html!(
            out,
            "<p class=\"hint\">还有 ",
            grouped(values.more),
            " 种没有列出，请在上面输入几个字来找。</p>"
        );
    }
    (out.done(), names)
}

/// What the list can be ordered by.
pub(super) fn sort_options(columns: &[Column]) -> String {
    let mut out = Markup::default();
    option(&mut out, "", "按名册原来的顺序");
    for column in columns {
        let (up, down) = if column.is_day() {
            ("从早到晚", "从晚到早")
        } else {
            ("从前到后", "从后到前")
        };
        option(
            &mut out,
            &format!("{}-up", column.code()),
            &format!("{}，{up}", column.label()),
        );
        option(
            &mut out,
            &format!("{}-down", column.code()),
            &format!("{}，{down}", column.label()),
        );
    }
    out.done()
}

/// The dialog of columns: those of which anybody has a value, in the order of the form.
pub(super) fn columns(known: &[Column], shown: &[Column]) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"stack\"><h2>显示哪些列</h2><p class=\"hint\">没有人填过的列不在这里。窄屏上只显示主要的几项。</p><div class=\"people-columns\">"
    );
    for column in known {
        html!(
            out,
            "<p class=\"choice\"><input type=\"checkbox\" data-column=\"",
            column.code(),
            "\" id=\"column-",
            column.code(),
            "\""
        );
        if shown.contains(column) {
            html!(out, " checked");
        }
        if *column == Column::Field(Field::Name) {
            html!(out, " disabled");
        }
        html!(
            out,
            "><label for=\"column-",
            column.code(),
            "\">",
            column.label(),
            "</label></p>"
        );
    }
    html!(
        out,
        "</div><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"close\">好</button>
         <button type=\"button\" class=\"button button-plain\" data-do=\"first-columns\">恢复原来的列</button></div></div>"
    );
    out.done()
}

/// The dialog of views.
pub(super) fn views(all: &[(String, String)], wrong: &str) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"stack\"><h2>存下来的视图</h2><p class=\"hint\">视图记住条件、排序和列，不记住人：以后打开，看到的是那时符合条件的人。</p>"
    );
    if all.is_empty() {
        html!(out, "<p class=\"muted\">还没有存过。</p>");
    } else {
        html!(out, "<ul class=\"people-views\">");
        for (name, view) in all {
            html!(out, "<li class=\"row\">");
            match Query::of_json(view) {
                Ok(query) => {
                    html!(
                        out,
                        "<a href=\"#/branch/",
                        query.address(),
                        "\" data-view>",
                        name,
                        "</a>"
                    );
                }
                Err(_) => {
                    html!(
                        out,
                        "<span>",
                        name,
                        "<span class=\"muted\">（由更新版本写成，这里打不开）</span></span>"
                    );
                }
            }
            html!(
                out,
                "<button type=\"button\" class=\"button button-plain\" data-unview=\"",
                name,
                "\">删除<span class=\"visually-hidden\">视图“",
                name,
                "”</span></button></li>"
            );
        }
        html!(out, "</ul>");
    }
    html!(
        out,
        "<form class=\"field\" id=\"people-view-form\"><label for=\"people-view\">把现在的条件、排序和列存成视图，名称</label>
         <input type=\"text\" id=\"people-view\" data-testid=\"people-view\" autocomplete=\"off\" maxlength=\"40\" placeholder=\"例如：待考察的积极分子\">"
    );
    if !wrong.is_empty() {
        html!(out, "<p class=\"error\" role=\"alert\">", wrong, "</p>");
    }
    html!(
        out,
        "<div class=\"row\"><button type=\"submit\" class=\"button button-primary\" data-testid=\"save-view\">存下来</button>
         <button type=\"button\" class=\"button\" data-do=\"close\">关闭</button></div></form></div>"
    );
    out.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Date;

    #[test]
    fn conditions_are_said_in_words() {
        let is = |names: &[&str]| Want::Is(names.iter().map(|name| (*name).to_owned()).collect());
        let branch = Column::Field(Field::Branch);
        assert_eq!(
            in_words(branch, &is(&["甲支部", ""])),
            "所在党支部：甲支部、（未填）"
        );
        assert_eq!(
            in_words(branch, &is(&["甲", "乙", "丙"])),
            "所在党支部：甲、乙等 3 项"
        );
        assert_eq!(
            in_words(Column::State, &is(&["activist"])),
            "现状态：入党积极分子"
        );
        let from = Want::Days(Date::new(2025, 3, 1), None);
        assert_eq!(
            in_words(Column::Since, &from),
            "现状态起始日期：2025-03-01 及以后"
        );
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn strange_names_do_no_harm() {
        let query = Query {
            find: "<img src=x>".into(),
            ..Query::default()
        };
        assert!(!chips(&query).contains("<img"));
        let views = views(&[("\"><b>".into(), "{".into())], "");
        assert!(!views.contains("<b>"));
    }
}
