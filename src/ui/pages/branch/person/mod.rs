//! One person of the rosters: `#/branch/person/<id>`.
//!
//! | file | |
//! |---|---|
//! | `parts.rs` | what is only shown |
//! | `ask.rs` | correcting a value, striking something out |
//! | `decision.rs` | the form for a decision |
//! | `fact.rs` | the form for talks, mentors, reviews and the like |
//! | `records.rs` | the training records that are the person's |
//!
//! The branch's program says what is to be seen ([`Everything`]), again after whatever was written. The
//! forms are made once, so that nothing that is being typed is touched by that.

mod ask;
mod decision;
mod fact;
mod parts;
mod records;

use crate::domain::branch::PersonId;
use crate::domain::study::EventId;
use crate::format::workbench::person::{Ask, Holders, Link, Proposals, Shown as Everything};
use crate::platform::page;
use crate::ui::components::field::{put_notice, say};
use crate::ui::components::received::watch;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use ask::Asking;
use decision::Decision;
use fact::Noting;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// One person of the rosters.
#[component]
pub(super) fn PersonPage(
    /// The person's id, as addresses carry it.
    id: String,
) -> impl IntoView {
    match PersonId::parse(&id) {
        Some(person) => view! { <Standing person/> }.into_any(),
        None => view! {
            <div class="stack">
                <p><a href="#/branch/people">"← 名册"</a></p>
                <h1>"没有这个人"</h1>
                <p class="empty">"网址不完整，请从名册里打开。"</p>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Standing(
    /// Who.
    person: PersonId,
) -> impl IntoView {
    let office = use_office();
    let person = StoredValue::new(person);
    let shown = RwSignal::new(None::<Everything>);
    let failed = RwSignal::new(String::new());
    let found = RwSignal::new(Proposals::default());
    let asking = StoredValue::new(None::<Asking>);
    // Where the focus goes once the page says what was written.
    let next = StoredValue::new(None::<String>);
    let decision = Decision::new(office, person);
    let noting = Noting::new(office, person);

    Effect::new(move |_| {
        office.workbench.track();
        spawn_local(async move {
            let Some(person) = person.try_get_value() else {
                return;
            };
            let holidays = office.holidays().await;
            let answer: Result<Everything, String> =
                office.look("person/show", &Ask { person, holidays }).await;
            match answer {
                Ok(everything) => {
                    failed.try_set(String::new());
                    asking.try_set_value(None);
                    shown.try_set(Some(everything));
                    request_animation_frame(move || {
                        let everything = shown.try_get_untracked().flatten();
                        if let Some(everything) = everything.filter(|everything| everything.stands) {
                            decision.offer(&everything);
                            noting.offer(&everything);
                        }
                        if let Some(id) = next.try_update_value(Option::take).flatten() {
                            page::focus(&id);
                        }
                    });
                }
                Err(why) => {
                    failed.try_set(why);
                }
            }
        });
    });
    // Whose the records of the same name may be.
    Effect::new(move |_| {
        let Some(everything) = shown.get() else { return };
        let mut holders = Vec::new();
        watch(office.register, &mut |register| {
            holders = records::namesakes(register, &everything);
        });
        if holders.is_empty() || everything.holder.is_some() || !everything.stands {
            found.set(Proposals::default());
            return;
        }
        spawn_local(async move {
            let order = Holders {
                person: everything.person.clone(),
                holders,
            };
            if let Ok(proposals) = office.look("person/proposals", &order).await {
                found.try_set(proposals);
            }
        });
    });

    let part = move |write: fn(&mut Markup, &Everything)| {
        Signal::derive(move || {
            let mut out = Markup::default();
            shown.with(|everything| {
                if let Some(everything) = everything {
                    html!(out, "<div class=\"stack\">");
                    write(&mut out, everything);
                    html!(out, "</div>");
                }
            });
            out.done()
        })
    };
    let top = Signal::derive(move || {
        let mut out = Markup::default();
        html!(out, "<div class=\"stack\">");
        failed.with(|why| {
            if !why.is_empty() {
                html!(
                    out,
                    "<p class=\"notice notice-danger\" role=\"alert\" data-testid=\"failed\">",
                    *why,
                    "</p>"
                );
            }
        });
        shown.with(|everything| match everything {
            Some(everything) => parts::head(&mut out, everything),
            None => {
                html!(out, "<h1>人员</h1>");
                if failed.with(String::is_empty) {
                    html!(out, "<p class=\"waiting\" role=\"status\">正在读取名册……</p>");
                }
            }
        });
        html!(out, "</div>");
        out.done()
    });
    let due = part(|out, everything| parts::due(out, &everything.due, everything.state));
    let history = part(|out, everything| parts::history(out, &everything.history, everything.stands));
    let notes = part(|out, everything| {
        parts::notes(out, &everything.notes, everything.stands);
        parts::classes(out, &everything.classes);
    });
    let fields = part(|out, everything| parts::fields(out, &everything.fields, everything.stands));
    let linked = Signal::derive(move || {
        let mut out = Markup::default();
        shown.with(|everything| {
            let Some(everything) = everything else { return };
            html!(out, "<div class=\"stack\">");
            found.with(|found| {
                watch(office.register, &mut |register| {
                    records::section(&mut out, register, everything, found);
                });
            });
            html!(out, "</div>");
        });
        out.done()
    });
    let is_there = Memo::new(move |_| shown.with(Option::is_some));
    let can_write = Memo::new(move |_| {
        shown.with(|everything| everything.as_ref().is_some_and(|everything| everything.stands))
    });

    let open = move |ask: Asking| {
        if let Some(before) = asking.get_value() {
            before.close();
        }
        ask.open();
        asking.set_value(Some(ask));
    };
    let link = move |holder: Option<EventId>| {
        let is_linked = holder.is_some();
        spawn_local(async move {
            let order = Link {
                person: person.get_value(),
                holder,
            };
            next.try_set_value(Some("records-heading".into()));
            let outcome = office.have_written("person/link", &order).await;
            let (well, text) = match &outcome {
                Ok(_) if is_linked => (true, "已关联。"),
                Ok(_) => (true, "已取消关联。"),
                Err(why) => (false, why.as_str()),
            };
            put_notice("records-said", "records-said", well, text);
        });
    };
    let submit = move |event: SubmitEvent| match page::data_of(&event, "data-form").as_deref() {
        Some("stand") => {
            event.prevent_default();
            decision.submit();
        }
        Some("note") => {
            event.prevent_default();
            noting.submit();
        }
        Some("ask") => {
            event.prevent_default();
            let Some(ask) = asking.get_value() else { return };
            let typed = ask::typed();
            spawn_local(async move {
                // A corrected field keeps its place; what is struck out is read from the top.
                let focus = match &ask {
                    Asking::Correct(..) => ask.button(),
                    _ => ask.heading().to_owned(),
                };
                next.try_set_value(Some(focus.clone()));
                match ask.carry_out(office, person.get_value(), typed).await {
                    Ok(told) => {
                        if told.is_none() {
                            next.try_set_value(None);
                        }
                        let told = told.unwrap_or("没有改动。");
                        ask.close();
                        // What a form has said is no longer the last that was done.
                        say("stand-said", "");
                        say("note-said", "");
                        say(&ask.heading().replace("heading", "told"), told);
                        page::focus(&focus);
                    }
                    Err(why) => {
                        next.try_set_value(None);
                        ask.refuse(&why);
                    }
                }
            });
        }
        _ => {}
    };
    let click = move |event: MouseEvent| {
        let data = |name: &str| page::data_of(&event, name);
        if let Some(id) = data("data-jump") {
            page::scroll_to(&id);
            page::focus(&id);
        } else if let Some(code) = data("data-correct") {
            let value = shown.with_untracked(|everything| parts::value_of(everything.as_ref()?, &code));
            if let Some((field, value)) = value {
                open(Asking::Correct(field, value));
            }
        } else if let Some(id) = data("data-strike") {
            open(Asking::Strike(EventId(id)));
        } else if let Some(id) = data("data-unnote") {
            open(Asking::Unnote(EventId(id)));
        } else if let Some(id) = data("data-link") {
            link(Some(EventId(id)));
        } else if let Some(at) = data("data-drop").and_then(|at| at.parse().ok()) {
            noting.drop_row(at);
        } else {
            match data("data-do").as_deref() {
                Some("cancel-ask") => {
                    if let Some(ask) = asking.try_update_value(Option::take).flatten() {
                        ask.close();
                        page::focus(&ask.button());
                    }
                }
                Some("accept") => decision.accept(),
                Some("add-row") => noting.add_row(),
                Some("unlink") => link(None),
                _ => {}
            }
        }
    };
    let changed = move |event: leptos::ev::Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let id = target.map(|element| element.id()).unwrap_or_default();
        if id.starts_with("stand-") {
            decision.changed(&id);
        } else {
            noting.changed(&id);
        }
    };
    let forms = move |markup: fn() -> String, heading: &'static str| {
        move || {
            can_write.get().then(|| {
                view! {
                    <div class="card stack">
                        <h3>{heading}</h3>
                        <div class="shown" inner_html=markup()></div>
                    </div>
                }
            })
        }
    };
    view! {
        <div class="stack person" on:submit=submit on:click=click on:change=changed>
            <p><a href="#/branch/people">"← 名册"</a></p>
            <Shown of=top/>
            {move || is_there.get().then(|| view! {
                <section class="stack" aria-labelledby="due-heading">
                    <h2 id="due-heading">"要办的事"</h2>
                    <Shown of=due/>
                    <p class="muted">"按记下的日期和现行规定推算，只作提醒；是否符合条件由党组织认定。"</p>
                </section>
                <section class="stack" aria-labelledby="history-heading">
                    <h2 id="history-heading">"发展历程"</h2>
                    <p class="told" role="status" id="history-told"></p>
                    <Shown of=history/>
                    {forms(Decision::markup, "记一项决定")}
                </section>
                <section class="stack" aria-labelledby="notes-heading">
                    <h2 id="notes-heading">"谈话、考察等"</h2>
                    <p class="told" role="status" id="notes-told"></p>
                    <Shown of=notes/>
                    {forms(Noting::markup, "记一件事")}
                </section>
                <section class="stack" aria-labelledby="records-heading">
                    <h2 id="records-heading">"培养记录"</h2>
                    <div class="shown" role="status" id="records-said"></div>
                    <Shown of=linked/>
                </section>
                <section class="stack" aria-labelledby="fields-heading">
                    <h2 id="fields-heading">"全部信息"</h2>
                    <p class="muted">"每一项下面写着从哪里来。更正以后，原来写的仍然看得到。"</p>
                    <p class="told" role="status" id="fields-told"></p>
                    <Shown of=fields/>
                </section>
            })}
        </div>
    }
}
