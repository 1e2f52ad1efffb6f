//! Reading what people send at once: files, folders, archives, files of many records. It becomes one
//! stream of records, which the signing programs open in pieces; the page only passes them on, breathes
//! in between and can be told to stop.

use crate::domain::roster::Arrived;
use crate::format::credential::bulk::{Many, Piece, Splitter};
use crate::format::credential::orders::Opened;
use crate::format::delivery::{HEAD, MAX_ARCHIVE, NESTED, Portion, ROSTER, Shape, shape_of, too_large};
use crate::format::record::{MAX_BYTES, RecordError};
use crate::format::workbench::records::ArchiveOpened;
use crate::platform::clock::Breath;
use crate::platform::files::{part, path_of, read_part};
use crate::ui::office::{Office, read};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use web_sys::{Blob, File};

/// So much of a file of many records is read and cut at a time, without holding the page up.
const STEP: u64 = 256 << 10;
/// A piece for the signing programs is full with so many records…
const PIECE_RECORDS: usize = 12;
/// …or so many bytes: its answer is as large, and is read in one go.
const PIECE_BYTES: usize = 64 << 10;

/// Something that was sent: its name and its bytes, which nothing is read of yet.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Delivery {
    name: String,
    file: Blob,
}

impl Delivery {
    /// A file under a name.
    pub(in crate::ui) fn new(name: String, file: File) -> Self {
        Self {
            name,
            file: file.into(),
        }
    }

    /// A file that was chosen.
    pub(in crate::ui) fn of(file: File) -> Self {
        Self::new(path_of(&file), file)
    }

    fn size(&self) -> u64 {
        self.file.size() as u64
    }
}

/// A record that was read: its name, and what it is or what the person reads.
pub(in crate::ui) type Read = (String, Result<Arrived, String>);

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Far {
    /// Records read and checked.
    pub(in crate::ui) done: usize,
    /// Of how many.
    pub(in crate::ui) of: usize,
    /// Whether that many is worked out from what has been read.
    pub(in crate::ui) about: bool,
}

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Stop {
    /// Somebody said so.
    Wanted,
    /// What the person reads.
    Failed(String),
}

/// Reads all of it. Ends when `stop` is set, or gone with its screen. `progress` hears how far it has
/// come.
///
/// # Errors
/// [`Stop`].
pub(in crate::ui) async fn read_deliveries(
    office: Office,
    all: Vec<Delivery>,
    stop: RwSignal<bool>,
    progress: impl Fn(Far),
) -> Result<Vec<Read>, Stop> {
    let is_stopped = || stop.try_get_untracked().unwrap_or(true);
    let mut stream = Stream::new(office, all);
    let hall = RefCell::new(Hall::default());
    let mut breath = Breath::default();
    let mut count = 0;
    let next = async || {
        let mut batch = Batch::default();
        loop {
            loop {
                let Some((number, answer)) = hall.borrow_mut().answers.pop_front() else {
                    break;
                };
                hall.borrow_mut().seat(number, &answer);
                progress(stream.far(hall.borrow().done));
                breath.take().await;
            }
            if is_stopped() {
                return None;
            }
            let Some(item) = stream.next().await else { break };
            hall.borrow_mut().take(item, &mut batch);
            if batch.is_full() {
                break;
            }
            breath.take().await;
        }
        if batch.ends.is_empty() {
            return None;
        }
        let piece = batch.piece();
        hall.borrow_mut().sent.insert(count, batch);
        count += 1;
        Some(piece)
    };
    let hear = |number, answer| {
        hall.borrow_mut().answers.push_back((number, answer));
        !is_stopped()
    };
    let outcome = office.open_many(next, hear).await;
    if is_stopped() {
        return Err(Stop::Wanted);
    }
    outcome.map_err(Stop::Failed)?;
    let mut hall = hall.into_inner();
    let mut breath = Breath::default();
    while let Some((number, answer)) = hall.answers.pop_front() {
        hall.seat(number, &answer);
        breath.take().await;
    }
    let lost = || Stop::Failed("后台程序的回答不完整，请再试一次".into());
    if hall.rows.iter().any(Option::is_none) {
        return Err(lost());
    }
    Ok(hall.rows.into_iter().flatten().collect())
}

/// Records in their places, and those that are still on their way.
#[derive(Default)]
struct Hall {
    rows: Vec<Option<Read>>,
    done: usize,
    sent: BTreeMap<usize, Batch>,
    answers: VecDeque<(usize, String)>,
}

