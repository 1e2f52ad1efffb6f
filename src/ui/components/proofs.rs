//! What checking a signed record found: who signed, what holds, and what all of it proves.

use crate::domain::keyring::{Contacts, KeyRing, Role};
use crate::format::credential::Statement;
use crate::format::credential::report::{ProofReport, Report};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, html};
use crate::ui::office::Office;
use leptos::prelude::*;

/// Who signed, what holds, what it proves and what it does not.
pub(in crate::ui) fn proofs_view(out: &mut Markup, report: &Report, office: Office) {
    office.contacts.with(|contacts| {
        office
            .keys
            .with(|own| proofs_with(out, report, contacts.state(), own.state(), &mut |_, _| ()))
    });
}

/// The same, with something more about each proof: `more` adds it.
pub(in crate::ui) fn proofs_with(
    out: &mut Markup,
    report: &Report,
    contacts: &Contacts,
    own: &KeyRing,
    more: &mut dyn FnMut(&mut Markup, &ProofReport),
) {
    html!(
        out,
        "<div class=\"proofs stack\" data-testid=\"proofs\" data-holds=\"",
        if report.holds { "yes" } else { "no" },
        "\"><p class=\"notice notice-",
        if report.holds { "ok" } else { "danger" },
        "\" data-testid=\"verdict\"><strong>",
        report.headline(),
        "</strong></p>"
    );
    let problems = report.problems();
    if !problems.is_empty() {
        html!(out, "<ul class=\"problems\" data-testid=\"problems\">");
        for problem in problems {
            html!(out, "<li>", problem, "</li>");
        }
        html!(out, "</ul>");
    }
    html!(out, "<ol class=\"items signers\">");
    for proof in &report.proofs {
        put_proof(out, report, proof, (contacts, own), more);
    }
    html!(out, "</ol>");
    let now = env().now;
    lines(out, "", "remarks", &report.remarks(now));
    lines(out, "能证明什么", "proves", &report.proves());
    lines(out, "不能证明什么", "does-not-prove", &report.does_not_prove());
    html!(out, "</div>");
}

/// A list of sentences under a heading, or nothing.
fn lines(out: &mut Markup, heading: &str, testid: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    if !heading.is_empty() {
        html!(out, "<h3>", heading, "</h3>");
    }
    html!(out, "<ul data-testid=\"", testid, "\">");
    for line in lines {
        html!(out, "<li>", line, "</li>");
    }
    html!(out, "</ul>");
}

/// The name that a signer claims: a mentor's and a branch's own word, an activist's by the record.
pub(in crate::ui) fn claimed_name(report: &Report, proof: &ProofReport) -> String {
    match (&proof.statement, proof.role) {
        (Some(Statement::Mentor { name, .. } | Statement::Branch { name, .. }), _) => name.clone(),
        (_, Some(Role::Activist)) => {
            let name = report.record.pointer("/body/person/name");
            name.and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        }
        _ => String::new(),
    }
}

