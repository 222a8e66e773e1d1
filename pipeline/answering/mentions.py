"""The names in a question: which pages its words mention. In terms of the field, it links entities.

Every run of words is looked up among the names of what was read. The words around it must ask for
nothing in particular ("who is", "tell me about"), or be a fact's cue ("birthday"), or describe the
thing ("the film"): "Grace Hopper" is not Edward Hopper. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.answering.meaning import (
    MOST_CANDIDATES,
    Outcome,
    Understanding,
    of_page,
    of_several,
)
from pipeline.answering.naming import NameRank
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.answering.reading import (
    Reading,
    is_person_page,
    kind_of_page,
    may_be_part,
    read_frame,
    written_as,
)
from pipeline.answering.segments import Segment, TypedQuestion
from pipeline.answering.spelling import other_endings
from pipeline.questions.language import DEFINITION

LONGEST_NAME = 24  # words of a name
LONG_RUN = 3  # words that seldom are a title by chance
MOST_SHARING = 48  # titles that share a part of a name; of more, the part names nothing
MOST_KINDS = 6  # kinds of fact that are tried for the words of a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Some words of a question that name a page."""

    page: PageEntry
    rank: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page that some words of a question name, and what the other words ask of it."""

    page: PageEntry
    rank: int
    words: int
    """How many words name it."""
    reading: Reading


class Mentions:
    """Finds the pages that one question mentions."""

    def __init__(
        self, question: TypedQuestion, index: QuestionIndex, phrasebook: Phrasebook
    ) -> None:
        self.question = question
        self.index = index
        self.phrasebook = phrasebook
        self._mentions = dict[Segment, list[Mention]]()  # several readings ask the same segments

    def page_in(self, segment: Segment, outcome: Outcome = "sure") -> Understanding | None:
        """The page that a segment names by a whole name, or several between which to choose."""
        candidates = self._candidates(segment)
        return self._chosen(candidates, outcome) if candidates else None

    def mentions_in(self, segment: Segment) -> list[Mention]:
        """The runs of the segment's words that name a page, whatever the other words are; of one or
        two words only those that may name one here, as pages are called "What" and "Who Is", too.
        """
        if segment in self._mentions:
            return self._mentions[segment]
        # All runs of words in one look-up: each is a statement of SQL otherwise, and a question of
        # ten words has fifty-five runs.
        forms = dict[str, list[tuple[int, int]]]()
        size = len(segment.words)
        for start in range(size):
            for end in range(start + 1, min(size, start + LONGEST_NAME) + 1):
                for form in self._forms(segment, start, end):
                    forms.setdefault(form, []).append((start, end))
        mentions = list[Mention]()
        for form, entries in self.index.named(list(forms)).items():
            for start, end in forms[form]:
                if end - start < LONG_RUN and not self._may_be_name(segment, start, end):
                    continue
                for number, rank in entries[:MOST_CANDIDATES]:
                    page = self.index.page(number)
                    mentions.append(Mention(page=page, rank=rank, start=start, end=end))
        self._mentions[segment] = mentions
        return mentions

    def pages_named(self, segment: Segment, start: int, end: int) -> list[tuple[PageEntry, int]]:
        """The pages that just these words name, each with the rank of its name."""
        forms = list(dict.fromkeys(self._forms(segment, start, end)))
        named = self.index.named(forms)
        return [
            (self.index.page(number), rank)
            for form in forms
            for number, rank in named.get(form, ())[:MOST_CANDIDATES]
        ]

    def page_by_part(self, segment: Segment) -> Understanding | None:
        """The page of whose title the segment's name is a part, or several."""
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
                return instead or of_several(pages, self.question.text)
            if pages:
                wanted = kind_of_page(pages[0], kind, self.phrasebook) or DEFINITION
                meaning = of_page(pages[0], wanted, "nearly")
                if wanted == kind:
                    return meaning
                instead = instead or meaning
        return instead

    def _candidates(self, segment: Segment) -> list[Candidate]:
        """The pages that a run of the segment's words names, where the other words are
        understood.
        """
        candidates = list[Candidate]()
        for mention in self.mentions_in(segment):
            start, end = mention.start, mention.end
            if not self._may_be_name(segment, start, end):
                continue
            rest = segment.without(start, end)
            reading = read_frame(rest, mention.page, self.phrasebook, name_at=start)
            if reading:
                candidates.append(
                    Candidate(
                        page=mention.page, rank=mention.rank, words=end - start, reading=reading
                    )
                )
        return candidates

    def _chosen(self, candidates: Sequence[Candidate], outcome: Outcome) -> Understanding:
        """The one page that is meant, or several between which must be chosen."""
        # The longest name: in "who is paris hilton" it is not Paris that is meant. Then the best
        # kind of name (its title before its other names), then a reading that asks for something in
        # particular, and the page whose title is written as it was typed.
        text = self.question.text
        longest = max(candidate.words for candidate in candidates)
        best = [candidate for candidate in candidates if candidate.words == longest]
        rank = min(candidate.rank for candidate in best)
        best = list({each.page.number: each for each in best if each.rank == rank}.values())
        scores = [(each.reading.kind != DEFINITION, written_as(each.page, text)) for each in best]
        highest = max(scores)
        best = [each for each, score in zip(best, scores, strict=True) if score == highest]
        best = self._persons_first(best)
        if len(best) > 1:
            return of_several([candidate.page for candidate in best], text)
        nearly = outcome == "sure" and rank == NameRank.SHORTENED
        return of_page(best[0].page, best[0].reading.kind, "nearly" if nearly else outcome)

    def _persons_first(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those that are persons, where a person is asked for and there are some."""
        persons = self.phrasebook.language.persons
        people = [each for each in candidates if is_person_page(each.page, self.phrasebook)]
        is_asked = any(word in persons for word in self.question.whole.words)
        return people if is_asked and people else list(candidates)

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
        words = list(segment.words[start:end])
        last = segment.words[end - 1]
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

    def _with_part(self, segment: Segment, names: Sequence[str]) -> list[PageEntry]:
        """The pages that may be called by some words of their titles."""
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


def _without_possessive(segment: Segment, names: Sequence[str]) -> list[str]:
    owners = {
        word
        for word, possessive in zip(segment.words, segment.possessive, strict=True)
        if possessive
    }
    return [word[:-1] if word in owners else word for word in names]
