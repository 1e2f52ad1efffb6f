//! Made-up people and their histories, as many as are asked for, the same ones every time. Nothing
//! in them is likely or usual: they are there so that every query has something to count.

use std::borrow::Cow;
use xuedang::domain::standing::{State, Transition};
use xuedang::domain::time::Date;
use xuedang::format::upward::changes::ChangeRow;
use xuedang::format::upward::people::{PersonRow, state};

/// The day of which the tables speak.
pub(crate) fn as_of() -> Date {
    Date::new(2026, 6, 30).unwrap()
}

/// Numbers drawn from a seed (splitmix64, S. Vigna).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }

    /// One of the words, or nothing once in so many times.
    fn perhaps(&mut self, words: &[&'static str], many: u64) -> Option<Cow<'static, str>> {
        let word = self.of(words);
        (!self.one_in(many)).then_some(Cow::Borrowed(word))
    }
}

const SURNAMES: [&str; 24] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱",
    "秦", "尤", "许", "何", "吕", "欧阳", "司马",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "霞", "平", "刚", "桂", "喆", "𠮷", "翀",
];
const ETHNICITIES: [&str; 8] = ["汉族", "汉族", "汉族", "汉族", "壮族", "回族", "维吾尔族", "满族"];
const PLACES: [&str; 6] = [
    "山东济南",
    "四川成都",
    "内蒙古赤峰",
    "广西南宁",
    "浙江杭州",
    "陕西西安",
];
const EDUCATIONS: [&str; 6] = ["高中", "中专", "大专", "本科", "硕士研究生", "博士研究生"];
const CATEGORIES: [&str; 5] = ["本科生", "硕士生", "博士生", "教师", "职工"];
const POSTS: [&str; 5] = ["无", "班长", "团支书", "组长", "学习委员"];
const GROUPS: [&str; 6] = [
    "产业工人",
    "农民",
    "高校学生",
    "高知识群体",
    "非公有制经济组织",
    "社会组织",
];
const FILINGS: [&str; 2] = ["已备案", "待备案"];

/// What leads from one state to another on these paths, in the register's words.
pub(crate) fn decision(from: Option<&str>, to: &str) -> &'static str {
    let day = as_of();
    let what = match to {
        state::APPLICANT => Transition::Applied,
        state::ACTIVIST => Transition::Confirmed,
        state::PAUSED => Transition::Paused,
        state::REMOVED => Transition::Removed,
        state::PROSPECT if from == Some(state::ADMITTED) => Transition::NotAdmitted,
        state::PROSPECT => Transition::Listed,
        state::ADMITTED => Transition::Admitted,
        state::PROBATIONER => Transition::Approved,
        state::EXTENDED => Transition::Extended { until: day },
        state::FULL_PENDING => Transition::PassedFull,
        state::MEMBER => Transition::Full { since: None },
        state::CANCELLED => Transition::Cancelled,
        state::MOVED_OUT => Transition::MovedOut { to: String::new() },
        _ => Transition::Registered {
            state: State::Unknown,
        },
    };
    what.label()
}

