// A question as one about what is being talked about; equal to
// pipeline/answering/topic_readings.py, whose docstrings say more.

import { MORE, SOMETHING_ELSE, meaningOf, ofPage } from "./meaning.js";
import { DEFINITION, isKindOf, kindClaimed, readFrame } from "./reading.js";
import { matches } from "./segments.js";

const MOST_CLAIMED = 3; // words of content of what is claimed of a topic

export class TopicReadings {
  constructor({ text, whole, segments }, index, phrasebook, topic) {
    this.text = text;
    this.whole = whole;
    this.segments = segments;
    this.index = index;
    this.phrasebook = phrasebook;
    this.topic = topic;
  }

  /** "the other one" */
  otherOne() {
    if (!this.topic || !matches(this.phrasebook.language.other_one, this.whole.text)) return null;
    if (!this.topic.others.length) return null;
    return ofPage(this.index.page(this.topic.others[0]), DEFINITION, "sure");
  }

  /** "tell me more" */
  more() {
    const { topic } = this;
    if (!topic || !matches(this.phrasebook.language.more, this.whole.text)) return null;
    if (topic.page === null || topic.kind === MORE) return this.notThat(MORE);
    const page = this.index.page(topic.page);
    const kinds = [...new Set(page.questions.map(({ kind }) => kind))];
    const [next] = kinds.slice(kinds.indexOf(topic.kind) + 1);
    return next === undefined ? this.notThat(MORE) : ofPage(page, next, "sure");
  }

  /** "when was she born" */
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
      const meaning = this.askedBy(rest);
      if (meaning) return meaning;
    }
    return null;
  }

  /** "is she French" */
  yesOrNo() {
    const { words } = this.whole;
    const { phrasebook } = this;
    if (!this.topic || words.length < 2) return null;
    if (!phrasebook.language.yes_no.includes(words[0])) return null;
    const claimed = words.slice(2);
    if (!this.isPronoun(words[1]) || phrasebook.content(claimed).length > MOST_CLAIMED) return null;
    if (this.topic.page === null) return this.notThat(SOMETHING_ELSE);
    const page = this.index.page(this.topic.page);
    return ofPage(page, kindClaimed(claimed, page, phrasebook), "sure", { isYesNo: true });
  }

  /** "who directed the film" */
  byKind() {
    if (!this.topic || this.topic.page === null) return null;
    const { words } = this.whole;
    const { definite } = this.phrasebook.language;
    const page = this.index.page(this.topic.page);
    for (let place = 1; place < words.length; place++) {
      if (!definite.includes(words[place - 1])) continue;
      if (!isKindOf(words[place], page, this.phrasebook)) continue;
      const meaning = this.askedBy([...words.slice(0, place - 1), ...words.slice(place + 1)]);
      if (meaning && meaning.kind !== DEFINITION && meaning.questions.length) return meaning;
    }
    return null;
  }

  /** "what's the capital?" */
  byCueAlone() {
    const rest = this.whole.words.filter((word) => !this.phrasebook.pronouns.has(word));
    const pronoun = rest.length < this.whole.words.length;
    const kinds = this.phrasebook.kindsAsked(rest);
    const content = this.phrasebook.content(rest);
    const onlyOpeners = content.every((word) => this.phrasebook.openers.has(word));
    if (!kinds.length && content.length && onlyOpeners) return this.why();
    if (content.length && !(kinds.length && !kinds[0].left.length)) return null;
    if (this.topic && this.topic.page !== null) {
      return pronoun || kinds.length ? this.askedBy(rest) : null;
    }
    const isBare = this.phrasebook.content(this.whole.words).length === this.whole.words.length;
    if (this.topic && (pronoun || (kinds.length && !isBare))) {
      return meaningOf("not_read", { about: this.topic.about });
    }
    const unnamed = pronoun || matches(this.phrasebook.language.more, this.whole.text);
    return unnamed ? meaningOf("no_topic", { about: this.text }) : null;
  }

  /** "what books did she write" */
  somethingElse() {
    const { words } = this.whole;
    const place = this.topic ? words.findIndex((word) => this.isPronoun(word)) : -1;
    if (place < 0) return null;
    const before = words.slice(0, place);
    const asks = place > 0 && this.phrasebook.language.yes_no.includes(before.at(-1));
    const isNamed = this.phrasebook.content(before).length > 0;
    return isNamed && !(asks && this.isOneQuestion(before)) ? null : this.notThat(SOMETHING_ELSE);
  }

  /** "and of henan?" */
  sameOfAnother(meaning) {
    const { topic } = this;
    if (meaning?.kind !== DEFINITION || !topic || topic.kind === DEFINITION) return meaning;
    if (!["sure", "nearly"].includes(meaning.outcome)) return meaning;
    if (!matches(this.phrasebook.language.continues, this.whole.text)) return meaning;
    const same = ofPage(meaning.pages[0], topic.kind, meaning.outcome);
    return same.questions.length ? same : meaning;
  }

  askedBy(rest) {
    const page = this.index.page(this.topic.page);
    const kind = readFrame(rest, page, this.phrasebook);
    return kind === null ? null : ofPage(page, kind, "sure");
  }

  notThat(kind) {
    if (this.topic.page === null) return meaningOf("not_read", { about: this.topic.about });
    const page = this.index.page(this.topic.page);
    return meaningOf("read_but_not_that", { pages: [page], kind, about: page.title });
  }

  why() {
    return this.topic ? this.notThat(SOMETHING_ELSE) : meaningOf("no_topic", { about: this.text });
  }

  isPronoun(word) {
    const { articles, expletives } = this.phrasebook.language;
    const mayBeNone = articles.includes(word) || expletives.includes(word);
    return this.phrasebook.pronouns.has(word) && !mayBeNone;
  }

  isOneQuestion(words) {
    const { openers, joins } = this.phrasebook.language;
    const start = words.findIndex((word) => this.phrasebook.content([word]).length);
    return !words.slice(start).some((word) => openers.includes(word) || joins.includes(word));
  }
}
