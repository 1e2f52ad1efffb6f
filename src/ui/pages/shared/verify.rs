//! Checking what somebody has sent: a record, signed or not, a declaration that a key was changed, a
//! summary or a key from a QR code.

use crate::domain::keyring::{Contacts, KeyRing, Role};
use crate::domain::record::TrainingRecord;
use crate::format::credential::orders::KeyInfo;
use crate::format::credential::report::{KeyChange, Report};
use crate::format::credential::same_fingerprint;
use crate::format::record::short_digest;
use crate::format::{qr, record};
use crate::platform::{clock, page};
use crate::ui::components::contact::{Asked, ContactDialog};
use crate::ui::components::intake::{Incoming, Intake, Kind, kind_of};
use crate::ui::components::proofs::{claimed_name, fingerprint, proofs_with, standing};
use crate::ui::components::record_view::record_view;
use crate::ui::components::shown::still;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Most things that are shown at a time.
const MOST: usize = 100;

/// What something turned out to be.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// A signed record: what checking found, and the record or why it is not shown.
    Signed(Box<Report>, Result<Box<TrainingRecord>, String>),
    /// A record without signatures.
    Plain(Box<TrainingRecord>),
    /// A declaration that a key was changed.
    Change(KeyChange),
    /// A key.
    Key(KeyInfo),
    /// A record's summary.
    Summary(String),
    /// Nothing that is shown here: why.
    Refused(String),
}

/// Something that came, and what it turned out to be.
#[derive(Clone, Debug, PartialEq)]
struct Looked {
    name: String,
    found: Found,
}

impl Looked {
    /// The record in it, signed or not.
    fn record(&self) -> Option<&TrainingRecord> {
        match &self.found {
            Found::Signed(_, Ok(record)) | Found::Plain(record) => Some(record),
            _ => None,
        }
    }

    /// Whether it is compared with what is on the page already, rather than taking its place.
    fn is_compared(&self) -> bool {
        matches!(self.found, Found::Key(_) | Found::Summary(_))
    }
}

async fn look(office: Office, incoming: Incoming) -> Looked {
    let found = match &incoming.bytes {
        Ok(bytes) => look_at(office, bytes).await,
        Err(why) => Err(why.clone()),
    };
    Looked {
        name: incoming.name,
        found: found.unwrap_or_else(Found::Refused),
    }
}

async fn look_at(office: Office, bytes: &[u8]) -> Result<Found, String> {
    let sound = |bytes: &[u8]| {
        record::open(bytes)
            .map(Box::new)
            .map_err(|error| error.to_string())
    };
    let text = || String::from_utf8_lossy(bytes).into_owned();
    Ok(match kind_of(bytes) {
        Kind::Record => Found::Plain(sound(bytes)?),
        Kind::Signed => {
            let report = office.verify(bytes).await?;
            let inner = serde_json::to_vec(&report.record).map_err(|error| error.to_string())?;
            Found::Signed(Box::new(report), sound(&inner))
        }
        Kind::KeyChange => Found::Change(office.read_change(bytes).await?),
        Kind::Key => Found::Key(office.key_of(&text()).await?),
        Kind::Summary => Found::Summary(text()),
        Kind::KeyBackup => {
            return Err(
                "这是签名钥匙的备份文件，只给钥匙的主人自己用：请把它删掉，并告诉对方不要再发给别人".into(),
            );
        }
        Kind::Backup => return Err("这是学档的备份文件，不是培养记录；要恢复备份，请到「设置与备份」".into()),
    })
}

