//! What checking a signed record or a declaration found, for the verify page: data that travel from
//! the worker, and the sentences that people read.

use super::model::date_time_stamp;
use super::{Role, Statement, part_label};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How far two clocks may be apart before it is worth a word, in milliseconds: ten minutes.
const LEEWAY: i64 = 600_000;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Everything holds: every proof, their order, and the record's own digests.
    pub holds: bool,
    /// The `did:key` of who issued it.
    pub issuer: String,
    /// When it was issued by the issuer's device; RFC 3339.
    pub valid_from: String,
    /// Its proofs, in the order of the file.
    pub proofs: Vec<ProofReport>,
    /// What is wrong with the proofs as a whole.
    pub faults: Vec<ChainFault>,
    /// Paths of the parts that are not as they were signed, when the first signature fails.
    pub changed: Vec<String>,
    /// Paths of parts that contradict the record's own digests, whoever signed it so.
    pub undigested: Vec<String>,
    /// The record as it stands in the file, changed or not.
    pub record: Value,
}

/// What was found of one proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofReport {
    /// The signature is right, and so are those that it is about.
    pub holds: bool,
    /// As what it was signed; `None` when the proof does not say so in our form.
    pub role: Option<Role>,
    /// What its signer says.
    pub statement: Option<Statement>,
    /// The signer's `did:key`; empty when it cannot be read.
    pub key: String,
    /// That key's fingerprint, to be compared in person.
    pub fingerprint: String,
    /// When it was signed, by the signer's device; RFC 3339.
    pub created: String,
    /// Why it does not hold.
    pub faults: Vec<Fault>,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A member is missing, unknown or wrong: its name.
    Form(String),
    /// The key cannot be read, or is not fit for use.
    Key,
    /// The activist's proof is not by the key that the record names as its issuer.
    NotIssuer,
    /// The proof before it is not in the file: its id.
    Missing(String),
    /// A proof that this one is about does not hold.
    PreviousFails,
    /// It was made for another record.
    OtherRecord,
    /// The record was changed after it was signed.
    RecordChanged,
    /// The record is as it was: what the proof itself says, or its signature, was changed.
    ProofChanged,
}

/// What is wrong with the proofs as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChainFault {
    /// They do not stand in the order in which they were made.
    Order,
    /// Two have the same id.
    SameId,
    /// The activist's own is missing, or not the first.
    NoActivist,
    /// A later one is not about the one before it.
    Loose,
    /// Two activists, three mentors, two branches, or the branch before a mentor.
    Roles,
    /// One key signed as two people.
    SameKey,
}

/// A declaration that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChange {
    /// Who declares it, by their own word.
    pub name: String,
    /// The old key, `did:key`.
    pub old: String,
    /// Its fingerprint.
    pub old_fingerprint: String,
    /// The new key.
    pub new: String,
    /// Its fingerprint.
    pub new_fingerprint: String,
    /// When, by the declarer's device; RFC 3339.
    pub made_at: String,
    /// The declaration is as the new key signed it.
    pub holds: bool,
    /// The old key signed it too.
    pub old_agrees: bool,
}

impl KeyChange {
    /// What people read.
    pub fn says(&self) -> Vec<&'static str> {
        if !self.holds {
            return vec!["这份更换钥匙的声明在签名之后被改动过，不能采信。"];
        }
        let mut lines = vec!["声明没有被改动过，声明人手里有新钥匙。"];
        if self.old_agrees {
            lines.push("旧钥匙也在这份声明上签了名：新旧钥匙出自同一个人，除非旧钥匙已落入他人之手。");
        } else {
            lines.push("旧钥匙没有签名。这不能证明声明人就是旧钥匙的主人：任何人都可以写出这样的声明。");
        }
        lines
            .push("请当面向本人核实，逐组核对新钥匙的指纹，再在今后认新钥匙；以前用旧钥匙作的签名照旧有效。");
        lines
    }
}

impl Fault {
    /// What people read, behind whose proof it is.
    pub fn message(&self) -> String {
        match self {
            Self::Form(member) => format!("签名信息中的 {member} 缺失、多余或被改动"),
            Self::Key => "签名所用的钥匙读不出来，或不能用".into(),
            Self::NotIssuer => "签名所用的钥匙不是记录上写明的签发人的钥匙".into(),
            Self::Missing(_) => {
                "它所依据的前一份签名不在文件里，可能被删去，或这份签名是从别的记录移来的".into()
            }
            Self::PreviousFails => "它所依据的前一份签名不成立，因此这份签名也不成立".into(),
            Self::OtherRecord => "这份签名是为另一份记录作的，被移到了这里".into(),
            Self::RecordChanged => "签名之后，记录的内容被改动过".into(),
            Self::ProofChanged => {
                "记录没有变，但这份签名本身（签名值、时间、钥匙或所写的话）在签名之后被改动过".into()
            }
        }
    }
}

