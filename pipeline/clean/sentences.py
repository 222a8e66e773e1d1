"""Where a sentence ends, as a reader would say: after "U.S." only when a new sentence starts, never
after "Dr." or an initial.
"""

import re
from dataclasses import dataclass

# A possible end: the mark (or marks), what may close after it, then space.
# Possessive, and only from the first mark of a run on: a long run of marks is read once.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)")
_OPENING = "\"'“‘«([¿¡"
_CLOSING = "\"'”’»)]"
_LONGEST_WORD = 60  # characters that are looked at before a mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """What a language writes with a full stop inside a sentence; all in small letters, without the
    last full stop.
    """

    never_last: frozenset[str]
    """A name, a number or a thing must follow these: they never end a sentence."""
    sometimes_last: frozenset[str]
    """These end a sentence only where what follows looks like the start of another."""
    starters: frozenset[str]
    """Words that seldom have a capital inside a name: after an abbreviation they start a
    sentence.
    """
    after_initials: frozenset[str] = frozenset()
    """Starters that are also within names: "Ursula K. Le Guin"."""
    ordinals: bool = False
    """Whether a full stop after a number makes it an ordinal: "am 3. Mai", "Wilhelm II."."""


ENGLISH = Abbreviations(
    never_last=frozenset(
        str.split(
            """mr mrs ms mx dr prof rev revd hon messrs mme mlle fr sr. sra br st ste mt ft gen lt
            col capt cmdr cdr adm maj sgt cpl pvt gov sen rep pres supt insp amb pfc brig vs nos vol
            vols pp fig figs ch chap sec eds eqs refs op cf ca viz approx aka e.g i.e al-. hrh msgr
            ven ald flt sqn lieut sp var subsp ssp cv née dept feb aug sept dec nov oct jan tue tues
            thu thur thurs wed lit trans tr esp incl excl ed bros. spp cllr wm chas geo jas thos jos
            sta hr. bp abp moh cor brgy"""
        )
    ),
    sometimes_last=frozenset(
        str.split(
            """jr sr inc ltd co corp bros etc esq ph.d m.d b.a m.a b.sc m.sc ll.b ll.d d.phil llc
            plc ave blvd rd sq cie s.a a.m p.m u.s u.k u.n e.u d.c b.c a.d b.c.e c.e u.s.a u.s.s.r
            al no c b d v p r f fl mar apr jun jul sep est art cap hon mi km cm mm kg lb lbs oz hr
            hrs min mins in. dist univ assn assoc var. gp pt nr rev. gov't govt n.v b.v a.g s.p.a
            k.k s.r.l pty pvt ret dec. mfg intl natl comm maj. col. sat sun mon fri av avda"""
        )
    ),
    starters=frozenset(
        str.split(
            """the this that these those it its he she they his her their there here in on at as
            after before since during from when while with by for if although though however but and
            an one two three four some many most all each both every several other others another
            such we you who what which where early later today currently originally initially
            according between until under over through despite due because following among along
            within also then born founded located known formerly historically now additionally
            furthermore moreover eventually subsequently meanwhile since about around like unlike
            once only not no upon prior"""
        )
    ),
    after_initials=frozenset(("a", "an", "in", "on", "and", "for", "no", "now")),
)
_DOTTED = re.compile(r"(?:[A-Za-z]{1,3}\.)+[A-Za-z]{0,3}")  # e.g, Ph.D, Sd.Kfz
_CLUB = re.compile(r"(?:FC|SC|SV|FSV|FFC|TSV|HFC|BFC|FK|SK|SSV|VfL|VfB|KFC|Bundesliga|Liga)\b")
_ORDINAL = re.compile(r"\d{1,2}|[IVX]{1,5}")
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]*$")
_OPENED_QUOTE = re.compile(r"(?:^|(?<=[\s(\[—–-]))\"(?=\S)")
_CLOSED_QUOTE = re.compile(r"(?<=\S)\"(?=[\s.,;:!?)\]—–'’-]|$)")
_INITIALS = re.compile(r"(?:[A-Z]|[A-Z][a-z])(?:[.-](?:[A-Z][a-z]?))*")


def split_sentences(text: str, abbreviations: Abbreviations = ENGLISH) -> list[str]:
    """The sentences of a paragraph, in order, each with its closing mark; joined by spaces they
    give the text again.
    """
    # Every mark that may end a sentence is judged by what comes before it (an abbreviation, an
    # initial, a number?) and after it (a capital, a word that starts sentences?). Marks within
    # parentheses end nothing. `read` is how far parentheses have been counted.
    sentences = list[str]()
    start = 0
    depth = 0
    read = 0
    for end in _END.finditer(text):
        depth = _depth(text, read, end.end(), depth)
        read = end.end()
        if depth or not _ends(text, start, end, abbreviations):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def ends_as_sentence(text: str) -> bool:
    """Whether a text ends with a sentence's mark, which quotation marks or brackets may follow."""
    return _SENTENCE_END.search(text) is not None


