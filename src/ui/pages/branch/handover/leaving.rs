//! Making a package for somebody who leaves: a form, a preview, and only then an event in the register
//! and a file.

use super::{address, parts};
use crate::domain::handover::{
    Body, Carried, Change, Handover, MAX_OTHER, MAX_PERIODS, Material, MaterialKind, MaterialState, Package,
    Period, Source, Traveller, unfit_line,
};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Member, Receipt};
use crate::domain::study::{EventId, Refusal};
use crate::domain::time::Date;
use crate::format::handover::{carried_record, carry, file_name, seal, write};
use crate::platform::{files, page};
use crate::ui::components::field::{Field, Form, LINE, attribute, fill, option, put, value};
use crate::ui::components::received::{look, nobody};
use crate::ui::components::shown::{alert, live, still};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

static FORM: Form = Form {
    name: "leaving",
    save: "",
    cancel: "",
    fields: &[
        Field {
            name: "name",
            label: "姓名",
            needed: true,
            hint: "与培养记录上的一致；记录里没有姓名的，由党支部填写",
            ..LINE
        },
        Field {
            name: "from",
            label: "转出的党组织（本支部）",
            needed: true,
            ..LINE
        },
        Field {
            name: "to",
            label: "转入的党组织",
            needed: true,
            hint: "写全称。新单位没有建立党组织的，写接收材料的党组织",
            ..LINE
        },
        Field {
            name: "day",
            label: "转出日期",
            kind: "date",
            needed: true,
            hint: "本支部负责培养的最后一天",
            ..LINE
        },
        Field {
            name: "confirmed",
            label: "确定为入党积极分子的日期",
            kind: "date",
            hint: "以党支部的会议记录为准；还不是入党积极分子的不填",
            ..LINE
        },
        Field {
            name: "applied",
            label: "递交入党申请书的日期",
            kind: "date",
            ..LINE
        },
        Field {
            name: "note",
            label: "给现党组织的说明（可不填）",
            kind: "area",
            hint: "例如材料怎样送、缺的材料何时补。不要写身份证号、电话等个人信息",
            ..LINE
        },
    ],
};

/// A period as it stands in the form.
#[derive(Clone)]
struct Row {
    source: Source,
    unit: String,
    from: String,
    to: String,
}

impl Row {
    fn of(period: &Period) -> Self {
        Self {
            source: period.source,
            unit: period.unit.clone(),
            from: period.from.to_string(),
            to: period.to.to_string(),
        }
    }
}

/// A field made by hand: its label, its kind, its id and whether it must be filled in.
fn input(out: &mut Markup, label: &str, kind: &str, id: &str) {
    html!(
        out,
        "<div class=\"field\"><label for=\"",
        id,
        "\">",
        label,
        "</label><input type=\""
    );
    html!(
        out,
        kind,
        "\" id=\"",
        id,
        "\" data-testid=\"",
        id,
        "\" autocomplete=\"off\""
    );
    if kind == "date" {
        html!(out, " min=\"1900-01-01\" max=\"9999-12-31\"");
    }
    html!(out, "></div>");
}

/// The periods' fields; what stands in them is put there by [`fill_rows`].
fn put_rows(rows: &[Row]) {
    let mut out = Markup::default();
    for (at, row) in rows.iter().enumerate() {
        let number = at + 1;
        html!(
            out,
            "<div class=\"line\" role=\"group\" aria-label=\"第 ",
            number,
            " 段\">"
        );
        input(&mut out, "单位", "text", &format!("period-{at}-unit"));
        input(&mut out, "起", "date", &format!("period-{at}-from"));
        input(&mut out, "止", "date", &format!("period-{at}-to"));
        if row.source == Source::Typed {
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-row=\"",
                at,
                "\">去掉<span class=\"visually-hidden\">第 ",
                number,
                " 段</span></button>"
            );
        } else {
            html!(out, "<p class=\"muted\">来自转入时的转接包，照转</p>");
        }
        slot(&mut out, &format!("period-{at}"));
        html!(out, "</div>");
    }
    put("leaving-rows", out);
    for (at, row) in rows.iter().enumerate() {
        for (field, text) in [("unit", &row.unit), ("from", &row.from), ("to", &row.to)] {
            let id = format!("period-{at}-{field}");
            fill(&id, text);
            attribute(&id, "readonly", (row.source == Source::Package).then_some(""));
        }
    }
    let full = rows.len() >= MAX_PERIODS;
    attribute("add-period", "disabled", full.then_some(""));
}

