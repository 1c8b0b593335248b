// Checking what was given: a plan, one file after the other, and what the whole comes to. Knows no elements.

import { bytesOf } from "./given.js";
import { Lost } from "./engine.js";

const COPY = /\.(审核|建议)\./;

export class Batch {
  #engine;
  #known;
  #lastYear = [];
  #planned = null;
  #stopped = false;

  // `known` is what the worker said in its welcome.
  constructor(engine, known) {
    this.#engine = engine;
    this.#known = known;
  }

  // --- last year ---------------------------------------------------------------------------------------------------

  // Answers one line for each file: { path, unit, year, readable }.
  async addLastYear(given) {
    const lines = [];
    for (const one of given) {
      const line = await this.#tellLastYear(one);
      if (line.readable) this.#lastYear.push(one);
      lines.push({ path: one.path, ...line });
    }
    return lines;
  }

  async clearLastYear() {
    this.#lastYear = [];
    await this.#engine.ask("forget_last_year");
  }

  async #tellLastYear({ path, file }) {
    const bytes = await bytesOf(file, this.#known.file_bytes);
    if (!bytes) return { readable: false };
    try {
      return (await this.#engine.ask("last_year", { path, modified: file.lastModified / 1000 }, [bytes])).told;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await this.#again();
      return { readable: false };
    }
  }

  // --- checking ----------------------------------------------------------------------------------------------------

  // Checks all of it. `tell` hears { planned }, { checking, number, of }, { checked } for each file, and answers come
  // back when all are done: { trouble } or { results, notices, files } with the files that the whole leaves.
  async run(given, { units, year, whole }, tell) {
    this.#stopped = false;
    this.#planned = { given, units, year, whole };
    const { told: plan } = await this.#plan();
    if (plan.trouble) return { trouble: plan.trouble };
    tell({ planned: plan });
    const results = [];
    for (const [job, position] of plan.jobs.entries()) {
      if (this.#stopped) break;
      const one = given[position];
      tell({ checking: one.path, number: job + 1, of: plan.jobs.length });
      const result = { path: one.path, ...(await this.#check(job, one)) };
      results.push(result);
      tell({ checked: result });
    }
    const told = { results, notices: plan.notices, stopped: this.#stopped, files: [] };
    const isWhole = plan.jobs.length > 1 || whole || units;
    return isWhole && !this.#stopped ? { ...told, ...(await this.#sumUp(results, plan.notices)) } : told;
  }

  stop() {
    this.#stopped = true;
  }

  // One zip of the copies and of what the whole leaves.
  async pack(results, files) {
    const all = [...files, ...results.filter((one) => one.copy).map((one) => ({ name: one.below, bytes: one.bytes }))];
    const packed = await this.#engine.ask("pack", { names: all.map((one) => one.name) }, all.map((one) => one.bytes), 600);
    return packed.files[0];
  }

  async #plan() {
    const { given, units, year, whole } = this.#planned;
    const files = given.map(({ path, file }) => ({ path, modified: file.lastModified / 1000, sent: COPY.test(path) }));
    const sent = [];
    for (const [at, one] of files.entries()) if (one.sent) sent.push((await this.#bytes(given[at].file)) ?? new Uint8Array());
    if (units) sent.push(await this.#bytes(units));
    return this.#engine.ask("plan", { files, whole: Boolean(whole), units: Boolean(units), year: year ?? null }, sent, 600);
  }

  // A crash may be another file's fault: the second time it is alone in a new worker.
  async #check(job, { file }) {
    const bytes = await this.#bytes(file);
    let reason = "crashed";
    for (let time = 0; time < 2 && bytes; time++) {
      try {
        const { told, files } = await this.#engine.ask("check", { job }, [bytes], this.#known.seconds);
        return this.#result(told, files[0]);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await this.#again();
        reason = error.reason;
        if (reason === "time") break;
      }
    }
    return this.#result((await this.#engine.ask("lost", { job, reason: bytes ? reason : "gone" })).told);
  }

  #result(told, bytes) {
    return { ...told, entry: JSON.parse(told.entry), bytes };
  }

  #bytes(file) {
    return bytesOf(file, this.#known.file_bytes);
  }

  async #sumUp(results, notices) {
    const { told, files } = await this.#engine.ask("sum_up", { told: results.map((one) => one.told) }, [], 600);
    if (told.trouble) return { notices: [...notices, told.trouble] };
    return {
      notices: [...notices, ...told.notices],
      files: told.names.map((name, at) => ({ name, bytes: files[at] })),
      summary: told.summary,
    };
  }

  // A new worker is told what the one before knew.
  async #again() {
    for (const one of this.#lastYear) await this.#tellLastYear(one);
    if (this.#planned) await this.#plan();
  }
}
