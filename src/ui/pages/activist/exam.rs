//! One exam: while it runs, while it is paused, and when it is over.
//!
//! What was answered is in the journal as soon as it is chosen, or a second after the last letter;
//! nothing of it lives on this page. The question is drawn anew only when another one comes or
//! another tab has answered it: what has the focus keeps it.

use super::exams::{Banks, in_words};
use crate::domain::course::Catalogue;
use crate::domain::question::{Choice, Kind, Question};
use crate::domain::study::EventId;
use crate::domain::study::exam::marks::{Score, in_points};
use crate::domain::study::exam::stopwatch::{Noted, Stopwatch};
use crate::domain::study::exam::{Exam, Step, hand_in};
use crate::platform::clock::{now, sleep, steady_ms};
use crate::platform::{local, page};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{attribute, has, put, say};
use crate::ui::components::question::{
    COMPLAINT, asked, focus_soon, given_in, mark_chosen, move_item, reviewed,
};
use crate::ui::components::shown::{alert, clock, table, table_end};
use crate::ui::desk::{Desk, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// What has the focus once an exam is handed in, paused or taken up.
const TOP: &str = "exam-top";
/// Where the time left stands.
const LEFT: &str = "exam-left";
/// Where screen readers are told of it.
const SAID: &str = "exam-said";
/// When they are, in minutes.
const TELL: [u64; 3] = [10, 5, 1];
/// How often the time used is noted, in milliseconds.
const NOTE_EVERY: u64 = 3_000;
/// How long after the last letter a text is kept, and how long at most while letters come.
const REST: (u64, u64) = (1_000, 10_000);

/// How an exam stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Missing,
    Running,
    Paused,
    Over,
}

/// The questions of the exam, once they are fetched.
#[derive(Default)]
struct Loaded {
    course: Option<Arc<Catalogue>>,
    banks: Banks,
    failed: String,
}

/// Text that is being typed: the question, since when, and when last.
type Typing = Option<(String, u64, u64)>;

/// Everything about the exam on this page.
#[derive(Clone, Copy)]
struct Table {
    desk: Desk,
    id: StoredValue<EventId>,
    loaded: RwSignal<Loaded>,
    /// The item on the page.
    at: RwSignal<usize>,
    /// Whether all items are on the page.
    whole: RwSignal<bool>,
    /// Grows when the question must be drawn again.
    drawn: RwSignal<u32>,
    /// What this page knows to be answered: what it has drawn or kept itself.
    known: StoredValue<Vec<Choice>>,
    watch: StoredValue<Option<Stopwatch>>,
    noted_at: StoredValue<u64>,
    typing: StoredValue<Typing>,
}

