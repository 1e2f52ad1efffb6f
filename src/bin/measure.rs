//! For `cargo xtask bench`: makes signed records and checks them natively, as a yardstick.
//!
//! `measure FOLDER COUNT` writes `minimal.ndjson` and `typical.ndjson` there, each of so many records
//! with one proof, no two by one key, and `native.json` with what it measured.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;
use xuedang::domain::hex;
use xuedang::domain::json::canonical;
use xuedang::domain::time::{Env, Moment};
use xuedang::format::credential::check::{prepare, prepare_unproven, verify_many};
use xuedang::format::credential::issue::{sign, write};
use xuedang::format::credential::key::SecretKey;

/// A record with everything in it.
const TYPICAL: &str = include_str!("../../tests/fixtures/record/full.json");
/// Of so many rounds the quickest counts: other programs get their turns too.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder: PathBuf = arguments.next().ok_or("measure FOLDER COUNT")?.into();
    let count: usize = arguments.next().ok_or("measure FOLDER COUNT")?.parse()?;
    let typical: Value = serde_json::from_str(TYPICAL)?;
    let mut found = json!({ "backend": backend() });
    for (name, record) in [("minimal", minimal(&typical)), ("typical", typical.clone())] {
        let texts: Result<Vec<String>, _> = (0..count).map(|number| signed(&record, number)).collect();
        let texts = texts?;
        std::fs::write(folder.join(format!("{name}.ndjson")), texts.join("\n"))?;
        let records: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        let whole = per_second(count, || {
            let found = verify_many(&records, true);
            let held = found.reports.iter().flatten().filter(|report| report.holds);
            held.count()
        });
        let prepared: Result<Vec<_>, _> = records.iter().map(|bytes| prepare(bytes)).collect();
        let prepared = prepared?;
        let checks: Vec<_> = prepared.iter().flat_map(|one| one.checks().flatten()).collect();
        let alone = per_second(count, || checks.iter().filter(|check| check.holds()).count());
        let keys: Result<Vec<_>, _> = checks
            .iter()
            .map(|check| ed25519_dalek::VerifyingKey::from_bytes(check.key.bytes()))
            .collect();
        let keys = keys?;
        let strict = per_second(count, || {
            let holds = |(key, check): &(&ed25519_dalek::VerifyingKey, &&_)| strictly(key, check);
            keys.iter().zip(&checks).filter(holds).count()
        });
        let reading = per_second(count, || {
            records
                .iter()
                .filter(|bytes| black_box(prepare_unproven(bytes, true)).is_ok())
                .count()
        });
        let bytes: usize = texts.iter().map(String::len).sum();
        found[name] = json!({
            "bytes": bytes / count.max(1), "whole": whole, "alone": alone, "strict": strict, "reading": reading,
        });
    }
    std::fs::write(folder.join("native.json"), found.to_string())?;
    Ok(())
}

/// What the library's own strict verification says.
fn strictly(key: &ed25519_dalek::VerifyingKey, check: &xuedang::format::credential::check::Check) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(&check.signature);
    key.verify_strict(&check.message, &signature).is_ok()
}

/// How many of `count` are done in a second.
fn per_second(count: usize, mut run: impl FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..=ROUNDS {
        let start = Instant::now();
        assert_eq!(run(), count, "all of them hold");
        best = best.min(start.elapsed().as_secs_f64());
    }
    count as f64 / best
}

/// The parts that a record cannot do without.
fn minimal(typical: &Value) -> Value {
    let mut body = json!({});
    for part in ["holder", "made_at", "person"] {
        body[part] = typical["body"][part].clone();
    }
    let digest = hex(&Sha256::digest(canonical(&body)));
    json!({
        "format": typical["format"], "version": typical["version"],
        "body": body, "digest": { "whole": digest },
    })
}

fn signed(record: &Value, number: usize) -> Result<String, Box<dyn std::error::Error>> {
    let mut seed = [9; 32];
    seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
    let env = Env {
        now: Moment {
            ms: 1_795_406_400_000 + number as i64 * 1_000,
            tz: 480,
        },
        chance: number as u128,
    };
    Ok(write(&sign(record, &SecretKey::from_bytes(&seed), &env)?))
}

/// Which of its ways of calculating the library takes here: it looks at the processor.
fn backend() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return "vectors (AVX2)";
    }
    "plain"
}
