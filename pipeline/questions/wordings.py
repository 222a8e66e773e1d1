"""Which kind of fact a trained question asks, and the other questions that ask the same. Pure."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from pipeline.questions.language import DEFINITION, Language, Wording
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import words_of

FIELD = re.compile(r"\{(\w+)\}")
OWN = "= "  # begins the kind of a question that is of no listed kind: its own words follow


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One trained form of a question."""

    wording: Wording
    form: re.Pattern[str]


class Wordings:
    """The wordings of a language, ready to be matched with questions."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._by_start: defaultdict[str, list[_Asked]] = defaultdict(list)
        for wording in language.wordings:
            for asked in wording.asked:
                form = re.compile(_pattern(asked, language), re.DOTALL)
                self._by_start[asked.split()[0]].append(_Asked(wording=wording, form=form))

    def kind_of(self, question: str, kind: str, title: str) -> str:
        """What a trained question asks; `kind` is its pair's."""
        if kind == DEFINITION:
            return DEFINITION
        match = self._match(question)
        if match:
            return match[0].kind
        return OWN + " ".join(own_words(question, title, self.language))

    def defined(self, question: str) -> tuple[str, ...]:
        """Other questions for the same definition."""
        for pattern, forms in self.language.definitions:
            if match := re.fullmatch(pattern, question):
                return tuple(_filled(form, match.groups()) for form in forms)
        return ()

    def in_singular(self, question: str, title: str) -> tuple[str, ...]:
        """A definition that is asked in the plural, of one: "What are wasps?" of "Wasp"."""
        name = title.lower()
        if f" {name}" not in question.removesuffix("?") or question.endswith(f" {name}?"):
            return ()
        for pattern, form in self.language.singular:
            if re.match(pattern, name):
                return (form.format(name),)
        return ()

    def rephrased(self, question: str) -> tuple[str, ...]:
        """Other questions that ask for the same fact of the same thing."""
        match = self._match(question)
        if not match:
            return ()
        wording, fields = match
        return tuple(
            form.format(**fields)
            for form in wording.phrasings
            if all(field in fields for field in FIELD.findall(form))
        )

    def _match(self, question: str) -> tuple[Wording, dict[str, str]] | None:
        """The wording of a question, and what the fields of its form hold."""
        start = question.split(maxsplit=1)[0] if question.strip() else ""
        for asked in self._by_start.get(start, ()):
            if fields := asked.form.fullmatch(question):
                return asked.wording, fields.groupdict()
        return None


def _filled(form: str, groups: tuple[str, ...]) -> str:
    """A phrasing with the groups of the question in it; the question word is small within it."""
    word = groups[0] if form.startswith("{1}") else groups[0].lstrip("¿")
    if len(groups) > 1 and not form.startswith("{1}"):
        word = word.lower()
    return form.format("", word, *groups[1:])


@lru_cache(maxsize=8)
def wordings_of(language: str) -> Wordings:
    """The wordings of the language with this code."""
    return Wordings(language_of(language))


def _pattern(asked: str, language: Language) -> str:
    """A form as a regular expression with a group for each field."""
    parts = list[str]()
    end = 0
    fields = set[str]()
    for field in FIELD.finditer(asked):
        parts.append(re.escape(asked[end : field.start()]))
        end = field.end()
        name = field[1]
        if name in fields:
            parts.append(f"(?P={name})")
        else:
            fields.add(name)
            parts.append(f"(?P<{name}>{'.+?' if name == 'x' else language.agreement[name]})")
    return "".join(parts) + re.escape(asked[end:])


def subject_of(question: str, language: Language) -> str:
    """What a definition's trained question is about, without an article and normalized; "" for
    another question.
    """
    for pattern, _ in language.definitions:
        if asked := re.match(pattern, question):
            words = words_of(without_elision(asked[asked.re.groups], language))
            while len(words) > 1 and words[0] in language.articles:
                words = words[1:]
            return " ".join(words)
    return ""


def without_elision(text: str, language: Language) -> str:
    """A name without what is elided before it: "l'orme" → "orme"."""
    if not language.elisions:
        return text
    return re.sub(rf"^(?:{'|'.join(language.elisions)})['’](?=\w)", "", text, flags=re.IGNORECASE)


def own_words(question: str, title: str, language: Language) -> list[str]:
    """The words of a question that are neither its subject's nor such as ask for nothing."""
    left_out = {*words_of(title), *language.fillers}
    return [word for word in words_of(question) if word not in left_out]
