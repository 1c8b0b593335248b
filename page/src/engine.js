// The worker as the page sees it: one question after the other, each within its time. A worker that overruns it, or
// breaks, is ended, and a new one takes its place; what the old one was told must be told again.

import { partsToTell, workerScript } from "./parts.js";

export class Lost extends Error {
  constructor(reason, detail = "") {
    super(`${reason} ${detail}`);
    this.reason = reason; // "time" or "crashed"
  }
}

export class Engine {
  #script;
  #worker;
  #waiting;
  #last = Promise.resolve();
  #tell;

  // `tell` is told each step of the start, in a sentence.
  constructor(tell) {
    this.#tell = tell;
  }

  async start() {
    this.#script ??= await workerScript();
    this.#worker = new Worker(this.#script);
    const started = new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#worker.onmessage = ({ data }) => {
      if (data.step) this.#tell(data.step);
      else if (data.broken !== undefined) this.#waiting.reject(new Lost("crashed", data.broken));
      else this.#waiting.resolve(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#waiting.reject(new Lost("crashed", event.message));
    };
    this.#worker.postMessage({ parts: partsToTell() });
    await started;
  }

  // Answers { told, files }; throws Lost where the worker had to be ended.
  ask(question, asked = {}, files = [], seconds = 60) {
    const answer = this.#last.then(() => this.#asked(question, asked, files, seconds));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #asked(question, asked, files, seconds) {
    if (!this.#worker) await this.start();
    let timer;
    try {
      const answer = await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        timer = setTimeout(() => reject(new Lost("time")), seconds * 1000);
        this.#worker.postMessage({ question, asked: JSON.stringify(asked), files });
      });
      return { told: JSON.parse(answer.text), files: answer.files };
    } catch (error) {
      this.#worker.terminate();
      this.#worker = null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
