"""Pairs are made as they are asked for, and where nothing is asked, as the others were."""

import pytest

from pipeline.dataset.build import maker_of

FACTS = maker_of(("definition", "facts"), 1, 200)


def test_what_is_not_asked_for_is_as_in_earlier_rules() -> None:
    assert maker_of(None, None, None, FACTS.rules).rules == FACTS.rules
    assert maker_of(("definition",), None, 400, FACTS.rules).rules == maker_of(None, 1, 400).rules
    assert maker_of(None, None, None).rules == maker_of(("definition",), 3, 400).rules


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"kinds": ["jokes"], "sentences": 1, "chars": 1}',
        '{"kinds": [], "sentences": 1, "chars": 1}',
        '{"kinds": ["facts"], "sentences": -1, "chars": 1}',
        '{"kinds": [{}], "sentences": 1, "chars": 1}',
    ],
)
def test_rules_of_a_strangers_cache_ask_for_nothing_odd(rules: str) -> None:
    assert maker_of(None, None, None, rules).rules == maker_of(None, None, None).rules
