//! Whom figures are of: the day, the branch, and by how people stand.

use crate::domain::standing::State;
use crate::domain::time::Date;
use crate::format::workbench::figures::{Counts, Of, Whom};
use crate::ui::components::field::{option, put, value};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::office::use_office;
use leptos::task::spawn_local;

/// Which fields there are. The values stand in fields whose ids begin with the name.
#[derive(Clone, Copy)]
pub(in crate::ui::pages::branch) struct Filter {
    /// The name.
    pub(in crate::ui::pages::branch) name: &'static str,
    /// Whether it asks how people stand.
    pub(in crate::ui::pages::branch) of: bool,
    /// Whether it asks for a day.
    pub(in crate::ui::pages::branch) day: bool,
}

impl Filter {
    /// The fields, as they are set.
    pub(in crate::ui::pages::branch) fn put(self, out: &mut Markup, set: &Counts) {
        let name = self.name;
        html!(out, "<div class=\"figures-filter\">");
        if self.day {
            let day = set.on.unwrap_or_else(|| env().now.date()).to_string();
            html!(
                out,
                "<div class=\"field\"><label for=\"",
                name,
                "-day\">哪一天</label>"
            );
            html!(
                out,
                "<input type=\"date\" id=\"",
                name,
                "-day\" min=\"1950-01-01\" max=\"2100-12-31\" value=\"",
                day,
                "\"></div>"
            );
        }
        if self.of {
            html!(
                out,
                "<div class=\"field\"><label for=\"",
                name,
                "-of\">哪些人</label>"
            );
            html!(out, "<select id=\"", name, "-of\">");
            let states = State::ALL.into_iter().filter(|state| *state != State::Unknown);
            let all = [Of::Here, Of::Activists, Of::All].into_iter();
            for of in all.chain(states.map(Of::Only)) {
                chosen(out, of.code(), of.label(), of == set.whom.of);
            }
            html!(out, "</select></div>");
        }
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            name,
            "-branch\">党支部</label><select id=\"",
            name,
            "-branch\">"
        );
        html!(out, "<option value=\"\">全部党支部</option>");
        if let Some(branch) = &set.whom.branch {
            chosen(out, branch, branch, true);
        }
        html!(out, "</select></div></div>");
    }

    /// What is in the fields now.
    pub(in crate::ui::pages::branch) fn read(self) -> Counts {
        let text = |field: &str| value(&format!("{}-{field}", self.name));
        let branch = text("branch");
        Counts {
            on: Date::parse(text("day").trim()),
            whom: Whom {
                branch: (!branch.is_empty()).then_some(branch),
                group: None,
                of: Of::read(&text("of")).unwrap_or_default(),
            },
        }
    }

    /// Puts the branches there, once they are known; what is chosen stays.
    pub(in crate::ui::pages::branch) fn put_branches(self, branches: &[String]) {
        let id = format!("{}-branch", self.name);
        let now = value(&id);
        let mut out = Markup::default();
        option(&mut out, "", "全部党支部");
        for branch in branches {
            chosen(&mut out, branch, branch, *branch == now);
        }
        if !now.is_empty() && !branches.contains(&now) {
            chosen(&mut out, &now, &now, true);
        }
        put(&id, out);
    }

    /// Puts the branches there as soon as the branch's program names them.
    pub(in crate::ui::pages::branch) fn ask_branches(self) {
        let office = use_office();
        spawn_local(async move {
            if let Ok(branches) = office.look::<Vec<String>>("figures/branches", &()).await {
                self.put_branches(&branches);
            }
        });
    }
}

/// Something that can be chosen, and whether it is.
pub(super) fn chosen(out: &mut Markup, code: &str, label: &str, is_chosen: bool) {
    html!(out, "<option value=\"", code, "\"");
    if is_chosen {
        html!(out, " selected");
    }
    html!(out, ">", label, "</option>");
}
