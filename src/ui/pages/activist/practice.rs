//! Answering questions: what to practise, and one sitting.

use super::home::wrong;
use super::{marked, scopes};
use crate::domain::course::track::concerns;
use crate::domain::course::{Catalogue, Lesson, QuestionBank, QuestionRef};
use crate::domain::question::sitting::{Asked, Sitting, Standing, draw};
use crate::domain::question::{Choice, Question};
use crate::domain::study::progress::{CourseProgress, of_lesson};
use crate::domain::study::review::due;
use crate::domain::study::{Action, Mark, Study, mistakes};
use crate::platform::local::{self, Prefs};
use crate::platform::page;
use crate::ui::components::bar::module_number;
use crate::ui::components::figures;
use crate::ui::components::question::{
    COMPLAINT, HEADING, RESULT, focus_soon, given, mark_chosen, move_item, open_points, place, question,
};
use crate::ui::components::{field, shown::alert};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html, settle};
use crate::ui::route::Scope;
use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast;

const SHEET: &str = "sitting";
const SUMMARY: &str = "sitting-summary";
/// The most reviews in one sitting.
const AT_ONCE: usize = 40;

/// What can be practised.
#[component]
pub(in crate::ui) fn PracticeHomePage() -> impl IntoView {
    let desk = use_desk();
    // Standings and knowledge points are not in the catalogue; without them the page is shorter.
    spawn_local(async move {
        let _ = desk.refs().await;
    });
    view! { <Shown of=Signal::derive(move || offer(desk))/> }
}

fn offer(desk: Desk) -> String {
    let mut out = Markup::default();
    if let Some(course) = desk.course.get() {
        let progress = desk.progress.get();
        desk.study
            .with(|study| all(&mut out, &course, study.state(), &progress));
    }
    out.done()
}

fn all(out: &mut Markup, course: &Catalogue, study: &Study, progress: &CourseProgress) {
    html!(
        out,
        "<div class=\"stack\"><h1>自测</h1><p>一次一题，提交后马上看到对错、理由和依据。没做过的排在前面，做错的其次；可以随时停下，答过的都已记下。</p><p class=\"row\"><a class=\"button\" href=\"#/exam\">模拟考试</a><a class=\"button\" href=\"#/mistakes\">错题本</a><a class=\"button\" href=\"#/mastery\">掌握情况</a><a class=\"button\" href=\"#/banks\">本单位的题库</a></p>"
    );
    let mistakes = mistakes::wrong(course, study).count();
    if mistakes > 0 {
        wrong(out, mistakes, "button-primary");
    } else {
        html!(
            out,
            "<p class=\"empty\">现在没有错题。答错的题会收在这里，答对以后去掉。</p>"
        );
    }
    if course
        .modules
        .iter()
        .flat_map(|module| &module.lessons)
        .any(|lesson| concerns(&lesson.tracks, &study.groups))
    {
        html!(
            out,
            "<p><a class=\"button\" href=\"#/practice/groups\">练习您的群体的题</a></p>"
        );
    }
    scopes::whole_course(out);
    marked::links(out, study);
    html!(out, "<h2>按模块、课或知识点练习</h2><ul class=\"modules\">");
    for module in &course.modules {
        html!(out, "<li class=\"card module-card\" data-module=\"", module.id);
        html!(out, "\"><h3><span class=\"module-number\">");
        module_number(out, module.number);
        html!(out, "</span>", module.title, "</h3>");
        figures::of_module(out, &module.id, &module.title, &progress.module(&module.id));
        if module.lessons.iter().any(|lesson| lesson.count > 0) {
            html!(
                out,
                "<p><a class=\"button\" href=\"#/practice/module/",
                module.id,
                "\" aria-label=\"练习全部题目：“"
            );
            html!(out, module.title, "”\">练习全部题目</a></p>");
        }
        html!(
            out,
            "<details><summary>按课练习</summary><ul class=\"plain-links\">"
        );
        for lesson in &module.lessons {
            if lesson.count == 0 {
                continue;
            }
            let figures = of_lesson(lesson, study);
            html!(
                out,
                "<li><a href=\"#/practice/lesson/",
                lesson.id,
                "\"><span>",
                lesson.title
            );
            html!(
                out,
                "</span><span class=\"muted\">",
                figures.answered,
                "/",
                figures.questions,
                "</span></a></li>"
            );
        }
        html!(out, "</ul></details>");
        scopes::points(out, module, study);
        html!(out, "</li>");
    }
    html!(out, "</ul></div>");
}

