//! Own banks: the template, a file's dry run, what was taken in, and export.
//!
//! A file is read (a spreadsheet and Markdown by the worker), judged, shown row by row, and taken in only when
//! that is confirmed: all of what is ticked in one event, which can be taken back.

use crate::domain::course::QuestionBank;
use crate::domain::course::own::{DryRun, Foreign, Line, MOST, OwnBank, PackEvent, SOURCE, Verdict};
use crate::domain::question::{Case, Kind, Question};
use crate::domain::sort_by;
use crate::domain::study::EventId;
use crate::format::gift::Left;
use crate::format::markdown_blocks::Markdown;
use crate::format::sheet::{Sheet, Table};
use crate::format::{aiken, bank_markdown, bank_sheet, gift};
use crate::platform::{files, page};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{put_notice, value};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::shown::{still, table, table_end};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Largest file: 8 MiB.
const LARGEST: u64 = 8 << 20;
/// Rows shown at once.
const PAGE: usize = 200;
/// Where the name of a new bank is typed.
const NAME: &str = "bank-name";
/// Where what was done is told.
const OUTCOME: &str = "bank-outcome";
/// Where what was exported is told.
const EXPORTED: &str = "export-outcome";
/// Which module is exported.
const MODULE: &str = "export-module";

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file on trial.
#[derive(Clone, Default)]
struct Trial {
    file: String,
    /// What the bank is to be called, as the file or its name says.
    name: String,
    run: DryRun,
}

