//! A package that was made or received: to be downloaded again, and the list of what is handed over
//! on paper, an annex and draft with blank boxes to sign.

use super::parts;
use crate::domain::handover::{Direction, Handover, MaterialState, Move, PROVES, Package};
use crate::domain::roster::Receipt;
use crate::domain::study::EventId;
use crate::domain::study::Refusal;
use crate::format::handover::{file_name, record_of, write};
use crate::platform::{files, page, print};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{Field, Form, LINE};
use crate::ui::components::received::{look, nobody, watch};
use crate::ui::components::shown::{alert, head};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use crate::ui::route::Route;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

static BACK: Form = Form {
    name: "take-back",
    save: "撤销这次转出",
    cancel: "",
    fields: &[Field {
        name: "why",
        label: "为什么撤销",
        needed: true,
        hint: "例如：单位没有变动；日期填错，要重做。撤销后此人恢复为在册，这次转出仍留在经过里",
        ..LINE
    }],
};

/// What stands above the sheet.
fn above(out: &mut Markup, step: &Move) {
    let (body, is_out) = (&step.package.body, step.direction == Direction::Out);
    html!(out, "<h1>转接包：", body.person.name, "</h1>");
    if let Some(taken) = &step.taken_back {
        html!(
            out,
            "<p class=\"notice\">这次",
            if is_out { "转出" } else { "转入" },
            "已于 ",
            taken.at.date().to_string(),
            " 撤销：",
            taken.why
        );
        html!(out, "</p>");
    }
    html!(
        out,
        "<p>",
        if is_out {
            "把转接包（.json 文件）发给现党组织，在对方的「党支部工作台」点“接收转接包”打开。下面的清单可以打印，随纸质材料一起移交，双方逐件核对后签名盖章。"
        } else {
            "这是转入时收到的转接包。下面的清单可以打印，核收纸质材料时逐件核对。"
        },
        "</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"save-package\" data-do=\"save\">下载转接包</button>"
    );
    html!(
        out,
        "<button type=\"button\" class=\"button\" data-testid=\"print\" data-do=\"print\">打印清单</button></div><details><summary>查看培养记录和说明</summary>"
    );
    match record_of(&step.package) {
        Ok(record) => parts::record(out, &step.package, &record),
        Err(error) => {
            html!(out, "<p class=\"error\">", error.to_string(), "</p>");
        }
    }
    parts::proves(out);
    html!(out, "</details>");
}

/// The list on paper.
fn sheet(out: &mut Markup, package: &Package) {
    let body = &package.body;
    html!(
        out,
        "<article class=\"sheet\" data-testid=\"sheet\"><header><p class=\"kind\">附件 · 草稿</p><h1>入党积极分子材料转接清单</h1><p class=\"small\">由转出的党组织从学档打印，供移交和核收材料时逐件核对；不代替任何纸质材料，也不代替单位规定的表格。</p></header><section><h2>一、基本情况</h2><table class=\"facts\"><tbody>"
    );
    for (label, text) in parts::fact_lines(package) {
        html!(
            out,
            "<tr><th scope=\"row\">",
            label,
            "</th><td>",
            text,
            "</td></tr>"
        );
    }
    html!(out, "</tbody></table></section><section><h2>二、培养时间</h2>");
    if body.periods.is_empty() {
        html!(out, "<p>没有填写。</p>");
    } else {
        html!(out, "<table>");
        head(out, &["单位", "起", "止", "天数", "来源"]);
        for period in &body.periods {
            html!(
                out,
                "<tr><td class=\"left\">",
                period.unit,
                "</td><td class=\"tight\">"
            );
            html!(out, period.from.to_string(), "</td><td class=\"tight\">");
            html!(out, period.to.to_string(), "</td><td>", parts::days(period));
            html!(out, "</td><td>", period.source.label(), "</td></tr>");
        }
        html!(out, "</tbody></table>");
        let reckoning = body.reckoning();
        for (what, line) in parts::gaps_and_overlaps(&reckoning) {
            html!(out, "<p class=\"small\">", what, "：", line, "。</p>");
        }
        html!(out, "<p class=\"small\">", reckoning.sum_text(), "</p>");
        for line in reckoning.year_text() {
            html!(out, "<p class=\"small\">", line, "</p>");
        }
    }
    html!(
        out,
        "</section><section><h2>三、移交的材料</h2><table class=\"handing\">"
    );
    head(out, &["序号", "材料", "在不在", "份数", "备注", "核收"]);
    for (at, material) in body.materials.iter().enumerate() {
        html!(
            out,
            "<tr><td>",
            at + 1,
            "</td><td class=\"left\">",
            material.label()
        );
        html!(
            out,
            "</td><td class=\"tight\">",
            material.state.label(),
            "</td><td>"
        );
        if material.count > 0 {
            html!(out, material.count);
        }
        html!(
            out,
            "</td><td class=\"left\">",
            material.note.as_deref().unwrap_or_default()
        );
        html!(
            out,
            "</td><td class=\"tight\">",
            if material.state == MaterialState::Present {
                "□"
            } else {
                ""
            },
            "</td></tr>"
        );
    }
    html!(out, "</tbody></table>");
    if let Some(note) = &body.note {
        html!(out, "<h2>原党组织的说明</h2>");
        for line in note.lines() {
            html!(out, "<p class=\"text\">", line, "</p>");
        }
    }
    html!(
        out,
        "</section><section class=\"signing\"><h2>四、移交和核收</h2><p class=\"small\">以下由双方经办人手写、盖章，他人不得代写。</p><table class=\"boxes\"><tbody>"
    );
    for (label, sign) in [
        ("原党组织移交", "经办人签名（盖章）"),
        ("现党组织核收", "经办人签名（盖章）"),
    ] {
        html!(
            out,
            "<tr><th scope=\"row\">",
            label,
            "</th><td class=\"blank\"><p>",
            sign,
            "：＿＿＿＿＿＿＿＿</p><p>＿＿＿＿年＿＿月＿＿日</p></td></tr>"
        );
    }
    html!(out, "</tbody></table></section><div class=\"closing small\">");
    for line in PROVES {
        html!(out, "<p>", line, "</p>");
    }
    html!(out, "</div></article>");
}

