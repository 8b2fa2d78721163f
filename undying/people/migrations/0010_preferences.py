from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_default_pen_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='preferred',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
