//! Everything that has no tab of its own.

use crate::ui::components::link_card::link_card;
use crate::ui::components::shown::still;
use crate::ui::markup::{Markup, html};
use crate::ui::route::{BESIDE, Route};
use leptos::prelude::*;

/// Everything that has no tab of its own.
#[component]
pub(in crate::ui) fn MorePage() -> impl IntoView {
    let links = [
        (Route::Search, "搜索", "在全部课文和题目里找字词"),
        (Route::Groups, "我的群体", "选了以后，对口的课文和题目排在前面"),
        (
            Route::Banks,
            "自有题库",
            "导入本单位的题库来练习，把题目导出成表格或 GIFT",
        ),
        (Route::Settings, "设置与备份", "字号、深浅色，备份和恢复学习数据"),
        (Route::Help, "帮助", "怎样使用，数据存在哪里，培养记录能证明什么"),
        (
            Route::Mentor,
            "培养联系人工作台",
            "培养联系人用：打开联系对象发来的培养记录",
        ),
        (
            Route::Branch(String::new()),
            "党支部工作台",
            "党支部书记、组织委员用：汇总多份培养记录，查看各人进度",
        ),
    ];
    let mut out = Markup::default();
    html!(out, "<div class=\"stack\"><h1>更多</h1><ul class=\"links\">");
    for (name, label, about) in BESIDE {
        link_card(&mut out, &format!("#/{name}"), label, about);
    }
    for (to, label, about) in links {
        if to == Route::Mentor {
            html!(out, "</ul><h2>给培养联系人和党支部</h2><ul class=\"links\">");
        }
        link_card(&mut out, &to.to_string(), label, about);
    }
    html!(out, "</ul></div>");
    still(out)
}
