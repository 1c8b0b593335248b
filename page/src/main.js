// The page: what is chosen, what is asked of the worker, and what is shown.

import { Batch } from "./batch.js";
import { watchCell } from "./cell.js";
import { byId, made, put, save } from "./dom.js";
import { Engine } from "./engine.js";
import { ofDrop, ofInput, ofPicker } from "./given.js";
import { Results } from "./results.js";

const say = (text) => (byId("progress").textContent = text);
const READY = "准备好了，可以核对";

async function start() {
  const engine = new Engine(say);
  const known = (await engine.ask("welcome", {}, [], 600)).told;
  const batch = new Batch(engine, known);
  const results = new Results(known, (all, files) => batch.pack(all, files));
  byId("version").textContent = known.version;
  watchTemplate(engine, known);
  watchLastYear(batch);
  const units = watchUnits();
  watchFiles(batch, results, units);
  watchCell();
  for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
  say(READY);
}

// --- checking --------------------------------------------------------------------------------------------------------

function watchFiles(batch, results, units) {
  let busy = false;
  const check = async (given, whole) => {
    const against = units();
    if (!given.length || busy || against.year === undefined) return;
    busy = true;
    byId("stop").hidden = false;
    results.begin();
    let of = 1;
    const told = await batch.run(given, { ...against, whole }, (heard) => {
      if (heard.planned) of = heard.planned.jobs.length;
      if (heard.checking) say(heard.of > 1 ? `正在核对第 ${heard.number} 个，共 ${heard.of} 个：${heard.checking}` : `正在核对：${heard.checking}`);
      if (heard.checked) results.add(heard.checked, of);
    });
    if (told.trouble) results.trouble(told.trouble);
    else results.end(told);
    byId("stop").hidden = true;
    busy = false;
    say(told.trouble ?? done(told.results, results));
    byId("results").focus();
  };
  const guarded = (given, whole) => check(given, whole).catch(broken);
  byId("choose").addEventListener("click", () => byId("files").click());
  byId("choose-folder").addEventListener("click", async () => {
    const given = await ofPicker();
    if (given) guarded(given, true);
    else byId("folder").click();
  });
  byId("stop").addEventListener("click", () => batch.stop());
  watchInput("files", (given) => guarded(given, false));
  watchInput("folder", (given) => guarded(given, true));
  watchDrop("drop", (given) => guarded(given, given.some(({ path }) => path.includes("/"))));
}

function done(results, shown) {
  if (results.length !== 1) return `核对完了，共 ${results.length} 个文件`;
  return `核对完了：${results[0].path} ${shown.verdict(results[0])}`;
}

function watchInput(id, use) {
  byId(id).addEventListener("change", (event) => {
    const given = ofInput(event.target);
    event.target.value = ""; // so that the same file can be chosen again
    use(given);
  });
}

function watchDrop(id, use) {
  const zone = byId(id);
  const over = (is) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", is);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", async (event) => {
    over(false)(event);
    use(await ofDrop(event.dataTransfer));
  });
}

// --- what it is compared with --------------------------------------------------------------------------------------------

function watchLastYear(batch) {
  const add = async (given) => {
    if (!given.length) return;
    say("正在读取上年的表…");
    const lines = await batch.addLastYear(given);
    byId("last-list").append(
      ...lines.map(({ path, unit, year, readable }) =>
        made("li", {}, readable ? `${unit || "（没有填单位）"} ${year ? `${year} 年` : "（没有填年度）"}　${path}` : `${path}　不是可以读取的报送表，没有用于比对`),
      ),
    );
    byId("clear-last").hidden = false;
    say(READY);
  };
  byId("choose-last").addEventListener("click", () => byId("last").click());
  byId("clear-last").addEventListener("click", async () => {
    await batch.clearLastYear();
    put(byId("last-list"));
    byId("clear-last").hidden = true;
    byId("choose-last").focus();
  });
  watchInput("last", (given) => add(given).catch(broken));
  watchDrop("drop-last", (given) => add(given).catch(broken));
}

function watchUnits() {
  let chosen = null;
  const choose = (file) => {
    chosen = file;
    byId("units-name").textContent = file ? file.name : "";
    byId("clear-units").hidden = !file;
  };
  byId("choose-units").addEventListener("click", () => byId("units").click());
  byId("clear-units").addEventListener("click", () => {
    choose(null);
    byId("choose-units").focus();
  });
  watchInput("units", ([one]) => one && choose(one.file));
  return () => ({ units: chosen, year: yearIn("collected") });
}

// The year in a field; null where it is empty, and undefined, which is told, where it is none.
function yearIn(id) {
  const text = byId(id).value.trim();
  if (!text) return null;
  if (/^20\d\d$/.test(text) && Number(text) >= 2008) return Number(text);
  say(`年度要填四位数字，例如 ${new Date().getFullYear()}`);
  byId(id).focus();
  return undefined;
}

// --- the template ----------------------------------------------------------------------------------------------------------

function watchTemplate(engine, known) {
  put(byId("template-form"), ...known.forms.map((form) => made("option", { value: form.id }, form.title)));
  byId("template").addEventListener("submit", async (event) => {
    event.preventDefault();
    const year = yearIn("template-year");
    if (year === undefined) return;
    const asked = { form: byId("template-form").value, unit: byId("template-unit").value, year };
    const { told, files } = await engine.ask("template", asked);
    if (told.trouble) say(told.trouble);
    else {
      save(told.name, files[0]);
      say(`已生成“${told.name}”`);
    }
  });
}

// --- the page itself -------------------------------------------------------------------------------------------------------

function broken(error) {
  console.error(error);
  say("程序出了意外，没有完成；请刷新本页再试，还不行的话换用新版的 Edge 或 Chrome");
}

// A file that is dropped beside its place would be opened in place of the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

if (document.documentElement.className !== "old") {
  start().catch(broken);
}
