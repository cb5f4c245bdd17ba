"""How jobs look from outside."""

from django.utils import timezone
from rest_framework import serializers

from jobs.models import Job

ENOUGH_PERCENT = 3


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job as whoever asked for it sees it."""

    seconds = serializers.SerializerMethodField(help_text="how long this attempt has been running, or ran")
    seconds_left = serializers.SerializerMethodField(help_text="a forecast; null while nothing can be said")

    class Meta:
        model = Job
        fields = [
            "id", "kind", "status", "percent", "step", "error", "attempt", "created_at", "started_at", "finished_at",
            "seconds", "seconds_left",
        ]  # fmt: skip

    def get_seconds(self, job: Job) -> float | None:
        if job.started_at is None:
            return None
        return round(((job.finished_at or timezone.now()) - job.started_at).total_seconds(), 2)

    def get_seconds_left(self, job: Job) -> int | None:
        seconds = self.get_seconds(job)
        if job.status != Job.Status.RUNNING or seconds is None or job.percent < ENOUGH_PERCENT:
            return None
        return round(seconds * (100 - job.percent) / job.percent)


class JobDetailSerializer(JobSerializer):
    """One job."""

    class Meta(JobSerializer.Meta):
        fields = [*JobSerializer.Meta.fields, "result"]


class JobForAdministratorSerializer(JobDetailSerializer):
    """One job with what helps to find out why it failed: the traceback, the machine, the parameters."""

    class Meta(JobDetailSerializer.Meta):
        fields = [*JobDetailSerializer.Meta.fields, "key", "params", "queue", "worker", "detail", "sends"]
