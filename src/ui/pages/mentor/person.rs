//! One mentee: what needs attention, what changed, the four tasks, notes and reminders, the signatures
//! and one's own, the timeline, and the whole record.

use super::{put_reasons, save_calendar};
use crate::domain::due::rhythm::PeriodState;
use crate::domain::mentoring::attention::reasons;
use crate::domain::mentoring::compare::changes_of;
use crate::domain::mentoring::tasks::tasks;
use crate::domain::mentoring::timeline::timeline;
use crate::domain::mentoring::{self, Deed, Jotting, JottingKind, next_reviews, reviews};
use crate::domain::roster::{Member, Receipt, Register};
use crate::domain::study::{EventId, Refusal, Stage};
use crate::domain::time::Date;
use crate::format::credential::Role;
use crate::platform::page;
use crate::ui::components::countersign::Countersign;
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{DAY, Field, Form, LINE, option, put_notice, say};
use crate::ui::components::received::{Forget, history, look, nobody, watch};
use crate::ui::components::record_view::record_view;
use crate::ui::components::shown::{still, table, table_end};
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The sections that can be gone to: id of the heading, and its name.
const SECTIONS: [(&str, &str); 6] = [
    ("changes-heading", "变化"),
    ("tasks-heading", "四项任务"),
    ("jot-heading", "笔记与提醒"),
    ("proofs-heading", "签名与意见"),
    ("timeline-heading", "时间线"),
    ("record-heading", "全部记录"),
];

static JOT: Form = Form {
    name: "jot",
    save: "记下",
    cancel: "取消修改",
    fields: &[
        Field {
            name: "kind",
            label: "记什么",
            kind: "select",
            options: |out| {
                for kind in JottingKind::ALL {
                    option(out, kind.code(), kind.label());
                }
            },
            hint: "工作笔记只给自己看；党支部考察记下哪一天进行的；提醒到了日子会排在前面，也可以存到日历。",
            ..LINE
        },
        DAY,
        Field {
            name: "text",
            label: "内容（考察可以不填）",
            kind: "area",
            hint: "只在本浏览器里，不进培养记录，也不随签名发出。",
            ..LINE
        },
    ],
};

/// The name, what needs attention, the facts, and the ways to the sections.
fn head(out: &mut Markup, register: &Register, holder: &EventId, member: &Member, today: Date) {
    let body = &member.record.body;
    html!(out, "<h1>", body.person.name(), "</h1><p class=\"muted\">");
    html!(out, body.person.branch(), " · ", body.person.stage());
    html!(
        out,
        " · 记录 ",
        body.made_at.date().to_string(),
        " 导出，",
        member.received.date().to_string(),
        " 收到</p>"
    );
    let reasons = reasons(register, holder, member, today);
    html!(
        out,
        "<ul class=\"row reasons\" aria-label=\"要留意的\" data-testid=\"reasons\">"
    );
    put_reasons(out, &reasons);
    html!(out, "</ul><nav class=\"row jumps\" aria-label=\"本页各部分\">");
    for (id, name) in SECTIONS {
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-jump=\"",
            id,
            "\">",
            name,
            "</button>"
        );
    }
    html!(out, "</nav>");
}

