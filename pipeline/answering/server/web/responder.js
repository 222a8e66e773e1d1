// A typed question → a reply: understood, asked of the network in trained words, and checked
// against the digests of what was read before anything is shown. Equal to
// pipeline/answering/responder.py.

import { SOMETHING_ELSE, topicAfter } from "./meaning.js";
import { oneLine } from "./normalize.js";
import { Phrasebook } from "./phrasebook.js";
import { checkOf, remarkOf, talkOf } from "./remarks.js";
import { Retry } from "./retry.js";
import { RunIndex } from "./run_index.js";
import { understand } from "./understanding.js";
import { isVerified, verifiedLength } from "./verification.js";

const MOST_OFFERED = 4; // questions about a page
const UNREAD = ["not_read", "no_topic", "held_out", "read_but_not_that"];

export class Responder {
  /** `writer`: a Writer; `phrasings`: { question: other forms in which it may be asked again }. */
  constructor({ index, language, phrasings }, writer) {
    this.index = new RunIndex(index);
    this.phrasebook = new Phrasebook(language);
    this.phrasings = phrasings;
    this.writer = writer;
  }

  get titles() {
    return this.index.pages.filter((page) => !page.held_out).map((page) => page.title);
  }

  /** What a question means, after others in the same conversation. */
  understand(typed, before = []) {
    let topic = null;
    for (const earlier of before) {
      topic = topicAfter(understand(earlier, this.index, this.phrasebook, topic), topic);
    }
    return understand(typed, this.index, this.phrasebook, topic);
  }

  /** What is told of it before the answer. */
  described(meaning, typed) {
    const { outcome, pages, questions, about } = meaning;
    const { language } = this.phrasebook;
    let say = "";
    if (outcome === "small_talk") say = talkOf(meaning, language, this.index.read);
    else say = remarkOf(meaning, typed, language);
    const isFact = outcome === "read_but_not_that" && meaning.kind !== SOMETHING_ELSE;
    if (isFact && !this.index.read.has_facts) say += ` ${language.says["no facts"]}`;
    return {
      sure: outcome, say, typed, about,
      question: questions[0]?.text ?? typed,
      sources: questions.length ? pages.map(sourceOf) : [],
      choices: choicesOf(meaning),
    };
  }

  /**
   * The answer to what was understood: { text, ids, verified, check }, or null where there is none.
   * `guess`: let the network guess what was not read.
   */
  async answer(meaning, typed, { guess = false, signal } = {}) {
    const asked = meaning.questions.map(({ text, digests }) => ({ text, digests }));
    const guessed = !asked.length && guess && UNREAD.includes(meaning.outcome);
    if (guessed) asked.push({ text: oneLine(typed), digests: null });
    if (!asked.length) return null;
    const said = [];
    for (const { text, digests } of asked) {
      const first = await this.writer.write(text, signal);
      const right = digests === null || isVerified(first.text, digests);
      said.push(right ? first : await this.right(text, digests, first, signal));
    }
    const verified =
      !guessed && said.every(({ text }, at) => isVerified(text, asked[at].digests));
    const text = said.map((each) => each.text).join("\n");
    const check = checkOf({ verified, guess: guessed }, this.phrasebook.language);
    return { text, ids: said.flatMap((each) => each.ids), verified, check };
  }

  /** A right answer in place of a wrong one, where one is found. */
  async right(question, digests, first, signal) {
    const forms = this.phrasings[question] ?? [question];
    const rightLength = (text) => verifiedLength(text, digests);
    return (await new Retry(this.writer, rightLength, signal).find(forms, first)) ?? first;
  }
}

function sourceOf({ title, url, revid, licence }) {
  return { title, url, revid, licence };
}

/** What can be asked instead: pages, or what is known of the page. */
function choicesOf({ outcome, pages }) {
  let texts = ["several", "not_read"].includes(outcome) ? pages.map(({ title }) => title) : [];
  if (outcome === "read_but_not_that") {
    texts = pages[0].questions.slice(0, MOST_OFFERED).map(({ text }) => text);
  }
  return texts.map((text) => ({ label: text, question: text }));
}
