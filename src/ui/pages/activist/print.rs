//! The record as a sheet of A4 for the cultivation dossier: an annex and draft. It never looks like
//! the official form (细则 Art. 42), and no opinion stands on it that nobody wrote (Art. 41).

use super::record::{make, record};
use crate::domain::record::{Body, Field, TrainingRecord};
use crate::domain::study::progress::{Figures, ModuleProgress};
use crate::format::record::short_digest;
use crate::platform::{page, print};
use crate::ui::components::record_view::{
    EXAM_HEADINGS, LEFT_OUT, TIME_RULE, accuracy, bank, day_or_dash, exam_time, left_out_text, made_at,
    passed, person_lines, points, practice_text, time_text, waiting,
};
use crate::ui::components::shown::{alert, head, number, pair, still};
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;

/// The sheet, and a button to print it.
#[component]
pub(in crate::ui) fn RecordPrintPage() -> impl IntoView {
    let desk = use_desk();
    make(desk);
    let record = record(desk);
    let failed = RwSignal::new(String::new());
    let body = Signal::derive(move || {
        let mut out = Markup::default();
        record.with(|record| match record {
            Some(Ok(record)) => sheet(&mut out, record),
            Some(Err(why)) => {
                html!(out, "<p class=\"empty\">", why.message(), "。</p>");
            }
            None => {
                html!(
                    out,
                    "<p class=\"empty\">课程还没有加载出来，请检查网络后刷新本页。</p>"
                );
            }
        });
        out.done()
    });
    let mut about = Markup::default();
    html!(
        about,
        "<h1>打印培养记录</h1><p>打印出来是附件、草稿，供整理培养教育考察档案时参考。签字和意见由本人、培养联系人、党支部各自手写。</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"print\" data-do=\"print\">打印</button><a class=\"button\" href=\"#/record\">返回</a></div>"
    );
    let press = move |event: leptos::ev::MouseEvent| {
        if page::data_of(&event, "data-do").is_some() {
            failed.set(alert(if print::print() {
                ""
            } else {
                "这个浏览器不能打印。请在电脑或手机自带的浏览器里打开学档再打印。"
            }));
        }
    };
    view! {
        <div class="stack" data-screen-only on:click=press>
            {still(about)}
            <Shown of=failed/>
        </div>
        <Shown of=body/>
    }
}

/// The cells of a module, or of the sum.
fn figures_cells(out: &mut Markup, figures: &Figures, module: Option<&ModuleProgress>) {
    html!(out, "<td class=\"tight\">");
    pair(
        out,
        "lessons_read",
        figures.lessons_read,
        "/",
        "lessons",
        figures.lessons,
    );
    html!(out, "</td><td class=\"tight\">");
    pair(
        out,
        "answered",
        figures.answered,
        "/",
        "questions",
        figures.questions,
    );
    html!(out, "</td><td>");
    number(out, "correct", &figures.correct.to_string());
    html!(out, "</td><td>");
    let waiting = figures.answers_to_reconfirm.unwrap_or_default();
    number(out, "answers_to_reconfirm", &waiting.to_string());
    html!(out, "</td><td class=\"tight small\">", day_or_dash(figures.first));
    html!(out, "</td><td class=\"tight small\">", day_or_dash(figures.last));
    html!(
        out,
        "</td><td class=\"digest small\">",
        module.map_or("", bank),
        "</td></tr>"
    );
}

/// What stands for a part when there is nothing to show of it.
fn nothing(out: &mut Markup, left_out: bool, why: &str) {
    html!(out, "<p>", if left_out { LEFT_OUT } else { why }, "</p>");
}

fn study(out: &mut Markup, body: &Body) {
    let Some(study) = &body.study else {
        return nothing(out, true, "");
    };
    let total = &study.progress.total;
    html!(out, "<table>");
    head(
        out,
        &[
            "模块",
            "已读/课数",
            "已答/题数",
            "最近答对",
            "待重新确认",
            "首次日期",
            "最近日期",
            "题库版本",
        ],
    );
    for module in &study.progress.modules {
        html!(
            out,
            "<tr data-scope=\"",
            module.id,
            "\"><th scope=\"row\">",
            module.title,
            "</th>"
        );
        figures_cells(out, &module.figures, Some(module));
    }
    html!(
        out,
        "<tr class=\"sum\" data-scope=\"total\"><th scope=\"row\">合计</th>"
    );
    figures_cells(out, total, None);
    html!(
        out,
        "</tbody></table><p class=\"small\" data-scope=\"total\">答对率 "
    );
    number(out, "accuracy", &accuracy(total));
    if total.accuracy().is_some() {
        html!(out, "%");
    }
    html!(out, "，累计作答 ");
    number(out, "attempts", &total.attempts.to_string());
    html!(out, " 次，学习 ");
    number(out, "days", &study.days.to_string());
    html!(out, " 天（自报）。待重新确认的答题 ", waiting(total), "。</p>");
}

