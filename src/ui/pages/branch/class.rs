//! Classes of concentrated training: all of them, and one of them with those who take part, whose rows
//! are typed one after the other. See [`crate::format::workbench::class`].

use crate::domain::json::value_of;
use crate::domain::study::{EventId, Refusal};
use crate::domain::workbench::{ALONE, Class, Preparation, PupilLine, Sums};
use crate::format::workbench::class::{
    Candidate, Candidates, Change, Classes, Enroll, Leave, Look, Mark, Marked, Of, Papers, Particulars, Row,
    Shown as Opened, TypedLine,
};
use crate::format::workbench::due::Refused;
use crate::platform::{clock, files, page};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{
    DAY, Field, Form, LINE, attribute, has, is_ticked, put, put_notice, say, value,
};
use crate::ui::components::received::look;
use crate::ui::components::shown::{alert, live, still, table, table_end};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// Milliseconds after the last key before somebody is looked for.
const PAUSE: u32 = 300;

static FORM: Form = Form {
    name: "class",
    fields: &[
        Field {
            name: "name",
            label: "班次名称",
            needed: true,
            ..LINE
        },
        Field {
            name: "organiser",
            label: "主办单位",
            hint: "细则第十七条：由基层党委或者县级党委组织部门组织",
            needed: true,
            ..LINE
        },
        Field {
            name: "from",
            label: "开始日期",
            ..DAY
        },
        Field {
            name: "until",
            label: "结束日期",
            ..DAY
        },
        Field {
            name: "hours",
            label: "计划学时",
            hint: "细则第十七条：一般不少于三天或者二十四个学时",
            kind: "number",
            needed: true,
            ..LINE
        },
        Field {
            name: "place",
            label: "地点",
            hint: "可以不填",
            ..LINE
        },
    ],
    save: "保存班次",
    cancel: "",
};

fn particulars() -> Result<Particulars, Refusal> {
    Ok(Particulars {
        name: FORM.value("name"),
        organiser: FORM.value("organiser"),
        from: FORM.day("from")?,
        until: FORM.day("until")?,
        place: FORM.value("place"),
        hours: FORM.value("hours"),
    })
}

/// Sends the form: `what` with the question that its particulars make. Gives whether it was taken.
async fn send(office: Office, what: &str, ask: impl FnOnce(Particulars) -> String) -> bool {
    let typed = match particulars() {
        Ok(typed) => typed,
        Err(refusal) => return FORM.settle(Err(refusal)),
    };
    FORM.say("正在保存……");
    let answer = office.clerk(what, &ask(typed), None, |_| {}).await;
    match answer.and_then(|(text, _)| read::<Vec<Refused>>(&text)) {
        Ok(refused) => {
            let refused = refused.iter();
            let taken =
                FORM.settle_all(refused.map(|refused| (refused.field.as_str(), refused.reason.as_str())));
            FORM.say(if taken {
                "已保存"
            } else {
                "没有保存，请看上面的说明"
            });
            taken
        }
        Err(why) => {
            FORM.say(&format!("没有保存：{why}"));
            false
        }
    }
}

/// Classes, or one of them.
pub(super) fn class_page(id: &str) -> AnyView {
    if id.is_empty() {
        view! { <ClassesPage/> }.into_any()
    } else {
        view! { <ClassPage id=EventId(id.to_owned())/> }.into_any()
    }
}

