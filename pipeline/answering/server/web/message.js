// One answer: its text as it comes, the sign of how it was checked, its sources, what can be done.

import { duration, h, icon, iconButton, webLink } from "./dom.js";

const SIGNS = {
  true: ["check", "verified"],
  false: ["warn", "doubtful"],
  stopped: ["stop", "doubtful"],
};
const SOURCES = 3; // cards

export class Answer {
  /** `actions`: { ask(question, options), read(title, asked) or null, browse(), retry() } */
  constructor(actions) {
    this.actions = actions;
    this.said = h("p", { class: "said", hidden: true });
    this.text = h("p", { class: "text" });
    this.below = h("div", { class: "below" });
    this.element = h("article", { class: "answer writing" }, this.said, this.text, this.below);
  }

  /** Take one event of the backend. */
  take(event) {
    if (event.understood) this.understood(event.understood);
    if (event.piece) this.text.append(event.piece);
    if (event.text !== undefined) this.text.textContent = event.text;
    if (event.done) this.done(event.done);
    if (event.error) this.say(event.error);
  }

  say(sentence) {
    this.said.textContent = sentence;
    this.said.hidden = !sentence;
  }

  understood(understood) {
    this.meaning = understood;
    if (understood.say) this.say(understood.say);
    const { ask } = this.actions;
    const offers = (understood.choices ?? []).map(({ label, question }) =>
      chip(label, () => ask(question)));
    if (understood.sure === "not_read") offers.push(...this.waysOn(understood));
    if (offers.length) this.below.append(h("div", { class: "offers" }, offers));
  }

  /** What can be done about what was not read. */
  waysOn({ about, typed }) {
    const { ask, read, browse } = this.actions;
    const on = read
      ? readButton(about, () => read(about, typed))
      : chip("See what it knows", browse);
    return [on, chip("Guess anyway", () => ask(typed, { guess: true }), "plain")];
  }

  /** `check`: how the answer was checked, in the language of the run. */
  done({ verified, check, stopped, tokens, seconds }) {
    const meaning = this.meaning ?? {};
    const sign = stopped ? SIGNS.stopped : SIGNS[String(verified)];
    const speed = tokens && seconds ? `${tokens} tokens in ${seconds.toFixed(1)} s` : null;
    if (sign) {
      const [name, kind] = sign;
      const label = stopped ? "Stopped" : capitalized(check ?? "");
      this.below.append(h("p", { class: `sign ${kind}`, title: speed }, icon(name), label));
    }
    if (meaning.sources?.length) this.below.append(sourceCards(meaning.sources, verified));
  }

  /** The answer stands: what can be done with it now. */
  finish() {
    this.element.classList.remove("writing");
    const copy = iconButton("copy", "Copy", () => this.copy(copy));
    const buttons = [iconButton("retry", "Ask again", this.actions.retry)];
    if (this.text.textContent) buttons.unshift(copy);
    this.element.append(h("div", { class: "doings" }, buttons));
  }

  async copy(button) {
    const source = this.meaning?.sources?.[0];
    const from = source ? `\n\n${source.title}, ${source.url} (${source.licence})` : "";
    await navigator.clipboard.writeText(this.text.textContent + from);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  }
}

function capitalized(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function chip(label, onclick, kind = "") {
  return h("button", { type: "button", class: `chip ${kind}`, onclick }, label);
}

function readButton(title, onclick) {
  const looks = { shown: true, class: "chip primary read-now" };
  return iconButton("read", `Read “${title}” now`, onclick, looks);
}

function sourceCards(sources, verified) {
  const seen = new Set();
  const cards = [];
  for (const source of sources) {
    if (seen.has(source.url) || cards.length >= SOURCES) continue;
    seen.add(source.url);
    const about = [siteOf(source.url), `rev. ${source.revid}`, source.licence];
    cards.push(webLink(source.url, { class: "source" },
      h("strong", {}, source.title), icon("link"),
      h("small", {}, about.filter(Boolean).join(" · "))));
  }
  const label = verified === true ? "Read in" : "See";
  return h("div", { class: "sources", role: "group", "aria-label": label },
    h("span", { class: "quiet" }, label), cards);
}

/** The site that an address belongs to; nothing where it is none. */
function siteOf(address) {
  try {
    return new URL(address).host;
  } catch {
    return "";
  }
}

/** A note of progress while a page is read and learnt. */
export function readingNote(title) {
  const bar = h("progress", { max: 1, "aria-label": `Reading ${title}` });
  const words = h("p", { role: "status" }, `Reading “${title}”…`);
  const element = h("article", { class: "answer reading" }, words, bar);
  return {
    element,
    take({ say, share }) {
      if (say) words.textContent = say;
      if (Number.isFinite(share)) bar.value = share;
    },
    end(seconds) {
      bar.remove();
      words.textContent = `Read “${title}” and learnt it in ${duration(seconds)}.`;
    },
    fail(why) {
      bar.remove();
      words.textContent = why;
    },
  };
}
