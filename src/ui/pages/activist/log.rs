//! The practice log, in the policy's five kinds.

use crate::domain::study::{Action, EventId, PracticeEntry, PracticeKind, Refusal};
use crate::platform::page;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{Form, SelectField, TextArea, TextField, needed_day};
use crate::ui::desk::{Desk, env, use_desk};
use leptos::prelude::*;

/// The fields of the form.
#[derive(Clone, Copy)]
struct Fields {
    /// Which entry is being changed; `None` for a new one.
    id: RwSignal<Option<EventId>>,
    kind: RwSignal<String>,
    title: RwSignal<String>,
    date: RwSignal<String>,
    minutes: RwSignal<String>,
    place: RwSignal<String>,
    notes: RwSignal<String>,
}

impl Fields {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let fields = Self {
            id: RwSignal::new(None),
            kind: RwSignal::new(PracticeKind::default().code().into()),
            title: text(),
            date: text(),
            minutes: text(),
            place: text(),
            notes: text(),
        };
        fields.clear();
        fields
    }

    /// Ready for the next entry; the kind stays, for those who enter several.
    fn clear(self) {
        self.id.set(None);
        self.date.set(env().now.date().to_string());
        for text in [self.title, self.minutes, self.place, self.notes] {
            text.set(String::new());
        }
    }

    fn fill(self, id: EventId, entry: &PracticeEntry) {
        self.id.set(Some(id));
        self.kind.set(entry.kind.code().into());
        self.date.set(entry.date.to_string());
        self.title.set(entry.title.clone());
        self.minutes.set(if entry.minutes == 0 {
            String::new()
        } else {
            entry.minutes.to_string()
        });
        self.place.set(entry.place.clone());
        self.notes.set(entry.notes.clone());
    }

    fn save(self, desk: Desk) -> Result<(), Refusal> {
        let kind = self.kind.get_untracked();
        let entry = PracticeEntry {
            kind: PracticeKind::ALL
                .into_iter()
                .find(|known| known.code() == kind)
                .unwrap_or_default(),
            date: needed_day("date", &self.date.get_untracked())?,
            title: self.title.get_untracked(),
            minutes: minutes(&self.minutes.get_untracked())?,
            place: self.place.get_untracked(),
            notes: self.notes.get_untracked(),
        };
        desk.act(Action::SetPractice(self.id.get_untracked(), entry))
    }
}

/// Whole minutes; nothing written is none counted.
fn minutes(text: &str) -> Result<u32, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| Refusal {
        field: "minutes",
        message: "时长请填整数分钟，例如 90；不计时长的可不填".into(),
    })
}