/// What has been typed meanwhile.
fn read_rows(rows: &mut [Row]) {
    for (at, row) in rows.iter_mut().enumerate() {
        row.unit = value(&format!("period-{at}-unit"));
        row.from = value(&format!("period-{at}-from"));
        row.to = value(&format!("period-{at}-to"));
    }
}

/// The id of a field of a paper; `other` counts those without a name of their own.
fn material_id(at: usize, field: &str) -> String {
    format!("material-{at}-{field}")
}

fn states(out: &mut Markup) {
    option(out, "", "请选择");
    for state in MaterialState::ALL {
        option(out, state.code(), state.label());
    }
}

/// The fields of the papers that have names, and some for others.
fn put_materials(out: &mut Markup) {
    for (at, kind) in MaterialKind::NAMED.into_iter().enumerate() {
        html!(
            out,
            "<div class=\"line\" role=\"group\" aria-labelledby=\"",
            material_id(at, "name")
        );
        html!(
            out,
            "\"><div class=\"what\"><p id=\"",
            material_id(at, "name"),
            "\"><strong>"
        );
        html!(
            out,
            kind.label(),
            "</strong></p><p class=\"hint\">",
            kind.basis(),
            "</p></div>"
        );
        material_fields(out, at);
        html!(out, "</div>");
    }
    html!(
        out,
        "<details class=\"stack\" id=\"leaving-others\"><summary>还有别的材料</summary>"
    );
    for at in MaterialKind::NAMED.len()..MaterialKind::NAMED.len() + OTHERS {
        html!(out, "<div class=\"line\" role=\"group\" aria-label=\"其他材料\">");
        input(out, "材料名称", "text", &material_id(at, "name"));
        material_fields(out, at);
        html!(out, "</div>");
    }
    html!(out, "</details>");
}

/// How many papers without a name of their own the form has room for.
const OTHERS: usize = if MAX_OTHER < 5 { MAX_OTHER } else { 5 };

fn material_fields(out: &mut Markup, at: usize) {
    let id = material_id(at, "state");
    html!(
        out,
        "<div class=\"field short\"><label for=\"",
        id,
        "\">在不在</label><select id=\"",
        id
    );
    html!(out, "\" data-testid=\"", id, "\" data-material=\"", at, "\">");
    states(out);
    html!(out, "</select></div>");
    let id = material_id(at, "count");
    html!(
        out,
        "<div class=\"field short\"><label for=\"",
        id,
        "\">份数</label><input type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" id=\""
    );
    html!(out, id, "\" data-testid=\"", id, "\"></div>");
    input(out, "备注（可不填）", "text", &material_id(at, "note"));
    slot(out, &format!("material-{at}"));
}

/// Where a line says what is wrong with it.
fn slot(out: &mut Markup, line: &str) {
    html!(out, "<div class=\"shown wrong\" id=\"", line, "-wrong\"></div>");
}

/// The place beside a field made by hand where it is said what is wrong; below the form for none.
fn slot_of(id: &str) -> String {
    let line = id.rsplit_once('-').map_or("leaving", |(line, _)| line);
    format!("{line}-wrong")
}

