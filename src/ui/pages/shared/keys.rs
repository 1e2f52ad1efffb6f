//! One's own signing key: making it, comparing it, keeping a backup, replacing it; and the keys of
//! others that were compared in person.

use crate::domain::keyring::{
    ContactEvent, HeldKey, KeyEvent, KeyRing, MIN_PASSPHRASE, Reason, Role, Strength,
};
use crate::domain::study::Refusal;
use crate::platform::{files, page};
use crate::ui::components::contact::{Asked, ContactDialog};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{Field, Form, LINE, attribute, option, put, put_notice, value};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::intake::{Incoming, Intake, Kind, kind_of};
use crate::ui::components::proofs::fingerprint;
use crate::ui::components::shown::still;
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Largest backup of a key that is read: 64 KiB. One has less than a kilobyte.
const MAX_BACKUP: u64 = 64 << 10;

static BACK_UP: Form = Form {
    name: "key-backup",
    save: "下载钥匙备份",
    cancel: "",
    fields: &[
        Field {
            name: "passphrase",
            label: "口令",
            hint: "至少 8 个字，可以用汉字。口令不会存在任何地方：忘了口令，备份就打不开，谁也帮不了。请另外写在纸上收好。",
            kind: "password",
            needed: true,
            ..LINE
        },
        Field {
            name: "again",
            label: "再输一遍口令",
            kind: "password",
            needed: true,
            ..LINE
        },
    ],
};

static RESTORE: Form = Form {
    name: "key-restore",
    save: "恢复钥匙",
    cancel: "",
    fields: &[
        Field {
            name: "passphrase",
            label: "备份时设的口令",
            kind: "password",
            needed: true,
            ..LINE
        },
        Field {
            name: "how",
            label: "恢复以后怎样用",
            kind: "select",
            ..LINE
        },
    ],
};

/// What may be done with a restored key: only with another in use is there a choice.
fn ways(has_key: bool) -> Markup {
    let mut out = Markup::default();
    if has_key {
        option(&mut out, "use", "用来签名（现在的钥匙停用）");
        option(&mut out, "keep", "只留着，用来签“更换钥匙的声明”");
    } else {
        option(&mut out, "use", "用来签名");
    }
    out
}

static CHANGE: Form = Form {
    name: "key-change",
    save: "下载声明",
    cancel: "",
    fields: &[
        Field {
            name: "name",
            label: "您的姓名（或党支部名称）",
            needed: true,
            ..LINE
        },
        Field {
            name: "old",
            label: "旧钥匙",
            hint: "本机还留着的旧钥匙会一起签名，证明力更强。丢了的旧钥匙，请用下面的按钮从旧文件里认出来。",
            kind: "select",
            needed: true,
            ..LINE
        },
    ],
};

