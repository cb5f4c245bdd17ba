"""A progress bar on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Report = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""


def tell_nobody(done: int, total: int) -> None:
    """Go on in silence."""


@contextmanager
def progress_bar(what: str) -> Iterator[Report]:
    """Show how many of all are done; silent where nobody looks at a terminal."""
    with tqdm(desc=what, unit="", disable=None, leave=False) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report
