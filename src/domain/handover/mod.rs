//! Handover: a person moves to another unit, and what was done so far goes along.
//!
//! 细则 (2026), Art. 12: the person reports at once; the old organisation hands over the application,
//! the form of cultivation and so on; the new one examines them and continues; the time of
//! cultivation can be counted on. 中办发〔2013〕4号, item (五): mind the joint when activists move.
//!
//! A [`Package`] is the electronic side of it: who, from where to where, the periods of cultivation
//! so far, the training record as it was received, and a list of the papers, each there, missing or
//! not applicable, as people typed it. The papers themselves go their own way; the package replaces
//! none. [`reckon`] adds the periods up, shows gaps and overlaps, and never concludes anything.
//! [`Handover`] is what happens in a branch's register; the file is [`crate::format::handover`].

mod materials;
mod reckon;
mod register;

pub use materials::{Material, MaterialKind, MaterialState};
pub use reckon::{Gap, Overlap, Reckoning, Year};
pub use register::{Direction, Handover, Move, TakenBack};

use super::study::EventId;
use super::time::{Date, Moment, rfc3339};
use super::{is_unseen, sort_by};
use serde::{Deserialize, Serialize};

/// The name of the format.
pub const FORMAT: &str = "xuedang-handover";
/// The version that this build writes, and the only one it reads.
pub const VERSION: u16 = 1;
/// Most periods in one package: units that somebody was cultivated at.
pub const MAX_PERIODS: usize = 20;
/// Most papers that are listed beside those that have a name of their own.
pub const MAX_OTHER: usize = 10;
/// Most characters of a name of a person, a unit or a paper, and of a remark about a paper.
pub const MAX_LINE: usize = 100;
/// Most characters of the old unit's note.
pub const MAX_NOTE: usize = 2_000;

/// What a package proves and what it does not: on screen, on paper and in the published schema.
pub const PROVES: [&str; 5] = [
    "校验值对得上，只说明转接包自做成以来没有改动过；不能证明是谁做的，也不能证明填的内容属实。请与原党组织核对。",
    "转接包不代替任何纸质材料：入党申请书、《入党积极分子培养考察登记表》等由原党组织另行转交，请对照清单逐件核收。",
    "培养起止日期和材料清单由原党组织填写；间断是否计入、培养教育时间能否连续计算，由现党组织审查后决定。",
    "培养记录上有签名的，签名能说明什么、不能说明什么，见签名核验的说明；没有签名的，只有校验值。",
    "学习时间为自报，不计入短期集中培训学时；这不是官方文件。",
];

/// A package for a change of unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u16,
    /// What it says.
    pub body: Body,
    /// SHA-256 over the canonical JSON (RFC 8785) of each part and of the whole body, lower-case
    /// hexadecimal. Shows what was changed by accident or on the way; proves nobody's identity.
    pub digest: Digest,
}

/// What a package says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The package's own number (ULID).
    pub id: EventId,
    /// When it was made, by the old unit's device.
    #[serde(with = "rfc3339")]
    pub made_at: Moment,
    /// Who moves.
    pub person: Traveller,
    /// From where to where.
    #[serde(rename = "move")]
    pub change: Change,
    /// Cultivation so far, at this unit and at earlier ones, in order of day.
    pub periods: Vec<Period>,
    /// The papers.
    pub materials: Vec<Material>,
    /// What the old unit adds in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The training record.
    pub record: Carried,
}

/// Who moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traveller {
    /// The number in this person's records.
    pub holder: EventId,
    /// Name: as in the record, or where it was left out there, typed by the old unit.
    pub name: String,
    /// Day of application, as the old unit has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Date>,
    /// Day of confirmation as activist, as the old unit has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Date>,
}

/// From where to where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The organisation that hands over.
    pub from: String,
    /// The organisation that receives.
    pub to: String,
    /// Day of the move: the last that the old unit answers for.
    pub day: Date,
}

/// Cultivation at one unit. Both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The unit.
    pub unit: String,
    /// How the old unit knows.
    pub source: Source,
}

/// How a period is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Typed by the unit that made the package.
    Typed,
    /// Taken over from the package of an earlier move.
    Package,
}