/// The practice log.
#[component]
pub(in crate::ui) fn LogPage() -> impl IntoView {
    let desk = use_desk();
    let fields = Fields::new();
    let form = Form::new("log");
    let said = RwSignal::new("");
    let refused = RwSignal::new(None::<String>);
    let removing = RwSignal::new(None::<EventId>);
    let asking = RwSignal::new(false);

    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if form.settle(fields.save(desk)) {
            fields.clear();
            said.set("已记下。");
        }
    };
    let remove = move |()| {
        if let Some(id) = removing.get_untracked() {
            let outcome = desk.act(Action::Remove(id));
            said.set(if outcome.is_ok() { "已删除。" } else { "" });
            refused.set(outcome.err().map(|refusal| refusal.message));
        }
    };
    let asked = move || {
        let named = removing.get().and_then(|id| {
            desk.study.with(|study| {
                study
                    .state()
                    .practice
                    .get(&id)
                    .map(|entry| format!("{} 的“{}”将从列表中删除。", entry.date, entry.title))
            })
        });
        named.unwrap_or_default() + "删除后不能撤销。"
    };

    let sums = move || {
        let sums = desk.study.with(|study| {
            PracticeKind::ALL.map(|kind| {
                let entries = || study.state().practice.values().filter(|entry| entry.kind == kind);
                (
                    kind,
                    entries().count(),
                    entries().map(|entry| u64::from(entry.minutes)).sum::<u64>(),
                )
            })
        });
        let (count, total) = sums
            .iter()
            .fold((0, 0), |(count, total), sum| (count + sum.1, total + sum.2));
        let rows = sums
            .into_iter()
            .map(|(kind, count, minutes)| view! {
                <tr data-kind=kind.code()><th scope="row">{kind.label()}</th><td>{count}</td><td>{minutes}</td></tr>
            })
            .collect_view();
        view! {
            <div class="table-scroll">
                <table>
                    <thead><tr><th scope="col">"类别"</th><th scope="col">"次数"</th><th scope="col">"时长（分钟，自报）"</th></tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot><tr data-kind="total"><th scope="row">"合计"</th><td>{count}</td><td>{total}</td></tr></tfoot>
                </table>
            </div>
        }
    };

    let entries = move || {
        let all: Vec<_> = desk.study.with(|study| {
            let mut all: Vec<_> = study
                .state()
                .practice
                .iter()
                .map(|(id, entry)| (id.clone(), entry.clone()))
                .collect();
            all.sort_by(|a, b| (b.1.date, &b.0).cmp(&(a.1.date, &a.0)));
            all
        });
        if all.is_empty() {
            return view! { <p class="empty">"还没有培养实践记录。"</p> }.into_any();
        }
        let items = all
            .into_iter()
            .map(|(id, entry)| {
                let (key, edit_id, edit_entry, remove_id) = (id.0.clone(), id.clone(), entry.clone(), id);
                let mut line = format!("{} · {}", entry.date, entry.kind.label());
                if entry.minutes > 0 {
                    line += &format!(" · {} 分钟（自报）", entry.minutes);
                }
                if !entry.place.is_empty() {
                    line += &format!(" · {}", entry.place);
                }
                let title = entry.title.clone();
                view! {
                    <li class="item" data-practice=key>
                        <div>
                            <strong>{entry.title}</strong>
                            <p class="muted">{line}</p>
                            {(!entry.notes.is_empty()).then(|| view! { <p class="prewrap">{entry.notes}</p> })}
                        </div>
                        <div class="row">
                            <button type="button" class="button button-plain" aria-label=format!("修改“{title}”") on:click=move |_| {
                                fields.fill(edit_id.clone(), &edit_entry);
                                page::focus("log-title");
                            }>"修改"</button>
                            <button type="button" class="button button-plain" aria-label=format!("删除“{title}”") on:click=move |_| {
                                refused.set(None);
                                removing.set(Some(remove_id.clone()));
                                asking.set(true);
                            }>"删除"</button>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="items">{items}</ul> }.into_any()
    };

    let kinds = Signal::derive(|| {
        PracticeKind::ALL
            .map(|kind| (kind.code().to_owned(), kind.label().to_owned()))
            .to_vec()
    });
    let editing = move || fields.id.with(Option::is_some);
    view! {
        <div class="stack">
            <h1>"培养实践"</h1>
            <p class="notice">"自报时长不计入短期集中培训学时（细则第十七条）。"</p>
            <section class="card stack" aria-labelledby="log-heading">
                <h2 id="log-heading">{move || if editing() { "修改记录" } else { "记一次实践" }}</h2>
                <form class="stack" on:submit=save novalidate>
                    <SelectField form field="kind" label="类别" value=fields.kind options=kinds/>
                    <TextField form field="title" label="内容" value=fields.title needed=true hint="做了什么，例如：社区志愿服务"/>
                    <TextField form field="date" label="日期" value=fields.date kind="date" needed=true/>
                    <TextField form field="minutes" label="时长（分钟，自报）" value=fields.minutes kind="number" hint="不计时长的可不填"/>
                    <TextField form field="place" label="组织单位或地点（可不填）" value=fields.place/>
                    <TextArea form field="notes" label="备注（可不填）" value=fields.notes hint="默认不导出，只留在本机；导出培养记录时可以另外勾选。"/>
                    <div class="row">
                        <button type="submit" class="button button-primary" data-testid="save-log">
                            {move || if editing() { "保存修改" } else { "保存" }}
                        </button>
                        {move || editing().then(|| view! {
                            <button type="button" class="button button-plain" on:click=move |_| {
                                form.settle(Ok(()));
                                fields.clear();
                            }>"取消修改"</button>
                        })}
                        <span class="muted" role="status">{move || said.get()}</span>
                    </div>
                </form>
            </section>
            <section class="stack" aria-labelledby="sums-heading">
                <h2 id="sums-heading">"合计"</h2>
                {sums}
            </section>
            <section class="stack" aria-labelledby="entries-heading">
                <h2 id="entries-heading">"记录"</h2>
                {move || refused.get().map(|text| view! { <p class="notice notice-danger" role="alert" data-testid="refused">{text}</p> })}
                {entries}
            </section>
            <Confirm open=asking title="确定删除吗？" text=Signal::derive(asked) action="删除" done=remove testid="confirm-remove"/>
        </div>
    }
}
