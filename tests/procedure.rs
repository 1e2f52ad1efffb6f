//! The course's own procedure and guide, against the rules: to whom to apply in every case of
//! 细则 Art. 6 and policy items (八) and (十六); the steps of both editions.
#![cfg(all(feature = "pack", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use xuedang::domain::course::lint::draft::CourseDraft;
use xuedang::domain::procedure::whom::{ASKS, WhomCase, groups, situations};
use xuedang::domain::procedure::{Procedure, Step};
use xuedang::format::content::{ContentFile, read};

fn course() -> CourseDraft {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let names = [
        "sources.toml",
        "apply.toml",
        "procedure/2014.toml",
        "procedure/2026.toml",
        "procedure/differences.toml",
    ];
    let files = names.map(|name| ContentFile {
        path: name.into(),
        bytes: fs::read(root.join(name)).unwrap(),
    });
    read(&files).course
}

/// Every case: id, the organisations that its answer must name, and a clause that must be cited.
/// Read from the rules, not from the guide.
const CASES: [(&str, &[&str], &str, &str); 35] = [
    // 细则 Art. 6: the organisation of the place of work or study.
    ("staff-unit", &["所在单位"], "xize-2026", "第六条"),
    ("student-unit", &["学校"], "xize-2026", "第六条"),
    // It has none: the place's locality, the supervising department, or the residence.
    (
        "staff-none",
        &["单位所在地", "主管部门", "居住地"],
        "xize-2026",
        "第六条",
    ),
    // Without work or study: the residence.
    ("none-home", &["居住地"], "xize-2026", "第六条"),
    ("none-away", &["居住地"], "xize-2026", "第六条"),
    // Mobile persons may also use a mobile members' organisation.
    ("mobile-org", &["流动党员党组织"], "xize-2026", "第六条"),
    (
        "mobile-noorg",
        &["单位所在地", "主管部门", "居住地"],
        "xize-2026",
        "第六条",
    ),
    // Policy item (八): migrant workers, in its three sub-cases and when the job changes.
    ("migrant-unit", &["所在单位"], "yijian-2013", "（八）"),
    (
        "migrant-none",
        &["单位所在地", "主管部门"],
        "yijian-2013",
        "（八）",
    ),
    ("migrant-home-org", &["流动党员党组织"], "yijian-2013", "（八）"),
    (
        "migrant-change",
        &["新的用人单位", "居住地"],
        "yijian-2013",
        "（八）",
    ),
    // Item (八): dispatched workers, the using unit first.
    ("dispatch-user", &["用工单位"], "yijian-2013", "（八）"),
    (
        "dispatch-none",
        &["单位所在地", "主管部门", "居住地"],
        "xize-2026",
        "第六条",
    ),
    // Art. 12 and 18: those who move during cultivation.
    (
        "cultivate-move",
        &["原来的党组织", "新的单位"],
        "xize-2026",
        "第十二条",
    ),
    ("prospect-leaving", &["一般不办理"], "xize-2026", "第十八条"),
    // Members who move.
    ("member-newunit", &["新单位"], "yijian-2013", "（十四）"),
    (
        "member-newunit-none",
        &["经常居住地", "公共就业和人才服务机构"],
        "jiaoyu-2019",
        "第二十五条",
    ),
    ("member-settled", &["经常居住地"], "jiaoyu-2019", "第二十五条"),
    ("member-short", &["报告"], "jiaoyu-2019", "第二十五条"),
    // Item (十六), rural mobile members.
    ("rural-stable", &["转移组织关系"], "yijian-2013", "（十六）"),
    (
        "rural-unstable",
        &["流入地为主", "流出地配合"],
        "yijian-2013",
        "（十六）",
    ),
    ("rural-org", &["流动党员党组织"], "yijian-2013", "（十六）"),
    // Item (十六), graduates.
    ("grad-unit", &["所在单位"], "yijian-2013", "（十六）"),
    (
        "grad-unit-none",
        &["街道、乡镇", "公共就业和人才服务机构"],
        "yijian-2013",
        "（十六）",
    ),
    (
        "grad-none",
        &["本人或者父母居住地", "街道、乡镇", "公共就业和人才服务机构"],
        "yijian-2013",
        "（十六）",
    ),
    ("grad-study", &["新学校"], "jiaoyu-2019", "第二十五条"),
    // Item (十六), mobile talent.
    ("talent-unit", &["单位的党组织"], "yijian-2013", "（十六）"),
    (
        "talent-none",
        &["公共就业和人才服务机构", "档案"],
        "yijian-2013",
        "（十六）",
    ),
    // Item (十六), dispatched workers, members abroad, the retired.
    ("dispatch-member", &["用人单位"], "yijian-2013", "（十六）"),
    (
        "abroad-study",
        &["原就读高校", "原工作单位"],
        "yijian-2013",
        "（十六）",
    ),
    ("abroad-settle", &["停止党籍"], "jiaoyu-2019", "第二十四条"),
    ("abroad-return", &["恢复组织生活"], "jiaoyu-2019", "第三十四条"),
    (
        "retired-branch",
        &["原单位", "上级主管部门"],
        "yijian-2013",
        "（十六）",
    ),
    ("retired-none", &["居住地"], "yijian-2013", "（十六）"),
    // Probationers: Art. 35.
    (
        "probation-move",
        &["原党组织", "新组织"],
        "xize-2026",
        "第三十五条",
    ),
];

