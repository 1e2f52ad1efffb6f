//! Hash routes: the address of every screen.

use crate::domain::study::Mark;
use std::fmt;

/// Which screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// Progress of every module, and where to go on.
    #[default]
    Home,
    /// A module: `#/module/<id>`.
    Module(String),
    /// A lesson, and the anchor in it: `#/lesson/<id>[/<anchor>]`.
    Lesson(String, Option<String>),
    /// What can be practised: `#/practice`.
    PracticeHome,
    /// A sitting: `#/practice/module/<id>` and so on, see [`Scope`].
    Practice(Scope),
    /// What was marked as doubtful, with its notes: `#/practice/doubtful`, or hidden:
    /// `#/practice/hidden`.
    Marked(Mark),
    /// Mock exams: `#/exam`.
    Exams,
    /// One exam, while it runs and when it is over: `#/exam/<id>`.
    Exam(String),
    /// Its paper for printing: `#/exam/<id>/print`, and the key to it (`true`): `#/exam/<id>/key`.
    ExamPrint(String, bool),
    /// Mentors and talks: `#/mentors`.
    Mentors,
    /// Practice log: `#/log`.
    Log,
    /// The training record, before export: `#/record`.
    Record,
    /// The record as a sheet of paper: `#/record/print`.
    RecordPrint,
    /// A mentor's mentees: `#/mentor`.
    Mentor,
    /// One mentee: `#/mentor/<holder>`.
    Mentee(String),
    /// The branch's workbench: `#/branch`, one of its screens, or one person in the register of
    /// records: `#/branch/<holder>`.
    Branch(String),
    /// A change of unit: `#/handover` receives a package, `#/handover/<holder>` makes one,
    /// `#/handover/<holder>/<package>` shows one.
    Handover(String),
    /// The mistakes book: `#/mistakes`.
    Mistakes,
    /// How well everything is mastered: `#/mastery`.
    Mastery,
    /// The plan towards an exam: `#/plan`.
    Plan,
    /// A page beside the lessons, opened at an anchor when there is one: `#/timeline`,
    /// `#/glossary/<term>` …; see [`BESIDE`].
    Beside(&'static str, Option<String>),
    /// One's groups: `#/groups`.
    Groups,
    /// Own banks of questions: `#/banks`.
    Banks,
    /// One's own signing key, and the keys of others: `#/keys`.
    Keys,
    /// Checking what somebody has sent: `#/verify`.
    Verify,
    /// Search: `#/search`.
    Search,
    /// Everything else, for the small screen: `#/more`.
    More,
    /// Settings, backup, deletion: `#/settings`.
    Settings,
    /// Help and promises: `#/help`.
    Help,
    /// No such screen.
    Unknown(String),
}

/// Which questions to practise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of a module: `#/practice/module/<id>`.
    Module(String),
    /// Of a lesson: `#/practice/lesson/<id>`.
    Lesson(String),
    /// Of a knowledge point: `#/practice/point/<name>`.
    Point(String),
    /// Drawn from the whole course at random: `#/practice/random/<how many>`; 0 for all.
    Random(u16),
    /// Drawn from the whole course, unanswered ones first: `#/practice/unseen/<how many>`.
    Unseen(u16),
    /// Last answered wrongly, over the whole course: `#/practice/wrong`.
    Wrong,
    /// Favourites: `#/practice/favourite`.
    Favourite,
    /// Of the lessons for the reader's groups: `#/practice/groups`.
    Groups,
    /// Due for review today.
    Due,
    /// Of an own bank: `#/practice/own/<id>`.
    Own(String),
}

/// The pages beside the lessons: name, title, and one line about it.
pub const BESIDE: [(&str, &str, &str); 5] = [
    (
        "procedure",
        "发展党员流程",
        "全程每一步由谁办、什么期限，看看自己走到哪里",
    ),
    ("whom", "向哪里提出申请", "回答几个问题，找到该去的党组织和依据"),
    ("timeline", "大事年表", "党的历史大事，可以放大、分类看"),
    ("glossary", "词汇表", "课文里的词是什么意思"),
    ("sources", "依据的文件", "每份文件的版本、效力，哪些课文引用了它"),
];

