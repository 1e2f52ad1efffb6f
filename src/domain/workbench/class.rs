//! Classes of concentrated training, 短期集中培训 (policy items (六)–(八), rules Art. 17): who takes part, and
//! what people have typed of each. What somebody has studied alone never counts here: [`Preparation`] is
//! made of records and shown beside, and nothing of a class is ever computed from it.

use crate::domain::branch::PersonId;
use crate::domain::record::TrainingRecord;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// What it is called.
    pub name: String,
    /// Who holds it: a primary committee, or a county committee's organisation department.
    pub organiser: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Its study hours, 学时, as it is planned.
    pub hours: u16,
    /// Who takes part, in the order in which they were put down.
    #[serde(default)]
    pub pupils: Vec<Pupil>,
}

/// Somebody in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pupil {
    /// Who.
    pub person: PersonId,
    /// What was typed.
    #[serde(default)]
    pub line: PupilLine,
}

/// What people have typed of somebody in a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PupilLine {
    /// Days attended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Study hours attended. Never what was studied alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u16>,
    /// The mark, as the class gives it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// The appraisal, in people's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub appraisal: String,
    /// Whether the class was completed, as people have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
}

/// What happens in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassDeed {
    /// Its particulars are now these; who takes part stays.
    Changed(Class),
    /// People were put down, those who were not yet.
    Enrolled(Vec<PersonId>),
    /// Somebody was taken off, with what was typed.
    Left(PersonId),
    /// What is typed of somebody, whole.
    Marked {
        /// Of whom.
        person: PersonId,
        /// What.
        line: PupilLine,
    },
}

/// The most days and study hours that can be typed: what is more is a slip of the keys.
const MOST_DAYS: u16 = 366;
const MOST_HOURS: u16 = 2_000;
/// The most characters of a mark, of an appraisal, and of a name or a place.
const MOST_MARK: usize = 40;
const MOST_APPRAISAL: usize = 2_000;
const MOST_NAME: usize = 100;
/// The days and study hours of the rules, one of which is enough (Art. 17, in both editions).
pub const LEAST: (u16, u16) = (3, 24);

/// A class in a few figures, all of them of what people have typed in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Who takes part.
    pub pupils: usize,
    /// Of whom anything is typed.
    pub typed: usize,
    /// Of whom it was said that they completed it.
    pub completed: usize,
    /// Of whom it was said that they did not.
    pub not_completed: usize,
    /// Days attended, of all together.
    pub days: u32,
    /// Study hours attended, of all together.
    pub hours: u32,
}

impl PupilLine {
    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What cannot be kept: field and reason.
    pub fn refused(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if self.days.is_some_and(|days| days > MOST_DAYS) {
            found.push(("days", format!("天数太大，最多 {MOST_DAYS}")));
        }
        if self.hours.is_some_and(|hours| hours > MOST_HOURS) {
            found.push(("hours", format!("学时太大，最多 {MOST_HOURS}")));
        }
        for (field, text, most) in [
            ("mark", &self.mark, MOST_MARK),
            ("appraisal", &self.appraisal, MOST_APPRAISAL),
        ] {
            if text.chars().count() > most {
                found.push((field, format!("最多 {most} 个字")));
            }
        }
        found
    }
}

impl Class {
    /// What cannot be: field and reason.
    pub fn refused(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (field, text, what) in [
            ("name", &self.name, "班次名称"),
            ("organiser", &self.organiser, "主办单位"),
        ] {
            if text.is_empty() {
                found.push((field, format!("请填{what}")));
            }
        }
        for (field, text) in [
            ("name", &self.name),
            ("organiser", &self.organiser),
            ("place", &self.place),
        ] {
            if text.chars().count() > MOST_NAME {
                found.push((field, format!("最多 {MOST_NAME} 个字")));
            }
        }
        if self.until < self.from {
            found.push(("until", "结束日期比开始日期早，请核对".into()));
        } else if self.length() > i64::from(MOST_DAYS) {
            found.push(("until", "前后超过一年，请核对".into()));
        }
        if !(1..=MOST_HOURS).contains(&self.hours) {
            found.push(("hours", format!("请填 1 到 {MOST_HOURS} 的整数")));
        }
        found
    }

