// The results: of all files a table, of one file its verdict, its findings and its tables.

import { byId, made, put, save, wide } from "./dom.js";
import { drawnTables, findingsTable } from "./tables.js";

const EXCEL = "下载审核副本";
const SKIPPED = "未核对";

export class Results {
  #known;
  #pack;
  #chosen = null;
  #rows = new Map();

  // `pack` makes one zip of results and files.
  constructor(known, pack) {
    this.#known = known;
    this.#pack = pack;
  }

  begin() {
    this.#rows.clear();
    this.#chosen = null;
    put(byId("batch"));
    put(byId("file"));
    byId("results").hidden = false;
    byId("cell").hidden = true;
  }

  trouble(text) {
    put(byId("batch"), made("p", { class: "trouble", role: "alert" }, text));
  }

  // One more file is checked: it is shown at once where it is the only one, and else in the table.
  add(result, of) {
    if (of === 1) this.show(result);
    else this.#body().append(this.#row(result));
  }

  end({ results, notices, files, stopped }) {
    const parts = [];
    if (results.length > 1) parts.push(this.#counts(results, stopped), this.#takeHome(results, files));
    else if (files.length) parts.push(this.#takeHome(results, files));
    if (notices.length) parts.push(this.#notices(notices));
    byId("batch").prepend(...parts);
    const first = results.find((one) => one.conclusion !== "passed") ?? results[0];
    if (first && !this.#chosen) this.show(first);
  }

  show(result) {
    this.#chosen = result;
    byId("cell").hidden = true;
    for (const [one, row] of this.#rows) row.classList.toggle("chosen", one === result);
    put(byId("file"), this.#head(result), ...this.#told(result));
  }

  // --- all files -------------------------------------------------------------------------------------------------------

  #body() {
    if (!this.#rows.size) {
      const heads = ["结论", "文件", "单位", "年度", "强制性", "核实性", "审核副本"];
      put(
        byId("batch"),
        wide(
          "各个文件的结论",
          made("table", { class: "files" }, made("thead", {}, made("tr", {}, ...heads.map(head))), made("tbody", { id: "files-body" })),
        ),
      );
    }
    return byId("files-body");
  }

  #row(result) {
    const { entry, errors, warnings } = result;
    const copy = result.copy ? made("button", { type: "button", onclick: () => save(result.copy, result.bytes), "aria-label": `${EXCEL}：${result.path}` }, "下载") : "";
    const row = made(
      "tr",
      {},
      made("td", { class: `verdict ${result.conclusion}` }, this.verdict(result)),
      made("th", { scope: "row" }, made("button", { type: "button", class: "link", onclick: () => this.#open(result) }, result.path)),
      ...[entry.unit, entry.year ?? "", errors, warnings].map((text) => made("td", {}, String(text))),
      made("td", {}, copy),
    );
    this.#rows.set(result, row);
    return row;
  }

  #open(result) {
    this.show(result);
    byId("file-title").focus();
  }

  #counts(results, stopped) {
    const checked = results.filter((one) => !one.skipped);
    const parts = Object.entries(this.#known.conclusions)
      .filter(([name]) => name !== "missing")
      .map(([name, says]) => `${says} ${checked.filter((one) => one.conclusion === name).length}`);
    if (checked.length < results.length) parts.push(`${SKIPPED} ${results.length - checked.length}`);
    return made("p", { class: "counts" }, `${stopped ? "已停止，只核对了" : "共"} ${results.length} 个文件：${parts.join("，")}`);
  }

  #takeHome(results, files) {
    const summary = files.find((one) => one.name.endsWith(".xlsx"));
    const copies = results.filter((one) => one.copy).length;
    const zip = async (event) => {
      event.target.disabled = true;
      save("审核结果.zip", await this.#pack(results, files));
      event.target.disabled = false;
    };
    return made(
      "p",
      { class: "buttons" },
      summary && made("button", { type: "button", class: "first", id: "get-summary", onclick: () => save(summary.name, summary.bytes) }, "下载审核汇总"),
      made("button", { type: "button", id: "get-all", onclick: zip }, `下载全部（${copies} 份审核副本${summary ? "和审核汇总" : ""}，一个压缩包）`),
    );
  }

  // What the command would be told by an option is told here in a field of the page.
  #notices(texts) {
    const told = (text) => Object.entries(this.#known.words).reduce((said, [option, field]) => said.replaceAll(option, field), text);
    return made("ul", { class: "notices" }, ...texts.map((text) => made("li", {}, told(text))));
  }

  verdict(result) {
    return result.skipped ? SKIPPED : this.#known.conclusions[result.conclusion];
  }

  // --- one file --------------------------------------------------------------------------------------------------------

  #head(result) {
    return made(
      "div",
      { class: "head" },
      made("h3", { id: "file-title", tabindex: "-1" }, result.path),
      made("p", { class: `verdict ${result.conclusion}` }, this.verdict(result)),
      made(
        "p",
        { class: "buttons" },
        result.copy && made("button", { type: "button", class: "first", id: "get-copy", onclick: () => save(result.copy, result.bytes) }, EXCEL),
        made("button", { type: "button", onclick: () => window.print() }, "打印结论和问题清单"),
      ),
    );
  }

  #told(result) {
    const { drawn, entry, trouble } = result;
    const notices = [...(entry.notices ?? []), trouble].filter(Boolean);
    const parts = [];
    if (!drawn) return [...entry.findings.map((one) => made("p", { class: "trouble" }, `${one.code} ${one.message}`))];
    parts.push(made("dl", {}, ...drawn.lines.flatMap(([label, text]) => [made("dt", {}, label), made("dd", {}, text)])));
    if (notices.length) parts.push(this.#notices(notices));
    if (drawn.findings.length) parts.push(findingsTable(drawn));
    const form = this.#known.forms.find((one) => one.id === drawn.form);
    if (form && Object.keys(drawn.values).length) parts.push(...drawnTables(form, drawn, this.#known.marks));
    return parts;
  }
}

const head = (text) => made("th", { scope: "col" }, text);
