// What a typed question can be found to mean, and what is being talked about after it; equal to
// pipeline/answering/meaning.py.

import { DEFINITION } from "./reading.js";

export const MOST_CANDIDATES = 8; // pages of one name that are told apart
// What is asked of a topic, where it is no kind of fact
export const MORE = "more";
export const SOMETHING_ELSE = "something else";

/** { outcome, pages, kind, questions, about, isYesNo, smallTalk } */
export function meaningOf(outcome, fields) {
  const none = {
    pages: [], kind: DEFINITION, questions: [], about: "", isYesNo: false, smallTalk: "",
  };
  return { outcome, ...none, ...fields };
}

/** What is being talked about after a question that meant this: { page, kind, others, about }. */
export function topicAfter(meaning, topic) {
  if (["small_talk", "no_topic"].includes(meaning.outcome)) return topic;
  if (["not_read", "held_out"].includes(meaning.outcome)) {
    return { page: null, kind: DEFINITION, others: [], about: meaning.about };
  }
  const [first, ...others] = meaning.pages.map((page) => page.number);
  return { page: first, kind: meaning.kind, others, about: meaning.about };
}

/** That a page is meant and what is asked of it, in the questions that it was trained on. */
export function ofPage(page, kind, outcome, { isYesNo = false } = {}) {
  if (page.held_out) return meaningOf("held_out", { pages: [page], about: page.title });
  let questions = page.questions.filter((question) => question.kind === kind).slice(0, 1);
  if (!questions.length && kind === DEFINITION) questions = page.questions.slice(0, 1);
  const fields = { pages: [page], kind, about: page.title };
  if (!questions.length) return meaningOf("read_but_not_that", fields);
  return meaningOf(outcome, { ...fields, questions, isYesNo });
}

/** That all of some pages are asked for. */
export function ofBoth(meanings) {
  const pages = meanings.flatMap((meaning) => meaning.pages);
  const questions = meanings.flatMap((meaning) => meaning.questions);
  const about = pages.map((page) => page.title).join(" / ");
  return meaningOf("two", { pages, questions, about });
}

/** That one of some pages is meant, and it must be asked which. */
export function ofSeveral(pages, typed) {
  return meaningOf("several", { pages: pages.slice(0, MOST_CANDIDATES), about: typed });
}
