"""Parentheses after pronunciations and foreign names were taken out: what one still says stays,
the rest goes, nothing is left broken.

Text is marked with three private characters that no page can contain: REMOVED where something was
taken out, and FOREIGN … FOREIGN_END around words of another language.
"""

import re
import unicodedata
from collections.abc import Iterator

REMOVED, FOREIGN, FOREIGN_END = "\ue000", "\ue001", "\ue002"
# One private character stands for each foreign span while the pieces around it are weighed.
_FIRST_SEAL, _LAST_SEAL = 0xE010, 0xE0FF
_SEALED = f"{chr(_FIRST_SEAL)}-{chr(_LAST_SEAL)}"
_MOST_SPANS = _LAST_SEAL - _FIRST_SEAL + 1
_DEEPEST = 20  # parentheses inside one another

# Letters of other scripts: Greek to Georgian, Hangul, Ethiopic, Khmer, Mongolian, kana, Han,
# presentation forms.
_SCRIPT = (
    "\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u0530-\u058f\u0590-\u05ff\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u0780-\u07bf\u0900-\u109f\u10a0-\u10ff"
    "\u1100-\u11ff\u1200-\u139f\u1780-\u17ff\u1800-\u18af\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff"
)
_OTHER_SCRIPT = re.compile(
    rf"[{_SCRIPT}]{{2,}}(?:[\s·・،、"
    rf"/-]*[{_SCRIPT}]+)*|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
)
_FOREIGN_SPAN = re.compile(f"{FOREIGN}[^{FOREIGN}{FOREIGN_END}]*{FOREIGN_END}")
_SPAN = re.compile(f"{FOREIGN}([{_SEALED}]){FOREIGN_END}")
# "▢ RYNE": the respelling goes with the pronunciation.
_REMOVED_WITH_RESPELLING = re.compile(rf"{REMOVED}(?:\s*[A-Z]{{2,}}\b)?")

# A respelled pronunciation: KEW-kə, ig-ZAM-pəl; at least one syllable in capitals, one in small
# letters.
_RESPELLING = re.compile(
    r"\b[A-Z]{2,9}(?:-[A-Z]{2,9}){0,4}(?:-[a-zə]{1,7}){1,4}(?:-[A-Za-zə]{1,7}){0,4}\b"
    r"|\b[a-zə]{1,7}(?:-[a-zə]{1,7}){0,4}-[A-Z]{2,9}(?:-[A-Za-zə]{1,7}){0,4}\b"
)


def _alternatives(words: str) -> str:
    """A pattern for any of these words, underscores standing for spaces."""
    return "|".join(re.escape(word).replace("_", " ") for word in words.split())


