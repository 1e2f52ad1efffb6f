//! What is due: a list by day, a month, a file for calendars, and what the unit has arranged. All of it
//! is worked out by the branch's program; see [`crate::format::workbench::due`].

use crate::domain::due::What;
use crate::domain::due::local::Draft;
use crate::domain::json::value_of;
use crate::domain::time::Date;
use crate::format::workbench::due::{Ask, Day, Group, Line, Lines, Month, Refused, Saved, Typed, WINDOW};
use crate::platform::{clock, files, page};
use crate::ui::components::field::{
    Field, Form, LINE, attribute, is_ticked, option, put, put_notice, say, tick, value,
};
use crate::ui::components::shown::{alert, live, still};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Milliseconds after the last key before a filter is used.
const PAUSE: u32 = 300;

/// What the unit may arrange, each value optional.
static FORM: Form = Form {
    name: "local",
    fields: &[
        number(
            "talk_days",
            "收到申请后多少天内谈话",
            "细则第七条：一个月内。填 1 到 28",
        ),
        number(
            "review_months",
            "多少个月考察一次",
            "细则第十一条：每半年一次。填 1、2、3 或者 6",
        ),
        number(
            "cultivation_months",
            "培养教育多少个月以上才能列为发展对象",
            "细则第十三条：一年以上。填 12 以上",
        ),
        number(
            "notice_days",
            "列为发展对象前公示多少个工作日",
            "细则第十三条：不少于五个工作日",
        ),
        number(
            "training_days",
            "集中培训不少于多少天",
            "细则第十七条：一般不少于三天",
        ),
        number(
            "training_hours",
            "集中培训不少于多少学时",
            "细则第十七条：或者二十四个学时",
        ),
        number(
            "meeting_days",
            "预审合格后多少天内开党员大会",
            "细则第十九条：一个月内。填 1 到 28",
        ),
        number(
            "approval_days",
            "大会通过后多少天内审批",
            "细则第二十五条：三个月内。填 1 到 89",
        ),
        number(
            "oath_days",
            "批准后多少天内宣誓",
            "细则第二十九条：一般一个月内。填 1 到 28",
        ),
        number(
            "full_approval_days",
            "大会通过转正后多少天内审批",
            "细则第三十三条：三个月内。填 1 到 89",
        ),
        number(
            "thought_report_months",
            "多少个月交一次思想汇报",
            "细则没有这个周期；不要求的留空",
        ),
        number(
            "mentor_note_months",
            "培养联系人多少个月写一次情况",
            "细则没有这个周期；不要求的留空",
        ),
    ],
    save: "保存本单位的安排",
    cancel: "",
};

const fn number(name: &'static str, label: &'static str, hint: &'static str) -> Field {
    Field {
        name,
        label,
        hint,
        kind: "number",
        ..LINE
    }
}

/// The parts of the screen that change, as markup.
#[derive(Clone, Copy)]
struct Parts {
    said: RwSignal<String>,
    failed: RwSignal<String>,
    groups: RwSignal<String>,
    body: RwSignal<String>,
}

