//! Markdown to an HTML fragment that is safe to insert, and to what is known about the text.
//!
//! The input may be hostile (packs come from other people):
//!
//! 1. raw HTML, in blocks and within lines, becomes visible escaped text;
//! 2. links lead to `https://`, `mailto:` or `#/…` within the app; the text of any other link
//!    stays, the link does not;
//! 3. images become their description;
//! 4. the only attributes taken from the input are heading ids of ASCII letters, digits, `-` and
//!    `_` (the first of equal ones), link targets and titles, and code languages.
//!
//! Nothing is dropped silently: [`Rendered::oddities`] says what was changed, with its line.

use crate::domain::course::search::is_han;
use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What became of a Markdown text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The fragment.
    pub html: String,
    /// Its headings in order.
    pub headings: Vec<Heading>,
    /// Its plain text: what stands before the first heading, then one section for each heading.
    pub sections: Vec<Section>,
    /// The links that were kept.
    pub links: Vec<Link>,
    /// What was not rendered as it was written.
    pub oddities: Vec<Oddity>,
    /// Chinese characters in the text, headings included, punctuation not.
    pub characters: u32,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The explicit anchor as it was written, fit for use or not; see [`is_anchor`].
    pub id: Option<String>,
    /// 1–6 as it was written (1 is rendered as 2: the page has a title already).
    pub level: u8,
    /// Plain text.
    pub text: String,
    /// Line, from 1.
    pub line: u32,
}

/// A stretch of plain text under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Index in [`Rendered::headings`]; `None` before the first heading.
    pub heading: Option<usize>,
    /// The text without the heading; blocks and cells are separated by single spaces.
    pub text: String,
}

/// A link that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub target: String,
    /// Line, from 1.
    pub line: u32,
}

/// Something that was not rendered as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// What.
    pub kind: OddityKind,
    /// Line, from 1.
    pub line: u32,
}

/// What was not rendered as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OddityKind {
    /// HTML, shown as text.
    RawHtml,
    /// An image, shown as its description.
    Image,
    /// A link to that address, shown as its text.
    Link(String),
}

/// Whether a text can be the id of a heading.
pub fn is_anchor(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Escapes text for HTML, between tags and within quoted attributes.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(sign),
        }
    }
    Cow::Owned(safe)
}

/// Renders a text. Time and space grow linearly with it, but for what the parser itself pads
/// tables with, which is bounded; the caller limits the size of what it passes.
pub fn render(markdown: &str) -> Rendered {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut writer = Writer::new(markdown);
    for (event, place) in Parser::new_ext(markdown, options).into_offset_iter() {
        writer.take(event, place.start);
    }
    writer.finish()
}

