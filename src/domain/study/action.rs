//! What a person may do, and why not: actions are validated here and become events.

use super::event::EventId;
use super::journal::{Happening, Mark, MentorEntry, PracticeEntry, Profile, TalkEntry};
use super::plan::PlanSettings;
use super::reading;
use super::state::Study;
use crate::domain::course::Lesson;
use crate::domain::course::track::track_of;
use crate::domain::question::{Choice, Kind, Question};
use crate::domain::sort_by;
use crate::domain::time::{Date, Env};

/// Something that a person wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Say who one is.
    SetProfile(Profile),
    /// Open a lesson.
    OpenLesson(&'a Lesson),
    /// Mark a lesson as read.
    FinishLesson(&'a Lesson),
    /// Answer a question.
    Answer(&'a Question, Choice),
    /// Name a mentor (`None`) or change one.
    SetMentor(Option<EventId>, MentorEntry),
    /// Log a talk (`None`) or change one.
    SetTalk(Option<EventId>, TalkEntry),
    /// Log practice (`None`) or change an entry.
    SetPractice(Option<EventId>, PracticeEntry),
    /// Take an entry out.
    Remove(EventId),
    /// Write the summary.
    WriteSummary(String),
    /// Put oneself on a step of the procedure, or on none.
    TakeStep(String),
    /// Name one's groups.
    ChooseGroups(Vec<String>),
    /// Mark a question or take the mark off, with a note on what is doubtful.
    Mark(String, Mark, bool, String),
    /// Note that a lesson was read for so many seconds.
    SpendTime(&'a Lesson, u32),
    /// Say towards what and how one studies.
    SetPlan(PlanSettings),
    /// Note that a backup was saved.
    NoteBackup,
}

/// Why an action is not done: which field and what is wrong, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The field's name in code (`name`, `date` …), for focus.
    pub field: &'static str,
    /// What the person reads.
    pub message: String,
}

pub(in crate::domain) fn refuse<T>(field: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        field,
        message: message.into(),
    })
}

/// Longest one-line text, in characters.
pub(super) const LINE: usize = 60;
/// Longest note or summary, in characters.
pub(super) const NOTE: usize = 4_000;

impl Study {
    /// Checks an action against the state and the rules and says what happens.
    ///
    /// # Errors
    /// [`Refusal`] with the field and the reason, for the person to read.
    pub fn decide(&self, action: Action<'_>, env: &Env) -> Result<Happening, Refusal> {
        let today = env.now.date();
        let own = |id: Option<EventId>| id.unwrap_or_else(|| EventId::new(env));
        Ok(match action {
            Action::SetProfile(profile) => Happening::ProfileSet(profile_of(profile, today)?),
            Action::OpenLesson(lesson) => Happening::LessonOpened {
                lesson: lesson.id.clone(),
                hash: lesson.hash.clone(),
            },
            Action::FinishLesson(lesson) => Happening::LessonRead {
                lesson: lesson.id.clone(),
                hash: lesson.hash.clone(),
            },
            Action::Answer(question, mut chosen) => match question.grade(&chosen) {
                Ok(correct) => {
                    if question.kind == Kind::Multiple {
                        // A set: in which order it stood on the page says nothing.
                        sort_by(&mut chosen, String::cmp);
                    }
                    Happening::ItemAnswered {
                        question: question.id.clone(),
                        hash: question.content_hash(),
                        chosen,
                        correct,
                        exam: None,
                    }
                }
                Err(why) => return refuse("answer", why.message()),
            },
            Action::SetMentor(id, entry) => {
                let entry = mentor_of(entry, today)?;
                let others = self
                    .serving_mentors()
                    .filter(|(other, _)| Some(*other) != id.as_ref());
                if entry.until.is_none() && others.count() >= 2 {
                    return refuse(
                        "name",
                        "培养联系人为一至两名（发展党员工作细则第九条）；请先给不再担任的一位填写结束日期",
                    );
                }
                Happening::MentorSet { id: own(id), entry }
            }
            Action::SetTalk(id, entry) => {
                let Some(mentor) = self.mentors.get(&entry.mentor) else {
                    return refuse("mentor", "请选择与哪一位培养联系人谈话");
                };
                past(entry.date, today)?;
                if mentor.since.is_some_and(|since| entry.date < since)
                    || mentor.until.is_some_and(|until| entry.date > until)
                {
                    return refuse(
                        "date",
                        format!("这一天{}不是您的培养联系人，请核对日期", mentor.name),
                    );
                }
                let topic = line("topic", "谈话主题", &entry.topic, true)?;
                let notes = note("notes", "谈话记录", &entry.notes, NOTE)?;
                Happening::TalkSet {
                    id: own(id),
                    entry: TalkEntry {
                        topic,
                        notes,
                        ..entry
                    },
                }
            }
            Action::SetPractice(id, entry) => {
                past(entry.date, today)?;
                if entry.minutes > 100_000 {
                    return refuse("minutes", "时长太大，请核对（单位：分钟）");
                }
                let title = line("title", "内容", &entry.title, true)?;
                let place = line("place", "组织单位或地点", &entry.place, false)?;
                let notes = note("notes", "备注", &entry.notes, NOTE)?;
                Happening::PracticeSet {
                    id: own(id),
                    entry: PracticeEntry {
                        title,
                        place,
                        notes,
                        ..entry
                    },
                }
            }
            Action::Remove(id) => {
                if self.talks.values().any(|talk| talk.mentor == id) {
                    return refuse(
                        "name",
                        "这位培养联系人有谈话记录，不能删除；不再担任的，请填写结束日期",
                    );
                }
                Happening::EntryRemoved { id }
            }
            Action::WriteSummary(text) => Happening::SummaryWritten {
                text: note("summary", "个人小结", &text, NOTE)?,
            },
            Action::TakeStep(step) => Happening::StepTaken {
                step: line("step", "步骤", &step, false)?,
            },
            Action::ChooseGroups(groups) => match groups.iter().find(|group| track_of(group).is_none()) {
                Some(group) => return refuse("groups", format!("没有群体“{group}”")),
                None => Happening::GroupsChosen { groups },
            },
            Action::Mark(question, mark, on, text) => Happening::QuestionMarked {
                question,
                mark,
                on,
                note: if on && mark == Mark::Doubtful {
                    note("note", "疑问", &text, NOTE)?
                } else {
                    String::new()
                },
            },
            Action::SpendTime(lesson, seconds) => {
                if seconds < reading::LEAST {
                    return refuse("seconds", "时间太短，不计");
                }
                let seconds = seconds.min(reading::cap(lesson.minutes));
                match seconds.min(self.time_left(today)) {
                    0 => return refuse("seconds", "今天的自报学习时间已到上限"),
                    seconds => Happening::TimeSpent {
                        lesson: lesson.id.clone(),
                        seconds,
                    },
                }
            }
            Action::SetPlan(settings) => match settings.wrong(today) {
                Some((field, why)) => return refuse(field, why),
                None => Happening::PlanSet(settings),
            },
            Action::NoteBackup => Happening::BackedUp,
        })
    }
}

