//! What stands beside the lessons, and the kinds of question that are not chosen from.

use super::lint::{judge, summary};
use super::*;
use xuedang::domain::course::lint::Diagnostic;

/// The files beside the lessons, in `fixtures/content/beside`.
pub(super) const FILES: [&str; 7] = [
    "timeline.toml",
    "glossary.toml",
    "apply.toml",
    "holidays.toml",
    "procedure/2016.toml",
    "procedure/2026.toml",
    "procedure/differences.toml",
];

/// The good course with everything that can stand beside it.
pub(super) fn whole() -> Vec<ContentFile> {
    let mut files = good();
    let folder = root().parent().unwrap().join("beside");
    files.extend(FILES.map(|path| ContentFile {
        path: path.into(),
        bytes: std::fs::read(folder.join(path)).unwrap(),
    }));
    files
}

#[track_caller]
fn case(path: &str, from: &str, to: &str, want: &[&str], line: &str) {
    let mut files = whole();
    replace(&mut files, path, from, to);
    check(&files, path, want, line);
}

#[track_caller]
fn check(files: &[ContentFile], path: &str, want: &[&str], line: &str) {
    let found = judge(files);
    assert_eq!(summary(&found), want, "{found:#?}");
    let text = String::from_utf8(files.iter().find(|file| file.path == path).unwrap().bytes.clone()).unwrap();
    let number = text
        .lines()
        .position(|own| own.contains(line))
        .map(|number| number as u32 + 1);
    // What is the same in two places is on the first line that says so, and reported on the later.
    let there =
        |found: &Diagnostic| found.place.file == path && (line.is_empty() || found.place.line == number);
    assert!(
        number.is_some() && found.iter().all(there),
        "line {number:?}: {found:#?}"
    );
}

#[test]
fn the_whole_course_has_no_problem() {
    assert_eq!(judge(&whole()), []);
}

#[test]
fn timelines() {
    let path = "timeline.toml";
    case(
        path,
        "\"1935-01-15\"",
        "\"1935-01-00\"",
        &["error[date]"],
        "1935-01-00",
    );
    case(
        path,
        "\"1935-01-17\"",
        "\"1935-01-14\"",
        &["error[order]"],
        "date = \"1935",
    );
    case(path, "\"1978-12\"", "\"1930\"", &["error[order]"], "\"1930\"");
    case(path, "\"reform\"", "\"war\"", &["error[unknown]"], "\"war\"");
    case(path, "level = 3", "level = 4", &["error[level]"], "level = 4");
    case(path, "[\"shili-one\"]", "[\"gone\"]", &["error[unknown]"], "gone");
    case(
        path,
        "\"第二条\"",
        "\"第四十二条\"",
        &["error[clause]"],
        "第四十二条",
    );
    case(path, "e-1978-two", "e-1935-01-one", &["error[duplicate-id]"], "");
}

#[test]
fn glossaries() {
    let path = "glossary.toml";
    case(
        path,
        "lesson = \"shili-two\"",
        "lesson = \"gone\"",
        &["error[unknown]"],
        "gone",
    );
    case(
        path,
        "[\"检查规则\"]",
        "[\"检查程序\"]",
        &["error[duplicate-term]"],
        "term = ",
    );
    case(path, "逐条检查课程的程序。", " ", &["error[empty]"], "text = ");
    case(
        path,
        "checked = \"2026-11-25\"",
        "checked = \"\"",
        &["error[date]"],
        "checked",
    );
    case(path, "against = \"示例规则\"\n", "", &["error[empty]"], "checked");
}

#[test]
fn holidays() {
    let path = "holidays.toml";
    let one = |from: &str, to: &str, want: &str, line: &str| case(path, from, to, &[want], line);
    one(
        "issued = \"2025-11-04\"",
        "issued = \"2025-11-31\"",
        "error[date]",
        "2025-11-31",
    );
    one("year = 2026", "year = 226", "error[date]", "year = 226");
    one(
        "title = \"关于2026年部分节假日安排的示例通知\"",
        "title = \"\"",
        "error[empty]",
        "title",
    );
    one("\"2026-06-21\"", "\"2026-06-31\"", "error[date]", "2026-06-31");
    one("\"2026-06-21\"", "\"2026-06-18\"", "error[order]", "2026-06-18");
    // A make-up day is on a weekend, and near.
    one(
        "[\"2026-05-09\"]",
        "[\"2026-05-08\"]",
        "error[work-day]",
        "2026-05-08",
    );
    one(
        "[\"2026-05-09\"]",
        "[\"2026-08-08\"]",
        "error[work-day]",
        "2026-08-08",
    );
    // Each day once.
    one(
        "last = \"2026-10-02\"",
        "last = \"2026-09-20\"",
        "error[order]",
        "last = \"2026-09-20",
    );
    one(
        "\"2026-01-04\"]",
        "\"2026-01-04\", \"2026-01-04\"]",
        "error[duplicate-day]",
        "2026-01-04\", ",
    );
    one("\"国庆节、中秋节\"", "\"国庆节\"", "error[missing]", "checked");
    one(
        "checked = \"2026-11-25\"",
        "checked = \"\"",
        "error[date]",
        "checked",
    );
    let last = "notice = \"示例〔2025〕1号\"\nname = \"国庆节、中秋节\"";
    let want = ["error[missing]", "error[unknown]"];
    let mut files = whole();
    replace(
        &mut files,
        path,
        last,
        "notice = \"示例〔2024〕1号\"\nname = \"国庆节、中秋节\"",
    );
    assert_eq!(summary(&judge(&files)), want);
}

