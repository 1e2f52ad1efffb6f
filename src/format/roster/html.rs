//! HTML that calls itself `.xls`: many systems export nothing else. Only its text is looked at.

use super::table::{Builder, Merge, Put, Table};
use super::{MAX_COLUMNS, MAX_SHEETS, Unreadable};
use html5gum::{StartTag, Token, Tokenizer};

/// How deep tables may stand in each other.
const MAX_DEPTH: usize = 16;
/// Rows that a cell may reach over.
const MAX_SPAN: u32 = 100_000;

/// A table that is being read.
struct Open {
    builder: Builder,
    plain: u16,
    row: u32,
    column: u32,
    /// For each column the last row that a cell from above reaches down to.
    reach: Vec<u32>,
    cell: Option<OpenCell>,
    /// Whether a table stands in it: then it was there for the look of the page.
    outer: bool,
}

struct OpenCell {
    text: String,
    down: u32,
    across: u32,
    /// Whether what stands in it is a number to Excel (`x:num`).
    number: Option<f64>,
}

/// Reads the innermost tables.
///
/// # Errors
/// [`Unreadable::NoTable`] where there is none, and the limits.
pub(super) fn read(text: &str) -> Result<Vec<Table>, Unreadable> {
    let mut open: Vec<Open> = Vec::new();
    let mut done: Vec<Table> = Vec::new();
    // Scripts and styles are text to a tokenizer that is not told of them.
    let mut mute: Option<Vec<u8>> = None;
    for token in Tokenizer::new(text) {
        let token = match token {
            Ok(token) => token,
            Err(never) => match never {},
        };
        if let Some(tag) = &mute {
            if matches!(&token, Token::EndTag(end) if end.name.as_slice() == tag.as_slice()) {
                mute = None;
            }
            continue;
        }
        match token {
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"script" | b"style" | b"title" | b"textarea" | b"noscript" | b"xml" if !tag.self_closing => {
                    mute = Some(tag.name.to_vec());
                }
                b"table" => {
                    if open.len() >= MAX_DEPTH {
                        return Err(Unreadable::TooMuch("层层嵌套的表格", MAX_DEPTH));
                    }
                    if let Some(outer) = open.last_mut() {
                        outer.outer = true;
                    }
                    let mut builder = Builder::new("");
                    let plain = builder.format("");
                    open.push(Open {
                        builder,
                        plain,
                        row: 0,
                        column: 0,
                        reach: Vec::new(),
                        cell: None,
                        outer: false,
                    });
                }
                b"tr" => {
                    if let Some(table) = open.last_mut() {
                        table.close()?;
                        table.row = table.row.saturating_add(1);
                        table.column = 0;
                    }
                }
                b"td" | b"th" => {
                    if let Some(table) = open.last_mut() {
                        table.close()?;
                        table.begin(&tag);
                    }
                }
                b"br" | b"p" | b"div" | b"li" => write(&mut open, "\n"),
                _ => {}
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"table" => {
                    if let Some(mut table) = open.pop() {
                        table.close()?;
                        if !table.outer {
                            done.push(table.finish()?);
                        }
                    }
                }
                b"tr" | b"td" | b"th" => {
                    if let Some(table) = open.last_mut() {
                        table.close()?;
                    }
                }
                _ => {}
            },
            Token::String(text) => write(&mut open, &String::from_utf8_lossy(&text)),
            _ => {}
        }
        if done.len() > MAX_SHEETS {
            return Err(Unreadable::TooMuch("表格", MAX_SHEETS));
        }
    }
    // A page that breaks off has its last table all the same.
    while let Some(mut table) = open.pop() {
        table.close()?;
        if !table.outer {
            done.push(table.finish()?);
        }
    }
    done.retain(|table| !table.is_empty());
    if done.is_empty() {
        return Err(Unreadable::NoTable);
    }
    for (table, number) in done.iter_mut().zip(1..) {
        table.name = format!("表格{number}");
    }
    Ok(done)
}

