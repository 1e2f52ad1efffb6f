//! Form fields: a label, a hint, and beside the field what is wrong with it.
//!
//! A field's element id and its `data-testid` are `<form>-<field>`, where `<field>` is the name
//! that a [`Refusal`] uses: that is how a refusal finds its place and the focus goes there.

use crate::domain::study::Refusal;
use crate::domain::time::Date;
use crate::platform::page;
use leptos::html;
use leptos::prelude::*;

/// A form: its name, and what was refused in it last.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Form {
    name: &'static str,
    refusal: RwSignal<Option<Refusal>>,
}

impl Form {
    /// A form of that name. Make it at page level.
    pub(in crate::ui) fn new(name: &'static str) -> Self {
        Self {
            name,
            refusal: RwSignal::new(None),
        }
    }

    /// Shows what was refused and takes the reader there, or clears what was shown; gives whether
    /// all went well.
    pub(in crate::ui) fn settle(self, outcome: Result<(), Refusal>) -> bool {
        match outcome {
            Ok(()) => {
                self.refusal.set(None);
                true
            }
            Err(refusal) => {
                page::focus(&self.id(refusal.field));
                self.refusal.set(Some(refusal));
                false
            }
        }
    }

    /// The element id of a field.
    fn id(self, field: &str) -> String {
        format!("{}-{field}", self.name)
    }

    fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refusal.with(|refusal| {
                refusal
                    .as_ref()
                    .filter(|refusal| refusal.field == field)
                    .map(|refusal| refusal.message.clone())
            })
        })
    }
}

/// The day in a date field: `None` when it is empty.
///
/// # Errors
/// [`Refusal`] when what is there is no day: older browsers show a plain text field.
pub(in crate::ui) fn day(field: &'static str, text: &str) -> Result<Option<Date>, Refusal> {
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

/// The day in a date field that must be filled in.
///
/// # Errors
/// [`Refusal`] when it is empty or no day.
pub(in crate::ui) fn needed_day(field: &'static str, text: &str) -> Result<Date, Refusal> {
    day(field, text)?.ok_or_else(|| Refusal {
        field,
        message: "请填写日期".into(),
    })
}

/// A day as a date field holds it.
pub(in crate::ui) fn day_text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Label, control, hint and error, in that order.
fn frame(
    form: Form,
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    control: AnyView,
) -> impl IntoView {
    let error = form.error(field);
    view! {
        <div class="field">
            <label for=form.id(field)>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=form.id(field) + "-hint">{hint}</p> })}
            {control}
            {move || error.get().map(|message| view! {
                <p class="error" role="alert" id=form.id(field) + "-error">{message}</p>
            })}
        </div>
    }
}

/// What a screen reader reads with the control.
fn described(
    form: Form,
    field: &'static str,
    hint: &'static str,
) -> impl Fn() -> Option<String> + Send + Clone + 'static {
    let error = form.error(field);
    move || {
        let id = form.id(field);
        match (hint.is_empty(), error.with(Option::is_some)) {
            (true, false) => None,
            (false, false) => Some(format!("{id}-hint")),
            (true, true) => Some(format!("{id}-error")),
            (false, true) => Some(format!("{id}-hint {id}-error")),
        }
    }
}

/// A field of one line.
#[component]
pub(in crate::ui) fn TextField(
    /// The form that it belongs to.
    form: Form,
    /// Its name in a [`Refusal`].
    field: &'static str,
    /// What the reader sees above it.
    label: &'static str,
    /// What is in it.
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(default = "")]
    hint: &'static str,
    /// `text`, `date` or `number` (whole numbers, read as text).
    #[prop(default = "text")]
    kind: &'static str,
    /// Whether it must be filled in.
    #[prop(default = false)]
    needed: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    // Written only when it differs: setting the value that is there would clear a half-typed date
    // and disturb an input method.
    Effect::new(move |_| {
        let text = value.get();
        if let Some(input) = node.get()
            && input.value() != text
        {
            input.set_value(&text);
        }
    });
    let error = form.error(field);
    let control = view! {
        <input
            node_ref=node
            id=form.id(field)
            data-testid=form.id(field)
            // A number field would hide from us what it does not understand.
            type=if kind == "number" { "text" } else { kind }
            autocomplete="off"
            inputmode=(kind == "number").then_some("numeric")
            min=(kind == "date").then_some("1900-01-01")
            max=(kind == "date").then_some("9999-12-31")
            aria-required=needed.then_some("true")
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=described(form, field, hint)
            on:input=move |event| value.set(event_target_value(&event))
            on:change=move |event| value.set(event_target_value(&event))
        />
    };
    frame(form, field, label, hint, control.into_any())
}

/// A field of several lines.
#[component]
pub(in crate::ui) fn TextArea(
    /// The form that it belongs to.
    form: Form,
    /// Its name in a [`Refusal`].
    field: &'static str,
    /// What the reader sees above it.
    label: &'static str,
    /// What is in it.
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(default = "")]
    hint: &'static str,
    /// How many lines are seen.
    #[prop(default = 4)]
    rows: u8,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        let text = value.get();
        if let Some(area) = node.get()
            && area.value() != text
        {
            area.set_value(&text);
        }
    });
    let error = form.error(field);
    let control = view! {
        <textarea
            node_ref=node
            id=form.id(field)
            data-testid=form.id(field)
            rows=rows.to_string()
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=described(form, field, hint)
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    };
    frame(form, field, label, hint, control.into_any())
}

/// A choice from a list: codes and what the reader sees.
#[component]
pub(in crate::ui) fn SelectField(
    /// The form that it belongs to.
    form: Form,
    /// Its name in a [`Refusal`].
    field: &'static str,
    /// What the reader sees above it.
    label: &'static str,
    /// The code chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// What helps to choose.
    #[prop(default = "")]
    hint: &'static str,
) -> impl IntoView {
    let error = form.error(field);
    let choices = move || {
        options.get().into_iter().map(|(code, label)| {
            let chosen = code.clone();
            view! { <option value=code prop:selected=move || value.with(|value| *value == chosen)>{label}</option> }
        }).collect_view()
    };
    let control = view! {
        <select
            id=form.id(field)
            data-testid=form.id(field)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=described(form, field, hint)
            on:change=move |event| value.set(event_target_value(&event))
        >{choices}</select>
    };
    frame(form, field, label, hint, control.into_any())
}
