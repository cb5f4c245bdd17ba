"""The table: every address and method of the platform, and the answer that each role gets.

An address that is not yours does not exist (404); what your role may never do is refused (403); a stranger is asked to
sign in (401). A new address without a row here fails the tests.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.factories import ANSWERS, GRID, PASSWORD, SAVING, saving
from tests.integration.access.world import ROLES, World

Statuses = dict[str, int]
LEADS = ("lead", "blinded_lead", "administrator")
MAY_LEAD = (*LEADS, "other_lead")
MEMBERS = ("rater", "other_rater", "observer", "adjudicator", *LEADS)
RESULTS = ("observer", "adjudicator", "lead", "administrator")
SEES_CASE = ("adjudicator", *LEADS)
SEES_MASKS = ("adjudicator", "lead", "administrator")
SEES_PROBABILITIES = ("lead", "administrator")
OWNER = ("lead", "administrator")
SIGNED_IN = tuple(role for role in ROLES if role != "anonymous")


def only(*roles: str, gets: int = 200, others: int = 404, anonymous: int = 401, **exceptions: int) -> Statuses:
    """Return the answers: `gets` for the roles, `others` for the rest, and what is said by name."""
    rest = {role: gets if role in roles else others for role in ROLES}
    return {**rest, "anonymous": anonymous, **exceptions}


def all_of_them(gets: int = 200, **exceptions: int) -> Statuses:
    """Return the answers of an address that is open to everybody who is signed in."""
    return only(*SIGNED_IN, gets=gets, **exceptions)


def open_to_the_world(gets: int = 200) -> Statuses:
    """Return the answers of an address that asks nobody to sign in."""
    return dict.fromkeys(ROLES, gets)


Arguments = Callable[[World], list[Any]]


@dataclass(frozen=True)
class Row:
    """One address, one method, and who gets what."""

    name: str
    method: str
    answers: Statuses
    arguments: Arguments = lambda _: []
    body: Callable[[World], Any] = lambda _: None
    content_type: str = "application/json"
    headers: Callable[[World], dict[str, str]] = field(default=lambda _: {})

    def content(self, world: World) -> bytes:
        """Return what is sent."""
        body = self.body(world)
        if body is None or isinstance(body, bytes):
            return body or b""
        return json.dumps(body).encode()


def of(*names: str) -> Arguments:
    """Return the primary keys of the world's things of these names."""
    return lambda world: [getattr(world.things, name).pk for name in names]


def says(**body: Any) -> Callable[[World], Any]:
    """Return a body that is always the same."""
    return lambda _: body


def _base(world: World) -> dict[str, str]:
    from annotation.services import base_token

    return {"X-Base": base_token(world.things.second), "X-Sequence": "1"}


EMPTY_MASK = gzip.compress(bytes(GRID.shape[0] * GRID.shape[1] * GRID.shape[2]))
RATER_ONLY = only("rater")

PEOPLE = [
    Row("health", "GET", open_to_the_world()),
    Row("me", "GET", all_of_them()),
    Row("me", "PATCH", all_of_them(), body=says(name="New name")),
    Row("workbench-settings", "GET", RATER_ONLY, lambda world: [world.people["rater"].pk]),
    Row(
        "workbench-settings",
        "PUT",
        RATER_ONLY,
        lambda world: [world.people["rater"].pk],
        says(revision=0, choices={"tool": {"value": "brush", "at": 1}}),
    ),
    Row("user-list", "GET", only("administrator", others=403)),
    Row("user-detail", "GET", only("administrator", others=403), lambda world: [world.people["rater"].pk]),
    Row(
        "user-detail",
        "PATCH",
        only("administrator", others=403),
        lambda world: [world.people["rater"].pk],
        says(may_lead=True),
    ),
    Row("administrator", "PUT", only("administrator", gets=204, others=403), lambda w: [w.people["rater"].pk]),
    Row("administrator", "DELETE", only("administrator", gets=204, others=403), lambda w: [w.people["rater"].pk]),
    Row("centre-list", "GET", all_of_them()),
    Row("centre-list", "POST", only("administrator", gets=201, others=403), body=says(name="New", code="new")),
    Row("centre-detail", "GET", all_of_them(), of("centre")),
    Row("centre-detail", "PATCH", only("administrator", others=403), of("centre"), says(name="Renamed")),
    Row("token-list", "GET", all_of_them()),
    Row("token-list", "POST", all_of_them(201), body=says(name="script")),
    Row("token-detail", "DELETE", only(*OWNER, gets=204), of("token")),
    Row("invitation-list", "GET", only(*MAY_LEAD, others=403)),
    Row("invitation-list", "POST", only(*MAY_LEAD, gets=201, others=403), body=says(email="new@hospital.example")),
    Row(
        "invitation-detail",
        "DELETE",
        only(*OWNER, gets=204, others=403, blinded_lead=404, other_lead=404),
        of("invitation"),
    ),
    Row("open-invitation", "GET", open_to_the_world(), lambda _: ["t" * 43]),
    Row("accept-invitation", "POST", open_to_the_world(), body=says(token="t" * 43, password=PASSWORD)),
    Row("audit", "GET", only("administrator", others=403)),
]

