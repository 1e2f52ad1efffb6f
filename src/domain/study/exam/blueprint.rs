//! What an exam is made of, as data.

use super::super::action::{Refusal, line, refuse};
use crate::domain::question::Kind;
use serde::{Deserialize, Serialize};

/// Most items of one exam.
const MOST_ITEMS: u32 = 200;
/// Longest exam, in minutes.
const MOST_MINUTES: u32 = 300;
/// Most points of one item, and the greatest weight.
const MOST: u32 = 100;

/// What an exam is made of. Nobody outside has fixed this: places differ, see [`presets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    /// What people call it.
    pub name: String,
    /// Its parts in the order of the paper; each kind once.
    pub parts: Vec<Part>,
    /// Time allowed.
    pub minutes: u32,
    /// Points needed to pass.
    pub pass: u32,
    /// The modules it is about, by id, each with its weight. Empty: all, with equal weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<(String, u32)>,
    /// Whether multiple choice earns half the points for part of the right options, see
    /// [`super::marks`]. Without it fewer, more or other earns nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Whether the clock may be stopped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pause: bool,
}

/// The items of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which kind.
    pub kind: Kind,
    /// How many.
    pub count: u32,
    /// Points for each.
    pub points: u32,
}

impl Blueprint {
    /// How many items it has.
    pub fn items(&self) -> u32 {
        self.parts.iter().map(|part| part.count).sum()
    }

    /// How many points can be had.
    pub fn total(&self) -> u32 {
        self.parts.iter().map(|part| part.count * part.points).sum()
    }

    /// The part that the item in that place of the paper belongs to, and the place of that part's
    /// first item.
    pub fn part_of(&self, at: usize) -> Option<(usize, &Part)> {
        let mut first = 0;
        for part in &self.parts {
            let next = first + part.count as usize;
            if at < next {
                return Some((first, part));
            }
            first = next;
        }
        None
    }

    /// The weight of a module; 0 when the exam is not about it.
    pub fn weight(&self, module: &str) -> u32 {
        if self.weights.is_empty() {
            return 1;
        }
        let known = self.weights.iter().find(|(id, _)| id == module);
        known.map_or(0, |(_, weight)| *weight)
    }

    /// The same without what says nothing: parts of no items, modules of no weight.
    ///
    /// # Errors
    /// [`Refusal`] naming the field (`name`, `count`, `points`, `minutes`, `pass`, `weight`).
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = line("name", "名称", &self.name, true)?;
        if self.parts.iter().any(|part| part.count > MOST_ITEMS) {
            return refuse("count", format!("题数太多，一份试卷最多 {MOST_ITEMS} 题"));
        }
        self.parts.retain(|part| part.count > 0);
        if self.parts.is_empty() {
            return refuse("count", "请至少填一种题型的题数");
        }
        for (at, part) in self.parts.iter().enumerate() {
            if self.parts[..at].iter().any(|other| other.kind == part.kind) {
                return refuse("count", format!("{}重复了", part.kind.label()));
            }
            if part.points == 0 || part.points > MOST {
                return refuse(
                    "points",
                    format!("{}每题的分值要在 1 到 {MOST} 之间", part.kind.label()),
                );
            }
        }
        if self.items() > MOST_ITEMS {
            return refuse("count", format!("题数太多，一份试卷最多 {MOST_ITEMS} 题"));
        }
        if self.minutes == 0 || self.minutes > MOST_MINUTES {
            return refuse("minutes", format!("时间要在 1 到 {MOST_MINUTES} 分钟之间"));
        }
        if self.pass > self.total() {
            return refuse("pass", format!("及格分不能超过满分 {} 分", self.total()));
        }
        if self.weights.iter().any(|(_, weight)| *weight > MOST) {
            return refuse("weight", format!("模块比重最大 {MOST}"));
        }
        let chosen = !self.weights.is_empty();
        self.weights.retain(|(_, weight)| *weight > 0);
        if chosen && self.weights.is_empty() {
            return refuse("weight", "请至少选一个模块");
        }
        Ok(self)
    }
}

/// Exams as some places have held them, each with what is known of it. 各地做法不同，仅供练习.
/// Where a place has not published its kinds of item, the first one's stand in, and that is said.
pub fn presets() -> [(Blueprint, &'static str); 3] {
    let blueprint = |name: &str, minutes, pass| Blueprint {
        name: name.into(),
        parts: [
            (Kind::Single, 30, 2),
            (Kind::Multiple, 5, 3),
            (Kind::Judge, 25, 1),
        ]
        .map(|(kind, count, points)| Part { kind, count, points })
        .into(),
        minutes,
        pass,
        weights: Vec::new(),
        partial: false,
        pause: false,
    };
    [
        (blueprint("高校党课结业，40 分钟", 40, 60), "一所高校用过的卷面。"),
        (
            blueprint("高校党课结业，45 分钟", 45, 60),
            "另一所高校：考试占 70%，论文占 20%，考勤占 10%，考试 60 分及格。题型没有公布，这里用第一种的卷面；45 分钟是别处的做法。",
        ),
        (
            blueprint("发展对象培训，90 分钟", 90, 70),
            "2024 年一处发展对象培训：论文占 30%，考试占 70%，70 分及格。题型没有公布，这里用第一种的卷面；90 分钟是别处的做法。",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_sound_and_as_given() {
        for (preset, _) in presets() {
            assert_eq!((preset.items(), preset.total()), (60, 100));
            assert_eq!(preset.clone().checked(), Ok(preset));
        }
        let (first, _) = &presets()[0];
        assert_eq!((first.minutes, first.pass), (40, 60));
        let (at, part) = first.part_of(34).unwrap();
        assert_eq!((at, part.kind), (30, Kind::Multiple));
        assert_eq!(first.part_of(60), None);
    }

    #[test]
    fn what_cannot_be_held_is_refused_by_field() {
        let (good, _) = presets()[0].clone();
        let refused = |change: &dyn Fn(&mut Blueprint)| {
            let mut blueprint = good.clone();
            change(&mut blueprint);
            blueprint.checked().unwrap_err().field
        };
        assert_eq!(refused(&|b| b.name = " ".into()), "name");
        assert_eq!(refused(&|b| b.parts.clear()), "count");
        assert_eq!(refused(&|b| b.parts[0].count = u32::MAX), "count");
        assert_eq!(refused(&|b| b.parts[0].count = 199), "count");
        assert_eq!(refused(&|b| b.parts[1].kind = Kind::Single), "count");
        assert_eq!(refused(&|b| b.parts[0].points = 0), "points");
        assert_eq!(refused(&|b| b.minutes = 0), "minutes");
        assert_eq!(refused(&|b| b.minutes = 301), "minutes");
        assert_eq!(refused(&|b| b.pass = 101), "pass");
        assert_eq!(refused(&|b| b.weights = vec![("m".into(), 0)]), "weight");
        assert_eq!(refused(&|b| b.weights = vec![("m".into(), 101)]), "weight");
    }

    #[test]
    fn weights_name_the_modules() {
        let (mut blueprint, _) = presets()[0].clone();
        assert_eq!(blueprint.weight("any"), 1);
        blueprint.weights = vec![("a".into(), 3), ("b".into(), 0)];
        let blueprint = blueprint.checked().unwrap();
        assert_eq!([blueprint.weight("a"), blueprint.weight("b")], [3, 0]);
    }
}