/// What is due.
#[component]
pub(super) fn DuePage() -> impl IntoView {
    let office = use_office();
    let ask = RwSignal::new(Ask::default());
    let is_month = RwSignal::new(false);
    let parts = Parts {
        said: RwSignal::new(String::new()),
        failed: RwSignal::new(String::new()),
        groups: RwSignal::new(String::new()),
        body: RwSignal::new(String::new()),
    };
    // Which question is the newest: answers to older ones come too late.
    let asked = StoredValue::new(0u32);
    let filled = StoredValue::new(None::<Draft>);
    // Where the focus goes when the answer is there.
    let then = StoredValue::new("");
    Effect::new(move |_| {
        office.workbench.track();
        let (ask, is_month) = (ask.get(), is_month.get());
        let number = asked.get_value() + 1;
        asked.set_value(number);
        spawn_local(async move {
            let is_newest = move || asked.try_get_value() == Some(number);
            let answer = answer(office, ask.clone(), is_month, parts, is_newest).await;
            if !is_newest() {
                return;
            }
            match answer {
                Ok(draft) => {
                    parts.failed.set(String::new());
                    if let Some(draft) = draft.filter(|draft| filled.get_value().as_ref() != Some(draft)) {
                        fill(&draft);
                        filled.set_value(Some(draft));
                    }
                }
                Err(why) => {
                    parts.said.set(String::new());
                    parts.failed.set(alert(&why));
                }
            }
            let id = then.get_value();
            then.set_value("");
            if !id.is_empty() {
                request_animation_frame(move || {
                    page::focus(id);
                });
            }
        });
    });

    let typed = StoredValue::new(0u32);
    let input = move |event: ev::Event| {
        if page::data_of(&event, "data-filter").is_none() {
            return;
        }
        let number = typed.get_value() + 1;
        typed.set_value(number);
        spawn_local(async move {
            clock::sleep(PAUSE).await;
            if typed.try_get_value() == Some(number) {
                let what = value("due-what");
                ask.update(|ask| {
                    ask.what = (!what.is_empty()).then_some(what);
                    ask.branch = value("due-branch");
                    ask.mentor = value("due-mentor");
                    ask.from = 0;
                });
            }
        });
    };
    let click = move |event: ev::MouseEvent| {
        let get = |name: &str| page::data_of(&event, name);
        if let Some(code) = get("data-group") {
            let group = Group::ALL.into_iter().find(|group| group.code() == code);
            ask.update(|ask| {
                ask.group = group.filter(|group| ask.group != Some(*group));
                ask.from = 0;
            });
            return;
        }
        if let Some(day) = get("data-day").and_then(|day| Date::parse(&day)) {
            then.set_value("due-list-heading");
            is_month.set(false);
            ask.update(|ask| {
                ask.day = Some(day);
                ask.from = 0;
            });
            return;
        }
        match get("data-do").as_deref() {
            Some("list") => is_month.set(false),
            Some("month") => {
                ask.update(|ask| ask.day = None);
                is_month.set(true);
            }
            Some("any-day") => {
                then.set_value("due-list-heading");
                ask.update(|ask| {
                    ask.day = None;
                    ask.from = 0;
                });
            }
            Some("before") => turn(ask, false, then),
            Some("after") => turn(ask, true, then),
            Some("month-before") => step_month(ask, -1, then, "due-month-before"),
            Some("month-after") => step_month(ask, 1, then, "due-month-after"),
            Some("month-now") => {
                then.set_value("due-month-now");
                ask.update(|ask| ask.month = None);
            }
            Some("ics") => save_calendar(office, ask.get_untracked()),
            _ => {}
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        arrange(office);
    };
    view! {
        <div class="stack due" on:click=click on:submit=submit on:input=input on:change=input>
            {still(head())}
            <div class="row" role="group" aria-label="看法">
                <button type="button" class="button" data-do="list" data-testid="due-as-list" aria-pressed=move || (!is_month.get()).to_string()>"列表"</button>
                <button type="button" class="button" data-do="month" data-testid="due-as-month" aria-pressed=move || is_month.get().to_string()>"月历"</button>
            </div>
            <Shown of=parts.groups/>
            {live(parts.said)}
            <Shown of=parts.failed/>
            <Shown of=parts.body/>
            {still(foot())}
        </div>
    }
}

/// Asks, and puts the answer on the screen; gives the local arrangements where the answer has them.
async fn answer(
    office: Office,
    mut ask: Ask,
    is_month: bool,
    parts: Parts,
    is_newest: impl Fn() -> bool + Copy + 'static,
) -> Result<Option<Draft>, String> {
    ask.holidays = office.holidays().await;
    if parts.said.with_untracked(String::is_empty) {
        parts.said.set(plain("正在推算……"));
    }
    let progress = move |step: crate::ui::office::Progress| {
        if is_newest() {
            parts.said.try_set(plain(&step.label()));
        }
    };
    // Its figures stand above the month too.
    let list = office
        .clerk("due/list", &value_of(&ask).to_string(), None, progress)
        .await?;
    let lines: Lines = read(&list.0)?;
    let month: Option<Month> = if is_month {
        Some(office.look("due/days", &ask).await?)
    } else {
        None
    };
    if !is_newest() {
        return Ok(None);
    }
    let body = month.map_or_else(|| list_markup(&lines), |month| month_markup(&month));
    parts.groups.set(groups(&lines, &ask, is_month));
    parts.said.set(plain(&summary(&lines, &ask)));
    parts.body.set(body);
    for what in What::ALL {
        let count = lines.whats.iter().find(|(code, _)| code == what.code());
        let count = count.map_or(0, |(_, count)| *count);
        say(
            &format!("due-what-{}", what.code()),
            &format!("{}（{count}）", what.label()),
        );
    }
    for (id, names) in [("due-branches", &lines.branches), ("due-mentors", &lines.mentors)] {
        let mut out = Markup::default();
        for name in names {
            option(&mut out, name, "");
        }
        put(id, out);
    }
    Ok(Some(lines.local))
}

fn plain(text: &str) -> String {
    let mut out = Markup::default();
    html!(out, "<p class=\"muted\" data-testid=\"due-said\">", text, "</p>");
    out.done()
}

fn summary(lines: &Lines, ask: &Ask) -> String {
    if lines.here == 0 {
        return "名册里还没有在培养、教育或者预备期里的人。请先导入名册。".into();
    }
    let mut text = format!("在册 {} 人，符合条件的有 {} 项", lines.here, lines.total);
    if let Some(day) = ask.day {
        text = format!("{}：{} 项", day.chinese(), lines.total);
    }
    if lines.provisional > 0 {
        text.push_str(&format!(
            "；其中 {} 项为暂算：相关年份的放假通知还没有收录（已收录到 {} 年），按周一至周五计算",
            lines.provisional,
            lines.years.last().copied().unwrap_or_default()
        ));
    }
    text
}

/// What never changes, above.
fn head() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<p><a href=\"#/branch\">← 党支部工作台</a></p><h1>到期事项</h1><p>按《中国共产党发展党员工作细则》推算日子，每一项都写明依据。这里只提醒条文和日子，不作结论；是不是办了、为什么还没有办，以党组织的记载为准。办过没有记的，到本人的页面补记日期，这一项就没有了。</p><div class=\"toolbar due-filter\"><div class=\"field\"><label for=\"due-what\">事项</label><select id=\"due-what\" data-testid=\"due-what\" data-filter=\"\"><option value=\"\">全部事项</option>"
    );
    for what in What::ALL {
        html!(
            out,
            "<option value=\"",
            what.code(),
            "\" id=\"due-what-",
            what.code(),
            "\">",
            what.label(),
            "</option>"
        );
    }
    html!(out, "</select></div>");
    for (id, list, label) in [
        ("due-branch", "due-branches", "党支部"),
        ("due-mentor", "due-mentors", "培养联系人"),
    ] {
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">",
            label,
            "</label><input type=\"text\" autocomplete=\"off\" data-filter=\"\" placeholder=\"名称里的几个字\" id=\"",
            id,
            "\" data-testid=\"",
            id,
            "\" list=\"",
            list,
            "\"><datalist id=\"",
            list,
            "\"></datalist></div>"
        );
    }
    html!(out, "</div>");
    out
}

