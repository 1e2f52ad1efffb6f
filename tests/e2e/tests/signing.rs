//! Signing: a key survives by its backup alone, a signed record is checked however it comes, and a
//! changed character is caught and named.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::{Path, PathBuf};
use steps::{full_record, key, scratch, signed_record};
use xuedang::format::{code, qr};
use xuedang_e2e::{Browser, Session};

const PASSPHRASE: &str = "春眠不觉晓 Spring";

#[tokio::test]
async fn a_key_survives_by_its_backup_in_chromium() {
    a_key_survives(Browser::Chromium).await;
}

#[tokio::test]
async fn a_key_survives_by_its_backup_in_firefox() {
    a_key_survives(Browser::Firefox).await;
}

async fn fingerprint(session: &Session) -> String {
    let text = session.text(".own-key [data-testid=fingerprint]").await;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Made, backed up, everything deleted, brought back: the same key.
async fn a_key_survives(browser: Browser) {
    let session = Session::open(browser).await;
    session.goto_hash("/keys").await;
    session.click("[data-testid=make-key]").await;
    session.wait_text("[data-testid=key-made]", "备份").await;
    session.wait("[data-testid=key-code] svg").await;
    let before = fingerprint(&session).await;
    assert_eq!(before.split(' ').count(), 6, "{before}");
    session
        .wait_text("[data-testid=key-backed-up]", "还没有备份")
        .await;

    // Two passphrases that differ are refused, a weak one is told of.
    session.fill("#key-backup-passphrase", "12345678").await;
    session.wait_text("[data-testid=strength]", "容易猜到").await;
    session.fill("#key-backup-again", "12345679").await;
    session.click("#save-key-backup").await;
    session.wait_text("#key-backup-again-error", "不一样").await;
    for field in ["#key-backup-passphrase", "#key-backup-again"] {
        session.fill(field, PASSPHRASE).await;
    }
    session.click("#save-key-backup").await;
    session.wait("[data-testid=key-saved]").await;
    let file = session.wait_download(".json").await;
    session.wait_text("[data-testid=key-backed-up]", "上次备份").await;

    // The backup of everything else has no key in it.
    session.goto_hash("/settings").await;
    session.click("[data-testid=download-backup]").await;
    let all = fs::read_to_string(session.wait_download(".json").await).unwrap();
    assert!(all.contains("xuedang-backup") && !all.contains("keys/") && !all.contains("secret"));

    session.click("[data-testid=erase-all]").await;
    session.fill("[data-testid=confirm-erase-word]", "删除").await;
    session.click("[data-testid=confirm-erase]").await;
    session.wait("[data-testid=erased]").await;
    session.goto_hash("/keys").await;
    session.wait("[data-testid=make-key]").await;

    session.upload("[data-testid=key-file]", &[&file]).await;
    session.fill("#key-restore-passphrase", "不是这个口令呀").await;
    session.click("#save-key-restore").await;
    session
        .wait_text("[data-testid=restore-refused]", "口令不对")
        .await;
    session.fill("#key-restore-passphrase", PASSPHRASE).await;
    session.click("#save-key-restore").await;
    session.wait_text("[data-testid=key-restored]", &before).await;
    assert_eq!(fingerprint(&session).await, before);
    session.reload().await;
    session.wait("[data-testid=key-code] svg").await;
    assert_eq!(fingerprint(&session).await, before);
    session.assert_same_origin().await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// A key is replaced, the declaration says that the old one agrees, and whoever gets it can confirm it.
#[tokio::test]
async fn a_replaced_key_is_declared_and_read() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/keys").await;
    session.click("[data-testid=make-key]").await;
    let old = fingerprint(&session).await;
    session.click("[data-testid=replace-key]").await;
    session.click("[data-testid=confirm-replace]").await;
    session.wait_text("main summary", "不再使用的钥匙").await;
    let new = fingerprint(&session).await;
    assert_ne!(old, new);
    session.fill("#key-change-name", "李喆𠮷").await;
    session.click("#save-key-change").await;
    session
        .wait_text("[data-testid=change-saved]", "旧钥匙也签了名")
        .await;
    let file = scratch("key-change").join("声明.json");
    fs::copy(session.wait_download(".json").await, &file).unwrap();
    drop(session);

    let other = Session::open(Browser::Chromium).await;
    other.goto_hash("/verify").await;
    other.upload("[data-testid=verify]", &[&file]).await;
    other
        .wait_text("[data-result=change] [data-testid=verdict]", "当面核实")
        .await;
    other
        .wait_text("[data-testid=says]", "旧钥匙也在这份声明上签了名")
        .await;
    let shown = other.texts("[data-testid=fingerprint]").await;
    let shown: Vec<String> = shown
        .iter()
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(shown, [old, new.clone()]);
    confirm(&other, "").await;
    other.wait("[data-standing=confirmed]").await;
    other.goto_hash("/keys").await;
    other.wait_text("[data-testid=contacts]", "李喆𠮷").await;
}

/// Writes down a key that is asked about on the page.
async fn confirm(session: &Session, within: &str) {
    session
        .click(&format!("{within} [data-testid=confirm-key]"))
        .await;
    session.click("#save-contact").await;
    session.wait_text("#contact-failed", "逐组核对").await;
    session.click("#contact-compared").await;
    session.click("#save-contact").await;
    session.wait_gone("#contact-form").await;
}

#[tokio::test]
async fn a_signed_record_is_checked_in_chromium() {
    checked(Browser::Chromium).await;
}

#[tokio::test]
async fn a_signed_record_is_checked_in_firefox() {
    checked(Browser::Firefox).await;
}

async fn checked(browser: Browser) {
    let folder = scratch(&format!("signing-{browser:?}"));
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let session = Session::open(browser).await;
    let text = signed_record();
    let verify = async |path: &Path| session.upload("[data-testid=verify]", &[path]).await;

    session.goto_hash("/verify").await;
    verify(&file("好.json", &text)).await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    assert_eq!(session.texts("[data-proof][data-holds=yes]").await.len(), 2);
    session.wait_text("[data-testid=words]", "学习认真").await;
    session.wait_text("[data-testid=does-not-prove]", "当面").await;
    session
        .wait_text("[data-testid=record]", full_record().body.person.name())
        .await;
    let mentor = "[data-proof=mentor]";
    session.wait(&format!("{mentor} [data-standing=unknown]")).await;
    confirm(&session, mentor).await;
    session
        .wait_text(&format!("{mentor} [data-standing=confirmed]"), "王喆𠮷")
        .await;
    session
        .wait("[data-proof=activist] [data-standing=unknown]")
        .await;

    // One character of the record: refused, and the part named.
    let topic = full_record().body.talks.unwrap()[0].topic.clone();
    let other: String = topic.chars().rev().collect();
    verify(&file("改.json", &text.replacen(&topic, &other, 1))).await;
    session.wait("[data-testid=proofs][data-holds=no]").await;
    session.wait_text("[data-testid=verdict]", "谈话").await;
    session.wait_text("[data-testid=record-refused]", "谈话").await;
    // One character of the opinion: the record stands, the mentor's signature does not.
    verify(&file("意见.json", &text.replacen("认真", "一般", 1))).await;
    session.wait("[data-proof=activist][data-holds=yes]").await;
    session.wait("[data-proof=mentor][data-holds=no]").await;
    session.wait_text("[data-testid=verdict]", "不能采信").await;
    session.wait("[data-testid=record]").await;

    // Without signatures, and what is none of it.
    let plain = xuedang::format::record::write(&full_record());
    verify(&file("无签名.json", &String::from_utf8(plain).unwrap())).await;
    session.wait_text("[data-testid=unsigned]", "没有签名").await;
    verify(&file("别的.json", "{\"a\":1}")).await;
    session
        .wait_text("[data-testid=refused]", "不是学档导出的培养记录")
        .await;

    // Who was confirmed is on the list, and can be withdrawn.
    session.goto_hash("/keys").await;
    session.wait_text("[data-testid=contacts]", "王喆𠮷").await;
    session.click("[data-testid=withdraw]").await;
    session.click("[data-testid=confirm-withdraw]").await;
    session.wait_text("[data-testid=contacts]", "已撤回").await;
    session.assert_same_origin().await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// Puts text where it is pasted: typing it would take minutes.
async fn paste(session: &Session, text: &str) {
    let text = serde_json::to_string(text).unwrap();
    session
        .eval(&format!("document.getElementById('verify-text').value = {text}"))
        .await;
    session.click("[data-testid=verify-paste]").await;
}

#[tokio::test]
async fn text_codes_are_gathered_in_any_order() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/verify").await;
    session.click("[data-testid=verify-paste-open]").await;
    let mut parts = code::write(signed_record().as_bytes(), 1_200).unwrap();
    let count = parts.len();
    assert!(count > 3, "{count} parts");
    parts.reverse();
    let broken = parts[2].replacen(&parts[2][30..34], "", 1);
    let first = format!("组织委员 11:20\n{}\n好的\n{}\n{broken}", parts[0], parts[1]);
    paste(&session, &first).await;
    session
        .wait_text("[data-testid=verify-said]", &format!("已收到 2/{count} 段"))
        .await;
    session
        .wait_text(
            "[data-testid=verify-said]",
            &format!("第 {} 段在传送中", count - 2),
        )
        .await;
    paste(&session, &parts[2..].join("\n收到\n")).await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    // The text of a file, pasted as it is; and what is nothing at all.
    paste(&session, &signed_record()).await;
    session
        .wait_text("[data-result=signed] .file", "粘贴的文字")
        .await;
    paste(&session, "你好").await;
    session
        .wait_text("[data-testid=verify-said]", "没有找到学档的文字码")
        .await;
}

/// A code as grey values: black and white, with the white around it, each module so many pixels.
fn grey(text: &str, scale: usize, width: usize, height: usize) -> Vec<u8> {
    let matrix = qr::matrix(text).unwrap();
    let side = (matrix.size + 8) * scale;
    assert!(side <= width && side <= height, "{side}");
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let mut values = vec![255; width * height];
    for (at, value) in values.iter_mut().enumerate() {
        let place = |at: usize, from: usize| {
            (at.checked_sub(from)? / scale)
                .checked_sub(4)
                .filter(|at| *at < matrix.size)
        };
        if let (Some(x), Some(y)) = (place(at % width, left), place(at / width, top))
            && matrix.dark[y * matrix.size + x]
        {
            *value = 0;
        }
    }
    values
}

/// The same as a picture file, `.bmp`, which needs no compression.
fn picture(folder: &Path, name: &str, text: &str) -> PathBuf {
    let side: usize = 640;
    let values = grey(text, 5, side, side);
    let mut file = b"BM".to_vec();
    let pixels = side * side * 3;
    for number in [54 + pixels, 0, 54, 40, side, side] {
        file.extend((number as u32).to_le_bytes());
    }
    file.extend([1, 0, 24, 0]);
    for number in [0, pixels, 2835, 2835, 0, 0] {
        file.extend((number as u32).to_le_bytes());
    }
    // From the bottom up.
    for row in values.chunks(side).rev() {
        file.extend(row.iter().flat_map(|&value| [value; 3]));
    }
    let path = folder.join(name);
    fs::write(&path, file).unwrap();
    path
}

#[tokio::test]
async fn pictures_of_codes_are_read_in_chromium() {
    pictures(Browser::Chromium).await;
}

#[tokio::test]
async fn pictures_of_codes_are_read_in_firefox() {
    pictures(Browser::Firefox).await;
}

async fn pictures(browser: Browser) {
    let folder = scratch(&format!("pictures-{browser:?}"));
    let session = Session::open(browser).await;
    session.goto_hash("/verify").await;
    let mut files: Vec<PathBuf> = qr::series(signed_record().as_bytes())
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, text)| picture(&folder, &format!("{at}.bmp"), text))
        .collect();
    files.reverse();
    let last = files.pop().unwrap();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    session.upload("[data-testid=verify]", &paths).await;
    session
        .wait_text("[data-testid=verify-said]", "还缺第 1 段")
        .await;
    session.upload("[data-testid=verify]", &[&last]).await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;

    // The mentor's key from the mentor's own screen is the one that signed; a stranger's is not.
    let mentor = picture(&folder, "key.bmp", &key(2).public().did());
    session.upload("[data-testid=verify]", &[&mentor]).await;
    session.wait_text("[data-testid=same-key]", "王喆𠮷").await;
    let other = picture(&folder, "other.bmp", &key(9).public().did());
    session.upload("[data-testid=verify]", &[&other]).await;
    session.wait("[data-testid=other-key]").await;
    // A summary is compared with what is open.
    let summary = picture(&folder, "summary.bmp", &qr::summary(&full_record()));
    session.upload("[data-testid=verify]", &[&summary]).await;
    session.wait("[data-testid=summary-same]").await;
    // A picture without a code.
    let empty = picture(&folder, "empty.bmp", "x");
    let mut white = fs::read(&empty).unwrap();
    white[54..].fill(255);
    fs::write(&empty, white).unwrap();
    session.upload("[data-testid=verify]", &[&empty]).await;
    session
        .wait_text("[data-testid=refused]", "没有找到能读的二维码")
        .await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// A film of codes for a camera, each for three frames: `.y4m`, grey.
