import credpoints.accounts.models
import credpoints.common.translated
import credpoints.organisations.models
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('kind', models.CharField(choices=[('university', 'university'), ('vet_provider', 'vocational provider'), ('training_centre', 'training centre'), ('authority', 'qualification authority'), ('company', 'company'), ('coordinator', 'coordinator'), ('other', 'other')], max_length=20)),
                ('name', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='name')),
                ('short_name', models.CharField(blank=True, max_length=50, verbose_name='short name')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='region')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='city')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('mail_domains', models.JSONField(blank=True, default=list)),
                ('identifiers', models.JSONField(blank=True, default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('preset', models.CharField(blank=True, max_length=30)),
                ('title', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='title')),
                ('aim', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='aim')),
                ('eligibility_text', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='eligibility in plain words')),
                ('funding_note', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='funding note')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('open', 'published'), ('archived', 'archived')], default='draft', max_length=10)),
                ('stages', models.JSONField(default=credpoints.organisations.models.all_stages)),
                ('languages', models.JSONField(default=list)),
                ('default_language', models.CharField(default='de', max_length=10)),
                ('time_zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone])),
                ('hours_per_credit', models.DecimalField(decimal_places=1, default=Decimal('30'), max_digits=4)),
                ('places', models.PositiveIntegerField(blank=True, null=True, verbose_name='places')),
                ('applications_open_at', models.DateTimeField(blank=True, null=True)),
                ('applications_close_at', models.DateTimeField(blank=True, null=True)),
                ('answer_within_days', models.PositiveSmallIntegerField(default=21)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=50)),
                ('certificate_approvals', models.PositiveSmallIntegerField(default=2)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('is_demo', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('applications_open_at', None), ('applications_close_at', None), ('applications_open_at__lt', models.F('applications_close_at')), _connector='OR'), name='applications_open_before_they_close'), models.CheckConstraint(condition=models.Q(('hours_per_credit__gt', 0)), name='hours_per_credit_positive'), models.CheckConstraint(condition=models.Q(('certificate_approvals__range', (1, 2))), name='one_or_two_approvals')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('teaching_weeks', models.PositiveSmallIntegerField(default=20)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='organisations.programme')),
            ],
            options={
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'code'), name='one_term_per_code'), models.CheckConstraint(condition=models.Q(('starts_on__lt', models.F('ends_on'))), name='term_starts_before_it_ends'), models.CheckConstraint(condition=models.Q(('teaching_weeks__gt', 0)), name='term_has_teaching_weeks')],
            },
        ),
    ]
