//! Receiving a package: opened and looked at first, taken into the register only when confirmed.

use super::parts;
use crate::domain::handover::{Handover, Package, Period, Reckoning, Source};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Receipt, Verdict};
use crate::domain::study::EventId;
use crate::domain::time::Date;
use crate::format::credential::report::Report;
use crate::format::handover;
use crate::platform::{files, page};
use crate::ui::components::field::{fill, value};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::proofs::proofs_view;
use crate::ui::components::received::look;
use crate::ui::components::shown::live;
use crate::ui::desk::env;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, use_office};
use crate::ui::route::Route;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// A package that was opened.
#[derive(Clone)]
struct Arrival {
    file: String,
    package: Package,
    record: TrainingRecord,
    /// What the signatures say, or why they could not be checked; `None` without any.
    report: Option<Result<Report, String>>,
}

impl Arrival {
    /// Whether it is signed and the signatures are not known to hold.
    fn fails(&self) -> bool {
        !matches!(self.report, None | Some(Ok(Report { holds: true, .. })))
    }
}

/// Opens a file.
async fn open(office: Office, file: &File) -> Result<Arrival, String> {
    let bytes = match files::read(file, handover::MAX_BYTES).await {
        Ok(bytes) => bytes,
        Err(files::FileError::TooLarge { size, .. }) => {
            return Err(handover::PackageError::TooLarge(size).to_string());
        }
        Err(error) => return Err(error.to_string()),
    };
    let (package, record) = handover::open(&bytes).map_err(|error| error.to_string())?;
    let report = if package.body.record.signed {
        Some(office.verify(package.body.record.text.as_bytes()).await)
    } else {
        None
    };
    Ok(Arrival {
        file: file.name(),
        package,
        record,
        report,
    })
}

/// What the register makes of the person.
fn known(office: Office, arrival: &Arrival) -> Known {
    let mut known = Known::default();
    look(office.register, &mut |register| {
        let holder = &arrival.record.body.holder;
        known.is_received = register.has_received(&arrival.package.body.id);
        known.verdict = Some(register.arrival(&arrival.package, &arrival.record, arrival.fails()));
        if let Some(member) = register.people.get(holder) {
            known.is_there = true;
            known.has_left = member.has_left();
        }
        let name = arrival.package.body.person.name.as_str();
        known.namesakes = register
            .people
            .iter()
            .filter(|(id, member)| *id != holder && member.record.body.person.name.as_deref() == Some(name))
            .map(|(id, member)| {
                (
                    id.clone(),
                    member
                        .record
                        .body
                        .person
                        .branch
                        .as_deref()
                        .unwrap_or("党支部未导出")
                        .to_owned(),
                )
            })
            .collect();
    });
    known
}

#[derive(Default)]
struct Known {
    /// This very package was received before.
    is_received: bool,
    /// The person is in the register.
    is_there: bool,
    /// And has left.
    has_left: bool,
    /// What becomes of the record.
    verdict: Option<Verdict>,
    /// Others of that name, and where the register has them.
    namesakes: Vec<(EventId, String)>,
}

/// What taking it in would do.
fn effect(out: &mut Markup, known: &Known, holder: &EventId) {
    html!(out, "<div class=\"notice\" data-testid=\"effect\"><div>");
    if known.is_received {
        html!(
            out,
            "<p><strong>这份转接包以前已经收下</strong>，再收没有变化。<a href=\"",
            Route::Branch(holder.0.clone()).to_string(),
            "\">查看此人</a></p></div></div>"
        );
        return;
    }
    html!(out, "<p>");
    if !known.is_there {
        html!(out, "<strong>新增</strong>：名册里还没有这个人，收下后新增一人。");
    } else if known.has_left {
        html!(
            out,
            "<strong>已有此人</strong>：曾从这里转出，收下后接着原来的历史。"
        );
    } else {
        html!(
            out,
            "<strong>已有此人</strong>：名册里有同一个记录编号的人，收下后记一次转入，原来的历史都保留。"
        );
    }
    if matches!(known.verdict, Some(Verdict::Older)) {
        html!(out, "名册里的培养记录比包里的新，仍以名册里的为准。");
    }
    html!(out, "</p>");
    if matches!(known.verdict, Some(Verdict::OtherKey)) {
        html!(
            out,
            "<p data-testid=\"other-key\">包里的记录与以前收到的不是用同一把钥匙签的：请当面核对新钥匙的指纹，对上了再收下。</p>"
        );
    }
    for (id, branch) in &known.namesakes {
        html!(
            out,
            "<p data-testid=\"namesake\">名册里有同名的人（",
            branch,
            "），但记录编号不同：可能是两个人，也可能是同一人换了浏览器。收下后另列一行，不会合并。<a href=\""
        );
        html!(out, Route::Branch(id.0.clone()).to_string(), "\">查看</a></p>");
    }
    html!(out, "</div></div>");
}

