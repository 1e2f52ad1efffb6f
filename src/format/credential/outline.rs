//! The short way through a record that is as we write it, for checking many: a text that is
//! canonical already (RFC 8785) is hashed as it stands, and most of it never becomes values.
//!
//! 1. The text is walked once, which proves that it is canonical and keeps [`read`]'s limits. What
//!    checking does not look at is cut out on the way: what the record's body and digests hold, and
//!    what its activist signed of each part.
//! 2. The rest is a signed record still, and read and judged as any other.
//! 3. What is hashed is the text itself, taken apart where the proofs and their values stand.
//!
//! Whatever is out of the ordinary has no outline, and is no error here: the long way is to judge. So
//! the walk takes less than is canonical: no keys but plain ASCII without escapes, no numbers but
//! whole ones below 10^15.

use super::super::record;
use super::jcs::{Parted, plain};
use super::read::{MAX_BYTES, MAX_DEPTH, MAX_VALUES};
use std::ops::Range;

/// How many bytes are kept ready for what is left: of most records less.
const USUAL: usize = 2 << 10;

/// A record without what checking does not look at, and what is hashed of the whole.
#[derive(Clone, Debug)]
pub struct Outline<'a> {
    /// The text that is left: of the record without `body`, `digest` and `parts` being anything but
    /// empty objects.
    pub text: String,
    /// The whole document, taken apart at `proof`.
    pub document: Parted<'a>,
    /// Each proof, taken apart at `proofValue`.
    pub proofs: Vec<Parted<'a>>,
}

impl<'a> Outline<'a> {
    /// The outline of a file; `None` when it is not canonical, not within the limits, or not nearly a
    /// signed record.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let text = record::text_of(bytes).ok()?;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        Walk::new(text).record().ok()
    }
}

/// Not canonical JSON, or more than is taken here.
struct Odd;

type Plain<T> = Result<T, Odd>;

/// An object or a list that is being walked over.
struct Inside<'a> {
    /// How many levels there may be in it.
    depth: usize,
    is_first: bool,
    /// The last key, of an object.
    key: &'a str,
}

/// A member of which the value comes next.
struct Member<'a> {
    key: &'a str,
    /// Where it begins.
    start: usize,
}

