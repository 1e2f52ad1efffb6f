//! The record as statements of the Experience API (xAPI 1.0.3), for a learning record store.
//!
//! Only what the record contains: no address, no score that was not given. The person is an account
//! named by the record's holder. A statement's id is a UUID of version 5 (RFC 9562, 5.5) of the
//! statement itself, so that the same line exported twice is one statement. Where a record knows the
//! day only, the moment is its midnight and an extension says so. Names of activities are `urn:`s:
//! they are ours and lead nowhere.

use crate::domain::record::{Body, ExamLine, PracticeLine, ReportLine, TalkLine, TrainingRecord};
use crate::domain::study::progress::Figures;
use crate::domain::time::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The version that the statements name.
pub const VERSION: &str = "1.0.3";
/// What the names of accounts, activities and extensions begin with.
const URN: &str = "urn:xuedang";

/// The statements as a JSON array, readable by people.
pub fn write(record: &TrainingRecord) -> String {
    let mut text = serde_json::to_string_pretty(&statements(record)).unwrap_or_default();
    text.push('\n');
    text
}

/// The statements.
pub fn statements(record: &TrainingRecord) -> Vec<Value> {
    let body = &record.body;
    let mut all = Vec::new();
    study(body, &mut all);
    all.extend(body.exams.iter().flatten().map(|line| exam(body, line)));
    all.extend(body.practice.iter().flatten().map(|line| practice(body, line)));
    all.extend(body.talks.iter().flatten().map(|line| talk(body, line)));
    all.extend(body.reports.iter().flatten().map(|line| report(body, line)));
    let mut seen = BTreeMap::<String, u32>::new();
    for statement in &mut all {
        let text = statement.to_string();
        let times = seen.entry(text.clone()).or_default();
        *times += 1;
        // Two lines that say the same are two statements.
        let name = if *times == 1 {
            text
        } else {
            format!("{text}#{times}")
        };
        if let Some(fields) = statement.as_object_mut() {
            fields.insert("id".into(), id(&name).into());
        }
    }
    all
}

fn id(name: &str) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, URN.as_bytes());
    Uuid::new_v5(&space, name.as_bytes()).to_string()
}

/// A verb of ADL's vocabulary.
#[derive(Clone, Copy)]
enum Verb {
    Experienced,
    Completed,
    Scored,
    Attended,
    Passed,
    Failed,
}

impl Verb {
    fn json(self) -> Value {
        let (name, chinese) = match self {
            Self::Experienced => ("experienced", "学习了"),
            Self::Completed => ("completed", "完成了"),
            Self::Scored => ("scored", "得分"),
            Self::Attended => ("attended", "参加了"),
            Self::Passed => ("passed", "及格"),
            Self::Failed => ("failed", "不及格"),
        };
        json!({
            "id": format!("http://adlnet.gov/expapi/verbs/{name}"),
            "display": {"zh-CN": chinese, "en": name},
        })
    }
}

/// An activity: the rest of its name, its type, in ADL's vocabulary where that has one, and its title.
fn activity(name: &str, kind: &str, title: &str) -> Value {
    let kind = match kind {
        "practice" | "report" => format!("{URN}:activity:{kind}"),
        kind => format!("http://adlnet.gov/expapi/activities/{kind}"),
    };
    json!({
        "objectType": "Activity",
        "id": format!("{URN}:{name}"),
        "definition": {"type": kind, "name": {"zh-CN": title}},
    })
}

fn statement(body: &Body, verb: Verb, object: Value, timestamp: String) -> Map<String, Value> {
    let mut actor = json!({
        "objectType": "Agent",
        "account": {"homePage": format!("{URN}:holder"), "name": body.holder.0},
    });
    if let Some(name) = &body.person.name {
        actor["name"] = name.as_str().into();
    }
    Map::from_iter([
        ("actor".to_owned(), actor),
        ("verb".into(), verb.json()),
        ("object".into(), object),
        ("timestamp".into(), timestamp.into()),
        ("version".into(), VERSION.into()),
    ])
}

fn extension(name: &str) -> String {
    format!("{URN}:xapi:{name}")
}

/// The midnight of that day where the record was made.
fn midnight(body: &Body, day: Date) -> String {
    let made_at = body.made_at.rfc3339();
    format!("{day}T00:00:00{}", made_at.get(19..).unwrap_or("Z"))
}

fn context(also: &[(&str, Value)]) -> Value {
    let mut extensions: Map<String, Value> = Map::new();
    for (name, value) in also {
        extensions.insert(extension(name), value.clone());
    }
    let mut context = json!({"platform": "学档", "language": "zh-CN"});
    if let (false, Some(fields)) = (extensions.is_empty(), context.as_object_mut()) {
        fields.insert("extensions".into(), extensions.into());
    }
    context
}