/// Own banks.
#[component]
pub(in crate::ui) fn BanksPage() -> impl IntoView {
    let (desk, office) = (use_desk(), use_office());
    let trial = RwSignal::new(Trial::default());
    let limit = RwSignal::new(PAGE);
    let busy = RwSignal::new(false);
    // The bank that was taken in last, which can be taken back at once.
    let last = RwSignal::new(None::<String>);
    let removing = RwSignal::new(false);
    let to_remove = RwSignal::new(String::new());

    let read = move |files: Vec<File>| {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        trial.set(Trial::default());
        limit.set(PAGE);
        put_notice(OUTCOME, "refused", false, "");
        last.set(None);
        busy.set(true);
        spawn_local(async move {
            let read = read_file(office, &file).await;
            busy.try_set(false);
            match read {
                Ok((foreign, name)) => {
                    let mut run = DryRun::of(foreign);
                    // What needs a person's eye comes first.
                    sort_by(&mut run.lines, |a, b| {
                        a.verdict.cmp(&b.verdict).then(a.row.cmp(&b.row))
                    });
                    trial.try_set(Trial {
                        name: name.unwrap_or_else(|| without_ending(&file.name()).to_owned()),
                        file: file.name(),
                        run,
                    });
                    request_animation_frame(|| {
                        page::focus("trial-heading");
                    });
                }
                Err(why) => {
                    put_notice(
                        OUTCOME,
                        "refused",
                        false,
                        &format!("文件“{}”没有读取：{why}", file.name()),
                    );
                }
            }
        });
    };
    let confirm = move || {
        let event =
            trial.with_untracked(|trial| trial.run.accept(&EventId::new(&env()), &value(NAME), &trial.file));
        let event = match event {
            Ok(event) => event,
            Err(why) => {
                put_notice(OUTCOME, "refused", false, &why);
                page::focus(NAME);
                return;
            }
        };
        busy.set(true);
        spawn_local(async move {
            let (id, count) = match &event {
                PackEvent::PackAdded { id, questions, .. } => (id.clone(), questions.len()),
                PackEvent::PackRemoved { id } => (id.clone(), 0),
            };
            let outcome = office.change_packs(event).await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    trial.try_set(Trial::default());
                    last.try_set(Some(id));
                    put_notice(OUTCOME, "imported", true, &format!("已导入 {count} 题。"));
                    page::focus(OUTCOME);
                }
                Err(error) => {
                    put_notice(
                        OUTCOME,
                        "refused",
                        false,
                        &format!("没有导入，题库没有变化：{error}。"),
                    );
                }
            }
        });
    };
    let take_back = move |id: String| {
        spawn_local(async move {
            match office.change_packs(PackEvent::PackRemoved { id }).await {
                Ok(()) => {
                    last.try_set(None);
                    put_notice(
                        OUTCOME,
                        "removed",
                        true,
                        "已移除这个题库。做过的答案不受影响，也不计入任何统计。",
                    );
                    page::focus(OUTCOME);
                }
                Err(error) => put_notice(OUTCOME, "refused", false, &format!("没有移除：{error}。")),
            }
        });
    };
    let click = move |event: MouseEvent| {
        let id = page::data_of(&event, "data-bank").unwrap_or_default();
        match page::data_of(&event, "data-do").as_deref() {
            Some("template") => spawn_local(save_template(office)),
            Some("sample") => save_sample(),
            Some("confirm") if !busy.get_untracked() => confirm(),
            Some("drop") => trial.set(Trial::default()),
            Some("cancel") => office.worker().cancel(),
            Some("more") => limit.update(|limit| *limit += PAGE),
            Some("undo") => {
                if let Some(id) = last.get_untracked() {
                    take_back(id);
                }
            }
            Some("remove") => {
                to_remove.set(id);
                removing.set(true);
            }
            Some(format @ ("gift" | "xlsx")) => {
                let is_sheet = format == "xlsx";
                spawn_local(async move { save_own(office, &id, is_sheet).await });
            }
            Some(format @ ("module-gift" | "module-xlsx")) => {
                let is_sheet = format == "module-xlsx";
                spawn_local(async move { save_module(desk, office, &value(MODULE), is_sheet).await });
            }
            _ => {}
        }
    };
    let tick = move |event: Event| {
        let at = page::data_of(&event, "data-at").and_then(|at| at.parse::<usize>().ok());
        let Some(at) = at else { return };
        let take = event_target_checked(&event);
        // The table stays as it is: who ticks by keyboard keeps his place.
        trial.update_untracked(|trial| {
            if let Some(line) = trial.run.lines.get_mut(at) {
                line.take = take;
            }
        });
        let count = trial.with_untracked(|trial| trial.run.taken());
        crate::ui::components::field::say("confirm-bank", &confirm_label(count));
    };
    let waiting = Signal::derive(move || {
        let mut out = Markup::default();
        if busy.get() {
            html!(
                out,
                "<p class=\"waiting\" role=\"status\">正在处理……<button type=\"button\" class=\"button\" data-do=\"cancel\">取消</button></p>"
            );
        }
        out.done()
    });
    let shown = Signal::derive(move || {
        let mut out = Markup::default();
        trial.with(|trial| plan(&mut out, trial, limit.get()));
        out.done()
    });
    // Apart from the table, so that a name that is being typed is never touched.
    let ending = Signal::derive(move || {
        let mut out = Markup::default();
        trial.with(|trial| name_and_buttons(&mut out, trial));
        out.done()
    });
    let undo = Signal::derive(move || {
        let mut out = Markup::default();
        if let Some(id) = last.get() {
            html!(
                out,
                "<div class=\"row\"><a class=\"button button-primary\" data-testid=\"practise-bank\" href=\"./#/practice/own/",
                id,
                "\">去练习</a><button type=\"button\" class=\"button\" data-do=\"undo\" data-testid=\"undo-bank\">撤销这次导入</button></div>"
            );
        }
        out.done()
    });
    let list = Signal::derive(move || {
        let mut out = Markup::default();
        office.packs.with(|packs| banks(&mut out, &packs.state().banks));
        out.done()
    });
    let question = Signal::derive(move || {
        let id = to_remove.get();
        let name = office.packs.with_untracked(|packs| {
            let bank = packs.state().bank(&id);
            bank.map(|bank| bank.name.clone()).unwrap_or_default()
        });
        format!("题库“{name}”将不再出现。做过的答案不受影响；需要时可以重新导入文件。")
    });
    let export = Signal::derive(move || {
        let mut out = Markup::default();
        let course = desk.course.get();
        for module in course.iter().flat_map(|course| &course.modules) {
            crate::ui::components::field::option(&mut out, &module.id, &module.title);
        }
        let options = out.done();
        let mut out = Markup::default();
        export_section(&mut out, &options);
        out.done()
    });
    view! {
        <div class="stack" on:click=click on:change=tick>
            {still(heading())}
            <section class="card stack" aria-labelledby="import-bank-heading">
                {still(before_import())}
                <FilePicker label="选择题库文件" testid="import-bank" chosen=read multiple=false busy/>
                <div role="status" id=OUTCOME tabindex="-1"></div>
                <Shown of=undo/>
                <Shown of=waiting/>
                <Shown of=shown/>
                <Shown of=ending/>
            </section>
            <Shown of=list/>
            <Shown of=export/>
            <Confirm
                open=removing title="确定移除吗？" text=question action="移除"
                done=move |()| take_back(to_remove.get_untracked()) testid="confirm-remove-bank"
            />
        </div>
    }
}

