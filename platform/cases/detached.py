"""Images of two files: which data file a NRRD or MetaImage header names."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST_HEADER = 1 << 16
_METAIMAGE = re.compile(rb"^ElementDataFile[ \t]*=[ \t]*([^\r\n]+?)[ \t]*\r?$", re.MULTILINE)
_NRRD = re.compile(rb"^data ?file:[ \t]*([^\r\n]+?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)


def data_file_name(header: Path, format_name: str) -> str | None:
    """Return the name of the data file that a header refers to; None for an image of one file.

    `format_name` is as in SeriesFile: nifti, nrrd, metaimage. The name is a stranger's: it may hold anything.
    """
    with header.open("rb") as stream:
        start = stream.read(LONGEST_HEADER)
    if format_name == "nrrd":
        named = _NRRD.search(re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0])
    elif format_name == "metaimage":
        named = _METAIMAGE.search(start)
    else:
        return None
    if named is None or named.group(1).upper() == b"LOCAL":
        return None
    return named.group(1).decode("utf-8", "surrogateescape")