impl Route {
    /// Reads `location.hash`.
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [""] => Self::Home,
            ["module", id] => Self::Module((*id).into()),
            ["lesson", id] => Self::Lesson((*id).into(), None),
            ["lesson", id, anchor] => Self::Lesson((*id).into(), Some((*anchor).into())),
            ["practice"] => Self::PracticeHome,
            ["practice", "module", id] => Self::Practice(Scope::Module((*id).into())),
            ["practice", "lesson", id] => Self::Practice(Scope::Lesson((*id).into())),
            ["practice", "point", name] => Self::Practice(Scope::Point(decoded(name))),
            ["practice", "random", count] => drawn(path, count, Scope::Random),
            ["practice", "unseen", count] => drawn(path, count, Scope::Unseen),
            ["practice", "wrong"] => Self::Practice(Scope::Wrong),
            ["practice", "favourite"] => Self::Practice(Scope::Favourite),
            ["practice", "doubtful"] => Self::Marked(Mark::Doubtful),
            ["practice", "hidden"] => Self::Marked(Mark::Hidden),
            ["practice", "groups"] => Self::Practice(Scope::Groups),
            ["practice", "due"] => Self::Practice(Scope::Due),
            ["exam"] => Self::Exams,
            ["exam", id] => Self::Exam((*id).into()),
            ["exam", id, "print"] => Self::ExamPrint((*id).into(), false),
            ["exam", id, "key"] => Self::ExamPrint((*id).into(), true),
            ["groups"] => Self::Groups,
            ["mistakes"] => Self::Mistakes,
            ["mastery"] => Self::Mastery,
            ["plan"] => Self::Plan,
            ["practice", "own", id] => Self::Practice(Scope::Own((*id).into())),
            ["banks"] => Self::Banks,
            ["keys"] => Self::Keys,
            ["verify"] => Self::Verify,
            ["mentors"] => Self::Mentors,
            ["log"] => Self::Log,
            ["record"] => Self::Record,
            ["record", "print"] => Self::RecordPrint,
            ["mentor"] => Self::Mentor,
            ["mentor", id] => Self::Mentee((*id).into()),
            ["branch", ..] => Self::Branch(path.get(7..).unwrap_or_default().into()),
            ["handover", ..] => Self::Handover(path.get(9..).unwrap_or_default().into()),
            ["search"] => Self::Search,
            ["more"] => Self::More,
            ["settings"] => Self::Settings,
            ["help"] => Self::Help,
            [name, ..] if parts.len() <= 2 => {
                let page = BESIDE.into_iter().find(|(known, ..)| known == name);
                let anchor = parts.get(1).map(|anchor| (*anchor).to_owned());
                page.map_or_else(
                    || Self::Unknown(path.into()),
                    |(name, ..)| Self::Beside(name, anchor),
                )
            }
            _ => Self::Unknown(path.into()),
        }
    }

    /// Whether it is a screen of the office: everything that is written and filed, one's own and
    /// a mentor's or a branch's; mock exams, which nobody needs who only reads and practises; and the
    /// help, which is long. The study is for reading and testing.
    pub fn is_office(&self) -> bool {
        matches!(
            self,
            Self::Mentors
                | Self::Log
                | Self::Record
                | Self::RecordPrint
                | Self::Exams
                | Self::Exam(_)
                | Self::ExamPrint(..)
                | Self::Settings
                | Self::Help
                | Self::Marked(_)
                | Self::Mistakes
                | Self::Mastery
                | Self::Plan
                | Self::Mentor
                | Self::Mentee(_)
                | Self::Branch(_)
                | Self::Handover(_)
                | Self::Banks
                | Self::Keys
                | Self::Verify
        )
    }

    /// The title of its tab.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Home => "学习",
            Self::Module(_) => "模块",
            Self::Lesson(..) => "课文",
            Self::PracticeHome | Self::Practice(_) | Self::Marked(_) => "自测",
            Self::Exams | Self::Exam(_) => "模拟考试",
            Self::ExamPrint(..) => "打印试卷",
            Self::Mentors => "联系人与谈话",
            Self::Log => "培养实践",
            Self::Record | Self::RecordPrint => "培养记录",
            Self::Mentor | Self::Mentee(_) => "培养联系人工作台",
            Self::Branch(_) | Self::Handover(_) => "党支部工作台",
            Self::Beside(name, _) => {
                let page = BESIDE.into_iter().find(|(known, ..)| known == name);
                page.map_or("学档", |(_, title, _)| title)
            }
            Self::Groups => "我的群体",
            Self::Mistakes => "错题本",
            Self::Mastery => "掌握情况",
            Self::Plan => "学习计划",
            Self::Banks => "自有题库",
            Self::Keys => "我的签名钥匙",
            Self::Verify => "核验记录",
            Self::Search => "搜索",
            Self::More => "更多",
            Self::Settings => "设置与备份",
            Self::Help => "帮助",
            Self::Unknown(_) => "没有这一页",
        }
    }
}

/// A sitting over so many questions.
fn drawn(path: &str, count: &str, scope: fn(u16) -> Scope) -> Route {
    count.parse().map_or_else(
        |_| Route::Unknown(path.into()),
        |count| Route::Practice(scope(count)),
    )
}

/// A part of an address as it was before the browser wrote `%E5…` for it.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.into())
}

