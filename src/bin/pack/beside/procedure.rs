//! The procedure as a path: the steps of the edition in force, what has changed, and the steps of
//! earlier editions.

use super::{checked, cited};
use xuedang::domain::course::lint::draft::{CourseDraft, ProcedureDraft};
use xuedang::domain::course::{Source, SourceState};
use xuedang::domain::procedure::{Difference, Step};
use xuedang::format::markdown::escape;

/// The edition in force.
pub(crate) fn present<'a>(course: &'a CourseDraft, sources: &[Source]) -> Option<&'a ProcedureDraft> {
    let in_force = |source: &Source| source.state == SourceState::InForce;
    let is_present = |draft: &&ProcedureDraft| {
        let mut known = sources.iter().filter(|source| source.id == draft.source);
        known.next().is_some_and(in_force)
    };
    course.procedures.iter().find(is_present)
}

pub(super) fn page(course: &CourseDraft, sources: &[Source]) -> String {
    let source = |id: &str| sources.iter().find(|source| source.id == id);
    let Some(present) = present(course, sources) else {
        return String::new();
    };
    let mut html = format!(
        "<p>按{}列出，共 {} 步。<span class=\"app-only\">找到自己走到的那一步，按一下“我在这一步”，就能看到前后还有什么。这里只记您自己的位置，不是组织的结论。</span></p>\n",
        source(&present.source).map_or(String::new(), |source| escape(&source.short).into_owned()),
        present.steps.entries.len(),
    );
    html += "<nav class=\"letters\" aria-label=\"本页内容\"><a href=\"#/procedure/path\" data-anchor=\"path\">全程</a><a href=\"#/procedure/differences\" data-anchor=\"differences\">有什么变化</a><a href=\"#/procedure/earlier\" data-anchor=\"earlier\">旧版步骤</a></nav>\n";
    html += "<section aria-labelledby=\"path\"><h2 id=\"path\" tabindex=\"-1\">全程</h2>\n";
    html += &steps(present, sources, true);
    html += "</section>\n";
    html += &differences(course, sources);
    html += "<section aria-labelledby=\"earlier\"><h2 id=\"earlier\" tabindex=\"-1\">旧版步骤</h2>\n";
    for earlier in course
        .procedures
        .iter()
        .filter(|draft| draft.source != present.source)
    {
        let title =
            source(&earlier.source).map_or(String::new(), |source| escape(&source.short).into_owned());
        html += &format!(
            "<details><summary>{title}的步骤（已被替代，只供对照）</summary>\n{}{}</details>\n",
            steps(earlier, sources, false),
            checked(&earlier.steps),
        );
    }
    html += "</section>\n";
    html + &checked(&present.steps)
}

fn steps(draft: &ProcedureDraft, sources: &[Source], present: bool) -> String {
    let procedure = draft.procedure();
    let mut html = String::new();
    let mut number = 0;
    for stage in &procedure.stages {
        html += &format!(
            "<h3>{}</h3>\n<ol class=\"path\" start=\"{}\">\n",
            escape(&stage.title),
            number + 1
        );
        for step in procedure.steps.iter().filter(|step| step.stage == stage.id) {
            number += 1;
            html += &entry(step, number, sources, present);
        }
        html += "</ol>\n";
    }
    html
}

fn entry(step: &Step, number: usize, sources: &[Source], present: bool) -> String {
    let mut facts = format!("<dt>谁来办</dt><dd>{}</dd>", escape(&step.who));
    for (name, text) in [
        ("期限", &step.deadline),
        ("形成", &step.makes.join("、")),
        ("注意", &step.note),
    ] {
        if !text.is_empty() {
            facts += &format!("<dt>{name}</dt><dd>{}</dd>", escape(text));
        }
    }
    facts += &format!("<dt>依据</dt><dd>{}</dd>", cited(&step.cite, sources));
    // The app finds the step by this very markup, see `ui/pages/shared/beside.rs`.
    let (open, name, button) = match present {
        true => (
            format!(
                "<li class=\"step\" data-step=\"{0}\" id=\"step-{0}\" tabindex=\"-1\">",
                step.id
            ),
            format!(" id=\"name-{}\"", step.id),
            format!(
                "<p class=\"app-only\"><button type=\"button\" class=\"button\" data-do=\"here\" aria-describedby=\"name-{}\" aria-pressed=\"false\">我在这一步</button></p>",
                step.id
            ),
        ),
        false => ("<li class=\"step\">".to_owned(), String::new(), String::new()),
    };
    format!(
        "{open}<h4{name}><span class=\"step-number\">{number}</span>{}</h4><p>{}</p><dl class=\"facts\">{facts}</dl>{button}</li>\n",
        escape(&step.title),
        escape(&step.what),
    )
}

/// What a change is about, with a link to its step.
fn title(difference: &Difference) -> String {
    let title = escape(&difference.title);
    match difference.step.as_str() {
        "" => title.into_owned(),
        step => format!("<a href=\"#/procedure/step-{step}\" data-anchor=\"step-{step}\">{title}</a>"),
    }
}

fn differences(course: &CourseDraft, sources: &[Source]) -> String {
    if course.differences.entries.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<section aria-labelledby=\"differences\"><h2 id=\"differences\" tabindex=\"-1\">2014年版和2026年版有什么不同</h2>\n<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"两版对照\"><table class=\"compare\"><thead><tr><th scope=\"col\">事项</th><th scope=\"col\">2014年</th><th scope=\"col\">2026年</th><th scope=\"col\">依据</th></tr></thead><tbody>\n",
    );
    for difference in course.differences.things() {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td data-label=\"2014年\">{}</td><td data-label=\"2026年\">{}</td><td data-label=\"依据\">{}</td></tr>\n",
            title(&difference),
            escape(&difference.old),
            escape(&difference.new),
            cited(&difference.cite, sources),
        );
    }
    html + "</tbody></table></div>\n" + &checked(&course.differences) + "</section>\n"
}
