//! The study plan, a mentor's reminders and what is due in a branch, for the phone's calendar: iCalendar,
//! RFC 5545.
//!
//! One event for each day of study and one for the exam. An event's UID is that of its day, so
//! that a plan imported again takes the place of the older one, as far as the calendar knows how.

use crate::domain::course::Catalogue;
use crate::domain::mentoring::{JottingKind, next_reviews, reviews};
use crate::domain::roster::Register;
use crate::domain::study::EventId;
use crate::domain::study::plan::PlanDay;
use crate::domain::time::{Date, Moment};

/// The longest line, in octets (RFC 5545, 3.1).
const LINE: usize = 75;

/// When the events are, and whether they ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Hour and minute of the person's own clock at which a day's study begins; all day without.
    pub at: Option<(u8, u8)>,
    /// Minutes before the beginning at which it rings; of an event that lasts all day at eight in
    /// the morning.
    pub alarm: Option<u16>,
}

/// The file's text. `made` is when, for calendars that compare versions.
pub fn ics(plan: &[PlanDay], course: &Catalogue, exam: Option<Date>, timing: Timing, made: Moment) -> String {
    let mut out = Calendar::new("Study plan", "学档学习计划", "plan", made);
    for day in plan {
        let mut parts = Vec::new();
        for (count, what) in [
            (day.lessons.len() as u32, "课"),
            (day.new_questions, "道新题"),
            (day.reviews, "道复习题"),
        ] {
            if count > 0 {
                parts.push(format!("{count}{what}"));
            }
        }
        let mut text = String::new();
        for id in &day.lessons {
            if let Some((_, lesson)) = course.lesson(id) {
                text.push_str(&format!("读《{}》\n", lesson.title));
            }
        }
        text.push_str(&format!("约{}分钟，按计划当时的进度估算。", day.minutes));
        out.begin(
            &day.date.to_string(),
            &format!("学档：{}", parts.join("、")),
            &text,
        );
        out.when(day.date, timing.at.map(|at| (at, day.minutes)));
        if let Some(minutes) = timing.alarm {
            out.alarm(timing.at.is_some(), minutes);
        }
        out.line("END:VEVENT");
    }
    if let Some(exam) = exam {
        out.begin("exam", "考试或培训班（学档中设定的日期）", "");
        out.when(exam, None);
        out.line("END:VEVENT");
    }
    out.line("END:VCALENDAR");
    out.text
}

/// A mentor's reminders as a file's text: of everybody, or of one person. For each the next two days on
/// which the branch's half-year review is due (细则 Art. 11), the one that is overdue today, and what
/// the mentor wants to remember. The days carry names, as the screen says before it is saved.
pub fn mentor_ics(register: &Register, only: Option<&EventId>, made: Moment) -> String {
    let today = made.date();
    let mut out = Calendar::new("Mentor", "学档培养联系人提醒", "mentor", made);
    for (holder, member) in register.sorted() {
        if only.is_some_and(|only| only != holder) {
            continue;
        }
        let body = &member.record.body;
        let mentoring = register.mentoring.get(holder);
        let name = body.person.name();
        if let Some(rhythm) = reviews(body, mentoring, today) {
            const ABOUT: &str = "党支部每半年对入党积极分子进行一次考察（细则第十一条）。按记录里的确定日期推算，以党支部的安排为准。";
            let overdue = rhythm.overdue().map(|period| period.due);
            for (due, day) in overdue
                .map(|due| (due, today))
                .into_iter()
                .chain(next_reviews(&rhythm).into_iter().map(|due| (due, due)))
            {
                let title = if due < today {
                    format!("{name}：半年考察 {due} 到期，没有记")
                } else {
                    format!("{name}：半年考察到期")
                };
                // The same day whenever it is exported, so that it takes the place of itself.
                out.begin(&format!("review-{due}-{holder}"), &title, ABOUT);
                out.when(day, None);
                out.alarm(false, 0);
                out.line("END:VEVENT");
            }
        }
        let reminders = mentoring.map(|mentoring| mentoring.of(JottingKind::Reminder));
        for reminder in reminders.into_iter().flatten() {
            out.begin(&reminder.id.0, &format!("{name}：{}", reminder.text), "");
            out.when(reminder.date, None);
            out.alarm(false, 0);
            out.line("END:VEVENT");
        }
    }
    out.line("END:VCALENDAR");
    out.text
}

/// Something that is due, for a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEvent {
    /// What it is called by whenever it is exported.
    pub uid: String,
    /// The day.
    pub day: Date,
    /// Its title.
    pub title: String,
    /// What is to be known of it.
    pub text: String,
}