    /// Days from the first to the last, both counted.
    pub fn length(&self) -> i64 {
        self.until.days() - self.from.days() + 1
    }

    /// What is to be looked at in the class's own particulars; `least` as the unit has arranged it.
    pub fn remarks(&self, least: (u16, u16)) -> Vec<String> {
        let mut found = Vec::new();
        if self.length() < i64::from(least.0) && self.hours < least.1 {
            found.push(format!(
                "前后 {} 天、{} 学时，不到 {} 天或者 {} 学时（细则第十七条规定一般不少于三天或者二十四个学时{}），请核对",
                self.length(),
                self.hours,
                least.0,
                least.1,
                if least == LEAST { "" } else { "，本单位另有更严的规定" }
            ));
        }
        found
    }

    /// What is to be looked at in what was typed of somebody. People may know better: nothing of it
    /// keeps a line from being saved.
    pub fn remarks_of(&self, line: &PupilLine, least: (u16, u16), today: Date) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(hours) = line.hours.filter(|hours| *hours > self.hours) {
            found.push(format!("出勤学时 {hours} 比班次学时 {} 多", self.hours));
        }
        if let Some(days) = line.days.filter(|days| i64::from(*days) > self.length()) {
            found.push(format!("出勤天数 {days} 比前后 {} 天多", self.length()));
        }
        if line.completed == Some(true) {
            let (days, hours) = (line.days.unwrap_or_default(), line.hours.unwrap_or_default());
            if line.days.is_none() && line.hours.is_none() {
                found.push("填了结业，还没有填出勤天数和学时".into());
            } else if days < least.0 && hours < least.1 {
                found.push(format!(
                    "填了结业，出勤不到 {} 天，也不到 {} 学时",
                    least.0, least.1
                ));
            }
            if today < self.until {
                found.push("填了结业，班次还没有结束".into());
            }
        }
        found
    }

    /// The class in a few figures.
    pub fn sums(&self) -> Sums {
        let mut sums = Sums {
            pupils: self.pupils.len(),
            ..Sums::default()
        };
        for Pupil { line, .. } in &self.pupils {
            sums.typed += usize::from(!line.is_empty());
            sums.completed += usize::from(line.completed == Some(true));
            sums.not_completed += usize::from(line.completed == Some(false));
            sums.days += u32::from(line.days.unwrap_or_default());
            sums.hours += u32::from(line.hours.unwrap_or_default());
        }
        sums
    }

    /// Somebody in the class.
    pub fn pupil(&self, person: &PersonId) -> Option<&Pupil> {
        self.pupils.iter().find(|pupil| pupil.person == *person)
    }

    /// Folds something in.
    pub(super) fn apply(&mut self, deed: &ClassDeed) {
        match deed {
            ClassDeed::Changed(class) => {
                let pupils = std::mem::take(&mut self.pupils);
                *self = Self {
                    pupils,
                    ..class.clone()
                };
            }
            ClassDeed::Enrolled(people) => {
                for person in people {
                    if self.pupil(person).is_none() {
                        self.pupils.push(Pupil {
                            person: person.clone(),
                            line: PupilLine::default(),
                        });
                    }
                }
            }
            ClassDeed::Left(person) => self.pupils.retain(|pupil| pupil.person != *person),
            ClassDeed::Marked { person, line } => {
                let mut pupils = self.pupils.iter_mut();
                if let Some(pupil) = pupils.find(|pupil| pupil.person == *person) {
                    pupil.line = line.clone();
                }
            }
        }
    }
}

/// What stands above everything that somebody has studied alone, wherever a class is shown.
pub const ALONE: &str = "自学（自报），不计入集中培训学时";

