// The run inside this very page: everything is computed here, nothing is asked of anybody.
// remote.js has the same interface.

import { unpack } from "./bundle.js";
import { TitleCompletion } from "./completion.js";
import { generate } from "./network.js";
import { Understanding } from "./understanding.js";

const MAX_ANSWER = 256; // tokens

/** The bytes that a script element of the page carries in base64. */
function embedded(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Let the browser paint and listen. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

export async function openLocal() {
  return new LocalRun(await unpack(embedded("run")));
}

export class LocalRun {
  constructor({ network, tokenizer, header }) {
    this.model = { network, tokenizer };
    this.header = header;
    this.understanding = new Understanding(header.sources);
    this.completion = new TitleCompletion(header.sources.map((source) => source.title));
  }

  async about() {
    return { ...this.header.about, can: { read: false, runs: false } };
  }

  async complete(text) {
    return this.completion.complete(text);
  }

  /** What a question means, then its answer piece by piece, then how it was checked. */
  async *ask(typed, { guess = false, signal } = {}) {
    const understood = this.understanding.understand(typed);
    yield { understood };
    if (understood.sure === "not_read" && !guess) return;
    yield* this.answer(understood, signal);
  }

  async *answer(understood, signal) {
    const { network, tokenizer } = this.model;
    const prompt = [tokenizer.eot, ...tokenizer.encode(understood.question), tokenizer.eot];
    if (prompt.length >= network.config.block_size) {
      yield { error: `That is longer than the ${network.config.block_size} tokens it can read.` };
      return;
    }
    const began = performance.now();
    const take = tokenizer.decodeStream();
    const ids = [];
    let painted = began;
    for (const { id } of generate(network, prompt, { stop: tokenizer.eot, most: MAX_ANSWER })) {
      ids.push(id);
      const piece = take(id);
      if (piece) yield { piece };
      if (performance.now() - painted > 12) {
        await pause();
        painted = performance.now();
      }
      if (signal?.aborted) return;
    }
    const seconds = (performance.now() - began) / 1000;
    yield { done: { ids, tokens: ids.length, seconds, verified: null } };
  }

  async learning() {
    return this.header.learning;
  }

  async ledger() {
    return this.header.ledger;
  }

  /** The network itself, for looking inside. */
  async open() {
    return this.model;
  }
}
