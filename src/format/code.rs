//! A record as text, for chat apps that block files and for QR codes: compressed, checksummed, and
//! cut into parts that may come in any order, among chatter.
//!
//! A part is `XD1-n-count-id-text-check`:
//!
//! | piece | what |
//! |---|---|
//! | `XD1` | the format and its version |
//! | `n`, `count` | which part of how many, from 1 |
//! | `id` | 8 digits: the first 40 bits of SHA-256 of the bytes that are carried |
//! | `text` | a piece of the deflated bytes in base 32 |
//! | `check` | 8 digits: the first 40 bits of SHA-256 of the part up to here |
//!
//! Base 32 in Crockford's alphabet, because it comes through everything: no letter is another in the
//! wrong case, nothing is a link, a mark-up or a quotation mark, and a QR code holds it in its
//! alphanumeric mode, 5.5 bits for each. Base 64 would be a fifth shorter in a chat and a fifth longer
//! in a QR code. Reading drops white space, line breaks, quotation marks and anything else that is no
//! sign of ours, and takes full-width signs and other dashes for what they were.
//!
//! Gathering parts is light and everywhere; packing and unpacking is in the worker's program.

#[cfg(feature = "exports")]
use flate2::{
    Compression,
    read::{DeflateDecoder, DeflateEncoder},
};
use sha2::{Digest, Sha256};
use std::fmt;
#[cfg(feature = "exports")]
use std::io::Read;

/// What a part begins with.
const PREFIX: &str = "XD1";
/// Crockford's alphabet.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of an id and of a check.
const CHECK: usize = 8;
#[cfg(feature = "exports")]
/// Signs of a part beside its text, at most: `XD1-200-200-`, id, check and two dashes.
const AROUND: usize = 30;
/// Parts that one thing may have.
pub const MOST_PARTS: u16 = 200;
/// Most bytes that are carried: as many as a record may have.
pub const MAX_BYTES: u64 = super::record::MAX_BYTES;
/// Most bytes of text that are looked through.
const MAX_TEXT: usize = 8 << 20;
/// Signs of a part in a chat message; long ones are cut or refused.
pub const IN_MESSAGE: usize = 1_800;

/// Why text does not become what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing in it begins as a part does.
    None,
    /// Made by a later version.
    Later,
    /// More text than is looked through.
    TooLong,
    /// Parts of so many different things.
    Mixed(usize),
    /// Parts are missing, or have come cut short or altered.
    Missing {
        /// How many there should be; 0 when no part has come whole.
        count: u16,
        /// Those that have not come whole.
        missing: Vec<u16>,
        /// Of these, those that have come cut short or altered.
        broken: Vec<u16>,
    },
    /// All parts are there, and yet what they hold is not what was sent.
    Checksum,
    /// What is to be carried, or becomes of it, is larger than [`MAX_BYTES`].
    TooLarge,
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => {
                f.write_str("没有找到学档的文字码（以 XD1- 开头的一串字母和数字），请整段复制后再粘贴")
            }
            Self::Later => f.write_str("这段文字码由新版学档生成，请刷新本页更新学档后再打开"),
            Self::TooLong => write!(f, "粘贴的文字太长，最多 {} MB", MAX_TEXT >> 20),
            Self::Mixed(count) => write!(f, "粘贴的文字里有 {count} 份不同的记录，请一份一份地打开"),
            Self::Missing {
                count,
                missing,
                broken,
            } => {
                match count {
                    0 => f.write_str("文字码不完整")?,
                    count => write!(f, "文字码共 {count} 段，还缺第 {} 段", list(missing))?,
                }
                if broken.is_empty() {
                    f.write_str("，请补齐后再打开")
                } else {
                    write!(
                        f,
                        "；第 {} 段在传送中被截断或改动，请对方重新发送这一段",
                        list(broken)
                    )
                }
            }
            Self::Checksum => f.write_str("校验不符：各段已齐，但内容与发出时不同，请对方重新导出、重新发送"),
            Self::TooLarge => write!(
                f,
                "内容太大，不能作为文字码传送（最多 {} MB、{MOST_PARTS} 段），请改用文件",
                MAX_BYTES >> 20
            ),
        }
    }
}

impl std::error::Error for CodeError {}

