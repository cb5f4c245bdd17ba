"""Refuse to start in a way that would lose or leak data."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def settings_are_safe_for_a_hospital(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a deployment with debugging on or open to every host name."""
    problems: list[CheckMessage] = []
    if settings.DEBUG:
        problems.append(Error("DEBUG must be off: it shows stack traces to users.", id="overread.E001"))
    if "*" in settings.ALLOWED_HOSTS:
        problems.append(
            Error("OVERREAD_ALLOWED_HOSTS must list the host names of this server, not '*'.", id="overread.E002")
        )
    return problems