fn heading() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h1>自有题库</h1><p>把本单位的题目导入学档来练习。自有题库与课程分开：来源一律标为“",
        SOURCE,
        "”，做题情况不计入课程的进度，也不写进培养记录。文件只在本浏览器里处理。</p>"
    );
    out
}

fn before_import() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"import-bank-heading\">导入</h2><p>可以导入用模板填写的表格（.xlsx），也可以导入 Markdown（.md）、GIFT 或 AIKEN 文本（UTF-8）。一个文件最多 ",
        MOST,
        " 题。先试算，看过每一行的结果再确认。</p><p class=\"row\"><button type=\"button\" class=\"button\" data-do=\"template\" data-testid=\"download-template\">下载表格模板</button><button type=\"button\" class=\"button\" data-do=\"sample\" data-testid=\"download-sample\">下载 Markdown 样例</button></p><p class=\"muted\">Markdown 用任何文本编辑器都能写：“## ”写题型或知识点，“### ”写一道题，选项前用“- [x]”标出对的、“- [ ]”标出其余的，“答案：”“解析：”各占一行。样例里七种题型都有。</p>"
    );
    out
}

fn confirm_label(count: usize) -> String {
    format!("确认导入（{count} 题）")
}

fn chip(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::New => "chip chip-ok",
        Verdict::Doubtful => "chip chip-warn",
        Verdict::Refused => "chip chip-danger",
        Verdict::Skipped => "chip",
    }
}

/// What importing would do.
fn plan(out: &mut Markup, trial: &Trial, limit: usize) {
    let run = &trial.run;
    if trial.file.is_empty() {
        return;
    }
    html!(
        out,
        "<h3 id=\"trial-heading\" tabindex=\"-1\">试算：“",
        trial.file,
        "”，确认之前什么也没有导入</h3><ul class=\"row counts\" aria-label=\"试算结果\">"
    );
    for verdict in Verdict::ALL {
        let count = run.count(verdict);
        let class = if count == 0 { "chip" } else { chip(verdict) };
        html!(
            out,
            "<li class=\"",
            class,
            "\" data-count=\"",
            verdict.code(),
            "\">"
        );
        html!(out, verdict.label(), " <strong>", count, "</strong></li>");
    }
    html!(out, "</ul>");
    table(out, "试算的每一行", &["导入", "题目和说明"]);
    for (at, line) in run.lines.iter().take(limit).enumerate() {
        row(out, at, line);
    }
    table_end(out);
    if run.lines.len() > limit {
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" data-do=\"more\">显示更多（还有 ",
            run.lines.len() - limit,
            " 行）</button></p>"
        );
    }
}

/// A file's name without `.xlsx`, `.md` or the like.
fn without_ending(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(name, _)| name)
}

/// What the bank is to be called, and the decision.
fn name_and_buttons(out: &mut Markup, trial: &Trial) {
    if trial.file.is_empty() {
        return;
    }
    let name: String = trial.name.chars().take(60).collect();
    html!(
        out,
        "<div class=\"field\"><label for=\"",
        NAME,
        "\">题库名称</label><input type=\"text\" autocomplete=\"off\" maxlength=\"60\" id=\"",
        NAME,
        "\" data-testid=\"",
        NAME,
        "\" value=\"",
        name,
        "\"></div>"
    );
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" id=\"confirm-bank\" data-testid=\"confirm-bank\" data-do=\"confirm\">",
        confirm_label(trial.run.taken()),
        "</button><button type=\"button\" class=\"button\" data-testid=\"drop-bank\" data-do=\"drop\">放弃</button></div>"
    );
}

fn row(out: &mut Markup, at: usize, line: &Line) {
    html!(
        out,
        "<tr data-verdict=\"",
        line.verdict.code(),
        "\" data-row=\"",
        line.row,
        "\"><td>"
    );
    if line.question.is_some() {
        html!(
            out,
            "<label class=\"choice\"><input type=\"checkbox\" data-at=\"",
            at,
            "\" aria-label=\"导入第 ",
            line.row,
            " 行\""
        );
        if line.take {
            html!(out, " checked");
        }
        html!(out, "></label>");
    }
    // Row and verdict stand over the text: on a phone there is no room beside it.
    html!(
        out,
        "</td><td><p class=\"row\"><span class=\"muted nowrap\">第 ",
        line.row,
        " 行</span><span class=\"",
        chip(line.verdict),
        "\">",
        line.verdict.label(),
        "</span>"
    );
    if let Some(question) = &line.question {
        html!(out, "<span class=\"muted\">", question.kind.label(), "</span>");
    }
    html!(out, "</p>");
    html!(out, line.text);
    for remark in &line.remarks {
        html!(out, "<p class=\"muted\"><strong>", remark.field, "</strong>：");
        html!(out, remark.message, "</p>");
    }
    html!(out, "</td></tr>");
}