/// The address, `#/…`.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("#/"),
            Self::Module(id) => write!(f, "#/module/{id}"),
            Self::Lesson(id, None) => write!(f, "#/lesson/{id}"),
            Self::Lesson(id, Some(anchor)) => write!(f, "#/lesson/{id}/{anchor}"),
            Self::PracticeHome => f.write_str("#/practice"),
            Self::Practice(Scope::Module(id)) => write!(f, "#/practice/module/{id}"),
            Self::Practice(Scope::Lesson(id)) => write!(f, "#/practice/lesson/{id}"),
            Self::Practice(Scope::Point(name)) => {
                // What would be read as something else; browsers write the rest as they like.
                let name = name.replace('%', "%25").replace('/', "%2F");
                write!(f, "#/practice/point/{name}")
            }
            Self::Practice(Scope::Random(count)) => write!(f, "#/practice/random/{count}"),
            Self::Practice(Scope::Unseen(count)) => write!(f, "#/practice/unseen/{count}"),
            Self::Practice(Scope::Wrong) => f.write_str("#/practice/wrong"),
            Self::Practice(Scope::Favourite) => f.write_str("#/practice/favourite"),
            Self::Marked(mark) => write!(f, "#/practice/{}", mark.code()),
            Self::Practice(Scope::Groups) => f.write_str("#/practice/groups"),
            Self::Practice(Scope::Due) => f.write_str("#/practice/due"),
            Self::Exams => f.write_str("#/exam"),
            Self::Exam(id) => write!(f, "#/exam/{id}"),
            Self::ExamPrint(id, false) => write!(f, "#/exam/{id}/print"),
            Self::ExamPrint(id, true) => write!(f, "#/exam/{id}/key"),
            Self::Groups => f.write_str("#/groups"),
            Self::Mistakes => f.write_str("#/mistakes"),
            Self::Mastery => f.write_str("#/mastery"),
            Self::Plan => f.write_str("#/plan"),
            Self::Practice(Scope::Own(id)) => write!(f, "#/practice/own/{id}"),
            Self::Banks => f.write_str("#/banks"),
            Self::Keys => f.write_str("#/keys"),
            Self::Verify => f.write_str("#/verify"),
            Self::Beside(name, None) => write!(f, "#/{name}"),
            Self::Beside(name, Some(anchor)) => write!(f, "#/{name}/{anchor}"),
            Self::Mentors => f.write_str("#/mentors"),
            Self::Log => f.write_str("#/log"),
            Self::Record => f.write_str("#/record"),
            Self::RecordPrint => f.write_str("#/record/print"),
            Self::Mentor => f.write_str("#/mentor"),
            Self::Mentee(id) => write!(f, "#/mentor/{id}"),
            Self::Branch(rest) if rest.is_empty() => f.write_str("#/branch"),
            Self::Branch(rest) => write!(f, "#/branch/{rest}"),
            Self::Handover(rest) => write!(f, "#/handover/{rest}"),
            Self::Search => f.write_str("#/search"),
            Self::More => f.write_str("#/more"),
            Self::Settings => f.write_str("#/settings"),
            Self::Help => f.write_str("#/help"),
            Self::Unknown(path) => write!(f, "#/{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_back() {
        let id = || "x-1".to_owned();
        let all = [
            Route::Home,
            Route::Module(id()),
            Route::Lesson(id(), None),
            Route::Lesson(id(), Some(id())),
            Route::PracticeHome,
            Route::Practice(Scope::Module(id())),
            Route::Practice(Scope::Lesson(id())),
            Route::Practice(Scope::Point("党的创立".into())),
            Route::Practice(Scope::Point("是/非 100%".into())),
            Route::Practice(Scope::Random(20)),
            Route::Practice(Scope::Unseen(0)),
            Route::Practice(Scope::Favourite),
            Route::Marked(Mark::Doubtful),
            Route::Marked(Mark::Hidden),
            Route::Practice(Scope::Wrong),
            Route::Practice(Scope::Groups),
            Route::Practice(Scope::Due),
            Route::Exams,
            Route::Exam(id()),
            Route::ExamPrint(id(), false),
            Route::ExamPrint(id(), true),
            Route::Groups,
            Route::Mistakes,
            Route::Mastery,
            Route::Plan,
            Route::Practice(Scope::Own(id())),
            Route::Groups,
            Route::Banks,
            Route::Keys,
            Route::Verify,
            Route::Beside("timeline", None),
            Route::Beside("glossary", Some(id())),
            Route::Mentors,
            Route::Log,
            Route::Record,
            Route::RecordPrint,
            Route::Mentor,
            Route::Mentee(id()),
            Route::Branch(String::new()),
            Route::Branch(id()),
            Route::Branch(format!("person/{}", id())),
            Route::Handover(String::new()),
            Route::Handover(format!("{}/{}", id(), id())),
            Route::Search,
            Route::More,
            Route::Settings,
            Route::Help,
            Route::Unknown("no/such".into()),
        ];
        for route in all {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
        assert_eq!(
            Route::parse("#/practice/point/%E5%85%9A%e7%9a%84"),
            Route::Practice(Scope::Point("党的".into()))
        );
        assert_eq!(decoded("100%+%zz%E5"), "100%+%zz%E5");
        assert_eq!(
            Route::parse("#/practice/random/many"),
            Route::Unknown("practice/random/many".into())
        );
    }
}