/// All classes, and a form for a new one.
#[component]
fn ClassesPage() -> impl IntoView {
    let office = use_office();
    let said = RwSignal::new("<p class=\"muted\">正在打开……</p>".to_owned());
    Effect::new(move |_| {
        office.workbench.track();
        spawn_local(async move {
            let found = office.look::<Classes>("class/list", &()).await;
            said.try_set(found.map_or_else(|why| alert(&why), |classes| classes_markup(&classes)));
        });
    });
    let mut top = Markup::default();
    html!(
        top,
        "<p><a href=\"#/branch\">← 党支部工作台</a></p><h1>集中培训班</h1><p>发展对象的短期集中培训由基层党委或者县级党委组织部门组织，一般不少于三天或者二十四个学时（细则第十七条）。这里编班、记考勤和成绩、写鉴定、打印名单和每个人的情况表。在学档里自学的时间由本人申报，不计入集中培训学时。</p>"
    );
    let mut form = Markup::default();
    html!(form, "<h2 id=\"open-heading\">新开一个班</h2>");
    FORM.put(&mut form, true);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            if send(office, "class/open", |typed| value_of(&typed).to_string()).await {
                office.workbench.update(|count| *count += 1);
                // The newest stands first.
                let classes = office.look::<Classes>("class/list", &()).await;
                if let Some(newest) = classes
                    .ok()
                    .and_then(|classes| classes.classes.into_iter().next())
                {
                    page::set_hash(&format!("#/branch/class/{}", newest.id.0));
                }
            }
        });
    };
    view! {
        <div class="stack class">
            {still(top)}
            {live(said)}
            <section class="card stack" aria-labelledby="open-heading" on:submit=submit>{still(form)}</section>
        </div>
    }
}

fn classes_markup(classes: &Classes) -> String {
    let mut out = Markup::default();
    if classes.waiting > 0 {
        html!(
            out,
            "<p data-testid=\"class-waiting\">名册里有 <strong>",
            classes.waiting,
            "</strong> 名发展对象还没有编入培训班。</p>"
        );
    }
    if classes.classes.is_empty() {
        html!(
            out,
            "<p class=\"empty\">还没有培训班。填写下面的表格，新开一个。</p>"
        );
        return out.done();
    }
    table(
        &mut out,
        "培训班",
        &[
            "班次名称",
            "主办单位",
            "时间",
            "学时",
            "人数",
            "已填写",
            "填写结业",
        ],
    );
    for summary in &classes.classes {
        let class = &summary.class;
        html!(
            out,
            "<tr><td><a href=\"#/branch/class/",
            summary.id.0,
            "\">",
            class.name,
            "</a></td><td>",
            class.organiser,
            "</td><td class=\"nowrap\">",
            days_of(class),
            "</td><td class=\"number\">",
            usize::from(class.hours),
            "</td><td class=\"number\">",
            summary.sums.pupils,
            "</td><td class=\"number\">",
            summary.sums.typed,
            "</td><td class=\"number\">",
            summary.sums.completed,
            "</td></tr>"
        );
    }
    table_end(&mut out);
    out.done()
}

fn days_of(class: &Class) -> String {
    if class.from == class.until {
        class.from.to_string()
    } else {
        format!("{} 至 {}", class.from, class.until)
    }
}

/// The rows of a class and how they stand on the screen.
#[derive(Clone, Default)]
struct Rows {
    rows: Vec<Row>,
    /// What was sent of each row last, or stood there; none after it was not taken.
    sent: Vec<Option<TypedLine>>,
    /// Whether a row is being saved.
    saving: Vec<bool>,
    /// How people have prepared, by the holder of their records.
    alone: BTreeMap<String, Preparation>,
    candidates: Vec<Candidate>,
}

