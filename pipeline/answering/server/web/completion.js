// Titles that complete what is being typed.

import { wordsOf } from "./normalize.js";

const MOST = 6; // suggestions
const LONGEST = 8; // words of a title that are looked at

/** Titles sorted for looking up beginnings. */
export class TitleCompletion {
  constructor(titles) {
    this.entries = [...new Set(titles)].map((title) => ({ key: keyOf(title), title }));
    this.entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  /** The titles that the end of the text begins: [{ title, from }], `from` where the end starts. */
  complete(text) {
    const starts = [...text.matchAll(/\S+/g)].map((word) => word.index).slice(-LONGEST);
    for (const from of starts) {
      const typed = text.slice(from);
      const beginning = keyOf(typed);
      if (beginning.length < 2) continue;
      const titles = this.beginningWith(beginning).map(({ title }) => title)
        .filter((title) => title.toLowerCase() !== typed.toLowerCase());
      if (titles.length) return titles.map((title) => ({ title, from }));
    }
    return [];
  }

  beginningWith(beginning) {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].key < beginning) low = middle + 1;
      else high = middle;
    }
    const matches = [];
    for (let i = low; i < this.entries.length && matches.length < MOST; i++) {
      if (!this.entries[i].key.startsWith(beginning)) break;
      matches.push(this.entries[i]);
    }
    return matches;
  }
}

/** A title as it is compared, without regard to capitals, accents and punctuation. */
function keyOf(title) {
  return wordsOf(title).join(" ");
}