/// One exam.
#[component]
pub(in crate::ui) fn ExamPage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let desk = use_desk();
    let table = Table {
        desk,
        id: StoredValue::new(EventId(id)),
        loaded: RwSignal::new(Loaded::default()),
        at: RwSignal::new(0),
        whole: RwSignal::new(false),
        drawn: RwSignal::new(0),
        known: StoredValue::new(Vec::new()),
        watch: StoredValue::new(None),
        noted_at: StoredValue::new(0),
        typing: StoredValue::new(None),
    };
    let phase = Memo::new(move |_| {
        table
            .desk
            .study
            .with(|study| match table.id.with_value(|id| study.state().exam(id)) {
                None => Phase::Missing,
                Some(exam) if exam.begun.paper => Phase::Missing,
                Some(exam) if !exam.is_open() => Phase::Over,
                Some(exam) if exam.paused => Phase::Paused,
                Some(_) => Phase::Running,
            })
    });
    table.load();
    table.count();
    // Gone with the page.
    let leaving = page::on_pagehide(move || {
        table.keep_typed();
        table.leave_note();
    });
    let _leaving = StoredValue::new_local(leaving);
    on_cleanup(move || table.keep_typed());
    Effect::new(move |_| table.follow());

    let asking = RwSignal::new(false);
    let warning = RwSignal::new(String::new());
    Effect::new(move |_| {
        // Over, here or in another tab, or because time is up: there is nothing left to ask.
        if phase.get() == Phase::Over {
            asking.set(false);
        }
    });
    let click = move |event: MouseEvent| {
        let Some(deed) = page::data_of(&event, "data-do") else {
            return;
        };
        let item = page::data_of(&event, "data-item").and_then(|at| at.parse().ok());
        match (deed.as_str(), item) {
            ("up" | "down", _) => {
                if let Some(button) = event.target().and_then(|target| target.dyn_into().ok()) {
                    move_item(&button, deed == "up");
                    table.keep(&event);
                }
            }
            ("go", Some(at)) => table.go(at),
            ("flag", Some(at)) => table.flag(at),
            ("whole", _) => {
                table.keep_typed();
                table.whole.update(|whole| *whole = !*whole);
                focus_soon(TOP);
            }
            ("pause", _) => table.stop(true),
            ("resume", _) => table.stop(false),
            ("again", _) => table.load(),
            ("hand-in", _) => {
                table.keep_typed();
                warning.set(table.warning());
                asking.set(true);
            }
            _ => {}
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        table.keep_typed();
    };
    let change = move |event: Event| {
        mark_chosen();
        table.keep(&event);
    };
    let input = move |event: Event| {
        if let Some(id) = page::data_of(&event, "data-text").and(page::data_of(&event, "data-question")) {
            let at = steady_ms();
            table.typing.update_value(|typing| match typing {
                Some((known, _, last)) if *known == id => *last = at,
                _ => *typing = Some((id, at, at)),
            });
        }
    };
    let head = Signal::derive(move || table.head(phase.get()));
    let body = Signal::derive(move || table.body(phase.get()));
    let sheet = Signal::derive(move || table.sheet(phase.get()));
    view! {
        <div class="stack exam" on:click=click on:submit=submit on:change=change on:input=input>
            <Shown of=head/>
            <p class="visually-hidden" role="status" id=SAID></p>
            <Shown of=body/>
            <Shown of=sheet/>
        </div>
        <Confirm open=asking title="交卷？" text=warning action="交卷" done=move |()| table.hand_in() testid="hand-in"/>
    }
}

impl Table {
    /// Reads the exam, without following it.
    fn peek<T>(self, read: impl FnOnce(&Exam) -> T) -> Option<T> {
        self.desk.study.with_untracked(|study| {
            let exam = self.id.try_with_value(|id| study.state().exam(id))?;
            exam.map(read)
        })
    }

    /// Fetches the questions.
    fn load(self) {
        let Some(exam) = self.peek(Exam::clone) else {
            return;
        };
        self.loaded.set(Loaded::default());
        spawn_local(async move {
            let loaded = match Banks::of(self.desk, &exam).await {
                Ok((course, banks)) => Loaded {
                    course: Some(course),
                    banks,
                    failed: String::new(),
                },
                Err(failed) => Loaded {
                    failed,
                    ..Loaded::default()
                },
            };
            // Gone when the reader has left meanwhile.
            self.loaded.try_set(loaded);
        });
    }

    /// Counts as long as the page is there.
    fn count(self) {
        spawn_local(async move {
            while self.watch.try_update_value(|_| ()).is_some() {
                self.tick();
                sleep(500).await;
            }
        });
    }

    fn note_name(self) -> String {
        self.id.try_with_value(|id| id.to_string()).unwrap_or_default()
    }

    /// Reads the clocks; what has been typed is kept, and what is over is handed in.
    fn tick(self) {
        let stand = self.peek(|exam| {
            (
                exam.is_open(),
                exam.paused,
                exam.limit_ms(),
                exam.clock.used_ms,
                exam.clock_at,
            )
        });
        let Some((true, paused, limit, used_ms, started)) = stand else {
            return;
        };
        if paused {
            self.watch.set_value(None);
            // Another tab may have left one before it heard of the pause.
            let _ = local::keep_note(&self.note_name(), "");
            return;
        }
        let (wall, steady) = (now().ms, steady_ms());
        let noted = local::note(&self.note_name()).and_then(|text| Noted::read(&text));
        let before = self.left();
        self.watch.update_value(|watch| match watch {
            Some(watch) => {
                watch.tick(wall, steady);
                if let Some(noted) = noted {
                    watch.hear(noted);
                }
            }
            None => {
                let started = Noted {
                    used_ms,
                    wall_ms: started.ms,
                };
                *watch = Some(Stopwatch::new(limit, started, noted, wall, steady));
            }
        });
        let left = self.left();
        say(LEFT, &clock(left.div_ceil(1_000) * 1_000));
        for minutes in TELL {
            if before > minutes * 60_000 && left <= minutes * 60_000 && left > 0 {
                say(SAID, &format!("还剩 {minutes} 分钟"));
            }
        }
        let due = self.typing.with_value(|typing| {
            typing
                .as_ref()
                .is_some_and(|(_, since, last)| steady >= last + REST.0 || steady >= since + REST.1)
        });
        if due {
            self.keep_typed();
        }
        if left == 0 {
            self.hand_in();
        } else if noted.is_none() || steady >= self.noted_at.get_value() + NOTE_EVERY {
            self.leave_note();
        }
    }

