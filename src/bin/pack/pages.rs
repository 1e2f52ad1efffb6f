//! Every lesson as a page that reads without scripts: for slow connections, old browsers, print.

use crate::course::{Asset, Packed, PackedLesson};
use crate::template::fill;
use crate::{beside, fragment};
use xuedang::domain::course::{Catalogue, Lesson, Module, Source};
use xuedang::domain::question::{Case, Kind, Question};
use xuedang::format::markdown::escape;

const PAGE: &str = include_str!("page.html");
const LESSON: &str = include_str!("lesson.html");
const NAME: &str = "课程目录";

/// `lessons/<id>.html` for each lesson and each page beside the lessons, and
/// `lessons/index.html`. `styles` are the addresses of the style sheets as the staged page names
/// them.
pub(crate) fn pages(packed: &Packed, styles: &[String]) -> Vec<Asset> {
    let (catalogue, lessons, sources) = (&packed.catalogue, &packed.lessons, &packed.sources);
    let beside = &packed.pages;
    let styles: String = styles
        .iter()
        .map(|style| {
            format!(
                "<link rel=\"stylesheet\" href=\"{}\">\n",
                escape(&from_below(style))
            )
        })
        .collect();
    let order: Vec<(&Module, &Lesson)> = catalogue
        .modules
        .iter()
        .flat_map(|module| module.lessons.iter().map(move |lesson| (module, lesson)))
        .collect();
    let mut pages = vec![contents(catalogue, beside, &styles)];
    for page_beside in beside {
        let crumbs =
            crumb(Some("../"), "学档") + &crumb(Some("index.html"), NAME) + &crumb(None, page_beside.title);
        let main = format!(
            "<article class=\"beside\"><h1>{}</h1>\n{}</article>\n",
            page_beside.title,
            outside_app(&page_beside.html)
        );
        pages.push(page(
            page_beside.id,
            page_beside.title,
            page_beside.title,
            &styles,
            &crumbs,
            &main,
        ));
    }
    for (at, (module, lesson)) in order.iter().enumerate() {
        let Some(packed) = lessons.iter().find(|packed| packed.id == lesson.id) else {
            continue;
        };
        let before = at
            .checked_sub(1)
            .and_then(|at| order.get(at))
            .map(|(_, lesson)| *lesson);
        let after = order.get(at + 1).map(|(_, lesson)| *lesson);
        let main = fill(
            LESSON,
            &[
                ("title", &escape(&lesson.title)),
                ("minutes", &lesson.minutes.to_string()),
                ("characters", &packed.characters.to_string()),
                ("id", &lesson.id),
                ("fragment", &outside_app(&packed.html)),
                ("questions", &questions(packed, sources)),
                (
                    "pager",
                    &(neighbour("prev", "上一课", before) + &neighbour("next", "下一课", after)),
                ),
            ],
        );
        let crumbs = crumb(Some("../"), "学档")
            + &crumb(Some("index.html"), NAME)
            + &crumb(Some(&format!("index.html#{}", module.id)), &module.title)
            + &crumb(None, &lesson.title);
        pages.push(page(
            &lesson.id,
            &lesson.title,
            &module.summary,
            &styles,
            &crumbs,
            &main,
        ));
    }
    pages
}

fn contents(catalogue: &Catalogue, beside: &[beside::Page], styles: &str) -> Asset {
    let mut main = format!(
        "<h1>{NAME}</h1>\n<p class=\"open-in-app\"><a href=\"../\">打开学档：记录进度、做题</a></p>\n"
    );
    for module in &catalogue.modules {
        let lessons: String = module
            .lessons
            .iter()
            .map(|lesson| {
                let title = escape(&lesson.title);
                format!(
                    "<li><a href=\"{}.html\">{title}</a> <small>约 {} 分钟</small></li>\n",
                    lesson.id, lesson.minutes
                )
            })
            .collect();
        main += &format!(
            "<section class=\"module\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n<p>{}</p>\n<ol>\n{lessons}</ol>\n</section>\n",
            escape(&module.title),
            escape(&module.summary),
            id = module.id,
        );
    }
    let links: String = beside
        .iter()
        .map(|page| format!("<li><a href=\"{}.html\">{}</a></li>\n", page.id, page.title))
        .collect();
    if !links.is_empty() {
        main += &format!(
            "<section class=\"module\" aria-labelledby=\"beside\">\n<h2 id=\"beside\">查一查</h2>\n<ul>\n{links}</ul>\n</section>\n"
        );
    }
    let crumbs = crumb(Some("../"), "学档") + &crumb(None, NAME);
    page(
        "index",
        NAME,
        "各模块的课，不用脚本也能读",
        styles,
        &crumbs,
        &main,
    )
}

fn page(id: &str, title: &str, summary: &str, styles: &str, crumbs: &str, main: &str) -> Asset {
    let html = fill(
        PAGE,
        &[
            ("title", &escape(title)),
            ("summary", &escape(summary)),
            ("styles", styles),
            ("crumbs", crumbs),
            ("main", main),
        ],
    );
    Asset {
        path: format!("lessons/{id}.html"),
        bytes: html.into_bytes(),
    }
}

