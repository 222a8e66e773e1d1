// How the words around a name are read; equal to pipeline/answering/reading.py.

import { asideOf, bareTitle, chunksOf, normalize, wordsOf } from "./normalize.js";
import { SHORTEST } from "./spelling.js";

export const DEFINITION = "definition";
export const OWN = "= "; // begins the kind of a question that is of no listed kind
const LEAD_WORDS = 40; // of a definition, that may describe the thing

/** The kind of thing that the words around a page's name ask of it; null where a word is left. */
export function readFrame(words, page, phrasebook, nameAt = null) {
  const content = phrasebook.content(words);
  if (page.held_out) {
    const kinds = phrasebook.kindsAsked(words);
    return !content.length || (kinds.length && !kinds[0].left.length) ? DEFINITION : null;
  }
  const fact = factAsked(words, page, phrasebook);
  if (fact) return fact;
  if (!content.length || describe(words, page, phrasebook, nameAt)) return DEFINITION;
  const kinds = phrasebook.kindsAsked(words);
  for (const { kind, left } of kinds) {
    if (left.length && !describe(left, page, phrasebook, null)) continue;
    const cues = content.filter((word) => !left.includes(word));
    if (asksClass(words, phrasebook, nameAt) || allInLead(cues, page)) return DEFINITION;
    const isOpen = kinds.length > 1 && cues.every((word) => phrasebook.openers.has(word));
    return isOpen ? cues.join(" ") : kind;
  }
  return null;
}

function asksClass(words, phrasebook, nameAt) {
  const { yes_no, articles } = phrasebook.language;
  return Boolean(nameAt) && yes_no.includes(words[0]) && articles.includes(words[nameAt]);
}

function allInLead(cues, page) {
  const lead = wordsOf(page.lead);
  return cues.length > 0 && cues.every((cue) => lead.includes(cue));
}

function factAsked(words, page, phrasebook) {
  let best = "";
  let most = 0;
  const kinds = phrasebook.kindsAsked(words)
    .filter(({ left }) => !left.length || describe(left, page, phrasebook, null));
  const who = words.some((word) => phrasebook.language.persons.includes(word));
  const ofPerson = Math.max(0, ...kinds.map((asked) => (asked.ofPerson ? asked.words : 0)));
  for (const asked of kinds) {
    if (who && asked.words < ofPerson && !asked.ofPerson) continue;
    const kind = kindOfPage(page, asked.kind, phrasebook);
    const score = 2 * asked.words + (kind === asked.kind ? 1 : 0);
    if (kind && score > most) [best, most] = [kind, score];
  }
  const content = new Set(phrasebook.content(words));
  for (const { kind } of page.questions) {
    if (!kind.startsWith(OWN) || !content.size) continue;
    const own = new Set(chunksOf(kind.slice(OWN.length)));
    const covered = own.size && [...content].every((word) => own.has(word));
    if (covered && 2 * content.size > most) [best, most] = [kind, 2 * content.size];
  }
  return best;
}

/** The kind of fact, or the best instead of it, that was read about the page; "" for none. */
export function kindOfPage(page, kind, phrasebook) {
  const read = new Set(page.questions.map((question) => question.kind));
  return [kind, ...(phrasebook.instead.get(kind) ?? [])].find((other) => read.has(other)) ?? "";
}

/** The kind of fact about a page by which it can be judged what some words claim of it. */
export function kindClaimed(words, page, phrasebook) {
  const read = phrasebook.kindsAsked(words).map((asked) => kindOfPage(page, asked.kind, phrasebook));
  return read.find(Boolean) ?? DEFINITION;
}

function describe(words, page, phrasebook, nameAt) {
  const content = phrasebook.content(words);
  const aside = wordsOf(asideOf(page.title));
  const asideSet = new Set(aside);
  if (content.every((word) => among(word, asideSet, phrasebook))) return true;
  const lead = new Set([...aside, ...wordsOf(page.lead).slice(0, LEAD_WORDS)]);
  if (!content.every((word) => among(word, lead, phrasebook))) return false;
  const after = nameAt === null ? [] : words.slice(nameAt);
  if (after.length && phrasebook.language.by.includes(after[0])) return true;
  const kinds = content.filter((word) => phrasebook.synonyms.has(word));
  return kinds.length > 0 && !(after.length && content.includes(after[0]));
}

