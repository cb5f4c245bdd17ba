"""Take masks and scores out of this installation, from its own machine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.export import export_segmentation, formats
from cases.models import Segmentation
from core.errors import DomainError
from studies.models import Study
from studies.services.exporting import write_export


class Command(BaseCommand):
    """`overread export --study NAME OUT.zip`, `overread export --segmentation ID FOLDER`, `overread export --list`."""

    help = "Write a study's masks and scores to a zip, or one segmentation to a folder, on the original grids."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what to take out and where to put it."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--study", help="the study's name or number")
        what.add_argument("--segmentation", type=int, help="the segmentation's number, as on the case's page")
        what.add_argument("--list", action="store_true", help="list the studies")
        parser.add_argument("out", nargs="?", type=Path, help="the zip to write, or the folder for one segmentation")
        parser.add_argument("--format", default=".nii.gz", choices=formats(), help="of the masks")
        parser.add_argument("--force", action="store_true", help="replace a file that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, or say in one sentence why not."""
        if options["list"]:
            for study in Study.objects.order_by("pk"):
                self.stdout.write(f"{study.pk:>5}  {study.state:<8} {study.name}")
            return
        if options["out"] is None:
            raise CommandError("Say where to write: overread export --study NAME OUT.zip")
        try:
            if options["study"]:
                self._study(options)
            else:
                self._segmentation(options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def _study(self, options: dict[str, Any]) -> None:
        wanted, out = options["study"], options["out"]
        by_number = Study.objects.filter(pk=int(wanted)) if wanted.isdigit() else Study.objects.none()
        study = by_number.first() or Study.objects.filter(name=wanted).first()
        if study is None:
            raise CommandError(f"There is no study {wanted!r}. 'overread export --list' names them.")
        part = out.with_name(out.name + ".part")
        _refuse_to_replace(out, force=options["force"])
        try:
            count = write_export(study, part, suffix=options["format"], report=self._say)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{count} readings of '{study.name}' are in {out}.")

    def _segmentation(self, options: dict[str, Any]) -> None:
        found = Segmentation.objects.select_related("series", "scheme", "case__patient")
        segmentation = found.filter(pk=options["segmentation"]).first()
        if segmentation is None:
            raise CommandError(f"There is no segmentation {options['segmentation']}.")
        options["out"].mkdir(parents=True, exist_ok=True)
        for name, content in export_segmentation(segmentation, suffix=options["format"]).items():
            path = options["out"] / name
            _refuse_to_replace(path, force=options["force"])
            path.write_bytes(content)
            self.stdout.write(str(path))

    def _say(self, percent: float, step: str) -> None:
        self.stderr.write(f"{percent:3.0f} %  {step}")


def _refuse_to_replace(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise CommandError(f"{path} is there already. Choose another name, or add --force to replace it.")
