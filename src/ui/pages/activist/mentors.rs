//! Mentors and the talks with them (细则 Art. 9: one or two full members).

use crate::domain::study::{Action, EventId, MentorEntry, TalkEntry, TalkForm};
use crate::platform::page;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{Form, SelectField, TextArea, TextField, day, day_text, needed_day};
use crate::ui::desk::{Desk, env, use_desk};
use leptos::prelude::*;

/// The fields of the mentor's form.
#[derive(Clone, Copy)]
struct MentorFields {
    /// Which mentor is being changed; `None` for a new one.
    id: RwSignal<Option<EventId>>,
    name: RwSignal<String>,
    since: RwSignal<String>,
    until: RwSignal<String>,
}

impl MentorFields {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            id: RwSignal::new(None),
            name: text(),
            since: text(),
            until: text(),
        }
    }

    fn fill(self, id: Option<EventId>, entry: Option<&MentorEntry>) {
        self.id.set(id);
        self.name
            .set(entry.map(|entry| entry.name.clone()).unwrap_or_default());
        self.since.set(day_text(entry.and_then(|entry| entry.since)));
        self.until.set(day_text(entry.and_then(|entry| entry.until)));
    }

    fn save(self, desk: Desk) -> Result<(), crate::domain::study::Refusal> {
        let entry = MentorEntry {
            name: self.name.get_untracked(),
            since: day("since", &self.since.get_untracked())?,
            until: day("until", &self.until.get_untracked())?,
        };
        desk.act(Action::SetMentor(self.id.get_untracked(), entry))
    }
}

/// The fields of the talk's form.
#[derive(Clone, Copy)]
struct TalkFields {
    /// Which talk is being changed; `None` for a new one.
    id: RwSignal<Option<EventId>>,
    mentor: RwSignal<String>,
    date: RwSignal<String>,
    form: RwSignal<String>,
    topic: RwSignal<String>,
    notes: RwSignal<String>,
}

impl TalkFields {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let fields = Self {
            id: RwSignal::new(None),
            mentor: text(),
            date: text(),
            form: text(),
            topic: text(),
            notes: text(),
        };
        fields.fill(None, None);
        fields
    }

    fn fill(self, id: Option<EventId>, entry: Option<&TalkEntry>) {
        self.id.set(id);
        self.mentor
            .set(entry.map(|entry| entry.mentor.0.clone()).unwrap_or_default());
        self.date.set(
            entry
                .map_or_else(|| env().now.date(), |entry| entry.date)
                .to_string(),
        );
        self.form
            .set(entry.map(|entry| entry.form).unwrap_or_default().code().into());
        self.topic
            .set(entry.map(|entry| entry.topic.clone()).unwrap_or_default());
        self.notes
            .set(entry.map(|entry| entry.notes.clone()).unwrap_or_default());
    }

    fn save(self, desk: Desk) -> Result<(), crate::domain::study::Refusal> {
        let form = self.form.get_untracked();
        let entry = TalkEntry {
            mentor: EventId(self.mentor.get_untracked()),
            date: needed_day("date", &self.date.get_untracked())?,
            form: TalkForm::ALL
                .into_iter()
                .find(|known| known.code() == form)
                .unwrap_or_default(),
            topic: self.topic.get_untracked(),
            notes: self.notes.get_untracked(),
        };
        desk.act(Action::SetTalk(self.id.get_untracked(), entry))
    }
}

