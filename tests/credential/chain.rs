//! The chain of activist, mentor and branch: what holds, who may sign when, and what a report says.

use super::*;
use serde_json::json;
use xuedang::domain::time::Moment;
use xuedang::format::credential::issue::IssueError;
use xuedang::format::credential::read::ReadError;
use xuedang::format::credential::report::{ChainFault, Fault};
use xuedang::format::credential::{MAX_MENTORS, Role, part_label};

#[test]
fn a_chain_holds_and_says_what_it_proves() {
    let signed = full_chain("李喆𠮷", 100);
    let report = checked(&signed);
    assert!(report.holds, "{:#?}", report.problems());
    assert!(report.problems().is_empty() && report.changed.is_empty());
    let roles: Vec<_> = report.proofs.iter().map(|proof| proof.role.unwrap()).collect();
    assert_eq!(roles, [Role::Activist, Role::Mentor, Role::Branch]);
    for (proof, seed) in report.proofs.iter().zip(1..) {
        assert_eq!(proof.key, key(seed).public().did());
        assert_eq!(proof.fingerprint, key(seed).public().fingerprint());
        assert!(Moment::parse_rfc3339(&proof.created).is_some());
    }
    assert_eq!(report.issuer, key(1).public().did());
    assert_eq!(report.proofs[1].statement, Some(mentor("王喆")));
    assert_eq!(report.record, record("李喆𠮷", 100));
    assert_eq!(report.record["body"]["person"]["name"], "李喆𠮷");
    assert_eq!(
        report.headline(),
        "签名成立（本人、培养联系人、党支部）：签名之后没有改动过"
    );
    let proves = report.proves().concat();
    let limits = report.does_not_prove().concat();
    assert!(proves.contains("没有改动过") && !proves.contains("是谁"));
    for limit in ["是谁", "指纹", "属实", "时间", "整份删去", "盖章"] {
        assert!(limits.contains(limit), "{limit}");
    }
    // It travels from the worker to the page.
    let travelled: Report = serde_json::from_value(value_of(&report)).unwrap();
    assert_eq!(travelled, report);
}

/// The signatures themselves may be checked elsewhere, by WebCrypto: the report follows its word.
#[test]
fn signatures_can_be_checked_by_others() {
    let text = write(&full_chain("李明", 100));
    let prepared = || check::prepare(text.as_bytes()).unwrap();
    let held: Vec<bool> = prepared().checks().map(|check| check.unwrap().holds()).collect();
    assert_eq!(held, [true; 3]);
    assert_eq!(prepared().finish(&held), check::verify(text.as_bytes()).unwrap());
    let report = prepared().finish(&[true, false, true]);
    let holds: Vec<bool> = report.proofs.iter().map(|proof| proof.holds).collect();
    assert_eq!(holds, [true, false, false]);
    assert_eq!(report.proofs[1].faults, [Fault::ProofChanged]);
    assert_eq!(report.proofs[2].faults, [Fault::PreviousFails]);
    assert!(!prepared().finish(&[]).holds);
}

#[test]
fn odd_times_are_remarked_and_hold() {
    let signed = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    let early = countersign(&signed, mentor("王芳"), &key(2), &at(50)).unwrap();
    let report = checked(&early);
    assert!(report.holds);
    assert_eq!(report.remarks(at(200).now).len(), 1);
    assert!(report.remarks(at(200).now)[0].starts_with("第 2 份签名上的时间早于"));
    assert!(report.remarks(at(60).now)[0].starts_with("第 1 份签名上的时间晚于"));
    assert!(checked(&full_chain("李明", 100)).remarks(at(100).now).is_empty());
}

/// What the format promises others: the form of a signed record, member by member.
#[test]
fn the_form_of_a_signed_record() {
    let signed = full_chain("李明", 100);
    let did = key(1).public().did();
    assert_eq!(signed["@context"][0], "https://www.w3.org/ns/credentials/v2");
    assert_eq!(signed["type"], json!(["VerifiableCredential", "TrainingRecord"]));
    assert_eq!(signed["issuer"], *did);
    assert_eq!(signed["validFrom"], env(100).now.rfc3339());
    assert_eq!(
        signed["credentialSubject"],
        json!({"id": did, "record": record("李明", 100)})
    );
    let proofs = signed["proof"].as_array().unwrap();
    for (at, proof) in proofs.iter().enumerate() {
        assert_eq!(proof["type"], "DataIntegrityProof");
        assert_eq!(proof["cryptosuite"], "eddsa-jcs-2022");
        assert_eq!(proof["proofPurpose"], "assertionMethod");
        assert_eq!(proof["@context"], signed["@context"]);
        assert!(proof["proofValue"].as_str().unwrap().starts_with('z'));
        assert!(proof["id"].as_str().unwrap().starts_with("urn:uuid:"));
        assert_eq!(
            proof.get("previousProof"),
            at.checked_sub(1).map(|before| &proofs[before]["id"])
        );
    }
    let text = write(&signed);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), signed);
    // Signing is deterministic: the same key, record, time and chance give the same text.
    assert_eq!(text, write(&full_chain("李明", 100)));
}

