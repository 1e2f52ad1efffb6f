//! The signatures of a received record, one's own beside them, and what goes back: for a mentor with an
//! opinion, for a branch with a confirmation. What is written is typed by the one who signs; nothing
//! is put there by the program.

use super::dialog::Confirm;
use super::field::{DAY, Field, Form, LINE, attribute, put, put_notice};
use super::messages::Messages;
use super::proofs::proofs_view;
use super::shown::{alert, still};
use crate::domain::mentoring::{self, Deed, Mentoring};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Credential, Receipt, Register};
use crate::domain::study::{EventId, Refusal};
use crate::format::annex::Proof;
use crate::format::credential::report::Report;
use crate::format::credential::{Role, Statement};
use crate::format::record::{file_name_of_kind, short_digest, write};
use crate::platform::{files, local, page};
use crate::store::Journal;
use crate::ui::components::received::{look, watch};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

static OPINION: Form = Form {
    name: "opinion",
    save: "核对并签名",
    cancel: "",
    fields: &[
        Field {
            name: "words",
            label: "我的意见",
            kind: "long",
            needed: true,
            hint: "请写自己看到的、了解到的，最多 2000 字。这里不提供范文，也不代写。写在这里的意见随记录一起签名；登记表上的意见仍要本人手写。",
            ..LINE
        },
        Field {
            name: "name",
            label: "签名人姓名（培养联系人）",
            needed: true,
            ..LINE
        },
        DAY,
    ],
};

static CONFIRMATION: Form = Form {
    name: "confirmation",
    save: "核对并签名",
    cancel: "",
    fields: &[
        Field {
            name: "words",
            label: "党支部确认的内容",
            kind: "long",
            needed: true,
            hint: "由党支部的人填写，写清确认的是什么，最多 2000 字。这里不提供范文。",
            ..LINE
        },
        Field {
            name: "name",
            label: "党支部名称",
            needed: true,
            ..LINE
        },
        DAY,
    ],
};

/// What was found of the newest record's signatures.
#[derive(Clone, Debug, Default, PartialEq)]
enum Checked {
    /// There are none.
    #[default]
    Unsigned,
    /// It is being checked.
    Waiting,
    /// What was found.
    Found(Box<Report>),
    /// It could not be checked, and why.
    Failed(String),
}

/// Signatures, one's own, and what goes back.
#[component]
pub(in crate::ui) fn Countersign(
    /// The book that the person is in.
    book: RwSignal<Journal<Register>>,
    /// Whose record.
    holder: EventId,
    /// As what is signed: a mentor, or the branch.
    role: Role,
) -> impl IntoView {
    let work = Work {
        office: use_office(),
        book,
        holder: StoredValue::new(holder),
        role,
        checked: RwSignal::new(Checked::Unsigned),
        text: StoredValue::new(String::new()),
        question: RwSignal::new(String::new()),
        asking: RwSignal::new(false),
        statement: StoredValue::new(None),
        busy: StoredValue::new(false),
        messages: Messages::new("return-said"),
    };
    Effect::new(move |_| work.check());
    request_animation_frame(move || work.fill());

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let outcome = work.ask();
        work.form().settle(outcome);
    };
    let input = move |_: Event| local::keep_draft(&work.draft_name(), &work.form().value("words"));
    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("keep-draft") => work.keep_draft(),
        Some("return-file") => work.save_file(),
        Some("return-docx") => spawn_local(work.save_annex()),
        Some("return-code") => spawn_local(work.make_codes()),
        Some(deed) => {
            let at = page::data_of(&event, "data-at").and_then(|at| at.parse().ok());
            work.messages.press(deed, at);
        }
        None => {}
    };
    let proofs = Signal::derive(move || work.proofs());
    let back = Signal::derive(move || work.way_back());
    let mut form = Markup::default();
    html!(
        form,
        "<div class=\"stack\" id=\"sign-part\"><h3 id=\"sign-heading\">",
        work.heading()
    );
    html!(
        form,
        "</h3><div id=\"sign-refused\" class=\"shown\" role=\"alert\"></div>"
    );
    work.form().put(&mut form, true);
    if role == Role::Mentor {
        html!(
            form,
            "<p><button type=\"button\" class=\"button\" data-do=\"keep-draft\" data-testid=\"keep-draft\">只保存草稿，先不签名</button></p>"
        );
    }
    html!(
        form,
        "<div id=\"signed-said\" class=\"shown\" role=\"status\"></div></div>"
    );
    view! {
        <section
            class="stack countersign" aria-labelledby="proofs-heading"
            on:submit=submit on:input=input on:click=click
        >
            <h2 id="proofs-heading">"签名与意见"</h2>
            <Shown of=proofs/>
            {still(form)}
            <Shown of=back/>
            <div id="return-said" class="shown" role="status"></div>
            <div id="return-codes" class="shown stack"></div>
            <Confirm
                open=work.asking title="确定签名吗？" text=work.question action="签名"
                done=move |()| spawn_local(work.sign()) testid="confirm-sign"
            />
        </section>
    }
}

