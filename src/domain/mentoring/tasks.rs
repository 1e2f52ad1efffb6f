//! The four tasks of a mentor (细则 2026, Art. 9), each with what the record and one's own notes show as
//! fact, and a question to ask oneself. No judgement, and no sentence that could be copied into an
//! opinion: that is the mentor's own (Art. 9, 41).

use super::{JottingKind, Mentoring, reviews};
use crate::domain::record::{Field, TrainingRecord};
use crate::domain::study::Stage;
use crate::domain::time::Date;

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// In a word.
    pub word: &'static str,
    /// What it is about.
    pub duty: &'static str,
    /// What is known, one sentence each.
    pub facts: Vec<String>,
    /// What to ask oneself.
    pub question: &'static str,
}

/// Days from one day to another, in words.
fn ago(day: Date, today: Date) -> String {
    match today.days() - day.days() {
        0 => "今天".into(),
        days if days > 0 => format!("{days} 天前"),
        days => format!("{} 天后", -days),
    }
}

/// The four tasks as they stand today.
pub fn tasks(record: &TrainingRecord, mentoring: Option<&Mentoring>, today: Date) -> [Task; 4] {
    [
        Task {
            word: "讲",
            duty: "介绍信仰信念和党的基本知识，引导理论学习",
            facts: learning(record),
            question: "最近一次，我给这位同志讲清楚了什么？哪些地方还没有讲到，或者讲了还没有懂？",
        },
        Task {
            word: "谈",
            duty: "经常谈心谈话，了解政治觉悟、道德品质、现实表现和家庭情况，帮助端正入党动机",
            facts: talking(record, today),
            question: "上次谈话以来，这位同志的思想有什么变化？我是从哪件具体的事情上看出来的？",
        },
        Task {
            word: "报",
            duty: "及时向党支部汇报，在《入党积极分子培养考察登记表》上填写自己的意见",
            facts: reporting(record, mentoring, today),
            question: "有没有应当向党支部汇报而还没有汇报的情况？我的意见写的是不是亲眼所见？",
        },
        Task {
            word: "提",
            duty: "向党支部提出能否列为发展对象的意见",
            facts: proposing(record, today),
            question: "如果党支部现在问我，我会怎样回答？依据是哪些事实，还有哪些没有弄清楚？",
        },
    ]
}

/// Why a part says nothing.
fn missing(record: &TrainingRecord, field: Field) -> String {
    if record.version < field.since() {
        format!("{}：旧版记录没有这一项", field.label())
    } else {
        format!("{}：本人没有导出", field.label())
    }
}

fn learning(record: &TrainingRecord) -> Vec<String> {
    let body = &record.body;
    let mut facts = Vec::new();
    match &body.study {
        None => facts.push(missing(record, Field::Study)),
        Some(study) => {
            let total = &study.progress.total;
            let last = total
                .last
                .map_or_else(|| "没有学习日期".into(), |day| format!("最近一次学习 {day}"));
            facts.push(format!(
                "已读 {} / {} 课，已答 {} / {} 题；{last}",
                total.lessons_read, total.lessons, total.answered, total.questions
            ));
            let named = |wanted: fn(u32, u32) -> bool| {
                let modules = study.progress.modules.iter();
                let named: Vec<&str> = modules
                    .filter(|module| module.figures.lessons > 0)
                    .filter(|module| wanted(module.figures.lessons_read, module.figures.lessons))
                    .map(|module| module.title.as_str())
                    .collect();
                named
            };
            for (label, modules) in [
                ("读完的模块", named(|read, all| read >= all)),
                ("读了一部分的模块", named(|read, all| read > 0 && read < all)),
                ("还没有读的模块", named(|read, _| read == 0)),
            ] {
                if !modules.is_empty() {
                    facts.push(format!("{label}：{}", modules.join("、")));
                }
            }
            if total.to_reconfirm > 0 {
                facts.push(format!("内容已更新、待重新确认：{} 处", total.to_reconfirm));
            }
        }
    }
    match &body.exams {
        None => facts.push(missing(record, Field::Exams)),
        Some(exams) => facts.push(format!(
            "模拟考试 {} 场，及格 {} 场",
            exams.len(),
            body.exams_passed()
        )),
    }
    facts
}

