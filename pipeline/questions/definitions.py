"""The definition question of a page, in any language that a `Grammar` describes: "¿Qué es la
fotosíntesis?", "Qui est Coco Chanel ?", "Was ist ein Ingenieur?"; pure, and without a word of any
language.

The evidence is the lead's first sentence: the article before the title, the case in which the title
is written there, the number of its verb, and what the sentence says that the title is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from pipeline.clean import Article
from pipeline.clean.rules import ReadingRules
from pipeline.clean.sentences import split_sentences
from pipeline.questions.english_grammar import without_parentheticals
from pipeline.questions.grammar import Determiner, Grammar
from pipeline.questions.normalize import bare_title

_LONGEST_OPENING = 2_000  # characters that are read for the first sentence
_LONGEST_LEAD = 1_500  # characters in which the title is looked for again
_SHORTEST_LEAD = 20  # characters; no shorter lead defines anything
_NEAR = 300  # characters in which a mark of birth counts
_FAR_VERB = 400  # characters between a title and the verb that defines it
_LONGEST_TITLE = 255  # that MediaWiki has, in bytes; dumps may hold any
_LONGEST_DETERMINED = 80  # characters before a title in which its determiner is
_SHORTEST_STEM = 3  # letters
_HEAD_NOUNS = 3  # words after the verb that may be its noun
_HEAD_WORDS = 6  # words after the verb among which a calling is looked for
_SURE_GUESSES = 2  # an ending that tells the gender, and the last one, which any word has

_WORD = re.compile(r"[^\W_]+")
_HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST_WORD = re.compile(r"(?<!\w)([^\W\d_]+'?)$")
_LONGER_NAME = re.compile(r" [^\W\d_a-zß-ÿ]")
_BEFORE_TITLE = "«»\"“”„‟‚‘’'([ \u00a0"  # what may come between a title and its determiner
_CLAUSE_ENDS = ".!?:;,–—"
_ACRONYM = re.compile(r"[^\W\d_]?[A-ZÀ-Þ0-9]|[^\W\d_]$")  # of a title without its first letter
_YEAR = re.compile(r"[1-9]\d{0,3}$")
_TAXON = re.compile(r"[A-Z][a-z]+(?:idae|inae|aceae|ales|formes|odea|ptera|ata|morpha|ineae)$")
_BINOMIAL = re.compile(r"[A-Z][a-z]+(?: [a-z]+){1,2}$")
_ONE_NAME = re.compile(r"[A-Z][a-z]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a page is asked for: its question, and what other questions need to know of it."""

    question: str
    phrase: str
    """The subject with its article and case, as inside a sentence."""
    person: bool
    plural: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """Where a text names the title."""

    start: int
    end: int
    words: int
    """How many of the title's words are there, from its beginning."""
    determiner: str
    opens: bool
    """Nothing precedes it and its determiner in their clause."""
    capital: bool
    """It is written with a capital."""
    term: bool
    """It is spoken of as a word: "the term X"."""
    many: bool
    """Its determiner is a plural."""
    in_longer_name: bool
    """Another word with a capital follows: "Die McDonald's Corporation"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lead:
    """What an article's lead says of its title."""

    article: Article
    title: str
    """Without the parenthesis that tells it from others."""
    text: str
    """The first paragraph."""
    first: str
    """The first sentence."""
    opening: str
    """The first sentence without parentheticals."""
    mention: _Mention | None
    """Where the opening names the title."""
    said: list[str]
    """What the opening says that the title is, from the noun on, as far as it goes."""

    @property
    def written(self) -> str:
        """The title as the opening writes it."""
        if self.mention is None:
            return self.title
        return self.opening[self.mention.start : self.mention.end]

    @property
    def in_parenthesis(self) -> bool:
        """Whether only a parenthesis names the title: "Los félidos (Felidae)"."""
        return self.mention is None and f"({self.title}" in self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionMaker:
    """How a language makes the definition question of a page."""

    reading: ReadingRules
    """How its pages are read."""
    skip_reason: Callable[[Article], str | None]
    """Why an article gives no pair, in a word or two, or None if it gives one."""
    define: Callable[[Article], Definition]
    """The definition question of an article that is not skipped."""
    kinds: tuple[str, ...] = ("definition",)
    """The kinds of pairs that it makes."""


