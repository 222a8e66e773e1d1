// What a typed question means among the questions that a run was trained on.

/** Text for comparing: case, quotes, dashes and spaces made one. */
export function folded(text) {
  return text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

export class Understanding {
  constructor(sources) {
    this.sources = sources;
    this.keys = new Map();
    for (const source of sources) {
      for (const key of [folded(source.question), folded(source.title)]) {
        if (!this.keys.has(key)) this.keys.set(key, source);
      }
    }
  }

  understand(typed) {
    const key = folded(typed);
    const stripped = key.replace(/[?!. ]+$/, "");
    const source = this.keys.get(key) ?? this.keys.get(stripped) ?? this.keys.get(`${stripped}?`);
    if (!source) return { sure: "not_read", typed, about: typed, question: typed, sources: [], choices: [], say: "I have not read about that." };
    return { sure: "sure", question: source.question, sources: [source], choices: [], say: "" };
  }
}