fn talking(record: &TrainingRecord, today: Date) -> Vec<String> {
    let body = &record.body;
    let mut facts = Vec::new();
    match &body.talks {
        None => facts.push(missing(record, Field::Talks)),
        Some(talks) => match talks.iter().max_by_key(|line| line.date) {
            None => facts.push("记录里没有谈话".into()),
            Some(last) => {
                facts.push(format!("记录里有 {} 次谈话", talks.len()));
                facts.push(format!(
                    "最近一次：{}（{}），{}，{}，主题「{}」",
                    last.date,
                    ago(last.date, today),
                    last.form.label(),
                    last.mentor,
                    last.topic
                ));
            }
        },
    }
    match &body.reports {
        None => facts.push(missing(record, Field::Reports)),
        Some(reports) => facts.push(match reports.iter().max_by_key(|line| line.date) {
            None => "没有思想汇报".into(),
            Some(last) => format!(
                "思想汇报 {} 篇，最近一篇 {}「{}」",
                reports.len(),
                last.date,
                last.title
            ),
        }),
    }
    match &body.practice {
        None => facts.push(missing(record, Field::Practice)),
        Some(practice) => facts.push(match practice.iter().max_by_key(|line| line.date) {
            None => "没有培养实践".into(),
            Some(last) => format!(
                "培养实践 {} 次，最近一次 {} {}「{}」",
                practice.len(),
                last.date,
                last.kind.label(),
                last.title
            ),
        }),
    }
    facts
}

fn reporting(record: &TrainingRecord, mentoring: Option<&Mentoring>, today: Date) -> Vec<String> {
    let mut facts = Vec::new();
    let held = mentoring.map(|mentoring| mentoring.of(JottingKind::Review));
    match held.iter().flatten().last() {
        None => facts.push("这里还没有记过党支部的考察".into()),
        Some(last) => facts.push(format!(
            "这里记的最近一次党支部考察：{}（{}）",
            last.date,
            ago(last.date, today)
        )),
    }
    if let Some(rhythm) = reviews(&record.body, mentoring, today) {
        if let Some(overdue) = rhythm.overdue() {
            facts.push(format!("{} 到期的半年考察，这里没有记", overdue.due));
        }
        if let Some(next) = rhythm.next() {
            facts.push(format!("下一次半年考察应在 {next} 之前"));
        }
    }
    let draft = mentoring.and_then(|mentoring| mentoring.drafted);
    facts.push(match draft {
        None => "这里没有意见草稿".into(),
        Some(at) => format!("意见草稿保存于 {}", at.date()),
    });
    let signed = mentoring.is_some_and(|mentoring| mentoring.has_signed(&record.digest.whole));
    facts.push(if signed {
        "现在这份记录，您已经签过名".into()
    } else {
        "现在这份记录，您还没有签名".into()
    });
    facts
}

fn proposing(record: &TrainingRecord, today: Date) -> Vec<String> {
    let person = &record.body.person;
    let mut facts = vec![match person.stage {
        Some(stage) => format!("本人自报的发展阶段：{}", stage.label()),
        None => missing(record, Field::Stage),
    }];
    match person.confirmed {
        None => facts.push(if record.body.left_out.contains(&Field::Confirmed) {
            "确定为入党积极分子的日期：本人没有导出".into()
        } else {
            "确定为入党积极分子的日期：记录里没有".into()
        }),
        Some(day) => {
            facts.push(format!("确定为入党积极分子：{day}（{}）", ago(day, today)));
            if person.stage.is_none_or(|stage| stage == Stage::Activist) {
                let year = day.add_months(12);
                let stands = if year <= today { "已到" } else { "未到" };
                facts.push(format!(
                    "从这一天算，满一年是 {year}（{stands}）；列为发展对象要经过一年以上培养教育和考察（细则第十三条），是否列入由党组织决定"
                ));
            }
        }
    }
    facts
}
