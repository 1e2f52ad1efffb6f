//! Hash routes: the address of every screen.

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
    /// Questions of a module: `#/practice/module/<id>`, of a lesson: `#/practice/lesson/<id>`,
    /// or those last answered wrongly: `#/practice/wrong`.
    Practice(Scope),
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
    /// A branch's register: `#/branch`.
    Branch,
    /// One person in the register: `#/branch/<holder>`.
    Member(String),
    /// A page beside the lessons, opened at an anchor when there is one: `#/timeline`,
    /// `#/glossary/<term>` …; see [`BESIDE`].
    Beside(&'static str, Option<String>),
    /// One's groups: `#/groups`.
    Groups,
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
    /// Of a module.
    Module(String),
    /// Of a lesson.
    Lesson(String),
    /// Last answered wrongly, over the whole course.
    Wrong,
    /// Of the lessons for the reader's groups.
    Groups,
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
            ["practice", "wrong"] => Self::Practice(Scope::Wrong),
            ["practice", "groups"] => Self::Practice(Scope::Groups),
            ["exam"] => Self::Exams,
            ["exam", id] => Self::Exam((*id).into()),
            ["exam", id, "print"] => Self::ExamPrint((*id).into(), false),
            ["exam", id, "key"] => Self::ExamPrint((*id).into(), true),
            ["groups"] => Self::Groups,
            ["mentors"] => Self::Mentors,
            ["log"] => Self::Log,
            ["record"] => Self::Record,
            ["record", "print"] => Self::RecordPrint,
            ["mentor"] => Self::Mentor,
            ["mentor", id] => Self::Mentee((*id).into()),
            ["branch"] => Self::Branch,
            ["branch", id] => Self::Member((*id).into()),
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
    /// a mentor's or a branch's; and mock exams, which nobody needs who only reads and practises. The
    /// study is for reading and testing.
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
                | Self::Mentor
                | Self::Mentee(_)
                | Self::Branch
                | Self::Member(_)
        )
    }

    /// The title of its tab.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Home => "学习",
            Self::Module(_) => "模块",
            Self::Lesson(..) => "课文",
            Self::PracticeHome | Self::Practice(_) => "自测",
            Self::Exams | Self::Exam(_) => "模拟考试",
            Self::ExamPrint(..) => "打印试卷",
            Self::Mentors => "联系人与谈话",
            Self::Log => "培养实践",
            Self::Record | Self::RecordPrint => "培养记录",
            Self::Mentor | Self::Mentee(_) => "培养联系人工作台",
            Self::Branch | Self::Member(_) => "党支部工作台",
            Self::Beside(name, _) => {
                let page = BESIDE.into_iter().find(|(known, ..)| known == name);
                page.map_or("学档", |(_, title, _)| title)
            }
            Self::Groups => "我的群体",
            Self::Search => "搜索",
            Self::More => "更多",
            Self::Settings => "设置与备份",
            Self::Help => "帮助",
            Self::Unknown(_) => "没有这一页",
        }
    }
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
            Self::Practice(Scope::Wrong) => f.write_str("#/practice/wrong"),
            Self::Practice(Scope::Groups) => f.write_str("#/practice/groups"),
            Self::Exams => f.write_str("#/exam"),
            Self::Exam(id) => write!(f, "#/exam/{id}"),
            Self::ExamPrint(id, false) => write!(f, "#/exam/{id}/print"),
            Self::ExamPrint(id, true) => write!(f, "#/exam/{id}/key"),
            Self::Groups => f.write_str("#/groups"),
            Self::Beside(name, None) => write!(f, "#/{name}"),
            Self::Beside(name, Some(anchor)) => write!(f, "#/{name}/{anchor}"),
            Self::Mentors => f.write_str("#/mentors"),
            Self::Log => f.write_str("#/log"),
            Self::Record => f.write_str("#/record"),
            Self::RecordPrint => f.write_str("#/record/print"),
            Self::Mentor => f.write_str("#/mentor"),
            Self::Mentee(id) => write!(f, "#/mentor/{id}"),
            Self::Branch => f.write_str("#/branch"),
            Self::Member(id) => write!(f, "#/branch/{id}"),
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
            Route::Practice(Scope::Wrong),
            Route::Practice(Scope::Groups),
            Route::Exams,
            Route::Exam(id()),
            Route::ExamPrint(id(), false),
            Route::ExamPrint(id(), true),
            Route::Groups,
            Route::Beside("timeline", None),
            Route::Beside("glossary", Some(id())),
            Route::Mentors,
            Route::Log,
            Route::Record,
            Route::RecordPrint,
            Route::Mentor,
            Route::Mentee(id()),
            Route::Branch,
            Route::Member(id()),
            Route::Search,
            Route::More,
            Route::Settings,
            Route::Help,
            Route::Unknown("no/such".into()),
        ];
        for route in all {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
    }
}
