//! The form for what the rules need to know beside decisions: talks, mentors, reviews, notice and the like.

use crate::domain::branch::PersonId;
use crate::domain::due::facts::{Fitness, Mentor, Notice, Sponsor};
use crate::domain::study::Refusal;
use crate::domain::time::Date;
use crate::domain::workbench::{Fact, MOST_MENTORS, MOST_SPONSORS, Wrong};
use crate::format::workbench::person::{Note, Shown};
use crate::platform::page;
use crate::ui::components::field::{DAY, Field, Form, LINE, attribute, fill, option, put, put_notice, value};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::office::Office;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What can be written down, by its name in the form: one of each, to be labelled by.
fn blank(code: &str, on: Date) -> Option<Fact> {
    Some(match code {
        "talked" => Fact::Talked(on),
        "mentors" => Fact::Mentors(Vec::new()),
        "reviewed" => Fact::Reviewed {
            on,
            words: String::new(),
        },
        "thought-report" => Fact::ThoughtReport(on),
        "mentor-note" => Fact::MentorNote(on),
        "agreed" => Fact::Agreed(on),
        "notice" => Fact::Notice(Notice {
            from: on,
            until: None,
            both_places: false,
        }),
        "sponsors" => Fact::Sponsors(Vec::new()),
        "prereviewed" => Fact::Prereviewed(on),
        "sworn" => Fact::Sworn(on),
        "requested" => Fact::Requested(on),
        "postponed" => Fact::Postponed(true),
        "mobile" => Fact::Mobile(true),
        "leaving" => Fact::Leaving(on),
        "front-line" => Fact::FrontLine(true),
        _ => return None,
    })
}

/// How they are offered.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "培养教育考察",
        &["talked", "mentors", "reviewed", "thought-report", "mentor-note"],
    ),
    (
        "列为发展对象和接收",
        &["agreed", "notice", "sponsors", "prereviewed"],
    ),
    ("预备期", &["sworn", "requested", "postponed"]),
    ("本人情况", &["front-line", "mobile", "leaving"]),
];

static NOTE: Form = Form {
    name: "note",
    save: "记下",
    cancel: "",
    fields: &[
        Field {
            name: "kind",
            label: "记什么",
            kind: "select",
            needed: true,
            options: |out| {
                let today = env().now.date();
                option(out, "", "请选择");
                for (group, codes) in GROUPS {
                    html!(out, "<optgroup label=\"", group, "\">");
                    for code in codes {
                        let label = blank(code, today).map_or("", |fact| fact.label());
                        option(out, code, label);
                    }
                    html!(out, "</optgroup>");
                }
            },
            ..LINE
        },
        Field {
            label: "日期",
            hint: "公示写开始张贴的那天；将离开的写离开的那天",
            ..DAY
        },
        Field {
            name: "until",
            label: "公示的最后一天",
            kind: "date",
            hint: "还没有定的不填；不少于五个工作日",
            ..LINE
        },
        Field {
            name: "places",
            label: "是不是在两地公示",
            kind: "select",
            hint: "流动人员在流入地、流出地都要公示",
            options: |out| {
                option(out, "no", "只在一处");
                option(out, "yes", "两地都公示");
            },
            ..LINE
        },
        Field {
            name: "yes",
            label: "是不是",
            kind: "select",
            options: |out| {
                option(out, "yes", "是");
                option(out, "no", "不是");
            },
            ..LINE
        },
        Field {
            name: "words",
            label: "考察意见（可不填）",
            kind: "area",
            hint: "照会议记录写",
            ..LINE
        },
    ],
};

/// The fields of [`NOTE`] that a kind has.
fn parts(code: &str) -> &'static [&'static str] {
    match code {
        "mentors" | "sponsors" | "" => &[],
        "postponed" | "mobile" | "front-line" => &["yes"],
        "notice" => &["date", "until", "places"],
        "reviewed" => &["date", "words"],
        _ => &["date"],
    }
}

/// A mentor or sponsor as it stands in the form.
#[derive(Clone, Default)]
struct Row {
    name: String,
    since: String,
    until: String,
    unable: String,
    member: String,
    fitness: String,
}

