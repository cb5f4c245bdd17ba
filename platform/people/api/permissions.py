"""Who may ask for what about people."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.api import current_user


class IsAdministrator(BasePermission):
    """Site administrators."""

    message = "Only site administrators may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller is one."""
        return bool(current_user(request).is_superuser)


class MayInvite(BasePermission):
    """Those who may lead studies, and site administrators."""

    message = "Only leads and site administrators invite people."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller is one."""
        user = current_user(request)
        return bool(user.is_superuser or getattr(user, "may_lead", False))


class AdministratorsWrite(BasePermission):
    """Everybody who is signed in reads, site administrators write."""

    message = "Only site administrators change centres."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether this request only reads, or comes from an administrator."""
        return request.method in SAFE_METHODS or bool(current_user(request).is_superuser)


class InPerson(BasePermission):
    """A person at a browser: a key that leaked must not make itself a successor, or an administrator."""

    message = "Sign in with your browser for this: a script's key does not open it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller signed in with a password."""
        return request.auth is None
