//! The staged `index.html`: learns where the catalogue is and what it may load and run.

use crate::Failure;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// The addresses of the page's style sheets.
pub(crate) fn stylesheets(html: &str) -> Vec<String> {
    let tags = tags(html);
    let links = tags
        .iter()
        .filter(|tag| tag.name == "link" && tag.get("rel") == Some("stylesheet"));
    links
        .filter_map(|tag| tag.get("href"))
        .map(str::to_owned)
        .collect()
}

/// The file name, without `.js`, of the program that the page starts: `xuedang-<hash>`.
pub(crate) fn program(html: &str) -> Option<String> {
    let tags = tags(html);
    let preloaded = tags
        .iter()
        .find(|tag| tag.name == "link" && tag.get("rel") == Some("modulepreload"));
    let script = preloaded?.get("href")?.strip_suffix(".js")?;
    Some(script.rsplit('/').next().unwrap_or(script).to_owned())
}

/// The study's page: without the styles of the office, which are named so.
pub(crate) fn without_office(html: &str) -> String {
    let is_office = |href: &str| href.trim_start_matches("./").starts_with("office-");
    let mut out = html.to_owned();
    for tag in tags(html).iter().rev() {
        if tag.name == "link"
            && tag.get("rel") == Some("stylesheet")
            && tag.get("href").is_some_and(is_office)
        {
            out.replace_range(tag.range.clone(), "");
        }
    }
    out
}

/// The page with the catalogue's path and a content policy. `debug` also allows the socket over
/// which a development server asks for a reload.
pub(crate) fn rewrite(html: &str, catalogue: &str, debug: bool) -> Result<String, Failure> {
    let tags = tags(html);
    let meta = |name: &str, value: &str| {
        let found = tags.iter().find(|tag| {
            tag.name == "meta" && tag.get(name).is_some_and(|own| own.eq_ignore_ascii_case(value))
        });
        found.ok_or_else(|| format!("index.html has no <meta {name}=\"{value}\">"))
    };
    let place = meta("name", "xuedang-catalogue")?;
    let security = meta("http-equiv", "Content-Security-Policy")?;
    if security.get("content") != Some("__CSP__") {
        return Err("index.html: the policy to replace is not content=\"__CSP__\"".into());
    }
    let scripts = tags
        .iter()
        .filter(|tag| tag.name == "script" && tag.get("src").is_none());
    let hashes: Vec<String> = scripts.map(|tag| fingerprint(&html[tag.inner.clone()])).collect();
    let mut changes = [
        (
            &place.range,
            format!(
                "<meta name=\"xuedang-catalogue\" content=\"{catalogue}\">\
                 <link rel=\"preload\" as=\"fetch\" crossorigin href=\"{catalogue}\">"
            ),
        ),
        (
            &security.range,
            format!(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
                policy(&hashes, debug)
            ),
        ),
    ];
    changes.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::with_capacity(html.len() + 1024), 0);
    for (range, text) in changes {
        out += &html[at..range.start];
        out += &text;
        at = range.end;
    }
    Ok(out + &html[at..])
}