def maker_of(grammar: Grammar) -> QuestionMaker:
    """The maker of questions that a grammar describes."""
    return QuestionMaker(
        reading=grammar.reading,
        skip_reason=partial(skip_reason, grammar=grammar),
        define=partial(define, grammar=grammar),
    )


def skip_reason(article: Article, grammar: Grammar) -> str | None:
    """Why this article gives no pair, in a word or two to be counted, or None if it gives one."""
    if article.is_disambiguation or article.page_type in ("disambiguation", "set index", "list"):
        return article.page_type
    if grammar.skipped_titles.match(article.title) or _YEAR.match(article.title):
        return "list"
    if not article.lead or len(" ".join(article.lead)) < _SHORTEST_LEAD:
        return "no lead"
    lead = without_parentheticals(article.lead[0][:_LONGEST_OPENING])
    if grammar.refers.match(lead):
        return "disambiguation"
    return "list" if grammar.skipped_leads.match(lead) else None


def define(article: Article, grammar: Grammar) -> Definition:
    """The definition question of an article that has a lead."""
    lead = _read_lead(article, grammar)
    person = _is_person(lead, grammar)
    plural = _is_plural(lead, grammar, person=person)
    phrase = _phrase(lead, grammar, person=person, plural=plural)
    if person or (plural and _are_performers(lead, grammar)):
        form = grammar.who_plural if plural else grammar.who
    else:
        form = grammar.what_plural if plural else grammar.what
    question = grammar.finish(form.format(x=phrase.rstrip("?¿ ") or phrase))
    return Definition(question=question, phrase=phrase, person=person, plural=plural)


def _read_lead(article: Article, grammar: Grammar) -> _Lead:
    text = article.lead[0]
    title = bare_title(article.title)
    first = split_sentences(text[:_LONGEST_OPENING], grammar.reading.abbreviations)[0]
    opening = without_parentheticals(first)
    mention = _find_title(opening, title, grammar)
    return _Lead(
        article=article,
        title=title,
        text=text,
        first=first,
        opening=opening,
        mention=mention,
        said=_said_of(opening, mention, grammar),
    )


# --- where the lead names the title ---------------------------------------------------------------


def _bare(text: str) -> str:
    """A text without case and accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _stem(word: str, grammar: Grammar) -> str:
    """A word without case, accents and the endings of number and case."""
    bare = _bare(word)
    while len(shorter := grammar.endings.sub("", bare)) >= _SHORTEST_STEM and shorter != bare:
        bare = shorter
    return bare


def _find_title(text: str, title: str, grammar: Grammar) -> _Mention | None:
    """The first place that names the title; else the first that begins as it does, after an
    article.
    """
    # A lead may shorten its title ("Seligman" for "Seligman, Arizona"), but then names it as what
    # the sentence is about: after an article, at the head of the sentence.
    title = title[:_LONGEST_TITLE]
    whole = next(_mentions(text, title, grammar), None)
    if whole:
        return whole
    for word in reversed(list(_WORD.finditer(title))[:-1]):
        beginning = title[: word.end()]
        for mention in _mentions(text, beginning, grammar):
            same = text[mention.start : mention.end].casefold() == beginning.casefold()
            if mention.determiner and mention.opens and same and len(beginning) >= _SHORTEST_STEM:
                return mention
    return None


def _mentions(text: str, title: str, grammar: Grammar) -> Iterator[_Mention]:
    """Every place in a text that names the title, whatever its number, case and accents."""
    # Stems are compared, as languages decline: "Ingenieure" names "Ingenieur". The length bounds
    # what may come between the words.
    wanted = [_stem(word, grammar) for word in _WORD.findall(title)]
    words = list(_WORD.finditer(text))
    stems = [_stem(word.group(), grammar) for word in words]
    for at in range(len(words) - len(wanted) + 1 if wanted else 0):
        if stems[at : at + len(wanted)] != wanted:
            continue
        start = words[at].start()
        end = words[at + len(wanted) - 1].end()
        if end - start <= len(title) + 4 * len(wanted):
            yield _mention(text, start, end, grammar)


def _mention(text: str, start: int, end: int, grammar: Grammar) -> _Mention:
    before = text[max(0, start - _LONGEST_DETERMINED) : start]
    ahead, determiner = _determiner(before, grammar)
    return _Mention(
        start=start,
        end=end,
        words=len(_WORD.findall(text, start, end)),
        determiner=determiner,
        opens=not ahead or ahead[-1] in _CLAUSE_ENDS,
        capital=text[start].isupper() or text[start].isdigit(),
        term=grammar.terms.search(before) is not None,
        many=bool(determiner and grammar.determiners[determiner].plural),
        in_longer_name=text[start].isupper() and _LONGER_NAME.match(text, end) is not None,
    )


def _determiner(before: str, grammar: Grammar) -> tuple[str, str]:
    """What stands before a title's determiner, and the determiner in small letters, or ""."""
    before = before.replace("’", "'")
    elided = before.endswith("'") and before[-2:-1].isalpha()
    if not elided:
        before = before.rstrip(_BEFORE_TITLE)
    for pattern in (_LAST_WORD, grammar.adjectives):
        word = pattern.search(before)
        if word and word.group(1).casefold() in grammar.determiners:
            return before[: word.start()].rstrip(_BEFORE_TITLE), word.group(1).casefold()
    return before, ""


