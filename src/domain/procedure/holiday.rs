//! The State Council's notices about holidays as `content/holidays.toml` has them.

use crate::domain::due::workdays::Holidays;
use crate::domain::time::Date;

/// A notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The year that it speaks of.
    pub year: u16,
    /// Its number, e.g. `国办发明电〔2025〕7号`.
    pub number: String,
    /// Day of issue, ISO 8601.
    pub issued: String,
    /// Title.
    pub title: String,
}

/// A holiday by a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holiday {
    /// Number of its [`Notice`].
    pub notice: String,
    /// The festival, or two that fall together: `国庆节、中秋节`.
    pub name: String,
    /// First day, ISO 8601.
    pub first: String,
    /// Last day.
    pub last: String,
    /// The weekend days on which people make up for it.
    pub work: Vec<String>,
}

/// What the site carries of them. Days that the calendar lacks are passed over: the lint names them.
pub fn holidays(notices: &[Notice], entries: &[Holiday]) -> Holidays {
    let mut all = Holidays::default();
    for notice in notices {
        let numbers = all.years.entry(notice.year).or_default();
        numbers.push(notice.number.clone());
    }
    for entry in entries {
        if let (Some(first), Some(last)) = (Date::parse(&entry.first), Date::parse(&entry.last)) {
            all.off.push((entry.name.clone(), first, last));
        }
        all.work
            .extend(entry.work.iter().filter_map(|day| Date::parse(day)));
    }
    all.off.sort_by_key(|(_, first, _)| *first);
    all.work.sort_unstable();
    all
}
