"""Which of allauth's addresses are open here: sign in and out, passwords, second factor.

All others are closed, whatever a newer version adds: nobody signs up, and an e-mail address is who one is, so that
only a site administrator changes it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

OPEN = (
    "config",
    "auth/session",
    "auth/login",
    "auth/reauthenticate",
    "auth/password/request",
    "auth/password/reset",
    "auth/2fa/authenticate",
    "auth/2fa/reauthenticate",
    "account/password/change",
    "account/authenticators",
    "account/authenticators/totp",
    "account/authenticators/recovery-codes",
)


def closed(request: HttpRequest) -> HttpResponse:
    """Answer as if there were nothing."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^(?!browser/v1/(?:{'|'.join(OPEN)})$)", closed),
    path("", include("allauth.headless.urls")),
]
