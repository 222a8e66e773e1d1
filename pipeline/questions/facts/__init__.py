"""An infobox's rows become questions with short answers: "When was X born?" "X was born on 10
December 1815." Pure.

values, words, figures and places read what a cell says; kinds tells what the box describes; table
has the questions; pairs asks them.
"""

from pipeline.questions.facts.pairs import fact_pairs
from pipeline.questions.facts.read_back import Fact, read_fact

__all__ = ["Fact", "fact_pairs", "read_fact"]
