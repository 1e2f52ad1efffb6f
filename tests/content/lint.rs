//! One case for each rule.

use super::*;
use xuedang::domain::course::lint::{Diagnostic, Severity, lint};
use xuedang::format::content;

pub(super) fn judge(files: &[ContentFile]) -> Vec<Diagnostic> {
    let read = content::read(files);
    let mut found = read.diagnostics;
    found.extend(lint(&read.course));
    found
}

/// `error[rule] file` for each problem, sorted.
pub(super) fn summary(found: &[Diagnostic]) -> Vec<String> {
    let mut lines: Vec<String> = found
        .iter()
        .map(|diagnostic| {
            assert!(
                !diagnostic.message.is_empty() && !diagnostic.hint.is_empty(),
                "{diagnostic}"
            );
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            format!("{severity}[{}]", diagnostic.rule)
        })
        .collect();
    lines.sort();
    lines
}

/// Breaks the good course in one place: exactly `want` must be found, in that file; and where
/// `line` is given, on the first line that contains it.
#[track_caller]
fn case(path: &str, from: &str, to: &str, want: &[&str], line: &str) {
    let mut files = good();
    replace(&mut files, path, from, to);
    let found = judge(&files);
    assert_eq!(summary(&found), want, "{from} → {to}\n{found:#?}");
    assert!(
        found.iter().all(|diagnostic| diagnostic.place.file == path),
        "{found:#?}"
    );
    let text = String::from_utf8(files.iter().find(|file| file.path == path).unwrap().bytes.clone()).unwrap();
    let number = text
        .lines()
        .position(|own| own.contains(line))
        .map(|number| number as u32 + 1);
    assert!(number.is_some(), "no line has {line}");
    assert!(
        found.iter().all(|diagnostic| diagnostic.place.line == number),
        "line {number:?}: {found:#?}"
    );
}

/// [`case`] on one line.
macro_rules! case {
    ($path:ident: $from:expr => $to:expr; $($want:literal),+; at $line:expr) => {
        case($path, $from, $to, &[$($want),+], $line)
    };
}

#[test]
fn the_good_course_has_no_problem() {
    assert_eq!(judge(&good()), []);
}

#[test]
fn sources() {
    case!(SOURCES: "short = \"规则\"" => "short = \" \""; "error[empty]"; at "short = \" \"");
    case!(SOURCES: "2026-01-01\"\nstate" => "2026-02-30\"\nstate"; "error[date]"; at "2026-02-30");
    case!(SOURCES: "by = \"guize-new\"" => "by = \"gone\""; "error[source]"; at "gone");
    case!(SOURCES: "replaced_by = \"guize-new\"\n" => ""; "error[source]"; at "\"replaced\"");
    case!(SOURCES: "\"in-force\"" => "\"in-force\"\nreplaced_by = \"guize-old\""; "error[source]"; at "in-force");
    case!(SOURCES: "\"in-force\"" => "\"valid\""; "error[type]"; at "valid");
    case!(SOURCES: "articles = 41" => "articles = 41\npages = 3"; "error[unknown-field]"; at "pages");
}

#[test]
fn citations() {
    case!(LESSON: "\"guize-new\"" => "\"gone\""; "error[source]"; at "gone");
    case!(QUESTIONS: "\"guize-new\"" => "\"gone\""; "error[source]"; at "gone");
    case!(MODULE: "\"yijian\"" => "\"gone\""; "error[source]"; at "gone");
    case!(LESSON: "第三条第（二）项" => "第四十二条"; "error[clause]"; at "第四十二条");
    case!(QUESTIONS: "第一条\" }]" => "第1条\" }]"; "error[clause]"; at "第1条");
    case!(MODULE: "（五）" => "总纲"; "error[clause]"; at "总纲");
    case!(LESSON: ", mark = \"依据已更新\"" => ""; "error[mark]"; at "guize-old");
    case!(LESSON: "依据已更新" => "已更新"; "error[mark]"; at "已更新");
    case!(LESSON: "）项\"" => "）项\", mark = \"依据已更新\""; "error[mark]"; at "guize-new");
    case!(QUESTIONS: "cite = [{ source = \"guize-new\", clause = \"第一条\" }]" => "cite = []"; "error[empty]"; at "cite = []");
}