    fn left(self) -> u64 {
        let left = self.watch.with_value(|watch| watch.map(|watch| watch.left_ms()));
        left.unwrap_or_default()
    }

    fn used(self) -> u64 {
        let used = self.watch.with_value(|watch| watch.map(|watch| watch.used_ms()));
        used.unwrap_or_default()
    }

    /// Notes the time used, for the next page and other tabs.
    fn leave_note(self) {
        if let Some(Some(watch)) = self.watch.try_get_value() {
            self.noted_at.set_value(steady_ms());
            // Without it the next page believes the journal and the wall clock.
            let _ = local::keep_note(&self.note_name(), &watch.noted().write());
        }
    }

    /// Keeps the answer to the question that an event came from.
    fn keep(self, event: &Event) {
        if let Some(question) = page::data_of(event, "data-question") {
            self.keep_answer(&question);
        }
    }

    /// Keeps what is being typed.
    fn keep_typed(self) {
        let typing = self.typing.try_update_value(Option::take).flatten();
        if let Some((question, ..)) = typing {
            self.keep_answer(&question);
        }
    }

    /// Keeps what the page has for a question, where that is something new.
    fn keep_answer(self, question: &str) {
        let mut chosen = given_in(&format!("[data-question=\"{question}\"]"));
        if chosen.iter().all(|text| text.trim().is_empty()) {
            chosen.clear();
        }
        let Some(at) = self.peek(|exam| exam.place(question)).flatten() else {
            return;
        };
        // Gone from the page: what is not there is not taken back either.
        if !has(&heading(at), "id") {
            return;
        }
        let new = self.known.try_update_value(|known| match known.get_mut(at) {
            Some(known) if *known != chosen => {
                known.clone_from(&chosen);
                true
            }
            _ => false,
        });
        if new == Some(true) {
            self.act(|id| Step::Answer(id, question.to_owned(), chosen));
            self.leave_note();
        }
    }

    fn act(self, step: impl FnOnce(EventId) -> Step) {
        let Some(id) = self.id.try_get_value() else { return };
        if let Err(refusal) = self.desk.examine(step(id)) {
            let mut out = Markup::default();
            html!(out, "<p class=\"error\" role=\"alert\">", refusal.message, "</p>");
            put(COMPLAINT, out);
        }
    }

    /// Goes to an item.
    fn go(self, at: usize) {
        self.keep_typed();
        if !self.whole.get_untracked() {
            self.at.set(at);
        }
        request_animation_frame(move || {
            page::focus(&heading(at));
        });
    }

    fn flag(self, at: usize) {
        let item = self.peek(|exam| {
            let item = exam.given.get(at)?;
            Some((item.question.clone(), !item.flagged))
        });
        if let Some((question, flagged)) = item.flatten() {
            self.act(|id| Step::Flag(id, question, flagged));
        }
    }

    /// Stops the clock or lets it run on.
    fn stop(self, pause: bool) {
        self.keep_typed();
        let used = self.used();
        if pause {
            self.act(|id| Step::Pause(id, used));
            // The note told of a clock that ran.
            let _ = local::keep_note(&self.note_name(), "");
            self.watch.set_value(None);
        } else {
            let used = self.peek(|exam| exam.clock.used_ms).unwrap_or_default();
            self.act(|id| Step::Resume(id, used));
            self.tick();
        }
        focus_soon(TOP);
    }

    /// Hands in what there is; without the questions there are no marks yet.
    fn hand_in(self) {
        self.keep_typed();
        let used = self.used();
        let all = self.loaded.with_untracked(|loaded| {
            loaded.course.as_ref()?;
            let find = |id: &str| loaded.banks.find(id).map(|(_, question)| question);
            self.peek(|exam| hand_in(exam, &find, used))
        });
        if let Some(all) = all.filter(|all| !all.is_empty()) {
            self.desk.happen(all);
            let _ = local::keep_note(&self.note_name(), "");
            page::scroll_to_top();
            focus_soon(TOP);
        }
    }

