//! For `cargo xtask check credential`: records for npm's `@digitalbazaar` libraries, and theirs.

use super::*;
use serde_json::{Map, json};
use xuedang::format::credential::proof;

const WHY: &str = "`cargo xtask check credential` runs it, between two programs";

fn file() -> std::path::PathBuf {
    std::env::var_os("XUEDANG_CREDENTIALS").expect(WHY).into()
}

/// The paths of all values in it that are neither objects nor lists.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            leaves(
                value,
                &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
                found,
            )
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), found)),
        _ => found.push(path.to_owned()),
    }
}

fn change(value: &mut Value) {
    *value = match &*value {
        Value::String(text) => format!("{text}1").into(),
        Value::Number(number) => (number.as_f64().unwrap() + 1.0).into(),
        Value::Bool(yes) => (!yes).into(),
        _ => json!(0),
    };
}

#[test]
#[ignore = "`cargo xtask check credential` runs it"]
fn writes_records_for_others() {
    let mut records = Vec::new();
    let mut add = |name: String, credential: Value| {
        let holds = check::verify(write(&credential).as_bytes()).is_ok_and(|report| report.holds);
        records.push(json!({"name": name, "sound": holds, "credential": credential}));
        holds
    };
    for (at, name) in ["李明", "李喆𠮷", "欧阳\u{20bb7}\u{e000}é", "A\u{301} \"\\/"]
        .into_iter()
        .enumerate()
    {
        assert!(add(
            name.into(),
            sign(&record(name, at as i64), &key(1), &env(at as i64)).unwrap()
        ));
    }
    let chain = full_chain("李喆𠮷", 100);
    assert!(add("chain".into(), chain.clone()));
    let mut numbers = record("李明", 100);
    numbers["body"]["数"] = json!([
        1e21,
        1e-7,
        0.1,
        -0.0,
        333_333_333.333_333_3,
        9_007_199_254_740_993u64,
        5e-324
    ]);
    numbers["body"]["\u{e000}𠮷"] = json!({"\u{fb33}": 1, "😂": 2, "ö": 3, "\r": 4});
    assert!(add(
        "numbers and keys".into(),
        sign(&numbers, &key(1), &env(1)).unwrap()
    ));
    let mut paths = Vec::new();
    leaves(&chain, "", &mut paths);
    for path in paths {
        let mut changed = chain.clone();
        change(changed.pointer_mut(&path).unwrap());
        assert!(!add(path.clone(), changed), "{path}");
    }

    let unsigned = [("李明", 1), ("李喆𠮷", 3)].map(|(name, signers)| {
        let signed = full_chain(name, 100);
        let mut document = signed.as_object().unwrap().clone();
        document.remove("proof");
        let signers = (0..signers).map(|at| {
            let mut options = signed["proof"][at].as_object().unwrap().clone();
            for member in [
                "type",
                "cryptosuite",
                "verificationMethod",
                "proofPurpose",
                "proofValue",
                "@context",
                "previousProof",
            ] {
                options.remove(member);
            }
            json!({"seed": vec![at + 1; 32], "options": options})
        });
        json!({"document": document, "signers": signers.collect::<Vec<_>>()})
    });

    let vectors: Value =
        serde_json::from_str(include_str!("../fixtures/credential/proof-chain.json")).unwrap();
    let keys: Vec<&Value> = vectors["multiKeyPairs"].as_object().unwrap().values().collect();
    let document = vectors["signedProofChain2"].as_object().unwrap();
    let proofs = document["proof"].as_array().unwrap();
    let all: Vec<&Map<String, Value>> = proofs.iter().map(|proof| proof.as_object().unwrap()).collect();
    let chains = all.iter().enumerate().map(|(at, one)| {
        let mut document = document.clone();
        document.remove("proof");
        let previous = proof::previous(one, &all).unwrap();
        if !previous.is_empty() {
            document.insert("proof".into(), json!(previous));
        }
        json!({"name": format!("proof {}", at + 1), "document": document, "proof": one, "keys": keys})
    });
    let out = json!({"records": records, "unsigned": unsigned, "chains": chains.collect::<Vec<_>>()});
    std::fs::write(file(), out.to_string()).unwrap();
}

#[test]
#[ignore = "`cargo xtask check credential` runs it"]
fn reads_records_of_others() {
    let theirs: Value = serde_json::from_slice(&std::fs::read(file()).unwrap()).unwrap();
    let theirs = theirs.as_array().unwrap();
    assert!(theirs.len() >= 8);
    for case in theirs {
        let report = checked(&case["credential"]);
        assert_eq!(
            report.holds,
            case["sound"].as_bool().unwrap(),
            "{:?}",
            report.problems()
        );
    }
}