/// A class.
#[component]
fn ClassPage(
    /// Its id.
    id: EventId,
) -> impl IntoView {
    let office = use_office();
    let class = StoredValue::new(id);
    let rows = StoredValue::new(Rows::default());
    let top = RwSignal::new("<p class=\"muted\">正在打开……</p>".to_owned());
    let pupils = RwSignal::new(String::new());
    let sums = RwSignal::new(String::new());
    let found = RwSignal::new(String::new());
    let is_open = RwSignal::new(false);
    // Whoever is to be taken off.
    let leaving = RwSignal::new((String::new(), String::new()));
    let asking = RwSignal::new(false);
    Effect::new(move |_| {
        office.workbench.track();
        let of = class.get_value();
        spawn_local(async move {
            let shown = office.look::<Opened>("class/show", &Of { class: of }).await;
            match shown {
                Err(why) => {
                    top.try_set(alert(&why));
                }
                Ok(shown) => {
                    let alone = prepared(office, shown.rows.iter().filter_map(|row| row.holder.as_ref()));
                    if top.try_set(top_markup(&shown)).is_some() {
                        return; // The screen has gone.
                    }
                    sums.set(sums_markup(&shown.sums));
                    pupils.set(pupils_markup(&shown.rows, &alone));
                    if !is_open.get_untracked() {
                        fill(&shown.class);
                        is_open.set(true);
                    }
                    rows.update_value(|rows| {
                        let typed = shown.rows.iter().map(|row| Some(typed_of(&row.line)));
                        rows.sent = typed.collect();
                        rows.saving = vec![false; shown.rows.len()];
                        rows.rows = shown.rows;
                        rows.alone = alone;
                    });
                    request_animation_frame(move || rows.with_value(choose));
                    search(office, class, rows, found).await;
                }
            }
        });
    });

    let typed = StoredValue::new(0u32);
    let input = move |event: ev::Event| {
        if let Some(at) = row_of(event.target()) {
            say(&format!("row-{at}-said"), "还没有保存");
            return;
        }
        if page::data_of(&event, "data-look").is_none() {
            return;
        }
        let number = typed.get_value() + 1;
        typed.set_value(number);
        spawn_local(async move {
            clock::sleep(PAUSE).await;
            if typed.try_get_value() == Some(number) {
                search(office, class, rows, found).await;
            }
        });
    };
    let keydown = move |event: ev::KeyboardEvent| {
        let Some((at, name)) = row_of(event.target()).zip(page::data_of(&event, "data-cell")) else {
            return;
        };
        // In an appraisal Enter is a new line; there it is Ctrl and Enter.
        if event.key() != "Enter" || event.is_composing() || (name == "appraisal" && !event.ctrl_key()) {
            return;
        }
        event.prevent_default();
        save_row(office, class, rows, sums, at);
        if !page::focus(&format!("row-{}-{name}", at + 1)) {
            page::focus("class-papers-heading");
        }
    };
    let leave = move |event: ev::FocusEvent| {
        let at = row_of(event.target());
        if let Some(at) = at.filter(|_| row_of(event.related_target()) != at) {
            save_row(office, class, rows, sums, at);
        }
    };
    let click = move |event: ev::MouseEvent| {
        if let Some(at) = page::data_of(&event, "data-leave").and_then(|at| at.parse::<usize>().ok()) {
            let row = rows.with_value(|rows| rows.rows.get(at).cloned());
            if let Some(row) = row {
                let has = if row.line == PupilLine::default() {
                    ""
                } else {
                    "，已填写的出勤、成绩和鉴定也不再显示"
                };
                leaving.set((row.person, format!("把{}移出这个班{has}。", row.name)));
                asking.set(true);
            }
            return;
        }
        match page::data_of(&event, "data-do").as_deref() {
            Some("enroll") => enroll(office, class, rows, false),
            Some("enroll-all") => enroll(office, class, rows, true),
            Some(what) => make(office, class, rows, what.to_owned()),
            None => {}
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            let change = |particulars| {
                let class = class.get_value();
                value_of(&Change { class, particulars }).to_string()
            };
            if send(office, "class/change", change).await {
                office.workbench.update(|count| *count += 1);
            }
        });
    };
    let take_off = move |()| {
        let leave = Leave {
            class: class.get_value(),
            person: leaving.get_untracked().0,
        };
        spawn_local(async move {
            if let Err(why) = office.have_written("class/leave", &leave).await {
                put_notice("class-outcome", "class-said", false, &why);
            }
        });
    };
    let mut form = Markup::default();
    html!(
        form,
        "<details class=\"card\"><summary data-testid=\"change-class\"><h2>修改班次</h2></summary>"
    );
    FORM.put(&mut form, false);
    html!(form, "</details>");
    view! {
        <div class="stack class" on:click=click on:submit=submit on:input=input>
            <Shown of=top/>
            <section class="stack" aria-labelledby="pupils-heading">
                <h2 id="pupils-heading">"学员"</h2>
                {live(sums)}
                <p class="muted">"直接在表里填写：按 Tab 到下一格，按 Enter 到下一行；离开一行就自动保存。鉴定里换行按 Enter，保存并到下一行按 Ctrl+Enter。"</p>
                <div
                    on:keydown=keydown on:focusout=leave
                    class="shown" inner_html=move || pupils.get()
                ></div>
            </section>
            <section class="card stack" aria-labelledby="enroll-heading">{still(enroll_head())}<Shown of=found/></section>
            {still(papers())}
            {still(form)}
            <div id="class-outcome" role="status"></div>
            <Confirm
                open=asking title="移出这个班？" action="移出" testid="confirm-leave"
                text=Signal::derive(move || leaving.with(|(_, text)| text.clone()))
                done=take_off
            />
        </div>
    }
}

