//! Forms: for each field a label, a hint, and beside it what is wrong with it.
//!
//! A form is markup, made once, so that nothing that is being typed is ever touched; what is in it
//! is read when it is sent. A field's element id and its `data-testid` are `<form>-<field>`, where
//! `<field>` is the name that a [`Refusal`] uses: that is how a refusal finds its place and the
//! focus goes there.

use crate::domain::study::Refusal;
use crate::domain::time::Date;
use crate::platform::page;
use crate::ui::markup::{Markup, html};
use js_sys::Reflect;
use web_sys::Element;

/// A field of a form.
pub(in crate::ui) struct Field {
    /// Its name in a [`Refusal`].
    pub(in crate::ui) name: &'static str,
    /// What the reader sees above it.
    pub(in crate::ui) label: &'static str,
    /// What helps to fill it in.
    pub(in crate::ui) hint: &'static str,
    /// `text`, `date`, `number` (whole numbers, read as text), `area` and `long`
    /// (several lines), `select`, `password`.
    pub(in crate::ui) kind: &'static str,
    /// Whether it must be filled in.
    pub(in crate::ui) needed: bool,
    /// Writes what can be chosen, for `select`.
    pub(in crate::ui) options: fn(&mut Markup),
}

/// A line of text; the other fields are made from it.
pub(in crate::ui) const LINE: Field = Field {
    name: "",
    label: "",
    hint: "",
    kind: "text",
    needed: false,
    options: |_| {},
};

/// The day on which something was; always wanted.
pub(in crate::ui) const DAY: Field = Field {
    name: "date",
    label: "日期",
    kind: "date",
    needed: true,
    ..LINE
};

/// A form: fields, a button to send it, one to leave what is being changed as it was.
pub(in crate::ui) struct Form {
    /// Its name: `<form id="<name>-form">`, the button `data-testid="save-<name>"`.
    pub(in crate::ui) name: &'static str,
    /// Its fields.
    pub(in crate::ui) fields: &'static [Field],
    /// What the button says.
    pub(in crate::ui) save: &'static str,
    /// What the button that leaves (`data-do="cancel-<name>"`) says; empty when there is none.
    pub(in crate::ui) cancel: &'static str,
}

impl Form {
    /// The form, empty. `primary`: whether sending it is the page's main action.
    pub(in crate::ui) fn put(&self, out: &mut Markup, primary: bool) {
        html!(
            out,
            "<form class=\"stack\" novalidate id=\"",
            self.name,
            "-form\" data-form=\"",
            self.name,
            "\">"
        );
        for field in self.fields {
            self.put_field(out, field);
        }
        html!(out, "<div class=\"row\"><button type=\"submit\" class=\"button");
        if primary {
            html!(out, " button-primary");
        }
        html!(
            out,
            "\" id=\"save-",
            self.name,
            "\" data-testid=\"save-",
            self.name,
            "\">",
            self.save,
            "</button>"
        );
        if !self.cancel.is_empty() {
            html!(
                out,
                "<button type=\"button\" class=\"button button-plain\" id=\"cancel-",
                self.name
            );
            html!(
                out,
                "\" data-do=\"cancel-",
                self.name,
                "\">",
                self.cancel,
                "</button>"
            );
        }
        html!(
            out,
            "<span class=\"muted\" role=\"status\" id=\"",
            self.name,
            "-said\"></span></div></form>"
        );
    }

