import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_preferences'),
    ]

    operations = [
        migrations.CreateModel(
            name='Icon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.BinaryField()),
                ('alt', models.CharField(blank=True, max_length=250)),
                ('pseud', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='icon', to='people.pseud')),
            ],
        ),
    ]
