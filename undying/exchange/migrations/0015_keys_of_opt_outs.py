from django.db import migrations, models

from undying.exchange import optouts


def note_the_key(apps, _schema_editor):
    """What is here was noted under the key that the archive has now, as far as anybody can tell."""
    rows = apps.get_model('exchange', 'OptOut').objects.filter(key='')
    if rows.exists():
        rows.update(key=optouts.key_mark())


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0014_merged_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='optout',
            name='key',
            field=models.CharField(default='', max_length=16),
            preserve_default=False,
        ),
        migrations.RunPython(note_the_key, migrations.RunPython.noop),
    ]
