"""Make the label schemes that everybody starts from."""

from django.db import migrations

from cases.schemes import PRESETS


def add(apps, editor):
    scheme = apps.get_model("cases", "LabelScheme")
    for key, (name, definition) in PRESETS.items():
        scheme.objects.get_or_create(key=key, version=1, defaults={"name": name, "definition": definition})


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
