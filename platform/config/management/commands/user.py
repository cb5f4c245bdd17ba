"""Make accounts from the command line: the first administrator of an installation, above all."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from audit.services import record
from cases.access import appoint_administrator
from core.errors import DomainError
from people.models import User
from people.services import check_password


class Command(BaseCommand):
    """`overread user add [EMAIL] [--name NAME] [--administrator] [--lead]`.

    The password is asked for at the terminal, or read as one line from stdin where there is none: never from the
    command line or the environment, which other programs of the machine can read.
    """

    help = "Add an account, or give an existing one a right: overread user add EMAIL --administrator"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the person and their rights."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="add")
        add = verbs.add_parser("add", help="add an account, or give an existing one a right")
        add.add_argument("email", nargs="?", default="", help="asked for when it is left out")
        add.add_argument("--name", default="", help="how the person is called on the pages")
        add.add_argument("--administrator", action="store_true", help="administers the site and sees everything")
        add.add_argument("--lead", action="store_true", help="may import cases and start studies")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the account, with its rights, in one step."""
        email = (options["email"] or _ask("E-mail address: ")).strip().lower()
        try:
            validate_email(email)
            with transaction.atomic():
                user = User.objects.filter(email__iexact=email).first() or self._add(email, options["name"])
                if options["lead"] and not user.may_lead:
                    User.objects.filter(pk=user.pk).update(may_lead=True)
                    record("user.changed", user, may_lead=True)
                if options["administrator"]:
                    appoint_administrator(user=user)
        except ValidationError as error:
            raise CommandError(f"{email!r} is no e-mail address.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        rights = [word for word in ("administrator", "lead") if options[word]]
        self.stdout.write(f"{user.email} can sign in{' as ' + ' and '.join(rights) if rights else ''}.")

    def _add(self, email: str, name: str) -> User:
        user = User(email=email, name=name or email.partition("@")[0])
        password = _secret()
        check_password(password, user)
        user = User.objects.create_user(email, password, name=user.name)
        record("user.created", user, email=email)
        return user


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("Say whose account it is: overread user add EMAIL")
    return input(question)


def _secret() -> str:
    """Return the new password, typed twice at a terminal, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (at least 10 characters): ")
    if first != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ. Nothing was changed.")
    return first
