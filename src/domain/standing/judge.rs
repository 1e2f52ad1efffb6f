//! What is said of a change before it is written down.
//!
//! Three weights. *Refused* is what cannot be: a contradiction to how the person stood on that day, or
//! to what was decided later; a day that has not come; a reason or a day that is missing. *Interval*
//! is a minimum interval of the rules that is not reached: it blocks as well. *Warning* is what the
//! rules would have otherwise, or what is not written down yet: it is shown, and a person decides.
//! None of them is a judgement on anybody.

use super::{Act, Change, Entry, Ledger, Organ, State, Transition};
use crate::domain::due::article::{Article, Edition, Rule};
use crate::domain::study::EventId;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It cannot be.
    Refused,
    /// A minimum interval is not reached.
    Interval,
    /// To be looked at.
    Warning,
}

/// Something that is said of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// What a reader sees.
    pub text: String,
    /// Where it is written.
    pub article: Option<Article>,
}

/// Whether these findings keep the change from being written.
pub fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.weight != Weight::Warning)
}

/// Months of cultivation before listing (Art. 13), and of probation (Art. 31).
const YEAR: i32 = 12;

/// The longest reason, in characters.
pub const REASON: usize = 500;

/// The id under which a change is tried out: no entry has it, and what rosters say has an empty one.
pub(in crate::domain) const TRIED: &str = "?";

/// What is to be said of that change today.
pub fn judge(ledger: &Ledger, change: &Change, today: Date) -> Vec<Finding> {
    let mut with = ledger.clone();
    let id = EventId(TRIED.into());
    with.apply(&id, Moment { ms: 0, tz: 0 }, &Act::Changed(change.clone()));
    judge_with(ledger, &with, change, today)
}

/// As [`judge`], where more changes than that there is one entry more: `with` is the ledger as it then
/// is, with the change under [`TRIED`].
pub(in crate::domain) fn judge_with(
    ledger: &Ledger,
    with: &Ledger,
    change: &Change,
    today: Date,
) -> Vec<Finding> {
    let mut found = Findings {
        on: change.on,
        found: Vec::new(),
    };
    if change.on > today {
        found.refused(format!("{}还没有到，只能记已经发生的事", change.on.chinese()));
    }
    form(change, &mut found);
    let mut beside = with.clone();
    beside.entries.retain(|entry| entry.id.0 != TRIED);
    fits(&beside, change, fresh(ledger, with), &mut found);
    intervals(&beside, change, &mut found);
    organs(change, &mut found);
    found.found
}

/// What is to be said of striking out that entry: later decisions must still fit.
pub fn judge_striking(ledger: &Ledger, entry: &EventId, reason: &str, today: Date) -> Vec<Finding> {
    let mut without = ledger.clone();
    let now = Moment { ms: 0, tz: 0 };
    let act = Act::Struck {
        entry: entry.clone(),
        reason: String::new(),
    };
    without.apply(entry, now, &act);
    judge_struck(ledger, &without, entry, reason, today)
}

/// As [`judge_striking`], where more changes than that the entry counts no longer: `without` is the
/// ledger as it then is.
pub fn judge_struck(
    ledger: &Ledger,
    without: &Ledger,
    entry: &EventId,
    reason: &str,
    today: Date,
) -> Vec<Finding> {
    let mut found = Findings {
        on: today,
        found: Vec::new(),
    };
    let known = ledger.entries.iter().find(|known| known.id == *entry);
    if known.is_none_or(|known| known.struck.is_some()) {
        found.refused("没有这一条，或者已经划掉了".into());
        return found.found;
    }
    if reason.trim().is_empty() {
        found.refused("请写明为什么划掉".into());
    }
    if reason.chars().count() > REASON {
        found.refused(format!("原因太长，最多{REASON}字"));
    }
    if let Some((other, state)) = fresh(ledger, without).first() {
        found.refused(format!(
            "划掉以后，{}的“{}”接不上：那时是“{}”；请先划掉后面的",
            other.change.on.chinese(),
            other.change.what.label(),
            state.label()
        ));
    }
    found.found
}

struct Findings {
    on: Date,
    found: Vec<Finding>,
}

impl Findings {
    fn say(&mut self, weight: Weight, text: String, article: Option<Article>) {
        self.found.push(Finding {
            weight,
            text,
            article,
        });
    }

    fn refused(&mut self, text: String) {
        self.say(Weight::Refused, text, None);
    }