    /// What to know before handing in.
    fn warning(self) -> String {
        let text = self.loaded.with_untracked(|loaded| {
            self.peek(|exam| {
                let open: Vec<String> = (0..exam.begun.items.len())
                    .filter(|at| !is_answered(exam, loaded, *at))
                    .map(|at| (at + 1).to_string())
                    .collect();
                let flagged = exam.given.iter().filter(|given| given.flagged).count();
                let mut text = match open.len() {
                    0 => "每道题都答了。".to_owned(),
                    some => {
                        let first = open.get(..some.min(20)).unwrap_or_default().join("、");
                        let more = if some > 20 { "等" } else { "" };
                        format!("还有 {some} 题没有答完：第 {first} 题{more}。")
                    }
                };
                if flagged > 0 {
                    text += &format!("标记了 {flagged} 题。");
                }
                text + "交卷以后不能再改。"
            })
        });
        text.unwrap_or_default()
    }

    /// Follows what other tabs do: flags on the page, and answers to what is on it.
    fn follow(self) {
        self.desk.study.track();
        let other = self.peek(|exam| {
            for (at, given) in exam.given.iter().enumerate() {
                let pressed = if given.flagged { "true" } else { "false" };
                attribute(&format!("flag-{at}"), "aria-pressed", Some(pressed));
            }
            self.known.with_value(|known| {
                let mut pairs = known.iter().zip(&exam.given);
                pairs.any(|(known, given)| *known != given.chosen)
            })
        });
        if other == Some(true) && self.typing.with_value(Option::is_none) {
            self.drawn.update(|drawn| *drawn += 1);
        }
    }

    fn head(self, phase: Phase) -> String {
        let mut out = Markup::default();
        html!(
            out,
            "<nav class=\"crumbs\" aria-label=\"当前位置\"><a href=\"#/practice\">自测</a><a href=\"#/exam\">模拟考试</a></nav>"
        );
        let Some(exam) = self.peek(Exam::clone).filter(|_| phase != Phase::Missing) else {
            html!(
                out,
                "<h1>没有这场考试</h1><p><a href=\"#/exam\">回到模拟考试</a></p>"
            );
            return out.done();
        };
        let blueprint = &exam.begun.blueprint;
        html!(
            out,
            "<h1 id=\"",
            TOP,
            "\" tabindex=\"-1\">",
            blueprint.name,
            "</h1>"
        );
        match phase {
            Phase::Running => {
                html!(out, "<p class=\"muted\">", in_words(blueprint), "</p>");
                html!(
                    out,
                    "<div class=\"exam-bar\"><span>剩余 <strong id=\"",
                    LEFT,
                    "\" role=\"timer\">",
                    clock(self.left()),
                    "</strong></span>"
                );
                if blueprint.pause {
                    html!(
                        out,
                        "<button type=\"button\" class=\"button\" data-do=\"pause\">暂停</button>"
                    );
                }
                html!(
                    out,
                    "<button type=\"button\" class=\"button\" data-do=\"whole\">",
                    if self.whole.get() {
                        "一次一题"
                    } else {
                        "整卷"
                    },
                    "</button><button type=\"button\" class=\"button button-primary\" data-do=\"hand-in\">交卷</button><div class=\"shown\" id=\"",
                    COMPLAINT,
                    "\" aria-live=\"polite\"></div></div>"
                );
            }
            Phase::Paused => {
                html!(
                    out,
                    "<p>已暂停，用了 ",
                    clock(exam.clock.used_ms),
                    "。</p><p><button type=\"button\" class=\"button button-primary button-large\" data-do=\"resume\">继续考试</button></p>"
                );
            }
            Phase::Over => verdict(&mut out, &exam),
            Phase::Missing => {}
        }
        out.done()
    }