fn write(open: &mut [Open], text: &str) {
    if let Some(cell) = open.last_mut().and_then(|table| table.cell.as_mut()) {
        cell.text.push_str(text);
    }
}

impl Open {
    fn begin(&mut self, tag: &StartTag<()>) {
        // Cells before the first row are of the first row.
        self.row = self.row.max(1);
        while self
            .reach
            .get(self.column as usize)
            .is_some_and(|row| *row >= self.row)
        {
            self.column += 1;
        }
        let attribute = |name: &[u8]| {
            let mut all = tag.attributes.iter();
            let value = all
                .find(|(key, _)| key.as_slice() == name)
                .map(|(_, value)| value);
            value.map(|value| String::from_utf8_lossy(value).trim().to_owned())
        };
        let span = |name: &[u8], most: u32| {
            let number = attribute(name).and_then(|text| text.parse::<u32>().ok());
            number.unwrap_or(1).clamp(1, most)
        };
        self.cell = Some(OpenCell {
            text: String::new(),
            down: span(b"rowspan", MAX_SPAN),
            across: span(b"colspan", MAX_COLUMNS as u32),
            number: attribute(b"x:num").and_then(|text| text.parse().ok()),
        });
    }

    /// Ends the cell that is open.
    fn close(&mut self) -> Result<(), Unreadable> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        // White space of the source is no white space of the cell; a line break that was meant is.
        let lines: Vec<String> = cell
            .text
            .split('\n')
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty())
            .collect();
        let text = lines.join("\n");
        let (row, column) = (self.row, self.column);
        match cell.number {
            // The number itself is what the workbook would have: the text may be shortened.
            Some(number) if text.parse() == Ok(number) => {
                self.builder.put(row, column, Put::Number(number, self.plain))?;
            }
            _ => self.builder.put(row, column, Put::Text(&text))?,
        }
        let right = column.saturating_add(cell.across - 1).min(MAX_COLUMNS as u32 * 2);
        let bottom = row.saturating_add(cell.down - 1);
        self.builder.merge(Merge {
            top: row,
            bottom,
            left: column,
            right,
        });
        if self.reach.len() <= right as usize {
            self.reach.resize(right as usize + 1, 0);
        }
        for reach in self
            .reach
            .iter_mut()
            .take(right as usize + 1)
            .skip(column as usize)
        {
            *reach = (*reach).max(bottom);
        }
        self.column = right + 1;
        Ok(())
    }

    fn finish(mut self) -> Result<Table, Unreadable> {
        self.builder.table().only_text = true;
        self.builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_innermost_tables_and_only_their_text() {
        let page = "<html><head><style>td{a:b}</style><script>var a='<table><tr><td>x</td></tr></table>'</script></head>
            <body><table><tr><td>菜单<table border=1><tr><td colspan=2>名&nbsp;册&amp;</td></tr>
            <TR><TD rowspan='2'>甲<td>张<br>三</tr><tr><td style='mso-number-format:\"\\@\"'>007</td></tr></table></td></tr></table>";
        let tables = read(page).unwrap();
        assert_eq!(tables.len(), 1);
        let table = &tables[0];
        let rows: Vec<String> = (0..table.len())
            .map(|row| {
                (0..table.width(row))
                    .map(|column| table.shown(row, column))
                    .collect::<Vec<_>>()
                    .join("|")
            })
            .collect();
        assert_eq!(rows, ["名 册&|名 册&", "甲|张\n三", "甲|007"]);
        assert_eq!(read("<html><p>无权访问</p></html>"), Err(Unreadable::NoTable));
    }

    proptest! {
        #[test]
        fn no_page_panics(parts in proptest::collection::vec(prop_oneof![
            Just("<table>"), Just("</table>"), Just("<tr>"), Just("<td rowspan=3>"), Just("<td colspan=99999999>"), Just("</td>"),
            Just("<script>"), Just("</script>"), Just("&#x110000;"), Just("甲"), Just("<!--"), Just("-->"), Just("<td x:num=1e999>"),
        ], 0..60)) {
            let _ = read(&parts.concat());
        }
    }
}