/// Checking what somebody has sent.
#[component]
pub(in crate::ui) fn VerifyPage() -> impl IntoView {
    let office = use_office();
    let busy = RwSignal::new(false);
    let looked = RwSignal::new(Vec::<Looked>::new());
    let asked = RwSignal::new(None::<Asked>);
    let said = RwSignal::new(String::new());

    let taken = move |all: Vec<Incoming>| {
        busy.set(true);
        spawn_local(async move {
            let count = all.len();
            let mut new = Vec::new();
            for (at, incoming) in all.into_iter().take(MOST).enumerate() {
                if count > 1 {
                    said.try_set(format!("正在核验 {}/{count}……", at + 1));
                }
                new.push(look(office, incoming).await);
            }
            said.try_set(match count {
                0..=MOST => String::new(),
                _ => format!("一次最多核验 {MOST} 份，其余 {} 份没有核验。", count - MOST),
            });
            let compared = new.iter().all(Looked::is_compared);
            let first = looked.try_update(|looked| {
                if !compared {
                    looked.clear();
                }
                let first = looked.len();
                looked.append(&mut new);
                first
            });
            busy.try_set(false);
            if let Some(first) = first {
                focus_soon(first).await;
            }
        });
    };
    let results = Signal::derive(move || {
        let mut out = Markup::default();
        looked.with(|looked| {
            office.contacts.with(|contacts| {
                office.keys.with(|keys| {
                    for at in 0..looked.len() {
                        result(&mut out, looked, at, contacts.state(), keys.state());
                    }
                });
            });
        });
        out.done()
    });
    let click = move |event: MouseEvent| {
        if page::data_of(&event, "data-do").as_deref() != Some("confirm-key") {
            return;
        }
        let data = |name: &str| page::data_of(&event, name).unwrap_or_default();
        asked.set(Some(Asked {
            key: data("data-key"),
            fingerprint: data("data-fingerprint"),
            name: data("data-name"),
            role: Role::of(&data("data-role")),
            replaces: Some(data("data-replaces")).filter(|old| !old.is_empty()),
        }));
    };
    let done = move |key: String| {
        let place = looked.with_untracked(|looked| looked.iter().position(|looked| has_key(looked, &key)));
        spawn_local(focus_soon(place.unwrap_or_default()));
    };
    view! {
        <div class="stack verify" on:click=click>
            {still(about())}
            <Intake label="选择要核验的文件或图片" testid="verify" busy taken/>
            <p role="status" class="muted">{move || said.get()}</p>
            <div aria-live="polite"><Shown of=results/></div>
            <ContactDialog asked done/>
        </div>
    }
}

/// Takes the reader to a result, once it is on the page.
async fn focus_soon(result: usize) {
    clock::sleep(50).await;
    page::focus(&format!("result-{result}"));
}

fn about() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h1>核验记录</h1><p>收到的培养记录、更换钥匙的声明，都可以在这里核验：签名成立不成立、是谁的钥匙、有没有改动、改在哪里。核验在本机进行，内容不会发给任何人，也不会留在本机。</p><p>扫到的摘要或钥匙二维码，会和下面打开的记录比对。<a href=\"#/keys\">我的签名钥匙和核对过的钥匙</a></p>"
    );
    out
}

fn has_key(looked: &Looked, key: &str) -> bool {
    match &looked.found {
        Found::Signed(report, _) => report.proofs.iter().any(|proof| proof.key == key),
        Found::Change(change) => change.new == key || change.old == key,
        Found::Key(info) => info.key == key,
        _ => false,
    }
}

fn result(out: &mut Markup, all: &[Looked], at: usize, contacts: &Contacts, own: &KeyRing) {
    let Some(looked) = all.get(at) else { return };
    let (code, title) = match &looked.found {
        Found::Signed(..) => ("signed", "有签名的培养记录"),
        Found::Plain(_) => ("plain", "没有签名的培养记录"),
        Found::Change(_) => ("change", "更换钥匙的声明"),
        Found::Key(_) => ("key", "签名钥匙"),
        Found::Summary(_) => ("summary", "培养记录的摘要"),
        Found::Refused(_) => ("refused", "没有打开"),
    };
    html!(
        out,
        "<section class=\"card stack\" data-result=\"",
        code,
        "\" aria-labelledby=\"result-",
        at,
        "\"><h2 id=\"result-",
        at,
        "\">",
        title,
        "</h2><p class=\"muted file\">",
        looked.name,
        "</p>"
    );
    match &looked.found {
        Found::Signed(report, record) => signed(out, report, record, all.len() == 1, contacts, own),
        Found::Plain(record) => plain(out, record, all.len() == 1),
        Found::Change(change) => changed(out, change, contacts, own),
        Found::Key(info) => key(out, info, all, contacts, own),
        Found::Summary(text) => summary(out, text, all),
        Found::Refused(why) => {
            html!(
                out,
                "<p class=\"notice notice-danger\" data-testid=\"refused\">",
                why,
                "。</p>"
            );
        }
    }
    html!(out, "</section>");
}

