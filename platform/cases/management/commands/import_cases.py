"""`overread import PATH`: bring images and masks from this machine into the platform."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from cases.importing import deliveries
from cases.importing.gathering import Problem
from cases.importing.local import bring, look_through
from cases.importing.preview import lines_of
from cases.importing.rows import rows_of
from cases.importing.working import work
from cases.models import Import, LabelScheme
from core.errors import DomainError
from jobs.models import Job
from people.models import Centre, User


class Command(BaseCommand):
    """Show what is recognised in a file, folder or archive, and store it after a confirmation."""

    help = "Import a file, a folder or an archive of images and masks. Nothing is stored before you confirm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name what can be said."""
        parser.add_argument("path", type=Path, help="a file, a folder, or a .zip, .tar or .tar.gz archive")
        parser.add_argument("--centre", default="", help="code of the centre (default: the importer's own)")
        parser.add_argument("--scheme", default="", help="key of the label scheme that masks are read with")
        parser.add_argument("--as", dest="email", default="", help="e-mail address of the person who imports")
        parser.add_argument("--patient", default="", help="pseudonym, when all files are of one patient")
        parser.add_argument("--synthetic", action="store_true", help="mark the cases as synthetic")
        parser.add_argument("--yes", action="store_true", help="store without asking; what has a problem is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or leave nothing behind."""
        try:
            delivery = self._start(options)
        except DomainError as error:
            raise CommandError(str(error)) from None
        try:
            self._import(delivery, options)
        except DomainError as error:
            raise CommandError(str(error)) from None
        finally:
            if not Import.objects.filter(pk=delivery.pk, state=Import.State.DONE).exists():
                deliveries.discard(delivery=delivery, by=delivery.owner)

    def _start(self, options: dict[str, Any]) -> Import:
        owner = importer(options["email"])
        return deliveries.start(
            owner=owner,
            centre=centre_of(owner, options["centre"]),
            scheme=scheme_named(options["scheme"]),
            synthetic=options["synthetic"],
        )

    def _import(self, delivery: Import, options: dict[str, Any]) -> None:
        problems = self._bring_all(delivery, options["path"])
        finish(delivery, deliveries.parse(delivery=delivery), "Reading")
        self._tell_problems([*problems, *(Problem(**one) for one in delivery.problems)])
        if delivery.state != Import.State.PREVIEW:
            raise CommandError(delivery.error or "Nothing was recognised.")
        self._correct(delivery, options["patient"])
        for line in lines_of(rows_of(delivery)):
            self.stdout.write(line)
        leave_out_faulty(delivery)
        self._ask(delivery, sure=options["yes"])
        finish(delivery, deliveries.confirm(delivery=delivery), "Storing")
        if delivery.state != Import.State.DONE:
            raise CommandError(delivery.error or "Storing did not succeed.")
        for case in delivery.result["cases"]:
            self.stdout.write(f"Stored case {case['id']}: {case['patient']}, {', '.join(case['sequences'])}")

    def _bring_all(self, delivery: Import, path: Path) -> list[Problem]:
        files, problems = look_through(path)
        if not files:
            self._tell_problems(problems)
            raise CommandError("No file can be read there.")
        total = sum(file.size for file in files)
        with tqdm(total=total, unit="B", unit_scale=True, desc="Copying", disable=not sys.stderr.isatty()) as bar:
            for file in files:
                try:
                    bring(delivery=delivery, file=file, done=bar.update)
                except (DomainError, OSError) as error:
                    raise CommandError(f"{file.name}: {error}") from None
        return problems

    def _correct(self, delivery: Import, patient: str) -> None:
        if patient:
            corrections = [{"id": row.id, "patient": patient} for row in rows_of(delivery)]
            deliveries.correct(delivery=delivery, corrections=corrections)
            delivery.refresh_from_db()

    def _tell_problems(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.stderr.write(f"Refused: {problem.file}: {problem.reason}")

    def _ask(self, delivery: Import, *, sure: bool) -> None:
        included = [row for row in rows_of(delivery) if row.include]
        if not included:
            raise CommandError("Every file has a problem (see above). Nothing was stored.")
        cases = len({row.exam for row in included})
        question = f"Store {len(included)} files as {cases} case{'s' if cases > 1 else ''}? [y/N] "
        if sure:
            return
        if not sys.stdin.isatty():
            raise CommandError("Nothing was stored. Add --yes to store without being asked.")
        if input(question).strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was stored.")


def finish(delivery: Import, job: Job, what: str) -> None:
    """See a job of an import through, and look where the import stands then."""
    work(job, what)
    deliveries.settle(delivery)
    delivery.refresh_from_db()


def importer(email: str) -> User:
    """Return who imports: the person named, or the only administrator."""
    people = User.objects.filter(is_active=True)
    if email:
        person = people.filter(email__iexact=email).first()
        if person is None:
            raise DomainError(f"There is no active account {email}.")
        return person
    administrators = list(people.filter(is_superuser=True)[:2])
    if len(administrators) != 1:
        raise DomainError("Say who imports: --as EMAIL.")
    return administrators[0]


def centre_of(owner: User, code: str) -> Centre:
    """Return the centre named, the importer's own, or the only one there is."""
    centres = {centre.code: centre for centre in Centre.objects.all()}
    if code and code not in centres:
        raise DomainError(f"There is no centre {code}. There are: {', '.join(centres) or 'none'}.")
    if code:
        return centres[code]
    if owner.centre is not None:
        return owner.centre
    if len(centres) != 1:
        raise DomainError(f"Say into which centre: --centre CODE ({', '.join(centres) or 'make one first'}).")
    return next(iter(centres.values()))


def scheme_named(key: str) -> LabelScheme | None:
    """Return the latest version of a scheme, or none when none is named."""
    if not key:
        return None
    scheme = LabelScheme.objects.filter(key=key).order_by("-version").first()
    if scheme is None:
        known = sorted(set(LabelScheme.objects.values_list("key", flat=True)))
        raise DomainError(f"There is no label scheme {key}. There are: {', '.join(known)}.")
    return scheme


def leave_out_faulty(delivery: Import) -> None:
    """Leave out the rows that have a problem, and those that get one because others were left out."""
    while faulty := [row.id for row in rows_of(delivery) if row.include and row.problem]:
        deliveries.correct(delivery=delivery, corrections=[{"id": one, "include": False} for one in faulty])
        delivery.refresh_from_db()