impl ChainFault {
    /// What people read.
    pub fn message(self) -> &'static str {
        match self {
            Self::Order => "几份签名的先后顺序被调换过",
            Self::SameId => "有两份签名用了同一个编号，其中一份是复制来的",
            Self::NoActivist => "缺少本人的签名，或它不在最前面",
            Self::Loose => "有的签名没有写明它依据的是哪一份签名，可能是后来加进去的",
            Self::Roles => {
                "签名人的身份不合规则：应当是本人一份、培养联系人至多两份、党支部至多一份，党支部在最后"
            }
            Self::SameKey => "同一把钥匙以两种身份签了名，不能算互相核对",
        }
    }
}

impl Report {
    /// The finding in one sentence.
    pub fn headline(&self) -> String {
        let who: Vec<&str> = self
            .proofs
            .iter()
            .filter_map(|proof| Some(proof.role?.label()))
            .collect();
        if self.holds {
            format!("签名成立（{}）：签名之后没有改动过", who.join("、"))
        } else if self.changed.is_empty() {
            "签名有问题，不能采信；问题在下面逐项列出".into()
        } else {
            let parts: Vec<String> = self.changed.iter().map(|path| part_label(path)).collect();
            format!("内容被改动过，不能采信：「{}」", parts.join("」「"))
        }
    }

    /// Everything that is wrong, one sentence each, from the whole to the single proof.
    pub fn problems(&self) -> Vec<String> {
        let changed = self
            .changed
            .iter()
            .map(|path| format!("「{}」与签名时不同", part_label(path)));
        let undigested = self
            .undigested
            .iter()
            .filter(|path| !self.changed.contains(path))
            .map(|path| format!("「{}」与记录自带的校验值不符", part_label(path)));
        let chain = self.faults.iter().map(|fault| fault.message().to_owned());
        let proofs = self.proofs.iter().enumerate().flat_map(|(at, proof)| {
            let who = proof.role.map_or("身份不明", Role::label);
            proof
                .faults
                .iter()
                .map(move |fault| format!("第 {} 份签名（{who}）：{}", at + 1, fault.message()))
        });
        changed.chain(undigested).chain(chain).chain(proofs).collect()
    }

    /// What is odd about the times that the signers' devices gave, seen from here: nothing that makes
    /// a signature fail, since clocks go wrong.
    pub fn remarks(&self, now: Moment) -> Vec<String> {
        let times: Vec<Option<i64>> = self
            .proofs
            .iter()
            .map(|proof| date_time_stamp(&proof.created))
            .collect();
        let mut remarks = Vec::new();
        for (at, time) in times.iter().enumerate() {
            let before = times[..at].iter().flatten().max();
            if time.is_some_and(|time| time > now.ms + LEEWAY) {
                remarks.push(format!(
                    "第 {} 份签名上的时间晚于本机现在的时间，有一台设备的时钟不准",
                    at + 1
                ));
            } else if time.is_some_and(|time| before.is_some_and(|&before| time < before - LEEWAY)) {
                remarks.push(format!(
                    "第 {} 份签名上的时间早于它前面的签名，有一台设备的时钟不准",
                    at + 1
                ));
            }
        }
        remarks
    }

    /// What it proves, in plain words. Empty when it does not hold.
    pub fn proves(&self) -> Vec<String> {
        if !self.holds {
            return Vec::new();
        }
        let mut lines = vec!["自签名以来，这份记录一个字都没有改动过；任何改动都会让签名不成立。".to_owned()];
        if self.proofs.len() > 1 {
            lines.push(
                "几份签名是依次作出的：后一份包含前一份，后签的人签的正是这份记录和前面的签名。".to_owned(),
            );
            lines.push("每份签名用的是各自不同的钥匙。".to_owned());
        }
        lines
    }

    /// What it does not prove, in plain words: always shown.
    pub fn does_not_prove(&self) -> Vec<String> {
        [
            "不能证明签名的是谁：钥匙由各人在自己的浏览器里生成，姓名由各人自己填写。请当面或在电话里逐组核对钥匙指纹，对上了才算认得这个人。",
            "不能证明内容属实：学习时间、实践等由本人填报，仍要由培养联系人和党支部核实。",
            "不能证明签名的时间：时间取自签名人设备上的时钟。",
            "看不出末尾是否还有签名被整份删去：应有而没有的签名，请向对方索要。",
            "不能代替《入党积极分子培养考察登记表》上本人手写的意见、签名和盖章。",
        ]
        .map(str::to_owned)
        .to_vec()
    }
}
