//! A scanner of the XML that spreadsheets are made of: bytes to tags and texts, one after another,
//! through a buffer of some kilobytes, however large the part is.
//!
//! It reads what XML 1.0 allows in such parts: prefixes, comments, CDATA, character references and
//! the five entities; there are no others, for a document type is refused. Names are told without
//! their prefixes.

use super::Unreadable;
use crate::format::container::Source;

/// Bytes that are asked for at a time.
const PORTION: usize = 64 << 10;
/// Bytes of one tag or text: a cell of 32,767 characters, each as a reference, is far less.
const MAX_TOKEN: usize = 4 << 20;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// `<c r="A1">` or `<c/>`.
    Start(Tag<'a>),
    /// `</c>`: the name without its prefix.
    End(&'a [u8]),
    /// Text up to the next tag, as it is written.
    Text(&'a [u8]),
    /// Text of a CDATA section.
    Plain(&'a [u8]),
    /// Nothing.
    Over,
}

/// A tag that begins an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// Its name without its prefix.
    pub(super) name: &'a [u8],
    /// Whether the element ends with it.
    pub(super) empty: bool,
    /// The rest of it.
    rest: &'a [u8],
}

/// The part is no XML, or is cut off.
pub(super) fn broken() -> Unreadable {
    Unreadable::Damaged("XML 不完整".into())
}

/// Reads a part token by token.
pub(super) struct Scanner<S> {
    source: S,
    buffer: Vec<u8>,
    /// What is not read yet.
    at: usize,
    end: usize,
    over: bool,
}

impl<S: Source> Scanner<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            buffer: vec![0; PORTION],
            at: 0,
            end: 0,
            over: false,
        }
    }

    /// The next token.
    ///
    /// # Errors
    /// [`Unreadable`]: where it is no XML, or the source refuses.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Token<'_>, Unreadable> {
        loop {
            if !self.has(2)? {
                // A single byte at the end is white space, or nothing of use.
                self.at = self.end;
                return Ok(Token::Over);
            }
            if self.buffer[self.at] != b'<' {
                let long = self.find(0, b'<')?.unwrap_or(self.end - self.at);
                return Ok(Token::Text(self.take(long, 0)));
            }
            match self.buffer[self.at + 1] {
                b'/' => {
                    let long = self.find(2, b'>')?.ok_or_else(broken)?;
                    let name = self.take(long, 1);
                    return Ok(Token::End(local(name[2..].trim_ascii_end())));
                }
                b'?' => self.pass(b"?>")?,
                b'!' => {
                    if self.begins(b"<!--")? {
                        self.pass(b"-->")?;
                    } else if self.begins(b"<![CDATA[")? {
                        let long = self.find_all(9, b"]]>")?;
                        return Ok(Token::Plain(&self.take(long, 3)[9..]));
                    } else {
                        return Err(Unreadable::Damaged("XML 带有文档类型声明".into()));
                    }
                }
                _ => {
                    let (name, named, end) = self.tag()?;
                    let whole = self.take(end, 1);
                    let (rest, empty) = match whole[named..].strip_suffix(b"/") {
                        Some(rest) => (rest, true),
                        None => (&whole[named..], false),
                    };
                    return Ok(Token::Start(Tag {
                        name: &whole[name..named],
                        empty,
                        rest,
                    }));
                }
            }
        }
    }

    /// Passes over what is left of an element whose first tag was the last token.
    pub(super) fn skip(&mut self, empty: bool) -> Result<(), Unreadable> {
        let mut depth = usize::from(!empty);
        while depth > 0 {
            match self.next()? {
                Token::Start(tag) if !tag.empty => depth += 1,
                Token::End(_) => depth -= 1,
                Token::Over => return Err(broken()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds the text of an element without elements in it, whose first tag was the last token.
    pub(super) fn text(&mut self, into: &mut Vec<u8>) -> Result<(), Unreadable> {
        loop {
            match self.next()? {
                Token::Text(text) => decode(text, into)?,
                Token::Plain(text) => into.extend_from_slice(text),
                Token::End(_) => return Ok(()),
                Token::Start(_) | Token::Over => return Err(broken()),
            }
        }
    }

    /// The next bytes, which are passed, and after them so many more.
    #[inline]
    fn take(&mut self, count: usize, more: usize) -> &[u8] {
        let from = self.at;
        self.at += count + more;
        &self.buffer[from..from + count]
    }

    /// Whether there are so many bytes more.
    #[inline]
    fn has(&mut self, count: usize) -> Result<bool, Unreadable> {
        while self.end - self.at < count {
            if !self.more()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begins(&mut self, with: &[u8]) -> Result<bool, Unreadable> {
        Ok(self.has(with.len())? && self.buffer[self.at..self.end].starts_with(with))
    }

    /// How far ahead a byte is, looked for from there on.
    #[inline]
    fn find(&mut self, from: usize, byte: u8) -> Result<Option<usize>, Unreadable> {
        let mut from = from;
        loop {
            let ahead = &self.buffer[self.at..self.end];
            let rest = ahead.get(from..).unwrap_or_default();
            if let Some(found) = rest.iter().position(|other| *other == byte) {
                return Ok(Some(from + found));
            }
            from = ahead.len().max(from);
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// How far ahead some bytes are.
    fn find_all(&mut self, from: usize, bytes: &[u8]) -> Result<usize, Unreadable> {
        let mut from = from;
        loop {
            from = self.find(from, bytes[0])?.ok_or_else(broken)?;
            if !self.has(from + bytes.len())? {
                return Err(broken());
            }
            if self.buffer[self.at + from..].starts_with(bytes) {
                return Ok(from);
            }
            from += 1;
        }
    }

    /// Passes everything up to some bytes and those too, keeping none of it.
    fn pass(&mut self, until: &[u8]) -> Result<(), Unreadable> {
        loop {
            let ahead = &self.buffer[self.at..self.end];
            match ahead.windows(until.len()).position(|window| window == until) {
                Some(found) => {
                    self.at += found + until.len();
                    return Ok(());
                }
                None => self.at = self.end.saturating_sub(until.len() - 1).max(self.at),
            }
            if !self.more()? {
                return Err(broken());
            }
        }
    }

    /// How far ahead a tag's name begins and ends, and the tag.
    #[inline]
    fn tag(&mut self) -> Result<(usize, usize, usize), Unreadable> {
        loop {
            if let Some(found) = tag(&self.buffer[self.at..self.end]) {
                return Ok(found);
            }
            if !self.more()? {
                return Err(broken());
            }
        }
    }

    /// Gets more bytes behind those that are not read yet; whether there are any.
    #[cold]
    fn more(&mut self) -> Result<bool, Unreadable> {
        if self.over {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        if self.end == self.buffer.len() {
            if self.end >= MAX_TOKEN {
                return Err(Unreadable::Bomb);
            }
            self.buffer.resize(self.end * 2, 0);
        }
        let count = self.source.fill(&mut self.buffer[self.end..])?;
        self.end += count;
        self.over = count == 0;
        Ok(count > 0)
    }
}

/// Where the name of the tag in front begins, without its prefix, and ends; and the `>` that ends the
/// tag, which is none in quotation marks. Nothing where there is none yet.
#[inline]
fn tag(ahead: &[u8]) -> Option<(usize, usize, usize)> {
    let (mut name, mut at) = (1, 1);
    loop {
        match ahead.get(at)? {
            b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' => break,
            b':' => name = at + 1,
            _ => {}
        }
        at += 1;
    }
    let named = at;
    loop {
        let byte = *ahead.get(at)?;
        at += 1;
        match byte {
            b'>' => return Some((name, named, at - 1)),
            b'"' | b'\'' => at += ahead[at..].iter().position(|other| *other == byte)? + 1,
            _ => {}
        }
    }
}

/// A name without its prefix.
#[inline]
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|byte| *byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

impl<'a> Tag<'a> {
    /// Its attributes, names with their prefixes, values as they are written.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.rest }
    }

    /// An attribute's value, as it is written.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] where it is no XML.
    pub(super) fn get(&self, name: &[u8]) -> Result<Option<&'a [u8]>, Unreadable> {
        let mut all = self.attributes();
        while let Some((key, value)) = all.next()? {
            if key == name {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The same for an attribute whatever its prefix, decoded.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] where it is no XML.
    pub(super) fn text(&self, name: &[u8]) -> Result<Option<String>, Unreadable> {
        let mut all = self.attributes();
        while let Some((key, value)) = all.next()? {
            if local(key) == name {
                let mut text = Vec::new();
                decode(value, &mut text)?;
                return String::from_utf8(text).map(Some).map_err(|_| broken());
            }
        }
        Ok(None)
    }
}

/// A name and a value, as they are written.
type Attribute<'a> = (&'a [u8], &'a [u8]);

/// Attributes, one after another.
pub(super) struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// The next name and value.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] where it is no XML.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Attribute<'a>>, Unreadable> {
        let rest = self.rest.trim_ascii_start();
        if rest.is_empty() {
            return Ok(None);
        }
        let equals = rest.iter().position(|byte| *byte == b'=').ok_or_else(broken)?;
        let (name, rest) = rest.split_at(equals);
        let rest = rest[1..].trim_ascii_start();
        let (quote, rest) = rest.split_first().ok_or_else(broken)?;
        if !matches!(quote, b'"' | b'\'') {
            return Err(broken());
        }
        let long = rest.iter().position(|byte| byte == quote).ok_or_else(broken)?;
        let (value, rest) = rest.split_at(long);
        self.rest = &rest[1..];
        Ok(Some((name.trim_ascii_end(), value)))
    }
}

/// Adds a text as it is meant: references resolved, every end of a line one line feed.
///
/// # Errors
/// [`Unreadable::Damaged`] for an entity that is not known, or no character.
#[inline]
pub(super) fn decode(text: &[u8], into: &mut Vec<u8>) -> Result<(), Unreadable> {
    if text.iter().any(|byte| matches!(byte, b'&' | b'\r')) {
        decode_slowly(text, into)
    } else {
        into.extend_from_slice(text);
        Ok(())
    }
}

fn decode_slowly(text: &[u8], into: &mut Vec<u8>) -> Result<(), Unreadable> {
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'\r' => {
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
                into.push(b'\n');
            }
            b'&' => {
                let end = rest.iter().take(12).position(|byte| *byte == b';');
                let (name, after) = rest.split_at(end.ok_or_else(broken)?);
                rest = &after[1..];
                let sign = entity(name).ok_or_else(broken)?;
                into.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => into.push(*other),
        }
    }
    Ok(())
}

fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', hex @ ..] => reference(hex, 16)?,
        [b'#', digits @ ..] => reference(digits, 10)?,
        _ => return None,
    })
}

fn reference(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok()?;
    if digits.starts_with('+') {
        return None;
    }
    let number = u32::from_str_radix(digits, radix).ok()?;
    char::from_u32(number).filter(|sign| *sign != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::container::Refusal;
    use proptest::prelude::*;

    /// Bytes that come so many at a time.
    struct Pieces<'a>(&'a [u8], usize);

    impl Source for Pieces<'_> {
        fn fill(&mut self, portion: &mut [u8]) -> Result<usize, Refusal> {
            let count = self.0.len().min(self.1).min(portion.len());
            portion[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn told(xml: &str, step: usize) -> Result<String, Unreadable> {
        let mut scanner = Scanner::new(Pieces(xml.as_bytes(), step));
        let mut out = String::new();
        let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        loop {
            out += &match scanner.next()? {
                Token::Start(tag) => {
                    let mut all = tag.attributes();
                    let mut told = format!("<{}", string(tag.name));
                    while let Some((key, value)) = all.next()? {
                        told += &format!(" {}={}", string(key), string(value));
                    }
                    told + if tag.empty { "/>" } else { ">" }
                }
                Token::End(name) => format!("</{}>", string(name)),
                Token::Text(text) => {
                    let mut plain = Vec::new();
                    decode(text, &mut plain)?;
                    format!("[{}]", string(&plain))
                }
                Token::Plain(text) => format!("{{{}}}", string(text)),
                Token::Over => return Ok(out),
            };
        }
    }

    #[test]
    fn tags_and_texts_whatever_the_portions() {
        let xml = "<?xml version=\"1.0\"?><x:a b = 'c>d' x:e=\"&quot;f\"><!-- <g> -- ></g> --><h/><i />\
                   j&amp;\r\n&#x4e00;&#20108;<![CDATA[<k>]]]></x:a ><l></l>\n";
        let want = "<a b=c>d x:e=&quot;f><h/><i/>[j&\n一二]{<k>]}</a><l></l>";
        for step in 1..90 {
            assert_eq!(told(xml, step).as_deref(), Ok(want), "{step} at a time");
        }
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        for xml in [
            "<a",
            "<a b='",
            "<a b=c>",
            "<a b>",
            "</a",
            "<!-- ",
            "<![CDATA[ ]] >",
            "<?x",
            "<!DOCTYPE a>",
            "&b;<a>",
            "&#0;<a>",
            "&#xd800;<a>",
            "&#+9;<a>",
            "&amp",
            "<!",
        ] {
            assert!(told(xml, 7).is_err(), "{xml}");
        }
        let long = format!("<a b='{}'>", "c".repeat(MAX_TOKEN));
        assert!(told(&long, usize::MAX).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(parts in proptest::collection::vec(prop_oneof![
            Just("<"), Just(">"), Just("/"), Just("a"), Just(":"), Just(" b='c'"), Just("\""), Just("<!--"), Just("-->"),
            Just("<![CDATA["), Just("]]>"), Just("<?"), Just("?>"), Just("&#x"), Just(";"), Just("&amp;"), Just("\r"), Just("一"),
        ], 0..40), step in 1..9usize) {
            let xml = parts.concat();
            // The portions make no difference.
            prop_assert_eq!(told(&xml, step), told(&xml, 1_000));
        }
    }
}