/// What never changes, below.
fn foot() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"due-ics-heading\"><h2 id=\"due-ics-heading\">放进日历</h2><p>把上面筛选出的、有日子的事项存成日历文件（.ics），手机和电脑的日历都能打开。再存一次不会重复，会更新原来的。日历里有姓名、党支部和事项，请只放进自己的日历。</p><div class=\"toolbar\"><div class=\"field\"><label for=\"due-alarm\">什么时候提醒</label><select id=\"due-alarm\" data-testid=\"due-alarm\">"
    );
    for (code, label) in [
        ("3", "提前 3 天，早上八点"),
        ("7", "提前 7 天，早上八点"),
        ("1", "提前 1 天，早上八点"),
        ("0", "当天早上八点"),
        ("", "不提醒"),
    ] {
        option(&mut out, code, label);
    }
    html!(
        out,
        "</select></div><button type=\"button\" class=\"button\" data-do=\"ics\" data-testid=\"due-ics\">存成日历文件（.ics）</button></div><div id=\"due-ics-outcome\" role=\"status\"></div></section><details class=\"card\" id=\"due-local\"><summary data-testid=\"due-local-open\"><h2>本单位的安排</h2></summary><div class=\"stack\"><p>都可以不填；不填的按细则。本单位只能比细则更严，不能更宽。按这里的安排推算出的日子会标明“本单位”。</p>"
    );
    FORM.put(&mut out, false);
    html!(out, "</div></details>");
    // The tick belongs to the form, before its button.
    let markup = out.done().replacen(
        "<div class=\"row\"><button type=\"submit\"",
        "<p><label class=\"choice\"><input type=\"checkbox\" id=\"local-pauses\" data-testid=\"local-pauses\"> 暂停培养和转接空档的时间，不计入培养教育时间</label></p><div class=\"row\"><button type=\"submit\"",
        1,
    );
    let mut out = Markup::default();
    out.raw(&markup);
    out
}

