"""Tell whether a word in a file or folder name could name a person or a date.

Rules of thumb that rather ask once too often: what is flagged is only replaced by a pseudonym.
"""

from __future__ import annotations

import re

from imaging.words import (
    HARMLESS_WORDS,
    MASK_WORDS,
    PROCESSING_WORDS,
    SEQUENCE_OF,
    TIME_POINT_OF,
)

LONGEST_HARMLESS_NUMBER = 7
LONGEST_CODE = 4
"""Letters; shorter words in capitals are taken for codes (of a site, of a study)."""
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-._](?:0?[1-9]|1[0-2])[-._](?:[12]\d|3[01]|0?[1-9])"
    r"|(?:[12]\d|3[01]|0?[1-9])[-._](?:0?[1-9]|1[0-2])[-._](?:19|20)?\d\d)(?!\d)"
)
_SHORT_DATE = re.compile(
    r"(?<!\d)(?:\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d)(?!\d)"
)
_NO_DATES = re.compile(r"brats\d\d_2013_", re.IGNORECASE)
"""Patients of BraTS 2013 carry a year that is none of theirs."""
_KNOWN = HARMLESS_WORDS | MASK_WORDS | PROCESSING_WORDS | set(SEQUENCE_OF) | set(TIME_POINT_OF)


def why_identifying(text: str) -> str | None:
    """Return why a name could identify a person ('a date', 'a long number', 'a name'), or None."""
    text = _NO_DATES.sub("", text)
    if _DATE.search(text) or _SHORT_DATE.search(text):
        return "a date"
    if re.search(rf"\d{{{LONGEST_HARMLESS_NUMBER + 1},}}", text):
        return "a long number"
    if re.search(r"[\^,]", text):
        return "a name"
    return "a name" if any(_could_be_name(word) for word in _words(text)) else None


def holds_number_or_date(text: str) -> bool:
    """Whether a text holds a date or a long number, whatever its words."""
    return why_identifying(text) in {"a date", "a long number"}


def _words(text: str) -> list[str]:
    """Return the runs of letters, with known words kept whole and camel case split."""
    runs = re.findall(r"[^\W\d_]+", text)
    return [
        part
        for run in runs
        for part in ([run] if run.lower() in _KNOWN else re.findall(r"[^\W\d_a-z]*[a-zà-ÿ]+|[^\W\d_a-z]+", run))
    ]


def _could_be_name(word: str) -> bool:
    if word.lower() in _KNOWN or len(word) < 3:
        return False
    return not (word.isupper() and len(word) <= LONGEST_CODE)
