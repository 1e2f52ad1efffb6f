//! The order of words.
//!
//! Chinese characters go by their place in GB/T 2312, the same in every browser and without data of
//! our own (encoding_rs has the table). Its 3,755 common characters are ordered by pinyin, the 3,008
//! less common ones after them by radical; what it does not have comes last, by Unicode. So 张 comes
//! after 李, as on any list, and 喆 after both. A character with two readings has one place.
//!
//! Latin letters come before, small and large alike, and numbers go by what they say: 第2党支部
//! before 第10党支部, and where branches and classes are counted in Chinese, 第二 before 第十.

/// How words are put in order.
#[derive(Debug)]
pub(super) struct Collation {
    /// For each character of Unicode's first plane its bytes in GB/T 2312, 0 where it has none.
    places: Vec<u16>,
}

/// So many bytes of a key are compared at once.
const HEAD: usize = 16;

/// The beginning of a key, and whether there is more.
pub(super) type Head = (u128, bool);

impl Default for Collation {
    fn default() -> Self {
        let mut places = vec![0; 1 << 16];
        for high in 0xa1..=0xf7_u8 {
            for low in 0xa1..=0xfe_u8 {
                if let Some(place) = decoded(high, low).and_then(|sign| places.get_mut(sign as usize)) {
                    *place = u16::from_be_bytes([high, low]);
                }
            }
        }
        Self { places }
    }
}

#[cfg(feature = "sheets")]
fn decoded(high: u8, low: u8) -> Option<char> {
    let pair = [high, low];
    let text = encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&pair)?;
    let mut signs = text.chars();
    signs.next().filter(|_| signs.next().is_none())
}

/// The page asks and never sorts.
#[cfg(not(feature = "sheets"))]
fn decoded(_: u8, _: u8) -> Option<char> {
    None
}

impl Collation {
    /// Writes what the place of a text is by: bytes that compare as texts do. `counted`: whether
    /// Chinese numbers in it count something.
    pub(super) fn key(&self, text: &str, counted: bool, out: &mut Vec<u8>) {
        out.clear();
        let mut signs = text.chars().peekable();
        while let Some(sign) = signs.next() {
            let sign = half(sign);
            if sign.is_ascii_digit() {
                let mut number = Number::begin(out);
                number.add(digit(sign));
                while let Some(next) = signs.next_if(|next| half(*next).is_ascii_digit()) {
                    number.add(digit(half(next)));
                }
            } else if counted && let Some(part) = Numeral::of(sign) {
                let mut numeral = vec![part];
                while let Some(next) = signs.peek().copied().and_then(Numeral::of) {
                    numeral.push(next);
                    signs.next();
                }
                let mut number = Number::begin(out);
                for byte in said(&numeral).to_string().bytes() {
                    number.add(byte - b'0');
                }
            } else if sign.is_ascii() {
                out.push(sign.to_ascii_lowercase() as u8);
            } else {
                match self.places.get(sign as usize).copied().unwrap_or_default() {
                    0 => {
                        out.push(0xff);
                        out.extend(&(sign as u32).to_be_bytes()[1..]);
                    }
                    place => out.extend(place.to_be_bytes()),
                }
            }
        }
    }

    /// The beginning of a text's key; `buffer` is written over.
    pub(super) fn head(&self, text: &str, counted: bool, buffer: &mut Vec<u8>) -> Head {
        self.key(text, counted, buffer);
        let mut head = [0; HEAD];
        for (place, byte) in head.iter_mut().zip(buffer.iter()) {
            *place = *byte;
        }
        (u128::from_be_bytes(head), buffer.len() > HEAD)
    }
}

/// A letter or digit of full width as one of half.
fn half(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
        sign => sign,
    }
}

fn digit(sign: char) -> u8 {
    (sign as u8).wrapping_sub(b'0')
}

/// A whole number in the making: where digits stand among other signs, how many there are without
/// zeros in front, and they, two in a byte.
struct Number<'a> {
    out: &'a mut Vec<u8>,
    /// Where it is said how many digits there are.
    count: usize,
}

