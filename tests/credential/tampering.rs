//! Whatever is changed, moved or taken away in a signed record is caught, and the message says where.

use super::*;
use proptest::prelude::*;
use std::ops::Range;
use xuedang::format::credential::jcs::canonical;
use xuedang::format::credential::report::{ChainFault, Fault};
use xuedang::format::credential::{part_label, read};

/// Where each part's value stands in the text, by its path.
fn parts(signed: &Value, text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut locate = |path: String, member: &str, value: &Value, after: usize| {
        let needle = format!("\"{member}\":{}", canonical(value));
        let start = after + text[after..].find(&needle).unwrap() + member.len() + 3;
        found.push((path, start..start + canonical(value).len()));
    };
    let subject = &signed["credentialSubject"];
    let body_at = text.find("\"body\":{").unwrap();
    for (member, value) in subject["record"]["body"].as_object().unwrap() {
        locate(format!("record.body.{member}"), member, value, body_at);
    }
    let digest_at = text.find("\"digest\":{").unwrap();
    locate(
        "record.digest".into(),
        "digest",
        &subject["record"]["digest"],
        digest_at,
    );
    found
}

/// Where each proof stands in the text.
fn proofs(signed: &Value, text: &str) -> Vec<Range<usize>> {
    let place = |proof: &Value| {
        let proof = canonical(proof);
        let start = text.find(&proof).unwrap();
        start..start + proof.len()
    };
    signed["proof"].as_array().unwrap().iter().map(place).collect()
}

/// The change of one byte of a chain is caught; what is said names the place. Returns whether the
/// text was still JSON, so that a signature was what caught it.
fn caught(signed: &Value, text: &str, at: usize, byte: u8) -> bool {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = byte;
    let context = || {
        let near =
            String::from_utf8_lossy(&bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())]).into_owned();
        format!("byte {at} -> {byte}: {near}")
    };
    // The same value, spelled otherwise (the case of an escape's digits), is the same record.
    if read::json(&bytes).is_ok_and(|read| read == *signed) {
        return false;
    }
    let report = match check::verify(&bytes) {
        Err(error) => {
            let error = error.to_string();
            let names_a_place = ["字段 ", "第 ", "缺少", "没有签名"]
                .iter()
                .any(|word| error.contains(word));
            assert!(names_a_place, "{}: {error}", context());
            return false;
        }
        Ok(report) => report,
    };
    assert!(!report.holds, "{}", context());
    let problems = report.problems().join("\n");
    for (path, range) in parts(signed, text) {
        if range.contains(&at) {
            assert_eq!(report.changed, std::slice::from_ref(&path), "{}", context());
            assert!(report.headline().contains(&part_label(&path)), "{}", context());
            assert!(problems.contains(&part_label(&path)), "{}", context());
        }
    }
    for (place, range) in proofs(signed, text).into_iter().enumerate() {
        if range.contains(&at) {
            assert!(
                problems.contains(&format!("第 {} 份签名", place + 1)),
                "{}: {problems}",
                context()
            );
            // Those before it are none the worse.
            assert!(
                report.proofs[..place].iter().all(|proof| proof.holds),
                "{}",
                context()
            );
            assert!(!report.proofs[place].holds);
        }
    }
    assert!(!problems.is_empty(), "{}", context());
    true
}

#[test]
fn every_single_byte_of_a_signed_record_counts() {
    let alone = sign(&record("李喆𠮷", 100), &key(1), &at(100)).unwrap();
    for signed in [alone, full_chain("李喆𠮷", 100)] {
        let text = write(&signed);
        assert!(text.len() > 2_000);
        // Another letter or digit where there was one, so that most stay JSON.
        let other = |byte: u8| {
            if byte.is_ascii_alphanumeric() {
                next(byte)
            } else {
                byte ^ 1
            }
        };
        let bytes = text.as_bytes();
        let tried = (0..text.len()).filter(|&at| caught(&signed, &text, at, other(bytes[at])));
        assert!(tried.count() > text.len() / 2);
    }
}

/// Another character of the same class.
fn next(byte: u8) -> u8 {
    match byte {
        b'9' => b'8',
        b'z' => b'y',
        b'Z' => b'Y',
        other => other + 1,
    }
}

fn moved(signed: &Value, order: &[usize]) -> Report {
    let mut other = signed.clone();
    let proofs = signed["proof"].as_array().unwrap();
    other["proof"] = order.iter().map(|&at| proofs[at].clone()).collect();
    checked(&other)
}

#[test]
fn proofs_in_another_order_are_noticed() {
    let signed = full_chain("李明", 100);
    assert!(moved(&signed, &[0, 1, 2]).holds);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let report = moved(&signed, &order);
        assert!(!report.holds);
        assert!(
            report.faults.contains(&ChainFault::Order),
            "{order:?}: {:?}",
            report.faults
        );
        assert!(report.problems().concat().contains("先后顺序"));
    }
}

