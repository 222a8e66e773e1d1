"""Whether "a" or "an" stands before a word; pure, and quick to import."""

import re

CONSONANT_SOUND = re.compile(
    r"uni(?![nm])|us[aeiu]|ut[ei]|uk|ub[aeio]|ur[aeo]|eu|ewe|on(?:e|ce)\b", re.I
)
VOWEL_SOUND = re.compile(r"[aeiou]|hour|hono|honest|heir|8|1[18](?!\d)", re.I)
SPELT = re.compile(r"[A-Z]{2}|[A-Z]\b|[a-z]-")
SPELT_WITH_VOWEL = re.compile(r"[AEFHILMNORSX](?:[A-Z\d.-]|\b)|[aefhilmnorsx]-")


def indefinite(phrase: str) -> str:
    """ "a" or "an", by the sound that the phrase begins with."""
    word = phrase.lstrip("\"“'(")
    if SPELT.match(word):
        return "an" if SPELT_WITH_VOWEL.match(word) else "a"
    return "an" if VOWEL_SOUND.match(word) and not CONSONANT_SOUND.match(word) else "a"