/// What a sitting is about.
struct Subject {
    title: String,
    /// Where to go back to, and its name.
    back: String,
    back_label: String,
    /// The modules whose banks are needed.
    modules: Vec<String>,
    /// The questions in the course's order, or as they were drawn.
    questions: Vec<Asked>,
    /// Whether they are asked at random, whoever they are for.
    at_random: bool,
}

impl Subject {
    fn of(scope: &Scope, course: &Catalogue, study: &Study) -> Option<Self> {
        let mut subject = match scope {
            Scope::Module(id) => {
                let module = course.module(id)?;
                Self::named(
                    &format!("自测：{}", module.title),
                    format!("#/module/{id}"),
                    &module.title,
                )
            }
            Scope::Lesson(id) => {
                let (_, lesson) = course.lesson(id)?;
                Self::named(
                    &format!("自测：{}", lesson.title),
                    format!("#/lesson/{id}"),
                    &lesson.title,
                )
            }
            Scope::Point(name) => Self::named(&format!("自测：知识点“{name}”"), "#/practice".into(), "自测"),
            Scope::Random(_) => Self::named("自测：随机抽题", "#/practice".into(), "自测"),
            Scope::Unseen(_) => Self::named("自测：没做过的优先", "#/practice".into(), "自测"),
            Scope::Favourite => Self::named("自测：收藏的题", "#/practice".into(), "自测"),
            Scope::Wrong => Self::named("重做错题", "#/practice".into(), "自测"),
            Scope::Groups => Self::named("自测：您的群体", "#/practice".into(), "自测"),
            Scope::Due => Self::named("复习", "#/practice".into(), "自测"),
            // Its questions are not the course's: see `of_own`.
            Scope::Own(_) => {
                return Some(Self::named("自测：自有题库", "#/banks".into(), "自有题库"));
            }
        };
        for module in &course.modules {
            for lesson in &module.lessons {
                let whole = match scope {
                    Scope::Module(id) => module.id == *id,
                    Scope::Lesson(id) => lesson.id == *id,
                    Scope::Random(_) | Scope::Unseen(_) => true,
                    Scope::Groups => concerns(&lesson.tracks, &study.groups),
                    Scope::Wrong | Scope::Favourite | Scope::Point(_) | Scope::Due | Scope::Own(_) => false,
                };
                subject.take(scope, lesson, study, whole);
            }
        }
        if let Scope::Random(count) | Scope::Unseen(count) = scope {
            let limit = if *count == 0 {
                usize::MAX
            } else {
                usize::from(*count)
            };
            subject.at_random = matches!(scope, Scope::Random(_));
            draw(
                &mut subject.questions,
                env().chance as u64,
                limit,
                !subject.at_random,
            );
        }
        if *scope == Scope::Due {
            for due in due(course, study, &study.plan, env().now.date())
                .into_iter()
                .take(AT_ONCE)
            {
                subject.ask(due.lesson, due.question, study);
            }
        }
        // Only the banks that are needed are fetched.
        for module in &course.modules {
            let mut own = module.lessons.iter().flat_map(|lesson| &lesson.questions);
            if own.any(|question| subject.questions.iter().any(|asked| asked.id == question.id)) {
                subject.modules.push(module.id.clone());
            }
        }
        Some(subject)
    }

    fn named(title: &str, back: String, back_label: &str) -> Self {
        Self {
            title: title.into(),
            back,
            back_label: back_label.into(),
            modules: Vec::new(),
            questions: Vec::new(),
            at_random: false,
        }
    }

    /// Takes the questions of an own bank.
    fn take_own(&mut self, bank: &QuestionBank, study: &Study) {
        for question in &bank.questions {
            let known = QuestionRef {
                id: question.id.clone(),
                hash: question.content_hash(),
                points: Vec::new(),
            };
            self.questions.push(Asked {
                standing: mistakes::standing(&known, study),
                id: known.id,
                own: false,
                case: None,
            });
        }
    }