impl Source {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Typed => "填写",
            Self::Package => "以前的转接包",
        }
    }
}

/// A record as it was received: the file's very text, so that digests and signatures still hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Whether it is a signed one (`crate::format::credential`).
    pub signed: bool,
    /// The text of the file.
    pub text: String,
}

/// Digests by part; see [`Package::digest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// Of `body.person`.
    pub person: String,
    /// Of `body.move`.
    #[serde(rename = "move")]
    pub change: String,
    /// Of `body.periods`.
    pub periods: String,
    /// Of `body.materials`.
    pub materials: String,
    /// Of `body.note`.
    pub note: String,
    /// Of `body.record`.
    pub record: String,
    /// Of the whole `body`.
    pub whole: String,
}

impl Body {
    /// Periods in order of day, whoever typed them how.
    pub fn settle(mut self) -> Self {
        sort_by(&mut self.periods, Ord::cmp);
        self
    }

    /// The periods added up, until the day of the move.
    pub fn reckoning(&self) -> Reckoning {
        Reckoning::of(self.person.confirmed, &self.periods, self.change.day)
    }

    /// Parts that contradict each other, or what no form of ours lets through: path and reason.
    pub fn contradiction(&self) -> Option<(String, String)> {
        let found = |path: &str, what: &str| Some((path.to_owned(), what.to_owned()));
        let (person, change) = (&self.person, &self.change);
        for (path, id) in [("body.id", &self.id), ("body.person.holder", &person.holder)] {
            if !id.is_well_formed() {
                return found(path, "编号不是 26 位字母和数字");
            }
        }
        for (path, text) in [
            ("body.person.name", &person.name),
            ("body.move.from", &change.from),
            ("body.move.to", &change.to),
        ] {
            if let Some(what) = unfit_line(text) {
                return found(path, what);
            }
        }
        if change.from.trim() == change.to.trim() {
            return found("body.move.to", "与转出的党组织相同");
        }
        if let (Some(applied), Some(confirmed)) = (person.applied, person.confirmed)
            && confirmed < applied
        {
            return found("body.person.confirmed", "早于递交入党申请书的日期");
        }
        if person.confirmed.is_some_and(|confirmed| change.day < confirmed) {
            return found("body.move.day", "早于确定为入党积极分子的日期");
        }
        if self.periods.len() > MAX_PERIODS {
            return found("body.periods", "超过 20 段");
        }
        for (at, period) in self.periods.iter().enumerate() {
            if let Some((field, what)) = self.unfit_period(period) {
                return found(&format!("body.periods[{at}].{field}"), what);
            }
        }
        if self.periods.windows(2).any(|two| two[1] < two[0]) {
            return found("body.periods", "没有按日期排列");
        }
        if let Some((at, what)) = materials::contradiction(&self.materials) {
            let at = at.map(|at| format!("[{at}]")).unwrap_or_default();
            return Some((format!("body.materials{at}"), what));
        }
        if let Some(note) = &self.note {
            if note.trim().is_empty() {
                return found("body.note", "为空");
            }
            if note.chars().any(|c| c != '\n' && is_unseen(c)) || note.chars().nth(MAX_NOTE).is_some() {
                return found("body.note", "过长，或含有不能显示的字符");
            }
        }
        None
    }

    /// What is wrong with a period of this package, if anything: field and reason.
    pub fn unfit_period(&self, period: &Period) -> Option<(&'static str, &'static str)> {
        if let Some(what) = unfit_line(&period.unit) {
            Some(("unit", what))
        } else if period.to < period.from {
            Some(("to", "早于开始日期"))
        } else if period.to > self.change.day {
            Some(("to", "晚于转出日期"))
        } else if self.person.confirmed.is_some_and(|day| period.from < day) {
            Some(("from", "早于确定为入党积极分子的日期"))
        } else {
            None
        }
    }
}

/// What is wrong with a line that must be there, if anything.
pub fn unfit_line(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("为空")
    } else if is_long_or_unseen(text) {
        Some("超过 100 个字，或含有不能显示的字符")
    } else {
        None
    }
}

fn is_long_or_unseen(text: &str) -> bool {
    text.chars().any(is_unseen) || text.chars().nth(MAX_LINE).is_some()
}
