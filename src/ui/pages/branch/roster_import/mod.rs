//! Importing rosters: a file is read by the branch's program, its columns are looked through, its rows
//! settled, and only then taken in. What is on screen is what the program has answered; nothing is
//! written before it is confirmed.

mod past;
mod plan;
mod sheets;

use crate::domain::branch::{Decision, Field};
use crate::format::workbench::import::{
    Filter, Given, History, MAX_FILE, NO_FILE, Named, Settle, Settled, Sheets, Taken, Turn, Undo, VOID, View,
    Window,
};
use crate::platform::worker::WorkerError;
use crate::platform::{files, page};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field;
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::shown::{alert, live};
use crate::ui::markup::{Markup, Shown, html, settle};
use crate::ui::office::{Office, Progress, read, use_office};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::{Blob, File};

/// How far a file is.
#[derive(Clone, Debug, Default)]
enum Stage {
    /// None is open.
    #[default]
    Start,
    /// Its columns are looked through.
    Sheets(Box<Sheets>),
    /// Its rows are settled.
    Plan(Box<Window>),
    /// It was taken in.
    Done(Taken),
}

/// What the screen holds. All of it does nothing when the page is gone.
#[derive(Clone, Copy)]
struct Screen {
    office: Office,
    stage: StoredValue<Stage>,
    /// Files that wait for their turn.
    queue: StoredValue<Vec<File>, LocalStorage>,
    /// The file that is read.
    current: StoredValue<Option<File>, LocalStorage>,
    history: StoredValue<History>,
    /// Whether the program is at long work for this screen.
    busy: RwSignal<bool>,
    /// Whether a file can be chosen now.
    choosing: RwSignal<bool>,
    /// Markup of what was done, or what went wrong.
    says: RwSignal<String>,
    past: RwSignal<String>,
    asks_undo: RwSignal<bool>,
    undo_text: RwSignal<String>,
}

impl Screen {
    /// Shows another stage and takes the reader there.
    fn go(self, stage: Stage, focus: &'static str) {
        self.stage.try_set_value(stage);
        self.show();
        if !focus.is_empty() {
            request_animation_frame(move || {
                page::focus(focus);
            });
        }
    }

    /// Puts the stage on the page; what is as it was stays, and with it the focus.
    fn show(self) {
        let next = self.next_name();
        let body = self.stage.try_with_value(|stage| {
            let mut out = Markup::default();
            match stage {
                Stage::Start => waiting(&mut out, next.as_deref()),
                Stage::Sheets(sheets) => sheets::body(&mut out, sheets),
                Stage::Plan(window) => plan::body(&mut out, window),
                Stage::Done(taken) => done(&mut out, taken, next.as_deref()),
            }
            (out.done(), matches!(stage, Stage::Start | Stage::Done(_)))
        });
        if let Some((body, choosing)) = body {
            self.choosing.try_set(choosing);
            settle("import-body", &body);
        }
    }

    fn next_name(self) -> Option<String> {
        let first = self.queue.try_with_value(|queue| queue.first().map(File::name));
        first.flatten()
    }

    fn say(self, class: &str, text: &str) {
        let mut out = Markup::default();
        if !text.is_empty() {
            html!(
                out,
                "<p class=\"notice ",
                class,
                "\" data-testid=\"import-said\">"
            );
            html!(out, text, "</p>");
        }
        self.says.try_set(out.done());
    }

    /// How far long work has come, with a button to stop it; `None` when it is over.
    fn progress(self, step: Option<&Progress>) {
        let mut out = Markup::default();
        if let Some(step) = step {
            let label = step.label();
            html!(
                out,
                "<div class=\"card stack\" data-testid=\"import-progress\"><p>"
            );
            html!(
                out,
                label,
                "</p><progress class=\"bar\" aria-label=\"",
                step.what,
                "\""
            );
            if step.of > 0 {
                html!(out, " max=\"", step.of, "\" value=\"", step.done, "\"");
            }
            html!(
                out,
                "></progress><div><button type=\"button\" class=\"button\" id=\"import-stop\" data-do=\"stop\">停止</button></div></div>"
            );
        }
        settle("import-progress", &out.done());
    }

