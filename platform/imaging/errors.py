"""The one error of this room: which file, what is wrong with it, what to do about it."""

from __future__ import annotations


class ImageError(ValueError):
    """A file or an array that cannot be taken as it is.

    The text is written for the person who gave the file: it names the file (never its folder on
    the server), says what is wrong and what would help.
    """

    def __init__(self, name: str, reason: str, advice: str = "") -> None:
        self.name = name
        self.reason = reason
        self.advice = advice
        super().__init__(f"{name}: {reason}." + (f" {advice}" if advice else ""))


def describe_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: 240×240×155."""
    return "×".join(str(length) for length in shape)
