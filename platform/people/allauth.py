"""How allauth signs people in here: by invitation only, and with a line in the audit trail for what happened."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from audit.services import record
from people.models import User


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody makes an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down that somebody tried a wrong password; addresses that are no account's are not kept."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if user is not None:
            record("user.sign_in_failed", user)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> Any:
        """Write down who signed in."""
        record("user.signed_in", user, by=user)
        return super().post_login(request, user, **facts)

    def set_password(self, user: User, password: str) -> None:
        """Write down that a password was changed, by its owner or by the link of a reset."""
        super().set_password(user, password)
        record("user.password_changed", user, by=user)