    /// Asks the program; `long` work shows how far it has come.
    async fn ask<A: DeserializeOwned>(
        self,
        what: &str,
        order: &impl Serialize,
        file: Option<&File>,
        long: bool,
    ) -> Result<A, String> {
        if long {
            self.set_busy(true);
            self.progress(Some(&Progress {
                what: "正在准备".into(),
                done: 0,
                of: 0,
            }));
            page::focus("import-stop");
        }
        let text = serde_json::to_string(order).unwrap_or_default();
        let hear = move |step: Progress| {
            if long && self.busy.try_get_untracked() == Some(true) {
                self.progress(Some(&step));
            }
        };
        let answer = self
            .office
            .clerk(what, &text, file.map(AsRef::<Blob>::as_ref), hear)
            .await;
        if long {
            self.set_busy(false);
            self.progress(None);
        }
        read(&answer?.0)
    }

    /// What is on the page cannot be used as long as there is long work.
    fn set_busy(self, busy: bool) {
        self.busy.try_set(busy);
        field::attribute("import-body", "inert", busy.then_some(""));
    }

    /// Puts the stage on the page anew, where a control says what was refused.
    fn show_anew(self) {
        settle("import-body", "");
        self.show();
    }

    /// Says why something was not done, and goes back as far as is needed.
    async fn refuse(self, why: String) {
        if why == VOID {
            // The file is still there; only what was judged is not.
            if let Ok(Some(sheets)) = self.ask("import/look", &(), None, false).await {
                self.go(Stage::Sheets(Box::new(sheets)), "import-heading");
            }
        } else if why == NO_FILE {
            self.wait_again();
        }
        self.says.try_set(alert(&format!("{why}。")));
    }

    /// The program knows nothing of the file any more: it waits to be read again.
    fn wait_again(self) {
        if let Some(Some(file)) = self.current.try_update_value(Option::take) {
            self.queue.try_update_value(|queue| queue.insert(0, file));
        }
        self.go(Stage::Start, "");
    }

    /// Files were chosen: they are imported one after the other.
    fn take(self, files: Vec<File>) {
        self.queue.try_update_value(|queue| *queue = files);
        self.read_next();
    }

    /// Reads the next file, if there is one.
    fn read_next(self) {
        let next = self
            .queue
            .try_update_value(|queue| (!queue.is_empty()).then(|| queue.remove(0)));
        let Some(Some(file)) = next else {
            return self.go(Stage::Start, "roster-file");
        };
        self.say("", "");
        self.current.try_set_value(Some(file.clone()));
        spawn_local(async move {
            let name = file.name();
            if file.size() > MAX_FILE as f64 {
                self.current.try_set_value(None);
                self.go(Stage::Start, "");
                let most = MAX_FILE >> 20;
                return self
                    .refuse(format!("“{name}”太大，名册最多 {most} MB，没有读取"))
                    .await;
            }
            let read = self.ask("import/read", &Named { name }, Some(&file), true).await;
            match read {
                Ok(sheets) => self.go(Stage::Sheets(Box::new(sheets)), "import-heading"),
                Err(why) => {
                    if is_cancelled(&why) {
                        return self.stopped();
                    }
                    self.current.try_set_value(None);
                    self.go(Stage::Start, "");
                    self.refuse(why).await;
                }
            }
        });
    }

    /// Somebody has stopped the program.
    fn stopped(self) {
        self.wait_again();
        self.say("", "已停止。名册没有任何变化。");
    }