fn crumb(target: Option<&str>, name: &str) -> String {
    match target {
        Some(target) => format!("<li><a href=\"{}\">{}</a></li>\n", escape(target), escape(name)),
        None => format!("<li aria-current=\"page\">{}</li>\n", escape(name)),
    }
}

fn neighbour(rel: &str, label: &str, lesson: Option<&Lesson>) -> String {
    lesson.map_or_else(String::new, |lesson| {
        format!(
            "<a rel=\"{rel}\" href=\"{}.html\">{label}：{}</a>\n",
            lesson.id,
            escape(&lesson.title)
        )
    })
}

/// The lesson's questions with answers and explanations, folded away.
fn questions(lesson: &PackedLesson, sources: &[Source]) -> String {
    let questions = &lesson.questions;
    if questions.is_empty() {
        return String::new();
    }
    let entries: String = questions
        .iter()
        .map(|question| entry(question, &lesson.cases, sources))
        .collect();
    format!(
        "<details class=\"self-test\">\n<summary>自测题（{} 道，含答案和解析）</summary>\n<ol>\n{entries}</ol>\n</details>\n",
        questions.len()
    )
}

fn entry(question: &Question, cases: &[Case], sources: &[Source]) -> String {
    let case = cases.iter().find(|case| question.case.as_ref() == Some(&case.id));
    let case = case.map_or(String::new(), |case| {
        format!(
            "<p class=\"case\"><strong>案例：{}</strong> {}</p>\n",
            escape(&case.title),
            escape(&case.text)
        )
    });
    let chosen_from = matches!(question.kind, Kind::Single | Kind::Multiple | Kind::Order);
    let list = |kind: &str, texts: &mut dyn Iterator<Item = &String>| {
        let entries: String = texts.map(|text| format!("<li>{}</li>\n", escape(text))).collect();
        format!("<ol type=\"{kind}\">\n{entries}</ol>\n")
    };
    let mut options = String::new();
    if chosen_from || question.kind == Kind::Match {
        options += &list("A", &mut question.options.values());
    }
    if question.kind == Kind::Match {
        // By their text, which says nothing of whose they are.
        let mut right: Vec<&String> = question.matches.values().collect();
        right.sort();
        options += &list("a", &mut right.into_iter());
    }
    let answer = if chosen_from {
        // Keys are names for the software; a reader gets letters in the author's order.
        let place = |key: &String| question.options.keys().position(|known| known == key);
        let letters = question
            .answer
            .iter()
            .filter_map(|key| ('A'..='Z').nth(place(key)?));
        letters.map(String::from).collect()
    } else {
        question.answer_in_words()
    };
    let between = match question.kind {
        Kind::Order => " → ",
        _ if chosen_from => "、",
        _ => "；",
    };
    format!(
        "<li class=\"question\">\n{case}<p>{}<small>（{}）</small></p>\n{options}\
         <p class=\"answer\"><strong>答案：{}</strong></p>\n<p class=\"explain\">{}</p>\n{}</li>\n",
        escape(&question.stem),
        question.kind.label(),
        escape(&answer.join(between)),
        escape(&question.explain),
        fragment::citations(&question.cite, sources),
    )
}

/// Links within the app become links between pages. Only real links match: in text `<` is escaped.
fn outside_app(html: &str) -> String {
    const LINK: &str = "<a href=\"#/lesson/";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(LINK) {
        let (target, after) = after.split_once('"').unwrap_or((after, ""));
        let (id, anchor) = target.split_once('/').unwrap_or((target, ""));
        let anchor = if anchor.is_empty() {
            String::new()
        } else {
            format!("#{anchor}")
        };
        out += &format!("{before}<a href=\"{id}.html{anchor}\"");
        rest = after;
    }
    let mut out = out + rest;
    for page in ["timeline", "glossary", "procedure", "whom", "sources"] {
        out = out
            .replace(
                &format!("<a href=\"#/{page}/"),
                &format!("<a href=\"{page}.html#"),
            )
            .replace(
                &format!("<a href=\"#/{page}\""),
                &format!("<a href=\"{page}.html\""),
            );
    }
    out.replace("<a href=\"#/", "<a href=\"../#/")
}

/// An address as seen from one directory below.
fn from_below(address: &str) -> String {
    if address.starts_with('/') || address.contains("://") {
        return address.into();
    }
    format!("../{}", address.trim_start_matches("./"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_leave_the_app() {
        assert_eq!(
            outside_app(
                "<a href=\"#/lesson/b\">乙</a> &lt;a href=\"#/lesson/c\" <a href=\"#/lesson/d/e\">丁</a><a href=\"#/exam\">考</a><a href=\"#/timeline/e-1\">年</a>"
            ),
            "<a href=\"b.html\">乙</a> &lt;a href=\"#/lesson/c\" <a href=\"d.html#e\">丁</a><a href=\"../#/exam\">考</a><a href=\"timeline.html#e-1\">年</a>"
        );
    }

    #[test]
    fn style_sheets_are_found_from_below() {
        assert_eq!(from_below("/s.css"), "/s.css");
        assert_eq!(from_below("./s.css"), "../s.css");
        assert_eq!(from_below("a/s.css"), "../a/s.css");
    }
}
