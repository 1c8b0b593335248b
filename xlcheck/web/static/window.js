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

// Files that are dropped anywhere on a page with one place for files go there.
document.addEventListener("dragover", (event) => {
  if (document.querySelectorAll(".drop input[type=file]").length === 1) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const inputs = document.querySelectorAll(".drop input[type=file]");
  if (inputs.length !== 1 || event.target === inputs[0] || !event.dataTransfer.files.length) return;
  event.preventDefault();
  inputs[0].files = event.dataTransfer.files;
  inputs[0].focus();
});