fn profile_of(profile: Profile, today: Date) -> Result<Profile, Refusal> {
    let name = line("name", "姓名", &profile.name, true)?;
    let branch = line("branch", "所在党支部", &profile.branch, true)?;
    let number = line("number", "支部编号", &profile.number, false)?;
    if looks_like_identity_number(&number) {
        return refuse("number", "请不要填写身份证号码；这里只填党支部自己编的号");
    }
    if let (Some(applied), Some(confirmed)) = (profile.applied, profile.confirmed)
        && confirmed < applied
    {
        return refuse(
            "confirmed",
            "确定为入党积极分子的日期早于递交入党申请书的日期，请核对",
        );
    }
    for (field, day) in [("applied", profile.applied), ("confirmed", profile.confirmed)] {
        if day.is_some_and(|day| day > today) {
            return refuse(field, "日期不能晚于今天");
        }
    }
    Ok(Profile {
        name,
        branch,
        number,
        ..profile
    })
}

fn mentor_of(entry: MentorEntry, today: Date) -> Result<MentorEntry, Refusal> {
    let name = line("name", "培养联系人姓名", &entry.name, true)?;
    if entry.since.is_some_and(|day| day > today) {
        return refuse("since", "开始日期不能晚于今天");
    }
    if let (Some(since), Some(until)) = (entry.since, entry.until)
        && until < since
    {
        return refuse("until", "结束日期早于开始日期，请核对");
    }
    Ok(MentorEntry { name, ..entry })
}

/// Refuses a day that has not come yet.
pub(in crate::domain) fn past(date: Date, today: Date) -> Result<(), Refusal> {
    if date > today {
        refuse("date", "日期不能晚于今天")
    } else {
        Ok(())
    }
}

/// Trims a one-line text and refuses control characters, too much, or too little.
pub(in crate::domain) fn line(
    field: &'static str,
    label: &str,
    text: &str,
    needed: bool,
) -> Result<String, Refusal> {
    let text = text.trim();
    if needed && text.is_empty() {
        return refuse(field, format!("请填写{label}"));
    }
    if text.chars().count() > LINE {
        return refuse(field, format!("{label}太长，最多{LINE}个字"));
    }
    if text.chars().any(char::is_control) {
        return refuse(field, format!("{label}含有不能显示的字符"));
    }
    Ok(text.into())
}

/// Trims a text of several lines to what can be shown and refuses more than `most` characters.
pub(in crate::domain) fn note(
    field: &'static str,
    label: &str,
    text: &str,
    most: usize,
) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > most {
        return refuse(field, format!("{label}太长，最多{most}个字"));
    }
    Ok(text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect())
}

/// Eighteen characters, seventeen digits and a digit or X: an identity number (GB 11643).
fn looks_like_identity_number(text: &str) -> bool {
    let text: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    text.len() == 18
        && text[..17].iter().all(char::is_ascii_digit)
        && (text[17].is_ascii_digit() || matches!(text[17], 'x' | 'X'))
}