fn time(out: &mut Markup, body: &Body) {
    match &body.time {
        Some(time) => {
            html!(
                out,
                "<p>",
                time_text(time),
                "。</p><p class=\"small\">",
                TIME_RULE,
                "</p>"
            );
        }
        None => nothing(out, true, ""),
    }
}

fn exams(out: &mut Markup, body: &Body) {
    let lines = match &body.exams {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(out, other.is_none(), "无"),
    };
    html!(out, "<table>");
    head(out, &EXAM_HEADINGS);
    for line in lines {
        html!(out, "<tr><td class=\"tight\">", line.date.to_string());
        html!(
            out,
            "</td><td class=\"left\">",
            line.title,
            "</td><td>",
            points(line)
        );
        html!(
            out,
            "</td><td>",
            line.pass,
            "</td><td class=\"tight\">",
            passed(line)
        );
        html!(out, "</td><td class=\"tight\">", exam_time(line), "</td></tr>");
    }
    html!(out, "</tbody></table><p class=\"small\" data-scope=\"total\">共 ");
    number(out, "exams", &lines.len().to_string());
    html!(out, " 场，及格 ");
    number(out, "exams_passed", &body.exams_passed().to_string());
    html!(out, " 场。本人自己做的模拟考试，不是组织的考试。</p>");
}

fn reports(out: &mut Markup, body: &Body) {
    let lines = match &body.reports {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(out, other.is_none(), "无"),
    };
    html!(out, "<table>");
    head(out, &["日期", "标题"]);
    for line in lines {
        html!(
            out,
            "<tr><td class=\"tight\">",
            line.date.to_string(),
            "</td><td class=\"left\">",
            line.title,
            "</td></tr>"
        );
    }
    html!(out, "</tbody></table><p class=\"small\" data-scope=\"total\">共 ");
    number(out, "reports", &lines.len().to_string());
    html!(out, " 篇。</p>");
    for line in lines {
        let Some(text) = &line.text else { continue };
        html!(out, "<h3>", line.title, "（", line.date.to_string(), "）</h3>");
        for paragraph in text.lines() {
            html!(out, "<p class=\"text\">", paragraph, "</p>");
        }
    }
}

/// A title, and on the next line the notes if there are any.
fn with_notes(out: &mut Markup, title: &str, notes: Option<&String>) {
    html!(out, "<td class=\"left\">", title);
    if let Some(notes) = notes {
        html!(out, "<br>", notes);
    }
    html!(out, "</td>");
}

fn practice(out: &mut Markup, body: &Body) {
    let lines = match &body.practice {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(out, other.is_none(), "无"),
    };
    html!(out, "<table>");
    head(out, &["日期", "类别", "内容", "组织单位或地点", "分钟（自报）"]);
    for line in lines {
        html!(out, "<tr><td class=\"tight\">", line.date.to_string());
        html!(out, "</td><td class=\"tight\">", line.kind.label(), "</td>");
        with_notes(out, &line.title, line.notes.as_ref());
        html!(out, "<td class=\"left\">", line.place.as_deref().unwrap_or("无"));
        html!(out, "</td><td>", line.minutes, "</td></tr>");
    }
    html!(out, "</tbody></table><p class=\"small\" data-scope=\"total\">共 ");
    number(out, "practice", &lines.len().to_string());
    html!(out, " 次、");
    number(out, "practice_minutes", &body.practice_minutes().to_string());
    html!(out, " 分钟。", practice_text(body));
    html!(out, "。自报时长不计入短期集中培训学时（细则第十七条）。</p>");
}

fn talks(out: &mut Markup, body: &Body) {
    html!(out, "<p>培养联系人：");
    match &body.mentors {
        Some(lines) if !lines.is_empty() => {
            for (at, line) in lines.iter().enumerate() {
                if at > 0 {
                    html!(out, "、");
                }
                html!(out, line.name);
                match (line.since, line.until) {
                    (None, None) => {}
                    (Some(since), None) => {
                        html!(out, "（", since.to_string(), " 起）");
                    }
                    (None, Some(until)) => {
                        html!(out, "（", until.to_string(), " 止）");
                    }
                    (Some(since), Some(until)) => {
                        html!(out, "（", since.to_string(), " 至 ", until.to_string(), "）");
                    }
                }
            }
        }
        other => {
            html!(out, if other.is_none() { LEFT_OUT } else { "无" });
        }
    }
    html!(out, "</p>");
    let lines = match &body.talks {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(out, other.is_none(), "谈话：无"),
    };
    html!(out, "<table>");
    head(out, &["日期", "培养联系人", "形式", "主题"]);
    for line in lines {
        html!(
            out,
            "<tr><td class=\"tight\">",
            line.date.to_string(),
            "</td><td>",
            line.mentor
        );
        html!(out, "</td><td class=\"tight\">", line.form.label(), "</td>");
        with_notes(out, &line.topic, line.notes.as_ref());
        html!(out, "</tr>");
    }
    html!(out, "</tbody></table><p class=\"small\" data-scope=\"total\">共 ");
    number(out, "talks", &lines.len().to_string());
    html!(out, " 次。</p>");
}