# Most languages end the same; these do not. Romanizations and scripts count among them.
_LANGUAGE_NAMES = _alternatives(
    """German French Greek Latin Dutch Arabic Hebrew Hindi Urdu Thai Welsh Irish Gaelic Gàidhlig
    Scots Czech Slovak Slovene Catalan Basque Korean Kanji Hanja Hangul Hiragana Katakana Kana
    Pinyin pinyin Hepburn Jyutping Tongyong Gwoyeu Wade Yiddish Icelandic Faroese Tamil Telugu
    Bengali Bangla Punjabi Farsi Pashto Dari Malay Tagalog Filipino Cebuano Ilocano Hiligaynon
    Afrikaans Swahili Zulu Xhosa Tibetan Wylie Khmer Lao Sanskrit Pali Marathi Gujarati Kannada
    Malayalam Odia Oriya Sinhala Nepali Newar Konkani Sindhi Kashmiri Ge'ez Geʽez Amharic Tigrinya
    Somali Oromo Hausa Yoruba Igbo Maori Māori Hawaiian Samoan Tongan Navajo Cherokee Quechua Aymara
    Nahuatl Guarani Inuktitut Esperanto Kurdish Kazakh Kyrgyz Uzbek Tajik Tatar Chechen Uyghur
    Uighur Zhuang Mandarin Cantonese Hokkien Hakka Min Teochew Occitan Breton Sorbian Frisian
    Romansh Romani Manx Cyrillic Norse Nynorsk Bokmål Syriac Aramaic Coptic ALA-LC BGN/PCGN IAST ISO
    RR MR RTGS IPA romanized romanised romanization translit transliteration transliterated native
    language Hán Veps Buryat Kalmyk Adyghe Avar Yakut Sakha Komi Udmurt Mari
    Meitei Manchu Ainu Lakota Ojibwe Cree Inuit Auvergnat Gascon Provençal Limousin Languedocien
    Walloon Picard Gallo Arpitan Franco-Provençal Ladin Lombard Ligurian Mirandese Aranese
    Võro Sami Sámi Greenlandic Ripuarian Limburgish"""
)
_LANGUAGE = re.compile(
    rf"\b(?:[A-Z][a-zé]+(?:ese|ish|ian|ean|aeic|maic)|{_LANGUAGE_NAMES})(?![\w-])"
)
_MODIFIER = re.compile(
    r"\b(?:"
    + _alternatives(
        """also or and in simplified traditional standard old modern middle ancient classical
        literary new high low upper lower northern southern eastern western pronunciation script
        name native local locally both swiss crimean ottoman haitian american
        canadian brazilian mexican alternative romanization transliteration chữ"""
    )
    + r")\b",
    re.IGNORECASE,
)
# Words around a name that say nothing without it.
_CONNECTIVE = re.compile(
    r"\b(?:"
    + _alternatives(
        """or and also in from pronounced pronunciation pronounce pron locally native commonly
        listen help info audio IPA US UK RP AmE BrE tr trans transl translit transliterated
        transliteration romanized romanised romanization lit literally abbreviated plural singular
        for_short sometimes usually often originally formerly spelled written as both either the"""
    )
    + r")\b\.?",
    re.IGNORECASE,
)
_WORD = r"[^\W\d][\w'’ʼʽ–/()-]*\.?"
_LABEL = re.compile(rf"\s*({_WORD}(?:\s+{_WORD}){{0,4}})\s*:(?!//)")
_GLOSS = re.compile(
    r"""\s*(?:lit(?:erally|\.)?|meaning|transl(?:ated|ation)?\.?(?: as)?|i\.e\.,?)\s*["'“‘]"""
)
_DIACRITIC = (
    "āēīōūăĕĭŏŭḥṣṭḍẓġčšžňřěďťľĺŕůĳışğİạảấầậằặếềệốồộớờợứừựǎǐǒǔǚṇṛṃṅśáàâäèéêëíìîïóòôöúùûüýÿñç"
)
_TRANSLITERATION = re.compile(
    rf"\s*(?:translit|transl|tr|rom)\b\.?|(?=[^\d]*[{_DIACRITIC}])[^\d]*$"
)
# A foreign name and behind it how it is read: "北京 Beijing".
_READ_OUT = re.compile(rf"\s*(?:or |and |also )?{_SPAN.pattern}\s+(?=[\w(–-])[^\d;:]{{1,40}}$")
# A name in Latin letters after the same name in its own script: "影, Kage".
_ROMANIZED = re.compile(
    r"\s*(?:[A-Z][^\W\dA-Z]+(?:[ '’ʼ-][A-Z]?[^\W\dA-Z]+){0,3}|[a-z]{1,6}(?: [a-z]{1,6}){2,5})\s*"
)
_ORIGIN = re.compile(r"\s*(?:derived |borrowed |taken )?from\b")
_READING = re.compile(r"\s*[^\W\d_A-Z]{3,}\s*")  # of the word in another script: "philosophia"
_FROM_A_WORD = re.compile(r"\s*from [^\W\d_A-Z][^\W\d_]*\s*")  # whose language stood before
_GLOSS_ALONE = (
    r"""\s*(?:(?:from|meaning|lit(?:erally|\.)?)\s*)?"""
    r"""(?:["“][^"“”]{1,60}["”]|['‘][^"'“”‘’]{1,60}['’])\s*"""
)
_ONLY_GLOSSES = re.compile(rf"{_GLOSS_ALONE}(?:(?:[,;]|,?\s?and|plus){_GLOSS_ALONE})+")
_ONE_GLOSS = re.compile(_GLOSS_ALONE)
_SMALL_WORD = re.compile(r"\b(?:is|was|for|the|of|in|and|born)\b")
_LONE_WORD = re.compile(r"\s*(?:listen|help|info|audio|pronunciation|help·info)?\s*", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"(?:\b[A-Z]?\w+\s+)?\b(?:[Pp]ronunciation|[Pp]ronounced|IPA)\s*:?\s*{REMOVED}|\b[A-Z][\w"
    rf" ]{{1,20}}:\s*{REMOVED}"
)
_WEIGHTY = re.compile(rf"[:{REMOVED}{FOREIGN}{_SCRIPT}]|{_RESPELLING.pattern}|\blisten\b")
_CROSS_REFERENCE = re.compile(
    r"\s*https?://\S+\s*$|\s*(?:table|pictured|figure|map)s?(?: \d+)?\s*$"
    r"|\s*see(?: also)?:? (?:\d{4} in"
    r" |(?:the )?(?:below|above|map|table|list|section|right|left|next|picture|image|figure"
    r"|gallery|note|article|main article)\b|[A-Z][a-z]+(?: [a-z]+){0,4}\s*$)"
    r"|\s*(?:(?:as )?(?:defined|described|discussed|explained|shown|listed|detailed|given|noted"
    r"|mentioned|outlined) (?:further )?(?:below|above|later|here|in the next section)"
    r"|below|above|right|left|(?:as )?(?:pictured|shown|seen) (?:on the |at )?"
    r"(?:right|left|above|below))\s*$"
)


