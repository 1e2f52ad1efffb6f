//! What the worker is asked to do, from the making of a key to the report.

use super::*;
use xuedang::format::credential::orders::{self, *};

/// As random as a test may be.
fn ask(what: &str, text: &str, bytes: &[u8], seed: u8) -> Answer {
    let mut last = seed;
    let mut random = |bytes: &mut [u8]| {
        bytes.iter_mut().for_each(|byte| {
            last = last.wrapping_mul(37).wrapping_add(11);
            *byte = last;
        });
        true
    };
    orders::carry_out(what, text, bytes, &mut random).unwrap()
}

fn json<T: serde::Serialize>(order: &T) -> String {
    serde_json::to_string(order).unwrap()
}

#[test]
fn from_key_to_report() {
    let made = |seed: u8| {
        let (info, secret) = ask(MAKE_KEY, "", &[], seed).unwrap();
        (serde_json::from_str::<KeyInfo>(&info).unwrap(), secret.unwrap())
    };
    let ((me, mine), (_, theirs)) = (made(1), made(2));
    assert_eq!(ask(KEY_INFO, "", &mine, 0).unwrap().0, json(&me));
    let now = env(100).now;
    let order = Sign {
        record: record("李喆𠮷", 100),
        now,
    };
    let (signed, _) = ask(SIGN, &json(&order), &mine, 3).unwrap();
    let order = Countersign {
        credential: signed.clone(),
        statement: mentor("王喆"),
        now,
    };
    let (countersigned, _) = ask(COUNTERSIGN, &json(&order), &theirs, 4).unwrap();
    assert!(
        ask(COUNTERSIGN, &json(&order), &mine, 4)
            .unwrap_err()
            .contains("已经用这把钥匙签过名")
    );
    let (report, _) = ask(VERIFY, "", countersigned.as_bytes(), 0).unwrap();
    let report: Report = serde_json::from_str(&report).unwrap();
    assert!(report.holds && report.proofs.len() == 2);
    assert_eq!(report.proofs[0].fingerprint, me.fingerprint);

    let order = BackUp {
        passphrase: "八个字的一个口令".into(),
        now,
    };
    let (file, _) = ask(BACK_UP, &json(&order), &mine, 5).unwrap();
    let (info, secret) = ask(RESTORE, "八个字的一个口令", file.as_bytes(), 0).unwrap();
    assert_eq!((info, secret), (json(&me), Some(mine.clone())));
    assert!(
        ask(RESTORE, "另外的一个口令啊", file.as_bytes(), 0)
            .unwrap_err()
            .contains("口令不对")
    );

    let order = ChangeKey {
        name: "李喆𠮷".into(),
        old: me.key.clone(),
        now,
    };
    let (lost, _) = ask(CHANGE_KEY, &json(&order), &theirs, 6).unwrap();
    assert!(
        ask(READ_CHANGE, "", lost.as_bytes(), 0)
            .unwrap()
            .0
            .contains("\"old_agrees\":false")
    );
    let (planned, _) = ask(CHANGE_KEY, &json(&order), &[theirs, mine].concat(), 6).unwrap();
    assert!(
        ask(READ_CHANGE, "", planned.as_bytes(), 0)
            .unwrap()
            .0
            .contains("\"old_agrees\":true")
    );
}

#[test]
fn what_goes_wrong_is_said_to_people() {
    assert!(ask(SIGN, "{}", &[1; 32], 1).unwrap_err().contains("请刷新本页"));
    let order = Sign {
        record: serde_json::json!({"format": "other"}),
        now: env(1).now,
    };
    assert!(
        ask(SIGN, &json(&order), &[1; 32], 1)
            .unwrap_err()
            .starts_with("字段 ")
    );
    assert!(ask(KEY_INFO, "", &[1; 31], 1).unwrap_err().contains("从备份恢复"));
    let none = orders::carry_out(MAKE_KEY, "", &[], &mut |_| false).unwrap();
    assert!(none.unwrap_err().contains("随机数"));
    assert!(orders::carry_out("read-xlsx", "", &[], &mut |_| true).is_none());
}
