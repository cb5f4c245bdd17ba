"""A browser without a screen: it keeps cookies, checks CSRF, and sends the cookie's token as the application does."""

import json
from typing import Any

from django.test import Client

from tests.factories import PASSWORD

HEADLESS = "/_allauth/browser/v1/"
SESSION, LOGIN = HEADLESS + "auth/session", HEADLESS + "auth/login"
ME = "/api/v1/me/"


class Browser(Client):
    """Somebody's browser, not signed in yet."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **facts)
        self.get(HEADLESS + "config")

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON, or nothing, with the CSRF token."""
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        content = b"" if body is None else json.dumps(body).encode()
        facts = {"X-CSRFToken": token, **headers}
        return self.generic(method, path, data=content, content_type="application/json", headers=facts)

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """Try to sign in."""
        return self.send("POST", LOGIN, {"email": email, "password": password})