/// One package of a person.
#[component]
pub(super) fn PackagePage(
    /// Whose.
    holder: EventId,
    /// Its number.
    package: EventId,
) -> impl IntoView {
    let office = use_office();
    let person = Route::Branch(holder.0.clone()).to_string();
    let failed = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let (top, paper) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let can_take_back = RwSignal::new(false);
    let (of, id) = (holder.clone(), package.clone());
    Effect::new(move |_| {
        watch(office.register, &mut |register| {
            let (mut out, mut below) = (Markup::default(), Markup::default());
            let member = register.people.get(&of);
            let mut moves = member.into_iter().flat_map(|member| member.moves.iter().rev());
            let step = moves.find(|step| step.package.body.id == id);
            match step {
                Some(step) => {
                    above(&mut out, step);
                    sheet(&mut below, &step.package);
                }
                None => nobody(&mut out),
            }
            let last = member.and_then(|member| member.last_move());
            can_take_back.set(step.is_some_and(|step| {
                step.direction == Direction::Out && last.is_some_and(|last| last.event == step.event)
            }));
            top.set(out.done());
            paper.set(below.done());
        });
    });
    let (of, id) = (holder.clone(), package.clone());
    let save = move || {
        look(office.register, &mut |register| {
            let moves = register.people.get(&of).map(|member| &member.moves);
            let mut moves = moves.into_iter().flatten();
            if let Some(step) = moves.find(|step| step.package.body.id == id) {
                let bytes = write(&step.package);
                let outcome = files::save(&file_name(&step.package), "application/json", &bytes);
                failed.set(alert(
                    &outcome.err().map(|error| error.to_string()).unwrap_or_default(),
                ));
            }
        });
    };
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("save") => save(),
        Some("print") => failed.set(alert(if print::print() {
            ""
        } else {
            "这个浏览器不能打印。请在电脑或手机自带的浏览器里打开学档再打印。"
        })),
        _ => {}
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let why = BACK.value("why");
        let what = crate::domain::handover::unfit_line(&why);
        if BACK.settle(match what {
            Some(what) => Err(Refusal {
                field: "why",
                message: format!("请写明原因（{what}）"),
            }),
            None => Ok(()),
        }) {
            asking.set(true);
        }
    };
    let take_back = move |()| {
        let receipt = Receipt::Handover(Handover::TakenBack {
            holder: holder.clone(),
            package: package.clone(),
            why: BACK.value("why").trim().to_owned(),
        });
        spawn_local(async move {
            let outcome = office.receive(office.register, vec![receipt]).await;
            if let Err(error) = outcome {
                failed.try_set(alert(&format!("没有撤销：{error}。")));
            }
        });
    };
    let mut back = Markup::default();
    html!(back, "<h2 id=\"take-back-heading\">撤销转出</h2>");
    BACK.put(&mut back, false);
    let back = back.done();
    view! {
        <div class="stack" data-screen-only on:click=press on:submit=submit>
            <p><a href=person>"← 返回此人"</a></p>
            <Shown of=top/>
            <Shown of=failed/>
            <section class="card stack" hidden=move || !can_take_back.get() aria-labelledby="take-back-heading">
                <div class="shown" inner_html=back></div>
            </section>
            <Confirm open=asking title="确定撤销吗？" text=Signal::stored("此人恢复为在册；已经发出的转接包收不回来，请告诉对方作废。".to_owned()) action="撤销转出" done=take_back testid="confirm-take-back"/>
        </div>
        <Shown of=paper/>
    }
}
