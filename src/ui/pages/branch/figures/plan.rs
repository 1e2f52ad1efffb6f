//! The yearly plan by group, typed by people, beside what happened by month.

use super::{asking, figure, head};
use crate::domain::structure::plan::{Moved, Planned};
use crate::domain::time::Date;
use crate::domain::workbench::Deed;
use crate::format::workbench::figures::{Cause, PlanLine, Planning, Year};
use crate::platform::page;
use crate::ui::components::field::{attribute, put_notice, value};
use crate::ui::components::shown::{still, table, table_end};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Groups of the register that the form asks for at most; others can be typed.
const ASKED: usize = 30;
/// The most that can be planned or counted.
const MOST: u32 = 100_000_000;
/// How many years of members the form asks for.
const YEARS: u16 = 4;

pub(super) fn screen(rest: &str) -> AnyView {
    let office = use_office();
    let today = env().now.date();
    let year = RwSignal::new(rest.parse().unwrap_or(today.year()));
    let mut out = Markup::default();
    head(&mut out, "年度计划和执行", "plan");
    html!(
        out,
        "<p>计划按类别填，旁边是实际接收的人数。接收按党支部党员大会通过的日子算，后来没有批准的不算。</p>"
    );
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button\" data-do=\"before\">上一年</button><button type=\"button\" class=\"button\" data-do=\"after\">下一年</button></div>"
    );
    // What the forms were made of: they stay as they are while something is typed.
    let formed = StoredValue::new(None::<Planning>);
    let forms = RwSignal::new(String::new());
    let shown = asking(
        "figures/plan",
        move || Year { year: year.get() },
        move |planning: &Planning| {
            let is_there = formed
                .try_with_value(|formed| formed.as_ref().is_some_and(|formed| formed.year == planning.year));
            if is_there == Some(false) {
                formed.try_set_value(Some(planning.clone()));
                let mut out = Markup::default();
                form(&mut out, planning);
                members_form(&mut out, planning, today);
                forms.try_set(out.done());
            }
            markup(planning)
        },
    );
    let click = move |event: MouseEvent| {
        let step = match page::data_of(&event, "data-do").as_deref() {
            Some("before") => -1,
            Some("after") => 1,
            _ => return,
        };
        let now = year.get_untracked().saturating_add_signed(step).clamp(1950, 2100);
        page::replace_hash(&format!("/branch/figures/plan/{now}"));
        year.set(now);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = page::data_of(&event, "data-form");
        let Some(planning) = formed.try_get_value().flatten() else {
            return;
        };
        let (deeds, place) = match form.as_deref() {
            Some("members") => (members(&planning, today), "members"),
            _ => (planned(&planning).map(|deed| vec![deed]), "planned"),
        };
        match deeds {
            Ok(deeds) => write(office, deeds, place),
            Err((field, why)) => {
                attribute(&field, "aria-invalid", Some("true"));
                put_notice(&format!("{place}-said"), "wrong", false, &why);
                page::focus(&field);
            }
        }
    };
    view! {
        <div class="stack figures-page" on:click=click on:submit=submit>
            {still(out)}
            <Shown of=shown/>
            <Shown of=forms/>
        </div>
    }
    .into_any()
}

/// Has deeds written down one after the other, and says so at that place.
fn write(office: Office, deeds: Vec<Deed>, place: &'static str) {
    spawn_local(async move {
        let mut outcome = Ok(());
        let count = deeds.len();
        for (deed, at) in deeds.into_iter().zip(1..) {
            let written = if at == count {
                office.have_written("note/deed", &deed).await.map(drop)
            } else {
                let text = serde_json::to_string(&deed).unwrap_or_default();
                office.clerk("note/deed", &text, None, |_| {}).await.map(drop)
            };
            outcome = outcome.and(written);
        }
        match outcome {
            Ok(()) => put_notice(&format!("{place}-said"), "saved", true, "已保存"),
            Err(why) => put_notice(
                &format!("{place}-said"),
                "wrong",
                false,
                &format!("没有保存：{why}"),
            ),
        }
    });
}

type Wrong = (String, String);

fn number(id: &str) -> Result<Option<u32>, Wrong> {
    let text = value(id);
    let text = text.trim();
    attribute(id, "aria-invalid", None);
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if number <= MOST => Ok(Some(number)),
        _ => Err((id.into(), format!("“{text}”不是可用的人数，请填整数"))),
    }
}

/// The groups that the form asks for: those of the plan, then the register's.
fn asked(planning: &Planning) -> Vec<(&str, Option<u32>)> {
    let rows = planning.rows.iter();
    let mut asked: Vec<(&str, Option<u32>)> = rows
        .filter(|row| row.planned.is_some())
        .map(|row| (row.group.as_str(), row.planned))
        .collect();
    for group in planning.groups.iter().take(ASKED) {
        if asked.iter().all(|(known, _)| known != group) {
            asked.push((group, None));
        }
    }
    asked
}

