"""The keys that people chose become the first of their settings of the workbench."""

from typing import Any

from django.db import migrations


def take_over(apps: Any, schema_editor: Any) -> None:
    """Write the keys down as a choice made before all others."""
    database = schema_editor.connection.alias
    settings = apps.get_model("people", "WorkbenchSettings").objects.using(database)
    for user in apps.get_model("people", "User").objects.using(database).exclude(workbench_keys={}):
        settings.create(user=user, choices={"keys": {"value": user.workbench_keys, "at": 0}})


class Migration(migrations.Migration):
    dependencies = [("people", "0003_workbench_settings")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
