"""A question as one about what it names: a page, two, a part of a name, a misspelled one. Pure."""

from collections.abc import Callable

from pipeline.answering.meaning import Understanding, of_both, of_page
from pipeline.answering.mentions import LONGEST_NAME, Mentions
from pipeline.answering.naming import NameRank
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import QuestionIndex
from pipeline.answering.reading import is_person_page, kind_claimed
from pipeline.answering.respelling import is_plausible, may_be_surname, respellings
from pipeline.answering.segments import Segment, TypedQuestion, segment_of
from pipeline.questions.normalize import normalize

MOST_NEAR = 3  # pages that are offered where nothing was read


class NameReadings:
    """Each method is one way to read a question by the names in it; None where it does not fit."""

    def __init__(
        self, question: TypedQuestion, index: QuestionIndex, phrasebook: Phrasebook
    ) -> None:
        self.text, self.whole, self.segments = question.text, question.whole, question.segments
        self.index = index
        self.phrasebook = phrasebook
        self.mentions = Mentions(question, index, phrasebook)

    def in_trained_words(self) -> Understanding | None:
        """A question in the very words that it was trained in, whatever else these could ask."""
        mentions = self.mentions.mentions_in(self.whole)
        pages = {mention.page.number: mention.page for mention in mentions}
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

    def in_whole_text(self) -> Understanding | None:
        """A name in the text as a whole. Tried before `two_things`, so that "Romeo and Juliet" is
        one page and not two people.
        """
        return self.mentions.page_in(self.whole)

    def two_things(self) -> Understanding | None:
        """Two names with "and", "or", "vs" between them: both are asked for."""
        language = self.phrasebook.language
        for segment in self.segments:
            # A title may hold a join itself, and its halves be titles, too: "Romeo and Juliet".
            if self.mentions.page_in(segment):
                return None
            for place, word in enumerate(segment.words):
                if word not in language.joins or not 0 < place < len(segment.words) - 1:
                    continue
                sides = (segment.part(0, place), segment.part(place + 1, len(segment.words)))
                meanings = [self._one_of_two(side) for side in sides]
                if all(meanings):
                    return of_both([meaning for meaning in meanings if meaning])
        return None

    def _one_of_two(self, side: Segment) -> Understanding | None:
        comparisons = self.phrasebook.language.comparisons
        end = len(side.words)
        while end > 1 and side.words[end - 1] in comparisons:
            end -= 1
        places = [place for place, word in enumerate(side.words[:end]) if word in comparisons]
        start = places[-1] + 1 if places else 0
        meaning = self.mentions.page_in(side.part(start, end))
        return meaning if meaning and meaning.questions else None

    def in_segment(self) -> Understanding | None:
        """A name of a page, whole, and around it nothing but how it is asked for."""
        return self._first(self.mentions.page_in)

    def yes_or_no(self) -> Understanding | None:
        """The page whose name comes first, and what it says: "is a whale a mammal"."""
        for segment in self.segments:
            words = segment.words
            articles = self.phrasebook.language.articles
            if len(words) < 2 or words[0] not in self.phrasebook.language.yes_no:
                continue
            # The name begins after the verb and its article, and is the longest run of words that
            # names a page; what follows is what is claimed of it.
            start = 2 if words[1] in articles else 1
            for end in range(min(len(words), start + LONGEST_NAME), start, -1):
                named = self.mentions.pages_named(segment, start, end)
                best = [page for page, rank in named if rank < NameRank.SHORTENED]
                if best:
                    kind = kind_claimed(words[end:], best[0], self.phrasebook)
                    return of_page(best[0], kind, "sure", is_yes_no=True)
        return None

    def by_part(self) -> Understanding | None:
        """A part of a name: "Hollerith", "the Köppen classification"."""
        return self._first(self.mentions.page_by_part)

    def _first(self, read: Callable[[Segment], Understanding | None]) -> Understanding | None:
        """The meaning of the first segment that has one, by this way to read a segment."""
        for segment in self.segments:
            meaning = read(segment)
            if meaning:
                return meaning
        return None

    def respelled(self) -> Understanding | None:
        """A name in which some words are misspelled by one letter each."""
        # First only words that no title has are taken to be slips; then also those that titles
        # have, as a slip may make another name: "mars" for "marx".
        index, phrasebook = self.index, self.phrasebook
        for unknown_only in (True, False):
            for segment in self.segments:
                for other in respellings(segment, index, phrasebook, unknown_only=unknown_only):
                    meaning = self.mentions.page_in(other, "nearly")
                    if not meaning and may_be_surname(segment, other, phrasebook):
                        meaning = self._surname(other)
                    if not meaning:
                        continue
                    if is_plausible(segment, other, meaning.pages[0], index, phrasebook):
                        return meaning
        return None

    def _surname(self, segment: Segment) -> Understanding | None:
        """A part of the name of a person."""
        meaning = self.mentions.page_by_part(segment)
        persons = meaning and all(is_person_page(page, self.phrasebook) for page in meaning.pages)
        return meaning if persons else None

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
            about=_name_typed(self.text, self.phrasebook),
            pages=tuple(page for page in pages if not page.held_out),
        )


def _name_typed(text: str, phrasebook: Phrasebook) -> str:
    """The part of what was typed that is not how it is asked: from its first word of content to
    its last; of "what is love", where no word is such, what follows the asking ones.
    """
    chunks = text.split()
    content = [bool(phrasebook.content(segment_of(chunk).words)) for chunk in chunks]
    start = 0
    end = len(chunks)
    if any(content):
        start = content.index(True)
        end -= content[::-1].index(True)
    else:
        asking = {*phrasebook.openers, *phrasebook.language.yes_no, *phrasebook.language.articles}
        while start < end - 1 and asking.issuperset(segment_of(chunks[start]).words):
            start += 1
    return " ".join(chunks[start:end]).strip(" ?!.,;:\"'“”‘’") or text