JOBS = [
    Row("job-list", "GET", all_of_them()),
    Row("job-detail", "GET", only(*OWNER), of("job")),
    Row("job-cancel", "POST", only(*OWNER), of("job")),
    Row("job-retry", "POST", only(*OWNER), of("failed")),
]

CASES = [
    Row("case-list", "GET", all_of_them()),
    Row("case-detail", "GET", only(*SEES_CASE), of("case")),
    Row("case-change", "PATCH", only(*LEADS, adjudicator=403), of("case"), says(grade=4)),
    Row("series-image", "GET", only(*SEES_CASE), of("series")),
    Row("series-thumbnail", "GET", only(*SEES_CASE), of("series")),
    Row("series-original", "GET", only(*LEADS, others=403, other_lead=404), of("series")),
    Row("segmentation-list", "GET", all_of_them()),
    *[
        Row(f"segmentation-{what}", "GET", only(*SEES_MASKS), of(whose))
        for what in ("detail", "labels", "download")
        for whose in ("start", "submission")
    ],
    Row("segmentation-probability", "GET", only(*SEES_PROBABILITIES), lambda world: [world.things.start.pk, "tumour"]),
    Row("label-scheme-list", "GET", all_of_them()),
    Row("label-scheme-detail", "GET", all_of_them(), lambda world: [world.things.study.scheme_id]),
]

ONE_IMPORT = only("lead", others=403, blinded_lead=404, other_lead=404, administrator=404)
IMPORTS = [
    Row("import-list", "GET", only(*MAY_LEAD, others=403)),
    Row("import-list", "POST", only(*MAY_LEAD, gets=201, others=403), body=says(synthetic=True)),
    Row("import-detail", "GET", ONE_IMPORT, of("delivery")),
    Row("import-announce", "POST", {**ONE_IMPORT, "lead": 201}, of("delivery"), says(path="P1/flair.nii.gz", size=10)),
    Row("import-parse", "POST", {**ONE_IMPORT, "lead": 409}, of("delivery")),  # its file has not arrived
    Row("import-correct", "PATCH", {**ONE_IMPORT, "lead": 409}, of("delivery"), says(rows=[])),
    Row("import-confirm", "POST", {**ONE_IMPORT, "lead": 409}, of("delivery")),
    Row("import-discard", "POST", ONE_IMPORT, of("delivery")),
    Row("upload-detail", "GET", ONE_IMPORT, of("upload")),
    *[
        Row(
            "upload-detail",
            method,
            ONE_IMPORT,
            of("upload"),
            lambda _: b"piece",
            "application/octet-stream",
            lambda _: {"Upload-Offset": "0"},
        )
        for method in ("PATCH", "PUT")
    ],
    Row("upload-detail", "DELETE", {**ONE_IMPORT, "lead": 204}, of("upload")),
]

STUDIES = [
    Row("start-raters", "GET", all_of_them()),
    Row("second-sources", "GET", all_of_them()),
    Row("study-list", "GET", all_of_them()),
    Row(
        "study-list",
        "POST",
        only(*MAY_LEAD, gets=201, others=403),
        body=lambda world: {"name": "New", "scheme": world.things.study.scheme_id},
    ),
    Row("study-detail", "GET", only(*MEMBERS), of("study")),
    Row("study-detail", "PATCH", only(*LEADS), of("study"), says(description="Changed")),
    Row("study-start", "POST", only(*LEADS), of("draft")),
    Row("study-close", "POST", only(*LEADS), of("study")),
    Row(
        "study-add-cases",
        "POST",
        only("lead", "administrator"),  # the other lead does not see that case
        of("study"),
        lambda world: {"cases": [world.things.spare.pk]},
    ),
    Row("study-remove-case", "DELETE", only(*LEADS), of("draft", "case")),
    Row("study-begin-without-start-mask", "POST", only(*LEADS, gets=204), of("study", "case")),
    Row("study-retry-start-mask", "POST", only(*LEADS, gets=204), of("study", "case")),
    Row("study-members", "GET", only(*LEADS), of("study")),
    Row(
        "study-members",
        "POST",
        only(*LEADS, gets=201),
        of("study"),
        says(email="new@hospital.example", role="observer"),
    ),
    Row("study-end-membership", "DELETE", only(*LEADS, gets=204), of("study", "member")),
    Row("study-board-", "GET", only(*LEADS), of("study")),
    Row(
        "study-return-", "POST", only(*LEADS, gets=204), of("study", "submitted"), says(reason="The cavity is missing.")
    ),
    Row("study-reading", "GET", only(*OWNER), of("study", "submitted")),
    Row("study-exports", "GET", only(*OWNER), of("study")),
    Row("study-exports", "POST", only(*OWNER, gets=201), of("study"), says(suffix=".nii.gz")),
    Row("study-export-file", "GET", only(*OWNER), of("study", "export")),
]