/// A walk over a text, each step of which is over what is canonical.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    /// How many more values there may be.
    left: usize,
    /// What was not cut out, up to `kept_to`.
    kept: String,
    kept_to: usize,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            left: MAX_VALUES,
            kept: String::with_capacity(USUAL),
            kept_to: 0,
        }
    }

    fn record(mut self) -> Plain<Outline<'a>> {
        let (mut place, mut proofs) = (None, Vec::new());
        let mut members = self.open(b'{', MAX_DEPTH)?;
        while let Some(member) = self.member(&mut members)? {
            match member.key {
                "credentialSubject" => self.subject(members.depth)?,
                "proof" => {
                    proofs = self.proofs(members.depth)?;
                    place = Some(member.start..self.at);
                }
                _ => self.value(members.depth)?,
            }
        }
        if self.at != self.text.len() {
            return Err(Odd);
        }
        self.kept.push_str(&self.text[self.kept_to..]);
        Ok(Outline {
            text: self.kept,
            document: Parted::at(self.text, place.ok_or(Odd)?),
            proofs,
        })
    }

    fn subject(&mut self, depth: usize) -> Plain<()> {
        let mut members = self.open(b'{', depth)?;
        while let Some(member) = self.member(&mut members)? {
            if member.key != "record" {
                self.value(members.depth)?;
                continue;
            }
            let mut members = self.open(b'{', members.depth)?;
            while let Some(member) = self.member(&mut members)? {
                let start = self.at;
                self.value(members.depth)?;
                if ["body", "digest"].contains(&member.key) {
                    self.empty(start..self.at)?;
                }
            }
        }
        Ok(())
    }

    fn proofs(&mut self, depth: usize) -> Plain<Vec<Parted<'a>>> {
        let mut proofs = Vec::new();
        let mut items = self.open(b'[', depth)?;
        while self.item(&mut items)? {
            proofs.push(self.proof(items.depth)?);
        }
        Ok(proofs)
    }

    fn proof(&mut self, depth: usize) -> Plain<Parted<'a>> {
        let (start, mut place) = (self.at, None);
        let mut members = self.open(b'{', depth)?;
        while let Some(member) = self.member(&mut members)? {
            match member.key {
                "proofValue" => {
                    self.value(members.depth)?;
                    place = Some(member.start - start..self.at - start);
                }
                "statement" => self.statement(members.depth)?,
                _ => self.value(members.depth)?,
            }
        }
        Ok(Parted::at(&self.text[start..self.at], place.ok_or(Odd)?))
    }

    fn statement(&mut self, depth: usize) -> Plain<()> {
        let mut members = self.open(b'{', depth)?;
        while let Some(member) = self.member(&mut members)? {
            if member.key != "parts" {
                self.value(members.depth)?;
                continue;
            }
            let start = self.at;
            let mut parts = self.open(b'{', members.depth)?;
            while self.member(&mut parts)?.is_some() {
                self.count()?;
                self.text()?;
            }
            self.empty(start..self.at)?;
        }
        Ok(())
    }

    /// Cuts out what is in an object that was walked over.
    fn empty(&mut self, object: Range<usize>) -> Plain<()> {
        if self.text.as_bytes()[object.start] != b'{' {
            return Err(Odd);
        }
        self.kept.push_str(&self.text[self.kept_to..=object.start]);
        self.kept_to = object.end - 1;
        Ok(())
    }

    /// Any value.
    fn value(&mut self, depth: usize) -> Plain<()> {
        match self.peek() {
            b'{' => {
                let mut members = self.open(b'{', depth)?;
                while self.member(&mut members)?.is_some() {
                    self.value(members.depth)?;
                }
                return Ok(());
            }
            b'[' => {
                let mut items = self.open(b'[', depth)?;
                while self.item(&mut items)? {
                    self.value(items.depth)?;
                }
                return Ok(());
            }
            b'"' => {
                self.text()?;
            }
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        self.count()
    }

    /// Begins an object or a list, in which there may be so many levels more.
    fn open(&mut self, bracket: u8, depth: usize) -> Plain<Inside<'a>> {
        self.count()?;
        self.byte(bracket)?;
        Ok(Inside {
            depth: depth.checked_sub(1).ok_or(Odd)?,
            is_first: true,
            key: "",
        })
    }

    /// The next member, up to its value; `None` behind the last. Each key is behind the one before it
    /// (3.2.3), so none comes twice.
    #[inline(never)]
    fn member(&mut self, inside: &mut Inside<'a>) -> Plain<Option<Member<'a>>> {
        if !self.goes_on(inside, b'}')? {
            return Ok(None);
        }
        let start = self.at;
        self.byte(b'"')?;
        let length = plain(&self.text.as_bytes()[self.at..]);
        let key = &self.text[self.at..self.at + length];
        self.at += length;
        self.byte(b'"')?;
        self.byte(b':')?;
        if !key.is_ascii() || !(inside.is_first || inside.key < key) {
            return Err(Odd);
        }
        inside.key = key;
        inside.is_first = false;
        Ok(Some(Member { key, start }))
    }

    /// Whether there is one more item.
    fn item(&mut self, inside: &mut Inside<'a>) -> Plain<bool> {
        let goes_on = self.goes_on(inside, b']')?;
        inside.is_first = false;
        Ok(goes_on)
    }

    fn goes_on(&mut self, inside: &Inside<'_>, end: u8) -> Plain<bool> {
        let next = self.peek();
        if next == end {
            self.at += 1;
            return Ok(false);
        }
        if !inside.is_first {
            self.byte(b',')?;
        }
        Ok(true)
    }

    /// Text as 3.2.2.2 has it: what stands between its quotation marks.
    fn text(&mut self) -> Plain<&'a str> {
        self.byte(b'"')?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            self.at += plain(&bytes[self.at..]);
            match self.peek() {
                b'"' => break,
                b'\\' => self.at += escape(&bytes[self.at + 1..])? + 1,
                _ => return Err(Odd),
            }
        }
        let text = &self.text[start..self.at];
        self.at += 1;
        Ok(text)
    }

    /// A whole number (3.2.2.3) that is a double beyond doubt.
    fn number(&mut self) -> Plain<()> {
        let rest = &self.text.as_bytes()[self.at..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = &rest[sign..];
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let leads_with_zero = digits.first() == Some(&b'0');
        if !(1..=15).contains(&count) || (leads_with_zero && sign + count > 1) {
            return Err(Odd);
        }
        self.at += sign + count;
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Plain<()> {
        if self.peek() != byte {
            return Err(Odd);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Plain<()> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Odd);
        }
        self.at += word.len();
        Ok(())
    }

    /// The next byte; 0, which stands nowhere in JSON, at the end.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn count(&mut self) -> Plain<()> {
        self.left = self.left.checked_sub(1).ok_or(Odd)?;
        Ok(())
    }
}

