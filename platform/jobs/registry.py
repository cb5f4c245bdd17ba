"""Which function does which kind of work, and which kinds come round by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from jobs.models import Job

Handler = Callable[["Job"], object]


@dataclass(frozen=True)
class Kind:
    """A kind of work: its handler, and every how many seconds it is asked for without anybody asking."""

    name: str
    function: Handler
    every: float | None = None


_KINDS: dict[str, Kind] = {}


def handles(name: str, *, every: float | None = None) -> Callable[[Handler], Handler]:
    """Register a function as the handler of a kind of job. Handlers are safe to run twice."""

    def register(function: Handler) -> Handler:
        known = _KINDS.get(name)
        if known is not None and known.function is not function:
            raise RuntimeError(f"Two handlers for {name!r}.")
        _KINDS[name] = Kind(name, function, every)
        return function

    return register


def kind_named(name: str) -> Kind:
    """Return the kind; LookupError when this code version does not know it."""
    _discover()
    if name not in _KINDS:
        raise LookupError(f"This worker does not know the work {name!r}: is it of the same version as the web server?")
    return _KINDS[name]


def recurring() -> list[Kind]:
    """Return the kinds that come round by themselves."""
    _discover()
    return [kind for kind in _KINDS.values() if kind.every is not None]


def _discover() -> None:
    autodiscover_modules("tasks")