    /// Somebody puts right what the file was taken for.
    fn turn(self, turn: Turn, focus: String) {
        spawn_local(async move {
            match self.ask("import/turn", &turn, None, false).await {
                Ok(sheets) => {
                    self.say("", "");
                    self.go(Stage::Sheets(Box::new(sheets)), "");
                    page::focus(&focus);
                }
                Err(why) => {
                    self.show_anew();
                    self.refuse(why).await;
                }
            }
        });
    }

    fn judge(self) {
        let given = Given {
            branch: field::value("import-branch"),
            by_sheet: field::is_ticked("import-by-sheet"),
        };
        spawn_local(async move {
            match self.ask("import/plan", &given, None, true).await {
                Ok(window) => {
                    self.say("", "");
                    self.go(Stage::Plan(Box::new(window)), "import-heading");
                }
                Err(why) if is_cancelled(&why) => self.stopped(),
                Err(why) => {
                    self.refuse(why).await;
                    page::focus("import-heading");
                }
            }
        });
    }

    /// The page of rows that is shown.
    fn view(self) -> View {
        let view = self.stage.try_with_value(|stage| match stage {
            Stage::Plan(window) => Some((window.filter, window.page)),
            _ => None,
        });
        let view = view.flatten();
        View {
            filter: view.map(|(filter, _)| filter),
            page: view.map_or(0, |(_, page)| page),
        }
    }

    /// Shows other rows.
    fn look(self, view: View, focus: &'static str) {
        spawn_local(async move {
            match self.ask("import/rows", &view, None, false).await {
                Ok(window) => self.go(Stage::Plan(Box::new(window)), focus),
                Err(why) => self.refuse(why).await,
            }
        });
    }

    /// Settles something of a row; `id` is the control that did it, and what it stands for.
    fn settle(self, what: Settle, id: String) {
        let (line, asked) = match &what {
            Settle::Decide(line, _) | Settle::Tick(line, ..) => (Some(*line), None),
            Settle::Answer(line, field, ..) => (Some(*line), Some(plan::value_id(*line, *field))),
            Settle::SkipAll(..) => (None, None),
        };
        let settled = Settled {
            what,
            view: self.view(),
        };
        spawn_local(async move {
            match self.ask::<Window>("import/settle", &settled, None, false).await {
                Ok(window) => {
                    let next = line.map(|line| plan::next_of(&window, line));
                    self.say("", "");
                    self.go(Stage::Plan(Box::new(window)), "");
                    // On where it was, or at the row, or at whatever has come in its place.
                    let found = page::focus(&id) || next.is_some_and(|next| page::focus(&next));
                    if !found {
                        page::focus("import-list");
                    }
                }
                Err(why) => match asked {
                    Some(value) if why != VOID && why != NO_FILE => {
                        let mut out = Markup::default();
                        html!(out, "<p class=\"error\" role=\"alert\">", why, "</p>");
                        field::put(&format!("{value}-wrong"), out);
                        field::attribute(&value, "aria-invalid", Some("true"));
                        page::focus(&value);
                    }
                    _ => {
                        self.show_anew();
                        self.refuse(why).await;
                    }
                },
            }
        });
    }

    fn confirm(self) {
        spawn_local(async move {
            match self.ask::<Taken>("import/confirm", &(), None, true).await {
                Ok(taken) => {
                    let _: Result<(), String> = self.ask("import/drop", &(), None, false).await;
                    self.current.try_set_value(None);
                    self.say("", "");
                    self.go(Stage::Done(taken), "import-heading");
                    self.office.workbench.try_update(|count| *count += 1);
                }
                Err(why) if is_cancelled(&why) => {
                    self.stopped();
                    self.say("", "已停止。如果已经写完，下面的导入记录里会有这个文件。");
                    self.office.workbench.try_update(|count| *count += 1);
                }
                Err(why) => self.refuse(format!("没有导入，名册没有变化：{why}")).await,
            }
        });
    }

