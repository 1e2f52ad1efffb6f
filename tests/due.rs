//! What is due, against a table of cases that were written from the rules; the holidays as they are
//! shipped; the articles against `content/procedure/`; and what must hold whatever the dates.
#![cfg(all(feature = "pack", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use proptest::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use xuedang::domain::course::clause;
use xuedang::domain::due::article::{Edition, Rule};
use xuedang::domain::due::facts::{Facts, Fitness, Mentor, Notice, Sponsor, Training};
use xuedang::domain::due::local::{Draft, Local};
use xuedang::domain::due::workdays::{Holidays, WorkCalendar};
use xuedang::domain::due::{Due, Kind, Stands, What, due};
use xuedang::domain::procedure::holiday::holidays;
use xuedang::domain::standing::{Milestones, State, Stretch};
use xuedang::domain::time::Date;
use xuedang::format::content::{ContentFile, read};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn content(names: &[&str]) -> xuedang::domain::course::lint::draft::CourseDraft {
    let files: Vec<ContentFile> = names
        .iter()
        .map(|name| ContentFile {
            path: (*name).into(),
            bytes: fs::read(root().join("content").join(name)).unwrap(),
        })
        .collect();
    read(&files).course
}

fn shipped() -> Holidays {
    let draft = content(&["holidays.toml"]).holidays;
    let notices: Vec<_> = draft.notices.iter().map(|draft| draft.what.clone()).collect();
    holidays(&notices, &draft.entries.things())
}

static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(|| WorkCalendar::new(&shipped()));

fn day(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("no day: {text}"))
}