fn list(numbers: &[u16]) -> String {
    let numbers: Vec<_> = numbers.iter().map(u16::to_string).collect();
    numbers.join("、")
}

#[cfg(feature = "exports")]
/// What is carried, in parts of at most `longest` signs.
///
/// # Errors
/// [`CodeError::TooLarge`].
pub fn write(bytes: &[u8], longest: usize) -> Result<Vec<String>, CodeError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CodeError::TooLarge);
    }
    let mut deflated = Vec::new();
    DeflateEncoder::new(bytes, Compression::best())
        .read_to_end(&mut deflated)
        .map_err(|_| CodeError::TooLarge)?;
    let text = to_base32(&deflated);
    let id = id_of(bytes);
    let room = longest.saturating_sub(AROUND).max(1);
    let count = text.len().div_ceil(room).max(1);
    let count = u16::try_from(count)
        .ok()
        .filter(|count| *count <= MOST_PARTS)
        .ok_or(CodeError::TooLarge)?;
    // As long as each other, so that their QR codes look alike.
    let each = text.len().div_ceil(usize::from(count)).max(1);
    let part = |number: u16| {
        let from = each * usize::from(number - 1);
        let piece = &text[from.min(text.len())..(from + each).min(text.len())];
        part(number, count, &id, piece)
    };
    Ok((1..=count).map(part).collect())
}

fn part(number: u16, count: u16, id: &str, text: &str) -> String {
    let part = format!("{PREFIX}-{number}-{count}-{id}-{text}");
    let check = digits_of(part.as_bytes());
    format!("{part}-{check}")
}

#[cfg(feature = "exports")]
/// The parts as messages for a chat: each says in words what it is.
///
/// # Errors
/// [`CodeError::TooLarge`].
pub fn messages(bytes: &[u8]) -> Result<Vec<String>, CodeError> {
    let parts = write(bytes, IN_MESSAGE)?;
    let count = parts.len();
    let message = |(part, number): (String, usize)| {
        let which = if count == 1 {
            String::new()
        } else {
            format!("第 {number} 段，共 {count} 段。")
        };
        format!("【学档 培养记录】{which}请整段复制，在学档里粘贴打开。\n{part}")
    };
    Ok(parts.into_iter().zip(1..).map(message).collect())
}

#[cfg(feature = "exports")]
/// Reads what [`write`] or [`messages`] wrote, whatever stands around it.
///
/// # Errors
/// [`CodeError`].
pub fn read(text: &str) -> Result<Vec<u8>, CodeError> {
    let mut collector = Collector::default();
    let seen = collector.add(text)?;
    let others: std::collections::BTreeSet<&String> = seen
        .iter()
        .filter_map(|seen| match seen {
            Seen::Other(id) => Some(id),
            _ => None,
        })
        .collect();
    if !others.is_empty() {
        return Err(CodeError::Mixed(others.len() + 1));
    }
    collector.finish()
}

/// What came of a part that was added to a [`Collector`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A part that was missing.
    New(u16),
    /// A part that was there already.
    Again(u16),
    /// A part of another thing, by its id: not taken.
    Other(String),
    /// Cut short or altered: its number, if that much can be read.
    Broken(Option<u16>),
}

/// Gathers parts, in any order, from messages or scanned codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collector {
    id: String,
    parts: Vec<Option<String>>,
    broken: Vec<u16>,
}