/// The parts with their counts, as buttons that stay pressed; and the day, where only one is shown.
fn groups(lines: &Lines, ask: &Ask, is_month: bool) -> String {
    let mut out = Markup::default();
    html!(out, "<div class=\"row\" role=\"group\" aria-label=\"期限\">");
    for (group, count) in Group::ALL.into_iter().zip(lines.counts) {
        let pressed = ask.group == Some(group);
        html!(
            out,
            "<button type=\"button\" class=\"button due-group\" data-group=\"",
            group.code(),
            "\" data-testid=\"due-",
            group.code(),
            "\" aria-pressed=\"",
            if pressed { "true" } else { "false" },
            "\">",
            group.label(),
            " <strong>",
            count,
            "</strong></button>"
        );
    }
    if let Some(day) = ask.day.filter(|_| !is_month) {
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-do=\"any-day\" data-testid=\"due-any-day\">只看",
            day.chinese(),
            "，点这里看全部</button>"
        );
    }
    html!(out, "</div>");
    out.done()
}

fn chip(group: Group) -> &'static str {
    match group {
        Group::Overdue => "chip chip-danger",
        Group::Soon => "chip chip-warn",
        Group::Later | Group::Standing => "chip",
    }
}

/// A window of the list, under the headings of its parts.
fn list_markup(lines: &Lines) -> String {
    let mut out = Markup::default();
    html!(out, "<h2 id=\"due-list-heading\">事项</h2>");
    if lines.lines.is_empty() {
        if lines.here > 0 {
            html!(out, "<p class=\"empty\">没有符合条件的事项。</p>");
        }
        return out.done();
    }
    let mut before = None;
    for line in &lines.lines {
        if before != Some(line.group) {
            if before.is_some() {
                html!(out, "</ul></section>");
            }
            html!(
                out,
                "<section class=\"stack\" aria-labelledby=\"due-of-",
                line.group.code(),
                "\"><h3 id=\"due-of-",
                line.group.code(),
                "\">",
                line.group.label(),
                " <span class=\"muted\">",
                lines.counts[line.group as usize],
                " 项</span></h3><ul class=\"due-lines\">"
            );
            before = Some(line.group);
        }
        line_markup(&mut out, line);
    }
    html!(out, "</ul></section>");
    if lines.total > WINDOW {
        html!(
            out,
            "<nav class=\"row\" aria-label=\"翻页\"><button type=\"button\" class=\"button\" id=\"due-before\" data-do=\"before\""
        );
        if lines.from == 0 {
            html!(out, " disabled");
        }
        html!(
            out,
            ">上一页</button><span>第 ",
            lines.from + 1,
            "–",
            lines.from + lines.lines.len(),
            " 项，共 ",
            lines.total,
            " 项</span><button type=\"button\" class=\"button\" id=\"due-after\" data-do=\"after\""
        );
        if lines.from + WINDOW >= lines.total {
            html!(out, " disabled");
        }
        html!(out, ">下一页</button></nav>");
    }
    out.done()
}

