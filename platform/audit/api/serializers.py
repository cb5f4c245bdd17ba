"""How the audit trail looks."""

from rest_framework import serializers

from audit.models import Event


class EventSerializer(serializers.ModelSerializer[Event]):
    """One line of the trail."""

    actor = serializers.SerializerMethodField(help_text="e-mail address; empty: the platform itself")

    class Meta:
        model = Event
        fields = ["id", "at", "actor", "verb", "subject_type", "subject_id", "detail"]

    def get_actor(self, event: Event) -> str:
        return str(getattr(event.actor, "email", ""))