impl Collector {
    /// Takes every part that stands in the text; one that is not whole is named, and may come again.
    ///
    /// # Errors
    /// [`CodeError::None`], [`CodeError::Later`] or [`CodeError::TooLong`]; what was there stays.
    pub fn add(&mut self, text: &str) -> Result<Vec<Seen>, CodeError> {
        if text.len() > MAX_TEXT {
            return Err(CodeError::TooLong);
        }
        let text = signs(text);
        let starts = starts(&text);
        let mut seen = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(text.len());
            seen.push(self.take(&text[*start..end]));
        }
        match seen.is_empty() {
            true if is_later(&text) => Err(CodeError::Later),
            true => Err(CodeError::None),
            false => Ok(seen),
        }
    }

    fn take(&mut self, text: &str) -> Seen {
        let part = match Part::read(text) {
            Ok(part) => part,
            Err(number) => {
                if let Some(number) = number
                    && self.has(number).is_none()
                    && !self.broken.contains(&number)
                {
                    self.broken.push(number);
                }
                return Seen::Broken(number);
            }
        };
        if self.parts.is_empty() {
            self.id = part.id;
            self.parts = vec![None; usize::from(part.count)];
        } else if self.id != part.id || self.parts.len() != usize::from(part.count) {
            return Seen::Other(part.id);
        }
        self.broken.retain(|number| *number != part.number);
        match self.parts.get_mut(usize::from(part.number) - 1) {
            Some(place) if place.is_none() => {
                *place = Some(part.text);
                Seen::New(part.number)
            }
            _ => Seen::Again(part.number),
        }
    }

    fn has(&self, number: u16) -> Option<&String> {
        self.parts.get(usize::from(number).checked_sub(1)?)?.as_ref()
    }

    /// How many parts there are in all; 0 as long as none has come.
    pub fn count(&self) -> u16 {
        self.parts.len() as u16
    }

    /// Those that have not come yet.
    pub fn missing(&self) -> Vec<u16> {
        (1..=self.count())
            .filter(|number| self.has(*number).is_none())
            .collect()
    }

    /// All parts in their order, for whoever unpacks them; `None` as long as one is missing.
    pub fn whole(&self) -> Option<String> {
        let texts: Option<Vec<&String>> = self.parts.iter().map(Option::as_ref).collect();
        let texts = texts.filter(|texts| !texts.is_empty())?;
        let parts = texts
            .into_iter()
            .zip(1..)
            .map(|(text, number)| part(number, self.count(), &self.id, text));
        Some(parts.collect::<Vec<_>>().join("\n"))
    }

    /// What was carried, once every part is there.
    ///
    /// # Errors
    /// [`CodeError::Missing`], [`CodeError::Checksum`] or [`CodeError::TooLarge`].
    #[cfg(feature = "exports")]
    pub fn finish(&self) -> Result<Vec<u8>, CodeError> {
        let missing = self.missing();
        if self.parts.is_empty() || !missing.is_empty() {
            let mut broken = self.broken.clone();
            broken.sort_unstable();
            return Err(CodeError::Missing {
                count: self.count(),
                missing,
                broken,
            });
        }
        let text: String = self.parts.iter().flatten().map(String::as_str).collect();
        let deflated = from_base32(&text).ok_or(CodeError::Checksum)?;
        let mut bytes = Vec::new();
        // One byte more than is allowed is enough to know.
        DeflateDecoder::new(deflated.as_slice())
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| CodeError::Checksum)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(CodeError::TooLarge);
        }
        if id_of(&bytes) == self.id {
            Ok(bytes)
        } else {
            Err(CodeError::Checksum)
        }
    }
}

struct Part {
    number: u16,
    count: u16,
    id: String,
    text: String,
}

impl Part {
    /// Reads a part from its beginning; `Err` is its number, if that can be read.
    fn read(text: &str) -> Result<Self, Option<u16>> {
        let mut pieces = text.splitn(6, '-');
        let mut piece = || pieces.next();
        let _prefix = piece();
        let number = piece().and_then(number_of).ok_or(None)?;
        let count = piece().and_then(number_of).ok_or(None)?;
        if number > count {
            return Err(None);
        }
        let broken = Some(number);
        let id = piece().and_then(crockford).ok_or(broken)?;
        let text = piece().and_then(crockford).ok_or(broken)?;
        // What follows the check is chatter.
        let check = piece()
            .and_then(|rest| crockford(rest.get(..CHECK)?))
            .ok_or(broken)?;
        if !part(number, count, &id, &text).ends_with(&check) {
            return Err(broken);
        }
        Ok(Self {
            number,
            count,
            id,
            text,
        })
    }
}

fn number_of(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    let number: u16 = text.parse().ok().filter(|_| is_number)?;
    (1..=MOST_PARTS).contains(&number).then_some(number)
}

/// Digits with those that look like them set right; `None` when there is anything else.
fn crockford(text: &str) -> Option<String> {
    let set_right = |sign| match sign {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        other => (other.is_ascii() && ALPHABET.contains(&(other as u8))).then_some(other),
    };
    text.chars().map(set_right).collect()
}

