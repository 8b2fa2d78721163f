import undying.kernel.fields
from django.db import migrations, models
from django.db.models import Min


def choose_the_oldest(apps, _schema_editor):
    """New works bore the oldest pen name of their account so far."""
    pseuds = apps.get_model('people', 'Pseud').objects
    oldest = pseuds.exclude(user=None).values('user').annotate(first=Min('pk')).values_list('first', flat=True)
    pseuds.filter(pk__in=list(oldest)).update(is_default=True)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_pen_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='pseud',
            name='description',
            field=undying.kernel.fields.ProseField(),
        ),
        migrations.AddField(
            model_name='pseud',
            name='is_default',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(choose_the_oldest, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='pseud',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user',), name='an_account_has_one_default_pen_name'),
        ),
    ]