/// How people have prepared, by the newest records that are here.
fn prepared<'a>(office: Office, holders: impl Iterator<Item = &'a EventId>) -> BTreeMap<String, Preparation> {
    let holders: Vec<&EventId> = holders.collect();
    let mut alone = BTreeMap::new();
    look(office.register, &mut |register| {
        for holder in &holders {
            if let Some(member) = register.people.get(*holder) {
                alone.insert(holder.0.clone(), Preparation::of(&member.record));
            }
        }
    });
    alone
}

fn fill(class: &Class) {
    FORM.fill("name", &class.name);
    FORM.fill("organiser", &class.organiser);
    FORM.fill_day("from", Some(class.from));
    FORM.fill_day("until", Some(class.until));
    FORM.fill("place", &class.place);
    FORM.fill("hours", &class.hours.to_string());
}

fn top_markup(shown: &Opened) -> String {
    let class = &shown.class;
    let mut out = Markup::default();
    html!(
        out,
        "<p><a href=\"#/branch/class\">← 集中培训班</a></p><h1>",
        class.name,
        "</h1><dl class=\"facts\"><div><dt>主办单位</dt><dd>",
        class.organiser,
        "</dd></div><div><dt>时间</dt><dd>",
        days_of(class),
        "</dd></div><div><dt>计划学时</dt><dd>",
        usize::from(class.hours),
        " 学时</dd></div>"
    );
    if !class.place.is_empty() {
        html!(out, "<div><dt>地点</dt><dd>", class.place, "</dd></div>");
    }
    html!(out, "</dl>");
    for remark in &shown.remarks {
        html!(out, "<p class=\"notice\">", remark, "。</p>");
    }
    out.done()
}

fn sums_markup(sums: &Sums) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<p data-testid=\"class-sums\">共 ",
        sums.pupils,
        " 人，已填写 ",
        sums.typed,
        " 人；填写结业 ",
        sums.completed,
        " 人，未结业 ",
        sums.not_completed,
        " 人。</p>"
    );
    out.done()
}

fn typed_of(line: &PupilLine) -> TypedLine {
    let text = |number: Option<u16>| number.map(|number| number.to_string()).unwrap_or_default();
    TypedLine {
        days: text(line.days),
        hours: text(line.hours),
        mark: line.mark.clone(),
        appraisal: line.appraisal.clone(),
        completed: line.completed,
    }
}

fn pupils_markup(rows: &[Row], alone: &BTreeMap<String, Preparation>) -> String {
    let mut out = Markup::default();
    if rows.is_empty() {
        html!(
            out,
            "<p class=\"empty\">班里还没有人。在下面选择发展对象加入。</p>"
        );
        return out.done();
    }
    html!(
        out,
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"学员的出勤、成绩和鉴定\"><table class=\"class-rows\" data-testid=\"class-rows\"><thead><tr><th scope=\"col\">姓名</th><th scope=\"col\">学习准备（来自本人的记录）</th><th scope=\"col\">",
        ALONE,
        "</th><th scope=\"col\">出勤天数</th><th scope=\"col\">出勤学时</th><th scope=\"col\">成绩</th><th scope=\"col\">结业</th><th scope=\"col\">鉴定</th><th scope=\"col\">情况</th></tr></thead><tbody>"
    );
    for (row, at) in rows.iter().zip(0usize..) {
        row_markup(&mut out, row, at, alone);
    }
    html!(out, "</tbody></table></div>");
    out.done()
}

