"""The two ways in which a command can fail, and how a message names a command to type next.

`cli.run` turns each failure into one line and its status.
"""

import shlex


class BadInput(Exception):
    """The user's input cannot be taken: what is wrong and what to do. Status 2."""


class ExternalError(Exception):
    """Network, disk or another program failed; what was done so far is kept. Status 1."""


def command_line(*words: object) -> str:
    """A command as it can be typed, whatever signs its paths hold."""
    return shlex.join(map(str, words))
