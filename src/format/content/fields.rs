//! The fields of a TOML table, taken one by one, each with its line.

use super::Reader;
use crate::domain::course::Citation;
use crate::domain::course::lint::draft::Origin;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where the lines of a stretch of TOML are.
pub(super) struct Text {
    /// The places of its line ends.
    breaks: Vec<usize>,
    /// The line of the file on which it begins.
    first: u32,
}

impl Text {
    pub(super) fn new(text: &str, first: u32) -> Self {
        Self {
            breaks: text.match_indices('\n').map(|(at, _)| at).collect(),
            first,
        }
    }

    pub(super) fn line(&self, at: usize) -> u32 {
        self.first + self.breaks.partition_point(|end| *end < at) as u32
    }
}

/// Takes the fields of one table; what is left over in the end was not known.
pub(super) struct Fields<'r, 'f, 't, 'i> {
    reader: &'r mut Reader<'f>,
    text: &'t Text,
    table: &'t DeTable<'i>,
    origin: Origin,
    known: Vec<&'static str>,
}

impl<'r, 'f, 't, 'i> Fields<'r, 'f, 't, 'i> {
    pub(super) fn of(reader: &'r mut Reader<'f>, text: &'t Text, table: &'t DeTable<'i>, line: u32) -> Self {
        let mut origin = reader.origin(line);
        for (key, _) in table.iter() {
            origin
                .fields
                .insert(key.get_ref().to_string(), text.line(key.span().start));
        }
        Self {
            reader,
            text,
            table,
            origin,
            known: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Origin {
        for (key, _) in self
            .table
            .iter()
            .filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref()))
        {
            let message = format!("不认识的字段“{}”", key.get_ref());
            let hint = format!("这里可用的字段：{}", self.known.join("、"));
            self.reader
                .error(self.text.line(key.span().start), "unknown-field", message, hint);
        }
        self.origin
    }

    fn take(&mut self, name: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.push(name);
        self.table.get(name)
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, name: &str, wanted: &str) {
        if value.span().is_empty() {
            return; // Left by a syntax error, which has been reported.
        }
        let line = self.text.line(value.span().start);
        self.reader.error(
            line,
            "type",
            format!("{name} 应为{wanted}"),
            format!("改成{wanted}"),
        );
    }

    pub(super) fn text(&mut self, name: &'static str) -> String {
        self.optional(name).unwrap_or_default()
    }

    pub(super) fn optional(&mut self, name: &'static str) -> Option<String> {
        let value = self.take(name)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(value, name, "带引号的文字");
        }
        text
    }

    pub(super) fn number(&mut self, name: &'static str) -> u16 {
        let Some(value) = self.take(name) else { return 0 };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| number.as_str().parse().ok());
        number.unwrap_or_else(|| {
            self.wrong(value, name, "不带引号的整数");
            0
        })
    }

    pub(super) fn one_of<T: Copy>(&mut self, name: &'static str, known: &[(&str, T)]) -> Option<T> {
        let value = self.take(name);
        let text = value.and_then(|value| value.get_ref().as_str());
        let found = known
            .iter()
            .find(|(word, _)| Some(*word) == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let line = value.map_or(self.origin.line, |value| self.text.line(value.span().start));
            let message = format!(
                "{name} 缺失或写法不对{}",
                text.map(|text| format!("：“{text}”")).unwrap_or_default()
            );
            self.reader
                .error(line, "type", message, format!("可写：{}", words.join("、")));
        }
        found
    }

    /// The entries of a list, with the line of each noted.
    fn list(&mut self, name: &'static str) -> Vec<&'t Spanned<DeValue<'i>>> {
        let Some(value) = self.take(name) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value, name, "方括号里的列表");
            return Vec::new();
        };
        for (number, entry) in list.iter().enumerate() {
            self.origin
                .fields
                .insert(format!("{name}.{number}"), self.text.line(entry.span().start));
        }
        list.iter().collect()
    }

    pub(super) fn texts(&mut self, name: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for entry in self.list(name) {
            match entry.get_ref().as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(entry, name, "带引号的文字的列表"),
            }
        }
        texts
    }

    /// A list of lists of texts.
    pub(super) fn lists(&mut self, name: &'static str) -> Vec<Vec<String>> {
        let mut lists = Vec::new();
        for entry in self.list(name) {
            let texts = entry.get_ref().as_array().and_then(|list| {
                let texts = list.iter().map(|text| text.get_ref().as_str().map(str::to_owned));
                texts.collect::<Option<Vec<String>>>()
            });
            match texts {
                Some(texts) => lists.push(texts),
                None => self.wrong(
                    entry,
                    name,
                    "方括号里若干个列表，如 [[\"五\", \"5\"], [\"警告\"]]",
                ),
            }
        }
        lists
    }

    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        let Some(value) = self.take(name) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(value, name, "true 或 false");
            false
        })
    }

    pub(super) fn citations(&mut self, name: &'static str) -> Vec<Citation> {
        let mut citations = Vec::new();
        for entry in self.list(name) {
            let Some(table) = entry.get_ref().as_table() else {
                self.wrong(entry, name, "{ source = \"…\", clause = \"…\" } 的列表");
                continue;
            };
            let line = self.text.line(entry.span().start);
            let mut fields = Fields::of(self.reader, self.text, table, line);
            citations.push(Citation {
                source: fields.text("source"),
                clause: fields.text("clause"),
                mark: fields.optional("mark"),
            });
            fields.finish();
        }
        citations
    }

    pub(super) fn options(&mut self, name: &'static str) -> BTreeMap<String, String> {
        let mut options = BTreeMap::new();
        let Some(value) = self.take(name) else {
            return options;
        };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(value, name, "options.a = \"…\" 的形式");
            return options;
        };
        for (key, value) in table.iter() {
            self.origin.fields.insert(
                format!("{name}.{}", key.get_ref()),
                self.text.line(key.span().start),
            );
            match value.get_ref().as_str() {
                Some(text) => {
                    options.insert(key.get_ref().to_string(), text.to_owned());
                }
                None => self.wrong(value, "选项", "带引号的文字"),
            }
        }
        options
    }

    /// The tables of `[[name]]`, each with its first line.
    pub(super) fn tables(&mut self, name: &'static str) -> Vec<(u32, &'t DeTable<'i>)> {
        let mut tables = Vec::new();
        for entry in self.list(name) {
            match entry.get_ref().as_table() {
                Some(table) => tables.push((self.text.line(entry.span().start), table)),
                None => self.wrong(entry, name, "用 [[…]] 开头的若干段"),
            }
        }
        tables
    }
}
