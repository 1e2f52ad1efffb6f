//! What a roster may say of a person, and how it is written.

use super::lot::Trouble;
use super::when::{Habit, Reading, When, is_nothing};
use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($variant:ident, $code:literal, $label:literal, $kind:ident, $doc:literal;)*) => {
        /// A fact that a roster gives. Nothing else is taken: no identity number, no telephone, no
        /// address, no family (PIPL Art. 6).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Field { $(#[doc = $doc] $variant,)* }

        impl Field {
            /// All, in the order of the form that is really used.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in markup, files and events.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What a reader sees.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// What its values are.
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

fields! {
    Branch, "branch", "所在党支部", Text, "The branch.";
    Name, "name", "姓名", Name, "As on the identity card.";
    Number, "number", "学号/职工号", Code, "A number that the unit or school has given.";
    Sex, "sex", "性别", Sex, "男 or 女.";
    Ethnicity, "ethnicity", "民族", Ethnicity, "In full: 汉族.";
    Origin, "origin", "籍贯", Text, "Where the family is from, as the form asks.";
    Birth, "birth", "出生日期", Day, "Day or month of birth.";
    Applied, "applied", "递交入党申请书时间", Day, "When the application was handed in.";
    League, "league", "团组织推优时间", Day, "When the Youth League proposed the person.";
    Confirmed, "confirmed", "确定为入党积极分子时间", Day, "When the person was confirmed as an activist.";
    Mentor1, "mentor1", "培养联系人一", Name, "A mentor.";
    Mentor2, "mentor2", "培养联系人二", Name, "The other mentor.";
    Prospect, "prospect", "确定为发展对象时间", Day, "When the person was listed as a prospect.";
    Admitted, "admitted", "接收为预备党员时间", Day, "When the branch voted for probation.";
    Full, "full", "转为正式党员时间", Day, "When the branch voted for full membership.";
    Stage, "stage", "发展阶段", Stage, "Where the roster says that the person stands.";
    Education, "education", "已取得学历", Text, "Highest education.";
    Category, "category", "学生类别/人员类别", Text, "Kind of student or staff.";
    Grade, "grade", "年级", Text, "Year of entry.";
    Class, "class", "班级", Text, "Class.";
    Years, "years", "学制", Text, "How long the studies take.";
    Post, "post", "担任职务", Text, "An office that the person holds.";
    Work, "work", "工作岗位", Text, "The person's work.";
    Secretary, "secretary", "党支部书记姓名", Name, "The branch's secretary.";
    Filing, "filing", "二级党委备案情况", Text, "Whether the committee has it on file.";
    Note, "note", "备注", Note, "A note.";
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A person's name.
    Name,
    /// Letters and digits.
    Code,
    /// A day, or a month, or a year.
    Day,
    /// 男 or 女.
    Sex,
    /// An ethnic group.
    Ethnicity,
    /// A [`Stage`].
    Stage,
    /// Free text that is added to, never written over.
    Note,
}

impl Field {
    /// The field of that code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }

    /// Its place in [`Self::ALL`].
    pub fn at(self) -> usize {
        self as usize
    }

    /// Whether another value than the known one must be looked at by somebody: who the person is,
    /// and the dates on which rules depend.
    pub fn is_weighty(self) -> bool {
        self.kind() == Kind::Day || matches!(self, Self::Number | Self::Sex | Self::Ethnicity | Self::Origin)
    }
}

/// The most characters of a name that somebody gives to something of the workbench.
pub const MAX_TYPED: usize = 500;

impl Kind {
    /// The most characters that a value may have.
    fn longest(self) -> usize {
        match self {
            Self::Name => 60,
            Self::Code => 40,
            Self::Note => 2_000,
            _ => 200,
        }
    }
}

impl Field {
    /// Words as they are kept, whether they stand in a cell or were typed: tidied, and empty where
    /// they say that there is nothing. No dates: those depend on their column.
    ///
    /// # Errors
    /// Why they cannot be a value of this field.
    pub fn words(self, text: &str) -> Result<String, Trouble> {
        if is_nothing(text) {
            return Ok(String::new());
        }
        let kind = self.kind();
        let value = match kind {
            Kind::Text | Kind::Note | Kind::Day => tidy(text),
            Kind::Name => tidy_name(text),
            Kind::Code => code(text)?,
            Kind::Sex => match place_key(text).as_str() {
                "男" | "男性" => "男".into(),
                "女" | "女性" => "女".into(),
                _ => return Err(Trouble::Sex),
            },
            Kind::Ethnicity => ethnicity(text).ok_or(Trouble::Ethnicity)?,
            Kind::Stage => Stage::read(text).ok_or(Trouble::Stage)?.label().to_owned(),
        };
        let is_name = || {
            value.chars().any(char::is_alphabetic) && value.chars().filter(char::is_ascii_digit).count() <= 2
        };
        if value.chars().count() > kind.longest() {
            // What is as long as that is no name at all.
            let whole = self == Self::Name;
            return Err(if whole {
                Trouble::NotAName
            } else {
                Trouble::Long(kind.longest())
            });
        }
        if kind == Kind::Name && !is_name() {
            return Err(Trouble::NotAName);
        }
        Ok(value)
    }

    /// A value that somebody typed, as it is kept.
    ///
    /// # Errors
    /// Why that cannot be a value of this field.
    pub fn typed(self, value: &str) -> Result<String, String> {
        if self.kind() != Kind::Day {
            return self.words(value).map_err(|trouble| trouble.message());
        }
        match When::read(&tidy(value), Habit::default()) {
            Reading::Is(when) => Ok(when.to_string()),
            Reading::Nothing => Ok(String::new()),
            Reading::Doubt(why, could) => Err(Trouble::Date(why, could).message()),
        }
    }

    /// Whether it tells who somebody is: a row with another value of it may be somebody else.
    pub fn tells_apart(self) -> bool {
        matches!(self, Self::Name | Self::Number | Self::Branch | Self::Birth)
    }
}

/// A number as it is kept.
fn code(text: &str) -> Result<String, Trouble> {
    let code = tidy_code(text.trim_start_matches(['\'', '’']));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // 1.23457E+11: what a spreadsheet makes of a long number.
    if let Some((left, right)) = code.split_once("E+")
        && digits(right)
        && left.split('.').all(digits)
    {
        return Err(Trouble::Digits);
    }
    let whole = code.strip_suffix(".0").filter(|whole| digits(whole));
    Ok(whole.map_or_else(|| code.clone(), str::to_owned))
}

/// Where a person stands, as rosters write it. It only ever rises by an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 入党申请人.
    Applicant,
    /// 入党积极分子.
    Activist,
    /// 发展对象.
    Prospect,
    /// 预备党员.
    Probationer,
    /// 正式党员.
    Member,
}

impl Stage {
    /// All, from the first.
    pub const ALL: [Self; 5] = [
        Self::Applicant,
        Self::Activist,
        Self::Prospect,
        Self::Probationer,
        Self::Member,
    ];

    /// What a reader sees, and what is kept.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applicant => "入党申请人",
            Self::Activist => "入党积极分子",
            Self::Prospect => "发展对象",
            Self::Probationer => "预备党员",
            Self::Member => "正式党员",
        }
    }

    /// Reads what rosters write; `None` for anything else (a political status such as 共青团员 is
    /// no stage).
    pub fn read(text: &str) -> Option<Self> {
        Some(match place_key(text).as_str() {
            "入党申请人" | "申请人" | "入党申请者" | "申请入党" => Self::Applicant,
            "入党积极分子" | "积极分子" => Self::Activist,
            "发展对象" | "党员发展对象" => Self::Prospect,
            "预备党员" | "中共预备党员" => Self::Probationer,
            "正式党员" | "中共党员" | "党员" | "中共正式党员" => Self::Member,
            _ => return None,
        })
    }
}