fn row_markup(out: &mut Markup, row: &Row, at: usize, alone: &BTreeMap<String, Preparation>) {
    let name = if row.name.is_empty() {
        "（名册里已没有）"
    } else {
        row.name.as_str()
    };
    html!(
        out,
        "<tr data-row=\"",
        at,
        "\"><th scope=\"row\"><a href=\"#/branch/person/",
        row.person,
        "\">",
        name,
        "</a><span class=\"muted\">",
        row.branch,
        "<br>",
        row.state,
        "</span></th><td>"
    );
    let alone = row.holder.as_ref().and_then(|holder| alone.get(&holder.0));
    match (alone, &row.holder) {
        (Some(alone), _) => {
            html!(
                out,
                alone.words(),
                "<span class=\"muted\">",
                alone.made.to_string(),
                " 的记录</span></td><td data-testid=\"alone\">",
                alone.time()
            );
        }
        (None, Some(_)) => {
            html!(out, "<span class=\"muted\">关联的记录不在本机</span></td><td>—");
        }
        (None, None) => {
            html!(out, "<span class=\"muted\">没有关联培养记录</span></td><td>—");
        }
    }
    html!(out, "</td>");
    let typed = typed_of(&row.line);
    for (cell, label, text, size) in [
        ("days", "出勤天数", &typed.days, "3"),
        ("hours", "出勤学时", &typed.hours, "3"),
        ("mark", "成绩", &typed.mark, "5"),
    ] {
        let mode = if cell == "mark" { "text" } else { "numeric" };
        html!(
            out,
            "<td><input type=\"text\" autocomplete=\"off\" inputmode=\"",
            mode,
            "\" size=\"",
            size,
            "\" data-cell=\"",
            cell,
            "\" id=\"row-",
            at,
            "-",
            cell,
            "\" aria-label=\"",
            name,
            "，",
            label,
            "\" aria-describedby=\"row-",
            at,
            "-said\" value=\"",
            *text,
            "\"></td>"
        );
    }
    html!(
        out,
        "<td><select data-cell=\"completed\" id=\"row-",
        at,
        "-completed\" aria-label=\"",
        name,
        "，结业\"><option value=\"\">未填</option><option value=\"yes\">结业</option><option value=\"no\">未结业</option></select></td><td><textarea rows=\"2\" data-cell=\"appraisal\" id=\"row-",
        at,
        "-appraisal\" aria-label=\"",
        name,
        "，鉴定\">",
        typed.appraisal,
        "</textarea></td><td><span id=\"row-",
        at,
        "-said\" class=\"muted\"></span><div id=\"row-",
        at,
        "-remarks\">"
    );
    remarks_markup(out, &row.remarks);
    html!(
        out,
        "</div><button type=\"button\" class=\"button button-plain\" data-leave=\"",
        at,
        "\" aria-label=\"把",
        name,
        "移出这个班\">移出</button></td></tr>"
    );
}

fn remarks_markup(out: &mut Markup, remarks: &[String]) {
    for remark in remarks {
        html!(out, "<p class=\"class-remark\">", remark, "</p>");
    }
}

/// Markup has no value of a choice.
fn choose(rows: &Rows) {
    for (typed, at) in rows.sent.iter().zip(0..) {
        let chosen = match typed.as_ref().and_then(|typed| typed.completed) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        crate::ui::components::field::fill(&format!("row-{at}-completed"), chosen);
    }
}

/// The row that something on the screen is in.
fn row_of(target: Option<EventTarget>) -> Option<usize> {
    let element: Element = target?.dyn_into().ok()?;
    let row = element.closest("[data-row]").ok()??;
    row.get_attribute("data-row")?.parse().ok()
}

