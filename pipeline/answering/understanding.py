"""What a typed question means: which page it is about, what is asked of it, and how sure that is.

A question is a name and words around it. Every run of its words is looked up among the names of
what was read; the words left over must ask for nothing in particular ("who is", "tell me about"),
or be a fact's cue ("birthday"), or describe the thing ("the film"). A word that is none of these
belongs to a name that was not read: "Grace Hopper" is not Edward Hopper.

Pure, small and free of Python's libraries: the exported page has the same functions in JavaScript,
and both are tested to understand the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from pipeline.answering.naming import SHORTER
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import KnownWord, PageEntry, TrainedQuestion
from pipeline.answering.reading import (
    Reading,
    is_kind_of,
    kind_of_page,
    may_be_part,
    read_frame,
    written_as,
)
from pipeline.answering.segments import Segment, matches, segment_of, segments
from pipeline.answering.spelling import (
    SHORTEST_RESPELLED_NAME,
    SHORTEST_RESPELLED_SURNAME,
    may_be_misspelled,
    one_edit,
    other_endings,
)
from pipeline.questions.language import DEFINITION
from pipeline.questions.normalize import as_text, normalize, words_of

Outcome = Literal[
    "sure",  # one page, named as it is written or by another of its names
    "nearly",  # one page, by a part of its name or in another spelling
    "several",  # pages of the same name: it must be chosen
    "two",  # two pages, both asked for
    "not_read",
    "read_but_not_that",  # the page was read, but not what is asked of it
    "held_out",  # the page was fetched, but kept out of training
    "no_topic",  # "when was she born" where nothing is talked about
    "small_talk",
]
LONGEST_NAME = 24  # words of a name
LONG_RUN = 3  # words that seldom are a title by chance
MOST_CANDIDATES = 8  # pages of one name that are told apart
MOST_SHARING = 48  # titles that share a part of a name; of more, the part names nothing
MOST_NEAR = 3  # pages that are offered where nothing was read
MOST_KINDS = 6  # kinds of fact that are tried for the words of a question
MOST_RESPELLED = 3  # words of a question that may be misspelled
MOST_SPELLINGS = 4  # of one word that are tried
MOST_CLAIMED = 3  # words of content of what is claimed of a topic: "is she a French poet"
# What is asked of a topic, where it is no kind of fact
MORE = "more"
OTHER = "something else"


class Index(Protocol):
    """What `understand` needs of the index of a run."""

    def named(self, names: Sequence[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Normalized name → (page, rank) for each page of this name, the best first."""

    def containing(self, words: Sequence[str]) -> Sequence[int]:
        """Pages whose titles hold all the words."""

    def known(self, words: Sequence[str]) -> Mapping[str, KnownWord]:
        """Those of the words that titles or answers have."""

    def page(self, number: int) -> PageEntry:
        """A page and its questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is being talked about."""

    page: int | None
    """None where the last question was about something that was not read."""
    kind: str = DEFINITION
    """What was asked last."""
    others: tuple[int, ...] = ()
    """Other pages of the same name."""
    about: str = ""
    """The name, as it was typed or as the page has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a typed question means."""

    outcome: Outcome
    pages: tuple[PageEntry, ...] = ()
    """The page that is meant; several, or two, where `outcome` says so; near ones where nothing was
    read.
    """
    kind: str = DEFINITION
    """What is asked of it: the definition, or a kind of fact."""
    questions: tuple[TrainedQuestion, ...] = ()
    """The trained questions that the network is asked."""
    about: str = ""
    """The name as it was typed."""
    is_yes_no: bool = False
    """Whether a yes or a no was asked for, which the program cannot give."""
    small_talk: str = ""
    """Of small talk: the name of the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Some words of a question that name a page."""

    page: PageEntry
    rank: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A page that some words of a question name."""

    page: PageEntry
    rank: int
    words: int
    """How many words name it."""
    reading: Reading


def understand(
    typed: str, index: Index, phrasebook: Phrasebook, topic: Topic | None = None
) -> Understanding:
    """What a typed question means, of what was read and what is being talked about."""
    text = as_text(typed)
    # A title typed exactly is that page, even where its words would ask for something else: there
    # are pages called "Thank You" and "Who Is She?".
    title = _whole_title(text, index)
    if title:
        return _of_page(title, DEFINITION, "sure")
    talk = _small_talk(text, phrasebook)
    if talk:
        return Understanding(outcome="small_talk", small_talk=talk, about=text)
    interpreter = _Interpreter(text, index, phrasebook, topic)
    # From the strictest reading to the loosest. The first that fits is taken, so that a guess never
    # wins over what was typed exactly.
    for read in (
        interpreter.in_trained_words,
        interpreter.other_one,
        interpreter.more_of_topic,
        interpreter.by_pronoun,
        interpreter.yes_or_no_of_topic,
        interpreter.by_kind_of_topic,
        interpreter.by_name_alone,
        interpreter.two_things,
        interpreter.by_name,
        interpreter.yes_or_no,
        interpreter.by_cue_alone,
        interpreter.by_part,
        interpreter.respelled,
        interpreter.something_else_of_topic,
    ):
        meaning = read()
        if meaning:
            return meaning
    return interpreter.not_read()


def _whole_title(text: str, index: Index) -> PageEntry | None:
    """The page whose title is the text, letter for letter."""
    # The index folds capitals and marks; among pages that fold to the same the letters decide.
    for number, rank in index.named([normalize(text)]).get(normalize(text), ())[:MOST_CANDIDATES]:
        page = index.page(number)
        if rank < SHORTER and page.title == text:
            return page
    return None


def _small_talk(text: str, phrasebook: Phrasebook) -> str:
    whole = normalize(text)
    for name, pattern in phrasebook.language.small_talk:
        if matches(pattern, whole):
            return name
    return ""


def _of_page(
    page: PageEntry, kind: str, outcome: Outcome, *, is_yes_no: bool = False
) -> Understanding:
    """That a page is meant and what is asked of it, in the questions that it was trained on."""
    if page.held_out:
        return Understanding(outcome="held_out", pages=(page,), about=page.title)
    # The network is asked in the words that it was trained on, whatever was typed: that is where it
    # is surest.
    questions = tuple(question for question in page.questions if question.kind == kind)[:1]
    if not questions and kind == DEFINITION:
        questions = page.questions[:1]
    if not questions:
        return Understanding(
            outcome="read_but_not_that", pages=(page,), kind=kind, about=page.title
        )
    return Understanding(
        outcome=outcome,
        pages=(page,),
        kind=kind,
        questions=questions,
        about=page.title,
        is_yes_no=is_yes_no,
    )


class _Interpreter:
    """One question while it is being understood: each method is one way to understand it."""

    def __init__(
        self, text: str, index: Index, phrasebook: Phrasebook, topic: Topic | None
    ) -> None:
        self.text, self.index, self.phrasebook, self.topic = text, index, phrasebook, topic
        self.segments = segments(text, phrasebook)
        self.whole = segment_of(text)
        self._runs = dict[Segment, list[_Run]]()  # several ways look at the same segments

    def in_trained_words(self) -> Understanding | None:
        """A question in the very words that it was trained in, whatever else these could ask."""
        pages = {run.page.number: run.page for run in self._runs_in(self.whole)}
        asked = [
            (page, question)
            for page in pages.values()
            for question in page.questions
            if normalize(question.text) == self.whole.text
        ]
        if len(asked) != 1:  # of several, the names choose
            return None
        ((page, question),) = asked
        return Understanding(
            outcome="sure",
            pages=(page,),
            kind=question.kind,
            questions=(question,),
            about=page.title,
        )

    # --- what is being talked about -----------------------------------------------------------

    def other_one(self) -> Understanding | None:
        """The next page of the name that was asked for: "the other one"."""
        if not self.topic or not matches(self.phrasebook.language.other_one, self.whole.text):
            return None
        if not self.topic.others:
            return None
        return _of_page(self.index.page(self.topic.others[0]), DEFINITION, "sure")

    def by_pronoun(self) -> Understanding | None:
        """A pronoun in the place of the page that is being talked about: "when was she born"."""
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
            meaning = self._of_topic(rest)
            if meaning:
                return meaning
        return None

    def more_of_topic(self) -> Understanding | None:
        """What is known next to what was told last: "tell me more"."""
        if not self.topic or not matches(self.phrasebook.language.more, self.whole.text):
            return None
        if self.topic.page is None or self.topic.kind == MORE:
            return self._not_that_of_topic(MORE)
        page = self.index.page(self.topic.page)
        kinds = list(dict.fromkeys(question.kind for question in page.questions))
        if self.topic.kind in kinds:
            kinds = kinds[kinds.index(self.topic.kind) + 1 :]
        return _of_page(page, kinds[0], "sure") if kinds else self._not_that_of_topic(MORE)

    def yes_or_no_of_topic(self) -> Understanding | None:
        """What was read about the topic, by which it may be judged: "is she French"."""
        words, phrasebook = self.whole.words, self.phrasebook
        if not self.topic or len(words) < 2 or words[0] not in phrasebook.language.yes_no:
            return None
        # "is there", "is it true that …" and what goes on at length may be about anything.
        claimed = phrasebook.content(words[2:])
        if not self._is_pronoun(words[1]) or len(claimed) > MOST_CLAIMED:
            return None
        if self.topic.page is None:
            return self._not_that_of_topic(OTHER)
        page = self.index.page(self.topic.page)
        return _of_page(page, _kind_claimed(words[2:], page, phrasebook), "sure", is_yes_no=True)

    def something_else_of_topic(self) -> Understanding | None:
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
            return self._not_that_of_topic(OTHER)
        return None

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

    def _not_that_of_topic(self, kind: str) -> Understanding:
        """That the topic was read, or not, but in any case not what is asked of it."""
        assert self.topic
        if self.topic.page is None:
            return Understanding(outcome="not_read", about=self.topic.about)
        page = self.index.page(self.topic.page)
        return Understanding(
            outcome="read_but_not_that", pages=(page,), kind=kind, about=page.title
        )

    def by_kind_of_topic(self) -> Understanding | None:
        """ "who directed the film": so does a word for its kind, where a fact is asked."""
        if self.topic is None or self.topic.page is None:
            return None
        words, page = self.whole.words, self.index.page(self.topic.page)
        definite = self.phrasebook.language.definite
        for place in range(1, len(words)):
            if words[place - 1] in definite and is_kind_of(words[place], page, self.phrasebook):
                meaning = self._of_topic(words[: place - 1] + words[place + 1 :])
                if meaning and meaning.kind != DEFINITION and meaning.questions:
                    return meaning
        return None

    def by_cue_alone(self) -> Understanding | None:
        """ "what's the capital?", "and when was he born?": a fact is asked, and nothing is named. A
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
            return self._of_topic(rest) if pronoun or kinds else None
        is_bare = len(self.phrasebook.content(words)) == len(words)
        if self.topic and (pronoun or (kinds and not is_bare)):
            return Understanding(outcome="not_read", about=self.topic.about)
        unnamed = pronoun or matches(self.phrasebook.language.more, self.whole.text)
        return Understanding(outcome="no_topic", about=self.text) if unnamed else None

    def _why(self) -> Understanding:
        """ "why?", "how so?": asked of the topic, which was read without its reasons."""
        if self.topic:
            return self._not_that_of_topic(OTHER)
        return Understanding(outcome="no_topic", about=self.text)

    def _of_topic(self, rest: Sequence[str]) -> Understanding | None:
        assert self.topic and self.topic.page is not None
        page = self.index.page(self.topic.page)
        reading = read_frame(rest, page, self.phrasebook)
        return _of_page(page, reading.kind, "sure") if reading else None

    # --- by names -----------------------------------------------------------------------------

    def by_name_alone(self) -> Understanding | None:
        """A name in the text as a whole. Tried before `two_things`, so that "Romeo and Juliet" is
        one page and not two people.
        """
        meaning = self._chosen(self._named_in(self.whole), "sure")
        return self._asked_the_same(meaning) if meaning else None

    def by_name(self) -> Understanding | None:
        """A name of a page, whole, and around it nothing but how it is asked for."""
        for segment in self.segments:
            meaning = self._chosen(self._named_in(segment), "sure")
            if meaning:
                return self._asked_the_same(meaning)
        return None

    def _asked_the_same(self, meaning: Understanding) -> Understanding:
        """ "and of henan?": what was asked before, of another."""
        topic = self.topic
        if not topic or topic.kind == DEFINITION or meaning.kind != DEFINITION:
            return meaning
        if meaning.outcome not in ("sure", "nearly"):
            return meaning
        if not matches(self.phrasebook.language.continues, self.whole.text):
            return meaning
        same = _of_page(meaning.pages[0], topic.kind, meaning.outcome)
        return same if same.questions else meaning

    def two_things(self) -> Understanding | None:
        """Two names with "and", "or", "vs" between them: both are asked for."""
        language = self.phrasebook.language
        for segment in self.segments:
            # A title may hold a join itself, and its halves be titles, too: "Romeo and Juliet".
            if self._chosen(self._named_in(segment), "sure"):
                return None
            for place, word in enumerate(segment.words):
                if word not in language.joins or not 0 < place < len(segment.words) - 1:
                    continue
                sides = (segment.part(0, place), segment.part(place + 1, len(segment.words)))
                meanings = [self._one_of_two(side) for side in sides]
                if all(meanings):
                    return _both([meaning for meaning in meanings if meaning])
        return None

    def _one_of_two(self, side: Segment) -> Understanding | None:
        comparisons, end = self.phrasebook.language.comparisons, len(side.words)
        while end > 1 and side.words[end - 1] in comparisons:
            end -= 1
        places = [place for place, word in enumerate(side.words[:end]) if word in comparisons]
        start = places[-1] + 1 if places else 0
        meaning = self._chosen(self._named_in(side.part(start, end)), "sure")
        return meaning if meaning and meaning.questions else None

    def yes_or_no(self) -> Understanding | None:
        """ "is a whale a mammal": the page whose name comes first, and what it says."""
        for segment in self.segments:
            words, articles = segment.words, self.phrasebook.language.articles
            if len(words) < 2 or words[0] not in self.phrasebook.language.yes_no:
                continue
            # "is a whale a mammal": the name begins after the verb and its article, and is the
            # longest run of words that names a page; what follows is what is claimed of it.
            start = 2 if words[1] in articles else 1
            for end in range(min(len(words), start + LONGEST_NAME), start, -1):
                matched = self._pages_named(segment, start, end)
                best = [page for page, rank in matched if rank < SHORTER]
                if best:
                    kind = _kind_claimed(words[end:], best[0], self.phrasebook)
                    return _of_page(best[0], kind, "sure", is_yes_no=True)
        return None

    def by_part(self) -> Understanding | None:
        """A part of a name: "Hollerith", "the Köppen classification"."""
        for segment in self.segments:
            meaning = self._part_of_name(segment)
            if meaning:
                return self._asked_the_same(meaning)
        return None

    def respelled(self) -> Understanding | None:
        """A name in which some words are misspelled by one letter each."""
        # First only words that no title has are taken to be slips; then also those that titles
        # have, as a slip may make another name: "mars" for "marx".
        for unknown_only in (True, False):
            for segment in self.segments:
                for other in self._respellings(segment, unknown_only=unknown_only):
                    meaning = self._chosen(self._named_in(other), "nearly")
                    if not meaning and self._may_be_surname(segment, other):
                        meaning = self._surname(other)
                    if meaning and self._is_plausible(segment, other, meaning.pages[0]):
                        return meaning
        return None

    def not_read(self) -> Understanding:
        """Nothing was read about it; the pages that share a rare word with it are near."""
        known = self.index.known(self.phrasebook.content(self.whole.words))
        near = dict[int, None]()
        for word, entry in known.items():
            # Small words and years are shared by too many titles to make them near.
            if entry.in_titles and not entry.small and not word.isdigit():
                near.update(dict.fromkeys(self.index.containing([word])[:MOST_NEAR]))
        pages = tuple(self.index.page(number) for number in list(near)[:MOST_NEAR])
        return Understanding(
            outcome="not_read",
            about=_name_typed(self.text, self.whole, self.phrasebook),
            pages=tuple(page for page in pages if not page.held_out),
        )

    # --- how names are found ------------------------------------------------------------------

    def _named_in(self, segment: Segment) -> list[_Match]:
        """The pages that a run of the segment's words names, where the other words are
        understood.
        """
        candidates = list[_Match]()
        for run in self._runs_in(segment):
            if not self._may_be_name(segment, run.start, run.end):
                continue
            rest = segment.without(run.start, run.end)
            reading = read_frame(rest, run.page, self.phrasebook, name_at=run.start)
            if reading:
                words = run.end - run.start
                candidates.append(
                    _Match(page=run.page, rank=run.rank, words=words, reading=reading)
                )
        return candidates

    def _runs_in(self, segment: Segment) -> list[_Run]:
        """The runs of the segment's words that name a page, whatever the other words are; of one or
        two words only those that may name one here, as pages are called "What" and "Who Is", too.
        """
        if segment in self._runs:
            return self._runs[segment]
        # All runs of words in one look-up: each is a statement of SQL otherwise, and a question of
        # ten words has fifty-five runs.
        forms = dict[str, list[tuple[int, int]]]()
        size = len(segment.words)
        for start in range(size):
            for end in range(start + 1, min(size, start + LONGEST_NAME) + 1):
                for form in self._forms(segment, start, end):
                    forms.setdefault(form, []).append((start, end))
        runs = list[_Run]()
        for form, entries in self.index.named(list(forms)).items():
            for start, end in forms[form]:
                if end - start < LONG_RUN and not self._may_be_name(segment, start, end):
                    continue
                for number, rank in entries[:MOST_CANDIDATES]:
                    page = self.index.page(number)
                    runs.append(_Run(page=page, rank=rank, start=start, end=end))
        self._runs[segment] = runs
        return runs

    def _may_be_name(self, segment: Segment, start: int, end: int) -> bool:
        """Whether some words can be a name here: not where the name continues after them, and not
        words that ask for nothing ("it", "me") among others.
        """
        words = segment.words[start:end]
        if self._name_continues(segment, end):
            return False
        if any(
            word not in self.phrasebook.fillers and word not in self.phrasebook.pronouns
            for word in words
        ):
            return True
        rest = segment.without(start, end)
        return not self.phrasebook.content(rest) and end == len(segment.words)

    def _name_continues(self, segment: Segment, end: int) -> bool:
        """Whether the next word belongs to the name: "Microsoft Word"."""
        following = segment.words[end : end + 1]
        return any(word in self.phrasebook.language.name_words for word in following)

    def _forms(self, segment: Segment, start: int, end: int) -> Iterator[str]:
        """The names that some words may be: as typed, in another number or spelling, without 's, in
        one word.
        """
        words, last = list(segment.words[start:end]), segment.words[end - 1]
        if len(words) > 1 and words[0] in self.phrasebook.language.articles:
            return
        yield " ".join(words)
        before = "".join(word + " " for word in words[:-1])
        # "einstein's birthday" has been folded to "einsteins": without the s it is the name.
        if segment.possessive[end - 1]:
            yield before + last[:-1]
        if last not in self.phrasebook.fillers:
            for other in other_endings(last, self.phrasebook.language.endings):
                yield before + other
        for place, word in enumerate(words):
            for other in other_endings(word, self.phrasebook.language.spellings):
                yield " ".join((*words[:place], other, *words[place + 1 :]))
        # "day light" for "daylight", and below "firetruck" for "fire truck".
        if len(words) == 2:
            yield "".join(words)
        if len(words) == 1 and len(last) > 5:
            for place in range(2, len(last) - 1):
                yield f"{last[:place]} {last[place:]}"

    def _pages_named(self, segment: Segment, start: int, end: int) -> list[tuple[PageEntry, int]]:
        forms = list(dict.fromkeys(self._forms(segment, start, end)))
        named = self.index.named(forms)
        return [
            (self.index.page(number), rank)
            for form in forms
            for number, rank in named.get(form, ())[:MOST_CANDIDATES]
        ]

    def _chosen(self, candidates: Sequence[_Match], outcome: Outcome) -> Understanding | None:
        """The one page that is meant, or several between which must be chosen."""
        if not candidates:
            return None
        # The longest name: in "who is paris hilton" it is not Paris that is meant. Then the best
        # kind of name (its title before its other names), then a reading that asks for something in
        # particular, and the page whose title is written as it was typed.
        longest = max(match.words for match in candidates)
        best = [match for match in candidates if match.words == longest]
        rank = min(match.rank for match in best)
        best = list({m.page.number: m for m in best if m.rank == rank}.values())
        scores = [
            (match.reading.kind != DEFINITION, written_as(match.page, self.text)) for match in best
        ]
        highest = max(scores)
        best = [match for match, score in zip(best, scores, strict=True) if score == highest]
        best = _of_persons(best, self.whole, self.phrasebook)
        if len(best) > 1:
            return _several([match.page for match in best], self.text)
        nearly = outcome == "sure" and rank == SHORTER
        return _of_page(best[0].page, best[0].reading.kind, "nearly" if nearly else outcome)

    def _part_of_name(self, segment: Segment) -> Understanding | None:
        """Pages of whose titles the segment's name is a part."""
        # As a definition first, with all words of content as the name; then with a cue of some fact
        # taken off: "hollerith birthplace".
        content = self.phrasebook.content(segment.words)
        options: list[tuple[str, list[str]]] = [(DEFINITION, content)]
        for asked in self.phrasebook.kinds_asked(segment.words)[:MOST_KINDS]:
            options.append((asked.kind, list(asked.left)))
        instead: Understanding | None = None
        for kind, names in options:
            if not names or len(names) > LONGEST_NAME:
                continue
            pages = self._with_part(segment, names)
            if kind != DEFINITION:
                pages = [page for page in pages if kind_of_page(page, kind, self.phrasebook)]
            if len(pages) > 1:
                return instead or _several(pages, self.text)
            if pages:
                wanted = kind_of_page(pages[0], kind, self.phrasebook) or DEFINITION
                meaning = _of_page(pages[0], wanted, "nearly")
                if wanted == kind:
                    return meaning
                instead = instead or meaning
        return instead

    def _with_part(self, segment: Segment, names: Sequence[str]) -> list[PageEntry]:
        words = _without_possessive(segment, names)
        if self._name_continues(segment, segment.words.index(names[-1]) + 1):
            return []
        numbers = self.index.containing(words)
        # A part that many titles share names nothing: "John", "church".
        if not numbers or len(numbers) > MOST_SHARING:
            return []
        known = self.index.known(words)
        pages = [self.index.page(number) for number in numbers]
        parts = [may_be_part(words, page, segment, known, self.phrasebook) for page in pages]
        surely = [page for page, part in zip(pages, parts, strict=True) if part == "proper"]
        maybe = [page for page, part in zip(pages, parts, strict=True) if part == "common"]
        # A proper part ("Hollerith") may stand for its only page. A common word ("classification")
        # may not, since one page of that kind having been read does not mean that it is meant; to
        # several the question can be put back.
        if surely:
            return surely
        return maybe if len(maybe) > 1 else []

    def _respellings(self, segment: Segment, *, unknown_only: bool) -> Iterator[Segment]:
        """The segment with misspelled words set right, in all ways that are worth a try."""
        words = segment.words
        known = self.index.known(words)
        # Words that can be slips: first those that no title has, in the second round those that
        # titles have, and never the small words of a question.
        doubtful = []
        for place, word in enumerate(words):
            is_in_titles = word in known and known[word].in_titles
            if word in self.phrasebook.fillers or is_in_titles == unknown_only:
                continue
            if unknown_only and self.phrasebook.is_cue_word(word):
                continue
            doubtful.append(place)
        if not doubtful or len(doubtful) > MOST_RESPELLED:
            return
        spelled = {place: self._spellings(words[place]) for place in doubtful}
        yield from _combined(segment, spelled, together=unknown_only)

    def _spellings(self, word: str) -> list[str]:
        """Words of titles, or with which one asks, of which this may be a slip."""
        if not may_be_misspelled(word):
            return []
        others = one_edit(word)
        known = self.index.known(others)
        titles = [other for other in others if other in known and known[other].in_titles]
        names = [title for title in titles if title not in self.phrasebook.fillers]
        asking = [other for other in others if self.phrasebook.is_slip_of_asking(word, other)]
        spelled = [other for other in (*names, *asking) if may_be_misspelled(other)]
        return list(dict.fromkeys(spelled))[:MOST_SPELLINGS]

    def _may_be_surname(self, typed: Segment, other: Segment) -> bool:
        """Whether a respelled text is one long word that begins as it was typed."""
        names, before = self.phrasebook.content(other.words), self.phrasebook.content(typed.words)
        if len(names) != 1 or len(before) != 1:
            return False
        shorter = min(len(names[0]), len(before[0]))
        return names[0][0] == before[0][0] and shorter >= SHORTEST_RESPELLED_SURNAME

    def _surname(self, segment: Segment) -> Understanding | None:
        """A part of the name of a person."""
        meaning = self._part_of_name(segment)
        persons = meaning and all(is_person_page(page, self.phrasebook) for page in meaning.pages)
        return meaning if persons else None

    def _is_plausible(self, typed: Segment, other: Segment, page: PageEntry) -> bool:
        """Whether a respelled name is near enough to that of a page. With several words of content
        it is; a single word must be long, and must not be a word that was read.
        """
        title = words_of(page.title)
        content = [
            word
            for word in self.phrasebook.content(typed.words)
            if word in title or not self.phrasebook.is_cue_word(word)
        ]
        if len(content) > 1:
            return True
        changed = [
            (was, now)
            for was, now in zip(typed.words, other.words, strict=True)
            if was != now and now not in self.phrasebook.fillers
        ]
        if not changed:
            return True
        was, now = changed[0]
        is_long = min(len(was), len(now)) >= SHORTEST_RESPELLED_NAME
        return is_long and was not in self.index.known([was])


