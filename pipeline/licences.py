"""Whose text it is, as pages say it: what the cards of data sets and of networks may claim."""

import re
from collections.abc import Iterable

from pipeline.questions.languages import base_code

# What is adapted from these may be shared under CC BY-SA 4.0.
SHARE_ALIKE = re.compile(r"CC0 1\.0|CC BY(?:-SA)? (?:2\.\d|3\.0|4\.0)")
WIKIPEDIA = re.compile(r"https?://([a-z-]{2,20})\.(?:m\.)?wikipedia\.org/")  # its language
SITE = re.compile(r"https?://([\w.:-]+)")


def card_licence(licences: Iterable[str]) -> dict[str, str]:
    """The licence of what was made of pages under these, in the words of a card's YAML."""
    if all(SHARE_ALIKE.fullmatch(name) for name in licences):
        return {"license": "cc-by-sa-4.0"}
    return {"license": "other", "license_name": "as-named-for-each-page"}


def languages_of(addresses: Iterable[str]) -> list[str]:
    """The codes of the languages of those of the addresses that are pages of Wikipedia."""
    wikis = (WIKIPEDIA.match(address) for address in addresses)
    return sorted({code for wiki in wikis if wiki and (code := base_code(wiki[1]))})


def are_wikipedia(addresses: Iterable[str]) -> bool:
    """Whether there are pages at these addresses, and all are Wikipedia's."""
    sites = {site[1] if (site := SITE.match(address)) else "" for address in addresses}
    return bool(sites) and all(f".{site}".endswith(".wikipedia.org") for site in sites)
