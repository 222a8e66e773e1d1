"""A question as one about what is being talked about: "when was she born", "tell me more", "the
other one". In terms of the field, it resolves references to the topic of the conversation. Pure.
"""

from collections.abc import Sequence

from pipeline.answering.meaning import MORE, SOMETHING_ELSE, Topic, Understanding, of_page
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import QuestionIndex
from pipeline.answering.reading import is_kind_of, kind_claimed, read_frame
from pipeline.answering.segments import TypedQuestion, matches
from pipeline.questions.language import DEFINITION

MOST_CLAIMED = 3  # words of content of what is claimed of a topic: "is she a French poet"


class TopicReadings:
    """Each method is one way to read a question as one about the topic; None where it does not
    fit.
    """

    def __init__(
        self,
        question: TypedQuestion,
        index: QuestionIndex,
        phrasebook: Phrasebook,
        topic: Topic | None,
    ) -> None:
        self.text, self.whole, self.segments = question.text, question.whole, question.segments
        self.index = index
        self.phrasebook = phrasebook
        self.topic = topic

    def other_one(self) -> Understanding | None:
        """The next page of the name that was asked for: "the other one"."""
        if not self.topic or not matches(self.phrasebook.language.other_one, self.whole.text):
            return None
        if not self.topic.others:
            return None
        return of_page(self.index.page(self.topic.others[0]), DEFINITION, "sure")

    def more(self) -> Understanding | None:
        """What is known next to what was told last: "tell me more"."""
        if not self.topic or not matches(self.phrasebook.language.more, self.whole.text):
            return None
        if self.topic.page is None or self.topic.kind == MORE:
            return self._not_that(MORE)
        page = self.index.page(self.topic.page)
        kinds = list(dict.fromkeys(question.kind for question in page.questions))
        if self.topic.kind in kinds:
            kinds = kinds[kinds.index(self.topic.kind) + 1 :]
        return of_page(page, kinds[0], "sure") if kinds else self._not_that(MORE)

    def by_pronoun(self) -> Understanding | None:
        """A pronoun in the place of the topic's name: "when was she born"."""
        if self.topic is None:
            return None
        for segment in self.segments:
            rest = [word for word in segment.words if word not in self.phrasebook.pronouns]
            if len(rest) == len(segment.words):
                continue
            # What was talked about was not read: nothing is known of "her" either, and a guess at
            # another page would be an answer about somebody else.
            if self.topic.page is None:
                kinds = self.phrasebook.kinds_asked(rest)
                if not self.phrasebook.content(rest) or (kinds and not kinds[0].left):
                    return Understanding(outcome="not_read", about=self.topic.about)
                continue
            meaning = self._asked_by(rest)
            if meaning:
                return meaning
        return None

    def yes_or_no(self) -> Understanding | None:
        """What was read about the topic, by which it may be judged: "is she French"."""
        words = self.whole.words
        phrasebook = self.phrasebook
        if not self.topic or len(words) < 2 or words[0] not in phrasebook.language.yes_no:
            return None
        # "is there", "is it true that …" and what goes on at length may be about anything.
        claimed = words[2:]
        if not self._is_pronoun(words[1]) or len(phrasebook.content(claimed)) > MOST_CLAIMED:
            return None
        if self.topic.page is None:
            return self._not_that(SOMETHING_ELSE)
        page = self.index.page(self.topic.page)
        return of_page(page, kind_claimed(claimed, page, phrasebook), "sure", is_yes_no=True)

    def by_kind(self) -> Understanding | None:
        """A word for its kind in the place of its name, where a fact is asked: "who directed the
        film".
        """
        if self.topic is None or self.topic.page is None:
            return None
        words = self.whole.words
        page = self.index.page(self.topic.page)
        definite = self.phrasebook.language.definite
        for place in range(1, len(words)):
            if words[place - 1] in definite and is_kind_of(words[place], page, self.phrasebook):
                meaning = self._asked_by(words[: place - 1] + words[place + 1 :])
                if meaning and meaning.kind != DEFINITION and meaning.questions:
                    return meaning
        return None

    def by_cue_alone(self) -> Understanding | None:
        """A fact is asked, and nothing is named: "what's the capital?", "and when was he born?". A
        bare word ("war") may ask for one, but may as well be a name.
        """
        words = list(self.whole.words)
        pronoun = any(word in self.phrasebook.pronouns for word in words)
        rest = [word for word in words if word not in self.phrasebook.pronouns]
        kinds, content = self.phrasebook.kinds_asked(rest), self.phrasebook.content(rest)
        if not kinds and content and all(word in self.phrasebook.openers for word in content):
            return self._why()
        if content and not (kinds and not kinds[0].left):
            return None
        if self.topic and self.topic.page is not None:
            return self._asked_by(rest) if pronoun or kinds else None
        is_bare = len(self.phrasebook.content(words)) == len(words)
        if self.topic and (pronoun or (kinds and not is_bare)):
            return Understanding(outcome="not_read", about=self.topic.about)
        unnamed = pronoun or matches(self.phrasebook.language.more, self.whole.text)
        return Understanding(outcome="no_topic", about=self.text) if unnamed else None

    def something_else(self) -> Understanding | None:
        """A pronoun before which nothing else is named: "what books did she write"."""
        phrasebook = self.phrasebook
        for place, word in enumerate(self.whole.words if self.topic else ()):
            if not self._is_pronoun(word):
                continue
            before = self.whole.words[:place]
            content = phrasebook.content(before)
            # An auxiliary before the pronoun asks of what it stands for; but in "who is Grace
            # Hopper and when was she born" the pronoun stands for the name.
            asks = bool(before) and before[-1] in phrasebook.language.yes_no
            if content and not (asks and self._is_one_question(before)):
                return None
            return self._not_that(SOMETHING_ELSE)
        return None

    def same_of_another(self, meaning: Understanding | None) -> Understanding | None:
        """What was asked last, of another page: "and of henan?"; else the meaning as it is."""
        topic = self.topic
        if not meaning or meaning.kind != DEFINITION or not topic or topic.kind == DEFINITION:
            return meaning
        if meaning.outcome not in ("sure", "nearly"):
            return meaning
        if not matches(self.phrasebook.language.continues, self.whole.text):
            return meaning
        same = of_page(meaning.pages[0], topic.kind, meaning.outcome)
        return same if same.questions else meaning

    def _asked_by(self, rest: Sequence[str]) -> Understanding | None:
        """What the other words of the question ask of the topic, which was read."""
        assert self.topic and self.topic.page is not None
        page = self.index.page(self.topic.page)
        reading = read_frame(rest, page, self.phrasebook)
        return of_page(page, reading.kind, "sure") if reading else None

    def _not_that(self, kind: str) -> Understanding:
        """That the topic was read, or not, but in any case not what is asked of it."""
        assert self.topic
        if self.topic.page is None:
            return Understanding(outcome="not_read", about=self.topic.about)
        page = self.index.page(self.topic.page)
        return Understanding(
            outcome="read_but_not_that", pages=(page,), kind=kind, about=page.title
        )

    def _why(self) -> Understanding:
        """What was read has no reasons: "why?", "how so?"."""
        if self.topic:
            return self._not_that(SOMETHING_ELSE)
        return Understanding(outcome="no_topic", about=self.text)

    def _is_pronoun(self, word: str) -> bool:
        """Whether a word must stand for a thing, as "there" and the article "el" need not."""
        language = self.phrasebook.language
        may_be_none = word in language.articles or word in language.expletives
        return word in self.phrasebook.pronouns and not may_be_none

    def _is_one_question(self, words: Sequence[str]) -> bool:
        """Whether no other question and nothing joined begins after a word of content."""
        language = self.phrasebook.language
        start = next(place for place, word in enumerate(words) if self.phrasebook.content([word]))
        return not any(word in language.openers or word in language.joins for word in words[start:])
