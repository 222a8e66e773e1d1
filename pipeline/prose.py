"""Mends a paragraph whose pronunciations and foreign names were marked: asides are weighed piece by piece, spaces and marks set right.

The markup's reader leaves three private characters in the text, which no page can contain: HOLE where something was taken out, and FOREIGN … NATIVE
around words of another language.
"""

import re

HOLE, FOREIGN, NATIVE = "\ue000", "\ue001", "\ue002"
_MARKS = re.compile("[\ue000-\ue0ff]")

_IPA = "ˈˌɪʊəɛɔæŋʃʒθðɒʌɑɡʁɐɾɲɣʎʔɨɯøœɜɹɻʋβχħʕʂʐɕʑːʲ"
_PRONUNCIATION = re.compile(
    rf"(?<![\w/])/(?=[^/\n]{{0,80}}[{_IPA}])[^/\n]{{1,80}}/(?!\w)|\[(?=[^\]\n]{{0,80}}[{_IPA}])[^\]\n]{{1,80}}\]|\(?\blisten\s*\)|ⓘ|\(?\bhelp\s*·\s*info\)?"
)
_REFERENCE = re.compile(
    r"\s?\[\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[a-z]|(?:note|nb|n|fn|lower-alpha) ?\d+|(?:[a-z]+ )?(?:citation|verification|clarification|page|quote|source)s? needed|"
    r"when\?|who\?|where\?|which\?|why\?|how\?|by whom\?|according to whom\?|edit|update|dubious|vague|failed verification)[^\]]{0,30}\]"
)
_SPACES: dict[int, str | None] = {ord(c): " " for c in "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\f\v\u2028\u2029\x85"}
_SPACES |= {ord(c): None for c in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2066\u2067\u2068\u2069\ufeff\u00ad"}
_SCRIPT = (
    "\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u0530-\u058f\u0590-\u05ff\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u0780-\u07bf\u0900-\u109f\u10a0-\u10ff"
    "\u1100-\u11ff\u1200-\u139f\u1780-\u17ff\u1800-\u18af\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff"
)
_OTHER_SCRIPT = re.compile(rf"[{_SCRIPT}]{{2,}}(?:[\s·・،、/-]*[{_SCRIPT}]+)*|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

_LANGUAGE = (
    r"(?:(?:[Aa]lso|[Oo]r|[Aa]nd|[Ii]n|[Ff]rom|[Oo]riginally|[Ff]ormerly|[Mm]odern|[Aa]ncient|[Oo]ld|[Mm]iddle|[Cc]lassical|[Ss]implified|[Tt]raditional|[Nn]ew|[Hh]igh|[Ll]ow|[Ss]wiss|[Aa]merican|[Bb]ritish"
    r"|[Bb]razilian|[Aa]ustralian|[Ee]uropean|[Cc]anadian|[Ll]ocal(?:ly)?|[Nn]ative) )*"
    r"(?:[A-Z][a-zʼ'-]+(?:ese|ish|ian|ean|lic|ch|an|ic|in|ek|ai|li|ri|ya|iy|to|da|la|du|bi|ati|hi|se|ki|go|si|pa|mi|ga|wo|ba|ho|lu|sa|na|ua|ut)?|IPA|US|UK|RP|IAST|ISO|GA|RR|MR|pinyin|romani[sz]ed"
    r"|romaji|rōmaji|romanizations?|translit(?:eration|erated)?|lit|tr|IPA|abbreviated)(?: ?[A-Z]?[a-z–/-]+){0,2}"
)
_LABELLED = re.compile(rf"{_LANGUAGE}\.?\s*:\s*(?=[{HOLE}{FOREIGN}]|$|or\b)")
_CONNECTIVE = re.compile(
    r"\b(?:or|and|also|in|from|pronounced|pronunciation|pronounce|pron|locally|native|commonly|listen|help|info|audio|IPA|US|UK|RP|AmE|BrE|tr|trans|transl|translit|transliterated|transliteration"
    r"|romani[sz]ed|romanization|lit|literally|abbreviated|plural|singular|for short|sometimes|usually|often|originally|formerly|spelled|written|as|both|either|the)\b\.?",
    re.IGNORECASE,
)
_LANGUAGE_WORD = re.compile(
    r"\b(?:[A-Z][a-z]+(?:ese|ish|ian|ean)|German|French|Greek|Latin|Dutch|Arabic|Hebrew|Hindi|Urdu|Thai|Welsh|Irish|Gaelic|Scots|Czech|Slovak|Slovene|Croatian|Catalan|Basque|Korean|Kanji|Hanja|Hangul"
    r"|Hiragana|Katakana|Pinyin|pinyin|Hepburn|Jyutping|Yiddish|Icelandic|Tamil|Telugu|Bengali|Punjabi|Persian|Malay|Tagalog|Afrikaans|Tibetan|Wylie|Khmer|Lao|Sanskrit|Marathi|Gujarati|Kannada|Malayalam"
    r"|language|simplified|traditional|Mandarin|Cantonese)\b"
)
_GLOSS = re.compile(r"""^\s*(?:lit(?:erally|\.)?|meaning|transl(?:ated|ation)?\.?(?: as)?|i\.e\.,?|English:)\s*["'“‘]""")
_RESPELLING = re.compile(r"(?:\b[A-Z]{2,}(?:-[A-Za-zə]{1,7})+|\b[a-zə]+-[A-Z]{2,}(?:-[A-Za-zə]+)*)")
_FOREIGN_SPAN = re.compile(f"{FOREIGN}[^{FOREIGN}{NATIVE}]*{NATIVE}")


def plain(text: str) -> str:
    """Text as it comes from a page, without what the eye does not see: odd spaces become spaces, invisible characters go."""
    return _MARKS.sub("", text).translate(_SPACES)


def mend(text: str) -> str:
    """A marked paragraph as a person would have written it: one line, no left-over of what was taken out."""
    text = _REFERENCE.sub("", text.translate(_SPACES))
    text = _PRONUNCIATION.sub(HOLE, text)
    text = _weigh_asides(text)
    text = _fill_holes(text)
    text = text.replace(FOREIGN, "").replace(NATIVE, "")
    return _set_marks(text)


def _weigh_asides(text: str) -> str:
    """Every parenthesis with only those of its pieces that still say something, from the inside out; none left empty."""
    stack: list[list[str]] = [[]]
    for part in re.split(r"([()])", text):
        if part == "(" and len(stack) < 20:
            stack.append([])
        elif part == ")" and len(stack) > 1:
            inside = _weigh("".join(stack.pop()))
            stack[-1].append(f"({inside})" if inside else HOLE if inside is None else "")
        else:
            stack[-1].append(part)
    while len(stack) > 1:
        unclosed = "".join(stack.pop())
        stack[-1].append(f"({unclosed}")
    return "".join(stack[0])


def _weigh(aside: str) -> str | None:
    """What stays of an aside's inside; "" if nothing."""
    if not (HOLE in aside or FOREIGN in aside or _OTHER_SCRIPT.search(aside) or _RESPELLING.search(aside)):
        return _trim(aside)
    spans: list[str] = []

    def keep_span(match: re.Match[str]) -> str:
        spans.append(match.group())
        return f"{FOREIGN}{chr(0xE010 + len(spans) - 1)}{NATIVE}" if len(spans) < 200 else ""

    sealed = _FOREIGN_SPAN.sub(keep_span, aside)
    sealed = _OTHER_SCRIPT.sub(keep_span, sealed)
    kept, dropped = "", False
    for separator, piece in _pieces(sealed):
        if _says_nothing(piece) or (dropped and _GLOSS.match(piece)):
            dropped = True
            continue
        dropped = False
        kept += (separator if kept else "") + piece
    kept = re.sub(f"{FOREIGN}([\ue010-\ue0ff]){NATIVE}", lambda m: spans[ord(m.group(1)) - 0xE010], kept)
    return _trim(kept.replace(HOLE, ""))


def _pieces(aside: str) -> list[tuple[str, str]]:
    parts = re.split(r"([;,])", aside)
    return list(zip(["", *parts[1::2]], parts[0::2], strict=True))


def _says_nothing(piece: str) -> bool:
    """Whether a piece of an aside held nothing but a pronunciation, a foreign name and their labels."""
    rest = _RESPELLING.sub(HOLE, piece)
    if HOLE not in rest and FOREIGN not in rest:
        return not rest.strip()
    rest = _LABELLED.sub(" ", rest)
    rest = re.sub(f"{FOREIGN}.?{NATIVE}|{HOLE}", " ", rest)
    rest = _LANGUAGE_WORD.sub(" ", _CONNECTIVE.sub(" ", rest))
    return not re.search(r"\w", rest)


def _trim(inside: str) -> str:
    return re.sub(r"^[\s;,:.–—-]+(?![\d])|[\s;,:–—]+$", "", inside).strip()


def _fill_holes(text: str) -> str:
    if HOLE not in text:
        return text
    text = re.sub(rf"\s*,?\s*(?:(?:also|commonly|usually)\s+)?(?:pronounced|IPA:?|pronunciation:?)\s*(?:as\s+)?{HOLE}(?:\s*(?:or|,)\s*{HOLE})*\s*,?", " ", text)
    return text.replace(HOLE, " ")


def _set_marks(text: str) -> str:
    """Spaces and punctuation as in print."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"\s+\)", ")", text)
    text = re.sub(r"\s?\(\)", "", text)
    text = re.sub(r"(?<=[^\s]) ([,;!?])(?=[\s]|$)", r"\1", text)
    text = re.sub(r"(?<=[\w)\]\"”’]) \.(?=\s|$)(?!\s\.)", ".", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    text = re.sub(r",\s*([.;])(?=\s|$)", r"\1", text)
    return text.strip()