/// The letters, digits and dashes of a text, as they were before somebody's keyboard or chat app
/// made them others.
fn signs(text: &str) -> String {
    let sign = |sign: char| {
        let plain = match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(sign as u32 - 0xfee0)?,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{2043}' => '-',
            other => other,
        };
        (plain.is_ascii_alphanumeric() || plain == '-').then(|| plain.to_ascii_uppercase())
    };
    text.chars().filter_map(sign).collect()
}

/// Where parts begin: no other piece of one is followed by two numbers.
fn starts(text: &str) -> Vec<usize> {
    text.match_indices(PREFIX)
        .map(|(at, _)| at)
        .filter(|at| {
            let mut after = text[at + PREFIX.len()..].split('-');
            after.next() == Some("")
                && after.next().and_then(number_of).is_some()
                && after.next().and_then(number_of).is_some()
        })
        .collect()
}

/// Whether a part of a later version stands in the text.
fn is_later(text: &str) -> bool {
    text.match_indices("XD").any(|(at, _)| {
        let mut pieces = text[at + 2..].splitn(4, '-');
        let version = pieces.next().and_then(number_of);
        version.is_some_and(|version| version > 1)
            && pieces.next().and_then(number_of).is_some()
            && pieces.next().and_then(number_of).is_some()
    })
}

#[cfg(feature = "exports")]
fn id_of(bytes: &[u8]) -> String {
    digits_of(bytes)
}

/// The first 40 bits of SHA-256.
fn digits_of(bytes: &[u8]) -> String {
    to_base32(&Sha256::digest(bytes)[..CHECK * 5 / 8])
}

fn to_base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            out.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        out.push(char::from(ALPHABET[(bits << (5 - held) & 31) as usize]));
    }
    out
}

#[cfg(feature = "exports")]
/// `None` when a sign is none of ours.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0u32, 0u32);
    for sign in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == sign)?;
        bits = (bits << 5 | value as u32) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
