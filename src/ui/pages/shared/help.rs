//! What this is, what it promises, and how to use it. Only what holds now is claimed.

use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use leptos::prelude::*;

/// The whole page but for the version of the course at its end.
const TEXT: &str = r##"<h1>帮助</h1><section class="stack"><h2>学档是什么</h2>
<p>学档帮助入党积极分子学习党的基本知识、做自测题、记下培养实践和与培养联系人的谈话，并整理成一份培养记录，交给培养联系人和党支部参考。</p>
<p>学档不是官方系统，也不是官方考试。导出的记录是附件和草稿，不是《入党积极分子培养考察登记表》，不能代替它。自学和自报的时长不计入短期集中培训学时（细则第十七条）。党组织的意见和结论，只能由党组织和有关人员自己写。</p>
</section>
<section class="stack"><h2>我们保证什么</h2>
<ol class="promises"><li>每答一题、每记一条，马上写进浏览器。右上角显示“已保存”，才是真的存好了；没存好，页面会一直提示，并可以一键下载救援文件。</li>
<li>浏览器突然关闭或者断电，最多丢失最后一次作答。</li>
<li>损坏的数据、更新版本写的数据，不会被覆盖，也不会被删除：损坏的原样另存，可在「设置与备份」下载。</li>
<li>同时开几个标签页，内容不会互相覆盖；过时的标签页会停止写入并说明原因。</li>
<li>浏览器里的数据如果不见了，下次打开会提示您，并可用备份恢复。</li>
<li>备份、删除、再恢复，得到的是同样的学习状态。</li>
<li>课程和数据都只来自本网站，数据不会发给任何人。</li>
<li>新内容多了或时间久了，会提醒您备份。苹果 Safari 连续七天不打开的网站，数据可能被系统清除，请每周打开一次或添加到主屏幕，并下载备份。</li>
</ol></section>
<section class="stack"><h2>怎样把学习情况交给培养联系人或党支部</h2>
<ol><li>打开「记录」，填写姓名和所在党支部。不要填身份证号。</li>
<li>逐项看清要导出的内容。谈话记录、备注和思想汇报正文默认不导出，需要时再勾选。</li>
<li>按“下载培养记录”，得到一个 .json 文件，用微信、邮件或 U 盘发给对方。微信里不能下载，请先选“在浏览器打开”。</li>
<li>也可以按“打印”，打印或存成 PDF，由本人、培养联系人、党支部各自手写签字。</li>
</ol></section>
<section class="stack"><h2>培养联系人怎样用</h2>
<p>在「更多」里打开「培养联系人工作台」，选择对方发来的文件，就能看到学习、实践和谈话情况。以后收到新的记录再打开一次，会更新为较新的一份。这些数据与您自己的学习分开存放。</p>
</section>
<section class="stack"><h2>党支部怎样用</h2>
<p>在「更多」里打开「党支部工作台」，一次选择许多文件或者一个文件夹。学档先试算：哪些新增、哪些更新、哪些读不了、为什么；按“确认导入”以后名册才会变化。名册可以查找、排序，也可以导出 CSV，用 Excel 或 WPS 打开。</p>
</section>
<section class="stack"><h2>校验值能证明什么</h2>
<p>校验值（SHA-256）由记录的全部内容算出，内容改动一个字，校验值就对不上，学档会指出改动的是哪一部分。文件、屏幕和打印件上的校验值相同，说明是同一份记录。</p>
<p>校验值不能证明是谁填写的，也不能证明填写的内容属实：学习时间、实践时长都是自报。是否属实，由培养联系人和党支部了解、核对。</p>
</section>
<section class="stack"><h2>签名和核验</h2>
<p>在<a href="#/keys">「我的签名钥匙」</a>生成一把钥匙，用口令备份好，再请培养联系人和党支部当面核对指纹（六组、每组五位数字）。签了名的记录改动一个字，别人在<a href="#/verify">「核验记录」</a>里一打开就知道，还能看到改在哪里。文件、聊天里的文字码、二维码图片和摄像头都可以打开。</p>
<p>签名能证明签名以后没有改动，不能证明签名的是谁（要当面核对指纹），也不能证明内容属实，不能代替手写签名和盖章。钥匙只在您的浏览器里，普通备份里没有，请另外备份；丢了可以换新的，但别人要重新当面核对。</p>
</section>
<section class="stack"><h2>键盘操作</h2>
<p>Tab 键移到下一项，Shift+Tab 键回到上一项；回车键打开链接、按下按钮；空格键勾选；方向键在单选项之间移动；Esc 键关闭对话框。每页开头的“跳到正文”可以越过导航。</p>
</section>
<section class="stack"><h2>依据的文件</h2>
<p>课文是按公开文件编写的学习材料，不是文件原文。文件更新后，引用旧版的课文和题目会标出“依据已更新”，您读过、答过的也会变为“待重新确认”。<a href="#/sources">查看全部依据的文件</a></p>
<p>简答题由您自己对照要点评判，计入答题数，但只说明您自己的判断。</p></section>"##;

/// Help.
#[component]
pub(in crate::ui) fn HelpPage() -> impl IntoView {
    let desk = use_desk();
    let page = Signal::derive(move || {
        let mut out = Markup::default();
        html!(out, "<article class=\"stack help\">");
        out.raw(TEXT);
        desk.course.with(|course| {
            if let Some(course) = course {
                html!(out, "<p class=\"muted\">课程版本 ", course.version, "</p>");
            }
        });
        html!(out, "</article>");
        out.done()
    });
    view! { <Shown of=page/> }
}
