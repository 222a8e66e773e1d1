"""An Article becomes question and answer pairs. Pure.

grammar tells how a title stands in running English, people whether it is asked by who or by what,
answers how long an answer is; sections asks of an article's chapters; pairs puts it together, and
tells pages apart that share a question.
"""

from pipeline.questions.answers import AnswerBounds
from pipeline.questions.pairs import KINDS, disambiguate, make_pairs
from pipeline.questions.phrasings import fold, folded, phrasings, topic
from pipeline.records import Pair

__all__ = [
    "KINDS",
    "AnswerBounds",
    "Pair",
    "disambiguate",
    "fold",
    "folded",
    "make_pairs",
    "phrasings",
    "topic",
]