#[test]
fn whom() {
    let path = "apply.toml";
    case(
        path,
        "单位没有党组织",
        "单位有党组织",
        &["error[duplicate-case]"],
        "",
    );
    case(path, "\"apply\"", "\"ask\"", &["error[unknown]"], "\"ask\"");
    case(
        path,
        "向所在单位党组织提出。",
        "",
        &["error[empty]"],
        "answer = \"\"",
    );
}

#[test]
fn procedures() {
    let path = "procedure/2026.toml";
    case(
        path,
        "stage = \"applicant\"\ntitle = \"谈话\"",
        "stage = \"member\"\ntitle = \"谈话\"",
        &["error[unknown]"],
        "member",
    );
    case(path, "派人谈话。", "", &["error[empty]"], "what = \"\"");
    case(path, "\"第七条\"", "\"第七项\"", &["error[clause]"], "第七项");
    case(
        "procedure/2016.toml",
        ", mark = \"依据已更新\"",
        "",
        &["error[mark]"],
        "第七条",
    );
    case(
        "procedure/2016.toml",
        "source = \"guize-old\"\n",
        "source = \"gone\"\n",
        &["error[unknown]"],
        "gone",
    );
    case(
        "procedure/differences.toml",
        "\"talk\"",
        "\"gone\"",
        &["error[unknown]"],
        "gone",
    );
}

/// A question of the good course, made one of another kind.
fn with(question: &str) -> Vec<ContentFile> {
    let mut files = good();
    edit(&mut files, QUESTIONS, |text| {
        let common = "explain = \"因为规则这样写。\"\ncite = [{ source = \"guize-new\", clause = \"第一条\" }]\nlesson = \"shili-one#table\"\ndifficulty = 1\npoints = [\"示例\"]\n";
        format!("{text}\n[[question]]\nid = \"sl-900\"\n{question}\n{common}")
    });
    files
}

#[track_caller]
fn question(question: &str, want: &[&str], line: &str) {
    check(&with(question), QUESTIONS, want, line);
}

const FILL: &str =
    "kind = \"fill\"\nstem = \"规则共有＿＿条，分＿＿章。\"\nblanks = [[\"四十一\", \"41\"], [\"五\"]]";
const ORDER: &str = "kind = \"order\"\nstem = \"把这几件事按先后排好\"\noptions.a = \"后来\"\noptions.b = \"起初\"\noptions.c = \"最后\"\nanswer = [\"b\", \"a\", \"c\"]";
const MATCH: &str = "kind = \"match\"\nstem = \"把左右两边连起来\"\noptions.a = \"甲\"\noptions.b = \"乙\"\noptions.c = \"丙\"\nmatches.a = \"子\"\nmatches.b = \"丑\"\nmatches.c = \"寅\"";
const SHORT: &str =
    "kind = \"short\"\nstem = \"说说规则的几个要点\"\noptions.a = \"第一点\"\noptions.b = \"第二点\"";

#[test]
fn every_kind_is_read() {
    for text in [FILL, ORDER, MATCH, SHORT] {
        assert_eq!(judge(&with(text)), [], "{text}");
    }
}