#[test]
fn two_mentors_may_sign_and_nobody_after_the_branch() {
    let signed = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    assert!(checked(&signed).holds);
    let first = countersign(&signed, mentor("王芳"), &key(2), &at(101)).unwrap();
    let second = countersign(&first, mentor("张伟"), &key(4), &at(102)).unwrap();
    assert!(checked(&second).holds);
    let third = countersign(&second, mentor("李强"), &key(5), &at(103));
    assert_eq!(third, Err(IssueError::Full(Role::Mentor)));
    assert_eq!(MAX_MENTORS, 2);
    let closed = countersign(&second, branch(), &key(3), &at(104)).unwrap();
    assert!(checked(&closed).holds);
    let again = countersign(&closed, branch(), &key(6), &at(105));
    assert_eq!(again, Err(IssueError::Full(Role::Branch)));
    let late = countersign(
        &countersign(&signed, branch(), &key(3), &at(101)).unwrap(),
        mentor("王芳"),
        &key(2),
        &at(102),
    );
    assert_eq!(late, Err(IssueError::Full(Role::Mentor)));
}

#[test]
fn nobody_signs_twice_for_others_or_on_what_is_broken() {
    let signed = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    assert_eq!(
        countersign(&signed, mentor("王芳"), &key(1), &at(101)),
        Err(IssueError::SameKey)
    );
    let activist = Statement::Activist {
        parts: Default::default(),
    };
    assert_eq!(
        countersign(&signed, activist, &key(2), &at(101)),
        Err(IssueError::Full(Role::Activist))
    );
    let empty = countersign(&signed, mentor(" "), &key(2), &at(101));
    assert!(matches!(empty, Err(IssueError::Statement(_))));
    let mut broken = signed.clone();
    broken["credentialSubject"]["record"]["body"]["summary"] = "改过".into();
    let refused = countersign(&broken, mentor("王芳"), &key(2), &at(101)).unwrap_err();
    assert!(matches!(refused, IssueError::Broken(_)));
    assert!(refused.to_string().contains("个人小结"), "{refused}");
}

#[test]
fn what_is_no_signed_record_is_told_apart() {
    let open = |value: &Value| check::verify(value.to_string().as_bytes());
    assert_eq!(open(&record("李明", 100)), Err(ReadError::Unsigned));
    assert_eq!(open(&json!({"a": 1})), Err(ReadError::NotCredential));
    assert_eq!(open(&json!([1])), Err(ReadError::NotCredential));
    let signed = full_chain("李明", 100);
    let mut bare = signed.clone();
    bare.as_object_mut().unwrap().remove("proof");
    assert_eq!(open(&bare), Err(ReadError::Unsigned));
    let told = |change: &dyn Fn(&mut Value)| {
        let mut other = signed.clone();
        change(&mut other);
        open(&other).unwrap_err().to_string()
    };
    for (says, change) in [
        (
            "字段 @context",
            &(|v: &mut Value| v["@context"][1] = "https://example.org/".into()) as &dyn Fn(&mut Value),
        ),
        ("字段 type", &|v| v["type"] = json!(["VerifiableCredential"])),
        ("字段 issuer", &|v| v["issuer"] = json!({"id": "did:example:1"})),
        ("字段 note", &|v| v["note"] = json!("未签名的附言")),
        ("字段 credentialSubject.id", &|v| {
            v["credentialSubject"]["id"] = json!("did:example:2")
        }),
        ("字段 credentialSubject.more", &|v| {
            v["credentialSubject"]["more"] = json!(1)
        }),
        ("字段 validFrom", &|v| v["validFrom"] = json!("昨天")),
        ("字段 credentialSubject.record.format", &|v| {
            v["credentialSubject"]["record"]["format"] = json!("x")
        }),
        ("字段 proof", &|v| v["proof"] = json!([1])),
        ("字段 proof", &|v| v["proof"] = json!(vec![json!({}); 9])),
    ] {
        let error = told(change);
        assert!(error.starts_with(says), "{says}: {error}");
    }
}