/// One's own signing key, and the keys of others.
#[component]
pub(in crate::ui) fn KeysPage() -> impl IntoView {
    let office = use_office();
    let desk = use_desk();
    let busy = RwSignal::new(false);
    // Own markup from the worker: the code of one's own key.
    let code = RwSignal::new(String::new());
    let backup = StoredValue::new(None::<(String, Vec<u8>)>);
    let replacing = RwSignal::new(false);
    let retiring = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let withdrawn = StoredValue::new(String::new());
    let question = RwSignal::new(String::new());
    let asked = RwSignal::new(None::<Asked>);
    // Old keys that are not held here: name, and where they were found.
    let lost = RwSignal::new(Vec::<(String, String)>::new());

    Effect::new(move |_| {
        let key = office.my_key();
        code.set(String::new());
        let Some(key) = key else { return };
        spawn_local(async move {
            let order = serde_json::to_string(&[key.key]).unwrap_or_default();
            if let Ok((answer, _)) = office.worker().ask("qr", &order, None).await
                && let Ok(codes) = read::<Vec<String>>(&answer)
            {
                code.try_set(codes.into_iter().next().unwrap_or_default());
            }
        });
    });
    // What can be done depends on what there is.
    Effect::new(move |_| {
        let has_key = office.my_key().is_some();
        let hidden = |hidden: bool| hidden.then_some("");
        attribute("backup-card", "hidden", hidden(!has_key));
        attribute("replace-row", "hidden", hidden(!has_key));
        attribute("key-change-form", "hidden", hidden(!has_key));
        attribute("no-key-yet", "hidden", hidden(has_key));
        put("key-restore-how", ways(has_key));
    });
    Effect::new(move |_| {
        let mut out = Markup::default();
        office.keys.with(|keys| {
            for held in keys.state().others() {
                let label = format!("{}…（本机留着）", short(&held.own.fingerprint));
                option(&mut out, &held.own.key, &label);
            }
        });
        lost.with(|lost| {
            for (key, label) in lost {
                option(&mut out, key, label);
            }
        });
        put("key-change-old", out);
    });

    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("make-key") => make(office, busy),
        Some("replace-key") => replacing.set(true),
        Some("retire-key") => retiring.set(true),
        Some("withdraw") => {
            let key = page::data_of(&event, "data-key").unwrap_or_default();
            let name = page::data_of(&event, "data-name").unwrap_or_default();
            question.set(format!(
                "今后不再把这把钥匙当作“{name}”的。对方以前的签名仍可核验，但会标明您已撤回认定。"
            ));
            withdrawn.set_value(key);
            withdrawing.set(true);
        }
        _ => {}
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match page::data_of(&event, "data-form").as_deref() {
            Some("key-backup") => back_up(office, busy),
            Some("key-restore") => restore(office, busy, backup),
            Some("key-change") => declare(office, busy),
            _ => {}
        }
    };
    let input = move |event: Event| {
        if page::data_of(&event, "id").as_deref() == Some("key-backup-passphrase") {
            put("passphrase-strength", strength(&BACK_UP.value("passphrase")));
        }
    };
    let chosen = move |all: Vec<File>| {
        let Some(file) = all.into_iter().next() else {
            return;
        };
        spawn_local(async move {
            put_notice("restore-said", "restore-refused", false, "");
            backup.try_set_value(None);
            let name = file.name();
            let bytes = match files::read(&file, MAX_BACKUP).await {
                Ok(bytes) if kind_of(&bytes) == Kind::KeyBackup => bytes,
                Ok(_) => {
                    let why = format!(
                        "文件“{name}”不是签名钥匙的备份；备份的文件名一般是“学档签名钥匙备份-….json”。"
                    );
                    return put_notice("restore-said", "restore-refused", false, &why);
                }
                Err(error) => {
                    return put_notice("restore-said", "restore-refused", false, &format!("{error}。"));
                }
            };
            let mut out = Markup::default();
            html!(out, "<p data-testid=\"restore-chosen\">已选择：", name, "</p>");
            put("restore-chosen", out);
            backup.try_set_value(Some((name, bytes)));
            attribute("key-restore-form", "hidden", None);
            page::focus("key-restore-passphrase");
        });
    };
    let recognise = move |all: Vec<File>| {
        let Some(file) = all.into_iter().next() else {
            return;
        };
        spawn_local(async move {
            match old_keys(office, &file).await {
                Ok(found) => {
                    let name = file.name();
                    let mut first = String::new();
                    lost.try_update(|lost| {
                        for (key, whose) in found {
                            if first.is_empty() {
                                first.clone_from(&key);
                            }
                            let known = lost.iter().any(|(known, _)| *known == key);
                            if !known {
                                lost.push((key, format!("{whose}（在“{name}”里）")));
                            }
                        }
                    });
                    // The list has it when what has changed is shown.
                    request_animation_frame(move || CHANGE.fill("old", &first));
                    put_notice(
                        "change-said",
                        "old-key-found",
                        true,
                        "已认出旧钥匙，请在上面确认选的是哪一把。",
                    );
                }
                Err(why) => put_notice("change-said", "change-refused", false, &format!("{why}。")),
            }
        });
    };
    let met = move |all: Vec<Incoming>| {
        spawn_local(async move {
            let Some(incoming) = all.into_iter().next() else {
                return;
            };
            match somebody(office, incoming).await {
                Ok(somebody) => {
                    put_notice("contact-said", "contact-refused", false, "");
                    asked.try_set(Some(somebody));
                }
                Err(why) => put_notice("contact-said", "contact-refused", false, &format!("{why}。")),
            }
        });
    };
    let withdraw = move |()| {
        let key = withdrawn.get_value();
        spawn_local(async move {
            match office.change_contacts(ContactEvent::Withdrawn { key }).await {
                Ok(()) => {
                    page::focus("contacts-heading");
                }
                Err(why) => put_notice("contact-said", "contact-refused", false, &format!("{why}。")),
            }
        });
    };
    let retire = move |()| {
        spawn_local(async move {
            let Some(key) = office.my_key_now() else { return };
            let reason = Reason::Unneeded;
            match office.change_keys(vec![KeyEvent::Retired { key, reason }]).await {
                Ok(()) => {
                    page::focus("mine-heading");
                }
                Err(why) => put_notice("change-said", "change-refused", false, &format!("{why}。")),
            }
        });
    };
    let mine = Signal::derive(move || {
        let mut out = Markup::default();
        office
            .keys
            .with(|keys| code.with(|code| put_mine(&mut out, keys.state(), code)));
        out.done()
    });
    let last = Signal::derive(move || {
        let mut out = Markup::default();
        office.keys.with(|keys| {
            if let Some(held) = keys.state().in_use() {
                put_last(&mut out, held);
            }
        });
        out.done()
    });
    let contacts = Signal::derive(move || put_contacts(office));
    view! {
        <div class="stack keys" on:click=click on:submit=submit on:input=input>
            {still(about())}
            <section class="card stack" aria-labelledby="mine-heading">
                <h2 id="mine-heading">"我的钥匙"</h2>
                <Shown of=mine/>
                <div role="status" id="make-said"></div>
            </section>
            <section class="card stack" id="backup-card" aria-labelledby="key-backup-heading" hidden>
                <h2 id="key-backup-heading">"备份钥匙"</h2>
                <Shown of=last/>
                {still(backing_up())}
            </section>
            <section class="card stack" aria-labelledby="key-restore-heading">
                <h2 id="key-restore-heading">"从备份恢复"</h2>
                <p>"换了手机、电脑或浏览器，或者数据被清除以后，用钥匙备份文件和口令恢复。恢复的是同一把钥匙，指纹不变，别人不用重新核对。"</p>
                <FilePicker label="选择钥匙备份文件" testid="key-file" chosen multiple=false primary=false busy/>
                {still(restoring())}
            </section>
            <section class="card stack" aria-labelledby="replace-heading">
                {still(before_change())}
                <FilePicker label="从旧文件认出旧钥匙" testid="old-key" chosen=recognise multiple=false primary=false busy/>
                {still(after_change(&own_name(desk)))}
            </section>
            <section class="card stack" aria-labelledby="contacts-heading">
                {still(before_contacts())}
                <Shown of=contacts/>
                <div class="stack" data-testid="add-contact">
                    <h3>"登记别人的钥匙"</h3>
                        <p>"请对方打开「我的签名钥匙」，扫他屏幕上的二维码；或者打开他签过名的记录、更换钥匙的声明，在「核验记录」里核对。"</p>
                        <Intake label="选择二维码图片" testid="contact-key" taken=met/>
                        <div role="status" id="contact-said"></div>
                </div>
            </section>
            <ContactDialog asked done=move |_| { page::focus("contacts-heading"); }/>
            <Confirm
                open=replacing title="换一把新钥匙？"
                text=Signal::stored("会生成一把新钥匙，现在这把停用，但仍留在本机，好让它在声明上签名。换了以后，要告诉培养联系人和党支部，当面核对新指纹。".to_owned())
                action="换新钥匙" done=move |()| make(office, busy) testid="confirm-replace"
            />
            <Confirm
                open=retiring title="停用这把钥匙？"
                text=Signal::stored("停用以后不再用它签名。以前的签名照旧有效；以后还可以从备份恢复使用。".to_owned())
                action="停用" done=retire testid="confirm-retire"
            />
            <Confirm open=withdrawing title="撤回认定？" text=question action="撤回" done=withdraw testid="confirm-withdraw"/>
        </div>
    }
}