/// How the half-year reviews stand.
fn review_days(out: &mut Markup, register: &Register, holder: &EventId, member: &Member, today: Date) {
    let body = &member.record.body;
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"review-heading\" data-testid=\"reviews\"><h2 id=\"review-heading\">半年考察</h2>"
    );
    match reviews(body, register.mentoring.get(holder), today) {
        None if body.person.stage.is_some_and(|stage| stage != Stage::Activist) => {
            html!(
                out,
                "<p>记录上的发展阶段是",
                body.person.stage(),
                "。每半年一次的考察是对入党积极分子的要求（细则第十一条），这里不推算。</p>"
            );
        }
        None => {
            html!(
                out,
                "<p class=\"notice\">记录里没有确定为入党积极分子的日期，推算不出半年考察的日子。请对方填写或勾选这一项，再导出一次。</p>"
            );
        }
        Some(rhythm) => {
            if let Some(overdue) = rhythm.overdue() {
                html!(
                    out,
                    "<p class=\"notice notice-danger\">",
                    overdue.due.chinese(),
                    "到期的考察，这里没有记。已经进行过的，请在下面“笔记与提醒”里记下日期；没有进行的，请提醒党支部。</p>"
                );
            }
            let next = next_reviews(&rhythm);
            let days: Vec<String> = next.iter().map(|day| day.chinese()).collect();
            html!(
                out,
                "<p>接下来两次应在：<strong>",
                days.join("、"),
                "</strong>之前。</p>"
            );
            let past: Vec<_> = rhythm
                .periods
                .iter()
                .filter(|period| period.state != PeriodState::Open)
                .collect();
            if !past.is_empty() {
                table(out, "已到期的半年考察", &["应在此前", "这里记的日期", "情况"]);
                for period in past {
                    let held = period.held.map_or_else(|| "—".to_owned(), |day| day.to_string());
                    html!(out, "<tr><td class=\"nowrap\">", period.due.to_string());
                    html!(out, "</td><td class=\"nowrap\">", held, "</td><td>");
                    html!(out, period.state.label(), "</td></tr>");
                }
                table_end(out);
            }
        }
    }
    html!(
        out,
        "<p class=\"muted\">党支部每半年对入党积极分子进行一次考察（细则第十一条）。日子从记录里的确定日期起每六个月推算，以党支部的安排为准。</p><p><button type=\"button\" class=\"button\" data-do=\"calendar\" data-testid=\"save-calendar\">把此人的提醒存到日历（.ics）</button></p><div id=\"calendar-said\" class=\"shown\" role=\"status\"></div></section>"
    );
}

/// What changed since the record before.
fn change_list(out: &mut Markup, register: &Register, holder: &EventId, member: &Member) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"changes-heading\" data-testid=\"changes\"><h2 id=\"changes-heading\">与上一份相比</h2>"
    );
    let Some(before) = &member.before else {
        html!(
            out,
            "<p class=\"muted\">只收到过一份记录。收到下一份以后，这里列出变化。</p></section>"
        );
        return;
    };
    let all = changes_of(before, &member.record, register.credential(holder));
    html!(
        out,
        "<p class=\"muted\">上一份 ",
        before.record.body.made_at.date().to_string(),
        " 导出，这一份 ",
        member.record.body.made_at.date().to_string(),
        " 导出。</p>"
    );
    if all.is_empty() {
        html!(out, "<p>除了导出时间，没有变化。</p></section>");
        return;
    }
    let (loud, other): (Vec<_>, Vec<_>) = all.iter().partition(|change| change.kind.is_loud());
    if !loud.is_empty() {
        html!(
            out,
            "<div class=\"notice notice-danger loud\" data-testid=\"loud\"><div class=\"stack\"><p><strong>有 ",
            loud.len(),
            " 处减少、改动或不见了，请当面问清。</strong>培养记录一般只增不减；换浏览器、清除过数据、课程更新、改正笔误，也会这样。</p>"
        );
        change_items(out, &loud);
        html!(out, "</div></div>");
    }
    if !other.is_empty() {
        change_items(out, &other);
    }
    html!(out, "</section>");
}

fn change_items(out: &mut Markup, changes: &[&mentoring::compare::Change]) {
    html!(out, "<ul class=\"items changes\">");
    for change in changes {
        let class = if change.kind.is_loud() {
            "chip chip-danger"
        } else {
            "chip"
        };
        html!(
            out,
            "<li data-change=\"",
            change.kind.code(),
            "\"><span class=\"",
            class,
            "\">"
        );
        html!(
            out,
            change.kind.label(),
            "</span> <strong>",
            change.part,
            "</strong> "
        );
        html!(out, change.text, "</li>");
    }
    html!(out, "</ul>");
}

/// The four tasks.
fn task_list(out: &mut Markup, register: &Register, holder: &EventId, member: &Member, today: Date) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"tasks-heading\" data-testid=\"tasks\"><h2 id=\"tasks-heading\">培养联系人的四项任务</h2><p class=\"muted\">依据细则第九条。每一项先列记录里的事实，再提一个请自己回答的问题；是好是差，这里不作判断。</p><ol class=\"items tasks\">"
    );
    for task in tasks(&member.record, register.mentoring.get(holder), today) {
        html!(
            out,
            "<li class=\"card stack\" data-task=\"",
            task.word,
            "\"><h3>",
            task.word
        );
        html!(out, "：", task.duty, "</h3><ul>");
        for fact in &task.facts {
            html!(out, "<li>", *fact, "</li>");
        }
        html!(out, "</ul><p class=\"ask-oneself\">", task.question, "</p></li>");
    }
    html!(out, "</ol></section>");
}

