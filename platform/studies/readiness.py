"""What must be true before a study starts. Rooms above this one add what only they can know."""

from collections.abc import Callable

from studies.models import Study

Check = Callable[[Study], None]
_CHECKS: list[Check] = []


def checked_before_start(check: Check) -> Check:
    """Register a function that raises DomainError when a study cannot start."""
    if check not in _CHECKS:
        _CHECKS.append(check)
    return check


def check_ready(study: Study) -> None:
    """Raise DomainError, saying what to change, when a study cannot start."""
    for check in _CHECKS:
        check(study)