/// The first two groups of a fingerprint: enough to tell one's own keys apart.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..11).unwrap_or(fingerprint)
}

fn own_name(desk: Desk) -> String {
    desk.study
        .with_untracked(|study| study.state().profile.name.clone())
}

fn about() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h1>我的签名钥匙</h1><ul><li>签名钥匙是本机生成的一串秘密数字。用它给培养记录签名以后，谁改动一个字，别人一核验就知道，还能指出改在哪里。</li><li>钥匙只存在这个浏览器里，不在学档的普通备份里；别人拿到它就能冒充您签名，所以不要发给任何人，备份要用口令锁好。</li><li>签名不能证明您是谁，也不能证明内容属实，更不能代替手写签名和盖章：别人要当面核对过您的钥匙指纹，才知道签名的是您。</li></ul>"
    );
    out
}

fn put_mine(out: &mut Markup, keys: &KeyRing, code: &str) {
    match keys.in_use() {
        None => {
            html!(
                out,
                "<p>现在没有可用的签名钥匙。</p><p><button type=\"button\" class=\"button button-primary\" data-do=\"make-key\" data-testid=\"make-key\">生成签名钥匙</button></p><p class=\"muted\">以前有过钥匙的，请先在下面“从备份恢复”，不要另外生成。</p>"
            );
        }
        Some(held) => {
            html!(
                out,
                "<div class=\"own-key\"><div class=\"stack\"><p>钥匙指纹（给别人当面核对）</p>"
            );
            fingerprint(out, &held.own.fingerprint);
            html!(
                out,
                "<p class=\"muted\">",
                if held.restored {
                    "从备份恢复于 "
                } else {
                    "生成于 "
                },
                held.since.date().chinese(),
                "</p><p>核对的办法：请对方打开收到的记录，和这里的六组数字逐组比对，每组五位；或者让对方扫这个二维码。</p></div>"
            );
            if !code.is_empty() {
                html!(
                    out,
                    "<div class=\"key-code\" role=\"img\" aria-label=\"我的钥匙的二维码\" data-testid=\"key-code\">"
                );
                out.raw(code);
                html!(out, "</div>");
            }
            html!(out, "</div>");
        }
    }
    let others: Vec<&HeldKey> = keys.others().collect();
    if !others.is_empty() {
        html!(
            out,
            "<details><summary>不再使用的钥匙（",
            others.len(),
            "）</summary><ul data-testid=\"old-keys\">"
        );
        for held in others {
            html!(out, "<li>", held.own.fingerprint.clone());
            if let Some((at, reason)) = held.retired {
                html!(out, "（", reason.label(), "，", at.date().chinese(), "）");
            }
            html!(out, "</li>");
        }
        html!(out, "</ul></details>");
    }
}

