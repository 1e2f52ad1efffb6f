//! The training record before it goes out: who, the summary, what leaves field by field, and the
//! whole of it as the reader will have it.

use super::exports::Exports;
use super::reports::Reports;
use crate::domain::record::{Body, ExamLine, Field, NotReady, ReportLine, Selection, TrainingRecord};
use crate::domain::study::{Action, Profile, Refusal, Stage};
use crate::domain::time::{Env, Moment};
use crate::format::annex::{Annex, Proof};
use crate::format::record::{MAX_BYTES, seal, write};
use crate::platform::page;
use crate::ui::components::field::{self, Form, LINE, attribute, option};
use crate::ui::components::record_view::annex_view;
use crate::ui::components::shown::{head, still};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use std::sync::LazyLock;

/// What was ticked, and the moment of the last export. Kept as long as the page lives: every form
/// in which the record leaves must be the very record that the screen showed.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    selection: Selection,
    /// When the record was made, and how many events the study had then; `None` or another number:
    /// not exported as it stands.
    pub(super) made: Option<(Moment, u32)>,
    /// Whether it is signed, where there is a key.
    pub(super) sign: bool,
    /// The record as it was signed last.
    signed: Option<Signed>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            made: None,
            sign: true,
            signed: None,
        }
    }
}

/// A record that was signed.
#[derive(Clone, Debug)]
struct Signed {
    /// The digest of the whole record.
    digest: String,
    /// The `did:key` that it was signed with.
    key: String,
    /// The signed record's text.
    text: String,
    /// What checking it found.
    proofs: Vec<Proof>,
}

/// A record that is ready to leave.
pub(super) struct Ready {
    /// The record.
    pub(super) record: TrainingRecord,
    /// Its file, signed or plain.
    pub(super) file: Vec<u8>,
    /// The proofs on it.
    pub(super) proofs: Vec<Proof>,
}

/// What was chosen on this page.
pub(super) static CHOICE: LazyLock<ArcRwSignal<Choice>> = LazyLock::new(ArcRwSignal::default);

/// The record as it stands; `None` while the course is loading, or while the lessons do not know
/// their questions: figures without them would be false.
pub(super) fn record(desk: Desk) -> Memo<Option<Result<TrainingRecord, NotReady>>> {
    // To sign it or not changes nothing in it.
    let chosen = Memo::new(|_| CHOICE.with(|choice| (choice.selection.clone(), choice.made)));
    Memo::new(move |_| {
        let course = desk.course.get()?;
        let (selection, made) = chosen.get();
        if !course.has_refs() && desk.study.with(|study| !study.state().items.is_empty()) {
            return None;
        }
        Some(desk.study.with(|study| {
            let here = env();
            let now = made
                .filter(|(_, count)| *count == study.count())
                .map_or(here.now, |(at, _)| at);
            Body::of(&course, study.state(), &selection, &Env { now, ..here }).map(seal)
        }))
    })
}

/// Makes the record of this moment, unless it was made already and nothing has changed since: all
/// that is exported of it then is one and the same record.
pub(super) fn make(desk: Desk) {
    let count = desk.study.with_untracked(|study| study.count());
    if CHOICE.with_untracked(|choice| choice.made.is_none_or(|(_, then)| then != count)) {
        CHOICE.update(|choice| choice.made = Some((env().now, count)));
    }
}

impl Signed {
    /// Whether it is that record, signed with that key.
    fn is(&self, record: &TrainingRecord, key: &str) -> bool {
        self.digest == record.digest.whole && self.key == key
    }
}

/// The proofs on a record that was signed here with the key in use; none when it was not, or is not
/// to be.
pub(super) fn proofs(office: Office, record: &TrainingRecord) -> Vec<Proof> {
    let Some(own) = office.my_key() else {
        return Vec::new();
    };
    CHOICE.with(|choice| {
        let signed = choice.signed.as_ref().filter(|_| choice.sign);
        let proofs = signed.filter(|signed| signed.is(record, &own.key));
        proofs.map(|signed| signed.proofs.clone()).unwrap_or_default()
    })
}

