"""Import through the API as the browser does, and small images to import."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from rest_framework.test import APIClient

from cases.importing.staging import folder_of
from cases.models import Import

Files = Mapping[str, bytes | Path]
SHAPE = (24, 20, 16)


class Sender:
    """Somebody who imports through the API."""

    def __init__(self, client: APIClient, running_jobs: Any) -> None:
        self.client = client
        self._running_jobs = running_jobs

    def start(self, **fields: Any) -> str:
        answer = self.client.post("/api/v1/imports/", {"centre": "north", **fields})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def announce(self, delivery: str, path: str, size: int) -> Any:
        return self.client.post(f"/api/v1/imports/{delivery}/uploads/", {"path": path, "size": size})

    def send(self, upload: str, offset: int, content: bytes) -> Any:
        return self.client.patch(
            f"/api/v1/uploads/{upload}/",
            data=content,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def upload(self, delivery: str, path: str, content: bytes) -> None:
        answer = self.announce(delivery, path, len(content))
        assert answer.status_code == 201, answer.content
        for offset in range(0, len(content), 1 << 20):
            sent = self.send(answer.json()["id"], offset, content[offset : offset + (1 << 20)])
            assert sent.status_code == 200, sent.content

    def parse(self, delivery: str) -> Any:
        return self.post(delivery, "parse")

    def confirm(self, delivery: str) -> Any:
        return self.post(delivery, "confirm")

    def post(self, delivery: str, verb: str) -> Any:
        with self._running_jobs(execute=True):
            return self.client.post(f"/api/v1/imports/{delivery}/{verb}/")

    def correct(self, delivery: str, *rows: dict[str, Any], **more: Any) -> Any:
        return self.client.patch(f"/api/v1/imports/{delivery}/rows/", {"rows": list(rows), **more})

    def look(self, delivery: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/imports/{delivery}/")
        assert answer.status_code == 200, answer.content
        seen: dict[str, Any] = answer.json()
        return seen

    def preview(self, files: Files, **fields: Any) -> dict[str, Any]:
        """Upload files, have them parsed, and return the import as the browser sees it."""
        delivery = self.start(**fields)
        for path, content in files.items():
            self.upload(delivery, path, content.read_bytes() if isinstance(content, Path) else content)
        answer = self.parse(delivery)
        assert answer.status_code == 202, answer.content
        return self.look(delivery)

    def store(self, files: Files, **fields: Any) -> dict[str, Any]:
        """Import files as they are recognised and return the import as the browser sees it."""
        delivery = self.preview(files, **fields)["id"]
        answer = self.confirm(delivery)
        assert answer.status_code == 202, answer.content
        return self.look(delivery)


def staged(delivery: str) -> Path:
    """Return the staging folder of an import."""
    return folder_of(Import(pk=delivery))


def row_of(seen: dict[str, Any], file: str) -> dict[str, Any]:
    """Return the row of a file in a preview."""
    return next(row for row in seen["rows"] if row["file"] == file)


def nifti(array: Any, affine: Any = None, *, description: str = "") -> bytes:
    """Return an uncompressed NIfTI-1 file."""
    image = nib.Nifti1Image(array, np.eye(4) if affine is None else affine)
    image.header["descrip"] = description.encode()
    return bytes(image.to_bytes())


def head(seed: int = 0, *, shape: tuple[int, int, int] = SHAPE) -> bytes:
    """Return an image that is different for every seed."""
    values = np.random.default_rng(seed).integers(1, 900, shape).astype(np.int16)
    values[:4] = 0
    return nifti(values)


def mask(*values: int, shape: tuple[int, int, int] = SHAPE, affine: Any = None) -> bytes:
    """Return a label map with a block of each value."""
    labels = np.zeros(shape, np.uint8)
    for place, value in enumerate(values):
        labels[5 + 2 * place : 7 + 2 * place, 5:9, 5:9] = value
    return nifti(labels, affine)


def brats_2021(patient: str = "BraTS2021_00123") -> dict[str, bytes]:
    """Return a small exam with the names and label values of BraTS 2021."""
    images = {f"{patient}/{patient}_{name}.nii": head(seed) for seed, name in enumerate(("t1", "t1ce", "t2", "flair"))}
    return {**images, f"{patient}/{patient}_seg.nii": mask(1, 2, 4)}