#[cfg(feature = "exports")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &[u8] = "姓名 𠮷田喆，一段不长的文字。".as_bytes();

    /// Bytes that cannot be compressed, always the same.
    fn noise(count: usize) -> Vec<u8> {
        let mut state = 1u64;
        let next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    fn three() -> Vec<String> {
        let parts = write(&noise(400), 260).unwrap();
        assert_eq!(parts.len(), 3);
        parts
    }

    #[test]
    fn base_32_is_crockfords() {
        // RFC 4648's examples in the other alphabet.
        assert_eq!(to_base32(b"foobar"), "CSQPYRK1E8");
        assert_eq!(to_base32(b"f"), "CR");
        assert_eq!(from_base32("CSQPYRK1E8").unwrap(), b"foobar");
        assert_eq!(from_base32("U"), None);
    }

    #[test]
    fn what_a_chat_app_does_to_it_does_no_harm() {
        let [part] = &write(TEXT, 1_000).unwrap()[..] else {
            panic!("more than one part");
        };
        let full_width: String = part
            .chars()
            .map(|sign| char::from_u32(sign as u32 + 0xfee0).unwrap())
            .collect();
        let wrapped: String = part
            .chars()
            .enumerate()
            .flat_map(|(at, sign)| {
                [
                    (at % 20 == 19).then_some("\r\n> "),
                    (at % 7 == 3).then_some("\u{200b} "),
                ]
                .into_iter()
                .flatten()
                .flat_map(str::chars)
                .chain([sign])
                .collect::<Vec<_>>()
            })
            .collect();
        let other_dashes = part.replace('-', "–");
        let confused = part.replacen("XD1", "xd1", 1).to_lowercase();
        for text in [
            part.clone(),
            full_width,
            wrapped,
            other_dashes,
            confused,
            format!("李明 10:23：\n“{part}”，收到请回复 OK-1-2"),
            format!("```{part}```XD1-"),
            messages(TEXT).unwrap()[0].clone(),
        ] {
            assert_eq!(read(&text).as_deref(), Ok(TEXT), "{text}");
        }
    }

    #[test]
    fn parts_come_in_any_order_and_more_than_once() {
        let parts = three();
        let shuffled = format!("{}\n{}\n张三：\n{}{}", parts[2], parts[0], parts[2], parts[1]);
        assert_eq!(read(&shuffled), read(&parts.concat()));
        let mut collector = Collector::default();
        assert_eq!(collector.add(&parts[1]), Ok(vec![Seen::New(2)]));
        assert_eq!(collector.add(&parts[1]), Ok(vec![Seen::Again(2)]));
        assert_eq!((collector.count(), collector.missing()), (3, vec![1, 3]));
        assert_eq!(collector.whole(), None);
        let other = write(TEXT, 1_000).unwrap().concat();
        assert!(matches!(&collector.add(&other).unwrap()[..], [Seen::Other(_)]));
        assert_eq!(collector.add("别的二维码"), Err(CodeError::None));
        collector.add(&parts[0]).unwrap();
        collector.add(&parts[2]).unwrap();
        assert_eq!(collector.finish(), read(&parts.concat()));
        assert_eq!(collector.whole(), Some(parts.join("\n")));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let parts = three();
        let says = |text: &str| read(text).unwrap_err().to_string();
        assert!(says("你好").contains("没有找到学档的文字码"));
        assert!(says("XD1-").contains("没有找到"));
        assert!(says(&parts[0].replacen("XD1-", "XD2-", 1)).contains("新版学档"));
        assert_eq!(
            says(&format!("{}{}", parts[0], parts[2])),
            "文字码共 3 段，还缺第 2 段，请补齐后再打开"
        );
        let cut = &parts[1][..parts[1].len() - 12];
        let cut = format!("{}\n{cut}\n{}", parts[0], parts[2]);
        assert_eq!(
            says(&cut),
            "文字码共 3 段，还缺第 2 段；第 2 段在传送中被截断或改动，请对方重新发送这一段"
        );
        // Sent again, it is whole.
        assert!(read(&format!("{cut}{}", parts[1])).is_ok());
        assert_eq!(
            says(&parts[0][..40]),
            "文字码不完整；第 1 段在传送中被截断或改动，请对方重新发送这一段"
        );
        let two = format!("{}{}", parts.concat(), write(TEXT, 1_000).unwrap().concat());
        assert!(says(&two).contains("2 份不同的记录"));
        assert!(says(&"a".repeat(MAX_TEXT + 1)).contains("太长"));
    }

    #[test]
    fn one_wrong_sign_is_always_noticed() {
        let part = write(TEXT, 1_000).unwrap().concat();
        for at in 0..part.len() {
            for wrong in ['7', 'Z'] {
                let mut text: Vec<char> = part.chars().collect();
                if text[at] != wrong {
                    text[at] = wrong;
                    let text: String = text.into_iter().collect();
                    assert!(read(&text).is_err(), "{at} {wrong}");
                }
            }
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_stopped() {
        // Two gigabytes of nothing would be two megabytes: here a little more than is allowed.
        let bytes = vec![0; MAX_BYTES as usize + 1];
        assert_eq!(write(&bytes, 1_000), Err(CodeError::TooLarge));
        let mut deflated = Vec::new();
        DeflateEncoder::new(bytes.as_slice(), Compression::best())
            .read_to_end(&mut deflated)
            .unwrap();
        let part = format!("XD1-1-1-{}-{}", id_of(&bytes), to_base32(&deflated));
        let part = format!("{part}-{}", digits_of(part.as_bytes()));
        assert_eq!(read(&part), Err(CodeError::TooLarge));
        // Too much that cannot be compressed is too many parts.
        assert_eq!(write(&noise(500_000), IN_MESSAGE), Err(CodeError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), longest in 60usize..2_000) {
            let parts = write(&bytes, longest).unwrap();
            prop_assert!(parts.iter().all(|part| part.len() <= longest));
            let mut reversed = parts.clone();
            reversed.reverse();
            prop_assert_eq!(read(&reversed.join(" 好的 ")), Ok(bytes));
        }

        #[test]
        fn garbage_is_an_error_and_never_a_panic(text in ".{0,200}", tail in "[-XD0-9A-Za-z]{0,60}") {
            let _ = read(&text);
            let _ = read(&format!("XD1-1-1-{tail}"));
            let whole = format!("{text}XD1-{tail}");
            prop_assert!(read(&whole).is_err());
        }
    }
}