fn put_proof(
    out: &mut Markup,
    report: &Report,
    proof: &ProofReport,
    (contacts, own): (&Contacts, &KeyRing),
    more: &mut dyn FnMut(&mut Markup, &ProofReport),
) {
    let role = proof.role.map_or("身份不明", Role::label);
    let name = claimed_name(report, proof);
    html!(
        out,
        "<li class=\"card stack\" data-proof=\"",
        proof.role.map_or("unknown", Role::code),
        "\" data-holds=\"",
        if proof.holds { "yes" } else { "no" },
        "\"><h3>",
        role,
        "：",
        if name.is_empty() {
            "（没有写明）"
        } else {
            &*name
        },
        "</h3><p class=\"",
        if proof.holds { "holds" } else { "error" },
        "\">",
        if proof.holds {
            "✓ 签名成立"
        } else {
            "✗ 签名不成立"
        },
        "</p>"
    );
    for fault in &proof.faults {
        html!(out, "<p class=\"error\">", fault.message(), "。</p>");
    }
    html!(out, "<dl class=\"facts\">");
    fact(
        out,
        "姓名或名称（自填）",
        if name.is_empty() { "—" } else { &name },
    );
    fact(out, "签名时间（签名人设备上的时钟）", &time(&proof.created));
    if let Some(Statement::Mentor { date, .. } | Statement::Branch { date, .. }) = &proof.statement {
        fact(out, "落款日期（自填）", &date.to_string());
    }
    html!(out, "</dl>");
    match &proof.statement {
        Some(Statement::Mentor { opinion, .. }) => words(out, "意见", opinion),
        Some(Statement::Branch { confirmation, .. }) => words(out, "确认内容", confirmation),
        _ => {}
    }
    if !proof.fingerprint.is_empty() {
        html!(out, "<p>钥匙指纹</p>");
        fingerprint(out, &proof.fingerprint);
        standing(out, contacts, own, &proof.key, &name);
    }
    more(out, proof);
    html!(out, "</li>");
}

fn fact(out: &mut Markup, label: &str, value: &str) {
    html!(out, "<div><dt>", label, "</dt><dd>", value, "</dd></div>");
}

fn words(out: &mut Markup, label: &str, text: &str) {
    html!(
        out,
        "<div><p>",
        label,
        "</p><blockquote class=\"prewrap\" data-testid=\"words\">",
        text,
        "</blockquote></div>"
    );
}

/// A moment in RFC 3339, as people read it: day and minute. Anything else as it is.
fn time(text: &str) -> String {
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute}"),
        _ => text.to_owned(),
    }
}

/// A fingerprint as six groups that are compared one by one.
pub(in crate::ui) fn fingerprint(out: &mut Markup, fingerprint: &str) {
    html!(out, "<p class=\"fingerprint\" data-testid=\"fingerprint\">");
    for (at, group) in fingerprint.split(' ').enumerate() {
        if at > 0 {
            html!(out, " ");
        }
        html!(out, "<span>", group, "</span>");
    }
    html!(out, "</p>");
}

/// Whether a key was compared in person, and whose it was then. `name` is who signs with it now.
pub(in crate::ui) fn standing(out: &mut Markup, contacts: &Contacts, own: &KeyRing, key: &str, name: &str) {
    if own.holds(key) {
        html!(
            out,
            "<p class=\"muted\" data-standing=\"own\">这是您自己的钥匙。</p>"
        );
        return;
    }
    let Some(known) = contacts.of(key) else {
        html!(
            out,
            "<p class=\"warn\" data-standing=\"unknown\">未核对：还没有当面核对过这把钥匙，不能认定签名的是谁。</p>"
        );
        return;
    };
    let contact = &known.contact;
    let whose = format!(
        "{}（{}），{}",
        contact.name,
        contact.role.of_other(),
        contact.on.chinese()
    );
    if known.withdrawn.is_some() {
        html!(
            out,
            "<p class=\"error\" data-standing=\"withdrawn\">您已撤回对这把钥匙的认定（原记作：",
            whose,
            "核对）。</p>"
        );
    } else if known.replaced_by.is_some() {
        html!(
            out,
            "<p class=\"warn\" data-standing=\"replaced\">当面核对过：",
            whose,
            "。对方后来换了钥匙：更换以前的签名照旧有效，更换以后不应再用这把。</p>"
        );
    } else {
        html!(
            out,
            "<p class=\"holds\" data-standing=\"confirmed\">✓ 当面核对过：",
            whose,
            "。</p>"
        );
    }
    if !name.is_empty() && name.trim() != contact.name {
        html!(
            out,
            "<p class=\"error\" data-standing=\"other-name\">注意：签名上写的是“",
            name,
            "”，您核对这把钥匙时记的是“",
            contact.name.clone(),
            "”。</p>"
        );
    }
}
