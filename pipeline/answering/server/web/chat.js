// The conversation: welcome, questions and answers, and the box below them.

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { Answer, readingNote } from "./message.js";

export class Chat {
  constructor(backend, about, conversations, { changed, learnt }) {
    this.backend = backend;
    this.about = about;
    this.conversations = conversations;
    this.changed = changed;
    this.learnt = learnt; // called when a page has been read
    this.running = null; // the AbortController of the answer that is being written
    this.log = h("div", { class: "log", role: "log", "aria-label": "Conversation" });
    this.composer = new Composer({
      complete: (text) => backend.complete(text),
      send: (text) => this.ask(text),
      stop: () => this.running?.abort(),
    });
    this.panel = h("div", { class: "chat" }, this.log,
      h("div", { class: "dock" }, this.composer.element, this.footnote()));
    this.start();
  }

  footnote() {
    const words = this.about.here
      ? "Everything is computed in this page. Nothing you type leaves it."
      : "It answers from what it has read, and says when it has not.";
    return h("p", { class: "footnote" }, words);
  }

  /** A new conversation. */
  start() {
    this.running?.abort();
    this.conversation = { id: Date.now(), title: "", turns: [] };
    this.log.replaceChildren(this.welcome());
    this.changed();
  }

  /** An earlier conversation, as it was. */
  resume(conversation) {
    this.running?.abort();
    this.conversation = conversation;
    this.log.replaceChildren();
    for (const { typed, events } of conversation.turns) {
      const answer = this.show(typed, {});
      events.forEach((event) => answer.take(event));
      answer.finish();
    }
    this.changed();
  }

  welcome() {
    const { subject, welcome, examples, can } = this.about;
    const unread = can.read
      ? "Ask about anything else, and it says that it has not read it; one click, and it reads it."
      : "Ask about anything else, and it says that it has not read it.";
    const groups = examples.map(({ kind, questions }) =>
      h("section", {}, h("h3", {}, kind),
        questions.map((question) =>
          h("button", { type: "button", onclick: () => this.ask(question) }, question))));
    return h("div", { class: "welcome" },
      h("h2", {}, subject),
      h("p", {}, welcome, " ", unread),
      h("div", { class: "examples" }, groups));
  }

  /** Show a question and the beginning of its answer. */
  show(typed, options) {
    this.log.querySelector(".welcome")?.remove();
    const answer = new Answer({
      ask: (question, more) => this.ask(question, more),
      read: this.about.can.read ? (title, asked) => this.read(title, asked) : null,
      whyNot: this.about.here
        ? "This page knows what it was made with, and cannot read on."
        : "It cannot read on from here: what it has read did not come from a wiki.",
      retry: () => this.ask(typed, options),
    });
    this.log.append(h("p", { class: "typed" }, typed), answer.element);
    return answer;
  }

  async ask(typed, options = {}) {
    if (this.running) return;
    const answer = this.show(typed, options);
    const turn = { typed, events: [] };
    const running = this.begin();
    this.follow();
    const before = this.conversation.turns.map((earlier) => earlier.typed);
    const asked = { ...options, before, signal: running.signal };
    let pieces = "";
    try {
      for await (const event of this.backend.ask(typed, asked)) {
        answer.take(event);
        if (event.piece) pieces += event.piece;
        else turn.events.push(event);
        this.follow();
      }
    } catch (error) {
      if (!running.signal.aborted) answer.take({ error: error.message });
    }
    if (running.signal.aborted) turn.events.push({ done: { stopped: true } });
    if (running.signal.aborted) answer.take({ done: { stopped: true } });
    if (pieces) turn.events.splice(1, 0, { text: pieces });
    answer.finish();
    this.end(running);
    this.keep(turn);
    this.follow();
  }

  begin() {
    this.running = new AbortController();
    this.composer.writing(true);
    return this.running;
  }

  end(running) {
    if (this.running === running) this.running = null;
    this.composer.writing(false);
  }

  keep(turn) {
    this.conversation.turns.push(turn);
    this.conversation.title ||= turn.typed;
    this.conversations.keep(this.conversation);
    this.changed();
  }

  /** Read a page, learn it, and answer the question that it was missing for. */
  async read(title, asked) {
    if (this.running) return;
    const note = readingNote(title);
    this.log.append(note.element);
    const running = this.begin();
    this.follow();
    const began = performance.now();
    let learnt = false;
    try {
      for await (const event of this.backend.read(title, { signal: running.signal })) {
        if (event.error) throw new Error(event.error);
        note.take(event);
        learnt ||= event.learnt === true;
      }
      if (learnt) note.end((performance.now() - began) / 1000);
    } catch (error) {
      note.fail(running.signal.aborted ? "Stopped: nothing was changed." : error.message);
    }
    this.end(running);
    if (!learnt) return;
    await this.ask(asked);
    await this.learnt();
  }

  /** Keep the end in sight. */
  follow() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
