// A language's words as sets, and its cues by the words that they begin with; equal to
// pipeline/answering/phrasebook.py.

import { wordsOf } from "./normalize.js";
import { sameLetters } from "./spelling.js";

const LONG_CUE = 6; // letters

export class Phrasebook {
  /** `language`: the fields of pipeline/questions/language.py. */
  constructor(language) {
    this.language = language;
    this.fillers = new Set([...language.fillers, ...language.articles]);
    this.openers = new Set(language.openers);
    this.pronouns = new Set(language.pronouns);
    this.cueWords = new Map(); // kind → all words of its cues
    this.instead = new Map();
    this.cues = new Map(); // first word → cues
    for (const { kind, cues, instead } of language.wordings) {
      this.instead.set(kind, instead);
      for (const text of cues) this.add(kind, text);
    }
    const asksPerson = ({ asked }) => language.persons.includes(wordsOf(asked[0])[0]);
    this.personKinds = new Set(language.wordings.filter(asksPerson).map(({ kind }) => kind));
    this.allCueWords = new Set([...this.cueWords.values()].flatMap((words) => [...words]));
    this.synonyms = new Map();
    for (const group of language.kinds) {
      for (const word of group) {
        this.synonyms.set(word, new Set([...(this.synonyms.get(word) ?? []), ...group]));
      }
    }
  }

  add(kind, text) {
    const groups = text.split(/\s+/).filter(Boolean).map((word) => new Set(word.split("|")));
    const words = this.cueWords.get(kind) ?? new Set();
    for (const group of groups) for (const word of group) words.add(word);
    this.cueWords.set(kind, words);
    for (const word of groups[0]) {
      if (!this.cues.has(word)) this.cues.set(word, []);
      this.cues.get(word).push({ kind, groups });
    }
  }

  /** The words that are not such as ask for nothing. */
  content(words) {
    return words.filter((word) => !this.fillers.has(word));
  }

  isCueWord(word) {
    return this.allCueWords.has(word);
  }

  /** Whether a word may be a slip for one that people ask with; short ones only with letters swapped. */
  isSlipOfAsking(typed, meant) {
    if (this.openers.has(meant)) return sameLetters(typed, meant);
    return meant.length >= LONG_CUE && this.isCueWord(meant);
  }

  /** The kinds of fact that some words ask for, the surest first: [{ kind, words, left, ofPerson }]. */
  kindsAsked(words) {
    const best = new Map();
    for (const word of words) {
      for (const { kind, groups } of this.cues.get(word) ?? []) {
        const present = groups.every((group) => words.some((each) => group.has(each)));
        if (groups.length > (best.get(kind) ?? 0) && present) best.set(kind, groups.length);
      }
    }
    const content = this.content(words);
    const kinds = [...best].map(([kind, count]) => ({
      kind,
      words: count,
      left: content.filter((w) => !this.cueWords.get(kind).has(w) && !this.openers.has(w)),
      ofPerson: this.personKinds.has(kind),
    }));
    return kinds.sort((a, b) => a.left.length - b.left.length || b.words - a.words);
  }
}