/// How long an escape is behind its backslash (3.2.2.2): the short form where there is one, and small
/// letters.
fn escape(rest: &[u8]) -> Plain<usize> {
    match rest {
        [b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r', ..] => Ok(1),
        [b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', ..] => Ok(5),
        [b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => Ok(5),
        _ => Err(Odd),
    }
}

#[cfg(test)]
mod tests {
    use super::super::jcs::canonical;
    use super::super::read;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn is_taken(text: &str) -> bool {
        let mut walk = Walk::new(text);
        walk.value(MAX_DEPTH).is_ok() && walk.at == text.len()
    }

    #[test]
    fn what_is_canonical_and_usual_is_taken() {
        for text in [
            r#"{"":[],"*":{},"@a":null,"A":true,"a":false,"a.b":[0,-1,999999999999999,-999999999999999]}"#,
            "[\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u0007\\u000b\\u001f/\u{7f}\u{2028}李喆𠮷\u{e000}\"]",
            "\"\"",
            "0",
        ] {
            assert!(is_taken(text), "{text}");
        }
    }

    #[test]
    fn whatever_else_is_not() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"b":1,"a":1}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#"{"\\":1}"#,
            r#"{"é":1}"#,
            r#"{"a":1,}"#,
            r#"{,"a":1}"#,
            r#"{"a":}"#,
            r#"{"a"}"#,
            r#"{"a":1 }"#,
            r#"{"a": 1}"#,
            r#"{"a":1"#,
            r#"{"a":1]"#,
            r#"{"a"#,
            r#"{"a":"b\"#,
            "{",
            "[1,]",
            "[,1]",
            "[1 ,2]",
            "[1",
            "[]]",
            "",
            " 0",
            "-0",
            "-",
            "00",
            "01",
            "+1",
            "1.0",
            "0.5",
            "1e2",
            "1E400",
            "1000000000000000",
            "-1000000000000000",
            "truE",
            "nul",
            "NaN",
            "\"\\/\"",
            "\"\\u0041\"",
            "\"\\u000B\"",
            "\"\\u000a\"",
            "\"\\u0008\"",
            "\"\\u0020\"",
            "\"\\ud800\"",
            "\"\\u001\"",
            "\"\\x\"",
            "\"\n\"",
            "\"\0\"",
            "\"",
            "\0",
        ] {
            assert!(!is_taken(text), "{text}");
        }
    }

    #[test]
    fn has_the_limits_of_reading() {
        for (levels, taken) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false)] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let inner = if open == "[" { "" } else { "0" };
                let text = open.repeat(levels) + inner + &close.repeat(levels);
                assert_eq!(is_taken(&text), taken, "{levels}");
                assert_eq!(read::json(text.as_bytes()).is_ok(), taken, "{levels}");
            }
        }
        for (more, taken) in [(2, true), (1, false)] {
            let text = format!("[{}0]", "0,".repeat(MAX_VALUES - more));
            assert_eq!(is_taken(&text), taken);
            assert_eq!(read::json(text.as_bytes()).is_ok(), taken);
        }
        let long = " ".repeat(MAX_BYTES + 1);
        assert!(Outline::of(long.as_bytes()).is_none());
    }

    #[test]
    fn what_checking_does_not_look_at_is_cut_out() {
        let value = json!({
            "credentialSubject": {"body": {"a": 1}, "record": {"body": {"x": []}, "digest": {"y": "z"}, "version": 2}},
            "proof": [
                {"proofValue": "v", "statement": {"parts": {"x": "y"}, "role": "activist"}},
                {"a": 1, "proofValue": [], "statement": {"body": {"b": 2}}, "z": 2},
            ],
            "type": {"body": {"c": 3}},
        });
        let text = canonical(&value);
        let outline = Outline::of(text.as_bytes()).unwrap();
        let mut left = value.clone();
        left["credentialSubject"]["record"]["body"] = json!({});
        left["credentialSubject"]["record"]["digest"] = json!({});
        left["proof"][0]["statement"]["parts"] = json!({});
        assert_eq!(outline.text, canonical(&left));
        assert_eq!(outline.document, Parted::of(value.as_object().unwrap(), "proof"));
        for (written, proof) in outline.proofs.iter().zip(value["proof"].as_array().unwrap()) {
            assert_eq!(*written, Parted::of(proof.as_object().unwrap(), "proofValue"));
        }
        // White space around it is no part of it.
        let around = format!("\u{feff}\r\n {text}\t\n");
        assert_eq!(Outline::of(around.as_bytes()).unwrap().document, outline.document);
        for odd in [
            format!("{text}{text}"),
            format!("\u{a0}{text}"),
            text.replace(r#"{"x":[]}"#, "[]"),
            text.replace(r#"{"x":"y"}"#, r#"{"x":1}"#),
            text.replace(r#""proofValue":"v","#, ""),
            text.replace("\"proof\"", "\"proofs\""),
        ] {
            assert!(Outline::of(odd.as_bytes()).is_none(), "{odd}");
        }
    }

    fn any_value(keys: &'static str) -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-999_999_999_999_999i64..=999_999_999_999_999).prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            "[\u{0}-\u{7f}]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(keys, inner, 0..5)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_we_write_is_taken(value in any_value("[ !#-\\[\\]-~]{0,4}")) {
            let text = canonical(&value);
            prop_assert!(is_taken(&text), "{}", text);
        }

        /// What it all rests on: a text that is taken is the canonical one of what it says.
        #[test]
        fn what_is_taken_is_canonical(
            value in any_value(".{0,3}"),
            places in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..3, 0usize..ODD.len()), 0..3),
        ) {
            let mut text = canonical(&value);
            for (place, gone, new) in places {
                let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let place = place.index(starts.len());
                let end = starts[(place + gone).min(starts.len() - 1)];
                text.replace_range(starts[place]..end, ODD[new]);
            }
            if is_taken(&text) {
                prop_assert_eq!(canonical(&read::json(text.as_bytes()).unwrap()), text);
            }
        }

        #[test]
        fn any_json_that_is_taken_is_canonical(text in r#"[\[\]{}",:0-9a-e.\\ -]{0,12}"#) {
            if is_taken(&text) {
                prop_assert_eq!(canonical(&read::json(text.as_bytes()).unwrap()), text);
            }
        }
    }

    /// What is put into sound texts.
    const ODD: [&str; 24] = [
        "", " ", ",", ":", "\"", "\\", "{", "}", "[", "]", "0", "-", "1e3", ".5", "\\u0041", "\\/", "\\n",
        "\n", "u", "null", "\"a\":1,", "\u{feff}", "é", "\\ud800",
    ];
}