fn policy(scripts: &[String], debug: bool) -> String {
    // Trunk writes its address into the script that reloads the page as it serves it, after any hash.
    let scripts: String = match debug {
        true => " 'unsafe-inline'".into(),
        false => scripts.iter().map(|hash| format!(" {hash}")).collect(),
    };
    let socket = if debug { " ws: wss:" } else { "" };
    [
        "default-src 'none'",
        &format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        "style-src 'self'",
        "img-src 'self' data: blob:",
        &format!("connect-src 'self'{socket}"),
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    .join("; ")
}

/// An inline script as a policy names it. Browsers hash it with plain line ends.
fn fingerprint(script: &str) -> String {
    let script = script.replace("\r\n", "\n").replace('\r', "\n");
    format!("'sha256-{}'", base64(&Sha256::digest(script.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// An opening tag.
struct Tag {
    /// From `<` to after `>`.
    range: Range<usize>,
    /// Lower case.
    name: String,
    /// Lower-case names; values as written, without quotes.
    attributes: Vec<(String, String)>,
    /// For scripts and styles, what they hold.
    inner: Range<usize>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The opening tags of a page that a build tool wrote: well-formed, perhaps minified.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
        } else if rest[1..].starts_with(|sign: char| sign.is_ascii_alphabetic()) {
            let (tag, after) = tag(html, start);
            at = after;
            tags.push(tag);
        } else {
            at = start + 1;
        }
    }
    tags
}

/// Reads the tag at `start`; also where to go on.
fn tag(html: &str, start: usize) -> (Tag, usize) {
    let bytes = html.as_bytes();
    let until = |mut at: usize, stop: &dyn Fn(u8) -> bool| {
        while at < bytes.len() && !stop(bytes[at]) {
            at += 1;
        }
        at
    };
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    let ends_name = |byte: u8| is_space(byte) || matches!(byte, b'>' | b'/' | b'=');
    let mut at = until(start + 1, &ends_name);
    let name = html[start + 1..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        at = until(at, &|byte| !is_space(byte) && byte != b'/');
        if at >= bytes.len() || bytes[at] == b'>' {
            break;
        }
        let from = at;
        // At least one byte, or a stray `=` would hold us here.
        at = until(at + 1, &ends_name);
        let key = html.get(from..at).unwrap_or_default().to_ascii_lowercase();
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            let (from, to, next) = match bytes.get(at + 1) {
                Some(quote @ (b'"' | b'\'')) => {
                    let end = until(at + 2, &|byte| byte == *quote);
                    (at + 2, end, end + 1)
                }
                _ => {
                    let end = until(at + 1, &|byte| is_space(byte) || byte == b'>');
                    (at + 1, end, end)
                }
            };
            value = html.get(from..to).unwrap_or_default();
            at = next;
        }
        attributes.push((key, value.to_owned()));
    }
    let end = (at + 1).min(html.len());
    let inner = match name.as_str() {
        "script" | "style" => {
            let close = html[end..]
                .find(&format!("</{name}"))
                .map_or(html.len(), |found| end + found);
            end..close
        }
        _ => end..end,
    };
    let after = inner.end;
    (
        Tag {
            range: start..end,
            name,
            attributes,
            inner,
        },
        after,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><!-- <meta name=\"xuedang-catalogue\"> -->\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"__CSP__\">\n\
        <meta name=xuedang-catalogue content=\"\" />\n\
        <link rel=\"stylesheet\" href=\"./a-1.css\" integrity=\"sha384-x\"/><link rel=icon href=\"i.svg\">\n\
        <script type=\"module\">if (1 < 2) { alert(\"<meta name='xuedang-catalogue'>\") }</script>\n\
        <script src=\"b.js\"></script></head><body></body></html>";

    #[test]
    fn the_page_learns_its_catalogue_and_policy() {
        let page = rewrite(PAGE, "content/catalogue-0.json", false).unwrap();
        let link = "<meta name=\"xuedang-catalogue\" content=\"content/catalogue-0.json\">\
            <link rel=\"preload\" as=\"fetch\" crossorigin href=\"content/catalogue-0.json\">";
        assert!(
            page.contains(link) && page.starts_with("<!doctype html><html><head><!-- <meta name=\"xue"),
            "{page}"
        );
        let script = "if (1 < 2) { alert(\"<meta name='xuedang-catalogue'>\") }";
        let policy = format!(
            "content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {}; style-src 'self'; \
             img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; \
             manifest-src 'self'; base-uri 'none'; form-action 'none'\"",
            fingerprint(script)
        );
        assert!(page.contains(&policy) && page.contains(script), "{page}");
        let debug = rewrite(PAGE, "c", true).unwrap();
        assert!(debug.contains("connect-src 'self' ws: wss:;") && debug.contains("'unsafe-inline';"));
        assert!(!page.contains("unsafe-inline"));
        assert_eq!(stylesheets(PAGE), ["./a-1.css"]);
        let with_office = PAGE.replace(
            "<link rel=icon",
            "<link href=./office-9.css rel=stylesheet><link rel=icon",
        );
        assert_eq!(without_office(&with_office), PAGE);
    }

    #[test]
    fn the_program_is_found_by_its_preload() {
        let page = "<link rel=\"modulepreload\" href=\"./xuedang-7ae.js\" crossorigin>";
        assert_eq!(program(page).as_deref(), Some("xuedang-7ae"));
        assert_eq!(program(PAGE), None);
    }

    #[test]
    fn a_page_without_its_places_is_refused() {
        assert!(rewrite("<html></html>", "c", false).is_err());
        assert!(rewrite(&PAGE.replace("__CSP__", "default-src *"), "c", false).is_err());
        for page in [
            "<", "<a", "<a b", "<a b=", "<a b='", "<!--", "<script>", "<a ==>", "<é>",
        ] {
            assert!(tags(page).len() < 2, "{page}");
        }
    }

    #[test]
    fn fingerprints_are_those_of_browsers() {
        // From the Content Security Policy specification's own example.
        assert_eq!(
            fingerprint("alert('Hello, world.');"),
            "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
        );
        assert_eq!(fingerprint("a\r\nb"), fingerprint("a\nb"));
        assert_eq!(base64(b"a") + &base64(b"ab") + &base64(b"abc"), "YQ==YWI=YWJj");
    }
}