/// Saves a row, when what is typed in it is not what was sent last.
fn save_row(
    office: Office,
    class: StoredValue<EventId>,
    rows: StoredValue<Rows>,
    sums: RwSignal<String>,
    at: usize,
) {
    let cell = |name: &str| value(&format!("row-{at}-{name}"));
    let typed = TypedLine {
        days: cell("days"),
        hours: cell("hours"),
        mark: cell("mark"),
        appraisal: cell("appraisal"),
        completed: match cell("completed").as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    };
    let said = format!("row-{at}-said");
    let (same, saving) = rows.with_value(|rows| {
        let same = rows
            .sent
            .get(at)
            .is_some_and(|sent| sent.as_ref() == Some(&typed));
        (same, rows.saving.get(at) == Some(&true))
    });
    if same {
        if !saving {
            let was_saved = has(&said, "data-saved");
            say(&said, if was_saved { "已保存" } else { "" });
        }
        return;
    }
    let Some(person) = rows.with_value(|rows| rows.rows.get(at).map(|row| row.person.clone())) else {
        return;
    };
    let stand = move |sent: Option<TypedLine>, saving: bool| {
        rows.try_update_value(|rows| {
            if let Some(place) = rows.sent.get_mut(at) {
                *place = sent;
            }
            if let Some(place) = rows.saving.get_mut(at) {
                *place = saving;
            }
        });
    };
    stand(Some(typed.clone()), true);
    say(&said, "正在保存……");
    let mark = Mark {
        class: class.get_value(),
        person,
        typed,
    };
    spawn_local(async move {
        let sent = Some(mark.typed.clone());
        // Without telling the screen to ask again: what is being typed in the next row stays.
        let answer = office
            .clerk("class/mark", &value_of(&mark).to_string(), None, |_| {})
            .await;
        let mut out = Markup::default();
        let mut wrong = Vec::new();
        match answer.and_then(|(text, _)| read::<Marked>(&text)) {
            Ok(marked) if marked.refused.is_empty() => {
                say(&said, "已保存");
                attribute(&said, "data-saved", Some(""));
                stand(sent, false);
                remarks_markup(&mut out, &marked.remarks);
                sums.try_set(sums_markup(&marked.sums));
                rows.try_update_value(|rows| {
                    if let Some(row) = rows.rows.get_mut(at) {
                        row.line = marked.line;
                        row.remarks = marked.remarks;
                    }
                });
            }
            Ok(marked) => {
                say(&said, "没有保存");
                stand(None, false);
                for Refused { field, reason } in &marked.refused {
                    let label = match field.as_str() {
                        "days" => "出勤天数",
                        "hours" => "出勤学时",
                        "mark" => "成绩",
                        _ => "鉴定",
                    };
                    html!(
                        out,
                        "<p class=\"error\" role=\"alert\">",
                        label,
                        "：",
                        reason,
                        "</p>"
                    );
                }
                wrong = marked.refused;
            }
            Err(why) => {
                say(&said, "没有保存");
                html!(out, "<p class=\"error\" role=\"alert\">", why, "</p>");
                // It is sent again when the row is left again.
                stand(None, false);
            }
        }
        for name in ["days", "hours", "mark", "appraisal"] {
            let is_wrong = wrong.iter().any(|refused| refused.field == name);
            attribute(
                &format!("row-{at}-{name}"),
                "aria-invalid",
                is_wrong.then_some("true"),
            );
        }
        put(&format!("row-{at}-remarks"), out);
    });
}

fn enroll_head() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"enroll-heading\">加入学员</h2><div class=\"field\"><label for=\"class-look\">按姓名或党支部查找</label><p class=\"hint\" id=\"class-look-hint\">不填时列出发展对象；要加入别的人，填姓名查找</p><input type=\"search\" autocomplete=\"off\" id=\"class-look\" data-testid=\"class-look\" data-look=\"\" aria-describedby=\"class-look-hint\"></div>"
    );
    out
}

/// Looks for people who could take part.
async fn search(
    office: Office,
    class: StoredValue<EventId>,
    rows: StoredValue<Rows>,
    found: RwSignal<String>,
) {
    let Some(of) = class.try_get_value() else { return };
    let words = value("class-look");
    let look = Look {
        class: of,
        words: words.clone(),
    };
    match office.look::<Candidates>("class/candidates", &look).await {
        Err(why) => {
            found.try_set(alert(&why));
        }
        Ok(candidates) => {
            found.try_set(candidates_markup(&candidates, words.trim().is_empty()));
            rows.try_update_value(|rows| rows.candidates = candidates.people);
        }
    }
}