fn member_code(full_member: Option<bool>) -> String {
    match full_member {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
    .to_owned()
}

fn is_member(code: &str) -> Option<bool> {
    match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl Row {
    fn of_mentor(mentor: &Mentor) -> Self {
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            name: mentor.name.clone(),
            since: text(mentor.since),
            until: text(mentor.until),
            unable: text(mentor.unable),
            member: member_code(mentor.full_member),
            fitness: String::new(),
        }
    }

    fn of_sponsor(sponsor: &Sponsor) -> Self {
        Self {
            name: sponsor.name.clone(),
            member: member_code(sponsor.full_member),
            fitness: sponsor.fitness.code().to_owned(),
            ..Self::default()
        }
    }

    fn fields(&mut self) -> [(&'static str, &mut String); 6] {
        [
            ("name", &mut self.name),
            ("since", &mut self.since),
            ("until", &mut self.until),
            ("unable", &mut self.unable),
            ("member", &mut self.member),
            ("fitness", &mut self.fitness),
        ]
    }
}

/// The form and what happens with it. One page shows one of it.
#[derive(Clone, Copy)]
pub(super) struct Noting {
    office: Office,
    person: StoredValue<PersonId>,
    rows: StoredValue<Vec<Row>>,
    /// What counts now, to begin with.
    now: StoredValue<(Vec<Row>, Vec<Row>)>,
    is_busy: StoredValue<bool>,
    is_ready: StoredValue<bool>,
}

impl Noting {
    /// Nothing written yet.
    pub(super) fn new(office: Office, person: StoredValue<PersonId>) -> Self {
        Self {
            office,
            person,
            rows: StoredValue::default(),
            now: StoredValue::default(),
            is_busy: StoredValue::new(false),
            is_ready: StoredValue::new(false),
        }
    }

    /// The form, empty.
    pub(super) fn markup() -> String {
        let mut out = Markup::default();
        html!(
            out,
            "<form class=\"stack\" novalidate id=\"note-form\" data-form=\"note\"><div class=\"form-grid\">"
        );
        for field in NOTE.fields {
            html!(out, "<div id=\"note-", field.name, "-part\"");
            if field.kind == "area" {
                html!(out, " class=\"wide\"");
            }
            if field.name != "kind" {
                html!(out, " hidden");
            }
            html!(out, ">");
            NOTE.put_field(&mut out, field);
            html!(out, "</div>");
        }
        html!(
            out,
            "</div><div class=\"shown rows\" id=\"note-rows\"></div><div class=\"shown\" role=\"status\" id=\"note-refused\"></div><div class=\"row\"><button type=\"submit\" class=\"button button-primary\" id=\"save-note\" data-testid=\"save-note\">记下</button><span class=\"muted\" role=\"status\" id=\"note-said\" data-testid=\"note-said\"></span></div></form>"
        );
        out.done()
    }

    /// Takes over what counts now.
    pub(super) fn offer(self, shown: &Shown) {
        let mentors = shown.mentors.iter().map(Row::of_mentor).collect();
        let sponsors = shown.sponsors.iter().map(Row::of_sponsor).collect();
        self.now.set_value((mentors, sponsors));
        if !self.is_ready.get_value() {
            self.is_ready.set_value(true);
            self.clear();
        }
    }

    fn clear(self) {
        self.settle();
        for field in NOTE.fields {
            NOTE.fill(field.name, "");
        }
        NOTE.fill("date", &env().now.date().to_string());
        NOTE.fill("places", "no");
        NOTE.fill("yes", "yes");
        self.show_parts();
    }

    /// Clears what was refused.
    fn settle(self) {
        NOTE.settle(Ok(()));
        put("note-refused", Markup::default());
        let code = self.who();
        for at in 0..self.rows.with_value(Vec::len) {
            put(&format!("{code}-{at}-wrong"), Markup::default());
            for (field, _) in Row::default().fields() {
                attribute(&format!("{code}-{at}-{field}"), "aria-invalid", None);
            }
        }
    }

    /// `mentor` or `sponsor`, as their fields are named.
    fn who(self) -> &'static str {
        match NOTE.value("kind").as_str() {
            "sponsors" => "sponsor",
            _ => "mentor",
        }
    }

    fn show_parts(self) {
        let kind = NOTE.value("kind");
        let shown = parts(&kind);
        for field in NOTE.fields.iter().filter(|field| field.name != "kind") {
            let is_hidden = !shown.contains(&field.name);
            attribute(
                &format!("note-{}-part", field.name),
                "hidden",
                is_hidden.then_some(""),
            );
        }
        let rows = match kind.as_str() {
            "mentors" => self.now.with_value(|(mentors, _)| mentors.clone()),
            "sponsors" => self.now.with_value(|(_, sponsors)| sponsors.clone()),
            _ => {
                self.rows.set_value(Vec::new());
                put("note-rows", Markup::default());
                return;
            }
        };
        self.rows.set_value(rows);
        if self.rows.with_value(Vec::is_empty) {
            self.rows.set_value(vec![Row::default()]);
        }
        self.put_rows();
    }

    fn put_rows(self) {
        let (who, mut rows) = (self.who(), self.rows.get_value());
        let (name, most) = match who {
            "sponsor" => ("入党介绍人", MOST_SPONSORS),
            _ => ("培养联系人", MOST_MENTORS),
        };
        let mut out = Markup::default();
        html!(
            out,
            "<p class=\"hint\">",
            match who {
                "sponsor" => "写全部介绍人。两名正式党员，一般由培养联系人担任。",
                _ => "写全部培养联系人，不再担任的也留着，填上结束的日期。同时应当是一至两名正式党员。",
            },
            "</p>"
        );
        for at in 0..rows.len() {
            put_row(&mut out, who, name, at);
        }
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" id=\"add-row\" data-do=\"add-row\" data-testid=\"add-row\""
        );
        if rows.len() >= most {
            html!(out, " disabled");
        }
        html!(out, ">再加一名", name, "</button></p>");
        put("note-rows", out);
        for (at, row) in rows.iter_mut().enumerate() {
            for (field, text) in row.fields() {
                if !(field == "fitness" && text.is_empty()) {
                    fill(&format!("{who}-{at}-{field}"), text);
                }
            }
        }
    }

    /// What has been typed meanwhile.
    fn read_rows(self) {
        let who = self.who();
        self.rows.update_value(|rows| {
            for (at, row) in rows.iter_mut().enumerate() {
                for (field, text) in row.fields() {
                    *text = value(&format!("{who}-{at}-{field}"));
                }
            }
        });
    }

    /// One more mentor or sponsor.
    pub(super) fn add_row(self) {
        self.read_rows();
        self.rows.update_value(|rows| rows.push(Row::default()));
        self.put_rows();
        let last = self.rows.with_value(Vec::len).saturating_sub(1);
        page::focus(&format!("{}-{last}-name", self.who()));
    }

    /// One less.
    pub(super) fn drop_row(self, at: usize) {
        self.read_rows();
        self.rows.update_value(|rows| {
            if at < rows.len() {
                rows.remove(at);
            }
        });
        self.put_rows();
        page::focus("add-row");
    }

    /// Something in the form has changed.
    pub(super) fn changed(self, id: &str) {
        NOTE.say("");
        if id == "note-kind" {
            self.settle();
            self.show_parts();
        }
    }

    fn read(self) -> Result<Fact, Wrong> {
        let wrong = |refusal: Refusal| Wrong {
            field: refusal.field.to_owned(),
            message: refusal.message,
        };
        let kind = NOTE.value("kind");
        let on = || NOTE.needed_day("date").map_err(wrong);
        let yes = || NOTE.value("yes") == "yes";
        Ok(match kind.as_str() {
            "mentors" | "sponsors" => {
                self.read_rows();
                return self.read_people(&kind);
            }
            "talked" => Fact::Talked(on()?),
            "reviewed" => Fact::Reviewed {
                on: on()?,
                words: NOTE.value("words"),
            },
            "thought-report" => Fact::ThoughtReport(on()?),
            "mentor-note" => Fact::MentorNote(on()?),
            "agreed" => Fact::Agreed(on()?),
            "notice" => Fact::Notice(Notice {
                from: on()?,
                until: NOTE.day("until").map_err(wrong)?,
                both_places: NOTE.value("places") == "yes",
            }),
            "prereviewed" => Fact::Prereviewed(on()?),
            "sworn" => Fact::Sworn(on()?),
            "requested" => Fact::Requested(on()?),
            "leaving" => Fact::Leaving(on()?),
            "postponed" => Fact::Postponed(yes()),
            "mobile" => Fact::Mobile(yes()),
            "front-line" => Fact::FrontLine(yes()),
            _ => {
                return Err(Wrong {
                    field: "kind".into(),
                    message: "请选择记什么".into(),
                });
            }
        })
    }

    fn read_people(self, kind: &str) -> Result<Fact, Wrong> {
        let rows = self.rows.get_value();
        if kind == "sponsors" {
            let sponsors = rows.iter().map(|row| Sponsor {
                name: row.name.clone(),
                fitness: Fitness::of(&row.fitness).unwrap_or_default(),
                full_member: is_member(&row.member),
            });
            return Ok(Fact::Sponsors(sponsors.collect()));
        }
        let mut mentors = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let day = |field: &str, text: &str| match text.trim() {
                "" => Ok(None),
                text => Date::parse(text).map(Some).ok_or_else(|| Wrong {
                    field: format!("mentor-{at}-{field}"),
                    message: "日期不对，请按“年-月-日”填写，例如 2026-05-11".into(),
                }),
            };
            mentors.push(Mentor {
                name: row.name.clone(),
                since: day("since", &row.since)?,
                until: day("until", &row.until)?,
                unable: day("unable", &row.unable)?,
                full_member: is_member(&row.member),
            });
        }
        Ok(Fact::Mentors(mentors))
    }

    /// Sends the form.
    pub(super) fn submit(self) {
        self.settle();
        let fact = self.read().and_then(|fact| fact.checked(env().now.date()));
        let fact = match fact {
            Ok(fact) => fact,
            Err(wrong) => {
                refuse(&wrong);
                return;
            }
        };
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        NOTE.say("正在保存……");
        spawn_local(async move {
            let said = match fact.day() {
                Some(day) => format!("已记下：{}，{}。", fact.label(), day.chinese()),
                None => format!("已记下：{}。", fact.label()),
            };
            let note = Note {
                person: self.person.get_value(),
                fact,
            };
            match self.office.have_written("person/noted", &note).await {
                Ok(_) => {
                    self.clear();
                    NOTE.say(&said);
                    page::focus("note-kind");
                }
                Err(why) => {
                    NOTE.say("");
                    put_notice("note-refused", "note-refused", false, &why);
                }
            }
            self.is_busy.try_set_value(false);
        });
    }
}

