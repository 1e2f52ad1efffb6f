// Writes what ts-fsrs says of random histories: node fsrs.mjs COUNT SEED OUT
//
// A history is { w?, retention, reviews: [[days since the one before, grade, stability,
// difficulty, interval], …] }. Without `w` the default parameters apply.
import { writeFileSync } from 'node:fs';
import { FSRSVersion, createEmptyCard, default_w, fsrs } from 'ts-fsrs';

const [count, seed, out] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];

// mulberry32
let state = seed >>> 0;
function chance() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(chance() * n);

function days() {
  const where = chance();
  if (where < 0.25) return 0;
  if (where < 0.55) return 1 + below(5);
  if (where < 0.85) return 5 + below(60);
  return 60 + below(2000);
}

// One in two has the default parameters; of the others one in ten parameters is out of bounds.
function parameters() {
  if (chance() < 0.5) return undefined;
  return default_w.map((value) => {
    const factor = chance() < 0.1 ? -1 + chance() * 100 : 0.5 + chance();
    return Number((value * factor).toFixed(4));
  });
}

const histories = [];
for (let n = 0; n < count; n += 1) {
  const w = parameters();
  const retention = (70 + below(28)) / 100;
  const model = fsrs({ w, request_retention: retention });
  // One in two is only answered rightly or wrongly, as ours are.
  const grade = chance() < 0.5 ? () => (chance() < 0.3 ? 1 : 3) : () => 1 + below(4);
  const reviews = [];
  let memory = null;
  let card = createEmptyCard(new Date(Date.UTC(2026, 0, 1, 12)));
  let now = Date.UTC(2026, 0, 1, 12);
  for (let left = 1 + below(24); left > 0; left -= 1) {
    const elapsed = memory === null ? 0 : days();
    const graded = grade();
    memory = model.next_state(memory, elapsed, graded);
    now += elapsed * 86_400_000;
    card = model.next(card, new Date(now), graded).card;
    if (card.stability !== memory.stability || card.difficulty !== memory.difficulty) {
      throw new Error(`ts-fsrs disagrees with itself: ${JSON.stringify({ card, memory })}`);
    }
    const interval = model.next_interval(memory.stability, elapsed);
    reviews.push([elapsed, graded, memory.stability, memory.difficulty, interval]);
  }
  histories.push({ w, retention, reviews });
}

// Reviews per second with the default parameters: the formulas alone, and whole cards.
function speed(run) {
  run();
  let reviews = 0;
  const start = process.hrtime.bigint();
  let spent = 0;
  while (spent < 1) {
    reviews += run();
    spent = Number(process.hrtime.bigint() - start) / 1e9;
  }
  return Math.round(reviews / spent);
}
const model = fsrs();
let sink = 0;
const formulas = () => {
  let reviews = 0;
  for (const history of histories) {
    let memory = null;
    for (const [elapsed, graded] of history.reviews) memory = model.next_state(memory, elapsed, graded);
    sink += memory.stability;
    reviews += history.reviews.length;
  }
  return reviews;
};
const cards = () => {
  let reviews = 0;
  for (const history of histories.slice(0, 1000)) {
    let now = Date.UTC(2026, 0, 1, 12);
    let card = createEmptyCard(new Date(now));
    for (const [elapsed, graded] of history.reviews) {
      now += elapsed * 86_400_000;
      card = model.next(card, new Date(now), graded).card;
    }
    sink += card.stability;
    reviews += history.reviews.length;
  }
  return reviews;
};
const measured = count < 1000 ? {} : { formulas: speed(formulas), cards: speed(cards) };
if (!Number.isFinite(sink)) throw new Error('a stability is no number');

const lines = histories.map((history) => JSON.stringify(history)).join(',\n');
writeFileSync(
  out,
  `{"version":${JSON.stringify(FSRSVersion)},"speed":${JSON.stringify(measured)},"histories":[\n${lines}\n]}\n`,
);
