//! Answering questions: what to practise, and one sitting.

use crate::domain::course::{Catalogue, Lesson, Module};
use crate::domain::question::sitting::{Sitting, Standing};
use crate::domain::question::{Choice, Question};
use crate::domain::study::progress::of_lesson;
use crate::domain::study::{Action, Study, mistakes};
use crate::ui::components::question::{HEADING, QuestionCard, focus_soon};
use crate::ui::components::{bar, figures};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::route::{Route, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

const SUMMARY: &str = "sitting-summary";

/// What can be practised.
#[component]
pub(in crate::ui) fn PracticeHomePage() -> impl IntoView {
    let desk = use_desk();
    let Some(course) = desk.course.get_untracked() else {
        return ().into_any();
    };
    let modules: Vec<_> = course
        .modules
        .iter()
        .map(|module| module_card(desk, module))
        .collect();
    let wrong = move || {
        match desk.study.with(|study| mistakes::wrong(&course, study.state()).count()) {
        0 => view! { <p class="empty">"现在没有错题。答错的题会收在这里，答对以后去掉。"</p> }.into_any(),
        count => view! {
            <section class="card wrong-card">
                <div>
                    <h2>"错题"</h2>
                    <p class="muted">"最近一次答错的题，答对以后就从这里去掉。"</p>
                </div>
                <a class="button button-primary" data-testid="practise-wrong" href=Route::Practice(Scope::Wrong).to_string()>
                    "重做 "<span data-testid="wrong-count">{count.to_string()}</span>" 道错题"
                </a>
            </section>
        }
        .into_any(),
    }
    };
    view! {
        <div class="stack">
            <h1>"自测"</h1>
            <p>"一次一题，提交后马上看到对错、理由和依据。没做过的排在前面，做错的其次；可以随时停下，答过的都已记下。"</p>
            {wrong}
            <h2>"按模块或按课练习"</h2>
            <ul class="modules">{modules}</ul>
        </div>
    }
    .into_any()
}

fn module_card(desk: Desk, module: &Module) -> AnyView {
    let (id, title) = (module.id.clone(), module.title.clone());
    let shown = move || {
        let figures = desk.progress.with(|progress| progress.module(&id));
        view! { {bar::bar(&title, &figures)}{figures::line(&id, &figures)} }
    };
    let lessons: Vec<_> = module
        .lessons
        .iter()
        .filter(|lesson| !lesson.questions.is_empty())
        .map(|lesson| lesson_link(desk, lesson))
        .collect();
    let all = (!lessons.is_empty()).then(|| {
        let to = Route::Practice(Scope::Module(module.id.clone()));
        let label = format!("练习“{}”的全部题目", module.title);
        view! { <p><a class="button" href=to.to_string() aria-label=label>"练习全部题目"</a></p> }
    });
    view! {
        <li class="card module-card" data-module=module.id.clone()>
            <h3>
                <span class="module-number">{format!("{:02}", module.number)}</span>
                {module.title.clone()}
            </h3>
            {shown}
            {all}
            <details>
                <summary>"按课练习"</summary>
                <ul class="plain-links">{lessons}</ul>
            </details>
        </li>
    }
    .into_any()
}

fn lesson_link(desk: Desk, lesson: &Lesson) -> AnyView {
    let own = lesson.clone();
    let answered = move || {
        let figures = desk.study.with(|study| of_lesson(&own, study.state()));
        format!("{}/{}", figures.answered, figures.questions)
    };
    view! {
        <li><a href=Route::Practice(Scope::Lesson(lesson.id.clone())).to_string()>
            <span>{lesson.title.clone()}</span><span class="muted">{answered}</span>
        </a></li>
    }
    .into_any()
}

/// What a sitting is about.
#[derive(Clone)]
struct Subject {
    title: String,
    /// Where to go back to.
    back: Route,
    back_label: String,
    /// The modules whose banks are needed.
    modules: Vec<String>,
    /// Question ids with how they stand.
    questions: Vec<(String, Standing)>,
}

impl Subject {
    fn of(scope: &Scope, course: &Catalogue, study: &Study) -> Option<Self> {
        let with_standing = |lesson: &Lesson| -> Vec<(String, Standing)> {
            let one = |question| mistakes::standing(question, study);
            lesson
                .questions
                .iter()
                .map(|question| (question.id.clone(), one(question)))
                .collect()
        };
        Some(match scope {
            Scope::Module(id) => {
                let module = course.module(id)?;
                Self {
                    title: format!("自测：{}", module.title),
                    back: Route::Module(id.clone()),
                    back_label: module.title.clone(),
                    modules: vec![id.clone()],
                    questions: module.lessons.iter().flat_map(with_standing).collect(),
                }
            }
            Scope::Lesson(id) => {
                let (module, lesson) = course.lesson(id)?;
                Self {
                    title: format!("自测：{}", lesson.title),
                    back: Route::Lesson(id.clone(), None),
                    back_label: lesson.title.clone(),
                    modules: vec![module.id.clone()],
                    questions: with_standing(lesson),
                }
            }
            Scope::Wrong => {
                let mut modules = Vec::new();
                let mut questions = Vec::new();
                for (module, _, question) in mistakes::wrong(course, study) {
                    if !modules.contains(&module.id) {
                        modules.push(module.id.clone());
                    }
                    questions.push((question.id.clone(), Standing::Wrong));
                }
                Self {
                    title: "重做错题".into(),
                    back: Route::PracticeHome,
                    back_label: "自测".into(),
                    modules,
                    questions,
                }
            }
        })
    }
}

/// The questions of a sitting by id.
type Questions = BTreeMap<String, Question>;

/// One sitting.
#[component]
pub(in crate::ui) fn PracticePage(
    /// Over which questions.
    scope: Scope,
) -> impl IntoView {
    let desk = use_desk();
    let Some(course) = desk.course.get_untracked() else {
        return ().into_any();
    };
    let subject = {
        let (scope, course) = (scope, course.clone());
        move || {
            desk.study
                .with_untracked(|study| Subject::of(&scope, &course, study.state()))
        }
    };
    let Some(first) = subject() else {
        return view! {
            <h1>"没有这些题"</h1>
            <p>"它们可能已经从课程里去掉了。"<a href=Route::PracticeHome.to_string()>"回到自测"</a></p>
        }
        .into_any();
    };
    let questions = StoredValue::new(Questions::new());
    let sitting = RwSignal::new(None::<Sitting>);
    let failed = RwSignal::new(None::<String>);

    let begin = move |again: bool| {
        let Some(subject) = subject() else { return };
        sitting.set(None);
        failed.set(None);
        spawn_local(async move {
            let mut known = Questions::new();
            for module in &subject.modules {
                match desk.bank(module).await {
                    Ok(bank) => known.extend(
                        bank.questions
                            .iter()
                            .map(|question| (question.id.clone(), question.clone())),
                    ),
                    Err(why) => {
                        failed.try_set(Some(why));
                        return;
                    }
                }
            }
            let asked: Vec<_> = subject
                .questions
                .into_iter()
                .filter(|(id, _)| known.contains_key(id))
                .collect();
            questions.try_set_value(known);
            // Gone when the reader has left meanwhile.
            if sitting
                .try_set(Some(Sitting::new(&asked, env().chance as u64)))
                .is_none()
                && again
            {
                focus_soon(HEADING);
                focus_soon(SUMMARY);
            }
        });
    };
    begin.clone()(false);

    let answer = move |choice: Choice| -> Result<bool, String> {
        let id =
            sitting.with_untracked(|sitting| sitting.as_ref().and_then(Sitting::current).map(str::to_owned));
        let graded = questions.with_value(|questions| {
            let question = id
                .and_then(|id| questions.get(&id))
                .ok_or("这道题已不在题库里，请重新开始")?;
            let correct = question.grade(&choice).map_err(|why| why.message().to_owned())?;
            desk.act(Action::Answer(question, choice))
                .map_err(|refusal| refusal.message)?;
            Ok::<_, String>(correct)
        })?;
        sitting.update(|sitting| {
            if let Some(sitting) = sitting {
                sitting.note(graded);
            }
        });
        Ok(graded)
    };
    let go = move |end: bool| {
        sitting.update(|sitting| {
            if let Some(sitting) = sitting {
                sitting.go_on();
                if end {
                    sitting.end();
                }
            }
        });
        let over = sitting.with_untracked(|sitting| {
            sitting
                .as_ref()
                .is_some_and(|sitting| sitting.current().is_none())
        });
        focus_soon(if over { SUMMARY } else { HEADING });
    };

    // Where the sitting is: `None` while loading, `Some(None)` when over. Answering does not change it.
    let place = Memo::new(move |_| {
        sitting.with(|sitting| {
            sitting
                .as_ref()
                .map(|sitting| sitting.current().map(|id| (id.to_owned(), sitting.seed())))
        })
    });
    let card = {
        let (course, begin, first) = (course.clone(), begin.clone(), first.clone());
        move || match place.get() {
            None => view! { <p class="waiting" role="status">"正在取题……"</p> }.into_any(),
            Some(Some((id, seed))) => {
                let question = questions.with_value(|questions| questions.get(&id).cloned());
                let last = sitting.with_untracked(|sitting| {
                    sitting.as_ref().is_some_and(|sitting| {
                        let (at, of) = sitting.position();
                        at == of
                    })
                });
                question
                    .map(|question| {
                        view! {
                            <QuestionCard
                                question seed course=course.clone() answer next=move |()| go(false)
                                next_label=if last { "看小结" } else { "下一题" }
                            />
                        }
                    })
                    .into_any()
            }
            Some(None) => {
                let begin = begin.clone();
                let again = Callback::new(move |()| begin(true));
                sitting.with_untracked(|sitting| {
                    let sitting = sitting.clone().unwrap_or_default();
                    questions.with_value(|questions| summary(&sitting, questions, &first, again))
                })
            }
        }
    };
    let position = move || {
        sitting.with(|sitting| {
            let sitting = sitting.as_ref().filter(|sitting| sitting.current().is_some())?;
            let ((at, of), (right, answered)) = (sitting.position(), sitting.score());
            let stop = (answered > 0 && at < of).then(|| view! {
                <button type="button" class="button button-plain" data-testid="end-sitting" on:click=move |_| go(true)>"结束本次"</button>
            });
            Some(view! {
                <div class="sitting-line">
                    <span>"第 "<span data-testid="position">{at.to_string()}</span>" / "<span data-testid="count">{of.to_string()}</span>" 题"</span>
                    <span>"本次答对 "<span data-testid="score">{right.to_string()}</span>" / "{answered.to_string()}</span>
                    {stop}
                </div>
                <progress class="bar" max=of.to_string() value=(at - 1).to_string() aria-label=format!("第 {at} 题，共 {of} 题")></progress>
            })
        })
    };
    let trouble = move || {
        let begin = begin.clone();
        failed.get().map(|why| view! {
            <div class="notice notice-danger" role="alert">
                <p>{format!("题目没有取到：{why}")}</p>
                <button type="button" class="button" data-testid="retry" on:click=move |_| begin(true)>"重试"</button>
            </div>
        })
    };
    view! {
        <div class="stack sitting">
            <nav class="crumbs" aria-label="当前位置">
                <a href=Route::PracticeHome.to_string()>"自测"</a>
                {(first.back != Route::PracticeHome).then(|| view! { <a href=first.back.to_string()>{first.back_label.clone()}</a> })}
            </nav>
            <h1>{first.title.clone()}</h1>
            {position}
            {trouble}
            {move || failed.with(Option::is_none).then(card.clone())}
        </div>
    }
    .into_any()
}

/// How the sitting went.
fn summary(sitting: &Sitting, questions: &Questions, subject: &Subject, again: Callback<()>) -> AnyView {
    let (right, answered) = sitting.score();
    if sitting.position().1 == 0 {
        return view! {
            <p class="empty" id=SUMMARY tabindex="-1">"这里现在没有题可做。"</p>
            <p><a class="button" href=subject.back.to_string()>{format!("回到“{}”", subject.back_label)}</a></p>
        }
        .into_any();
    }
    let wrong: Vec<_> = sitting
        .wrong()
        .filter_map(|id| questions.get(id))
        .map(|question| {
            let (lesson, anchor) = question.place();
            let to = Route::Lesson(lesson.to_owned(), anchor.map(str::to_owned));
            let label = format!("看课文：{}", question.stem);
            view! {
                <li data-wrong=question.id.clone()>
                    <p>{question.stem.clone()}</p>
                    <a href=to.to_string() aria-label=label>"看课文里的这一段"</a>
                </li>
            }
            .into_any()
        })
        .collect();
    let listed = if wrong.is_empty() {
        view! { <p>"这一次没有答错。"</p> }.into_any()
    } else {
        view! { <h3>"这次答错的题"</h3><ol class="wrong-list">{wrong}</ol> }.into_any()
    };
    view! {
        <section class="card stack" data-testid="summary">
            <h2 id=SUMMARY tabindex="-1">"本次小结"</h2>
            <p class="outcome-line">
                "答了 "<strong data-testid="summary-answered">{answered.to_string()}</strong>
                " 题，答对 "<strong data-testid="summary-right">{right.to_string()}</strong>" 题"
            </p>
            {listed}
            <div class="row">
                <button type="button" class="button button-primary" data-testid="again" on:click=move |_| again.run(())>"再来一次"</button>
                <a class="button" href=subject.back.to_string()>{format!("回到“{}”", subject.back_label)}</a>
            </div>
        </section>
    }
    .into_any()
}
