//! The desk: the state that all screens share, and the only way to change it.
//!
//! `act` → `Study::decide` → event → fold (screen changes at once) → log → vault → 已保存.

use crate::domain::course::own::{OwnBank, Packs};
use crate::domain::course::{Catalogue, Lesson, QuestionBank, QuestionRefs, search};
use crate::domain::study::progress::CourseProgress;
use crate::domain::study::{Action, Event, Happening, Refusal, Study, exam};
use crate::domain::time::Env;
use crate::platform::local::{self, LocalLog, Sentinel};
use crate::platform::{clock, fetch, page, panic, tabs::Tabs, vault::Idb};
use crate::store::{
    Backup, Book, Entry, Fold, Journal, LoadReport, Log, Received, SaveState, StoreError, Vault, Writer,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// What one tab tells the others.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Signal {
    /// These entries are in the vault.
    Written(Vec<Entry>),
    /// The data were replaced or deleted: read again.
    Replaced,
}

/// How long the vault waits for the screen, in milliseconds.
const PAINT: u32 = 50;

/// Something that the person must know, shown until put away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// Stable name, so that it is shown once.
    pub(super) id: &'static str,
    /// What it says.
    pub(super) text: String,
}

/// Everything below is created once, at the root, and passed down by context.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The course; `None` until it is loaded.
    pub(super) course: RwSignal<Option<Arc<Catalogue>>>,
    /// Whether the course is loaded. It is set again when its lessons learn their questions: what
    /// only needs to know that it is there does not start anew then.
    pub(super) has_course: Memo<bool>,
    /// Whether the figures can be shown: nothing has been answered, or the lessons know their
    /// questions, or they cannot be had.
    pub(super) has_figures: Memo<bool>,
    /// One's own study.
    pub(super) study: RwSignal<Journal<Study>>,
    /// Whether the books have been read.
    pub(super) ready: RwSignal<bool>,
    /// What may be said about saving.
    pub(super) save: RwSignal<SaveState>,
    /// What the person must know.
    pub(super) notices: RwSignal<Vec<Notice>>,
    /// The figures of one's own study.
    pub(super) progress: Memo<CourseProgress>,
    /// What is searched; `None` until somebody searches.
    pub(super) index: RwSignal<Option<search::Index>>,
    /// Whether the lessons' questions could not be had.
    lacks_refs: RwSignal<bool>,
    banks: RwSignal<BTreeMap<String, Arc<QuestionBank>>>,
    /// The books that this page reads and keeps up to date.
    kept: StoredValue<Vec<Rc<dyn Kept>>, LocalStorage>,
    inner: StoredValue<Option<Rc<Inner>>, LocalStorage>,
    asked_to_persist: StoredValue<bool>,
}

/// A book on the desk, whichever it is: the study's page knows nothing of registers.
trait Kept {
    /// Reads it from the vault.
    fn read<'a>(&self, vault: &'a Idb, log: &'a LocalLog) -> Reading<'a>;
    /// Folds in an entry, if it is of this book.
    fn receive(&self, entry: &Entry) -> Received;
}

/// The reading of a book.
type Reading<'a> = Pin<Box<dyn Future<Output = Result<LoadReport, StoreError>> + 'a>>;

impl<S: Fold + Send + Sync + 'static> Kept for RwSignal<Journal<S>> {
    fn read<'a>(&self, vault: &'a Idb, log: &'a LocalLog) -> Reading<'a> {
        Box::pin(read_into(*self, vault, log))
    }

    fn receive(&self, entry: &Entry) -> Received {
        self.try_update(|journal| journal.receive(entry))
            .unwrap_or(Received::Ignored)
    }
}

struct Inner {
    writer: Writer<Idb, LocalLog>,
    tabs: Tabs,
}

/// The desk of this page.
pub(super) fn use_desk() -> Desk {
    expect_context()
}

