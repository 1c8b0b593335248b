// The worker: Python in WebAssembly, which answers the page's questions (xlcheck/page/desk.py).
// Once it has started it asks for nothing from outside: Pyodide gets what it fetches out of the parts.

import "./classic.js"; // before Pyodide looks

import { cbc, ecb } from "@noble/ciphers/aes.js";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { loadPyodide } from "pyodide/pyodide.mjs";
import { decoded } from "./parts.js";

const NOWHERE = "https://page.invalid/"; // is never asked
const WASM = { headers: { "content-type": "application/wasm" } };
const LOCK = {
  info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2", version: "314.0.7" },
  packages: {},
};
const BEGIN = `
import importlib, pathlib
importlib.invalidate_caches()
from xlcheck.page.desk import PageDesk
PageDesk(pathlib.Path("/xlcheck")).answer
`;

// For page/cryptography.py, which is asked of files that are locked with the default password.
const WHOLE = { disablePadding: true };
const CIPHERS = {
  ecb: (key, data) => ecb(key, WHOLE).decrypt(data),
  cbc: (key, vector, data) => cbc(key, vector, WHOLE).decrypt(data),
};

let ask;

async function start(parts, tell) {
  tell("正在读取程序…");
  const really = self.fetch;
  const [wasm, stdlib, packages] = parts.map((part) => (part.url ? really(part.url) : inflated(decoded(part.text))));
  const known = new Map([
    ["pyodide.asm.wasm", async () => compilable(await wasm)],
    ["python_stdlib.zip", async () => (parts[1].url ? inflated(await (await stdlib).arrayBuffer()) : stdlib)],
  ]);
  self.fetch = async (url) => {
    const answer = known.get(String(url).slice(NOWHERE.length));
    if (!answer) throw new TypeError("nothing is fetched");
    return answer();
  };
  const python = await loadPyodide({ indexURL: NOWHERE, lockFileContents: LOCK, createPyodideModule });
  tell("正在准备核对规则…");
  const got = await packages;
  const bytes = await (parts[2].url ? inflated(await got.arrayBuffer()) : got).arrayBuffer();
  unpack(python.FS, new Uint8Array(bytes), "/lib/python3.14/site-packages");
  self.xlcheck_ciphers = CIPHERS;
  const answer = python.runPython(BEGIN);
  return (question, asked, files) => answer(question, asked, python.toPy(files));
}

function inflated(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

// Not every server knows what a .wasm file is.
function compilable(response) {
  return response.headers.get("content-type") === "application/wasm" ? response : new Response(response.body, WASM);
}

// A line of JSON with paths and sizes, then the bytes (page/parts.py).
function unpack(FS, bytes, folder) {
  const end = bytes.indexOf(10);
  let at = end + 1;
  for (const [path, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)))) {
    const place = `${folder}/${path}`;
    FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
    FS.writeFile(place, bytes.subarray(at, at + size));
    at += size;
  }
}

function answered({ question, asked, files }) {
  const told = ask(question, asked, files);
  const [text, made] = told.toJs();
  told.destroy();
  return { text, files: made };
}

self.onmessage = async ({ data }) => {
  try {
    if (data.parts) {
      ask = await start(data.parts, (step) => self.postMessage({ step }));
      self.postMessage({ ready: true });
    } else {
      const answer = answered(data);
      self.postMessage(answer, answer.files.map((file) => file.buffer));
    }
  } catch (error) {
    self.postMessage({ broken: String(error?.message ?? error).slice(-2000) });
  }
};
