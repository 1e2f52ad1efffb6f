//! The form for a decision: what, when, who and why; what the rules have to say comes before it is kept.

use crate::domain::branch::PersonId;
use crate::domain::standing::{Change, Decider, Kind, Organ, State, Transition};
use crate::domain::study::Refusal;
use crate::format::workbench::person::{Said, Shown, Stand};
use crate::platform::page;
use crate::ui::components::field::{DAY, Field, Form, LINE, attribute, option, put, put_notice};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::office::Office;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form; its fields stand in the order in which they are filled in.
pub(super) static STAND: Form = Form {
    name: "stand",
    save: "记下",
    cancel: "",
    fields: &[
        Field {
            name: "kind",
            label: "决定了什么",
            kind: "select",
            needed: true,
            ..LINE
        },
        Field {
            label: "哪一天",
            hint: "会议或者批准的那一天，可以补记以前的",
            ..DAY
        },
        Field {
            name: "organ",
            label: "由谁决定",
            kind: "select",
            needed: true,
            options: |out| {
                for organ in Organ::ALL {
                    option(out, organ.code(), organ.label());
                }
            },
            ..LINE
        },
        Field {
            name: "by",
            label: "组织的名称",
            hint: "可不填",
            ..LINE
        },
        Field {
            name: "until",
            label: "延长到哪一天",
            kind: "date",
            needed: true,
            hint: "不少于半年，不超过一年",
            ..LINE
        },
        Field {
            name: "since",
            label: "党龄从哪一天算起",
            kind: "date",
            hint: "从预备期满转为正式党员之日算起；可不填",
            ..LINE
        },
        Field {
            name: "to",
            label: "转到哪个党组织",
            needed: true,
            ..LINE
        },
        Field {
            name: "from",
            label: "从哪个党组织转来",
            needed: true,
            ..LINE
        },
        Field {
            name: "state",
            label: "当时的状态",
            kind: "select",
            needed: true,
            options: |out| {
                option(out, "", "请选择");
                for state in State::ALL.into_iter().filter(|state| state.is_here()) {
                    option(out, state.code(), state.label());
                }
            },
            ..LINE
        },
        Field {
            name: "confirmed",
            label: "在原单位确定为入党积极分子的日期",
            kind: "date",
            hint: "培养时间连续计算；没有的不填",
            ..LINE
        },
        Field {
            name: "admitted",
            label: "在原单位大会通过接收为预备党员的日期",
            kind: "date",
            hint: "不是预备党员的不填",
            ..LINE
        },
        Field {
            name: "reason",
            label: "原因或者说明",
            kind: "area",
            hint: "暂停、不再培养、不列为、不接收、延长、取消、撤回，都要写明原因；其他可不填",
            ..LINE
        },
    ],
};

/// The fields that only some kinds have.
const EXTRAS: [&str; 7] = ["until", "since", "to", "from", "state", "confirmed", "admitted"];

/// Those that a kind has.
fn extras(kind: Option<Kind>) -> &'static [&'static str] {
    match kind {
        Some(Kind::Extended) => &["until"],
        Some(Kind::Full) => &["since"],
        Some(Kind::MovedOut) => &["to"],
        Some(Kind::MovedIn) => &["from", "state", "confirmed", "admitted"],
        Some(Kind::Registered) => &["state"],
        _ => &[],
    }
}

/// A decision that waits for somebody to have read the warnings.
#[derive(Clone)]
pub(super) struct Waiting {
    change: Change,
    seen: Vec<String>,
}

/// The form and what happens with it. One page shows one of it.
#[derive(Clone, Copy)]
pub(super) struct Decision {
    office: Office,
    person: StoredValue<PersonId>,
    waiting: StoredValue<Option<Waiting>>,
    is_busy: StoredValue<bool>,
    /// Whether the form was made ready.
    is_ready: StoredValue<bool>,
    /// What the branch is called, to begin with.
    branch: StoredValue<String>,
}

impl Decision {
    /// Nothing decided yet.
    pub(super) fn new(office: Office, person: StoredValue<PersonId>) -> Self {
        Self {
            office,
            person,
            waiting: StoredValue::new(None),
            is_busy: StoredValue::new(false),
            is_ready: StoredValue::new(false),
            branch: StoredValue::default(),
        }
    }

