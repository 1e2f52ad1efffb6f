//! A training record on screen: the same for the person, the mentor and the branch.

use super::shown::{clock, number, pair, table, table_end};
use crate::domain::record::{Body, ExamLine, Field, TrainingRecord};
use crate::domain::study::PracticeKind;
use crate::domain::study::progress::{Figures, ModuleProgress, StudyTime};
use crate::domain::time::Date;
use crate::format::record::short_digest;
use crate::ui::markup::{Markup, html};

/// What the reader sees of a part that was not exported.
pub(in crate::ui) const LEFT_OUT: &str = "本人未导出";

/// What the reader sees of a part that came with a later version of the record.
const NOT_YET: &str = "旧版（第 1 版）记录没有这一项";

/// How study time is counted; on screen and on paper.
pub(in crate::ui) const TIME_RULE: &str = "课文在屏幕上、一分钟内有操作才计，每次打开最多计建议时间的三倍，每天最多 8 小时；时段按钟点计，同一天里相连的钟点算一个。学习时间为自报，不计入短期集中培训学时。";

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

/// Answers that wait for their question to be answered again, and the share that need not; a dash
/// where the record does not say.
pub(in crate::ui) fn waiting(figures: &Figures) -> String {
    match (figures.answers_to_reconfirm, figures.confirmed()) {
        (Some(count), Some(share)) => format!("{count} 题，已确认 {share}%"),
        (Some(count), None) => format!("{count} 题"),
        (None, _) => "—".into(),
    }
}

/// The start of a question bank's version, or a dash where the record does not say.
pub(in crate::ui) fn bank(module: &ModuleProgress) -> &str {
    match module.bank.get(..8).unwrap_or(&module.bank) {
        "" => "—",
        start => start,
    }
}

/// Study time and what supports it, in a sentence.
pub(in crate::ui) fn time_text(time: &StudyTime) -> String {
    let StudyTime {
        minutes,
        days,
        sessions,
        answers,
    } = time;
    format!("共 {minutes} 分钟，分布在 {days} 天、{sessions} 个时段，期间作答 {answers} 次")
}

/// What is said of a mock exam; on screen and on paper.
pub(in crate::ui) const EXAM_HEADINGS: [&str; 6] = ["日期", "卷面", "得分", "及格分", "结果", "用时 / 限时"];

/// Points won of those there were.
pub(in crate::ui) fn points(exam: &ExamLine) -> String {
    format!("{} / {}", exam.won(), exam.points)
}

/// Whether an exam was passed, in a word.
pub(in crate::ui) fn passed(exam: &ExamLine) -> &'static str {
    if exam.passed { "及格" } else { "不及格" }
}

/// The time an exam took of the time allowed.
pub(in crate::ui) fn exam_time(exam: &ExamLine) -> String {
    let used = clock(u64::from(exam.used_seconds) * 1_000);
    format!("{used} / {} 分钟", exam.minutes)
}

/// When a record was made, to the minute, in the time of the device that made it.
pub(in crate::ui) fn made_at(body: &Body) -> String {
    let text = body.made_at.rfc3339();
    format!("{} {}", &text[..10], text.get(11..16).unwrap_or_default())
}

