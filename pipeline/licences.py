"""Whose text it is, as pages say it: what the cards of data sets and of networks may claim."""

import re
from collections.abc import Iterable

# What is adapted from these may be shared under CC BY-SA 4.0.
SHARE_ALIKE = re.compile(r"CC0 1\.0|CC BY(?:-SA)? (?:2\.\d|3\.0|4\.0)")
SITE = re.compile(r"https?://([\w.:-]+)")


def card_licence(licences: Iterable[str]) -> dict[str, str]:
    """The licence of what was made of pages under these, in the words of a card's YAML."""
    if all(SHARE_ALIKE.fullmatch(name) for name in licences):
        return {"license": "cc-by-sa-4.0"}
    return {"license": "other", "license_name": "as-named-for-each-page"}


def are_wikipedia(addresses: Iterable[str]) -> bool:
    """Whether there are pages at these addresses, and all are Wikipedia's."""
    sites = {site[1] if (site := SITE.match(address)) else "" for address in addresses}
    return bool(sites) and all(f".{site}".endswith(".wikipedia.org") for site in sites)
