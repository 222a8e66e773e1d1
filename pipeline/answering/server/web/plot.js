// The curves of a training run as an SVG that follows the page's colours.

import { h, svg } from "./dom.js";

const HEIGHT = 220;
const MARGIN = { left: 34, right: 44, top: 14, bottom: 30 };
const INNER_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;

const CURVES = [
  { key: "train_loss", name: "training loss", kind: "loss" },
  { key: "val_loss", name: "held-out loss", kind: "held" },
  { key: "recall", name: "trained answers known", kind: "recall" },
];

/** Round steps for an axis from 0 to `highest`. */
function ticks(highest) {
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, i) => i * step);
}

/** The plot of the epochs, with `mark(index)` to move the line of the epoch that is looked at. */
export function lossPlot(epochs) {
  const known = CURVES.filter(({ key }) => epochs.some((row) => Number.isFinite(row[key])));
  const losses = epochs.flatMap((row) => [row.train_loss, row.val_loss]).filter(Number.isFinite);
  const highest = Math.max(1, ...losses);
  const last = Math.max(1, epochs.length - 1);
  const width = Math.max(320, Math.min(760, innerWidth - 80)); // letters keep their size on phones
  const inner = width - MARGIN.left - MARGIN.right;
  const x = (index) => MARGIN.left + (index / last) * inner;
  const y = (value, top) => MARGIN.top + INNER_HEIGHT * (1 - value / top);
  const marker = svg("line", { y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom, class: "marker" });
  const label = `Loss and recall over ${epochs.length} epochs`;
  const image = svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, class: "plot", role: "img", "aria-label": label },
    axes(highest, width, epochs, x, y),
    marker,
    known.map((curve) => line(curve, epochs, x, y, curve.kind === "recall" ? 1 : highest)),
  );
  const legend = h(
    "ul",
    { class: "legend" },
    known.map(({ name, kind }) => h("li", {}, h("i", { class: `swatch ${kind}` }), name)),
  );
  const mark = (index) => {
    marker.setAttribute("x1", x(index));
    marker.setAttribute("x2", x(index));
  };
  mark(epochs.length - 1);
  return { element: h("figure", {}, image, h("figcaption", {}, legend)), mark };
}

function line({ key, kind }, epochs, x, y, top) {
  let path = "";
  epochs.forEach((row, index) => {
    if (!Number.isFinite(row[key])) return;
    path += `${path ? "L" : "M"}${x(index).toFixed(1)} ${y(row[key], top).toFixed(1)}`;
  });
  return svg("path", { d: path, class: `curve ${kind}` });
}

function axes(highest, width, epochs, x, y) {
  const parts = [];
  const text = (at, up, anchor, words) =>
    parts.push(svg("text", { x: at, y: up, "text-anchor": anchor }, words));
  for (const tick of ticks(highest)) {
    const up = y(tick, highest);
    const grid = { x1: MARGIN.left, x2: width - MARGIN.right, y1: up, y2: up, class: "grid" };
    parts.push(svg("line", grid));
    text(MARGIN.left - 8, up + 4, "end", String(Number(tick.toFixed(2))));
  }
  for (const share of [0, 0.5, 1]) {
    text(width - MARGIN.right + 8, y(share, 1) + 4, "start", `${share * 100}%`);
  }
  const shown = Math.max(1, Math.ceil(epochs.length / 8));
  epochs.forEach((row, index) => {
    if (index % shown === 0) text(x(index), HEIGHT - 8, "middle", String(row.epoch));
  });
  return parts;
}
