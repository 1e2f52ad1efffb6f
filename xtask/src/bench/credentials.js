// Signed records per second, from their text to whether they hold, for `cargo xtask bench`: the
// portal's own signing program in workers, and the peer, in one browser on the same texts. All take
// turns, and of each the quickest round counts.
import { peers } from "./peers/digitalbazaar.js";

const ROUNDS = 6;
/** As `src/format/credential/bulk.rs` and `src/platform/worker.rs` cut and hand out the work. */
const [PIECE, AHEAD] = [256, 2];

/** A worker with the signing program. */
function signer() {
  const worker = new Worker("signer.js");
  const waiting = new Map();
  let last = 0;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: [number, well, text] }) => {
      if (number === 0) resolve({ ask });
      else if (number < 0) reject(new Error(text));
      else {
        const { answer, refuse } = waiting.get(number);
        waiting.delete(number);
        if (well) answer(text);
        else refuse(new Error(text));
      }
    };
    worker.onerror = error => reject(new Error(error.message));
    function ask(what, text, bytes) {
      last += 1;
      const number = last;
      return new Promise((answer, refuse) => {
        waiting.set(number, { answer, refuse });
        worker.postMessage([number, what, text, bytes], [bytes.buffer]);
      });
    }
  });
}

/** The texts in pieces; each is handed over, so it is copied before. */
function piecesOf(texts) {
  const encoder = new TextEncoder();
  const pieces = [];
  for (let at = 0; at < texts.length; at += PIECE) {
    const parts = texts.slice(at, at + PIECE).map(text => encoder.encode(text));
    const ends = [];
    let end = 0;
    for (const part of parts) ends.push(end += part.length);
    const bytes = new Uint8Array(end);
    parts.forEach((part, at) => bytes.set(part, ends[at] - part.length));
    pieces.push({ ends, bytes });
  }
  return pieces;
}

/** Has so many workers check all pieces; how many hold. */
async function check(workers, pieces, by) {
  let [next, held] = [0, 0];
  const lane = async worker => {
    while (next < pieces.length) {
      const { ends, bytes } = pieces[next];
      next += 1;
      const text = await worker.ask("verify-records", JSON.stringify({ ends, brief: true, by }), bytes.slice());
      const found = JSON.parse(text);
      if (found.by !== by) throw new Error(`checked by ${found.by}, not by ${by}`);
      held += found.reports.filter(report => report.Ok?.holds).length;
    }
  };
  await Promise.all(workers.flatMap(worker => Array.from({ length: AHEAD }, () => lane(worker))));
  return held;
}

const workers = [await signer(), await signer()];

async function measure(kind) {
  const texts = (await (await fetch(`${kind}.ndjson`)).text()).split("\n");
  const pieces = piecesOf(texts);
  const runs = new Map();
  for (const by of ["browser", "program"]) {
    for (const count of [1, 2]) {
      runs.set(`${by} ${count}`, () => check(workers.slice(0, count), pieces, by));
    }
  }
  for (const [name, run] of Object.entries(peers)) runs.set(name, () => run(texts));
  const best = Object.fromEntries([...runs.keys()].map(name => [name, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of runs) {
      const start = performance.now();
      const held = await run();
      const taken = performance.now() - start;
      if (held !== texts.length) throw new Error(`${name}: ${held} of ${texts.length} hold`);
      best[name] = Math.max(best[name], texts.length * 1000 / taken);
    }
  }
  return best;
}

window.credentials = {
  ready: true,
  measure(kind) {
    this.found = undefined;
    measure(kind).then(found => { this.found = found; }, error => { this.found = { error: String(error) }; });
  },
};
