"""The two ways in which a command can fail, each with its exit status; `cli.run` turns them into one line."""


class BadInput(Exception):
    """The user's input cannot be taken: one line that says what is wrong and what to do; status 2."""


class ExternalError(Exception):
    """Network, disk or another program failed: one line; status 1. What was done so far is kept."""
