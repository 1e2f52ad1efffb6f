//! The short way through a signed record and the long one come to the same, whatever the record.

use super::*;
use proptest::prelude::*;
use serde_json::json;
use xuedang::format::credential::check::Check;
use xuedang::format::credential::envelope::Object;
use xuedang::format::credential::outline::Outline;
use xuedang::format::credential::{jcs, proof};

/// A file is judged alike: alone and by the whole of it; among many; and by a browser that accepts
/// what our own program would. Whether it holds.
pub(super) fn judged_alike(bytes: &[u8]) -> bool {
    let mut alone = check::verify(bytes).map_err(|error| error.to_string());
    if let Ok(report) = &mut alone {
        report.record = Value::Null;
        for proof in &mut report.proofs {
            if let Some(Statement::Activist { parts }) = &mut proof.statement {
                parts.clear();
            }
        }
    }
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    let among_many = check::verify_many(&[bytes], true).reports;
    assert_eq!(among_many, std::slice::from_ref(&alone), "{}", shown());
    let holds = alone.as_ref().is_ok_and(|report| report.holds);
    match check::prepare_unproven(bytes, true) {
        Err(error) => assert_eq!(Err(error.to_string()), alone, "{}", shown()),
        Ok(unproven) => {
            let held: Vec<bool> = unproven.checks().flatten().map(Check::holds).collect();
            let accepted = unproven.accept(&held);
            assert_eq!(accepted.is_some(), holds, "{}", shown());
            if let Some(report) = accepted {
                assert_eq!(Ok(report), alone, "{}", shown());
            }
        }
    }
    holds
}

/// Of a signed record: it holds, and goes the short way.
fn goes_the_short_way(signed: &Value) {
    let text = write(signed);
    assert!(judged_alike(text.as_bytes()), "{text}");
    let outline = Outline::of(text.as_bytes()).unwrap();
    assert!(outline.text.len() < text.len());
}

#[test]
fn what_is_signed_here_goes_the_short_way() {
    goes_the_short_way(&sign(&record("李喆𠮷", 100), &key(1), &at(100)).unwrap());
    goes_the_short_way(&full_chain("李\"\\明", 100));
    let full: Value = serde_json::from_str(include_str!("../fixtures/record/full.json")).unwrap();
    goes_the_short_way(&sign(&full, &key(1), &at(100)).unwrap());
}

/// A signature that a browser was wrong about, or that nobody looked at, is never accepted.
#[test]
fn nothing_is_accepted_of_which_not_all_holds() {
    let text = write(&full_chain("李明", 100));
    let unproven = || check::prepare_unproven(text.as_bytes(), true).unwrap();
    for held in [&[][..], &[true; 2], &[true; 4], &[true, true, false], &[false; 3]] {
        assert_eq!(unproven().accept(held), None);
    }
    assert!(unproven().accept(&[true; 3]).is_some());
}

#[test]
fn every_byte_that_is_changed_is_judged_alike() {
    let text = write(&sign(&record("李喆𠮷", 100), &key(1), &at(100)).unwrap());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        // White space becomes a digit, a digit another, a letter its neighbour.
        bytes[at] ^= 1;
        assert!(!judged_alike(&bytes), "{at}");
    }
}

/// JSON that says the same, written otherwise: spaces, members in any order, escapes, exponents.
/// `dice` throws one of so many sides.
fn respelled(value: &Value, dice: &mut dyn FnMut(usize) -> usize) -> String {
    let gap = |dice: &mut dyn FnMut(usize) -> usize| ["", "", "", " ", "\n\t", "\r\n"][dice(6)];
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            let by = dice(members.len().max(1));
            members.rotate_left(by);
            let members: Vec<String> = members
                .into_iter()
                .map(|(key, value)| {
                    let (before, between) = (gap(dice), gap(dice));
                    let key = respelled(&key.as_str().into(), dice);
                    format!("{before}{key}{between}:{}", respelled(value, dice))
                })
                .collect();
            format!("{{{}{}}}", members.join(","), gap(dice))
        }
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| format!("{}{}", gap(dice), respelled(item, dice)))
                .collect();
            format!("[{}]", items.join(","))
        }
        Value::String(text) => {
            let spelled = text.chars().map(|c| match (c, dice(40)) {
                ('/', 1..20) => "\\/".into(),
                (c, 0) => {
                    let units = c.encode_utf16(&mut [0; 2]).to_vec();
                    units.iter().map(|unit| format!("\\u{unit:04X}")).collect()
                }
                (c, _) => {
                    let quoted = jcs::canonical(&c.to_string().into());
                    quoted[1..quoted.len() - 1].to_owned()
                }
            });
            format!("\"{}\"", spelled.collect::<String>())
        }
        Value::Number(number) if number.is_i64() => match dice(8) {
            0 => format!("{number}.0"),
            1 => format!("{number}e0"),
            _ => number.to_string(),
        },
        other => jcs::canonical(other),
    }
}