/// Says what is wrong with a field made by hand, and goes there.
fn refuse(id: &str, message: &str) {
    let slot = slot_of(id);
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"error\" role=\"alert\" data-testid=\"leaving-refused\">",
        message,
        "</p>"
    );
    put(&slot, out);
    attribute(id, "aria-invalid", Some("true"));
    attribute(id, "aria-describedby", Some(&slot));
    // It may be one of those that are folded away.
    let paper = id
        .strip_prefix("material-")
        .and_then(|rest| rest.split('-').next()?.parse().ok());
    if paper.is_some_and(|at: usize| at >= MaterialKind::NAMED.len()) {
        attribute("leaving-others", "open", Some(""));
    }
    page::focus(id);
}

/// Clears what [`refuse`] has said.
fn settle(rows: usize) {
    for id in fields(rows) {
        attribute(&id, "aria-invalid", None);
        attribute(&id, "aria-describedby", None);
        put(&slot_of(&id), Markup::default());
    }
    put("leaving-wrong", Markup::default());
}

/// A field that was refused: its element id and why.
struct Wrong(String, String);

/// The periods as they were typed. `body` has everything else.
fn read_periods(rows: &[Row], body: &Body) -> Result<Vec<Period>, Wrong> {
    let mut periods = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let wrong = |field: &str, what: &str| {
            let name = match field {
                "unit" => "单位",
                "from" => "开始日期",
                _ => "结束日期",
            };
            Wrong(
                format!("period-{at}-{field}"),
                format!("培养时间第 {} 段的{name}{what}", at + 1),
            )
        };
        let day = |field: &str, text: &str| {
            Date::parse(text.trim()).ok_or_else(|| wrong(field, "没有填，或不是一个日期"))
        };
        let period = Period {
            from: day("from", &row.from)?,
            to: day("to", &row.to)?,
            unit: row.unit.trim().to_owned(),
            source: row.source,
        };
        if let Some((field, what)) = body.unfit_period(&period) {
            return Err(wrong(field, what));
        }
        periods.push(period);
    }
    Ok(periods)
}

/// The papers as they were ticked. Nothing is taken for granted: each must be answered.
fn read_materials() -> Result<Vec<Material>, Wrong> {
    let mut materials = Vec::new();
    let named = MaterialKind::NAMED.len();
    for at in 0..named + OTHERS {
        let of = |field: &str| value(&material_id(at, field)).trim().to_owned();
        let kind = MaterialKind::NAMED
            .get(at)
            .copied()
            .unwrap_or(MaterialKind::Other);
        let name = (kind == MaterialKind::Other).then(|| of("name"));
        let state = of("state");
        if name.as_ref().is_some_and(String::is_empty) && state.is_empty() {
            continue;
        }
        let label = name.as_deref().unwrap_or(kind.label());
        let Some(state) = MaterialState::of(&state) else {
            return Err(Wrong(
                material_id(at, "state"),
                format!("请选择「{label}」在不在；确实没有、也不该有的选“不适用”"),
            ));
        };
        let count = match (state, of("count").as_str()) {
            (MaterialState::Present, text) => text.parse().unwrap_or_default(),
            _ => 0,
        };
        let note = of("note");
        let material = Material {
            kind,
            name,
            state,
            count,
            note: (!note.is_empty()).then_some(note),
        };
        if let Some(why) = material.unfit() {
            let field = if why.contains("份数") {
                "count"
            } else if why.contains("备注") {
                "note"
            } else {
                "name"
            };
            return Err(Wrong(material_id(at, field), why));
        }
        materials.push(material);
    }
    Ok(materials)
}

/// The record that goes along: with its signatures where there are any.
fn carried(register: &crate::domain::roster::Register, holder: &EventId, member: &Member) -> Carried {
    match register.credential(holder) {
        Some(credential) => Carried {
            signed: true,
            text: credential.text.clone(),
        },
        None => carry(&member.record),
    }
}

/// What the form makes of a person.
struct Draft {
    record: TrainingRecord,
    carried: Carried,
}