/// The ethnic groups by their names (GB/T 3304) without 族.
const ETHNICITIES: [&str; 56] = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
];

/// The full name of an ethnic group; `None` when there is none of that name.
pub fn ethnicity(text: &str) -> Option<String> {
    let key = place_key(text);
    let stem = key.strip_suffix('族').unwrap_or(&key);
    ETHNICITIES.contains(&stem).then(|| format!("{stem}族"))
}

/// Whether a text is what most are: signs of ASCII and Chinese characters, nothing that would be
/// left out or written in another way.
fn is_plain(text: &str) -> bool {
    let plain = |sign| matches!(sign, '!'..='~' | '\u{4e00}'..='\u{9fa5}');
    text.chars().all(plain)
}

/// Full-width letters, digits and signs as half-width ones; every kind of space as a space.
pub fn widths(text: &str) -> String {
    text.chars()
        .filter(|sign| !matches!(sign, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
            sign if sign.is_whitespace() && sign != '\n' => ' ',
            sign => sign,
        })
        .collect()
}

/// Text without control characters, with single spaces, none at its ends, and none between two
/// Chinese characters; a line break counts as a space.
pub fn tidy(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for sign in text.chars() {
        if sign.is_whitespace() || matches!(sign, '\u{200b}' | '\u{feff}' | '\u{2060}') {
            gap = true;
        } else if !sign.is_control() {
            if gap
                && out
                    .chars()
                    .last()
                    .is_some_and(|last| is_latin(last) && is_latin(sign))
            {
                out.push(' ');
            }
            gap = false;
            out.push(sign);
        }
    }
    out
}

