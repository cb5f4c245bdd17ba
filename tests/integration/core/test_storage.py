"""Content-addressed storage: nothing twice, nothing lost, orphans swept after their grace."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core import storage
from core.models import StoredFile
from tests.factories import SegmentationFactory

pytestmark = pytest.mark.django_db


def age(days: int) -> None:
    StoredFile.objects.update(touched_at=timezone.now() - timedelta(days=days))


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "same"
    path.write_bytes(b"the same")
    assert storage.keep(b"the same") == storage.keep_file(path)
    assert storage.read(storage.keep(b"the same")) == b"the same"
    assert storage.keep(b"the same").sha256 == sha256(b"the same").hexdigest()


def test_a_file_that_nothing_points_to_is_swept_after_its_grace() -> None:
    orphan = storage.keep(b"orphan")
    assert storage.sweep() == 0
    age(8)
    assert storage.sweep() == 1
    assert not default_storage.exists(storage.name_of(orphan.sha256))
    assert not StoredFile.objects.filter(pk=orphan.pk).exists()


def test_a_file_that_is_pointed_to_stays() -> None:
    kept = SegmentationFactory.create().content
    age(1000)
    storage.sweep()
    assert storage.read(kept)


def test_keeping_again_touches_so_that_the_sweep_passes_by() -> None:
    storage.keep(b"needed again")
    age(1000)
    storage.keep(b"needed again")
    assert storage.sweep(grace=timedelta(days=1)) == 0


def test_a_file_left_half_written_by_a_crash_is_written_anew() -> None:
    digest = sha256(b"whole content").hexdigest()
    default_storage.save(storage.name_of(digest), ContentFile(b"whole"))
    assert storage.read(storage.keep(b"whole content")) == b"whole content"


def test_a_swept_file_can_be_kept_again() -> None:
    storage.keep(b"back again")
    storage.sweep(grace=-timedelta(days=1))
    assert storage.read(storage.keep(b"back again")) == b"back again"
