//! What can be practised beside modules and lessons: draws from the whole course, and knowledge
//! points.

use crate::domain::course::Module;
use crate::domain::question::sitting::Standing;
use crate::domain::study::{Mark, Study, mistakes};
use crate::ui::markup::{Markup, html};
use crate::ui::route::{Route, Scope};

/// Draws from the whole course, by how many.
pub(super) fn whole_course(out: &mut Markup) {
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"draw-heading\"><h2 id=\"draw-heading\">从全部课程抽题</h2>"
    );
    for (kind, label) in [("random", "随机抽题"), ("unseen", "没做过的优先")] {
        html!(
            out,
            "<p id=\"draw-",
            kind,
            "\">",
            label,
            "</p><ul class=\"row draws\" aria-labelledby=\"draw-",
            kind
        );
        html!(out, "\">");
        for (count, text) in [(10u32, "10 题"), (20, "20 题"), (50, "50 题"), (0, "全部")] {
            html!(
                out,
                "<li><a class=\"button\" href=\"#/practice/",
                kind,
                "/",
                count,
                "\" aria-label=\""
            );
            html!(out, label, "：", text, "\">", text, "</a></li>");
        }
        html!(out, "</ul>");
    }
    html!(out, "</section>");
}

/// A module's knowledge points, once they are known.
pub(super) fn points(out: &mut Markup, module: &Module, study: &Study) {
    // Name, questions, answered in their present version.
    let mut points: Vec<(&str, u32, u32)> = Vec::new();
    for question in module.lessons.iter().flat_map(|lesson| &lesson.questions) {
        if study.is_marked(&question.id, Mark::Hidden) {
            continue;
        }
        let answered = u32::from(mistakes::standing(question, study) != Standing::Fresh);
        for name in &question.points {
            match points.iter_mut().find(|(known, ..)| known == name) {
                Some((_, all, done)) => {
                    *all += 1;
                    *done += answered;
                }
                None => points.push((name, 1, answered)),
            }
        }
    }
    if points.is_empty() {
        return;
    }
    html!(
        out,
        "<details><summary>按知识点练习</summary><ul class=\"plain-links\">"
    );
    for (name, all, done) in points {
        let to = Route::Practice(Scope::Point(name.into())).to_string();
        html!(out, "<li><a href=\"", to, "\"><span>", name);
        html!(
            out,
            "</span><span class=\"muted\">",
            done,
            "/",
            all,
            "</span></a></li>"
        );
    }
    html!(out, "</ul></details>");
}
