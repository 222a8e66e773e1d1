"""The two ways in which a command can fail. `cli.run` turns each into one line and its status."""


class BadInput(Exception):
    """The user's input cannot be taken: what is wrong and what to do. Status 2."""


class ExternalError(Exception):
    """Network, disk or another program failed; what was done so far is kept. Status 1."""