    /// Leaves the file as it is.
    fn drop_file(self) {
        spawn_local(async move {
            let _: Result<(), String> = self.ask("import/drop", &(), None, false).await;
            self.current.try_set_value(None);
            self.read_next();
            if self.current.try_with_value(Option::is_none) == Some(true) {
                self.say("", "已放弃这个文件，名册没有变化。");
            }
        });
    }

    fn save_sample(self) {
        spawn_local(async move {
            let answer = self.office.clerk("import/sample", "null", None, |_| {}).await;
            let saved = answer.and_then(|(_, file)| {
                let file = file.ok_or("后台程序没有给出文件，请再试一次")?;
                files::save_blob("名册样表.csv", &file).map_err(|error| error.to_string())
            });
            if let Err(why) = saved {
                self.refuse(why).await;
            }
        });
    }

    /// Reads the history again.
    async fn remember(self) {
        let history: Result<History, String> = self.office.look("import/history", &()).await;
        match history {
            Ok(history) => {
                self.past.try_set(past::body(&history));
                self.history.try_set_value(history);
            }
            Err(why) => {
                self.past.try_set(alert(&format!("导入记录没有读出来：{why}。")));
            }
        }
    }

    /// Asks whether the last import is to be taken back.
    fn ask_undo(self) {
        let text = self
            .history
            .try_with_value(|history| history.last.as_ref().map(past::what_goes));
        match text.flatten() {
            Some(Ok(text)) => {
                self.undo_text.try_set(text);
                self.asks_undo.try_set(true);
            }
            Some(Err(why)) => {
                self.says.try_set(alert(&format!("{why}。")));
            }
            None => {}
        }
    }

    fn undo(self) {
        let last = self.history.try_with_value(|history| {
            history
                .last
                .as_ref()
                .map(|last| (last.id.clone(), last.file.clone()))
        });
        let Some(Some((id, file))) = last else { return };
        spawn_local(async move {
            let undone = self.office.have_written("import/undo", &Undo { id }).await;
            match undone {
                Ok(_) => {
                    let is_done = self.stage.try_with_value(|stage| matches!(stage, Stage::Done(_)));
                    if is_done == Some(true) {
                        self.go(Stage::Start, "");
                    }
                    self.say("notice-ok", &format!("已撤销“{file}”的导入。"));
                }
                Err(why) => self.refuse(format!("没有撤销：{why}")).await,
            }
        });
    }