fn film(folder: &Path, texts: &[String]) -> PathBuf {
    let (width, height) = (640, 480);
    let mut film = format!("YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n").into_bytes();
    for text in texts {
        let values = grey(text, 4, width, height);
        for _ in 0..3 {
            film.extend(b"FRAME\n");
            film.extend(&values);
            film.extend(vec![128; width * height / 2]);
        }
    }
    let path = folder.join("film.y4m");
    fs::write(&path, film).unwrap();
    path
}

#[tokio::test]
async fn a_series_is_read_by_the_camera() {
    let folder = scratch("camera");
    let codes = qr::series(signed_record().as_bytes()).unwrap();
    let session = Session::open_with_camera(&film(&folder, &codes)).await;
    session.goto_hash("/verify").await;
    session.click("[data-testid=verify-camera-open]").await;
    session.click("[data-testid=verify-camera]").await;
    session.wait("#verify-video").await;
    session.wait_text("[data-testid=verify-said]", "还缺第").await;
    // Given back when it is turned off.
    session
        .eval("window.track = document.getElementById('verify-video').srcObject.getTracks()[0]")
        .await;
    session.click("[data-testid=verify-stop]").await;
    session
        .wait_text("[data-testid=verify-said]", "摄像头已关闭")
        .await;
    session
        .wait_eval("return window.track.readyState === 'ended'")
        .await;
    // On again: what had come is still there, and the rest comes.
    session.click("[data-testid=verify-camera]").await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    session.wait_gone("#verify-video").await;
    // And given back when the person leaves.
    session.click("[data-testid=verify-camera]").await;
    session.wait_text("[data-testid=verify-said]", "已收到").await;
    session
        .eval("window.track = document.getElementById('verify-video').srcObject.getTracks()[0]")
        .await;
    session.eval("location.hash = '#/keys'").await;
    session.wait("#mine-heading").await;
    session
        .wait_eval("return window.track.readyState === 'ended'")
        .await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn without_a_camera_the_page_says_what_to_do() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/verify").await;
    session.click("[data-testid=verify-camera-open]").await;
    session.click("[data-testid=verify-camera]").await;
    session.wait_text("[data-testid=verify-said]", "摄像头").await;
    session.wait_text("[data-testid=verify-said]", "选择图片").await;
    session.wait_gone("#verify-video").await;
}
