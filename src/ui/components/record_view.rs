//! A training record on screen: the same for the person, the mentor and the branch.

use crate::domain::record::{Body, Field, TrainingRecord};
use crate::domain::study::PracticeKind;
use crate::domain::study::progress::{Figures, ModuleProgress};
use crate::domain::time::Date;
use crate::format::record::short_digest;
use leptos::prelude::*;

/// What the reader sees of a part that was not exported.
pub(in crate::ui) const LEFT_OUT: &str = "本人未导出";

/// What a record proves and what it does not. On screen, on paper and in the help.
pub(in crate::ui) const PROVES: &str =
    "校验值只能发现改动，不能证明是谁填写；学习时间和实践时长为自报；这不是官方文件。";

/// A day, or a dash.
pub(in crate::ui) fn day_or_dash(day: Option<Date>) -> String {
    day.map_or_else(|| "—".into(), |day| day.to_string())
}

/// Whole per cent without the sign, or a dash when nothing was answered.
pub(in crate::ui) fn accuracy(figures: &Figures) -> String {
    figures
        .accuracy()
        .map_or_else(|| "—".into(), |share| share.to_string())
}

/// When a record was made, to the minute, in the time of the device that made it.
pub(in crate::ui) fn made_at(body: &Body) -> String {
    let text = body.made_at.rfc3339();
    format!("{} {}", &text[..10], text.get(11..16).unwrap_or_default())
}

/// The lines about the person: label and text.
pub(in crate::ui) fn person_lines(body: &Body) -> Vec<(&'static str, String)> {
    let person = &body.person;
    let or_why = |text: Option<String>, field: Field| {
        text.unwrap_or_else(|| {
            if body.left_out.contains(&field) {
                LEFT_OUT.into()
            } else {
                "无".into()
            }
        })
    };
    vec![
        ("姓名", person.name.clone()),
        ("所在党支部", person.branch.clone()),
        ("发展阶段", person.stage.label().into()),
        (
            Field::Number.label(),
            or_why(person.number.clone(), Field::Number),
        ),
        (
            Field::Applied.label(),
            or_why(person.applied.map(|day| day.to_string()), Field::Applied),
        ),
        (
            Field::Confirmed.label(),
            or_why(person.confirmed.map(|day| day.to_string()), Field::Confirmed),
        ),
    ]
}

/// Practice by kind: kind, how often, minutes. Only the kinds that there are.
pub(in crate::ui) fn practice_sums(body: &Body) -> Vec<(PracticeKind, usize, u64)> {
    PracticeKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let lines = || body.practice.iter().flatten().filter(|line| line.kind == kind);
            let count = lines().count();
            (count > 0).then(|| (kind, count, lines().map(|line| u64::from(line.minutes)).sum()))
        })
        .collect()
}

fn figure(name: &'static str, label: &'static str, value: String, unit: &'static str) -> impl IntoView {
    view! {
        <div class="figure">
            <dt>{label}</dt>
            <dd><span data-figure=name>{value}</span>{unit}</dd>
        </div>
    }
}

fn of_whole(
    name: &'static str,
    label: &'static str,
    part: u32,
    whole_name: &'static str,
    whole: u32,
) -> impl IntoView {
    view! {
        <div class="figure">
            <dt>{label}</dt>
            <dd><span data-figure=name>{part}</span>" / "<span data-figure=whole_name>{whole}</span></dd>
        </div>
    }
}

/// The figures over the whole course.
fn total(body: &Body) -> impl IntoView + use<> {
    let study = body.study.as_ref().map(|study| {
        let total = study.progress.total;
        view! {
            {of_whole("lessons_read", "已读课数", total.lessons_read, "lessons", total.lessons)}
            {of_whole("answered", "已答题数", total.answered, "questions", total.questions)}
            {figure("correct", "最近答对", total.correct.to_string(), " 题")}
            {figure("accuracy", "答对率", accuracy(&total), total.accuracy().map_or("", |_| "%"))}
            {figure("attempts", "累计作答", total.attempts.to_string(), " 次")}
            {figure("days", "学习天数", study.days.to_string(), " 天")}
        }
    });
    let practice = body.practice.as_ref().map(|lines| {
        view! {
            {figure("practice", "培养实践", lines.len().to_string(), " 次")}
            {figure("practice_minutes", "实践时长（自报）", body.practice_minutes().to_string(), " 分钟")}
        }
    });
    let talks = body
        .talks
        .as_ref()
        .map(|lines| figure("talks", "谈话", lines.len().to_string(), " 次"));
    view! { <dl class="figures" data-scope="total">{study}{practice}{talks}</dl> }
}

fn module_row(module: &ModuleProgress) -> impl IntoView + use<> {
    let figures = module.figures;
    view! {
        <tr data-scope=module.id.clone()>
            <th scope="row">{module.title.clone()}</th>
            <td><span data-figure="lessons_read">{figures.lessons_read}</span>" / "<span data-figure="lessons">{figures.lessons}</span></td>
            <td><span data-figure="answered">{figures.answered}</span>" / "<span data-figure="questions">{figures.questions}</span></td>
            <td><span data-figure="correct">{figures.correct}</span></td>
            <td><span data-figure="attempts">{figures.attempts}</span></td>
            <td class="nowrap">{day_or_dash(figures.first)}</td>
            <td class="nowrap">{day_or_dash(figures.last)}</td>
        </tr>
    }
}

