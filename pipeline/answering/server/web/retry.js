// Other answers, where the likeliest one is not right: to the question in other phrasings, and with
// the second choice where the network was least certain. Equal to model/inference/retry.py.

const PLACES = 8; // least certain places of an answer, at which the second choice is tried
const ROUNDS = 2; // times that this is done, each time with the best answer so far

export class Retry {
  /** `rightLength`: how many characters of a text, from its beginning, are right. */
  constructor(writer, rightLength, signal) {
    this.writer = writer;
    this.rightLength = rightLength;
    this.signal = signal;
  }

  /** A right answer to a question that is given in several forms; null where none is found. */
  async find(forms, first) {
    const prompts = forms.map((form) => this.writer.prompt(form));
    let best = first;
    for (const prompt of prompts.slice(1)) {
      const other = await this.writer.continue(prompt, [], this.writer.most, this.signal);
      if (this.rightIds(other) > this.rightIds(best)) best = other;
    }
    for (let round = 0; round < ROUNDS && !this.isRight(best); round++) {
      for (const branch of await this.branches(prompts[0], best)) {
        if (this.rightIds(branch) > this.rightIds(best)) best = branch;
      }
    }
    return this.isRight(best) ? best : null;
  }

  isRight(answer) {
    return answer.ids.length > 0 && this.rightIds(answer) === answer.ids.length;
  }

  /** How many ids make up the part of their text that is right. */
  rightIds(answer) {
    answer.rightIds ??= this.countRight(answer);
    return answer.rightIds;
  }

  countRight({ ids, text }) {
    const length = this.rightLength(text);
    if (length >= text.trimEnd().length) return ids.length;
    let count = 0;
    const take = this.writer.tokenizer.decodeStream();
    let written = 0;
    for (const id of ids) {
      written += take(id).length;
      if (written > length) return count;
      count++;
    }
    return count;
  }

  /** Answers that begin as this one and take the second choice at one of its doubtful places. */
  async branches(prompt, answer) {
    const { writer } = this;
    const { eot } = writer.tokenizer;
    const room = Math.min(
      answer.logprobs.length,
      writer.network.config.block_size - prompt.length - 1,
    );
    const start = this.rightIds(answer);
    const places = Array.from({ length: Math.max(0, room - start) }, (_, at) => start + at);
    places.sort((a, b) => answer.logprobs[a] - answer.logprobs[b]);
    const branches = [];
    for (const place of places.slice(0, PLACES)) {
      const before = answer.ids.slice(0, place);
      const second = secondChoice(writer.read([...prompt, ...before]), answer.ids[place] ?? eot);
      if (second === eot) continue;
      const most = Math.max(1, writer.most - answer.ids.length);
      const branch = await writer.continue(prompt, [...before, second], most, this.signal);
      branch.logprobs = [...answer.logprobs.slice(0, place + 1), ...branch.logprobs];
      branches.push(branch);
    }
    return branches;
  }
}

/** The likeliest id that was not chosen. */
function secondChoice(logits, chosen) {
  let best = -1;
  for (let id = 0; id < logits.length; id++) {
    if (id !== chosen && (best < 0 || logits[id] > logits[best])) best = id;
  }
  return best;
}
