"""Other spellings of a word: in another number, or with one slip of the finger. Pure."""

import string
from collections.abc import Sequence

ALPHABET = string.ascii_lowercase
SHORTEST = 4  # letters of a word that may be misspelled
LONG = 6  # letters of a word that may be misspelled where it is the whole name


def other_numbers(word: str, endings: Sequence[tuple[str, str]]) -> list[str]:
    """The plural of a word and what it is the plural of, as its endings tell."""
    words = list[str]()
    for singular, plural in endings:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            words.append(word[: len(word) - len(plural)] + singular)
        if word.endswith(singular) and len(word) > 2:
            words.append(word[: len(word) - len(singular)] + plural)
    return words


def one_edit(word: str) -> list[str]:
    """All words that one missing, doubled, wrong or swapped letter makes of it."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = [start + end[1:] for start, end in cuts if end]
    swapped = [start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1]
    wrong = [start + letter + end[1:] for start, end in cuts if end for letter in ALPHABET]
    more = [start + letter + end for start, end in cuts for letter in ALPHABET]
    return list(dict.fromkeys([*fewer, *swapped, *wrong, *more]))


def is_plausible_slip(typed: str, meant: str, *, whole_name: bool) -> bool:
    """Whether one word may be a slip for the other: short names differ by a letter too often
    (Hunan and Henan, Rhône and Rhine).
    """
    if typed.isdigit() or meant.isdigit() or min(len(typed), len(meant)) < SHORTEST - 1:
        return False
    if any(sign.isdigit() for sign in typed + meant):
        return False
    if not whole_name:
        return True
    if len(typed) >= LONG:
        return True
    return len(typed) != len(meant) or sorted(typed) == sorted(meant)
