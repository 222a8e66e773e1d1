// Text as it is compared, equal to pipeline/questions/normalize.py.

const LETTERS = { ł: "l", ø: "o", đ: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe", þ: "th", ð: "d" };
const STROKED = /[łøđħıæœþð]/g;
const APOSTROPHES = /[’‘‚‛ʼʻ′´`']/g;
const WORD = /(?:[\p{L}\p{N}]|[+#])+/gu;
const ASIDE = /(?<!\s)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/;
// More signs in a row than any writing has: reordering combining marks takes time that grows with
// the square of their run.
const LONG_RUN = /([^\p{L}\p{N}_\s\x00-\x7f]{30})[^\p{L}\p{N}_\s\x00-\x7f]+/gu;
const WIKI_ADDRESS = /^\s*(?:https?:\/\/[^/\s]+)?\/wiki\/(\S+)\s*$/;
// What Python takes for blanks.
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const combining = new Map();

/** Whether Unicode gives a character a combining class, which shows in how it is reordered. */
function isCombining(character) {
  if (character < "\u0300") return false;
  let known = combining.get(character);
  if (known === undefined) {
    const [before, after] = [`${character}\u0334`, `\u0301${character}`]; // classes 1 and 230
    known = before.normalize("NFD") !== before || after.normalize("NFD") !== after;
    combining.set(character, known);
  }
  return known;
}

/** Python's casefold, for what keyboards type: "ß" is "ss", the final sigma a sigma. */
function casefold(text) {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

/** The parts of a text between blanks. */
export function chunksOf(text) {
  return text.split(BLANKS).filter(Boolean);
}

export function oneLine(text) {
  return chunksOf(text).join(" ");
}

/** Small letters without accents or apostrophes, words one space apart. */
export function normalize(text) {
  const words = wordsOf(text);
  return words.length ? words.join(" ") : casefold(chunksOf(text).join(""));
}

export function wordsOf(text) {
  const plain = casefold(withoutLongRuns(text.replaceAll("&", " and ")).normalize("NFKC"));
  const letters = plain.replace(APOSTROPHES, "").replace(STROKED, (letter) => LETTERS[letter]);
  const signs = [...letters.normalize("NFKD")].filter((sign) => !isCombining(sign));
  return signs.join("").match(WORD) ?? [];
}

/** At most 30 signs in a row that are neither letters, digits, blanks nor ASCII. */
function withoutLongRuns(text) {
  return text.replace(LONG_RUN, "$1");
}

/** "Mercury (planet)" → "Mercury". */
export function bareTitle(title) {
  return title.replace(ASIDE, "") || title;
}

/** "Mercury (planet)" → "planet". */
export function asideOf(title) {
  const aside = ASIDE.exec(title);
  return aside && aside.index ? aside[1] : "";
}

/** What was typed, with the forms that an address gives a title undone. */
export function asText(typed) {
  const address = WIKI_ADDRESS.exec(typed);
  let text = address ? address[1] : typed;
  text = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) => {
    const bytes = encoded.match(/[0-9A-Fa-f]{2}/g).map((hex) => parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
  if (text.includes("_") && !text.trim().includes(" ")) text = text.replaceAll("_", " ");
  return oneLine(text);
}