fn candidates_markup(candidates: &Candidates, is_prospects: bool) -> String {
    let mut out = Markup::default();
    if candidates.people.is_empty() {
        html!(
            out,
            "<p class=\"muted\">",
            if is_prospects {
                "没有别的发展对象了。要加入别的人，请填姓名查找。"
            } else {
                "没有找到。"
            },
            "</p>"
        );
        return out.done();
    }
    html!(out, "<ul class=\"class-candidates\">");
    for (candidate, at) in candidates.people.iter().zip(0usize..) {
        html!(
            out,
            "<li><label class=\"choice\"><input type=\"checkbox\" id=\"candidate-",
            at,
            "\"><span>",
            candidate.name,
            " <span class=\"muted\">",
            candidate.branch,
            "　",
            candidate.state
        );
        if let Some(listed) = candidate.listed {
            html!(out, "，", listed.to_string(), " 列为发展对象");
        }
        if !candidate.others.is_empty() {
            html!(out, "，已在：", candidate.others.join("、"));
        }
        html!(out, "</span></span></label></li>");
    }
    html!(out, "</ul>");
    if candidates.total > candidates.people.len() {
        html!(
            out,
            "<p class=\"muted\">共 ",
            candidates.total,
            " 人，这里列出前 ",
            candidates.people.len(),
            " 人；请填姓名或党支部缩小范围。</p>"
        );
    }
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"enroll\" data-testid=\"enroll\">加入勾选的人</button>"
    );
    if is_prospects {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-do=\"enroll-all\" data-testid=\"enroll-all\">加入全部没有编班的发展对象</button>"
        );
    }
    html!(out, "</div>");
    out.done()
}

fn enroll(office: Office, class: StoredValue<EventId>, rows: StoredValue<Rows>, all: bool) {
    let people: Vec<String> = rows.with_value(|rows| {
        let candidates = rows.candidates.iter().zip(0..);
        let ticked = candidates.filter(|(_, at)| is_ticked(&format!("candidate-{at}")));
        ticked.map(|(candidate, _)| candidate.person.clone()).collect()
    });
    if people.is_empty() && !all {
        return put_notice("class-outcome", "class-said", false, "请先勾选要加入的人。");
    }
    let enroll = Enroll {
        class: class.get_value(),
        people,
        all,
    };
    spawn_local(async move {
        match office.have_written("class/enroll", &enroll).await {
            Ok(count) => {
                put_notice(
                    "class-outcome",
                    "class-said",
                    true,
                    &format!("已加入 {count} 人。"),
                );
                page::focus("pupils-heading");
            }
            Err(why) => put_notice("class-outcome", "class-said", false, &why),
        }
    });
}

fn papers() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"class-papers-heading\"><h2 id=\"class-papers-heading\">打印和存档</h2><p>文件里有姓名、性别、民族、出生年月、党支部、学历（名册里有的）、出勤、成绩、鉴定，以及本人申报的自学情况；都注明是附件和草稿，签字、日期和盖章处留空。自学（自报）单独一栏，不计入集中培训学时。</p><div class=\"row\">"
    );
    for (what, label) in [
        ("list-docx", "班级名单（.docx）"),
        ("list-xlsx", "班级名单和鉴定（.xlsx）"),
        ("appraisals-docx", "每人一页的情况表（.docx）"),
    ] {
        html!(
            out,
            "<button type=\"button\" class=\"button\" data-do=\"",
            what,
            "\" data-testid=\"",
            what,
            "\">",
            label,
            "</button>"
        );
    }
    html!(out, "</div></section>");
    out
}

/// Has a paper made and saves it.
fn make(office: Office, class: StoredValue<EventId>, rows: StoredValue<Rows>, what: String) {
    let asked = Papers {
        class: class.get_value(),
        alone: rows.with_value(|rows| rows.alone.clone()),
        only: None,
    };
    let name = FORM.value("name");
    spawn_local(async move {
        let made = office
            .clerk(
                &format!("class/{what}"),
                &value_of(&asked).to_string(),
                None,
                |_| {},
            )
            .await;
        let kind = if what.ends_with("xlsx") { "xlsx" } else { "docx" };
        let title = if what.starts_with("list") {
            "名单"
        } else {
            "情况表"
        };
        let safe: String = name
            .chars()
            .filter(|sign| !sign.is_control() && !"\\/:*?\"<>|".contains(*sign))
            .take(40)
            .collect();
        let file = format!("{safe}-{title}.{kind}");
        let saved = made.and_then(|(_, blob)| {
            let blob = blob.ok_or("后台程序没有给出文件，请再试一次")?;
            files::save_blob(&file, &blob).map_err(|error| error.to_string())
        });
        match saved {
            Ok(()) => put_notice("class-outcome", "class-said", true, &format!("已存成 {file}。")),
            Err(why) => put_notice("class-outcome", "class-said", false, &why),
        }
    });
}