/// The table of who it is: two pairs in a row; the branch's name has a row of its own.
fn person(out: &mut Markup, body: &Body) {
    let mut lines = person_lines(body);
    // Name and stage stand side by side; the branch comes below them.
    lines.swap(1, 2);
    for (at, (label, text)) in lines.iter().enumerate() {
        if matches!(at, 0 | 2 | 3 | 5) {
            html!(out, "<tr>");
        }
        html!(out, "<th scope=\"row\">", *label, "</th><td class=\"left\"");
        if at == 2 {
            html!(out, " colspan=\"3\"");
        }
        html!(out, ">", text, "</td>");
        if at == 5 {
            html!(out, "<td colspan=\"2\"></td>");
        }
        if matches!(at, 1 | 2 | 4 | 5) {
            html!(out, "</tr>");
        }
    }
}

/// The sheet of a record.
fn sheet(out: &mut Markup, record: &TrainingRecord) {
    let body = &record.body;
    html!(
        out,
        "<article class=\"sheet\" data-testid=\"sheet\"><header><p class=\"kind\">附件 · 草稿</p><h1>入党积极分子培养教育记录<span class=\"draft\">（附件·草稿）</span></h1><p class=\"small\">由本人从学档导出，供整理培养教育考察档案时参考；不是《入党积极分子培养考察登记表》，不能代替它。</p></header><section><h2>一、基本信息</h2><table class=\"facts\"><tbody>"
    );
    person(out, body);
    html!(out, "</tbody></table></section><section><h2>二、学习与自测</h2>");
    study(out, body);
    html!(out, "</section><section><h2>三、学习时间（自报）</h2>");
    time(out, body);
    html!(out, "</section><section><h2>四、模拟考试</h2>");
    exams(out, body);
    html!(out, "</section><section><h2>五、培养实践</h2>");
    practice(out, body);
    html!(out, "</section><section><h2>六、培养联系人与谈话</h2>");
    talks(out, body);
    html!(out, "</section><section><h2>七、思想汇报</h2>");
    reports(out, body);
    html!(out, "</section><section><h2>八、个人小结</h2>");
    let none = if body.left_out.contains(&Field::Summary) {
        LEFT_OUT
    } else {
        "无"
    };
    for line in body.summary.as_deref().unwrap_or(none).lines() {
        html!(out, "<p class=\"text\">", line, "</p>");
    }
    html!(
        out,
        "</section><section><h2>九、未导出的内容</h2><p class=\"text\">",
        left_out_text(body)
    );
    html!(
        out,
        "</p></section><section class=\"signing\"><h2>十、签字与意见</h2><p class=\"small\">以下由本人、培养联系人、党支部各自手写，他人不得代写。</p><table class=\"boxes\"><tbody>"
    );
    let boxes = [
        ("本人签字", "签名"),
        ("培养联系人意见", "签名"),
        ("党支部意见", "签名（盖章）"),
    ];
    for (label, sign) in boxes {
        html!(
            out,
            "<tr><th scope=\"row\">",
            label,
            "</th><td class=\"blank\"><p>",
            sign
        );
        html!(
            out,
            "：＿＿＿＿＿＿＿＿</p><p>＿＿＿＿年＿＿月＿＿日</p></td></tr>"
        );
    }
    html!(out, "</tbody></table></section><footer class=\"small\"><p>");
    if let Some(study) = &body.study {
        html!(out, "课程版本 ", study.course, "，");
    }
    html!(
        out,
        "导出时间 ",
        made_at(body),
        "，校验值 <span class=\"digest\" data-testid=\"digest\">"
    );
    html!(out, short_digest(record));
    html!(
        out,
        "</span>。</p><p>校验值只能发现改动，不能证明是谁填写；学习时间和实践时长为自报；自学不计入短期集中培训学时。本页不是官方文件。</p></footer></article>"
    );
}
