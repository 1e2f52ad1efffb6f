//! Whose records these are: holders of records and people of the roster, proposed to be the same.
//! Nobody is linked without somebody's press.

use crate::format::workbench::records::{Ask, Choice, Holder, Link, Proposal, Proposals};
use crate::platform::clock;
use crate::platform::page;
use crate::ui::components::field::{attribute, value};
use crate::ui::components::received::look;
use crate::ui::components::shown::{live, table, table_end};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Everybody in the register of records.
fn holders(office: Office) -> Ask {
    let mut ask = Ask::default();
    look(office.register, &mut |register| {
        let all = register.people.iter().map(|(id, member)| {
            let person = &member.record.body.person;
            Holder {
                id: id.clone(),
                name: person.name.clone().unwrap_or_default(),
                branch: person.branch.clone().unwrap_or_default(),
                number: person.number.clone(),
            }
        });
        ask.holders = all.collect();
    });
    ask
}

/// Somebody of the roster, as an option.
fn option(out: &mut Markup, choice: &Choice) {
    html!(
        out,
        "<option value=\"",
        choice.id,
        "\">",
        choice.about,
        "</option>"
    );
}

fn certain_row(out: &mut Markup, proposal: &Proposal) {
    let Holder { name, branch, .. } = &proposal.holder;
    let about = proposal.people.first().map_or("", |choice| choice.about.as_str());
    html!(
        out,
        "<tr><td>",
        name,
        "</td><td>",
        branch,
        "</td><td>",
        about,
        "</td></tr>"
    );
}

fn open_row(out: &mut Markup, at: usize, proposal: &Proposal) {
    let Holder {
        id,
        name,
        branch,
        number,
    } = &proposal.holder;
    html!(
        out,
        "<tr data-open=\"",
        id.0,
        "\"><td><a href=\"#/branch/",
        id.0,
        "\">",
        name,
        "</a></td><td>",
        branch,
        "</td><td>",
        number.as_deref().unwrap_or("无"),
        "</td><td><div class=\"row\"><select id=\"whose-",
        at,
        "\" data-at=\"",
        at,
        "\" aria-label=\"",
        name,
        "是名册里的哪一位\"><option value=\"\">请选择，或先不对应</option>"
    );
    proposal.people.iter().for_each(|choice| option(out, choice));
    html!(
        out,
        "</select><button type=\"button\" class=\"button\" id=\"link-",
        at,
        "\" data-do=\"link\" data-at=\"",
        at,
        "\" data-holder=\"",
        id.0,
        "\" disabled aria-label=\"对应",
        name,
        "\">对应</button></div></td></tr>"
    );
}

/// The section; nothing where there is nothing to link.
fn section(found: &Proposals) -> String {
    let mut out = Markup::default();
    if found.people == 0 || found.linked + found.unknown + found.certain + found.open == 0 {
        return out.done();
    }
    html!(
        out,
        "<p data-testid=\"links\">已对应 ",
        found.linked,
        " 人；可以直接对应 ",
        found.certain,
        " 人；请您选 ",
        found.open,
        " 人；名册里没有同支部、同姓名的 ",
        found.unknown,
        " 人。</p>"
    );
    if found.certain > 0 {
        html!(
            out,
            "<p>下面的人姓名、党支部和编号都与名册相同，而且各只有一人。</p><p><button type=\"button\" class=\"button button-primary\" data-do=\"certain\" data-testid=\"link-certain\">把这 ",
            found.certain,
            " 人都对应上</button></p>"
        );
        table(
            &mut out,
            "可以直接对应的人",
            &["姓名", "所在党支部", "名册里的这一位"],
        );
        found
            .certain_rows
            .iter()
            .for_each(|row| certain_row(&mut out, row));
        table_end(&mut out);
        more(&mut out, found.certain, found.certain_rows.len());
    }
    if found.open > 0 {
        html!(
            out,
            "<p>下面的人姓名和党支部与名册相同，编号不同、没有编号，或者不止一位。请看清楚是不是同一个人，再选。</p>"
        );
        table(
            &mut out,
            "请您选的人",
            &["姓名", "所在党支部", "记录上的编号", "是名册里的哪一位"],
        );
        found
            .open_rows
            .iter()
            .enumerate()
            .for_each(|(at, row)| open_row(&mut out, at, row));
        table_end(&mut out);
        more(&mut out, found.open, found.open_rows.len());
    }
    out.done()
}

fn more(out: &mut Markup, all: usize, shown: usize) {
    if all > shown {
        html!(
            out,
            "<p class=\"muted\">先显示前 ",
            shown,
            " 人；对应上以后，后面的会接着显示。</p>"
        );
    }
}

/// Proposes who is whom, and links what somebody presses.
#[component]
pub(super) fn Linking() -> impl IntoView {
    let office = use_office();
    let shown = RwSignal::new(String::new());
    let says = RwSignal::new(String::new());
    let turn = StoredValue::new(0u32);

    Effect::new(move |_| {
        office.register.track();
        office.workbench.track();
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        spawn_local(async move {
            // The table first, which is painted from the same change.
            clock::sleep(30).await;
            let ask = holders(office);
            if ask.holders.is_empty() || !office.has_roster().await {
                shown.try_set(String::new());
                return;
            }
            let found = office.look::<Proposals>("records/proposals", &ask).await;
            if turn.try_get_value() != mine {
                return;
            }
            match found {
                Ok(found) => drop(shown.try_set(section(&found))),
                Err(why) => drop(says.try_set(told("notice-danger", &why))),
            }
        });
    });
    let do_link = move |what: &'static str, order: Result<Link, Ask>| {
        spawn_local(async move {
            let done = match &order {
                Ok(link) => office.have_written(what, link).await,
                Err(ask) => office.have_written(what, ask).await,
            };
            says.try_set(match done {
                Ok(_) => told("notice-ok", "已对应。"),
                Err(why) => told("notice-danger", &format!("没有对应：{why}")),
            });
            page::focus("linking-heading");
        });
    };
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("certain") => do_link("records/certain", Err(holders(office))),
        Some("link") => {
            let at = page::data_of(&event, "data-at").unwrap_or_default();
            let holder = page::data_of(&event, "data-holder").unwrap_or_default();
            let person = value(&format!("whose-{at}"));
            if !person.is_empty() {
                let holder = Some(crate::domain::study::EventId(holder));
                do_link("records/link", Ok(Link { person, holder }));
            }
        }
        _ => {}
    };
    // Only who has chosen can press.
    let choose = move |event: ev::Event| {
        if let Some(at) = page::data_of(&event, "data-at") {
            let none = value(&format!("whose-{at}")).is_empty();
            attribute(&format!("link-{at}"), "disabled", none.then_some(""));
        }
    };
    view! {
        <section
            class="stack linking" aria-labelledby="linking-heading"
            hidden=move || shown.with(String::is_empty) on:click=press on:change=choose
        >
            <h2 id="linking-heading" tabindex="-1">"与名册里的人对应"</h2>
            <Shown of=shown/>
            {live(says)}
        </section>
    }
}

fn told(class: &str, text: &str) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"notice ",
        class,
        "\" data-testid=\"linked\">",
        text,
        "</p>"
    );
    out.done()
}
