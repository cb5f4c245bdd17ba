"""Studies that a journey needs and does not walk to: made through the API, with the session of who is signed in."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

FOLLOWED = "SYN-001"
"""The demo's patient with two exams."""


class Api:
    """The platform's API with the session of whoever is signed in on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        token = next((value for name, value in cookies.items() if "csrf" in name), "")
        answer = self.page.request.fetch(
            f"/api/v1/{path}",
            method=method,
            data=body,
            headers={"X-CSRFToken": token, "Referer": self.page.url, **headers},
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:300]}"
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.body()


def make_study(
    api: Api, rater: str, cases: list[int], *, scheme: str = "flair", empty: bool = False, **facts: Any
) -> int:
    """Start a study of these cases with one rater, from the shipped model's masks or from empty ones."""
    key = next(one["id"] for one in api("GET", "label-schemes/") if one["key"] == scheme)
    model = None if empty else api("GET", "start-raters/")[0]["id"]
    name = f"Made for a test {time.time():.3f}"
    study = int(api("POST", "studies/", {"name": name, "scheme": key, "start_rater": model, **facts})["id"])
    api("POST", f"studies/{study}/cases/", {"cases": cases})
    api("POST", f"studies/{study}/members/", {"email": rater, "role": "rater", "expertise": "expert"})
    api("POST", f"studies/{study}/start/")
    return study


def queue(api: Api, study: int) -> list[str]:
    """Return the rater's assignments, in the rater's order, once all their start masks are there."""
    for _ in range(240):
        rows = api("GET", f"assignments/?study={study}&page_size=500")["results"]
        if rows and all(row["state"] == "ready" for row in rows):
            return [row["id"] for row in rows]
        time.sleep(0.5)
    raise AssertionError(f"the start masks of study {study} were not made")
