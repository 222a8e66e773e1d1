"""A page's HTML becomes an Article: lead, sections, infobox rows, kind of page. Pure.

scan finds the prose before anything is parsed, as parsing is what costs; markup walks what is
parsed; formulas reads mathematics; parentheticals keeps of a parenthesis what still says something;
prose repairs spaces and punctuation; sentences splits the text as a reader would; article puts it
together.
"""

from pipeline.clean.article import Article, InfoboxRow, Section, head_config, read_article
from pipeline.clean.rules import ReadingRules
from pipeline.clean.running_text import RunningText
from pipeline.clean.sentences import first_sentences, split_sentences

__all__ = [
    "Article",
    "InfoboxRow",
    "ReadingRules",
    "RunningText",
    "Section",
    "first_sentences",
    "head_config",
    "read_article",
    "split_sentences",
]