fn put_last(out: &mut Markup, held: &HeldKey) {
    match held.backed_up {
        Some(at) => {
            html!(
                out,
                "<p class=\"holds\" data-testid=\"key-backed-up\">上次备份：",
                at.date().chinese(),
                "。</p>"
            );
        }
        None if held.restored => {
            html!(
                out,
                "<p class=\"muted\" data-testid=\"key-backed-up\">这把钥匙是从备份恢复的；恢复以后还没有再备份过，请把那份备份文件和口令留好。</p>"
            );
        }
        None => {
            html!(
                out,
                "<p class=\"notice\" data-testid=\"key-backed-up\">还没有备份。浏览器数据一旦被清除，钥匙就没有了，只能换新的、请别人重新核对。</p>"
            );
        }
    }
}

fn backing_up() -> Markup {
    let mut out = Markup::default();
    if page::is_wechat() {
        html!(
            out,
            "<p class=\"notice\">微信里不能下载文件。请点右上角“…”，选“在浏览器打开”。</p>"
        );
    }
    BACK_UP.put(&mut out, true);
    html!(
        out,
        "<p role=\"status\" id=\"passphrase-strength\"></p><div role=\"status\" id=\"backup-said\"></div><p class=\"muted\">学档的普通备份（「设置与备份」）不含钥匙，所以钥匙要在这里另外备份。</p>"
    );
    out
}

/// How hard a passphrase is to guess; nothing for none.
fn strength(passphrase: &str) -> Markup {
    let mut out = Markup::default();
    if !passphrase.is_empty() {
        let strength = Strength::of(passphrase);
        let class = match strength {
            Strength::Short | Strength::Weak => "error",
            Strength::Fair => "warn",
            Strength::Good => "holds",
        };
        html!(
            out,
            "<span class=\"",
            class,
            "\" data-testid=\"strength\">口令强度：",
            strength.label(),
            "</span>"
        );
    }
    out
}

