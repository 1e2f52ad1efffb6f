//! Where in a JSON text an error lies, as a path: `body.practice[0].minutes`.
//!
//! serde_json tells line and column; the path is found by walking the text up to there. So only
//! the bad file pays, and no deserialiser has to carry paths along.

/// The place that serde_json names with a line (from 1) and a column (bytes from the line's start).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Path of the object or array that was being read; empty for the outermost.
    pub(super) container: String,
    /// Path of the last field or item in it.
    pub(super) item: String,
}

/// A container that is open.
struct Frame {
    is_array: bool,
    /// Index of the item, in an array.
    index: usize,
    /// The last key, in an object.
    key: String,
    wants_key: bool,
}

/// Finds the place; `text` is sound JSON, or at least sound as far as the error.
pub(super) fn place(text: &str, line: usize, column: usize) -> Place {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let bytes = &text.as_bytes()[..(start + column).min(text.len())];
    let mut open: Vec<Frame> = Vec::new();
    // An error found at the end of a container is still about that container.
    let mut closed: Option<Frame> = None;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b':' => continue,
            b'}' | b']' => {
                closed = open.pop();
                continue;
            }
            b'{' | b'[' => open.push(Frame {
                is_array: byte == b'[',
                index: 0,
                key: String::new(),
                wants_key: byte == b'{',
            }),
            b',' => {
                if let Some(frame) = open.last_mut() {
                    frame.index += 1;
                    frame.wants_key = !frame.is_array;
                }
            }
            b'"' => {
                let begin = at;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let end = at.min(bytes.len());
                at += 1;
                if let Some(frame) = open.last_mut()
                    && frame.wants_key
                {
                    frame.key = String::from_utf8_lossy(&bytes[begin..end]).into_owned();
                    frame.wants_key = false;
                }
            }
            _ => {}
        }
        closed = None;
    }
    open.extend(closed);
    let mut path = String::new();
    let mut container = String::new();
    for frame in &open {
        container.clone_from(&path);
        if frame.is_array {
            path.push_str(&format!("[{}]", frame.index));
        } else if !frame.key.is_empty() {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&frame.key);
        }
    }
    Place {
        container,
        item: path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_fields_items_and_ends() {
        let text = "{\"a\": 1,\n \"b\": [ {\"c\": \"x\\\"y\", \"d\": 2} ]}";
        let at = |needle: &str| {
            let offset = text.find(needle).unwrap() + needle.len();
            let line = text[..offset].matches('\n').count() + 1;
            let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
            let found = place(text, line, offset - start);
            (found.container, found.item)
        };
        let own = |container: &str, item: &str| (container.to_owned(), item.to_owned());
        assert_eq!(at("\"a\": 1"), own("", "a"));
        assert_eq!(at("\"c\""), own("b[0]", "b[0].c"));
        assert_eq!(at("\"d\": 2"), own("b[0]", "b[0].d"));
        assert_eq!(at("\"d\": 2}"), own("b[0]", "b[0].d"));
        assert_eq!(at("\"d\": 2} ]"), own("b", "b[0]"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_place(text in ".*", line in 0usize..9, column in 0usize..99) {
            let _ = place(&text, line, column);
        }
    }
}
