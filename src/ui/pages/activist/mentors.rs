//! Mentors and the talks with them (细则 Art. 9: one or two full members).

use super::log::buttons;
use crate::domain::sort_by;
use crate::domain::study::{Action, EventId, MentorEntry, Refusal, Study, TalkEntry, TalkForm};
use crate::platform::page;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{DAY, Field, Form, LINE, attribute, option, put, put_notice, say};
use crate::ui::components::shown::still;
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use std::cmp::Reverse;

static MENTOR: Form = Form {
    name: "mentor",
    save: "保存培养联系人",
    cancel: "取消",
    fields: &[
        Field {
            name: "name",
            label: "培养联系人姓名",
            needed: true,
            ..LINE
        },
        Field {
            name: "since",
            label: "开始日期（可不填）",
            kind: "date",
            ..LINE
        },
        Field {
            name: "until",
            label: "结束日期（仍在担任的不填）",
            kind: "date",
            ..LINE
        },
    ],
};

static TALK: Form = Form {
    name: "talk",
    save: "保存谈话",
    cancel: "取消修改",
    fields: &[
        Field {
            name: "mentor",
            label: "与谁谈话",
            kind: "select",
            ..LINE
        },
        DAY,
        Field {
            name: "form",
            label: "形式",
            kind: "select",
            options: forms,
            ..LINE
        },
        Field {
            name: "topic",
            label: "谈话主题",
            needed: true,
            ..LINE
        },
        Field {
            name: "notes",
            label: "谈话记录（可不填）",
            kind: "area",
            hint: "默认不导出，只留在本机；导出培养记录时可以另外勾选。",
            ..LINE
        },
    ],
};

fn forms(out: &mut Markup) {
    for form in TalkForm::ALL {
        option(out, form.code(), form.label());
    }
}

fn fill_mentor(entry: &MentorEntry) {
    MENTOR.settle(Ok(()));
    MENTOR.fill("name", &entry.name);
    MENTOR.fill_day("since", entry.since);
    MENTOR.fill_day("until", entry.until);
}

fn save_mentor(desk: Desk, id: Option<EventId>) -> Result<(), Refusal> {
    let entry = MentorEntry {
        name: MENTOR.value("name"),
        since: MENTOR.day("since")?,
        until: MENTOR.day("until")?,
    };
    desk.act(Action::SetMentor(id, entry))
}

/// Shows the mentor's form, or the button that opens it.
fn open_mentor(open: bool) {
    let hidden = |hidden: bool| hidden.then_some("");
    attribute("mentor-form", "hidden", hidden(!open));
    attribute("add-mentor", "hidden", hidden(open));
}

/// Ready for a new talk, with the mentor who is chosen.
fn clear_talk() {
    TALK.change(false);
    say("talk-heading", "记一次谈话");
    TALK.fill("date", &env().now.date().to_string());
    TALK.fill("form", TalkForm::default().code());
    TALK.fill("topic", "");
    TALK.fill("notes", "");
}

fn fill_talk(entry: &TalkEntry) {
    TALK.change(true);
    say("talk-heading", "修改谈话");
    TALK.fill("mentor", &entry.mentor.0);
    TALK.fill("date", &entry.date.to_string());
    TALK.fill("form", entry.form.code());
    TALK.fill("topic", &entry.topic);
    TALK.fill("notes", &entry.notes);
}

fn save_talk(desk: Desk, id: Option<EventId>) -> Result<(), Refusal> {
    let form = TALK.value("form");
    let entry = TalkEntry {
        mentor: EventId(TALK.value("mentor")),
        date: TALK.needed_day("date")?,
        form: TalkForm::ALL
            .into_iter()
            .find(|known| known.code() == form)
            .unwrap_or_default(),
        topic: TALK.value("topic"),
        notes: TALK.value("notes"),
    };
    desk.act(Action::SetTalk(id, entry))
}

