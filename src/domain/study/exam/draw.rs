//! Drawing a paper: by kind and by the modules' weights, unseen questions first, knowledge points
//! as varied as the bank allows. The same seed, bank and history give the same paper.
//!
//! Questions about a case are left out: a case has several, which belong together and would make
//! papers of unequal weight. So is what is for groups to which the reader does not belong; whoever
//! gathers the candidates leaves that out.

use super::blueprint::Blueprint;
use crate::domain::course::QuestionRef;
use crate::domain::question::{Kind, Question, shuffle};

/// A question that may be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The question.
    pub question: &'a Question,
    /// Its module.
    pub module: &'a str,
    /// How often it was answered before.
    pub seen: u32,
}

/// A module as the drawing goes on.
struct Pot<'a> {
    module: &'a str,
    weight: u64,
    taken: u64,
}

/// Draws the paper, part by part.
///
/// # Errors
/// What the person reads, when the bank has too few of a kind.
pub fn draw(blueprint: &Blueprint, bank: &[Candidate<'_>], seed: u32) -> Result<Vec<QuestionRef>, String> {
    let seed = u64::from(seed);
    let mut pots: Vec<Pot<'_>> = Vec::new();
    let mut left: Vec<Candidate<'_>> = Vec::new();
    for candidate in bank {
        let weight = u64::from(blueprint.weight(candidate.module));
        if weight == 0 || candidate.question.case.is_some() {
            continue;
        }
        left.push(*candidate);
        if pots.iter().all(|pot| pot.module != candidate.module) {
            pots.push(Pot {
                module: candidate.module,
                weight,
                taken: 0,
            });
        }
    }
    shuffle(&mut left, seed);
    shuffle(&mut pots, seed);
    let mut points: Vec<&str> = Vec::new();
    let mut paper = Vec::new();
    for (number, part) in (1u64..).zip(&blueprint.parts) {
        let first = paper.len();
        for _ in 0..part.count {
            let Some(at) = next(&mut pots, &left, part.kind, &points) else {
                return Err(too_few(blueprint, bank, part.kind, part.count));
            };
            let taken = left.remove(at).question;
            points.extend(taken.points.iter().map(String::as_str));
            paper.push(QuestionRef {
                id: taken.id.clone(),
                hash: taken.content_hash(),
                points: Vec::new(),
            });
        }
        if let Some(part) = paper.get_mut(first..) {
            shuffle(part, seed.wrapping_add(number));
        }
    }
    Ok(paper)
}

/// The place in `left` of the next question of a kind: of the module that is furthest behind its
/// weight (Sainte-Laguë) and has one; there the unseen first, then whose knowledge points have come
/// least.
fn next(pots: &mut [Pot<'_>], left: &[Candidate<'_>], kind: Kind, points: &[&str]) -> Option<usize> {
    let mut order: Vec<&mut Pot<'_>> = pots.iter_mut().collect();
    while !order.is_empty() {
        let mut behind = 0;
        for at in 1..order.len() {
            // (2a + 1) / w, compared without division.
            let (one, other) = (&order[at], &order[behind]);
            if (2 * one.taken + 1) * other.weight < (2 * other.taken + 1) * one.weight {
                behind = at;
            }
        }
        let pot = order.remove(behind);
        let mut best: Option<(usize, (bool, usize, u32))> = None;
        for (at, candidate) in left.iter().enumerate() {
            let question = candidate.question;
            if candidate.module != pot.module || question.kind != kind {
                continue;
            }
            let met = points
                .iter()
                .filter(|point| question.points.iter().any(|own| own == **point));
            let rank = (candidate.seen > 0, met.count(), candidate.seen);
            if best.is_none_or(|(_, least)| rank < least) {
                best = Some((at, rank));
            }
        }
        if let Some((at, _)) = best {
            pot.taken += 1;
            return Some(at);
        }
    }
    None
}

fn too_few(blueprint: &Blueprint, bank: &[Candidate<'_>], kind: Kind, wanted: u32) -> String {
    let fits = |candidate: &&Candidate<'_>| {
        candidate.question.kind == kind
            && candidate.question.case.is_none()
            && blueprint.weight(candidate.module) > 0
    };
    format!(
        "选定的模块里{}只有 {} 道，这份蓝图要 {wanted} 道。请减少题数，或者多选几个模块。",
        kind.label(),
        bank.iter().filter(fits).count()
    )
}