/// What a part says when there is nothing in it.
fn or_none<T>(lines: Option<&Vec<T>>, filled: impl FnOnce(&[T]) -> AnyView) -> AnyView {
    match lines {
        None => view! { <p class="muted">{LEFT_OUT}</p> }.into_any(),
        Some(lines) if lines.is_empty() => view! { <p class="muted">"无"</p> }.into_any(),
        Some(lines) => filled(lines),
    }
}

/// A whole record.
#[component]
pub(in crate::ui) fn RecordView(
    /// The record.
    record: TrainingRecord,
) -> impl IntoView {
    let body = &record.body;
    let person = person_lines(body)
        .into_iter()
        .map(|(label, text)| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
        .collect_view();
    let study = body.study.as_ref().map(|study| {
        let to_reconfirm = study.progress.total.to_reconfirm;
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="学习与自测">
                <table>
                    <thead><tr>
                        <th scope="col">"模块"</th><th scope="col">"已读/课数"</th><th scope="col">"已答/题数"</th>
                        <th scope="col">"最近答对"</th><th scope="col">"累计作答"</th>
                        <th scope="col">"首次学习"</th><th scope="col">"最近学习"</th>
                    </tr></thead>
                    <tbody>{study.progress.modules.iter().map(module_row).collect_view()}</tbody>
                </table>
            </div>
            {(to_reconfirm > 0).then(|| view! {
                <p class="muted">{format!("另有 {to_reconfirm} 课（题）内容已更新，待重新确认，不计入已读、已答。")}</p>
            })}
            <p class="muted">{format!("课程版本 {}", study.course)}</p>
        }
        .into_any()
    });
    let practice = or_none(body.practice.as_ref(), |lines| {
        let sums = practice_sums(body)
            .into_iter()
            .map(|(kind, count, minutes)| format!("{} {count} 次、{minutes} 分钟", kind.label()))
            .collect::<Vec<_>>()
            .join("；");
        let rows = lines
            .iter()
            .map(|line| view! {
                <tr>
                    <td class="nowrap">{line.date.to_string()}</td>
                    <td>{line.kind.label()}</td>
                    <td>{line.title.clone()}{line.notes.clone().map(|notes| view! { <p class="muted prewrap">{notes}</p> })}</td>
                    <td>{line.place.clone().unwrap_or_default()}</td>
                    <td>{line.minutes}</td>
                </tr>
            })
            .collect_view();
        view! {
            <p>{sums}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="培养实践">
                <table>
                    <thead><tr>
                        <th scope="col">"日期"</th><th scope="col">"类别"</th><th scope="col">"内容"</th>
                        <th scope="col">"组织单位或地点"</th><th scope="col">"分钟（自报）"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    });
    let mentors = or_none(body.mentors.as_ref(), |lines| {
        let items = lines
            .iter()
            .map(|line| {
                let since = line.since.map(|day| format!("{day} 起"));
                let until = line.until.map(|day| format!("{day} 止"));
                let span: Vec<_> = [since, until].into_iter().flatten().collect();
                view! { <li>{line.name.clone()}<span class="muted">" "{span.join("，")}</span></li> }
            })
            .collect_view();
        view! { <ul>{items}</ul> }.into_any()
    });
    let talks = or_none(body.talks.as_ref(), |lines| {
        let rows = lines
            .iter()
            .map(|line| view! {
                <tr>
                    <td class="nowrap">{line.date.to_string()}</td>
                    <td>{line.mentor.clone()}</td>
                    <td>{line.form.label()}</td>
                    <td>{line.topic.clone()}{line.notes.clone().map(|notes| view! { <p class="muted prewrap">{notes}</p> })}</td>
                </tr>
            })
            .collect_view();
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="谈话">
                <table>
                    <thead><tr>
                        <th scope="col">"日期"</th><th scope="col">"培养联系人"</th><th scope="col">"形式"</th><th scope="col">"主题"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    });
    let summary = match &body.summary {
        Some(text) => view! { <p class="prewrap">{text.clone()}</p> }.into_any(),
        None => {
            let why = if body.left_out.contains(&Field::Summary) {
                LEFT_OUT
            } else {
                "无"
            };
            view! { <p class="muted">{why}</p> }.into_any()
        }
    };
    view! {
        <article class="record stack" data-testid="record">
            <dl class="facts">{person}</dl>
            {total(body)}
            <h3>"学习与自测"</h3>
            {study.unwrap_or_else(|| view! { <p class="muted">{LEFT_OUT}</p> }.into_any())}
            <h3>"培养实践"</h3>
            {practice}
            <h3>"培养联系人"</h3>
            {mentors}
            <h3>"谈话"</h3>
            {talks}
            <h3>"个人小结"</h3>
            {summary}
            <p data-testid="left-out">{left_out_text(body)}</p>
            <p class="muted">
                "导出时间 " <span data-testid="made-at">{made_at(body)}</span>
                "；校验值 " <code class="digest" data-testid="digest">{short_digest(&record)}</code>
            </p>
            <p class="muted">{PROVES}</p>
        </article>
    }
}

/// What was left out, in a sentence.
pub(in crate::ui) fn left_out_text(body: &Body) -> String {
    if body.left_out.is_empty() {
        "本人填写的内容已全部导出。".into()
    } else {
        let labels: Vec<_> = body.left_out.iter().map(|field| field.label()).collect();
        format!("本人有、但选择不导出的内容：{}。", labels.join("、"))
    }
}
