//! The register of everybody whom rosters have named: found, filtered, sorted; a table on a wide
//! screen, cards on a narrow one. Only the rows in view are on the page ([`Roll`]), and only some hundred
//! around them are here at all: the branch's program gives them a hundred at a time as the list scrolls.
//!
//! The address carries what is asked ([`Query::address`]) and, once somebody was opened, the row, so
//! that 返回 leads back to it: `#/branch/people[/<query>[/<row>]]`.

mod panel;
mod rows;

use crate::domain::branch::Field;
use crate::domain::time::Date;
use crate::domain::workbench::Deed;
use crate::format::workbench::people::{
    About, Column, Look, MAX_SORTS, Offer, Query, Row, Rows, Sort, Values, Want,
};
use crate::platform::{clock, page};
use crate::ui::components::field::{attribute, fill, has, is_ticked, put, tick, value};
use crate::ui::components::roll::Roll;
use crate::ui::components::shown::{alert, live};
use crate::ui::markup::{Markup, Shown, html, settle};
use crate::ui::office::{Office, use_office};
use leptos::ev::{self, CompositionEvent, Event, KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Rows that are asked for at once.
const CHUNK: u32 = 100;
/// How many of such are kept.
const KEPT: usize = 30;
/// Rows that are drawn beyond those in view, at either side.
const MORE: u32 = 12;
/// How long somebody who types or scrolls must rest, in milliseconds.
const REST: u32 = 250;
/// Narrower than this, cards are shown.
const NARROW: f64 = 700.0;
/// How high a row is until it was measured.
const GUESS: f64 = 44.0;

const GRID: &str = "people-grid";
const HEAD: &str = "people-head";
const SPACE: &str = "people-space";
const ROWS: &str = "people-rows";

/// What is on the page and near it.
struct List {
    roll: Roll,
    /// Columns of the rows that are here.
    columns: Vec<Column>,
    /// Rows by their place divided by [`CHUNK`].
    chunks: BTreeMap<u32, Vec<Row>>,
    /// Goes up with every new question: answers to earlier ones are dropped.
    question: u32,
    /// Whether an answer is awaited; only one at a time, so that none piles up behind a fast hand.
    asking: bool,
    /// Whether the rows that are here answer an earlier question.
    is_old: bool,
    /// The row that is brought to the top when the first answer comes.
    start: u32,
    /// Rows that are drawn: the first, and one after the last.
    drawn: Option<(u32, u32)>,
    /// The row that the keyboard is at.
    active: Option<u32>,
    narrow: bool,
}

/// The page's signals, and its list.
#[derive(Clone, Copy)]
struct Screen {
    office: Office,
    query: RwSignal<Query>,
    about: RwSignal<Option<About>>,
    /// Markup of what went wrong.
    problem: RwSignal<String>,
    /// Whether that is the address, which stays so until something else is asked for.
    misread: StoredValue<bool>,
    /// What is waited for, in words; empty when nothing is.
    waiting: RwSignal<String>,
    /// How many there are, and how many were found; none before the first answer.
    counts: RwSignal<Option<(u32, u32)>>,
    /// The column whose condition the panel shows.
    by: RwSignal<Column>,
    offered: StoredValue<Vec<String>>,
    /// Goes up with every question for values, and with every letter that is typed.
    offer: StoredValue<u32>,
    typed: StoredValue<u32>,
    scrolled: StoredValue<u32>,
    list: StoredValue<List, LocalStorage>,
    /// Whether the dialog of columns, and that of views, is open.
    columns_open: RwSignal<bool>,
    views_open: RwSignal<bool>,
}

/// The register, as the part of the address after `people/` asks.
#[component]
pub(super) fn PeoplePage(
    /// That part.
    at: String,
) -> impl IntoView {
    let (asked, row) = at.split_once('/').unwrap_or((&at, ""));
    let start: u32 = row.parse().unwrap_or_default();
    let asked = Query::of_address(asked);
    let problem = asked.as_ref().err().map(|why| alert(why)).unwrap_or_default();
    let query = asked.unwrap_or_default();
    let find = query.find.clone();
    let screen = Screen {
        office: use_office(),
        query: RwSignal::new(query),
        about: RwSignal::new(None),
        misread: StoredValue::new(!problem.is_empty()),
        problem: RwSignal::new(problem),
        waiting: RwSignal::new("正在读取名册……".into()),
        counts: RwSignal::new(None),
        by: RwSignal::new(Column::State),
        offered: StoredValue::new(Vec::new()),
        offer: StoredValue::new(0),
        typed: StoredValue::new(0),
        scrolled: StoredValue::new(0),
        list: StoredValue::new_local(List {
            roll: Roll::new(GUESS),
            columns: Vec::new(),
            chunks: BTreeMap::new(),
            question: 0,
            asking: false,
            is_old: true,
            start,
            drawn: None,
            active: (start > 0).then_some(start),
            narrow: is_narrow(),
        }),
        columns_open: RwSignal::new(false),
        views_open: RwSignal::new(false),
    };
    // Whenever the workbench changes, and at first.
    Effect::new(move |_| {
        screen.office.workbench.track();
        screen.learn();
    });
    let resized = window_event_listener(ev::resize, move |_| {
        request_animation_frame(move || screen.measure(true));
    });
    on_cleanup(move || resized.remove());
    // While an input method composes, its letters are no words yet.
    let composing = StoredValue::new(false);

    let state = Signal::derive(move || {
        let mut out = Markup::default();
        let waiting = screen.waiting.get();
        if !waiting.is_empty() {
            html!(out, "<p class=\"waiting\">", waiting, "</p>");
        } else if screen
            .about
            .with(|about| about.as_ref().is_some_and(|about| about.all == 0))
        {
            html!(
                out,
                "<div class=\"empty\" data-testid=\"people-none\"><p>名册里还没有人。</p>
                 <p><a class=\"button button-primary\" href=\"#/branch/import\">导入名册</a></p>
                 <p>Excel 或 CSV 格式的花名册都可以，先核对、后导入，最近一次导入可以撤销。</p></div>"
            );
        } else if screen.counts.get().is_some_and(|(_, found)| found == 0) {
            html!(
                out,
                "<div class=\"empty\" data-testid=\"people-no-match\"><p>没有符合条件的人。</p>
                 <p><button type=\"button\" class=\"button\" data-drop=\"all\">去掉全部条件</button></p></div>"
            );
        }
        out.done()
    });
    let nobody = move || {
        screen
            .about
            .with(|about| about.as_ref().is_none_or(|about| about.all == 0))
    };
    let chips = Signal::derive(move || screen.query.with(panel::chips));
    let count = RwSignal::new(String::new());
    Effect::new(move |_| {
        let counts = screen.counts.get();
        // What is asked by now may not have been answered yet.
        let text = counts.map(|(all, found)| {
            screen
                .query
                .with_untracked(|query| panel::count(all, found, query))
        });
        count.set(text.unwrap_or_default());
    });
    let by_options = Signal::derive(move || {
        let mut out = Markup::default();
        screen.about.with(|about| {
            if let Some(about) = about {
                panel::column_options(&mut out, &about.columns);
            }
        });
        out.done()
    });
    let sort_options = Signal::derive(move || {
        screen
            .about
            .with(|about| about.as_ref().map(|about| panel::sort_options(&about.columns)))
            .unwrap_or_default()
    });
    let panel_head = move || {
        let set = screen.query.with(|query| query.filters.len());
        match set {
            0 => "筛选和排序".to_owned(),
            set => format!("筛选和排序（{set} 项条件）"),
        }
    };

    view! {
        <div
            class="stack people"
            on:click=move |event| screen.press(&event)
            on:input=move |event| if !composing.get_value() { screen.write(&event) }
            on:change=move |event| screen.choose(&event)
            on:submit=move |event| screen.submit(&event)
            on:compositionstart=move |_: CompositionEvent| composing.set_value(true)
            on:compositionend=move |event: CompositionEvent| {
                composing.set_value(false);
                screen.write(&event);
            }
        >
            <nav class="crumbs" aria-label="当前位置"><a href="#/branch">"党支部工作台"</a></nav>
            <h1>"人员名册"</h1>
            <Shown of=screen.problem/>
            <div class="stack" hidden=nobody>
                <div class="toolbar people-tools">
                    <div class="field">
                        <label for="people-find">"查找姓名、学号或职工号、党支部、备注"</label>
                        <input
                            type="search" id="people-find" data-testid="people-find" autocomplete="off"
                            enterkeyhint="search" maxlength="100" value=find
                        />
                    </div>
                    <button type="button" class="button" data-do="columns" data-testid="columns">"选择列"</button>
                    <button type="button" class="button" data-do="views" data-testid="views">"视图"</button>
                </div>
                <details
                    class="people-panel" id="people-panel"
                    on:toggle=move |_| screen.show_panel()
                >
                    <summary data-testid="people-filters">{panel_head}</summary>
                    <div class="stack">
                        <div class="people-asks">
                            <div class="field">
                                <label for="people-by">"按哪一项筛选"</label>
                                <select id="people-by" data-testid="people-by" inner_html=by_options></select>
                            </div>
                            <div class="field">
                                <label for="people-sort">"排序"</label>
                                <select id="people-sort" data-testid="people-sort" inner_html=sort_options></select>
                            </div>
                        </div>
                        <div id="people-editor"></div>
                    </div>
                </details>
                <div class="row people-state">
                    {live(count)}
                    <div id="people-chips" tabindex="-1"><Shown of=chips/></div>
                </div>
            </div>
            <Shown of=state/>
            <div
                id=GRID class="people-grid" data-testid=GRID role="grid" tabindex="0" aria-label="人员名册"
                hidden=move || screen.counts.get().is_none_or(|(_, found)| found == 0)
                on:scroll=move |_| screen.scroll()
                on:keydown=move |event| screen.key(&event)
                on:focus=move |_| screen.enter()
            >
                <div role="rowgroup" id=HEAD class="people-head"></div>
                <div role="rowgroup" id=SPACE class="people-space"><div id=ROWS class="people-rows"></div></div>
            </div>
            <p class="muted people-help" hidden=nobody>"点列名排序，再点一次倒过来，点第三次恢复原来的顺序；点过一列再点另一列，先按后点的排。汉字按国标字表的顺序：常用字按拼音。用键盘时，上下键逐行，PageUp、PageDown 翻页，Home、End 到头尾，回车打开这个人。"</p>
            <Over open=screen.columns_open title="显示哪些列" id="people-columns-dialog" content=move || screen.columns_dialog()/>
            <Over open=screen.views_open title="存下来的视图" id="people-views-dialog" content=move || screen.views_dialog("")/>
        </div>
    }
}

/// A dialog whose content is made when it opens. The browser keeps the focus inside, closes it with Esc
/// and gives the focus back.
#[component]
fn Over(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its name.
    title: &'static str,
    /// The element id of its inside.
    id: &'static str,
    /// Makes its content.
    content: impl Fn() -> String + 'static,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (open, Some(dialog)) = (open.get(), node.get()) else {
            return;
        };
        if open && !dialog.open() {
            let mut out = Markup::default();
            out.raw(&untrack(&content));
            put(id, out);
            // A browser without modal dialogues shows it in the page: still usable.
            if dialog.show_modal().is_err() {
                let _ = dialog.set_attribute("open", "");
            }
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog people-dialog" node_ref=node aria-label=title on:close=move |_| open.set(false)>
            <div id=id></div>
        </dialog>
    }
}

fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < NARROW)
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn style(id: &str, name: &str, value: &str) {
    if let Some(element) = element(id) {
        let _ = element.style().set_property(name, value);
    }
}

/// The attribute of the element that an event came from.
fn own(event: &Event, name: &str) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.get_attribute(name)
}

impl List {
    /// The rows to ask for next: the first chunk in view that is missing, or the one after it.
    fn next(&mut self) -> Option<(u32, u32)> {
        if self.asking {
            return None;
        }
        let chunk = if self.is_old {
            self.start / CHUNK
        } else {
            let (first, last) = self.roll.range(MORE);
            let (first, last) = (first / CHUNK, last.saturating_sub(1) / CHUNK);
            let end = self.roll.count().div_ceil(CHUNK);
            // In view first, then what is near.
            let near = [first.checked_sub(1), Some(last + 1)];
            (first..=last)
                .chain(near.into_iter().flatten())
                .find(|chunk| *chunk < end && !self.chunks.contains_key(chunk))?
        };
        self.asking = true;
        Some((self.question, chunk))
    }

    fn row(&self, at: u32) -> Option<&Row> {
        self.chunks.get(&(at / CHUNK))?.get((at % CHUNK) as usize)
    }

    /// Puts rows in; the ones that are farthest away go.
    fn keep(&mut self, chunk: u32, rows: Vec<Row>) {
        self.chunks.insert(chunk, rows);
        while self.chunks.len() > KEPT {
            let ends = (self.chunks.keys().next(), self.chunks.keys().next_back());
            let (Some(first), Some(last)) = (ends.0.copied(), ends.1.copied()) else {
                return;
            };
            let far = if chunk.abs_diff(first) > chunk.abs_diff(last) {
                first
            } else {
                last
            };
            self.chunks.remove(&far);
        }
    }
}

