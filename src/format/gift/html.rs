//! HTML to text: tags go, what they break stays broken, entities become what they stand for.

/// Tags that a text in Moodle's own format may have; anything else between `<` and `>` is text.
const KNOWN: [&str; 46] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "script",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];

/// Tags that begin a line.
const BREAKING: [&str; 18] = [
    "blockquote",
    "br",
    "dd",
    "div",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "table",
    "tr",
    "ul",
];

/// What was lost on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// A picture, a film or the like.
    pub(super) picture: bool,
}

/// The text of HTML. With `only_known`, a tag of another name is text: a formula such as `a<b`.
pub(super) fn to_text(html: &str, only_known: bool, lost: &mut Lost) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with('<') {
            tag(rest, only_known, &mut out, lost)
        } else {
            entity(rest, &mut out)
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    let lines = out.replace('\u{a0}', " ");
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Takes a tag away, or leaves its first sign; gives how many bytes were dealt with.
fn tag(rest: &str, only_known: bool, out: &mut String, lost: &mut Lost) -> usize {
    if rest.starts_with("<!--") {
        return rest.find("-->").map_or(rest.len(), |end| end + 3);
    }
    let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let length = inner
        .find(|sign: char| !sign.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let name = inner[..length].to_ascii_lowercase();
    let begins = name.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let is_tag = |end: &usize| {
        let attributes = rest[..*end]
            .split_once(&inner[..length])
            .map_or("", |(_, rest)| rest.trim());
        // `a<b and c>d` is a text, `<b class="c">` a tag.
        let plausible = attributes.is_empty() || attributes == "/" || attributes.contains('=');
        begins && (!only_known || (plausible && KNOWN.contains(&name.as_str())))
    };
    let Some(end) = rest.find('>').filter(is_tag) else {
        out.push('<');
        return 1;
    };
    if matches!(
        name.as_str(),
        "img" | "video" | "audio" | "object" | "embed" | "iframe" | "svg"
    ) {
        lost.picture = true;
    }
    if matches!(name.as_str(), "script" | "style") && !rest.starts_with("</") {
        let close = format!("</{name}");
        let lower = rest.to_ascii_lowercase();
        return lower.find(&close).map_or(rest.len(), |at| {
            at + rest[at..].find('>').map_or(rest.len() - at, |end| end + 1)
        });
    }
    if BREAKING.contains(&name.as_str()) {
        out.push('\n');
    } else if matches!(name.as_str(), "td" | "th") {
        out.push(' ');
    }
    end + 1
}

/// Puts what an entity stands for, or leaves its first sign; gives how many bytes were dealt with.
fn entity(rest: &str, out: &mut String) -> usize {
    let end = rest.bytes().take(12).position(|byte| byte == b';');
    let name = end.and_then(|end| rest.get(1..end)).unwrap_or_default();
    let meant = match name {
        "nbsp" => Some(' '),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "hellip" => Some('…'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
        "middot" => Some('·'),
        "times" => Some('×'),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            char::from_u32(code?).filter(|sign| !sign.is_control())
        }),
    };
    match (meant, end) {
        (Some(sign), Some(end)) => {
            out.push(sign);
            end + 1
        }
        _ => {
            out.push('&');
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_go_and_text_stays() {
        let mut lost = Lost::default();
        let text = |html: &str, only| to_text(html, only, &mut Lost::default());
        assert_eq!(text("<p>一&nbsp;二</p><p>三<b>四</b></p>", false), "一 二\n三四");
        assert_eq!(text("a<b and c>d", true), "a<b and c>d");
        assert_eq!(text("<b class=\"x\">粗</b>", true), "粗");
        assert_eq!(text("1<2 且 x<y>z", true), "1<2 且 x<y>z");
        assert_eq!(
            text("&lt;b&gt; &#65;&#x4E2D; &unknown; &", false),
            "<b> A中 &unknown; &"
        );
        assert_eq!(text("<script>alert(1)</script>好<!-- 不见 -->", false), "好");
        assert_eq!(to_text("<img src=x onerror=alert(1)>", false, &mut lost), "");
        assert!(lost.picture);
    }

    proptest! {
        #[test]
        fn nothing_breaks(html in "[<>/&;#!a-zA-Z0-9=\"' \\-中\n]{0,80}", only in any::<bool>()) {
            to_text(&html, only, &mut Lost::default());
        }
    }
}