impl Hall {
    /// Gives a record its place: in the next piece, or at once among those that could not be read.
    fn take(&mut self, item: Item, batch: &mut Batch) {
        match item.bytes {
            Ok(bytes) => {
                batch.push(self.rows.len(), item.name, bytes);
                self.rows.push(None);
            }
            Err(why) => {
                self.rows.push(Some((item.name, Err(why))));
                self.done += 1;
            }
        }
    }

    /// Puts the records of a piece in their places.
    fn seat(&mut self, number: usize, answer: &str) {
        let Some(batch) = self.sent.remove(&number) else {
            return;
        };
        let opened: Opened = read(answer).unwrap_or_default();
        let mut opened = opened.into_iter();
        for (at, name, bytes) in batch.records {
            let opened = opened
                .next()
                .unwrap_or_else(|| Err("本页与后台程序的版本不同，请刷新本页".into()));
            // Who could not read it as text has said so.
            let text = String::from_utf8(bytes).unwrap_or_default();
            self.done += 1;
            if let Some(row) = self.rows.get_mut(at) {
                *row = Some((name, opened.map(|opened| opened.arrived(&text))));
            }
        }
    }
}

/// Records of one piece, with their places.
#[derive(Default)]
struct Batch {
    records: Vec<(usize, String, Vec<u8>)>,
    ends: Vec<usize>,
}

impl Batch {
    fn push(&mut self, at: usize, name: String, bytes: Vec<u8>) {
        self.ends.push(self.size() + bytes.len());
        self.records.push((at, name, bytes));
    }

    fn size(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    fn is_full(&self) -> bool {
        self.ends.len() >= PIECE_RECORDS || self.size() >= PIECE_BYTES
    }

    fn piece(&self) -> (String, Vec<u8>) {
        let many = Many {
            ends: self.ends.clone(),
            ..Many::default()
        };
        let mut bytes = Vec::with_capacity(self.size());
        self.records
            .iter()
            .for_each(|(_, _, record)| bytes.extend_from_slice(record));
        (serde_json::to_string(&many).unwrap_or_default(), bytes)
    }
}

/// A record as it came, or what the person reads.
struct Item {
    name: String,
    bytes: Result<Vec<u8>, String>,
}

/// Everything that was sent, record after record.
struct Stream {
    office: Office,
    files: VecDeque<Delivery>,
    /// Files of the archive that is open, which are unpacked.
    parts: VecDeque<Delivery>,
    archive: Option<OpenArchive>,
    many: Option<OpenMany>,
    ready: VecDeque<Item>,
}

/// An archive that is being unpacked.
struct OpenArchive {
    name: String,
    /// Where the next portion begins.
    next: usize,
    /// How many entries it has.
    count: usize,
}

/// A file of many records that is being read.
struct OpenMany {
    file: Delivery,
    splitter: Splitter,
    /// How many bytes have been read, and records found.
    at: u64,
    found: usize,
}

impl Stream {
    fn new(office: Office, all: Vec<Delivery>) -> Self {
        Self {
            office,
            files: all.into(),
            parts: VecDeque::new(),
            archive: None,
            many: None,
            ready: VecDeque::new(),
        }
    }

    /// How far it has come when so many records are done; those that are on their way are counted as
    /// still to come, of which there are few.
    fn far(&self, done: usize) -> Far {
        let archive = self
            .archive
            .as_ref()
            .map_or(0, |archive| archive.count - archive.next.min(archive.count));
        let many = self.many.as_ref().map_or(0, |many| {
            let left = many.file.size().saturating_sub(many.at);
            (left as f64 * many.found as f64 / many.at.max(1) as f64) as usize
        });
        Far {
            done,
            of: done + self.files.len() + self.parts.len() + self.ready.len() + archive + many,
            about: self.many.is_some(),
        }
    }

