// Conversations and the choice of light or dark, kept by this browser where it lets us.

const KEPT = 30; // conversations

function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise; // storage that is switched off or spoilt is as good as empty
  }
}

function save(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage that is full or switched off: the conversation lasts as long as the page
  }
}

/** The conversations about one run, the newest first: [{ id, title, turns }]. */
export class Conversations {
  constructor(run) {
    this.key = `askwiki:${run}`;
    const stored = load(this.key, []);
    this.all = Array.isArray(stored) ? stored : [];
  }

  keep(conversation) {
    this.all = [conversation, ...this.all.filter(({ id }) => id !== conversation.id)];
    this.all = this.all.slice(0, KEPT);
    save(this.key, this.all);
  }

  drop(id) {
    this.all = this.all.filter((conversation) => conversation.id !== id);
    save(this.key, this.all);
  }
}

export const theme = {
  get: () => load("askwiki:theme", null),
  set: (name) => save("askwiki:theme", name),
};
