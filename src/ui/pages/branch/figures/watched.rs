//! What the policy document asks to be watched, with its figures and thresholds.

use super::{Filter, asking, figure, from_address, head, in_address};
use crate::domain::structure::watch::{self, Thresholds};
use crate::domain::study::Refusal;
use crate::domain::workbench::Deed;
use crate::format::workbench::figures::{Cause, Counts, Observed, Watched, Watching};
use crate::platform::page;
use crate::ui::components::field::{Field, Form, LINE};
use crate::ui::components::shown::still;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::use_office;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

const FILTER: Filter = Filter {
    name: "watch",
    of: false,
    day: true,
};

const NUMBER: Field = Field {
    kind: "number",
    needed: true,
    ..LINE
};

static FORM: Form = Form {
    name: "thresholds",
    fields: &[
        Field {
            name: "since",
            label: "从哪天起的接收都登记了",
            hint: "更早的没有登记全，不拿来比；空着就从名册里最早的一次接收算起",
            kind: "date",
            ..LINE
        },
        Field {
            name: "rush-days",
            label: "突击发展：多少天以内",
            hint: "1 到 366",
            ..NUMBER
        },
        Field {
            name: "rush-share",
            label: "突击发展：占全年接收的百分之多少以上",
            hint: "1 到 100",
            ..NUMBER
        },
        Field {
            name: "rush-least",
            label: "突击发展：不少于多少名",
            hint: "1 到 10000",
            ..NUMBER
        },
        Field {
            name: "months",
            label: "长期不发展：多少个月没有接收",
            hint: "1 到 240",
            ..NUMBER
        },
        Field {
            name: "swing-share",
            label: "大起大落：相邻两年相差占较多一年的百分之多少以上",
            hint: "1 到 100",
            ..NUMBER
        },
        Field {
            name: "swing-least",
            label: "大起大落：相差不少于多少名",
            hint: "1 到 10000",
            ..NUMBER
        },
        Field {
            name: "growth",
            label: "净增率：和百分之多少对照",
            hint: "例如 1.5",
            needed: true,
            ..LINE
        },
    ],
    save: "保存提示的条件",
    cancel: "",
};

pub(super) fn screen(rest: &str) -> AnyView {
    let office = use_office();
    let set: Counts = from_address(rest).unwrap_or_default();
    let mut out = Markup::default();
    head(&mut out, "需要留意的数字", "watch");
    html!(
        out,
        "<p>中办发〔2013〕4号（十三）要求防止突击发展、长期不发展、发展数量大起大落。文件没有写多少算，下面的条件由本单位定。这里只把数字摆出来，原因和结论由人来写。</p>"
    );
    FILTER.put(&mut out, &set);
    FILTER.ask_branches();
    let asked = RwSignal::new(set);
    let known = StoredValue::new(None::<watch::Watching>);
    let shown = asking(
        "figures/watch",
        move || order(&asked.get()),
        move |found: &Watching| {
            // What is being typed is never touched.
            if known.try_get_value() == Some(None) {
                fill(&found.set);
            }
            known.try_set_value(Some(found.set.clone()));
            markup(found, &order(&asked.get_untracked()))
        },
    );
    let change = move |event: leptos::ev::Event| {
        // The thresholds have a button of their own.
        if page::data_of(&event, "data-form").is_none() {
            let set = FILTER.read();
            page::replace_hash(&format!("/branch/figures/watch/{}", in_address(&set)));
            asked.set(set);
        }
    };
    let mut form = Markup::default();
    html!(
        form,
        "<section class=\"card stack\" aria-labelledby=\"thresholds-heading\"><h2 id=\"thresholds-heading\">提示的条件</h2>"
    );
    FORM.put(&mut form, false);
    html!(form, "</section>");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let before = known.try_get_value().flatten().unwrap_or_default();
        let read = read(before);
        let refused = read.as_ref().err().map(|refusal| Refusal {
            field: refusal.field,
            message: refusal.message.clone(),
        });
        FORM.settle(refused.map_or(Ok(()), Err));
        if let Ok(watching) = read {
            spawn_local(async move {
                match office.have_written("note/deed", &Deed::Watching(watching)).await {
                    Ok(_) => FORM.say("已保存"),
                    Err(why) => FORM.say(&format!("没有保存：{why}")),
                }
            });
        }
    };
    view! {
        <div class="stack figures-page" on:change=change on:submit=submit>
            {still(out)}
            <Shown of=shown/>
            {still(form)}
        </div>
    }
    .into_any()
}