/// A document without proofs and a proof's members, made odd in one of many ways before they are
/// signed; some of these are as they should be.
fn made_odd(document: &mut Value, options: &mut Object, way: usize) {
    let body = &mut document["credentialSubject"]["record"]["body"];
    match way {
        0 => body["extra"] = json!([1.5, 1e300, -0.0, {"é": "\u{7}"}, 9_007_199_254_740_993u64]),
        1 => *body = json!({}),
        2 => *body = json!([1]),
        3 => document["credentialSubject"]["record"]["digest"] = "none".into(),
        4 => document["credentialSubject"]["record"]["format"] = "other".into(),
        5 => document["credentialSubject"]["more"] = 1.into(),
        6 => document["more"] = json!({"a": 1}),
        7 => document["@context"] = json!([document["@context"][0]]),
        8 => document["type"] = json!(["VerifiableCredential"]),
        9 => document["validFrom"] = "yesterday".into(),
        10 => document["issuer"] = json!({"id": document["issuer"]}),
        11 => document["credentialSubject"] = json!([document["credentialSubject"]]),
        12 => _ = options.insert("more".into(), json!({"parts": {"a": "b"}})),
        13 => _ = options.insert("documentDigest".into(), "0".repeat(64).into()),
        14 => _ = options.remove("documentDigest"),
        15 => _ = options.insert("created".into(), "now".into()),
        16 => _ = options.remove("id"),
        17 => _ = options.insert("statement".into(), json!({"role": "activist", "parts": {"a": 1}})),
        18 => _ = options.insert("statement".into(), json!({"role": "activist", "parts": []})),
        19 => _ = options.insert("statement".into(), json!({"role": "activist"})),
        20 => _ = options.insert("statement".into(), json!({"role": "branch", "parts": {}})),
        21 => _ = options.insert("statement".into(), "activist".into()),
        22 => {
            _ = options.insert(
                "statement".into(),
                json!({"role": "activist", "parts": {}, "more": 1}),
            )
        }
        23 => {
            _ = options.insert(
                "statement".into(),
                json!({"role": "activist", "parts": {"é": "\n"}}),
            )
        }
        24 => {
            let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
            body["extra"] = deep;
        }
        25 => body["extra"] = vec![0; 100_001].into(),
        26 => document["credentialSubject"]["record"]["version"] = json!(1.25),
        _ => {}
    }
}
const WAYS: usize = 28;

/// Signed by key 1 as it stands, odd or not.
fn signed_odd(way: usize) -> Value {
    let signed = sign(&record("李明", 100), &key(1), &at(100)).unwrap();
    let mut document = signed.clone();
    let mut options = document["proof"][0].as_object().unwrap().clone();
    document.as_object_mut().unwrap().remove("proof");
    made_odd(&mut document, &mut options, way);
    let digest = proof::hash_document(document.as_object().unwrap(), &[]);
    if options.get("documentDigest") == signed["proof"][0].get("documentDigest") {
        options.insert("documentDigest".into(), xuedang::domain::hex(&digest).into());
    }
    proof::add(document.as_object_mut().unwrap(), options, &key(1)).unwrap();
    document
}

#[test]
fn what_is_odd_and_signed_is_judged_alike() {
    let held: Vec<usize> = (0..WAYS)
        .filter(|&way| judged_alike(write(&signed_odd(way)).as_bytes()))
        .collect();
    // Contents are the activist's own business.
    assert_eq!(held, [0, 1, 23, 26, 27]);
}

#[test]
fn contexts_of_a_proof_s_own_are_judged_alike() {
    for contexts in [
        json!(null),
        json!([]),
        json!(["https://www.w3.org/ns/credentials/v2"]),
    ] {
        let mut signed = full_chain("李明", 100);
        signed["proof"][1]["@context"] = contexts;
        assert!(!judged_alike(write(&signed).as_bytes()));
        signed["proof"][1].as_object_mut().unwrap().remove("@context");
        assert!(!judged_alike(write(&signed).as_bytes()));
    }
}

#[test]
fn proofs_in_any_order_are_judged_alike() {
    let signed = full_chain("李明", 100);
    let proofs = signed["proof"].as_array().unwrap();
    for number in 0..4usize.pow(4) {
        let places = [number / 64, number / 16 % 4, number / 4 % 4, number % 4];
        let mut other = signed.clone();
        other["proof"] = places.iter().filter_map(|&at| proofs.get(at)).cloned().collect();
        judged_alike(write(&other).as_bytes());
    }
    let mut one = signed.clone();
    one["proof"] = proofs[0].clone();
    assert!(judged_alike(write(&one).as_bytes()));
}

