//! The record as a sheet of A4 for the cultivation dossier: an annex and draft. It never looks like
//! the official form (细则 Art. 42), and no opinion stands on it that nobody wrote (Art. 41).

use super::record::{make, record};
use crate::domain::record::{Body, TrainingRecord};
use crate::domain::study::progress::Figures;
use crate::format::record::short_digest;
use crate::platform::print;
use crate::ui::components::record_view::{
    LEFT_OUT, accuracy, day_or_dash, left_out_text, made_at, person_lines, practice_sums,
};
use crate::ui::desk::use_desk;
use leptos::prelude::*;

/// The sheet, and a button to print it.
#[component]
pub(in crate::ui) fn RecordPrintPage() -> impl IntoView {
    let desk = use_desk();
    make(desk);
    let record = record(desk);
    let failed = RwSignal::new(false);
    let body = move || match record.get() {
        Some(Ok(record)) => sheet(&record).into_any(),
        Some(Err(why)) => view! { <p class="empty">{why.message()}"。"</p> }.into_any(),
        None => view! { <p class="empty">"课程还没有加载出来，请检查网络后刷新本页。"</p> }.into_any(),
    };
    view! {
        <div class="stack" data-screen-only>
            <h1>"打印培养记录"</h1>
            <p>"打印出来是附件、草稿，供整理培养教育考察档案时参考。签字和意见由本人、培养联系人、党支部各自手写。"</p>
            <div class="row">
                <button type="button" class="button button-primary" data-testid="print" on:click=move |_| failed.set(!print::print())>"打印"</button>
                <a class="button" href="#/record">"返回"</a>
            </div>
            {move || failed.get().then(|| view! {
                <p class="notice notice-danger" role="alert">"这个浏览器不能打印。请在电脑或手机自带的浏览器里打开学档再打印。"</p>
            })}
        </div>
        {body}
    }
}

fn figures_cells(figures: &Figures) -> impl IntoView + use<> {
    view! {
        <td class="tight"><span data-figure="lessons_read">{figures.lessons_read}</span>"/"<span data-figure="lessons">{figures.lessons}</span></td>
        <td class="tight"><span data-figure="answered">{figures.answered}</span>"/"<span data-figure="questions">{figures.questions}</span></td>
        <td><span data-figure="correct">{figures.correct}</span></td>
        <td class="tight">{day_or_dash(figures.first)}</td>
        <td class="tight">{day_or_dash(figures.last)}</td>
    }
}

fn study(body: &Body) -> AnyView {
    let Some(study) = &body.study else {
        return view! { <p>{LEFT_OUT}</p> }.into_any();
    };
    let total = study.progress.total;
    let rows = study
        .progress
        .modules
        .iter()
        .map(|module| view! {
            <tr data-scope=module.id.clone()><th scope="row">{module.title.clone()}</th>{figures_cells(&module.figures)}</tr>
        })
        .collect_view();
    let more = if total.accuracy().is_some() {
        "%，累计作答 "
    } else {
        "，累计作答 "
    };
    view! {
        <table>
            <thead><tr>
                <th scope="col">"模块"</th><th scope="col">"已读/课数"</th><th scope="col">"已答/题数"</th>
                <th scope="col">"最近答对"</th><th scope="col">"首次日期"</th><th scope="col">"最近日期"</th>
            </tr></thead>
            <tbody>
                {rows}
                <tr class="sum" data-scope="total"><th scope="row">"合计"</th>{figures_cells(&total)}</tr>
            </tbody>
        </table>
        <p class="small" data-scope="total">
            "答对率 "<span data-figure="accuracy">{accuracy(&total)}</span>{more}
            <span data-figure="attempts">{total.attempts}</span>" 次，学习 "
            <span data-figure="days">{study.days}</span>" 天（自报）。"
        </p>
    }
    .into_any()
}

fn practice(body: &Body) -> AnyView {
    match &body.practice {
        None => view! { <p>{LEFT_OUT}</p> }.into_any(),
        Some(lines) if lines.is_empty() => view! { <p>"无"</p> }.into_any(),
        Some(lines) => {
            let rows = lines
                .iter()
                .map(|line| view! {
                    <tr>
                        <td class="tight">{line.date.to_string()}</td>
                        <td class="tight">{line.kind.label()}</td>
                        <td class="left">{line.title.clone()}{line.notes.clone().map(|notes| view! { <br/>{notes} })}</td>
                        <td class="left">{line.place.clone().unwrap_or_else(|| "无".into())}</td>
                        <td>{line.minutes}</td>
                    </tr>
                })
                .collect_view();
            let sums: Vec<_> = practice_sums(body)
                .into_iter()
                .map(|(kind, count, minutes)| format!("{} {count} 次、{minutes} 分钟", kind.label()))
                .collect();
            view! {
                <table>
                    <thead><tr>
                        <th scope="col">"日期"</th><th scope="col">"类别"</th><th scope="col">"内容"</th>
                        <th scope="col">"组织单位或地点"</th><th scope="col">"分钟（自报）"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="small" data-scope="total">
                    "共 "<span data-figure="practice">{lines.len()}</span>" 次、"
                    <span data-figure="practice_minutes">{body.practice_minutes()}</span>" 分钟。"{sums.join("；")}
                    "。自报时长不计入短期集中培训学时（细则第十七条）。"
                </p>
            }
            .into_any()
        }
    }
}