def _kind_claimed(words: Sequence[str], page: PageEntry, phrasebook: Phrasebook) -> str:
    """The kind of fact about a page by which it can be judged what some words claim of it."""
    read = [kind_of_page(page, asked.kind, phrasebook) for asked in phrasebook.kinds_asked(words)]
    return next((kind for kind in read if kind), DEFINITION)


def _combined(
    segment: Segment, spelled: Mapping[int, Sequence[str]], *, together: bool
) -> Iterator[Segment]:
    """The segment with each choice of spellings: of all words together, or of one at a time."""
    # In the strict round every unknown word is wrong, so that all are replaced at once; in the
    # other at most one is.
    if together:
        choices: list[tuple[str, ...]] = [segment.words]
        for place, others in spelled.items():
            choices = [
                (*words[:place], other, *words[place + 1 :])
                for words in choices
                for other in (others or [words[place]])
            ]
    else:
        choices = [
            (*segment.words[:place], other, *segment.words[place + 1 :])
            for place, others in spelled.items()
            for other in others
        ]
    for words in choices:
        if words != segment.words:
            yield replace(segment, words=words)


def _both(meanings: Sequence[Understanding]) -> Understanding:
    pages = tuple(page for meaning in meanings for page in meaning.pages)
    questions = tuple(question for meaning in meanings for question in meaning.questions)
    titles = " / ".join(page.title for page in pages)
    return Understanding(outcome="two", pages=pages, questions=questions, about=titles)


