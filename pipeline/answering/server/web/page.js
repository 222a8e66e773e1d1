// The page: a side bar, and the panels that it leads to. The run is either inside the page
// (local.js) or behind the server that sent it (remote.js); nothing else knows which.

import { Chat } from "./chat.js";
import { h, iconButton } from "./dom.js";
import { insidePanel } from "./inside.js";
import { knowsPanel } from "./knows.js";
import { learnedPanel } from "./learned.js";
import { openLocal } from "./local.js";
import { openRemote } from "./remote.js";
import { Conversations, theme } from "./store.js";

const VIEWS = [
  { name: "ask", label: "Ask" },
  { name: "knows", label: "What it knows" },
  { name: "learned", label: "How it learned" },
  { name: "inside", label: "How it answers" },
];
const VIEWS_OF_A_LIVE_RUN = [{ name: "learned", label: "How it learns" }];

class Page {
  constructor(backend, about) {
    this.backend = backend;
    this.about = about;
    this.conversations = new Conversations(about.run);
    this.history = h("ul", { class: "history" });
    this.earlier = h("h2", { class: "quiet" }, "Earlier");
    this.chat = new Chat(backend, about, this.conversations, {
      changed: () => this.showHistory(),
      learnt: () => this.showSubject(),
      browse: () => this.show("knows"),
    });
    const ask = (question) => {
      this.show("ask");
      this.chat.ask(question);
    };
    this.panels = {
      ask: { panel: this.chat.panel, open: () => {} },
      knows: knowsPanel(backend, { ask }),
      learned: learnedPanel(backend, about),
      inside: insidePanel(backend, about),
    };
    this.main = h("main", { id: "main", tabindex: -1 });
    this.links = about.live ? VIEWS_OF_A_LIVE_RUN : VIEWS;
    this.side = this.sideBar();
    this.showHistory();
  }

  get elements() {
    const close = () => this.side.classList.remove("open");
    const menu = iconButton("menu", "Menu", () => this.side.classList.toggle("open"));
    return [
      h("header", { class: "top" }, menu, h("h1", {}, this.about.subject)),
      this.side,
      h("div", { class: "veil", onclick: close }),
      this.main,
    ];
  }

  sideBar() {
    this.buttons = this.links.map(({ name, label }) =>
      iconButton(name, label, () => this.show(name), { shown: true, "data-view": name }));
    const fresh = iconButton("plus", "New conversation", () => this.fresh(),
      { shown: true, class: "fresh" });
    return h("aside", { class: "side" },
      h("div", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }, "A"),
        h("h1", {}, this.about.subject)),
      this.runPicker(),
      this.about.live ? null : fresh,
      h("nav", { "aria-label": "Views" }, this.buttons),
      this.earlier,
      this.history,
      iconButton("theme", "Light or dark", switchTheme, { shown: true, class: "theme" }));
  }

  runPicker() {
    if (!this.about.can.runs || this.about.runs.length < 2) return null;
    const options = this.about.runs.map((name) =>
      h("option", { value: name, selected: name === this.about.run }, name));
    const select = h("select", {}, options);
    select.onchange = () => location.assign(`?run=${encodeURIComponent(select.value)}`);
    return h("label", { class: "runs" }, "Run", select);
  }

  fresh() {
    this.show("ask");
    this.chat.start();
    this.chat.composer.focus();
  }

  show(name) {
    this.side.classList.remove("open");
    this.buttons.forEach((button) =>
      button.dataset.view === name
        ? button.setAttribute("aria-current", "page")
        : button.removeAttribute("aria-current"));
    this.main.replaceChildren(this.panels[name].panel);
    this.panels[name].open();
  }

  /** The run's subject as it is now: a page more, where one has been read. */
  async showSubject() {
    const { subject } = await this.backend.about();
    this.about.subject = subject;
    document.title = subject;
    document.querySelectorAll("#app h1").forEach((title) => title.replaceChildren(subject));
  }

  showHistory() {
    this.earlier.hidden = !this.conversations.all.length;
    this.history.replaceChildren(...this.conversations.all.map((conversation) => {
      const resume = () => {
        this.show("ask");
        this.chat.resume(conversation);
      };
      const drop = () => {
        this.conversations.drop(conversation.id);
        this.showHistory();
      };
      const current = conversation.id === this.chat?.conversation.id ? "true" : null;
      return h("li", {},
        h("button", { type: "button", "aria-current": current, onclick: resume }, conversation.title),
        iconButton("trash", `Forget “${conversation.title}”`, drop));
    }));
  }
}

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  theme.set(next);
}

async function start() {
  const app = document.getElementById("app");
  const chosen = theme.get();
  if (chosen) document.documentElement.dataset.theme = chosen;
  try {
    const backend = document.getElementById("run") ? await openLocal() : await openRemote();
    const about = await backend.about();
    document.title = about.subject;
    const page = new Page(backend, about);
    app.replaceChildren(...page.elements);
    app.removeAttribute("aria-busy");
    page.show(about.live ? "learned" : "ask");
    if (!about.live) page.chat.composer.focus();
  } catch (error) {
    app.replaceChildren(h("p", { class: "loading", role: "alert" }, `This page cannot be opened: ${error.message}`));
  }
}

start();
