//! The papers that go along, as people list them. They go their own way; here is only which are
//! there and which are not.

use super::{MAX_OTHER, is_long_or_unseen, unfit_line};
use serde::{Deserialize, Serialize};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Which paper.
    pub kind: MaterialKind,
    /// What it is called, for [`MaterialKind::Other`] alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is there.
    pub state: MaterialState,
    /// How many of it; 0 when it is not there.
    pub count: u32,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Most copies or sheets of one paper.
const MAX_COUNT: u32 = 999;

/// Which paper. The names are those of the 细则 of 2026 where it names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialKind {
    /// 入党申请书 (Art. 12, 36).
    Application,
    /// 《入党积极分子培养考察登记表》 (Art. 9, 12, 36).
    Form,
    /// Record of the talk with the applicant (Art. 7).
    Talk,
    /// Recommendation by members or by a mass organisation (Art. 8).
    Recommendation,
    /// Record of the committee, or of the branch meeting, that confirmed the activist (Art. 8).
    Decision,
    /// Papers of the filing with the higher committee (Art. 8).
    Filing,
    /// What the mentors know and reported (Art. 9).
    Mentor,
    /// Records of education: lectures, activities, social work, concentrated training (Art. 10).
    Education,
    /// Half-yearly reviews (Art. 11).
    Review,
    /// 思想汇报: local custom, not in the 细则.
    Reports,
    /// Papers of the political review (Art. 16, 36): of prospects only.
    PoliticalReview,
    /// Anything else, by its name.
    Other,
}

impl MaterialKind {
    /// All that have a name of their own, in the order of the procedure; what Art. 12 names first.
    pub const NAMED: [Self; 11] = [
        Self::Application,
        Self::Form,
        Self::Talk,
        Self::Recommendation,
        Self::Decision,
        Self::Filing,
        Self::Mentor,
        Self::Education,
        Self::Review,
        Self::Reports,
        Self::PoliticalReview,
    ];

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Form => "form",
            Self::Talk => "talk",
            Self::Recommendation => "recommendation",
            Self::Decision => "decision",
            Self::Filing => "filing",
            Self::Mentor => "mentor",
            Self::Education => "education",
            Self::Review => "review",
            Self::Reports => "reports",
            Self::PoliticalReview => "political-review",
            Self::Other => "other",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Application => "入党申请书",
            Self::Form => "《入党积极分子培养考察登记表》",
            Self::Talk => "同入党申请人谈话的记录",
            Self::Recommendation => "党员推荐、群团组织推优的材料",
            Self::Decision => "党支部委员会会议（或党支部党员大会）确定入党积极分子的记录",
            Self::Filing => "报上级党委备案的材料",
            Self::Mentor => "培养联系人谈话、了解情况的记录",
            Self::Education => "培养教育的记录（听党课、参加活动、社会工作、集中培训）",
            Self::Review => "党支部每半年考察的记录",
            Self::Reports => "思想汇报",
            Self::PoliticalReview => "政治审查材料",
            Self::Other => "其他材料",
        }
    }

    /// Where the paper comes from, in words: articles of the 细则 of 2026, or custom.
    pub fn basis(self) -> &'static str {
        match self {
            Self::Application => "细则第五、十二、三十六条",
            Self::Form => "细则第九、十二、三十六条",
            Self::Talk => "细则第七条",
            Self::Recommendation | Self::Decision | Self::Filing => "细则第八条",
            Self::Mentor => "细则第九条",
            Self::Education => "细则第十条",
            Self::Review => "细则第十一条，意见写在登记表上的可填“不适用”",
            Self::Reports => "细则未规定，各地有此做法",
            Self::PoliticalReview => "细则第十六、三十六条，发展对象阶段才有",
            Self::Other => "",
        }
    }

    /// Whether Art. 12 names it as handed over.
    pub fn is_named_by_article_12(self) -> bool {
        matches!(self, Self::Application | Self::Form)
    }
}

/// Whether a paper is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialState {
    /// It is, and is handed over.
    Present,
    /// It ought to be and is not.
    Missing,
    /// There is none, rightly.
    NotApplicable,
}

impl MaterialState {
    /// All.
    pub const ALL: [Self; 3] = [Self::Present, Self::Missing, Self::NotApplicable];

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The state of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Present => "在",
            Self::Missing => "缺",
            Self::NotApplicable => "不适用",
        }
    }
}

impl Material {
    /// What a reader sees.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(self.kind.label())
    }

    /// What is wrong with it, if anything.
    pub fn unfit(&self) -> Option<String> {
        let says = |what: &str| Some(format!("「{}」{what}", self.kind.label()));
        match (&self.name, self.kind) {
            (Some(name), MaterialKind::Other) => {
                if let Some(what) = unfit_line(name) {
                    return says(&format!("的名称{what}"));
                }
            }
            (None, MaterialKind::Other) => return says("没有写名称"),
            (Some(_), _) => return says("另写了名称"),
            (None, _) => {}
        }
        match self.state {
            MaterialState::Present if self.count == 0 || self.count > MAX_COUNT => {
                return says("标为“在”，份数应在 1 到 999 之间");
            }
            MaterialState::Missing | MaterialState::NotApplicable if self.count > 0 => {
                return says("不在，却写了份数");
            }
            _ => {}
        }
        match &self.note {
            Some(note) if note.trim().is_empty() || is_long_or_unseen(note) => {
                says("的备注为空、超过 100 个字，或含有不能显示的字符")
            }
            _ => None,
        }
    }
}

/// Every paper with a name once, so that none is passed over in silence. Gives the place and why.
pub(super) fn contradiction(list: &[Material]) -> Option<(Option<usize>, String)> {
    for (at, material) in list.iter().enumerate() {
        if let Some(what) = material.unfit() {
            return Some((Some(at), what));
        }
    }
    for kind in MaterialKind::NAMED {
        let count = list.iter().filter(|material| material.kind == kind).count();
        if count != 1 {
            let how = if count == 0 {
                "没有列出"
            } else {
                "列了两次"
            };
            return Some((None, format!("「{}」{how}", kind.label())));
        }
    }
    (list.len() > MaterialKind::NAMED.len() + MAX_OTHER).then(|| (None, "其他材料超过 10 项".into()))
}
