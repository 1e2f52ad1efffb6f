//! What the queries of `analysis/` answer, computed once more without SQL: plain loops over the rows,
//! for samples. Each function's result is the query's: rows of values, in its order.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use xuedang::domain::branch::{Habit, Reading, When};
use xuedang::domain::standing::{State, Transition};
use xuedang::domain::structure::watch::Thresholds;
use xuedang::domain::structure::{AgeBands, Birth};
use xuedang::domain::time::Date;
use xuedang::format::upward::changes::ChangeRow;
use xuedang::format::upward::people::{PersonRow, state};

type Rows = Vec<Vec<Value>>;

const NONE: &str = "未填";
const MEMBERS: [&str; 4] = [
    state::PROBATIONER,
    state::EXTENDED,
    state::FULL_PENDING,
    state::MEMBER,
];

/// Every query's name and rows.
pub(crate) fn all(people: &[PersonRow<'_>], changes: &[ChangeRow<'_>]) -> Vec<(&'static str, Rows)> {
    vec![
        ("01-structure", structure(people)),
        ("02-growth", growth(changes)),
        ("03-growth-rate", growth_rate(changes)),
        ("04-rush", rush(changes)),
        ("05-standstill", standstill(people, changes)),
        ("06-ups-and-downs", ups_and_downs(people, changes)),
        ("07-reviews", reviews(people)),
        ("08-cultivation", cultivation(people)),
        ("09-mentors", mentors(people)),
        ("10-study-and-class", study_and_class(people)),
        ("11-path", path(people)),
    ]
}

/// Year, month and day.
fn parts(day: Date) -> (i64, i64, i64) {
    let text = day.to_string();
    let mut parts = text.split('-').map(|part| part.parse().unwrap());
    (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    )
}

fn year(day: Date) -> i64 {
    parts(day).0
}

fn word<'a>(text: &'a Option<std::borrow::Cow<'_, str>>) -> &'a str {
    text.as_deref().unwrap_or(NONE)
}

/// A day of which only the month or the year is known.
fn inexact(person: &PersonRow<'_>, column: &str) -> Option<When> {
    let mut all = person.inexact_days.as_deref()?.split("; ");
    let text = all.find_map(|part| part.strip_prefix(column)?.strip_prefix(' '))?;
    match When::read(text, Habit::default()) {
        Reading::Is(when) => Some(when),
        _ => None,
    }
}

fn structure(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<(&str, String, &str), i64> = BTreeMap::new();
    for person in people {
        let born = inexact(person, "born").map(When::split);
        let born = born.map(|(year, month, day)| Birth {
            year,
            month: (month > 0).then_some(month),
            day: (day > 0).then_some(day),
        });
        let born = person.born.map(Birth::on).or(born);
        let age = person
            .as_of
            .zip(born)
            .and_then(|(today, born)| born.age_on(today));
        let bands = AgeBands::default();
        let band = age.map_or(NONE.to_owned(), |(age, _)| {
            bands.labels().swap_remove(bands.band(age))
        });
        let front_line = person
            .front_line
            .map_or(NONE, |yes| if yes { "是" } else { "否" });
        for (dimension, entry) in [
            ("年龄", band),
            ("性别", word(&person.sex).to_owned()),
            ("民族", word(&person.ethnicity).to_owned()),
            ("学历", word(&person.education).to_owned()),
            ("类别", word(&person.social_group).to_owned()),
            ("生产、工作一线", front_line.to_owned()),
        ] {
            *counts.entry((dimension, entry, word(&person.state))).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|((dimension, entry, state), count)| {
            vec![json!(dimension), json!(entry), json!(state), json!(count)]
        })
        .collect()
}

fn to(change: &ChangeRow<'_>, state: &str) -> bool {
    change.to_state.as_deref() == Some(state)
}

fn from(change: &ChangeRow<'_>, states: &[&str]) -> bool {
    change
        .from_state
        .as_deref()
        .is_some_and(|from| states.contains(&from))
}

/// Admissions by the branch meeting: branch and day. One that the next word on it takes back is none.
fn admissions<'a>(changes: &'a [ChangeRow<'_>]) -> Vec<(Option<&'a str>, Date)> {
    let refused = refused(changes);
    let mut found = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if is(change, &Transition::Admitted) && !refused.contains(&at) {
            found.push((change.branch.as_deref(), change.happened.unwrap()));
        }
    }
    found
}

