"""What a person at the keyboard did or met that a command cannot go on with."""


class UserError(ValueError):
    """Ends a command with one line on stderr: where, what was seen, what is wanted."""