/// Looks at the newest record, its best signed text, and what was done here.
type See<'a> = &'a mut dyn FnMut(&TrainingRecord, Option<&Credential>, Option<&Mentoring>);

/// A [`Countersign`] at work.
#[derive(Clone, Copy)]
struct Work {
    office: Office,
    book: RwSignal<Journal<Register>>,
    holder: StoredValue<EventId>,
    role: Role,
    checked: RwSignal<Checked>,
    /// The text that [`Self::checked`] is about.
    text: StoredValue<String>,
    question: RwSignal<String>,
    asking: RwSignal<bool>,
    /// What is going to be signed: what is said, and of which signed text.
    statement: StoredValue<Option<(Statement, String)>>,
    busy: StoredValue<bool>,
    /// The messages that carry the file.
    messages: Messages,
}

impl Work {
    fn form(self) -> &'static Form {
        match self.role {
            Role::Branch => &CONFIRMATION,
            _ => &OPINION,
        }
    }

    fn heading(self) -> &'static str {
        match self.role {
            Role::Branch => "党支部确认并签名",
            _ => "写意见并签名",
        }
    }

    /// Where words that are being typed outlive the page.
    fn draft_name(self) -> String {
        draft_name(self.role, &self.holder.get_value())
    }

    /// The newest record, its best signed text, and what was done here.
    fn find(self, see: See<'_>) {
        let holder = self.holder.get_value();
        look(self.book, &mut |register| {
            if let Some(member) = register.people.get(&holder) {
                see(
                    &member.record,
                    register.credential(&holder),
                    register.mentoring.get(&holder),
                );
            }
        });
    }

    /// Checks the signatures whenever there are others.
    fn check(self) {
        let mut text = String::new();
        let holder = self.holder.get_value();
        watch(self.book, &mut |register| {
            text = register
                .credential(&holder)
                .map(|credential| credential.text.clone())
                .unwrap_or_default();
        });
        let unsigned = text.is_empty();
        attribute("sign-part", "hidden", unsigned.then_some(""));
        if unsigned {
            self.text.set_value(text);
            self.checked.set(Checked::Unsigned);
            return;
        }
        if self.text.with_value(|known| *known == text) {
            return;
        }
        self.text.set_value(text.clone());
        self.checked.set(Checked::Waiting);
        spawn_local(async move {
            let found = self.office.verify(text.as_bytes()).await;
            // Another has come meanwhile.
            if self.text.try_with_value(|known| *known == text) == Some(true) {
                self.checked.try_set(match found {
                    Ok(report) => Checked::Found(Box::new(report)),
                    Err(why) => Checked::Failed(why),
                });
            }
        });
    }

    /// The form as it was left.
    fn fill(self) {
        let mut words = local::draft(&self.draft_name());
        let mut name = String::new();
        look(self.book, &mut |register| {
            let all = register
                .mentoring
                .values()
                .flat_map(|one| one.signed.iter().zip(&one.signed_at));
            let last = all
                .max_by_key(|(_, at)| at.ms)
                .map(|(signed, _)| signed.name.clone());
            name = last.unwrap_or_default();
        });
        let role = self.role;
        self.find(&mut |record, _, mentoring| {
            if let Some(mentoring) = mentoring.filter(|_| words.is_empty()) {
                words.clone_from(&mentoring.draft);
            }
            if role == Role::Branch && name.is_empty() {
                name = record.body.person.branch.clone().unwrap_or_default();
            }
        });
        let form = self.form();
        form.fill("words", &words);
        form.fill("name", &name);
        form.fill("date", &env().now.date().to_string());
    }

    /// Who signed, or that nobody did and what to do then.
    fn proofs(self) -> String {
        let mut out = Markup::default();
        self.checked.with(|checked| match checked {
            Checked::Unsigned => {
                html!(
                    out,
                    "<div class=\"notice\" data-testid=\"unsigned\"><p><strong>这份记录本人没有签名，不能在上面签名。</strong></p><p>请对方打开学档，在「我的签名钥匙」里生成一把钥匙，再到「记录」页签名导出，把新文件发给您。收到以后，这里就能核对签名、写意见、签名和回传。</p></div>"
                );
            }
            Checked::Waiting => {
                html!(out, "<p class=\"waiting\" role=\"status\">正在核验签名……</p>");
            }
            Checked::Failed(why) => {
                html!(
                    out,
                    "<p class=\"notice notice-danger\" role=\"alert\">没有核验成：",
                    why,
                    "。</p>"
                );
            }
            Checked::Found(report) => proofs_view(&mut out, report, self.office),
        });
        out.done()
    }

    /// Reads the form and asks whether this is to be signed.
    fn ask(self) -> Result<(), Refusal> {
        put_notice("sign-refused", "refused", false, "");
        let form = self.form();
        let (name, words) = (form.value("name").trim().to_owned(), form.value("words"));
        let words = words.trim().replace("\r\n", "\n");
        let date = form.needed_day("date")?;
        if date > env().now.date() {
            return Err(Refusal {
                field: "date",
                message: "日期不能晚于今天".into(),
            });
        }
        let missing = |field: &'static str, message: &str| {
            Err(Refusal {
                field,
                message: message.into(),
            })
        };
        if words.is_empty() {
            return missing("words", "请填写自己的话，再签名");
        }
        if name.is_empty() {
            return missing("name", "请填写名称");
        }
        let statement = match self.role {
            Role::Branch => Statement::Branch {
                name: name.clone(),
                date,
                confirmation: words.clone(),
            },
            _ => Statement::Mentor {
                name: name.clone(),
                date,
                opinion: words.clone(),
            },
        };
        if let Some(message) = statement.unfit() {
            let field = if message.contains("名称") {
                "name"
            } else {
                "words"
            };
            return Err(Refusal { field, message });
        }
        let holds = self
            .checked
            .with_untracked(|checked| matches!(checked, Checked::Found(report) if report.holds));
        if !holds {
            self.refuse("这份记录的签名没有核验成立，不能在上面签名。请对方重新签名、导出。");
            return Ok(());
        }
        let Some(key) = untrack(|| self.office.my_key()) else {
            let mut out = Markup::default();
            html!(
                out,
                "<p class=\"notice notice-danger\" data-testid=\"refused\">您还没有签名钥匙。请先到 <a href=\"#/keys\">我的签名钥匙</a> 生成一把，再回来签名；这里写的意见会保留。</p>"
            );
            put("sign-refused", out);
            return Ok(());
        };
        let mut question = String::new();
        let role = self.role;
        self.find(&mut |record, _, _| {
            let (what, verb) = match role {
                Role::Branch => ("党支部", "确认"),
                _ => ("培养联系人", "意见"),
            };
            question = format!(
                "将以{what}“{name}”的名义，用您的钥匙（指纹 {}）签署 {} 于 {} 导出的培养记录（校验值 {}），{verb}是：“{words}”。签名以后不能修改，发出去以后不能收回。",
                key.fingerprint,
                record.body.person.name(),
                record.body.made_at.date(),
                short_digest(record)
            );
        });
        let text = self.text.get_value();
        self.statement.set_value(Some((statement, text)));
        self.question.set(question);
        self.asking.set(true);
        Ok(())
    }

    fn refuse(self, text: &str) {
        put_notice("sign-refused", "refused", false, text);
    }

    /// Signs what was asked about.
    async fn sign(self) {
        let Some((statement, text)) = self.statement.try_get_value().flatten() else {
            return;
        };
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        let outcome = self.sign_and_keep(statement, text).await;
        self.busy.try_set_value(false);
        match outcome {
            Ok(()) => {
                local::keep_draft(&self.draft_name(), "");
                put_notice(
                    "signed-said",
                    "signed",
                    true,
                    "已签名并保存。请用下面的按钮，把回传文件发还给本人。",
                );
                page::focus("return-heading");
            }
            Err(why) => self.refuse(&why),
        }
    }

    async fn sign_and_keep(self, statement: Statement, text: String) -> Result<(), String> {
        let name = match &statement {
            Statement::Mentor { name, .. } | Statement::Branch { name, .. } => name.clone(),
            Statement::Activist { .. } => String::new(),
        };
        let signed = self.office.countersign(&text, statement).await?;
        let mut whole = String::new();
        self.find(&mut |record, credential, _| {
            // What was signed is what stands here still.
            if credential.is_some_and(|credential| credential.text == text) {
                whole.clone_from(&record.digest.whole);
            }
        });
        if whole.is_empty() {
            return Err("记录刚刚换成了较新的一份，没有签名。请核对以后再签".into());
        }
        let deed = Deed::Signed(mentoring::Signed {
            whole,
            name,
            credential: Credential::of(&signed, false),
        });
        let mut deeds = vec![deed];
        if self.role == Role::Mentor {
            // The words are in the signed record now.
            deeds.push(Deed::Drafted(String::new()));
        }
        self.note(deeds).await
    }

    async fn note(self, deeds: Vec<Deed>) -> Result<(), String> {
        let holder = self.holder.get_value();
        let receipts = deeds.into_iter().map(|deed| Receipt::Done {
            holder: holder.clone(),
            deed,
        });
        let noted = self.office.receive(self.book, receipts.collect()).await;
        noted.map_err(|error| format!("没有保存：{error}"))
    }

    /// Keeps the draft in the book, so that it is in backups.
    fn keep_draft(self) {
        let form = self.form();
        match mentoring::draft(&form.value("words")) {
            Err(refusal) => {
                form.settle(Err(Refusal {
                    field: "words",
                    ..refusal
                }));
            }
            Ok(deed) => {
                form.settle(Ok(()));
                spawn_local(async move {
                    match self.note(vec![deed]).await {
                        Ok(()) => {
                            local::keep_draft(&self.draft_name(), "");
                            form.say("草稿已保存。");
                        }
                        Err(why) => self.refuse(&why),
                    }
                });
            }
        }
    }

    /// What can be sent back, once it was signed here.
    fn way_back(self) -> String {
        let mut out = Markup::default();
        let holder = self.holder.get_value();
        watch(self.book, &mut |register| {
            let member = register.people.get(&holder);
            let mentoring = register.mentoring.get(&holder);
            let signed = member
                .zip(mentoring)
                .is_some_and(|(member, mentoring)| mentoring.has_signed(&member.record.digest.whole));
            if signed {
                html!(
                    out,
                    "<div class=\"stack\" data-testid=\"return\"><h3 id=\"return-heading\" tabindex=\"-1\">回传</h3><p>这份记录您已经签过名。把回传文件发还给本人，由本人交给党支部。附件可以打印出来，手写签名。</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"return-file\" data-testid=\"return-file\">下载回传文件（.json）</button><button type=\"button\" class=\"button\" data-do=\"return-docx\" data-testid=\"return-docx\">下载附件（.docx）</button><button type=\"button\" class=\"button\" data-do=\"return-code\" data-testid=\"return-code\">生成文字码</button></div></div>"
                );
            }
        });
        out.done()
    }

    /// The record and its signed text.
    fn present(self) -> Option<(TrainingRecord, String)> {
        let mut found = None;
        self.find(&mut |record, credential, _| {
            found = credential.map(|credential| (record.clone(), credential.text.clone()));
        });
        found
    }

    fn save_file(self) {
        let Some((record, text)) = self.present() else {
            return;
        };
        let name = file_name_of_kind(&record, "回传.json");
        let outcome = files::save(&name, "application/json", text.as_bytes());
        self.saved(&name, outcome.map_err(|error| error.to_string()));
    }

    async fn save_annex(self) {
        const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let Some((record, text)) = self.present() else {
            return;
        };
        put_notice("return-said", "return-said", true, "正在生成附件……");
        let name = file_name_of_kind(&record, "docx");
        let made = async {
            let report = self.office.verify(text.as_bytes()).await?;
            let proofs =
                serde_json::to_string(&Proof::of(&report, &record)).map_err(|error| error.to_string())?;
            let asked = self.office.worker();
            let answer = asked.ask("record-docx", &proofs, Some(&write(&record))).await;
            let (_, bytes) = answer.map_err(|error| error.to_string())?;
            files::save(&name, DOCX, &bytes).map_err(|error| error.to_string())
        };
        self.saved(&name, made.await);
    }

    fn saved(self, name: &str, outcome: Result<(), String>) {
        let (well, text) = match outcome {
            Ok(()) => (true, format!("已交给浏览器下载：{name}。")),
            Err(why) => (false, format!("没有下载成：{why}。")),
        };
        put_notice("return-said", "return-said", well, &text);
    }

    async fn make_codes(self) {
        let Some((_, text)) = self.present() else {
            return;
        };
        let asked = self.office.worker();
        let answer = asked.ask("write-code", "", Some(text.as_bytes())).await;
        let codes = answer.map_err(|error| error.to_string());
        let mut out = Markup::default();
        match codes.and_then(|(json, _)| read(&json)) {
            Ok(codes) => {
                html!(
                    out,
                    "<p>对方粘贴到学档就能打开，次序不限。文字码没有加密，请只发给本人。</p>"
                );
                self.messages.put(&mut out, codes, "回传文件");
            }
            Err(why) => out.raw(&alert(&format!("没有生成：{why}。"))),
        }
        put("return-codes", out);
    }
}

/// The name under which words that are being typed about a person are kept.
fn draft_name(role: Role, holder: &EventId) -> String {
    let what = match role {
        Role::Branch => "confirmation",
        _ => "opinion",
    };
    format!("{what}-{holder}")
}

/// Drops what was being typed about a person, who is deleted.
pub(in crate::ui) fn drop_words(holder: &EventId) {
    for role in [Role::Mentor, Role::Branch] {
        local::keep_draft(&draft_name(role, holder), "");
    }
}
