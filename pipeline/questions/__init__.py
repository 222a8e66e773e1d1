"""An Article becomes question and answer pairs. Pure.

pairs puts it together, and tells pages apart that share a question. The definition's question comes
from a language's module: english_grammar knows how a title is written in running English,
english_people whether it is asked for by who or by what; definitions does both for the other
languages, by their data. facts asks of infoboxes, sections of sections; answers bounds how long an
answer is. Asking a run needs only a language's data and normalize: this package imports nothing, so
that an answer does not wait for the parsers that making pairs needs.
"""
