// What a typed question means: which page it is about, what is asked of it, and how sure that is.
// Equal to pipeline/answering/understanding.py, whose docstrings say more.

import { asText, chunksOf, normalize, wordsOf } from "./normalize.js";
import {
  DEFINITION, asksPerson, isKindOf, isNumber, kindOfPage, mayBePart, readFrame, writtenAs,
} from "./reading.js";
import { matches, segmentOf, segmentsOf } from "./segments.js";
import { LONG, LONGER, mayBeMisspelled, oneEdit, otherEndings } from "./spelling.js";

const SHORTER = 2; // rank of shorter forms of names
const LONGEST_NAME = 24; // words of a name
const LONG_RUN = 3; // words that seldom are a title by chance
const MOST_CANDIDATES = 8; // pages of one name that are told apart
const MOST_RESPELLED = 3; // words of a question that may be misspelled
const MOST_SPELLINGS = 4; // of one word that are tried
const MOST_CLAIMED = 3; // words of content of what is claimed of a topic
export const MORE = "more";
export const OTHER = "something else";

/** Text for searching in lists. */
export function folded(text) {
  return normalize(text);
}

function meaningOf(outcome, fields) {
  const none = {
    pages: [], kind: DEFINITION, questions: [], about: "", isYesNo: false, smallTalk: "",
  };
  return { outcome, ...none, ...fields };
}

/**
 * What a typed question means, of what was read and what is being talked about:
 * { outcome, pages, kind, questions, about, isYesNo, smallTalk }.
 * `topic`: { page, kind, others, about }.
 */
export function understand(typed, index, phrasebook, topic = null) {
  const text = asText(typed);
  const title = wholeTitle(text, index);
  if (title) return ofPage(title, DEFINITION, "sure");
  const whole = normalize(text);
  const talk = phrasebook.language.small_talk.find(([, pattern]) => matches(pattern, whole));
  if (talk) return meaningOf("small_talk", { smallTalk: talk[0], about: text });
  const interpreter = new Interpreter(text, index, phrasebook, topic);
  return (
    interpreter.inTrainedWords() ??
    interpreter.otherOne() ??
    interpreter.moreOfTopic() ??
    interpreter.byPronoun() ??
    interpreter.yesOrNoOfTopic() ??
    interpreter.byKindOfTopic() ??
    interpreter.byNameAlone() ??
    interpreter.twoThings() ??
    interpreter.byName() ??
    interpreter.yesOrNo() ??
    interpreter.byCueAlone() ??
    interpreter.byPart() ??
    interpreter.respelled() ??
    interpreter.somethingElseOfTopic() ??
    interpreter.notRead()
  );
}

/** What is being talked about after a question that meant this. */
export function topicAfter(meaning, topic) {
  if (["small_talk", "no_topic"].includes(meaning.outcome)) return topic;
  if (["not_read", "held_out"].includes(meaning.outcome)) {
    return { page: null, kind: DEFINITION, others: [], about: meaning.about };
  }
  const [first, ...others] = meaning.pages.map((page) => page.number);
  return { page: first, kind: meaning.kind, others, about: meaning.about };
}

function wholeTitle(text, index) {
  const name = normalize(text);
  for (const [number, rank] of (index.named([name]).get(name) ?? []).slice(0, MOST_CANDIDATES)) {
    const page = index.page(number);
    if (rank < SHORTER && page.title === text) return page;
  }
  return null;
}

function ofPage(page, kind, outcome, { isYesNo = false } = {}) {
  if (page.held_out) return meaningOf("held_out", { pages: [page], about: page.title });
  let questions = page.questions.filter((question) => question.kind === kind).slice(0, 1);
  if (!questions.length && kind === DEFINITION) questions = page.questions.slice(0, 1);
  const fields = { pages: [page], kind, about: page.title };
  if (!questions.length) return meaningOf("read_but_not_that", fields);
  return meaningOf(outcome, { ...fields, questions, isYesNo });
}

class Interpreter {
  constructor(text, index, phrasebook, topic) {
    this.text = text;
    this.index = index;
    this.phrasebook = phrasebook;
    this.topic = topic;
    this.segments = segmentsOf(text, phrasebook);
    this.whole = segmentOf(text);
  }

