"""Sign-in of scripts by a token whose hash alone is kept."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from people.models import ApiToken

KEYWORD = b"token"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <key>`."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """Return the token's user, or None when the request carries no token."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD:
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed("Send 'Authorization: Token <key>', the key without spaces.")
        token = ApiToken.objects.valid().select_related("user").filter(sha256=sha256(parts[1]).hexdigest()).first()
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown, expired or revoked. Make a new one.")
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Make the answer to a stranger 401."""
        return "Token"


def _note_use(token: ApiToken) -> None:
    """Keep when the token was last used, to the minute: a script's every call need not write."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
