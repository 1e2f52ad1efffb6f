//! What keys and signatures of Ed25519 must be like before anybody calculates, so that it does not
//! matter who does (RFC 8032, 5.1.7, and the stricter reading of it in "Taming the many EdDSAs",
//! SSR 2020): implementations agree on everything that passes here, but for those that multiply by
//! the cofactor, which [`PROBES`] find out.
//!
//! 1. S is below the group's order, so that no second S holds.
//! 2. R and the key are written in the one way that there is: y below p.
//! 3. Neither is one of the eight points of small order.

/// p = 2^255 − 19, little-endian.
const P: [u8; 32] = edge(0xed);
/// The group's order, 2^252 + 27742317777372353535851937790883648493, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
/// The y of the points of small order: of order 4, 1, 2, 8 and 8.
const SMALL: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    edge(0xec),
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
];

/// 2^255 − 256 + the lowest byte.
const fn edge(lowest: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = lowest;
    bytes[31] = 0x7f;
    bytes
}

/// Whether these 32 bytes can be a key or the R of a signature. Whether they are a point of the
/// curve at all is not looked at.
pub fn is_fit_point(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    is_below(&y, &P) && !SMALL.contains(&y)
}

/// Whether these 64 bytes can be a signature that holds.
pub fn is_fit(signature: &[u8; 64]) -> bool {
    let (Some(r), Some(s)) = (signature.first_chunk(), signature.last_chunk()) else {
        return false;
    };
    is_below(s, &ORDER) && is_fit_point(r)
}

/// Of little-endian numbers.
fn is_below(one: &[u8; 32], limit: &[u8; 32]) -> bool {
    one.iter().rev().lt(limit.iter().rev())
}

/// A question to an implementation that is not ours.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// A key.
    pub key: [u8; 32],
    /// Over what.
    pub message: [u8; 64],
    /// A signature that [`is_fit`].
    pub signature: [u8; 64],
    /// Whether it holds.
    pub holds: bool,
}

/// What an implementation must answer as ours does before it is trusted with records: an ordinary
/// signature, the same with one bit turned, and two by keys that are a little off the prime group:
/// with one the equation holds as it stands; with the other only after multiplying by the cofactor,
/// which is not enough here.
pub const PROBES: [Probe; 4] = include!("strict_probes.rs");

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::{EdwardsPoint, Scalar};
    use ed25519_dalek::{Signature, VerifyingKey};
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha512};

    /// What the library's strict verification says, with the key written in the one way.
    fn library(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(key).is_ok_and(|read| {
            let canonical = read.to_edwards().compress().0 == *key;
            let strict = read.verify_strict(message, &Signature::from_bytes(signature));
            canonical && strict.is_ok()
        })
    }

    /// What we say.
    fn ours(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        super::super::key::PublicKey::from_bytes(key).is_some_and(|key| key.holds(message, signature))
    }

    /// A signature by a key and with an R that are both moved by points of small order.
    fn moved(secret: u64, key_by: usize, r_by: usize, message: [u8; 64]) -> Probe {
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
        let holds = library(&key.0, &message, &signature);
        Probe {
            key: key.0,
            message,
            signature,
            holds,
        }
    }

    fn of_moved(key_by: usize, r_by: usize, holds: bool) -> Probe {
        (0..=255)
            .map(|byte| moved(1_000_003, key_by, r_by, [byte; 64]))
            .find(|probe| probe.holds == holds)
            .unwrap()
    }

    #[test]
    fn the_points_of_small_order_are_all_there() {
        let mut seen = Vec::new();
        for point in EIGHT_TORSION {
            let bytes = point.compress().0;
            assert!(!is_fit_point(&bytes));
            let mut y = bytes;
            y[31] &= 0x7f;
            assert!(SMALL.contains(&y));
            seen.push(y);
        }
        assert!(SMALL.iter().all(|y| seen.contains(y)));
        // Each number from p on is another way to write one below 19.
        for low in 0xed..=0xff {
            for sign in [0, 0x80] {
                let mut bytes = edge(low);
                bytes[31] |= sign;
                assert!(!is_fit_point(&bytes));
            }
        }
    }

    #[test]
    fn the_probes_are_what_they_are_said_to_be() {
        let ordinary = moved(1_000_003, 0, 0, [7; 64]);
        let mut turned = ordinary;
        turned.signature[40] ^= 1;
        turned.holds = false;
        let made = [ordinary, turned, of_moved(1, 1, true), of_moved(1, 2, false)];
        assert_eq!(
            format!("{PROBES:?}"),
            format!("{made:?}"),
            "strict_probes.rs should be:\n{}",
            source(&made)
        );
        for probe in PROBES {
            assert!(is_fit_point(&probe.key) && is_fit(&probe.signature));
            assert_eq!(ours(&probe.key, &probe.message, &probe.signature), probe.holds);
            assert_eq!(library(&probe.key, &probe.message, &probe.signature), probe.holds);
        }
    }

    fn source(probes: &[Probe]) -> String {
        let list = |bytes: &[u8]| format!("{bytes:?}");
        let one = |probe: &Probe| {
            format!(
                "    Probe {{ key: {}, message: {}, signature: {}, holds: {} }},\n",
                list(&probe.key),
                list(&probe.message),
                list(&probe.signature),
                probe.holds
            )
        };
        format!("[\n{}]\n", probes.iter().map(one).collect::<String>())
    }

    #[test]
    fn keys_and_signatures_off_the_prime_group_are_judged_as_the_library_does() {
        let mut held = 0;
        for key_by in 0..8 {
            for r_by in 0..8 {
                for byte in 0..8 {
                    for secret in [0, 1_000_003] {
                        let probe = moved(secret, key_by, r_by, [byte; 64]);
                        assert_eq!(ours(&probe.key, &probe.message, &probe.signature), probe.holds);
                        held += usize::from(probe.holds);
                    }
                }
            }
        }
        assert!(held > 64, "{held}");
    }

    proptest! {
        #[test]
        fn whatever_is_changed_is_judged_as_the_library_does(
            seed in any::<[u8; 32]>(),
            message in any::<[u8; 32]>(),
            at in 0usize..96,
            byte in any::<u8>(),
            high in any::<bool>(),
        ) {
            use ed25519_dalek::{Signer, SigningKey};
            let secret = SigningKey::from_bytes(&seed);
            let mut key = secret.verifying_key().to_bytes();
            let mut signature = secret.sign(&message).to_bytes();
            prop_assert!(ours(&key, &message, &signature));
            if high {
                // S + the order holds too, for who does not look.
                let mut carry = 0u16;
                for (place, add) in ORDER.iter().enumerate() {
                    carry += u16::from(signature[32 + place]) + u16::from(*add);
                    signature[32 + place] = carry as u8;
                    carry >>= 8;
                }
            }
            match at.checked_sub(64) {
                Some(at) => key[at] = byte,
                None => signature[at] = byte,
            }
            prop_assert_eq!(ours(&key, &message, &signature), library(&key, &message, &signature));
        }
    }
}