    fn rule(&mut self, weight: Weight, rule: Rule, text: String) {
        let article = rule.on(self.on);
        self.say(weight, text, article);
    }
}

/// Reasons, places and days that must be there.
fn form(change: &Change, found: &mut Findings) {
    if change.what.kind().needs_reason() && change.reason.trim().is_empty() {
        found.refused(format!("“{}”要写明原因", change.what.label()));
    }
    if change.reason.chars().count() > REASON {
        found.refused(format!("原因太长，最多{REASON}字"));
    }
    match &change.what {
        Transition::MovedOut { to } if to.trim().is_empty() => {
            found.refused("请写明转到哪个党组织".into());
        }
        Transition::MovedIn {
            from,
            state,
            confirmed,
            admitted,
        } => {
            if from.trim().is_empty() {
                found.refused("请写明从哪个党组织转来".into());
            }
            if !state.is_here() {
                found.refused(format!("转入的人不会是“{}”", state.label()));
            }
            for (day, what) in [
                (confirmed, "确定为入党积极分子"),
                (admitted, "通过接收为预备党员"),
            ] {
                if day.is_some_and(|day| day > change.on) {
                    found.refused(format!("{what}的日子晚于转入的日子"));
                }
            }
            if admitted
                .zip(*confirmed)
                .is_some_and(|(admitted, confirmed)| admitted < confirmed)
            {
                found.refused("通过接收为预备党员的日子早于确定为入党积极分子的日子".into());
            }
        }
        Transition::Registered {
            state: State::Unknown,
        } => {
            found.refused("请选择现在的状态".into());
        }
        Transition::Extended { until } if *until <= change.on => {
            found.refused("延长到的日子不晚于决定延长的日子".into());
        }
        Transition::Full { since: Some(since) } if *since > change.on => {
            found.refused("党龄起算的日子晚于批准的日子".into());
        }
        _ => {}
    }
}

/// Whether it fits to how the person stood, and what comes later still fits.
fn fits(ledger: &Ledger, change: &Change, later: Vec<(&Entry, State)>, found: &mut Findings) {
    let standing = ledger.on(change.on);
    let state = standing.state;
    let twice = ledger
        .in_order()
        .iter()
        .any(|entry| entry.change.on == change.on && entry.change.what == change.what);
    if twice {
        found.refused("这一天已经记了同样的一条".into());
        return;
    }
    // A list may know more than what is written; what is typed is the decision itself.
    if !change.what.kind().fits(state) {
        let text = match (&change.what, state) {
            (Transition::Extended { .. }, State::Extended) => "预备期已经延长过一次，只能延长一次".to_owned(),
            (_, State::Unknown) => format!("“{}”以前没有可以接的记录", change.what.label()),
            _ => format!(
                "{}那天是“{}”，接不上“{}”",
                change.on.chinese(),
                state.label(),
                change.what.label()
            ),
        };
        let rule = matches!(change.what, Transition::Extended { .. }).then_some(Rule::Probation);
        let article = rule.and_then(|rule| rule.on(change.on));
        found.say(Weight::Refused, text, article);
        return;
    }
    if !later.is_empty() {
        let other = later.iter().find(|(entry, _)| entry.change.on >= change.on);
        let text = other.map_or_else(
            || "记下以后，别的记录接不上".to_owned(),
            |(entry, state)| {
                format!(
                    "记下以后，{}的“{}”接不上：那时成了“{}”",
                    entry.change.on.chinese(),
                    entry.change.what.label(),
                    state.label()
                )
            },
        );
        found.refused(text);
    }
    if state == State::Unknown
        && !matches!(
            change.what,
            Transition::Applied | Transition::Registered { .. } | Transition::MovedIn { .. }
        )
    {
        found.say(
            Weight::Warning,
            "这以前的情况没有记录，请补记，日期才推算得准".into(),
            None,
        );
    }
}

