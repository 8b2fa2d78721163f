import undying.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0011_icon'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='about',
            field=undying.kernel.fields.ProseField(),
        ),
    ]
