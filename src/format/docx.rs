//! Papers as `.docx`: A4 with the margins and type of GB/T 9704, conventional OOXML (ECMA-376,
//! transitional), as Word, WPS and LibreOffice write it themselves.
//!
//! Written by hand, not by a library: what is needed is a dozen of elements, and docx-rs would more
//! than double the worker's program (184 kB of brotli). The same paper makes the same bytes. What is put
//! into it is text only: nothing that somebody wrote becomes markup.

use crate::domain::time::Moment;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Twentieths of a point in a millimetre, times a hundred.
const TWIPS_BY_100: u32 = 5_669;
/// Height of a box to be filled in by hand.
const BOX: u32 = twips(42);
/// A table with more columns than this is set smaller.
const MANY: usize = 5;

const fn twips(millimetres: u32) -> u32 {
    millimetres * TWIPS_BY_100 / 100
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// How the sheets lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lies {
    /// Upright: text of 156 × 225 mm, bound at the left.
    #[default]
    Upright,
    /// On its side, for wide tables: text of 225 × 156 mm, bound at the top.
    Across,
}

impl Lies {
    /// Width of the text in twentieths of a point.
    const fn text(self) -> u32 {
        match self {
            Self::Upright => twips(156),
            Self::Across => twips(225),
        }
    }
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// What kind of paper it is, above the title: 附件, 草稿.
    Mark,
    /// The title.
    Title,
    /// What it is and what it is not, under the title.
    About,
    /// A heading, 黑体.
    Heading,
    /// The body, 3号仿宋 with two characters of indent.
    Body,
    /// A small remark.
    Note,
    /// A line across, after all that the paper says.
    Rule,
    /// Between two tables, which would become one otherwise.
    Gap,
    /// A line to sign on.
    Sign,
    /// The day below it.
    SignDay,
    /// In a cell, in the middle.
    Cell,
    /// In a cell, at the left.
    CellLeft,
    /// The heading of a column or a row.
    CellHead,
    /// Smaller: in the middle.
    CellSmall,
    /// Smaller: at the left.
    CellLeftSmall,
    /// Smaller: a heading.
    CellHeadSmall,
}

impl Style {
    fn id(self) -> &'static str {
        match self {
            Self::Mark => "Mark",
            Self::Title => "Title",
            Self::About => "About",
            Self::Heading => "Heading1",
            Self::Body => "BodyText",
            Self::Note => "Note",
            Self::Rule => "Rule",
            Self::Gap => "Gap",
            Self::Sign => "Sign",
            Self::SignDay => "SignDay",
            Self::Cell => "Cell",
            Self::CellLeft => "CellLeft",
            Self::CellHead => "CellHead",
            Self::CellSmall => "CellSmall",
            Self::CellLeftSmall => "CellLeftSmall",
            Self::CellHeadSmall => "CellHeadSmall",
        }
    }
}

/// How a paragraph stands, beside its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Wherever there is room.
    Free,
    /// On the page of the next one.
    WithNext,
    /// At the top of a new page, which is also that of the next one.
    NewPage,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its heading.
    pub heading: &'a str,
    /// Its width, as a share of all columns' widths.
    pub width: u16,
    /// Whether its text begins at the left; otherwise it stands in the middle.
    pub left: bool,
}

/// A box to be filled in by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blank<'a> {
    /// Whose words go there.
    pub label: &'a str,
    /// What stands before the signature.
    pub sign: &'a str,
}

/// A paper that is being written, from top to bottom.
#[derive(Debug)]
pub struct Paper {
    body: String,
    lies: Lies,
    title: String,
    made_at: Moment,
}

impl Paper {
    /// An empty paper. `title` is what the file says of itself; it is not written on the paper.
    pub fn new(title: &str, lies: Lies, made_at: Moment) -> Self {
        Self {
            body: String::new(),
            lies,
            title: title.into(),
            made_at,
        }
    }

    /// A paragraph.
    pub fn paragraph(&mut self, style: Style, text: &str, stands: Stands) {
        paragraph(&mut self.body, style.id(), text, stands);
    }

