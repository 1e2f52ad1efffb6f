//! What the queries of `analysis/` answer, computed once more without SQL: plain loops over the rows,
//! for samples. Each function's result is the query's: rows of values, in its order.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
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

fn structure(people: &[PersonRow<'_>]) -> Rows {
    let mut counts: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for person in people {
        let age = person.as_of.zip(person.born).map(|(today, born)| {
            let ((year, month, day), (born_year, born_month, born_day)) = (parts(today), parts(born));
            year - born_year - i64::from((month, day) < (born_month, born_day))
        });
        let band = match age {
            None => NONE,
            Some(..18) => "17岁及以下",
            Some(18..=30) => "18至30岁",
            Some(31..=35) => "31至35岁",
            Some(36..=40) => "36至40岁",
            Some(41..=45) => "41至45岁",
            Some(46..=50) => "46至50岁",
            Some(51..=55) => "51至55岁",
            Some(56..=60) => "56至60岁",
            Some(61..) => "61岁及以上",
        };
        let front_line = person
            .front_line
            .map_or(NONE, |yes| if yes { "是" } else { "否" });
        for (dimension, entry) in [
            ("年龄", band),
            ("性别", word(&person.sex)),
            ("民族", word(&person.ethnicity)),
            ("学历", word(&person.education)),
            ("群体", word(&person.social_group)),
            ("一线", front_line),
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

fn accepted(change: &ChangeRow<'_>) -> bool {
    to(change, state::PROBATIONER) && from(change, &[state::PROSPECT, state::ADMITTED])
}

fn growth(changes: &[ChangeRow<'_>]) -> Rows {
    let mut counts: BTreeMap<(i64, &str), [i64; 9]> = BTreeMap::new();
    for change in changes {
        let Some(day) = change.happened else { continue };
        let row = counts.entry((year(day), word(&change.social_group))).or_default();
        let fresh = change.from_state.is_none() || from(change, &[state::MOVED_OUT]);
        let known = change.to_state.is_some();
        for (count, counts) in row.iter_mut().zip([
            to(change, state::APPLICANT) && change.from_state.is_none(),
            to(change, state::ACTIVIST) && from(change, &[state::APPLICANT]),
            to(change, state::PROSPECT) && from(change, &[state::ACTIVIST, state::PROPOSED]),
            accepted(change),
            to(change, state::MEMBER)
                && from(
                    change,
                    &[state::PROBATIONER, state::EXTENDED, state::FULL_PENDING],
                ),
            to(change, state::REMOVED),
            to(change, state::CANCELLED),
            to(change, state::MOVED_OUT),
            known && fresh && !to(change, state::MOVED_OUT) && !to(change, state::APPLICANT),
        ]) {
            *count += i64::from(counts);
        }
    }
    let line = |((year, group), counts): ((i64, &str), [i64; 9])| {
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

/// Acceptances by branch, year and month.
fn by_month<'a>(changes: &'a [ChangeRow<'_>]) -> BTreeMap<(&'a str, i64), BTreeMap<i64, i64>> {
    let mut counts: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for change in changes.iter().filter(|change| accepted(change)) {
        if let (Some(day), Some(branch)) = (change.happened, change.branch.as_deref()) {
            let (year, month, _) = parts(day);
            *counts
                .entry((branch, year))
                .or_default()
                .entry(month)
                .or_default() += 1;
        }
    }
    counts
}

fn rush(changes: &[ChangeRow<'_>]) -> Rows {
    let mut rows = Vec::new();
    for ((branch, year), months) in by_month(changes) {
        let all: i64 = months.values().sum();
        let most = months.into_values().max().unwrap();
        if all >= 5 && 1000 * most >= 600 * all {
            rows.push(vec![
                json!(branch),
                json!(year),
                json!(all),
                json!(most),
                json!(1000 * most / all),
            ]);
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
    for person in people.iter().filter(|person| is_activist(person)) {
        if let (Some(branch), Some(365..)) = (person.branch.as_deref(), person.cultivated_days) {
            *ready.entry(branch).or_default() += 1;
        }
    }
    let mut last: BTreeMap<&str, Date> = BTreeMap::new();
    for change in changes.iter().filter(|change| accepted(change)) {
        if let (Some(branch), Some(day)) = (change.branch.as_deref(), change.happened) {
            let newest = last.entry(branch).or_insert(day);
            *newest = day.max(*newest);
        }
    }
    let now = year(today(people));
    ready
        .into_iter()
        .filter(|(branch, _)| last.get(branch).is_none_or(|day| now - year(*day) >= 3))
        .map(|(branch, persons)| {
            let last = last.get(branch).copied();
            vec![
                json!(branch),
                json!(persons),
                json!(last.map(|day| day.to_string())),
                json!(last.map(|day| now - year(day))),
            ]
        })
        .collect()
}

fn ups_and_downs(people: &[PersonRow<'_>], changes: &[ChangeRow<'_>]) -> Rows {
    let (now, month, day) = parts(today(people));
    let counts = by_month(changes);
    let known: BTreeSet<i64> = counts.keys().map(|(_, year)| *year).collect();
    let branches: BTreeSet<&str> = counts.keys().map(|(branch, _)| *branch).collect();
    let of = |branch, year| {
        counts
            .get(&(branch, year))
            .map_or(0, |months| months.values().sum::<i64>())
    };
    let mut rows = Vec::new();
    for branch in branches {
        for &year in &known {
            let finished = year < now || (month, day) == (12, 31);
            if !finished || !known.contains(&(year - 1)) {
                continue;
            }
            let (before, here) = (of(branch, year - 1), of(branch, year));
            let (small, large) = (before.min(here), before.max(here));
            if large >= 6 && large >= 3 * small {
                rows.push(vec![json!(branch), json!(year), json!(before), json!(here)]);
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
    by_group(people, |person| {
        let days = person.cultivated_days;
        [
            true,
            matches!(days, Some(..365)),
            matches!(days, Some(365..730)),
            matches!(days, Some(730..1095)),
            matches!(days, Some(1095..)),
            days.is_none(),
            matches!(person.cultivated_elsewhere_days, Some(1..)),
        ]
    })
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
