//! The program itself: what it prints, what it writes, and that it writes nothing of a bad course.

use super::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::process::{Command, Output};
use xuedang::domain::course::search::{self, Index, Query};
use xuedang::domain::course::{Catalogue, QuestionBank, QuestionRefs};
use xuedang::domain::due::workdays::{Holidays, WorkCalendar};
use xuedang::domain::time::Date;

const SHELL: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"__CSP__\">\n\
    <meta name=\"xuedang-catalogue\" content=\"\">\n\
    <link rel=\"stylesheet\" href=\"./base-1f.css\"/><script type=\"module\">start()</script></head><body></body></html>";

/// A fresh directory with the course in `content` and the page in `staging`.
struct Bench {
    root: PathBuf,
}

impl Bench {
    fn new(name: &str, files: &[ContentFile]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pack-{name}"));
        let _ = std::fs::remove_dir_all(&root);
        for file in files {
            let path = root.join("content").join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        std::fs::create_dir_all(root.join("staging")).unwrap();
        std::fs::write(root.join("staging/index.html"), SHELL).unwrap();
        Self { root }
    }

    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pack"));
        command.current_dir(&self.root).args(arguments);
        command
            .env_remove("TRUNK_PROFILE")
            .env_remove("TRUNK_STAGING_DIR")
            .envs(environment.iter().copied());
        command.output().unwrap()
    }

    fn build(&self) -> BTreeMap<String, String> {
        let output = self.run(
            &["build"],
            &[("TRUNK_STAGING_DIR", "staging"), ("TRUNK_PROFILE", "release")],
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        self.staged()
    }

    /// The staged files by path.
    fn staged(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for folder in ["", "content", "lessons"] {
            let Ok(entries) = std::fs::read_dir(self.root.join("staging").join(folder)) else {
                continue;
            };
            for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
                let name = entry.file_name().into_string().unwrap();
                let name = if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                };
                found.insert(name, std::fs::read_to_string(entry.path()).unwrap());
            }
        }
        found
    }
}

