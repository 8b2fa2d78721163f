from django.db import migrations

from undying.library.names import beginnings

AT_A_TIME = 2000


def forget_accounts(apps, _schema_editor):
    """A pen name that is not linked is no longer found by its account's name."""
    pseuds = apps.get_model('people', 'Pseud').objects.filter(user__isnull=False, is_linked=False)
    words = apps.get_model('finding', 'PersonWord')
    named = list(pseuds.values_list('pk', 'name'))
    for start in range(0, len(named), AT_A_TIME):
        some = named[start:start + AT_A_TIME]
        known = set(words.objects.filter(pseud__in=[number for number, _ in some]).values_list('pseud', flat=True))
        words.objects.filter(pseud__in=known).delete()
        words.objects.bulk_create(
            words(pseud_id=number, word=word)
            for number, name in some if number in known for word in dict.fromkeys(beginnings(name))
        )


class Migration(migrations.Migration):

    dependencies = [
        ('finding', '0002_indexes_of_words'),
        ('people', '0008_pen_names'),
    ]

    operations = [
        migrations.RunPython(forget_accounts, migrations.RunPython.noop),
    ]
