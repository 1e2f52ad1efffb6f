//! Importing many files: read, planned, shown, and done only when confirmed.

use crate::domain::roster::{Plan, Planner, Row, Verdict};
use crate::platform::clock::{self, Breath};
use crate::platform::folders::Dropped;
use crate::platform::page;
use crate::ui::components::deliveries::{Delivery, Far, Read, Stop, read_deliveries};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::received::look;
use crate::ui::components::shown::live;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Rows shown at once; a folder may hold thousands, and more at a time would hold the page up.
const PAGE: usize = 100;

/// How far it has come is shown again after so many milliseconds.
const SHOW_MS: u64 = 200;

/// What each verdict means for the register.
fn reason(verdict: &Verdict) -> String {
    match verdict {
        Verdict::New => "名册里还没有这个人".into(),
        Verdict::Update => "比名册里的记录新".into(),
        Verdict::Signed => "同一份记录以前导入过，这次带来了新的签名".into(),
        Verdict::OtherKey => "与以前收到的记录不是用同一把钥匙签的：对方换了钥匙，请当面核对新钥匙的指纹，对上了才勾选".into(),
        Verdict::Unproven => "带有签名，但签名不成立，可能被改动过：请对方重新签名、导出；一定要收下才勾选，仍标为签名不成立".into(),
        Verdict::Same => "同一份记录以前导入过".into(),
        Verdict::Older => "名册里的记录更新，仍以它为准".into(),
        Verdict::Doubtful => "同一支部已有同名的人，但两份记录编号不同：确是两个人，或同一人换了浏览器，才勾选；勾选后另列一行，不会合并".into(),
        Verdict::Refused(why) => why.clone(),
    }
}

/// The look of a verdict.
fn chip(code: &str) -> &'static str {
    match code {
        "new" | "update" | "signed" => "chip chip-ok",
        "doubtful" | "other-key" => "chip chip-warn",
        "refused" | "unproven" => "chip chip-danger",
        _ => "chip",
    }
}

/// What needs the secretary's eye comes first.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Refused(_) => 0,
        Verdict::Unproven => 1,
        Verdict::OtherKey | Verdict::Doubtful => 2,
        Verdict::New => 3,
        Verdict::Update => 4,
        Verdict::Signed => 5,
        Verdict::Older => 6,
        Verdict::Same => 7,
    }
}

fn plan_row(out: &mut Markup, at: usize, row: &Row) {
    let code = row.verdict.code();
    html!(out, "<tr data-verdict=\"", code, "\"><td>");
    if row.verdict.is_open() {
        html!(
            out,
            "<input type=\"checkbox\" data-at=\"",
            at,
            "\" aria-label=\"导入 ",
            row.file,
            "\""
        );
        if row.take {
            html!(out, " checked");
        }
        html!(out, ">");
    }
    html!(
        out,
        "</td><td><span class=\"",
        chip(code),
        "\">",
        row.verdict.label()
    );
    html!(
        out,
        "</span></td><td class=\"file\">",
        row.file,
        "<p class=\"muted\""
    );
    if matches!(row.verdict, Verdict::Refused(_)) {
        html!(out, " data-testid=\"refused\"");
    }
    html!(out, ">", reason(&row.verdict), "</p></td><td>");
    if let Some(record) = &row.record {
        html!(
            out,
            record.body.person.name(),
            "</td><td>",
            record.body.person.branch()
        );
    } else {
        html!(out, "</td><td>");
    }
    html!(out, "</td></tr>");
}

