//! The training record before it goes out: who, the summary, what leaves field by field, and the
//! whole of it as the reader will have it.

use crate::domain::record::{Body, Field, NotReady, Selection, TrainingRecord};
use crate::domain::study::{Action, Profile, Refusal, Stage};
use crate::domain::time::{Env, Moment};
use crate::format::record::{file_name, seal, write};
use crate::platform::{files, page};
use crate::ui::components::field::{Form, SelectField, TextArea, TextField, day, day_text};
use crate::ui::components::record_view::{PROVES, RecordView, practice_sums};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::route::Route;
use leptos::prelude::*;
use std::sync::LazyLock;

/// What was ticked, and the moment of the last export. Kept as long as the page lives: the sheet
/// of paper must be the very record that the screen showed and the file holds.
#[derive(Clone, Debug, Default)]
struct Choice {
    selection: Selection,
    /// When the record was made, and how many events the study had then; `None` or another number:
    /// not exported as it stands.
    made: Option<(Moment, u32)>,
}

static CHOICE: LazyLock<ArcRwSignal<Choice>> = LazyLock::new(ArcRwSignal::default);

/// The record as it stands; `None` while the course is loading.
pub(super) fn record(desk: Desk) -> Memo<Option<Result<TrainingRecord, NotReady>>> {
    Memo::new(move |_| {
        let course = desk.course.get()?;
        let choice = CHOICE.get();
        Some(desk.study.with(|study| {
            let here = env();
            let now = choice
                .made
                .filter(|(_, count)| *count == study.count())
                .map_or(here.now, |(at, _)| at);
            Body::of(&course, study.state(), &choice.selection, &Env { now, ..here }).map(seal)
        }))
    })
}

/// Makes the record of this moment, unless it was made already and nothing has changed since.
pub(super) fn make(desk: Desk) {
    let count = desk.study.with_untracked(|study| study.count());
    if CHOICE.with_untracked(|choice| choice.made.is_none_or(|(_, then)| then != count)) {
        make_afresh(desk);
    }
}

fn make_afresh(desk: Desk) {
    let count = desk.study.with_untracked(|study| study.count());
    CHOICE.update(|choice| choice.made = Some((env().now, count)));
}

#[derive(Clone, Copy)]
struct ProfileFields {
    name: RwSignal<String>,
    branch: RwSignal<String>,
    number: RwSignal<String>,
    stage: RwSignal<String>,
    applied: RwSignal<String>,
    confirmed: RwSignal<String>,
}

impl ProfileFields {
    fn of(profile: &Profile) -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Self {
            name: text(&profile.name),
            branch: text(&profile.branch),
            number: text(&profile.number),
            stage: text(profile.stage.code()),
            applied: RwSignal::new(day_text(profile.applied)),
            confirmed: RwSignal::new(day_text(profile.confirmed)),
        }
    }

    fn save(self, desk: Desk) -> Result<(), Refusal> {
        let stage = self.stage.get_untracked();
        let profile = Profile {
            name: self.name.get_untracked(),
            branch: self.branch.get_untracked(),
            number: self.number.get_untracked(),
            stage: Stage::ALL
                .into_iter()
                .find(|known| known.code() == stage)
                .unwrap_or_default(),
            applied: day("applied", &self.applied.get_untracked())?,
            confirmed: day("confirmed", &self.confirmed.get_untracked())?,
        };
        desk.act(Action::SetProfile(profile))
    }
}

/// What a field would say if it went out, in a few words; `None` when there is nothing in it.
fn preview(field: Field, all: &Body) -> Option<String> {
    let count = |count: usize, unit: &str| (count > 0).then(|| format!("{count} {unit}"));
    let talks = || all.talks.iter().flatten();
    let practice = || all.practice.iter().flatten();
    match field {
        Field::Number => all.person.number.clone(),
        Field::Applied => all.person.applied.map(|day| day.to_string()),
        Field::Confirmed => all.person.confirmed.map(|day| day.to_string()),
        Field::Study => all.study.as_ref().map(|study| {
            let total = study.progress.total;
            format!(
                "已读 {}/{} 课，已答 {}/{} 题，最近答对 {} 题，学习 {} 天，以及各模块的数字",
                total.lessons_read, total.lessons, total.answered, total.questions, total.correct, study.days
            )
        }),
        Field::Practice => {
            let sums: Vec<_> = practice_sums(all)
                .into_iter()
                .map(|(kind, count, _)| format!("{} {count} 次", kind.label()))
                .collect();
            (!sums.is_empty())
                .then(|| format!("{}，共 {} 分钟（自报）", sums.join("、"), all.practice_minutes()))
        }
        Field::PracticeNotes => count(practice().filter(|line| line.notes.is_some()).count(), "条备注"),
        Field::Mentors => {
            let names: Vec<_> = all
                .mentors
                .iter()
                .flatten()
                .map(|line| line.name.as_str())
                .collect();
            (!names.is_empty()).then(|| names.join("、"))
        }
        Field::Talks => count(talks().count(), "次谈话的日期、形式和主题"),
        Field::TalkNotes => count(
            talks().filter(|line| line.notes.is_some()).count(),
            "次谈话的记录内容",
        ),
        Field::Summary => all.summary.as_ref().map(|text| {
            let start: String = text.chars().take(40).collect();
            if start.len() < text.len() {
                format!("{start}……")
            } else {
                start
            }
        }),
    }
}

