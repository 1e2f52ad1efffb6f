//! The editions of the rules and the articles that dates are computed by.
//!
//! Two editions of 《中国共产党发展党员工作细则》 are known; what happened before the older one is
//! not computed. Their articles are those of `content/procedure/`; a test compares them.

use crate::domain::time::Date;

/// An edition of 《中国共产党发展党员工作细则》.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// Issued on 28 May 2014, replaced on 11 May 2026.
    Xize2014,
    /// Revised on 2 April 2026, issued and in force on 11 May 2026.
    Xize2026,
}

impl Edition {
    /// The edition in force on that day; `None` before 28 May 2014.
    pub fn on(day: Date) -> Option<Self> {
        match (day.year(), day.month(), day.day_of_month()) {
            date if date >= (2026, 5, 11) => Some(Self::Xize2026),
            date if date >= (2014, 5, 28) => Some(Self::Xize2014),
            _ => None,
        }
    }

    /// Id of its source.
    pub fn source(self) -> &'static str {
        match self {
            Self::Xize2014 => "xize-2014",
            Self::Xize2026 => "xize-2026",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Xize2014 => "发展党员工作细则（2014年）",
            Self::Xize2026 => "发展党员工作细则（2026年）",
        }
    }
}

/// Where a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Article {
    /// The edition.
    pub edition: Edition,
    /// The article; 全文 where its number was not verified.
    pub clause: &'static str,
}

impl Article {
    /// What a reader sees: `发展党员工作细则（2026年）第七条`.
    pub fn label(self) -> String {
        format!("{}{}", self.edition.label(), self.clause)
    }
}

/// The rules that dates and states are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Eighteen years to apply.
    Age,
    /// A talk within a month of the application.
    Talk,
    /// Confirmed as activist by the branch.
    Activist,
    /// One or two mentors.
    Mentors,
    /// A review every half year.
    Review,
    /// A move: cultivation time counts on.
    Handover,
    /// A year of cultivation before listing; who listens, discusses and agrees.
    Prospect,
    /// Public notice of five working days; only since 2026.
    Notice,
    /// Two sponsors.
    Sponsors,
    /// Short concentrated training.
    Training,
    /// Who leaves within three months is generally not admitted.
    Leaving,
    /// The branch's meeting; within a month of the pre-review since 2026.
    Meeting,
    /// The vote and its majority.
    Vote,
    /// Approval within three months, at most six.
    Approval,
    /// The oath; within a month since 2026.
    Oath,
    /// Probation of one year and its one extension.
    Probation,
    /// Becoming a full member.
    Full,
    /// Approval of full membership within three months.
    FullApproval,
    /// Probationers who have moved: the discussion may wait for six months.
    Transferred,
}

impl Rule {
    /// All, in the order of the articles.
    pub const ALL: [Self; 19] = [
        Self::Age,
        Self::Talk,
        Self::Activist,
        Self::Mentors,
        Self::Review,
        Self::Handover,
        Self::Prospect,
        Self::Notice,
        Self::Sponsors,
        Self::Training,
        Self::Leaving,
        Self::Meeting,
        Self::Vote,
        Self::Approval,
        Self::Oath,
        Self::Probation,
        Self::Full,
        Self::FullApproval,
        Self::Transferred,
    ];

    /// Its place in that edition; `None` where the edition has no such rule.
    pub fn article(self, edition: Edition) -> Option<Article> {
        let (old, new) = match self {
            Self::Age => (Some("第五条"), "第五条"),
            Self::Talk => (Some("第七条"), "第七条"),
            Self::Activist => (Some("第八条"), "第八条"),
            Self::Mentors => (Some("第九条"), "第九条"),
            Self::Review => (Some("第十一条"), "第十一条"),
            Self::Handover => (Some("第十二条"), "第十二条"),
            Self::Prospect => (Some("第十三条"), "第十三条"),
            Self::Notice => (None, "第十三条"),
            Self::Sponsors => (Some("第十四条"), "第十四条"),
            Self::Training => (Some("第十七条"), "第十七条"),
            Self::Leaving => (Some("第十九条"), "第十八条"),
            Self::Meeting => (Some("第二十条"), "第十九条"),
            Self::Vote => (Some("第二十一条"), "第二十条"),
            // Seen without its number, as in `content/procedure/2014.toml`.
            Self::Approval => (Some("全文"), "第二十五条"),
            Self::Oath => (Some("第三十条"), "第二十九条"),
            Self::Probation => (Some("第三十二条"), "第三十一条"),
            Self::Full => (Some("第三十三条"), "第三十二条"),
            Self::FullApproval => (Some("第三十四条"), "第三十三条"),
            Self::Transferred => (Some("第三十六条"), "第三十五条"),
        };
        let clause = match edition {
            Edition::Xize2014 => old?,
            Edition::Xize2026 => new,
        };
        Some(Article { edition, clause })
    }

    /// Its place in the edition in force on that day.
    pub fn on(self, day: Date) -> Option<Article> {
        self.article(Edition::on(day)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_that_of_the_day() {
        let on = |text: &str| Edition::on(Date::parse(text).unwrap());
        assert_eq!(on("2014-05-27"), None);
        assert_eq!(on("2014-05-28"), Some(Edition::Xize2014));
        assert_eq!(on("2026-05-10"), Some(Edition::Xize2014));
        assert_eq!(on("2026-05-11"), Some(Edition::Xize2026));
        let talk = Rule::Talk.on(Date::parse("2026-05-11").unwrap()).unwrap();
        assert_eq!(talk.label(), "发展党员工作细则（2026年）第七条");
        assert_eq!(Rule::Notice.article(Edition::Xize2014), None);
    }
}