fn planned(planning: &Planning) -> Result<Deed, Wrong> {
    let year = planning.year;
    let mut groups = Vec::new();
    for ((group, _), at) in asked(planning).into_iter().zip(0..) {
        if let Some(count) = number(&format!("planned-{at}"))? {
            let group = group.to_owned();
            groups.push(Planned { year, group, count });
        }
    }
    let other = value("planned-other");
    let other = other.trim();
    let count = number("planned-other-count")?;
    match (other, count) {
        ("", None) => {}
        ("", Some(_)) => return Err(("planned-other".into(), "请填这个类别的名称".into())),
        (_, None) => return Err(("planned-other-count".into(), "请填这个类别的人数".into())),
        (group, Some(count)) => {
            let group = group.to_owned();
            if groups.iter().any(|planned| planned.group == group) {
                return Err(("planned-other".into(), format!("类别“{group}”上面已经有了")));
            }
            groups.push(Planned { year, group, count });
        }
    }
    Ok(Deed::Planned { year, groups })
}

fn members(planning: &Planning, today: Date) -> Result<Vec<Deed>, Wrong> {
    let mut deeds = Vec::new();
    for year in asked_years(today) {
        let members = number(&format!("members-{year}"))?;
        let known = planning.members.iter().find(|(known, _)| *known == year);
        if members != known.map(|(_, count)| *count) {
            deeds.push(Deed::Counted { year, members });
        }
    }
    Ok(deeds)
}

fn asked_years(today: Date) -> std::ops::RangeInclusive<u16> {
    today.year() - YEARS..=today.year()
}

fn markup(planning: &Planning) -> String {
    let mut out = Markup::default();
    let year = planning.year;
    html!(out, "<h2 data-testid=\"plan-year\">", u32::from(year), "年</h2>");
    beside(&mut out, planning);
    months(&mut out, planning);
    moves(&mut out, planning);
    out.done()
}

fn within(year: u16, month: Option<u8>) -> Option<(Date, Date)> {
    let from = Date::new(year, month.unwrap_or(1), 1)?;
    let until = from.add_months(if month.is_some() { 1 } else { 12 }).add_days(-1);
    Some((from, until))
}

fn happened(out: &mut Markup, days: Option<(Date, Date)>, what: Moved, group: Option<&str>, count: usize) {
    if let Some((from, until)) = days {
        let group = group.map(str::to_owned);
        figure(
            out,
            &Cause::Moved {
                from,
                until,
                what,
                group,
            },
            count,
        );
    }
}

fn beside(out: &mut Markup, planning: &Planning) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"beside-heading\"><h3 id=\"beside-heading\">计划和接收</h3>"
    );
    if planning.rows.is_empty() {
        html!(
            out,
            "<p class=\"empty\">这一年没有计划，也没有登记接收。计划在下面填。</p></section>"
        );
        return;
    }
    table(out, "各类别的计划和接收", &["类别", "计划", "接收", "相差"]);
    let days = within(planning.year, None);
    let line = |out: &mut Markup, row: &PlanLine, group: Option<&str>| {
        html!(
            out,
            "<tr><th scope=\"row\">",
            row.group,
            "</th><td class=\"number\">"
        );
        match row.planned {
            Some(planned) => {
                html!(out, planned);
            }
            None => {
                html!(out, "—");
            }
        }
        html!(out, "</td><td class=\"number\" data-testid=\"admitted\">");
        happened(out, days, Moved::Admitted, group, row.admitted);
        html!(out, "</td><td class=\"number\">");
        match row.difference() {
            Some(more) if more > 0 => {
                html!(out, format!("多{more}"));
            }
            Some(0) => {
                html!(out, "相同");
            }
            Some(fewer) => {
                html!(out, format!("少{}", -fewer));
            }
            None => {
                html!(out, "—");
            }
        }
        html!(out, "</td></tr>");
    };
    for row in &planning.rows {
        line(out, row, Some(&row.group));
    }
    if planning.rows.len() > 1 {
        line(out, &sum(planning), None);
    }
    table_end(out);
    html!(out, "</section>");
}

fn sum(planning: &Planning) -> PlanLine {
    let mut sum = PlanLine {
        group: "合计".into(),
        planned: None,
        admitted: 0,
        months: [0; 12],
    };
    for row in &planning.rows {
        sum.admitted += row.admitted;
        if let Some(planned) = row.planned {
            sum.planned = Some(sum.planned.unwrap_or_default().saturating_add(planned));
        }
        for (month, count) in sum.months.iter_mut().zip(row.months) {
            *month += count;
        }
    }
    sum
}

