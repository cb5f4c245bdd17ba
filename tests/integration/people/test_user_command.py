"""`overread user add`: the first account of an installation."""

import io

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from cases.models import Access
from people.models import User
from tests.factories import PASSWORD, UserFactory
from tests.integration.people.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def test_the_first_administrator_signs_in_and_sees_everything(piped: None) -> None:
    said = io.StringIO()
    call_command("user", "add", "Ada@Hospital.example", "--name", "Ada", "--administrator", "--lead", stdout=said)
    user = User.objects.get(email="ada@hospital.example")
    assert (user.name, user.is_superuser, user.may_lead) == ("Ada", True, True)
    assert Access.objects.of(user).to_everything().exists()
    assert said.getvalue() == "ada@hospital.example can sign in as administrator and lead.\n"
    assert Browser().sign_in("ada@hospital.example").status_code == 200
    assert Event.objects.filter(verb="administrator.appointed", actor=None).exists()


def test_an_existing_account_keeps_its_password_and_gets_the_right() -> None:
    user = UserFactory.create()
    call_command("user", "add", user.email, "--administrator", stdout=io.StringIO())
    user.refresh_from_db()
    assert user.is_superuser
    assert user.check_password(PASSWORD)


def test_a_weak_password_makes_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    with pytest.raises(CommandError, match="too short"):
        call_command("user", "add", "ada@hospital.example", "--administrator")
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "ada", "ada@"])
def test_what_is_no_address_is_refused(piped: None, email: str) -> None:
    with pytest.raises(CommandError):
        call_command("user", "add", email)