    /// One of its fields, for a form that is put together by hand.
    pub(in crate::ui) fn put_field(&self, out: &mut Markup, field: &Field) {
        let id = self.id(field.name);
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">",
            field.label,
            "</label>"
        );
        if !field.hint.is_empty() {
            html!(out, "<p class=\"hint\" id=\"", id, "-hint\">", field.hint, "</p>");
        }
        html!(
            out,
            "<",
            Tag(field.kind),
            " id=\"",
            id,
            "\" data-testid=\"",
            id,
            "\""
        );
        if !field.hint.is_empty() {
            html!(out, " aria-describedby=\"", id, "-hint\"");
        }
        if field.needed {
            html!(out, " aria-required=\"true\"");
        }
        match field.kind {
            "area" => {
                html!(out, " rows=\"4\"></textarea>");
            }
            "long" => {
                html!(out, " rows=\"8\"></textarea>");
            }
            "select" => {
                html!(out, ">");
                (field.options)(out);
                html!(out, "</select>");
            }
            "date" => {
                html!(
                    out,
                    " type=\"date\" autocomplete=\"off\" min=\"1900-01-01\" max=\"9999-12-31\">"
                );
            }
            // A number field would hide from us what it does not understand.
            "number" => {
                html!(out, " type=\"text\" autocomplete=\"off\" inputmode=\"numeric\">");
            }
            "password" => {
                html!(out, " type=\"password\" autocomplete=\"new-password\">");
            }
            _ => {
                html!(out, " type=\"text\" autocomplete=\"off\">");
            }
        }
        html!(out, "<div class=\"shown\" id=\"", id, "-wrong\"></div></div>");
    }

    /// The element id of a field.
    fn id(&self, field: &str) -> String {
        format!("{}-{field}", self.name)
    }

    /// What is in a field.
    pub(in crate::ui) fn value(&self, field: &str) -> String {
        value(&self.id(field))
    }

    /// Puts something in a field.
    pub(in crate::ui) fn fill(&self, field: &str, text: &str) {
        fill(&self.id(field), text);
    }

    /// Empties a field with a day in it, or puts a day there.
    pub(in crate::ui) fn fill_day(&self, field: &str, day: Option<Date>) {
        self.fill(field, &day.map(|day| day.to_string()).unwrap_or_default());
    }

    /// The day in a field: `None` when it is empty.
    ///
    /// # Errors
    /// [`Refusal`] when what is there is no day: older browsers show a plain text field.
    pub(in crate::ui) fn day(&self, field: &'static str) -> Result<Option<Date>, Refusal> {
        let text = self.value(field);
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match Date::parse(text) {
            Some(day) => Ok(Some(day)),
            None => Err(Refusal {
                field,
                message: "日期不对，请按“年-月-日”填写，例如 2026-05-11".into(),
            }),
        }
    }

    /// The day in a field that must be filled in.
    ///
    /// # Errors
    /// [`Refusal`] when it is empty or no day.
    pub(in crate::ui) fn needed_day(&self, field: &'static str) -> Result<Date, Refusal> {
        self.day(field)?.ok_or_else(|| Refusal {
            field,
            message: "请填写日期".into(),
        })
    }

    /// Says that an entry is being changed, or a new one made: the button's words, and whether
    /// there is something to leave as it was. Clears what was refused.
    pub(in crate::ui) fn change(&self, changing: bool) {
        self.settle(Ok(()));
        attribute(
            &format!("cancel-{}", self.name),
            "hidden",
            (!changing).then_some(""),
        );
        say(
            &format!("save-{}", self.name),
            if changing { "保存修改" } else { self.save },
        );
    }

    /// Says something beside the button.
    pub(in crate::ui) fn say(&self, text: &str) {
        say(&format!("{}-said", self.name), text);
    }

    /// Shows what was refused and takes the reader there, or clears what was shown; gives whether
    /// all went well.
    pub(in crate::ui) fn settle(&self, outcome: Result<(), Refusal>) -> bool {
        let refusal = outcome.err();
        let refused = refusal.iter();
        self.settle_all(refused.map(|refusal| (refusal.field, refusal.message.as_str())))
    }

    /// The same of several fields at once, by name and message; the reader is taken to the first.
    pub(in crate::ui) fn settle_all<'a>(&self, refused: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
        let refused: Vec<(&str, &str)> = refused.collect();
        let mut first = None;
        for field in self.fields {
            let id = self.id(field.name);
            let wrong = refused.iter().find(|(name, _)| *name == field.name);
            let mut out = Markup::default();
            let mut described = String::new();
            if !field.hint.is_empty() {
                described = format!("{id}-hint");
            }
            if let Some((_, message)) = wrong {
                html!(
                    out,
                    "<p class=\"error\" role=\"alert\" id=\"",
                    id,
                    "-error\">",
                    *message,
                    "</p>"
                );
                described = format!("{described} {id}-error");
            }
            put(&format!("{id}-wrong"), out);
            attribute(&id, "aria-invalid", wrong.map(|_| "true"));
            attribute(
                &id,
                "aria-describedby",
                (!described.is_empty()).then_some(described.trim()),
            );
            if wrong.is_some() && first.is_none() {
                first = Some(id);
            }
        }
        if let Some(id) = first {
            page::focus(&id);
        }
        refused.is_empty()
    }
}

/// The name of the element for a kind of field.
struct Tag(&'static str);

impl crate::ui::markup::Value for Tag {
    fn put(&self, out: &mut String) {
        out.push_str(match self.0 {
            "area" | "long" => "textarea",
            "select" => "select",
            _ => "input",
        });
    }
}

/// What can be chosen in a `select`.
pub(in crate::ui) fn option(out: &mut Markup, code: &str, label: &str) {
    html!(out, "<option value=\"", code, "\">", label, "</option>");
}

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// What is in an input of whichever kind; empty when there is none.
pub(in crate::ui) fn value(id: &str) -> String {
    let found = element(id).and_then(|element| Reflect::get(&element, &"value".into()).ok()?.as_string());
    found.unwrap_or_default()
}

/// Puts something in an input of whichever kind.
pub(in crate::ui) fn fill(id: &str, text: &str) {
    if let Some(element) = element(id) {
        let _ = Reflect::set(&element, &"value".into(), &text.into());
    }
}

/// Sets an attribute of an element, or takes it away.
pub(in crate::ui) fn attribute(id: &str, name: &str, value: Option<&str>) {
    if let Some(element) = element(id) {
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

/// Puts text in an element.
pub(in crate::ui) fn say(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

/// Puts markup in an element.
pub(in crate::ui) fn put(id: &str, markup: Markup) {
    if let Some(element) = element(id) {
        element.set_inner_html(&markup.done());
    }
}

/// Puts a notice in an element: that something went well, or what went wrong; nothing when empty.
pub(in crate::ui) fn put_notice(id: &str, testid: &str, went_well: bool, text: &str) {
    let mut out = Markup::default();
    if !text.is_empty() {
        html!(
            out,
            "<p class=\"notice notice-",
            if went_well { "ok" } else { "danger" }
        );
        html!(out, "\" data-testid=\"", testid, "\">", text, "</p>");
    }
    put(id, out);
}

/// Ticks a check box or not.
pub(in crate::ui) fn tick(id: &str, ticked: bool) {
    if let Some(element) = element(id) {
        let _ = Reflect::set(&element, &"checked".into(), &ticked.into());
    }
}

/// Whether a check box is ticked.
pub(in crate::ui) fn is_ticked(id: &str) -> bool {
    element(id)
        .is_some_and(|element| Reflect::get(&element, &"checked".into()).is_ok_and(|on| on.is_truthy()))
}

/// Whether an element has an attribute.
pub(in crate::ui) fn has(id: &str, attribute: &str) -> bool {
    element(id).is_some_and(|element| element.has_attribute(attribute))
}
