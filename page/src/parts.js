// Where the worker and what it starts from come from: out of this very page, or from beside it on its server.
// SITE is set when the page is built: null, or the names of the files.

const NAMES = ["wasm", "stdlib", "packages"];

// Base 85 as Python's b85encode writes it, with other signs for those that mean something in HTML (page/bundle.py).
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%/()*+-;,=.?@^_`{|}~";

export function decoded(text) {
  const values = new Uint8Array(128).fill(84);
  for (let at = 0; at < SIGNS.length; at++) values[SIGNS.charCodeAt(at)] = at;
  const groups = Math.ceil(text.length / 5);
  const whole = text.padEnd(groups * 5, "~");
  const bytes = new DataView(new ArrayBuffer(groups * 4));
  for (let group = 0; group < groups; group++) {
    let number = 0;
    for (let at = group * 5; at < group * 5 + 5; at++) number = number * 85 + values[whole.charCodeAt(at)];
    bytes.setUint32(group * 4, number);
  }
  return new Uint8Array(bytes.buffer, 0, groups * 4 - (whole.length - text.length));
}

const held = (name) => document.getElementById(`part-${name}`).textContent;

// The address of the worker's script: a blob, so that the page's policy holds for it, too.
export async function workerScript() {
  const script = SITE ? await fetch(SITE.worker) : new Response(new Blob([decoded(held("worker"))]).stream().pipeThrough(new DecompressionStream("gzip")));
  return URL.createObjectURL(new Blob([await script.arrayBuffer()], { type: "text/javascript" }));
}

// What the worker is told of the parts: texts that it decodes, or addresses that it fetches.
export function partsToTell() {
  return NAMES.map((name) => (SITE ? { url: new URL(SITE[name], document.baseURI).href } : { text: held(name) }));
}
