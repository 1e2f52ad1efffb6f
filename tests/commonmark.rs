//! CommonMark's own 652 examples, rendered by ours: `cargo xtask check commonmark`, which fetches
//! the specification (npm `commonmark-spec`) and names it in `XUEDANG_COMMONMARK`. Without it there
//! is nothing to compare with, and the test says so.
//!
//! HTML is compared as the specification's own test does it: white space, the order of attributes
//! and ways to write a character do not matter. Our renderer differs on purpose, because packs come
//! from strangers; each example where it does is listed below with the reason, and must differ in
//! exactly that way.

#![cfg(all(not(target_arch = "wasm32"), feature = "pack"))]
#![allow(clippy::unwrap_used, clippy::print_stdout)] // Helpers of tests, too, stop at the first surprise.

use std::collections::BTreeMap;
use xuedang::format::markdown::{OddityKind, render};

/// Why our HTML differs from the specification's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// The page has a title of its own: the first level becomes the second.
    Level,
    /// Links lead to `https:`, `mailto:` and `#/…` only; of others the text stays.
    Link,
    /// Links that lead out of the site say so with `rel`.
    Rel,
    /// Images become their description.
    Image,
    /// Raw HTML is shown as text.
    Html,
}
use Why::{Html, Image, Level, Link, Rel};

/// The examples that differ on purpose, by reason.
const DIFFERENT: &[(&[Why], &[u16])] = &[
    (
        &[Level],
        &[
            10, 62, 66, 67, 68, 72, 75, 76, 78, 79, 80, 81, 82, 83, 84, 115, 141, 227, 228, 229, 230, 232,
            300,
        ],
    ),
    (&[Level, Link], &[214, 215]),
    (
        &[Link],
        &[
            22, 23, 32, 33, 192, 193, 194, 195, 196, 198, 200, 202, 203, 204, 205, 206, 216, 217, 218, 404,
            419, 422, 433, 473, 474, 482, 483, 484, 485, 486, 487, 489, 492, 495, 496, 498, 499, 500, 502,
            503, 504, 505, 506, 507, 509, 510, 512, 514, 515, 516, 518, 519, 521, 522, 527, 528, 529, 530,
            532, 533, 534, 535, 539, 540, 541, 542, 543, 544, 549, 550, 553, 554, 555, 556, 557, 558, 559,
            560, 561, 562, 564, 565, 566, 567, 568, 569, 570, 571, 593, 594, 596, 598, 599, 601,
        ],
    ),
    (&[Link, Rel], &[501]),
    (&[Link, Image], &[517, 531]),
    (&[Rel], &[20, 346, 480, 481, 526, 538, 595, 600, 603]),
    (
        &[Image],
        &[
            520, 572, 573, 574, 575, 576, 577, 578, 579, 580, 581, 582, 583, 584, 585, 586, 587, 588, 589,
            591,
        ],
    ),
    (
        &[Html],
        &[
            21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165,
            166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184,
            185, 186, 187, 188, 189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613,
            614, 615, 616, 617, 623, 625, 626, 627, 628, 629, 630, 631, 642, 643,
        ],
    ),
];

/// Reads `spec.txt` as the package's own code does.
fn examples(spec: &str) -> Vec<(String, String)> {
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    let mut lines = spec.lines();
    while let Some(line) = lines.next() {
        if line == "<!-- END TESTS -->" {
            break;
        }
        if line != format!("{fence} example") {
            continue;
        }
        let mut part = |end: &str| {
            let mut text = String::new();
            for line in lines.by_ref().take_while(|line| *line != end) {
                text += &line.replace('→', "\t");
                text.push('\n');
            }
            text
        };
        examples.push((part("."), part(&fence)));
    }
    examples
}

const BLOCKS: &[&str] = &[
    "article",
    "header",
    "aside",
    "hgroup",
    "blockquote",
    "hr",
    "iframe",
    "body",
    "li",
    "map",
    "button",
    "object",
    "canvas",
    "ol",
    "caption",
    "output",
    "col",
    "p",
    "colgroup",
    "pre",
    "dd",
    "progress",
    "div",
    "section",
    "dl",
    "table",
    "td",
    "dt",
    "tbody",
    "embed",
    "textarea",
    "fieldset",
    "tfoot",
    "figcaption",
    "th",
    "figure",
    "thead",
    "footer",
    "tr",
    "form",
    "ul",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "video",
    "script",
    "style",
];

/// A piece of HTML: text with its entities read, or a tag (`/` in front when it closes) with its
/// attributes in order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Tag(String, BTreeMap<String, String>),
}

/// Takes well-formed HTML apart: tags as both renderers write them, everything else is text.
fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some((tag, after)) = tag(rest) {
            pieces.push(tag);
            rest = after;
            continue;
        }
        // A `<` that opens no tag is text too.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find('<').map_or(rest.len(), |at| at + first);
        let text = entities(&rest[..end]);
        match pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(&text),
            _ => pieces.push(Piece::Text(text)),
        }
        rest = &rest[end..];
    }
    pieces
}

fn tag(html: &str) -> Option<(Piece, &str)> {
    let inner = html.strip_prefix('<')?;
    let length = inner
        .find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '/'))
        .filter(|length| *length > 0)?;
    let (name, mut rest) = inner.split_at(length);
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return Some((
                Piece::Tag(name.trim_end_matches('/').to_ascii_lowercase(), attributes),
                after,
            ));
        }
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return None;
        }
        attributes.insert(name.to_owned(), entities(value));
        rest = after;
    }
}

/// The entities that the two renderers write.
fn entities(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
    ];
    let text = named
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