/// Signs a record when that is wanted and was not done before.
///
/// # Errors
/// Why it was not signed, or that it is too large; in Chinese.
pub(super) async fn ready(office: Office, record: TrainingRecord, sign: bool) -> Result<Ready, String> {
    let plain = write(&record);
    let (file, proofs) = if sign {
        let key = office.my_key_now().unwrap_or_default();
        let known = CHOICE
            .with_untracked(|choice| choice.signed.clone())
            .filter(|signed| signed.is(&record, &key));
        let signed = match known {
            Some(signed) => signed,
            None => {
                let text = office.sign(&record).await?;
                let report = office.verify(text.as_bytes()).await?;
                let signed = Signed {
                    digest: record.digest.whole.clone(),
                    key,
                    proofs: Proof::of(&report, &record),
                    text,
                };
                CHOICE.update(|choice| choice.signed = Some(signed.clone()));
                signed
            }
        };
        (signed.text.into_bytes(), signed.proofs)
    } else {
        (plain.clone(), Vec::new())
    };
    if plain.len().max(file.len()) as u64 > MAX_BYTES {
        return Err("记录太大，对方会打不开：请不要勾选思想汇报正文，再导出一次".into());
    }
    Ok(Ready { record, file, proofs })
}

static PROFILE: Form = Form {
    name: "profile",
    save: "保存基本信息",
    cancel: "",
    fields: &[
        field::Field {
            name: "name",
            label: "姓名",
            needed: true,
            hint: "与身份证上的姓名一致",
            ..LINE
        },
        field::Field {
            name: "branch",
            label: "所在党支部",
            needed: true,
            ..LINE
        },
        field::Field {
            name: "number",
            label: "支部编号（可不填）",
            hint: "党支部自己编的号，例如学号、职工号。不要填身份证号。",
            ..LINE
        },
        field::Field {
            name: "stage",
            label: "发展阶段",
            kind: "select",
            options: stages,
            hint: "这是发展党员工作中的阶段，不是政治面貌。",
            ..LINE
        },
        field::Field {
            name: "applied",
            label: "递交入党申请书日期（可不填）",
            kind: "date",
            ..LINE
        },
        field::Field {
            name: "confirmed",
            label: "确定为入党积极分子日期（可不填）",
            kind: "date",
            ..LINE
        },
    ],
};

static SUMMARY: Form = Form {
    name: "summary",
    save: "保存个人小结",
    cancel: "",
    fields: &[field::Field {
        name: "text",
        label: "个人小结（可不填）",
        kind: "long",
        hint: "自己写的学习收获和打算，最多 4000 字。",
        ..LINE
    }],
};

fn stages(out: &mut Markup) {
    for stage in Stage::ALL {
        option(out, stage.code(), stage.label());
    }
}

fn fill(profile: &Profile) {
    PROFILE.fill("name", &profile.name);
    PROFILE.fill("branch", &profile.branch);
    PROFILE.fill("number", &profile.number);
    PROFILE.fill("stage", profile.stage.code());
    PROFILE.fill_day("applied", profile.applied);
    PROFILE.fill_day("confirmed", profile.confirmed);
}

fn save_profile(desk: Desk) -> Result<(), Refusal> {
    let stage = PROFILE.value("stage");
    let profile = Profile {
        name: PROFILE.value("name"),
        branch: PROFILE.value("branch"),
        number: PROFILE.value("number"),
        stage: Stage::ALL
            .into_iter()
            .find(|known| known.code() == stage)
            .unwrap_or_default(),
        applied: PROFILE.day("applied")?,
        confirmed: PROFILE.day("confirmed")?,
    };
    desk.act(Action::SetProfile(profile))
}