#[test]
fn blanks_orders_pairs_and_points() {
    let fill = |from: &str, to: &str| question(&FILL.replace(from, to), &["error[answer]"], "blanks = ");
    fill("，分＿＿章", "");
    fill("[\"五\"]", "[]");
    question(
        &FILL.replace("[\"五\"]", "5"),
        &["error[answer]", "error[type]"],
        "blanks = ",
    );
    let found = |text: String| summary(&judge(&with(&text)));
    assert_eq!(found(format!("{FILL}\nanswer = [\"a\"]")), ["error[answer]"]);
    assert_eq!(
        found(ORDER.replace("\"b\", \"a\", \"c\"", "\"b\", \"a\"")),
        ["error[answer]"]
    );
    assert_eq!(
        found(ORDER.replace("\"b\", \"a\", \"c\"", "\"a\", \"b\", \"c\"")),
        ["error[answer]"],
        "the keys give it away"
    );
    assert_eq!(
        found(ORDER.replace("\"b\", \"a\", \"c\"", "\"b\", \"a\", \"d\"")),
        ["error[answer]"]
    );
    assert_eq!(found(MATCH.replace("matches.c = \"寅\"", "")), ["error[answer]"]);
    assert_eq!(
        found(MATCH.replace("\"寅\"", "\"子。\"")),
        ["error[options-equal]"]
    );
    assert_eq!(
        found(SHORT.replace("options.b = \"第二点\"", "")),
        ["error[options]"]
    );
    assert_eq!(found(format!("{SHORT}\nanswer = [\"a\"]")), ["error[answer]"]);
    assert_eq!(found(format!("{SHORT}\ntracks = [\"nobody\"]")), ["error[track]"]);
    assert_eq!(
        found(format!("{SHORT}\nchecked = \"2026-13-01\"")),
        ["error[date]"]
    );
}

/// Two options that mean the same are refused though they are written differently.
#[test]
fn options_that_mean_the_same() {
    let single = |a: &str, b: &str| {
        let text = format!(
            "kind = \"single\"\nstem = \"哪一种说法合乎规则的意思\"\noptions.a = \"{a}\"\noptions.b = \"{b}\"\noptions.c = \"另一种\"\nanswer = [\"c\"]"
        );
        summary(&judge(&with(&text)))
    };
    for (a, b) in [
        ("党员的权利与义务", "党员权利和义务"),
        ("应当在1个月内", "应该在一个月内"),
        ("满10日", "满十日"),
        ("不得谋求私利", "不能谋求私利。"),
    ] {
        assert_eq!(single(a, b), ["error[options-equal]"], "{a} / {b}");
    }
    assert_eq!(single("满三个月", "满六个月"), Vec::<String>::new());
    assert_eq!(single("前三项都对", "满六个月"), ["error[all-of-them]"]);
}

#[test]
fn cases_have_their_questions() {
    let scenario = "[[case]]\nid = \"sl-c1\"\ntitle = \"小陈\"\ntext = \"小陈在一家工厂上班，去年递交了入党申请书，今年换了车间，新的班组长问他材料在哪里，他一时说不上来。\"\n";
    let of_case = |count: usize| {
        let mut files = good();
        edit(&mut files, QUESTIONS, |text| {
            let mut out = text.replacen("[[question]]", &format!("{scenario}\n[[question]]"), 1);
            for _ in 0..count {
                out = out.replacen(
                    "kind = \"single\"\nstem",
                    "kind = \"single\"\ncase = \"sl-c1\"\nstem",
                    1,
                );
            }
            out
        });
        summary(&judge(&files))
    };
    assert_eq!(of_case(1), ["error[case]"]);
    assert_eq!(of_case(2), Vec::<String>::new());
    let mut files = good();
    replace(
        &mut files,
        QUESTIONS,
        "kind = \"single\"",
        "kind = \"single\"\ncase = \"gone\"",
    );
    assert_eq!(summary(&judge(&files)), ["error[case]"]);
}

/// The policy's items and the rules' articles must be cited; what cites them is counted.
#[test]
fn coverage_is_demanded() {
    let mut files = good();
    edit(&mut files, SOURCES, |text| {
        text.replace("\"guize-new\"", "\"xize-2026\"")
            .replace("articles = 41", "articles = 44")
    });
    for path in [LESSON, OTHER_LESSON, QUESTIONS, MODULE] {
        let file = files.iter_mut().find(|file| file.path == path).unwrap();
        file.bytes = String::from_utf8(file.bytes.clone())
            .unwrap()
            .replace("guize-new", "xize-2026")
            .into_bytes();
    }
    let found = judge(&files);
    let missing: Vec<&Diagnostic> = found.iter().filter(|found| found.rule == "coverage").collect();
    // Articles 5–36, 41 and 42 are 34; the fixture's questions cite a few of them, its lessons none.
    assert_eq!(missing.len(), 34, "{found:#?}");
    assert!(
        missing
            .iter()
            .any(|found| found.message.starts_with("第四十二条 有 0 节课"))
    );
    // Two more citations in a lesson and two questions, and an article is covered.
    edit(&mut files, LESSON, |text| {
        text.replacen("第三条第（二）项", "第七条", 1)
    });
    let missing = |files: &[ContentFile]| {
        judge(files)
            .iter()
            .filter(|found| found.rule == "coverage")
            .count()
    };
    assert_eq!(missing(&files), 33);
    // One question is not enough.
    edit(&mut files, QUESTIONS, |text| {
        text.replacen("clause = \"第七条\"", "clause = \"第一条\"", 1)
    });
    assert_eq!(missing(&files), 34);
}
