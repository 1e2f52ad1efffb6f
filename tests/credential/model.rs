//! The W3C's suite for the Data Model 2.0: its inputs about credentials.

use super::*;
use serde_json::Map;
use xuedang::format::credential::{envelope, model};

/// Inputs that the suite wants refused and that we take, and why. None is a way to harm: a signed
/// record of ours has none of these members, and the envelope refuses any that it does not know.
const TAKEN: [(&str, &str); 2] = [
    (
        "relatedResource/relatedResource-digest-multibase-fail",
        "only fetching the resource would show that its digest is another; this portal fetches nothing",
    ),
    (
        "relatedResource/relatedResource-digest-sri-fail",
        "only fetching the resource would show that its digest is another; this portal fetches nothing",
    ),
];

/// The suite sends each input to an issuer, who puts in who issues it, and only then is it a
/// credential: so do we where the input has no issuer, or one without `id` that is to be completed.
fn issued(name: &str, input: &Value) -> Value {
    let mut credential = input.clone();
    let object = credential.as_object_mut().unwrap();
    let issuer = object.entry("issuer").or_insert("did:example:issuer".into());
    if let (true, Value::Object(issuer)) = (name.starts_with("names-and-descriptions/"), issuer) {
        issuer.entry("id").or_insert("did:example:issuer".into());
    }
    credential
}

#[test]
fn inputs_are_taken_and_refused_as_the_suite_wants() {
    let inputs: Map<String, Value> =
        serde_json::from_str(include_str!("../fixtures/credential/vc-data-model-2.0.json")).unwrap();
    let mut differences = Vec::new();
    let (mut taken, mut refused) = (0, 0);
    for (name, input) in &inputs {
        let wanted = name.ends_with("-ok");
        assert!(wanted || name.ends_with("-fail"), "{name}");
        match model::check(&issued(name, input)) {
            Ok(()) if wanted => taken += 1,
            Err((path, what)) if !wanted => {
                assert!(!path.is_empty() && !what.is_empty(), "{name}");
                refused += 1;
            }
            Ok(()) if TAKEN.iter().any(|(known, _)| known == name) => {}
            other => differences.push(format!("{name}: {other:?}")),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!((taken, refused, TAKEN.len()), (51, 43, 2));
}

/// None of them is a training record: each is refused with a reason, none by a panic.
#[test]
fn credentials_of_others_are_told_from_ours() {
    let inputs: Map<String, Value> =
        serde_json::from_str(include_str!("../fixtures/credential/vc-data-model-2.0.json")).unwrap();
    for (name, input) in &inputs {
        let error = envelope::open(&issued(name, input)).unwrap_err().to_string();
        assert!(
            error.starts_with("字段 ") || error.starts_with("不是"),
            "{name}: {error}"
        );
    }
}

#[test]
fn our_own_is_a_credential_of_the_data_model() {
    assert_eq!(model::check(&full_chain("李明", 100)), Ok(()));
}