/// Reads the form.
fn read(draft: &Draft, rows: &[Row]) -> Result<Package, Option<Wrong>> {
    let basics = || {
        let line = |field: &'static str| {
            let text = FORM.value(field).trim().to_owned();
            match unfit_line(&text) {
                Some(what) => Err(Refusal {
                    field,
                    message: format!("名称{what}"),
                }),
                None => Ok(text),
            }
        };
        let env = env();
        let name = match draft.record.body.person.name.as_deref() {
            Some(name) => name.to_owned(),
            None => line("name")?,
        };
        let note = FORM.value("note").trim().replace("\r\n", "\n");
        Ok(Body {
            id: EventId::new(&env),
            made_at: env.now.to_second(),
            change: Change {
                from: line("from")?,
                to: line("to")?,
                day: FORM.needed_day("day")?,
            },
            person: Traveller {
                holder: draft.record.body.holder.clone(),
                name,
                confirmed: FORM.day("confirmed")?,
                applied: FORM.day("applied")?,
            },
            periods: Vec::new(),
            materials: Vec::new(),
            note: (!note.is_empty()).then_some(note),
            record: draft.carried.clone(),
        })
    };
    let mut body = match basics() {
        Ok(body) => body,
        Err(refusal) => {
            FORM.settle(Err(refusal));
            return Err(None);
        }
    };
    // What contradicts itself in the upper part, before the rest is looked at.
    const FIELDS: [(&str, &str); 4] = [
        ("body.move.to", "to"),
        ("body.person.confirmed", "confirmed"),
        ("body.move.day", "day"),
        ("body.note", "note"),
    ];
    if let Some((path, message)) = body.contradiction()
        && let Some((_, field)) = FIELDS.into_iter().find(|(known, _)| *known == path)
    {
        FORM.settle(Err(Refusal { field, message }));
        return Err(None);
    }
    FORM.settle(Ok(()));
    body.periods = read_periods(rows, &body)?;
    body.materials = read_materials()?;
    let body = body.settle();
    match body.contradiction() {
        Some((path, what)) if path == "body.note" => {
            FORM.settle(Err(Refusal {
                field: "note",
                message: what,
            }));
            Err(None)
        }
        Some((path, what)) => Err(Some(Wrong(String::new(), format!("字段 {path}：{what}")))),
        None => Ok(seal(body)),
    }
}

fn form(out: &mut Markup, name: &str) {
    html!(out, "<h1>转出：", name, "</h1>");
    html!(
        out,
        "<p>单位或居住地变动时，原党组织把入党申请书、《入党积极分子培养考察登记表》等材料转交现党组织；现党组织审查后接续培养，培养教育时间可以连续计算（细则第十二条）。转接包是随材料走的电子清单和培养记录，不代替任何纸质材料。</p><form class=\"stack\" novalidate id=\"leaving-form\" data-form=\"leaving\"><section class=\"card stack\" aria-labelledby=\"leaving-where\"><h2 id=\"leaving-where\">从哪里到哪里</h2>"
    );
    for field in FORM.fields.iter().take(6) {
        FORM.put_field(out, field);
    }
    html!(
        out,
        "</section><section class=\"card stack\" aria-labelledby=\"leaving-periods\"><h2 id=\"leaving-periods\">填写培养时间</h2><p class=\"hint\">从确定为入党积极分子之日起，每个单位一段；起止当天都算。中间有间断的照实填写，不要补平。</p><div class=\"shown lines\" id=\"leaving-rows\"></div><p><button type=\"button\" class=\"button\" id=\"add-period\" data-testid=\"add-period\" data-do=\"add\">加一段</button></p></section>"
    );
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"leaving-materials\"><h2 id=\"leaving-materials\">填写材料清单</h2><p class=\"hint\">对照手里的原件逐项选。缺的照实写“缺”，对方一打开就看得到，以便补齐；不得补造（细则第四十一条）。</p><div class=\"lines\">"
    );
    put_materials(out);
    html!(out, "</div>");
    for field in FORM.fields.iter().skip(6) {
        FORM.put_field(out, field);
    }
    html!(
        out,
        "</section><div class=\"shown\" id=\"leaving-wrong\"></div><div class=\"row\"><button type=\"submit\" class=\"button button-primary\" data-testid=\"preview-package\">预览转接包</button></div></form>"
    );
}

