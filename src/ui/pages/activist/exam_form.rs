//! The form in which a person makes a blueprint of his own.

use crate::domain::course::Catalogue;
use crate::domain::question::Kind;
use crate::domain::study::Refusal;
use crate::domain::study::exam::blueprint::{Blueprint, Part};
use crate::platform::page;
use crate::ui::components::field::{is_ticked, put as put_in, value};
use crate::ui::components::question::focus_soon;
use crate::ui::markup::{Markup, html};
use std::sync::Arc;

const WRONG: &str = "exam-wrong";

/// Goes to the form once it is there.
pub(super) fn focus() {
    focus_soon("exam-name");
}

/// The form, filled in.
pub(super) fn put(out: &mut Markup, blueprint: &Blueprint, course: &Catalogue) {
    html!(
        out,
        "<form class=\"card stack\" novalidate id=\"exam-form\"><h2>修改卷面</h2>"
    );
    field(out, "name", "名称", &blueprint.name, false);
    html!(
        out,
        "<fieldset class=\"exam-parts\"><legend>题型：题数和每题分值，不要的题型题数留空</legend>"
    );
    for kind in Kind::ALL {
        let part = blueprint.parts.iter().find(|part| part.kind == kind);
        let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let (count, points) = (part.map(|part| part.count), part.map(|part| part.points));
        let name = format!("count-{}", kind.code());
        field(out, &name, &format!("{}题数", kind.label()), &text(count), true);
        let name = format!("points-{}", kind.code());
        field(
            out,
            &name,
            &format!("{}每题分值", kind.label()),
            &text(points),
            true,
        );
    }
    html!(out, "</fieldset>");
    field(
        out,
        "minutes",
        "时间（分钟）",
        &blueprint.minutes.to_string(),
        true,
    );
    field(out, "pass", "及格分", &blueprint.pass.to_string(), true);
    tick(
        out,
        "partial",
        "多选少选（没有错选）得一半分；不勾选，少选、错选都不得分",
        blueprint.partial,
    );
    tick(out, "pause", "考试中可以暂停", blueprint.pause);
    html!(
        out,
        "<details><summary>只考一部分模块</summary><fieldset class=\"exam-parts\"><legend>填比重，数越大题越多；留空不考，都留空就是全部模块、比重相同</legend>"
    );
    for module in &course.modules {
        let weight = match blueprint.weights.is_empty() {
            true => 0,
            false => blueprint.weight(&module.id),
        };
        let text = if weight == 0 {
            String::new()
        } else {
            weight.to_string()
        };
        field(out, &format!("weight-{}", module.id), &module.title, &text, true);
    }
    html!(
        out,
        "</fieldset></details><div class=\"shown\" id=\"",
        WRONG,
        "\" aria-live=\"polite\"></div><div class=\"row\"><button type=\"submit\" class=\"button button-primary\" data-testid=\"save-exam\">保存</button><button type=\"button\" class=\"button button-plain\" data-do=\"cancel-exam\">不改了</button></div></form>"
    );
}

fn field(out: &mut Markup, name: &str, label: &str, text: &str, number: bool) {
    html!(
        out,
        "<label class=\"field\"><span>",
        label,
        "</span><input type=\"text\" autocomplete=\"off\" id=\"exam-",
        name,
        "\" value=\"",
        text,
        "\""
    );
    if number {
        html!(out, " inputmode=\"numeric\"");
    }
    html!(out, "></label>");
}

fn tick(out: &mut Markup, name: &str, label: &str, ticked: bool) {
    html!(
        out,
        "<label class=\"option\"><input type=\"checkbox\" id=\"exam-",
        name,
        "\""
    );
    if ticked {
        html!(out, " checked");
    }
    html!(out, "><span class=\"text\">", label, "</span></label>");
}

/// What stands in the form.
pub(super) fn read(course: &Option<Arc<Catalogue>>) -> Result<Blueprint, Refusal> {
    let mut blueprint = Blueprint {
        name: value("exam-name"),
        parts: Vec::new(),
        minutes: number("minutes", "minutes", "时间")?,
        pass: number("pass", "pass", "及格分")?,
        weights: Vec::new(),
        partial: is_ticked("exam-partial"),
        pause: is_ticked("exam-pause"),
    };
    for kind in Kind::ALL {
        blueprint.parts.push(Part {
            kind,
            count: number("count", &format!("count-{}", kind.code()), kind.label())?,
            points: number("points", &format!("points-{}", kind.code()), kind.label())?,
        });
    }
    for module in course.iter().flat_map(|course| &course.modules) {
        let weight = number("weight", &format!("weight-{}", module.id), &module.title)?;
        if weight > 0 {
            blueprint.weights.push((module.id.clone(), weight));
        }
    }
    Ok(blueprint)
}

/// A whole number; 0 where nothing is written.
fn number(field: &'static str, name: &str, label: &str) -> Result<u32, Refusal> {
    let text = value(&format!("exam-{name}"));
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| Refusal {
        field,
        message: format!("{label}请填整数，例如 5"),
    })
}

/// Shows what was refused and goes there, or gives that all went well.
pub(super) fn settle(done: Result<(), Refusal>) -> bool {
    let Err(refusal) = done else {
        return true;
    };
    let mut out = Markup::default();
    html!(out, "<p class=\"error\" role=\"alert\">", refusal.message, "</p>");
    put_in(WRONG, out);
    let _ = page::focus(&format!("exam-{}", refusal.field))
        || page::focus(&format!("exam-{}-single", refusal.field));
    false
}
