"""The demo's accounts. Their passwords are drawn once per installation and kept beside the data for its owner."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from cases.models import Access
from cases.services import give_access
from people.models import Centre, User

WORDS = (  # noqa: SIM905 - a column of seventy words reads worse
    "amber anchor arrow aspen basil beacon birch bridge cedar cobalt comet copper coral crane delta ember "
    "falcon fern flint garnet harbour hazel heron indigo iris ivory jasper juniper lagoon lantern larch "
    "linden lotus lunar maple marble meadow mint nickel oak onyx opal orchid otter pearl pine plum quartz "
    "raven reed river robin rowan sable sage silver slate sorrel spruce swift teal thistle tulip velvet "
    "walnut willow"
).split()


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in to the demo."""

    key: str
    name: str
    email: str
    what: str
    password: str


PEOPLE = (
    ("lead", "Dr Lena Lead", "leads the demo study", "north"),
    ("expert1", "Dr Erik Expert", "expert rater, 12 years", "north"),
    ("expert2", "Dr Eva Expert", "expert rater, 8 years", "south"),
    ("novice", "Nora Novice", "novice rater, 1 year", "south"),
    ("admin", "Ada Administrator", "site administrator", "north"),
)
COMPLETED = "demo-complete"
"""The file in the data folder whose presence says that the demo is whole."""
CENTRES = {"north": "Northern University Hospital (demo)", "south": "Southern Clinic (demo)"}


def file_of_accounts() -> Path:
    """Return where the demo's passwords are kept, readable by the owner of the data alone."""
    return Path(settings.DATA_DIR) / "demo-accounts.json"


def known_accounts() -> list[DemoAccount]:
    """Return the accounts with their passwords, or none when the demo was not made here."""
    try:
        rows = json.loads(file_of_accounts().read_text())
    except FileNotFoundError:
        return []
    return [DemoAccount(**row) for row in rows]


def make_accounts() -> dict[str, User]:
    """Make the accounts that are missing, write all passwords down, and return the users by key."""
    if known_accounts():
        return {account.key: User.objects.get(email=account.email) for account in known_accounts()}
    centres = {
        code: Centre.objects.get_or_create(code=f"demo-{code}", defaults={"name": name})[0]
        for code, name in CENTRES.items()
    }
    accounts, users = [], {}
    for key, name, what, centre in PEOPLE:
        password = "-".join(secrets.choice(WORDS) for _ in range(4))
        account = DemoAccount(key, name, f"{key}@demo.example", what, password)
        users[key], _ = User.objects.get_or_create(
            email=account.email,
            defaults={"name": name, "centre": centres[centre], "may_lead": key in ("lead", "admin")},
        )
        users[key].set_password(password)
        users[key].save(update_fields=["password"])
        accounts.append(account)
    admin = users["admin"]
    User.objects.filter(pk=admin.pk).update(is_superuser=True, is_staff=True)
    give_access(user=admin, grant=Access.Grant.EVERYTHING, reason="administrator")
    _write(accounts)
    return users


def _write(accounts: list[DemoAccount]) -> None:
    path = file_of_accounts()
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([asdict(account) for account in accounts], indent=1))
    draft.replace(path)
