// What a typed question means: which page it is about, what is asked of it, and how sure that is.
// Equal to pipeline/answering/understanding.py, whose docstrings say more.

import { MOST_CANDIDATES, meaningOf, ofPage } from "./meaning.js";
import { NameReadings } from "./name_readings.js";
import { SHORTENED } from "./naming.js";
import { asText, normalize } from "./normalize.js";
import { DEFINITION } from "./reading.js";
import { matches, typedQuestion } from "./segments.js";
import { TopicReadings } from "./topic_readings.js";

/** What a typed question means, of what was read and what is being talked about. */
export function understand(typed, index, phrasebook, topic = null) {
  const text = asText(typed);
  const title = wholeTitle(text, index);
  if (title) return ofPage(title, DEFINITION, "sure");
  const whole = normalize(text);
  const talk = phrasebook.language.small_talk.find(([, pattern]) => matches(pattern, whole));
  if (talk) return meaningOf("small_talk", { smallTalk: talk[0], about: text });
  const question = typedQuestion(text, phrasebook);
  const byTopic = new TopicReadings(question, index, phrasebook, topic);
  const byName = new NameReadings(question, index, phrasebook);
  return (
    byName.inTrainedWords() ??
    byTopic.otherOne() ??
    byTopic.more() ??
    byTopic.byPronoun() ??
    byTopic.yesOrNo() ??
    byTopic.byKind() ??
    byTopic.sameOfAnother(byName.inWholeText()) ??
    byName.twoThings() ??
    byTopic.sameOfAnother(byName.inSegment()) ??
    byName.yesOrNo() ??
    byTopic.byCueAlone() ??
    byTopic.sameOfAnother(byName.byPart()) ??
    byName.respelled() ??
    byTopic.somethingElse() ??
    byName.notRead()
  );
}

function wholeTitle(text, index) {
  const name = normalize(text);
  for (const [number, rank] of (index.named([name]).get(name) ?? []).slice(0, MOST_CANDIDATES)) {
    const page = index.page(number);
    if (rank < SHORTENED && page.title === text) return page;
  }
  return null;
}