    /// Takes the lesson's questions that the scope asks for, or all of them; never hidden ones.
    fn take(&mut self, scope: &Scope, lesson: &Lesson, study: &Study, whole: bool) {
        for question in &lesson.questions {
            let standing = mistakes::standing(question, study);
            let wanted = whole
                || match scope {
                    Scope::Wrong => standing == Standing::Wrong,
                    Scope::Favourite => study.is_marked(&question.id, Mark::Favourite),
                    Scope::Point(name) => question.points.contains(name),
                    _ => false,
                };
            if wanted {
                self.ask(lesson, question, study);
            }
        }
    }

    /// Takes a question, unless it is hidden.
    fn ask(&mut self, lesson: &Lesson, question: &QuestionRef, study: &Study) {
        if !study.is_marked(&question.id, Mark::Hidden) {
            self.questions.push(Asked {
                id: question.id.clone(),
                standing: mistakes::standing(question, study),
                own: concerns(&lesson.tracks, &study.groups),
                case: None,
            });
        }
    }
}

/// A sitting as it goes.
#[derive(Default)]
struct State {
    /// `None` while the questions are being fetched.
    sitting: Option<Sitting>,
    banks: Vec<Arc<QuestionBank>>,
    /// What was chosen for the present question, and whether it was right, once it is answered.
    answered: Option<(Choice, bool)>,
    /// Why the questions could not be fetched.
    failed: String,
    /// What an own bank is called.
    name: String,
}

impl State {
    fn question(&self, id: &str) -> Option<(&QuestionBank, &Question)> {
        let mut banks = self.banks.iter();
        banks.find_map(|bank| Some((bank.as_ref(), bank.question(id)?)))
    }

    fn present(&self) -> Option<(&QuestionBank, &Question)> {
        self.question(self.sitting.as_ref()?.current()?)
    }
}