/** Whether a word names the kind of thing that a page is about. */
export function isKindOf(word, page, phrasebook) {
  const lead = [...wordsOf(asideOf(page.title)), ...wordsOf(page.lead).slice(0, LEAD_WORDS)];
  return phrasebook.synonyms.has(word) && among(word, new Set(lead), phrasebook);
}

function among(word, words, phrasebook) {
  return words.has(word) || [...(phrasebook.synonyms.get(word) ?? [])].some((other) => words.has(other));
}

/** "proper", "common" or "": whether words are a part of a title by which it may be called. */
export function mayBePart(words, page, segment, known, phrasebook) {
  const title = bareTitle(page.title).split(",")[0];
  const written = chunksOf(title).filter((chunk) => wordsOf(chunk).length);
  const spelled = written.map(wordsOf);
  const parts = spelled.flat();
  if (words.some((word) => !parts.includes(word)) || words.every(isNumber)) return "";
  if (Math.max(...words.map((word) => word.length)) < SHORTEST) return "";
  const places = words.map((word) => parts.indexOf(word));
  if (places.some((place, at) => at && place < places[at - 1])) return "";
  const person = isPersonPage(page, phrasebook);
  const { persons, articles, definite } = phrasebook.language;
  if (segment.words.some((word) => persons.includes(word)) && !person) return "";
  const before = parts.slice(0, places[0]);
  if (before.some((w) => phrasebook.fillers.has(w) && !articles.includes(w)) && !person) return "";
  const capital = new Set(
    written.flatMap((chunk, at) => (/\p{Lu}/u.test(chunk) ? spelled[at] : [])),
  );
  const next = parts[places.at(-1) + 1];
  const common = known.get(words.at(-1))?.small ?? false;
  const firstOfTwo = words.length === 1 && next && !capital.has(next);
  if (next && (firstOfTwo || common) && !person) return ""; // lemon balm, Yale University Press
  if (words.length === 1 && before.length && next && !person) return ""; // Raleigh's El Dorado Expedition
  if (words.some((word) => capital.has(word) && !known.get(word)?.small)) return "proper";
  if (words.every((word) => phrasebook.synonyms.has(word))) return ""; // "the company"
  const pointed = segment.words.some(
    (word, place) => definite.includes(word) && segment.words[place + 1] === words[0],
  );
  return pointed && places.at(-1) === parts.length - 1 ? "common" : "";
}

/** Whether a word is digits alone, as Python's isdigit has it. */
export function isNumber(word) {
  return /^[\p{Nd}⁰¹²³⁴-⁹₀-₉]+$/u.test(word);
}

/** Whether the first question about a page begins with "who". */
export function isPersonPage({ questions }, phrasebook) {
  const { persons } = phrasebook.language;
  return questions.length > 0 && persons.includes(wordsOf(questions[0].text)[0]);
}

/** Orders the pages of one name by how they are written: a number, the highest first. */
export function writtenAs(page, text) {
  const asked = page.questions.some((question) => sameButFirst(question.text, text));
  const bare = bareTitle(page.title);
  const small = bare.slice(0, 1).toLowerCase() + bare.slice(1);
  const asWritten = text.includes(bare) || text.includes(small);
  const aside = wordsOf(asideOf(page.title));
  const typed = new Set(wordsOf(text));
  const asideTyped = aside.length > 0 && aside.every((word) => typed.has(word));
  return [asked, asideTyped, asWritten, !aside.length].reduce((sum, is) => 2 * sum + (is ? 1 : 0), 0);
}

function sameButFirst(question, text) {
  const [one, other] = [question, text].map((each) => each.replace(/[ ?.]+$/, ""));
  return one.slice(1) === other.slice(1) && normalize(one) === normalize(other);
}
