//! The frame around every screen: header, navigation, what must be known, and the route.

use super::desk::{Desk, use_desk};
use super::pages::{activist, branch, mentor, shared};
use super::route::{Route, Scope};
use crate::platform::local::Prefs;
use crate::platform::{files, page};
use crate::store::SaveState;
use leptos::prelude::*;

/// Puts the app in the page.
pub(super) fn mount() {
    page::apply(&Prefs::load());
    page::remove("boot");
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    desk.open();

    let route = RwSignal::new(Route::parse(&page::hash()));
    provide_context(route.read_only());
    let listener = page::on_hash(move |hash| {
        route.set(Route::parse(&hash));
        page::scroll_to_top();
    });
    if let Some(listener) = listener {
        listener.forever();
    }
    Effect::new(move |_| page::set_title(&format!("{} · 学档", route.with(Route::title))));

    view! {
        <a class="skip" href="#main" on:click=move |event| {
            event.prevent_default();
            page::focus("main");
        }>"跳到正文"</a>
        <header class="top" data-screen-only>
            <a class="brand" href="#/">"学档"</a>
            <nav class="tabs" aria-label="主要页面">
                {tab(route, "学习", Route::Home, |r| matches!(r, Route::Home | Route::Module(_) | Route::Lesson(..)))}
                {tab(route, "自测", Route::PracticeHome, |r| matches!(r, Route::PracticeHome | Route::Practice(_)))}
                {tab(route, "谈话", Route::Mentors, |r| matches!(r, Route::Mentors))}
                {tab(route, "实践", Route::Log, |r| matches!(r, Route::Log))}
                {tab(route, "记录", Route::Record, |r| matches!(r, Route::Record | Route::RecordPrint))}
                {tab(route, "更多", Route::More, |r| matches!(
                    r,
                    Route::More | Route::Search | Route::Settings | Route::Help | Route::Mentor | Route::Mentee(_) | Route::Branch | Route::Member(_)
                ))}
            </nav>
            <Saving/>
        </header>
        <Notices/>
        <main id="main" tabindex="-1">
            {move || {
                let ready = desk.ready.get() && desk.course.with(Option::is_some);
                if ready || matches!(route.get(), Route::Help) {
                    screen(route.get())
                } else {
                    view! { <p class="waiting" role="status">"正在读取学习数据……"</p> }.into_any()
                }
            }}
        </main>
    }
}

fn tab(route: RwSignal<Route>, label: &'static str, to: Route, is: fn(&Route) -> bool) -> impl IntoView {
    view! {
        <a class="tab" href=to.to_string() aria-current=move || route.with(is).then_some("page")>{label}</a>
    }
}

fn screen(route: Route) -> AnyView {
    match route {
        Route::Home => view! { <activist::HomePage/> }.into_any(),
        Route::Module(id) => view! { <activist::ModulePage id/> }.into_any(),
        Route::Lesson(id, anchor) => view! { <activist::LessonPage id anchor/> }.into_any(),
        Route::PracticeHome => view! { <activist::PracticeHomePage/> }.into_any(),
        Route::Practice(scope) => practice(scope),
        Route::Mentors => view! { <activist::MentorsPage/> }.into_any(),
        Route::Log => view! { <activist::LogPage/> }.into_any(),
        Route::Record => view! { <activist::RecordPage/> }.into_any(),
        Route::RecordPrint => view! { <activist::RecordPrintPage/> }.into_any(),
        Route::Mentor => view! { <mentor::MentorPage/> }.into_any(),
        Route::Mentee(id) => view! { <mentor::MenteePage id/> }.into_any(),
        Route::Branch => view! { <branch::BranchPage/> }.into_any(),
        Route::Member(id) => view! { <branch::MemberPage id/> }.into_any(),
        Route::Search => view! { <shared::SearchPage/> }.into_any(),
        Route::More => view! { <shared::MorePage/> }.into_any(),
        Route::Settings => view! { <shared::SettingsPage/> }.into_any(),
        Route::Help => view! { <shared::HelpPage/> }.into_any(),
        Route::Unknown(path) => view! {
            <h1>"没有这一页"</h1>
            <p>{format!("地址「{path}」不对，可能是旧链接。")}<a href="#/">"回到学习首页"</a></p>
        }
        .into_any(),
    }
}

fn practice(scope: Scope) -> AnyView {
    view! { <activist::PracticePage scope/> }.into_any()
}

/// Says 已保存 only when it is so.
#[component]
fn Saving() -> impl IntoView {
    let desk = use_desk();
    let state = move || match desk.save.get() {
        SaveState::Saved => ("saved", "已保存"),
        SaveState::Saving => ("saving", "正在保存…"),
        SaveState::Failed { .. } => ("failed", "未保存"),
    };
    view! {
        <span class="saving" role="status" data-state=move || state().0>
            {move || desk.ready.get().then(|| state().1)}
        </span>
    }
}

/// A failure to save, and whatever else must be known.
#[component]
fn Notices() -> impl IntoView {
    let desk = use_desk();
    let failure = move || match desk.save.get() {
        SaveState::Failed { logged, error } => Some(format!(
            "{error}。{}",
            if logged { "刚才的内容暂存在浏览器的临时区，请尽快下载备份。" } else { "刚才的内容只在这个页面里，关闭前请先下载救援文件。" }
        )),
        _ => None,
    };
    let rescue = move |_| {
        let backup = desk.rescue();
        if let Err(error) = files::save("学档救援文件.json", "application/json", &backup.write()) {
            desk.notify("files", error.to_string());
        }
    };
    view! {
        <div class="notices" data-screen-only aria-live="polite">
            {move || failure().map(|text| view! {
                <div class="notice notice-danger" id="save-failure" role="alert">
                    <p>{text}</p>
                    <button class="button" on:click=rescue>"下载救援文件"</button>
                    <button class="button button-plain" on:click=move |_| desk.commit()>"再试一次"</button>
                </div>
            })}
            <For each=move || desk.notices.get() key=|notice| (notice.id, notice.text.clone()) let:notice>
                <div class="notice" data-notice=notice.id>
                    <p>{notice.text.clone()}</p>
                    <button class="button button-plain" on:click=move |_| {
                        desk.notices.update(|all| all.retain(|other| other.id != notice.id));
                    }>"知道了"</button>
                </div>
            </For>
        </div>
    }
}