impl Screen {
    fn list<T>(self, see: impl FnOnce(&mut List) -> T) -> Option<T> {
        self.list.try_update_value(see)
    }

    /// Asks what there is, and then for rows.
    fn learn(self) {
        spawn_local(async move {
            let hear = move |progress: crate::ui::office::Progress| {
                if self.about.try_with_untracked(|about| about.is_none()) == Some(true) {
                    self.waiting.try_set(progress.label());
                }
            };
            let answer = self.office.clerk("people/about", "null", None, hear).await;
            let about = answer.and_then(|(text, _)| crate::ui::office::read::<About>(&text));
            self.waiting.try_set(String::new());
            match about {
                Ok(about) => {
                    let nobody = about.all == 0;
                    let views = self.about.try_with_untracked(|known| {
                        known.as_ref().is_some_and(|known| known.views != about.views)
                    });
                    self.about.try_set(Some(about));
                    if views == Some(true) && self.views_open.try_get_untracked() == Some(true) {
                        self.show_views("");
                    }
                    if !nobody {
                        self.list(|list| {
                            if list.drawn.is_some() {
                                list.start = list.roll.range(0).0;
                            }
                        });
                        self.ask_anew();
                        request_animation_frame(move || self.fill_panel());
                    }
                }
                Err(why) => drop(self.problem.try_set(alert(&why))),
            }
        });
    }

