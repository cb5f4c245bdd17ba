"""The two errors that domain code raises; the API translates them once."""


class DomainError(Exception):
    """A rule of the domain was broken. The message is shown to the user."""

    def __init__(self, message: str, **facts: object) -> None:
        """Keep, beside the message, the facts that help the caller to go on, as a `code` for programs."""
        super().__init__(message)
        self.facts = facts


class Conflict(DomainError):
    """Someone else changed it first; reload and try again."""
