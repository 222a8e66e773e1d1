"""A conversation in the terminal: what is being talked about is kept from question to question,
commands begin with a slash, and Tab completes titles.
"""

import contextlib
import difflib
import sys
from collections.abc import Callable, Mapping, Sequence

from pipeline.answering.meaning import Topic, topic_after
from pipeline.answering.question_index import QuestionIndex
from pipeline.answering.remarks import source_of
from pipeline.answering.responder import Reply, Responder
from pipeline.cli import notice
from pipeline.errors import BadInput, ExternalError

COMPLETIONS = 50  # titles that Tab shows, at most
END_COMMANDS = ("/quit", "/exit")
ENDS = ("quit", "exit")  # where nothing else is typed
READ = "/read"  # the command that fetches a page and learns it; not every conversation has it

Command = Callable[[str], None]


class Conversation:
    """Questions and replies, one after the other."""

    def __init__(
        self,
        responder: Responder,
        show: Callable[[Reply], None],
        *,
        run: str,
        can_read: bool = False,
        commands: Mapping[str, Command] | None = None,
    ) -> None:
        self.responder = responder
        self.show = show
        self.run = run
        self.can_read = can_read  # whether what is not read can be fetched
        self.says = responder.language.says
        self.topic: Topic | None = None
        self.last: Reply | None = None
        self.commands: dict[str, Command] = {
            "/help": lambda _: notice(self.says["commands"]),
            "/run": lambda _: notice(self.run),
            "/sources": lambda _: self._sources(),
            **(commands or {}),
        }

    def hear(self, line: str) -> None:
        """Reply to a line: a command, the number of a choice, or a question."""
        if line.startswith("/"):
            self._obey(line)
            return
        reply = self.responder.reply(self._chosen(line), self.topic)
        before = self.topic
        self.topic = topic_after(reply.meaning, self.topic)
        self.last = reply
        self.show(reply)
        if self.can_read and reply.meaning.outcome == "not_read" and self.topic != before:
            notice(self.says["offer to read"])

    def _obey(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        command = self.commands.get(word.casefold())
        if command:
            command(self._named(rest.strip()) if word.casefold() == READ else rest.strip())
            return
        names = sorted((*self.commands, END_COMMANDS[0]))
        near = difflib.get_close_matches(word.casefold(), names, n=1)
        if near:
            notice(self.says["no command, but near"].format(word=word, near=near[0]))
        else:
            notice(self.says["no command"].format(word=word, commands=", ".join(names)))

    def _named(self, title: str) -> str:
        """The title that is meant: where none is typed, or a pronoun, what is talked about."""
        if self.topic and (not title or title in self.responder.phrasebook.pronouns):
            return self.topic.about
        return title

    def _chosen(self, line: str) -> str:
        """The title that a number stands for, where there was a choice; else the line."""
        choice = self.last and self.last.meaning.outcome == "several"
        if not (choice and self.last and line.isdecimal()):
            return line
        pages = self.last.meaning.pages
        return pages[int(line) - 1].title if 0 < int(line) <= len(pages) else line

    def _sources(self) -> None:
        sources = self.last.sources if self.last else ()
        for page in sources:
            notice(source_of(page))
        if not sources:
            notice(self.says["no last source"])


def choices_of(reply: Reply) -> Sequence[str]:
    """The lines of a choice between pages of one name; none where there is none."""
    if reply.meaning.outcome != "several":
        return ()
    return [f"  {number}  {page.title}" for number, page in enumerate(reply.meaning.pages, 1)]


def converse(hear: Callable[[str], None]) -> int:
    """Give each line that is typed to `hear`, until the input ends; the exit status. Ctrl-C stops
    an answer, or drops the line that is being typed.
    """
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  with it, input() has history and editing
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        line = ""
        try:
            line = input(prompt).strip()
            if line.casefold() in ENDS or line.casefold().split(" ")[0] in END_COMMANDS:
                return 0
            if line:
                hear(line)
        except EOFError:
            return 0
        except (BadInput, ExternalError) as error:
            notice(str(error))
        except KeyboardInterrupt:
            notice("\n(stopped)" if line else "")


def complete_titles(index: QuestionIndex, commands: Sequence[str]) -> None:
    """Tab completes the line's end to a title, or its beginning to a command."""
    with contextlib.suppress(ImportError):
        import readline

        def complete(text: str, state: int) -> str | None:
            options = completions(readline.get_line_buffer()[: readline.get_endidx()], index)
            options += [command for command in commands if command.startswith(text or "\n")]
            return options[state] if state < len(options) else None

        readline.set_completer(complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")


def completions(line: str, index: QuestionIndex) -> list[str]:
    """The line with its end completed to titles: the longest end that begins some title counts."""
    words = line.split(" ")
    for place in range(len(words)):
        start = " ".join(words[place:])
        titles = index.titles(start, COMPLETIONS) if start.strip() else []
        if titles:
            before = "".join(word + " " for word in words[:place])
            return [before + title for title in titles]
    return []
