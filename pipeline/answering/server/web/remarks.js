// What the program says in its own voice; equal to pipeline/answering/remarks.py.

import { MORE } from "./meaning.js";
import { bareTitle, normalize, oneLine, wordsOf } from "./normalize.js";
import { DEFINITION, OWN } from "./reading.js";

const LONGEST_ABOUT = 80; // characters of what was typed that are said again
const SECTION = "section "; // begins the kind of a section
const MOST_KNOWN = 6; // things that are named of what is known

function filled(template, fields) {
  for (const [name, value] of Object.entries(fields)) {
    // A name that ends as a sentence does ("F.C.") ends it.
    if (/[.?!]$/.test(value)) template = template.replaceAll(`{${name}}.`, `{${name}}`);
  }
  return template.replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
}

/** A sentence about how a question was understood; "" where it was asked by the title. */
export function remarkOf(meaning, typed, language) {
  const { says } = language;
  const titles = meaning.pages.map((page) => page.title);
  const [title] = titles;
  if (meaning.outcome === "no_topic") return says["no topic"];
  if (meaning.outcome === "not_read") {
    const about = `“${shortened(meaning.about)}”`;
    if (!titles.length) return filled(says["not read"], { about });
    return filled(says["not read near"], { about, titles: listed(titles, says.and) });
  }
  if (meaning.outcome === "held_out") return filled(says["held out"], { title });
  if (meaning.outcome === "read_but_not_that") return notThat(meaning, language);
  if (meaning.outcome === "several") return filled(says.several, { titles: listed(titles, says.or) });
  if (meaning.outcome === "two") return filled(says.two, { titles: listed(titles, says.and) });
  if (meaning.isYesNo) return `${title}: ${says["yes or no"]}`;
  if (meaning.outcome === "nearly") return filled(says.take, namesOf(meaning.pages[0], language));
  if (normalize(typed).includes(normalize(title))) return "";
  return filled(says.meant, { title });
}

/** The reply to small talk; `read`: what was read, as read_summary.py has it. */
export function talkOf(meaning, { says }, { pages, titles, site }) {
  const count = String(pages).replace(/\B(?=(?:\d{3})+$)/g, says.thousands);
  return filled(says[meaning.smallTalk], { count, titles: listed(titles, says.and), site });
}

/** A page's title, and the same with the definite article that its question gives it. */
function namesOf({ title, questions }, { definite }) {
  const [before, ...after] = questions.length ? questions[0].text.split(bareTitle(title)) : [""];
  const article = after.length ? before.split(" ").at(-2) : undefined;
  return { title, named: definite.includes(article) ? `${article} ${title}` : title };
}

/** How an answer was checked, or that it is a guess. */
export function checkOf({ verified, guess }, { says }) {
  if (guess) return says.guessed;
  return verified ? says["word for word"] : says["not word for word"];
}

/** A kind of fact or section as it is told: "section early life" is "early life". */
function nameOf(kind) {
  return kind.startsWith(SECTION) ? kind.slice(SECTION.length) : kind;
}

function notThat({ pages: [page], kind: asked }, language) {
  const { says, persons } = language;
  const names = namesOf(page, language);
  const kinds = [...new Set(page.questions.map((question) => question.kind))];
  const known = kinds.filter((kind) => kind !== DEFINITION && !kind.startsWith(OWN)).map(nameOf);
  if (!known.length) {
    const person = persons.includes(wordsOf(page.questions[0].text)[0]);
    const only = person ? "not that, only who" : "not that, only";
    return filled(says[asked === MORE ? "no more" : only], names);
  }
  const some = listed(known.slice(0, MOST_KNOWN), says.and);
  return filled(says[asked === MORE ? "more" : "not that"], { ...names, known: some });
}

function listed(names, last) {
  if (names.length < 2) return names.join("");
  return filled(last, { some: names.slice(0, -1).join(", "), last: names.at(-1) });
}

function shortened(text) {
  const line = oneLine(text);
  return line.length <= LONGEST_ABOUT ? line : `${line.slice(0, LONGEST_ABOUT)}…`;
}