#[test]
fn the_guide_names_the_right_organisation_in_every_case() {
    let cases = course().whom.things();
    for (id, organisations, source, clause) in CASES {
        let case = cases
            .iter()
            .find(|case| case.id == id)
            .unwrap_or_else(|| panic!("no case {id}"));
        for organisation in organisations {
            assert!(
                case.answer.contains(organisation),
                "{id} does not name {organisation}: {}",
                case.answer
            );
        }
        let cites = case
            .cite
            .iter()
            .any(|cite| cite.source == source && cite.clause == clause);
        assert!(cites, "{id} does not cite {source} {clause}");
    }
    let tested: BTreeSet<&str> = CASES.iter().map(|(id, ..)| *id).collect();
    let known: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(known, tested, "a case that nobody checks");
}

/// Whoever answers the three questions arrives at one case, and every case is arrived at.
#[test]
fn the_questions_lead_to_every_case_once() {
    let cases = course().whom.things();
    let mut reached: Vec<&WhomCase> = Vec::new();
    for (ask, _) in ASKS {
        for who in groups(&cases, ask) {
            reached.extend(situations(&cases, ask, who));
        }
    }
    assert_eq!(reached.len(), cases.len());
    let ids: BTreeSet<&str> = reached.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len());
}

fn procedure(course: &CourseDraft, source: &str) -> Procedure {
    let mut drafts = course.procedures.iter();
    drafts.find(|draft| draft.source == source).unwrap().procedure()
}

/// The steps of 2026 in the order of their articles, each with the article that makes it.
#[test]
fn the_steps_of_2026_follow_its_articles() {
    let course = course();
    let now = procedure(&course, "xize-2026");
    let step = |id: &str| {
        now.steps
            .iter()
            .find(|step| step.id == id)
            .unwrap_or_else(|| panic!("no step {id}"))
    };
    for (id, article, deadline) in [
        ("apply", "第六条", ""),
        ("talk", "第七条", "一个月"),
        ("recommend", "第八条", ""),
        ("mentor", "第九条", ""),
        ("cultivate", "第十条", ""),
        ("review", "第十一条", "半年"),
        ("handover", "第十二条", ""),
        ("prospect-discuss", "第十三条", "一年"),
        ("notice", "第十三条", "五个工作日"),
        ("sponsors", "第十四条", ""),
        ("political", "第十六条", ""),
        ("training", "第十七条", "三天"),
        ("prereview", "第十八条", ""),
        ("meeting", "第十九条", "一个月"),
        ("approve", "第二十五条", "三个月"),
        ("oath", "第二十九条", "一个月"),
        ("probation", "第三十一条", "一年"),
        ("full-approve", "第三十三条", "三个月"),
        ("archive", "第三十六条", ""),
    ] {
        let step = step(id);
        assert!(
            step.cite.iter().any(|cite| cite.clause == article),
            "{id} cites {:?}",
            step.cite
        );
        assert!(step.deadline.contains(deadline), "{id}: {}", step.deadline);
    }
    // Public notice comes after the higher committee has agreed and before the sponsors.
    let place = |id: &str| now.steps.iter().position(|step| step.id == id).unwrap();
    assert!(place("prospect-higher") < place("notice") && place("notice") < place("sponsors"));
    assert!(place("political") < place("prereview") && place("training") < place("prereview"));
    assert!(place("prereview") < place("meeting") && place("meeting") < place("approve"));
}

/// Steps that both editions have carry the same id; the public notice before listing is new.
#[test]
fn the_editions_can_be_laid_side_by_side() {
    let course = course();
    let (old, new) = (procedure(&course, "xize-2014"), procedure(&course, "xize-2026"));
    let ids = |procedure: &Procedure| -> BTreeSet<String> {
        procedure
            .steps
            .iter()
            .map(|step: &Step| step.id.clone())
            .collect()
    };
    let fresh: Vec<String> = ids(&new).difference(&ids(&old)).cloned().collect();
    assert_eq!(fresh, ["notice"]);
    assert!(ids(&old).is_subset(&ids(&new)));
    assert!(course.differences.entries.len() >= 6);
    for draft in &course.differences.entries {
        let sources: BTreeSet<&str> = draft.what.cite.iter().map(|cite| cite.source.as_str()).collect();
        assert!(
            sources.contains("xize-2026"),
            "{} does not say where the new rule is",
            draft.what.id
        );
        assert_ne!(draft.what.old, draft.what.new);
    }
}
