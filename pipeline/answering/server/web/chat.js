// The conversation: welcome, questions and answers, and the box below them.

import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { Answer, readingNote } from "./message.js";

export class Chat {
  constructor(backend, about, conversations, { changed, learnt, browse }) {
    this.backend = backend;
    this.about = about;
    this.conversations = conversations;
    this.changed = changed;
    this.learnt = learnt; // called when a page has been read
    this.browse = browse; // shows what it knows
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
    for (const turn of conversation.turns) {
      const answer = this.newAnswer(turn);
      this.log.append(questionBubble(turn), answer.element);
      turn.events.forEach((event) => answer.take(event));
      answer.finish();
    }
    this.changed();
  }

  welcome() {
    const { subject, welcome, examples, can } = this.about;
    const groups = examples.map(({ kind, questions }) =>
      h("section", {}, h("h3", {}, kind),
        questions.map((question) =>
          h("button", { type: "button", onclick: () => this.ask(question) }, question))));
    return h("div", { class: "welcome" },
      h("h2", {}, `Ask about ${subject}`),
      h("p", {}, welcome),
      h("ul", { class: "hints" }, hints(can, examples)),
      h("div", { class: "examples" }, groups));
  }

  /** An answer to a question, still empty. */
  newAnswer(turn) {
    const answer = new Answer({
      ask: (question, options) => this.ask(question, options),
      read: this.about.can.read ? (title, asked) => this.read(title, asked) : null,
      browse: this.browse,
      retry: () => this.retry(turn, answer),
    });
    return answer;
  }

  async ask(typed, { guess = false } = {}) {
    if (this.running) return;
    const turn = { typed, guess, events: [] };
    const answer = this.newAnswer(turn);
    this.log.querySelector(".welcome")?.remove();
    this.log.append(questionBubble(turn), answer.element);
    await this.write(turn, answer);
  }

  /** Ask again; the new answer takes the place of the old one. */
  async retry(turn, old) {
    if (this.running) return;
    const answer = this.newAnswer(turn);
    old.element.replaceWith(answer.element);
    await this.write(turn, answer);
  }

  /** Write the answer to a question as it comes, and keep what came. */
  async write(turn, answer) {
    const { conversation } = this; // another one may be chosen before the answer ends
    const place = conversation.turns.indexOf(turn);
    const earlier = place < 0 ? conversation.turns : conversation.turns.slice(0, place);
    const before = earlier.map(({ typed }) => typed);
    const running = this.begin();
    const events = [];
    let text = "";
    this.composer.focus(); // what was clicked may be gone
    follow(answer.element);
    try {
      const asked = { guess: turn.guess, before, signal: running.signal };
      for await (const event of this.backend.ask(turn.typed, asked)) {
        answer.take(event);
        if (event.piece) text += event.piece;
        else events.push(event);
        follow(answer.element);
      }
    } catch (error) {
      const stopped = { done: { stopped: true } };
      events.push(running.signal.aborted ? stopped : { error: error.message });
      answer.take(events.at(-1));
    }
    if (text) events.splice(1, 0, { text });
    answer.finish();
    follow(answer.element);
    turn.events = events;
    if (place < 0) conversation.turns.push(turn);
    this.end(running);
    this.keep(conversation);
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

  keep(conversation) {
    conversation.title ||= conversation.turns[0].typed;
    this.conversations.keep(conversation);
    this.changed();
  }

  /** Read a page, learn it, and answer the question that it was missing for. */
  async read(title, asked) {
    if (this.running) return;
    const note = readingNote(title);
    this.log.append(note.element);
    const running = this.begin();
    follow(note.element);
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
}

/** Keep the end of what is being written in sight. */
function follow(element) {
  element.scrollIntoView({ block: "end" });
}

/** How to ask, where an answer comes from, and what to do about what was not read. */
function hints(can, examples) {
  const fact = examples.some(({ kind }) => kind === "Facts") ? ", or a fact about it" : "";
  const unread = can.read
    ? "It says so, and offers to read it: one click fetches the page, learns it and answers."
    : "It says so, and makes nothing up. “What it knows” lists all that can be asked.";
  const texts = [
    ["ask", "Ask in your own words", `Who or what something is${fact}.`],
    ["check", "Check the answer", "Each names the page that it was read in, and whether it is word for word."],
    ["read", "Not read?", unread],
  ];
  return texts.map(([name, title, words]) =>
    h("li", {}, icon(name), h("strong", {}, title), h("span", {}, words)));
}

function questionBubble({ typed }) {
  return h("p", { class: "typed" }, typed);
}
