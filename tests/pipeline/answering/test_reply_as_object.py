"""What programs are told of a reply is JSON, whatever the network computed."""

import json
import math

import pytest

from pipeline.answering.meaning import Understanding
from pipeline.answering.responder import Generated, Reply, as_object


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_certainty_that_is_no_number_is_null(value: float) -> None:
    said = Generated(text="A loom.", tokens=3, mean_logprob=value, stopped=True)
    reply = Reply(
        typed="loom", meaning=Understanding(outcome="sure"), text="A loom.", generated=said
    )
    written = json.dumps(as_object(reply), allow_nan=False)
    assert json.loads(written)["certainty"] is None