fn months(out: &mut Markup, planning: &Planning) {
    let sum = sum(planning);
    if sum.admitted == 0 {
        return;
    }
    let most = sum.months.iter().copied().max().unwrap_or(1).max(1);
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"months-heading\"><h3 id=\"months-heading\">逐月接收</h3><ul class=\"columns\" aria-hidden=\"true\">"
    );
    for (count, month) in sum.months.into_iter().zip(1u32..) {
        html!(
            out,
            "<li><svg viewBox=\"0 0 10 100\" preserveAspectRatio=\"none\"><rect class=\"share\" width=\"10\" y=\"",
            100 - count * 100 / most,
            "\" height=\"",
            count * 100 / most,
            "\"/></svg>",
            month,
            "月</li>"
        );
    }
    html!(out, "</ul>");
    let names: Vec<String> = (1..=12).map(|month| format!("{month}月")).collect();
    let mut headings = vec!["类别"];
    headings.extend(names.iter().map(String::as_str));
    table(out, "各类别逐月接收", &headings);
    let mut line = |row: &PlanLine, group: Option<&str>| {
        html!(out, "<tr><th scope=\"row\">", row.group, "</th>");
        for (count, month) in row.months.into_iter().zip(1..) {
            html!(out, "<td class=\"number\">");
            happened(
                out,
                within(planning.year, Some(month)),
                Moved::Admitted,
                group,
                count as usize,
            );
            html!(out, "</td>");
        }
        html!(out, "</tr>");
    };
    for row in planning.rows.iter().filter(|row| row.admitted > 0) {
        line(row, Some(&row.group));
    }
    line(&sum, None);
    table_end(out);
    html!(out, "</section>");
}

fn moves(out: &mut Markup, planning: &Planning) {
    if planning.moves.is_empty() {
        return;
    }
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"moves-heading\"><h3 id=\"moves-heading\">这一年的变化（人次）</h3>"
    );
    let mut headings = vec!["变化"];
    headings.extend(planning.moves.iter().map(|(group, _)| group.as_str()));
    headings.push("合计");
    table(out, "各类别的变化", &headings);
    let days = within(planning.year, None);
    for (what, at) in Moved::ALL.into_iter().zip(0..) {
        html!(out, "<tr><th scope=\"row\">", what.label(), "</th>");
        let mut sum = 0;
        for (group, counts) in &planning.moves {
            let count = counts.get(at).copied().unwrap_or_default();
            sum += count;
            html!(out, "<td class=\"number\">");
            happened(out, days, what, Some(group), count);
            html!(out, "</td>");
        }
        html!(out, "<td class=\"number\">");
        happened(out, days, what, None, sum);
        html!(out, "</td></tr>");
    }
    table_end(out);
    html!(out, "</section>");
}

fn count_field(out: &mut Markup, id: &str, label: &str, value: Option<u32>) {
    html!(
        out,
        "<div class=\"field\"><label for=\"",
        id,
        "\">",
        label,
        "</label><input type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" id=\"",
        id,
        "\""
    );
    if let Some(value) = value {
        html!(out, " value=\"", value, "\"");
    }
    html!(out, "></div>");
}

fn form(out: &mut Markup, planning: &Planning) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"planned-heading\"><h3 id=\"planned-heading\">填计划</h3><p class=\"hint\">各类别计划接收预备党员多少名；没有计划的空着。类别就是名册里的“学生类别/人员类别”。</p><form class=\"stack\" novalidate data-form=\"planned\" id=\"planned-form\"><div class=\"figures-fields\">"
    );
    for ((group, planned), at) in asked(planning).into_iter().zip(0u32..) {
        count_field(out, &format!("planned-{at}"), group, planned);
    }
    html!(
        out,
        "<div class=\"field\"><label for=\"planned-other\">其他类别</label><input type=\"text\" autocomplete=\"off\" maxlength=\"100\" id=\"planned-other\"></div>"
    );
    count_field(out, "planned-other-count", "其他类别的计划人数", None);
    html!(
        out,
        "</div><div class=\"row\"><button type=\"submit\" class=\"button button-primary\" data-testid=\"save-planned\">保存",
        u32::from(planning.year),
        "年的计划</button></div><div id=\"planned-said\" role=\"status\"></div></form></section>"
    );
}

fn members_form(out: &mut Markup, planning: &Planning, today: Date) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"members-heading\"><h3 id=\"members-heading\">各年年末的党员人数</h3><p class=\"hint\">按党组织自己的统计填，包括名册以外的党员；用来算净增率（中办发〔2013〕4号（十一））。</p><form class=\"stack\" novalidate data-form=\"members\" id=\"members-form\"><div class=\"figures-fields\">"
    );
    for year in asked_years(today) {
        let known = planning.members.iter().find(|(known, _)| *known == year);
        let label = format!("{year}年末");
        count_field(
            out,
            &format!("members-{year}"),
            &label,
            known.map(|(_, count)| *count),
        );
    }
    html!(
        out,
        "</div><div class=\"row\"><button type=\"submit\" class=\"button\" data-testid=\"save-members\">保存党员人数</button></div><div id=\"members-said\" role=\"status\"></div></form></section>"
    );
}