/// The package before it is made.
fn preview(out: &mut Markup, package: &Package, record: &TrainingRecord, fails: bool) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"preview-heading\" data-testid=\"preview\"><h2 id=\"preview-heading\" tabindex=\"-1\">预览</h2><p>确认之前，名册没有变化，也没有文件。</p>"
    );
    if fails {
        html!(
            out,
            "<p class=\"notice notice-danger\">这份培养记录上有一份签名不成立，对方打开时会看到。建议先请本人重新发送。</p>"
        );
    }
    parts::missing(out, &package.body.materials);
    parts::facts(out, package);
    parts::periods(out, &package.body.periods, &package.body.reckoning());
    parts::materials(out, &package.body);
    parts::record(out, package, record);
    parts::proves(out);
    html!(
        out,
        "<p>确认后：名册上标为已转出，记录和历史仍保留在这里；同时下载转接包，交给现党组织。</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"make-package\" data-do=\"make\">确认转出并下载转接包</button></div></section>"
    );
}

/// The form for somebody who leaves.
#[component]
pub(super) fn LeavingPage(
    /// Who.
    holder: EventId,
) -> impl IntoView {
    let office = use_office();
    let person = Route::Branch(holder.0.clone()).to_string();
    let mut draft = None;
    let (mut top, mut fails) = (Markup::default(), false);
    let mut rows = Vec::new();
    let mut known = None;
    look(office.register, &mut |register| {
        let Some(member) = register.people.get(&holder) else {
            return;
        };
        let carried = carried(register, &holder, member);
        fails = register
            .credential(&holder)
            .is_some_and(|credential| credential.fails);
        // What is carried is what is shown: the signed one, where there is one.
        let record = carried_record(&carried).unwrap_or_else(|_| member.record.clone());
        let today = env().now.date();
        rows = member.periods(today).iter().map(Row::of).collect();
        let unit = match member.arrival() {
            Some(step) => step.package.body.change.to.clone(),
            None => record
                .body
                .person
                .branch
                .as_deref()
                .unwrap_or_default()
                .to_owned(),
        };
        known = Some((
            unit,
            member.confirmed(),
            record.body.person.applied,
            today,
            member.has_left(),
        ));
        draft = Some(Draft { record, carried });
    });
    let (Some(draft), Some((unit, confirmed, applied, today, has_left))) = (draft, known) else {
        let mut out = Markup::default();
        nobody(&mut out);
        return view! { <p><a href="#/branch/records">"← 培养记录"</a></p>{still(out)} }.into_any();
    };
    let name = draft
        .record
        .body
        .person
        .name
        .as_deref()
        .unwrap_or_default()
        .to_owned();
    if has_left {
        let mut out = Markup::default();
        html!(
            out,
            "<h1>转出：",
            name,
            "</h1><p class=\"notice\">此人已经转出。要重新做转接包，请先在此人的页面上查看原来的转接包并撤销。</p>"
        );
        return view! { <div class="stack"><p><a href=person>"← 返回此人"</a></p>{still(out)}</div> }
            .into_any();
    }
    form(&mut top, &name);

    let rows = StoredValue::new(rows);
    let draft = StoredValue::new(draft);
    let made = StoredValue::new(None::<Package>);
    let last_day = StoredValue::new(today.to_string());
    let busy = RwSignal::new(false);
    let shown = RwSignal::new(String::new());
    let failed = RwSignal::new(String::new());
    Effect::new(move |_| {
        FORM.fill("name", &name);
        attribute("leaving-name", "readonly", (!name.is_empty()).then_some(""));
        FORM.fill("from", &unit);
        FORM.fill_day("day", Some(today));
        FORM.fill_day("confirmed", confirmed);
        FORM.fill_day("applied", applied);
        rows.with_value(|rows| put_rows(rows));
    });

    let away = move || {
        if made.try_get_value().flatten().is_some() {
            made.set_value(None);
            shown.set(String::new());
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        away();
        settle(rows.with_value(Vec::len));
        rows.update_value(|rows| read_rows(rows));
        let package = draft.with_value(|draft| rows.with_value(|rows| read(draft, rows)));
        match package {
            Ok(package) => {
                let mut out = Markup::default();
                draft.with_value(|draft| preview(&mut out, &package, &draft.record, fails));
                shown.set(out.done());
                made.set_value(Some(package));
                request_animation_frame(|| {
                    page::focus("preview-heading");
                });
            }
            Err(Some(Wrong(id, message))) => refuse(&id, &message),
            Err(None) => {}
        }
    };
    let make = move || {
        let Some(package) = made.get_value().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let receipt = Receipt::Handover(Handover::MovedOut {
                package: Box::new(package.clone()),
            });
            match office.receive(office.register, vec![receipt]).await {
                Ok(()) => {
                    // When the browser refuses, the next screen has the button again.
                    let _ = files::save(&file_name(&package), "application/json", &write(&package));
                    let to = address(&package.body.person.holder, &package.body.id);
                    page::set_hash(to.trim_start_matches('#'));
                }
                Err(error) => {
                    failed.try_set(alert(&format!("没有转出，名册没有变化：{error}。")));
                    busy.try_set(false);
                }
            }
        });
    };
    let press = move |event: ev::MouseEvent| {
        if let Some(at) = page::data_of(&event, "data-row").and_then(|at| at.parse::<usize>().ok()) {
            away();
            rows.update_value(|rows| {
                read_rows(rows);
                if at < rows.len() {
                    rows.remove(at);
                }
                put_rows(rows);
            });
            page::focus("add-period");
            return;
        }
        match page::data_of(&event, "data-do").as_deref() {
            Some("add") => {
                away();
                let mut at = 0;
                rows.update_value(|rows| {
                    read_rows(rows);
                    at = rows.len();
                    rows.push(Row {
                        source: Source::Typed,
                        unit: String::new(),
                        from: String::new(),
                        to: String::new(),
                    });
                    put_rows(rows);
                });
                page::focus(&format!("period-{at}-unit"));
            }
            Some("make") => make(),
            _ => {}
        }
    };
    let change = move |event: ev::Event| {
        away();
        if let Some(at) = page::data_of(&event, "data-material").and_then(|at| at.parse().ok()) {
            let present = value(&material_id(at, "state")) == MaterialState::Present.code();
            let count = material_id(at, "count");
            if !present {
                fill(&count, "");
            } else if value(&count).is_empty() {
                fill(&count, "1");
            }
            attribute(&count, "disabled", (!present).then_some(""));
        }
        // The last period here ends with the move, unless it was typed otherwise.
        let day = FORM.value("day");
        let before = last_day.get_value();
        if day != before && Date::parse(&day).is_some() {
            rows.with_value(|rows| {
                if let Some(last) = rows.len().checked_sub(1) {
                    let id = format!("period-{last}-to");
                    if value(&id) == before {
                        fill(&id, &day);
                    }
                }
            });
            last_day.set_value(day);
        }
    };
    view! {
        <div class="stack leaving" on:submit=submit on:click=press on:change=change>
            <p><a href=person>"← 返回此人"</a></p>
            {still(top)}
            <Shown of=shown/>
            {live(failed)}
        </div>
    }
    .into_any()
}

/// All fields that [`refuse`] may have marked.
fn fields(rows: usize) -> Vec<String> {
    let periods = (0..rows).flat_map(|at| ["unit", "from", "to"].map(|field| format!("period-{at}-{field}")));
    let papers = (0..MaterialKind::NAMED.len() + OTHERS)
        .flat_map(|at| ["name", "state", "count", "note"].map(|field| material_id(at, field)));
    periods.chain(papers).collect()
}