    /// The columns to show.
    fn columns(self) -> Vec<Column> {
        let chosen = self.query.with_untracked(|query| query.columns.clone());
        if chosen.is_empty() {
            let known = self.about.with_untracked(|about| {
                let columns = about.as_ref().map(|about| about.columns.clone());
                columns.unwrap_or_default()
            });
            let mut first = Column::FIRST.to_vec();
            first.retain(|column| known.contains(column) || *column == Column::Field(Field::Name));
            return first;
        }
        let chosen = |column: &Column| chosen.contains(column) || *column == Column::Field(Field::Name);
        Column::all().filter(chosen).collect()
    }

    /// A new question: what is here answers an old one.
    fn ask_anew(self) {
        let shown = self.columns();
        let cards = self.query.with_untracked(rows::card_columns);
        self.list(|list| {
            list.question += 1;
            list.is_old = true;
            list.columns = if list.narrow { cards } else { shown };
        });
        attribute(GRID, "aria-busy", Some("true"));
        self.ask();
    }

    /// Asks for rows that are wanted and not here.
    fn ask(self) {
        let Some((question, chunk)) = self.list(List::next).flatten() else {
            return;
        };
        let Some(columns) = self.list(|list| list.columns.clone()) else {
            return;
        };
        let query = self.query.get_untracked();
        let look = Look {
            query: Query { columns, ..query },
            offset: chunk * CHUNK,
            count: CHUNK,
        };
        spawn_local(async move {
            let answer = self.office.look::<Rows>("people/rows", &look).await;
            self.hear(question, chunk, answer);
        });
    }

    fn hear(self, question: u32, chunk: u32, answer: Result<Rows, String>) {
        let Some(asked) = self.list(|list| {
            list.asking = false;
            list.question
        }) else {
            return;
        };
        if asked != question {
            return self.ask();
        }
        let rows = match answer {
            Ok(rows) => rows,
            Err(why) => {
                attribute(GRID, "aria-busy", None);
                return drop(self.problem.try_set(alert(&why)));
            }
        };
        let (all, found) = (rows.all, rows.found);
        let is_first = self.list(|list| {
            let was_old = std::mem::take(&mut list.is_old);
            if was_old {
                list.chunks.clear();
            }
            // Beyond the end is nothing; what is at the end is asked for then.
            if !rows.rows.is_empty() {
                list.keep(chunk, rows.rows);
            }
            was_old
        });
        self.counts.try_set(Some((all, found)));
        if is_first == Some(true) {
            if self.misread.try_get_value() == Some(false) {
                self.problem.try_set(String::new());
            }
            // When the page has made room for it.
            request_animation_frame(move || {
                self.begin(found);
                attribute(GRID, "aria-busy", None);
            });
        } else {
            self.draw(true);
            self.ask();
        }
    }

