//! A lesson's parts, text, headings and links; and a module's own words.

use super::draft::{CourseDraft, LessonDraft, ModuleDraft};
use super::{Diagnostic, check_date, check_list, check_text};
use std::collections::{BTreeMap, BTreeSet};

/// Chinese characters that a lesson should have.
const CHARACTERS: std::ops::RangeInclusive<u32> = 1_000..=2_500;
/// Questions to think about at the end of a lesson.
const THINK: usize = 2;

/// The usable anchors of every lesson.
pub(super) type Anchors<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(super) fn anchors(course: &CourseDraft) -> Anchors<'_> {
    let lessons = course.modules.iter().flat_map(|module| &module.lessons);
    lessons
        .map(|lesson| {
            let usable = lesson.body.headings.iter().filter(|heading| heading.usable);
            (
                lesson.id.as_str(),
                usable.filter_map(|heading| heading.anchor.as_deref()).collect(),
            )
        })
        .collect()
}

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let anchors = anchors(course);
    for module in &course.modules {
        check_module(module, found);
        for lesson in &module.lessons {
            check_parts(lesson, found);
            check_headings(lesson, found);
            check_links(lesson, &anchors, found);
        }
    }
}

fn check_module(module: &ModuleDraft, found: &mut Vec<Diagnostic>) {
    let place = |field| module.origin.place(field, &module.id);
    check_text(&module.title, "模块名称", place("title"), found);
    check_text(&module.summary, "模块简介", place("summary"), found);
    if module.lessons.is_empty() {
        found.push(Diagnostic::error(
            place("id"),
            "empty",
            "模块里没有课",
            "至少写一节课，文件名如 01-nature.md",
        ));
    }
}

fn check_parts(lesson: &LessonDraft, found: &mut Vec<Diagnostic>) {
    let place = |field| lesson.origin.place(field, &lesson.id);
    check_text(&lesson.title, "课名", place("title"), found);
    check_list(&lesson.goals, "学习目标（goals）", place("goals"), found);
    check_list(
        &lesson.confusions,
        "易混易错（confusions）",
        place("confusions"),
        found,
    );
    check_date(&lesson.checked, place("checked"), found);
    check_text(
        &lesson.against,
        "核对所依据的文本（against）",
        place("against"),
        found,
    );
    super::question::check_tracks(&lesson.tracks, place("tracks"), found);
    if lesson.minutes == 0 {
        found.push(Diagnostic::error(
            place("minutes"),
            "minutes",
            "没有写阅读时间",
            "补上 minutes = 分钟数，按每分钟约 300 字估计",
        ));
    }
    if lesson.think.len() != THINK || lesson.think.iter().any(|text| text.trim().is_empty()) {
        found.push(Diagnostic::error(
            place("think"),
            "think",
            format!(
                "思考题要恰好 {THINK} 道，现有 {} 道，或其中有空白",
                lesson.think.len()
            ),
            "补足或删减 think",
        ));
    }
    if !CHARACTERS.contains(&lesson.body.characters) {
        found.push(Diagnostic::error(
            lesson.origin.at(lesson.body.line, &lesson.id),
            "length",
            format!(
                "正文有 {} 个汉字，应在 {} 到 {} 之间",
                lesson.body.characters,
                CHARACTERS.start(),
                CHARACTERS.end()
            ),
            "太短就补充，太长就拆成两节课",
        ));
    }
    for line in &lesson.body.raw_html {
        found.push(Diagnostic::warning(
            lesson.origin.at(*line, &lesson.id),
            "raw-html",
            "正文里有 HTML 标记，会原样显示成文字",
            "改用 Markdown 写法；要显示尖括号就写成 `代码`",
        ));
    }
    for line in &lesson.body.images {
        found.push(Diagnostic::warning(
            lesson.origin.at(*line, &lesson.id),
            "image",
            "正文里有图片，只会显示它的说明文字",
            "课文不放图片，请改成文字或表格",
        ));
    }
}

fn check_headings(lesson: &LessonDraft, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for heading in &lesson.body.headings {
        let place = lesson.origin.at(heading.line, &lesson.id);
        let title = &heading.text;
        if !(2..=3).contains(&heading.level) {
            found.push(Diagnostic::warning(
                place.clone(),
                "heading",
                format!("小标题“{title}”是第 {} 级", heading.level),
                "课文的小标题只用 ## 和 ###",
            ));
        }
        match heading.anchor.as_deref() {
            None => found.push(Diagnostic::error(
                place,
                "anchor-form",
                format!("小标题“{title}”没有锚点"),
                "在标题后加上 {#english-name}",
            )),
            Some(anchor) if !heading.usable => found.push(Diagnostic::error(
                place,
                "anchor-form",
                format!("小标题“{title}”的锚点“{anchor}”写法不对"),
                "锚点只用英文字母、数字、连字符和下划线",
            )),
            Some(anchor) if !seen.insert(anchor) => found.push(Diagnostic::error(
                place,
                "duplicate-id",
                format!("锚点“{anchor}”在这节课里重复"),
                "给后来的一个换名",
            )),
            Some(_) => {}
        }
    }
}

fn check_links(lesson: &LessonDraft, anchors: &Anchors<'_>, found: &mut Vec<Diagnostic>) {
    for (line, target) in &lesson.body.links {
        let place = lesson.origin.at(*line, &lesson.id);
        if let Some(rest) = target.strip_prefix("#/lesson/") {
            let (id, anchor) = match rest.split_once('/') {
                Some((id, anchor)) => (id, Some(anchor)),
                None => (rest, None),
            };
            check_target(id, anchor, place, anchors, found);
        } else if !target.starts_with("https://") {
            found.push(Diagnostic::warning(
                place,
                "link",
                format!("链接“{target}”不是课文里该有的"),
                "课文只链接 https:// 网页，或 #/lesson/课编号",
            ));
        }
    }
    for (line, target) in &lesson.body.dead_links {
        found.push(Diagnostic::warning(
            lesson.origin.at(*line, &lesson.id),
            "link",
            format!("链接“{target}”不会生效，只显示文字"),
            "课文只链接 https:// 网页，或 #/lesson/课编号",
        ));
    }
}

/// Reports a lesson that is not there, or an anchor that it does not have.
pub(super) fn check_target(
    id: &str,
    anchor: Option<&str>,
    place: super::Place,
    anchors: &Anchors<'_>,
    found: &mut Vec<Diagnostic>,
) {
    match (anchors.get(id), anchor) {
        (None, _) => found.push(Diagnostic::error(
            place,
            "lesson-unknown",
            format!("没有编号为“{id}”的课"),
            "核对课的编号（front matter 里的 id，不是文件名）",
        )),
        (Some(known), Some(anchor)) if !known.contains(anchor) => {
            let names: Vec<&str> = known.iter().copied().collect();
            found.push(Diagnostic::error(
                place,
                "anchor-unknown",
                format!("课“{id}”里没有锚点“{anchor}”"),
                format!("它的锚点：{}", names.join("、")),
            ));
        }
        _ => {}
    }
}