/// Mentors and talks.
#[component]
pub(in crate::ui) fn MentorsPage() -> impl IntoView {
    let desk = use_desk();
    let mentor = MentorFields::new();
    let mentor_form = Form::new("mentor");
    // Open at once where there is no mentor yet: that is what comes first.
    let mentor_open = RwSignal::new(
        desk.study
            .with_untracked(|study| study.state().mentors.is_empty()),
    );
    let talk = TalkFields::new();
    let talk_form = Form::new("talk");
    let said = RwSignal::new("");
    let refused = RwSignal::new(None::<String>);
    let removing = RwSignal::new(None::<EventId>);
    let asking = RwSignal::new(false);

    let names = Signal::derive(move || {
        desk.study.with(|study| {
            let mentors = study.state().mentors.iter();
            mentors
                .map(|(id, mentor)| (id.0.clone(), mentor.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    // With one mentor, or none chosen yet, the first who serves is meant.
    Effect::new(move |_| {
        let known = names.with(|names| {
            names
                .iter()
                .any(|(id, _)| talk.mentor.with(|chosen| chosen == id))
        });
        if !known {
            let first = desk.study.with(|study| {
                let state = study.state();
                state
                    .serving_mentors()
                    .next()
                    .or_else(|| state.mentors.iter().next())
                    .map(|(id, _)| id.0.clone())
            });
            if let Some(first) = first {
                talk.mentor.set(first);
            }
        }
    });

    let save_mentor = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if mentor_form.settle(mentor.save(desk)) {
            mentor.fill(None, None);
            mentor_open.set(false);
            said.set("培养联系人已记下。");
        }
    };
    let save_talk = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if talk_form.settle(talk.save(desk)) {
            let with = talk.mentor.get_untracked();
            talk.fill(None, None);
            talk.mentor.set(with);
            said.set("谈话已记下。");
        }
    };
    let remove = move |()| {
        if let Some(id) = removing.get_untracked() {
            let outcome = desk.act(Action::Remove(id));
            said.set(if outcome.is_ok() { "已删除。" } else { "" });
            refused.set(outcome.err().map(|refusal| refusal.message));
        }
    };
    let ask = move |id: EventId| {
        refused.set(None);
        removing.set(Some(id));
        asking.set(true);
    };
    let asked = move || {
        let named = removing.get().and_then(|id| {
            desk.study.with(|study| {
                let state = study.state();
                let mentor = state
                    .mentors
                    .get(&id)
                    .map(|mentor| format!("培养联系人“{}”将从列表中删除。", mentor.name));
                mentor.or_else(|| {
                    state
                        .talks
                        .get(&id)
                        .map(|talk| format!("{} 的谈话“{}”将从列表中删除。", talk.date, talk.topic))
                })
            })
        });
        named.unwrap_or_default() + "删除后不能撤销。"
    };

    let mentors = move || {
        let all: Vec<_> = desk.study.with(|study| {
            let mut all: Vec<_> = study
                .state()
                .mentors
                .iter()
                .map(|(id, entry)| (id.clone(), entry.clone()))
                .collect();
            all.sort_by_key(|(_, entry)| (entry.until.is_some(), std::cmp::Reverse(entry.since)));
            all
        });
        if all.is_empty() {
            return view! { <p class="empty">"还没有填写培养联系人。党支部指定一至两名正式党员作培养联系人（细则第九条）。"</p> }.into_any();
        }
        let items = all
            .into_iter()
            .map(|(id, entry)| {
                let (key, edit_id, edit_entry, remove_id) = (id.0.clone(), id.clone(), entry.clone(), id);
                let span = match (entry.since, entry.until) {
                    (None, None) => "现任".to_owned(),
                    (Some(since), None) => format!("现任，{since} 起"),
                    (None, Some(until)) => format!("已结束，{until} 止"),
                    (Some(since), Some(until)) => format!("已结束，{since} 至 {until}"),
                };
                let name = entry.name.clone();
                view! {
                    <li class="item" data-mentor=key>
                        <div><strong>{entry.name}</strong><p class="muted">{span}</p></div>
                        <div class="row">
                            <button type="button" class="button button-plain" aria-label=format!("修改{name}") on:click=move |_| {
                                mentor.fill(Some(edit_id.clone()), Some(&edit_entry));
                                mentor_open.set(true);
                                after_paint("mentor-name");
                            }>"修改或结束"</button>
                            <button type="button" class="button button-plain" aria-label=format!("删除{name}") on:click=move |_| ask(remove_id.clone())>"删除"</button>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="items">{items}</ul> }.into_any()
    };

    let talks = move || {
        let all: Vec<_> = desk.study.with(|study| {
            let state = study.state();
            let name = |id: &EventId| {
                state
                    .mentors
                    .get(id)
                    .map_or_else(String::new, |mentor| mentor.name.clone())
            };
            let mut all: Vec<_> = state
                .talks
                .iter()
                .map(|(id, entry)| (id.clone(), entry.clone(), name(&entry.mentor)))
                .collect();
            all.sort_by(|a, b| (b.1.date, &b.0).cmp(&(a.1.date, &a.0)));
            all
        });
        if all.is_empty() {
            return view! { <p class="empty">"还没有谈话记录。"</p> }.into_any();
        }
        let items = all
            .into_iter()
            .map(|(id, entry, name)| {
                let (key, edit_id, edit_entry, remove_id) = (id.0.clone(), id.clone(), entry.clone(), id);
                let line = format!("{} · {name} · {}", entry.date, entry.form.label());
                let topic = entry.topic.clone();
                view! {
                    <li class="item" data-talk=key>
                        <div>
                            <strong>{entry.topic}</strong>
                            <p class="muted">{line}</p>
                            {(!entry.notes.is_empty()).then(|| view! { <p class="prewrap">{entry.notes}</p> })}
                        </div>
                        <div class="row">
                            <button type="button" class="button button-plain" aria-label=format!("修改谈话“{topic}”") on:click=move |_| {
                                talk.fill(Some(edit_id.clone()), Some(&edit_entry));
                                after_paint("talk-topic");
                            }>"修改"</button>
                            <button type="button" class="button button-plain" aria-label=format!("删除谈话“{topic}”") on:click=move |_| ask(remove_id.clone())>"删除"</button>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="items">{items}</ul> }.into_any()
    };

    let forms = Signal::derive(|| {
        TalkForm::ALL
            .map(|form| (form.code().to_owned(), form.label().to_owned()))
            .to_vec()
    });
    let has_mentor = move || names.with(|names| !names.is_empty());
    let editing_talk = move || talk.id.with(Option::is_some);
    view! {
        <div class="stack">
            <h1>"培养联系人与谈话"</h1>
            <p class="muted" role="status">{move || said.get()}</p>
            {move || refused.get().map(|text| view! { <p class="notice notice-danger" role="alert" data-testid="refused">{text}</p> })}
            <section class="card stack" aria-labelledby="mentors-heading">
                <h2 id="mentors-heading">"培养联系人"</h2>
                {mentors}
                {move || (!mentor_open.get()).then(|| view! {
                    <button type="button" class="button" data-testid="add-mentor" on:click=move |_| {
                        mentor.fill(None, None);
                        mentor_open.set(true);
                        after_paint("mentor-name");
                    }>"添加培养联系人"</button>
                })}
                <form class="stack" hidden=move || !mentor_open.get() on:submit=save_mentor novalidate>
                    <TextField form=mentor_form field="name" label="培养联系人姓名" value=mentor.name needed=true/>
                    <TextField form=mentor_form field="since" label="开始日期（可不填）" value=mentor.since kind="date"/>
                    <TextField form=mentor_form field="until" label="结束日期（仍在担任的不填）" value=mentor.until kind="date"/>
                    <div class="row">
                        <button type="submit" class="button" class:button-primary=move || !has_mentor() data-testid="save-mentor">"保存培养联系人"</button>
                        <button type="button" class="button button-plain" on:click=move |_| {
                            mentor_form.settle(Ok(()));
                            mentor.fill(None, None);
                            mentor_open.set(false);
                        }>"取消"</button>
                    </div>
                </form>
            </section>
            <section class="card stack" hidden=move || !has_mentor() aria-labelledby="talk-heading">
                <h2 id="talk-heading">{move || if editing_talk() { "修改谈话" } else { "记一次谈话" }}</h2>
                <form class="stack" on:submit=save_talk novalidate>
                    <SelectField form=talk_form field="mentor" label="与谁谈话" value=talk.mentor options=names/>
                    <TextField form=talk_form field="date" label="日期" value=talk.date kind="date" needed=true/>
                    <SelectField form=talk_form field="form" label="形式" value=talk.form options=forms/>
                    <TextField form=talk_form field="topic" label="谈话主题" value=talk.topic needed=true/>
                    <TextArea form=talk_form field="notes" label="谈话记录（可不填）" value=talk.notes hint="默认不导出，只留在本机；导出培养记录时可以另外勾选。"/>
                    <div class="row">
                        <button type="submit" class="button button-primary" data-testid="save-talk">
                            {move || if editing_talk() { "保存修改" } else { "保存谈话" }}
                        </button>
                        {move || editing_talk().then(|| view! {
                            <button type="button" class="button button-plain" on:click=move |_| {
                                talk_form.settle(Ok(()));
                                talk.fill(None, None);
                            }>"取消修改"</button>
                        })}
                    </div>
                </form>
            </section>
            <section class="stack" aria-labelledby="talks-heading">
                <h2 id="talks-heading">"谈话记录"</h2>
                {talks}
            </section>
            <Confirm open=asking title="确定删除吗？" text=Signal::derive(asked) action="删除" done=remove testid="confirm-remove"/>
        </div>
    }
}

/// Moves the focus once what was just shown is there.
fn after_paint(id: &'static str) {
    request_animation_frame(move || {
        page::focus(id);
    });
}