fn restoring() -> Markup {
    let mut out = Markup::default();
    let mut form = Markup::default();
    RESTORE.put(&mut form, false);
    html!(out, "<div class=\"shown\" id=\"restore-chosen\"></div>");
    // Until a file has been chosen there is nothing to type.
    out.raw(&form.done().replacen("<form ", "<form hidden ", 1));
    html!(out, "<div role=\"status\" id=\"restore-said\"></div>");
    out
}

fn before_change() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"replace-heading\">钥匙丢了，或者要换</h2><ol><li>有备份的，先从备份恢复：同一把钥匙，什么都不用换。</li><li>没有备份、忘了口令，或者钥匙可能被别人拿到：换一把新钥匙。</li><li>写一份“更换钥匙的声明”，下载以后发给培养联系人和党支部。</li><li>和他们见面，逐组核对新钥匙的指纹。声明本身不能证明是您：别人也写得出同样的声明，当面核对才算数。</li><li>还在用的记录，用新钥匙重新签名，请培养联系人和党支部重新签意见。以前的签名照旧有效，不用追回。</li></ol><p class=\"row\" id=\"replace-row\" hidden><button type=\"button\" class=\"button\" data-do=\"replace-key\" data-testid=\"replace-key\">换一把新钥匙</button><button type=\"button\" class=\"button button-plain\" data-do=\"retire-key\" data-testid=\"retire-key\">只停用，不换新的</button></p><p class=\"muted\" id=\"no-key-yet\">要写声明，请先在上面生成新钥匙。</p><h3>更换钥匙的声明</h3>"
    );
    CHANGE.put(&mut out, false);
    html!(
        out,
        "<p>本机没有留着旧钥匙时：选择一份用旧钥匙签过名的记录，或者旧钥匙的备份文件（不用口令），从里面认出它来。</p>"
    );
    out
}

fn after_change(name: &str) -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<div role=\"status\" id=\"change-said\"></div><p class=\"muted\">收到别人更换钥匙的声明，请在<a href=\"#/verify\">「核验记录」</a>里打开，当面核实以后记下新钥匙。</p>"
    );
    // The form is on the page only after this.
    let name = name.to_owned();
    spawn_local(async move {
        if CHANGE.value("name").is_empty() {
            CHANGE.fill("name", &name);
        }
    });
    out
}

fn before_contacts() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"contacts-heading\">核对过的钥匙</h2><p>当面核对过指纹的人，记在这里；以后打开他们签名的记录，就会显示“当面核对过”。这份名单在学档的备份里。</p>"
    );
    out
}

fn put_contacts(office: Office) -> String {
    let mut out = Markup::default();
    office.contacts.with(|contacts| {
        let all = contacts.state().sorted();
        if all.is_empty() {
            html!(out, "<p class=\"empty\">还没有核对过别人的钥匙。</p>");
            return;
        }
        html!(out, "<ul class=\"items\" data-testid=\"contacts\">");
        for known in all {
            let contact = &known.contact;
            html!(
                out,
                "<li class=\"item\" data-contact=\"",
                contact.key.clone(),
                "\"><div><strong>",
                contact.name.clone(),
                "</strong> · ",
                contact.role.of_other(),
                " · ",
                contact.on.chinese(),
                "核对"
            );
            if known.withdrawn.is_some() {
                html!(out, " <span class=\"chip chip-danger\">已撤回</span>");
            } else if known.replaced_by.is_some() {
                html!(out, " <span class=\"chip chip-warn\">对方已换新钥匙</span>");
            }
            fingerprint(&mut out, &contact.fingerprint);
            html!(out, "</div>");
            if known.is_current() {
                html!(
                    out,
                    "<button type=\"button\" class=\"button button-plain\" data-do=\"withdraw\" data-testid=\"withdraw\" data-key=\"",
                    contact.key.clone(),
                    "\" data-name=\"",
                    contact.name.clone(),
                    "\">撤回</button>"
                );
            }
            html!(out, "</li>");
        }
        html!(out, "</ul>");
    });
    out.done()
}

