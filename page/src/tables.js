// The form as it is printed, with what was handed in and where it is wrong; and the list of findings.

import { made, wide } from "./dom.js";
import { openCell } from "./cell.js";

export function findingsTable(drawn) {
  const rows = drawn.findings.map((finding) => {
    const [number, ...rest] = finding.texts;
    const first = finding.fields[0];
    const cells = rest.map((text, at) => {
      const shown = drawn.heads[at + 1] === "位置" && first ? made("button", { type: "button", class: "link", onclick: () => goTo(first) }, text) : text;
      return made("td", { "data-head": drawn.heads[at + 1] }, shown);
    });
    return made("tr", { class: finding.severity }, made("th", { scope: "row", "data-head": drawn.heads[0] }, number), ...cells);
  });
  const heads = drawn.heads.map((text) => made("th", { scope: "col" }, text));
  return made(
    "div",
    {},
    made("h3", { id: "findings-title" }, `问题清单（${rows.length} 条）`),
    made("table", { class: "findings", "aria-labelledby": "findings-title" }, made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...rows)),
  );
}

function goTo(key) {
  const cell = document.querySelector(`[data-key="${CSS.escape(key)}"] button`);
  cell?.scrollIntoView({ block: "center", inline: "center" });
  cell?.focus();
}

// `says` is what each colour means.
export function drawnTables(form, drawn, says) {
  const used = new Set(Object.values(drawn.colours));
  const legend = Object.entries(says).filter(([colour]) => used.has(colour));
  return [
    made("h3", { class: "screen" }, "填报的数字"),
    legend.length
      ? made("p", { class: "legend screen" }, ...legend.map(([colour, text]) => made("span", { class: `mark ${colour}` }, text)), "点有颜色的格，看哪里不对、怎样改")
      : null,
    ...form.tables.map((table) => drawnTable(table, drawn, says)),
  ].filter(Boolean);
}

function drawnTable(table, drawn, says) {
  const columns = table.widths.map((width) => {
    const column = made("col");
    column.style.width = `${width}em`;
    return column;
  });
  const rows = table.rows.map((cells) => made("tr", {}, ...cells.map((cell) => (cell.key ? field(cell, drawn, says) : label(cell)))));
  const sheet = made("table", { class: "sheet" }, made("caption", {}, table.title), made("colgroup", {}, ...columns), made("tbody", {}, ...rows));
  const box = wide(table.title, sheet);
  box.classList.add("screen");
  return box;
}

function spans(cell) {
  return { rowspan: cell.rows > 1 && cell.rows, colspan: cell.columns > 1 && cell.columns };
}

function label(cell) {
  return cell.head ? made("th", { scope: cell.head, ...spans(cell) }, cell.text) : made("td", spans(cell), cell.text);
}

function field(cell, drawn, says) {
  const text = drawn.values[cell.key] ?? "";
  const colour = drawn.colours[cell.key];
  const attributes = { "data-key": cell.key, ...spans(cell) };
  if (!colour) return made("td", { class: "field", ...attributes }, text);
  const spoken = `${drawn.places[cell.key]}，${text || "空"}，${says[colour]}`;
  const open = (event) => openCell(event.currentTarget, cell.key, drawn);
  return made("td", { class: `field ${colour}`, ...attributes }, made("button", { type: "button", "aria-label": spoken, "aria-haspopup": "dialog", onclick: open }, text || "（空）"));
}