    fn body(self, phase: Phase) -> String {
        let mut out = Markup::default();
        if !matches!(phase, Phase::Running | Phase::Over) {
            return out.done();
        }
        self.loaded.with(|loaded| {
            let Some(course) = &loaded.course else {
                if loaded.failed.is_empty() {
                    html!(out, "<p class=\"waiting\" role=\"status\">正在取题……</p>");
                } else {
                    out.raw(&alert(&format!(
                        "题目没有取到：{}。已答的都在，时间仍在计。",
                        loaded.failed
                    )));
                    html!(
                        out,
                        "<p><button type=\"button\" class=\"button\" data-do=\"again\">重试</button></p>"
                    );
                }
                return;
            };
            let Some(exam) = self.peek(Exam::clone) else {
                return;
            };
            if phase == Phase::Over {
                return review(&mut out, &exam, loaded, course);
            }
            html!(out, "<div class=\"stack\" data-drawn=\"", self.drawn.get(), "\">");
            if self.whole.get() {
                for at in 0..exam.begun.items.len() {
                    item(&mut out, &exam, loaded, at);
                }
            } else {
                let at = self.at.get();
                item(&mut out, &exam, loaded, at);
                html!(out, "<div class=\"row\">");
                if at > 0 {
                    step(&mut out, at - 1, "上一题");
                }
                if at + 1 < exam.begun.items.len() {
                    step(&mut out, at + 1, "下一题");
                }
                html!(out, "</div>");
            }
            html!(out, "</div>");
            let known = exam.given.iter().map(|given| given.chosen.clone()).collect();
            self.known.set_value(known);
        });
        out.done()
    }

    /// The answer sheet.
    fn sheet(self, phase: Phase) -> String {
        let mut out = Markup::default();
        if phase != Phase::Running {
            return out.done();
        }
        self.desk.study.track();
        let present = self.at.get();
        let whole = self.whole.get();
        self.loaded.with(|loaded| {
            let Some(exam) = self.peek(Exam::clone).filter(|_| loaded.course.is_some()) else {
                return;
            };
            html!(
                out,
                "<nav class=\"card stack\" aria-label=\"答题卡\"><h2>答题卡</h2><ol class=\"answer-sheet\">"
            );
            for (at, given) in exam.given.iter().enumerate() {
                let (state, words) = match (is_answered(&exam, loaded, at), given.chosen.is_empty()) {
                    (true, _) => ("done", "已答"),
                    (false, true) => ("open", "未答"),
                    (false, false) => ("half", "没答完"),
                };
                html!(
                    out,
                    "<li><button type=\"button\" data-do=\"go\" data-item=\"",
                    at,
                    "\" data-state=\"",
                    state,
                    "\""
                );
                if given.flagged {
                    html!(out, " data-flagged");
                }
                if at == present && !whole {
                    html!(out, " aria-current=\"true\"");
                }
                html!(
                    out,
                    " aria-label=\"第 ",
                    at + 1,
                    " 题，",
                    words,
                    if given.flagged { "，已标记" } else { "" },
                    "\">",
                    at + 1,
                    "</button></li>"
                );
            }
            html!(
                out,
                "</ol><p class=\"muted\">实底已答，空底未答，虚线没答完，角标是标记。</p></nav>"
            );
        });
        out.done()
    }
}

fn heading(at: usize) -> String {
    format!("exam-item-{at}")
}

fn is_answered(exam: &Exam, loaded: &Loaded, at: usize) -> bool {
    match question_of(exam, loaded, at) {
        Some((_, question)) => exam.is_answered(at, question),
        // Changed or withdrawn: nothing to do.
        None => true,
    }
}

/// The question of an item, if it is still the one that was drawn.
fn question_of<'a>(
    exam: &Exam,
    loaded: &'a Loaded,
    at: usize,
) -> Option<(&'a crate::domain::course::QuestionBank, &'a Question)> {
    let (bank, question) = loaded.banks.find(&exam.given.get(at)?.question)?;
    exam.same(at, Some(question)).map(|question| (bank, question))
}

fn step(out: &mut Markup, to: usize, label: &str) {
    html!(
        out,
        "<button type=\"button\" class=\"button\" data-do=\"go\" data-item=\"",
        to,
        "\">",
        label,
        "</button>"
    );
}

/// One item to be answered.
fn item(out: &mut Markup, exam: &Exam, loaded: &Loaded, at: usize) {
    let Some(given) = exam.given.get(at) else { return };
    let (_, points) = exam.mark_of(at);
    html!(
        out,
        "<div class=\"sitting-line\"><span>第 <span data-testid=\"position\">",
        at + 1,
        "</span> / ",
        exam.begun.items.len(),
        " 题，"
    );
    html!(
        out,
        points,
        " 分</span><button type=\"button\" class=\"button flag\" data-do=\"flag\" id=\"flag-",
        at,
        "\" data-item=\"",
        at,
        "\" aria-pressed=\"",
        if given.flagged { "true" } else { "false" }
    );
    html!(
        out,
        "\" aria-label=\"标记第 ",
        at + 1,
        " 题\">标记</button></div>"
    );
    match question_of(exam, loaded, at) {
        Some((bank, question)) => {
            let hint = if question.kind == Kind::Multiple && exam.begun.blueprint.partial {
                "选两项或以上，少选得一半分，错选不得分"
            } else {
                question.kind.hint()
            };
            let seed = exam.begun.seed_of(at);
            asked(out, &heading(at), hint, (question, seed), bank, &given.chosen);
        }
        None => {
            html!(
                out,
                "<p class=\"notice\" tabindex=\"-1\" id=\"",
                heading(at),
                "\">这道题在考试开始以后更新或撤下了，不用作答，按满分计。</p>"
            );
        }
    }
}

