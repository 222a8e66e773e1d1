// The run inside this very page: everything is computed here, nothing is asked of anybody.
// remote.js has the same interface.

import { unpack } from "./bundle.js";
import { TitleCompletion } from "./completion.js";
import { Responder } from "./responder.js";
import { Writer } from "./writer.js";

const REVEAL = 8; // milliseconds a token, so that one sees an answer come

/** The bytes that a script element of the page carries in base64. */
function embedded(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export async function openLocal() {
  return new LocalRun(await unpack(embedded("run")));
}

export class LocalRun {
  constructor({ network, tokenizer, header }) {
    this.model = { network, tokenizer };
    this.header = header;
    this.responder = new Responder(header, new Writer(this.model));
    this.completion = new TitleCompletion(this.responder.titles);
  }

  async about() {
    return { ...this.header.about, here: true, can: { read: false, runs: false } };
  }

  async complete(text) {
    return this.completion.complete(text);
  }

  /** What a question means, then its answer piece by piece, then how it was checked. */
  async *ask(typed, { guess = false, before = [], signal } = {}) {
    const meaning = this.responder.understand(typed, before);
    yield { understood: this.responder.described(meaning, typed) };
    const began = performance.now();
    const answer = await this.responder.answer(meaning, typed, { guess, signal });
    if (!answer) return;
    const seconds = (performance.now() - began) / 1000;
    const { text, ids, verified, check } = answer;
    const words = text.match(/\S+\s*|\s+/g) ?? [];
    for (const piece of words) {
      yield { piece };
      await new Promise((resolve) => setTimeout(resolve, REVEAL));
      signal?.throwIfAborted();
    }
    yield { done: { ids, tokens: ids.length, seconds, verified, check } };
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
