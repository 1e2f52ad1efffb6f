//! The rules themselves, stage by stage.

use super::article::{Article, Edition, Rule};
use super::facts::{Facts, Fitness};
use super::local::Local;
use super::rhythm::{REVIEW_MONTHS, Rhythm};
use super::workdays::WorkCalendar;
use super::{Due, Kind, What};
use crate::domain::standing::{State, Stretch};
use crate::domain::time::Date;

/// Everything that is due for that person.
pub(super) fn lines(person: &Facts, today: Date, calendar: &WorkCalendar, local: &Local) -> Vec<Due> {
    let mut lines = Lines {
        person,
        today,
        calendar,
        local,
        found: Vec::new(),
    };
    match person.state {
        State::Applicant => lines.applicant(),
        State::Activist | State::Paused => lines.activist(),
        State::Proposed => {
            lines.activist();
            lines.proposed();
        }
        State::Prospect => lines.prospect(),
        State::Admitted => lines.admitted(),
        State::Probationer | State::Extended => {
            lines.oath();
            lines.probationer();
        }
        State::FullPending => {
            lines.oath();
            lines.full_pending();
        }
        State::Unknown
        | State::Removed
        | State::Member
        | State::Cancelled
        | State::Withdrawn
        | State::MovedOut => {}
    }
    lines.found
}

struct Lines<'a> {
    person: &'a Facts,
    today: Date,
    calendar: &'a WorkCalendar,
    local: &'a Local,
    found: Vec<Due>,
}

/// A limit by the rules and one by local arrangement.
struct Limit {
    what: What,
    rule: Rule,
    from: Date,
    months: i32,
    days: Option<u16>,
    why: String,
}