#[test]
fn ids_and_folders() {
    case!(OTHER_LESSON: "{#more}" => "{#list}"; "error[duplicate-id]"; at "### ");
    case!(QUESTIONS: "\"sl-002\"" => "\"SL 2\""; "error[id-form]"; at "SL 2");
    case!(QUESTIONS: "\"sl-002\"" => "\"\""; "error[id-form]"; at "id = \"\"");
    case!(QUESTIONS: "module = \"shili\"" => "module = \"other\""; "error[folder]"; at "other");
    let mut files = good();
    replace(&mut files, MODULE, "\"shili\"", "\"shl\"");
    assert_eq!(
        summary(&judge(&files)),
        ["error[folder]", "error[folder]"],
        "the folder and the bank"
    );
}

/// Of two equal ids the later one is reported, and the hint leads to the earlier one.
#[test]
fn duplicate_ids() {
    let later = |path: &str, from: &str, to: &str| {
        let mut files = good();
        replace(&mut files, path, from, to);
        let mut found = judge(&files);
        found.retain(|diagnostic| diagnostic.rule == "duplicate-id");
        assert_eq!(found.len(), 1, "{found:#?}");
        let text =
            String::from_utf8(files.iter().find(|file| file.path == path).unwrap().bytes.clone()).unwrap();
        let last = text
            .lines()
            .collect::<Vec<_>>()
            .iter()
            .rposition(|line| *line == to)
            .unwrap() as u32
            + 1;
        assert_eq!(
            (found[0].place.file.as_str(), found[0].place.line),
            (path, Some(last))
        );
    };
    later(QUESTIONS, "id = \"sl-002\"", "id = \"sl-001\"");
    later(SOURCES, "id = \"guize-old\"", "id = \"guize-new\"");
    later(OTHER_LESSON, "id = \"shili-two\"", "id = \"shili-one\"");
}

/// Two modules with one number, and a lesson whose id would overwrite the list of lessons.
#[test]
fn numbers_of_modules_and_the_reserved_name() {
    let mut files = good();
    let copy = |from: &str, to: &str| {
        let bytes = good().into_iter().find(|file| file.path == from).unwrap().bytes;
        let text = String::from_utf8(bytes)
            .unwrap()
            .replace("\"shili\"", "\"twin\"")
            .replace("\"shili-one\"", "\"index\"");
        ContentFile {
            path: to.into(),
            bytes: text.into_bytes(),
        }
    };
    files.push(copy(MODULE, "modules/01-twin/module.toml"));
    files.push(copy(LESSON, "modules/01-twin/01-one.md"));
    assert_eq!(
        summary(&judge(&files)),
        ["error[folder]", "error[id-form]", "warning[few-questions]"]
    );
}

/// A question that leaves its lesson also leaves it with too few: that is in another file.
#[track_caller]
fn question_moves(to: &str, want: &[&str]) {
    let mut files = good();
    replace(&mut files, QUESTIONS, "\"shili-one#table\"", &format!("\"{to}\""));
    assert_eq!(summary(&judge(&files)), want, "{to}");
}

#[test]
fn places_of_questions() {
    question_moves("gone#table", &["error[lesson-unknown]", "warning[few-questions]"]);
    question_moves(
        "",
        &[
            "error[lesson-unknown]",
            "warning[anchor-unknown]",
            "warning[few-questions]",
        ],
    );
    question_moves("shili-one#gone", &["error[anchor-unknown]"]);
    question_moves("shili-one", &["warning[anchor-unknown]"]);
}

#[test]
fn a_question_belongs_to_its_own_module() {
    let mut files = good();
    for (from, to) in [
        (MODULE, "modules/02-other/module.toml"),
        (LESSON, "modules/02-other/01-one.md"),
    ] {
        let bytes = good().into_iter().find(|file| file.path == from).unwrap().bytes;
        let text = String::from_utf8(bytes)
            .unwrap()
            .replace("\"shili\"", "\"other\"")
            .replace("\"shili-one\"", "\"third\"");
        files.push(ContentFile {
            path: to.into(),
            bytes: text.into_bytes(),
        });
    }
    replace(&mut files, QUESTIONS, "shili-one#table", "third#table");
    assert_eq!(
        summary(&judge(&files)),
        [
            "error[lesson-elsewhere]",
            "warning[few-questions]",
            "warning[few-questions]"
        ]
    );
}