/// What was jotted down.
fn jottings(out: &mut Markup, register: &Register, holder: &EventId, today: Date) {
    let all: Vec<&Jotting> = register
        .mentoring
        .get(holder)
        .map(|mentoring| {
            let kinds = [JottingKind::Reminder, JottingKind::Review, JottingKind::Note];
            kinds.into_iter().flat_map(|kind| mentoring.of(kind)).collect()
        })
        .unwrap_or_default();
    if all.is_empty() {
        html!(out, "<p class=\"empty\">还没有记过什么。</p>");
        return;
    }
    html!(out, "<ul class=\"items\" data-testid=\"jottings\">");
    for jotting in all {
        let is_due = jotting.kind == JottingKind::Reminder && jotting.date <= today;
        let class = if is_due { "chip chip-danger" } else { "chip" };
        html!(
            out,
            "<li class=\"item\" data-jotting=\"",
            jotting.kind.code(),
            "\"><div><p><span class=\""
        );
        html!(
            out,
            class,
            "\">",
            jotting.kind.label(),
            "</span> ",
            jotting.date.to_string()
        );
        html!(out, "</p><p class=\"prewrap\">", jotting.text, "</p></div>");
        let name = format!("{} {}", jotting.date, jotting.kind.label());
        let strike = match jotting.kind {
            JottingKind::Reminder => "办完了，删除",
            _ => "删除",
        };
        html!(
            out,
            "<div class=\"row\"><button type=\"button\" class=\"button button-plain\" data-edit=\"",
            jotting.id.0,
            "\" aria-label=\"修改 ",
            name,
            "\">修改</button><button type=\"button\" class=\"button button-plain\" data-remove=\"",
            jotting.id.0,
            "\" aria-label=\"",
            strike,
            " ",
            name,
            "\">",
            strike,
            "</button></div></li>"
        );
    }
    html!(out, "</ul>");
}

/// Everything by its day.
fn days(out: &mut Markup, register: &Register, holder: &EventId, member: &Member) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"timeline-heading\" data-testid=\"timeline\"><h2 id=\"timeline-heading\">时间线</h2><p class=\"muted\">来自最新一份记录；标“本机”的是您在这里记的。</p>"
    );
    table(out, "按日期排列的事项", &["日期", "类别", "内容"]);
    for moment in timeline(member, register.mentoring.get(holder)) {
        html!(
            out,
            "<tr><td class=\"nowrap\">",
            moment.date.to_string(),
            "</td><td class=\"nowrap\">"
        );
        html!(out, moment.what);
        if moment.is_own {
            html!(out, " <span class=\"chip\">本机</span>");
        }
        html!(out, "</td><td class=\"prewrap\">", moment.text, "</td></tr>");
    }
    table_end(out);
    html!(out, "</section>");
}

/// Ready for a new jotting.
fn clear() {
    JOT.change(false);
    JOT.fill("kind", JottingKind::default().code());
    JOT.fill("date", &env().now.date().to_string());
    JOT.fill("text", "");
}

async fn note(office: Office, holder: EventId, deed: Deed) -> Result<(), String> {
    let what = vec![Receipt::Done { holder, deed }];
    let noted = office.receive(office.mentees, what).await;
    noted.map_err(|error| format!("没有保存：{error}。"))
}