#[test]
fn hostile_files_are_judged_alike() {
    let text = write(&full_chain("李明", 100));
    let with = |place: &str, new: &str| {
        let changed = text.replacen(place, new, 1);
        assert_ne!(changed, text, "{place}");
        changed
    };
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let body = "\"body\":{";
    let in_body = |what: &str| with(body, &format!("{body}{what},"));
    for (file, holds) in [
        (text.clone(), true),
        (format!("\u{feff}{text}\r\n"), true),
        (format!(" {text} "), true),
        (format!("{text}\u{b}"), false),
        (format!("{text}{text}"), false),
        (text[..text.len() - 1].to_owned(), false),
        (with("{\"@context\"", "{ \"@context\""), true),
        (with("\"issuer\"", "\"\\u0069ssuer\""), true),
        (with("\"version\":2", "\"version\":2.0"), true),
        (with("\"version\":2", "\"version\":2e0"), true),
        (with("\"version\":2", "\"version\":2.5"), false),
        (with("\"version\":2", "\"version\":1e400"), false),
        (with("\"version\":2", "\"version\":-0"), false),
        (with("\"version\":2", "\"version\":02"), false),
        (with("\"version\":2", "\"version\":2,\"version\":2"), false),
        (with("\"version\":2", "\"version\":2,"), false),
        (in_body("\"a\":1"), false),
        (in_body("\"\\ud800\":1"), false),
        (in_body("\"a\":\"\\udc00\""), false),
        (in_body("\"a\":\"\\u0000\""), false),
        (in_body(&format!("\"a\":{}", nested(27))), false),
        (in_body(&format!("\"a\":{}", nested(28))), false),
        (in_body(&format!("\"a\":{}", nested(29))), false),
        (in_body(&format!("\"a\":{}", nested(100_000))), false),
        (in_body(&format!("\"a\":[{}0]", "0,".repeat(100_000))), false),
        (in_body(&format!("\"a\":{}", "9".repeat(400))), false),
        (with("\"proof\":[", "\"proof\":[[],"), false),
        (with("\"proof\":[", "\"proof\":[1,"), false),
        (with("\"parts\":{", "\"parts\":{\"\":1,"), false),
        (with("\"parts\":{", "\"parts\":{\"*\":\"0\","), false),
        (with("\"proofValue\":\"", "\"proofValue\":\"z"), false),
        ("{}".into(), false),
        ("<html>".into(), false),
        (String::new(), false),
        (" ".repeat(2 << 20), false),
        (" ".repeat((2 << 20) + 1), false),
        (text.clone() + &" ".repeat((2 << 20) - text.len()), true),
        (text.clone() + &" ".repeat((2 << 20) - text.len() + 1), false),
    ] {
        assert_eq!(judged_alike(file.as_bytes()), holds, "{:.6000}", file);
    }
    for byte in [0xff, 0xc0, 0xed] {
        let mut bytes = text.clone().into_bytes();
        bytes[200] = byte;
        assert!(!judged_alike(&bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_spelled_otherwise_is_judged_alike(seed in any::<u64>(), way in 0..WAYS) {
        let mut state = seed;
        let mut dice = |sides: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % sides
        };
        prop_assume!(way != 25);
        let signed = if way + 1 == WAYS { full_chain("李喆𠮷", 100) } else { signed_odd(way) };
        let text = respelled(&signed, &mut dice);
        let holds = judged_alike(text.as_bytes());
        prop_assert_eq!(holds, judged_alike(write(&signed).as_bytes()));
    }

    #[test]
    fn whatever_is_put_in_is_judged_alike(
        places in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..4, 0usize..PUT_IN.len()), 1..3),
    ) {
        let mut text = write(&full_chain("李明", 100));
        for (place, gone, new) in places {
            // Where something begins or ends, mostly.
            let starts: Vec<usize> = text
                .char_indices()
                .filter(|(_, c)| c.is_ascii_punctuation())
                .flat_map(|(at, _)| [at, at + 1])
                .chain([text.len()])
                .collect();
            let start = starts[place.index(starts.len())];
            let end = (start..).skip(gone).find(|&end| text.is_char_boundary(end.min(text.len())));
            text.replace_range(start..end.unwrap_or(start).min(text.len()), PUT_IN[new]);
        }
        judged_alike(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_judged_alike(bytes in any::<Vec<u8>>()) {
        judged_alike(&bytes);
    }

    #[test]
    fn any_record_that_is_signed_goes_the_short_way(name in "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{1,20}", minute in 0i64..100_000, seed in any::<[u8; 32]>()) {
        prop_assume!(!name.trim().is_empty());
        goes_the_short_way(&sign(&record(&name, minute), &SecretKey::from_bytes(&seed), &at(minute)).unwrap());
    }
}

const PUT_IN: [&str; 22] = [
    "",
    " ",
    "\n",
    ",",
    ":",
    "\"",
    "\\",
    "{",
    "}",
    "[]",
    "0",
    "-",
    "1e400",
    ".5",
    "\\u0041",
    "\\/",
    "\\ud800",
    "null",
    "\"a\":1,",
    ",\"zz\":1",
    "é",
    "\u{0}",
];