fn catalogue(staged: &BTreeMap<String, String>) -> Catalogue {
    let (path, text) = staged
        .iter()
        .find(|(path, _)| path.starts_with("content/catalogue-"))
        .unwrap();
    let index = &staged["index.html"];
    assert!(
        index.contains(&format!("<meta name=\"xuedang-catalogue\" content=\"{path}\">")),
        "{index}"
    );
    assert!(
        index.contains(&format!(
            "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{path}\">"
        )),
        "{index}"
    );
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_catalogue_leads_to_everything() {
    let staged = Bench::new("good", &good()).build();
    let catalogue = catalogue(&staged);
    assert_eq!(catalogue.version.len(), 12);
    let module = &catalogue.modules[0];
    assert_eq!(
        (module.id.as_str(), module.number, module.policy.as_slice()),
        ("shili", 1, ["意见 （五）".to_owned()].as_slice())
    );
    let bank: QuestionBank = serde_json::from_str(&staged[&module.bank]).unwrap();
    assert_eq!(
        (bank.checked.as_str(), bank.against.as_str()),
        ("2026-11-23", "示例规则")
    );
    assert!(!catalogue.has_refs(), "the catalogue carries none");
    let refs: QuestionRefs = serde_json::from_str(&staged[&catalogue.refs]).unwrap();
    assert_eq!(catalogue.clone().with_refs(QuestionRefs::default()), None);
    let catalogue = catalogue.with_refs(refs).unwrap();
    let module = &catalogue.modules[0];
    assert_eq!((bank.module.as_str(), bank.questions.len()), ("shili", 24));
    assert_eq!(
        module
            .lessons
            .iter()
            .map(|lesson| lesson.id.as_str())
            .collect::<Vec<_>>(),
        ["shili-one", "shili-two"]
    );
    for lesson in &module.lessons {
        assert!(lesson.body.starts_with(&format!("content/lesson-{}-", lesson.id)));
        assert_eq!((lesson.questions.len(), lesson.count), (12, 12));
        for reference in &lesson.questions {
            let question = bank
                .questions
                .iter()
                .find(|question| question.id == reference.id)
                .unwrap();
            assert_eq!(reference.hash, question.content_hash());
        }
    }
    // What is searched: the texts travel in one file, the questions in their banks.
    let mut index = Index::read(&staged[&catalogue.search]);
    let first = |index: &Index, text: &str| {
        let found = index.search(&Query::read(text), None, 1);
        let unit = index.unit(found.hits[0].unit).unwrap();
        (unit.kind, index.address(unit))
    };
    assert_eq!(
        first(&index, "表格与链接"),
        (search::Kind::Text, "lesson/shili-one/table".into())
    );
    assert_eq!(
        first(&index, "示例课乙"),
        (search::Kind::Text, "lesson/shili-two".into())
    );
    index.add_bank(&bank);
    assert_eq!(
        first(&index, "夏雨荷香"),
        (search::Kind::Question, "lesson/shili-one/table".into())
    );
}

/// Terms, events and steps are searched too, and lead to their places on their pages.
#[test]
fn what_stands_beside_the_lessons_is_searched() {
    let staged = Bench::new("searched", &super::beside::whole()).build();
    let catalogue = catalogue(&staged);
    let index = Index::read(&staged[&catalogue.search]);
    for (text, kind, page, address) in [
        ("检查规则", search::Kind::Term, "glossary", "glossary/jiancha"),
        (
            "1935年1月15日",
            search::Kind::Event,
            "timeline",
            "timeline/e-1935-01-one",
        ),
        ("谁来办", search::Kind::Step, "procedure", "procedure/step-"),
    ] {
        let found = index.search(&Query::read(text), Some(kind), 1);
        let found = index.address(index.unit(found.hits[0].unit).unwrap());
        assert!(found.starts_with(address), "{text}: {found}");
        let anchor = found.rsplit('/').next().unwrap();
        let body = &staged[&catalogue.page(page).unwrap().body];
        assert!(body.contains(&format!("id=\"{anchor}\"")), "{anchor} in {body}");
    }
}

#[test]
fn names_carry_the_hash_of_the_bytes() {
    let staged = Bench::new("hashes", &good()).build();
    let hashed = staged.iter().filter(|(path, _)| path.starts_with("content/"));
    let count = hashed
        .inspect(|(path, text)| {
            let hash = xuedang::domain::hex(&Sha256::digest(text.as_bytes())[..6]);
            assert!(
                path.rsplit_once('.')
                    .is_some_and(|(stem, _)| stem.ends_with(&format!("-{hash}"))),
                "{path}"
            );
        })
        .count();
    assert_eq!(
        count, 7,
        "catalogue, refs, questions, search, sources, two lessons"
    );
}

#[test]
fn the_same_course_packs_to_the_same_bytes_and_another_to_another_version() {
    let first = Bench::new("same-a", &good()).build();
    assert_eq!(first, Bench::new("same-b", &good()).build());
    let mut files = good();
    replace(
        &mut files,
        LESSON,
        "checked = \"2026-11-23\"",
        "checked = \"2026-11-24\"",
    );
    let second = Bench::new("same-c", &files).build();
    let (old, new) = (catalogue(&first), catalogue(&second));
    assert_ne!(old.version, new.version);
    let (old, new) = (&old.modules[0].lessons[0], &new.modules[0].lessons[0]);
    assert_ne!(old.body, new.body);
    assert_eq!(old.hash, new.hash, "checked again, the same words");
}

#[test]
fn fragments_have_all_parts() {
    let staged = Bench::new("fragment", &good()).build();
    let (_, html) = staged
        .iter()
        .find(|(path, _)| path.starts_with("content/lesson-shili-one"))
        .unwrap();
    for part in [
        "<section class=\"goals\" aria-label=\"学习目标\">",
        "<h2 id=\"table\">表格与链接</h2>",
        "<a href=\"#/lesson/shili-two/list\">",
        "<section class=\"confusions\"",
        "<section class=\"think\"",
        "<ol>\n<li>示例课甲的第一问？</li>",
        "<section class=\"sources\"",
        "<cite>《示例规则》</cite> <span class=\"clause\">第三条第（二）项</span>",
        "<strong class=\"mark\">（依据已更新）</strong>",
        "<span class=\"state replaced\">已被替代</span>",
        "<p class=\"rests-on\">依据：规则、规则（旧）<strong class=\"mark\">（已被替代）</strong>。<time datetime=\"2026-11-23\">2026年11月23日</time>核对。</p>",
        "；对照：示例规则</p>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn lessons_read_without_scripts() {
    let staged = Bench::new("pages", &good()).build();
    let page = &staged["lessons/shili-one.html"];
    for part in [
        "<html lang=\"zh-CN\">",
        "<meta name=\"viewport\"",
        "content=\"default-src 'none'; style-src 'self'",
        "<link rel=\"stylesheet\" href=\"../base-1f.css\">",
        "<li><a href=\"index.html#shili\">示例模块</a></li>\n<li aria-current=\"page\">示例课甲</li>",
        "<a href=\"../#/lesson/shili-one\">",
        "<a href=\"shili-two.html#list\">示例课乙</a>",
        "<details class=\"self-test\">",
        "<strong>答案：B</strong>",
        "示例规则把“夏雨荷香”写在这里",
        "<a rel=\"next\" href=\"shili-two.html\">下一课：示例课乙</a>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("rel=\"prev\"") && !page.contains("{{"));
    let last = &staged["lessons/shili-two.html"];
    assert!(
        last.contains("rel=\"prev\"")
            && !last.contains("rel=\"next\"")
            && last.contains("<strong>答案：正确</strong>")
    );
    let index = &staged["lessons/index.html"];
    assert!(
        index.contains("<h2 id=\"shili\">") && index.contains("<a href=\"shili-two.html\">示例课乙</a>"),
        "{index}"
    );
}

#[test]
fn what_authors_write_is_never_markup() {
    let mut files = good();
    let bomb = "<img src=x onerror=alert(1)>{{styles}}";
    replace(
        &mut files,
        LESSON,
        "title = \"示例课甲\"",
        &format!("title = \"{bomb}\""),
    );
    replace(&mut files, LESSON, "能说出示例课甲的第一个目标", bomb);
    replace(&mut files, MODULE, "示例模块", bomb);
    replace(
        &mut files,
        MODULE,
        "只供检查程序使用的模块。",
        &bomb.replace('<', "'><"),
    );
    replace(&mut files, SOURCES, "《示例规则》", bomb);
    replace(&mut files, QUESTIONS, "别处没有。", bomb);
    replace(&mut files, QUESTIONS, "哪一条？", bomb);
    replace(
        &mut files,
        QUESTIONS,
        "options.a = \"第一条\"",
        &format!("options.a = '{bomb}'"),
    );
    for (path, text) in Bench::new("escape", &files)
        .build()
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
    {
        assert!(!text.contains("<img"), "{path}: {text}");
    }
}

#[test]
fn the_policy_knows_the_inline_script_and_the_profile() {
    let bench = Bench::new("policy", &good());
    let index = &bench.build()["index.html"];
    assert!(
        index.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-") && !index.contains("__CSP__"),
        "{index}"
    );
    assert!(
        index.contains("connect-src 'self';") && index.contains("<script type=\"module\">start()</script>")
    );
    std::fs::write(bench.root.join("staging/index.html"), SHELL).unwrap();
    let output = bench.run(&["build", "--out", "staging"], &[("TRUNK_PROFILE", "debug")]);
    assert!(output.status.success());
    assert!(bench.staged()["index.html"].contains("connect-src 'self' ws: wss:;"));
}

/// A course with an error leaves the staging directory as it was.
#[test]
fn nothing_is_written_of_a_bad_course() {
    let mut files = good();
    replace(&mut files, LESSON, "第三条第（二）项", "第四十二条");
    let bench = Bench::new("bad", &files);
    let output = bench.run(&["build"], &[("TRUNK_STAGING_DIR", "staging")]);
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(
        printed.contains("error[clause]") && printed.contains("1 errors, 0 warnings"),
        "{printed}"
    );
    assert_eq!(
        bench.staged(),
        BTreeMap::from([("index.html".into(), SHELL.into())])
    );
    // Nor when the page lacks the places to fill.
    let bench = Bench::new("bad-page", &good());
    std::fs::write(bench.root.join("staging/index.html"), "<html></html>").unwrap();
    assert_eq!(
        bench.run(&["build", "--out", "staging"], &[]).status.code(),
        Some(1)
    );
    assert_eq!(bench.staged().len(), 1);
}

#[test]
fn lint_prints_places_hints_and_counts() {
    let mut files = good();
    replace(&mut files, LESSON, "第三条第（二）项", "第四十二条");
    let bench = Bench::new("lint", &files);
    let output = bench.run(&["lint"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "content/modules/01-shili/01-one.md:11: error[clause]: shili-one：“第四十二条”不是《示例规则》的条款：该文件只有四十一条\n  \
         提示：对照原文核实条款后改正\n\
         模块 1 个，课 2 节，正文汉字 2250 个，题目 单选题 20 道 多选题 2 道 判断题 2 道 填空题 0 道 排序题 0 道 连线题 0 道 简答题 0 道，\
         共 24 道（其中案例 0 个），大事 0 件，词条 0 个，流程 0 步，申请去向 0 种情形，放假安排 0 年\n\
         错误 1 处，警告 0 处\n"
    );
    let mut files = good();
    replace(&mut files, LESSON, "另见", "<b>另见</b>");
    let bench = Bench::new("lint-warning", &files);
    assert_eq!(bench.run(&["lint", "content"], &[]).status.code(), Some(0));
    assert_eq!(
        bench
            .run(&["lint", "content", "--deny-warnings"], &[])
            .status
            .code(),
        Some(1)
    );
    for wrong in [
        &["lint", "nowhere"][..],
        &["lint", "--what"],
        &["build"],
        &["other"],
        &[],
    ] {
        assert_eq!(bench.run(wrong, &[]).status.code(), Some(1), "{wrong:?}");
    }
}

/// Timeline, glossary, procedure, to whom to apply and sources: pages of the app and pages of
/// their own, linked both ways.
#[test]
fn pages_stand_beside_the_lessons() {
    let staged = Bench::new("beside", &super::beside::whole()).build();
    let catalogue = catalogue(&staged);
    let ids: Vec<&str> = catalogue.pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids, ["timeline", "glossary", "procedure", "whom", "sources"]);
    for (page, parts) in [
        (
            "timeline",
            &[
                "<time datetime=\"1935-01-15\">1935年1月15日</time>—<time datetime=\"1935-01-17\">",
                "data-level=\"1\" data-sort=\"meeting\"",
                "<a href=\"#/lesson/shili-one\">示例课甲</a>",
                "依据：规则 第一条",
            ][..],
        ),
        (
            "glossary",
            &[
                "<dt>检查程序<small>也作：检查规则</small></dt>",
                "<h2 id=\"letter-J\"",
            ][..],
        ),
        (
            "procedure",
            &[
                "<li class=\"step\" data-step=\"talk\" id=\"step-talk\"",
                ">我在这一步</button>",
                "<dt>期限</dt><dd>一个月内</dd>",
                "<td data-label=\"2014年\">旧版的办法。</td>",
                "规则（旧）的步骤（已被替代，只供对照）",
            ][..],
        ),
        (
            "whom",
            &[
                "<summary>职工</summary>",
                "<strong>向单位所在地党组织提出。</strong>",
                "意见 （八）",
            ][..],
        ),
        (
            "sources",
            &[
                "已由规则替代",
                "引用它的：课文 2 节、题目 24 道、大事 2 件、词条 1 个、流程 2 步、版本变化 1 处",
            ][..],
        ),
    ] {
        let body = &staged[&catalogue.page(page).unwrap().body];
        for part in parts {
            assert!(body.contains(part), "{part} in {body}");
        }
        let own = &staged[&format!("lessons/{page}.html")];
        assert!(
            own.contains("<article class=\"beside\">") && !own.contains("href=\"#/"),
            "{own}"
        );
    }
    // Only steps of the edition in force can be stood on.
    let procedure = &staged[&catalogue.page("procedure").unwrap().body];
    assert_eq!(procedure.matches(">我在这一步</button>").count(), 2);
    // A lesson names its events, and notes terms that another lesson teaches.
    let lesson = |id: &str| {
        let lesson = catalogue.modules[0]
            .lessons
            .iter()
            .find(|lesson| lesson.id == id)
            .unwrap();
        &staged[&lesson.body]
    };
    assert!(lesson("shili-one").contains("<a href=\"#/timeline/e-1935-01-one\">示例大事甲</a>"));
    assert_eq!(lesson("shili-one").matches("class=\"term-note\"").count(), 1);
    assert_eq!(lesson("shili-two").matches("class=\"term-note\"").count(), 0);
    assert!(staged["lessons/shili-one.html"].contains("<a href=\"timeline.html#e-1935-01-one\">"));
}

/// A new glossary does not make lessons other lessons: what was read stays read.
#[test]
fn notes_on_terms_leave_the_lesson_the_same() {
    let plain = catalogue(&Bench::new("plain", &good()).build());
    let noted = catalogue(&Bench::new("noted", &super::beside::whole()).build());
    let lesson = |catalogue: &Catalogue| catalogue.modules[0].lessons[0].clone();
    assert_eq!(lesson(&plain).hash, lesson(&noted).hash);
    assert_ne!(lesson(&plain).body, lesson(&noted).body);
}

#[test]
fn the_office_knows_worker_and_holidays_and_the_study_does_not() {
    let bench = Bench::new("worker", &super::beside::whole());
    let staging = bench.root.join("staging");
    let page = SHELL.replace(
        "</head>",
        "<link rel=\"modulepreload\" href=\"./xuedang-7ae.js\" crossorigin></head>",
    );
    for (name, text) in [
        ("index.html", page.as_str()),
        ("office.js", "office()"),
        ("office_bg.wasm", "office"),
        ("worker.js", "let wasm_bindgen;"),
        ("worker_bg.wasm", "worker"),
    ] {
        std::fs::write(staging.join(name), text).unwrap();
    }
    let staged = bench.build();
    let named = |start: &str, end: &str| {
        let mut names = staged.keys();
        names
            .find(|name| name.starts_with(start) && name.ends_with(end))
            .unwrap()
    };
    let (script, program) = (named("worker-", ".js"), named("worker-", "_bg.wasm"));
    assert_eq!(
        script.trim_end_matches(".js"),
        program.trim_end_matches("_bg.wasm")
    );
    assert!(staged[script].starts_with("let wasm_bindgen;"));
    assert!(staged[script].contains(&format!("new URL(\"{program}\", self.location.href)")));
    let meta = format!("<meta name=\"xuedang-worker\" content=\"{script}\">");
    assert_eq!(staged["office.html"].matches(&meta).count(), 1);
    assert!(
        !staged["index.html"].contains("xuedang-worker"),
        "{}",
        staged["index.html"]
    );
    let path = named("content/holidays-", ".json");
    let meta = format!("<meta name=\"xuedang-holidays\" content=\"{path}\">");
    assert_eq!(staged["office.html"].matches(&meta).count(), 1);
    assert!(!staged["index.html"].contains("holidays"));
    let holidays: Holidays = serde_json::from_str(&staged[path]).unwrap();
    let calendar = WorkCalendar::new(&holidays);
    let day = |text: &str| Date::parse(text).unwrap();
    assert_eq!(calendar.years()[&2026], ["示例〔2025〕1号"]);
    assert_eq!(
        calendar.add_working_days(day("2026-04-30"), 4).day,
        day("2026-05-09")
    );
    for name in ["worker.js", "worker_bg.wasm", "office.js", "office_bg.wasm"] {
        assert!(!staged.contains_key(name), "{name} has no hash");
    }
}
