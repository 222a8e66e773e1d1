// What it is made of, for teachers: the tokens of a question, what may follow each of them, and
// what a head of attention looks at from there.

import { h } from "./dom.js";
import { logSumExp } from "./network.js";

const BARS = 8; // likeliest next tokens that are shown
const LONGEST = 64; // tokens of a text that are looked at

export function insidePanel(backend, about) {
  const panel = h("div", { class: "page" });
  const open = async () => {
    if (panel.childElementCount) return;
    panel.replaceChildren(h("p", { class: "quiet", role: "status" }, "Opening the network…"));
    const model = await backend.open();
    panel.replaceChildren(...new Inside(model, about).elements);
  };
  return { panel, open };
}

/** Read a text token by token, and keep what each token sees and expects. */
export function observe({ network, tokenizer }, text) {
  const ids = [tokenizer.eot, ...tokenizer.encode(text), tokenizer.eot].slice(0, LONGEST);
  network.clear();
  return ids.map((id) => {
    const attention = [];
    const watch = (layer, head, weights) => ((attention[layer] ??= [])[head] = weights);
    const logits = network.read(id, { watch });
    return { id, attention, next: likeliest(logits, BARS) };
  });
}

function likeliest(logits, count) {
  const total = logSumExp(logits);
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a]);
  return order.slice(0, count).map((id) => ({ id, probability: Math.exp(logits[id] - total) }));
}

class Inside {
  constructor(model, about) {
    this.model = model;
    const { layers, heads } = model.network.config;
    this.layer = layers - 1;
    this.head = 0;
    this.at = 0;
    this.input = h("input", {
      type: "text", value: about.examples[0]?.questions[0] ?? "Who is Ada Lovelace?",
      maxlength: 200, "aria-label": "A question to look into", oninput: () => this.read(),
    });
    this.tokens = h("div", { class: "tokens", role: "group", "aria-label": "Tokens" });
    this.bars = h("ol", { class: "bars" });
    this.caption = h("h3", {});
    this.seen = h("p", { class: "quiet", "aria-live": "polite" });
    const pick = (label, count, value, choose) => this.picker(label, count, value, choose);
    this.pickers = [
      pick("Layer", layers, this.layer, (value) => (this.layer = value)),
      pick("Head", heads, this.head, (value) => (this.head = value)),
    ];
    this.read();
  }

  get elements() {
    const intro =
      "A question is cut into tokens. At each of them the network looks back at earlier ones " +
      "(attention: the darker, the more) and gives every token a probability of coming next " +
      "(bars). Point at a token to see both.";
    return [
      h("header", { class: "intro" }, h("h2", {}, "How it answers"), h("p", {}, intro)),
      h("section", { class: "card" }, this.input, this.tokens, this.seen,
        h("div", { class: "pickers" }, this.pickers)),
      h("section", { class: "card" }, this.caption, this.bars),
    ];
  }

  picker(label, count, value, choose) {
    const options = Array.from({ length: count }, (_, i) =>
      h("option", { value: i, selected: i === value }, String(i + 1)));
    const select = h("select", {}, options);
    select.onchange = () => {
      choose(Number(select.value));
      this.show();
    };
    return h("label", {}, label, select);
  }

  read() {
    this.observed = observe(this.model, this.input.value);
    this.at = this.observed.length - 1;
    this.chips = this.observed.map(({ id }, index) => this.chip(id, index));
    this.tokens.replaceChildren(...this.chips);
    this.show();
  }

  chip(id, index) {
    const look = () => {
      this.at = index;
      this.show();
    };
    const chip = { type: "button", class: "token", onclick: look, onpointerenter: look, onfocus: look };
    return h("button", chip, this.spelled(id));
  }

  /** A token as it is spelled; blanks are made visible. */
  spelled(id) {
    const { tokenizer } = this.model;
    if (id === tokenizer.eot) return "⟨end⟩";
    return tokenizer.decode([id]).replaceAll(" ", "␣").replaceAll("\n", "⏎") || "�";
  }

  show() {
    const { attention, next } = this.observed[this.at];
    const weights = attention[this.layer][this.head];
    this.chips.forEach((chip, index) => {
      const weight = weights[index] ?? 0;
      chip.style.setProperty("--weight", `${Math.round(100 * Math.sqrt(weight))}%`);
      chip.toggleAttribute("data-later", index > this.at);
      chip.setAttribute("aria-pressed", String(index === this.at));
    });
    const most = weights.indexOf(Math.max(...weights));
    const [from, to] = [this.at, most].map((index) => this.spelled(this.observed[index].id));
    const share = Math.round(100 * weights[most]);
    this.seen.textContent =
      `From “${from}”, head ${this.head + 1} of layer ${this.layer + 1} ` +
      `looks mostly at “${to}” (${share}%).`;
    this.caption.textContent = `What may follow “${from}”`;
    this.bars.replaceChildren(...next.map((each) => this.bar(each)));
  }

  bar({ id, probability }) {
    const percent = 100 * probability;
    const bar = h("i", { class: "bar" });
    bar.style.width = `${Math.max(0.5, percent)}%`;
    const rounded = percent < 10 ? percent.toFixed(1) : Math.round(percent);
    const figure = percent < 0.1 ? "< 0.1%" : `${rounded}%`;
    return h("li", {}, h("code", {}, this.spelled(id)), h("span", { class: "track" }, bar), figure);
  }
}
