// The index of what was read, in memory; answers as pipeline/answering/question_index.py does.

import { wordsOf } from "./normalize.js";

const MOST_PAGES = 50; // that are looked at for one name

export class RunIndex {
  /**
   * `read`: what was read, in short; `pages`: the entries, in order of their numbers; `names`: [[name, [[page, rank], …]], …];
   * `words`: { known word: 1 where titles have it + 2 where answers write it small }.
   */
  constructor({ read, pages, names, words }) {
    this.read = read;
    this.pages = pages.map((page, number) => ({ number, ...page }));
    this.names = new Map(names);
    this.words = new Map(Object.entries(words));
    this.titleWords = new Map();
    this.pages.forEach(({ title, number }) => {
      for (const word of new Set(wordsOf(title))) {
        if (!this.titleWords.has(word)) this.titleWords.set(word, []);
        this.titleWords.get(word).push(number);
      }
    });
  }

  /** A Map of each name that a page has → [[page, rank], …], the best first. */
  named(names) {
    const known = names.filter((name) => this.names.has(name)).sort(byCodePoints);
    return new Map(known.map((name) => [name, this.names.get(name)]));
  }

  /** Some of the pages whose titles hold all the words. */
  containing(words) {
    if (!words.length) return [];
    const lists = words.map((word) => this.titleWords.get(word) ?? []);
    const common = lists[0].filter((page) => lists.every((list) => list.includes(page)));
    return common.slice(0, MOST_PAGES + 1);
  }

  /** A Map of those of the words that titles or answers have. */
  known(words) {
    const known = words.filter((word) => this.words.has(word)).sort(byCodePoints);
    return new Map(known.map((word) => {
      const flags = this.words.get(word);
      return [word, { inTitles: !!(flags & 1), small: !!(flags & 2) }];
    }));
  }

  page(number) {
    return this.pages[number];
  }
}

function byCodePoints(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