/// What is due as a file's text: each thing an event that lasts all day and rings, if at all, at eight
/// in the morning so many days before, or on the day itself when that is nearer. The events carry names, as the screen says before it is saved.
pub fn due_ics(events: &[DueEvent], alarm: Option<u16>, made: Moment) -> String {
    let mut out = Calendar::new("Due", "学档党支部到期提醒", "due", made);
    for event in events {
        out.begin(&event.uid, &event.title, &event.text);
        out.when(event.day, None);
        if let Some(days) = alarm {
            // What is nearer than that rings on the day: a time that has passed rings never.
            let left = event.day.days() - made.date().days();
            out.alarm_before(if i64::from(days) > left { 0 } else { days });
        }
        out.line("END:VEVENT");
    }
    out.line("END:VCALENDAR");
    out.text
}

struct Calendar {
    text: String,
    made: String,
    sequence: i64,
    /// Its name, said by alarms too.
    name: &'static str,
    /// What UIDs end in.
    place: &'static str,
}

impl Calendar {
    fn new(product: &str, name: &'static str, place: &'static str, made: Moment) -> Self {
        let mut out = Self {
            text: String::new(),
            made: utc(made),
            sequence: made.ms.max(0) / 60_000,
            name,
            place,
        };
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line(&format!("PRODID:-//Xuedang//{product}//ZH"));
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        out.line(&format!("X-WR-CALNAME:{name}"));
        out
    }

    fn begin(&mut self, uid: &str, summary: &str, description: &str) {
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{uid}@{}.xuedang", self.place));
        self.line(&format!("DTSTAMP:{}", self.made));
        self.line(&format!("SEQUENCE:{}", self.sequence));
        self.line(&format!("SUMMARY:{}", escaped(summary)));
        if !description.is_empty() {
            self.line(&format!("DESCRIPTION:{}", escaped(description)));
        }
        // It keeps nobody from making other appointments.
        self.line("TRANSP:TRANSPARENT");
    }

    /// All that day, or at an hour and minute of the person's own clock for so many minutes.
    fn when(&mut self, day: Date, at: Option<((u8, u8), u32)>) {
        let date = day.compact();
        match at {
            Some(((hour, minute), minutes)) => {
                self.line(&format!("DTSTART:{date}T{:02}{:02}00", hour % 24, minute % 60));
                self.line(&format!("DURATION:PT{minutes}M"));
            }
            None => {
                let next = Date::from_days(day.days() + 1).unwrap_or(day);
                self.line(&format!("DTSTART;VALUE=DATE:{date}"));
                self.line(&format!("DTEND;VALUE=DATE:{}", next.compact()));
            }
        }
    }

    fn alarm(&mut self, timed: bool, minutes: u16) {
        self.line("BEGIN:VALARM");
        self.line("ACTION:DISPLAY");
        self.line(&format!("DESCRIPTION:{}", self.name));
        if timed {
            self.line(&format!("TRIGGER:-PT{minutes}M"));
        } else {
            self.line("TRIGGER:PT8H");
        }
        self.line("END:VALARM");
    }

    /// At eight in the morning, so many days before an event that lasts all day.
    fn alarm_before(&mut self, days: u16) {
        if days == 0 {
            return self.alarm(false, 0);
        }
        self.line("BEGIN:VALARM");
        self.line("ACTION:DISPLAY");
        self.line(&format!("DESCRIPTION:{}", self.name));
        self.line(&format!("TRIGGER:-PT{}H", u32::from(days) * 24 - 8));
        self.line("END:VALARM");
    }

