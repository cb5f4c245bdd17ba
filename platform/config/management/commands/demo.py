"""Make the demo study, or say again who can sign in to it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.demo.accounts import COMPLETED, known_accounts
from people.models import User


class Command(BaseCommand):
    """`manage.py demo`: safe to repeat; it writes the accounts to stdout and its progress to stderr."""

    help = "Make a study of synthetic cases with simulated raters, unless it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the demo where there is no study and no case yet."""
        completed = Path(settings.DATA_DIR) / COMPLETED
        if not completed.exists() and (known_accounts() or not User.objects.exists()):
            from config.demo.making import make_demo

            make_demo(lambda step: self.stderr.write(f"  {step} …"))
        for account in known_accounts():
            self.stdout.write(f"  {account.email:<24} {account.password:<34} {account.what}")
