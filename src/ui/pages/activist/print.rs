//! The record on paper, with its proofs when it was signed.

use super::record::{make, proofs, record};
use crate::format::annex::Annex;
use crate::platform::{page, print};
use crate::ui::components::sheet::sheet;
use crate::ui::components::shown::{alert, still};
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use leptos::prelude::*;

/// The sheet, and a button to print it.
#[component]
pub(in crate::ui) fn RecordPrintPage() -> impl IntoView {
    let desk = use_desk();
    let office = use_office();
    make(desk);
    let record = record(desk);
    let failed = RwSignal::new(String::new());
    let body = Signal::derive(move || {
        let mut out = Markup::default();
        record.with(|record| match record {
            Some(Ok(record)) => sheet(&mut out, &Annex::of(record, &proofs(office, record))),
            Some(Err(why)) => {
                html!(out, "<p class=\"empty\">", why.message(), "。</p>");
            }
            None => {
                html!(
                    out,
                    "<p class=\"empty\">课程还没有加载出来，请检查网络后刷新本页。</p>"
                );
            }
        });
        out.done()
    });
    let mut about = Markup::default();
    html!(
        about,
        "<h1>打印培养记录</h1><p>打印出来是附件、草稿，供整理培养教育考察档案时参考。签字和意见由本人、培养联系人、党支部各自手写。</p><div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"print\" data-do=\"print\">打印</button><a class=\"button\" href=\"#/record\">返回</a></div>"
    );
    let press = move |event: leptos::ev::MouseEvent| {
        if page::data_of(&event, "data-do").is_some() {
            failed.set(alert(if print::print() {
                ""
            } else {
                "这个浏览器不能打印。请在电脑或手机自带的浏览器里打开学档再打印。"
            }));
        }
    };
    view! {
        <div class="stack" data-screen-only on:click=press>
            {still(about)}
            <Shown of=failed/>
        </div>
        <Shown of=body/>
    }
}
