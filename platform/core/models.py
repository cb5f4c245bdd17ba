"""Files that were kept, named by their content."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class StoredFile(models.Model):
    """One kept file. Whatever needs it points to it; what nothing points to is swept after a grace period."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_is_named_by_a_sha256"
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
