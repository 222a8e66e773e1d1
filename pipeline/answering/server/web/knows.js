// What it knows: every question that it was trained on, searchable, with what the ledger says.

import { h, webLink } from "./dom.js";
import { normalize } from "./normalize.js";

const SHOWN = 100; // rows before "show more"
export const STATES = {
  known: "Known by heart",
  own: "In trained words only",
  resisting: "Not yet known",
};

export function knowsPanel(backend, { ask }) {
  const panel = h("div", { class: "page" });
  const open = async () => {
    if (panel.childElementCount) return;
    const rows = (await backend.ledger()).map((row) => ({ ...row, key: normalize(row.question) }));
    panel.replaceChildren(...table(rows, ask));
  };
  return { panel, open };
}

function table(rows, ask) {
  const list = h("ul", { class: "ledger" });
  const count = h("p", { class: "quiet", role: "status" });
  const search = h("input", {
    type: "search", placeholder: "Search the questions", "aria-label": "Search the questions",
    oninput: () => show(SHOWN),
  });
  let state = null;
  const filters = Object.entries(STATES).filter(([name]) => rows.some((row) => row.state === name));
  const chips = filters.map(([name, label]) => {
    const total = rows.filter((row) => row.state === name).length;
    const chip = h("button", { type: "button", class: `chip ${name}`, "aria-pressed": "false" });
    chip.append(h("i", { class: `dot ${name}` }), `${label} · ${total.toLocaleString()}`);
    chip.onclick = () => {
      state = state === name ? null : name;
      chips.forEach((other) => other.setAttribute("aria-pressed", String(other === chip && !!state)));
      show(SHOWN);
    };
    return chip;
  });
  const show = (most) => {
    const words = normalize(search.value).split(" ").filter(Boolean);
    const matches = rows.filter(
      (row) => (!state || row.state === state) && words.every((word) => row.key.includes(word)),
    );
    count.textContent = `${matches.length.toLocaleString()} of ${rows.length.toLocaleString()} questions`;
    list.replaceChildren(...matches.slice(0, most).map((row) => entry(row, ask)));
    if (matches.length > most) list.append(more(() => show(most + 5 * SHOWN)));
  };
  show(SHOWN);
  const intro = h("p", {}, "Every question that it was trained on. Choose one to ask it.");
  return [
    h("header", { class: "intro" }, h("h2", {}, "What it knows"), intro),
    h("div", { class: "filters" }, search, chips),
    count,
    list,
  ];
}

function more(onclick) {
  return h("li", {}, h("button", { type: "button", class: "more", onclick }, "Show more"));
}

function entry({ question, title, url, state }, ask) {
  const button = h("button", { type: "button", onclick: () => ask(question) }, question);
  const dot = state ? h("i", { class: `dot ${state}`, title: STATES[state] }) : null;
  const told = state ? h("span", { class: "sr" }, STATES[state]) : null;
  return h("li", {}, dot, told, button, webLink(url, { class: "quiet from" }, title));
}