/// As the specification's `normalize.py`: runs of white space are one space, and none beside the
/// tags of blocks, but in `<pre>` everything stays.
fn normal(pieces: Vec<Piece>) -> String {
    let mut out = String::new();
    let (mut in_pre, mut after_block) = (false, true);
    for piece in pieces {
        match piece {
            Piece::Text(text) if in_pre => {
                out += &text;
                after_block = false;
            }
            Piece::Text(text) => {
                let mut words = String::new();
                for sign in text.chars() {
                    match sign.is_ascii_whitespace() {
                        false => words.push(sign),
                        true if words.ends_with(' ') => {}
                        true => words.push(' '),
                    }
                }
                let words = if after_block || out.ends_with("<br>") {
                    words.trim_start()
                } else {
                    &words
                };
                out += words;
                after_block &= words.is_empty();
            }
            Piece::Tag(name, attributes) => {
                let bare = name.trim_start_matches('/');
                if bare == "pre" {
                    in_pre = !name.starts_with('/');
                }
                after_block = BLOCKS.contains(&bare);
                if after_block && name != "/pre" {
                    out.truncate(out.trim_end_matches(' ').len());
                }
                out += &format!("<{name}");
                for (name, value) in attributes {
                    out += &format!(" {name}={value:?}");
                }
                out.push('>');
            }
        }
    }
    out.trim().to_owned()
}

fn may_link(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("mailto:") || target.starts_with("#/")
}

/// What we make of the specification's HTML, and why. Raw HTML cannot be told from Markdown's here:
/// that is left to the caller.
fn ours(pieces: Vec<Piece>) -> (Vec<Piece>, Vec<Why>) {
    let (mut out, mut why) = (Vec::new(), Vec::new());
    let mut links = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Tag(name, attributes) if name.trim_start_matches('/') == "h1" => {
                why.push(Level);
                out.push(Piece::Tag(name.replace('1', "2"), attributes));
            }
            Piece::Tag(name, mut attributes) if name == "a" => {
                let target = attributes.get("href").cloned().unwrap_or_default();
                links.push(may_link(&target));
                if !may_link(&target) {
                    why.push(Link);
                    continue;
                }
                if target.to_ascii_lowercase().starts_with("https://") {
                    why.push(Rel);
                    attributes.insert("rel".into(), "noopener noreferrer".into());
                }
                out.push(Piece::Tag(name, attributes));
            }
            Piece::Tag(name, _) if name == "/a" && links.pop() == Some(false) => {}
            Piece::Tag(name, attributes) if name == "img" => {
                why.push(Image);
                out.push(Piece::Text(attributes.get("alt").cloned().unwrap_or_default()));
            }
            other => out.push(other),
        }
    }
    // Texts that have come together are one.
    let mut joined: Vec<Piece> = Vec::new();
    for piece in out {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    why.sort();
    why.dedup();
    (joined, why)
}

/// The tags that Markdown itself has.
const OWN: &[&str] = &[
    "p",
    "em",
    "strong",
    "a",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "br",
];

fn without_emphasis(html: &str) -> String {
    ["<em>", "</em>", "<strong>", "</strong>"]
        .iter()
        .fold(html.to_owned(), |html, tag| html.replace(tag, ""))
}

/// What a reader of the source would see of it: no paragraphs, no white space, every entity read.
/// Raw HTML obeyed and raw HTML shown are then the same: nothing of it is lost.
fn bare(html: &str) -> String {
    let html = entities(&html.replace("<p>", "").replace("</p>", ""));
    html.split_whitespace().collect()
}

#[test]
fn the_examples_render_as_specified_or_differ_on_purpose() {
    let Some(path) = std::env::var_os("XUEDANG_COMMONMARK") else {
        println!("XUEDANG_COMMONMARK is not set: run `cargo xtask check commonmark`");
        return;
    };
    let examples = examples(&std::fs::read_to_string(path).unwrap());
    assert_eq!(examples.len(), 652);
    let mut wrong = Vec::new();
    let mut same = 0;
    let mut found: BTreeMap<Vec<Why>, Vec<u16>> = BTreeMap::new();
    for (number, (markdown, html)) in (1..).zip(&examples) {
        let rendered = render(markdown);
        let given = normal(pieces(&rendered.html));
        let (expected, mut why) = ours(pieces(html));
        let expected = normal(expected);
        let (given, expected) = if why.contains(&Image) {
            // A description keeps its emphasis, an attribute cannot.
            (without_emphasis(&given), without_emphasis(&expected))
        } else {
            (given, expected)
        };
        if rendered
            .oddities
            .iter()
            .any(|odd| odd.kind == OddityKind::RawHtml)
        {
            why = vec![Html];
            for piece in pieces(&rendered.html) {
                if let Piece::Tag(name, attributes) = piece {
                    assert!(
                        OWN.contains(&name.trim_start_matches('/')),
                        "{number} lets <{name}> through"
                    );
                    assert!(
                        attributes
                            .keys()
                            .all(|name| ["href", "title", "rel", "class"].contains(&&**name)),
                        "{number}"
                    );
                }
            }
            if bare(&rendered.html) != bare(html) {
                wrong.push(format!(
                    "{number}: {markdown:?}\n  specified {}\n  rendered  {}",
                    bare(html),
                    bare(&rendered.html)
                ));
            }
        } else if given != expected {
            wrong.push(format!(
                "{number}: {markdown:?}\n  specified {expected}\n  rendered  {given}"
            ));
        }
        if why.is_empty() {
            same += 1;
        } else {
            found.entry(why).or_default().push(number);
        }
    }
    println!("{same} of 652 as specified, {} differ on purpose", 652 - same);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let listed = DIFFERENT
        .iter()
        .map(|(why, numbers)| (why.to_vec(), numbers.to_vec()));
    assert_eq!(found, listed.collect(), "the list of deliberate differences");
}
