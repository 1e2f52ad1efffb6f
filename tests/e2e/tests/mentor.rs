//! A mentor with two mentees: opens what they send, sees what changed, writes an opinion, signs, sends
//! it back, is reminded, and deletes one without touching the other or the own study.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::{Path, PathBuf};

use steps::{barriers, figures, key, scratch};
use xuedang::domain::json::value_of;
use xuedang::domain::mentoring::{next_reviews, reviews};
use xuedang::domain::record::{Body, MentorLine, Person, StudyPart, TalkLine, TrainingRecord};
use xuedang::domain::study::progress::{CourseProgress, Figures, ModuleProgress, StudyTime};
use xuedang::domain::study::{EventId, Stage, TalkForm};
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::format::credential::{Role, Statement, check, issue};
use xuedang::format::record::{seal, write};
use xuedang_e2e::{Browser, Session};

const OPINION: &str = "学习踏实，能把党章条文同班级工作联系起来。\n希望多参加志愿服务。";

/// A record of somebody who was confirmed that day, made so many days ago.
fn record(number: u32, name: &str, confirmed: Date, days_ago: i64, today: Date) -> TrainingRecord {
    let figures = Figures {
        lessons: 5,
        lessons_read: 2,
        questions: 60,
        answered: 12,
        correct: 9,
        attempts: 15,
        answers_to_reconfirm: Some(0),
        first: Some(confirmed),
        last: Some(today.add_days(-days_ago)),
        ..Figures::default()
    };
    let modules = vec![ModuleProgress {
        id: "dangzhang".into(),
        title: "党章".into(),
        bank: "0123456789ab".into(),
        figures,
    }];
    let talk = |days: i64, topic: &str| TalkLine {
        mentor: "王建国".into(),
        date: today.add_days(-days),
        form: TalkForm::InPerson,
        topic: topic.into(),
        notes: None,
    };
    seal(Body {
        holder: EventId(format!("01J{number:023}")),
        made_at: Moment {
            ms: (today.days() - days_ago) * 86_400_000,
            tz: 480,
        },
        person: Person {
            name: Some(name.into()),
            branch: Some("计算机学院本科生第一党支部".into()),
            number: None,
            stage: Some(Stage::Activist),
            applied: Some(confirmed.add_months(-3)),
            confirmed: Some(confirmed),
        },
        study: Some(StudyPart {
            course: "0123456789ab".into(),
            days: 4,
            progress: CourseProgress {
                total: CourseProgress::sum(&modules),
                modules,
            },
        }),
        time: Some(StudyTime {
            minutes: 90,
            days: 4,
            sessions: 5,
            answers: 15,
        }),
        exams: Some(vec![]),
        practice: Some(vec![]),
        mentors: Some(vec![MentorLine {
            name: "王建国".into(),
            since: Some(confirmed),
            until: None,
        }]),
        talks: Some(vec![talk(40, "入党动机"), talk(20, "读书体会")]),
        reports: Some(vec![]),
        summary: None,
        left_out: vec![],
    })
}

