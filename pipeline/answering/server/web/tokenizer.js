// Text to token ids and back, equal to pipeline/tokens/tokenizer.py: a byte-level BPE in
// tiktoken's order of merging, or one id a character.

// Unicode's White_Space, as the encoder's regular expressions have it. JavaScript's \s differs:
// it lacks U+0085 and has U+FEFF.
const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const CONTRACTION = "'(?:[sdmtSDMT\\u017f]|[lL][lL]|[vV][eE]|[rR][eE])";
const LOWER = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}";
const UPPER = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}";

// How text is cut before merging. A vocabulary names its way.
const SPLITTING = {
  gpt2:
    `'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+` +
    `|[${SPACE}]+$|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]`,
  cl100k:
    `${CONTRACTION}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}` +
    `| ?[^${SPACE}\\p{L}\\p{N}]+[\\r\\n]*|[${SPACE}]+$|[${SPACE}]*[\\r\\n]` +
    `|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]`,
  o200k:
    `[^\\r\\n\\p{L}\\p{N}]?[${UPPER}]*[${LOWER}]+(?:${CONTRACTION})?` +
    `|[^\\r\\n\\p{L}\\p{N}]?[${UPPER}]+[${LOWER}]*(?:${CONTRACTION})?` +
    `|\\p{N}{1,3}| ?[^${SPACE}\\p{L}\\p{N}]+[\\r\\n/]*|[${SPACE}]*[\\r\\n]+` +
    `|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
};

// What a character vocabulary that lacks a typographic sign writes in its stead.
const TYPOGRAPHIC = {
  "‘": "'", "’": "'", "“": '"', "”": '"',
  "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
};

const utf8 = new TextEncoder();

// Bytes as a string of one character (U+0000 to U+00FF) each, which a Map can look up.
function byteString(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The tokenizer that a run's vocabulary.json holds. Throws an Error for another file. */
export function makeTokenizer(vocabulary) {
  if (vocabulary.format !== 1) throw new Error("this vocabulary has a format that is not known");
  if (vocabulary.kind === "characters") return new Characters(vocabulary.characters);
  if (vocabulary.kind === "bytes" && vocabulary.splitting in SPLITTING) {
    return new BytePairs(vocabulary);
  }
  throw new Error(`no tokenizer is known for the kind ${vocabulary.kind}`);
}

class Tokenizer {
  /** The text that the ids spell; what makes no character is left out. */
  decode(ids) {
    const stream = this.decodeStream();
    return ids.map((id) => stream(id)).join("");
  }

  /** A function from the next id to the text that it completes. */
  decodeStream() {
    let waiting = [];
    return (id) => {
      const { text, rest } = takeCharacters([...waiting, ...this.bytesOf(id)]);
      waiting = rest;
      return text;
    };
  }
}

class Characters extends Tokenizer {
  constructor(characters) {
    super();
    this.characters = [...characters];
    this.eot = this.characters.length;
    this.ids = new Map(this.characters.map((character, id) => [character, id]));
  }

  encode(text) {
    return [...text].flatMap((character) => this.closest(character));
  }

  closest(character) {
    const id = this.ids.get(character);
    if (id !== undefined) return [id];
    const parts = [...(TYPOGRAPHIC[character] ?? character.normalize("NFKD"))];
    return parts.filter((part) => this.ids.has(part)).map((part) => this.ids.get(part));
  }

  bytesOf(id) {
    return id < this.eot ? utf8.encode(this.characters[id]) : [];
  }
}

class BytePairs extends Tokenizer {
  constructor({ splitting, eot, tokens }) {
    super();
    this.eot = eot;
    this.pattern = new RegExp(SPLITTING[splitting], "gu");
    this.tokens = tokens.map((token) => (token === null ? null : atob(token)));
    this.ranks = new Map();
    this.tokens.forEach((token, id) => token !== null && this.ranks.set(token, id));
    this.pieces = new Map(); // ids of words that were already merged
  }

  encode(text) {
    return (text.match(this.pattern) ?? []).flatMap((piece) => this.encodePiece(piece));
  }

  encodePiece(piece) {
    let ids = this.pieces.get(piece);
    if (ids === undefined) {
      const bytes = byteString(utf8.encode(piece)); // lone surrogates become U+FFFD
      ids = this.ranks.has(bytes) ? [this.ranks.get(bytes)] : this.merge(bytes);
      if (this.pieces.size < 10_000) this.pieces.set(piece, ids);
    }
    return ids;
  }

  /** Merge the neighbours of the lowest rank, the leftmost first, until none is a token. */
  merge(bytes) {
    const parts = [...bytes];
    for (;;) {
      let best = Infinity;
      let at = -1;
      for (let i = 0; i + 1 < parts.length; i++) {
        const rank = this.ranks.get(parts[i] + parts[i + 1]) ?? Infinity;
        if (rank < best) [best, at] = [rank, i];
      }
      if (at < 0) return parts.map((part) => this.ranks.get(part));
      parts.splice(at, 2, parts[at] + parts[at + 1]);
    }
  }

  bytesOf(id) {
    const token = this.tokens[id];
    return token ? Array.from(token, (character) => character.charCodeAt(0)) : [];
  }
}

const CONTINUATION = [0x80, 0xbf];

// The length of the character that a byte begins (0: none does), and the bounds of its second byte.
function leadByte(byte) {
  if (byte < 0x80) return [1, CONTINUATION];
  if (byte >= 0xc2 && byte <= 0xdf) return [2, CONTINUATION];
  if (byte === 0xe0) return [3, [0xa0, 0xbf]];
  if (byte === 0xed) return [3, [0x80, 0x9f]];
  if (byte >= 0xe1 && byte <= 0xef) return [3, CONTINUATION];
  if (byte === 0xf0) return [4, [0x90, 0xbf]];
  if (byte === 0xf4) return [4, [0x80, 0x8f]];
  if (byte >= 0xf1 && byte <= 0xf3) return [4, CONTINUATION];
  return [0, CONTINUATION];
}

/**
 * The whole characters of some bytes, and the rest that may still become one. Bytes that make no
 * character are dropped. (TextDecoder cannot drop them: it writes U+FFFD.)
 */
export function takeCharacters(bytes) {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const [length, second] = leadByte(bytes[at]);
    let end = at + 1;
    while (end < bytes.length && end < at + length) {
      const [low, high] = end === at + 1 ? second : CONTINUATION;
      if (bytes[end] < low || bytes[end] > high) break;
      end++;
    }
    if (end === at + length) text += decodeCharacter(bytes.slice(at, end));
    else if (end === bytes.length && length > 0) break; // incomplete: it waits for the next token
    at = end;
  }
  return { text, rest: bytes.slice(at) };
}

function decodeCharacter(bytes) {
  if (bytes.length === 1) return String.fromCharCode(bytes[0]);
  let code = bytes[0] & (0x7f >> bytes.length);
  for (const byte of bytes.slice(1)) code = (code << 6) | (byte & 0x3f);
  return String.fromCodePoint(code);
}
