// How it learned: the curves, and what it said after each epoch, as a film that can be scrubbed.

import { duration, h, iconButton, spoken } from "./dom.js";
import { STATES } from "./knows.js";
import { lossPlot } from "./plot.js";

const FRAME = 450; // milliseconds an epoch while the film runs
const DOTS = 5000; // pairs that are drawn
const REFRESH = 2000; // milliseconds between looks at a run that still trains
const ENDED =
  "It learns no more: the training has ended, or was stopped. Ask the run: python generate.py --serve";

export function learnedPanel(backend, about) {
  const panel = h("div", { class: "page" });
  let shown = 0;
  const show = async () => {
    const learning = await backend.learning();
    if (learning.epochs.length === shown) return;
    shown = learning.epochs.length;
    const pairs = await backend.ledger();
    panel.replaceChildren(...film(learning, about), ...ledgerField(pairs));
  };
  const open = async () => {
    try {
      await show();
    } catch (error) {
      if (!about.live || !shown) throw error;
      panel.querySelector(".intro").append(h("p", { role: "status" }, ENDED));
      return;
    }
    if (!shown) panel.replaceChildren(intro(about, [noEpoch(about)]));
    if (about.live && panel.isConnected) setTimeout(open, REFRESH);
  };
  return { panel, open };
}

/** The panel's heading and what it says below it. */
function intro({ live }, words) {
  const title = live ? "How it learns" : "How it learned";
  return h("header", { class: "intro" }, h("h2", {}, title), h("p", {}, words));
}

function noEpoch({ live }) {
  return live
    ? "It has just begun. The curves, and what it answers, appear as the first epoch ends."
    : "No epoch has ended yet.";
}

function film({ epochs, samples }, about) {
  const plot = lossPlot(epochs);
  const said = new Map(samples.map(({ epoch, answers }) => [epoch, answers]));
  const final = new Map(
    samples.at(-1)?.answers.map(({ question, answer }) => [question, answer]) ?? [],
  );
  const frames = epochs.map((row) => ({ row, answers: said.get(row.epoch) ?? [] }));
  const caption = h("p", { class: "frame-caption", "aria-live": "polite" });
  const answers = h("div", { class: "frames" });
  const slider = h("input", {
    type: "range", min: 0, max: frames.length - 1, value: frames.length - 1, step: 1,
    "aria-label": "Epoch", oninput: () => show(Number(slider.value)),
  });
  const show = (index) => {
    const { row, answers: now } = frames[index];
    slider.value = index;
    slider.setAttribute("aria-valuetext", `epoch ${row.epoch}`);
    plot.mark(index);
    caption.textContent = figures(row);
    answers.replaceChildren(...now.map((sample) => sampleCard(sample, final)));
  };
  show(frames.length - 1);
  return [
    intro(about, summary(epochs, about)),
    h("section", { class: "card" }, plot.element, controls(slider, frames.length, show), caption),
    answers,
  ];
}

/** Every pair as a dot that turns as it becomes known; nothing without a ledger. */
function ledgerField(pairs) {
  const noted = pairs.filter(({ state }) => state).slice(0, DOTS);
  if (!noted.length) return [];
  const dots = noted.map(({ question, state }) =>
    h("i", { class: `dot ${state}`, title: `${question} ${STATES[state]}` }));
  const counts = Object.entries(STATES).map(([name, label]) => {
    const count = noted.filter(({ state }) => state === name).length;
    return h("li", {}, h("i", { class: `dot ${name}` }), ` ${label}: ${count.toLocaleString()}`);
  });
  return [h("section", { class: "card ledger-field" },
    h("h3", {}, "Every pair, and how well it is known"),
    h("div", { class: "field", "aria-hidden": "true" }, dots), h("ul", { class: "legend" }, counts))];
}

function controls(slider, count, show) {
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.replaceWith((button = playButton("play", "Play")));
  };
  const toggle = () => {
    if (timer) return stop();
    let index = Number(slider.value) >= count - 1 ? 0 : Number(slider.value);
    show(index);
    timer = setInterval(() => {
      if (++index >= count || !slider.isConnected) return stop();
      show(index);
    }, FRAME);
    button.replaceWith((button = playButton("pause", "Pause")));
    button.focus();
  };
  const playButton = (name, label) => iconButton(name, label, toggle, { class: "round" });
  let button = playButton("play", "Play");
  return h("div", { class: "controls" }, button, slider);
}

function summary(epochs, about) {
  const last = epochs.at(-1);
  const recall = Number.isFinite(last.recall) ? percent(last.recall) : null;
  const known = recall ? ` and gives ${recall} of the trained answers word for word` : "";
  const parameters = about.parameters ? ` of ${spoken(about.parameters)} weights` : "";
  const words =
    `A network${parameters}, made from scratch: it ${about.live ? "has " : ""}read everything ${spoken(last.epoch)} times in ${duration(last.seconds)}${known}.`;
  return [words, " Drag the slider, or press play, to watch the answers form."];
}

function percent(share) {
  const value = 100 * share;
  return `${value > 99 && value < 100 ? value.toFixed(1) : Math.round(value)}%`;
}

function figures(row) {
  const parts = [`Epoch ${row.epoch}`, `loss ${spoken(row.train_loss)}`];
  if (Number.isFinite(row.val_loss)) parts.push(`held out ${spoken(row.val_loss)}`);
  if (Number.isFinite(row.recall)) parts.push(`${percent(row.recall)} known`);
  return parts.join(" · ");
}

/** An answer of one epoch; what is already as at the end stands out. */
function sampleCard({ question, answer, heldOut }, final) {
  const end = final.get(question) ?? "";
  let same = 0;
  while (same < answer.length && answer[same] === end[same]) same++;
  return h(
    "article",
    { class: "card sample" },
    h("h3", {}, question),
    h("p", {}, h("span", { class: "settled" }, answer.slice(0, same)), answer.slice(same) || null),
    heldOut ? h("small", {}, "Kept out of training, to measure by: here it can only guess.") : null,
  );
}