/// One sitting.
#[component]
pub(in crate::ui) fn PracticePage(
    /// Over which questions.
    scope: Scope,
) -> impl IntoView {
    let desk = use_desk();
    let own = match &scope {
        Scope::Own(id) => Some(id.clone()),
        _ => None,
    };
    let subject = move || {
        let course = desk.course.get_untracked()?;
        desk.study
            .with_untracked(|study| Subject::of(&scope, &course, study.state()))
    };
    let subject = Arc::new(subject);
    let Some(first) = subject() else {
        return view! {
            <h1>"没有这些题"</h1>
            <p>"它们可能已经从课程里去掉了。"<a href="#/practice">"回到自测"</a></p>
        }
        .into_any();
    };
    let state = RwSignal::new(State::default());

    let begin = move |again: bool| {
        state.set(State::default());
        let (subject, own) = (subject.clone(), own.clone());
        spawn_local(async move {
            let mut new = State::default();
            // Which questions there are is not in the catalogue.
            if let Err(why) = desk.refs().await {
                new.failed = why;
            }
            let Some(mut subject) = subject() else { return };
            if let Some(id) = &own {
                match desk.own_bank(id).await {
                    Ok(bank) => {
                        new.name.clone_from(&bank.name);
                        let bank = bank.into_bank();
                        desk.study
                            .with_untracked(|study| subject.take_own(&bank, study.state()));
                        new.banks.push(Arc::new(bank));
                    }
                    Err(why) => new.failed = why,
                }
            }
            for module in &subject.modules {
                match desk.bank(module).await {
                    Ok(bank) => new.banks.push(bank),
                    Err(why) => new.failed = why,
                }
            }
            if new.failed.is_empty() {
                subject
                    .questions
                    .retain_mut(|asked| match new.question(&asked.id) {
                        Some((_, question)) => {
                            asked.case.clone_from(&question.case);
                            true
                        }
                        None => false,
                    });
                let groups = desk.study.with_untracked(|study| study.state().groups.clone());
                for asked in &mut subject.questions {
                    let question = new.question(&asked.id);
                    asked.own |= !subject.at_random
                        && question.is_some_and(|(_, question)| concerns(&question.tracks, &groups));
                }
                new.sitting = Some(Sitting::new(&subject.questions, env().chance as u64));
            }
            // Gone when the reader has left meanwhile.
            if state.try_set(new).is_none() && again {
                focus_soon(HEADING);
                focus_soon(SUMMARY);
            }
        });
    };
    begin(false);

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A short answer is judged once its writer has seen the key points.
        if open_points() {
            return;
        }
        let choice = given();
        let graded = state.with_untracked(|state| {
            if state.answered.is_some() {
                return Err(String::new());
            }
            let (_, question) = state.present().ok_or("这道题已不在题库里，请重新开始")?;
            let correct = question.grade(&choice).map_err(|why| why.message().to_owned())?;
            desk.act(Action::Answer(question, choice.clone()))
                .map_err(|refusal| refusal.message)?;
            local::keep_draft(&question.id, "");
            Ok::<_, String>(correct)
        });
        match graded {
            Ok(correct) => {
                state.update(|state| {
                    if let Some(sitting) = &mut state.sitting {
                        sitting.note(correct);
                    }
                    state.answered = Some((choice, correct));
                });
                focus_soon(RESULT);
            }
            Err(why) => {
                let mut out = Markup::default();
                html!(out, "<p class=\"error\" role=\"alert\">", why, "</p>");
                field::put(COMPLAINT, out);
            }
        }
    };
    let click = move |event: MouseEvent| {
        if let Some(mark) = page::data_of(&event, "data-mark").as_deref().and_then(Mark::of) {
            let present = state.with_untracked(|state| {
                let question = state.present().map(|(_, question)| question.id.clone());
                question.map(|id| (id, state.answered.is_some()))
            });
            let Some((id, answered)) = present else { return };
            if marked::press(desk, &id, mark) && mark == Mark::Hidden && !answered {
                state.update(|state| {
                    if let Some(sitting) = &mut state.sitting {
                        sitting.skip();
                    }
                });
                focus_soon(HEADING);
                focus_soon(SUMMARY);
            }
            return;
        }
        let end = match page::data_of(&event, "data-do").as_deref() {
            Some(towards @ ("up" | "down")) => {
                if let Some(button) = event.target().and_then(|target| target.dyn_into().ok()) {
                    move_item(&button, towards == "up");
                }
                return;
            }
            Some("next") => false,
            Some("end") => true,
            Some("again") => return begin(true),
            _ => return,
        };
        state.update(|state| {
            if let Some(sitting) = &mut state.sitting {
                sitting.go_on();
                if end {
                    sitting.end();
                }
            }
            state.answered = None;
        });
        // One of them is there.
        focus_soon(HEADING);
        focus_soon(SUMMARY);
    };
    Effect::new(move |_| {
        let mut out = Markup::default();
        if let Some(course) = desk.course.get() {
            state.with(|state| {
                sheet(&mut out, &course, &first, state);
                if let Some((_, question)) = state.present() {
                    // Untracked: what is being answered is not made again when a mark changes.
                    desk.study.with_untracked(|study| {
                        marked::buttons(&mut out, &question.id, study.state(), state.answered.is_some());
                    });
                }
            });
        }
        settle(SHEET, &out.done());
    });
    let input = move |event: Event| {
        if let Some(question) = page::data_of(&event, "data-draft") {
            local::keep_draft(&question, &event_target_value(&event));
        }
    };
    let keys = Prefs::load().keys.then(|| page::on_key(press_key)).flatten();
    // Kept as long as the page.
    StoredValue::new_local(keys);
    view! {
        <div
            class="stack sitting" on:submit=submit on:click=click on:input=input
            on:change=move |_| mark_chosen()
        >
            <div class="shown" id=SHEET></div>
        </div>
    }
    .into_any()
}

/// 1–9 and A–F choose, Enter submits or goes on; gives whether the key meant something.
fn press_key(key: &str) -> bool {
    let at = match key.as_bytes() {
        [digit @ b'1'..=b'9'] => digit - b'1',
        [letter @ (b'a'..=b'f' | b'A'..=b'F')] => letter.to_ascii_lowercase() - b'a',
        _ => return key == "Enter" && page::press(".quiz [type=submit], .quiz [data-do=next]", 0),
    };
    page::press(".quiz fieldset > .options input:enabled", at.into())
}

