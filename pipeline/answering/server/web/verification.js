// Whether an answer is word for word what was read; equal to pipeline/answering/verification.py.

import { oneLine } from "./normalize.js";

const MARKS = ".!?。！？";
const END = /(?<=[.!?。！？])\s+|\n+/gu;
const utf8Encoder = new TextEncoder();

/** How many characters of a text, from its beginning, are word for word the trained answer. */
export function verifiedLength(text, digests) {
  let length = 0;
  for (const [number, [start, end]] of sentencesOf(text).entries()) {
    if (digest(text.slice(start, end)) !== digests[number]) return length;
    length = end;
  }
  return length;
}

/** Whether a text is the trained answer, or its first sentences, word for word. */
export function isVerified(text, digests) {
  return text.trim() !== "" && verifiedLength(text, digests) === text.trimEnd().length;
}

/**
 * A text that a limit cut off, up to the end of its last whole sentence; all of it where it has none.
 */
export function wholeSentences(text) {
  const ends = sentencesOf(text).map(([, end]) => end);
  const isCut = ends.length > 1 && !MARKS.includes(text.trimEnd().at(-1));
  return isCut ? text.slice(0, ends.at(-2)) : text;
}

/** Where each sentence starts and ends. */
function sentencesOf(text) {
  const sentences = [];
  let start = 0;
  for (const gap of text.matchAll(END)) {
    if (text.slice(start, gap.index).trim()) sentences.push([start, gap.index]);
    start = gap.index + gap[0].length;
  }
  if (text.slice(start).trim()) sentences.push([start, text.trimEnd().length]);
  return sentences;
}

/** 64 bits of a sentence, in hexadecimal. */
export function digest(sentence) {
  return blake2b(utf8Encoder.encode(oneLine(sentence)), 8);
}

// BLAKE2b (RFC 7693), with 64-bit words as BigInt.
const MASK = (1n << 64n) - 1n;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const ORDER = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const COLUMNS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];

const rotated = (value, count) => (value >> count) | ((value << (64n - count)) & MASK);

function mix(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & MASK;
  v[d] = rotated(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = rotated(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & MASK;
  v[d] = rotated(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = rotated(v[b] ^ v[c], 63n);
}

/** The BLAKE2b digest of `size` bytes, in hexadecimal. */
export function blake2b(bytes, size) {
  const state = [...START];
  state[0] ^= 0x01010000n ^ BigInt(size);
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  for (let at = 0; at < blocks; at++) {
    const block = new Uint8Array(128);
    block.set(bytes.subarray(128 * at, 128 * (at + 1)));
    const view = new DataView(block.buffer);
    const m = Array.from({ length: 16 }, (_, i) => view.getBigUint64(8 * i, true));
    const v = [...state, ...START];
    v[12] ^= BigInt(Math.min(bytes.length, 128 * (at + 1)));
    if (at === blocks - 1) v[14] ^= MASK;
    for (let round = 0; round < 12; round++) {
      const order = ORDER[round % 10];
      COLUMNS.forEach((column, i) => mix(v, column, m[order[2 * i]], m[order[2 * i + 1]]));
    }
    for (let i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
  }
  const result = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => result.setBigUint64(8 * i, word, true));
  const digestBytes = new Uint8Array(result.buffer, 0, size);
  return Array.from(digestBytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