/// The plan as a table, its first `limit` rows.
fn table(plan: &Plan, order: &[usize], limit: usize) -> String {
    let mut out = Markup::default();
    if plan.rows.is_empty() {
        return out.done();
    }
    html!(
        out,
        "<h2 id=\"plan-heading\">试算：确认之前，名册没有任何变化</h2><ul class=\"row counts\" aria-label=\"试算结果\">"
    );
    let counts = [
        ("new", "新增"),
        ("update", "更新"),
        ("signed", "新带签名"),
        ("doubtful", "请确认"),
        ("other-key", "换了钥匙"),
        ("unproven", "签名不成立"),
        ("same", "已有"),
        ("older", "较旧"),
        ("refused", "未导入"),
    ];
    for (code, label) in counts {
        let count = plan.count(code);
        let class = if count == 0 { "chip" } else { chip(code) };
        html!(out, "<li class=\"", class, "\" data-count=\"", code, "\">", label);
        html!(out, " <strong>", count, "</strong></li>");
    }
    html!(
        out,
        "</ul><div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"将要导入的文件\"><table class=\"plan\"><thead><tr><th scope=\"col\">导入</th><th scope=\"col\">结果</th><th scope=\"col\">文件和说明</th><th scope=\"col\">姓名</th><th scope=\"col\">所在党支部</th></tr></thead><tbody>"
    );
    for at in order.iter().take(limit) {
        if let Some(row) = plan.rows.get(*at) {
            plan_row(&mut out, *at, row);
        }
    }
    html!(out, "</tbody></table></div>");
    if plan.rows.len() > limit {
        html!(
            out,
            "<p><button type=\"button\" class=\"button\" id=\"plan-more\" data-do=\"more\">显示更多（还有 "
        );
        html!(out, plan.rows.len() - limit, " 份）</button></p>");
    }
    out.done()
}

/// The buttons under the plan.
fn buttons(plan: &Plan, busy: bool) -> String {
    let mut out = Markup::default();
    if plan.rows.is_empty() {
        return out.done();
    }
    let count = plan.rows.iter().filter(|row| row.is_taken()).count();
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"confirm-import\" data-do=\"confirm\""
    );
    if busy || count == 0 {
        html!(out, " disabled");
    }
    html!(out, ">确认导入（", count, " 份）</button>");
    html!(
        out,
        "<button type=\"button\" class=\"button\" data-testid=\"drop-import\" data-do=\"drop\""
    );
    if busy {
        html!(out, " disabled");
    }
    html!(out, ">放弃</button></div>");
    out.done()
}

/// What the screen holds, and what stands on it as markup.
#[derive(Clone, Copy)]
struct Sheet {
    office: Office,
    /// The plan; without rows when there is none.
    plan: StoredValue<Plan>,
    /// Its rows, those first that need the secretary's eye.
    order: StoredValue<Vec<usize>>,
    limit: RwSignal<usize>,
    busy: RwSignal<bool>,
    /// Whether reading is to stop.
    stop: RwSignal<bool>,
    says: RwSignal<String>,
    /// How far it has come.
    far: RwSignal<String>,
    /// When that was shown last.
    shown: StoredValue<u64>,
    table: RwSignal<String>,
    buttons: RwSignal<String>,
}

impl Sheet {
    fn show_table(self) {
        let limit = self.limit.try_get_untracked().unwrap_or(PAGE);
        let order = self.order.try_get_value().unwrap_or_default();
        if let Some(table) = self.plan.try_with_value(|plan| table(plan, &order, limit)) {
            self.table.try_set(table);
        }
    }

    fn show_buttons(self) {
        let busy = self.busy.try_get_untracked().unwrap_or(true);
        if let Some(buttons) = self.plan.try_with_value(|plan| buttons(plan, busy)) {
            self.buttons.try_set(buttons);
        }
    }

    fn set_busy(self, busy: bool) {
        self.busy.try_set(busy);
        self.show_buttons();
        if !busy {
            self.far.try_set(String::new());
        }
    }

    /// Puts a plan on the screen. The one that was there goes a little at a time: giving back the
    /// memory of ten thousand records would hold the page up.
    fn put(self, plan: Plan) {
        let mut order: Vec<(u8, usize)> = Vec::with_capacity(plan.rows.len());
        order.extend(
            plan.rows
                .iter()
                .enumerate()
                .map(|(at, row)| (rank(&row.verdict), at)),
        );
        order.sort_unstable();
        self.order
            .try_set_value(order.into_iter().map(|(_, at)| at).collect());
        self.limit.try_set(PAGE);
        let old = self.plan.try_update_value(|place| std::mem::replace(place, plan));
        self.show_table();
        self.show_buttons();
        if let Some(Plan { mut rows }) = old {
            spawn_local(async move {
                let mut breath = Breath::default();
                while rows.pop().is_some() {
                    breath.take().await;
                }
            });
        }
    }

