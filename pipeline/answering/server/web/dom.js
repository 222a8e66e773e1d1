// Elements without a framework. Text is always text: nothing that was read is ever markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element; attributes that begin with "on" are listeners. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

const ICONS = {
  ask: "M4 5h16v11H9l-5 4z",
  knows: "M5 4h10a4 4 0 0 1 4 4v12H9a4 4 0 0 1-4-4zM9 9h6M9 13h6",
  learned: "M4 19h16M5 15l4-5 4 3 6-8",
  inside: "M12 3v4M12 17v4M3 12h4M17 12h4M8 8h8v8H8z",
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  copy: "M9 9h10v10H9zM5 15V5h10",
  retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4 21 19H3zM12 10v4M12 16.5v.5",
  link: "M9 7h8v8M17 7 7 17",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z",
  menu: "M4 7h16M4 12h16M4 17h16",
  play: "M8 5l11 7-11 7z",
  pause: "M9 5v14M15 5v14",
  read: "M12 6c-2-2-5-2-8-1v13c3-1 6-1 8 1 2-2 5-2 8-1V5c-3-1-6-1-8 1zM12 6v13",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

/** A line icon of the page's own set; hidden from screen readers, as its button has a label. */
export function icon(name) {
  const path = svg("path", { d: ICONS[name] });
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, path);
}

/** A button with an icon and a label, which is shown or only told to screen readers. */
export function iconButton(name, label, onclick, { shown = false, ...attributes } = {}) {
  const text = shown ? label : h("span", { class: "sr" }, label);
  const title = shown ? null : label;
  return h("button", { type: "button", onclick, title, ...attributes }, icon(name), text);
}

/** A link to a page of the web; plain text where the address is none. */
export function webLink(address, attributes, ...children) {
  let web = false;
  try {
    web = ["http:", "https:"].includes(new URL(address).protocol);
  } catch {
    // no address at all: shown without a link
  }
  if (!web) return h("span", attributes, ...children);
  const link = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return h("a", { ...attributes, ...link }, ...children);
}

/** A figure as people say it: 1234567 → "1.2 million", 0.98765 → "0.99". */
export function spoken(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} million`;
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString();
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A length of time as people say it. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} seconds`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3600).toFixed(1)} hours`;
}