fn is(change: &ChangeRow<'_>, what: &Transition) -> bool {
    change.decision.as_deref() == Some(what.label())
}

/// The places of the admissions that came to nothing.
fn refused(changes: &[ChangeRow<'_>]) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_key(|at| (changes[*at].person_id.as_deref(), changes[*at].sequence));
    let mut pending: Option<usize> = None;
    let mut refused = BTreeSet::new();
    for at in order {
        let change = &changes[at];
        if pending.is_some_and(|before| changes[before].person_id != change.person_id) {
            pending = None;
        }
        if is(change, &Transition::Admitted) {
            pending = Some(at);
        } else if is(change, &Transition::NotAdmitted) {
            refused.extend(pending.take());
        } else if is(change, &Transition::Approved) || is(change, &Transition::Cancelled) {
            pending = None;
        }
    }
    refused
}

fn growth(changes: &[ChangeRow<'_>]) -> Rows {
    let refused = refused(changes);
    let mut counts: BTreeMap<(i64, &str), [i64; 11]> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        let moved_in = Transition::MovedIn {
            from: String::new(),
            state: State::Unknown,
            confirmed: None,
            admitted: None,
        };
        let happened = [
            is(change, &Transition::Applied),
            is(change, &Transition::Confirmed),
            is(change, &Transition::Paused),
            is(change, &Transition::Removed) || is(change, &Transition::Withdrew),
            is(change, &Transition::Listed),
            is(change, &Transition::Admitted) && !refused.contains(&at),
            is(change, &Transition::Full { since: None }),
            change.decision.as_deref() == Some("延长预备期"),
            is(change, &Transition::Cancelled),
            is(change, &moved_in),
            is(change, &Transition::MovedOut { to: String::new() }),
        ];
        if !happened.contains(&true) {
            continue;
        }
        let day = change.happened.unwrap();
        let row = counts.entry((year(day), word(&change.social_group))).or_default();
        for (count, happened) in row.iter_mut().zip(happened) {
            *count += i64::from(happened);
        }
    }
    let line = |((year, group), counts): ((i64, &str), [i64; 11])| {
        let mut row = vec![json!(year), json!(group)];
        row.extend(counts.map(|count| json!(count)));
        row
    };
    counts.into_iter().map(line).collect()
}

fn growth_rate(changes: &[ChangeRow<'_>]) -> Rows {
    let mut years: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for change in changes {
        let Some(day) = change.happened else { continue };
        let (came, went) = years.entry(year(day)).or_default();
        let before = from(change, &MEMBERS);
        let after = MEMBERS.iter().any(|state| to(change, state));
        *came += i64::from(after && !before);
        *went += i64::from(before && !after);
    }
    let mut standing = 0;
    let mut rows = Vec::new();
    for (year, (came, went)) in years {
        let net = came - went;
        let permille = (standing > 0).then(|| (1000 * net).div_euclid(standing));
        rows.push(vec![
            json!(year),
            json!(standing),
            json!(came),
            json!(went),
            json!(net),
            json!(permille),
        ]);
        standing += net;
    }
    rows
}

/// Days of admissions by branch and year.
fn by_year<'a>(changes: &'a [ChangeRow<'_>]) -> BTreeMap<(&'a str, i64), Vec<Date>> {
    let mut days: BTreeMap<_, Vec<Date>> = BTreeMap::new();
    for (branch, day) in admissions(changes) {
        if let Some(branch) = branch {
            days.entry((branch, year(day))).or_default().push(day);
        }
    }
    days
}

fn rush(changes: &[ChangeRow<'_>]) -> Rows {
    let set = Thresholds::default();
    let mut rows = Vec::new();
    for ((branch, year), days) in by_year(changes) {
        let within = |first: &Date| {
            let near = |day: &&Date| (0..i64::from(set.rush_days)).contains(&(day.days() - first.days()));
            days.iter().filter(near).count()
        };
        let most = days.iter().map(within).max().unwrap();
        let share = usize::from(set.rush_share);
        if most >= usize::from(set.rush_least) && most * 100 >= days.len() * share {
            rows.push(vec![json!(branch), json!(year), json!(days.len()), json!(most)]);
        }
    }
    rows
}

fn is_activist(person: &PersonRow<'_>) -> bool {
    person.state.as_deref() == Some(state::ACTIVIST)
}

fn today(people: &[PersonRow<'_>]) -> Date {
    people.iter().filter_map(|person| person.as_of).max().unwrap()
}

fn standstill(people: &[PersonRow<'_>], changes: &[ChangeRow<'_>]) -> Rows {
    let mut ready: BTreeMap<&str, i64> = BTreeMap::new();
    for person in people {
        if let Some(branch) = person.branch.as_deref() {
            let is_ready = is_activist(person) && matches!(person.cultivated_days, Some(365..));
            *ready.entry(branch).or_default() += i64::from(is_ready);
        }
    }
    let begins = today(people).add_months(-i32::from(Thresholds::default().standstill_months));
    let all = admissions(changes);
    if all
        .iter()
        .map(|(_, day)| *day)
        .min()
        .is_none_or(|first| first > begins)
    {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for (branch, ready) in ready {
        let of = || {
            all.iter()
                .filter(|(of, _)| *of == Some(branch))
                .map(|(_, day)| *day)
        };
        let last = of().max();
        if last.is_none_or(|last| last <= begins) {
            let persons = of().filter(|day| Some(*day) == last).count();
            let last = last.map(|day| day.to_string());
            rows.push(vec![json!(branch), json!(last), json!(persons), json!(ready)]);
        }
    }
    rows
}

fn ups_and_downs(people: &[PersonRow<'_>], changes: &[ChangeRow<'_>]) -> Rows {
    let set = Thresholds::default();
    let (now, month, day) = parts(today(people));
    let counts = by_year(changes);
    let Some(begun) = admissions(changes).iter().map(|(_, day)| *day).min() else {
        return Vec::new();
    };
    let (begun, begun_month, begun_day) = parts(begun);
    let first = begun + i64::from((begun_month, begun_day) != (1, 1));
    let last = now - i64::from((month, day) != (12, 31));
    let branches: BTreeSet<&str> = counts.keys().map(|(branch, _)| *branch).collect();
    let mut rows = Vec::new();
    for branch in branches {
        let of = |year| counts.get(&(branch, year)).map_or(0, Vec::len);
        for year in first..last {
            let (before, after) = (of(year), of(year + 1));
            let difference = before.abs_diff(after);
            let share = usize::from(set.swing_share);
            if difference >= usize::from(set.swing_least) && difference * 100 >= before.max(after) * share {
                rows.push(vec![json!(branch), json!(year), json!(before), json!(after)]);
            }
        }
    }
    rows
}

fn reviews(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<&str, [i64; 5]> = BTreeMap::new();
    for person in people.iter().filter(|person| is_activist(person)) {
        if let (Some(branch), Some(due @ 1..)) = (person.branch.as_deref(), person.reviews_due) {
            let held = person.reviews_held.unwrap_or(0).min(due);
            let row = counts.entry(branch).or_default();
            let all = i64::from(held == due);
            for (count, more) in row.iter_mut().zip([1, due, held, all, i64::from(held == 0)]) {
                *count += more;
            }
        }
    }
    let line = |(branch, counts): (&str, [i64; 5])| {
        let mut row = vec![json!(branch)];
        row.extend(counts.map(|count| json!(count)));
        row.push(json!(1000 * counts[2] / counts[1]));
        row
    };
    counts.into_iter().map(line).collect()
}

/// Counts over those who are activists now, by group.
fn by_group<const N: usize>(people: &[PersonRow<'_>], of: impl Fn(&PersonRow<'_>) -> [bool; N]) -> Rows {
    let mut counts: BTreeMap<&str, [i64; N]> = BTreeMap::new();
    for person in people.iter().filter(|person| is_activist(person)) {
        let row = counts.entry(word(&person.social_group)).or_insert([0; N]);
        row.iter_mut()
            .zip(of(person))
            .for_each(|(count, is)| *count += i64::from(is));
    }
    let line = |(group, counts): (&str, [i64; N])| {
        let mut row = vec![json!(group)];
        row.extend(counts.map(|count| json!(count)));
        row
    };
    counts.into_iter().map(line).collect()
}

fn cultivation(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<&str, [i64; 7]> = BTreeMap::new();
    let states = [state::ACTIVIST, state::PAUSED, state::PROPOSED];
    for person in people {
        if !person
            .state
            .as_deref()
            .is_some_and(|state| states.contains(&state))
        {
            continue;
        }
        let began = inexact(person, "confirmed").and_then(When::latest);
        let years = person.confirmed.or(began).map(|began| {
            let full = (1..=3).filter(|years| began.add_months(12 * years) <= person.as_of.unwrap());
            full.count()
        });
        let row = counts.entry(word(&person.social_group)).or_default();
        for (count, is) in row.iter_mut().zip([
            true,
            years == Some(0),
            years == Some(1),
            years == Some(2),
            years == Some(3),
            years.is_none(),
            matches!(person.cultivated_elsewhere_days, Some(1..)),
        ]) {
            *count += i64::from(is);
        }
    }
    let line = |(group, counts): (&str, [i64; 7])| {
        let mut row = vec![json!(group)];
        row.extend(counts.map(|count| json!(count)));
        row
    };
    counts.into_iter().map(line).collect()
}

fn mentors(people: &[PersonRow<'_>]) -> Rows {
    by_group(people, |person| {
        let mentors = [&person.mentor_1, &person.mentor_2];
        let count = mentors.into_iter().flatten().count();
        [count == 0, count == 1, count == 2]
    })
}

fn study_and_class(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<&str, [i64; 6]> = BTreeMap::new();
    for person in people {
        let row = counts.entry(word(&person.state)).or_default();
        for (count, more) in row.iter_mut().zip([
            1,
            i64::from(person.record_day.is_some()),
            person.self_study_minutes.unwrap_or(0),
            i64::from(person.class_hours.is_some()),
            person.class_hours.unwrap_or(0),
            i64::from(matches!(person.class_hours, Some(24..))),
        ]) {
            *count += more;
        }
    }
    let line = |(state, counts): (&str, [i64; 6])| {
        let mut row = vec![json!(state)];
        row.extend(counts.map(|count| json!(count)));
        row
    };
    counts.into_iter().map(line).collect()
}

fn path(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<i64, [i64; 5]> = BTreeMap::new();
    for person in people {
        let Some(applied) = person.applied else { continue };
        let row = counts.entry(year(applied)).or_default();
        for (count, is) in row.iter_mut().zip([
            true,
            person.confirmed.is_some(),
            person.listed.is_some(),
            person.accepted.is_some(),
            person.became_full.is_some(),
        ]) {
            *count += i64::from(is);
        }
    }
    let line = |(year, counts): (i64, [i64; 5])| {
        let mut row = vec![json!(year)];
        row.extend(counts.map(|count| json!(count)));
        row
    };
    counts.into_iter().map(line).collect()
}