fn order(set: &Counts) -> Watched {
    Watched {
        on: set.on,
        whom: set.whom.clone(),
    }
}

fn fill(set: &watch::Watching) {
    let limits = &set.thresholds;
    FORM.fill_day("since", set.known_since);
    for (field, value) in [
        ("rush-days", limits.rush_days),
        ("rush-share", limits.rush_share),
        ("rush-least", limits.rush_least),
        ("months", limits.standstill_months),
        ("swing-share", limits.swing_share),
        ("swing-least", limits.swing_least),
    ] {
        FORM.fill(field, &value.to_string());
    }
    let (whole, part) = (limits.growth / 100, limits.growth % 100);
    let growth = format!("{whole}.{part:02}");
    FORM.fill("growth", growth.trim_end_matches('0').trim_end_matches('.'));
}

fn read(before: watch::Watching) -> Result<watch::Watching, Refusal> {
    let number = |field: &'static str, most: u16| match FORM.value(field).trim().parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(Refusal {
            field,
            message: format!("请填 1 到 {most} 的整数"),
        }),
    };
    Ok(watch::Watching {
        known_since: FORM.day("since")?,
        thresholds: Thresholds {
            rush_days: number("rush-days", 366)?,
            rush_share: number("rush-share", 100)?,
            rush_least: number("rush-least", 10_000)?,
            standstill_months: number("months", 240)?,
            swing_share: number("swing-share", 100)?,
            swing_least: number("swing-least", 10_000)?,
            growth: hundredths(&FORM.value("growth")).ok_or_else(|| Refusal {
                field: "growth",
                message: "请填 0 到 100 的数，最多两位小数".into(),
            })?,
        },
        ..before
    })
}

/// `1.5` as 150.
fn hundredths(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches(['%', '％']);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    Some(whole * 100 + format!("{part:0<2}").parse::<u16>().ok()?)
}

fn markup(found: &Watching, asked: &Watched) -> String {
    let mut out = Markup::default();
    match found.known_since {
        Some(since) => {
            html!(out, "<p>到", found.on.chinese(), "为止；从", since.chinese());
            html!(
                out,
                if found.set.known_since.is_some() {
                    "起的接收都已登记。"
                } else {
                    "（名册里最早的一次接收）起算，是不是登记全了请核对下面的条件。"
                },
                "</p>"
            );
        }
        None => {
            html!(
                out,
                "<p class=\"notice\">还没有登记任何一次接收预备党员，所以没有可比的数字。</p>"
            );
        }
    }
    if found.observations.is_empty() {
        html!(
            out,
            "<p class=\"empty\" data-testid=\"nothing\">按现在的条件，没有需要提示的。</p>"
        );
        return out.done();
    }
    html!(out, "<ul class=\"figures-observed\" data-testid=\"observed\">");
    for (one, at) in found.observations.iter().zip(0..) {
        html!(out, "<li class=\"card stack\">");
        observed(&mut out, one, &|figure| Cause::Observed {
            asked: asked.clone(),
            at,
            figure,
        });
        html!(out, "</li>");
    }
    html!(out, "</ul>");
    out.done()
}

/// Something that was observed, with its figures and threshold.
pub(super) fn observed(out: &mut Markup, one: &Observed, cause: &dyn Fn(usize) -> Cause) {
    html!(out, "<p><strong>", one.what, "</strong>");
    if let Some(group) = &one.group {
        html!(out, "（", group, "）");
    }
    html!(out, "：", one.text, "。</p><p>");
    for (is, at) in one.figures.iter().zip(0..) {
        if at > 0 {
            html!(out, "，");
        }
        html!(out, is.label, " ");
        if is.people {
            figure(out, &cause(at), is.count as usize);
        } else {
            html!(out, is.count);
        }
        html!(out, " 名");
    }
    html!(
        out,
        "</p><p class=\"muted\">",
        one.cited,
        "：",
        one.threshold,
        "</p>"
    );
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn shares_of_a_per_cent() {
        for (text, want) in [
            ("1.5", Some(150)),
            ("1.50%", Some(150)),
            ("0.05", Some(5)),
            ("3", Some(300)),
            ("1.234", None),
            ("-1", None),
            ("101", None),
            ("", None),
        ] {
            assert_eq!(hundredths(text), want, "{text}");
        }
    }
}
