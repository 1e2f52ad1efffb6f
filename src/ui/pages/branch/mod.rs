//! The branch's screens: importing records, first as a plan, and the register.

mod import;
mod register;

use crate::ui::components::received::ReceivedPage;
use crate::ui::office::use_office;
use leptos::prelude::*;

/// The branch's workbench.
#[component]
pub(in crate::ui) fn BranchPage() -> impl IntoView {
    view! {
        <div class="stack">
            <h1>"党支部工作台"</h1>
            <p>"把入党积极分子发来的培养记录（.json 文件）一次导入，得到一份名册。数据只在本浏览器里，不会发给任何人；请定期到「设置与备份」下载备份。"</p>
            <p><a href="#/verify">"核验一份记录的签名"</a>" · "<a href="#/keys">"党支部的签名钥匙"</a></p>
            <import::Import/>
            <register::RegisterTable/>
        </div>
    }
}

/// One person in the register.
#[component]
pub(in crate::ui) fn MemberPage(
    /// The holder id.
    id: String,
) -> impl IntoView {
    let office = use_office();
    view! { <ReceivedPage book=office.register id back="#/branch" back_label="支部名册"/> }
}
