//! The timeline. It is zoomed and filtered by radio buttons and the style sheet alone.

use super::{checked, cited, lesson_link};
use xuedang::domain::course::Source;
use xuedang::domain::course::lint::draft::CourseDraft;
use xuedang::domain::course::timeline::{PERIODS, SORTS, TimelineEvent, chinese, period_of};
use xuedang::format::markdown::escape;

/// How near one looks.
const ZOOMS: [(&str, &str); 3] = [("1", "只看转折"), ("2", "重要大事"), ("3", "全部细节")];

pub(super) fn page(course: &CourseDraft, sources: &[Source]) -> String {
    let events = course.timeline.things();
    if events.is_empty() {
        return String::new();
    }
    let mut html = format!(
        "<p>共 {} 件大事，每件都注明依据。先选看多远、看哪一类，再往下看。</p>\n<div class=\"timeline\">\n",
        events.len()
    );
    html += "<span class=\"filter-name\">远近</span>\n";
    for (zoom, label) in ZOOMS {
        html += &choice(("zoom", "远近"), zoom, label, zoom == "2");
    }
    html += "<span class=\"filter-name\">类别</span>\n";
    html += &choice(("sort", "类别"), "all", "全部类别", true);
    for (sort, label) in SORTS {
        html += &choice(("sort", "类别"), sort, label, false);
    }
    html += "<div class=\"timeline-body\">\n<nav class=\"timeline-periods\" aria-label=\"各个时期\"><span class=\"filter-name\">跳到</span>";
    for (at, (year, anchor, title)) in PERIODS.iter().enumerate() {
        let years = format!("{year}—{}", end_of(at));
        html += &format!(
            "<a href=\"#/timeline/{anchor}\" data-anchor=\"{anchor}\" aria-label=\"{title}，{years}\">{years}</a>"
        );
    }
    html += "</nav>\n";
    for (at, (year, anchor, title)) in PERIODS.iter().enumerate() {
        let end = end_of(at);
        html += &format!(
            "<section aria-labelledby=\"{anchor}\">\n<h2 id=\"{anchor}\" tabindex=\"-1\">{title}<small>{year}—{end}</small></h2>\n<ol class=\"events\">\n"
        );
        for event in events.iter().filter(|event| period_of(&event.date) == at) {
            html += &entry(event, course, sources);
        }
        html += "</ol>\n</section>\n";
    }
    html += "</div>\n</div>\n";
    html + &checked(&course.timeline)
}

/// The year in which a period ended; nothing for the present one.
fn end_of(period: usize) -> String {
    PERIODS
        .get(period + 1)
        .map_or(String::new(), |(year, ..)| year.to_string())
}

/// A radio button and its label, side by side with what they rule: `~` reaches from one to the other.
fn choice((name, about): (&str, &str), value: &str, label: &str, on: bool) -> String {
    let checked = if on { " checked" } else { "" };
    format!(
        "<input type=\"radio\" name=\"timeline-{name}\" id=\"{name}-{value}\" value=\"{value}\" aria-label=\"{about}：{label}\"{checked}><label for=\"{name}-{value}\">{label}</label>\n"
    )
}

fn entry(event: &TimelineEvent, course: &CourseDraft, sources: &[Source]) -> String {
    let links: Vec<String> = event
        .lessons
        .iter()
        .filter_map(|lesson| lesson_link(course, lesson))
        .collect();
    let links = match links.is_empty() {
        true => String::new(),
        false => format!("<span>课文：{}</span>", links.join("、")),
    };
    let sort = SORTS.iter().find(|(sort, _)| *sort == event.sort);
    format!(
        "<li class=\"event\" id=\"{}\" tabindex=\"-1\" data-level=\"{}\" data-sort=\"{}\"><p class=\"event-date\">{}</p>\
         <h3>{}</h3><p class=\"event-text\">{}</p><p class=\"event-more\"><span>{}</span>{links}<span>依据：{}</span></p></li>\n",
        event.id,
        event.level,
        event.sort,
        span(event),
        escape(&event.title),
        escape(&event.text),
        sort.map_or("", |(_, label)| label),
        cited(&event.cite, sources),
    )
}

/// When, for people and for machines.
pub(crate) fn span(event: &TimelineEvent) -> String {
    let time = |date: &str| format!("<time datetime=\"{date}\">{}</time>", chinese(date));
    match event.until.as_str() {
        "" => time(&event.date),
        until => format!("{}—{}", time(&event.date), time(until)),
    }
}
