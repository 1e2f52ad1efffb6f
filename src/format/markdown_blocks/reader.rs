//! The parser's events as blocks.

use super::{Block, Item, LARGEST, Line, Markdown};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Cells of a row that are kept: one more than anything has a use for.
const CELLS: usize = 3;

/// Takes a text apart.
///
/// # Errors
/// What the person reads: it is larger than [`LARGEST`].
pub fn read(text: &str) -> Result<Markdown, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > LARGEST {
        return Err(format!("文件太大，最多 {} MB", LARGEST >> 20));
    }
    let mut reader = Reader {
        source: text,
        starts: std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect(),
        found: Markdown::default(),
        lines: Vec::new(),
        is_new: true,
        depth: 0,
        items: Vec::new(),
        cells: Vec::new(),
        rows: Vec::new(),
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, place);
    }
    Ok(reader.found)
}

struct Reader<'a> {
    source: &'a str,
    /// Where each line begins.
    starts: Vec<usize>,
    found: Markdown,
    /// The lines of the block or item that is open.
    lines: Vec<Line>,
    /// Whether what comes next begins a line.
    is_new: bool,
    /// Lists that are open.
    depth: usize,
    items: Vec<Item>,
    cells: Vec<String>,
    rows: Vec<(u32, Vec<String>)>,
}

impl Reader<'_> {
    fn row(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    fn push(&mut self, text: &str, at: usize) {
        let row = self.row(at);
        for (part, further) in text.split('\n').zip(0..) {
            if further > 0 {
                self.is_new = true;
            }
            if part.is_empty() {
                continue;
            }
            match self.lines.last_mut().filter(|_| !self.is_new) {
                Some(line) => line.text.push_str(part),
                None => self.lines.push(Line {
                    row: row + further,
                    text: part.to_owned(),
                }),
            }
            self.is_new = false;
        }
    }

    /// The lines so far; those without text are not among them.
    fn lines(&mut self) -> Vec<Line> {
        self.is_new = true;
        let mut lines = std::mem::take(&mut self.lines);
        for line in &mut lines {
            line.text = line.text.trim().to_owned();
        }
        lines.retain(|line| !line.text.is_empty());
        lines
    }

    fn text_ends(&mut self) {
        self.is_new = true;
        if self.depth == 0 {
            let lines = self.lines();
            if !lines.is_empty() {
                self.found.blocks.push(Block::Text(lines));
            }
        }
    }

    /// The underscores of what was taken for emphasis.
    fn underscores(&mut self, count: usize, place: &Range<usize>, at: usize) {
        if self.source.as_bytes().get(place.start) == Some(&b'_') {
            self.push(if count == 1 { "_" } else { "__" }, at);
        }
    }

    fn take(&mut self, event: Event<'_>, place: Range<usize>) {
        let (at, end) = (place.start, place.end.saturating_sub(1));
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.push(&text, at);
            }
            Event::SoftBreak | Event::HardBreak => self.is_new = true,
            Event::Start(Tag::Emphasis) => self.underscores(1, &place, at),
            Event::End(TagEnd::Emphasis) => self.underscores(1, &place, end),
            Event::Start(Tag::Strong) => self.underscores(2, &place, at),
            Event::End(TagEnd::Strong) => self.underscores(2, &place, end),
            Event::Start(Tag::Image { .. }) => {
                let row = self.row(at);
                self.found.pictures.push(row);
            }
            Event::Start(Tag::List(_)) => {
                self.depth += 1;
                self.is_new = true;
            }
            Event::Start(Tag::Item) => {
                self.is_new = true;
                if self.depth == 1 {
                    self.lines.clear();
                    self.items.push(Item {
                        row: self.row(at),
                        ..Item::default()
                    });
                }
            }
            Event::TaskListMarker(ticked) if self.depth == 1 => {
                if let Some(item) = self.items.last_mut() {
                    item.ticked = Some(ticked);
                }
            }
            Event::End(TagEnd::Item) if self.depth == 1 => {
                let lines = self.lines();
                if let Some(item) = self.items.last_mut() {
                    item.lines = lines;
                }
            }
            Event::End(TagEnd::List(has_numbers)) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    let items = std::mem::take(&mut self.items);
                    self.found.blocks.push(Block::Items(has_numbers, items));
                }
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => self.cells.clear(),
            // Within an item a table is text.
            Event::End(TagEnd::TableCell) if self.depth == 0 => {
                let text: Vec<String> = self.lines().into_iter().map(|line| line.text).collect();
                if self.cells.len() < CELLS {
                    self.cells.push(text.join(" "));
                }
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) if self.depth == 0 => {
                let row = self.row(at);
                self.rows.push((row, std::mem::take(&mut self.cells)));
            }
            Event::End(TagEnd::Table) if self.depth == 0 => {
                let rows = std::mem::take(&mut self.rows);
                self.found.blocks.push(Block::Table(rows));
            }
            Event::End(TagEnd::Heading(level)) if self.depth == 0 => {
                let is_ours = self.source.get(place).is_some_and(|text| text.starts_with('#'));
                if !is_ours {
                    // A paragraph over a line of `---`.
                    return self.text_ends();
                }
                let row = self.row(at);
                let text: Vec<String> = self.lines().into_iter().map(|line| line.text).collect();
                let text = text.join(" ");
                self.found
                    .blocks
                    .push(Block::Heading(level as u8, Line { row, text }));
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::TableCell,
            ) => self.text_ends(),
            _ => {}
        }
    }
}
