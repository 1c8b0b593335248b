// What makes the window handier where scripts run; every page does its work without.
"use strict";

// 复制正文: the text of the box that the button names.
async function copied(button) {
  const box = document.getElementById(button.dataset.copies);
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    document.execCommand("copy"); // there is no clipboard over plain HTTP
  }
  button.textContent = "已复制";
}

// The cells that one line of the list is about, and back.
function showCells(line) {
  for (const cell of document.querySelectorAll(".field.shown")) cell.classList.remove("shown");
  for (const link of line.querySelectorAll(".places a")) document.getElementById(link.hash.slice(1))?.classList.add("shown");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copies]");
  if (button) copied(button);
  const all = event.target.closest("button[data-all]");
  if (all) for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.value === "1";
});

addEventListener("hashchange", () => {
  const line = document.querySelector(".said:target");
  if (line) showCells(line);
});

// --- what was done is told to those who do not see it --------------------------------------------------------------

// Where an address leads to a place within the page, the browser goes there, not to the sentence at its head.
const heard = document.getElementById("heard");
const said = document.querySelector(".just");
if (said && location.hash) {
  const text = said.textContent;
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 100); // what changes is read out
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("button")) heard.textContent = "正在核对，请稍候";
});
document.addEventListener("htmx:afterSettle", (event) => {
  heard.textContent = event.target.querySelector("[data-heard]")?.textContent ?? "";
});
document.addEventListener("htmx:sendError", (event) => {
  const told = document.createElement("p");
  told.className = "told bad";
  told.tabIndex = -1;
  told.textContent = "没有连上服务器，什么也没有提交；请检查网络后再试一次。";
  event.detail.target.replaceChildren(told);
  told.focus();
});

// What was chosen stands beside our own button; without scripts the browser says so in its own words.
document.documentElement.classList.add("scripted");

function tellChosen(input) {
  const names = Array.from(input.files, (file) => file.name);
  const some = names.slice(0, 3).join("、");
  const more = names.length > 3 ? `${some} 等` : some;
  input.parentElement.querySelector("output").textContent = names.length > 1 ? `${names.length} 个文件：${more}` : more || "没有选择";
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick input")) tellChosen(event.target);
});
addEventListener("pageshow", () => document.querySelectorAll(".pick input").forEach(tellChosen)); // after going back

// Files and folders that are dropped anywhere on a page with one place for files go there.
const placeForFiles = () => {
  const inputs = document.querySelectorAll(".drop .pick input:not([webkitdirectory])");
  return inputs.length === 1 ? inputs[0] : null;
};

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const each of some) found.push(...(await filesIn(each)));
  }
}

async function dropped(transfer, input) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
  const kept = new DataTransfer();
  for (const entry of entries) for (const file of await filesIn(entry)) kept.items.add(file);
  if (!kept.files.length) return;
  input.files = kept.files;
  input.focus();
  tellChosen(input);
}

document.addEventListener("dragover", (event) => {
  if (placeForFiles()) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const input = placeForFiles();
  if (!input || !event.dataTransfer.items.length) return;
  event.preventDefault();
  dropped(event.dataTransfer, input);
});