/// How somebody has prepared, by the newest record that was handed in: beside a class, never of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// The day of the record.
    pub made: Date,
    /// Lessons read, of how many; none when not handed in.
    #[serde(default)]
    pub lessons: Option<(u32, u32)>,
    /// Questions answered, and of those rightly the last time.
    #[serde(default)]
    pub questions: Option<(u32, u32)>,
    /// Mock exams taken, and passed.
    #[serde(default)]
    pub exams: Option<(u32, u32)>,
    /// Minutes studied alone, self-declared.
    #[serde(default)]
    pub minutes: Option<u32>,
}

impl Preparation {
    /// What a record says.
    pub fn of(record: &TrainingRecord) -> Self {
        let body = &record.body;
        let total = body.study.as_ref().map(|study| study.progress.total);
        let exams = body.exams.as_ref();
        Self {
            made: body.made_at.date(),
            lessons: total.map(|total| (total.lessons_read, total.lessons)),
            questions: total.map(|total| (total.answered, total.correct)),
            exams: exams.map(|exams| (exams.len() as u32, body.exams_passed() as u32)),
            minutes: body.time.map(|time| time.minutes),
        }
    }

    /// Lessons, questions and exams, in words.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        if let Some((read, all)) = self.lessons {
            parts.push(format!("读课 {read}/{all}"));
        }
        if let Some((answered, right)) = self.questions {
            parts.push(format!("答题 {answered}，答对 {right}"));
        }
        if let Some((taken, passed)) = self.exams {
            parts.push(format!("模拟考试 {taken} 次，及格 {passed} 次"));
        }
        if parts.is_empty() {
            "本人未导出".into()
        } else {
            parts.join("；")
        }
    }

    /// The time, in words: never in 学时, which are those of a class.
    pub fn time(&self) -> String {
        match self.minutes {
            None => "本人未导出".into(),
            Some(minutes) if minutes < 60 => format!("{minutes} 分钟"),
            Some(minutes) => format!("{} 小时 {} 分钟", minutes / 60, minutes % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class() -> Class {
        let day = |text: &str| Date::parse(text).unwrap();
        Class {
            name: "2026年下半年发展对象培训班".into(),
            organiser: "学院党委".into(),
            from: day("2026-11-20"),
            until: day("2026-11-22"),
            place: String::new(),
            hours: 24,
            pupils: Vec::new(),
        }
    }

    #[test]
    fn what_is_odd_is_said_and_what_cannot_be_is_refused() {
        let (today, class) = (Date::parse("2026-11-25").unwrap(), class());
        assert_eq!(class.refused(), []);
        assert_eq!(class.remarks(LEAST), Vec::<String>::new());
        let line = |days, hours, completed| PupilLine {
            days,
            hours,
            completed,
            ..PupilLine::default()
        };
        let remarks = |line: &PupilLine| class.remarks_of(line, LEAST, today);
        assert!(remarks(&line(Some(3), Some(24), Some(true))).is_empty());
        assert_eq!(remarks(&line(Some(4), Some(25), None)).len(), 2);
        // One of the two is enough.
        assert!(remarks(&line(Some(3), None, Some(true))).is_empty());
        assert!(remarks(&line(None, Some(24), Some(true))).is_empty());
        assert_eq!(remarks(&line(Some(2), Some(16), Some(true))).len(), 1);
        assert_eq!(remarks(&line(None, None, Some(true))).len(), 1);
        assert_eq!(
            class.remarks_of(
                &line(Some(3), None, Some(true)),
                LEAST,
                Date::parse("2026-11-21").unwrap()
            ),
            ["填了结业，班次还没有结束"]
        );
        // Nobody is told that somebody has not completed it.
        assert!(remarks(&line(Some(1), Some(8), Some(false))).is_empty());
        assert_eq!(line(Some(400), Some(3_000), None).refused().len(), 2);
        let short = Class {
            until: class.from,
            hours: 8,
            ..class.clone()
        };
        assert_eq!(short.remarks(LEAST).len(), 1);
        let none = Class {
            name: String::new(),
            organiser: String::new(),
            until: class.from.add_days(-1),
            hours: 0,
            ..class
        };
        let fields: Vec<_> = none.refused().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "organiser", "until", "hours"]);
    }
}