def _several(pages: Sequence[PageEntry], text: str) -> Understanding:
    return Understanding(outcome="several", pages=tuple(pages[:MOST_CANDIDATES]), about=text)


def _of_persons(
    candidates: Sequence[_Match], whole: Segment, phrasebook: Phrasebook
) -> list[_Match]:
    """Those that are persons, where a person is asked for and there are some."""
    persons = [match for match in candidates if is_person_page(match.page, phrasebook)]
    asked = any(word in phrasebook.language.persons for word in whole.words)
    return persons if asked and persons else list(candidates)


def is_person_page(page: PageEntry, phrasebook: Phrasebook) -> bool:
    """Whether a page was asked by "who"."""
    if not page.questions:
        return False
    return segment_of(page.questions[0].text).words[:1] in [
        (who,) for who in phrasebook.language.persons
    ]


def _without_possessive(segment: Segment, names: Sequence[str]) -> list[str]:
    owners = {
        word
        for word, possessive in zip(segment.words, segment.possessive, strict=True)
        if possessive
    }
    return [word[:-1] if word in owners else word for word in names]


def _name_typed(text: str, whole: Segment, phrasebook: Phrasebook) -> str:
    """The part of what was typed that is not how it is asked: from its first word of content to
    its last; of "what is love", where no word is such, what follows the asking ones.
    """
    chunks = text.split()
    content = [bool(phrasebook.content(segment_of(chunk).words)) for chunk in chunks]
    start, end = 0, len(chunks)
    if any(content):
        start, end = content.index(True), end - content[::-1].index(True)
    else:
        asking = {*phrasebook.openers, *phrasebook.language.yes_no, *phrasebook.language.articles}
        while start < end - 1 and asking.issuperset(segment_of(chunks[start]).words):
            start += 1
    return " ".join(chunks[start:end]).strip(" ?!.,;:\"'“”‘’") or text
