"""An address of a stranger's is split or has no parts; none ends a program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import NO_ADDRESS, split_address
from pipeline.sources.rate_limit import is_loopback


@given(st.text(st.sampled_from("http://[]:@.%a1\u2100\u202e")))
def test_no_text_raises(text: str) -> None:
    assert split_address(text) is NO_ADDRESS or split_address(text).geturl() is not None


@pytest.mark.parametrize("address", ["http://[x", "//]", "http://a\u2100b/"])
def test_what_is_no_address_is_nobodys(address: str) -> None:
    assert split_address(address) == NO_ADDRESS
    assert not is_loopback(address)
