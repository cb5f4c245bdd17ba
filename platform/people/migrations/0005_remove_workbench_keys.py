from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_keys_become_settings'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='user',
            name='workbench_keys',
        ),
    ]
