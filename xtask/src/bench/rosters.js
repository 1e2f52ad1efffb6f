// Reading rosters for `cargo xtask bench`: the portal's own program and the peers, each in a worker of
// its own, in one browser on the same files. The page only hands the files over.

/** The portal's own program, asked as `src/platform/worker.rs` asks it. */
function ours() {
  const worker = new Worker("worker.js");
  let [number, waiting] = [0, undefined];
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: [answered, well, text] }) => {
      if (answered === 0) resolve(read);
      else if (answered < 0) reject(new Error(text));
      else if (well) waiting.answer(text);
      else waiting.refuse(new Error(text));
    };
    worker.onerror = error => reject(new Error(error.message));
    async function read(bytes) {
      number += 1;
      const text = await new Promise((answer, refuse) => {
        waiting = { answer, refuse };
        worker.postMessage([number, "read-roster", "", bytes], [bytes.buffer]);
      });
      const { sheets: [sheet], memory } = JSON.parse(text);
      return { rows: sheet.rows, columns: sheet.columns, memory };
    }
  });
}

/** A peer, in `rosters-peer.js`. */
function peer(name) {
  const worker = new Worker(`rosters-peer.js?${name}`);
  return new Promise((resolve, reject) => {
    let waiting;
    worker.onmessage = ({ data }) => {
      if (data.ready) resolve(read);
      else if (data.error) waiting.refuse(new Error(data.error));
      else waiting.answer(data);
    };
    worker.onerror = error => reject(new Error(error.message));
    const read = bytes => new Promise((answer, refuse) => {
      waiting = { answer, refuse };
      worker.postMessage(bytes, [bytes.buffer]);
    });
  });
}

const told = run => {
  rosters.found = undefined;
  run().then(found => { rosters.found = found ?? {}; }, error => { rosters.found = { error: String(error) }; });
};
let [read, bytes] = [];

const rosters = window.rosters = {
  ready: true,
  /** Starts an engine. */
  start: name => told(async () => { read = await (name === "ours" ? ours() : peer(name)); }),
  /** Fetches a file. */
  load: file => told(async () => {
    bytes = new Uint8Array(await (await fetch(`rosters/${file}`)).arrayBuffer());
  }),
  /** Has it read, from handing it over to the answer: once. */
  read: () => told(async () => {
    const start = performance.now();
    const found = await read(bytes);
    return { ...found, ms: performance.now() - start };
  }),
};
