// What is said of one cell: a strip at the foot of the window, which Escape closes.

import { byId, made, put } from "./dom.js";

let from = null;

export function openCell(button, key, drawn) {
  from = button;
  const at = (name) => drawn.heads.indexOf(name);
  const parts = drawn.findings
    .filter((finding) => finding.fields.includes(key))
    .map(({ texts, severity }) =>
      made(
        "div",
        { class: `said ${severity}` },
        made("p", {}, made("strong", {}, texts[at("规则")]), `：${texts[at("问题")]}`),
        texts[at("应为")] && made("p", {}, "应为：", made("strong", {}, texts[at("应为")])),
        made("p", {}, `怎样改：${texts[at("怎样改")]}`),
      ),
    );
  const value = drawn.values[key];
  byId("cell-title").textContent = `${drawn.places[key]}　${value ? `现为 ${value}` : "没有填"}`;
  put(byId("cell-says"), ...parts);
  byId("cell").hidden = false;
  byId("cell-title").focus();
}

function close() {
  byId("cell").hidden = true;
  from?.focus();
  from = null;
}

export function watchCell() {
  byId("cell-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("cell").hidden) close();
  });
}
