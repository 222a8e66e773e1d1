"""Whom a wiki can write to about our requests, and the pace that follows from it."""

import sys
from pathlib import Path

from pipeline.cli import notice
from pipeline.errors import BadInput
from pipeline.files import read_bounded, write_atomically
from pipeline.sources.rate_limit import PROJECT_ADDRESS, Pacer, checked_contact, user_agent

RATE = 10.0  # requests a second
WIKIMEDIA_RATE = 20.0  # what Wikimedia's rules allow
NAMELESS_RATE = 2.0  # for those who share the project's address, and with it one limit
SAMPLE_RATE = 1000.0  # our own pages, on our own machine
MAX_CONTACT_FILE = 1 << 20  # bytes


def pace_and_agent(
    site: str, *, rate: float | None, contact: str, folder: Path
) -> tuple[Pacer, str]:
    """The pace and the User-Agent for a wiki ("sample" for our own pages): who gives no contact
    shares the project's, and goes slower.
    """
    if site == "sample":
        calm = rate or SAMPLE_RATE
        return _paced(calm, has_contact=False), user_agent(PROJECT_ADDRESS)
    address = find_contact(contact, folder)
    rate = rate or RATE
    if not address:
        rate = min(rate, NAMELESS_RATE)
        notice(
            f"no --contact: the wiki is given the project's address, {PROJECT_ADDRESS}, and asked"
            f" at most {rate:g} times a second"
        )
    return _paced(rate, has_contact=bool(address)), user_agent(address or PROJECT_ADDRESS)


def _paced(rate: float, *, has_contact: bool) -> Pacer:
    """The API has limits of its own, by the minute: 200 with a contact, and who shares one must
    leave some to others.
    """
    api_rate = rate if rate > WIKIMEDIA_RATE else min(rate, 3 if has_contact else 1 / 6)
    return Pacer(rate, api_rate=api_rate)


def find_contact(given: str, folder: Path) -> str | None:
    """The user's contact: as given, which is remembered, as remembered, or asked for once on a
    terminal; None when there is none.
    """
    remembered = folder / "contact.txt"
    if given:
        checked = checked_contact(given)
        write_atomically(remembered, f"{checked}\n", mode=0o600)
        return checked
    if remembered.exists():
        text = read_bounded(remembered, MAX_CONTACT_FILE).decode(errors="replace").strip()
        return checked_contact(text) if text else None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    notice(
        "Wikis ask for a contact, so that they can write to whoever sends too many requests: your"
        " mail address or the address of a page about you. It is sent to the wiki with each"
        f" request, remembered in {remembered}, and goes nowhere else. Empty: the project's"
        " address is sent, at a slower pace."
    )
    while True:
        print("Contact: ", end="", file=sys.stderr, flush=True)
        text = sys.stdin.readline().strip()
        try:
            contact = checked_contact(text) if text else None
        except BadInput as error:
            notice(str(error))
            continue
        write_atomically(remembered, f"{text}\n", mode=0o600)
        return contact