impl Lines<'_> {
    fn standing(&mut self, what: What, rule: Rule, why: String) {
        self.found.push(Due {
            what,
            article: rule.on(self.today),
            from: None,
            day: None,
            kind: Kind::Standing,
            provisional: false,
            local: false,
            why,
        });
    }

    fn not_computed(&mut self, article: Option<Article>, from: Option<Date>, why: String) {
        self.found.push(Due {
            what: What::NotComputed,
            article,
            from,
            day: None,
            kind: Kind::Standing,
            provisional: false,
            local: false,
            why,
        });
    }

    /// A deadline: the earlier of the rules' and the unit's. Before the first edition that is known
    /// there is none.
    fn deadline(&mut self, limit: Limit) {
        let Some(article) = limit.rule.on(limit.from) else {
            self.not_computed(
                None,
                Some(limit.from),
                format!(
                    "{}：{}，那时适用的文本没有收录，不推算期限",
                    limit.what.label(),
                    limit.from.chinese()
                ),
            );
            return;
        };
        let day = limit.from.add_months(limit.months);
        let own = limit.days.map(|days| limit.from.add_days(i64::from(days)));
        let stricter = own.filter(|own| *own < day);
        let why = match stricter {
            Some(_) => format!("{}；本单位定为{}天内", limit.why, limit.days.unwrap_or(0)),
            None => limit.why,
        };
        self.found.push(Due {
            what: limit.what,
            article: Some(article),
            from: Some(limit.from),
            day: Some(stricter.unwrap_or(day)),
            kind: Kind::Deadline,
            provisional: false,
            local: stricter.is_some(),
            why,
        });
    }

    /// A deadline that the edition of 2014 does not have.
    fn deadline_since_2026(&mut self, limit: Limit, words: &str) {
        if Edition::on(limit.from) == Some(Edition::Xize2026) {
            return self.deadline(limit);
        }
        let own = limit.days.map(|days| limit.from.add_days(i64::from(days)));
        let now = if Edition::on(self.today) == Some(Edition::Xize2026) {
            format!("现行细则要求{words}，以前开始的从哪天算，条文没有写，请尽快安排")
        } else {
            "不推算".to_owned()
        };
        let why = format!("从{}算起，当时适用的文本没有写期限；{now}", limit.from.chinese());
        self.found.push(Due {
            what: limit.what,
            article: limit.rule.on(limit.from),
            from: Some(limit.from),
            day: own,
            kind: if own.is_some() {
                Kind::Deadline
            } else {
                Kind::Standing
            },
            provisional: false,
            local: own.is_some(),
            why: match limit.days {
                Some(days) => format!("{why}；本单位定为{days}天内"),
                None => why,
            },
        });
    }

    fn applicant(&mut self) {
        self.age();
        if self.person.talked.is_some() {
            return;
        }
        match self.person.stones.applied {
            Some(applied) => self.deadline(Limit {
                what: What::Talk,
                rule: Rule::Talk,
                from: applied,
                months: 1,
                days: self.local.draft().talk_days,
                why: format!("{}收到入党申请书，一个月内派人谈话", applied.chinese()),
            }),
            None => self.not_computed(
                Rule::Talk.on(self.today),
                None,
                "没有记到收到入党申请书的日子，谈话的期限没法推算".into(),
            ),
        }
    }

    fn age(&mut self) {
        let (Some(born), Some(applied)) = (self.person.born, self.person.stones.applied) else {
            return;
        };
        let Some(article) = Rule::Age.on(applied) else {
            return;
        };
        let eighteen = born.add_months(18 * 12);
        // Who was born on 29 February is eighteen on 1 March of a year without that day.
        let short = eighteen.day_of_month() != born.day_of_month();
        let eighteen = if short { eighteen.add_days(1) } else { eighteen };
        if applied < eighteen {
            self.found.push(Due {
                what: What::Age,
                article: Some(article),
                from: Some(born),
                day: Some(eighteen),
                kind: Kind::Minimum,
                provisional: false,
                local: false,
                why: format!(
                    "{}出生，{}满十八岁；申请书是{}收到的，请核对",
                    born.chinese(),
                    eighteen.chinese(),
                    applied.chinese()
                ),
            });
        }
    }

    fn activist(&mut self) {
        self.age();
        if self.person.talked.is_none() && self.person.stones.applied.is_some() {
            self.standing(
                What::Talk,
                Rule::Talk,
                "没有记到收到申请书后的谈话；谈过的请补记日期".into(),
            );
        }
        self.mentors();
        let Some(confirmed) = self.person.stones.confirmed else {
            self.not_computed(
                Rule::Review.on(self.today),
                None,
                "没有记到确定为入党积极分子的日子，半年考察和满一年都没法推算".into(),
            );
            return;
        };
        self.reviews(confirmed);
        self.cultivation(confirmed);
        self.customs(confirmed);
    }

    fn mentors(&mut self) {
        let today = self.today;
        let serving: Vec<_> = self
            .person
            .mentors
            .iter()
            .filter(|mentor| mentor.serves(today))
            .collect();
        match serving.len() {
            0 => self.standing(
                What::MentorNone,
                Rule::Mentors,
                "现在没有培养联系人；应当指定一至两名正式党员".into(),
            ),
            1 | 2 => {}
            count => self.standing(
                What::MentorMany,
                Rule::Mentors,
                format!("现在有{count}名培养联系人；应当是一至两名"),
            ),
        }
        for mentor in serving {
            if let Some(since) = mentor.unable.filter(|since| *since <= today) {
                self.standing(
                    What::MentorUnable,
                    Rule::Mentors,
                    format!("{}从{}起不能履行职责，应当及时调整", mentor.name, since.chinese()),
                );
            }
            if mentor.full_member == Some(false) {
                self.standing(
                    What::MentorNotMember,
                    Rule::Mentors,
                    format!("{}不是正式党员", mentor.name),
                );
            }
        }
    }

    fn reviews(&mut self, confirmed: Date) {
        let reviews = &self.person.reviews;
        let rhythm = Rhythm::of(confirmed, REVIEW_MONTHS, reviews, self.today);
        let paused = if self.person.state == State::Paused {
            "；现在暂停培养"
        } else {
            ""
        };
        let missed: Vec<String> = rhythm
            .missed()
            .filter(|period| Rule::Review.on(period.due).is_some())
            .map(|period| period.due.to_string())
            .collect();
        if !missed.is_empty() {
            self.standing(
                What::ReviewsMissed,
                Rule::Review,
                format!(
                    "有{}个半年没有考察记录，分别到{}为止；已经考察过的请补记日期",
                    missed.len(),
                    missed.join("、")
                ),
            );
        }
        self.rhythm(&rhythm, What::Review, |due| {
            (
                Rule::Review.on(due),
                format!(
                    "从{}确定为入党积极分子算起，每半年考察一次{paused}",
                    confirmed.chinese()
                ),
            )
        });
        let own = self.local.draft().review_months.unwrap_or(6);
        if own < 6 {
            let rhythm = Rhythm::of(confirmed, own as u8, reviews, self.today);
            self.rhythm(&rhythm, What::Review, |due| {
                (
                    Rule::Review.on(due),
                    format!("本单位定为每{own}个月考察一次{paused}"),
                )
            });
        }
    }

    /// The period that can still be made up for, and the next day. Only half-year reviews are of
    /// the rules; what is more frequent is local.
    fn rhythm(&mut self, rhythm: &Rhythm, what: What, cite: impl Fn(Date) -> (Option<Article>, String)) {
        let is_rule = rhythm.months == REVIEW_MONTHS && what == What::Review;
        let overdue = if what == What::Review {
            What::ReviewOverdue
        } else {
            what
        };
        let last = rhythm.overdue().map(|period| (overdue, period.after, period.due));
        let next = rhythm.next_period().map(|(after, due)| (what, after, due));
        for (what, after, day) in last.into_iter().chain(next) {
            let (article, why) = cite(day);
            if is_rule && article.is_none() {
                continue; // Before the first edition that is known.
            }
            self.found.push(Due {
                what,
                article,
                from: Some(after),
                day: Some(day),
                kind: Kind::Deadline,
                provisional: false,
                local: !is_rule,
                why,
            });
        }
    }

    fn cultivation(&mut self, confirmed: Date) {
        let months = self.local.cultivation_months();
        let base = confirmed.add_months(i32::from(months));
        let stones = &self.person.stones;
        let days = |stretches: &[Stretch]| -> i64 {
            let each = stretches.iter().map(|stretch| stretch.days(self.today));
            each.sum()
        };
        let (paused, away) = (days(&stones.pauses), days(&stones.gaps));
        let without = self.without_pauses(base);
        let mut why = format!(
            "从{}确定为入党积极分子算起，培养教育一年以上才能列为发展对象；满了不会自动列为",
            confirmed.chinese()
        );
        if months > 12 {
            why.push_str(&format!("；本单位定为{months}个月"));
        }
        if paused + away > 0 {
            let how = if self.local.draft().pauses_excluded {
                format!("本单位不计入，不扣除的话是{}", base.chinese())
            } else {
                format!(
                    "培养教育时间可以连续计算，是否扣除由党组织认定，扣除的话到{}",
                    without.chinese()
                )
            };
            why.push_str(&format!("；其间暂停培养{paused}天、转接空档{away}天，{how}"));
        }
        let excluded = self.local.draft().pauses_excluded && without > base;
        let day = if excluded { without } else { base };
        self.found.push(Due {
            what: What::Cultivation,
            article: Rule::Prospect.on(day),
            from: Some(confirmed),
            day: Some(day),
            kind: Kind::Minimum,
            provisional: false,
            local: months > 12 || excluded,
            why,
        });
    }

    /// The day, later by the pauses and gaps before it. Days that lie in two stretches count once.
    fn without_pauses(&self, base: Date) -> Date {
        let stones = &self.person.stones;
        let mut stretches: Vec<&Stretch> = stones.pauses.iter().chain(&stones.gaps).collect();
        stretches.sort_by_key(|stretch| stretch.from);
        let (mut end, mut counted) = (base, None::<Date>);
        for stretch in stretches {
            let from = counted.map_or(stretch.from, |counted| counted.max(stretch.from));
            let until = stretch.until.unwrap_or(self.today).min(self.today);
            if from < end && until > from {
                end = end.add_days(until.days() - from.days());
                counted = Some(until);
            }
        }
        end
    }

    fn customs(&mut self, confirmed: Date) {
        let draft = self.local.draft();
        let customs = [
            (
                draft.thought_report_months,
                What::ThoughtReport,
                &self.person.thought_reports,
                "交思想汇报",
            ),
            (
                draft.mentor_note_months,
                What::MentorNote,
                &self.person.mentor_notes,
                "由培养联系人写一次情况",
            ),
        ];
        for (months, what, held, words) in customs {
            let Some(months) = months else { continue };
            let rhythm = Rhythm::of(confirmed, months as u8, held, self.today);
            self.rhythm(&rhythm, what, |_| {
                (
                    None,
                    format!("本单位的安排：每{months}个月{words}；细则没有这个周期"),
                )
            });
        }
    }

    fn proposed(&mut self) {
        let edition = Edition::on(self.today);
        if self.person.agreed.is_none() {
            let why = match edition {
                Some(Edition::Xize2026) => "拟列为发展对象的，要报上级党委同意，同意以后才能公示",
                _ => "支部委员会讨论同意后，报上级党委备案",
            };
            self.standing(What::Consent, Rule::Prospect, why.into());
            return;
        }
        if edition != Some(Edition::Xize2026) {
            return; // No public notice before.
        }
        let days = self.local.notice_days();
        let Some(notice) = self.person.notice else {
            self.standing(
                What::Notice,
                Rule::Notice,
                format!("上级党委已经同意，接着公示，不少于{}个工作日", chinese(days)),
            );
            return;
        };
        let counted = self.calendar.add_working_days(notice.from, days);
        // Counting from the day itself would be a working day less, if it was one.
        let early = self.calendar.is_working(notice.from).then(|| {
            let less = self
                .calendar
                .add_working_days(notice.from, days.saturating_sub(1));
            format!("；当天也算的话是{}，条文没有写", less.day.chinese())
        });
        let own = if days > 5 { "（本单位定的）" } else { "" };
        self.found.push(Due {
            what: What::NoticeRuns,
            article: Rule::Notice.on(self.today),
            from: Some(notice.from),
            day: Some(counted.day),
            kind: Kind::Minimum,
            provisional: counted.provisional,
            local: days > 5,
            why: format!(
                "{}贴出公示，从第二天数起，到这一天结束满{}个工作日{own}{}",
                notice.from.chinese(),
                chinese(days),
                early.unwrap_or_default()
            ),
        });
        if let Some(until) = notice.until.filter(|until| *until < counted.day) {
            let (count, _) = self.calendar.working_days_between(notice.from, until);
            self.standing(
                What::NoticeShort,
                Rule::Notice,
                format!(
                    "公示写到{}为止，从第二天数起只有{count}个工作日，不够{}个",
                    until.chinese(),
                    chinese(days)
                ),
            );
        }
        if self.person.mobile && !notice.both_places {
            self.standing(
                What::NoticePlaces,
                Rule::Notice,
                "流动人员要在流出地和流入地同时公示，现在只记了一处".into(),
            );
        }
    }

    fn prospect(&mut self) {
        self.sponsors();
        self.training();
        if let Some(leaving) = self.person.leaving {
            let soon = self.today.add_months(3);
            if self.today <= leaving && leaving <= soon {
                self.standing(
                    What::Leaving,
                    Rule::Leaving,
                    format!(
                        "{}要离开现在的单位；未来三个月内要离开的，一般不办理接收手续",
                        leaving.chinese()
                    ),
                );
            }
        }
        if let Some(prereviewed) = self.person.prereviewed {
            let words = "预审合格后一个月内提交党支部党员大会讨论";
            let limit = Limit {
                what: What::Meeting,
                rule: Rule::Meeting,
                from: prereviewed,
                months: 1,
                days: self.local.draft().meeting_days,
                why: format!(
                    "{}预审合格，一个月内提交党支部党员大会讨论",
                    prereviewed.chinese()
                ),
            };
            self.deadline_since_2026(limit, words);
        }
    }

    fn sponsors(&mut self) {
        let sponsors = &self.person.sponsors;
        if sponsors.len() != 2 {
            self.standing(
                What::Sponsors,
                Rule::Sponsors,
                format!("现在记了{}名入党介绍人；应当有两名正式党员", sponsors.len()),
            );
        }
        for sponsor in sponsors {
            let why = match sponsor.fitness {
                Fitness::Fit => None,
                Fitness::NotAdvisable => (Edition::on(self.today) == Some(Edition::Xize2026))
                    .then_some("受处分还在影响期内，不宜担任"),
                Fitness::Barred => Some("受留党察看处分、没有恢复党员权利，不能担任"),
            };
            let not_member = (sponsor.full_member == Some(false)).then_some("不是正式党员");
            for why in why.into_iter().chain(not_member) {
                self.standing(
                    What::SponsorUnfit,
                    Rule::Sponsors,
                    format!("{}{why}", sponsor.name),
                );
            }
        }
    }

    fn training(&mut self) {
        let (days, hours) = self.local.training();
        let classes = &self.person.training;
        if classes
            .iter()
            .any(|class| class.days >= days || class.hours >= hours)
        {
            return;
        }
        let sum = |of: fn(&super::facts::Training) -> u16| -> u32 {
            classes.iter().map(|class| u32::from(of(class))).sum()
        };
        let (all_days, all_hours) = (sum(|class| class.days), sum(|class| class.hours));
        let so_far = match classes.len() {
            0 => "还没有记到".to_owned(),
            1 => format!("记到的一次是{all_days}天、{all_hours}学时，不够"),
            count => format!(
                "记到的{count}次合计{all_days}天、{all_hours}学时，没有一次够；几次能不能合计由党组织认定"
            ),
        };
        let article = Rule::Training.on(self.today);
        self.found.push(Due {
            what: What::Training,
            article,
            from: self.person.stones.listed,
            day: None,
            kind: Kind::Standing,
            provisional: false,
            local: days > 3 || hours > 24,
            why: format!(
                "基层党委或者县级党委组织部门组织，一般不少于{}天或者不少于{}个学时；{so_far}。自学不算",
                chinese(days),
                chinese(hours)
            ),
        });
    }

    fn admitted(&mut self) {
        let Some(admitted) = self.person.stones.admitted else {
            self.not_computed(
                Rule::Approval.on(self.today),
                None,
                "没有记到党支部党员大会通过的日子，审批的期限没法推算".into(),
            );
            return;
        };
        let why = |words: &str| {
            format!(
                "{}党支部党员大会通过接收，{words}；条文没有写从哪天算起，这里从大会通过那天算",
                admitted.chinese()
            )
        };
        self.deadline(Limit {
            what: What::Approval,
            rule: Rule::Approval,
            from: admitted,
            months: 3,
            days: self.local.draft().approval_days,
            why: why("三个月内审批"),
        });
        if Rule::Approval.on(admitted).is_some() {
            self.deadline(Limit {
                what: What::ApprovalLast,
                rule: Rule::Approval,
                from: admitted,
                months: 6,
                days: None,
                why: why("特殊情况可以延长，最长不超过六个月"),
            });
        }
    }

    fn oath(&mut self) {
        let (None, Some(approved)) = (self.person.sworn, self.person.stones.approved) else {
            return;
        };
        let limit = Limit {
            what: What::Oath,
            rule: Rule::Oath,
            from: approved,
            months: 1,
            days: self.local.draft().oath_days,
            why: format!("{}批复同意接收，一般在一个月内宣誓", approved.chinese()),
        };
        self.deadline_since_2026(limit, "一般在批复同意接收后一个月内宣誓");
    }

    fn probationer(&mut self) {
        let stones = &self.person.stones;
        let (Some(admitted), Some(end)) = (stones.admitted, self.person.probation_ends()) else {
            self.not_computed(
                Rule::Probation.on(self.today),
                None,
                "没有记到党支部党员大会通过的日子，预备期从哪天算起没法推算".into(),
            );
            return;
        };
        let year = admitted.add_months(12);
        let extended = stones.extended;
        let moved_in = stones.moved_in_on_probation;
        if let Some((_, until)) = extended
            && (until < year.add_months(6) || until > year.add_months(12))
        {
            self.standing(
                What::ExtensionLimits,
                Rule::Probation,
                format!(
                    "延长到{}；延长不少于半年、最长不超过一年，应当在{}到{}之间",
                    until.chinese(),
                    year.add_months(6).chinese(),
                    year.add_months(12).chinese()
                ),
            );
        }
        let why = match extended {
            None => format!("{}党支部党员大会通过接收，预备期一年", admitted.chinese()),
            Some((on, until)) => format!(
                "预备期原到{}，{}决定延长到{}；只能延长一次",
                year.chinese(),
                on.chinese(),
                until.chinese()
            ),
        };
        let from = extended.map_or(admitted, |(on, _)| on);
        self.found.push(Due {
            what: What::Probation,
            article: Rule::Probation.on(from),
            from: Some(from),
            day: Some(end),
            kind: Kind::Minimum,
            provisional: false,
            local: false,
            why: format!("{why}；期满要讨论能否转正，不会自动转正"),
        });
        if self.today >= end {
            if self.person.requested.is_none() {
                self.standing(
                    What::Request,
                    Rule::Full,
                    "预备期已满，没有记到本人的书面转正申请；入党志愿书不能代替".into(),
                );
            }
            self.standing(
                What::FullDiscussion,
                Rule::Full,
                format!("预备期到{}已满，党支部应当及时讨论能否转正", end.chinese()),
            );
        }
        if let Some(moved_in) = moved_in {
            let put_off = if self.person.postponed {
                "党支部已经决定推迟讨论"
            } else {
                "认为有必要的，可以推迟讨论"
            };
            self.deadline(Limit {
                what: What::Transferred,
                rule: Rule::Transferred,
                from: end,
                months: 6,
                days: None,
                why: format!(
                    "{}转入，预备期到{}满；{put_off}，推迟不超过六个月；批准转正的，仍从期满那天算起",
                    moved_in.chinese(),
                    end.chinese()
                ),
            });
        }
    }

    fn full_pending(&mut self) {
        let Some(passed) = self.person.stones.passed_full else {
            self.not_computed(
                Rule::FullApproval.on(self.today),
                None,
                "没有记到党支部党员大会通过转正的日子，审批的期限没法推算".into(),
            );
            return;
        };
        let since = self.person.probation_ends();
        let since = since.map_or(String::new(), |end| {
            format!("；批准的，党龄从{}预备期满转正那天算起", end.chinese())
        });
        self.deadline(Limit {
            what: What::FullApproval,
            rule: Rule::FullApproval,
            from: passed,
            months: 3,
            days: self.local.draft().full_approval_days,
            why: format!("{}党支部党员大会通过转正，三个月内审批{since}", passed.chinese()),
        });
    }
}

/// A number as the rules write it.
fn chinese(number: u16) -> String {
    crate::domain::course::clause::numeral(number)
}
