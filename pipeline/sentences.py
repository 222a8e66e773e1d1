"""Where a sentence ends, as a reader would say: after "U.S." only when a new sentence starts, never after "Dr." or an initial."""

import re

# A possible end: the mark (or marks), what may close after it, then space.
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENING = "\"'“‘«([¿¡"

# Never the end of a sentence: a name, a number or a thing must follow.
_TITLES = frozenset(
    str.split("""mr mrs ms mx dr prof rev revd hon messrs mme mlle fr sr sra br st ste mt ft gen lt col capt cmdr cdr comm adm maj sgt cpl pvt gov sen
    rep pres supt insp amb pfc spc brig vs v no nos vol vols pp p fig figs ch chap sec art ed eds tr trans eq eqs ref refs op cf ca c
    b d r fl circa e.g i.e viz approx est lit aka a.k.a al cap bd hr hrh msgr ven ald cllr flt sqn wg gp lieut mgr pt nr sp var subsp
    f ssp cv née dept univ assn bros jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun""")
)
# May end a sentence: only if what follows looks like the start of a new one.
_MAYBE = frozenset(str.split("""jr sr inc ltd co corp bros etc esq ph.d m.d b.a m.a llc plc ave blvd rd sq cie s.a a.m p.m u.s u.k u.n e.u d.c b.c a.d b.c.e c.e bc ad"""))
# Words that seldom stand capitalised inside a name: after an abbreviation they start a sentence.
_STARTERS = frozenset(
    str.split("""the this that these those it its he she they his her their there here in on at as after before since during from when while with by
    for if although though however but and an a one two three some many most all each both every several other others another such we
    you who what which where early later today currently originally initially according between until under over through despite due
    because following among along within also then born born, founded located known""")
)
_MARK_IN_NAME = re.compile(r"[!?]+[\"'”’»]*$")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, in order, each with its closing mark; joined by spaces they give the text again."""
    sentences, start, depth, read = [], 0, 0, 0
    for end in _END.finditer(text):
        depth = _depth(text, read, end.end(), depth)
        read = end.end()
        after = text[end.end() :].lstrip() if end.end() + 200 > len(text) else text[end.end() : end.end() + 200].lstrip()
        if not after or depth > 0 or not _ends(text[max(start, end.start() - 60) : end.start()], end.group(), after):
            continue
        sentences.append(text[start : end.end()].strip())
        start, depth = end.end(), 0
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def first_sentences(text: str, sentences: int | None = None, chars: int | None = None) -> str:
    """The beginning of a paragraph, cut at a sentence's end: at most so many sentences and characters, but at least one sentence."""
    taken: list[str] = []
    length = 0
    for sentence in split_sentences(text):
        full = sentences is not None and len(taken) >= sentences
        long = chars is not None and length + len(sentence) > chars
        if taken and (full or long):
            break
        taken.append(sentence)
        length += len(sentence) + 1
    return " ".join(taken)


def _depth(text: str, start: int, end: int, depth: int) -> int:
    """How many parentheses are open at `end`: a full stop inside one ends nothing. A stray closing one counts for none."""
    for mark in re.findall(r"[()]", text[start:end]):
        depth = depth + 1 if mark == "(" else max(0, depth - 1)
    return depth if depth < 3 else 0


def _ends(before: str, mark: str, after: str) -> bool:
    """Whether a sentence ends between `before` + `mark` and `after`."""
    opened = after[0] in _OPENING
    first = after.lstrip(_OPENING)[:1]
    word = re.match(r"[\w'’-]*", after.lstrip(_OPENING)).group()  # type: ignore[union-attr]
    if not first or first.islower() or first in ",;:)–—-&%":
        return False
    if mark.startswith(("…", "..")):
        return first.isupper()
    if mark[0] in "!?":
        return first.isupper() or first.isdigit()
    return _full_stop_ends(before, mark, word, opened)


def _full_stop_ends(before: str, mark: str, word: str, opened: bool) -> bool:
    last = re.search(r"(?:\b|(?<=\W))([\w.'’&-]*)$", before)
    token = last.group(1).lstrip(".") if last else ""
    closed = len(mark) > 1
    folded = token.lower().rstrip(".")
    starts = word.lower() in _STARTERS and word[:1].isupper()
    if (closed and ")" in mark) or not token:
        return True
    if re.fullmatch(r"[A-Z]|[A-Z][a-z]?(?:[.-][A-Z][a-z]?)*", token) and len(folded.replace(".", "").replace("-", "")) <= 2 * (token.count(".") + token.count("-") + 1):
        if len(token) == 1 or "." in token or "-" in token:
            return starts and token not in ("A",) and ("." in token or _not_initial(before))
    if folded in _MAYBE:
        return starts or opened
    if folded in _TITLES:
        return (folded in ("no", "c", "b", "d", "v", "p", "f", "mar", "art", "sun", "sat", "est", "cap", "ed", "col") and starts) and not closed
    return True


def _not_initial(before: str) -> bool:
    """A lone capital after a small word ("vitamin C", "World War I") can end a sentence; after a name or nothing it is an initial."""
    words = before.split()
    return len(words) >= 2 and words[-2][:1].islower()