    /// Shows the first answer to a question.
    fn begin(self, found: u32) {
        let query = self.query.get_untracked();
        let Some((columns, narrow)) = self.list(|list| (list.columns.clone(), list.narrow)) else {
            return;
        };
        let (widths, wide) = rows::widths(&columns);
        style(GRID, "--people-columns", &widths);
        style(GRID, "--people-wide", &format!("{wide}em"));
        attribute(GRID, "data-cards", narrow.then_some(""));
        attribute(GRID, "aria-rowcount", Some(&(u64::from(found) + 1).to_string()));
        attribute(GRID, "aria-colcount", Some(&columns.len().to_string()));
        let mut head = Markup::default();
        head.raw(&rows::head(&columns, &query.sort));
        let focused = document().active_element().map(|element| element.id());
        put(HEAD, head);
        if let Some(id) = focused.filter(|id| id.starts_with("sort-")) {
            page::focus(&id);
        }
        self.list(|list| {
            let (row, view) = (list.roll.row(), f64::from(CHUNK));
            list.roll.measure(found, row, view);
            list.active = list.active.filter(|active| *active < found);
            list.drawn = None;
        });
        self.draw(true);
        self.measure(false);
        let to = self.list(|list| {
            let start = std::mem::take(&mut list.start);
            list.roll.go_to(start)
        });
        self.scroll_to(to);
        self.draw(true);
        self.ask();
    }

    /// Measures a row and the room there is; the row at the top stays there. `anew`: the window has
    /// another size.
    fn measure(self, anew: bool) {
        let narrow = is_narrow();
        let changed = self.list(|list| {
            let changed = list.narrow != narrow;
            list.narrow = narrow;
            if changed {
                list.start = list.roll.range(0).0;
            }
            changed
        });
        if anew && changed == Some(true) {
            return self.ask_anew();
        }
        let (Some(grid), Some(head), Some(place)) = (element(GRID), element(HEAD), element(ROWS)) else {
            return;
        };
        let _ = grid.style().remove_property("--people-row");
        let Some(row) = place
            .first_element_child()
            .and_then(|row| row.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let row = f64::from(row.offset_height());
        if row < 1.0 {
            return;
        }
        let _ = grid.style().set_property("--people-row", &format!("{row}px"));
        let view = f64::from(grid.client_height() - head.offset_height());
        let to = self.list(|list| {
            let count = list.roll.count();
            list.roll.measure(count, row, view)
        });
        self.scroll_to(to);
        self.draw(true);
        self.ask();
    }

    fn scroll_to(self, to: Option<f64>) {
        let height = self.list(|list| list.roll.height()).unwrap_or_default();
        style(SPACE, "height", &format!("{height}px"));
        if let (Some(to), Some(grid)) = (to, element(GRID)) {
            grid.set_scroll_top(to as i32);
        }
    }

    /// The list was scrolled.
    fn scroll(self) {
        let Some(grid) = element(GRID) else { return };
        let to = f64::from(grid.scroll_top());
        self.list(|list| list.roll.scrolled(to));
        self.draw(false);
        self.ask();
        let turn = self.scrolled.get_value().wrapping_add(1);
        self.scrolled.set_value(turn);
        spawn_local(async move {
            clock::sleep(REST).await;
            if self.scrolled.try_get_value() == Some(turn)
                && let Some(to) = self.list(|list| list.roll.settle()).flatten()
            {
                self.scroll_to(Some(to));
                self.draw(true);
            }
        });
    }

    /// Draws the rows in view and some more, where they are not drawn already.
    fn draw(self, anew: bool) {
        let markup = self.list(|list| {
            let (first, last) = list.roll.range(0);
            let is_drawn = list
                .drawn
                .is_some_and(|(from, until)| from <= first && last <= until);
            if is_drawn && !anew {
                let from = list.drawn.map_or(0, |(from, _)| from);
                return (None, list.roll.top_of(from));
            }
            let (from, until) = list.roll.range(MORE);
            let mut out = Markup::default();
            for at in from..until {
                match list.row(at) {
                    Some(row) if list.narrow => rows::card(&mut out, at, row, &list.columns),
                    Some(row) => rows::line(&mut out, at, row, &list.columns),
                    None => rows::waiting(&mut out, at, list.narrow),
                }
            }
            list.drawn = Some((from, until));
            (Some(out), list.roll.top_of(from))
        });
        let Some((markup, top)) = markup else { return };
        style(ROWS, "top", &format!("{top}px"));
        if let Some(markup) = markup {
            put(ROWS, markup);
            self.point();
        }
    }

    /// Says which row the keyboard is at, where it is on the page, and marks it. The rows stay as they
    /// are: one may be under a finger.
    fn point(self) {
        let id = self.list(|list| {
            let active = list.active?;
            list.row(active).is_some().then(|| format!("person-{active}"))
        });
        let id = id
            .flatten()
            .filter(|id| document().get_element_by_id(id).is_some());
        attribute(GRID, "aria-activedescendant", id.as_deref());
        if let Ok(Some(old)) = document().query_selector("[data-active]") {
            let _ = old.remove_attribute("data-active");
        }
        if let Some(id) = id {
            attribute(&id, "data-active", Some(""));
        }
    }

    /// The focus has come: to the row where it was, or the first in view.
    fn enter(self) {
        self.list(|list| {
            let (first, last) = list.roll.range(0);
            if list.active.is_none_or(|active| !(first..last).contains(&active)) {
                list.active = (first < last).then_some(first);
            }
        });
        self.point();
    }

    fn key(self, event: &KeyboardEvent) {
        if own(event, "id").as_deref() != Some(GRID)
            || event.ctrl_key()
            || event.alt_key()
            || event.meta_key()
        {
            return;
        }
        let Some((active, count, page)) = self.list(|list| {
            let active = list.active.unwrap_or_else(|| list.roll.range(0).0);
            (active, list.roll.count(), list.roll.page())
        }) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowDown" => active.saturating_add(1),
            "ArrowUp" => active.saturating_sub(1),
            "PageDown" => active.saturating_add(page),
            "PageUp" => active.saturating_sub(page),
            "Home" => 0,
            "End" => count,
            "Enter" => {
                event.prevent_default();
                return self.open(active);
            }
            _ => return,
        };
        event.prevent_default();
        let scroll = self.list(|list| {
            let to = to.min(count.saturating_sub(1));
            list.active = Some(to);
            list.roll.reveal(to)
        });
        if let Some(scroll) = scroll.flatten() {
            self.scroll_to(Some(scroll));
        }
        self.draw(false);
        self.point();
        self.ask();
    }

