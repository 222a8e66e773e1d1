"""An Article becomes question and answer pairs. Pure.

english_grammar tells how a title is written in running English, english_people whether it is asked
by who or by what, answers how long an answer is; sections asks of an article's sections; pairs puts
it together, and tells pages apart that share a question. Asking needs only a language's data and
normalize: this package imports nothing, so that an answer does not wait for the parsers that making
pairs needs.
"""