fn make(office: Office, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    put_notice("make-said", "make-refused", false, "");
    spawn_local(async move {
        match office.make_key().await {
            Ok(_) => {
                put_notice(
                    "make-said",
                    "key-made",
                    true,
                    "钥匙已生成并存在本机。请马上在下面备份，再找培养联系人和党支部当面核对指纹。",
                );
                page::focus("mine-heading");
            }
            Err(why) => put_notice("make-said", "make-refused", false, &format!("没有生成：{why}。")),
        }
        busy.try_set(false);
    });
}

fn refuse(field: &'static str, message: &str) -> Result<(), Refusal> {
    Err(Refusal {
        field,
        message: message.into(),
    })
}

fn day_in_name() -> String {
    env().now.date().compact()
}

fn back_up(office: Office, busy: RwSignal<bool>) {
    let passphrase = BACK_UP.value("passphrase");
    let count = passphrase.chars().count();
    let fit = if count < MIN_PASSPHRASE {
        refuse("passphrase", "口令至少要有 8 个字")
    } else if count > 200 {
        refuse("passphrase", "口令最多 200 个字")
    } else if BACK_UP.value("again") != passphrase {
        refuse("again", "两遍口令不一样，请重新输入")
    } else {
        Ok(())
    };
    if !BACK_UP.settle(fit) || busy.get_untracked() {
        return;
    }
    let Some(key) = office.my_key_now() else { return };
    busy.set(true);
    attribute("save-key-backup", "disabled", Some(""));
    BACK_UP.say("正在加密，大约要几秒……");
    spawn_local(async move {
        let name = format!("学档签名钥匙备份-{}.json", day_in_name());
        let made = office.back_up_key(&passphrase).await.and_then(|text| {
            files::save(&name, "application/json", text.as_bytes()).map_err(|error| error.to_string())
        });
        BACK_UP.say("");
        attribute("save-key-backup", "disabled", None);
        match made {
            Ok(()) => {
                BACK_UP.fill("passphrase", "");
                BACK_UP.fill("again", "");
                put("passphrase-strength", Markup::default());
                let text = format!(
                    "已交给浏览器下载：{name}。请在“下载”里确认有这个文件，另存一份到 U 盘等别处；口令写在纸上，和文件分开放。"
                );
                put_notice("backup-said", "key-saved", true, &text);
                if let Err(why) = office.change_keys(vec![KeyEvent::BackedUp { key }]).await {
                    put_notice(
                        "backup-said",
                        "backup-refused",
                        false,
                        &format!("备份已下载，但{why}。"),
                    );
                }
            }
            Err(why) => put_notice(
                "backup-said",
                "backup-refused",
                false,
                &format!("没有备份：{why}。"),
            ),
        }
        busy.try_set(false);
    });
}

fn restore(office: Office, busy: RwSignal<bool>, backup: StoredValue<Option<(String, Vec<u8>)>>) {
    let Some((name, bytes)) = backup.get_value() else {
        return;
    };
    let passphrase = RESTORE.value("passphrase");
    let fit = match passphrase.is_empty() {
        true => refuse("passphrase", "请输入备份时设的口令"),
        false => Ok(()),
    };
    if !RESTORE.settle(fit) || busy.get_untracked() {
        return;
    }
    busy.set(true);
    attribute("save-key-restore", "disabled", Some(""));
    RESTORE.say("正在解锁，大约要几秒……");
    spawn_local(async move {
        let in_use = RESTORE.value("how") != "keep";
        let outcome = match office.open_key(&bytes, &passphrase).await {
            Ok(own) => {
                let print = own.fingerprint.clone();
                let before = office.my_key_now().filter(|key| *key != own.key);
                let mut what = Vec::new();
                if let (Some(key), true) = (&before, in_use) {
                    what.push(KeyEvent::Retired {
                        key: key.clone(),
                        reason: Reason::Replaced,
                    });
                }
                // Without another key, and when it is the one in use, there is nothing to choose.
                let in_use = in_use || before.is_none();
                what.push(KeyEvent::Restored { key: own, in_use });
                office.change_keys(what).await.map(|()| (print, in_use))
            }
            Err(why) => Err(format!("文件“{name}”：{why}")),
        };
        RESTORE.say("");
        attribute("save-key-restore", "disabled", None);
        match outcome {
            Ok((print, in_use)) => {
                RESTORE.fill("passphrase", "");
                attribute("key-restore-form", "hidden", Some(""));
                put("restore-chosen", Markup::default());
                backup.try_set_value(None);
                let text = match in_use {
                    true => format!("已恢复，可以用来签名。指纹：{print}"),
                    false => format!("已恢复并留着，不用来签名。指纹：{print}"),
                };
                put_notice("restore-said", "key-restored", true, &text);
            }
            Err(why) => {
                put_notice(
                    "restore-said",
                    "restore-refused",
                    false,
                    &format!("没有恢复：{why}。"),
                );
                page::focus("key-restore-passphrase");
            }
        }
        busy.try_set(false);
    });
}