    /// Opens the person of a row; 返回 leads back to the row.
    fn open(self, at: u32) {
        let id = self.list(|list| list.row(at).map(|row| row.id.clone())).flatten();
        if let Some(id) = id {
            self.remember(at);
            page::set_hash(rows::address(&id).trim_start_matches('#'));
        }
    }

    fn remember(self, at: u32) {
        let mut address = self.query.with_untracked(Query::address);
        if !address.contains('/') {
            address.push_str("/%7B%7D");
        }
        page::replace_hash(&format!("/branch/{address}/{at}"));
    }

    /// Asks something else; the list begins at its top.
    fn change(self, change: impl FnOnce(&mut Query)) {
        let before = self.query.get_untracked();
        let mut query = before.clone();
        change(&mut query);
        if query == before {
            return;
        }
        if !query.is_bounded() {
            let why = "条件太多或太长了，请减少一些";
            return self.problem.set(alert(why));
        }
        page::replace_hash(&format!("/branch/{}", query.address()));
        self.misread.set_value(false);
        self.query.set(query);
        self.list(|list| {
            list.start = 0;
            list.active = None;
        });
        self.ask_anew();
        self.fill_panel();
    }

    /// Something was pressed.
    fn press(self, event: &MouseEvent) {
        let data = |name: &str| page::data_of(event, name);
        if let Some(code) = data("data-sort") {
            if let Some(by) = Column::of(&code) {
                self.change(|query| sort_by_head(&mut query.sort, by));
            }
        } else if let Some(drop) = data("data-drop") {
            self.drop_condition(&drop);
        } else if let Some(name) = data("data-unview") {
            self.keep_view(name, None);
        } else if data("data-view").is_some() {
            self.views_open.set(false);
        } else if let Some(at) = data("data-row").and_then(|at| at.parse().ok()) {
            if data("data-person").is_some() {
                self.remember(at);
            } else {
                self.list(|list| list.active = Some(at));
                self.point();
            }
        } else {
            match data("data-do").as_deref() {
                Some("columns") => self.columns_open.set(true),
                Some("views") => self.views_open.set(true),
                Some("close") => {
                    self.columns_open.set(false);
                    self.views_open.set(false);
                }
                Some("first-columns") => {
                    self.columns_open.set(false);
                    self.change(|query| query.columns.clear());
                }
                _ => {}
            }
        }
    }