def quotes_pair_up(text: str) -> bool:
    """Whether as many straight quotation marks open as close, by the blanks and signs around them.

    An even number of marks alone may still be a quotation that is cut, with another one within.
    """
    return len(_OPENED_QUOTE.findall(text)) == len(_CLOSED_QUOTE.findall(text))


def first_sentences(
    text: str,
    sentences: int | None = None,
    chars: int | None = None,
    abbreviations: Abbreviations = ENGLISH,
) -> str:
    """The beginning of a paragraph, cut at a sentence's end: at most this many sentences and
    characters, but at least one sentence.
    """
    taken: list[str] = []
    length = 0
    for sentence in split_sentences(text, abbreviations):
        enough = sentences is not None and len(taken) >= sentences
        too_long = chars is not None and length + len(sentence) > chars
        if taken and (enough or too_long):
            break
        taken.append(sentence)
        length += len(sentence) + 1
    return " ".join(taken)


def _depth(text: str, start: int, end: int, depth: int) -> int:
    """How many parentheses are open at `end`: a full stop inside one ends nothing. One left open
    for long counts for none.
    """
    for mark in re.finditer(r"[()]", text[start:end]):
        depth = depth + 1 if mark.group() == "(" else max(0, depth - 1)
    closed = text.find(")", end, end + 600) >= 0
    return depth if closed else 0


def _ends(text: str, start: int, end: re.Match[str], abbreviations: Abbreviations) -> bool:
    """Whether a sentence ends at this mark."""
    # Four hundred characters are enough to see a parenthesis closed, and bound the work.
    after = text[end.end() : end.end() + 400].lstrip()
    if not after:
        return False  # the rest is taken whole
    opening = after.lstrip(_OPENING)
    first = opening[:1]
    if after[0] == "(":
        return _is_a_sentence(after)
    # A small letter continues the sentence; so does a mark, but for those before a figure.
    if first.islower() or not first.isalnum():
        return (
            first in "$£€#" and bool(first) and _full_stop_ends(text, start, end, "", abbreviations)
        )
    word = re.match(r"[\w’'-]*", opening)
    following = word.group() if word else ""
    if end.group()[0] in "!?":
        return _exclamation_ends(text, start, end, following, abbreviations)
    if end.group()[0] == "…" or end.group().startswith(".."):
        return first.isupper()
    return _full_stop_ends(text, start, end, following, abbreviations)


def _is_a_sentence(parenthesis: str) -> bool:
    """Whether a parenthesis that follows a full stop holds whole sentences, and so belongs to no
    sentence before it.
    """
    closed = parenthesis.find(")")
    return closed > 0 and parenthesis[1:2].isupper() and parenthesis[closed - 1] in ".!?"


def _exclamation_ends(
    text: str, start: int, end: re.Match[str], following: str, abbreviations: Abbreviations
) -> bool:
    """ "Yahoo! Inc.", "Jeopardy! Teachers": a mark inside a name ends nothing; a question or a cry
    does.
    """
    before = text[max(start, end.start() - _LONGEST_WORD) : end.start()]
    capitalised = re.search(r"(?:^|[\s\"“(])[A-Z][\w'’-]*$", before) is not None
    if capitalised and len(end.group()) == 1:
        return following.lower() in abbreviations.starters and len(before.split()) > 3
    return following[:1].isupper() or following[:1].isdigit()


def _full_stop_ends(
    text: str,
    start: int,
    end: re.Match[str],
    following: str,
    abbreviations: Abbreviations,
) -> bool:
    last = re.search(
        r"[^\s(\[\"“‘«/–—-]*$", text[max(start, end.start() - _LONGEST_WORD) : end.start()]
    )
    token = last.group().strip(_OPENING + _CLOSING) if last else ""
    folded = token.lower()
    starts = following.lower() in abbreviations.starters and following[:1].isupper()
    # In the order in which the evidence is sure: a closed parenthesis, what never ends a sentence
    # ("Dr."), what sometimes does ("Inc."), numbers, initials, other dotted words.
    if any(mark in ")]" for mark in end.group()):
        return True
    if len(end.group()) > 1 and "." not in token:
        return folded not in abbreviations.never_last
    if folded in abbreviations.never_last:
        return False
    if folded in abbreviations.sometimes_last:
        return starts
    if _CLUB.match(following) and re.fullmatch(r"\d{1,2}", token):
        return False
    if abbreviations.ordinals and _ORDINAL.fullmatch(token):
        return starts
    if token and _INITIALS.fullmatch(token) and (len(token) == 1 or "." in token):
        return starts and (
            len(token) > 1
            or _not_initial(
                text[max(start, end.start() - _LONGEST_WORD) : end.start()],
                following,
                abbreviations,
            )
        )
    return not _DOTTED.fullmatch(token) or starts


def _not_initial(before: str, following: str, abbreviations: Abbreviations) -> bool:
    """A lone capital after a small word or a number ("vitamin C.", "Serie A.") ends a sentence;
    after a name it is an initial.
    """
    words = before.split()
    if following.lower() in abbreviations.after_initials and len(words) < 3:
        return False
    return len(words) >= 2
