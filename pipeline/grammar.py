"""How a page's title stands in running English: "the Battle of Hastings", "a hash table", "Paris"; pure.

The evidence is the lead's own grammar: the article before the title, the case in which the page writes it inside a sentence, the number of
its verb. Only where the lead never names the title do the title's own words decide.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.clean import Article

FOLD = str.maketrans({**dict.fromkeys("‘’ʼ′´`", "'"), **dict.fromkeys("“”„″«»", '"'), **dict.fromkeys("‐‑‒–—―−-", " "), "\u00a0": " "})
ASIDE = re.compile(r"\s*\([^()]*\)")
TITLE_ASIDE = re.compile(r"(?<=\S)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)$")
YEAR_FIRST = re.compile(r"(?:(?:Early|Late|Mid) )?(?:1\d|20)\d\d(?:[–/-]\d\d(?:\d\d)?)?s?\b \S")
ORDINAL_FIRST = re.compile(r"\d*(?:1st|2nd|3rd|\dth) \S|(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth) \S")
PREPOSITION = re.compile(r",? (?:of|in|at|for|on|from|to|during|by|with|under|against|between|and|or|de|du|von|after|before|since)\b|[,:;]| – ")
NUMBER_VERB = re.compile(r"\b(is|are|was|were|has|have|refers?|consists?|comprises?|includes?|describes?|does|do)\b")
SINGULAR = {"is", "was", "has", "refers", "consists", "comprises", "includes", "describes", "does"}
RELATIVE = re.compile(r"\b(?:who|which|that|where|when|what|it|they|there|he|she|and|as|if)$")
DETERMINER = re.compile(r"(?:^|[\s(\"“])(the|an?)((?: [\w'’.-]+){0,3}) ?[\"“']?$", re.I)
ABSTRACT = re.compile(r"(?:ing|tion|sion|ism|ology|ics|ment|ness|ity|graphy|metry|nomy|ance|ence|ture|sis)s?$")
CONSONANT_SOUND = re.compile(r"uni(?![nm])|us[aeiu]|ut[ei]|uk|ub[aeio]|ur[aeo]|eu|ewe|on(?:e|ce)\b", re.I)
VOWEL_SOUND = re.compile(r"[aeiou]|hour|hono|heir|8|1[18]\b", re.I)
LETTERS = re.compile(r"[AEFHILMNORSX](?:[A-Z\d.-]|\b)")
FUNCTION_WORDS = frozenset(["a", "an", "the", "of", "in", "at", "for", "on", "from", "to", "by", "with", "and", "or", "de", "la", "le", "du", "des", "von", "van", "no", "as", "per", "vs", "v"])


class Mention(NamedTuple):
    """Where the lead names the title."""

    start: int
    end: int
    determiner: str  # "the", "a", "an" or ""
    opens: bool  # nothing but a determiner stands before it, so that its case may be the sentence's
    plural: bool  # the title's word in the plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A page's subject as a sentence names it, with its article and case, and whether it takes "are"."""

    phrase: str
    plural: bool


def base_title(title: str) -> str:
    """The title without the parenthesis that tells it from others: "Mercury (planet)" → "Mercury"."""
    return TITLE_ASIDE.sub("", title) or title


def without_asides(text: str) -> str:
    """The text with every balanced parenthesis taken out."""
    while "(" in text and (shorter := ASIDE.sub("", text)) != text:
        text = shorter
    return text


def _folded(text: str) -> str:
    """Text for comparing, letter for letter as long as it was."""
    lower = text.translate(FOLD).lower()
    return lower if len(lower) == len(text) else text.translate(FOLD)


def find_mention(text: str, title: str) -> Mention | None:
    """The first place in the text that names the title, whatever its case, dashes and quotes, or its plural."""
    text_folded, wanted = _folded(text), _folded(title)
    for form in (wanted, wanted[:-1] + "ies" if wanted.endswith("y") else wanted + "s", wanted + "es"):
        at = text_folded.find(form)
        while at >= 0:
            end = at + len(form)
            if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
                return _mention(text, at, end, plural=form is not wanted)
            at = text_folded.find(form, at + 1)
    return None


def _mention(text: str, at: int, end: int, *, plural: bool) -> Mention:
    before = text[:at]
    found = DETERMINER.search(before)
    determiner = found[1].lower() if found and not PREPOSITION.search(found[2]) else ""
    opens = not before.strip(" \"“'") or bool(found and found.start(1) == 0 and not found[2])
    return Mention(at, end, determiner, opens, plural)


def verb_is_plural(text: str, start: int) -> bool | None:
    """The number of the first finite verb after start that is not a relative clause's, or None where none tells."""
    for verb in NUMBER_VERB.finditer(text, start):
        if RELATIVE.search(text, start, verb.start() - 1) is None:
            return verb[1] not in SINGULAR
    return None


