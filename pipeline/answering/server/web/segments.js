// A typed text as words, and the parts of it that may be the question; equal to
// pipeline/answering/segments.py.

import { chunksOf, wordsOf } from "./normalize.js";

// Where a clause ends; "R. Sundar" is none.
const CLAUSE_END = /(?:(?<=[\p{L}\p{N}_]{3})\.|[!?;:,])+(?:\s+|$)/u;
const POSSESSIVE = /(?:['’]s|s['’])[^\p{L}\p{N}_]*$/u;
const LONGEST_TEXT = 60; // words that are looked at

export class Segment {
  constructor(words, possessive) {
    this.words = words;
    this.possessive = possessive;
  }

  part(start, end) {
    return new Segment(this.words.slice(start, end), this.possessive.slice(start, end));
  }

  /** The words around a part. */
  without(start, end) {
    return [...this.words.slice(0, start), ...this.words.slice(end)];
  }

  get text() {
    return this.words.join(" ");
  }

  get key() {
    return `${this.text}\n${this.possessive}`;
  }
}

export function segmentOf(text) {
  const words = [];
  const possessive = [];
  for (const chunk of chunksOf(text)) {
    const parts = wordsOf(chunk);
    words.push(...parts);
    possessive.push(...parts.map(() => false));
    if (parts.length && POSSESSIVE.test(chunk)) possessive[possessive.length - 1] = true;
  }
  return new Segment(words.slice(0, LONGEST_TEXT), possessive.slice(0, LONGEST_TEXT));
}

/**
 * A typed text in the forms in which it is read: { text, whole, segments }. The segments are the
 * text, and the parts of it that may be the question, the whole first; no two alike.
 */
export function typedQuestion(text, phrasebook) {
  const whole = segmentOf(text);
  const parts = [whole, withoutChatter(whole, phrasebook), ...endings(whole, phrasebook)];
  const clauses = text.split(CLAUSE_END).map(segmentOf);
  clauses.forEach((clause, place) => {
    const others = clauses.filter((_, other) => other !== place);
    if (others.length && others.every((other) => mayBeLeftOut(other, clause, phrasebook))) {
      parts.push(clause, withoutChatter(clause, phrasebook), ...endings(clause, phrasebook));
    }
  });
  const unlike = new Map();
  for (const part of parts) {
    if (part.words.length && !unlike.has(part.key)) unlike.set(part.key, part);
  }
  return { text, whole, segments: [...unlike.values()] };
}

/** Whether a clause beside the question is only talk; of "Paris, Texas" neither part is. */
function mayBeLeftOut(other, clause, phrasebook) {
  const { addressing, openers } = phrasebook.language;
  const asks = clause.words.some((word) => openers.includes(word));
  const said = other.words.some((word) => addressing.includes(word) || openers.includes(word));
  return (asks && said) || !phrasebook.content(other.words).length;
}

function withoutChatter(segment, phrasebook) {
  for (const pattern of phrasebook.language.chatter) {
    const match = new RegExp(pattern, "u").exec(segment.text);
    if (!match) continue;
    const count = chunksOf(match[0]).length;
    const size = segment.words.length;
    segment = match.index === 0 ? segment.part(count, size) : segment.part(0, size - count);
  }
  return segment;
}

function endings(segment, phrasebook) {
  const { openers, addressing, joins } = phrasebook.language;
  const parts = [];
  segment.words.forEach((word, place) => {
    if (!place || !openers.includes(word)) return;
    const before = segment.words.slice(0, place);
    if (before.some((other) => addressing.includes(other))) {
      parts.push(withoutChatter(segment.part(place, segment.words.length), phrasebook));
    } else if (joins.includes(segment.words[place - 1])) parts.push(segment.part(0, place - 1));
  });
  return parts;
}

/** Whether a pattern of a language stands in a normalized text. */
export function matches(pattern, text) {
  return new RegExp(pattern, "u").test(text);
}