/// Offers the mentors there are; with none chosen yet, the first who serves is meant.
fn offer_mentors(study: &Study) {
    let chosen = EventId(TALK.value("mentor"));
    let mut out = Markup::default();
    for (id, mentor) in &study.mentors {
        option(&mut out, &id.0, &mentor.name);
    }
    put("talk-mentor", out);
    let known = study.mentors.get_key_value(&chosen).map(|(id, _)| id);
    let serving = || study.serving_mentors().next().map(|(id, _)| id);
    if let Some(id) = known.or_else(serving).or_else(|| study.mentors.keys().next()) {
        TALK.fill("mentor", &id.0);
    }
    let none = study.mentors.is_empty();
    attribute("talk-section", "hidden", none.then_some(""));
    let class = if none { "button button-primary" } else { "button" };
    attribute("save-mentor", "class", Some(class));
}

/// Mentors and talks.
#[component]
pub(in crate::ui) fn MentorsPage() -> impl IntoView {
    let desk = use_desk();
    // Which mentor and which talk are being changed (`None`: a new one), and what to remove.
    let mentor = StoredValue::new(None::<EventId>);
    let talk = StoredValue::new(None::<EventId>);
    let removing = StoredValue::new(None::<EventId>);
    let asking = RwSignal::new(false);

    Effect::new(move |before: Option<()>| {
        desk.study.with(|study| offer_mentors(study.state()));
        if before.is_none() {
            // Open at once where there is no mentor yet: that is what comes first.
            open_mentor(
                desk.study
                    .with_untracked(|study| study.state().mentors.is_empty()),
            );
            clear_talk();
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if page::data_of(&event, "data-form").as_deref() == Some(MENTOR.name) {
            if MENTOR.settle(save_mentor(desk, mentor.get_value())) {
                open_mentor(false);
                say("mentors-said", "培养联系人已记下。");
            }
        } else if TALK.settle(save_talk(desk, talk.get_value())) {
            talk.set_value(None);
            clear_talk();
            say("mentors-said", "谈话已记下。");
        }
    };
    let edit = move |id: EventId| {
        let found = desk.study.with_untracked(|study| {
            let state = study.state();
            (state.mentors.get(&id).cloned(), state.talks.get(&id).cloned())
        });
        match found {
            (Some(entry), _) => {
                fill_mentor(&entry);
                mentor.set_value(Some(id));
                open_mentor(true);
                page::focus("mentor-name");
            }
            (None, Some(entry)) => {
                fill_talk(&entry);
                talk.set_value(Some(id));
                page::focus("talk-topic");
            }
            (None, None) => {}
        }
    };
    let click = move |event: MouseEvent| {
        if let Some(id) = page::data_of(&event, "data-edit") {
            edit(EventId(id));
        } else if let Some(id) = page::data_of(&event, "data-remove") {
            put_notice("mentors-refused", "refused", false, "");
            removing.set_value(Some(EventId(id)));
            asking.set(true);
        } else {
            match page::data_of(&event, "data-do").as_deref() {
                Some("add-mentor") => {
                    mentor.set_value(None);
                    fill_mentor(&MentorEntry {
                        name: String::new(),
                        since: None,
                        until: None,
                    });
                    open_mentor(true);
                    page::focus("mentor-name");
                }
                Some("cancel-mentor") => open_mentor(false),
                Some("cancel-talk") => {
                    talk.set_value(None);
                    clear_talk();
                }
                _ => {}
            }
        }
    };
    let remove = move |()| {
        if let Some(id) = removing.get_value() {
            let outcome = desk.act(Action::Remove(id));
            say("mentors-said", if outcome.is_ok() { "已删除。" } else { "" });
            if let Err(refusal) = outcome {
                put_notice("mentors-refused", "refused", false, &refusal.message);
            }
        }
    };
    let asked = Signal::derive(move || {
        let id = removing.get_value();
        let named = desk.study.with_untracked(|study| {
            let (state, id) = (study.state(), id?);
            if let Some(mentor) = state.mentors.get(&id) {
                return Some(format!("培养联系人“{}”将从列表中删除。", mentor.name));
            }
            let talk = state.talks.get(&id)?;
            Some(format!("{} 的谈话“{}”将从列表中删除。", talk.date, talk.topic))
        });
        named.unwrap_or_default() + "删除后不能撤销。"
    });

    let mut top = Markup::default();
    html!(
        top,
        "<h1>培养联系人与谈话</h1><p class=\"muted\" role=\"status\" id=\"mentors-said\"></p><div class=\"shown\" role=\"alert\" id=\"mentors-refused\"></div>"
    );
    let mut form = Markup::default();
    html!(
        form,
        "<button type=\"button\" class=\"button\" id=\"add-mentor\" data-do=\"add-mentor\" data-testid=\"add-mentor\">添加培养联系人</button>"
    );
    MENTOR.put(&mut form, false);
    let mut talk_section = Markup::default();
    html!(
        talk_section,
        "<section class=\"card stack\" id=\"talk-section\" hidden aria-labelledby=\"talk-heading\"><h2 id=\"talk-heading\"></h2>"
    );
    TALK.put(&mut talk_section, true);
    html!(talk_section, "</section>");
    view! {
        <div class="stack" on:submit=submit on:click=click>
            {still(top)}
            <section class="card stack" aria-labelledby="mentors-heading">
                <Shown of=Signal::derive(move || desk.study.with(|study| mentors(study.state())))/>
                {still(form)}
            </section>
            {still(talk_section)}
            <Shown of=Signal::derive(move || desk.study.with(|study| talks(study.state())))/>
            <Confirm open=asking title="确定删除吗？" text=asked action="删除" done=remove testid="confirm-remove"/>
        </div>
    }
}

fn mentors(study: &Study) -> String {
    let mut out = Markup::default();
    html!(out, "<h2 id=\"mentors-heading\">培养联系人</h2>");
    if study.mentors.is_empty() {
        html!(
            out,
            "<p class=\"empty\">还没有填写培养联系人。党支部指定一至两名正式党员作培养联系人（细则第九条）。</p>"
        );
        return out.done();
    }
    let mut all: Vec<_> = study.mentors.iter().collect();
    let key = |entry: &MentorEntry| (entry.until.is_some(), Reverse(entry.since));
    sort_by(&mut all, |a, b| key(a.1).cmp(&key(b.1)));
    html!(out, "<ul class=\"items\">");
    for (id, entry) in all {
        let span = match (entry.since, entry.until) {
            (None, None) => "现任".to_owned(),
            (Some(since), None) => format!("现任，{since} 起"),
            (None, Some(until)) => format!("已结束，{until} 止"),
            (Some(since), Some(until)) => format!("已结束，{since} 至 {until}"),
        };
        html!(
            out,
            "<li class=\"item\" data-mentor=\"",
            id.0,
            "\"><div><strong>",
            entry.name
        );
        html!(out, "</strong><p class=\"muted\">", span, "</p></div>");
        buttons(&mut out, &id.0, "修改或结束", &entry.name);
        html!(out, "</li>");
    }
    html!(out, "</ul>");
    out.done()
}

fn talks(study: &Study) -> String {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"talks-heading\"><h2 id=\"talks-heading\">谈话记录</h2>"
    );
    if study.talks.is_empty() {
        html!(out, "<p class=\"empty\">还没有谈话记录。</p></section>");
        return out.done();
    }
    let mut all: Vec<_> = study.talks.iter().collect();
    sort_by(&mut all, |a, b| (b.1.date, b.0).cmp(&(a.1.date, a.0)));
    html!(out, "<ul class=\"items\">");
    for (id, entry) in all {
        let name = study
            .mentors
            .get(&entry.mentor)
            .map_or("", |mentor| mentor.name.as_str());
        html!(
            out,
            "<li class=\"item\" data-talk=\"",
            id.0,
            "\"><div><strong>",
            entry.topic
        );
        html!(
            out,
            "</strong><p class=\"muted\">",
            entry.date.to_string(),
            " · ",
            name,
            " · ",
            entry.form.label()
        );
        html!(out, "</p>");
        if !entry.notes.is_empty() {
            html!(out, "<p class=\"prewrap\">", entry.notes, "</p>");
        }
        html!(out, "</div>");
        let name = format!("谈话“{}”", entry.topic);
        buttons(&mut out, &id.0, "修改", &name);
        html!(out, "</li>");
    }
    html!(out, "</ul></section>");
    out.done()
}
