"""The data of a language in the form in which questions are matched with it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.questions.language import Language
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import words_of

LONG_CUE = 6  # letters of a cue's word of which another word may be a slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that ask for a kind of fact: of each group one must be there."""

    kind: str
    groups: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAsked:
    """A kind of fact that some words ask for."""

    kind: str
    words: int
    """How many words of its cue are there: the more, the surer."""
    left: tuple[str, ...]
    """The words of content that its cues do not explain."""
    of_person: bool
    """Whether its question asks for a person: "Who founded {x}?"."""


class Phrasebook:
    """A language's words as sets, and its cues by the words that they begin with."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.fillers = frozenset((*language.fillers, *language.articles))
        self.openers = frozenset(language.openers)
        self.pronouns = frozenset(language.pronouns)
        # Sets and dictionaries by first word, made once a language: a question is matched by
        # looking its words up, and never by trying every cue in turn.
        self.cue_words: dict[str, set[str]] = {}
        self.instead: dict[str, tuple[str, ...]] = {}
        self.person_kinds = frozenset(
            wording.kind
            for wording in language.wordings
            if words_of(wording.asked[0])[0] in language.persons
        )
        self._cues: dict[str, list[Cue]] = {}
        for wording in language.wordings:
            self.instead[wording.kind] = wording.instead
            for text in wording.cues:
                self._add(wording.kind, text)
        self._all_cue_words = frozenset[str]().union(*self.cue_words.values())
        self.synonyms: dict[str, frozenset[str]] = {}
        for group in language.kinds:
            for word in group:
                self.synonyms[word] = self.synonyms.get(word, frozenset()) | frozenset(group)

    def _add(self, kind: str, text: str) -> None:
        # "born|birth date|day" asks for one of born and birth, and for one of date and day.
        groups = tuple(frozenset(word.split("|")) for word in text.split())
        cue = Cue(kind=kind, groups=groups)
        self.cue_words.setdefault(kind, set()).update(*groups)
        for word in groups[0]:
            self._cues.setdefault(word, []).append(cue)

    def content(self, words: Iterable[str]) -> list[str]:
        """The words of content: all but the fillers, which ask for nothing in particular."""
        return [word for word in words if word not in self.fillers]

    def is_cue_word(self, word: str) -> bool:
        return word in self._all_cue_words

    def is_slip_of_asking(self, typed: str, meant: str) -> bool:
        """Whether a word may be a slip for one that people ask with; short ones only with letters
        swapped, since names are too near to them: "Han" is not "how".
        """
        if meant in self.openers:
            return sorted(typed) == sorted(meant)
        return len(meant) >= LONG_CUE and self.is_cue_word(meant)

    def kinds_asked(self, words: Sequence[str]) -> list[KindAsked]:
        """The kinds of fact that some words ask for, the surest first."""
        # Each word finds the cues that begin with it; of those of a kind the one with the most
        # words that are all there counts.
        present = set(words)
        best = dict[str, int]()
        for word in words:
            for cue in self._cues.get(word, ()):
                if len(cue.groups) > best.get(cue.kind, 0) and all(
                    not present.isdisjoint(group) for group in cue.groups
                ):
                    best[cue.kind] = len(cue.groups)
        content = self.content(words)
        kinds = [
            KindAsked(
                kind=kind,
                words=count,
                left=tuple(w for w in content if w not in self.cue_words[kind] | self.openers),
                of_person=kind in self.person_kinds,
            )
            for kind, count in best.items()
        ]
        # First the kinds that leave the fewest words unexplained, then those with the longest cue.
        kinds.sort(key=lambda asked: (len(asked.left), -asked.words))
        return kinds


@lru_cache(maxsize=8)
def phrasebook_of(code: str) -> Phrasebook:
    """The phrasebook of the language with a code."""
    return Phrasebook(language_of(code))
