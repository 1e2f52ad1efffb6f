// What `cargo xtask bench` runs in the browser. Everything that is compared is compared here, in one
// run, on the same texts and the same queries.
import init, { Events, Searching, remember } from "./bench.js";
import MiniSearch from "./peers/minisearch.js";
import { Index } from "./peers/flexsearch.mjs";
import { createEmptyCard, fsrs } from "./peers/ts-fsrs.mjs";

await init();
const { texts, queries } = await (await fetch("corpus.json")).json();
const file = "l\tbench\t\t\n" + texts.map((text, at) => `s\t${at}\t\t${text}\n`).join("");

/** The peers know no Chinese words either: they get pairs of characters, and Latin words whole. */
function pairs(text) {
  const found = [];
  for (const [run] of text.toLowerCase().matchAll(/\p{Script=Han}+|[a-z0-9]+/gu)) {
    if (run.length < 3 || run.charCodeAt(0) < 128) {
      found.push(run);
      continue;
    }
    for (let at = 0; at + 1 < run.length; at++) found.push(run.slice(at, at + 2));
  }
  return found;
}

function mini(combineWith) {
  return () => {
    const index = new MiniSearch({
      fields: ["text"],
      tokenize: pairs,
      processTerm: term => term,
      searchOptions: { combineWith },
    });
    index.addAll(texts.map((text, id) => ({ id, text })));
    return {
      find: query => index.search(query).map(hit => hit.id),
      save: async () => JSON.stringify(index),
    };
  };
}

const engines = {
  ours: () => {
    const index = new Searching(file);
    // Unit 0 is the lesson around the texts.
    return { find: query => index.find(query), number: unit => unit - 1 };
  },
  "ours-shown": () => {
    const index = new Searching(file);
    return { find: query => index.show(query) };
  },
  "minisearch-or": mini("OR"),
  "minisearch-and": mini("AND"),
  flexsearch: () => {
    const index = new Index({ tokenize: "strict", encode: pairs });
    texts.forEach((text, id) => index.add(id, text));
    return {
      find: query => index.search(query),
      save: async () => {
        const parts = [];
        await index.export((key, data) => void parts.push(`${key}\t${data}`));
        return parts.join("\n");
      },
    };
  },
  scan: () => ({
    find: query => {
      const found = [];
      for (let at = 0; at < texts.length; at++) if (texts[at].includes(query)) found.push(at);
      return found;
    },
  }),
};

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/**
 * The time of one call in milliseconds. The clock is coarse, so the call is repeated; and other
 * programs get their turns on the processor, so the quickest of several rounds counts.
 */
function timed(call) {
  let best = Infinity;
  for (let round = 0; round < 4; round++) {
    let times = 0;
    let now;
    const start = performance.now();
    do {
      call();
      times += 1;
      now = performance.now();
    } while (now - start < 1);
    best = Math.min(best, (now - start) / times);
  }
  return best;
}

/** Builds several times, so that the last builds run what the engine has compiled; the middle one counts. */
function builds(build) {
  const taken = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    build();
    taken.push(performance.now() - start);
  }
  return quantile(taken.sort((a, b) => a - b), 0.5);
}

/** Histories of reviews: days since the one before, and grade. The same in every run (mulberry32). */
function histories(count) {
  let state = 6;
  const below = limit => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(24) }, (_, at) => [at === 0 ? 0 : below(60), 1 + below(4)]));
}

let saved;

window.bench = {
  ready: true,
  engine(name) {
    const build = builds(engines[name]);
    const engine = engines[name]();
    queries.forEach(query => engine.find(query));
    const taken = queries.map(query => timed(() => engine.find(query))).sort((a, b) => a - b);
    let present = 0;
    let right = 0;
    if (name !== "ours-shown") {
      for (const query of queries.filter(query => texts.some(text => text.includes(query)))) {
        present += 1;
        const first = engine.find(query)[0];
        const text = first === undefined ? "" : texts[engine.number ? engine.number(first) : first];
        right += text.includes(query);
      }
    }
    saved = undefined;
    if (engine.save) engine.save().then(text => { saved = text; });
    return { build, p50: quantile(taken, 0.5), p95: quantile(taken, 0.95), present, right };
  },
  saved: () => saved,
  texts: () => texts.join("\n"),
  async journal() {
    this.lines = await (await fetch("journal.jsonl")).text();
  },
  fold() {
    const taken = { read: [], fold: [] };
    let count = 0;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const events = new Events(this.lines);
      const middle = performance.now();
      events.fold();
      taken.fold.push(performance.now() - middle);
      taken.read.push(middle - start);
      count = events.count();
      events.free();
    }
    const median = list => quantile(list.sort((a, b) => a - b), 0.5);
    return { count, read: median(taken.read), fold: median(taken.fold) };
  },
  /** Reviews per second: ours, the formulas of ts-fsrs, and its cards. */
  reviews() {
    const all = histories(1000);
    const count = all.reduce((sum, reviews) => sum + reviews.length, 0);
    const flat = new Uint32Array(all.flatMap(reviews => [reviews.length, ...reviews.flat()]));
    const model = fsrs();
    const formulas = () => all.reduce((sum, reviews) => {
      const last = reviews.reduce((memory, [days, grade]) => model.next_state(memory, days, grade), null);
      return sum + last.stability;
    }, 0);
    const cards = () => all.reduce((sum, reviews) => {
      let now = Date.UTC(2026, 0, 1, 12);
      let card = createEmptyCard(new Date(now));
      for (const [days, grade] of reviews) {
        now += days * 86_400_000;
        card = model.next(card, new Date(now), grade).card;
      }
      return sum + card.stability;
    }, 0);
    const ours = () => remember(flat);
    const [right, found] = [formulas(), ours()];
    for (const run of [ours, formulas, cards]) for (let warm = 0; warm < 5; warm++) run();
    const speed = run => (count * 1000) / timed(run);
    return { ours: speed(ours), formulas: speed(formulas), cards: speed(cards), off: Math.abs(found / right - 1) };
  },
};