#[test]
fn links_between_lessons() {
    case!(LESSON: "#/lesson/shili-two/list" => "#/lesson/gone"; "error[lesson-unknown]"; at "gone");
    case!(LESSON: "#/lesson/shili-two/list" => "#/lesson/shili-two/gone"; "error[anchor-unknown]"; at "gone");
    case!(LESSON: "#/lesson/shili-two/list" => "#/settings"; "warning[link]"; at "settings");
    case!(LESSON: "https://example.org/" => "http://example.org/"; "warning[link]"; at "example.org");
    case!(LESSON: "https://example.org/" => "javascript:alert(1)"; "warning[link]"; at "alert");
}

#[test]
fn answers() {
    case!(QUESTIONS: "answer = [\"a\"]" => "answer = [\"x\"]"; "error[answer]"; at "\"x\"");
    case!(QUESTIONS: "answer = [\"a\"]" => "answer = []"; "error[answer]"; at "answer = []");
    case!(QUESTIONS: "answer = [\"a\"]" => "answer = [\"a\", \"d\"]"; "error[answer]"; at "\"a\", \"d\"");
    case!(QUESTIONS: "answer = [\"a\", \"b\"]" => "answer = [\"d\"] # one"; "error[answer]"; at "# one");
    case!(QUESTIONS: "answer = [\"true\"]" => "answer = [\"yes\"]"; "error[answer]"; at "yes");
    case!(QUESTIONS: "answer = [\"true\"]" => "answer = [\"true\", \"false\"]"; "error[answer]"; at "\"true\", \"false\"");
}

#[test]
fn options() {
    case!(QUESTIONS: "answer = [\"true\"]" => "answer = [\"true\"]\noptions.q = \"是\""; "error[options]"; at "options.q");
    case!(QUESTIONS: "options.c = \"写在附则\"\noptions.d = \"哪里也没有写\"\n" => "# two left\n"; "error[options]"; at "options.a = \"写在总纲\"");
    case!(QUESTIONS: "options.b = \"第二条\"\noptions.c = \"第三条\"\noptions.d = \"第四条\"\n" => ""; "error[options]"; at "options.a");
    case!(QUESTIONS: "options.b = \"第二条\"" => "options.b = \" \""; "error[empty]"; at "\" \"");
    // Width, signs and spaces do not tell two options apart.
    case!(QUESTIONS: "options.b = \"第二条\"" => "options.b = \" 第一条。\""; "error[options-equal]"; at " 第一条。");
    for words in ["以上都对", "以上 皆是", "“以上都是”", "以上选项都不正确"] {
        case!(QUESTIONS: "options.d = \"第四条\"" => &format!("options.d = \"{words}\""); "error[all-of-them]"; at words);
    }
    // This speaks of ranks, not of options.
    let mut files = good();
    replace(
        &mut files,
        QUESTIONS,
        "options.d = \"哪里也没有写\"",
        "options.d = \"县级以上都要写\"",
    );
    assert_eq!(judge(&files), []);
}

#[test]
fn words_of_questions() {
    for field in ["stem", "explain"] {
        let from = format!("{field} = \"");
        case!(QUESTIONS: &from => &format!("{field} = \"\" # \""); "error[empty]"; at "\"\" #");
    }
    case!(QUESTIONS: "points = [\"示例\"]" => "points = []"; "error[empty]"; at "points = []");
    case!(QUESTIONS: "points = [\"示例\"]" => "points = [\"\"]"; "error[empty]"; at "points = [\"\"]");
    for wrong in ["0", "4", "70000", "-1"] {
        let to = format!("difficulty = {wrong} #");
        let mut files = good();
        replace(&mut files, QUESTIONS, "difficulty = 1", &to);
        assert!(
            summary(&judge(&files)).contains(&"error[difficulty]".into()),
            "{wrong}"
        );
    }
    case!(QUESTIONS: "2026-11-23" => "2026-11-31"; "error[date]"; at "2026-11-31");
    let mut files = good();
    replace(&mut files, QUESTIONS, "kind = \"judge\"", "kind = \"truefalse\"");
    assert_eq!(summary(&judge(&files)), ["error[type]", "warning[few-questions]"]);
}