/// The result in figures.
fn verdict(out: &mut Markup, exam: &Exam) {
    let score = exam.score();
    html!(
        out,
        "<section class=\"card stack\" data-testid=\"exam-result\"><p class=\"outcome-line\"><strong data-testid=\"exam-score\">",
        score.won(),
        "</strong> / ",
        score.points,
        " 分，<strong>"
    );
    html!(
        out,
        if exam.is_passed() { "及格" } else { "不及格" },
        "</strong>（",
        exam.begun.blueprint.pass,
        " 分及格）</p><p>得满分 ",
        score.full,
        " 题，共 "
    );
    html!(
        out,
        score.items,
        " 题；用时 ",
        clock(exam.clock.used_ms),
        "。仅供练习，不代表任何考试的结果。</p><div class=\"row\"><a class=\"button button-primary\" href=\"#/exam\">再考一次</a>"
    );
    for (page, label) in [("print", "打印空白卷"), ("key", "打印答案")] {
        html!(
            out,
            "<a class=\"button\" href=\"#/exam/",
            exam.id().0,
            "/",
            page,
            "\">",
            label,
            "</a>"
        );
    }
    html!(out, "</div></section>");
}

/// The result by module and by knowledge point, and every question with its explanation.
fn review(out: &mut Markup, exam: &Exam, loaded: &Loaded, course: &Catalogue) {
    let none = || vec!["已更新的题".to_owned()];
    let modules = exam.score_by(&mut |at| {
        let module = question_of(exam, loaded, at).and_then(|(bank, _)| course.module(&bank.module));
        module.map_or_else(none, |module| vec![module.title.clone()])
    });
    shares(out, "按模块", &modules);
    let points = exam.score_by(&mut |at| {
        question_of(exam, loaded, at).map_or_else(none, |(_, question)| question.points.clone())
    });
    html!(out, "<details><summary>按知识点看得分</summary>");
    shares(out, "按知识点", &points);
    html!(out, "</details><h2>逐题回看</h2>");
    for (at, given) in exam.given.iter().enumerate() {
        let (mark, points) = exam.mark_of(at);
        let full = mark == points * 2;
        html!(
            out,
            "<details class=\"card exam-review\" data-item=\"",
            at,
            "\" data-mark=\"",
            mark,
            "\"><summary>"
        );
        html!(
            out,
            if full { "✓" } else { "✕" },
            " 第 ",
            at + 1,
            " 题，",
            in_points(mark),
            " / "
        );
        html!(out, points, " 分</summary>");
        if let Some((bank, question)) = question_of(exam, loaded, at) {
            let outcome = match () {
                () if given.chosen.is_empty() => "✕ 没有作答",
                () if full => "✓ 得满分",
                () if mark > 0 => "✕ 少选，得一半分",
                () => "✕ 不得分",
            };
            let asked = (question, exam.begun.seed_of(at));
            reviewed(
                out,
                &heading(at),
                (outcome, full),
                asked,
                course,
                bank,
                &given.chosen,
            );
        } else {
            html!(out, "<p>这道题后来更新或撤下了；分数按交卷时的算，不再变。</p>");
        }
        html!(out, "</details>");
    }
}

fn shares(out: &mut Markup, label: &str, shares: &[(String, Score)]) {
    html!(out, "<h2>", label, "</h2>");
    table(out, label, &[label, "得分", "得分率", "题数"]);
    for (name, score) in shares {
        html!(
            out,
            "<tr><th scope=\"row\">",
            *name,
            "</th><td>",
            score.won(),
            " / ",
            score.points,
            "</td><td>"
        );
        html!(out, score.percent(), "%</td><td>", score.items, "</td></tr>");
    }
    table_end(out);
}
