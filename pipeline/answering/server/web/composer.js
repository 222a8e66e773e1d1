// The box where a question is typed, with titles that complete it.

import { h, iconButton } from "./dom.js";

const MAX_QUESTION = 1000; // characters

export class Composer {
  constructor({ complete, send, stop }) {
    this.complete = complete;
    this.send = send;
    this.chosen = -1;
    this.suggestions = [];
    this.list = h("ul", { id: "suggestions", role: "listbox", "aria-label": "Titles", hidden: true });
    this.box = h("input", {
      id: "question", type: "text", enterkeyhint: "send", maxlength: MAX_QUESTION, placeholder: "Ask about what it has read…",
      role: "combobox", "aria-label": "Your question", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": "suggestions", autocomplete: "off",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event),
      onblur: () => setTimeout(() => this.suggest([]), 150),
    });
    this.sendButton = iconButton("send", "Send", () => this.submit(), { class: "send" });
    this.stopButton = iconButton("stop", "Stop", stop, { class: "send", hidden: true });
    this.element = h(
      "form",
      { class: "composer", onsubmit: (event) => event.preventDefault() },
      this.list, this.box, this.sendButton, this.stopButton,
    );
  }

  /** While an answer is written there is something to stop, and nothing to send. */
  writing(now) {
    this.sendButton.hidden = now;
    this.stopButton.hidden = !now;
  }

  /** Let a person type on, where that brings up no keyboard over half of the screen. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.box.focus();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text || this.sendButton.hidden) return;
    this.box.value = "";
    this.typed();
    this.send(text);
  }

  async typed() {
    const text = this.box.value;
    const suggestions = text ? await this.complete(text) : [];
    if (text === this.box.value) this.suggest(suggestions);
  }

  suggest(suggestions) {
    this.suggestions = suggestions;
    this.list.hidden = !suggestions.length;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...suggestions.map((suggestion, index) =>
      h("li", {
        role: "option", id: `suggestion-${index}`, "aria-selected": "false",
        onpointerdown: (event) => {
          event.preventDefault();
          this.take(suggestion);
        },
      }, suggestion.title)));
    this.choose(-1);
  }

  choose(index) {
    this.chosen = index;
    [...this.list.children].forEach((option, at) =>
      option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  take({ title, from }) {
    this.box.value = this.box.value.slice(0, from) + title;
    this.suggest([]);
    this.box.focus();
  }

  key(event) {
    const count = this.suggestions.length;
    if (event.key === "ArrowDown" && count) this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp" && count) this.choose(Math.max(-1, this.chosen - 1));
    else if (event.key === "Escape" && count) this.suggest([]);
    else if (event.key === "Tab" && count && !event.shiftKey) {
      this.take(this.suggestions[Math.max(0, this.chosen)]);
    } else if (event.key === "Enter" && !event.isComposing) {
      if (this.chosen >= 0) this.take(this.suggestions[this.chosen]);
      else this.submit();
    } else return;
    event.preventDefault();
  }
}