#[test]
fn stems_that_are_too_similar() {
    let stem = "stem = \"“夏雨荷香”出现在示例规则的哪一条？\"";
    let same = "stem = \"“春暖花开”出现在示例规则的哪一条\"";
    case!(QUESTIONS: stem => same; "error[near-duplicate]"; at same);
    // Other options do not make it another question.
    let mut files = good();
    replace(&mut files, QUESTIONS, stem, same);
    replace(
        &mut files,
        QUESTIONS,
        "第一条\"\noptions.b",
        "第九条\"\noptions.b",
    );
    assert_eq!(summary(&judge(&files)), ["error[near-duplicate]"]);
    let near = "stem = \"请问“春暖花开”出现在示例规则的哪一条呢？\"";
    case!(QUESTIONS: stem => near; "warning[near-duplicate]"; at near);
}

#[test]
fn habits_that_give_answers_away() {
    let mut files = good();
    // Three of five answers b become a: 8 of 20 are a then.
    for _ in 0..3 {
        replace(&mut files, QUESTIONS, "answer = [\"b\"]", "answer = [\"a\"]");
    }
    assert_eq!(summary(&judge(&files)), ["warning[key-habit]"]);
    let mut files = good();
    edit(&mut files, QUESTIONS, |text| {
        // In 9 of 20 the right option is longer than the others.
        let mut questions: Vec<String> = text.split("\n\n").map(str::to_owned).collect();
        for (number, question) in questions.iter_mut().skip(1).take(9).enumerate() {
            let (key, words) =
                [("a", "第一条"), ("b", "第二条"), ("c", "第三条"), ("d", "第四条")][number % 4];
            *question = question.replace(&format!("{key} = \"{words}\""), &format!("{key} = \"{words}里\""));
        }
        questions.join("\n\n")
    });
    assert_eq!(summary(&judge(&files)), ["warning[length-habit]"]);
    // With 11 single-choice questions nothing can be said.
    for _ in 0..9 {
        replace(&mut files, QUESTIONS, "kind = \"single\"", "kind = \"multiple\"");
    }
    assert_eq!(summary(&judge(&files)), ["error[answer]"; 9]);
}

#[test]
fn parts_of_modules() {
    case!(MODULE: "\"示例模块\"" => "\"\""; "error[empty]"; at "title = \"\"");
    case!(MODULE: "\"只供检查程序使用的模块。\"" => "\"\""; "error[empty]"; at "summary = \"\"");
    case!(MODULE: "[{ source = \"yijian\", clause = \"（五）\" }]" => "[]"; "error[empty]"; at "policy = []");
    let mut files = good();
    let text = "id = \"bare\"\ntitle = \"甲\"\nsummary = \"乙\"\npolicy = [{ source = \"yijian\", clause = \"（一）\" }]";
    files.push(ContentFile {
        path: "modules/02-bare/module.toml".into(),
        bytes: text.into(),
    });
    assert_eq!(
        summary(&judge(&files)),
        ["error[empty]"],
        "a module without lessons"
    );
}

#[test]
fn parts_of_lessons() {
    case!(LESSON: "title = \"示例课甲\"" => "title = \"\""; "error[empty]"; at "title = \"\"");
    for part in ["goals", "confusions", "sources"] {
        let mut files = good();
        edit(&mut files, LESSON, |text| {
            text.replacen(&format!("{part} = ["), &format!("{part} = []\n#"), 1)
                .replacen("  {", "#", 2)
                .replacen("\n]\n", "\n", 1)
        });
        let found = judge(&files);
        assert!(
            summary(&found).contains(&"error[empty]".into()),
            "{part}: {found:#?}"
        );
    }
    case!(LESSON: "checked = \"2026-11-23\"" => "checked = \"2026年11月\""; "error[date]"; at "2026年");
    case!(LESSON: "minutes = 5\n" => ""; "error[minutes]"; at "+++");
    case!(LESSON: "\"示例课甲的第一问？\", " => ""; "error[think]"; at "think");
    case!(LESSON: "\"示例课甲的第一问？\"" => "\"1\", \"2\""; "error[think]"; at "think");
    case!(LESSON: "minutes = 5" => "minutes = \"5\""; "error[minutes]", "error[type]"; at "minutes");
}

