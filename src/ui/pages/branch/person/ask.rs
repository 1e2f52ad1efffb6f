//! A small form that opens below a line: correcting a value, striking something out. One at a time.

use crate::domain::branch::{Field, Kind, PersonId, Stage};
use crate::domain::study::EventId;
use crate::format::workbench::note::Correct;
use crate::format::workbench::person::{Strike, Unnote};
use crate::platform::page;
use crate::ui::components::field::{attribute, fill, option, put, value};
use crate::ui::markup::{Markup, html};
use crate::ui::office::Office;

/// What is asked.
#[derive(Clone)]
pub(super) enum Asking {
    /// What a field is, and was.
    Correct(Field, String),
    /// Why a decision is struck out.
    Strike(EventId),
    /// Whether a fact is to be struck out.
    Unnote(EventId),
}

impl Asking {
    fn key(&self) -> &str {
        match self {
            Self::Correct(field, _) => field.code(),
            Self::Strike(id) | Self::Unnote(id) => &id.0,
        }
    }

    fn slot(&self) -> String {
        format!("ask-{}", self.key())
    }

    /// The button that opens it.
    pub(super) fn button(&self) -> String {
        format!("open-{}", self.key())
    }

    /// The heading of the section that it stands in.
    pub(super) fn heading(&self) -> &'static str {
        match self {
            Self::Correct(..) => "fields-heading",
            Self::Strike(_) => "history-heading",
            Self::Unnote(_) => "notes-heading",
        }
    }

    /// Opens it.
    pub(super) fn open(&self) {
        let mut out = Markup::default();
        html!(
            out,
            "<form class=\"stack asked\" novalidate data-form=\"ask\" id=\"ask-form\">"
        );
        let (save, danger) = match self {
            Self::Correct(field, _) => {
                correct(&mut out, *field);
                ("保存", false)
            }
            Self::Strike(_) => {
                html!(
                    out,
                    "<div class=\"field\"><label for=\"ask-value\">为什么划掉</label><p class=\"hint\" id=\"ask-hint\">划掉以后不再算数，仍然看得到。</p><input type=\"text\" autocomplete=\"off\" id=\"ask-value\" data-testid=\"ask-value\" aria-describedby=\"ask-hint\" aria-required=\"true\">"
                );
                ("划掉", true)
            }
            Self::Unnote(_) => {
                html!(
                    out,
                    "<div class=\"field\"><p>划掉这一条吗？划掉以后不再算数，仍然看得到。</p>"
                );
                ("划掉", true)
            }
        };
        html!(
            out,
            "<div class=\"shown\" id=\"ask-wrong\"></div></div><div class=\"row\"><button type=\"submit\" class=\"button",
            if danger {
                " button-danger"
            } else {
                " button-primary"
            },
            "\" id=\"ask-save\" data-testid=\"ask-save\">",
            save,
            "</button><button type=\"button\" class=\"button button-plain\" data-do=\"cancel-ask\">取消</button></div></form>"
        );
        put(&self.slot(), out);
        if let Self::Correct(_, value) = self {
            fill("ask-value", value);
        }
        if !page::focus("ask-value") {
            page::focus("ask-save");
        }
    }

    /// Closes it.
    pub(super) fn close(&self) {
        put(&self.slot(), Markup::default());
    }

    /// Says what is wrong.
    pub(super) fn refuse(&self, why: &str) {
        let mut out = Markup::default();
        html!(
            out,
            "<p class=\"error\" role=\"alert\" id=\"ask-error\">",
            why,
            "</p>"
        );
        put("ask-wrong", out);
        attribute("ask-value", "aria-invalid", Some("true"));
        attribute("ask-value", "aria-describedby", Some("ask-error"));
        page::focus("ask-value");
    }

    /// Has it written down; gives what a reader is told then, nothing when there was nothing to write.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) async fn carry_out(
        &self,
        office: Office,
        person: PersonId,
        typed: String,
    ) -> Result<Option<&'static str>, String> {
        match self {
            Self::Correct(field, before) => {
                let kept = field.typed(&typed)?;
                if kept == *before {
                    return Ok(None);
                }
                let order = Correct {
                    person,
                    field: *field,
                    value: typed,
                };
                office.have_written("note/correct", &order).await?;
                Ok(Some("已更正。原来写的仍然看得到。"))
            }
            Self::Strike(entry) => {
                let order = Strike {
                    person,
                    entry: entry.clone(),
                    reason: typed,
                };
                office.have_written("person/strike", &order).await?;
                Ok(Some("已划掉。"))
            }
            Self::Unnote(note) => {
                let order = Unnote {
                    person,
                    note: note.clone(),
                };
                office.have_written("person/unnoted", &order).await?;
                Ok(Some("已划掉。"))
            }
        }
    }
}

/// What was typed.
pub(super) fn typed() -> String {
    value("ask-value")
}

/// The input for a field.
fn correct(out: &mut Markup, field: Field) {
    let hint = match field.kind() {
        Kind::Day => "年-月-日，例如 2025-03-01；只知道年月的写 2025-03。清空表示没有",
        Kind::Stage => "这是名册里写的；有会议决定的，请在“发展历程”里记决定",
        Kind::Ethnicity => "写全称，例如 汉族",
        Kind::Name if field == Field::Name => "与身份证一致",
        _ => "清空表示没有",
    };
    html!(
        out,
        "<div class=\"field\"><label for=\"ask-value\">",
        field.label(),
        "</label><p class=\"hint\" id=\"ask-hint\">",
        hint,
        "</p>"
    );
    let describes = " id=\"ask-value\" data-testid=\"ask-value\" aria-describedby=\"ask-hint\"";
    match field.kind() {
        Kind::Sex | Kind::Stage => {
            html!(out, "<select");
            out.raw(describes);
            html!(out, ">");
            option(out, "", "没有");
            let labels: Vec<&str> = match field.kind() {
                Kind::Sex => vec!["男", "女"],
                _ => Stage::ALL.into_iter().map(Stage::label).collect(),
            };
            for label in labels {
                option(out, label, label);
            }
            html!(out, "</select>");
        }
        Kind::Note => {
            html!(out, "<textarea rows=\"4\"");
            out.raw(describes);
            html!(out, "></textarea>");
        }
        _ => {
            html!(out, "<input type=\"text\" autocomplete=\"off\"");
            out.raw(describes);
            html!(out, ">");
        }
    }
}
