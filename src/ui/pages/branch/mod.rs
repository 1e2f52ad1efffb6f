//! The branch's screens.

mod class;
mod due;
mod figures;
mod handover;
mod hub;
mod import;
mod leave;
mod linking;
mod people;
mod person;
mod register;
mod roster_import;

use crate::ui::components::received::ReceivedPage;
use crate::ui::office::use_office;
use leptos::prelude::*;

pub(in crate::ui) use handover::handover_page;

/// The screen at that address.
///
/// | address | |
/// |---|---|
/// | `#/branch` | [`hub`]: the workbench's first screen |
/// | `#/branch/import` | [`roster_import::RosterImport`] |
/// | `#/branch/people[/<query>[/<row>]]` | [`people`]: everybody whom rosters have named |
/// | `#/branch/person/<id>` | [`person::PersonPage`]: one person of the rosters |
/// | `#/branch/class`, `#/branch/class/<id>` | classes of concentrated training, one of them |
/// | `#/branch/due` | what is due |
/// | `#/branch/figures[/…]` | figures, plan, reports: see [`figures`] |
/// | `#/branch/leave` | reports upward, and exports |
/// | `#/branch/records` | [`RecordsPage`] |
/// | `#/branch/<holder>` | one person in the register of records |
pub(in crate::ui) fn branch_page(at: &str) -> AnyView {
    match at.split_once('/').unwrap_or((at, "")) {
        ("", _) => view! { <hub::BranchPage/> }.into_any(),
        ("import", _) => view! { <roster_import::RosterImport/> }.into_any(),
        ("people", rest) => view! { <people::PeoplePage at=rest.to_owned()/> }.into_any(),
        ("person", id) => view! { <person::PersonPage id=id.to_owned()/> }.into_any(),
        ("class", id) => class::class_page(id),
        ("due", _) => view! { <due::DuePage/> }.into_any(),
        ("figures", rest) => figures::figures_page(rest),
        ("leave", _) => leave::leave_page(),
        ("records", _) => view! { <RecordsPage/> }.into_any(),
        (id, _) => view! { <MemberPage id=id.to_owned()/> }.into_any(),
    }
}

/// Training records: importing them, whose they are, everybody's.
#[component]
fn RecordsPage() -> impl IntoView {
    view! {
        <div class="stack">
            <p><a href="#/branch">"← 党支部工作台"</a></p>
            <h1>"培养记录"</h1>
            <p>"把入党积极分子发来的培养记录（.json 文件）一次导入，得到一份名册。数据只在本浏览器里，不会发给任何人；请定期到「设置与备份」下载备份。"</p>
            <import::Import/>
            <linking::Linking/>
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
    view! { <ReceivedPage book=office.register id back="#/branch/records" back_label="支部名册" beside=handover::person/> }
}