    fn drop_condition(self, which: &str) {
        self.change(|query| match which {
            "find" => query.find.clear(),
            "only" => query.only = None,
            "sort" => query.sort.clear(),
            "all" => {
                query.find.clear();
                query.only = None;
                query.filters.clear();
            }
            by => {
                if let Some(by) = by.strip_prefix("by-").and_then(Column::of) {
                    query.set_filter(by, None);
                }
            }
        });
        fill(
            "people-find",
            &self.query.with_untracked(|query| query.find.clone()),
        );
        // What was pressed is gone: who has pressed it by keyboard goes on from there.
        page::focus("people-chips");
    }

    /// Something was written.
    fn write(self, event: &Event) {
        let Some(id) = own(event, "id") else { return };
        if !matches!(id.as_str(), "people-find" | "people-value" | "people-has") {
            return;
        }
        let turn = self.typed.get_value().wrapping_add(1);
        self.typed.set_value(turn);
        spawn_local(async move {
            clock::sleep(REST).await;
            if self.typed.try_get_value() != Some(turn) {
                return;
            }
            let text = value(&id).trim().to_owned();
            match id.as_str() {
                "people-find" => self.change(|query| query.find = text),
                "people-has" => {
                    let by = self.by.get_untracked();
                    let want = (!text.is_empty()).then_some(Want::Has(text));
                    self.change(|query| query.set_filter(by, want));
                }
                _ => self.offer(),
            }
        });
    }

    /// Something was chosen.
    fn choose(self, event: &Event) {
        let by = self.by.get_untracked();
        if let Some(code) = own(event, "data-column") {
            let ticked = is_ticked(&format!("column-{code}"));
            let mut columns = self.columns();
            if let Some(column) = Column::of(&code) {
                columns.retain(|known| *known != column);
                if ticked {
                    columns.push(column);
                }
            }
            let columns = Column::all().filter(|column| columns.contains(column)).collect();
            return self.change(|query| query.columns = columns);
        }
        if let Some(name) = own(event, "data-value") {
            let ticked = own(event, "id").is_some_and(|id| is_ticked(&id));
            return self.change(|query| {
                let mut names = match query.filter(by) {
                    Some(Want::Is(names)) => names.clone(),
                    _ => Vec::new(),
                };
                names.retain(|known| *known != name);
                if ticked {
                    names.push(name);
                }
                query.set_filter(by, (!names.is_empty()).then_some(Want::Is(names)));
            });
        }
        match own(event, "id").as_deref() {
            Some("people-by") => {
                if let Some(by) = Column::of(&value("people-by")) {
                    self.by.set(by);
                    self.show_panel();
                }
            }
            Some("people-sort") => {
                let chosen = value("people-sort");
                let sort = chosen.rsplit_once('-').and_then(|(code, way)| {
                    let by = Column::of(code)?;
                    Some(Sort {
                        by,
                        down: way == "down",
                    })
                });
                self.change(|query| query.sort = sort.into_iter().collect());
            }
            Some("people-from" | "people-until") => {
                let day = |id: &str| Date::parse(value(id).trim());
                let (from, until) = (day("people-from"), day("people-until"));
                let want = (from.is_some() || until.is_some()).then_some(Want::Days(from, until));
                self.change(|query| query.set_filter(by, want));
            }
            Some("people-empty") => {
                let want = is_ticked("people-empty").then_some(Want::Empty);
                self.change(|query| query.set_filter(by, want));
            }
            _ => {}
        }
    }

    /// The panel was opened, or shows another column.
    fn show_panel(self) {
        if has("people-panel", "open") {
            let mut out = Markup::default();
            out.raw(&panel::editor(self.by.get_untracked()));
            put("people-editor", out);
            self.fill_panel();
        }
    }

    /// Puts what is asked into the panel.
    fn fill_panel(self) {
        let Some(query) = self.query.try_get_untracked() else {
            return;
        };
        let sort = query.sort.first().map(|sort| {
            let way = if sort.down { "down" } else { "up" };
            format!("{}-{way}", sort.by.code())
        });
        fill("people-sort", &sort.unwrap_or_default());
        if !has("people-panel", "open") {
            return;
        }
        let by = self.by.get_untracked();
        fill("people-by", by.code());
        let want = query.filter(by);
        if by.is_day() {
            let (from, until) = match want {
                Some(Want::Days(from, until)) => (*from, *until),
                _ => (None, None),
            };
            let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            fill("people-from", &text(from));
            fill("people-until", &text(until));
        }
        tick("people-empty", want == Some(&Want::Empty));
        match want {
            Some(Want::Has(text)) if value("people-has").trim() != text => fill("people-has", text),
            Some(Want::Has(_)) => {}
            _ => fill("people-has", ""),
        }
        self.offer();
    }