#[test]
fn text_of_lessons() {
    let mut files = good();
    edit(&mut files, LESSON, |text| text.replacen("检查程序", "", 8));
    assert_eq!(judge(&files), [], "still long enough");
    for (from, to) in [("这", "\n"), ("示例文字", &"长".repeat(300))] {
        let mut files = good();
        edit(&mut files, OTHER_LESSON, |text| match from {
            "这" => text.split("这一段").take(4).collect::<String>() + "\n## 表 {#list}\n### 余 {#more}\n",
            _ => text.replace(from, to),
        });
        assert_eq!(summary(&judge(&files)), ["error[length]"], "{from}");
    }
    case!(LESSON: "另见" => "<b>另见</b>"; "warning[raw-html]"; at "<b>");
    case!(LESSON: "另见" => "![另](x.png)见"; "warning[image]"; at "x.png");
    case!(LESSON: "### 其余文字 {#rest}" => "#### 其余文字 {#rest}"; "warning[heading]"; at "####");
    case!(OTHER_LESSON: " {#more}" => ""; "error[anchor-form]"; at "### 其余文字");
    case!(OTHER_LESSON: "{#more}" => "{#其余}"; "error[anchor-form]"; at "{#其余}");
    let mut files = good();
    replace(
        &mut files,
        QUESTIONS,
        "lesson = \"shili-two#list\"",
        "lesson = \"shili-one#table\"",
    );
    assert_eq!(summary(&judge(&files)), ["warning[few-questions]"]);
}

#[test]
fn files_that_cannot_be_read() {
    case!(QUESTIONS: "options.a = \"第一条\"" => "options.a = \"第一条"; "error[syntax]"; at "options.a = \"第一条");
    case!(MODULE: "title = " => "title == "; "error[empty]", "error[syntax]", "error[syntax]"; at "title == ");
    let mut files = good();
    edit(&mut files, LESSON, |text| text.replacen("+++\n", "", 1));
    assert!(summary(&judge(&files)).contains(&"error[syntax]".into()));
    let mut files = good();
    files[2].bytes.insert(40, 0xff);
    let found = judge(&files);
    let broken = found
        .iter()
        .find(|diagnostic| diagnostic.rule == "syntax")
        .unwrap();
    assert_eq!((broken.place.file.as_str(), broken.place.line), (LESSON, Some(3)));
}

#[test]
fn files_out_of_place() {
    let mut files = good();
    files.push(ContentFile {
        path: "modules/01-shili/notes.txt".into(),
        bytes: Vec::new(),
    });
    files.push(ContentFile {
        path: "questions/09-none.toml".into(),
        bytes: b"module = \"none\"".to_vec(),
    });
    files.push(ContentFile {
        path: "drafts/2026.toml".into(),
        bytes: b"not for us".to_vec(),
    });
    assert_eq!(summary(&judge(&files)), ["error[folder]", "warning[stray]"]);
    let found = judge(&[]);
    assert_eq!(summary(&found), ["error[missing-file]"]);
    let mut files = good();
    files.retain(|file| file.path != MODULE);
    assert!(summary(&judge(&files)).contains(&"error[missing-file]".into()));
}

/// A course that is wrong in many places says so in one run.
#[test]
fn all_problems_at_once() {
    let mut files = good();
    replace(&mut files, LESSON, "第三条第（二）项", "第四十二条");
    replace(&mut files, LESSON, "minutes = 5", "minutes = ");
    replace(&mut files, QUESTIONS, "answer = [\"a\"]", "answer = [\"x\"]");
    replace(&mut files, QUESTIONS, "difficulty = 2", "difficulty = 9");
    let found = summary(&judge(&files));
    for rule in [
        "error[clause]",
        "error[syntax]",
        "error[answer]",
        "error[difficulty]",
    ] {
        assert!(found.contains(&rule.into()), "{rule} in {found:?}");
    }
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let mut files = good();
    for file in &mut files {
        let text = String::from_utf8(file.bytes.clone())
            .unwrap()
            .replace('\n', "\r\n");
        file.bytes = format!("\u{feff}{text}").into_bytes();
    }
    assert_eq!(judge(&files), []);
}

#[test]
fn two_thousand_stems_are_compared_quickly() {
    let mut text = String::from("module = \"shili\"\nchecked = \"2026-11-23\"\n");
    for number in 0u32..2_000 {
        let stem: String = (0..30)
            .filter_map(|at| char::from_u32(0x4e00 + (number * 7_919 + at * 104_729) % 20_000))
            .collect();
        text += &format!("[[question]]\nid = \"q{number}\"\nkind = \"judge\"\nstem = \"{stem}\"\n");
    }
    let mut files = good();
    edit(&mut files, QUESTIONS, |_| text.clone());
    let start = std::time::Instant::now();
    judge(&files);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