/// One mentee.
#[component]
pub(in crate::ui) fn MenteePage(
    /// The holder id.
    id: String,
) -> impl IntoView {
    let office = use_office();
    let book = office.mentees;
    let holder = StoredValue::new(EventId(id));
    let changing = StoredValue::new(None::<EventId>);
    let removing = StoredValue::new(None::<EventId>);
    let asking = RwSignal::new(false);
    let part = move |write: fn(&mut Markup, &Register, &EventId, &Member, Date)| {
        Signal::derive(move || {
            let (mut out, holder, today) = (Markup::default(), holder.get_value(), env().now.date());
            watch(book, &mut |register| {
                if let Some(member) = register.people.get(&holder) {
                    html!(out, "<div class=\"stack\">");
                    write(&mut out, register, &holder, member, today);
                    html!(out, "</div>");
                }
            });
            out.done()
        })
    };
    let is_there = Memo::new(move |_| {
        let (mut found, holder) = (false, holder.get_value());
        watch(book, &mut |register| {
            found = register.people.contains_key(&holder)
        });
        found
    });
    let top = part(|out, register, holder, member, today| {
        head(out, register, holder, member, today);
        review_days(out, register, holder, member, today);
        change_list(out, register, holder, member);
        task_list(out, register, holder, member, today);
    });
    let list = part(|out, register, holder, _, today| jottings(out, register, holder, today));
    let bottom = part(|out, register, holder, member, _| {
        days(out, register, holder, member);
        html!(out, "<h2 id=\"record-heading\">全部记录</h2>");
        record_view(out, &member.record);
        history(out, member);
    });

    let submit = move |event: SubmitEvent| {
        if page::data_of(&event, "data-form").as_deref() != Some(JOT.name) {
            return;
        }
        event.prevent_default();
        let kind = JottingKind::of(&JOT.value("kind")).unwrap_or_default();
        let deed = JOT
            .needed_day("date")
            .and_then(|date| mentoring::jot(changing.get_value(), kind, date, &JOT.value("text"), &env()));
        keep(office, holder.get_value(), changing, deed);
    };
    let click = move |event: MouseEvent| {
        if let Some(id) = page::data_of(&event, "data-jump") {
            page::scroll_to(&id);
            page::focus(&id);
        } else if let Some(id) = page::data_of(&event, "data-edit") {
            let (id, holder) = (EventId(id), holder.get_value());
            look(book, &mut |register| {
                let found = register.mentoring.get(&holder);
                if let Some(jotting) = found.and_then(|one| one.jottings.get(&id)) {
                    JOT.change(true);
                    JOT.fill("kind", jotting.kind.code());
                    JOT.fill("date", &jotting.date.to_string());
                    JOT.fill("text", &jotting.text);
                }
            });
            changing.set_value(Some(id));
            page::focus("jot-text");
        } else if let Some(id) = page::data_of(&event, "data-remove") {
            removing.set_value(Some(EventId(id)));
            asking.set(true);
        } else {
            match page::data_of(&event, "data-do").as_deref() {
                Some("cancel-jot") => {
                    changing.set_value(None);
                    clear();
                }
                Some("calendar") => {
                    let holder = holder.get_value();
                    look(book, &mut |register| {
                        let (well, text) = save_calendar(register, Some(&holder));
                        put_notice("calendar-said", "calendar-said", well, &text);
                    });
                }
                _ => {}
            }
        }
    };
    let remove = move |()| {
        let Some(id) = removing.get_value() else { return };
        let holder = holder.get_value();
        spawn_local(async move {
            let outcome = note(office, holder, Deed::Struck(id)).await;
            say(
                "jot-said",
                outcome.as_ref().map_or_else(String::as_str, |()| "已删除。"),
            );
            page::focus("jot-heading");
        });
    };
    let mut form = Markup::default();
    JOT.put(&mut form, false);
    let form = form.done();
    let middle = move || {
        is_there.get().then(|| {
            request_animation_frame(clear);
            let form = form.clone();
            view! {
                <section class="card stack" aria-labelledby="jot-heading">
                    <h2 id="jot-heading">"笔记与提醒"</h2>
                    <div class="shown" inner_html=form></div>
                    <Shown of=list/>
                </section>
                <Countersign book holder=holder.get_value() role=Role::Mentor/>
            }
        })
    };
    let mut gone = Markup::default();
    nobody(&mut gone);
    let gone = gone.done();
    view! {
        <Forget book holder=holder.get_value() back="#/mentor" also="、意见草稿、笔记、提醒和在这里作的签名">
            <div class="stack mentee" on:submit=submit on:click=click>
                <p><a href="#/mentor">"← 联系对象"</a></p>
                {move || (!is_there.get()).then(|| {
                    let mut out = Markup::default();
                    out.raw(&gone);
                    still(out)
                })}
                <Shown of=top/>
                {middle}
                <Shown of=bottom/>
                <Confirm
                    open=asking title="确定删除吗？" text="这一条将从列表中删除，删除后不能撤销。"
                    action="删除" done=remove testid="confirm-strike"
                />
            </div>
        </Forget>
    }
}

/// Keeps what was jotted down, or says what is wrong with it.
fn keep(
    office: Office,
    holder: EventId,
    changing: StoredValue<Option<EventId>>,
    deed: Result<Deed, Refusal>,
) {
    let deed = match deed {
        Ok(deed) => deed,
        Err(refusal) => {
            JOT.settle(Err(refusal));
            return;
        }
    };
    spawn_local(async move {
        match note(office, holder, deed).await {
            Ok(()) => {
                changing.try_set_value(None);
                clear();
                JOT.say("已记下。");
            }
            Err(why) => JOT.say(&why),
        }
    });
}