impl<'a> Number<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Self {
        out.extend([b'0', 0]);
        let count = out.len() - 1;
        Self { out, count }
    }

    fn add(&mut self, digit: u8) {
        let count = self.out.get(self.count).copied().unwrap_or_default();
        if count == 0 && digit == 0 {
            return;
        }
        if let Some(slot) = self.out.get_mut(self.count) {
            *slot = count.saturating_add(1);
        }
        match self.out.last_mut() {
            Some(last) if count % 2 == 1 => *last |= digit,
            _ => self.out.push(digit << 4),
        }
    }
}

#[derive(Clone, Copy)]
enum Numeral {
    Digit(u32),
    Ten,
    Hundred,
}

impl Numeral {
    fn of(sign: char) -> Option<Self> {
        Some(match sign {
            '零' | '〇' => Self::Digit(0),
            '一' => Self::Digit(1),
            '二' => Self::Digit(2),
            '三' => Self::Digit(3),
            '四' => Self::Digit(4),
            '五' => Self::Digit(5),
            '六' => Self::Digit(6),
            '七' => Self::Digit(7),
            '八' => Self::Digit(8),
            '九' => Self::Digit(9),
            '十' => Self::Ten,
            '百' => Self::Hundred,
            _ => return None,
        })
    }
}

/// What a Chinese number says: 二十三 and 二三 are 23.
fn said(parts: &[Numeral]) -> u32 {
    let (mut whole, mut part, mut is_open) = (0_u32, 0_u32, false);
    for next in parts {
        match next {
            Numeral::Digit(digit) if is_open => part = part.saturating_mul(10).saturating_add(*digit),
            Numeral::Digit(digit) => (part, is_open) = (*digit, true),
            Numeral::Ten | Numeral::Hundred => {
                let unit = if matches!(next, Numeral::Ten) { 10 } else { 100 };
                let count = if is_open { part } else { 1 };
                whole = whole.saturating_add(count.saturating_mul(unit));
                (part, is_open) = (0, false);
            }
        }
    }
    whole.saturating_add(part)
}

#[cfg(all(test, feature = "sheets"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        Collation::default().key(text, true, &mut out);
        out
    }

    #[test]
    fn words_stand_as_on_any_list() {
        let list = [
            "",
            "2",
            "10",
            "Anna",
            "bob",
            "陈一",
            "李四",
            "李伟",
            "王五",
            "王五二",
            "张三",
            "喆",
            "𠮷",
        ];
        let mut sorted = list;
        sorted.sort_by_key(|word| {
            let mut out = Vec::new();
            Collation::default().key(word, false, &mut out);
            out
        });
        // 一、三、四、五 in names are characters as any other: by yi, san, si, wu.
        assert_eq!(
            sorted,
            [
                "",
                "2",
                "10",
                "Anna",
                "bob",
                "陈一",
                "李四",
                "李伟",
                "王五",
                "王五二",
                "张三",
                "喆",
                "𠮷"
            ]
        );
        let branches = [
            "第1党支部",
            "第２党支部",
            "第三党支部",
            "第10党支部",
            "第十一党支部",
            "第二十党支部",
            "第一百零一党支部",
        ];
        let mut sorted = branches;
        sorted.reverse();
        sorted.sort_by_key(|word| key(word));
        assert_eq!(sorted, branches);
        assert_eq!(key("ABC"), key("abc"));
        assert_eq!(key("007"), key("7"));
    }

    #[test]
    fn chinese_numbers_are_read() {
        for (text, value) in [
            ("十", 10),
            ("二十三", 23),
            ("二〇二五", 2025),
            ("一百零二", 102),
            ("三百一十", 310),
        ] {
            let parts: Vec<Numeral> = text.chars().filter_map(Numeral::of).collect();
            assert_eq!(said(&parts), value, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_head_of_a_key_is_its_beginning(a in "[a-c0-9一二十甲乙𠮷]{0,14}", b in "[a-c0-9一二十甲乙𠮷]{0,14}") {
            let order = Collation::default();
            let mut buffer = Vec::new();
            let (x, y) = (order.head(&a, true, &mut buffer), order.head(&b, true, &mut buffer));
            if x.0 != y.0 {
                prop_assert_eq!(x.0.cmp(&y.0), key(&a).cmp(&key(&b)));
            } else if !x.1 && !y.1 {
                prop_assert_eq!(key(&a), key(&b));
            }
        }
    }
}