/// What a field would say if it went out, in a few words; `None` when there is nothing in it.
fn preview(field: Field, all: &Body) -> Option<String> {
    let count = |count: usize, unit: &str| (count > 0).then(|| format!("{count} {unit}"));
    let talks = || all.talks.iter().flatten();
    let practice = || all.practice.iter().flatten();
    match field {
        Field::Name => all.person.name.clone(),
        Field::Branch => all.person.branch.clone(),
        Field::Number => all.person.number.clone(),
        Field::Stage => all.person.stage.map(|stage| stage.label().into()),
        Field::Applied => all.person.applied.map(|day| day.to_string()),
        Field::Confirmed => all.person.confirmed.map(|day| day.to_string()),
        Field::Study => all.study.as_ref().map(|study| {
            let total = study.progress.total;
            format!(
                "已读 {}/{} 课，已答 {}/{} 题，最近答对 {} 题，学习 {} 天，以及各模块的数字、日期和题库版本",
                total.lessons_read, total.lessons, total.answered, total.questions, total.correct, study.days
            )
        }),
        Field::Time => all.time.as_ref().filter(|time| time.days > 0).map(|time| {
            format!(
                "共 {} 分钟（自报），分布在 {} 天、{} 个时段，期间作答 {} 次",
                time.minutes, time.days, time.sessions, time.answers
            )
        }),
        Field::Exams => {
            let one =
                |exam: &ExamLine| format!("{}《{}》{}/{}", exam.date, exam.title, exam.won(), exam.points);
            listed(all.exams.as_deref().unwrap_or_default(), "场", one)
        }
        Field::Practice => {
            let sums: Vec<_> = all
                .practice_by_kind()
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
        Field::Reports => {
            let one = |report: &ReportLine| format!("{}《{}》", report.date, report.title);
            listed(all.reports.as_deref().unwrap_or_default(), "篇", one)
        }
        Field::ReportTexts => {
            let texts = || all.reports.iter().flatten().filter_map(|line| line.text.as_ref());
            let characters: usize = texts().map(|text| text.chars().count()).sum();
            count(texts().count(), "篇的正文").map(|count| format!("{count}，共 {characters} 字"))
        }
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

/// How many there are, and the latest of them; `None` when there are none.
fn listed<T>(lines: &[T], unit: &str, one: impl Fn(&T) -> String) -> Option<String> {
    const SHOWN: usize = 3;
    let last = lines.get(lines.len().saturating_sub(SHOWN)..)?;
    let words: Vec<_> = last.iter().rev().map(one).collect();
    let more = if lines.len() > SHOWN { "等" } else { "" };
    (!lines.is_empty()).then(|| format!("{} {unit}：{}{more}", lines.len(), words.join("、")))
}

/// The training record.
#[component]
pub(in crate::ui) fn RecordPage() -> impl IntoView {
    let (desk, office) = (use_desk(), use_office());
    let known = desk.study.with_untracked(|study| study.state().holder.is_some());
    let record = record(desk);
    Effect::new(move |_| {
        desk.study.with_untracked(|study| {
            fill(&study.state().profile);
            SUMMARY.fill("text", &study.state().summary);
        });
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if page::data_of(&event, "data-form").as_deref() == Some(PROFILE.name) {
            PROFILE.say("");
            if PROFILE.settle(save_profile(desk)) {
                PROFILE.say("基本信息已保存。");
            }
            return;
        }
        if page::data_of(&event, "data-form").as_deref() != Some(SUMMARY.name) {
            return;
        }
        let written = desk.act(Action::WriteSummary(SUMMARY.value("text")));
        SUMMARY.say("");
        if SUMMARY.settle(written.map_err(|refusal| Refusal {
            field: "text",
            ..refusal
        })) {
            SUMMARY.say("个人小结已保存。");
        }
    };
    let change = move |event: Event| {
        let Some(name) = page::data_of(&event, "data-field") else {
            return;
        };
        CHOICE.update(|choice| {
            if let Some(field) = Field::of(&name) {
                choice.selection.set(field, event_target_checked(&event));
                choice.made = None;
            }
        });
        // What hangs on it.
        let selection = CHOICE.with_untracked(|choice| choice.selection.clone());
        for field in Field::ALL {
            let Some(parent) = field.parent() else { continue };
            if parent.code() == name {
                let id = format!("export-{}", field.code());
                field::tick(&id, selection.has(field));
                if !field::has(&id, "data-empty") {
                    attribute(&id, "disabled", (!selection.has(parent)).then_some(""));
                }
            }
        }
    };

    let choices = Signal::derive(move || {
        let mut out = Markup::default();
        match desk.course.get() {
            None => {
                html!(
                    out,
                    "<p class=\"empty\">课程还没有加载出来，请检查网络后刷新本页。</p>"
                );
            }
            Some(course) => {
                // Everything there is, ticked or not: what each box would let out.
                let mut selection = Selection::default();
                for field in Field::ALL {
                    selection.set(field, true);
                }
                let here = Env {
                    now: Moment { ms: 0, tz: 0 },
                    chance: 0,
                };
                match desk
                    .study
                    .with(|study| Body::of(&course, study.state(), &selection, &here))
                {
                    Ok(all) => choose(&mut out, &all),
                    Err(why) => {
                        html!(
                            out,
                            "<p class=\"empty\" data-testid=\"not-ready\">",
                            why.message(),
                            "。</p>"
                        );
                    }
                }
            }
        }
        out.done()
    });
    let whole = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(Ok(record)) = record.get() {
            html!(
                out,
                "<section class=\"stack\" aria-labelledby=\"whole-heading\"><h2 id=\"whole-heading\">看的人会看到</h2><div class=\"card\">"
            );
            annex_view(&mut out, &Annex::of(&record, &proofs(office, &record)));
            html!(out, "</div></section>");
        }
        out.done()
    });

    let mut top = Markup::default();
    html!(
        top,
        "<h1>培养记录</h1><p>把自己的学习、实践和谈话情况整理成一份记录，发给培养联系人或党支部，作为培养教育考察档案的参考材料。</p><details class=\"card\""
    );
    if !known {
        html!(top, " open");
    }
    html!(top, "><summary><h2>基本信息</h2></summary>");
    PROFILE.put(&mut top, !known);
    html!(
        top,
        "</details><details class=\"card\"><summary><h2>个人小结</h2></summary>"
    );
    SUMMARY.put(&mut top, false);
    html!(top, "</details>");
    let mut end = Markup::default();
    html!(
        end,
        "<p class=\"muted\">导出前请看清每一项。文件交出去以后，学档收不回来。<a href=\"#/help\">校验值是什么？</a></p>"
    );
    let is_ready = Memo::new(move |_| record.with(|record| matches!(record, Some(Ok(_)))));
    view! {
        <div class="stack" on:submit=submit on:change=change>
            {still(top)}
            <Reports/>
            <Shown of=choices/>
            {move || is_ready.get().then(|| view! { <Exports record/> })}
            <Shown of=whole/>
            {still(end)}
        </div>
    }
}

/// What can go out, field by field. Made again only when the study changes: ticking a box leaves the
/// focus on it.
fn choose(out: &mut Markup, all: &Body) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"fields-heading\"><h2 id=\"fields-heading\">导出哪些内容</h2><p class=\"muted\">打勾的才会写进文件和打印件。没有导出的内容会在记录里列出名称，让看的人知道。</p><div class=\"table-scroll\"><table class=\"choose\">"
    );
    head(out, &["导出", "内容", "会写什么"]);
    let selection = CHOICE.with_untracked(|choice| choice.selection.clone());
    for field in Field::ALL {
        let says = preview(field, all);
        let name = field.code();
        html!(out, "<tr");
        if says.is_none() {
            html!(out, " class=\"muted\"");
        }
        html!(
            out,
            "><td><input type=\"checkbox\" id=\"export-",
            name,
            "\" data-testid=\"export-",
            name
        );
        html!(out, "\" data-field=\"", name, "\"");
        if selection.has(field) {
            html!(out, " checked");
        }
        if says.is_none() {
            html!(out, " data-empty");
        }
        if says.is_none() || field.parent().is_some_and(|parent| !selection.has(parent)) {
            html!(out, " disabled");
        }
        html!(
            out,
            "></td><th scope=\"row\"><label for=\"export-",
            name,
            "\">",
            field.label(),
            "</label></th><td>"
        );
        html!(out, says.unwrap_or_else(|| "没有填写".into()), "</td></tr>");
    }
    html!(out, "</tbody></table></div></section>");
}