/// The keys that a file speaks of: those that signed a record, or the one that a backup is of.
async fn old_keys(office: Office, file: &File) -> Result<Vec<(String, String)>, String> {
    let bytes = files::read(file, crate::format::record::MAX_BYTES).await;
    let bytes = bytes.map_err(|error| error.to_string())?;
    let found = match kind_of(&bytes) {
        Kind::Signed => {
            let report = office.verify(&bytes).await?;
            let keys = report.proofs.iter().filter(|proof| !proof.key.is_empty());
            keys.map(|proof| {
                let role = proof.role.map_or("", Role::label);
                let label = format!("{}… {role}", short(&proof.fingerprint));
                (proof.key.clone(), label)
            })
            .collect()
        }
        Kind::KeyBackup => {
            let value: serde_json::Value =
                serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
            let key = value.get("key").and_then(serde_json::Value::as_str);
            let info = office.key_of(key.unwrap_or_default()).await?;
            vec![(info.key, format!("{}…", short(&info.fingerprint)))]
        }
        _ => Vec::new(),
    };
    let mine = office.my_key_now();
    let found: Vec<_> = found
        .into_iter()
        .filter(|(key, _)| Some(key) != mine.as_ref())
        .collect();
    if found.is_empty() {
        return Err(format!(
            "文件“{}”里没有旧钥匙：请选择用旧钥匙签过名的培养记录，或旧钥匙的备份文件",
            file.name()
        ));
    }
    Ok(found)
}

fn declare(office: Office, busy: RwSignal<bool>) {
    let (name, old) = (CHANGE.value("name"), value("key-change-old"));
    let fit = if name.trim().is_empty() {
        refuse("name", "请填写姓名或党支部名称")
    } else if old.is_empty() {
        refuse("old", "还没有旧钥匙可选：请先用下面的按钮从旧文件里认出来")
    } else {
        Ok(())
    };
    if !CHANGE.settle(fit) || busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        let file = format!("更换签名钥匙的声明-{}.json", day_in_name());
        let made = office.declare_change(&name, &old).await.and_then(|text| {
            files::save(&file, "application/json", text.as_bytes()).map_err(|error| error.to_string())
        });
        match made {
            Ok(()) => {
                let held = office.keys.with_untracked(|keys| keys.state().holds(&old));
                let text = format!(
                    "已交给浏览器下载：{file}。{}请发给培养联系人和党支部，并当面核对新钥匙的指纹。",
                    match held {
                        true => "旧钥匙也签了名。",
                        false => "旧钥匙不在本机，没有签名。",
                    }
                );
                put_notice("change-said", "change-saved", true, &text);
            }
            Err(why) => put_notice(
                "change-said",
                "change-refused",
                false,
                &format!("没有写成：{why}。"),
            ),
        }
        busy.try_set(false);
    });
}

/// The key in what somebody has shown: its code, or a record that only they have signed.
async fn somebody(office: Office, incoming: Incoming) -> Result<Asked, String> {
    let bytes = incoming.bytes?;
    if kind_of(&bytes) != Kind::Key {
        return Err(
            "这里只登记钥匙的二维码；收到的记录和声明，请在「核验记录」里打开，再按“当面核对过这个指纹”"
                .into(),
        );
    }
    let info = office.key_of(&String::from_utf8_lossy(&bytes)).await?;
    if office.keys.with_untracked(|keys| keys.state().holds(&info.key)) {
        return Err("这是您自己的钥匙，不用登记".into());
    }
    Ok(Asked {
        key: info.key,
        fingerprint: info.fingerprint,
        name: String::new(),
        role: None,
        replaces: None,
    })
}
