// The names in a question: which pages its words mention; equal to pipeline/answering/mentions.py.

import { MOST_CANDIDATES, ofPage, ofSeveral } from "./meaning.js";
import { SHORTENED } from "./naming.js";
import {
  DEFINITION, isPersonPage, kindOfPage, mayBePart, readFrame, writtenAs,
} from "./reading.js";
import { otherEndings } from "./spelling.js";

export const LONGEST_NAME = 24; // words of a name
const LONG_RUN = 3; // words that seldom are a title by chance
const MOST_SHARING = 48; // titles that share a part of a name; of more, the part names nothing
const MOST_KINDS = 6; // kinds of fact that are tried for the words of a question

export class Mentions {
  constructor(question, index, phrasebook) {
    this.question = question;
    this.index = index;
    this.phrasebook = phrasebook;
  }

  /** The page that a segment names by a whole name, or several; null for none. */
  pageIn(segment, outcome = "sure") {
    const candidates = this.candidates(segment);
    return candidates.length ? this.chosen(candidates, outcome) : null;
  }

  /** The runs of words that name a page: [{ page, rank, start, end }]. */
  mentionsIn(segment) {
    const forms = new Map();
    const size = segment.words.length;
    for (let start = 0; start < size; start++) {
      for (let end = start + 1; end <= Math.min(size, start + LONGEST_NAME); end++) {
        for (const form of this.forms(segment, start, end)) {
          if (!forms.has(form)) forms.set(form, []);
          forms.get(form).push([start, end]);
        }
      }
    }
    const mentions = [];
    for (const [form, entries] of this.index.named([...forms.keys()])) {
      for (const [start, end] of forms.get(form)) {
        if (end - start < LONG_RUN && !this.mayBeName(segment, start, end)) continue;
        for (const [number, rank] of entries.slice(0, MOST_CANDIDATES)) {
          mentions.push({ page: this.index.page(number), rank, start, end });
        }
      }
    }
    return mentions;
  }

  /** The pages that just these words name: [[page, rank], …]. */
  pagesNamed(segment, start, end) {
    const forms = [...new Set(this.forms(segment, start, end))];
    const named = this.index.named(forms);
    return forms.flatMap((form) =>
      (named.get(form) ?? []).slice(0, MOST_CANDIDATES).map(([number, rank]) =>
        [this.index.page(number), rank]));
  }

  /** The page of whose title the segment's name is a part, or several. */
  pageByPart(segment) {
    const options = [[DEFINITION, this.phrasebook.content(segment.words)]];
    for (const { kind, left } of this.phrasebook.kindsAsked(segment.words).slice(0, MOST_KINDS)) {
      options.push([kind, left]);
    }
    let instead = null;
    for (const [kind, names] of options) {
      if (!names.length || names.length > LONGEST_NAME) continue;
      let pages = this.withPart(segment, names);
      if (kind !== DEFINITION) {
        pages = pages.filter((page) => kindOfPage(page, kind, this.phrasebook));
      }
      if (pages.length > 1) return instead ?? ofSeveral(pages, this.question.text);
      if (!pages.length) continue;
      const wanted = kindOfPage(pages[0], kind, this.phrasebook) || DEFINITION;
      const meaning = ofPage(pages[0], wanted, "nearly");
      if (wanted === kind) return meaning;
      instead ??= meaning;
    }
    return instead;
  }

  candidates(segment) {
    const candidates = [];
    for (const { page, rank, start, end } of this.mentionsIn(segment)) {
      if (!this.mayBeName(segment, start, end)) continue;
      const kind = readFrame(segment.without(start, end), page, this.phrasebook, start);
      if (kind !== null) candidates.push({ page, rank, words: end - start, kind });
    }
    return candidates;
  }

  chosen(candidates, outcome) {
    const longest = Math.max(...candidates.map((each) => each.words));
    let best = candidates.filter((each) => each.words === longest);
    const rank = Math.min(...best.map((each) => each.rank));
    const ofNumber = new Map();
    for (const each of best) if (each.rank === rank) ofNumber.set(each.page.number, each);
    best = [...ofNumber.values()];
    const scores = best.map((each) => // writtenAs is below 16
      (each.kind === DEFINITION ? 0 : 16) + writtenAs(each.page, this.question.text));
    const highest = Math.max(...scores);
    best = this.personsFirst(best.filter((_, at) => scores[at] === highest));
    if (best.length > 1) return ofSeveral(best.map((each) => each.page), this.question.text);
    const nearly = outcome === "sure" && rank === SHORTENED;
    return ofPage(best[0].page, best[0].kind, nearly ? "nearly" : outcome);
  }

  personsFirst(candidates) {
    const { persons } = this.phrasebook.language;
    if (!this.question.whole.words.some((word) => persons.includes(word))) return candidates;
    const people = candidates.filter(({ page }) => isPersonPage(page, this.phrasebook));
    return people.length ? people : candidates;
  }

  mayBeName(segment, start, end) {
    const { fillers, pronouns } = this.phrasebook;
    const words = segment.words.slice(start, end);
    if (this.nameContinues(segment, end)) return false;
    if (words.some((word) => !fillers.has(word) && !pronouns.has(word))) return true;
    const rest = segment.without(start, end);
    return !this.phrasebook.content(rest).length && end === segment.words.length;
  }

  nameContinues(segment, end) {
    return this.phrasebook.language.name_words.includes(segment.words[end]);
  }

  *forms(segment, start, end) {
    const words = segment.words.slice(start, end);
    const last = words.at(-1);
    if (words.length > 1 && this.phrasebook.language.articles.includes(words[0])) return;
    yield words.join(" ");
    const before = words.slice(0, -1).map((word) => `${word} `).join("");
    if (segment.possessive[end - 1]) yield before + last.slice(0, -1);
    if (!this.phrasebook.fillers.has(last)) {
      const { endings } = this.phrasebook.language;
      for (const other of otherEndings(last, endings)) yield before + other;
    }
    for (const [place, word] of words.entries()) {
      for (const other of otherEndings(word, this.phrasebook.language.spellings)) {
        yield words.with(place, other).join(" ");
      }
    }
    if (words.length === 2) yield words.join("");
    if (words.length === 1 && last.length > 5) {
      for (let place = 2; place < last.length - 1; place++) {
        yield `${last.slice(0, place)} ${last.slice(place)}`;
      }
    }
  }

  withPart(segment, names) {
    const owners = new Set(segment.words.filter((_, place) => segment.possessive[place]));
    const words = names.map((word) => (owners.has(word) ? word.slice(0, -1) : word));
    if (this.nameContinues(segment, segment.words.indexOf(names.at(-1)) + 1)) return [];
    const numbers = this.index.containing(words);
    if (!numbers.length || numbers.length > MOST_SHARING) return [];
    const known = this.index.known(words);
    const pages = numbers.map((number) => this.index.page(number));
    const parts = pages.map((page) => mayBePart(words, page, segment, known, this.phrasebook));
    const surely = pages.filter((_, at) => parts[at] === "proper");
    const maybe = pages.filter((_, at) => parts[at] === "common");
    if (surely.length) return surely;
    return maybe.length > 1 ? maybe : [];
  }
}