def indefinite(phrase: str) -> str:
    """ "a" or "an", by the sound that the phrase begins with."""
    word = phrase.lstrip("\"“'(")
    if re.match(r"[A-Z]{2}|[A-Z]\b", word):
        return "an" if LETTERS.match(word) else "a"
    return "an" if VOWEL_SOUND.match(word) and not CONSONANT_SOUND.match(word) else "a"


def name_subject(article: Article, html: str, text: str, *, name: bool) -> Subject:
    """The article's subject as running English names it.

    html is the page as it came, read for how it writes the title inside sentences; text is the lead's first sentence, asides taken out.
    A person's name, or a band's, stands as in its title, and only its number is looked up.
    """
    title = base_title(article.title)
    name = name or is_work(article, text)
    mention = find_mention(text, title) or (find_mention(text, title.split(",")[0]) if "," in title else None)
    if mention is None:
        return _unnamed_subject(title, text, html, name=name)
    plural = bool(verb_is_plural(text, mention.end))
    if name:
        return Subject(phrase=title, plural=plural)
    written = text[mention.start : mention.end]
    if len(written) < len(title):  # "Seligman" for "Seligman, Arizona"
        return Subject(phrase=title, plural=plural)
    phrase = written + title[len(written) :] if mention.plural else _first_letter_as(written, title)
    if mention.opens and not mention.determiner:
        phrase = _inside_a_sentence(phrase, html)
    if title.startswith("The "):
        return Subject(phrase=_leading_the(title, html), plural=plural)
    return Subject(phrase=_with_determiner(phrase, mention.determiner, plural=plural), plural=plural)


def is_work(article: Article, text: str) -> bool:
    """Whether the title is a work's: in quotes or italics, or boxed as a recording, and no species' Latin name."""
    return text.startswith('"') or "haudio" in article.infobox or (article.italic_title and "biota" not in article.infobox)


def _first_letter_as(written: str, title: str) -> str:
    return written[0] + title[1:]


def _with_determiner(phrase: str, determiner: str, *, plural: bool) -> str:
    if determiner in ("a", "an"):
        return phrase if plural else f"{indefinite(phrase)} {phrase}"
    return f"the {phrase}" if determiner else ("the " + phrase if YEAR_FIRST.match(phrase) else phrase)


def _leading_the(title: str, html: str) -> str:
    """ "the Holocaust", but "The Third Reich Trilogy": as the page writes it inside sentences."""
    small = "the" + title[3:]
    return small if html.count(" " + small) > html.count(" " + title) else title


def _inside_a_sentence(phrase: str, html: str) -> str:
    """A phrase that opened the sentence, with the first letter that the page gives it elsewhere."""
    first, _, rest = phrase.partition(" ")
    if not first[:1].isupper() or not first[1:].islower():
        return phrase
    small = phrase[0].lower() + phrase[1:]
    if rest and any(word[0].isupper() for word in rest.split() if word not in FUNCTION_WORDS):
        return small if html.count(" " + small) > html.count(" " + phrase) else phrase
    lower, upper = _uses(small, html), _uses(phrase, html)
    if lower or (upper and not rest):
        return small if lower * 3 >= upper else phrase
    if not rest:
        return small if ABSTRACT.search(phrase) else phrase
    return small if _uses(small.partition(" ")[0], html) * 3 > _uses(first, html) else phrase


def _uses(words: str, html: str) -> int:
    """How often the page writes these words in a sentence."""
    return sum(html.count(f" {words}{after}") for after in (" ", ",", ".", "<"))


def _unnamed_subject(title: str, text: str, html: str, *, name: bool) -> Subject:
    """The subject of a lead that does not name its title as it is written."""
    verb = NUMBER_VERB.search(text)
    span = text[: verb.start()] if verb else text[:100]
    plural = bool(verb and verb[1] not in SINGULAR)
    if name:
        return Subject(phrase=title, plural=plural and _head(title).endswith("s"))
    same_head = _folded(_head(span)) == _folded(_head(title))
    phrase = _inside_a_sentence(title, html)
    small = phrase[0].islower()
    if YEAR_FIRST.match(title) or (same_head and span.startswith(("The ", "the "))) or (small and " of " in phrase):
        phrase = "the " + phrase
    elif same_head and small and span.startswith(("A ", "An ")):
        phrase = f"{indefinite(phrase)} {phrase}"
    return Subject(phrase=phrase, plural=plural and same_head)


def _head(phrase: str) -> str:
    """The noun that a phrase turns on: the last word before its first preposition or comma."""
    cut = PREPOSITION.search(phrase, 4)
    words = (phrase[: cut.start()] if cut else phrase).split()
    return words[-1] if words else ""