/// The lines about the person: label and text.
pub(in crate::ui) fn person_lines(body: &Body) -> [(&'static str, String); 6] {
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
    [
        (Field::Name.label(), or_why(person.name.clone(), Field::Name)),
        (
            Field::Branch.label(),
            or_why(person.branch.clone(), Field::Branch),
        ),
        (
            Field::Stage.label(),
            or_why(person.stage.map(|stage| stage.label().into()), Field::Stage),
        ),
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

/// Practice by kind, in a sentence.
pub(in crate::ui) fn practice_text(body: &Body) -> String {
    let mut text = String::new();
    for (kind, count, minutes) in practice_sums(body) {
        if !text.is_empty() {
            text.push('；');
        }
        text.push_str(&format!("{} {count} 次、{minutes} 分钟", kind.label()));
    }
    text
}

fn figure(out: &mut Markup, name: &str, label: &str, value: &str, unit: &str) {
    html!(out, "<div class=\"figure\"><dt>", label, "</dt><dd>");
    number(out, name, value);
    html!(out, unit, "</dd></div>");
}

fn of_whole(out: &mut Markup, label: &str, part_name: &str, part: u32, whole_name: &str, whole: u32) {
    html!(out, "<div class=\"figure\"><dt>", label, "</dt><dd>");
    pair(out, part_name, part, " / ", whole_name, whole);
    html!(out, "</dd></div>");
}

/// The figures over the whole course.
fn total(out: &mut Markup, body: &Body) {
    html!(out, "<dl class=\"figures\" data-scope=\"total\">");
    if let Some(study) = &body.study {
        let total = &study.progress.total;
        of_whole(
            out,
            "已读课数",
            "lessons_read",
            total.lessons_read,
            "lessons",
            total.lessons,
        );
        of_whole(
            out,
            "已答题数",
            "answered",
            total.answered,
            "questions",
            total.questions,
        );
        figure(out, "correct", "最近答对", &total.correct.to_string(), " 题");
        let sign = if total.accuracy().is_some() { "%" } else { "" };
        figure(out, "accuracy", "答对率", &accuracy(total), sign);
        figure(out, "attempts", "累计作答", &total.attempts.to_string(), " 次");
        figure(out, "days", "学习天数", &study.days.to_string(), " 天");
    }
    if let Some(time) = &body.time {
        figure(
            out,
            "minutes",
            "学习时间（自报）",
            &time.minutes.to_string(),
            " 分钟",
        );
        figure(out, "sessions", "学习时段", &time.sessions.to_string(), " 个");
    }
    if let Some(lines) = &body.exams {
        html!(out, "<div class=\"figure\"><dt>模拟考试</dt><dd>");
        number(out, "exams", &lines.len().to_string());
        html!(out, " 场，及格 ");
        number(out, "exams_passed", &body.exams_passed().to_string());
        html!(out, " 场</dd></div>");
    }
    if let Some(lines) = &body.practice {
        figure(out, "practice", "培养实践", &lines.len().to_string(), " 次");
        let minutes = body.practice_minutes().to_string();
        figure(out, "practice_minutes", "实践时长（自报）", &minutes, " 分钟");
    }
    if let Some(lines) = &body.talks {
        figure(out, "talks", "谈话", &lines.len().to_string(), " 次");
    }
    if let Some(lines) = &body.reports {
        figure(out, "reports", "思想汇报", &lines.len().to_string(), " 篇");
    }
    html!(out, "</dl>");
}

fn module_row(out: &mut Markup, module: &ModuleProgress) {
    let figures = &module.figures;
    html!(
        out,
        "<tr data-scope=\"",
        module.id,
        "\"><th scope=\"row\">",
        module.title,
        "</th><td>"
    );
    pair(
        out,
        "lessons_read",
        figures.lessons_read,
        " / ",
        "lessons",
        figures.lessons,
    );
    html!(out, "</td><td>");
    pair(
        out,
        "answered",
        figures.answered,
        " / ",
        "questions",
        figures.questions,
    );
    html!(out, "</td><td>");
    number(out, "correct", &figures.correct.to_string());
    let sign = if figures.accuracy().is_some() { "%" } else { "" };
    html!(
        out,
        "</td><td>",
        accuracy(figures),
        sign,
        "</td><td>",
        waiting(figures)
    );
    html!(out, "</td><td>");
    number(out, "attempts", &figures.attempts.to_string());
    html!(out, "</td><td class=\"nowrap\">", day_or_dash(figures.first));
    html!(out, "</td><td class=\"nowrap\">", day_or_dash(figures.last));
    html!(
        out,
        "</td><td><code class=\"digest\">",
        bank(module),
        "</code></td></tr>"
    );
}

/// A title, and under it the notes if there are any.
fn with_notes(out: &mut Markup, title: &str, notes: Option<&String>) {
    html!(out, "<td>", title);
    if let Some(notes) = notes {
        html!(out, "<p class=\"muted prewrap\">", notes, "</p>");
    }
    html!(out, "</td>");
}

/// What stands for a part when there is nothing to show of it: `None` when it was left out.
fn nothing(out: &mut Markup, count: Option<usize>) {
    let why = if count.is_some() { "无" } else { LEFT_OUT };
    html!(out, "<p class=\"muted\">", why, "</p>");
}

/// What stands for a part of version 2 when there is nothing to show of it.
fn nothing_new(out: &mut Markup, record: &TrainingRecord, count: Option<usize>) {
    match (record.version, count) {
        (1, None) => {
            html!(out, "<p class=\"muted\">", NOT_YET, "</p>");
        }
        (_, count) => nothing(out, count),
    }
}

/// Study time and mock exams.
fn time_and_exams(out: &mut Markup, record: &TrainingRecord) {
    let body = &record.body;
    html!(out, "<h3>学习时间（自报）</h3>");
    match &body.time {
        Some(time) => {
            html!(
                out,
                "<p data-testid=\"study-time\">",
                time_text(time),
                "。</p><p class=\"muted\">",
                TIME_RULE,
                "</p>"
            );
        }
        None => nothing_new(out, record, None),
    }
    html!(out, "<h3>模拟考试</h3>");
    match &body.exams {
        Some(lines) if !lines.is_empty() => {
            table(out, "模拟考试", &EXAM_HEADINGS);
            for line in lines {
                html!(out, "<tr><td class=\"nowrap\">", line.date.to_string());
                html!(out, "</td><td>", line.title, "</td><td>", points(line));
                html!(out, "</td><td>", line.pass, "</td><td>", passed(line));
                html!(out, "</td><td>", exam_time(line), "</td></tr>");
            }
            table_end(out);
            html!(
                out,
                "<p class=\"muted\">本人在学档里自己做的模拟考试，不是组织的考试。</p>"
            );
        }
        lines => nothing_new(out, record, lines.as_ref().map(Vec::len)),
    }
}

/// Thought reports.
fn reports(out: &mut Markup, record: &TrainingRecord) {
    html!(out, "<h3>思想汇报</h3>");
    match &record.body.reports {
        Some(lines) if !lines.is_empty() => {
            table(out, "思想汇报", &["日期", "标题"]);
            for line in lines {
                html!(out, "<tr><td class=\"nowrap\">", line.date.to_string(), "</td>");
                with_notes(out, &line.title, line.text.as_ref());
                html!(out, "</tr>");
            }
            table_end(out);
        }
        lines => nothing_new(out, record, lines.as_ref().map(Vec::len)),
    }
}

/// A whole record.
pub(in crate::ui) fn record_view(out: &mut Markup, record: &TrainingRecord) {
    let body = &record.body;
    html!(
        out,
        "<article class=\"record stack\" data-testid=\"record\"><dl class=\"facts\">"
    );
    for (label, text) in person_lines(body) {
        html!(out, "<div><dt>", label, "</dt><dd>", text, "</dd></div>");
    }
    html!(out, "</dl>");
    total(out, body);

    html!(out, "<h3>学习与自测</h3>");
    match &body.study {
        None => nothing(out, None),
        Some(study) => {
            let headings = [
                "模块",
                "已读/课数",
                "已答/题数",
                "最近答对",
                "答对率",
                "待重新确认",
                "累计作答",
                "首次学习",
                "最近学习",
                "题库版本",
            ];
            table(out, "学习与自测", &headings);
            for module in &study.progress.modules {
                module_row(out, module);
            }
            table_end(out);
            let again = study.progress.total.to_reconfirm;
            if again > 0 {
                html!(out, "<p class=\"muted\">另有 ", again);
                html!(out, " 课（题）内容已更新，待重新确认，不计入已读、已答。</p>");
            }
            if study.progress.total.answers_to_reconfirm.is_some() {
                html!(
                    out,
                    "<p class=\"muted\">待重新确认的答题：",
                    waiting(&study.progress.total),
                    "（占答过的题）。</p>"
                );
            }
            html!(out, "<p class=\"muted\">课程版本 ", study.course, "</p>");
        }
    }

    time_and_exams(out, record);

    html!(out, "<h3>培养实践</h3>");
    match &body.practice {
        Some(lines) if !lines.is_empty() => {
            html!(out, "<p>", practice_text(body), "</p>");
            table(
                out,
                "培养实践",
                &["日期", "类别", "内容", "组织单位或地点", "分钟（自报）"],
            );
            for line in lines {
                html!(out, "<tr><td class=\"nowrap\">", line.date.to_string());
                html!(out, "</td><td>", line.kind.label(), "</td>");
                with_notes(out, &line.title, line.notes.as_ref());
                html!(out, "<td>", line.place.as_deref().unwrap_or_default());
                html!(out, "</td><td>", line.minutes, "</td></tr>");
            }
            table_end(out);
        }
        lines => nothing(out, lines.as_ref().map(Vec::len)),
    }

    html!(out, "<h3>培养联系人</h3>");
    match &body.mentors {
        Some(lines) if !lines.is_empty() => {
            html!(out, "<ul>");
            for line in lines {
                html!(out, "<li>", line.name, "<span class=\"muted\"> ");
                if let Some(day) = line.since {
                    html!(out, day.to_string(), " 起");
                }
                if line.since.is_some() && line.until.is_some() {
                    html!(out, "，");
                }
                if let Some(day) = line.until {
                    html!(out, day.to_string(), " 止");
                }
                html!(out, "</span></li>");
            }
            html!(out, "</ul>");
        }
        lines => nothing(out, lines.as_ref().map(Vec::len)),
    }

    html!(out, "<h3>谈话</h3>");
    match &body.talks {
        Some(lines) if !lines.is_empty() => {
            table(out, "谈话", &["日期", "培养联系人", "形式", "主题"]);
            for line in lines {
                html!(out, "<tr><td class=\"nowrap\">", line.date.to_string());
                html!(
                    out,
                    "</td><td>",
                    line.mentor,
                    "</td><td>",
                    line.form.label(),
                    "</td>"
                );
                with_notes(out, &line.topic, line.notes.as_ref());
                html!(out, "</tr>");
            }
            table_end(out);
        }
        lines => nothing(out, lines.as_ref().map(Vec::len)),
    }

    reports(out, record);

    html!(out, "<h3>个人小结</h3>");
    match &body.summary {
        Some(text) => {
            html!(out, "<p class=\"prewrap\">", text, "</p>");
        }
        None => nothing(out, (!body.left_out.contains(&Field::Summary)).then_some(0)),
    }

    html!(out, "<p data-testid=\"left-out\">", left_out_text(body));
    html!(
        out,
        "</p><p class=\"muted\">导出时间 <span data-testid=\"made-at\">",
        made_at(body)
    );
    html!(
        out,
        "</span>；校验值 <code class=\"digest\" data-testid=\"digest\">",
        short_digest(record)
    );
    html!(out, "</code></p><p class=\"muted\">", PROVES, "</p></article>");
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