_NEAR = 80  # characters before a parenthesis that are looked at
_POINTER = re.compile(r"[,;] see (?:also )?[\w'’-]+(?: [\w'’-]+){0,4}\s*$")


def clean_parentheticals(text: str) -> str:
    """Every parenthesis with only those of its pieces that still say something, from the inside
    out; none left empty.
    """
    # A stack of what has been read at each depth: an inner parenthesis is weighed before the one
    # around it, which then sees what is left of it.
    stack: list[list[str]] = [[]]
    for part in re.split(r"([()])", text):
        if part == "(" and len(stack) < _DEEPEST:
            stack.append([])
        elif part == ")" and len(stack) > 1:
            raw = "".join(stack.pop())
            # Of the last parts alone: all of them, for each parenthesis, would take the square
            before = "".join(part[-_NEAR:] for part in stack[-1][-3:])[-_NEAR:]
            inside = _weigh(raw, before)
            # An empty pair that nothing was taken out of is text: size()
            stack[-1].append(f"({inside})" if inside or not raw else "")
        else:
            stack[-1].append(part)
    while len(stack) > 1:
        unclosed = "".join(stack.pop())
        stack[-1].append(f"({unclosed}")
    return "".join(stack[0])


def _weigh(inside: str, before: str) -> str:
    """What stays of a parenthesis's inside, after the text before it; "" if nothing."""
    if _CROSS_REFERENCE.match(inside):
        return ""
    inside = _POINTER.sub("", inside)
    if not _WEIGHTY.search(inside):
        return _trim(inside)
    # Foreign words may hold commas, which are no cuts between pieces: each span is one character
    # while the pieces are weighed, and is put back at the end.
    spans: list[str] = []

    def seal(match: re.Match[str]) -> str:
        if len(spans) == _MOST_SPANS:
            return ""
        spans.append(match.group())
        return f"{FOREIGN}{chr(_FIRST_SEAL + len(spans) - 1)}{FOREIGN_END}"

    sealed = _OTHER_SCRIPT.sub(seal, _FOREIGN_SPAN.sub(seal, inside))
    kept = ""
    dropped = False
    lost = REMOVED in inside
    origin = False
    other_name_lost = False  # one that is not the name before the parenthesis
    script_words = 0  # of a name in another script that the piece before lost
    for mark, piece in _pieces(sealed):
        # A piece goes if it says nothing without what was taken out, or explains a piece that went
        # ("北京, literally 'northern capital'"). A foreign word in Latin letters may stay.
        dropped = not (not dropped and _is_latin_name(piece, spans)) and (
            _says_nothing(piece)
            or (dropped and _explains(mark, piece))
            or (origin and re.fullmatch(_GLOSS_ALONE, piece) is not None)
            or (dropped and _FROM_A_WORD.fullmatch(piece) is not None)
            or (origin and _READING.fullmatch(piece) is not None)
            or (script_words > 1 and _reads_out(mark, piece, script_words))
        )
        script_words = _script_words(piece, spans) if dropped else 0
        lost = lost or dropped
        if dropped and (name := _latin_span(piece, spans)):
            is_other = len(name) > _NEAR or _letters(name) not in _letters(before)
            other_name_lost = other_name_lost or is_other
        # An etymology stays whole or goes whole: without its word the meaning says nothing.
        origin = (origin or _ORIGIN.match(piece) is not None) and dropped
        if not dropped:
            kept += (mark if kept else "") + _without_speech(piece)
    if (lost and _ONLY_GLOSSES.fullmatch(kept)) or (other_name_lost and _ONE_GLOSS.fullmatch(kept)):
        return ""  # what the lost words mean says nothing without them
    return _trim(_SPAN.sub(lambda span: spans[ord(span.group(1)) - _FIRST_SEAL], kept))