ANNOTATION = [
    Row("assignment-list", "GET", all_of_them()),
    Row("assignment-my-week", "GET", all_of_them()),
    Row("assignment-next", "GET", all_of_them(204, rater=200, blinded_lead=200)),
    Row("assignment-detail", "GET", RATER_ONLY, of("assignment")),
    Row("assignment-open", "POST", {**RATER_ONLY, "rater": 204}, of("assignment")),
    Row("assignment-image", "GET", RATER_ONLY, lambda world: [world.things.assignment.pk, 0]),
    Row("assignment-thumbnail", "GET", RATER_ONLY, lambda world: [world.things.assignment.pk, 0]),
    Row("assignment-start", "GET", RATER_ONLY, of("assignment")),
    Row("assignment-previous", "GET", RATER_ONLY, of("assignment")),
    Row("assignment-probability", "GET", RATER_ONLY, lambda world: [world.things.assignment.pk, "tumour"]),
    Row("assignment-draft", "GET", RATER_ONLY, of("second")),
    Row("assignment-draft", "PUT", RATER_ONLY, of("second"), lambda _: saving(EMPTY_MASK), SAVING, _base),
    Row("assignment-versions", "GET", RATER_ONLY, of("second")),
    Row("assignment-branch", "GET", RATER_ONLY, of("second", "branch")),
    Row("assignment-submission", "GET", only("other_rater", gets=409), lambda world: [world.things.submitted.pk, 1]),
    Row(
        "assignment-submit",
        "POST",
        {**RATER_ONLY, "rater": 201},
        of("assignment"),
        says(sequence=0, answers=ANSWERS, active_seconds=60),
    ),
    Row("assignment-problem", "POST", {**RATER_ONLY, "rater": 204}, of("assignment"), says(text="Blurred.")),
    Row("problem-list", "GET", all_of_them()),
    Row("problem-settle", "POST", only(*LEADS, gets=204), of("problem")),
]

REST = [
    Row("model-list", "GET", all_of_them()),
    Row("model-detail", "GET", only(*MAY_LEAD), of("model")),
    Row("report-list", "GET", all_of_them()),
    Row("report-detail", "GET", only(*RESULTS), of("report")),
    Row("report-compare", "GET", only(*RESULTS), of("report", "report")),
    Row("report-recompute", "POST", only(*OWNER, gets=201), of("report")),
    Row("report-kinds", "GET", only(*OWNER), of("study")),
    Row("report-file", "GET", only(*RESULTS), lambda world: [world.things.report.pk, "volumes.csv"]),
    Row(
        "report-list",
        "POST",
        only(*OWNER, gets=422),  # one rater has handed in: not enough for a report
        body=lambda world: {"study": world.things.study.pk},
    ),
]

AGREEMENT = [
    Row("agreement", "GET", all_of_them()),
    Row("study-agreement", "GET", only(*RESULTS), of("study")),
    Row("disagreement-map-list", "GET", all_of_them()),
    Row("disagreement-map-image", "GET", only(*RESULTS), of("disagreement")),
]

TABLE = [*PEOPLE, *JOBS, *CASES, *IMPORTS, *STUDIES, *ANNOTATION, *REST, *AGREEMENT]

SIGN_IN: dict[tuple[str, str], tuple[Statuses, Any]] = {
    ("config", "GET"): (open_to_the_world(), None),
    ("auth/session", "GET"): (all_of_them(), None),
    ("auth/session", "DELETE"): (open_to_the_world(401), None),  # "you are out now"
    ("auth/login", "POST"): (
        open_to_the_world(400),
        {"email": "nobody@hospital.example", "password": "wrong password"},
    ),
    ("auth/reauthenticate", "POST"): (all_of_them(400), {"password": "wrong password"}),
    ("auth/password/request", "POST"): (open_to_the_world(), {"email": "nobody@hospital.example"}),
    ("auth/password/reset", "POST"): (open_to_the_world(400), {"key": "1-2", "password": "a good password"}),
    ("auth/2fa/authenticate", "POST"): (open_to_the_world(401), {"code": "123456"}),
    ("auth/2fa/reauthenticate", "POST"): (all_of_them(400), {"code": "123456"}),
    ("account/password/change", "POST"): (
        all_of_them(400),
        {"current_password": "wrong password", "new_password": "a good password"},
    ),
    ("account/authenticators", "GET"): (all_of_them(), None),
    ("account/authenticators/totp", "GET"): (all_of_them(404), None),  # none is set up
    ("account/authenticators/recovery-codes", "GET"): (all_of_them(404), None),
}
"""The open addresses of allauth under `_allauth/browser/v1/`."""