    async fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if let Some(many) = self.many.take() {
                self.read_on(many).await;
            } else if let Some(part) = self.parts.pop_front() {
                self.begin(part, true).await;
            } else if let Some(archive) = self.archive.take() {
                self.unpack(archive).await;
            } else {
                let file = self.files.pop_front()?;
                self.begin(file, false).await;
            }
        }
    }

    fn put(&mut self, name: &str, bytes: Result<Vec<u8>, String>) {
        let name = name.to_owned();
        self.ready.push_back(Item { name, bytes });
    }

    /// Looks into a file and takes it as what it is.
    async fn begin(&mut self, file: Delivery, is_inside: bool) {
        let size = file.size();
        let head = match read_part(&file.file, 0, size.min(HEAD)).await {
            Ok(head) => head,
            Err(why) => return self.put(&file.name, Err(why)),
        };
        match shape_of(&file.name, &head, size <= HEAD) {
            // Whoever chooses it by itself hears of it.
            Shape::Junk if is_inside || file.name.contains('/') => {}
            Shape::Roster => self.put(&file.name, Err(ROSTER.into())),
            Shape::Archive if is_inside => self.put(&file.name, Err(NESTED.into())),
            Shape::Archive if size > MAX_ARCHIVE => self.put(&file.name, Err(too_large())),
            Shape::Archive => {
                let answer = self
                    .office
                    .clerk("records/zip", "", Some(&file.file), |_| {})
                    .await;
                match answer.and_then(|(answer, _)| read::<ArchiveOpened>(&answer)) {
                    Ok(ArchiveOpened { count }) => {
                        self.archive = Some(OpenArchive {
                            name: file.name,
                            next: 0,
                            count,
                        });
                    }
                    Err(why) => self.put(&file.name, Err(why)),
                }
            }
            Shape::Many => {
                // Read again from its beginning, in smaller steps.
                self.many = Some(OpenMany {
                    file,
                    splitter: Splitter::new(),
                    at: 0,
                    found: 0,
                });
            }
            Shape::One | Shape::Junk if size > MAX_BYTES => {
                self.put(&file.name, Err(RecordError::TooLarge(size).to_string()));
            }
            Shape::One | Shape::Junk => self.put(&file.name, Ok(head)),
        }
    }

    /// Takes the next bytes of a file of many.
    fn take(&mut self, many: &mut OpenMany, bytes: &[u8]) {
        many.at += bytes.len() as u64;
        for piece in many.splitter.push(bytes) {
            self.found(many, &piece, many.splitter.is_array());
        }
    }

    fn found(&mut self, many: &mut OpenMany, piece: &Piece, is_array: bool) {
        let what = if is_array { "项" } else { "行" };
        for (record, number) in piece.records().zip(&piece.numbers) {
            many.found += 1;
            let name = format!("{} 第 {number} {what}", many.file.name);
            self.put(&name, Ok(record.to_vec()));
        }
    }

    /// Reads on in a file of many records.
    async fn read_on(&mut self, mut many: OpenMany) {
        if many.at >= many.file.size() {
            let is_array = many.splitter.is_array();
            let last = std::mem::take(&mut many.splitter).finish();
            self.found(&mut many, &last, is_array);
            if many.found == 0 {
                self.put(&many.file.name, Err("里面一份记录也没有".into()));
            }
            return;
        }
        match read_part(&many.file.file, many.at, many.at + STEP).await {
            Ok(bytes) => {
                self.take(&mut many, &bytes);
                self.many = Some(many);
            }
            Err(why) => self.put(&many.file.name, Err(why)),
        }
    }

    /// Has the next files of an archive unpacked.
    async fn unpack(&mut self, mut archive: OpenArchive) {
        let asked = archive.next.to_string();
        let answer = self.office.clerk("records/unpack", &asked, None, |_| {}).await;
        let answer = answer.and_then(|(text, bytes)| Ok((read::<Portion>(&text)?, bytes)));
        let (portion, bytes) = match answer {
            Ok(answer) => answer,
            Err(why) => return self.put(&archive.name, Err(why)),
        };
        let mut from = 0;
        for unpacked in portion.parts {
            let name = format!("{} › {}", archive.name, unpacked.name);
            match (unpacked.size, &bytes) {
                (Ok(size), Some(bytes)) => {
                    let to = from + size as u64;
                    match part(bytes, from, to) {
                        Ok(file) => self.parts.push_back(Delivery { name, file }),
                        Err(why) => self.put(&name, Err(why)),
                    }
                    from = to;
                }
                (Ok(_), None) => self.put(&name, Err("后台程序没有给出它的内容".into())),
                (Err(why), _) => self.put(&name, Err(why)),
            }
        }
        if let Some(next) = portion.next {
            archive.next = next;
            self.archive = Some(archive);
        }
    }
}