// ---- the table

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    id: String,
    today: String,
    state: String,
    born: Option<Date>,
    applied: Option<Date>,
    talked: Option<Date>,
    confirmed: Option<Date>,
    pauses: Vec<Vec<Date>>,
    gaps: Vec<Vec<Date>>,
    mentors: Vec<MentorCase>,
    reviews: Vec<Date>,
    thought_reports: Vec<Date>,
    agreed: Option<Date>,
    notice: Option<NoticeCase>,
    mobile: bool,
    listed: Option<Date>,
    sponsors: Vec<SponsorCase>,
    training: Vec<TrainingCase>,
    leaving: Option<Date>,
    prereviewed: Option<Date>,
    admitted: Option<Date>,
    approved: Option<Date>,
    sworn: Option<Date>,
    extended: Option<(Date, Date)>,
    moved_in: Option<Date>,
    postponed: bool,
    requested: Option<Date>,
    passed_full: Option<Date>,
    local: Draft,
    only: Option<Vec<String>>,
    want: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MentorCase {
    name: String,
    since: Option<Date>,
    until: Option<Date>,
    unable: Option<Date>,
    full_member: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeCase {
    from: Date,
    until: Option<Date>,
    #[serde(default)]
    both_places: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SponsorCase {
    name: String,
    #[serde(default)]
    fitness: String,
    full_member: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingCase {
    on: Date,
    days: u16,
    hours: u16,
}

fn state(code: &str) -> State {
    State::ALL.into_iter().find(|state| state.code() == code).unwrap()
}

impl Case {
    fn facts(&self) -> Facts {
        let stretches = |pairs: &[Vec<Date>]| -> Vec<Stretch> {
            let pair = |pair: &Vec<Date>| Stretch {
                from: pair[0],
                until: pair.get(1).copied(),
            };
            pairs.iter().map(pair).collect()
        };
        Facts {
            id: self.id.clone(),
            state: state(&self.state),
            stones: Milestones {
                applied: self.applied,
                confirmed: self.confirmed,
                pauses: stretches(&self.pauses),
                gaps: stretches(&self.gaps),
                listed: self.listed,
                admitted: self.admitted,
                approved: self.approved,
                extended: self.extended,
                moved_in_on_probation: self.moved_in,
                passed_full: self.passed_full,
                ..Milestones::default()
            },
            born: self.born,
            talked: self.talked,
            mentors: self
                .mentors
                .iter()
                .map(|mentor| Mentor {
                    name: mentor.name.clone(),
                    since: mentor.since,
                    until: mentor.until,
                    unable: mentor.unable,
                    full_member: mentor.full_member,
                })
                .collect(),
            reviews: self.reviews.clone(),
            thought_reports: self.thought_reports.clone(),
            mentor_notes: Vec::new(),
            agreed: self.agreed,
            notice: self.notice.as_ref().map(|notice| Notice {
                from: notice.from,
                until: notice.until,
                both_places: notice.both_places,
            }),
            mobile: self.mobile,
            sponsors: self
                .sponsors
                .iter()
                .map(|sponsor| Sponsor {
                    name: sponsor.name.clone(),
                    fitness: match sponsor.fitness.as_str() {
                        "not-advisable" => Fitness::NotAdvisable,
                        "barred" => Fitness::Barred,
                        _ => Fitness::Fit,
                    },
                    full_member: sponsor.full_member,
                })
                .collect(),
            training: self
                .training
                .iter()
                .map(|class| Training {
                    on: class.on,
                    days: class.days,
                    hours: class.hours,
                })
                .collect(),
            prereviewed: self.prereviewed,
            leaving: self.leaving,
            sworn: self.sworn,
            requested: self.requested,
            postponed: self.postponed,
        }
    }
}

fn line(due: &Due) -> String {
    let kind = match due.kind {
        Kind::Deadline => "deadline",
        Kind::Minimum => "minimum",
        Kind::Standing => "standing",
    };
    let day = due.day.map_or("-".into(), |day| day.to_string());
    let (source, clause) = due
        .article
        .map_or(("-", "-"), |article| (article.edition.source(), article.clause));
    let mut line = format!("{} {kind} {day} {source} {clause}", due.what.code());
    for (flag, word) in [(due.provisional, " provisional"), (due.local, " local")] {
        if flag {
            line.push_str(word);
        }
    }
    line
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for name in ["applicant", "activist", "prospect", "probationer"] {
        let path = root().join(format!("tests/fixtures/due/{name}.toml"));
        let table: Table = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        all.extend(table.case);
    }
    all
}

#[test]
fn the_table_holds() {
    let cases = cases();
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "an id twice");
    let mut wrong = Vec::new();
    let mut seen: BTreeSet<What> = BTreeSet::new();
    for case in &cases {
        let local = Local::new(case.local.clone()).unwrap();
        let found = due(&case.facts(), day(&case.today), &CALENDAR, &local);
        let looked_at = |due: &&Due| match &case.only {
            Some(only) => only.iter().any(|what| what == due.what.code()),
            None => true,
        };
        for due in &found {
            seen.insert(due.what);
            assert!(due.why.chars().count() >= 6, "{}: {due:?}", case.id);
        }
        let mut got: Vec<String> = found.iter().filter(looked_at).map(line).collect();
        let mut want = case.want.clone();
        got.sort();
        want.sort();
        if got != want {
            wrong.push(format!("{}:\n  got  {got:#?}\n  want {want:#?}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    let unseen: Vec<&str> = What::ALL
        .into_iter()
        .filter(|what| !seen.contains(what))
        .map(What::code)
        .collect();
    assert_eq!(unseen, Vec::<&str>::new(), "no case shows it");
}

/// What people read: the figures that are in no other column.
#[test]
fn the_reasons_name_what_was_counted() {
    let why = |id: &str, what: What| {
        let case = cases().into_iter().find(|case| case.id == id).unwrap();
        let local = Local::new(case.local.clone()).unwrap();
        let lines = due(&case.facts(), day(&case.today), &CALENDAR, &local);
        lines.into_iter().find(|line| line.what == what).unwrap().why
    };
    assert_eq!(
        why("year-pause-counts-on", What::Cultivation),
        "从2026年6月1日确定为入党积极分子算起，培养教育一年以上才能列为发展对象；满了不会自动列为；\
         其间暂停培养61天、转接空档0天，培养教育时间可以连续计算，是否扣除由党组织认定，扣除的话到2027年8月1日"
    );
    assert_eq!(
        why("notice-plain-monday", What::NoticeRuns),
        "2026年9月7日贴出公示，从第二天数起，到这一天结束满五个工作日；当天也算的话是2026年9月11日，条文没有写"
    );
    assert_eq!(
        why("review-missed-two", What::ReviewsMissed),
        "有2个半年没有考察记录，分别到2026-12-01、2027-06-01为止；已经考察过的请补记日期"
    );
    assert_eq!(
        why("notice-seven-calendar-days-over-a-holiday", What::NoticeShort),
        "公示写到2026年10月7日为止，从第二天数起只有0个工作日，不够五个"
    );
    assert_eq!(
        why("meeting-2014-still-open-in-2026", What::Meeting),
        "从2026年5月10日算起，当时适用的文本没有写期限；现行细则要求预审合格后一个月内提交党支部党员大会讨论，\
         以前开始的从哪天算，条文没有写，请尽快安排"
    );
    assert_eq!(
        why("training-two-short-ones", What::Training),
        "基层党委或者县级党委组织部门组织，一般不少于三天或者不少于二十四个学时；记到的2次合计4天、24学时，\
         没有一次够；几次能不能合计由党组织认定。自学不算"
    );
}

#[test]
fn a_line_stands_ahead_overdue_or_reached() {
    let find = |id: &str, what: What, today: &str| {
        let case = cases().into_iter().find(|case| case.id == id).unwrap();
        let lines = due(&case.facts(), day(today), &CALENDAR, &Local::default());
        let line = lines.into_iter().find(|line| line.what == what).unwrap();
        line.stands(day(today))
    };
    assert_eq!(find("talk-01", What::Talk, "2026-06-11"), Stands::Ahead(0));
    assert_eq!(find("talk-01", What::Talk, "2026-06-12"), Stands::Overdue(1));
    assert_eq!(find("year-1", What::Cultivation, "2027-05-31"), Stands::Ahead(1));
    assert_eq!(find("year-1", What::Cultivation, "2027-06-01"), Stands::Reached);
    // The fifth working day must be over.
    assert_eq!(
        find("notice-plain-monday", What::NoticeRuns, "2026-09-14"),
        Stands::Ahead(0)
    );
    assert_eq!(
        find("notice-plain-monday", What::NoticeRuns, "2026-09-15"),
        Stands::Reached
    );
    assert_eq!(
        find("mentors-none", What::MentorNone, "2026-06-20"),
        Stands::Standing
    );
}

// ---- the holidays as they are shipped

/// For every weekday off, a weekend day is worked, but for the days that the law gives: eleven up to
/// 2024, thirteen since. 2015 had the victory's 70th anniversary, 2020 two days more in the epidemic.
#[test]
fn every_year_s_holidays_add_up_to_the_law_s() {
    let draft = content(&["holidays.toml"]).holidays;
    let years: BTreeMap<&str, u16> = draft
        .notices
        .iter()
        .map(|draft| (draft.what.number.as_str(), draft.what.year))
        .collect();
    let mut given: BTreeMap<u16, i32> = BTreeMap::new();
    for entry in draft.entries.things() {
        let sum = given.entry(years[entry.notice.as_str()]).or_default();
        let (mut date, last) = (day(&entry.first), day(&entry.last));
        while date <= last {
            *sum += i32::from(date.weekday() < 5);
            date = date.add_days(1);
        }
        *sum -= entry.work.len() as i32;
    }
    let want: BTreeMap<u16, i32> = (2014..=2026)
        .map(|year| {
            let law = if year >= 2025 { 13 } else { 11 };
            let more = match year {
                2015 => 1,
                2020 => 2,
                _ => 0,
            };
            (year, law + more)
        })
        .collect();
    assert_eq!(given, want);
    assert_eq!(CALENDAR.years()[&2026], ["国办发明电〔2025〕7号"]);
}

// ---- the articles

/// Every article that a date is computed by is one that the procedure of that edition cites, or, of what
/// the procedure does not speak of as a step, one that the edition has.
#[test]
fn the_articles_are_those_of_the_procedure() {
    let course = content(&["sources.toml", "procedure/2014.toml", "procedure/2026.toml"]);
    for edition in [Edition::Xize2014, Edition::Xize2026] {
        let draft = course
            .procedures
            .iter()
            .find(|draft| draft.source == edition.source())
            .unwrap();
        let procedure = draft.procedure();
        let cited: BTreeSet<&str> = procedure
            .steps
            .iter()
            .flat_map(|step| &step.cite)
            .filter(|cite| cite.source == edition.source())
            .map(|cite| cite.clause.as_str())
            .collect();
        let sources = &course.sources;
        let source = sources.iter().find(|draft| draft.source.id == edition.source());
        for rule in Rule::ALL {
            let Some(article) = rule.article(edition) else {
                continue;
            };
            assert!(cited.contains(article.clause), "{rule:?}: {}", article.label());
            clause::parse(article.clause, &source.unwrap().source).unwrap();
        }
        // Where the procedure names the step, the article is that step's.
        for (step, rule) in [
            ("talk", Rule::Talk),
            ("recommend", Rule::Activist),
            ("mentor", Rule::Mentors),
            ("review", Rule::Review),
            ("handover", Rule::Handover),
            ("prospect-discuss", Rule::Prospect),
            ("notice", Rule::Notice),
            ("sponsors", Rule::Sponsors),
            ("training", Rule::Training),
            ("prereview", Rule::Leaving),
            ("meeting", Rule::Meeting),
            ("meeting", Rule::Vote),
            ("approve", Rule::Approval),
            ("oath", Rule::Oath),
            ("probation", Rule::Probation),
            ("full-meeting", Rule::Full),
            ("full-approve", Rule::FullApproval),
            ("full-meeting", Rule::Transferred),
        ] {
            let found = procedure.steps.iter().find(|known| known.id == step);
            let article = rule.article(edition);
            assert_eq!(found.is_some(), article.is_some(), "{step} {edition:?}");
            if let (Some(found), Some(article)) = (found, article) {
                let clauses: Vec<&str> = found.cite.iter().map(|cite| cite.clause.as_str()).collect();
                assert!(
                    clauses.contains(&article.clause),
                    "{step}: {} not in {clauses:?}",
                    article.clause
                );
            }
        }
    }
}

// ---- what must hold whatever the dates

/// Days from 2010 to 2037.
fn any_day() -> impl Strategy<Value = Date> {
    (14_610i64..24_837).prop_map(|days| Date::from_days(days).unwrap())
}

fn any_state() -> impl Strategy<Value = State> {
    (0..State::ALL.len()).prop_map(|at| State::ALL[at])
}

fn any_stretches() -> impl Strategy<Value = Vec<Stretch>> {
    let one = (any_day(), proptest::option::of(0i64..400)).prop_map(|(from, days)| Stretch {
        from,
        until: days.map(|days| from.add_days(days)),
    });
    proptest::collection::vec(one, 0..3)
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let some = || proptest::option::of(any_day());
    let days = || proptest::collection::vec(any_day(), 0..6);
    let stones = (
        (some(), some(), any_stretches(), any_stretches()),
        (
            some(),
            some(),
            some(),
            proptest::option::of((any_day(), any_day())),
        ),
        (some(), some(), some()),
    );
    let stones = stones.prop_map(
        |((applied, confirmed, pauses, gaps), (proposed, listed, admitted, extended), rest)| Milestones {
            applied,
            confirmed,
            pauses,
            gaps,
            proposed,
            listed,
            admitted,
            approved: rest.0,
            extended,
            moved_in_on_probation: rest.1,
            passed_full: rest.2,
            full: None,
        },
    );
    let notice = proptest::option::of((any_day(), some(), any::<bool>()));
    (
        any_state(),
        stones,
        (some(), some(), some(), some(), some()),
        (days(), days(), days()),
        notice,
        (some(), some(), any::<bool>()),
    )
        .prop_map(|(state, stones, rest, lists, notice, last)| Facts {
            id: "甲".into(),
            state,
            stones,
            born: rest.0,
            talked: rest.1,
            agreed: rest.2,
            prereviewed: rest.3,
            leaving: rest.4,
            reviews: lists.0,
            thought_reports: lists.1,
            mentor_notes: lists.2,
            notice: notice.map(|(from, until, both_places)| Notice {
                from,
                until,
                both_places,
            }),
            sworn: last.0,
            requested: last.1,
            mobile: last.2,
            ..Facts::default()
        })
}

fn any_local() -> impl Strategy<Value = Local> {
    let maybe = |range: std::ops::RangeInclusive<u16>| proptest::option::of(range);
    let months = proptest::option::of(prop_oneof![Just(1u16), Just(2), Just(3), Just(6)]);
    (
        (
            maybe(1..=28),
            months,
            maybe(12..=40),
            any::<bool>(),
            maybe(5..=15),
        ),
        (maybe(3..=10), maybe(24..=60), maybe(1..=28), maybe(1..=89)),
        (maybe(1..=28), maybe(1..=89), maybe(1..=12), maybe(1..=12)),
    )
        .prop_map(|(a, b, c)| {
            Local::new(Draft {
                talk_days: a.0,
                review_months: a.1,
                cultivation_months: a.2,
                pauses_excluded: a.3,
                notice_days: a.4,
                training_days: b.0,
                training_hours: b.1,
                meeting_days: b.2,
                approval_days: b.3,
                oath_days: c.0,
                full_approval_days: c.1,
                thought_report_months: c.2,
                mentor_note_months: c.3,
            })
            .unwrap()
        })
}

/// The earliest day of what is due by then, the latest of what cannot be before.
fn strictest(lines: &[Due]) -> BTreeMap<(What, Kind), Date> {
    let mut days: BTreeMap<(What, Kind), Date> = BTreeMap::new();
    for line in lines {
        let Some(day) = line.day else { continue };
        // A review that is overdue and the next one are of one rule.
        let what = if line.what == What::ReviewOverdue {
            What::Review
        } else {
            line.what
        };
        let known = days.entry((what, line.kind)).or_insert(day);
        *known = match line.kind {
            Kind::Minimum => (*known).max(day),
            _ => (*known).min(day),
        };
    }
    days
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_stricter_local_rule_is_never_later(person in any_facts(), today in any_day(), local in any_local()) {
        let rules = strictest(&due(&person, today, &CALENDAR, &Local::default()));
        let own = strictest(&due(&person, today, &CALENDAR, &local));
        for ((what, kind), day) in rules {
            let Some(own) = own.get(&(what, kind)) else {
                return Err(TestCaseError::fail(format!("{what:?} is gone")));
            };
            match kind {
                Kind::Minimum => prop_assert!(*own >= day, "{what:?}: {own} before {day}"),
                _ => prop_assert!(*own <= day, "{what:?}: {own} after {day}"),
            }
        }
    }

    #[test]
    fn lines_are_in_order_cited_and_counted_forward(person in any_facts(), today in any_day(), local in any_local()) {
        let lines = due(&person, today, &CALENDAR, &local);
        let keys: Vec<_> = lines.iter().map(|line| (line.day.is_none(), line.day)).collect();
        prop_assert!(keys.windows(2).all(|pair| pair[0] <= pair[1]));
        for line in &lines {
            prop_assert!(line.day.zip(line.from).is_none_or(|(day, from)| day >= from) || line.what == What::Probation, "{line:?}");
            prop_assert_eq!(line.day.is_none(), line.kind == Kind::Standing, "{:?}", line);
            prop_assert!(line.provisional <= (line.what == What::NoticeRuns), "{:?}", line);
            // A day of the rules has an article, and one of an edition that was in force by then.
            if let Some(article) = line.article {
                let in_force = line.day.max(line.from).unwrap_or(today).max(today);
                prop_assert!(Edition::on(in_force).is_some_and(|edition| edition >= article.edition));
            } else if let Some(from) = line.from.filter(|_| line.day.is_some() && !line.local) {
                prop_assert!(Edition::on(from).is_none(), "{line:?}");
            }
        }
    }

    #[test]
    fn later_beginnings_are_never_due_earlier(person in any_facts(), today in any_day(), more in 0i64..400) {
        // The same person, everything so many days later; leap days and month ends included.
        let shift = |date: Option<Date>| date.map(|date| date.add_days(more));
        let mut later = person.clone();
        let stones = &mut later.stones;
        for date in [&mut stones.applied, &mut stones.admitted, &mut stones.approved, &mut stones.passed_full] {
            *date = shift(*date);
        }
        later.prereviewed = shift(later.prereviewed);
        later.notice = later.notice.map(|notice| Notice { from: notice.from.add_days(more), ..notice });
        let (before, after) = (
            due(&person, today, &CALENDAR, &Local::default()),
            due(&later, today, &CALENDAR, &Local::default()),
        );
        for what in [What::Talk, What::NoticeRuns, What::Meeting, What::Approval, What::ApprovalLast, What::Oath, What::FullApproval] {
            let of = |lines: &[Due]| lines.iter().find(|line| line.what == what).and_then(|line| line.day);
            if let (Some(before), Some(after)) = (of(&before), of(&after)) {
                prop_assert!(after >= before, "{what:?}: {after} before {before}");
            }
        }
    }

    #[test]
    fn what_is_due_does_not_move_as_days_pass(person in any_facts(), today in any_day(), later in 0i64..200) {
        // A deadline that is not met stays on its day; only reviews, which come again, go on.
        let after = today.add_days(later);
        let (before, then) = (
            due(&person, today, &CALENDAR, &Local::default()),
            due(&person, after, &CALENDAR, &Local::default()),
        );
        for line in before.iter().filter(|line| line.kind == Kind::Deadline) {
            if matches!(line.what, What::Review | What::ReviewOverdue) {
                continue;
            }
            prop_assert!(then.iter().any(|other| other.what == line.what && other.day == line.day), "{line:?}");
        }
    }
}