/// Turns the parser's events into harmless ones and notes what passes by.
struct Writer<'a> {
    lines: Lines<'a>,
    events: Vec<Event<'a>>,
    out: Rendered,
    section: Section,
    /// For each open link: how it is closed, if it is.
    links: Vec<Option<&'static str>>,
    /// Whether the text belongs to a heading.
    in_heading: bool,
    /// The last sign of text.
    last: Option<char>,
    /// The heading ids so far.
    ids: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    fn new(markdown: &'a str) -> Self {
        Self {
            lines: Lines {
                text: markdown,
                at: 0,
                line: 1,
            },
            events: Vec::new(),
            out: Rendered::default(),
            section: Section::default(),
            links: Vec::new(),
            in_heading: false,
            last: None,
            ids: BTreeSet::new(),
        }
    }

    fn take(&mut self, event: Event<'a>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(end) => self.end(end),
            Event::Text(text) => {
                self.text(&text);
                self.events.push(Event::Text(text));
            }
            Event::Code(text) => {
                self.text(&text);
                self.events.push(Event::Code(text));
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                self.odd(OddityKind::RawHtml, at);
                self.text(&text);
                self.events.push(Event::Text(text));
            }
            Event::SoftBreak => {
                if !self.last.is_some_and(joins) {
                    self.text(" ");
                    self.events.push(Event::SoftBreak);
                }
            }
            Event::HardBreak => {
                self.text(" ");
                self.events.push(Event::HardBreak);
            }
            Event::Rule => self.events.push(Event::Rule),
            // Footnotes, mathematics and task lists are not switched on.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
                self.events.push(Event::Text(text));
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, at: usize) {
        match tag {
            Tag::Heading { level, id, .. } => {
                self.out.sections.push(std::mem::take(&mut self.section));
                self.section.heading = Some(self.out.headings.len());
                self.in_heading = true;
                let id = id.map(|id| id.to_string());
                let usable = id
                    .clone()
                    .filter(|id| is_anchor(id) && self.ids.insert(id.clone()));
                self.out.headings.push(Heading {
                    id,
                    level: level as u8,
                    text: String::new(),
                    line: self.lines.at(at),
                });
                self.events.push(Event::Start(Tag::Heading {
                    level: shown(level),
                    id: usable.map(CowStr::from),
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let dest_url = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}").into(),
                    _ => dest_url,
                };
                let opening = opening(&dest_url, &title);
                self.links.push(opening.is_some().then_some("</a>"));
                match opening {
                    Some(tag) => {
                        let line = self.lines.at(at);
                        self.out.links.push(Link {
                            target: dest_url.to_string(),
                            line,
                        });
                        self.events.push(Event::InlineHtml(tag.into()));
                    }
                    None => self.odd(OddityKind::Link(dest_url.to_string()), at),
                }
            }
            Tag::Image { .. } => self.odd(OddityKind::Image, at),
            Tag::HtmlBlock => {
                self.gap();
                self.events.push(Event::Start(Tag::Paragraph));
            }
            Tag::Table(alignment) => {
                self.events
                    .push(Event::Html("<div class=\"table-scroll\" tabindex=\"0\">".into()));
                // Alignment would be an inline style, which the content policy forbids.
                let alignment = vec![Alignment::None; alignment.len()];
                self.events.push(Event::Start(Tag::Table(alignment)));
            }
            Tag::CodeBlock(kind) => {
                self.gap();
                self.events.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Tag::Paragraph | Tag::Item | Tag::TableCell => {
                self.gap();
                self.events.push(Event::Start(tag));
            }
            _ => self.events.push(Event::Start(tag)),
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Heading(level) => {
                self.in_heading = false;
                self.events.push(Event::End(TagEnd::Heading(shown(level))));
            }
            TagEnd::Link => {
                if let Some(Some(closing)) = self.links.pop() {
                    self.events.push(Event::InlineHtml(closing.into()));
                }
            }
            TagEnd::Image => {}
            TagEnd::HtmlBlock => self.events.push(Event::End(TagEnd::Paragraph)),
            TagEnd::Table => {
                self.events.push(Event::End(TagEnd::Table));
                self.events.push(Event::Html("</div>\n".into()));
            }
            _ => self.events.push(Event::End(end)),
        }
    }

    fn finish(mut self) -> Rendered {
        self.out.sections.push(self.section);
        self.out
            .sections
            .retain(|section| section.heading.is_some() || !section.text.is_empty());
        for section in &mut self.out.sections {
            section.text.truncate(section.text.trim_end().len());
        }
        html::push_html(&mut self.out.html, self.events.into_iter());
        self.out
    }

    fn text(&mut self, text: &str) {
        self.last = text.chars().last().or(self.last);
        self.out.characters += text.chars().filter(|sign| is_han(*sign)).count() as u32;
        let into = match self.out.headings.last_mut() {
            Some(heading) if self.in_heading => &mut heading.text,
            _ => &mut self.section.text,
        };
        for sign in text.chars() {
            match sign {
                _ if !sign.is_whitespace() => into.push(sign),
                _ if !into.is_empty() && !into.ends_with(' ') => into.push(' '),
                _ => {}
            }
        }
    }

    fn gap(&mut self) {
        if !self.in_heading && !self.section.text.is_empty() {
            self.text(" ");
        }
    }

    /// Notes an oddity, one for each kind and line.
    fn odd(&mut self, kind: OddityKind, at: usize) {
        let oddity = Oddity {
            kind,
            line: self.lines.at(at),
        };
        if self.out.oddities.last() != Some(&oddity) {
            self.out.oddities.push(oddity);
        }
    }
}

/// Whether a line that ends in this goes on without a space: in Chinese or one of its signs.
fn joins(sign: char) -> bool {
    is_han(sign) || !(sign.is_ascii() || sign.is_alphanumeric() || sign.is_whitespace())
}

/// The page has its own title, so that the text begins at the second level.
fn shown(level: HeadingLevel) -> HeadingLevel {
    level.max(HeadingLevel::H2)
}

/// The opening tag of a link, or `None` when its address may not be linked to.
fn opening(target: &str, title: &str) -> Option<String> {
    let starts = |scheme: &str| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let attributes = if starts("https://") {
        " rel=\"noopener noreferrer\""
    } else if starts("mailto:") || target.starts_with("#/") {
        ""
    } else {
        return None;
    };
    let title = match title {
        "" => String::new(),
        _ => format!(" title=\"{}\"", escape(title)),
    };
    let target = address(target);
    Some(format!("<a href=\"{}\"{title}{attributes}>", escape(&target)))
}

/// An address with what may not stand in one percent-encoded; what is encoded already stays.
fn address(target: &str) -> String {
    let mut address = String::with_capacity(target.len());
    for byte in target.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'();/?:@&=+$,%#".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// Finds lines of places that mostly ascend, reading the text about once.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, place: usize) -> u32 {
        let place = place.min(self.text.len());
        let breaks = |range: &[u8]| range.iter().filter(|byte| **byte == b'\n').count() as u32;
        let bytes = self.text.as_bytes();
        if place >= self.at {
            self.line += breaks(&bytes[self.at..place]);
        } else {
            self.line -= breaks(&bytes[place..self.at]);
        }
        self.at = place;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(markdown: &str) -> String {
        render(markdown).html
    }

    #[test]
    fn raw_html_is_shown_and_not_obeyed() {
        let rendered = render("<script>alert(1)</script>\n\n文字 <b onclick=x>粗</b>\n\n<!-- 注 -->\n");
        assert_eq!(
            rendered.html,
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n\
             <p>文字 &lt;b onclick=x&gt;粗&lt;/b&gt;</p>\n<p>&lt;!-- 注 --&gt;\n</p>\n"
        );
        assert_eq!(
            rendered.oddities.iter().map(|odd| odd.line).collect::<Vec<_>>(),
            [1, 3, 5],
            "one for each line"
        );
    }

    #[test]
    fn a_line_goes_on_without_a_space_only_in_chinese() {
        assert_eq!(html("党员\n干部，\n群众”\n等"), "<p>党员干部，群众”等</p>\n");
        assert_eq!(
            html("a\nb\nÆ\nc\n`党`\n员"),
            "<p>a\nb\nÆ\nc\n<code>党</code>员</p>\n"
        );
        let heading = render("Foo\nbar\n===\n\n党的\n性质\n---");
        assert_eq!(heading.html, "<h2>Foo\nbar</h2>\n<h2>党的性质</h2>\n");
        assert_eq!(heading.headings[0].text, "Foo bar");
    }

    #[test]
    fn links_lead_only_where_they_may() {
        assert_eq!(
            html("[甲](https://a.cn/?x=1&y=\"2\")"),
            "<p><a href=\"https://a.cn/?x=1&amp;y=%222%22\" rel=\"noopener noreferrer\">甲</a></p>\n"
        );
        assert_eq!(
            html("[乙](#/lesson/b \"题\")"),
            "<p><a href=\"#/lesson/b\" title=\"题\">乙</a></p>\n"
        );
        assert_eq!(html("<a@b.cn>"), "<p><a href=\"mailto:a@b.cn\">a@b.cn</a></p>\n");
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "http://a.cn",
            "//a.cn",
            "/etc",
            "#top",
            "java&#10;script:x",
            "vbscript:x",
            "https:a",
            "x.html",
            "&#x6a;avascript:x",
            "<java script:x>",
            "\u{1}javascript:x",
            "blob:x",
            "file:///x",
        ] {
            let rendered = render(&format!("[点**我**]({target})"));
            assert!(
                !rendered.html.contains("<a") && rendered.html.contains("点<strong>我</strong>"),
                "{target}: {}",
                rendered.html
            );
            assert!(rendered.links.is_empty(), "{target}");
        }
        assert_eq!(
            render("甲\n\n[点我](javascript:x)").oddities,
            [Oddity {
                kind: OddityKind::Link("javascript:x".into()),
                line: 3
            }]
        );
        assert_eq!(html("[a]\n\n[a]: javascript:x"), "<p>a</p>\n");
        assert_eq!(html("<javascript:alert(1)>"), "<p>javascript:alert(1)</p>\n");
    }

    #[test]
    fn images_are_their_description() {
        let rendered = render("前![描**述**](https://a.cn/x.png \"题\")后 [![图](x)](javascript:y)");
        assert_eq!(rendered.html, "<p>前描<strong>述</strong>后 图</p>\n");
        assert_eq!(rendered.oddities.len(), 3);
    }

    #[test]
    fn headings_keep_only_a_plain_id() {
        let rendered = render("# 甲 {#a .b onclick=x}\n## 乙 {#乙}\n### 丙 {#a}\n#### 丁\n");
        assert_eq!(
            rendered.html,
            "<h2 id=\"a\">甲</h2>\n<h2>乙</h2>\n<h3>丙</h3>\n<h4>丁</h4>\n"
        );
        let seen: Vec<_> = rendered
            .headings
            .iter()
            .map(|h| (h.id.as_deref(), h.level, h.text.as_str(), h.line))
            .collect();
        assert_eq!(
            seen,
            [
                (Some("a"), 1, "甲", 1),
                (Some("乙"), 2, "乙", 2),
                (Some("a"), 3, "丙", 3),
                (None, 4, "丁", 4)
            ]
        );
    }

    #[test]
    fn tables_scroll_by_themselves() {
        let html = html("| 甲 | 乙 |\n|---|:-:|\n| 1 | 2 |\n\n后");
        assert!(
            html.starts_with("<div class=\"table-scroll\" tabindex=\"0\"><table>"),
            "{html}"
        );
        assert!(
            html.contains("</table>\n</div>\n<p>后</p>") && !html.contains("style"),
            "{html}"
        );
    }

    #[test]
    fn sections_hold_plain_text_and_characters_are_counted() {
        let rendered = render(
            "导语\n第二行。\n\n## 甲`x` {#a}\n\n- 一\n- 二\n\n| 左 | 右 |\n|---|---|\n| 上 | 下 |\n\n## 空 {#b}\n",
        );
        let sections: Vec<_> = rendered
            .sections
            .iter()
            .map(|s| (s.heading, s.text.as_str()))
            .collect();
        assert_eq!(
            sections,
            [
                (None, "导语第二行。"),
                (Some(0), "一 二 左 右 上 下"),
                (Some(1), "")
            ]
        );
        assert_eq!(rendered.headings[0].text, "甲x");
        assert_eq!(rendered.characters, 5 + 1 + 2 + 4 + 1);
    }

    proptest! {
        #[test]
        fn any_text_gives_only_known_tags(text in r#"([ -~\n]|[<>&"'\[\]()!#{}|`*_-]|https:|#/|javascript:|甲){0,120}"#) {
            const KNOWN: [&str; 30] = [
                "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "hr", "br", "a",
                "table", "thead", "tbody", "tr", "td", "th", "div", "", "", "", "", "", "",
            ];
            let html = render(&text).html;
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(KNOWN.contains(&name.as_str()), "{name}: {html}");
                if let Some(target) = tag.strip_prefix("a href=\"") {
                    let good = ["https://", "mailto:", "#/"].iter().any(|start| target.to_lowercase().starts_with(start));
                    prop_assert!(good, "{html}");
                }
            }
        }
    }
}