fn sheet(out: &mut Markup, course: &Catalogue, subject: &Subject, state: &State) {
    html!(
        out,
        "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/practice\">自测</a>"
    );
    if subject.back != "#/practice" {
        html!(out, "<a href=\"", subject.back, "\">", subject.back_label, "</a>");
    }
    html!(out, "</nav><h1>", subject.title);
    if !state.name.is_empty() {
        html!(out, "“", state.name, "”");
    }
    html!(out, "</h1>");
    let Some(sitting) = &state.sitting else {
        if state.failed.is_empty() {
            html!(out, "<p class=\"waiting\" role=\"status\">正在取题……</p>");
        } else {
            out.raw(&alert(&format!("题目没有取到：{}", state.failed)));
            html!(
                out,
                "<p><button type=\"button\" class=\"button\" data-do=\"again\" data-testid=\"retry\">重试</button></p>"
            );
        }
        return;
    };
    let Some((bank, present)) = state.present() else {
        summary(out, sitting, state, subject);
        return;
    };
    let ((at, of), (right, answered)) = (sitting.position(), sitting.score());
    html!(
        out,
        "<div class=\"sitting-line\"><span>第 <span data-testid=\"position\">",
        at
    );
    html!(
        out,
        "</span> / <span data-testid=\"count\">",
        of,
        "</span> 题</span><span>本次答对 <span data-testid=\"score\">"
    );
    html!(out, right, "</span> / ", answered, "</span>");
    if answered > 0 && at < of {
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-do=\"end\" data-testid=\"end-sitting\">结束本次</button>"
        );
    }
    html!(
        out,
        "</div><progress class=\"bar\" max=\"",
        of,
        "\" value=\"",
        at - 1,
        "\" aria-label=\"第 ",
        at
    );
    html!(out, " 题，共 ", of, " 题\"></progress>");
    let answered = state
        .answered
        .as_ref()
        .map(|(choice, correct)| (choice, *correct));
    let next = if at == of { "看小结" } else { "下一题" };
    question(out, present, sitting.seed(), course, bank, answered, next);
}

/// How the sitting went.
fn summary(out: &mut Markup, sitting: &Sitting, state: &State, subject: &Subject) {
    let (right, answered) = sitting.score();
    if sitting.position().1 == 0 {
        html!(
            out,
            "<p class=\"empty\" id=\"",
            SUMMARY,
            "\" tabindex=\"-1\">这里现在没有题可做。</p><p>"
        );
        back(out, subject);
        html!(out, "</p>");
        return;
    }
    html!(
        out,
        "<section class=\"card stack\" data-testid=\"summary\"><h2 id=\"",
        SUMMARY
    );
    html!(
        out,
        "\" tabindex=\"-1\">本次小结</h2><p class=\"outcome-line\">答了 <strong data-testid=\"summary-answered\">",
        answered,
        "</strong> 题，答对 <strong data-testid=\"summary-right\">",
        right,
        "</strong> 题</p>"
    );
    if right == answered {
        html!(out, "<p>这一次没有答错。</p>");
    } else {
        html!(out, "<h3>这次答错的题</h3><ol class=\"wrong-list\">");
        for (_, question) in sitting.wrong().filter_map(|id| state.question(id)) {
            html!(
                out,
                "<li data-wrong=\"",
                question.id,
                "\"><p>",
                question.stem,
                "</p>"
            );
            // An own bank's question has no lesson.
            if !question.lesson.is_empty() {
                html!(
                    out,
                    "<a href=\"",
                    place(question),
                    "\" aria-label=\"看课文里的这一段：",
                    question.stem,
                    "\">看课文里的这一段</a>"
                );
            }
            html!(out, "</li>");
        }
        html!(out, "</ol>");
    }
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-do=\"again\" data-testid=\"again\">再来一次</button>"
    );
    back(out, subject);
    html!(out, "</div></section>");
}

fn back(out: &mut Markup, subject: &Subject) {
    html!(
        out,
        "<a class=\"button\" href=\"",
        subject.back,
        "\">回到“",
        subject.back_label,
        "”</a>"
    );
}