/// The periods of the package and the one that begins here.
fn counted_on(package: &Package, since: Date, today: Date) -> (Vec<Period>, Reckoning) {
    let mut periods = package.body.periods.clone();
    let until = since.max(today);
    periods.push(Period {
        from: since,
        to: until,
        unit: package.body.change.to.clone(),
        source: Source::Typed,
    });
    let reckoning = Reckoning::of(package.body.person.confirmed, &periods, until);
    (periods, reckoning)
}

/// What the screen holds.
#[derive(Clone, Copy)]
struct Desk {
    office: Office,
    arrival: StoredValue<Option<Arrival>>,
    busy: RwSignal<bool>,
    /// Markup: what was done or refused; the package; the periods with the day that was typed.
    says: RwSignal<String>,
    shown: RwSignal<String>,
    counted: RwSignal<String>,
    buttons: RwSignal<String>,
}

impl Desk {
    fn say(self, class: &str, text: &str, link: Option<&EventId>) {
        let mut out = Markup::default();
        html!(
            out,
            "<p class=\"notice ",
            class,
            "\" data-testid=\"arrival-said\"><span>",
            text
        );
        if let Some(holder) = link {
            let route = Route::Branch(holder.0.clone()).to_string();
            html!(
                out,
                "<a href=\"",
                route,
                "\" data-testid=\"to-person\">查看此人</a>"
            );
        }
        html!(out, "</span></p>");
        self.says.try_set(out.done());
    }

    /// Puts the package away, or another one there.
    fn put(self, arrival: Option<Arrival>) {
        let (mut out, mut buttons) = (Markup::default(), Markup::default());
        if let Some(arrival) = &arrival {
            let known = known(self.office, arrival);
            self.show(&mut out, arrival, &known);
            if !known.is_received {
                html!(
                    buttons,
                    "<div class=\"row\"><button type=\"button\" class=\"button button-primary\" data-testid=\"take-in\" data-do=\"take\">收下</button>"
                );
                html!(
                    buttons,
                    "<button type=\"button\" class=\"button\" data-do=\"drop\">放弃</button></div>"
                );
            }
        }
        self.arrival.try_set_value(arrival);
        self.shown.try_set(out.done());
        self.buttons.try_set(buttons.done());
        self.counted.try_set(String::new());
    }

    fn show(self, out: &mut Markup, arrival: &Arrival, known: &Known) {
        let Arrival { package, record, .. } = arrival;
        html!(
            out,
            "<section class=\"card stack\" aria-labelledby=\"package-heading\" data-testid=\"package\"><h2 id=\"package-heading\" tabindex=\"-1\">转接包：",
            package.body.person.name,
            "</h2>"
        );
        effect(out, known, &record.body.holder);
        parts::missing(out, &package.body.materials);
        match &arrival.report {
            Some(Ok(report)) if !report.holds => {
                html!(
                    out,
                    "<p class=\"notice notice-danger\" role=\"alert\"><strong>培养记录上的签名有问题：",
                    report.headline(),
                    "。</strong>详见下面的签名核验；收下也只能当作没有签名的记录。</p>"
                );
            }
            Some(Err(why)) => {
                html!(
                    out,
                    "<p class=\"notice notice-danger\" role=\"alert\">签名没有核验成：",
                    why,
                    "。请稍后重新打开这份转接包。</p>"
                );
            }
            _ => {}
        }
        html!(
            out,
            "<p>请确认转入的党组织就是本支部；转接包不代替纸质材料，原件由原党组织另行转交，审查后接续培养（细则第十二条）。</p>"
        );
        parts::facts(out, package);
        parts::materials(out, &package.body);
        parts::record(out, package, record);
        if let Some(Ok(report)) = &arrival.report {
            html!(out, "<h3>签名核验</h3>");
            untrack(|| proofs_view(out, report, self.office));
        }
        parts::proves(out);
        html!(out, "</section>");
    }

