// A question as one about what it names; equal to pipeline/answering/name_readings.py, whose
// docstrings say more.

import { meaningOf, ofBoth, ofPage } from "./meaning.js";
import { LONGEST_NAME, Mentions } from "./mentions.js";
import { SHORTENED } from "./naming.js";
import { chunksOf, normalize, wordsOf } from "./normalize.js";
import { isNumber, isPersonPage, kindClaimed } from "./reading.js";
import { isPlausible, mayBeSurname, respellings } from "./respelling.js";
import { segmentOf } from "./segments.js";

const MOST_NEAR = 3; // pages that are offered where nothing was read

export class NameReadings {
  constructor(question, index, phrasebook) {
    this.text = question.text;
    this.whole = question.whole;
    this.segments = question.segments;
    this.index = index;
    this.phrasebook = phrasebook;
    this.mentions = new Mentions(question, index, phrasebook);
  }

  /** A question in the very words that it was trained in. */
  inTrainedWords() {
    const mentions = this.mentions.mentionsIn(this.whole);
    const pages = new Map(mentions.map(({ page }) => [page.number, page]));
    const asked = [...pages.values()].flatMap((page) =>
      page.questions
        .filter(({ text }) => normalize(text) === this.whole.text)
        .map((question) => ({ page, question })),
    );
    if (asked.length !== 1) return null;
    const [{ page, question }] = asked;
    const { kind } = question;
    return meaningOf("sure", { pages: [page], kind, questions: [question], about: page.title });
  }

  /** A name in the text as a whole: "Romeo and Juliet" is one page and not two people. */
  inWholeText() {
    return this.mentions.pageIn(this.whole);
  }

  /** Two names with "and", "or", "vs" between them: both are asked for. */
  twoThings() {
    const { joins } = this.phrasebook.language;
    for (const segment of this.segments) {
      if (this.mentions.pageIn(segment)) return null;
      const { words } = segment;
      for (let place = 1; place < words.length - 1; place++) {
        if (!joins.includes(words[place])) continue;
        const sides = [segment.part(0, place), segment.part(place + 1, words.length)];
        const meanings = sides.map((side) => this.oneOfTwo(side));
        if (meanings.every(Boolean)) return ofBoth(meanings);
      }
    }
    return null;
  }

  oneOfTwo(side) {
    const compares = (word) => this.phrasebook.language.comparisons.includes(word);
    let end = side.words.length;
    while (end > 1 && compares(side.words[end - 1])) end--;
    const start = side.words.slice(0, end).findLastIndex(compares) + 1;
    const meaning = this.mentions.pageIn(side.part(start, end));
    return meaning?.questions.length ? meaning : null;
  }

  /** A name of a page, whole, and around it nothing but how it is asked for. */
  inSegment() {
    for (const segment of this.segments) {
      const meaning = this.mentions.pageIn(segment);
      if (meaning) return meaning;
    }
    return null;
  }

  /** "is a whale a mammal" */
  yesOrNo() {
    const { yes_no, articles } = this.phrasebook.language;
    for (const segment of this.segments) {
      const { words } = segment;
      if (words.length < 2 || !yes_no.includes(words[0])) continue;
      const start = articles.includes(words[1]) ? 2 : 1;
      for (let end = Math.min(words.length, start + LONGEST_NAME); end > start; end--) {
        const named = this.mentions.pagesNamed(segment, start, end);
        const best = named.find(([, rank]) => rank < SHORTENED);
        if (!best) continue;
        const kind = kindClaimed(words.slice(end), best[0], this.phrasebook);
        return ofPage(best[0], kind, "sure", { isYesNo: true });
      }
    }
    return null;
  }

  /** A part of a name: "Hollerith". */
  byPart() {
    for (const segment of this.segments) {
      const meaning = this.mentions.pageByPart(segment);
      if (meaning) return meaning;
    }
    return null;
  }

  /** A name in which some words are misspelled by one letter each. */
  respelled() {
    const { index, phrasebook } = this;
    for (const unknownOnly of [true, false]) {
      for (const segment of this.segments) {
        for (const other of respellings(segment, index, phrasebook, unknownOnly)) {
          let meaning = this.mentions.pageIn(other, "nearly");
          if (!meaning && mayBeSurname(segment, other, phrasebook)) meaning = this.surname(other);
          if (!meaning) continue;
          if (isPlausible(segment, other, meaning.pages[0], index, phrasebook)) return meaning;
        }
      }
    }
    return null;
  }

  /** A part of the name of a person. */
  surname(segment) {
    const meaning = this.mentions.pageByPart(segment);
    const isPerson = (page) => isPersonPage(page, this.phrasebook);
    return meaning?.pages.every(isPerson) ? meaning : null;
  }

  /** Nothing was read about it; the pages that share a rare word with it are near. */
  notRead() {
    const known = this.index.known(this.phrasebook.content(this.whole.words));
    const near = new Set();
    for (const [word, entry] of known) {
      if (!entry.inTitles || entry.small || isNumber(word)) continue;
      for (const page of this.index.containing([word]).slice(0, MOST_NEAR)) near.add(page);
    }
    const pages = [...near].slice(0, MOST_NEAR).map((number) => this.index.page(number));
    return meaningOf("not_read", {
      about: nameTyped(this.text, this.phrasebook),
      pages: pages.filter((page) => !page.held_out),
    });
  }
}

/** The part of what was typed that is not how it is asked. */
function nameTyped(text, phrasebook) {
  const chunks = chunksOf(text);
  const content = chunks.map((chunk) => phrasebook.content(segmentOf(chunk).words).length > 0);
  let start = Math.max(0, content.indexOf(true));
  const end = content.includes(true) ? content.lastIndexOf(true) + 1 : chunks.length;
  if (!content.includes(true)) {
    const { yes_no, articles } = phrasebook.language;
    const asking = new Set([...phrasebook.openers, ...yes_no, ...articles]);
    const asks = (word) => asking.has(word);
    while (start < end - 1 && wordsOf(chunks[start]).every(asks)) start++;
  }
  const name = chunks.slice(start, end).join(" ");
  return name.replace(/^[ ?!.,;:"'“”‘’]+|[ ?!.,;:"'“”‘’]+$/g, "") || text;
}
