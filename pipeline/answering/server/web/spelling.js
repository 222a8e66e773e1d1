// Other spellings of a word; equal to pipeline/answering/spelling.py.

const ALPHABET = [..."abcdefghijklmnopqrstuvwxyz"];
const ROMAN = new Set("ivxlcdm");
export const SHORTEST = 3; // letters of a word that may be misspelled, or a whole name
export const SHORTEST_RESPELLED_NAME = 6; // letters of a misspelled word that is a whole name
export const SHORTEST_RESPELLED_SURNAME = 7; // of one that is a surname alone
const LONGEST_RESPELLED = 50; // of one that is respelled

/** The word with the other ending of each pair of which it has one. */
export function otherEndings(word, endings) {
  const words = [];
  for (const [one, other] of endings) {
    if (word.endsWith(other) && word.length > other.length + 1) {
      words.push(word.slice(0, word.length - other.length) + one);
    }
    if (word.endsWith(one) && word.length > 2) {
      words.push(word.slice(0, word.length - one.length) + other);
    }
  }
  return words;
}

/** All words that one missing, doubled, wrong or swapped letter makes of it; none of a long one. */
export function oneEdit(word) {
  const letters = [...word];
  if (letters.length > LONGEST_RESPELLED) return [];
  const places = Array.from({ length: letters.length + 1 }, (_, place) => place);
  const cuts = places.map((place) => [letters.slice(0, place).join(""), letters.slice(place)]);
  const rest = (end, from) => end.slice(from).join("");
  const ended = cuts.filter(([, end]) => end.length);
  const fewer = ended.map(([start, end]) => start + rest(end, 1));
  const swapped = cuts
    .filter(([, end]) => end.length > 1)
    .map(([start, end]) => start + end[1] + end[0] + rest(end, 2));
  const wrong = ended.flatMap(([start, end]) =>
    ALPHABET.map((letter) => start + letter + rest(end, 1)));
  const more = cuts.flatMap(([start, end]) =>
    ALPHABET.map((letter) => start + letter + rest(end, 0)));
  return [...new Set([...fewer, ...swapped, ...wrong, ...more])];
}

/** Whether a word may be a slip for another, and another for it: numbers and short words are none. */
export function mayBeMisspelled(word) {
  const letters = [...word];
  if (letters.length < SHORTEST || letters.every((letter) => ROMAN.has(letter))) return false;
  return !/[\p{Nd}⁰¹²³⁴-⁹₀-₉]/u.test(word);
}

/** Whether two words have the same letters. */
export function sameLetters(one, other) {
  return [...one].sort().join("") === [...other].sort().join("");
}