    /// Asks which values there are to choose among.
    fn offer(self) {
        let by = self.by.get_untracked();
        if by.is_day() || document().get_element_by_id("people-values").is_none() {
            return;
        }
        self.tick_values();
        let turn = self.offer.get_value().wrapping_add(1);
        self.offer.set_value(turn);
        let offer = Offer {
            query: self.query.get_untracked(),
            by,
            find: value("people-value").trim().to_owned(),
        };
        spawn_local(async move {
            let answer = self.office.look::<Values>("people/values", &offer).await;
            if self.offer.try_get_value() != Some(turn) {
                return;
            }
            let chosen = self.query.with_untracked(|query| match query.filter(by) {
                Some(Want::Is(names)) => names.clone(),
                _ => Vec::new(),
            });
            let (markup, names) = match answer {
                Ok(values) => panel::values(by, &values, &chosen),
                Err(why) => (alert(&why), Vec::new()),
            };
            settle("people-values", &markup);
            self.offered.set_value(names);
            self.tick_values();
        });
    }

    /// Ticks the values that are asked for.
    fn tick_values(self) {
        let by = self.by.get_untracked();
        self.query.with_untracked(|query| {
            let want = query.filter(by);
            self.offered.with_value(|names| {
                for (at, name) in names.iter().enumerate() {
                    let chosen = matches!(want, Some(Want::Is(names)) if names.contains(name));
                    tick(&format!("people-value-{at}"), chosen);
                }
            });
        });
    }

    fn columns_dialog(self) -> String {
        let known = self.about.with_untracked(|about| {
            let columns = about.as_ref().map(|about| about.columns.clone());
            columns.unwrap_or_default()
        });
        panel::columns(&known, &self.columns())
    }

    fn views_dialog(self, wrong: &str) -> String {
        self.about.with_untracked(|about| {
            let views = about.as_ref().map_or(&[][..], |about| &about.views);
            panel::views(views, wrong)
        })
    }

    fn show_views(self, wrong: &str) {
        let mut out = Markup::default();
        out.raw(&self.views_dialog(wrong));
        put("people-views-dialog", out);
        page::focus("people-view");
    }

    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        if own(event, "id").as_deref() != Some("people-view-form") {
            return;
        }
        let name = value("people-view").trim().to_owned();
        if name.is_empty() {
            return self.show_views("请给这个视图起个名字");
        }
        let mut query = self.query.get_untracked();
        // What is seen is kept, also where it is what everybody sees at first.
        query.columns = self.columns();
        self.keep_view(name, Some(query.json()));
    }

    fn keep_view(self, name: String, view: Option<String>) {
        spawn_local(async move {
            let deed = Deed::View { name, view };
            if let Err(why) = self.office.have_written("note/deed", &deed).await {
                self.show_views(&why);
            }
        });
    }
}

/// Sorts by a column whose head was pressed: up, then down, then no more. What the list was sorted
/// by before decides among equals.
fn sort_by_head(sort: &mut Vec<Sort>, by: Column) {
    match sort.first().copied() {
        Some(first) if first.by == by && !first.down => sort[0].down = true,
        Some(first) if first.by == by => drop(sort.remove(0)),
        _ => {
            sort.retain(|sort| sort.by != by);
            sort.insert(0, Sort { by, down: false });
            sort.truncate(MAX_SORTS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_sort_up_down_and_no_more_and_remember_one_before() {
        let (name, branch) = (Column::Field(Field::Name), Column::Field(Field::Branch));
        let mut sort = Vec::new();
        let mut press = |by| {
            sort_by_head(&mut sort, by);
            sort.iter().map(|sort| (sort.by, sort.down)).collect::<Vec<_>>()
        };
        assert_eq!(press(name), [(name, false)]);
        assert_eq!(press(name), [(name, true)]);
        assert_eq!(press(branch), [(branch, false), (name, true)]);
        assert_eq!(press(Column::State), [(Column::State, false), (branch, false)]);
        assert_eq!(press(Column::State), [(Column::State, true), (branch, false)]);
        assert_eq!(press(Column::State), [(branch, false)]);
    }
}
