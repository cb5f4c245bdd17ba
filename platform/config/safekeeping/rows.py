"""Copy every row from one database to another, and show that they are the same."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

from core.errors import DomainError

BATCH = 500
Summary = dict[str, tuple[int, str]]


def all_models() -> list[type[models.Model]]:
    """Return every model with a table of its own, the tables of many-to-many relations included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def copy_rows(*, source: str, target: str) -> Summary:
    """Replace the rows of the target database by those of the source, all or none, and return what was copied.

    Both are up to date. The target's foreign keys are checked when the transaction ends, so the order of the tables
    does not matter; then counts and digests of every table are compared.
    """
    with transaction.atomic(using=target):
        _clear(target)
        for model in all_models():
            for batch in _batches(model, source):
                _insert(model, batch, target)
        _go_on_counting(target)
        copied, original = summarise(target), summarise(source)
        if copied != original:
            differing = sorted(name for name in original if original[name] != copied[name])
            raise DomainError(f"The copy differs from the original in {', '.join(differing)}: nothing was kept.")
    return copied


def count_rows(alias: str) -> dict[str, int]:
    """Return the number of rows of every table."""
    return {model._meta.label: model._base_manager.using(alias).count() for model in all_models()}


def summarise(alias: str) -> Summary:
    """Return, for every table, the number of its rows and a digest of their contents.

    The digest is a sum over the rows, since databases sort text differently.
    """
    return {model._meta.label: _summary(model, alias) for model in all_models()}


def _summary(model: type[models.Model], alias: str) -> tuple[int, str]:
    count, total = 0, 0
    names = [field.attname for field in _fields(model)]
    for batch in _batches(model, alias):
        for row in batch:
            values = json.dumps([getattr(row, name) for name in names], sort_keys=True, default=str)
            total += int.from_bytes(sha256(values.encode()).digest(), "big")
        count += len(batch)
    return count, f"{total % 2**256:064x}"


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _batches(model: type[models.Model], alias: str) -> Iterator[list[models.Model]]:
    batch: list[models.Model] = []
    for row in model._base_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _insert(model: type[models.Model], rows: list[models.Model], alias: str) -> None:
    """Insert the rows as they are: no time is set anew, and no default is filled in."""
    fields = _fields(model)
    size = max(1, connections[alias].ops.bulk_batch_size(fields, rows))
    for first in range(0, len(rows), size):
        manager: Any = model._base_manager
        manager._insert(rows[first : first + size], fields=fields, using=alias, raw=True)


def _clear(alias: str) -> None:
    """Empty every table: what migrations put there, and on a forced restore what was there before."""
    connection = connections[alias]
    tables = [model._meta.db_table for model in all_models()]
    if connection.vendor == "postgresql":  # row by row, the audit trail would refuse
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))} CASCADE")
        return
    for model in all_models():
        manager: Any = model._base_manager.using(alias)
        manager._raw_delete(alias)


def _go_on_counting(alias: str) -> None:
    """Let the next row get the number after the last one."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), all_models()):
            cursor.execute(statement)
