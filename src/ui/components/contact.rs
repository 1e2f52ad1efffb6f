//! Writing down whose a key is, once its fingerprint has been compared in person.

use super::field::{DAY, Field, Form, LINE, attribute, is_ticked, option, put, tick};
use super::proofs::fingerprint;
use crate::domain::keyring::{Contact, ContactEvent, Contacts, Role};
use crate::domain::study::Refusal;
use crate::platform::page;
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

static CONTACT: Form = Form {
    name: "contact",
    save: "记下来",
    cancel: "取消",
    fields: &[
        Field {
            name: "name",
            label: "这把钥匙是谁的（姓名，或党支部名称）",
            needed: true,
            ..LINE
        },
        Field {
            name: "role",
            label: "对方以什么身份签名",
            kind: "select",
            options: roles,
            ..LINE
        },
        Field {
            label: "核对的日期",
            ..DAY
        },
    ],
};

fn roles(out: &mut Markup) {
    for role in Role::ALL {
        option(out, role.code(), role.of_other());
    }
}

/// A key to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Asked {
    /// `did:key:…`.
    pub(in crate::ui) key: String,
    /// Its fingerprint.
    pub(in crate::ui) fingerprint: String,
    /// Whose it is said to be.
    pub(in crate::ui) name: String,
    /// As what.
    pub(in crate::ui) role: Option<Role>,
    /// The key whose place it takes, by a declaration.
    pub(in crate::ui) replaces: Option<String>,
}

/// A dialogue that is open as long as a key is asked about.
#[component]
pub(in crate::ui) fn ContactDialog(
    /// The key; `None` closes it.
    asked: RwSignal<Option<Asked>>,
    /// Called with the key when it has been written down.
    #[prop(into)]
    done: Callback<String>,
) -> impl IntoView {
    let office = use_office();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match asked.get() {
            Some(asked) => {
                let mut out = Markup::default();
                inside(&mut out, &asked);
                dialog.set_inner_html(&out.done());
                // A browser without modal dialogues shows it in the page: still usable.
                if !dialog.open() && dialog.show_modal().is_err() {
                    let _ = dialog.set_attribute("open", "");
                }
                CONTACT.fill("name", &asked.name);
                CONTACT.fill("role", asked.role.map_or("mentor", Role::code));
                CONTACT.fill_day("date", Some(env().now.date()));
                tick("contact-compared", false);
            }
            None if dialog.open() => dialog.close(),
            None => {}
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        put("contact-failed", Markup::default());
        if !is_ticked("contact-compared") {
            wrong("请先当面或在电话里逐组核对指纹，六组都相同，再在上面打勾。");
            page::focus("contact-compared");
            return;
        }
        let Some(asked_now) = asked.get_untracked() else {
            return;
        };
        match typed(office, &asked_now) {
            Ok(what) => spawn_local(async move {
                attribute("save-contact", "disabled", Some(""));
                match office.change_contacts(what).await {
                    Ok(()) => {
                        asked.try_set(None);
                        done.try_run(asked_now.key);
                    }
                    Err(why) => {
                        attribute("save-contact", "disabled", None);
                        wrong(&format!("{why}。"));
                    }
                }
            }),
            // Nothing to correct in the form itself.
            Err(refusal) if refusal.field == "key" => wrong(&format!("{}。", refusal.message)),
            Err(refusal) => {
                CONTACT.settle(Err(refusal));
            }
        }
    };
    let click = move |event: MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() == Some("cancel-contact") {
            event.stop_propagation();
            asked.set(None);
        }
    };
    view! {
        <dialog
            class="dialog" node_ref=node aria-label="记下核对过的钥匙"
            on:close=move |_| asked.set(None)
            on:submit=submit
            on:click=click
        ></dialog>
    }
}

fn wrong(text: &str) {
    let mut out = Markup::default();
    html!(out, "<p class=\"error\" role=\"alert\">", text, "</p>");
    put("contact-failed", out);
}

fn inside(out: &mut Markup, asked: &Asked) {
    html!(
        out,
        "<div class=\"stack\"><h2>记下核对过的钥匙</h2><p>请对方在自己的设备上打开「我的签名钥匙」，当面（或在认得声音的电话里）和下面逐组比对。六组都相同，才是同一把钥匙。</p>"
    );
    fingerprint(out, &asked.fingerprint);
    html!(
        out,
        "<p class=\"check\"><input type=\"checkbox\" id=\"contact-compared\" data-testid=\"contact-compared\"><label for=\"contact-compared\">已和本人逐组核对，六组都相同</label></p><div class=\"shown\" id=\"contact-failed\"></div>"
    );
    CONTACT.put(out, true);
    html!(out, "</div>");
}

fn typed(office: Office, asked: &Asked) -> Result<ContactEvent, Refusal> {
    let contact = Contact {
        key: asked.key.clone(),
        fingerprint: asked.fingerprint.clone(),
        name: CONTACT.value("name"),
        role: Role::of(&CONTACT.value("role")).unwrap_or(Role::Mentor),
        on: CONTACT.needed_day("date")?,
    };
    let contact = office
        .keys
        .with_untracked(|keys| Contacts::decide(contact, keys.state(), env().now.date()))?;
    Ok(match &asked.replaces {
        Some(old) => ContactEvent::Replaced {
            old: old.clone(),
            by: contact,
        },
        None => ContactEvent::Confirmed(contact),
    })
}