impl Desk {
    /// An empty desk; [`Self::open`] fills it.
    pub(super) fn new() -> Self {
        let course = RwSignal::new(None::<Arc<Catalogue>>);
        let study = RwSignal::new(Journal::new(Book::Study));
        let progress = Memo::new(move |_| {
            course.with(|course| match course {
                Some(course) => study.with(|study| CourseProgress::of(course, study.state())),
                None => CourseProgress::default(),
            })
        });
        let lacks_refs = RwSignal::new(false);
        Self {
            course,
            has_course: Memo::new(move |_| course.with(Option::is_some)),
            has_figures: Memo::new(move |_| {
                let answered = || study.with(|study| !study.state().items.is_empty());
                course.with(|course| {
                    course
                        .as_ref()
                        .is_some_and(|course| course.has_refs() || !answered() || lacks_refs.get())
                })
            }),
            lacks_refs,
            study,
            ready: RwSignal::new(false),
            save: RwSignal::new(SaveState::Saved),
            notices: RwSignal::new(Vec::new()),
            progress,
            banks: RwSignal::new(BTreeMap::new()),
            index: RwSignal::new(None),
            kept: StoredValue::new_local(Vec::new()),
            inner: StoredValue::new_local(None),
            asked_to_persist: StoredValue::new(false),
        }
    }

