import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_workbench_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkbenchSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=0, help_text='how often they were kept')),
                ('choices', models.JSONField(blank=True, default=dict)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='workbench_settings', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
