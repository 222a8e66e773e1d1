"""Whom a wiki can write to about our requests, and the pace that follows from it."""

import sys
from pathlib import Path

from pipeline.cli import notice
from pipeline.errors import BadInput
from pipeline.files import read_bounded, write_atomically
from pipeline.sources.rate_limit import (
    DEFAULT_RATE,
    NAMELESS_RATE,
    PROJECT_ADDRESS,
    SAMPLE_RATE,
    Pacer,
    checked_contact,
    pacer_for,
    user_agent,
)

MAX_CONTACT_FILE = 1 << 20  # bytes


def pace_and_agent(
    site: str, *, rate: float | None, contact: str, folder: Path
) -> tuple[Pacer, str]:
    """The pace and the User-Agent for a wiki ("sample" for our own pages): who gives no contact
    shares the project's, and goes slower.
    """
    if site == "sample":
        return pacer_for(rate or SAMPLE_RATE, has_contact=False), user_agent(PROJECT_ADDRESS)
    address = find_contact(contact, folder)
    rate = rate or DEFAULT_RATE
    if not address:
        rate = min(rate, NAMELESS_RATE)
        notice(
            f"no --contact: the wiki is given the project's address, {PROJECT_ADDRESS}, and asked"
            f" at most {rate:g} times a second"
        )
    return pacer_for(rate, has_contact=bool(address)), user_agent(address or PROJECT_ADDRESS)


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
        text = _typed("Contact: ")
        try:
            contact = checked_contact(text) if text else None
        except BadInput as error:
            notice(str(error))
            continue
        write_atomically(remembered, f"{text}\n", mode=0o600)
        return contact


def _typed(prompt: str) -> str:
    """A line that is typed; Ctrl-C ends it as if it were one, so that what follows stands below."""
    try:
        print(prompt, end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        raise
