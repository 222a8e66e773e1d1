// A question with its misspelled words set right; equal to pipeline/answering/respelling.py.

import { wordsOf } from "./normalize.js";
import {
  SHORTEST_RESPELLED_NAME, SHORTEST_RESPELLED_SURNAME, mayBeMisspelled, oneEdit,
} from "./spelling.js";

const MOST_RESPELLED = 3; // words of a question that may be misspelled
const MOST_SPELLINGS = 4; // of one word that are tried

/** The segment with misspelled words set right, in all ways that are worth a try. */
export function* respellings(segment, index, phrasebook, unknownOnly) {
  const known = index.known(segment.words);
  const places = segment.words.map((_, place) => place);
  const doubtful = places.filter((place) => {
    const word = segment.words[place];
    const inTitles = known.get(word)?.inTitles ?? false;
    if (phrasebook.fillers.has(word) || inTitles === unknownOnly) return false;
    return !(unknownOnly && phrasebook.isCueWord(word));
  });
  if (!doubtful.length || doubtful.length > MOST_RESPELLED) return;
  const spelled = doubtful.map((place) =>
    [place, spellingsOf(segment.words[place], index, phrasebook)]);
  yield* combined(segment, spelled, unknownOnly);
}

/** Whether a respelled text is one long word that begins as it was typed. */
export function mayBeSurname(typed, other, phrasebook) {
  const names = phrasebook.content(other.words);
  const before = phrasebook.content(typed.words);
  if (names.length !== 1 || before.length !== 1) return false;
  const length = Math.min(names[0].length, before[0].length);
  return names[0][0] === before[0][0] && length >= SHORTEST_RESPELLED_SURNAME;
}

/** Whether a respelled name is near enough to that of a page. */
export function isPlausible(typed, other, page, index, phrasebook) {
  const title = wordsOf(page.title);
  const changed = typed.words
    .map((was, place) => [was, other.words[place]])
    .filter(([was, now]) => was !== now && !phrasebook.fillers.has(now));
  const content = phrasebook.content(typed.words)
    .filter((word) => title.includes(word) || !phrasebook.isCueWord(word));
  if (content.length > 1 || !changed.length) return true;
  const [was, now] = changed[0];
  const isLong = Math.min(was.length, now.length) >= SHORTEST_RESPELLED_NAME;
  return isLong && !index.known([was]).has(was);
}

/** Words of titles, or with which one asks, of which this may be a slip. */
function spellingsOf(word, index, phrasebook) {
  if (!mayBeMisspelled(word)) return [];
  const others = oneEdit(word);
  const known = index.known(others);
  const titles = others.filter((other) => known.get(other)?.inTitles);
  const names = titles.filter((title) => !phrasebook.fillers.has(title));
  const asking = others.filter((other) => phrasebook.isSlipOfAsking(word, other));
  const spelled = [...names, ...asking].filter(mayBeMisspelled);
  return [...new Set(spelled)].slice(0, MOST_SPELLINGS);
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
