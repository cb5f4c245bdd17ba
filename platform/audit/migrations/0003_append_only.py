"""The database refuses to change or delete a line of the audit trail."""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit_event_is_append_only'); END",
    "CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit_event_is_append_only'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit_event_is_append_only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
]
UNDO = {
    "sqlite": ["DROP TRIGGER audit_event_is_never_changed", "DROP TRIGGER audit_event_is_never_deleted"],
    "postgresql": ["DROP TRIGGER audit_event_is_append_only ON audit_event", "DROP FUNCTION audit_event_refuse()"],
}


def protect(apps, editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def release(apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]
    operations = [migrations.RunPython(protect, release)]