fn line_markup(out: &mut Markup, line: &Line) {
    html!(
        out,
        "<li class=\"due-line\" data-what=\"",
        line.what,
        "\" data-part=\"",
        line.group.code(),
        "\"><p class=\"due-who\"><a href=\"#/branch/person/",
        line.person,
        "\">",
        if line.name.is_empty() {
            "（没有姓名）"
        } else {
            line.name.as_str()
        },
        "</a> <span class=\"muted\">",
        line.branch,
        "　",
        line.state,
        "</span></p><div><p class=\"due-what\"><strong>",
        line.label,
        "</strong> <span class=\"",
        chip(line.group),
        "\">"
    );
    if let Some(day) = line.day {
        html!(out, line.kind, " ", day.to_string(), "，");
    }
    html!(out, line.stands, "</span>");
    if line.local {
        html!(out, " <span class=\"chip chip-accent\">本单位的安排</span>");
    }
    if line.provisional {
        html!(
            out,
            " <span class=\"chip chip-warn\" title=\"放假通知还没有收录，按周一至周五计算\">暂算</span>"
        );
    }
    html!(out, "</p><p>", line.why, "。</p><p class=\"muted\">依据：");
    match &line.article {
        Some(article) => {
            html!(out, article);
        }
        None => {
            html!(out, "本单位的安排，细则没有规定");
        }
    }
    html!(out, "</p></div></li>");
}

/// A month: a table where there is room, a list by day where there is none.
fn month_markup(month: &Month) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button\" id=\"due-month-before\" data-do=\"month-before\" data-testid=\"month-before\">上个月</button><button type=\"button\" class=\"button\" id=\"due-month-now\" data-do=\"month-now\">本月</button><button type=\"button\" class=\"button\" id=\"due-month-after\" data-do=\"month-after\" data-testid=\"month-after\">下个月</button></div>"
    );
    let name = format!("{}年{}月", month.year, month.month);
    html!(
        out,
        "<table class=\"due-month\" data-testid=\"due-month\"><caption>",
        name,
        "</caption><thead><tr>"
    );
    for weekday in WEEKDAYS {
        html!(
            out,
            "<th scope=\"col\"><abbr title=\"星期",
            weekday,
            "\">",
            weekday,
            "</abbr></th>"
        );
    }
    html!(out, "</tr></thead><tbody><tr>");
    let lead = month.days.first().map_or(0, |day| day.day.weekday());
    for _ in 0..lead {
        html!(out, "<td></td>");
    }
    for day in &month.days {
        if day.day.weekday() == 0 && day.day.day_of_month() > 1 {
            html!(out, "</tr><tr>");
        }
        html!(out, "<td class=\"");
        day_class(&mut out, day, month.today);
        html!(out, "\"");
        if day.day == month.today {
            html!(out, " aria-current=\"date\"");
        }
        html!(out, ">");
        day_markup(&mut out, day, month.today);
        html!(out, "</td>");
    }
    let tail = month.days.last().map_or(6, |day| day.day.weekday());
    for _ in tail + 1..7 {
        html!(out, "<td></td>");
    }
    html!(
        out,
        "</tr></tbody></table><div class=\"due-days\"><h2>",
        name,
        "</h2><ul>"
    );
    let mut is_empty = true;
    for day in &month.days {
        if day.counts.iter().sum::<usize>() > 0 {
            html!(out, "<li>");
            day_markup(&mut out, day, month.today);
            html!(out, "</li>");
            is_empty = false;
        }
    }
    html!(out, "</ul>");
    if is_empty {
        html!(out, "<p class=\"muted\">这个月没有到期的事项。</p>");
    }
    html!(out, "</div>");
    if month.without > 0 {
        html!(
            out,
            "<p class=\"muted\">另有 ",
            month.without,
            " 项没有具体日子，在列表的“长期注意”里。</p>"
        );
    }
    if month.days.iter().any(|day| !day.known) {
        html!(
            out,
            "<p class=\"muted\">这个月有的日子，放假通知还没有收录；涉及工作日的事项为暂算。</p>"
        );
    }
    out.done()
}

fn day_class(out: &mut Markup, day: &Day, today: Date) {
    if day.holiday.is_some() || (day.day.weekday() >= 5 && !day.make_up) {
        html!(out, "off ");
    }
    if day.day == today {
        html!(out, "today");
    }
}