    /// Says what was done, or why not.
    fn say(self, class: &str, text: &str) {
        let mut out = Markup::default();
        html!(
            out,
            "<p class=\"notice ",
            class,
            "\" data-testid=\"imported\">",
            text,
            "</p>"
        );
        self.says.try_set(out.done());
    }

    /// Shows how far it has come, a few times in a second. `about`: the whole is only estimated.
    fn show_far(self, what: &str, done: usize, of: usize, about: bool) {
        let now = clock::steady_ms();
        let before = self.shown.try_get_value().unwrap_or(now);
        if done < of && now < before + SHOW_MS {
            return;
        }
        self.shown.try_set_value(now);
        let mut out = Markup::default();
        html!(
            out,
            "<div class=\"row far\"><p data-testid=\"far\">",
            what,
            " ",
            grouped(done),
            "/",
            if about { "约 " } else { "" },
            grouped(of),
            "</p><progress aria-label=\"",
            what,
            "\" max=\"",
            of,
            "\" value=\"",
            done,
            "\"></progress></div>"
        );
        self.far.try_set(out.done());
    }

    /// Reads all of it and plans it.
    async fn read(self, all: Vec<Delivery>) {
        self.put(Plan { rows: Vec::new() });
        self.stop.try_set(false);
        self.set_busy(true);
        let mut out = Markup::default();
        html!(out, "<p>正在读取 ", all.len(), " 个文件……</p>");
        self.says.try_set(out.done());
        let far = move |far: Far| self.show_far("已核验", far.done, far.of, far.about);
        let read = read_deliveries(self.office, all, self.stop, far).await;
        let plan = match read {
            Ok(read) => self.plan_for(read).await,
            Err(why) => Err(why),
        };
        self.set_busy(false);
        match plan {
            Ok(plan) if plan.rows.is_empty() => self.say("notice-warn", "里面没有可以导入的文件。"),
            Ok(plan) => {
                self.says.try_set(String::new());
                self.put(plan);
                request_animation_frame(|| {
                    page::focus("plan-heading");
                });
            }
            Err(Stop::Wanted) => {
                self.say("notice-ok", "已停止，名册没有变化。");
                // The button that had the focus is gone.
                page::focus("import-heading");
            }
            Err(Stop::Failed(why)) => {
                self.say("notice-danger", &format!("没有读完，名册没有变化：{why}。"));
            }
        }
    }

    /// Plans what was read, and breathes.
    async fn plan_for(self, read: Vec<Read>) -> Result<Plan, Stop> {
        let mut plan = Plan {
            rows: Vec::with_capacity(read.len()),
        };
        let mut planner = Planner::default();
        look(self.office.register, &mut |register| {
            planner = Planner::new(register)
        });
        let mut breath = Breath::default();
        let count = read.len();
        for (name, read) in read {
            let mut one = Some((name, read));
            look(self.office.register, &mut |register| {
                if let Some((name, read)) = one.take() {
                    planner.add(register, &mut plan, name, read);
                }
            });
            if self.stop.try_get_untracked().unwrap_or(true) {
                return Err(Stop::Wanted);
            }
            self.show_far("已比对", plan.rows.len(), count, false);
            breath.take().await;
        }
        Ok(plan)
    }

