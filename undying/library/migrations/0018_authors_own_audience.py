from django.db import migrations
from django.db.models import F


def take_her_word(apps, schema_editor):
    """Works that were written here are for whom their authors say, wherever they are taken."""
    written = apps.get_model('library', 'Work').objects.filter(site='').exclude(original_audience=F('audience'))
    written.update(original_audience=F('audience'))


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0017_gifts'),
    ]

    operations = [
        migrations.RunPython(take_her_word, migrations.RunPython.noop),
    ]