/// Whether a space beside it parts words.
fn is_latin(sign: char) -> bool {
    (sign as u32) < 0x2e80
}

/// A name: without the spaces that stretch it, with one kind of middle dot.
pub fn tidy_name(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    tidy(text)
        .chars()
        .map(|sign| match sign {
            '•' | '・' | '‧' | '∙' | '･' | '．' => '·',
            sign => sign,
        })
        .collect()
}

/// A number: half-width, without spaces, capitals. Zeros in front stay.
pub fn tidy_code(text: &str) -> String {
    if is_plain(text) {
        return text.to_ascii_uppercase();
    }
    widths(text)
        .chars()
        .filter(|sign| !sign.is_whitespace() && !sign.is_control())
        .map(|sign| sign.to_ascii_uppercase())
        .collect()
}

/// What two writings of a name have in common: no spaces, no dots, half-width, small letters.
pub fn name_key(text: &str) -> String {
    if is_plain(text) {
        let mut key = text.to_ascii_lowercase();
        key.retain(|sign| !sign.is_ascii_punctuation());
        return key;
    }
    widths(text)
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What two writings of a place or a word have in common: no spaces, half-width.
pub fn place_key(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    widths(text)
        .chars()
        .filter(|sign| !sign.is_whitespace() && !sign.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is done at once for plain texts is what is done for all.
        #[test]
        fn plain_texts_are_no_exception(text in "[ -~张三欧龥９，\u{3000}·]{0,12}") {
            // The mark at its end makes a text one that is not plain, and stays.
            let marked = |made: fn(&str) -> String| {
                let made = made(&format!("{text}〇"));
                made.strip_suffix('〇').map(str::to_owned).unwrap()
            };
            for made in [tidy, tidy_name, tidy_code, place_key, name_key, widths] {
                prop_assert_eq!(made(&text), marked(made));
            }
        }
    }

    #[test]
    fn fields_are_named_once_and_numbered_by_their_place() {
        for (at, field) in Field::ALL.iter().enumerate() {
            assert_eq!(field.at(), at);
            assert_eq!(Field::of(field.code()), Some(*field));
            assert_eq!(
                serde_json::to_string(field).unwrap(),
                format!("\"{}\"", field.code())
            );
        }
    }

    #[test]
    fn names_lose_the_spaces_that_stretch_them() {
        assert_eq!(tidy_name("张  三"), "张三");
        assert_eq!(tidy_name("张　三 "), "张三");
        assert_eq!(tidy_name("𠮷 喆"), "𠮷喆");
        assert_eq!(tidy_name(" Anna  Maria "), "Anna Maria");
        assert_eq!(tidy_name("阿依古丽•买买提"), "阿依古丽·买买提");
        assert_eq!(name_key("阿依古丽 · 买买提"), name_key("阿依古丽买买提"));
        assert_eq!(tidy_code("２０２３ ab０１"), "2023AB01");
    }

    #[test]
    fn ethnic_groups_are_written_in_full() {
        assert_eq!(ethnicity("汉").as_deref(), Some("汉族"));
        assert_eq!(ethnicity("维吾尔族").as_deref(), Some("维吾尔族"));
        assert_eq!(ethnicity("火星"), None);
    }

    #[test]
    fn a_political_status_is_no_stage() {
        assert_eq!(Stage::read("共青团员"), None);
        assert_eq!(Stage::read("积极 分子"), Some(Stage::Activist));
        assert!(Stage::Activist < Stage::Prospect);
    }
}