/// A person and what became of the person, by number from 0; `branches` are there in all.
pub(crate) fn person(number: u64, branches: u64) -> (PersonRow<'static>, Vec<ChangeRow<'static>>) {
    let draw = &mut Draw(number.wrapping_mul(0x1234_5678_9abc_def1) ^ 2026);
    let today = as_of().days();
    let day = |days: i64| Date::from_days(days);

    let id: Cow<'static, str> = format!("{number:08x}-{:04x}", draw.below(0x1_0000)).into();
    // Branches differ: of some nobody was accepted for long, in others everybody in one month.
    let branch_number = draw.below(branches);
    let branch: Cow<'static, str> = format!("第{:05}党支部", branch_number + 1).into();
    let group = draw.perhaps(&GROUPS, 40);
    let sleepy = branch_number % 11 == 3;
    let hasty = branch_number % 13 == 5;

    // The path, as far as the person has come.
    let applied = today - 60 - draw.below(3_000) as i64;
    let mut changes = Vec::new();
    let mut standing: Option<&'static str> = None;
    let mut newest = None;
    let mut last = applied;
    let mut step = |to: &'static str, at: i64, reason: Option<&'static str>, by: &'static str| {
        if at > today {
            return false;
        }
        changes.push(ChangeRow {
            person_id: Some(id.clone()),
            happened: day(at),
            from_state: standing.map(Cow::Borrowed),
            to_state: Some(Cow::Borrowed(to)),
            reason: reason.map(Cow::Borrowed),
            decided_by: Some(Cow::Borrowed(by)),
            branch: Some(branch.clone()),
            social_group: group.clone(),
            decision: Some(Cow::Borrowed(decision(standing, to))),
            sequence: Some(changes.len() as i64 + 1),
        });
        standing = Some(to);
        newest = day(at);
        last = at;
        true
    };
    let (mut confirmed, mut listed, mut accepted, mut full) = (None, None, None, None);
    step(state::APPLICANT, applied, None, "本人");
    let later = applied + 30 + draw.below(400) as i64;
    let further = !draw.one_in(12);
    if further && step(state::ACTIVIST, later, None, "党支部委员会会议") {
        confirmed = Some(later);
    }
    let fate = draw.below(20);
    let wait = 365 + draw.below(700) as i64;
    if let Some(start) = confirmed {
        match fate {
            0 => {
                step(state::PAUSED, start + 100, Some("长期在外"), "党支部委员会会议");
            }
            1 => {
                step(
                    state::REMOVED,
                    start + 200,
                    Some("不再具备条件"),
                    "党支部委员会会议",
                );
            }
            2 => {
                step(state::MOVED_OUT, start + 250, Some("毕业"), "党支部委员会会议");
            }
            _ if sleepy => {}
            _ => {
                let mut vote = start + wait + 60;
                if hasty {
                    // All in December.
                    let year = day(vote).unwrap().to_string()[..4].parse().unwrap();
                    vote = Date::new(year, 12, 1 + draw.below(28) as u8).unwrap().days();
                    vote = vote.max(start + 366);
                }
                if step(state::PROSPECT, vote - 40, None, "党支部委员会会议") {
                    listed = Some(vote - 40);
                    if step(state::ADMITTED, vote, None, "党支部党员大会") {
                        accepted = Some(vote);
                    }
                    if accepted.is_some() && step(state::PROBATIONER, vote + 30, None, "上级党委") {
                        let end = vote + 365;
                        let ends = match draw.below(30) {
                            0 => {
                                step(state::EXTENDED, end, Some("需继续考察"), "党支部党员大会");
                                end + 183
                            }
                            1 => {
                                step(state::CANCELLED, end, Some("不具备条件"), "上级党委");
                                i64::MAX
                            }
                            _ => end,
                        };
                        if ends < i64::MAX && step(state::MEMBER, ends.saturating_add(45), None, "上级党委")
                        {
                            full = Some(ends);
                        }
                    }
                }
            }
        }
    }

    // Half-year reviews from the day of confirmation to the end of cultivation.
    let cultivation_end = listed.unwrap_or(if standing == Some(state::ACTIVIST) {
        today
    } else {
        last
    });
    let reviews_due = confirmed.map(|start| (cultivation_end - start).max(0) / 183);
    let reviews_held = reviews_due.map(|due| match draw.below(6) {
        0 => 0,
        1 => due + 1,
        2 => due / 2,
        _ => due,
    });
    let held = reviews_held.filter(|held| *held > 0);
    let last_review = held
        .zip(confirmed)
        .and_then(|(held, start)| day((start + held * 183).min(today)));

    let elsewhere = (confirmed.is_some() && draw.one_in(20)).then(|| draw.below(500) as i64);

    let months_only = draw.one_in(15);
    let born = day(today - 17 * 365 - draw.below(50 * 365) as i64);
    let inexact = born.filter(|_| months_only);
    let has_record = confirmed.is_some() && !draw.one_in(3);
    let mut count = |limit: u64| has_record.then(|| draw.below(limit) as i64);
    let lessons_read = count(77);
    let answered = count(1_180);
    let exams = count(12);
    let practice = count(20);
    let talks = count(15);
    let reports = count(9);
    let minutes = count(9_000);
    let record_back = count(400);
    let class_hours =
        (listed.is_some() && !draw.one_in(4)).then(|| draw.of(&["24", "32", "16"]).parse().unwrap());
    let mentor = |draw: &mut Draw, many: u64| -> Option<Cow<'static, str>> {
        let name = format!("{}{}", draw.of(&SURNAMES), draw.of(&GIVEN));
        (!draw.one_in(many)).then(|| name.into())
    };
    let person = PersonRow {
        as_of: Some(as_of()),
        person_id: Some(id.clone()),
        branch: Some(branch.clone()),
        name: Some(format!("{}{}{}", draw.of(&SURNAMES), draw.of(&GIVEN), draw.of(&GIVEN)).into()),
        issued_number: (!draw.one_in(9)).then(|| format!("{:010}", number % 10_000_000_000).into()),
        sex: draw.perhaps(&["男", "女"], 60),
        ethnicity: draw.perhaps(&ETHNICITIES, 50),
        native_place: draw.perhaps(&PLACES, 50),
        born: born.filter(|_| !months_only),
        applied: day(applied),
        recommended: confirmed
            .filter(|_| !draw.one_in(3))
            .and_then(|start| day(start - 20)),
        confirmed: confirmed.and_then(day),
        mentor_1: confirmed.and_then(|_| mentor(draw, 25)),
        mentor_2: confirmed.and_then(|_| mentor(draw, 3)),
        education: draw.perhaps(&EDUCATIONS, 30),
        category: draw.perhaps(&CATEGORIES, 30),
        grade: draw.perhaps(&["2022级", "2023级", "2024级", "2025级"], 4),
        study_length: draw.perhaps(&["3年", "4年"], 4),
        post: draw.perhaps(&POSTS, 10),
        secretary: Some(SURNAMES[(branch_number % 22) as usize].into()),
        filing: draw.perhaps(&FILINGS, 20),
        inexact_days: inexact
            .map(|born| born.to_string()[..7].to_owned())
            .map(|month| format!("born {month}").into()),
        social_group: group.clone(),
        front_line: (!draw.one_in(10)).then(|| draw.one_in(3)),
        state: standing.map(Cow::Borrowed),
        state_since: newest,
        listed: listed.and_then(day),
        accepted: accepted.and_then(day),
        became_full: full.and_then(day),
        cultivated_days: confirmed.map(|start| cultivation_end - start + elsewhere.unwrap_or(0)),
        cultivated_elsewhere_days: elsewhere,
        reviews_due,
        reviews_held,
        last_review,
        record_day: record_back.and_then(|back| day(today - back)),
        lessons_read,
        lessons: has_record.then_some(76),
        answered,
        questions: has_record.then_some(1_179),
        correct: answered.map(|answered| answered * 4 / 5),
        exams,
        exams_passed: exams.map(|exams| exams / 2),
        practice,
        talks,
        reports,
        self_study_minutes: minutes,
        class_hours,
    };
    (person, changes)
}

#[allow(dead_code, reason = "the tests name their own number")]
/// How many branches there are for so many people.
pub(crate) fn branches(rows: u64) -> u64 {
    (rows / 50).clamp(1, 20_000)
}