/// Minimum intervals, and limits that have passed.
fn intervals(ledger: &Ledger, change: &Change, found: &mut Findings) {
    let on = change.on;
    let stones = ledger.milestones(on);
    match &change.what {
        Transition::Listed => {
            match stones.confirmed {
                Some(confirmed) if on < confirmed.add_months(YEAR) => found.rule(
                    Weight::Interval,
                    Rule::Prospect,
                    format!(
                        "从{}确定为入党积极分子算起，到{}才满一年，不能在这以前列为发展对象",
                        confirmed.chinese(),
                        confirmed.add_months(YEAR).chinese()
                    ),
                ),
                Some(_) => {}
                None => found.rule(
                    Weight::Warning,
                    Rule::Prospect,
                    "没有记到哪一天确定为入党积极分子，是否满一年请自己核对".into(),
                ),
            }
            if stones.proposed.is_none() && Edition::on(on) == Some(Edition::Xize2026) {
                found.rule(
                    Weight::Warning,
                    Rule::Notice,
                    "没有记到拟列为发展对象；列为以前要上级党委同意，并公示不少于五个工作日".into(),
                );
            }
        }
        Transition::Extended { until } => {
            let Some(end) = stones.admitted.map(|day| day.add_months(YEAR)) else {
                found.rule(
                    Weight::Warning,
                    Rule::Probation,
                    "没有记到大会通过的日子，预备期从哪天算起请自己核对".into(),
                );
                return;
            };
            let (least, most) = (end.add_months(6), end.add_months(YEAR));
            if *until < least || *until > most {
                found.rule(
                    Weight::Interval,
                    Rule::Probation,
                    format!(
                        "预备期到{}满；延长不少于半年、不超过一年，应当在{}到{}之间",
                        end.chinese(),
                        least.chinese(),
                        most.chinese()
                    ),
                );
            }
        }
        Transition::PassedFull | Transition::Full { .. } => {
            match stones.probation_ends() {
                Some(end) if on < end => found.rule(
                    Weight::Interval,
                    Rule::Probation,
                    format!("预备期到{}才满，不能在这以前转正", end.chinese()),
                ),
                Some(_) => {}
                None => found.rule(
                    Weight::Warning,
                    Rule::Probation,
                    "没有记到大会通过的日子，预备期是否已满请自己核对".into(),
                ),
            }
            let limit = stones.passed_full.map(|day| day.add_months(3));
            if matches!(change.what, Transition::Full { .. }) {
                match limit {
                    None => found.rule(
                        Weight::Warning,
                        Rule::Full,
                        "没有记到党支部党员大会通过转正".into(),
                    ),
                    Some(limit) if on > limit => found.rule(
                        Weight::Warning,
                        Rule::FullApproval,
                        format!("三个月的审批期限到{}为止", limit.chinese()),
                    ),
                    Some(_) => {}
                }
            }
        }
        Transition::Approved => match stones.admitted {
            None => found.rule(
                Weight::Warning,
                Rule::Vote,
                "没有记到党支部党员大会通过接收；预备期从大会通过那天算起".into(),
            ),
            Some(admitted) if on > admitted.add_months(6) => found.rule(
                Weight::Warning,
                Rule::Approval,
                format!(
                    "审批最长不超过六个月，从大会通过算起到{}为止",
                    admitted.add_months(6).chinese()
                ),
            ),
            Some(admitted) if on > admitted.add_months(3) => found.rule(
                Weight::Warning,
                Rule::Approval,
                format!(
                    "审批一般在三个月内，从大会通过算起到{}为止；特殊情况可以延长，不超过六个月",
                    admitted.add_months(3).chinese()
                ),
            ),
            Some(_) => {}
        },
        _ => {}
    }
}

/// The organs that the rules have decide it.
fn organs(change: &Change, found: &mut Findings) {
    let Some((rule, organs)) = change.what.kind().organs() else {
        return;
    };
    let by = change.by.organ;
    if by == Organ::NotKnown || organs.contains(&by) {
        return;
    }
    if by == Organ::OtherUnit {
        return; // Decided elsewhere, by an organ of the right kind or not: it cannot be known here.
    }
    let names: Vec<&str> = organs.iter().map(|organ| organ.label()).collect();
    found.rule(
        Weight::Warning,
        rule,
        format!(
            "“{}”一般由{}决定，这里写的是{}，请核对",
            change.what.label(),
            names.join("或者"),
            by.label()
        ),
    );
}

/// What does not fit after a change and did before.
fn fresh<'a>(before: &Ledger, after: &'a Ledger) -> Vec<(&'a Entry, State)> {
    let known = before.contradictions();
    // What rosters say has no id.
    let is_same = |one: &Entry, other: &Entry| one.id == other.id && one.change == other.change;
    let is_known = |entry: &Entry| known.iter().any(|(other, _)| is_same(other, entry));
    let mut found = after.contradictions();
    found.retain(|(entry, _)| !is_known(entry));
    found
}