    /// Does what is planned: all of it, or nothing.
    async fn confirm(self) {
        let counted = self.plan.try_with_value(|plan| {
            let taken = plan.rows.iter().filter(|row| row.is_taken()).count();
            (taken, plan.count("refused"), plan.rows.len())
        });
        let Some((count, refused, all)) = counted else {
            return;
        };
        self.set_busy(true);
        // From here on it is written down as a whole: there is nothing to stop.
        self.stop.try_set(true);
        let mut next = 0;
        let receipt = || {
            self.plan.try_with_value(|plan| {
                loop {
                    let row = plan.rows.get(next)?;
                    next += 1;
                    if let Some(receipt) = row.receipt() {
                        return Some(receipt);
                    }
                }
            })?
        };
        let far = move |done: usize| self.show_far("已写入", done, count, false);
        let outcome = self.office.receive_many(self.office.register, receipt, far).await;
        self.set_busy(false);
        match outcome {
            Ok(count) => {
                let left = all - count - refused;
                self.put(Plan { rows: Vec::new() });
                self.say(
                    "notice-ok",
                    &format!("已导入 {count} 份。未导入 {refused} 份，其余 {left} 份没有变化或没有勾选。"),
                );
            }
            Err(error) => {
                self.say("notice-danger", &format!("没有导入，名册没有变化：{error}。"));
            }
        }
    }
}

/// A count with a comma after every three digits.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// File buttons, the plan, and what was done.
#[component]
pub(super) fn Import() -> impl IntoView {
    let office = use_office();
    let sheet = Sheet {
        office,
        plan: StoredValue::new(Plan { rows: Vec::new() }),
        order: StoredValue::new(Vec::new()),
        limit: RwSignal::new(PAGE),
        busy: RwSignal::new(false),
        stop: RwSignal::new(true),
        says: RwSignal::new(String::new()),
        far: RwSignal::new(String::new()),
        shown: StoredValue::new(0),
        table: RwSignal::new(String::new()),
        buttons: RwSignal::new(String::new()),
    };

    let chosen = move |files: Vec<File>| {
        let all = files.into_iter().map(Delivery::of).collect();
        spawn_local(sheet.read(all));
    };
    let dropped = Callback::new(move |event: ev::DragEvent| {
        // Taken hold of at once: it is gone when the event is.
        let dropped = Dropped::of(&event);
        sheet.set_busy(true);
        spawn_local(async move {
            let files = dropped.files().await;
            sheet.set_busy(false);
            if !files.is_empty() {
                let all = files.into_iter().map(|(name, file)| Delivery::new(name, file));
                sheet.read(all.collect()).await;
            }
        });
    });
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("confirm") => spawn_local(sheet.confirm()),
        Some("drop") => {
            sheet.put(Plan { rows: Vec::new() });
            page::focus("import-heading");
        }
        Some("more") => {
            sheet.limit.update(|limit| *limit += PAGE);
            sheet.show_table();
            // The button was made anew; who has pressed it by keyboard goes on from it.
            request_animation_frame(|| {
                page::focus("plan-more");
            });
        }
        _ => {}
    };
    let tick = move |event: ev::Event| {
        let at = page::data_of(&event, "data-at").and_then(|at| at.parse::<usize>().ok());
        let Some(at) = at else { return };
        let take = event_target_checked(&event);
        sheet.plan.try_update_value(|plan| {
            if let Some(row) = plan.rows.get_mut(at) {
                row.take = take;
            }
        });
        sheet.show_buttons();
    };
    let halt = move |_| {
        sheet.stop.set(true);
        office.stop_signers();
        office.stop_clerk();
    };

    view! {
        <section class="stack" aria-labelledby="import-heading">
            <h2 id="import-heading" class="visually-hidden" tabindex="-1">"导入"</h2>
            <FilePicker label="选择培养记录文件" testid="import-records" chosen folder=true dropped=Some(dropped) busy=sheet.busy/>
            <p class="muted">"可以一次选很多文件、一个文件夹或一个压缩包（.zip）；一个文件里有很多份记录（每行一份）也可以。名册（Excel 表格）请到“导入名册”。"</p>
            {live(sheet.says)}
            <Shown of=sheet.far/>
            <p hidden=move || sheet.stop.get() || !sheet.busy.get()>
                <button type="button" class="button" data-testid="stop-import" on:click=halt>"停止"</button>
            </p>
            <div class="stack" on:click=press on:change=tick>
                <Shown of=sheet.table/>
                <Shown of=sheet.buttons/>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn large_counts_are_grouped() {
        let all: Vec<String> = [0, 999, 1_200, 40_000, 1_234_567].map(grouped).into();
        assert_eq!(all, ["0", "999", "1,200", "40,000", "1,234,567"]);
    }
}
