//! To whom to apply: three questions, each opened by the answer to the one before.

use super::{checked, cited};
use xuedang::domain::course::Source;
use xuedang::domain::course::lint::draft::CourseDraft;
use xuedang::domain::procedure::whom::{ASKS, WhomCase, groups, situations};
use xuedang::format::markdown::escape;

pub(super) fn page(course: &CourseDraft, sources: &[Source]) -> String {
    let cases = course.whom.things();
    if cases.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<p>回答三个问题：想办什么事，属于哪一类人，现在是什么情况。答案注明依据哪份文件的哪一条。</p>\n",
    );
    for (ask, label) in ASKS {
        html += &format!(
            "<details class=\"ask ask-first\" name=\"ask\"><summary>{label}</summary>\n<p class=\"ask-next\">您是：</p>\n"
        );
        for who in groups(&cases, ask) {
            html += &format!(
                "<details class=\"ask\" name=\"who-{ask}\"><summary>{}</summary>\n<p class=\"ask-next\">现在的情况是：</p>\n",
                escape(who)
            );
            for case in situations(&cases, ask, who) {
                html += &answer(case, sources);
            }
            html += "</details>\n";
        }
        html += "</details>\n";
    }
    html + &checked(&course.whom)
}

fn answer(case: &WhomCase, sources: &[Source]) -> String {
    let also = match case.also.is_empty() {
        true => String::new(),
        false => format!("<p>{}</p>", escape(&case.also)),
    };
    format!(
        "<details class=\"ask\" name=\"case-{}-{}\" id=\"{}\"><summary>{}</summary>\n<div class=\"ask-answer\"><p><strong>{}</strong></p>{also}<p class=\"event-more\"><span>依据：{}</span></p></div></details>\n",
        case.ask,
        // One group's situations close one another.
        escape(&case.who),
        case.id,
        escape(&case.situation),
        escape(&case.answer),
        cited(&case.cite, sources),
    )
}