    /// What a button does: `<word>[:<what>…]`.
    fn press(self, what: &str) {
        if what == "stop" {
            return self.office.stop_clerk();
        }
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        let mut parts = what.splitn(4, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (word, one, two, three) = (part(), part(), part(), part());
        let number = |text: &str| text.parse::<usize>().unwrap_or_default();
        let line = number(one);
        let decide = |decision| self.settle(Settle::Decide(line, decision), String::new());
        let answer = |value: String| {
            let Some(field) = Field::of(two) else { return };
            let alike = field::is_ticked(&plan::alike_id(line, field));
            self.settle(Settle::Answer(line, field, value, alike), String::new());
        };
        match word {
            "sample" => self.save_sample(),
            "next" => self.read_next(),
            "drop" => self.drop_file(),
            "sheet" => self.turn(Turn::Open(line), "import-columns".into()),
            "plan" => self.judge(),
            "back" => spawn_local(async move {
                match self.ask("import/look", &(), None, false).await {
                    Ok(Some(sheets)) => self.go(Stage::Sheets(Box::new(sheets)), "import-heading"),
                    Ok(None) => self.refuse(NO_FILE.into()).await,
                    Err(why) => self.refuse(why).await,
                }
            }),
            "filter" => self.look(
                View {
                    filter: Filter::of(one),
                    page: 0,
                },
                "import-list",
            ),
            "page" => self.look(
                View {
                    page: line,
                    ..self.view()
                },
                "import-list",
            ),
            "is" => decide(Decision::Is(number(two) as u32)),
            "new" => decide(Decision::New),
            "skip" => decide(Decision::Skip),
            "again" => decide(Decision::None),
            "answer" => {
                if let Some(field) = Field::of(two) {
                    answer(field::value(&plan::value_id(line, field)));
                }
            }
            "could" => answer(three.to_owned()),
            "empty" => answer(String::new()),
            "skip-all" | "take-all" => {
                if let Some(filter) = Filter::of(one) {
                    self.settle(Settle::SkipAll(filter, word == "skip-all"), "import-all".into());
                }
            }
            "confirm" => self.confirm(),
            "undo" => self.ask_undo(),
            _ => {}
        }
    }

    /// What a changed control says: `<word>:<what>…`.
    fn change(self, what: &str, id: String, event: &ev::Event) {
        let mut parts = what.splitn(3, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (word, one, two) = (part(), part(), part());
        let number = |text: &str| text.parse::<usize>().unwrap_or_default();
        match word {
            "take" => self.turn(Turn::Take(number(one), event_target_checked(event)), id),
            "header" => {
                let depth = number(&field::value("import-depth"));
                if let Ok(first) = field::value("import-first").parse() {
                    self.turn(Turn::Header(number(one), first, depth), id);
                }
            }
            "column" => {
                let field = Field::of(&event_target_value(event));
                self.turn(Turn::Column(number(one), number(two), field), id);
            }
            "tick" => {
                if let Some(field) = Field::of(two) {
                    let take = event_target_checked(event);
                    self.settle(Settle::Tick(number(one), field, take), id);
                }
            }
            _ => {}
        }
    }
}

/// Whether somebody has ended the program.
fn is_cancelled(why: &str) -> bool {
    why == WorkerError::Cancelled.to_string()
}

/// What stands where no file is open.
fn waiting(out: &mut Markup, next: Option<&str>) {
    if let Some(next) = next {
        html!(
            out,
            "<p class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"import-next\" data-do=\"next\">打开“",
            next,
            "”</button></p>"
        );
    }
    html!(
        out,
        "<details><summary>还没有名册，或者不知道怎样填</summary><div class=\"stack\"><p>先下载样表，用 Excel 或 WPS 打开，照着填，再回到这里导入。列的先后不限，没有的列可以删去；只有“姓名”是必需的。</p><p><button type=\"button\" class=\"button\" id=\"import-sample\" data-testid=\"import-sample\" data-do=\"sample\">下载样表（.csv）</button></p></div></details>"
    );
}

/// What was done.
fn done(out: &mut Markup, taken: &Taken, next: Option<&str>) {
    let nothing = taken.new + taken.changed == 0;
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"import-heading\">"
    );
    html!(out, "<h2 id=\"import-heading\">");
    html!(
        out,
        if nothing {
            "没有要导入的内容"
        } else {
            "导入好了"
        },
        "</h2>"
    );
    html!(out, "<p data-testid=\"import-done\">“", taken.file, "”：");
    if nothing {
        html!(out, "名册没有变化。");
    } else {
        html!(
            out,
            "新增 <strong data-figure=\"new\">",
            taken.new,
            "</strong> 人，更新 "
        );
        html!(
            out,
            "<strong data-figure=\"changed\">",
            taken.changed,
            "</strong> 人。"
        );
    }
    html!(out, "</p>");
    let rest = [
        (taken.same, "行与名册一样，没有变化"),
        (taken.skipped, "行按您的意思跳过"),
        (taken.open, "行没有确认，没有导入"),
        (taken.refused, "行不能导入"),
    ];
    if rest.iter().any(|(count, _)| *count > 0) {
        html!(out, "<ul>");
        for (count, what) in rest.iter().filter(|(count, _)| *count > 0) {
            html!(out, "<li>", *count, " ", *what, "</li>");
        }
        html!(out, "</ul>");
    }
    if taken.open + taken.refused > 0 {
        html!(
            out,
            "<p class=\"muted\">没有导入的行可以在表格里改好，再导入一次：已经导入的不会重复。</p>"
        );
    }
    html!(out, "<div class=\"row\">");
    if let Some(next) = next {
        html!(
            out,
            "<button type=\"button\" class=\"button button-primary\" data-testid=\"import-next\" data-do=\"next\">打开下一个：“",
            next,
            "”</button>"
        );
    }
    html!(out, "<a class=\"button");
    if next.is_none() {
        html!(out, " button-primary");
    }
    html!(
        out,
        "\" href=\"#/branch/people\" data-testid=\"to-people\">查看名册</a>"
    );
    if !nothing {
        html!(
            out,
            "<button type=\"button\" class=\"button button-plain\" data-testid=\"import-undo-now\" data-do=\"undo\">撤销这次导入</button>"
        );
    }
    html!(out, "</div></section>");
}

/// Importing rosters: `#/branch/import`.
#[component]
pub(super) fn RosterImport() -> impl IntoView {
    let office = use_office();
    let screen = Screen {
        office,
        stage: StoredValue::new(Stage::Start),
        queue: StoredValue::new_local(Vec::new()),
        current: StoredValue::new_local(None),
        history: StoredValue::new(History::default()),
        busy: RwSignal::new(false),
        choosing: RwSignal::new(true),
        says: RwSignal::new(String::new()),
        past: RwSignal::new(String::new()),
        asks_undo: RwSignal::new(false),
        undo_text: RwSignal::new(String::new()),
    };
    // Whoever comes back finds the file as it was left.
    spawn_local(async move {
        match screen
            .ask::<Option<Sheets>>("import/look", &(), None, false)
            .await
        {
            Ok(Some(sheets)) => {
                screen.go(Stage::Sheets(Box::new(sheets)), "");
                screen.say("", "上次打开的文件还在这里，可以接着核对。");
            }
            Ok(None) => screen.show(),
            Err(why) => screen.refuse(why).await,
        }
    });
    Effect::new(move |_| {
        office.workbench.track();
        spawn_local(screen.remember());
    });
    let click = move |event: ev::MouseEvent| {
        if let Some(what) = page::data_of(&event, "data-do") {
            screen.press(&what);
        }
    };
    let change = move |event: ev::Event| {
        if let Some(what) = page::data_of(&event, "data-set") {
            screen.change(&what, page::data_of(&event, "id").unwrap_or_default(), &event);
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(what) = page::data_of(&event, "data-form") {
            screen.press(&what);
        }
    };
    view! {
        <div class="stack">
            <p><a href="#/branch">"党支部工作台"</a></p>
            <h1>"导入名册"</h1>
            <p>"把 Excel、WPS 的名册（.xls、.xlsx）或文本表格（.csv、.txt）导入到本机。先核对，后导入：按“确认导入”以前，名册没有任何变化；导入错了可以撤销。"</p>
            <p class="muted">"身份证号、电话、住址、家庭情况这些超出需要的信息，即使表格里有，也不读取。数据只在本浏览器里。"</p>
            <div class="stack" on:click=click on:change=change on:submit=submit>
                <div hidden=move || !screen.choosing.get()>
                    <FilePicker
                        label="选择名册文件" testid="roster-file"
                        chosen=move |files| screen.take(files)
                        busy=screen.busy
                    />
                </div>
                {live(screen.says)}
                <div id="import-progress"></div>
                <div id="import-body" class="stack"></div>
                <section class="stack" aria-labelledby="import-past">
                    <h2 id="import-past">"导入记录"</h2>
                    <Shown of=screen.past/>
                </section>
            </div>
            <Confirm
                open=screen.asks_undo
                title="撤销这次导入？"
                text=screen.undo_text
                action="撤销导入"
                done=move |()| screen.undo()
                testid="undo-import"
            />
        </div>
    }
}
