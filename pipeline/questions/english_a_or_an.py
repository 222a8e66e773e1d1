"""Whether "a" or "an" stands before a word; whether a title takes "the", a or nothing is decided in
english_grammar. Pure, and quick to import.
"""

import re

# The sound decides, not the letter. Vowels that sound like a consonant: a unit (but an unnamed), a
# user, a utility, a UK bank, a euro, a ewe, a one-way street.
CONSONANT_SOUND = re.compile(
    r"uni(?![nm])|us[aeiu]|ut[ei]|uk|ub[aeio]|ur[aeo]|eu|ewe|on(?:e|ce)\b", re.I
)
# Vowels, silent h's (an hour, an honour, an heir) and numbers (an 8-bit word, an 11th, an 18th).
VOWEL_SOUND = re.compile(r"[aeiou]|hour|hono|honest|heir|8|1[18](?!\d)", re.I)
# Words that are spelled out letter by letter, by the name of the first letter: an FBI agent, an
# X-ray, a B-tree.
SPELT = re.compile(r"[A-Z]{2}|[A-Z]\b|[a-z]-")
SPELT_WITH_VOWEL = re.compile(r"[AEFHILMNORSX](?:[A-Z\d.-]|\b)|[aefhilmnorsx]-")


def a_or_an(phrase: str) -> str:
    """ "a" or "an", by the sound that the phrase begins with."""
    word = phrase.lstrip("\"“'(")
    if SPELT.match(word):
        return "an" if SPELT_WITH_VOWEL.match(word) else "a"
    return "an" if VOWEL_SOUND.match(word) and not CONSONANT_SOUND.match(word) else "a"