/// The training record.
#[component]
pub(in crate::ui) fn RecordPage() -> impl IntoView {
    let desk = use_desk();
    let (profile, summary) = desk.study.with_untracked(|study| {
        let state = study.state();
        (
            ProfileFields::of(&state.profile),
            RwSignal::new(state.summary.clone()),
        )
    });
    let known = desk.study.with_untracked(|study| study.state().holder.is_some());
    let profile_form = Form::new("profile");
    let summary_form = Form::new("summary");
    let said = RwSignal::new("");
    let said_summary = RwSignal::new("");
    let exported = RwSignal::new(None::<Result<String, String>>);
    let record = record(desk);
    // Everything there is, ticked or not: what each box would let out.
    let all = Memo::new(move |_| {
        let course = desk.course.get()?;
        let mut selection = Selection::default();
        Field::ALL
            .into_iter()
            .for_each(|field| selection.set(field, true));
        desk.study.with(|study| {
            Body::of(
                &course,
                study.state(),
                &selection,
                &Env {
                    now: Moment { ms: 0, tz: 0 },
                    chance: 0,
                },
            )
            .ok()
        })
    });

    let save_profile = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if profile_form.settle(profile.save(desk)) {
            said.set("基本信息已保存。");
        }
    };
    let save_summary = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let written = desk.act(Action::WriteSummary(summary.get_untracked()));
        let written = written.map_err(|refusal| Refusal {
            field: "text",
            ..refusal
        });
        if summary_form.settle(written) {
            said_summary.set("个人小结已保存。");
        }
    };
    let export = move |_| {
        make_afresh(desk);
        let Some(Ok(record)) = record.get_untracked() else {
            return;
        };
        let name = file_name(&record);
        exported.set(Some(
            match files::save(&name, "application/json", &write(&record)) {
                Ok(()) => Ok(format!(
                    "已交给浏览器下载：{name}。请在“下载”里找到这个文件，发给培养联系人或党支部。"
                )),
                Err(error) => Err(error.to_string()),
            },
        ));
    };
    let print = move |_| {
        make(desk);
        page::set_hash("/record/print");
    };

    let fields = move || {
        let Some(all) = all.get() else {
            return ().into_any();
        };
        let rows = Field::ALL
            .into_iter()
            .map(|field| {
                let says = preview(field, &all);
                let empty = says.is_none();
                let blocked = move || {
                    field
                        .parent()
                        .is_some_and(|parent| !CHOICE.with(|choice| choice.selection.has(parent)))
                };
                let id = format!("export-{}", serde_name(field));
                view! {
                    <tr class:muted=empty>
                        <td>
                            <input
                                type="checkbox" id=id.clone() data-testid=id.clone()
                                prop:checked=move || CHOICE.with(|choice| choice.selection.has(field))
                                disabled=move || empty || blocked()
                                on:change=move |event| CHOICE.update(|choice| {
                                    choice.selection.set(field, event_target_checked(&event));
                                    choice.made = None;
                                })
                            />
                        </td>
                        <th scope="row"><label for=id>{field.label()}</label></th>
                        <td>{says.unwrap_or_else(|| "没有填写".into())}</td>
                    </tr>
                }
            })
            .collect_view();
        let fixed = format!(
            "{}；{}；{}",
            all.person.name,
            all.person.branch,
            all.person.stage.label()
        );
        view! {
            <div class="table-scroll">
                <table class="choose">
                    <thead><tr><th scope="col">"导出"</th><th scope="col">"内容"</th><th scope="col">"会写什么"</th></tr></thead>
                    <tbody>
                        <tr>
                            <td><input type="checkbox" checked=true disabled=true aria-label="姓名、所在党支部、发展阶段，总要导出"/></td>
                            <th scope="row">"姓名、所在党支部、发展阶段"</th>
                            <td>{fixed}</td>
                        </tr>
                        {rows}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };

    let whole = move || {
        match record.get() {
        None => view! { <p class="empty">"课程还没有加载出来，请检查网络后刷新本页。"</p> }.into_any(),
        Some(Err(why)) => view! { <p class="empty" data-testid="not-ready">{why.message()}"。"</p> }.into_any(),
        Some(Ok(record)) => view! {
            <section class="stack" aria-labelledby="fields-heading">
                <h2 id="fields-heading">"导出哪些内容"</h2>
                <p class="muted">"打勾的才会写进文件和打印件。没有导出的内容会在记录里列出名称，让看的人知道。"</p>
                {fields}
            </section>
            <section class="stack" aria-labelledby="out-heading">
                <h2 id="out-heading">"导出"</h2>
                {page::is_wechat().then(|| view! {
                    <p class="notice">"微信里不能下载文件。请点右上角“…”，选“在浏览器打开”，再导出。"</p>
                })}
                <p>{PROVES}</p>
                <div class="row">
                    <button type="button" class="button button-primary" data-testid="export-record" on:click=export>"下载培养记录"</button>
                    <button type="button" class="button" data-testid="print-record" on:click=print>"打印"</button>
                </div>
                <div role="status">
                    {move || exported.get().map(|outcome| match outcome {
                        Ok(text) => view! { <p class="notice notice-ok">{text}</p> },
                        Err(text) => view! { <p class="notice notice-danger">{text}</p> },
                    })}
                </div>
            </section>
            <section class="stack" aria-labelledby="whole-heading">
                <h2 id="whole-heading">"看的人会看到"</h2>
                <div class="card"><RecordView record/></div>
            </section>
        }
        .into_any(),
    }
    };

    let stages = Signal::derive(|| {
        Stage::ALL
            .map(|stage| (stage.code().to_owned(), stage.label().to_owned()))
            .to_vec()
    });
    view! {
        <div class="stack">
            <h1>"培养记录"</h1>
            <p>"把自己的学习、实践和谈话情况整理成一份记录，发给培养联系人或党支部，作为培养教育考察档案的参考材料。"</p>
            <details class="card" open=!known>
                <summary><h2>"基本信息"</h2></summary>
                <form class="stack" on:submit=save_profile novalidate>
                    <TextField form=profile_form field="name" label="姓名" value=profile.name needed=true hint="与身份证上的姓名一致"/>
                    <TextField form=profile_form field="branch" label="所在党支部" value=profile.branch needed=true/>
                    <TextField form=profile_form field="number" label="支部编号（可不填）" value=profile.number hint="党支部自己编的号，例如学号、职工号。不要填身份证号。"/>
                    <SelectField form=profile_form field="stage" label="发展阶段" value=profile.stage options=stages hint="这是发展党员工作中的阶段，不是政治面貌。"/>
                    <TextField form=profile_form field="applied" label="递交入党申请书日期（可不填）" value=profile.applied kind="date"/>
                    <TextField form=profile_form field="confirmed" label="确定为入党积极分子日期（可不填）" value=profile.confirmed kind="date"/>
                    <div class="row">
                        <button type="submit" class="button" class:button-primary=!known data-testid="save-profile">"保存基本信息"</button>
                        <span class="muted" role="status">{move || said.get()}</span>
                    </div>
                </form>
            </details>
            <details class="card">
                <summary><h2>"个人小结"</h2></summary>
                <form class="stack" on:submit=save_summary novalidate>
                    <TextArea form=summary_form field="text" label="个人小结（可不填）" value=summary rows=8 hint="自己写的学习收获和打算，最多 4000 字。"/>
                    <div class="row">
                        <button type="submit" class="button" data-testid="save-summary">"保存个人小结"</button>
                        <span class="muted" role="status">{move || said_summary.get()}</span>
                    </div>
                </form>
            </details>
            {whole}
            <p class="muted">"导出前请看清每一项。文件交出去以后，学档收不回来。"<a href=Route::Help.to_string()>"校验值是什么？"</a></p>
        </div>
    }
}

/// A field's name in files.
fn serde_name(field: Field) -> &'static str {
    match field {
        Field::Number => "number",
        Field::Applied => "applied",
        Field::Confirmed => "confirmed",
        Field::Study => "study",
        Field::Practice => "practice",
        Field::PracticeNotes => "practice-notes",
        Field::Mentors => "mentors",
        Field::Talks => "talks",
        Field::TalkNotes => "talk-notes",
        Field::Summary => "summary",
    }
}