# --- what the lead says of it ---------------------------------------------------------------------


def _verb(opening: str, start: int, grammar: Grammar) -> re.Match[str] | None:
    """The first verb after a place that defines and is not a relative clause's."""
    # A relative clause has verbs of its own, which say nothing of what the title is; it lasts from
    # its pronoun to the next comma.
    in_clause = False
    last = start
    for word in _WORD.finditer(opening, start, start + _FAR_VERB):
        form = word.group()
        if "," in opening[last : word.start()]:
            in_clause = False
        last = word.end()
        if form.casefold() in grammar.subordinate:
            in_clause = True
        elif not in_clause and (form in grammar.singular_verbs or form in grammar.plural_verbs):
            return word
    return None


def _verb_of(lead: _Lead, grammar: Grammar) -> re.Match[str] | None:
    return _verb(lead.opening, lead.mention.end if lead.mention else 0, grammar)


def _said_of(opening: str, mention: _Mention | None, grammar: Grammar) -> list[str]:
    """What the lead says that its subject is, from the noun on, as far as it goes: "poeta ruso"."""
    start = mention.end if mention else 0
    verb = _verb(opening, start, grammar)
    if verb:
        start = verb.end()
    elif mention is None or _verb(opening, 0, grammar) is None:
        return []
    attribute = grammar.attribute.match(opening, start)
    for word in _HYPHENED.finditer(opening, attribute.end() if attribute else start):
        text = word.group()
        if text.isdigit() or text.casefold() in grammar.before_noun:
            continue
        if grammar.small_nouns or text[0].isupper():
            rest = opening[word.start() : word.start() + 200]
            end = grammar.noun_end.search(rest, 1)
            return _HYPHENED.findall(rest[: end.start()] if end else rest)
    return []


# --- a person, one or several ---------------------------------------------------------------------