    /// Puts a book on the desk; before [`Self::open_books`].
    pub(super) fn keep<S: Fold + Send + Sync + 'static>(self, book: RwSignal<Journal<S>>) {
        self.kept.update_value(|kept| kept.push(Rc::new(book)));
    }

    fn kept(self) -> Vec<Rc<dyn Kept>> {
        self.kept.try_get_value().unwrap_or_default()
    }

    /// Reads the course.
    pub(super) fn open_course(self) {
        spawn_local(self.read_course());
    }

    /// Reads the books.
    pub(super) fn open_books(self) {
        spawn_local(self.read_first());
    }

    async fn read_course(self) {
        match fetch_json::<Catalogue>(&page::meta("xuedang-catalogue")).await {
            Ok(course) => {
                self.course.set(Some(Arc::new(course)));
                self.complete_course().await;
            }
            Err(why) => self.notify(
                "course",
                format!("课程没有加载出来：{why}。请检查网络后刷新本页。"),
            ),
        }
    }

    /// Tells the lessons their questions once something has been answered: the figures need them.
    /// Whoever only reads never fetches them.
    async fn complete_course(self) {
        let answered = self.study.with_untracked(|study| {
            let study = study.state();
            !study.items.is_empty() || study.has_marks()
        });
        // Whoever loads the course completes it.
        let loaded = self.course.with_untracked(Option::is_some);
        if answered
            && loaded
            && let Err(why) = self.refs().await
        {
            self.lacks_refs.try_set(true);
            self.notify(
                "refs",
                format!(
                    "题目目录没有加载出来：{why}。进度暂时显示不全，请检查网络后刷新本页；答过的题都还在。"
                ),
            );
        }
    }

    /// The course whose lessons know their questions.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn refs(self) -> Result<Arc<Catalogue>, String> {
        let course = self.course.get_untracked().ok_or("课程还没有加载出来")?;
        if course.has_refs() {
            return Ok(course);
        }
        let refs: QuestionRefs = fetch_json(&course.refs).await?;
        // Somebody else may have been quicker; a sitting may have begun since, and is left alone.
        if let Some(complete) = self.course.get_untracked().filter(|course| course.has_refs()) {
            return Ok(complete);
        }
        let course = (*course)
            .clone()
            .with_refs(refs)
            .ok_or("内容不完整，请刷新本页")?;
        let course = Arc::new(course);
        self.course.try_set(Some(course.clone()));
        Ok(course)
    }

    async fn read_first(self) {
        // Without a vault every call gives the reason, and the log alone holds what is new.
        let vault = Idb::open().await.unwrap_or_else(Idb::shut);
        let tabs = Tabs::new(move |message| self.hear(&message));
        self.inner.set_value(Some(Rc::new(Inner {
            writer: Writer::new(vault, LocalLog, 0),
            tabs,
        })));
        self.read_books().await;
        self.ready.set(true);
        self.complete_course().await;
        // Back from another tab or app: what could not be saved then may be now.
        if let Some(listener) = page::on_return(move || self.commit()) {
            listener.forever();
        }
    }

    /// Reads all books again, from the vault.
    async fn read_books(self) {
        let Some(inner) = self.inner() else { return };
        let (vault, log) = (inner.writer.vault(), inner.writer.log());
        let mut reports = Vec::new();
        let mut fault = None;
        for book in self.kept() {
            match book.read(vault, log).await {
                Ok(report) => reports.push(report),
                Err(error) => fault = Some(error),
            }
        }
        if let Some(error) = fault {
            self.notify(
                "vault",
                format!("{error}。您的学习仍会暂存在浏览器的临时区，请尽快在「设置与备份」下载备份。"),
            );
        }
        if let Some(report) = reports.first() {
            inner.writer.set_epoch(report.epoch);
        }
        if reports.iter().any(|report| report.newer) {
            inner.writer.stop(StoreError::Stale(
                "数据由更新版本的学档写成，本页只能查看，不再写入；请刷新本页".into(),
            ));
        }
        let damaged: usize = reports.iter().map(|report| report.damaged.len()).sum();
        let damaged = damaged + LocalLog.unreadable().len();
        if damaged > 0 {
            self.notify(
                "damaged",
                format!(
                    "有 {damaged} 条数据已损坏、读不出来。它们已原样另存，没有删除，可在「设置与备份」下载。"
                ),
            );
        }
        let recovered: u32 = reports.iter().map(|report| report.recovered).sum();
        if recovered > 0 {
            self.notify(
                "recovered",
                format!("上次关闭时还没写完的 {recovered} 条记录已经找回并保存。"),
            );
        }
        let count = self.study.with_untracked(Journal::count);
        if reports.len() == self.kept().len()
            && count == 0
            && local::sentinel().is_some_and(|sentinel| sentinel.entries > 0)
        {
            self.notify(
                "vanished",
                "浏览器里原有的学习数据不见了，可能被浏览器或清理软件清除。如有备份，请到「设置与备份」恢复。".into(),
            );
        }
        self.save.set(inner.writer.state());
    }

    /// Does what the person wants, if the rules allow it.
    ///
    /// # Errors
    /// [`Refusal`]: field and reason, to be shown beside the field.
    pub(super) fn act(self, action: Action<'_>) -> Result<(), Refusal> {
        let env = clock::env();
        let what = self
            .study
            .with_untracked(|study| study.state().decide(action, &env))?;
        if panic::has_panicked() {
            return Ok(());
        }
        let mut env = Some(env);
        self.note(vec![what], &mut || env.take().unwrap_or_else(clock::env));
        Ok(())
    }

    /// Notes what has happened, all of it, for what was decided elsewhere.
    pub(super) fn happen(self, all: Vec<Happening>) {
        if !panic::has_panicked() {
            self.note(all, &mut clock::env);
        }
    }

    /// Does something about exams, if the rules allow it.
    ///
    /// # Errors
    /// [`Refusal`]: field and reason, to be shown beside the field.
    pub(super) fn examine(self, step: exam::Step) -> Result<(), Refusal> {
        let what = self
            .study
            .with_untracked(|study| exam::decide(study.state(), step, &clock::env()))?;
        self.happen(vec![what]);
        Ok(())
    }

    fn note(self, all: Vec<Happening>, env: &mut dyn FnMut() -> Env) {
        let entries = self.study.with_untracked(|study| study.draft(all, env));
        for entry in entries {
            self.study.receive(&entry);
            if let Some(inner) = self.inner() {
                inner.writer.write_ahead(entry);
                self.save.set(inner.writer.state());
            }
        }
        // The log has them already; the answer is painted first.
        spawn_local(async move {
            clock::sleep(PAINT).await;
            self.commit();
        });
    }

    /// Notes that a lesson was opened, once while the reader stays with it.
    pub(super) fn note_opened(self, lesson: &Lesson) {
        use crate::domain::study::Place;
        let here = self.study.with_untracked(|study| {
            study.state().last == Some(Place::Lesson(lesson.id.clone()))
                && study.state().lessons.contains_key(&lesson.id)
        });
        if !here {
            // Opening a lesson is never refused.
            let _ = self.act(Action::OpenLesson(lesson));
        }
    }

    /// Writes entries of a book in one transaction: all of them, or none; then folds them in.
    ///
    /// # Errors
    /// The vault's; then nothing has changed.
    pub(super) async fn write_all(self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        if let Some(error) = inner.writer.stopped() {
            return Err(error);
        }
        inner
            .writer
            .vault()
            .append(inner.writer.epoch(), &entries)
            .await?;
        self.fold_in(&entries);
        inner.say(&Signal::Written(entries));
        self.note_sentinel();
        Ok(())
    }

    /// Whether nothing was ever written in a book, or the vault cannot tell.
    pub(super) async fn is_empty(self, book: Book) -> bool {
        let Some(inner) = self.inner() else { return true };
        let prefix = book.prefix();
        // Keys go on with digits, all of which come before `:`.
        let count = inner.writer.vault().count(prefix, &format!("{prefix}:")).await;
        count.unwrap_or_default() == 0
    }

    /// As [`Self::write_all`], for many thousands of entries of one book: the page breathes while they
    /// are folded in, whoever shows the book learns of it once, and other tabs read it again. `progress`
    /// hears how many have been folded in.
    ///
    /// # Errors
    /// The vault's; then nothing has changed.
    pub(super) async fn write_many<S: Fold + Send + Sync + 'static>(
        self,
        book: RwSignal<Journal<S>>,
        entries: Vec<Entry>,
        progress: impl Fn(usize),
    ) -> Result<(), StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        if let Some(error) = inner.writer.stopped() {
            return Err(error);
        }
        let writing = inner.writer.vault().append(inner.writer.epoch(), &entries);
        writing.await?;
        let mut breath = clock::Breath::default();
        let mut again = false;
        for (at, entry) in entries.into_iter().enumerate() {
            let received = book.try_update_untracked(|journal| journal.receive(&entry));
            again |= matches!(received, Some(Received::Reload | Received::Newer));
            drop(entry);
            progress(at + 1);
            breath.take().await;
        }
        book.try_update(|_| ());
        if again {
            self.reread();
        }
        inner.say(&Signal::Replaced);
        self.note_sentinel();
        Ok(())
    }

    /// Deletes entries for good.
    ///
    /// # Errors
    /// The vault's; then nothing has changed.
    pub(super) async fn delete(self, keys: &[String]) -> Result<(), StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        let epoch = inner.writer.vault().delete(inner.writer.epoch(), keys).await?;
        self.read_after_replacement(&inner, epoch).await;
        Ok(())
    }

    /// A backup of everything, saved or not.
    ///
    /// # Errors
    /// The vault's; [`Self::rescue`] works even then.
    pub(super) async fn backup(self) -> Result<Backup, StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        Backup::of(inner.writer.vault(), inner.writer.pending(), clock::env().now).await
    }

    /// What this tab holds in memory and could not save, as a backup.
    pub(super) fn rescue(self) -> Backup {
        let mut entries = self
            .inner()
            .map(|inner| inner.writer.pending())
            .unwrap_or_default();
        entries.extend(LocalLog.all().unwrap_or_default());
        Backup::new(entries, clock::env().now)
    }

    /// Adds a backup's entries to what is here, or puts them in its place.
    ///
    /// # Errors
    /// The vault's; then nothing has changed.
    pub(super) async fn restore(self, backup: &Backup, replace: bool) -> Result<(), StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        let (vault, epoch) = (inner.writer.vault(), inner.writer.epoch());
        let epoch = if replace {
            backup.replace(vault, epoch).await?
        } else {
            backup.merge(vault, epoch).await?;
            epoch
        };
        self.read_after_replacement(&inner, epoch).await;
        Ok(())
    }

    /// What a backup would change here.
    ///
    /// # Errors
    /// The vault's.
    pub(super) async fn preview(self, backup: &Backup) -> Result<crate::store::Preview, StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        backup.preview(inner.writer.vault()).await
    }

    /// Everything that was set aside as unreadable or replaced, but for secret keys, which leave this
    /// browser only under a passphrase.
    ///
    /// # Errors
    /// The vault's.
    pub(super) async fn aside(self) -> Result<Vec<Entry>, StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        let torn = LocalLog
            .unreadable()
            .into_iter()
            .map(|(key, json)| Entry { key, json });
        let mut aside: Vec<Entry> = torn.collect();
        aside.extend(inner.writer.vault().aside().await?);
        aside.retain(|entry| Book::of(&entry.key) != Some(Book::Keys));
        Ok(aside)
    }

    /// Deletes everything in this browser.
    ///
    /// # Errors
    /// The vault's.
    pub(super) async fn erase(self) -> Result<(), StoreError> {
        let Some(inner) = self.inner() else {
            return Err(not_open());
        };
        let epoch = inner.writer.vault().erase().await?;
        LocalLog.clear();
        local::drop_notes();
        let _ = local::drop_sentinel();
        local::drop_drafts();
        self.read_after_replacement(&inner, epoch).await;
        Ok(())
    }

    /// The questions of a module, fetched once.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn bank(self, module: &str) -> Result<Arc<QuestionBank>, String> {
        if let Some(bank) = self.banks.with_untracked(|banks| banks.get(module).cloned()) {
            return Ok(bank);
        }
        let path = self.course.with_untracked(|course| {
            course
                .as_ref()
                .and_then(|course| course.module(module).map(|module| module.bank.clone()))
        });
        let bank: QuestionBank = fetch_json(&path.ok_or("没有这个模块")?).await?;
        let bank = Arc::new(bank);
        self.banks
            .try_update(|banks| banks.insert(module.into(), bank.clone()));
        Ok(bank)
    }

    /// An own bank, read when it is practised: the study does not keep their book open.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn own_bank(self, id: &str) -> Result<OwnBank, String> {
        let inner = self.inner().ok_or_else(|| not_open().to_string())?;
        let entries = inner.writer.vault().entries(Book::Packs.prefix(), None).await;
        let mut packs = Packs::default();
        for entry in entries.map_err(|error| error.to_string())? {
            // What is damaged is set aside by the office, which keeps the book.
            if let Ok(event) = Event::read(&entry.json) {
                packs.apply(&event);
            }
        }
        packs
            .bank(id)
            .cloned()
            .ok_or_else(|| "没有这个题库，可能已经移除".into())
    }

    /// Fetches the texts that are searched, once.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn open_index(self) -> Result<(), String> {
        if self.index.with_untracked(Option::is_some) {
            return Ok(());
        }
        let course = self.course.get_untracked().ok_or("课程还没有加载出来")?;
        let file = fetch::get_text(&course.search).await;
        let file = file.map_err(|error| error.to_string())?;
        self.index.try_set(Some(search::Index::read(&file)));
        Ok(())
    }

    /// Adds a module's questions to what is searched, once, and tells nobody: they come one module
    /// after another.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn index_bank(self, module: &str) -> Result<(), String> {
        let has = |index: &Option<search::Index>| index.as_ref().is_some_and(|index| index.has_bank(module));
        if !self.index.with_untracked(has) {
            let bank = self.bank(module).await?;
            let add = |index: &mut Option<search::Index>| {
                if let Some(index) = index {
                    index.add_bank(&bank);
                }
            };
            self.index.try_update_untracked(add);
        }
        Ok(())
    }

    /// Shows something that the person must know.
    pub(super) fn notify(self, id: &'static str, text: String) {
        self.notices.try_update(|notices| {
            notices.retain(|notice| notice.id != id);
            notices.push(Notice { id, text });
        });
    }

    /// Tries to bring everything pending into the vault.
    pub(super) fn commit(self) {
        let Some(inner) = self.inner() else { return };
        spawn_local(async move {
            let pending = inner.writer.pending();
            let state = inner.writer.commit().await;
            let written = state == SaveState::Saved && !pending.is_empty();
            self.save.try_set(state);
            if written {
                inner.say(&Signal::Written(pending));
                self.note_sentinel();
                // Some browsers ask the person; by now there is something worth keeping.
                if self
                    .asked_to_persist
                    .try_update_value(|asked| !std::mem::replace(asked, true))
                    == Some(true)
                {
                    page::persist().await;
                }
            }
        });
    }

    fn inner(self) -> Option<Rc<Inner>> {
        self.inner.try_get_value().flatten()
    }

    async fn read_after_replacement(self, inner: &Inner, epoch: u64) {
        inner.writer.set_epoch(epoch);
        self.read_books().await;
        self.complete_course().await;
        self.note_sentinel();
        inner.say(&Signal::Replaced);
    }

    /// Hears another tab.
    fn hear(self, message: &str) {
        match serde_json::from_str(message) {
            Ok(Signal::Written(entries)) => {
                self.fold_in(&entries);
                spawn_local(self.complete_course());
            }
            Ok(Signal::Replaced) => self.reread(),
            Err(_) => {}
        }
    }

    fn fold_in(self, entries: &[Entry]) {
        let mut again = false;
        for book in self.kept() {
            for entry in entries {
                again |= matches!(book.receive(entry), Received::Reload | Received::Newer);
            }
        }
        // Another tab has written in between: the order is read again.
        if again {
            self.reread();
        }
    }

    fn reread(self) {
        spawn_local(async move {
            let Some(inner) = self.inner() else { return };
            // What this tab could not save yet must not vanish from its screen: save it first.
            if inner.writer.commit().await == SaveState::Saved {
                self.read_books().await;
                self.complete_course().await;
            }
        });
    }

    fn note_sentinel(self) {
        let entries = self.study.with_untracked(Journal::count);
        // Without it a wiped store goes unnoticed; nothing else depends on it.
        let _ = local::keep_sentinel(&Sentinel {
            entries,
            day: clock::env().now.date(),
        });
    }
}

impl Inner {
    fn say(&self, signal: &Signal) {
        if let Ok(text) = serde_json::to_string(signal) {
            self.tabs.post(&text);
        }
    }
}

/// A fresh reading of clock and chance, for pages.
pub(super) fn env() -> Env {
    clock::env()
}

async fn read_into<S: Fold + Send + Sync + 'static>(
    journal: RwSignal<Journal<S>>,
    vault: &Idb,
    log: &LocalLog,
) -> Result<LoadReport, StoreError> {
    let book = journal.with_untracked(Journal::book);
    match Journal::load(book, vault, log).await {
        Ok((read, report)) => {
            journal.try_set(read);
            Ok(report)
        }
        Err(error) => {
            journal.try_set(Journal::from_log(book, log));
            Err(error)
        }
    }
}

fn not_open() -> StoreError {
    StoreError::Unavailable("数据还没有读完，请稍候再试".into())
}

async fn fetch_json<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    let text = fetch::get_text(path).await.map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|_| "内容不完整，请刷新本页".to_owned())
}