/// Says what is wrong beside its field, and goes there.
fn refuse(wrong: &Wrong) {
    let known = NOTE.fields.iter().find(|field| field.name == wrong.field);
    if let Some(field) = known {
        NOTE.settle(Err(Refusal {
            field: field.name,
            message: wrong.message.clone(),
        }));
        return;
    }
    let slot = wrong
        .field
        .rsplit_once('-')
        .map_or_else(String::new, |(row, _)| format!("{row}-wrong"));
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"error\" role=\"alert\" data-testid=\"row-refused\">",
        wrong.message,
        "</p>"
    );
    put(&slot, out);
    attribute(&wrong.field, "aria-invalid", Some("true"));
    attribute(&wrong.field, "aria-describedby", Some(&slot));
    page::focus(&wrong.field);
}

/// The fields of a mentor or sponsor.
fn put_row(out: &mut Markup, who: &str, name: &str, at: usize) {
    html!(
        out,
        "<div class=\"line\" role=\"group\" aria-label=\"",
        name,
        " ",
        at + 1,
        "\">"
    );
    let input = |out: &mut Markup, field: &str, label: &str, kind: &str| {
        let id = format!("{who}-{at}-{field}");
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">",
            label,
            "</label><input type=\"",
            kind,
            "\" autocomplete=\"off\" id=\"",
            id
        );
        html!(out, "\" data-testid=\"", id, "\"");
        if kind == "date" {
            html!(out, " min=\"1900-01-01\" max=\"9999-12-31\"");
        }
        html!(out, "></div>");
    };
    let choice = |out: &mut Markup, field: &str, label: &str, choices: &[(&str, &str)]| {
        let id = format!("{who}-{at}-{field}");
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">",
            label,
            "</label><select id=\"",
            id,
            "\" data-testid=\""
        );
        html!(out, id, "\">");
        for (code, label) in choices {
            option(out, code, label);
        }
        html!(out, "</select></div>");
    };
    let member = [("", "没有记"), ("yes", "是"), ("no", "不是")];
    input(out, "name", "姓名", "text");
    if who == "mentor" {
        input(out, "since", "从哪天起（可不填）", "date");
        input(out, "until", "到哪天止（仍在担任的不填）", "date");
        choice(out, "member", "是不是正式党员", &member);
        input(out, "unable", "从哪天起不能履职（能履职的不填）", "date");
    } else {
        choice(out, "member", "是不是正式党员", &member);
        let fitness = Fitness::ALL.map(|fitness| (fitness.code(), fitness.label()));
        choice(out, "fitness", "有没有不宜、不能担任的情况", &fitness);
    }
    html!(
        out,
        "<button type=\"button\" class=\"button button-plain\" data-drop=\"",
        at,
        "\">去掉<span class=\"visually-hidden\">第 ",
        at + 1,
        " 名</span></button><div class=\"shown wrong\" id=\"",
        who,
        "-",
        at,
        "-wrong\"></div></div>"
    );
}