/// The banks that are here.
fn banks(out: &mut Markup, banks: &[OwnBank]) {
    html!(
        out,
        "<section class=\"stack\" aria-labelledby=\"banks-heading\"><h2 id=\"banks-heading\">已导入的题库</h2>"
    );
    if banks.is_empty() {
        html!(out, "<p class=\"empty\">还没有导入题库。</p></section>");
        return;
    }
    html!(out, "<ul class=\"items\">");
    for bank in banks {
        html!(
            out,
            "<li class=\"card stack\" data-own=\"",
            bank.id,
            "\"><h3>",
            bank.name,
            "</h3><p class=\"muted\">",
            bank.questions.len(),
            " 题（",
            kinds(bank),
            "）；",
            bank.added.date().to_string(),
            " 导入自“",
            bank.file,
            "”</p>"
        );
        html!(
            out,
            "<div class=\"row\"><a class=\"button button-primary\" href=\"./#/practice/own/",
            bank.id,
            "\" aria-label=\"练习“",
            bank.name,
            "”\">练习</a>"
        );
        for (what, label) in [("gift", "导出 GIFT"), ("xlsx", "导出表格"), ("remove", "移除")] {
            html!(
                out,
                "<button type=\"button\" class=\"button\" data-bank=\"",
                bank.id,
                "\" data-do=\"",
                what,
                "\" aria-label=\"",
                label,
                "：",
                bank.name,
                "\">",
                label,
                "</button>"
            );
        }
        html!(out, "</div></li>");
    }
    html!(out, "</ul></section>");
}

/// How many of each kind.
fn kinds(bank: &OwnBank) -> String {
    let count = |kind| {
        bank.questions
            .iter()
            .filter(|question| question.kind == kind)
            .count()
    };
    let kinds = Kind::ALL.into_iter().map(|kind| (kind, count(kind)));
    let kinds = kinds.filter(|(_, count)| *count > 0);
    let texts: Vec<String> = kinds
        .map(|(kind, count)| format!("{} {count}", kind.label()))
        .collect();
    texts.join("、")
}

/// `options` is markup.
fn export_section(out: &mut Markup, options: &str) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"export-heading\"><h2 id=\"export-heading\">导出课程的题目</h2><p>可以导入 Moodle 等教学平台，或者打印、改编。每道题带解析和依据。</p><div class=\"field\"><label for=\"",
        MODULE,
        "\">模块</label><select id=\"",
        MODULE,
        "\" data-testid=\"",
        MODULE,
        "\">"
    );
    out.raw(options);
    html!(
        out,
        "</select></div><div class=\"row\"><button type=\"button\" class=\"button\" data-do=\"module-gift\" data-testid=\"export-gift\">导出 GIFT</button><button type=\"button\" class=\"button\" data-do=\"module-xlsx\" data-testid=\"export-xlsx\">导出表格</button></div><div role=\"status\" id=\"",
        EXPORTED,
        "\"></div></section>"
    );
}

/// Reads a file, whichever format it has; and what it says the bank is called.
async fn read_file(office: Office, file: &File) -> Result<(Foreign, Option<String>), String> {
    let bytes = files::read(file, LARGEST)
        .await
        .map_err(|error| error.to_string())?;
    if bytes.is_empty() {
        return Err("文件是空的".into());
    }
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let answer = office.worker().ask("read-xlsx", "", Some(&bytes)).await;
        let (json, _) = answer.map_err(|error| error.to_string())?;
        let tables: Vec<Table> =
            serde_json::from_str(&json).map_err(|_| "表格没有读完整，请重试".to_owned())?;
        return Ok((bank_sheet::read(&tables), None));
    }
    if bytes.starts_with(b"%PDF") {
        return Err("这是 PDF，不是题库".into());
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| "文字不是 UTF-8 编码；请用记事本打开，另存为 UTF-8 再导入".to_owned())?;
    let file_name = file.name().to_ascii_lowercase();
    let is_named = file_name.ends_with(".md") || file_name.ends_with(".markdown");
    let (foreign, name) = if is_named || bank_markdown::is_markdown(&text) {
        // Parsed by the worker: it has the parser, and can be stopped.
        let answer = office.worker().ask("read-markdown", &text, None).await;
        let (json, _) = answer.map_err(|error| error.to_string())?;
        let markdown: Markdown =
            serde_json::from_str(&json).map_err(|_| "文件没有读完整，请重试".to_owned())?;
        let name = bank_markdown::title(&markdown).map(str::to_owned);
        (bank_markdown::read(&markdown), name)
    } else if aiken::is_aiken(&text) {
        (aiken::read(&text), None)
    } else {
        (gift::foreign(&gift::read(&text)), None)
    };
    if foreign.drafts.is_empty() && foreign.refused.is_empty() {
        return Err("里面没有题；可以导入表格模板、Markdown、GIFT 或 AIKEN".into());
    }
    Ok((foreign, name))
}