    /// Each line a paragraph of the body; none for an empty text.
    pub fn body(&mut self, text: &str) {
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            self.paragraph(Style::Body, line, Stands::Free);
        }
    }

    /// A table with one row of headings, which comes again on every page; rows stay whole. After a table
    /// comes a paragraph, [`Style::Gap`] at least, before the next one.
    pub fn table<S: AsRef<str>>(&mut self, columns: &[Column<'_>], rows: &[Vec<S>]) {
        let out = &mut self.body;
        let widths = widths(columns, self.lies.text());
        let (head, left, middle) = if columns.len() > MANY {
            (Style::CellHeadSmall, Style::CellLeftSmall, Style::CellSmall)
        } else {
            (Style::CellHead, Style::CellLeft, Style::Cell)
        };
        begin_table(out, &widths);
        begin_row(out, true, 0);
        for (column, width) in columns.iter().zip(&widths) {
            let text = styled(head, column.heading, Stands::WithNext);
            cell(out, *width, 1, "center", &text);
        }
        out.push_str("</w:tr>");
        for row in rows {
            begin_row(out, false, 0);
            for ((value, column), width) in row.iter().zip(columns).zip(&widths) {
                let style = if column.left { left } else { middle };
                let text = styled(style, value.as_ref(), Stands::Free);
                cell(out, *width, 1, "center", &text);
            }
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
    }

    /// Facts as lines of a label and its value, or of two; all on one page.
    pub fn facts(&mut self, lines: &[Vec<(&str, String)>]) {
        let out = &mut self.body;
        let text = self.lies.text();
        let label = text * 25 / 100;
        let value = text / 2 - label;
        begin_table(out, &[label, value, label, value]);
        for (line, at) in lines.iter().zip(1..) {
            let stands = with_next(at < lines.len());
            let (width, span) = match line.len() {
                1 => (value + label + value, 3),
                _ => (value, 1),
            };
            begin_row(out, false, 0);
            for (name, fact) in line {
                cell(out, label, 1, "center", &styled(Style::CellHead, name, stands));
                let text = styled(Style::CellLeft, fact, stands);
                cell(out, width, span, "center", &text);
            }
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
    }

    /// Boxes that stay together, each with nothing in it but where to sign and when.
    pub fn blanks(&mut self, boxes: &[Blank<'_>]) {
        let filled: Vec<_> = boxes.iter().map(|blank| (*blank, "")).collect();
        self.boxes(&filled, BOX);
    }

    /// Boxes that stay together and are so many millimetres high at least, each with what is known to go
    /// in it above where to sign and when.
    pub fn filled(&mut self, boxes: &[(Blank<'_>, &str)], millimetres: u32) {
        self.boxes(boxes, twips(millimetres));
    }

    fn boxes(&mut self, boxes: &[(Blank<'_>, &str)], height: u32) {
        let out = &mut self.body;
        let text = self.lies.text();
        let label = text * 23 / 100;
        begin_table(out, &[label, text - label]);
        for ((blank, words), at) in boxes.iter().zip(1..) {
            let stands = with_next(at < boxes.len());
            begin_row(out, false, height);
            let head = styled(Style::CellHead, blank.label, stands);
            cell(out, label, 1, "center", &head);
            let mut content = String::new();
            if !words.is_empty() {
                lines(&mut content, Style::CellLeft.id(), words, stands);
            }
            paragraph(&mut content, Style::Sign.id(), blank.sign, stands);
            paragraph(&mut content, Style::SignDay.id(), "年　　月　　日", stands);
            cell(out, text - label, 1, "bottom", &content);
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// What the writer of the container says; there is no reason why it should.
    pub fn finish(self) -> Result<Vec<u8>, String> {
        let parts = [
            ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
            ("_rels/.rels", PACKAGE.to_owned()),
            ("docProps/core.xml", core(&self.title, self.made_at)),
            ("docProps/app.xml", APP.to_owned()),
            ("word/document.xml", document(&self.body, self.lies)),
            ("word/_rels/document.xml.rels", RELATIONS.to_owned()),
            ("word/styles.xml", styles()),
            ("word/settings.xml", SETTINGS.replace("{w}", WORD)),
            ("word/fontTable.xml", fonts()),
            ("word/theme/theme1.xml", theme()),
            ("word/footer1.xml", footer("right")),
            ("word/footer2.xml", footer("left")),
        ];
        // No clock: the same paper is the same file.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in &parts {
            zip.start_file(*name, options)
                .map_err(|error| error.to_string())?;
            zip.write_all(HEAD.as_bytes())
                .and_then(|()| zip.write_all(text.as_bytes()))
                .map_err(|error| error.to_string())?;
        }
        let file = zip.finish().map_err(|error| error.to_string())?;
        Ok(file.into_inner())
    }
}

fn with_next(is_so: bool) -> Stands {
    if is_so { Stands::WithNext } else { Stands::Free }
}

/// Whether the XML of an office file may hold that character (XML 1.0, 2.2).
pub(super) fn is_xml(sign: char) -> bool {
    matches!(sign, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Text as XML holds it; a character that it cannot hold is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars().filter(|sign| is_xml(*sign)) {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

fn paragraph(out: &mut String, style: &str, text: &str, stands: Stands) {
    out.push_str("<w:p><w:pPr><w:pStyle w:val=\"");
    out.push_str(style);
    out.push_str("\"/>");
    out.push_str(match stands {
        Stands::Free => "",
        Stands::WithNext => "<w:keepNext/>",
        Stands::NewPage => "<w:keepNext/><w:pageBreakBefore/>",
    });
    out.push_str("</w:pPr>");
    if !text.is_empty() {
        out.push_str("<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t xml:space=\"preserve\">");
        out.push_str(&escape(text));
        out.push_str("</w:t></w:r>");
    }
    out.push_str("</w:p>");
}

/// Each line a paragraph.
fn lines(out: &mut String, style: &str, text: &str, stands: Stands) {
    let mut is_empty = true;
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        paragraph(out, style, line, stands);
        is_empty = false;
    }
    // A cell without a paragraph is no cell.
    if is_empty {
        paragraph(out, style, "", stands);
    }
}

fn document(body: &str, lies: Lies) -> String {
    // GB/T 9704, 6: what is at the head of an upright sheet is at the right of one on its side.
    let (size, top, right, bottom, left) = match lies {
        Lies::Upright => (
            format!("w:w=\"{}\" w:h=\"{}\"", twips(210), twips(297)),
            37,
            26,
            35,
            28,
        ),
        Lies::Across => (
            format!(
                "w:w=\"{}\" w:h=\"{}\" w:orient=\"landscape\"",
                twips(297),
                twips(210)
            ),
            28,
            37,
            26,
            35,
        ),
    };
    format!(
        "<w:document {WORD}><w:body>{body}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"even\" r:id=\"rId5\"/><w:pgSz {size}/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"850\" w:footer=\"{}\" w:gutter=\"0\"/><w:cols w:space=\"425\"/></w:sectPr></w:body></w:document>",
        twips(top),
        twips(right),
        twips(bottom),
        twips(left),
        twips(if bottom > 30 { 23 } else { 15 })
    )
}

/// Begins a table whose columns are so wide together with their lines.
fn begin_table(out: &mut String, widths: &[u32]) {
    let sum: u32 = widths.iter().sum();
    out.push_str(&format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"{sum}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
    ));
    for width in widths {
        out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
}

/// Begins a row, which stays on one page; a heading comes again on every page, and a row can have a
/// least height.
fn begin_row(out: &mut String, is_heading: bool, height: u32) {
    out.push_str("<w:tr><w:trPr><w:cantSplit/>");
    if height > 0 {
        out.push_str(&format!("<w:trHeight w:val=\"{height}\" w:hRule=\"atLeast\"/>"));
    }
    if is_heading {
        out.push_str("<w:tblHeader/>");
    }
    out.push_str("</w:trPr>");
}

fn cell(out: &mut String, width: u32, span: usize, vertical: &str, content: &str) {
    out.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
    if span > 1 {
        out.push_str(&format!("<w:gridSpan w:val=\"{span}\"/>"));
    }
    out.push_str(&format!(
        "<w:vAlign w:val=\"{vertical}\"/></w:tcPr>{content}</w:tc>"
    ));
}

fn styled(style: Style, text: &str, stands: Stands) -> String {
    let mut out = String::new();
    lines(&mut out, style.id(), text, stands);
    out
}

/// The columns' widths, which fill the line.
fn widths(columns: &[Column<'_>], line: u32) -> Vec<u32> {
    let sum: u32 = columns.iter().map(|column| u32::from(column.width)).sum();
    let mut widths: Vec<u32> = columns
        .iter()
        .map(|column| line * u32::from(column.width) / sum.max(1))
        .collect();
    let rest = line.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

/// The page's number between dashes, 14 pt, at the outer edge (GB/T 9704, 7.5).
fn footer(side: &str) -> String {
    format!(
        "<w:ftr {WORD}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:ind w:{side}Chars=\"100\" w:{side}=\"280\"/><w:jc w:val=\"{side}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// The body's type, and what stands for it where it is missing.
const FANGSONG: &str = "仿宋_GB2312";
const HEITI: &str = "黑体";
const XIAOBIAOSONG: &str = "方正小标宋简体";
const SONGTI: &str = "宋体";

fn typeface(name: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\" w:eastAsia=\"{name}\" w:cs=\"Times New Roman\"/>"
    )
}

/// A style of paragraphs: what it stands on, how its paragraphs stand, its type, and its size in half
/// points.
fn style(id: &str, name: &str, stands: &str, face: &str, half_points: u32) -> String {
    let based = if id == "Normal" {
        ""
    } else {
        "<w:basedOn w:val=\"Normal\"/>"
    };
    let default = match id {
        "Normal" => " w:default=\"1\"",
        "BodyText" | "Heading1" | "Title" | "Footer" => "",
        _ => " w:customStyle=\"1\"",
    };
    format!(
        "<w:style w:type=\"paragraph\"{default} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}<w:qFormat/><w:pPr>{stands}</w:pPr><w:rPr>{}<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/></w:rPr></w:style>",
        typeface(face)
    )
}

fn styles() -> String {
    // 22 lines on 225 mm.
    const LINE: &str = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"579\" w:lineRule=\"exact\"/>";
    const SINGLE: &str = "<w:spacing w:before=\"20\" w:after=\"20\" w:line=\"300\" w:lineRule=\"atLeast\"/>";
    let mut out = format!(
        "<w:styles {WORD}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:kern w:val=\"2\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
        typeface(FANGSONG)
    );
    let center = |stands: &str| format!("{stands}<w:jc w:val=\"center\"/>");
    let left = |stands: &str| format!("{stands}<w:jc w:val=\"left\"/>");
    let indented = |stands: &str, more: &str| {
        format!("{stands}<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>{more}")
    };
    let heading = format!(
        "<w:keepNext/>{}<w:outlineLvl w:val=\"0\"/>",
        indented(
            "<w:spacing w:before=\"160\" w:after=\"80\" w:line=\"579\" w:lineRule=\"exact\"/>",
            ""
        )
    );
    let title = center("<w:spacing w:before=\"240\" w:after=\"240\" w:line=\"700\" w:lineRule=\"exact\"/>");
    let about = left("<w:spacing w:before=\"0\" w:after=\"120\" w:line=\"360\" w:lineRule=\"atLeast\"/>");
    let note = left("<w:spacing w:before=\"60\" w:after=\"60\" w:line=\"320\" w:lineRule=\"atLeast\"/>");
    let gap = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"160\" w:lineRule=\"exact\"/>";
    let rule = format!(
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr>{gap}"
    );
    // Room for a name, in characters.
    let sign = |room: u32| {
        format!(
            "<w:spacing w:before=\"60\" w:after=\"60\" w:line=\"400\" w:lineRule=\"atLeast\"/><w:ind w:rightChars=\"{}\" w:right=\"{}\"/><w:jc w:val=\"right\"/>",
            room * 100,
            room * 240
        )
    };
    let footer = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>";
    for (id, name, stands, face, half_points) in [
        (
            "Normal",
            "Normal",
            LINE.to_owned() + "<w:jc w:val=\"both\"/>",
            FANGSONG,
            32,
        ),
        (
            "BodyText",
            "Body Text",
            indented(LINE, "<w:jc w:val=\"both\"/>"),
            FANGSONG,
            32,
        ),
        ("Heading1", "heading 1", heading, HEITI, 32),
        ("Title", "Title", title, XIAOBIAOSONG, 44),
        ("Mark", "附件标记", left(LINE), HEITI, 32),
        ("About", "说明", about, FANGSONG, 24),
        ("Note", "小字", note, FANGSONG, 21),
        ("Cell", "表格", center(SINGLE), FANGSONG, 24),
        ("CellLeft", "表格左", left(SINGLE), FANGSONG, 24),
        ("CellHead", "表格标题", center(SINGLE), HEITI, 24),
        ("CellSmall", "小表格", center(SINGLE), FANGSONG, 21),
        ("CellLeftSmall", "小表格左", left(SINGLE), FANGSONG, 21),
        ("CellHeadSmall", "小表格标题", center(SINGLE), HEITI, 21),
        ("Sign", "签字", sign(8), FANGSONG, 24),
        ("SignDay", "签字日期", sign(1), FANGSONG, 24),
        ("Gap", "间隔", gap.to_owned(), FANGSONG, 16),
        ("Rule", "横线", rule, FANGSONG, 16),
        ("Footer", "footer", footer.to_owned(), SONGTI, 28),
    ] {
        out.push_str(&style(id, name, &stands, face, half_points));
    }
    out.push_str("<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"70\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style><w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        out.push_str(&format!(
            "<w:{side} w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/>"
        ));
    }
    out.push_str("</w:tblBorders></w:tblPr></w:style></w:styles>");
    out
}

/// The typefaces, each with one that stands for it (ECMA-376, 17.8.3).
fn fonts() -> String {
    let mut out = format!("<w:fonts {WORD}>");
    for (name, other, family, pitch) in [
        (FANGSONG, "仿宋", "modern", "fixed"),
        (HEITI, "SimHei", "modern", "fixed"),
        (XIAOBIAOSONG, "华文中宋", "script", "fixed"),
        (SONGTI, "SimSun", "auto", "variable"),
    ] {
        out.push_str(&format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/><w:family w:val=\"{family}\"/><w:pitch w:val=\"{pitch}\"/></w:font>"
        ));
    }
    out.push_str("</w:fonts>");
    out
}

/// The plainest theme there can be. Nothing here asks it for a colour or a typeface, but office
/// programs expect one.
fn theme() -> String {
    let mut colours = String::new();
    for (name, colour) in [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "444444"),
        ("lt2", "EEEEEE"),
        ("accent1", "B22222"),
        ("accent2", "8B5A2B"),
        ("accent3", "6B8E23"),
        ("accent4", "2F6F8F"),
        ("accent5", "5B4B8A"),
        ("accent6", "777777"),
        ("hlink", "0000EE"),
        ("folHlink", "551A8B"),
    ] {
        colours.push_str(&format!("<a:{name}><a:srgbClr val=\"{colour}\"/></a:{name}>"));
    }
    let face = |name: &str, typeface: &str| {
        format!(
            "<a:{name}><a:latin typeface=\"{typeface}\"/><a:ea typeface=\"{typeface}\"/><a:cs typeface=\"\"/></a:{name}>"
        )
    };
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let three = |name: &str, one: &str| format!("<a:{name}>{}</a:{name}>", one.repeat(3));
    format!(
        "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"学档\"><a:themeElements><a:clrScheme name=\"学档\">{colours}</a:clrScheme><a:fontScheme name=\"学档\">{}{}</a:fontScheme><a:fmtScheme name=\"学档\">{}{}{}{}</a:fmtScheme></a:themeElements></a:theme>",
        face("majorFont", HEITI),
        face("minorFont", FANGSONG),
        three("fillStyleLst", fill),
        three("lnStyleLst", &format!("<a:ln w=\"9525\">{fill}</a:ln>")),
        three("effectStyleLst", "<a:effectStyle><a:effectLst/></a:effectStyle>"),
        three("bgFillStyleLst", fill)
    )
}

fn core(title: &str, made_at: Moment) -> String {
    // In universal time, as office programs write it.
    let moment = Moment { tz: 0, ..made_at };
    let moment = moment.rfc3339().replace("+00:00", "Z");
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>学档</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">{moment}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{moment}</dcterms:modified></cp:coreProperties>",
        escape(title)
    )
}

const APP: &str = "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>学档</Application></Properties>";

const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/><Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/><Override PartName=\"/word/fontTable.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml\"/><Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/><Override PartName=\"/word/footer2.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/><Override PartName=\"/word/theme/theme1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.theme+xml\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/><Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/></Types>";

const PACKAGE: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>";

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" Target=\"settings.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable\" Target=\"fontTable.xml\"/><Relationship Id=\"rId4\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/><Relationship Id=\"rId5\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer2.xml\"/><Relationship Id=\"rId6\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme\" Target=\"theme/theme1.xml\"/></Relationships>";

const SETTINGS: &str = "<w:settings {w}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_what_xml_cannot_hold_is_gone() {
        assert_eq!(escape("𠮷&<喆>\"\u{1}\u{fffe}\t"), "𠮷&amp;&lt;喆&gt;&quot;\t");
    }

    #[test]
    fn columns_fill_the_line_exactly() {
        let column = |width| Column {
            heading: "",
            width,
            left: false,
        };
        for columns in [&[1, 1, 1][..], &[15, 7, 9, 6, 6, 11, 11], &[3]] {
            let columns: Vec<_> = columns.iter().map(|width| column(*width)).collect();
            assert_eq!(widths(&columns, 8_843).iter().sum::<u32>(), 8_843);
        }
        assert_eq!(Lies::Upright.text(), 8_843);
    }
}
