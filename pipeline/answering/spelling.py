"""Other spellings of a word: with another ending, or with one slip of the finger. Pure."""

import string
from collections.abc import Sequence

ALPHABET = string.ascii_lowercase
ROMAN = set("ivxlcdm")
SHORTEST = 3  # letters of a word that may be misspelled, or a whole name
# Letters of a misspelled word that is a whole name: Hunan is not Henan, nor Rhône the Rhine.
SHORTEST_RESPELLED_NAME = 6
SHORTEST_RESPELLED_SURNAME = 7  # of one that is a surname alone
# Of one that is respelled: its neighbours take the square of its length in memory.
LONGEST_RESPELLED = 50


def other_endings(word: str, endings: Sequence[tuple[str, str]]) -> list[str]:
    """The word with the other ending of each pair of which it has one: its plural and what it is
    the plural of, or how it is spelled elsewhere.
    """
    words = list[str]()
    for one, other in endings:
        if word.endswith(other) and len(word) > len(other) + 1:
            words.append(word[: len(word) - len(other)] + one)
        if word.endswith(one) and len(word) > 2:
            words.append(word[: len(word) - len(one)] + other)
    return words


def one_edit(word: str) -> list[str]:
    """All words that one missing, doubled, wrong or swapped letter makes of it; none for what is
    too long for a word.
    """
    if len(word) > LONGEST_RESPELLED:
        return []
    # All neighbours of the word at one edit, some 54 for each letter: looking these up in the index
    # is far less work than comparing the word with a million others.
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = [start + end[1:] for start, end in cuts if end]
    swapped = [start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1]
    wrong = [start + letter + end[1:] for start, end in cuts if end for letter in ALPHABET]
    more = [start + letter + end for start, end in cuts for letter in ALPHABET]
    return list(dict.fromkeys([*fewer, *swapped, *wrong, *more]))


def may_be_misspelled(word: str) -> bool:
    """Whether a word may be a slip for another, and another for it: a number is none for others,
    and short words differ by a letter too often.
    """
    if len(word) < SHORTEST or set(word) <= ROMAN:
        return False
    return not any(sign.isdigit() for sign in word)