fn signed(
    out: &mut Markup,
    report: &Report,
    record: &Result<Box<TrainingRecord>, String>,
    alone: bool,
    contacts: &Contacts,
    own: &KeyRing,
) {
    proofs_with(out, report, contacts, own, &mut |out, proof| {
        // What did not sign this is no occasion to get to know a key.
        if !proof.holds {
            return;
        }
        let name = claimed_name(report, proof);
        let role = proof.role.map_or("", Role::code);
        offer(
            out,
            &Offered {
                key: &proof.key,
                fingerprint: &proof.fingerprint,
                name: &name,
                role,
                replaces: "",
            },
            contacts,
            own,
        );
    });
    match record {
        Ok(record) => content(out, record, alone),
        Err(why) => {
            html!(
                out,
                "<p class=\"notice notice-danger\" data-testid=\"record-refused\">记录的内容没有打开：",
                why,
                "。</p>"
            );
        }
    }
}

/// A key that could be written down.
struct Offered<'a> {
    key: &'a str,
    fingerprint: &'a str,
    name: &'a str,
    role: &'a str,
    replaces: &'a str,
}

/// The button to write a key down, unless it is one's own or is known already.
fn offer(out: &mut Markup, offered: &Offered<'_>, contacts: &Contacts, own: &KeyRing) {
    if own.holds(offered.key) {
        return;
    }
    if contacts.of(offered.key).is_some_and(|known| known.is_current()) {
        return;
    }
    html!(
        out,
        "<p><button type=\"button\" class=\"button\" data-do=\"confirm-key\" data-testid=\"confirm-key\" data-key=\"",
        offered.key,
        "\" data-fingerprint=\"",
        offered.fingerprint,
        "\" data-name=\"",
        offered.name,
        "\" data-role=\"",
        offered.role,
        "\" data-replaces=\"",
        offered.replaces,
        "\">当面核对过这个指纹</button></p>"
    );
}

/// The record itself, folded away when there are several.
fn content(out: &mut Markup, record: &TrainingRecord, alone: bool) {
    html!(out, "<details");
    if alone {
        html!(out, " open");
    }
    html!(out, "><summary>记录的内容</summary>");
    record_view(out, record);
    html!(out, "</details>");
}

fn plain(out: &mut Markup, record: &TrainingRecord, alone: bool) {
    html!(
        out,
        "<p class=\"notice\" data-testid=\"unsigned\">这份记录没有签名。内容与它自带的校验值相符，说明导出以后没有在传送中损坏，也没有被人随手改过。</p><ul><li>不能证明是谁写的。</li><li>挡不住有心的改动：改了内容的人可以重新算出校验值。要防这一点，请对方先签名再发来，或者把校验值和对方屏幕上的、纸上的逐组比对。</li></ul><p>校验值开头：<code class=\"digest\">",
        short_digest(record),
        "</code></p>"
    );
    content(out, record, alone);
}