def _is_person(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the page is about one person, god or figure (or about several under one name)."""
    article, mention, said = lead.article, lead.mention, lead.said
    if "biography" in article.infobox_classes or article.has_birth_date:
        return True
    if any(grammar.person_categories.search(name) for name in article.categories):
        return True
    if mention is None and _opener(lead, grammar):
        return False
    if mention and not _is_written_as_a_person(article.title, mention, grammar):
        return False
    near = lead.first if said else lead.text  # a sentence without a verb was cut at a full stop
    if grammar.born.search(near[:_NEAR]):
        return True
    if not said or not article.title[:1].isupper() or (mention and mention.term):
        return False
    return _is_calling(said, grammar, only_noun=bool(mention and mention.determiner))


def _is_written_as_a_person(title: str, mention: _Mention, grammar: Grammar) -> bool:
    """Whether the lead writes the title as names of persons are written."""
    if grammar.plural_callings.search(title):
        return True
    if not mention.determiner:
        return mention.capital or not grammar.small_nouns
    return grammar.small_nouns and mention.capital and " " in title and not mention.many


def _is_calling(said: list[str], grammar: Grammar, *, only_noun: bool) -> bool:
    """Whether what is said of a page's subject is a person's calling: its noun or one after it."""
    noun = said[0].casefold()
    if _is_among(noun, (grammar.not_callings, grammar.works), grammar):
        return False
    if _is_among(noun, (grammar.callings, grammar.strong_callings), grammar):
        return True
    if only_noun:
        return False
    for text in said[1:_HEAD_WORDS]:
        word = text.casefold()
        if not grammar.small_nouns:
            if text[0].islower():
                continue
            if _is_among(word, (grammar.not_callings, grammar.works, grammar.names), grammar):
                return False
        adjective = _is_among(word, (grammar.calling_adjectives,), grammar)
        if not adjective and _is_among(word, (grammar.strong_callings,), grammar):
            return True
    return False


def _is_among(word: str, patterns: tuple[re.Pattern[str], ...], grammar: Grammar) -> bool:
    """Whether a noun, or what may be its singular, is one of these."""
    forms = dict.fromkeys((word, word.removesuffix("s"), grammar.endings.sub("", word)))
    return any(pattern.fullmatch(form) for form in forms for pattern in patterns)


def _are_performers(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the lead calls its subject a band, a duo or the like."""
    named = lead.mention is not None and lead.mention.capital
    return named and grammar.groups.search(" ".join(lead.said)) is not None


def _is_plural(lead: _Lead, grammar: Grammar, *, person: bool) -> bool:
    """Whether the page's subject takes a plural verb."""
    mention = lead.mention
    by_form = not person and grammar.plural_title.fullmatch(lead.title) is not None
    verb = _verb_of(lead, grammar)
    many = bool(verb and verb.group() in grammar.plural_verbs)
    # The determiner tells most surely, as it agrees with the noun; then the verb, but only where
    # the title is its subject; at last the title's form.
    if mention is None:
        return by_form or (many and (lead.in_parenthesis or _is_taxon(lead, grammar)))
    if mention.determiner:
        plural = grammar.determiners[mention.determiner].plural
        undecided = by_form if verb is None else many
        return undecided if plural is None else plural
    if not person and " " not in lead.title and len(_bare(lead.written)) < len(_bare(lead.title)):
        return True  # "Alge" for the title "Algen"
    if mention.term:
        return by_form and (many or _is_plural_elsewhere(lead, grammar))
    if not mention.opens:
        return by_form and (many or not mention.capital)
    if verb is None:
        return by_form
    joined = grammar.joins.search(lead.opening[mention.end : verb.start()])
    return many and (not joined or by_form or _is_taxon(lead, grammar))


def _is_taxon(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the title is the Latin name of a group of living things."""
    rank = bool(lead.said) and _is_among(lead.said[0].casefold(), (grammar.taxa,), grammar)
    return bool(_TAXON.match(lead.title) or (rank and " " not in lead.title))


def _is_plural_elsewhere(lead: _Lead, grammar: Grammar) -> bool:
    """Whether a sentence that speaks of the title as a word uses it in the plural, too."""
    mentions = _mentions(lead.opening, lead.title, grammar)
    return any(mention.many for mention in mentions)


# --- the title as a sentence names it -------------------------------------------------------------


def _phrase(lead: _Lead, grammar: Grammar, *, person: bool, plural: bool) -> str:
    """The title with its article and case, as inside a sentence."""
    # The best evidence is an article that the lead itself has before the title. Where it has none,
    # the title is a name and stays bare, or a common noun, whose article its gender decides.
    mention = lead.mention
    if person and not (mention and mention.determiner):
        return lead.title
    if lead.in_parenthesis and _ONE_NAME.match(lead.title):
        return _with(grammar.definite_plural[""] if plural else "", lead.title, grammar)
    if mention and _has_article(mention, grammar):
        if grammar.determiners[mention.determiner].foreign:
            return f"{mention.determiner.capitalize()} {lead.title}"
        return _behind(mention.determiner, lead.written + _rest(lead.title, mention.words))
    if contracted := _contracted(mention, grammar):
        return grammar.join(contracted, lead.title)
    if later := _later_mention(lead, grammar, plural=plural):
        return later
    if _is_name(lead, grammar):
        return _with(grammar.definite_plural[""] if plural else "", lead.title, grammar)
    return _common_noun(lead, grammar, plural=plural)


def _with(article: str, noun: str, grammar: Grammar) -> str:
    """A noun after an article that is chosen here; "" for none."""
    return grammar.join(article, noun) if article else noun


def _behind(determiner: str, noun: str) -> str:
    """A noun after the article that the lead itself has before it."""
    return f"{determiner}{noun}" if determiner.endswith("'") else f"{determiner} {noun}"


def _rest(title: str, words: int) -> str:
    """The title after its first words."""
    ends = [word.end() for word in _WORD.finditer(title)]
    return title[ends[words - 1] :]


def _has_article(mention: _Mention, grammar: Grammar) -> bool:
    """Whether the title follows an article in the nominative."""
    determiner = grammar.determiners.get(mention.determiner)
    if not determiner or not determiner.article or mention.in_longer_name:
        return False
    return mention.opens or not determiner.oblique


def _contracted(mention: _Mention | None, grammar: Grammar) -> str:
    """The article of a name that is part of a contraction: "le" in "la république du Daghestan"."""
    if not mention or not mention.determiner or not mention.capital or mention.in_longer_name:
        return ""
    return grammar.determiners[mention.determiner].stands_for


def _later_mention(lead: _Lead, grammar: Grammar, *, plural: bool) -> str:
    """The title as the rest of the lead writes it after an article, where that tells a common noun
    from a name; "" where it does not.
    """
    if not grammar.small_nouns:
        return ""
    text = lead.text[:_LONGEST_LEAD]
    for mention in _mentions(text, lead.title, grammar):
        written = text[mention.start : mention.end]
        if not _has_article(mention, grammar) or mention.many is not plural:
            continue
        if written[0].islower() or (_ACRONYM.match(written[1:]) and written == lead.title):
            return _behind(mention.determiner, written)
    return ""


def _is_name(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the title, which no article precedes, is a name."""
    # What the lead says that it is tells most: a work, a town, a firm has a name. German writes all
    # nouns with a capital, so there only the verb tells places from things ("liegt").
    nouns = [noun.casefold() for noun in lead.said]
    first = _WORD.match(lead.title)
    if any(grammar.works.fullmatch(noun) for noun in nouns[:2]):
        return True
    if not first or not first.group()[0].isupper():
        return True
    if first.group().casefold() in grammar.definite.values():
        return True
    generic = _is_generic(lead, grammar)
    reach = _HEAD_NOUNS if grammar.small_nouns else _HEAD_WORDS
    if not generic and any(grammar.names.fullmatch(noun) for noun in nouns[:reach]):
        return True
    if not grammar.small_nouns:
        verb = _verb_of(lead, grammar)
        return bool(verb and verb.group() in grammar.place_verbs)
    if _TAXON.match(lead.title):
        return True
    if nouns and grammar.taxa.fullmatch(nouns[0]):
        return _is_latin(lead)
    if generic or grammar.kinds.match(" ".join(nouns)) or grammar.abstract.search(lead.title):
        return False
    return _looks_like_a_name(lead, grammar)


def _is_generic(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the title begins with a common noun, as rivers and wars do, and the lead does not
    begin with it bare, as with "Mar del Plata".
    """
    bare = lead.mention is not None and lead.mention.opens
    return not bare and grammar.generic.match(lead.title.casefold()) is not None


def _is_latin(lead: _Lead) -> bool:
    """Whether the title of a page about a species or a group is its Latin name."""
    if _BINOMIAL.match(lead.title):
        return True
    return lead.mention is not None and lead.mention.opens and " " not in lead.title


def _looks_like_a_name(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the title's letters and place in the lead are those of a name."""
    second = re.search(r"\s(\w+)", lead.title)
    if second and second[1].islower() and len(second[1]) > _SHORTEST_STEM:
        return False  # an adjective in small letters
    if lead.mention is None:
        return _opener(lead, grammar) is None
    return lead.mention.capital and not lead.mention.term


# --- articles of common nouns ---------------------------------------------------------------------


class _Opener(NamedTuple):
    """The article with which the lead begins, and the common noun after it: another word for the
    title.
    """

    article: Determiner
    noun: str


def _opener(lead: _Lead, grammar: Grammar) -> _Opener | None:
    words = list(_WORD.finditer(lead.opening[:100]))
    if len(words) < 2 or not (words[1].group().islower() or not grammar.small_nouns):
        return None
    elided = lead.opening[words[0].end() : words[1].start()] in ("'", "’")
    article = grammar.determiners.get(words[0].group().casefold() + ("'" if elided else ""))
    if not article or not article.article:
        return None
    if lead.mention:
        between = lead.opening[words[1].end() : max(words[1].end(), lead.mention.start)]
        if lead.mention.term or not ("," in between or grammar.joins.search(between)):
            return None
    return _Opener(article, words[1].group())


def _common_noun(lead: _Lead, grammar: Grammar, *, plural: bool) -> str:
    """A common noun with the article that its gender takes."""
    # Romance languages ask for a kind with the definite article ("la fotosíntesis"), German with
    # the indefinite one where the noun is counted ("ein Ingenieur") and with none where it is not.
    opener = _opener(lead, grammar)
    gender = _gender(lead, opener, grammar)
    noun = _cased(lead, grammar)
    if plural:
        definite = not grammar.bare_nouns or bool(opener and opener.article.definite)
        article = grammar.definite_plural[gender] if definite else ""
        return _with(article, _plural_form(noun, lead, grammar), grammar)
    if not opener and not grammar.bare_nouns:
        return _with(grammar.definite[gender], noun, grammar)
    if grammar.inflect and (inflected := grammar.inflect(noun)):
        return _with(*inflected, grammar)
    if (opener and not opener.article.definite) or _is_counted(lead, grammar):
        return _with(grammar.indefinite[gender], noun, grammar)
    return _with(grammar.definite[gender] if opener else "", noun, grammar)


def _cased(lead: _Lead, grammar: Grammar) -> str:
    """The title in the case that a common noun has inside a sentence."""
    title, mention = lead.title, lead.mention
    if mention and not mention.capital and len(lead.written) == len(title):
        return lead.written
    small = grammar.small_nouns and not _ACRONYM.match(title[1:])
    adjective = " " in title and grammar.inflect is not None and grammar.inflect(title) is not None
    shown = mention is not None and mention.capital and not mention.opens
    if small or (mention and not mention.capital) or (adjective and not shown):
        return title[0].lower() + title[1:]
    return title


def _plural_form(noun: str, lead: _Lead, grammar: Grammar) -> str:
    """The plural of a title: itself, or as the lead writes it."""
    written = lead.written
    if grammar.plural_title.fullmatch(noun) or len(written) <= len(noun):
        return noun
    return written[0].lower() + written[1:] if grammar.small_nouns else written


def _determiners_of(lead: _Lead, grammar: Grammar) -> list[Determiner]:
    """The words before the title in the lead."""
    mentions = _mentions(lead.text[:_LONGEST_LEAD], lead.title, grammar)
    return [grammar.determiners[m.determiner] for m in mentions if m.determiner]


def _gender(lead: _Lead, opener: _Opener | None, grammar: Grammar) -> str:
    """The gender of the title's noun: what the lead's own determiners leave, else that of the noun
    with which the lead begins where the two are akin, else by its ending.
    """
    noun = grammar.head_noun(lead.title).casefold()
    possible = set(grammar.definite) - {""}
    for determiner in _determiners_of(lead, grammar):
        if possible & set(determiner.gender) and not determiner.plural:
            possible &= set(determiner.gender)
    guesses = [gender for ending, gender in grammar.genders if ending.search(noun)]
    if opener:
        akin = opener.noun.casefold().endswith(noun) or _ACRONYM.match(lead.title[1:])
        if akin or len(guesses) < _SURE_GUESSES:
            guesses.insert(0, opener.article.gender[:1])
    return next((gender for gender in guesses if gender in possible), "")


def _is_counted(lead: _Lead, grammar: Grammar) -> bool:
    """Whether the title is a thing of which there are several."""
    if any(not determiner.definite for determiner in _determiners_of(lead, grammar)):
        return True
    if grammar.counted.search(" ".join(lead.said[:_HEAD_WORDS])):
        return True
    text = lead.text[:_LONGEST_LEAD]
    plurals = {f"{lead.title}{ending}".casefold() for ending in grammar.plural_endings}
    mentions = _mentions(text, lead.title, grammar)
    if any(text[m.start : m.end].casefold() in plurals for m in mentions):
        return True
    return lead.mention is not None and lead.mention.term and _is_called_one(lead, grammar)


def _is_called_one(lead: _Lead, grammar: Grammar) -> bool:
    """Whether a sentence that defines the title as its object says "one": "Als Yeti bezeichnet man
    ein Fabelwesen".
    """
    start = lead.mention.end if lead.mention else 0
    for word in _WORD.finditer(lead.opening, start):
        if determiner := grammar.determiners.get(word.group()):
            return not determiner.definite
    return False
