"""The first account comes from the command line."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from people.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is on standard input."""

    def put(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return put


def test_an_empty_installation_gets_its_administrator(client: Any, typed: Any) -> None:
    typed("a horse, a battery\n")
    call_command("user", "add", "Ada@Example.org", "--name", "Ada", "--administrator", "--password-stdin")
    user = User.objects.get(email="ada@example.org")
    assert user.is_superuser
    assert user.may_lead
    assert client.login(email="ada@example.org", password="a horse, a battery")
    assert Event.objects.filter(verb="administrator.appointed", subject_id=str(user.pk)).exists()


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", ""])
def test_a_weak_password_makes_no_account(password: str, typed: Any) -> None:
    typed(f"{password}\n")
    with pytest.raises(CommandError, match=r"This password is"):
        call_command("user", "add", "ada@example.org", "--password-stdin")
    assert not User.objects.exists()


def test_an_account_is_not_made_twice(typed: Any) -> None:
    user = UserFactory.create()
    typed("a horse, a battery\n")
    with pytest.raises(CommandError, match=r"There is an account of .* already"):
        call_command("user", "add", user.email.upper(), "--password-stdin")


def test_a_lost_password_is_replaced(client: Any, typed: Any) -> None:
    user = UserFactory.create()
    typed("a horse, a battery\n")
    call_command("user", "password", user.email, "--password-stdin")
    assert client.login(email=user.email, password="a horse, a battery")


def test_nobody_is_asked_where_there_is_no_terminal(typed: Any) -> None:
    typed("a horse, a battery\n")
    with pytest.raises(CommandError, match=r"give it with --password-stdin"):
        call_command("user", "add", "ada@example.org")


def test_an_unknown_account_is_named(typed: Any) -> None:
    with pytest.raises(CommandError, match=r"There is no account of nobody@example.org"):
        call_command("user", "administrator", "nobody@example.org")
