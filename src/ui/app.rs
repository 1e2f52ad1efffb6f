//! The frame around every screen: header, navigation, what must be known, and the route.

use super::desk::{Desk, use_desk};
use super::markup::{Markup, html};
use super::route::Route;
use crate::platform::local::Prefs;
use crate::platform::{files, page};
use crate::store::SaveState;
use leptos::prelude::*;

/// One of the two pages of the portal, each with a WebAssembly of its own: the study, for reading
/// and testing, and the office, for everything that is written and filed. Who only reads never
/// loads the office.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Whether this is the office.
    pub(super) is_office: bool,
    /// Where the other part is.
    pub(super) other: &'static str,
    /// Puts the books on the desk that only this part has.
    pub(super) open: fn(Desk),
    /// Its screens.
    pub(super) screen: fn(Route) -> AnyView,
}

/// Puts a part in the page.
pub(super) fn mount(part: Part) {
    page::apply(&Prefs::load());
    page::remove("boot");
    leptos::mount::mount_to_body(move || view! { <App part/> });
}

#[component]
fn App(part: Part) -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    desk.keep(desk.study);
    (part.open)(desk);
    desk.open_course();
    desk.open_books();

    let route = RwSignal::new(Route::parse(&page::hash()));
    provide_context(route.read_only());
    let listener = page::on_hash(move |hash| {
        route.set(Route::parse(&hash));
        page::scroll_to_top();
        // Keyboard and screen reader go on from the new page; a lesson's anchor takes the focus later.
        page::focus("main");
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
            <nav class="tabs" aria-label="主要页面" inner_html=move || route.with(|route| tabs(route, part))></nav>
            <Saving/>
        </header>
        <Notices/>
        <main id="main" tabindex="-1">
            {move || {
                let route = route.get();
                let waiting = match (route.is_office() == part.is_office, desk.ready.get()) {
                    // A link or a bookmark of the other part.
                    (false, _) => {
                        page::leave(&format!("{}{route}", part.other));
                        "正在打开……"
                    }
                    (true, false) => "正在读取数据……",
                    (true, true) => return (part.screen)(route),
                };
                view! { <p class="waiting" role="status">{waiting}</p> }.into_any()
            }}
        </main>
    }
}

/// The six tabs, the present one marked.
fn tabs(route: &Route, part: Part) -> String {
    let present = match route {
        Route::Home | Route::Module(_) | Route::Lesson(..) | Route::Groups => 0,
        Route::PracticeHome
        | Route::Practice(_)
        | Route::Marked(_)
        | Route::Mistakes
        | Route::Mastery
        | Route::Exams
        | Route::Exam(_)
        | Route::ExamPrint(..) => 1,
        Route::Mentors => 2,
        Route::Log => 3,
        Route::Record | Route::RecordPrint => 4,
        _ => 5,
    };
    let all = [
        ("学习", Route::Home),
        ("自测", Route::PracticeHome),
        ("谈话", Route::Mentors),
        ("实践", Route::Log),
        ("记录", Route::Record),
        ("更多", Route::More),
    ];
    let mut out = Markup::default();
    for (at, (label, to)) in all.into_iter().enumerate() {
        let page = if to.is_office() == part.is_office {
            ""
        } else {
            part.other
        };
        html!(out, "<a class=\"tab\" href=\"", page, to.to_string(), "\"");
        if at == present {
            html!(out, " aria-current=\"page\"");
        }
        html!(out, ">", label, "</a>");
    }
    out.done()
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
    let shown = move || {
        let mut out = Markup::default();
        if let SaveState::Failed { logged, error } = desk.save.get() {
            let where_now = if logged {
                "刚才的内容暂存在浏览器的临时区，请尽快下载备份。"
            } else {
                "刚才的内容只在这个页面里，关闭前请先下载救援文件。"
            };
            html!(
                out,
                "<div class=\"notice notice-danger\" id=\"save-failure\" role=\"alert\"><p>",
                error.to_string(),
                "。",
                where_now,
                "</p><button class=\"button\" data-do=\"rescue\">下载救援文件</button>
                <button class=\"button button-plain\" data-do=\"retry\">再试一次</button></div>"
            );
        }
        desk.notices.with(|notices| {
            for notice in notices {
                html!(
                    out,
                    "<div class=\"notice\" data-notice=\"",
                    notice.id,
                    "\"><p>",
                    notice.text,
                    "</p><button class=\"button button-plain\" data-do=\"",
                    notice.id,
                    "\">知道了</button></div>"
                );
            }
        });
        out.done()
    };
    let act = move |event: leptos::ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("rescue") => {
            let backup = desk.rescue();
            if let Err(error) = files::save("学档救援文件.json", "application/json", &backup.write()) {
                desk.notify("files", error.to_string());
            }
        }
        Some("retry") => desk.commit(),
        Some(id) => desk.notices.update(|all| all.retain(|notice| notice.id != id)),
        None => {}
    };
    view! {
        <div class="notices" data-screen-only aria-live="polite" on:click=act inner_html=shown></div>
    }
}