    /// A content line, folded: what goes on begins with a space, and no character is cut.
    fn line(&mut self, text: &str) {
        let mut octets = 0;
        for c in text.chars() {
            if octets + c.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(c);
            octets += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// A TEXT value (3.3.11). Other control characters have no place in one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// `20261125T021500Z`.
fn utc(moment: Moment) -> String {
    let text = Moment { tz: 0, ..moment }.rfc3339();
    text.chars()
        .filter(|c| !"-:".contains(*c))
        .take(15)
        .chain(['Z'])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::course::{Lesson, Module};
    use proptest::prelude::*;

    const MADE: Moment = Moment {
        ms: 1_795_572_900_000,
        tz: 480,
    };

    fn course(titles: &[&str]) -> Catalogue {
        let lesson = |(number, title): (usize, &&str)| Lesson {
            id: format!("l{number}"),
            title: (*title).into(),
            minutes: 10,
            hash: String::new(),
            body: String::new(),
            tracks: Vec::new(),
            count: 0,
            questions: Vec::new(),
        };
        Catalogue {
            version: String::new(),
            modules: vec![Module {
                id: "m".into(),
                number: 1,
                title: String::new(),
                summary: String::new(),
                policy: Vec::new(),
                lessons: titles.iter().enumerate().map(lesson).collect(),
                bank: String::new(),
            }],
            pages: Vec::new(),
            search: String::new(),
            refs: String::new(),
        }
    }

    fn day(date: &str, lessons: &[&str], new_questions: u32, reviews: u32) -> PlanDay {
        PlanDay {
            date: Date::parse(date).unwrap(),
            lessons: lessons.iter().map(|id| (*id).into()).collect(),
            new_questions,
            reviews,
            minutes: 25,
        }
    }

    /// Unfolded lines, as RFC 5545 has them read.
    fn lines(text: &str) -> Vec<String> {
        let unfolded = text.replace("\r\n ", "");
        unfolded.split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_day_of_study_is_an_event() {
        let plan = [day("2026-12-31", &["l0"], 10, 15)];
        let text = ics(
            &plan,
            &course(&["党章; 总纲"]),
            Date::parse("2027-01-10"),
            Timing::default(),
            MADE,
        );
        assert_eq!(
            lines(&text),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Xuedang//Study plan//ZH",
                "CALSCALE:GREGORIAN",
                "METHOD:PUBLISH",
                "X-WR-CALNAME:学档学习计划",
                "BEGIN:VEVENT",
                "UID:2026-12-31@plan.xuedang",
                "DTSTAMP:20261125T021500Z",
                "SEQUENCE:29926215",
                "SUMMARY:学档：1课、10道新题、15道复习题",
                "DESCRIPTION:读《党章\\; 总纲》\\n约25分钟，按计划当时的进度估算。",
                "TRANSP:TRANSPARENT",
                "DTSTART;VALUE=DATE:20261231",
                "DTEND;VALUE=DATE:20270101",
                "END:VEVENT",
                "BEGIN:VEVENT",
                "UID:exam@plan.xuedang",
                "DTSTAMP:20261125T021500Z",
                "SEQUENCE:29926215",
                "SUMMARY:考试或培训班（学档中设定的日期）",
                "TRANSP:TRANSPARENT",
                "DTSTART;VALUE=DATE:20270110",
                "DTEND;VALUE=DATE:20270111",
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        );
    }

    #[test]
    fn at_an_hour_it_lasts_as_long_as_it_takes_and_may_ring() {
        let plan = [day("2026-11-25", &[], 0, 3)];
        let with = |at, alarm| {
            let text = ics(&plan, &course(&[]), None, Timing { at, alarm }, MADE);
            lines(&text)
        };
        let evening = with(Some((19, 5)), Some(10));
        for line in ["DTSTART:20261125T190500", "DURATION:PT25M", "TRIGGER:-PT10M"] {
            assert!(evening.contains(&line.to_owned()), "{line} {evening:?}");
        }
        assert!(with(None, Some(10)).contains(&"TRIGGER:PT8H".to_owned()));
        assert!(!with(Some((19, 5)), None).contains(&"BEGIN:VALARM".to_owned()));
    }

    #[test]
    fn what_is_made_later_replaces_what_was_made_before() {
        let made = |ms| {
            let plan = [day("2026-11-25", &[], 0, 3)];
            let made = Moment { ms, ..MADE };
            lines(&ics(&plan, &course(&[]), None, Timing::default(), made))
        };
        let (older, newer) = (made(MADE.ms), made(MADE.ms + 60_000));
        assert_eq!(older[7], newer[7], "the same UID");
        assert!(older[9] < newer[9], "a higher sequence");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_nothing_is_lost(title in "[\\PC\n\r;,\\\\]{0,120}") {
            let plan = [day("2026-11-25", &["l0"], 1, 0)];
            let text = ics(&plan, &course(&[&title]), None, Timing::default(), MADE);
            for line in text.split_terminator("\r\n") {
                prop_assert!(line.len() <= 75, "{line}");
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let all = lines(&text);
            let read = all.iter().find_map(|line| line.strip_prefix("DESCRIPTION:")).unwrap();
            let mut back = String::new();
            let mut chars = read.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => back.push(match chars.next() {
                        Some('n') => '\n',
                        other => other.unwrap(),
                    }),
                    ';' | ',' => prop_assert!(false, "{read}"),
                    c => back.push(c),
                }
            }
            let title: String = title.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            let wanted = format!("读《{title}》\n");
            prop_assert!(back.starts_with(&wanted));
        }
    }
}
