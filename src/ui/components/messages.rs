//! A file as messages for a chat app, to be copied one after another; see `format/code.rs`.

use super::field::{attribute, put_notice, say};
use crate::platform::{files, page};
use crate::ui::markup::{Markup, html};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// More than this many, and a file is the better way.
const MANY: usize = 10;

/// Messages to be copied. One page shows one of them.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Messages {
    texts: StoredValue<Vec<String>>,
    /// The one to be copied next.
    next: StoredValue<usize>,
    /// The id of the element that says what was copied.
    said: &'static str,
}

impl Messages {
    /// None yet; `said` is the id of the element that says what was copied.
    pub(in crate::ui) fn new(said: &'static str) -> Self {
        Self {
            texts: StoredValue::default(),
            next: StoredValue::new(0),
            said,
        }
    }

    /// Takes messages and writes how to copy them; `what` they carry in all.
    pub(in crate::ui) fn put(self, out: &mut Markup, messages: Vec<String>, what: &str) {
        let count = messages.len();
        html!(
            out,
            "<p data-testid=\"code-count\">",
            what,
            "共 ",
            count,
            " 条消息，一条一条地复制、发送。"
        );
        if count > MANY {
            html!(out, "条数很多，能发文件的话请改发文件。");
        }
        html!(
            out,
            "</p><p><button type=\"button\" class=\"button button-primary\" id=\"copy-next\" data-do=\"copy-next\" data-testid=\"copy-next\">",
            next_label(0, count),
            "</button></p><details id=\"chat-all\"><summary>逐条查看</summary><ol class=\"messages\">"
        );
        for (message, at) in messages.iter().zip(0usize..) {
            html!(
                out,
                "<li class=\"stack\"><div class=\"row\"><label for=\"message-",
                at,
                "\">第 ",
                at + 1,
                "/",
                count,
                " 条</label><button type=\"button\" class=\"button\" data-do=\"copy\" data-at=\"",
                at,
                "\">复制</button><span class=\"muted\" id=\"copied-",
                at,
                "\"></span></div><textarea readonly rows=\"3\" id=\"message-",
                at,
                "\" data-testid=\"message\">",
                message,
                "</textarea></li>"
            );
        }
        html!(out, "</ol></details>");
        self.next.set_value(0);
        self.texts.set_value(messages);
    }

    /// Does what one of its buttons says: the button's `data-do` and `data-at`.
    pub(in crate::ui) fn press(self, deed: &str, at: Option<usize>) {
        match deed {
            "copy" => self.copy(at.unwrap_or_default()),
            "copy-next" => self.copy(self.next.get_value()),
            _ => {}
        }
    }

    /// Copies a message, says so, and offers the next.
    fn copy(self, at: usize) {
        let (count, message) = self
            .texts
            .with_value(|texts| (texts.len(), texts.get(at).cloned()));
        let Some(message) = message else { return };
        spawn_local(async move {
            let number = at + 1;
            match files::copy(&message).await {
                Ok(()) => {
                    let next = if number < count { number } else { 0 };
                    if self.next.try_set_value(next).is_some() {
                        return;
                    }
                    let text = if count == 1 {
                        "已复制。请切换到聊天窗口，粘贴、发送。".to_owned()
                    } else if number < count {
                        format!(
                            "第 {number}/{count} 条已复制。请切换到聊天窗口，粘贴、发送，再回来复制下一条。"
                        )
                    } else {
                        format!("第 {number}/{count} 条已复制，这是最后一条。请粘贴、发送。")
                    };
                    put_notice(self.said, "copied", true, &text);
                    say("copy-next", &next_label(next, count));
                    say(&format!("copied-{at}"), "已复制");
                }
                Err(error) => {
                    put_notice(self.said, "copied", false, &format!("{error}。"));
                    attribute("chat-all", "open", Some(""));
                    page::focus(&format!("message-{at}"));
                }
            }
        });
    }
}

/// What the button says that copies the next message.
fn next_label(at: usize, count: usize) -> String {
    format!("复制第 {}/{count} 条", at + 1)
}