fn talks(body: &Body) -> AnyView {
    let mentors = match &body.mentors {
        None => LEFT_OUT.to_owned(),
        Some(lines) if lines.is_empty() => "无".into(),
        Some(lines) => lines
            .iter()
            .map(|line| match (line.since, line.until) {
                (None, None) => line.name.clone(),
                (Some(since), None) => format!("{}（{since} 起）", line.name),
                (None, Some(until)) => format!("{}（{until} 止）", line.name),
                (Some(since), Some(until)) => format!("{}（{since} 至 {until}）", line.name),
            })
            .collect::<Vec<_>>()
            .join("、"),
    };
    let talks = match &body.talks {
        None => view! { <p>{LEFT_OUT}</p> }.into_any(),
        Some(lines) if lines.is_empty() => view! { <p>"谈话：无"</p> }.into_any(),
        Some(lines) => {
            let rows = lines
                .iter()
                .map(|line| view! {
                    <tr>
                        <td class="tight">{line.date.to_string()}</td>
                        <td>{line.mentor.clone()}</td>
                        <td class="tight">{line.form.label()}</td>
                        <td class="left">{line.topic.clone()}{line.notes.clone().map(|notes| view! { <br/>{notes} })}</td>
                    </tr>
                })
                .collect_view();
            view! {
                <table>
                    <thead><tr>
                        <th scope="col">"日期"</th><th scope="col">"培养联系人"</th><th scope="col">"形式"</th><th scope="col">"主题"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="small" data-scope="total">"共 "<span data-figure="talks">{lines.len()}</span>" 次。"</p>
            }
            .into_any()
        }
    };
    view! { <p>"培养联系人："{mentors}</p>{talks} }.into_any()
}

/// The sheet of a record.
fn sheet(record: &TrainingRecord) -> impl IntoView + use<> {
    let body = &record.body;
    // Two pairs in a row; the branch's name has a row of its own.
    let mut lines = person_lines(body);
    let (branch_label, branch) = lines.remove(1);
    let mut rows: Vec<AnyView> = lines
        .chunks(2)
        .map(|pair| {
            let cells = pair
                .iter()
                .map(|(label, text)| view! { <th scope="row">{*label}</th><td class="left">{text.clone()}</td> })
                .collect_view();
            let rest = (pair.len() == 1).then(|| view! { <td colspan="2"></td> });
            view! { <tr>{cells}{rest}</tr> }.into_any()
        })
        .collect();
    rows.insert(
        1,
        view! { <tr><th scope="row">{branch_label}</th><td class="left" colspan="3">{branch}</td></tr> }
            .into_any(),
    );
    let course = body
        .study
        .as_ref()
        .map(|study| format!("课程版本 {}，", study.course));
    let summary = body.summary.clone().unwrap_or_else(|| {
        if body.left_out.contains(&crate::domain::record::Field::Summary) {
            LEFT_OUT.into()
        } else {
            "无".into()
        }
    });
    let paragraphs = summary
        .lines()
        .map(|line| view! { <p class="text">{line.to_owned()}</p> })
        .collect_view();
    let boxes = [
        ("本人签字", "签名"),
        ("培养联系人意见", "签名"),
        ("党支部意见", "签名（盖章）"),
    ]
    .map(|(label, sign)| {
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td class="blank"><p>{sign}"：＿＿＿＿＿＿＿＿"</p><p>"＿＿＿＿年＿＿月＿＿日"</p></td>
            </tr>
        }
    })
    .collect_view();
    view! {
        <article class="sheet" data-testid="sheet">
            <header>
                <p class="kind">"附件 · 草稿"</p>
                <h1>"入党积极分子培养教育记录"<span class="draft">"（附件·草稿）"</span></h1>
                <p class="small">"由本人从学档导出，供整理培养教育考察档案时参考；不是《入党积极分子培养考察登记表》，不能代替它。"</p>
            </header>
            <section><h2>"一、基本信息"</h2><table class="facts"><tbody>{rows}</tbody></table></section>
            <section><h2>"二、学习与自测"</h2>{study(body)}</section>
            <section><h2>"三、培养实践"</h2>{practice(body)}</section>
            <section><h2>"四、培养联系人与谈话"</h2>{talks(body)}</section>
            <section><h2>"五、个人小结"</h2>{paragraphs}</section>
            <section><h2>"六、未导出的内容"</h2><p class="text">{left_out_text(body)}</p></section>
            <section class="signing">
                <h2>"七、签字与意见"</h2>
                <p class="small">"以下由本人、培养联系人、党支部各自手写，他人不得代写。"</p>
                <table class="boxes"><tbody>{boxes}</tbody></table>
            </section>
            <footer class="small">
                <p>{course}"导出时间 "{made_at(body)}"，校验值 "<span class="digest" data-testid="digest">{short_digest(record)}</span>"。"</p>
                <p>"校验值只能发现改动，不能证明是谁填写；学习时间和实践时长为自报；自学不计入短期集中培训学时。本页不是官方文件。"</p>
            </footer>
        </article>
    }
}
