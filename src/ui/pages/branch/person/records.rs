//! The training records that are a person's: which, their newest figures, linking and taking a link back.

use crate::domain::branch::{name_key, place_key};
use crate::domain::roster::{Member, Register};
use crate::domain::study::EventId;
use crate::format::annex::Annex;
use crate::format::workbench::person::{Holder, Proposals, Shown};
use crate::ui::components::record_view::value;
use crate::ui::markup::{Markup, html};

/// The most records of one name that are looked at.
const MOST: usize = 500;

/// The records of the same name.
pub(super) fn namesakes(register: &Register, shown: &Shown) -> Vec<Holder> {
    let wanted = name_key(&shown.name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let all = register.people.iter().filter(|(_, member)| {
        let name = member.record.body.person.name.as_deref();
        name.is_some_and(|name| name_key(name) == wanted)
    });
    all.take(MOST).map(|(id, member)| holder(id, member)).collect()
}

fn holder(id: &EventId, member: &Member) -> Holder {
    let person = &member.record.body.person;
    Holder {
        id: id.clone(),
        name: person.name.clone().unwrap_or_default(),
        branch: person.branch.clone().unwrap_or_default(),
        number: person.number.clone(),
    }
}

/// The section.
pub(super) fn section(out: &mut Markup, register: &Register, shown: &Shown, found: &Proposals) {
    match &shown.holder {
        Some(id) => linked(out, register, id, shown.stands),
        None => unlinked(out, register, shown, found),
    }
}

fn linked(out: &mut Markup, register: &Register, id: &EventId, can_write: bool) {
    match register.people.get(id) {
        None => {
            html!(
                out,
                "<p class=\"notice\" data-testid=\"linked\">关联的培养记录不在本浏览器里，可能已经移除。再导入那份记录，就会重新出现。</p>"
            );
        }
        Some(member) => {
            let body = &member.record.body;
            html!(
                out,
                "<p data-testid=\"linked\">已关联：<a href=\"#/branch/",
                id.0,
                "\">",
                body.person.name(),
                "的培养记录</a>（"
            );
            html!(
                out,
                body.person.branch(),
                "；",
                body.made_at.date().chinese(),
                "导出，",
                member.received.date().chinese(),
                "收到）</p><dl class=\"figures\" data-scope=\"record\">"
            );
            let annex = Annex::of(&member.record, &[]);
            for figure in annex.figures() {
                html!(out, "<div class=\"figure\"><dt>", figure.label, "</dt><dd>");
                value(out, figure.value, figure.names);
                html!(out, "</dd></div>");
            }
            html!(
                out,
                "</dl><p class=\"muted\">本人自学的时间由本人申报，不计入短期集中培训的学时。</p>"
            );
        }
    }
    if can_write {
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" data-do=\"unlink\" data-testid=\"unlink\">取消关联</button></p>"
        );
    }
}

fn unlinked(out: &mut Markup, register: &Register, shown: &Shown, found: &Proposals) {
    let none = found.certain.is_empty() && found.possible.is_empty() && found.namesakes.is_empty();
    if none {
        html!(
            out,
            "<p class=\"muted\" data-testid=\"unlinked\">还没有关联培养记录，收到的记录里也没有同名的人。本人把培养记录发来、导入以后，就可以在这里关联；姓名写法不同的，请先更正。</p>"
        );
        return;
    }
    html!(
        out,
        "<p data-testid=\"unlinked\">还没有关联培养记录。收到的记录里有同名的，请核对是不是同一个人：</p><ul class=\"items\">"
    );
    let groups = [
        (&found.certain, "编号、姓名、党支部都相同", "chip chip-ok"),
        (&found.possible, "姓名、党支部相同", "chip"),
        (&found.namesakes, "只有姓名相同", "chip chip-warn"),
    ];
    for (ids, label, class) in groups {
        for (id, member) in ids.iter().filter_map(|id| Some((id, register.people.get(id)?))) {
            let person = &member.record.body.person;
            let number = person.number.as_deref().unwrap_or("没有编号");
            html!(
                out,
                "<li class=\"item\" data-holder=\"",
                id.0,
                "\"><div><p><span class=\"",
                class,
                "\">"
            );
            html!(
                out,
                label,
                "</span> <a href=\"#/branch/",
                id.0,
                "\">",
                person.name(),
                "</a></p><p class=\"muted\">"
            );
            html!(
                out,
                person.branch(),
                " · ",
                number,
                " · ",
                member.record.body.made_at.date().chinese(),
                "导出"
            );
            let branch = person.branch.as_deref().unwrap_or_default();
            if place_key(branch) != place_key(&shown.branch) && !shown.branch.is_empty() {
                html!(out, "；名册里写的是", shown.branch);
            }
            html!(out, "</p></div>");
            if shown.stands {
                html!(
                    out,
                    "<div class=\"row\"><button type=\"button\" class=\"button\" data-link=\"",
                    id.0,
                    "\" data-testid=\"link\">是同一个人，关联</button></div>"
                );
            }
            html!(out, "</li>");
        }
    }
    html!(out, "</ul>");
}