    /// The periods, with the day that is in the field.
    fn count(self) {
        let mut out = Markup::default();
        let since = Date::parse(value("arrival-since").trim());
        self.arrival.try_with_value(|arrival| {
            let Some(arrival) = arrival else { return };
            let Some(since) = since else {
                html!(
                    out,
                    "<p class=\"error\" role=\"alert\" id=\"arrival-since-error\">请填写接续培养之日，例如 2026-05-11</p>"
                );
                return;
            };
            let (periods, reckoning) = counted_on(&arrival.package, since, env().now.date());
            html!(out, "<div class=\"stack\" data-testid=\"counted\">");
            parts::periods(&mut out, &periods, &reckoning);
            html!(out, "</div>");
        });
        self.counted.try_set(out.done());
    }

    fn open(self, files: Vec<File>) {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        self.busy.set(true);
        self.put(None);
        self.says.set(String::new());
        spawn_local(async move {
            match open(self.office, &file).await {
                Ok(arrival) => {
                    self.put(Some(arrival));
                    request_animation_frame(move || {
                        fill("arrival-since", &env().now.date().to_string());
                        self.count();
                        page::focus("package-heading");
                    });
                }
                Err(why) => self.say("notice-danger", &format!("{}：{why}。", file.name()), None),
            }
            self.busy.try_set(false);
        });
    }

    fn take(self) {
        let Some(since) = Date::parse(value("arrival-since").trim()) else {
            self.count();
            page::focus("arrival-since");
            return;
        };
        let Some(Some(arrival)) = self.arrival.try_get_value() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let (holder, fails) = (arrival.record.body.holder.clone(), arrival.fails());
            let name = arrival.package.body.person.name.clone();
            let receipt = Receipt::Handover(Handover::MovedIn {
                file: arrival.file,
                since,
                package: Box::new(arrival.package),
                record: Box::new(arrival.record),
                fails,
            });
            match self.office.receive(self.office.register, vec![receipt]).await {
                Ok(()) => {
                    self.put(None);
                    self.say("notice-ok", &format!("已收下「{name}」的转接包。"), Some(&holder));
                }
                Err(error) => self.say(
                    "notice-danger",
                    &format!("没有收下，名册没有变化：{error}。"),
                    None,
                ),
            }
            self.busy.try_set(false);
        });
    }
}

/// Opening a package, and taking it in.
#[component]
pub(super) fn ArrivingPage() -> impl IntoView {
    let desk = Desk {
        office: use_office(),
        arrival: StoredValue::new(None),
        busy: RwSignal::new(false),
        says: RwSignal::new(String::new()),
        shown: RwSignal::new(String::new()),
        counted: RwSignal::new(String::new()),
        buttons: RwSignal::new(String::new()),
    };
    let press = move |event: ev::MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("take") => desk.take(),
        Some("drop") => {
            desk.put(None);
            page::focus("open-package");
        }
        _ => {}
    };
    let change = move |event: ev::Event| {
        if page::data_of(&event, "data-since").is_some() {
            desk.count();
        }
    };
    let is_open = Memo::new(move |_| !desk.buttons.with(String::is_empty));
    view! {
        <div class="stack" on:click=press on:change=change>
            <p><a href="#/branch">"← 党支部工作台"</a></p>
            <h1>"接收转接包"</h1>
            <p>"打开原党组织发来的转接包（.json 文件）。先看清楚，按“收下”之前名册没有任何变化。"</p>
            <FilePicker label="打开转接包" testid="open-package" chosen=move |files| desk.open(files) multiple=false busy=desk.busy/>
            {live(desk.says)}
            <Shown of=desk.shown/>
            <section class="card stack" hidden=move || !is_open.get() aria-labelledby="since-heading">
                <h2 id="since-heading">"培养时间接续计算"</h2>
                <div class="field">
                    <label for="arrival-since">"接续培养之日"</label>
                    <p class="hint" id="arrival-since-hint">"本支部审查材料后，从哪一天起接着培养。由党支部填写，先填今天供参考。"</p>
                    <input
                        type="date" id="arrival-since" data-testid="arrival-since" data-since="" autocomplete="off"
                        aria-describedby="arrival-since-hint" min="1900-01-01" max="9999-12-31"
                    />
                </div>
                <Shown of=desk.counted/>
                <Shown of=desk.buttons/>
            </section>
        </div>
    }
}