  inTrainedWords() {
    const pages = new Map(this.runsIn(this.whole).map(({ page }) => [page.number, page]));
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

  // --- what is being talked about ---

  otherOne() {
    if (!this.topic || !matches(this.phrasebook.language.other_one, this.whole.text)) return null;
    if (!this.topic.others.length) return null;
    return ofPage(this.index.page(this.topic.others[0]), DEFINITION, "sure");
  }

  byPronoun() {
    if (!this.topic) return null;
    for (const segment of this.segments) {
      const rest = segment.words.filter((word) => !this.phrasebook.pronouns.has(word));
      if (rest.length === segment.words.length) continue;
      if (this.topic.page === null) {
        const [kind] = this.phrasebook.kindsAsked(rest);
        if (!this.phrasebook.content(rest).length || (kind && !kind.left.length)) {
          return meaningOf("not_read", { about: this.topic.about });
        }
        continue;
      }
      const meaning = this.ofTopic(rest);
      if (meaning) return meaning;
    }
    return null;
  }

  moreOfTopic() {
    const { topic } = this;
    if (!topic || !matches(this.phrasebook.language.more, this.whole.text)) return null;
    if (topic.page === null || topic.kind === MORE) return this.notThatOfTopic(MORE);
    const page = this.index.page(topic.page);
    const kinds = [...new Set(page.questions.map(({ kind }) => kind))];
    const [next] = kinds.slice(kinds.indexOf(topic.kind) + 1);
    return next === undefined ? this.notThatOfTopic(MORE) : ofPage(page, next, "sure");
  }

  yesOrNoOfTopic() {
    const { words } = this.whole;
    const { phrasebook } = this;
    if (!this.topic || words.length < 2 || !phrasebook.language.yes_no.includes(words[0])) return null;
    const claimed = words.slice(2);
    if (!this.isPronoun(words[1]) || phrasebook.content(claimed).length > MOST_CLAIMED) return null;
    if (this.topic.page === null) return this.notThatOfTopic(OTHER);
    const page = this.index.page(this.topic.page);
    return ofPage(page, kindClaimed(claimed, page, phrasebook), "sure", { isYesNo: true });
  }

  somethingElseOfTopic() {
    const { words } = this.whole;
    const place = this.topic ? words.findIndex((word) => this.isPronoun(word)) : -1;
    if (place < 0) return null;
    const before = words.slice(0, place);
    const asks = place > 0 && this.phrasebook.language.yes_no.includes(before.at(-1));
    const isNamed = this.phrasebook.content(before).length > 0;
    return isNamed && !(asks && this.isOneQuestion(before)) ? null : this.notThatOfTopic(OTHER);
  }

  isPronoun(word) {
    const { articles, expletives } = this.phrasebook.language;
    return this.phrasebook.pronouns.has(word) && !articles.includes(word) && !expletives.includes(word);
  }

  isOneQuestion(words) {
    const { openers, joins } = this.phrasebook.language;
    const start = words.findIndex((word) => this.phrasebook.content([word]).length);
    return !words.slice(start).some((word) => openers.includes(word) || joins.includes(word));
  }

  notThatOfTopic(kind) {
    if (this.topic.page === null) return meaningOf("not_read", { about: this.topic.about });
    const page = this.index.page(this.topic.page);
    return meaningOf("read_but_not_that", { pages: [page], kind, about: page.title });
  }

  byKindOfTopic() {
    if (!this.topic || this.topic.page === null) return null;
    const { words } = this.whole;
    const { definite } = this.phrasebook.language;
    const page = this.index.page(this.topic.page);
    for (let place = 1; place < words.length; place++) {
      if (!definite.includes(words[place - 1]) || !isKindOf(words[place], page, this.phrasebook)) continue;
      const meaning = this.ofTopic([...words.slice(0, place - 1), ...words.slice(place + 1)]);
      if (meaning && meaning.kind !== DEFINITION && meaning.questions.length) return meaning;
    }
    return null;
  }

  byCueAlone() {
    const rest = this.whole.words.filter((word) => !this.phrasebook.pronouns.has(word));
    const pronoun = rest.length < this.whole.words.length;
    const kinds = this.phrasebook.kindsAsked(rest);
    const content = this.phrasebook.content(rest);
    if (!kinds.length && content.length && content.every((word) => this.phrasebook.openers.has(word))) {
      return this.why();
    }
    if (content.length && !(kinds.length && !kinds[0].left.length)) return null;
    if (this.topic && this.topic.page !== null) {
      return pronoun || kinds.length ? this.ofTopic(rest) : null;
    }
    const isBare = this.phrasebook.content(this.whole.words).length === this.whole.words.length;
    if (this.topic && (pronoun || (kinds.length && !isBare))) {
      return meaningOf("not_read", { about: this.topic.about });
    }
    const unnamed = pronoun || matches(this.phrasebook.language.more, this.whole.text);
    return unnamed ? meaningOf("no_topic", { about: this.text }) : null;
  }

  why() {
    return this.topic ? this.notThatOfTopic(OTHER) : meaningOf("no_topic", { about: this.text });
  }

  ofTopic(rest) {
    const page = this.index.page(this.topic.page);
    const kind = readFrame(rest, page, this.phrasebook);
    return kind === null ? null : ofPage(page, kind, "sure");
  }

  // --- by names ---

  byNameAlone() {
    const meaning = this.chosen(this.namedIn(this.whole), "sure");
    return meaning && this.askedTheSame(meaning);
  }

  byName() {
    for (const segment of this.segments) {
      const meaning = this.chosen(this.namedIn(segment), "sure");
      if (meaning) return this.askedTheSame(meaning);
    }
    return null;
  }

  askedTheSame(meaning) {
    const { topic } = this;
    if (!topic || topic.kind === DEFINITION || meaning.kind !== DEFINITION) return meaning;
    if (!["sure", "nearly"].includes(meaning.outcome)) return meaning;
    if (!matches(this.phrasebook.language.continues, this.whole.text)) return meaning;
    const same = ofPage(meaning.pages[0], topic.kind, meaning.outcome);
    return same.questions.length ? same : meaning;
  }

  twoThings() {
    const { joins } = this.phrasebook.language;
    for (const segment of this.segments) {
      if (this.chosen(this.namedIn(segment), "sure")) return null;
      const { words } = segment;
      for (let place = 1; place < words.length - 1; place++) {
        if (!joins.includes(words[place])) continue;
        const sides = [segment.part(0, place), segment.part(place + 1, words.length)];
        const meanings = sides.map((side) => this.oneOfTwo(side));
        if (meanings.every(Boolean)) return both(meanings);
      }
    }
    return null;
  }

  oneOfTwo(side) {
    const compares = (word) => this.phrasebook.language.comparisons.includes(word);
    let end = side.words.length;
    while (end > 1 && compares(side.words[end - 1])) end--;
    const start = side.words.slice(0, end).findLastIndex(compares) + 1;
    const meaning = this.chosen(this.namedIn(side.part(start, end)), "sure");
    return meaning?.questions.length ? meaning : null;
  }

  yesOrNo() {
    const { yes_no, articles } = this.phrasebook.language;
    for (const segment of this.segments) {
      const { words } = segment;
      if (words.length < 2 || !yes_no.includes(words[0])) continue;
      const start = articles.includes(words[1]) ? 2 : 1;
      for (let end = Math.min(words.length, start + LONGEST_NAME); end > start; end--) {
        const named = this.pagesNamed(segment, start, end).find(([, rank]) => rank < SHORTER);
        if (!named) continue;
        const kind = kindClaimed(words.slice(end), named[0], this.phrasebook);
        return ofPage(named[0], kind, "sure", { isYesNo: true });
      }
    }
    return null;
  }

  byPart() {
    for (const segment of this.segments) {
      const meaning = this.partOfName(segment);
      if (meaning) return this.askedTheSame(meaning);
    }
    return null;
  }

  respelled() {
    for (const strict of [true, false]) {
      for (const segment of this.segments) {
        for (const other of this.respellings(segment, strict)) {
          let meaning = this.chosen(this.namedIn(other), "nearly");
          if (!meaning && this.mayBeSurname(segment, other)) meaning = this.surname(other);
          if (!meaning || !this.isPlausible(segment, other, meaning.pages[0])) continue;
          return meaning;
        }
      }
    }
    return null;
  }

  notRead() {
    const known = this.index.known(this.phrasebook.content(this.whole.words));
    const near = new Set();
    for (const [word, entry] of known) {
      if (!entry.inTitles || entry.small || isNumber(word)) continue;
      for (const page of this.index.containing([word]).slice(0, 3)) near.add(page);
    }
    const pages = [...near].slice(0, 3).map((number) => this.index.page(number));
    return meaningOf("not_read", {
      about: nameTyped(this.text, this.phrasebook),
      pages: pages.filter((page) => !page.held_out),
    });
  }

  // --- how names are found ---

  namedIn(segment) {
    const found = [];
    for (const { page, rank, start, end } of this.runsIn(segment)) {
      if (!this.mayName(segment, start, end)) continue;
      const kind = readFrame(segment.without(start, end), page, this.phrasebook, start);
      if (kind !== null) found.push({ page, rank, words: end - start, kind });
    }
    return found;
  }

  runsIn(segment) {
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
    const runs = [];
    for (const [form, entries] of this.index.named([...forms.keys()])) {
      for (const [start, end] of forms.get(form)) {
        if (end - start < LONG_RUN && !this.mayName(segment, start, end)) continue;
        for (const [number, rank] of entries.slice(0, MOST_CANDIDATES)) {
          runs.push({ page: this.index.page(number), rank, start, end });
        }
      }
    }
    return runs;
  }

  mayName(segment, start, end) {
    const { fillers, pronouns } = this.phrasebook;
    const words = segment.words.slice(start, end);
    if (this.goesOn(segment, end)) return false;
    if (words.some((word) => !fillers.has(word) && !pronouns.has(word))) return true;
    const rest = segment.without(start, end);
    return !this.phrasebook.content(rest).length && end === segment.words.length;
  }

  goesOn(segment, end) {
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
      for (const other of otherEndings(last, this.phrasebook.language.endings)) yield before + other;
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

  pagesNamed(segment, start, end) {
    const forms = [...new Set(this.forms(segment, start, end))];
    const named = this.index.named(forms);
    return forms.flatMap((form) =>
      (named.get(form) ?? []).slice(0, MOST_CANDIDATES).map(([number, rank]) =>
        [this.index.page(number), rank]));
  }

  chosen(found, outcome) {
    if (!found.length) return null;
    const longest = Math.max(...found.map((match) => match.words));
    let best = found.filter((match) => match.words === longest);
    const rank = Math.min(...best.map((match) => match.rank));
    const ofNumber = new Map();
    for (const match of best) if (match.rank === rank) ofNumber.set(match.page.number, match);
    best = [...ofNumber.values()];
    const scores = best.map((match) =>
      (match.kind === DEFINITION ? 0 : 16) + writtenAs(match.page, this.text));
    const highest = Math.max(...scores);
    best = this.ofPersons(best.filter((_, at) => scores[at] === highest));
    if (best.length > 1) return several(best.map((match) => match.page), this.text);
    const nearly = outcome === "sure" && rank === SHORTER;
    return ofPage(best[0].page, best[0].kind, nearly ? "nearly" : outcome);
  }

  ofPersons(found) {
    const { persons } = this.phrasebook.language;
    if (!this.whole.words.some((word) => persons.includes(word))) return found;
    const people = found.filter(({ page }) =>
      page.questions.length && asksPerson(page.questions[0].text, this.phrasebook));
    return people.length ? people : found;
  }

  partOfName(segment) {
    const options = [[DEFINITION, this.phrasebook.content(segment.words)]];
    for (const { kind, left } of this.phrasebook.kindsAsked(segment.words).slice(0, 6)) {
      options.push([kind, left]);
    }
    let instead = null;
    for (const [kind, names] of options) {
      if (!names.length || names.length > LONGEST_NAME) continue;
      let pages = this.withPart(segment, names);
      if (kind !== DEFINITION) pages = pages.filter((page) => kindOfPage(page, kind, this.phrasebook));
      if (pages.length > 1) return instead ?? several(pages, this.text);
      if (!pages.length) continue;
      const wanted = kindOfPage(pages[0], kind, this.phrasebook) || DEFINITION;
      const meaning = ofPage(pages[0], wanted, "nearly");
      if (wanted === kind) return meaning;
      instead ??= meaning;
    }
    return instead;
  }

  withPart(segment, names) {
    const owners = new Set(segment.words.filter((_, place) => segment.possessive[place]));
    const words = names.map((word) => (owners.has(word) ? word.slice(0, -1) : word));
    if (this.goesOn(segment, segment.words.indexOf(names.at(-1)) + 1)) return [];
    const numbers = this.index.containing(words);
    if (!numbers.length || numbers.length > 6 * MOST_CANDIDATES) return [];
    const known = this.index.known(words);
    const pages = numbers.map((number) => this.index.page(number));
    const parts = pages.map((page) => mayBePart(words, page, segment, known, this.phrasebook));
    const surely = pages.filter((_, at) => parts[at] === "proper");
    const maybe = pages.filter((_, at) => parts[at] === "common");
    if (surely.length) return surely;
    return maybe.length > 1 ? maybe : [];
  }

  *respellings(segment, unknownOnly) {
    const known = this.index.known(segment.words);
    const places = segment.words.map((_, place) => place);
    const doubtful = places.filter((place) => {
      const word = segment.words[place];
      const inTitles = known.get(word)?.inTitles ?? false;
      if (this.phrasebook.fillers.has(word) || inTitles === unknownOnly) return false;
      return !(unknownOnly && this.phrasebook.isCueWord(word));
    });
    if (!doubtful.length || doubtful.length > MOST_RESPELLED) return;
    const spelled = doubtful.map((place) => [place, this.spellings(segment.words[place])]);
    yield* combined(segment, spelled, unknownOnly);
  }

  spellings(word) {
    if (!mayBeMisspelled(word)) return [];
    const others = oneEdit(word);
    const known = this.index.known(others);
    const titles = others.filter((other) => known.get(other)?.inTitles);
    const names = titles.filter((title) => !this.phrasebook.fillers.has(title));
    const asking = others.filter((other) => this.phrasebook.isSlipOfAsking(word, other));
    const spelled = [...names, ...asking].filter(mayBeMisspelled);
    return [...new Set(spelled)].slice(0, MOST_SPELLINGS);
  }

  mayBeSurname(typed, other) {
    const names = this.phrasebook.content(other.words);
    const before = this.phrasebook.content(typed.words);
    if (names.length !== 1 || before.length !== 1) return false;
    const length = Math.min(names[0].length, before[0].length);
    return names[0][0] === before[0][0] && length >= LONGER;
  }

  surname(segment) {
    const meaning = this.partOfName(segment);
    const isPerson = ({ questions }) => questions.length && asksPerson(questions[0].text, this.phrasebook);
    return meaning?.pages.every(isPerson) ? meaning : null;
  }

  isPlausible(typed, other, page) {
    const title = wordsOf(page.title);
    const changed = typed.words
      .map((was, place) => [was, other.words[place]])
      .filter(([was, now]) => was !== now && !this.phrasebook.fillers.has(now));
    const content = this.phrasebook.content(typed.words)
      .filter((word) => title.includes(word) || !this.phrasebook.isCueWord(word));
    if (content.length > 1 || !changed.length) return true;
    const [was, now] = changed[0];
    return Math.min(was.length, now.length) >= LONG && !this.index.known([was]).has(was);
  }
}

/** The kind of fact about a page by which it can be isYesNo what some words claim of it. */
function kindClaimed(words, page, phrasebook) {
  const read = phrasebook.kindsAsked(words).map((asked) => kindOfPage(page, asked.kind, phrasebook));
  return read.find(Boolean) ?? DEFINITION;
}

/** The segment with each choice of spellings: of all words together, or of one at a time. */
function* combined(segment, spelled, together) {
  const replaced = (words, place, word) => words.with(place, word);
  let choices = [];
  if (together) {
    choices = [segment.words];
    for (const [place, others] of spelled) {
      const spellings = others.length ? others : [segment.words[place]];
      choices = choices.flatMap((words) => spellings.map((other) => replaced(words, place, other)));
    }
  } else {
    choices = spelled.flatMap(([place, others]) =>
      others.map((other) => replaced(segment.words, place, other)));
  }
  for (const words of choices) {
    if (words.some((word, place) => word !== segment.words[place])) {
      const other = segment.part(0, words.length);
      other.words = words;
      yield other;
    }
  }
}

function both(meanings) {
  const pages = meanings.flatMap((meaning) => meaning.pages);
  const questions = meanings.flatMap((meaning) => meaning.questions);
  const about = pages.map((page) => page.title).join(" / ");
  return meaningOf("two", { pages, questions, about });
}

function several(pages, text) {
  return meaningOf("several", { pages: pages.slice(0, MOST_CANDIDATES), about: text });
}

/** The part of what was typed that is not how it is asked. */
function nameTyped(text, phrasebook) {
  const chunks = chunksOf(text);
  const content = chunks.map((chunk) => phrasebook.content(segmentOf(chunk).words).length > 0);
  let start = Math.max(0, content.indexOf(true));
  const end = content.includes(true) ? content.lastIndexOf(true) + 1 : chunks.length;
  if (!content.includes(true)) {
    const { yes_no, articles } = phrasebook.language;
    const asks = (word) => phrasebook.openers.has(word) || yes_no.includes(word) || articles.includes(word);
    while (start < end - 1 && wordsOf(chunks[start]).every(asks)) start++;
  }
  const name = chunks.slice(start, end).join(" ");
  return name.replace(/^[ ?!.,;:"'“”‘’]+|[ ?!.,;:"'“”‘’]+$/g, "") || text;
}
