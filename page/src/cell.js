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
        made("p", {}, made("strong", {}, `第 ${texts[0]} 条　${texts[at("规则")]}`), `：${texts[at("问题")]}`),
        texts[at("应为")] && made("p", { class: "should" }, ...shouldBe(texts[at("应为")])),
        made("p", {}, `怎样改：${texts[at("怎样改")]}`),
      ),
    );
  const value = drawn.values[key];
  byId("cell-title").textContent = `${drawn.places[key]}　${value ? `现为 ${value}` : "没有填"}`;
  put(byId("cell-says"), ...parts);
  byId("cell").hidden = false;
  byId("cell-title").focus();
}

// A number that must stand there, a cell that is suspected, or all that may be wrong.
function shouldBe(text) {
  if (text.startsWith("可能")) return [text];
  return [text.includes("应为") ? "疑为：" : "应为：", made("strong", {}, text)];
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
