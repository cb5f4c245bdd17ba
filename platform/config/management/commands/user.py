"""`overread user`: make the first account, and get back in when nobody can."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit.services import record
from cases.access import appoint_administrator
from core.errors import DomainError
from people.models import User
from people.services import check_password


class Command(BaseCommand):
    """Accounts from the command line; everybody else is invited in the browser."""

    help = "Make an account, give it a new password, or make it an administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do and for whom."""
        commands = parser.add_subparsers(dest="what", required=True, metavar="add|password|administrator|list")
        add = commands.add_parser("add", help="make an account; asks for its password")
        add.add_argument("--name", default="", help="the person's name as others see it (default: the address)")
        add.add_argument("--administrator", action="store_true", help="may administer the site")
        add.add_argument("--may-lead", action="store_true", help="may import cases and start studies")
        password = commands.add_parser("password", help="give an account a new password")
        administrator = commands.add_parser("administrator", help="let an account administer the site")
        for command in (add, password, administrator):
            command.add_argument("email", help="the e-mail address that the person signs in with")
        for command in (add, password):
            command.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        commands.add_parser("list", help="show all accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it in one transaction and say what was done."""
        try:
            with transaction.atomic():
                self.stdout.write(getattr(self, f"_{options['what']}")(options))
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _add(self, options: dict[str, Any]) -> str:
        email = options["email"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise DomainError(f"There is an account of {email} already: 'overread user password {email}' changes it.")
        leads = options["may_lead"] or options["administrator"]
        user = User.objects.create_user(email, name=options["name"] or email, may_lead=leads)
        self._set_password(user, from_stdin=options["password_stdin"])
        record("user.created", user, email=email, may_lead=leads)
        if options["administrator"]:
            appoint_administrator(user=user)
        return f"{email} can sign in" + (" and administers the site." if options["administrator"] else ".")

    def _password(self, options: dict[str, Any]) -> str:
        user = _account(options["email"])
        self._set_password(user, from_stdin=options["password_stdin"])
        record("user.password_set", user)
        return f"{user.email} has a new password, and is signed out everywhere."

    def _administrator(self, options: dict[str, Any]) -> str:
        user = _account(options["email"])
        appoint_administrator(user=user)
        return f"{user.email} administers the site."

    def _list(self, options: dict[str, Any]) -> str:
        return "\n".join(_described(user) for user in User.objects.order_by("email")) or "There is no account yet."

    def _set_password(self, user: User, *, from_stdin: bool) -> None:
        password = sys.stdin.readline().rstrip("\n") if from_stdin else _asked()
        check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])


def _account(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise DomainError(f"There is no account of {email}: 'overread user list' shows all.")
    return user


def _described(user: User) -> str:
    marks = [
        "administrator" if user.is_superuser else "",
        "may lead" if user.may_lead else "",
        "" if user.is_active else "deactivated",
        "" if user.has_usable_password() else "invited",
    ]
    return f"{user.email:<40} {user.name:<30} {', '.join(filter(None, marks))}".rstrip()


def _asked() -> str:
    """Ask for a password twice; it is not shown."""
    if not sys.stdin.isatty():
        raise DomainError("There is no terminal to ask for the password: give it with --password-stdin.")
    password = getpass("Password (not shown): ")
    if getpass("The same again: ") != password:
        raise DomainError("The two were not the same: nothing was changed.")
    return password