fn save_sample() {
    let sample = bank_markdown::SAMPLE.as_bytes();
    if let Err(error) = files::save("学档题库样例.md", "text/markdown;charset=utf-8", sample) {
        put_notice(OUTCOME, "refused", false, &format!("样例没有下载：{error}。"));
    }
}

async fn save_template(office: Office) {
    if let Err(why) = save_sheets(office, "学档题库模板.xlsx", &bank_sheet::template()).await {
        put_notice(OUTCOME, "refused", false, &format!("模板没有下载：{why}。"));
    }
}

async fn save_sheets(office: Office, name: &str, sheets: &[Sheet]) -> Result<(), String> {
    let json = serde_json::to_string(sheets).map_err(|error| error.to_string())?;
    let answer = office.worker().ask("write-xlsx", &json, None).await;
    let (_, bytes) = answer.map_err(|error| error.to_string())?;
    files::save(name, XLSX, &bytes).map_err(|error| error.to_string())
}

/// Gives questions out as a file; what is to be said of it.
///
/// # Errors
/// Why nothing was given out, for the person.
pub(in crate::ui) async fn save_questions(
    office: Office,
    title: &str,
    questions: &[(&Question, Option<&Case>)],
    is_sheet: bool,
) -> Result<String, String> {
    // No system takes these in a file's name.
    let stem: String = title
        .chars()
        .map(|sign| if "\\/:*?\"<>|".contains(sign) { '_' } else { sign })
        .collect();
    let (name, left) = if is_sheet {
        let (sheets, left) = bank_sheet::write(questions.iter().copied());
        let name = format!("{stem}.xlsx");
        save_sheets(office, &name, &sheets).await?;
        (name, left)
    } else {
        let (text, left) = gift::write(title, questions.iter().copied());
        let name = format!("{stem}.gift.txt");
        files::save(&name, "text/plain;charset=utf-8", text.as_bytes()).map_err(|error| error.to_string())?;
        (name, left)
    };
    let count = questions.len() - left.len();
    Ok(format!(
        "已交给浏览器下载：{name}，{count} 题。{}",
        left_text(&left)
    ))
}

/// What was left out, and why.
fn left_text(left: &[Left]) -> String {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for one in left {
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((one.why, 1)),
        }
    }
    let reasons: Vec<String> = reasons
        .into_iter()
        .map(|(why, count)| format!("{count} 题没有导出：{why}。"))
        .collect();
    reasons.concat()
}

fn tell(outcome: Result<String, String>) {
    match outcome {
        Ok(text) => put_notice(EXPORTED, "exported", true, &text),
        Err(why) => put_notice(EXPORTED, "refused", false, &format!("没有导出：{why}。")),
    }
    page::scroll_to(EXPORTED);
}

async fn save_own(office: Office, id: &str, is_sheet: bool) {
    let bank = office
        .packs
        .with_untracked(|packs| packs.state().bank(id).cloned());
    let Some(bank) = bank else { return };
    let questions: Vec<_> = bank.questions.iter().map(|question| (question, None)).collect();
    tell(save_questions(office, &bank.name, &questions, is_sheet).await);
}

async fn save_module(desk: Desk, office: Office, module: &str, is_sheet: bool) {
    let title = desk.course.with_untracked(|course| {
        let module = course.as_ref().and_then(|course| course.module(module));
        module.map(|module| module.title.clone())
    });
    let outcome = match desk.bank(module).await {
        Ok(bank) => save_questions(office, &title.unwrap_or_default(), &with_cases(&bank), is_sheet).await,
        Err(why) => Err(why),
    };
    tell(outcome);
}

fn with_cases(bank: &QuestionBank) -> Vec<(&Question, Option<&Case>)> {
    let questions = bank.questions.iter();
    questions
        .map(|question| (question, bank.case(question)))
        .collect()
}
