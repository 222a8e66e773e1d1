// Titles that complete what is being typed.

const MOST = 6; // suggestions
const LONGEST = 8; // words of a title that are looked at

/** Titles sorted for looking up beginnings. */
export class TitleCompletion {
  constructor(titles) {
    this.entries = [...new Set(titles)].map((title) => ({ key: title.toLowerCase(), title }));
    this.entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  /** The titles that the end of the text begins: [{ title, from }], `from` where the end starts. */
  complete(text) {
    const starts = [...text.matchAll(/\S+/g)].map((word) => word.index).slice(-LONGEST);
    for (const from of starts) {
      const beginning = text.slice(from).toLowerCase();
      if (beginning.trim().length < 2) continue;
      const matches = this.beginningWith(beginning).filter((entry) => entry.key !== beginning);
      if (matches.length) return matches.map(({ title }) => ({ title, from }));
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