fn day_markup(out: &mut Markup, day: &Day, today: Date) {
    let number = usize::from(day.day.day_of_month());
    html!(
        out,
        "<span class=\"due-number\"><span class=\"due-weekday\">",
        usize::from(day.day.month()),
        "月</span>",
        number,
        "<span class=\"due-weekday\">日 星期",
        WEEKDAYS[usize::from(day.day.weekday()).min(6)],
        "</span></span>"
    );
    if day.day == today {
        html!(out, "<span class=\"chip\">今天</span>");
    }
    if let Some(holiday) = &day.holiday {
        html!(out, "<span class=\"chip chip-ok\">休 ", holiday, "</span>");
    }
    if day.make_up {
        html!(out, "<span class=\"chip chip-warn\">班</span>");
    }
    let all: usize = day.counts.iter().sum();
    if all > 0 {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-day=\"",
            day.day.to_string(),
            "\" aria-label=\"",
            day.day.chinese(),
            "，",
            all,
            " 项"
        );
        for (group, count) in Group::ALL.into_iter().zip(day.counts) {
            if count > 0 {
                html!(out, "，", group.label(), " ", count, " 项");
            }
        }
        html!(out, "\">", all, " 项</button>");
    }
}

fn turn(ask: RwSignal<Ask>, forward: bool, then: StoredValue<&'static str>) {
    then.set_value("due-list-heading");
    ask.update(|ask| {
        ask.from = if forward {
            ask.from + WINDOW
        } else {
            ask.from.saturating_sub(WINDOW)
        };
    });
}

fn step_month(ask: RwSignal<Ask>, by: i32, then: StoredValue<&'static str>, focus: &'static str) {
    then.set_value(focus);
    ask.update(|ask| {
        let today = env().now.date();
        let (year, month) = ask.month.unwrap_or((today.year(), today.month()));
        let first = Date::new(year, month, 1).map(|first| first.add_months(by));
        ask.month = first.map(|first| (first.year(), first.month()));
    });
}

fn save_calendar(office: Office, mut ask: Ask) {
    ask.alarm = value("due-alarm").parse().ok();
    attribute("due-ics-outcome", "aria-busy", Some("true"));
    spawn_local(async move {
        ask.holidays = office.holidays().await;
        let made = office
            .clerk("due/ics", &value_of(&ask).to_string(), None, |_| {})
            .await;
        let name = format!("到期事项-{}.ics", env().now.date().compact());
        let saved = made.and_then(|(text, file)| {
            let file = file.ok_or("后台程序没有给出文件，请再试一次")?;
            files::save_blob(&name, &file).map_err(|error| error.to_string())?;
            read::<Saved>(&text)
        });
        attribute("due-ics-outcome", "aria-busy", None);
        match saved {
            Ok(saved) => put_notice(
                "due-ics-outcome",
                "due-ics-saved",
                true,
                &format!(
                    "已存成 {name}，里面有 {} 项；另有 {} 项没有日子或者日子早已到了，没有放进去。已经超期的放在今天。",
                    saved.events, saved.without
                ),
            ),
            Err(why) => put_notice("due-ics-outcome", "due-ics-saved", false, &why),
        }
    });
}

/// Puts the arrangements in the form.
fn fill(draft: &Draft) {
    let values = value_of(draft);
    for field in FORM.fields {
        let known = values.get(field.name).map(ToString::to_string);
        FORM.fill(field.name, &known.unwrap_or_default());
    }
    tick("local-pauses", draft.pauses_excluded);
}

fn arrange(office: Office) {
    let values = FORM.fields.iter();
    let typed = Typed {
        values: values
            .map(|field| (field.name.to_owned(), FORM.value(field.name)))
            .collect(),
        pauses_excluded: is_ticked("local-pauses"),
    };
    FORM.say("正在保存……");
    spawn_local(async move {
        let answer = office
            .clerk("due/local", &value_of(&typed).to_string(), None, |_| {})
            .await;
        let refused = answer.and_then(|(text, _)| read::<Vec<Refused>>(&text));
        match refused {
            Ok(refused) => {
                let refused = refused.iter();
                let taken =
                    FORM.settle_all(refused.map(|refused| (refused.field.as_str(), refused.reason.as_str())));
                if taken {
                    FORM.say("已保存，已按新的安排推算");
                    office.workbench.update(|count| *count += 1);
                } else {
                    FORM.say("没有保存，请看上面的说明");
                }
            }
            Err(why) => FORM.say(&format!("没有保存：{why}")),
        }
    });
}