    /// The form, empty.
    pub(super) fn markup() -> String {
        let mut out = Markup::default();
        html!(
            out,
            "<form class=\"stack\" novalidate id=\"stand-form\" data-form=\"stand\"><div class=\"form-grid\">"
        );
        for field in STAND.fields {
            let is_extra = EXTRAS.contains(&field.name);
            html!(out, "<div id=\"stand-", field.name, "-part\"");
            if field.kind == "area" {
                html!(out, " class=\"wide\"");
            }
            if is_extra {
                html!(out, " hidden");
            }
            html!(out, ">");
            STAND.put_field(&mut out, field);
            html!(out, "</div>");
        }
        html!(
            out,
            "</div><div class=\"shown\" id=\"stand-judged\" tabindex=\"-1\"></div><div class=\"row\"><button type=\"submit\" class=\"button button-primary\" id=\"save-stand\" data-testid=\"save-stand\">记下</button><span class=\"muted\" role=\"status\" id=\"stand-said\" data-testid=\"stand-said\"></span></div></form>"
        );
        out.done()
    }

    /// Offers what fits to how the person now stands first; what was chosen stays.
    pub(super) fn offer(self, shown: &Shown) {
        self.branch.set_value(shown.branch.clone());
        let chosen = STAND.value("kind");
        let mut out = Markup::default();
        option(&mut out, "", "请选择");
        let group = |out: &mut Markup, label: &str, kinds: &[Kind]| {
            if kinds.is_empty() {
                return;
            }
            html!(out, "<optgroup label=\"", label, "\">");
            for kind in kinds {
                option(out, kind.code(), kind.label());
            }
            html!(out, "</optgroup>");
        };
        let rest: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|kind| !shown.fits.contains(kind))
            .collect();
        group(&mut out, "接得上现在的状态", &shown.fits);
        group(&mut out, "其他（补记以前的）", &rest);
        put("stand-kind", out);
        STAND.fill("kind", &chosen);
        if !self.is_ready.get_value() {
            self.is_ready.set_value(true);
            self.clear();
        }
    }

    /// Empties it: today, and nothing decided.
    fn clear(self) {
        STAND.settle(Ok(()));
        for field in STAND.fields {
            STAND.fill(field.name, "");
        }
        STAND.fill("date", &env().now.date().to_string());
        STAND.fill("organ", Organ::BranchCommittee.code());
        self.name_organ();
        self.show_extras();
        self.hush();
    }

    fn show_extras(self) {
        let shown = extras(Kind::of(&STAND.value("kind")));
        for extra in EXTRAS {
            let is_hidden = !shown.contains(&extra);
            attribute(&format!("stand-{extra}-part"), "hidden", is_hidden.then_some(""));
        }
        let needs = Kind::of(&STAND.value("kind")).is_some_and(Kind::needs_reason);
        attribute("stand-reason", "aria-required", needs.then_some("true"));
    }

    /// A committee or meeting of the branch is this one's; of others the name is not known.
    fn name_organ(self) {
        let is_own = matches!(
            Organ::of(&STAND.value("organ")),
            Some(Organ::BranchCommittee | Organ::BranchMeeting)
        );
        let (branch, now) = (self.branch.get_value(), STAND.value("by"));
        if is_own && now.is_empty() {
            STAND.fill("by", &branch);
        } else if !is_own && now == branch {
            STAND.fill("by", "");
        }
    }

    /// Takes back what was said of a decision.
    fn hush(self) {
        self.waiting.set_value(None);
        put("stand-judged", Markup::default());
    }

    /// Something in the form has changed.
    pub(super) fn changed(self, id: &str) {
        STAND.say("");
        self.hush();
        match id {
            "stand-kind" => {
                if let Some(kind) = Kind::of(&STAND.value("kind")) {
                    STAND.fill("organ", kind.usual().code());
                    self.name_organ();
                }
                self.show_extras();
            }
            "stand-organ" => self.name_organ(),
            _ => {}
        }
    }

    /// What was filled in.
    fn read(self) -> Result<Change, Refusal> {
        let Some(kind) = Kind::of(&STAND.value("kind")) else {
            return refuse("kind", "请选择决定了什么");
        };
        let on = STAND.needed_day("date")?;
        let Some(organ) = Organ::of(&STAND.value("organ")) else {
            return refuse("organ", "请选择由谁决定");
        };
        let text = |field: &str| STAND.value(field).trim().to_owned();
        let line = |field: &'static str, why: &str| match text(field) {
            empty if empty.is_empty() => refuse(field, why),
            text => Ok(text),
        };
        let state = || match State::of(&STAND.value("state")) {
            Some(state) => Ok(state),
            None => refuse("state", "请选择当时的状态"),
        };
        let what = match kind {
            Kind::Registered => Transition::Registered { state: state()? },
            Kind::Applied => Transition::Applied,
            Kind::Withdrew => Transition::Withdrew,
            Kind::Confirmed => Transition::Confirmed,
            Kind::Paused => Transition::Paused,
            Kind::Resumed => Transition::Resumed,
            Kind::Removed => Transition::Removed,
            Kind::Proposed => Transition::Proposed,
            Kind::Listed => Transition::Listed,
            Kind::Returned => Transition::Returned,
            Kind::Admitted => Transition::Admitted,
            Kind::NotAdmitted => Transition::NotAdmitted,
            Kind::Approved => Transition::Approved,
            Kind::Extended => Transition::Extended {
                until: STAND.needed_day("until")?,
            },
            Kind::PassedFull => Transition::PassedFull,
            Kind::Full => Transition::Full {
                since: STAND.day("since")?,
            },
            Kind::Cancelled => Transition::Cancelled,
            Kind::MovedOut => Transition::MovedOut {
                to: line("to", "请写明转到哪个党组织")?,
            },
            Kind::MovedIn => Transition::MovedIn {
                from: line("from", "请写明从哪个党组织转来")?,
                state: state()?,
                confirmed: STAND.day("confirmed")?,
                admitted: STAND.day("admitted")?,
            },
        };
        let reason = text("reason");
        if kind.needs_reason() && reason.is_empty() {
            return refuse("reason", "请写明原因");
        }
        Ok(Change {
            on,
            what,
            by: Decider {
                organ,
                name: text("by"),
            },
            reason,
        })
    }

    /// Sends the form: what is to be said of it comes first.
    pub(super) fn submit(self) {
        let change = match self.read() {
            Ok(change) => change,
            Err(refusal) => {
                STAND.settle(Err(refusal));
                return;
            }
        };
        STAND.settle(Ok(()));
        self.hush();
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        STAND.say("正在核对……");
        spawn_local(async move {
            let stand = Stand {
                person: self.person.get_value(),
                change: change.clone(),
                seen: Vec::new(),
            };
            let said: Result<Vec<Said>, String> = self.office.look("person/judge", &stand).await;
            STAND.say("");
            match said {
                Ok(said) if said.is_empty() => self.write(stand).await,
                Ok(said) => {
                    let blocks = said.iter().any(Said::blocks);
                    put("stand-judged", judged(&said, blocks));
                    if !blocks {
                        let seen = said.into_iter().map(|said| said.text).collect();
                        self.waiting.try_set_value(Some(Waiting { change, seen }));
                    }
                    page::focus("stand-judged");
                }
                Err(why) => put_notice("stand-judged", "stand-refused", false, &why),
            }
            self.is_busy.try_set_value(false);
        });
    }

    /// The warnings were read.
    pub(super) fn accept(self) {
        let Some(Waiting { change, seen }) = self.waiting.get_value() else {
            return;
        };
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        spawn_local(async move {
            let person = self.person.get_value();
            self.write(Stand { person, change, seen }).await;
            self.is_busy.try_set_value(false);
        });
    }

    async fn write(self, stand: Stand) {
        STAND.say("正在保存……");
        let what = format!(
            "已记下：{}，{}。",
            stand.change.on.chinese(),
            stand.change.what.label()
        );
        match self.office.have_written("person/stood", &stand).await {
            Ok(_) => {
                self.clear();
                STAND.say(&what);
                page::focus("history-heading");
            }
            Err(why) => {
                STAND.say("");
                self.hush();
                put_notice("stand-judged", "stand-refused", false, &why);
                page::focus("stand-judged");
            }
        }
    }
}

/// Says that a field cannot be so.
fn refuse<T>(field: &'static str, message: &str) -> Result<T, Refusal> {
    Err(Refusal {
        field,
        message: message.into(),
    })
}

/// What is said of a decision.
fn judged(said: &[Said], blocks: bool) -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"notice",
        if blocks { " notice-danger" } else { "" },
        "\" role=\"alert\" data-testid=\"",
        if blocks { "stand-refused" } else { "stand-warned" },
        "\"><div class=\"stack\"><p><strong>",
        if blocks {
            "不能这样记："
        } else {
            "请先看一看："
        },
        "</strong></p><ul>"
    );
    for said in said {
        html!(out, "<li>", said.text);
        if let Some(article) = &said.article {
            html!(out, " <span class=\"muted\">", *article, "</span>");
        }
        html!(out, "</li>");
    }
    html!(out, "</ul>");
    if !blocks {
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" data-do=\"accept\" data-testid=\"accept-stand\">看过了，仍然记下</button></p>"
        );
    }
    html!(out, "</div></div>");
    out
}
