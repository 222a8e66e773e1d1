// The network as something that answers questions, at its own pace: it lets the browser paint and
// listen between two tokens.

import { argmax, logSumExp } from "./network.js";
import { wholeSentences } from "./verification.js";

const SLICE = 12; // milliseconds of computing between two pauses

const pause = () => new Promise((resolve) => setTimeout(resolve));

export class Writer {
  constructor({ network, tokenizer }, most = 256) {
    this.network = network;
    this.tokenizer = tokenizer;
    this.most = most; // tokens of an answer
  }

  prompt(question) {
    const { eot } = this.tokenizer;
    const ids = [eot, ...this.tokenizer.encode(question), eot];
    const { block_size } = this.network.config;
    if (ids.length < block_size) return ids;
    throw new Error(
      `The question is ${ids.length} tokens long, and this network reads ${block_size}: ` +
        "ask a shorter one.",
    );
  }

  write(question, signal) {
    return this.continue(this.prompt(question), [], this.most, signal);
  }

  /** Continue a prompt and the beginning of an answer by the likeliest tokens. */
  async continue(prompt, start, most, signal) {
    const ids = [...start];
    const logprobs = [];
    let logits = this.read([...prompt, ...ids]);
    let began = performance.now();
    let stopped = false;
    while (ids.length - start.length < most) {
      const id = argmax(logits);
      logprobs.push(logits[id] - logSumExp(logits));
      stopped = id === this.tokenizer.eot;
      if (stopped) break;
      ids.push(id);
      if (this.network.length >= this.network.config.block_size) break;
      if (ids.length - start.length < most) logits = this.network.read(id);
      if (performance.now() - began > SLICE) {
        await pause();
        began = performance.now();
        signal?.throwIfAborted();
      }
    }
    const text = this.tokenizer.decode(ids);
    return { ids, logprobs, stopped, text: stopped ? text : wholeSentences(text) };
  }

  /** Read a context anew; the logits of what follows it. */
  read(ids) {
    this.network.clear();
    let logits = null;
    ids.forEach((id, at) => {
      logits = this.network.read(id, { wanted: at === ids.length - 1 });
    });
    return logits;
  }
}