/// What was studied, as it stood when the record was made: a statement for each module that was
/// begun, and one for its questions when any was answered.
fn study(body: &Body, all: &mut Vec<Value>) {
    if let Some(time) = &body.time {
        let object = activity("course", "course", "学档课程");
        let mut fields = statement(body, Verb::Experienced, object, body.made_at.rfc3339());
        fields.insert(
            "result".into(),
            json!({"duration": format!("PT{}M", time.minutes)}),
        );
        let also = [
            ("days", time.days.into()),
            ("sessions", time.sessions.into()),
            ("answers", time.answers.into()),
            ("self-declared", true.into()),
        ];
        fields.insert("context".into(), context(&also));
        all.push(fields.into());
    }
    let Some(study) = &body.study else { return };
    let course = activity(&format!("course:{}", study.course), "course", "学档课程");
    for module in &study.progress.modules {
        let figures = &module.figures;
        if figures.lessons_read > 0 {
            let is_done = figures.lessons_read == figures.lessons;
            let verb = if is_done {
                Verb::Completed
            } else {
                Verb::Experienced
            };
            let object = activity(&format!("module:{}", module.id), "module", &module.title);
            let mut fields = statement(body, verb, object, body.made_at.rfc3339());
            let result = json!({
                "completion": is_done,
                "extensions": {
                    extension("lessons"): figures.lessons,
                    extension("lessons-read"): figures.lessons_read,
                },
            });
            fields.insert("result".into(), result);
            put(fields, figures, &course, all);
        }
        if figures.answered > 0 {
            let title = format!("{}：自测题", module.title);
            let object = activity(&format!("bank:{}", module.id), "assessment", &title);
            let mut fields = statement(body, Verb::Scored, object, body.made_at.rfc3339());
            let result = json!({
                "score": score(figures.correct.saturating_mul(2), figures.answered),
                "extensions": {
                    extension("questions"): figures.questions,
                    extension("answered"): figures.answered,
                    extension("correct"): figures.correct,
                    extension("attempts"): figures.attempts,
                    extension("to-reconfirm"): figures.to_reconfirm,
                    extension("bank"): module.bank,
                },
            });
            fields.insert("result".into(), result);
            put(fields, figures, &course, all);
        }
    }
}

/// The context of study: the course, and the days between which it happened.
fn put(mut fields: Map<String, Value>, figures: &Figures, course: &Value, all: &mut Vec<Value>) {
    let days = [("first-day", figures.first), ("last-day", figures.last)];
    let days: Vec<_> = days
        .into_iter()
        .filter_map(|(name, day)| Some((name, Value::from(day?.to_string()))))
        .chain([("self-declared", true.into())])
        .collect();
    let mut context = context(&days);
    if let Some(context) = context.as_object_mut() {
        context.insert("contextActivities".into(), json!({"parent": [course]}));
    }
    fields.insert("context".into(), context);
    all.push(fields.into());
}

/// So many half points of so many points, as a score; to four decimals of the whole.
fn score(halves: u32, max: u32) -> Value {
    let scaled = u64::from(halves) * 5_000 / u64::from(max.max(1));
    let raw = if halves.is_multiple_of(2) {
        Value::from(halves / 2)
    } else {
        Value::from(f64::from(halves) / 2.0)
    };
    json!({"scaled": scaled.min(10_000) as f64 / 10_000.0, "raw": raw, "min": 0, "max": max})
}

fn exam(body: &Body, line: &ExamLine) -> Value {
    let title = format!("模拟考试：{}", line.title);
    let name = format!("{} {title} {} {}", line.date, line.half_points, line.used_seconds);
    let object = activity(&format!("exam:{}", id(&name)), "assessment", &title);
    let verb = if line.passed { Verb::Passed } else { Verb::Failed };
    let mut fields = statement(body, verb, object, midnight(body, line.date));
    let result = json!({
        "score": score(line.half_points, line.points),
        "success": line.passed,
        "completion": true,
        "duration": format!("PT{}S", line.used_seconds),
        "extensions": {
            extension("pass"): line.pass,
            extension("minutes-allowed"): line.minutes,
        },
    });
    fields.insert("result".into(), result);
    fields.insert("context".into(), context(&by_day()));
    fields.into()
}

fn report(body: &Body, line: &ReportLine) -> Value {
    let title = format!("思想汇报：{}", line.title);
    let name = format!("report:{}", id(&format!("{} {title}", line.date)));
    let object = activity(&name, "report", &title);
    let mut fields = statement(body, Verb::Completed, object, midnight(body, line.date));
    if let Some(text) = &line.text {
        fields.insert("result".into(), json!({"response": text}));
    }
    fields.insert("context".into(), context(&by_day()));
    fields.into()
}

fn practice(body: &Body, line: &PracticeLine) -> Value {
    let kind = line.kind;
    let title = format!("{}：{}", kind.label(), line.title);
    let object = activity(
        &format!("practice:{}", id(&format!("{} {title}", line.date))),
        "practice",
        &title,
    );
    let mut fields = statement(body, Verb::Experienced, object, midnight(body, line.date));
    if line.minutes > 0 {
        fields.insert(
            "result".into(),
            json!({"duration": format!("PT{}M", line.minutes)}),
        );
    }
    let mut also = by_day();
    if let Some(place) = &line.place {
        also.push(("place", place.as_str().into()));
    }
    if let Some(notes) = &line.notes {
        also.push(("notes", notes.as_str().into()));
    }
    fields.insert("context".into(), context(&also));
    fields.into()
}

fn talk(body: &Body, line: &TalkLine) -> Value {
    let title = format!("与培养联系人谈话：{}", line.topic);
    let object = activity(
        &format!("talk:{}", id(&format!("{} {title}", line.date))),
        "meeting",
        &title,
    );
    let mut fields = statement(body, Verb::Attended, object, midnight(body, line.date));
    let mut also = by_day();
    also.push(("mentor", line.mentor.as_str().into()));
    also.push(("form", line.form.code().into()));
    if let Some(notes) = &line.notes {
        also.push(("notes", notes.as_str().into()));
    }
    fields.insert("context".into(), context(&also));
    fields.into()
}

/// What every line that knows its day only says of itself.
fn by_day() -> Vec<(&'static str, Value)> {
    vec![("precision", "day".into()), ("self-declared", true.into())]
}