#[test]
fn proofs_that_were_taken_out_are_missed() {
    let signed = full_chain("李明", 100);
    for order in [&[0, 2][..], &[1, 2], &[1], &[2]] {
        let report = moved(&signed, order);
        assert!(!report.holds, "{order:?}");
        let missed = report.proofs.iter().any(|proof| {
            proof
                .faults
                .iter()
                .any(|fault| matches!(fault, Fault::Missing(_)))
        });
        assert!(
            missed && report.problems().concat().contains("可能被删去"),
            "{order:?}"
        );
    }
    // The last one can be taken off unseen: the file is then what it was before. The report says so.
    for order in [&[0][..], &[0, 1]] {
        let report = moved(&signed, order);
        assert!(report.holds);
        assert!(
            report
                .does_not_prove()
                .concat()
                .contains("看不出末尾是否还有签名被整份删去")
        );
    }
}

#[test]
fn proofs_that_come_twice_are_noticed() {
    let signed = full_chain("李明", 100);
    for order in [&[0, 0][..], &[0, 1, 1], &[0, 1, 2, 2], &[0, 1, 0]] {
        let report = moved(&signed, order);
        assert!(!report.holds, "{order:?}");
        assert!(report.faults.contains(&ChainFault::SameId), "{order:?}");
    }
}

#[test]
fn proofs_from_another_record_are_noticed() {
    // The same people, a month later, with better figures.
    let (mine, other) = (full_chain("李明", 100), full_chain("李明", 40_000));
    let put = |from: &Value, places: &[usize]| {
        let mut forged = mine.clone();
        for &place in places {
            forged["proof"][place] = from["proof"][place].clone();
        }
        checked(&forged)
    };
    for places in [&[0][..], &[1], &[2], &[1, 2], &[0, 1, 2]] {
        let report = put(&other, places);
        assert!(!report.holds, "{places:?}");
        for &place in places {
            let proof = &report.proofs[place];
            let told = proof
                .faults
                .iter()
                .any(|fault| matches!(fault, Fault::OtherRecord | Fault::Missing(_)));
            assert!(!proof.holds && told, "{places:?} {place}: {:?}", proof.faults);
        }
    }
    // And with the chain made to fit: the id that it names is set to the one that is there.
    let mut forged = mine.clone();
    let mut moved = other["proof"][1].clone();
    moved["previousProof"] = mine["proof"][0]["id"].clone();
    moved["id"] = mine["proof"][1]["id"].clone();
    forged["proof"][1] = moved;
    let report = checked(&forged);
    assert_eq!(report.proofs[1].faults, [Fault::OtherRecord]);
    assert!(report.proofs[0].holds && !report.proofs[2].holds);
    assert!(
        report
            .problems()
            .concat()
            .contains("第 2 份签名（培养联系人）：这份签名是为另一份记录作的")
    );
    // The record exchanged under a whole chain.
    let mut exchanged = mine.clone();
    exchanged["credentialSubject"]["record"] = record("李明", 40_000);
    let report = checked(&exchanged);
    assert!(
        report
            .proofs
            .iter()
            .all(|proof| proof.faults.contains(&Fault::OtherRecord))
    );
}

/// A forger who knows the format mends what the record says about itself; not the signature.
#[test]
fn mended_digests_do_not_help() {
    let signed = full_chain("李明", 100);
    let mut forged = signed.clone();
    let better = record("李喆", 100);
    forged["credentialSubject"]["record"]["body"]["person"] = better["body"]["person"].clone();
    forged["credentialSubject"]["record"]["digest"] = better["digest"].clone();
    let report = checked(&forged);
    assert!(!report.holds && report.undigested.is_empty());
    assert_eq!(report.changed, ["record.body.person", "record.digest"]);
    // And the list of parts in the first proof, too, and its sum.
    let mended = sign(&forged["credentialSubject"]["record"], &key(9), &at(100)).unwrap();
    forged["proof"][0]["statement"] = mended["proof"][0]["statement"].clone();
    forged["proof"][0]["documentDigest"] = mended["proof"][0]["documentDigest"].clone();
    let report = checked(&forged);
    assert!(!report.holds && report.proofs.iter().all(|proof| !proof.holds));
}

/// What somebody adds to a proof is under no signature: it is refused.
#[test]
fn nothing_can_be_added_to_a_proof() {
    let signed = full_chain("李明", 100);
    for place in 0..3 {
        let mut forged = signed.clone();
        forged["proof"][place]["note"] = "同意".into();
        let report = checked(&forged);
        assert!(!report.holds);
        assert!(report.proofs[place].faults.contains(&Fault::Form("note".into())));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_byte_of_a_chain_counts(place in any::<prop::sample::Index>(), byte in any::<u8>(), name in "[李王喆𠮷张]{2,4}") {
        let signed = full_chain(&name, 100);
        let text = write(&signed);
        let at = place.index(text.len());
        if text.as_bytes()[at] != byte {
            caught(&signed, &text, at, byte);
        }
    }

    #[test]
    fn any_other_file_is_refused_quietly(bytes in any::<Vec<u8>>()) {
        prop_assert!(check::verify(&bytes).is_err());
    }

    #[test]
    fn what_is_signed_holds(name in "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{1,20}", minute in 0i64..100_000, seed in any::<[u8; 32]>()) {
        prop_assume!(!name.trim().is_empty());
        let key = SecretKey::from_bytes(&seed);
        let signed = sign(&record(&name, minute), &key, &at(minute)).unwrap();
        let report = checked(&signed);
        prop_assert!(report.holds, "{:?}", report.problems());
        prop_assert_eq!(&report.proofs[0].key, &key.public().did());
    }
}