fn changed(out: &mut Markup, change: &KeyChange, contacts: &Contacts, own: &KeyRing) {
    html!(
        out,
        "<p class=\"notice notice-",
        if change.holds { "ok" } else { "danger" },
        "\" data-testid=\"verdict\"><strong>",
        if change.holds {
            "声明完好，没有改动；是不是本人所写，要当面核实"
        } else {
            "声明被改动过，不能采信"
        },
        "</strong></p><ul data-testid=\"says\">"
    );
    for line in change.says() {
        html!(out, "<li>", line, "</li>");
    }
    html!(
        out,
        "</ul><dl class=\"facts\"><div><dt>声明人（自填）</dt><dd>",
        change.name,
        "</dd></div><div><dt>声明时间（声明人设备上的时钟）</dt><dd>",
        change.made_at.replace('T', " "),
        "</dd></div></dl><h3>旧钥匙的指纹</h3>"
    );
    fingerprint(out, &change.old_fingerprint);
    standing(out, contacts, own, &change.old, &change.name);
    html!(out, "<h3>新钥匙的指纹</h3>");
    fingerprint(out, &change.new_fingerprint);
    if own.holds(&change.new) || contacts.of(&change.new).is_some() {
        standing(out, contacts, own, &change.new, &change.name);
    }
    if change.holds {
        let old = contacts.of(&change.old);
        let role = old.map_or("", |known| known.contact.role.code());
        offer(
            out,
            &Offered {
                key: &change.new,
                fingerprint: &change.new_fingerprint,
                name: &change.name,
                role,
                replaces: &change.old,
            },
            contacts,
            own,
        );
    }
}

fn key(out: &mut Markup, info: &KeyInfo, all: &[Looked], contacts: &Contacts, own: &KeyRing) {
    fingerprint(out, &info.fingerprint);
    let mut records = 0;
    let mut same = Vec::new();
    for looked in all {
        if let Found::Signed(report, _) = &looked.found {
            records += 1;
            for (at, proof) in report.proofs.iter().enumerate() {
                if proof.key == info.key && same_fingerprint(&proof.fingerprint, &info.fingerprint) {
                    let role = proof.role.map_or("身份不明", Role::label);
                    same.push(format!(
                        "与「{}」的第 {} 份签名（{role}：{}）是同一把钥匙",
                        looked.name,
                        at + 1,
                        claimed_name(report, proof)
                    ));
                }
            }
        }
    }
    for line in &same {
        html!(
            out,
            "<p class=\"notice notice-ok\" data-testid=\"same-key\">",
            line,
            "。</p>"
        );
    }
    if records > 0 && same.is_empty() {
        html!(
            out,
            "<p class=\"notice notice-danger\" data-testid=\"other-key\">上面打开的记录里，没有一份签名用的是这把钥匙。</p>"
        );
    }
    standing(out, contacts, own, &info.key, "");
    offer(
        out,
        &Offered {
            key: &info.key,
            fingerprint: &info.fingerprint,
            name: "",
            role: "",
            replaces: "",
        },
        contacts,
        own,
    );
}

fn summary(out: &mut Markup, text: &str, all: &[Looked]) {
    let mut compared = false;
    for looked in all {
        let Some(record) = looked.record() else { continue };
        let Some(differing) = qr::differences(text, record) else {
            continue;
        };
        compared = true;
        if differing.is_empty() {
            html!(
                out,
                "<p class=\"notice notice-ok\" data-testid=\"summary-same\">与「",
                looked.name,
                "」一致，校验值也相同：是同一份记录。</p>"
            );
        } else {
            html!(
                out,
                "<div class=\"notice notice-danger\" data-testid=\"summary-differs\"><p>与「",
                looked.name,
                "」不一致，摘要上写的是：</p><ul>"
            );
            for line in differing {
                html!(out, "<li>", line, "</li>");
            }
            html!(out, "</ul></div>");
        }
    }
    if !compared {
        html!(
            out,
            "<p class=\"notice\">摘要本身不能证明什么。请再打开对方发来的记录，然后重新扫一次摘要，就能比对是不是同一份。</p>"
        );
    }
    html!(out, "<p class=\"prewrap\">", text, "</p>");
}