/// The record signed by its activist, as the portal signs.
fn signed(record: &TrainingRecord, chance: u128) -> String {
    let env = Env {
        now: record.body.made_at,
        chance,
    };
    issue::write(&issue::sign(&value_of(record), &key(7), &env).unwrap())
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// What axe-core finds on the screen as it is.
async fn assert_no_barrier(session: &Session, screen: &str) {
    assert_eq!(barriers(session).await, Vec::<String>::new(), "{screen}");
}

async fn today(session: &Session) -> Date {
    let text = session
        .eval("const d = new Date(); return [d.getFullYear(), String(d.getMonth() + 1).padStart(2, '0'), String(d.getDate()).padStart(2, '0')].join('-')")
        .await;
    Date::parse(text.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_mentor_with_two_mentees() {
    let folder = scratch("mentor");
    let session = Session::open(Browser::Chromium).await;
    let today = today(&session).await;
    // Something of one's own.
    session.goto_hash("/lesson/lishi-founding").await;
    session.click("[data-testid=finish-lesson]").await;
    session.wait_text(".saving", "已保存").await;

    // Eight months ago: the first half-year has passed without a review.
    let confirmed = today.add_months(-8);
    let (one, two) = (
        record(1, "周𠮷喆", confirmed, 10, today),
        record(2, "李四", today.add_months(-1), 5, today),
    );
    let one_file = file(&folder, "zhou-1.json", signed(&one, 1));
    let two_file = file(&folder, "li.json", write(&two));
    let bad = file(
        &folder,
        "bad.json",
        signed(&one, 2).replacen("入党动机", "入党目的", 1),
    );

    // Several at once are shown first; nothing is taken before it is confirmed.
    session.goto_hash("/mentor").await;
    session.wait("main h1").await;
    session
        .upload("[data-testid=open-records]", &[&one_file, &two_file, &bad])
        .await;
    session.wait("[data-testid=confirm-open]").await;
    let verdicts = "return [...document.querySelectorAll('[data-testid=open-plan] [data-verdict]')].map(row => row.dataset.verdict)";
    assert_eq!(
        session.eval(verdicts).await,
        serde_json::json!(["new", "new", "refused"])
    );
    assert!(session.texts("[data-holder]").await.is_empty());
    session.wait_text("[data-testid=refused]", "bad.json").await;
    assert_no_barrier(&session, "plan").await;
    session.click("[data-testid=confirm-open]").await;
    session
        .wait_eval("return document.querySelectorAll('li[data-holder]').length === 2")
        .await;
    // Who needs attention comes first, and why is said.
    let order =
        "return [...document.querySelectorAll('li[data-holder] .card-link')].map(link => link.textContent)";
    assert_eq!(session.eval(order).await, serde_json::json!(["周𠮷喆", "李四"]));
    let card = |number: u32, rest: &str| format!("li[data-holder='01J{number:023}'] {rest}");
    let overdue = confirmed.add_months(6).to_string();
    session
        .wait_text(&card(1, "[data-reason=review]"), &overdue)
        .await;
    session.wait(&card(1, "[data-reason=countersign]")).await;
    session.wait(&card(2, "[data-reason=unsigned]")).await;
    session.choose("[data-testid=people-reason]", "unsigned").await;
    session
        .wait_eval("return document.querySelectorAll('li[data-holder]').length === 1")
        .await;
    session.choose("[data-testid=people-reason]", "").await;
    session.set_size(390, 844).await;
    assert_no_barrier(&session, "list").await;
    session.set_size(1280, 900).await;

    // A second record: it grew, and a talk is gone.
    let mut body = one.body.clone();
    body.made_at = Moment {
        ms: today.days() * 86_400_000 - 3_600_000,
        tz: 480,
    };
    body.time.as_mut().unwrap().minutes = 150;
    body.talks.as_mut().unwrap().remove(0);
    let newer = seal(body);
    let newer_file = file(&folder, "zhou-2.json", signed(&newer, 3));
    session.upload("[data-testid=open-records]", &[&newer_file]).await;
    session.wait("[data-verdict=update]").await;
    session.click_text(".outcomes a", "周𠮷喆").await;
    session.wait_text("[data-testid=loud]", "入党动机").await;
    session
        .wait_text("[data-testid=changes]", "学习时间 90 → 150 分钟")
        .await;
    session.wait_text("[data-testid=tasks]", "最近一次").await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;

    // Notes and reviews; the overdue day is made up for.
    session.choose("[data-testid=jot-kind]", "review").await;
    session.fill("[data-testid=jot-date]", &today.to_string()).await;
    session.click("[data-testid=save-jot]").await;
    session.wait("[data-jotting=review]").await;
    session.wait_text("[data-testid=reviews]", "已补").await;
    session.choose("[data-testid=jot-kind]", "reminder").await;
    let remind = today.add_days(9);
    session.fill("[data-testid=jot-date]", &remind.to_string()).await;
    session.fill("[data-testid=jot-text]", "约谈，带《党章》").await;
    session.click("[data-testid=save-jot]").await;
    session.wait("[data-jotting=reminder]").await;

    // The opinion: typed, kept as a draft over a reload; without a key there is nothing to sign with.
    let words = "return document.querySelector('[data-testid=opinion-words]').value";
    assert_eq!(session.eval(words).await, "", "no words are offered");
    session.fill("[data-testid=opinion-words]", OPINION).await;
    session.click("[data-testid=keep-draft]").await;
    session.wait_text("#opinion-said", "草稿已保存").await;
    session.reload().await;
    session
        .wait_eval(&format!(
            "return document.querySelector('[data-testid=opinion-words]')?.value === {}",
            serde_json::json!(OPINION)
        ))
        .await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    session.fill("[data-testid=opinion-name]", "王建国").await;
    session.click("[data-testid=save-opinion]").await;
    session.wait_text("#sign-refused", "还没有签名钥匙").await;
    assert_no_barrier(&session, "mentee").await;
    make_key(&session).await;
    session.goto_hash(&format!("/mentor/{}", one.body.holder)).await;
    session.wait("[data-testid=proofs][data-holds=yes]").await;
    session
        .wait_eval(&format!(
            "return document.querySelector('[data-testid=opinion-words]').value === {}",
            serde_json::json!(OPINION)
        ))
        .await;
    session.fill("[data-testid=opinion-name]", "王建国").await;
    session.click("[data-testid=save-opinion]").await;
    session.wait_text("dialog[open]", "多参加志愿服务").await;
    session.wait_text("dialog[open]", "王建国").await;
    session.click("[data-testid=confirm-sign]").await;
    session.wait("[data-testid=signed]").await;
    session.wait("[data-proof=mentor][data-holds=yes]").await;
    assert!(session.texts("[data-reason=countersign]").await.is_empty());

    // What goes back holds, with both proofs and the opinion.
    session.click("[data-testid=return-file]").await;
    let returned = fs::read(session.wait_download(".json").await).unwrap();
    let report = check::verify(&returned).unwrap();
    assert!(report.holds, "{:?}", report.problems());
    let roles: Vec<_> = report.proofs.iter().map(|proof| proof.role).collect();
    assert_eq!(roles, [Some(Role::Activist), Some(Role::Mentor)]);
    let Some(Statement::Mentor { name, date, opinion }) = &report.proofs[1].statement else {
        panic!("{:?}", report.proofs[1]);
    };
    assert_eq!(
        (name.as_str(), *date, opinion.as_str()),
        ("王建国", today, OPINION)
    );
    assert_eq!(report.record, value_of(&newer));
    session.click("[data-testid=return-docx]").await;
    let annex = fs::read(session.wait_download(".docx").await).unwrap();
    assert!(annex.starts_with(b"PK"));
    session.click("[data-testid=return-code]").await;
    session.wait("[data-testid=code-count]").await;
    let codes = session
        .eval("return [...document.querySelectorAll('[data-testid=message]')].map(area => area.value).join('\\n')")
        .await;
    assert_eq!(
        xuedang::format::code::read(codes.as_str().unwrap()).unwrap(),
        returned
    );
    // The same key signs nothing twice.
    session.fill("[data-testid=opinion-words]", "再签一次").await;
    session.click("[data-testid=save-opinion]").await;
    session.wait("dialog[open]").await;
    session.click("[data-testid=confirm-sign]").await;
    session.wait_text("#sign-refused", "不能签两次").await;
    // It is all there after a reload.
    session.reload().await;
    session.wait("[data-proof=mentor][data-holds=yes]").await;
    session
        .wait_text("[data-testid=timeline]", "以“王建国”的名义签了名")
        .await;

    // The calendar has the review days of both and the reminder.
    session.goto_hash("/mentor").await;
    session.click("[data-testid=save-calendar]").await;
    let calendar = fs::read_to_string(session.wait_download(".ics").await).unwrap();
    let calendar = calendar.replace("\r\n ", "");
    let basic = |day: Date| format!("DTSTART;VALUE=DATE:{}", day.to_string().replace('-', ""));
    for person in [&newer, &two] {
        // The review of today makes up for the half-year that has ended, and leaves the next as it is.
        let rhythm = reviews(&person.body, None, today).unwrap();
        let next = next_reviews(&rhythm);
        assert_eq!(next.len(), 2);
        for day in next {
            assert!(calendar.contains(&basic(day)), "{day}\n{calendar}");
        }
    }
    assert!(calendar.contains(&basic(remind)) && calendar.contains("SUMMARY:周𠮷喆：约谈，带《党章》"));

    // One is deleted; the other and one's own study stay.
    session.goto_hash(&format!("/mentor/{}", two.body.holder)).await;
    session.wait_text("[data-testid=unsigned]", "本人没有签名").await;
    session.click("[data-testid=forget]").await;
    session.click("[data-testid=confirm-forget]").await;
    session
        .wait_eval("return document.querySelectorAll('li[data-holder]').length === 1")
        .await;
    session.reload().await;
    session.wait_text("li[data-holder]", "周𠮷喆").await;
    assert_eq!(session.texts("li[data-holder]").await.len(), 1);
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    assert_eq!(figures(&session, "total").await.lessons_read, 1);
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
    drop(session);
    branch(&file(&folder, "returned.json", returned), &one.body.holder).await;
}

/// Makes a key of one's own.
async fn make_key(session: &Session) {
    session.goto_hash("/keys").await;
    session.click("[data-testid=make-key]").await;
    session.wait("[data-testid=fingerprint]").await;
}

/// The branch takes what came back, confirms it and signs last.
async fn branch(returned: &Path, holder: &EventId) {
    let session = Session::open(Browser::Chromium).await;
    make_key(&session).await;
    session.goto_hash("/branch/records").await;
    session.wait("main h1").await;
    session.upload("[data-testid=import-records]", &[returned]).await;
    session.wait("tr[data-verdict=new]").await;
    session.click("[data-testid=confirm-import]").await;
    session.wait("tr[data-holder]").await;
    session.goto_hash(&format!("/branch/{holder}")).await;
    session.wait("[data-proof=mentor][data-holds=yes]").await;
    let words = "return document.querySelector('[data-testid=confirmation-words]').value";
    assert_eq!(session.eval(words).await, "", "no words are offered");
    session
        .fill("[data-testid=confirmation-words]", "支部委员会已审阅。")
        .await;
    session.click("[data-testid=save-confirmation]").await;
    session
        .wait_text("dialog[open]", "党支部“计算机学院本科生第一党支部”")
        .await;
    session.click("[data-testid=confirm-sign]").await;
    session.wait("[data-proof=branch][data-holds=yes]").await;
    assert_no_barrier(&session, "member").await;
    session.click("[data-testid=return-file]").await;
    let signed = fs::read(session.wait_download(".json").await).unwrap();
    let report = check::verify(&signed).unwrap();
    assert!(report.holds, "{:?}", report.problems());
    let roles: Vec<_> = report.proofs.iter().map(|proof| proof.role).collect();
    assert_eq!(
        roles,
        [Some(Role::Activist), Some(Role::Mentor), Some(Role::Branch)]
    );
    // The same file again changes nothing; the one with fewer signatures neither.
    session.goto_hash("/branch/records").await;
    session.wait("tr[data-holder]").await;
    session.upload("[data-testid=import-records]", &[returned]).await;
    session.wait("tr[data-verdict=same]").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
