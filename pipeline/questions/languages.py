"""The languages that can be asked, by their codes."""

from pipeline.errors import BadInput
from pipeline.questions.english import ENGLISH
from pipeline.questions.language import Language

LANGUAGES = {language.code: language for language in (ENGLISH,)}


def language_of(code: str) -> Language:
    """The language with a code. Raises BadInput for one that is not known here."""
    if code not in LANGUAGES:
        raise BadInput(f"--lang {code} is not known: choose one of {', '.join(sorted(LANGUAGES))}")
    return LANGUAGES[code]
