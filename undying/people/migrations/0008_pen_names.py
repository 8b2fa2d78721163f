from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Lower


def link_their_namesakes(apps, _schema_editor):
    """What bears its account's name tells nothing by it. Of all others nobody has said that they may be linked."""
    pseuds = apps.get_model('people', 'Pseud').objects.exclude(user=None)
    same = pseuds.annotate(mine=Lower('name'), its=Lower('user__username')).filter(mine=F('its'))
    pseuds.filter(pk__in=list(same.values_list('pk', flat=True))).update(is_linked=True)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_browser'),
    ]

    operations = [
        migrations.AddField(
            model_name='pseud',
            name='is_linked',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(link_their_namesakes, migrations.RunPython.noop),
    ]