def _pieces(inside: str) -> list[tuple[str, str]]:
    """The inside cut at its commas and semicolons: (mark before, piece)."""
    parts = re.split(r"([;,])", inside)
    return list(zip(["", *parts[1::2]], parts[0::2], strict=True))


def _is_latin_name(piece: str, spans: list[str]) -> bool:
    """Whether a piece is a foreign word in Latin letters, with no label: "killing centres
    (Tötungszentren)" may keep it.
    """
    return _SPAN.fullmatch(piece.strip()) is not None and bool(_latin_span(piece, spans))


def _latin_span(piece: str, spans: list[str]) -> str:
    """The words of another language in Latin letters that are in a piece; "" if none."""
    foreign = _foreign_words(piece, spans)
    return next((words for words in foreign if not _OTHER_SCRIPT.search(words)), "")


def _script_words(piece: str, spans: list[str]) -> int:
    """How many words of another script a piece has."""
    foreign = _foreign_words(piece, spans)
    return sum(len(words.split()) for words in foreign if _OTHER_SCRIPT.search(words))


def _foreign_words(piece: str, spans: list[str]) -> Iterator[str]:
    """The foreign words in a piece, whose seals stand for places in `spans`."""
    return (spans[ord(span.group(1)) - _FIRST_SEAL] for span in _SPAN.finditer(piece))


def _reads_out(mark: str, piece: str, words: int) -> bool:
    """Whether a piece is a name of so many words in Latin letters: "Politbyuro TsK KPSS"."""
    names = re.fullmatch(r"\s*[A-Z][^\W\d_]*(?: [A-Za-z][^\W\d_]*)*\s*", piece)
    return mark == "," and names is not None and len(piece.split()) == words


def _letters(text: str) -> str:
    """A short text's letters without accents and case: "Bǎi yuè" → "baiyue"."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text).casefold())


def _explains(mark: str, piece: str) -> bool:
    """Whether a piece only tells how the name before it, now gone, is read or what it means."""
    if _GLOSS.match(piece):
        return True
    romanized = _ROMANIZED.fullmatch(piece) and not _SMALL_WORD.search(piece)
    return mark == "," and bool(_TRANSLITERATION.match(piece) or romanized)


def _says_nothing(piece: str) -> bool:
    """Whether a piece held nothing but a pronunciation, a foreign name and their
    labels.
    """
    # Take off everything that only serves a pronunciation or a foreign name: respellings, labels of
    # languages, "or", "pronounced". If no letter is left, the piece said nothing.
    rest = _RESPELLING.sub(REMOVED, piece)
    if label := _LABEL.match(rest):
        named = rest[label.end() :]
        if _is_language(label.group(1)):
            bare = _SPAN.sub("", named)
            only_name = bare != named and not re.search(r"[^\W\d]", bare)  # "1942-1943河南大饑荒"
            return only_name or not re.search(r"\d|\bborn\b", named)
        rest = named if REMOVED in named or FOREIGN in named else rest
    if REMOVED not in rest and FOREIGN not in rest:
        return bool(_LONE_WORD.fullmatch(rest))
    if _READ_OUT.match(rest) and not _SMALL_WORD.search(rest):
        return True
    rest = _REMOVED_WITH_RESPELLING.sub(" ", _SPAN.sub(" ", rest))
    return not re.search(r"\w", _LANGUAGE.sub(" ", _CONNECTIVE.sub(" ", rest)))


def _is_language(label: str) -> bool:
    """Whether a label names nothing but a language other than English: "simplified Chinese", "Old
    Norse", "IPA".
    """
    rest = _LANGUAGE.sub("", label)
    return (
        rest != label and "English" not in label and not re.search(r"\w", _MODIFIER.sub("", rest))
    )


def _without_speech(piece: str) -> str:
    """A piece that says something, without the pronunciation beside it."""
    if REMOVED not in piece:
        return piece
    before, _, after = _SPOKEN.sub(REMOVED, piece).partition(REMOVED)
    after = after.replace(REMOVED, " ")
    # A few words behind a pronunciation belong to it ("or KAH-fkə in English"); a date does not.
    if before.strip() and len(after.split()) <= 3 and not re.search(r"\d", after):
        return before
    return f"{before} {after}"


def _trim(inside: str) -> str:
    """The inside of a parenthesis without marks at its ends; a minus before a number is none."""
    return re.sub(r"^(?:[\s;,:.]|[–—-]\s+(?!\d))+|(?:[\s;,:]|\s[–—-])+$", "", inside).strip()
