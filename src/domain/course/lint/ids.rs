//! Ids and folders: they name files and addresses, so that their form and uniqueness matter.

use super::draft::CourseDraft;
use super::{Diagnostic, Place};
use std::collections::BTreeMap;

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let sources = course.sources.iter().map(|draft| {
        (
            draft.source.id.as_str(),
            draft.origin.place("id", &draft.source.id),
        )
    });
    check_kind("文件", sources, found);
    let modules = course
        .modules
        .iter()
        .map(|module| (module.id.as_str(), module.origin.place("id", &module.id)));
    check_kind("模块", modules, found);
    let lessons = course.modules.iter().flat_map(|module| &module.lessons);
    check_kind(
        "课",
        lessons.map(|lesson| (lesson.id.as_str(), lesson.origin.place("id", &lesson.id))),
        found,
    );
    let questions = course
        .modules
        .iter()
        .filter_map(|module| module.bank.as_ref())
        .flat_map(|bank| &bank.questions);
    check_kind(
        "题目",
        questions.map(|draft| {
            (
                draft.question.id.as_str(),
                draft.origin.place("id", &draft.question.id),
            )
        }),
        found,
    );
    let cases = course
        .modules
        .iter()
        .filter_map(|module| module.bank.as_ref())
        .flat_map(|bank| &bank.cases);
    check_kind(
        "案例",
        cases.map(|draft| (draft.case.id.as_str(), draft.origin.place("id", &draft.case.id))),
        found,
    );
    check_folders(course, found);
}

/// Ids of one kind share one space.
pub(super) fn check_kind<'a>(
    kind: &str,
    ids: impl Iterator<Item = (&'a str, Place)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<&str, Place> = BTreeMap::new();
    for (id, place) in ids {
        if !is_id(id) {
            found.push(Diagnostic::error(
                place.clone(),
                "id-form",
                format!("{kind}编号“{id}”缺失或写法不对"),
                "编号只用小写字母、数字和连字符，以字母或数字开头，不超过 64 个字符，不能同页面重名（index、timeline 等）",
            ));
            if id.is_empty() {
                continue;
            }
        }
        if let Some(earlier) = first.get(id) {
            found.push(Diagnostic::error(
                place,
                "duplicate-id",
                format!("{kind}编号“{id}”重复"),
                format!(
                    "{}:{} 已经用了这个编号；编号一经使用不再改动，请给后来的一个换新编号",
                    earlier.file,
                    earlier.line.unwrap_or(1)
                ),
            ));
        } else {
            first.insert(id, place);
        }
    }
}

/// Pages that stand beside the lessons' own.
const PAGES: [&str; 6] = ["index", "timeline", "glossary", "procedure", "whom", "sources"];

/// Fit for file names and addresses, and no name of a page.
fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    id.len() <= 64
        && !PAGES.contains(&id)
        && id.bytes().next().is_some_and(plain)
        && id.bytes().all(|byte| plain(byte) || byte == b'-')
}

fn check_folders(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let mut numbers: BTreeMap<u16, &str> = BTreeMap::new();
    for module in &course.modules {
        let place = module.origin.place("id", &module.id);
        match module.folder_parts() {
            Some((number, id)) if id == module.id => {
                if let Some(other) = numbers.insert(number, &module.folder) {
                    found.push(Diagnostic::error(
                        place,
                        "folder",
                        format!("模块序号 {number} 同“{other}”重复"),
                        "给其中一个文件夹换一个序号",
                    ));
                }
            }
            _ => found.push(Diagnostic::error(
                place,
                "folder",
                format!("文件夹“{}”同模块编号“{}”对不上", module.folder, module.id),
                "文件夹名是“两位序号-模块编号”，如 05-dangzhang",
            )),
        }
        if let Some(bank) = module.bank.as_ref().filter(|bank| bank.module != module.id) {
            found.push(Diagnostic::error(
                bank.origin.place("module", ""),
                "folder",
                format!(
                    "题库写的模块是“{}”，文件名对应的模块却是“{}”",
                    bank.module, module.id
                ),
                "改正 module，或把文件改名",
            ));
        }
    }
}
