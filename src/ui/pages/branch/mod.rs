//! The branch's screens: importing records, first as a plan, the register, and changes of unit.

mod handover;
mod import;
mod person;
mod register;

use crate::ui::components::received::ReceivedPage;
use crate::ui::office::use_office;
use leptos::prelude::*;

pub(in crate::ui) use handover::handover_page;

/// The screen at that address.
///
/// | address | |
/// |---|---|
/// | `#/branch` | [`BranchPage`] |
/// | `#/branch/person/<id>` | [`person::PersonPage`]: one person of the rosters |
/// | `#/branch/<holder>` | one person in the register of records |
pub(in crate::ui) fn branch_page(at: &str) -> AnyView {
    match at.split_once('/').unwrap_or((at, "")) {
        ("", _) => view! { <BranchPage/> }.into_any(),
        ("person", id) => view! { <person::PersonPage id=id.to_owned()/> }.into_any(),
        (id, _) => view! { <MemberPage id=id.to_owned()/> }.into_any(),
    }
}

/// The branch's workbench.
#[component]
fn BranchPage() -> impl IntoView {
    view! {
        <div class="stack">
            <h1>"党支部工作台"</h1>
            <p>"把入党积极分子发来的培养记录（.json 文件）一次导入，得到一份名册。数据只在本浏览器里，不会发给任何人；请定期到「设置与备份」下载备份。"</p>
            <p class="row"><a class="button" href="#/handover" data-testid="to-arrival">"接收转接包"</a><a href="#/verify">"核验一份记录的签名"</a><a href="#/keys">"党支部的签名钥匙"</a></p>
            <import::Import/>
            <register::RegisterTable/>
        </div>
    }
}

/// One person in the register.
#[component]
fn MemberPage(
    /// The holder id.
    id: String,
) -> impl IntoView {
    let office = use_office();
    view! { <ReceivedPage book=office.register id back="#/branch" back_label="支部名册" beside=handover::person/> }
}
