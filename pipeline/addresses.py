"""The parts of addresses that strangers wrote."""

from urllib.parse import SplitResult, urlsplit

NO_ADDRESS = SplitResult(scheme="", netloc="", path="", query="", fragment="")


def split_address(text: str) -> SplitResult:
    """The parts of an address; all are empty for what is none, where urlsplit raises an error."""
    try:
        return urlsplit(text)
    except ValueError:  # such as an open bracket, which begins an IPv6 address
        return NO_ADDRESS
