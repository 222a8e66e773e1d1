"""The languages that pages are read and asked in, by their codes. A new one is a module like
french.py and a line of `MODULES`; modules are imported when they are first used.
"""

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.errors import BadInput
from pipeline.questions.language import Language

if TYPE_CHECKING:
    from pipeline.questions.definitions import QuestionMaker

# Code → the modules of this folder with its LANGUAGE (how people ask, what the program says) and
# with its MAKER (how the question of a page is made).
MODULES = {
    "en": ("english", "english_definitions"),
    "es": ("spanish", "spanish"),
    "fr": ("french", "french"),
    "de": ("german", "german"),
}
# Other codes: of wikis, and those of ISO 639-2 and 639-3, which archives use.
VARIANTS = {
    **{"simple": "en", "eng": "en", "spa": "es"},
    **{"fra": "fr", "fre": "fr", "deu": "de", "ger": "de"},
}
# What people write for a code: the language's name, in English and in itself.
NAMES = {
    **{"english": "en", "spanish": "es", "español": "es", "espanol": "es", "castellano": "es"},
    **{"french": "fr", "français": "fr", "francais": "fr", "german": "de", "deutsch": "de"},
}


def base_code(tag: str) -> str | None:
    """The code of the language that a tag names ("de-formal", "en-GB", "simple"); None for one that
    is not known here.
    """
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    code = VARIANTS.get(code, code)
    return code if code in MODULES else None


def known_codes() -> str:
    """The codes that can be chosen, for a message."""
    first, *others = MODULES
    return ", ".join((first, "simple", *others))


def checked_code(tag: str, where: str) -> str:
    """The code of the language that a tag names. Raises BadInput, which begins with `where`, for a
    language that is not known here.
    """
    if code := base_code(tag):
        return code
    meant = NAMES.get(tag.strip().lower())
    raise BadInput(
        f"{where}: questions are not asked in {tag or 'an unknown language'!r:.40} yet; choose one"
        f" of {known_codes()}{f': did you mean {meant}?' if meant else ''}"
    )


@cache
def language_of(tag: str) -> Language:
    """How people ask in a language, and what the program says in it. Raises BadInput for one that
    is not known here.
    """
    module = import_module(f"pipeline.questions.{MODULES[checked_code(tag, f'--lang {tag}')][0]}")
    language = module.LANGUAGE
    assert isinstance(language, Language)
    return language


@cache
def category_prefix() -> re.Pattern[str]:
    """What stands before the name of a category, in any of the languages: "Catégorie:"."""
    names = "|".join(re.escape(language_of(code).categories) for code in MODULES)
    return re.compile(rf"\s*:?(?:{names})\s*:", re.IGNORECASE)


@cache
def question_maker(tag: str) -> "QuestionMaker":
    """How the questions of pages in a language are made. Raises BadInput for one that is not known
    here.
    """
    module = import_module(f"pipeline.questions.{MODULES[checked_code(tag, f'--lang {tag}')][1]}")
    maker: QuestionMaker = module.MAKER
    return maker