/// A record of a later version, and one with members that this build has never heard of.
#[test]
fn the_record_itself_is_opaque() {
    let mut later = record("李明", 100);
    later["version"] = 2.into();
    later["body"]["exams"] = json!([{"day": "2026-11-20", "score": 92.5, "题": "𠮷"}]);
    later["digest"]["exams"] = json!("0");
    let signed = sign(&later, &key(1), &at(100)).unwrap();
    assert!(checked(&signed).holds);
    let mut changed = signed.clone();
    changed["credentialSubject"]["record"]["body"]["exams"][0]["score"] = json!(92.6);
    let report = checked(&changed);
    assert_eq!(report.changed, ["record.body.exams"]);
    assert!(report.headline().contains("模拟考试"));
    assert!(part_label("record.body.new").contains("record.body.new"));
}

/// A proof by another program, in another form: it may hold, and is no signature of ours.
#[test]
fn a_proof_without_a_statement_is_no_signature_of_a_role() {
    let signed = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    let mut foreign = signed.as_object().unwrap().clone();
    foreign.remove("proof");
    let options = json!({"id": "urn:uuid:1", "created": "2026-11-25T00:00:00+08:00"});
    xuedang::format::credential::proof::add(&mut foreign, options.as_object().unwrap().clone(), &key(1))
        .unwrap();
    let report = checked(&Value::Object(foreign));
    assert!(!report.holds && report.proofs[0].role.is_none());
    assert!(report.proofs[0].faults.contains(&Fault::Form("statement".into())));
    assert!(report.faults.contains(&ChainFault::NoActivist));
}

/// Whoever holds a key can put any chain together; its form is checked as well as its signatures.
#[test]
fn well_signed_chains_of_the_wrong_form_are_refused() {
    let base = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    let digest = base["proof"][0]["documentDigest"].clone();
    let put = |credential: &Value, said: Statement, seed: u8, previous: Value, digest: &Value| {
        let mut document = credential.as_object().unwrap().clone();
        let mut options = json!({
            "id": format!("urn:uuid:{seed}"),
            "created": "2026-11-25T00:00:00+08:00",
            "documentDigest": digest,
            "statement": said,
        });
        if !previous.is_null() {
            options["previousProof"] = previous;
        }
        let options = options.as_object().unwrap().clone();
        xuedang::format::credential::proof::add(&mut document, options, &key(seed)).unwrap();
        Value::Object(document)
    };
    let first = base["proof"][0]["id"].clone();
    let faults = |credential: &Value| {
        let report = checked(credential);
        assert!(!report.holds);
        report.faults
    };
    let loose = put(&base, mentor("王芳"), 2, Value::Null, &digest);
    assert_eq!(faults(&loose), [ChainFault::Loose]);
    let same = put(&base, mentor("王芳"), 1, first.clone(), &digest);
    assert_eq!(faults(&same), [ChainFault::SameKey]);
    let branch_first = put(&base, branch(), 3, first.clone(), &digest);
    let then_mentor = put(&branch_first, mentor("王芳"), 2, "urn:uuid:3".into(), &digest);
    assert_eq!(faults(&then_mentor), [ChainFault::Roles]);
    let around = put(
        &put(&base, mentor("王芳"), 2, first.clone(), &digest),
        branch(),
        3,
        first.clone(),
        &digest,
    );
    assert_eq!(faults(&around), [ChainFault::Order]);
    // Signed over this record, and saying that it is about another.
    let other = put(&base, mentor("王芳"), 2, first.clone(), &json!("00"));
    assert_eq!(checked(&other).proofs[1].faults, [Fault::OtherRecord]);
    // The right chain made by the same means does hold.
    assert!(checked(&put(&base, mentor("王芳"), 2, first.clone(), &digest)).holds);
    // The issuer's name on another's signature.
    let mut stolen = sign(&record("李明", 100), &key(9), &at(100)).unwrap();
    stolen["issuer"] = base["issuer"].clone();
    stolen["credentialSubject"]["id"] = base["issuer"].clone();
    assert!(checked(&stolen).proofs[0].faults.contains(&Fault::NotIssuer));
}
