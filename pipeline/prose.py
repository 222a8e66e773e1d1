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
    r"""\s?\[\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[a-z]|±|(?:note|nb|n|fn|lower-alpha)\s?\d+|edit|update|dubious|vague|disputed|specify|clarify|sic\?
    |(?:(?:[a-z]+\s)?(?:citation|verification|clarification|page|quote|source|attribution)s?\sneeded|when\?|who\?|where\?|which\?|why\?|how\?|by\swhom\?
    |according\sto\swhom\?|failed\sverification|unreliable\ssource|original\sresearch|better\ssource)[^\[\]]{0,60})\s*\]""",
    re.VERBOSE,
)
_SPACES: dict[int, str | None] = {ord(c): " " for c in "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\f\v\u2028\u2029\x85"}
_SPACES |= {ord(c): None for c in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2066\u2067\u2068\u2069\ufeff\u00ad"}
_SCRIPT = (
    "\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u0530-\u058f\u0590-\u05ff\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u0780-\u07bf\u0900-\u109f\u10a0-\u10ff"
    "\u1100-\u11ff\u1200-\u139f\u1780-\u17ff\u1800-\u18af\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff"
)
_OTHER_SCRIPT = re.compile(rf"[{_SCRIPT}]{{2,}}(?:[\s·・،、/-]*[{_SCRIPT}]+)*|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

_LANGUAGE = re.compile(
    r"""\b(?:[A-Z][a-zé]+(?:ese|ish|ian|ean|aeic|maic)|German|French|Greek|Latin|Dutch|Arabic|Hebrew|Hindi|Urdu|Thai|Welsh|Irish|Gaelic|Gàidhlig|Scots|Czech|Slovak|Slovene
    |Catalan|Basque|Korean|Kanji|Hanja|Hangul|Hiragana|Katakana|Kana|Pinyin|pinyin|Hepburn|Jyutping|Tongyong|Gwoyeu|Wade|Yiddish|Icelandic|Faroese|Tamil|Telugu
    |Bengali|Bangla|Punjabi|Farsi|Pashto|Dari|Malay|Tagalog|Filipino|Cebuano|Ilocano|Hiligaynon|Afrikaans|Swahili|Zulu|Xhosa|Tibetan|Wylie|Khmer|Lao|Sanskrit|Pali|Marathi
    |Gujarati|Kannada|Malayalam|Odia|Oriya|Sinhala|Nepali|Newar|Konkani|Sindhi|Kashmiri|Ge'ez|Geʽez|Amharic|Tigrinya|Somali|Oromo|Hausa|Yoruba|Igbo|Maori|Māori|Hawaiian|Samoan
    |Tongan|Navajo|Cherokee|Quechua|Aymara|Nahuatl|Guarani|Inuktitut|Esperanto|Kurdish|Turkish|Kazakh|Kyrgyz|Uzbek|Tajik|Tatar|Chechen|Uyghur|Uighur|Zhuang|Mandarin|Cantonese
    |Hokkien|Hakka|Min|Teochew|Occitan|Breton|Sorbian|Frisian|Romansh|Romani|Manx|Cyrillic|Cornish|Norse|Nynorsk|Bokmål|Syriac|Aramaic|Coptic|Javanese|Balinese|Sundanese
    |ALA-LC|BGN/PCGN|IAST|ISO|RR|MR|RTGS|IPA|romani[sz]ed|romanization|translit(?:eration|erated)?|native|language)(?![\w-])""",
    re.VERBOSE,
)
_LABEL = re.compile(r"^\s*((?:[^\W\d][\w'’ʼʽ–/()-]*\.?\s+){0,4}[^\W\d][\w'’ʼʽ–/()-]*\.?)\s*:(?!//)")
_CONNECTIVE = re.compile(
    r"""\b(?:or|and|also|in|from|pronounced|pronunciation|pronounce|pron|locally|native|commonly|listen|help|info|audio|IPA|US|UK|RP|AmE|BrE|tr|trans|transl|translit|transliterated
    |transliteration|romani[sz]ed|romanization|lit|literally|abbreviated|plural|singular|for\ short|sometimes|usually|often|originally|formerly|spelled|written|as|both|either|the)\b\.?""",
    re.IGNORECASE | re.VERBOSE,
)
_GLOSS = re.compile(r"""^\s*(?:lit(?:erally|\.)?|meaning|transl(?:ated|ation)?\.?(?: as)?|i\.e\.,?)\s*["'“‘]""")
_TRANSLITERATION = re.compile(r"^\s*(?:translit|transl|tr|rom)\b\.?|^(?=[^\d]*[āēīōūăĕĭŏŭḥṣṭḍẓġčšžňřěďťľĺŕůĳışğİạảấầậằặếềệốồộớờợứừựǎǐǒǔǚṇṛṃṅśáàâäèéêëíìîïóòôöúùûüýÿñç])[^\d]*$")
_LONE_WORDS = re.compile(r"^\s*(?:listen|help|info|audio|pronunciation|help·info|IPA)?\s*$", re.IGNORECASE)
_RESPELLING = re.compile(r"\b[A-Z]{2,}(?:-[A-Z]{2,})*(?:-[a-zə]{1,7})+(?:-[A-Za-zə]{1,7})*\b|\b[a-zə]{1,7}(?:-[a-zə]{1,7})*-[A-Z]{2,}(?:-[A-Za-zə]{1,7})*\b")
_MODIFIER = re.compile(
    r"\b(?:also|or|and|in|simplified|traditional|standard|old|modern|middle|ancient|classical|literary|new|high|low|upper|lower|northern|southern|eastern|western"
    r"|pronunciation|script|name|native|local(?:ly)?|both|swiss|crimean|ottoman|haitian|american|canadian|brazilian|mexican|alternative|romanization|transliteration)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(rf"(?:\b[A-Z]?\w+\s+)?\b(?:[Pp]ronunciation|[Pp]ronounced|IPA)\s*:?\s*{HOLE}|\b[A-Z][\w ]{{1,20}}:\s*{HOLE}")
_WEIGHTY = re.compile(rf"[:{HOLE}{FOREIGN}{_SCRIPT}]|{_RESPELLING.pattern}|\blisten\b")
_CROSS_REFERENCE = re.compile(r"\s*see(?: also)?:? (?:\d{4} in |below|above|map|table|list|section|right|left|next|picture|image|figure|gallery|note|article)\b")
_FOREIGN_SPAN = re.compile(f"{FOREIGN}[^{FOREIGN}{NATIVE}]*{NATIVE}")


def plain(text: str) -> str:
    """Text as it comes from a page, without what the eye does not see: odd spaces become spaces, invisible characters go."""
    return _MARKS.sub("", text).translate(_SPACES)


def mend(text: str) -> str:
    """A marked paragraph as a person would have written it: one line, no left-over of what was taken out."""
    text = _REFERENCE.sub("", re.sub(r"\s+", " ", text.translate(_SPACES)))
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
    if _CROSS_REFERENCE.match(aside):
        return ""
    if not _WEIGHTY.search(aside):
        return _trim(aside)
    spans: list[str] = []

    def keep_span(match: re.Match[str]) -> str:
        spans.append(match.group())
        return f"{FOREIGN}{chr(0xE010 + len(spans) - 1)}{NATIVE}" if len(spans) < 200 else ""

    sealed = _OTHER_SCRIPT.sub(keep_span, _FOREIGN_SPAN.sub(keep_span, aside))
    kept, dropped = "", False
    for separator, piece in _pieces(sealed):
        latin = not dropped and _is_latin_name(piece, spans)
        if not latin and (_says_nothing(piece) or (dropped and (_GLOSS.match(piece) or (separator == "," and _TRANSLITERATION.search(piece))))):
            dropped = True
        else:
            dropped = False
            kept += (separator if kept else "") + _without_speech(piece)
    return _trim(re.sub(f"{FOREIGN}([\ue010-\ue0ff]){NATIVE}", lambda m: spans[ord(m.group(1)) - 0xE010], kept))


def _is_latin_name(piece: str, spans: list[str]) -> bool:
    """Whether a piece is a foreign word in Latin letters, with no label: "killing centres (Tötungszentren)" may keep it."""
    sealed = re.fullmatch(f"\\s*{FOREIGN}([\ue010-\ue0ff]){NATIVE}\\s*", piece)
    return sealed is not None and not _OTHER_SCRIPT.search(spans[ord(sealed.group(1)) - 0xE010])


def _pieces(aside: str) -> list[tuple[str, str]]:
    """The aside cut at its commas and semicolons: (mark before, piece)."""
    parts = re.split(r"([;,])", aside)
    return list(zip(["", *parts[1::2]], parts[0::2], strict=True))


def _says_nothing(piece: str) -> bool:
    """Whether a piece of an aside held nothing but a pronunciation, a foreign name and their labels."""
    rest = _RESPELLING.sub(HOLE, piece)
    if label := _LABEL.match(rest):
        named = rest[label.end() :]
        if _is_language(label.group(1)):
            return not re.search(r"\d|\bborn\b", named)
        rest = named if HOLE in named or FOREIGN in named else rest
    if HOLE not in rest and FOREIGN not in rest:
        return bool(_LONE_WORDS.match(rest))
    if re.match(rf"\s*(?:or |and |also )?{FOREIGN}[\ue010-\ue0ff]{NATIVE}\s+(?!\W)[^\d;:]{{1,40}}$", rest) and not re.search(r"\b(?:is|was|for|the|of|in|and|born)\b", rest):
        return True
    rest = re.sub(f"{FOREIGN}.?{NATIVE}|{HOLE}(?:\\s*[A-Z]{{2,}}\\b)?", " ", rest)
    rest = _LANGUAGE.sub(" ", _CONNECTIVE.sub(" ", rest))
    return not re.search(r"\w", rest)


def _is_language(label: str) -> bool:
    """Whether a label names nothing but a language other than English: "simplified Chinese", "Old Norse", "IPA"."""
    rest = _LANGUAGE.sub("", label)
    return rest != label and "English" not in label and not re.search(r"\w", _MODIFIER.sub("", rest))


def _without_speech(piece: str) -> str:
    """A piece that says something, without the pronunciation beside it."""
    if HOLE not in piece:
        return piece
    before, _, after = _SPOKEN.sub(HOLE, piece).partition(HOLE)
    after = after.replace(HOLE, " ")
    return before if before.strip() and len(after.split()) <= 3 and not re.search(r"\d", after) else f"{before} {after}"


def _trim(inside: str) -> str:
    inside = re.sub(r"^(?:[\s;,:.]|[–—-]\s+(?!\d))+|(?:[\s;,:]|\s[–—-])+$", "", inside)
    return inside.strip()


_PRONOUNCED = re.compile(
    rf"\s*,?\s*(?:(?:also|commonly|usually|often)\s+)?(?:pronounced|IPA:?|(?:[A-Z]\w+ )?pronunciation:?)\s*(?:as\s+)?{HOLE}(?:\s*(?:or|and|,)\s*{HOLE})*\s*,?"
)


def _fill_holes(text: str) -> str:
    """The words around what was taken out, closed up."""
    return _PRONOUNCED.sub(" ", text).replace(HOLE, " ") if HOLE in text else text


_SENTENCE_START = "The|This|That|These|Those|It|Its|He|His|She|Her|They|Their|There|In|On|At|As|After|Before|During|Since|From|While|With|And|But|By|For|An?|However|Later|Both"
_JOINED = re.compile(rf"(?<=[a-z]{{2}}[.!?])(?=(?:{_SENTENCE_START})\s)|(?<=[)\]”\"\d][.!?])(?=(?:{_SENTENCE_START})\s)|(?<=[a-z]{{3}},)(?=[a-z]{{3}})")
_MENDINGS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"\s+", " "),
        (r" ?\. \. \.(?: \.)?", "..."),
        (r"([(\[]) ", r"\1"),
        (r" ([)\]])", r"\1"),
        (r"\s?\([\s;,:]*\)", ""),
        (r"(?<=\S) ([,;!?])(?=\s|$)", r"\1"),
        (r"(?<=[\w)\]\"”’%]) ([.:])(?=\s|$)(?! [.])", r"\1"),
        (r",(?:\s*,)+", ","),
        (r",\s*([.;])(?=\s|$)", r"\1"),
        (r"(?<=[^.]\.) \.(?=\s|$)", ""),
        (r", (\((?:born|died|b\.|d\.|c\.|\d{1,2} [A-Z]|[A-Z][a-z]+ \d|\d{4})[^()]*\)),? (?=(?:is|was|are|were)\b)", r" \1 "),
        (r", (\([^()]*\)),", r" \1,"),
        (r", (\(born\b)", r" \1"),
    )
)


def _set_marks(text: str) -> str:
    """Spaces and punctuation as in print."""
    text = _JOINED.sub(" ", text)
    for pattern, by in _MENDINGS:
        text = pattern.sub(by, text)
    return text.strip()
