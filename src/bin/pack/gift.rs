//! `pack gift FILE…`: what our reader of GIFT finds, in the words of npm gift-pegjs, for
//! `cargo xtask check gift`; `pack export DIR`: what can be exported of the course.

use crate::Failure;
use serde_json::{Map, Value, json};
use std::path::Path;
use xuedang::domain::course::QuestionBank;
use xuedang::domain::question::{Case, Question};
use xuedang::format::gift::{self, Body, Choice, Format, Item, Number, Text};

/// The items of each file, by the file's name.
pub(crate) fn read(paths: &[String]) -> Result<String, Failure> {
    let mut all = Map::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
        let gift = gift::read(&text);
        let name = Path::new(path)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let mut items: Vec<Value> = gift.items.iter().map(item).collect();
        for (_, fault) in &gift.faults {
            items.push(json!({ "fault": format!("{}：{}：{}", fault.row, fault.field, fault.message) }));
        }
        all.insert(name.unwrap_or_default(), items.into());
    }
    Ok(Value::from(all).to_string())
}

/// Writes what we take over of each file, exported again, into a folder under the same names.
pub(crate) fn again(arguments: &[String]) -> Result<(), Failure> {
    let (folder, paths) = arguments.split_first().ok_or("gift-again needs a folder")?;
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
        let foreign = gift::foreign(&gift::read(&text));
        let mut questions: Vec<Question> = foreign.drafts.into_iter().map(|draft| draft.question).collect();
        for (question, number) in questions.iter_mut().zip(1..) {
            question.id = format!("q-{number}");
        }
        let (text, _) = gift::write("again", questions.iter().map(|question| (question, None)));
        let name = Path::new(path).file_name().unwrap_or_default();
        std::fs::write(Path::new(folder).join(name), text)?;
    }
    Ok(())
}

/// The questions of a bank, each with its case.
pub(crate) fn with_cases(bank: &QuestionBank) -> Vec<(&Question, Option<&Case>)> {
    let questions = bank.questions.iter();
    questions
        .map(|question| (question, bank.case(question)))
        .collect()
}

fn text(text: &Text) -> Value {
    json!({ "format": text.format.name(), "text": text.text })
}

fn maybe(given: Option<&Text>) -> Value {
    given.map_or(Value::Null, text)
}

fn choice<T: Copy>(choice: &Choice<T>, what: impl Fn(T) -> Value) -> Value {
    json!({
        "isCorrect": choice.is_right,
        "weight": choice.weight.map(plain),
        "text": what(choice.what),
        "feedback": maybe(choice.feedback.as_ref()),
    })
}

/// A whole number without a fraction, as JavaScript has no other.
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

fn number(given: Number) -> Value {
    match given {
        Number::Exact(number) => json!({ "type": "simple", "number": plain(number) }),
        Number::Within(number, range) => {
            json!({ "type": "range", "number": plain(number), "range": plain(range) })
        }
        Number::Between(low, high) => {
            json!({ "type": "high-low", "numberLow": plain(low), "numberHigh": plain(high) })
        }
        Number::Any => json!({ "type": "any" }),
    }
}

fn item(item: &Item) -> Value {
    let kind = match &item.body {
        Body::Category(title) => return json!({ "type": "Category", "title": title }),
        Body::Description => "Description",
        Body::TrueFalse(..) => "TF",
        Body::Choices(choices) if choices.iter().all(|choice| choice.is_right) => "Short",
        Body::Choices(_) => "MC",
        Body::Numbers(..) => "Numerical",
        Body::Pairs(_) => "Matching",
        Body::Essay => "Essay",
    };
    let (before, after) = (item.before.as_ref(), item.after.as_ref());
    let format = before.or(after).map_or(Format::Moodle, |text| text.format);
    let stem = match (before, after) {
        (before, None) => before.map_or(String::new(), |text| text.text.clone()),
        (None, Some(after)) => format!("_____ {}", after.text),
        (Some(before), Some(after)) => format!("{} _____ {}", before.text, after.text),
    };
    let tags = (!item.tags.is_empty()).then_some(&item.tags);
    let mut out = json!({
        "type": kind,
        "id": item.id,
        "tags": tags,
        "title": item.title,
        "stem": { "format": format.name(), "text": stem },
        "hasEmbeddedAnswers": after.is_some(),
    });
    if kind != "Description" {
        out["globalFeedback"] = maybe(item.feedback.as_ref());
    }
    match &item.body {
        Body::TrueFalse(is_true, when_wrong, when_right) => {
            out["isTrue"] = json!(is_true);
            out["trueFeedback"] = maybe(when_wrong.as_ref());
            out["falseFeedback"] = maybe(when_right.as_ref());
        }
        Body::Choices(choices) => {
            let borrowed = choices.iter().map(|given| Choice {
                is_right: given.is_right,
                weight: given.weight,
                what: &given.what,
                feedback: given.feedback.clone(),
            });
            out["choices"] = borrowed.map(|given| choice(&given, text)).collect();
        }
        Body::Numbers(numbers, true) => {
            out["choices"] = numbers.iter().map(|given| choice(given, number)).collect();
        }
        Body::Numbers(numbers, false) => {
            out["choices"] = numbers.first().map_or(Value::Null, |given| number(given.what));
        }
        Body::Pairs(pairs) => {
            let pair =
                |(left, right): &(Text, String)| json!({ "subquestion": text(left), "subanswer": right });
            out["matchPairs"] = pairs.iter().map(pair).collect();
        }
        Body::Category(_) | Body::Description | Body::Essay => {}
    }
    out
}
