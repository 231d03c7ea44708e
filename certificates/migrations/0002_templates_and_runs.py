"""Templates with versions that the database keeps unchanged once they are in use, and issue runs."""

import credpoints.common.translated
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from credpoints.common.frozen import frozen_rows

VERSIONS = frozen_rows(
    "certificates",
    "TemplateVersion",
    when="{old}.state <> 'draft'",
    free={"state"},
    then="{new}.state IN ('in_use', 'superseded')",
)


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0001_initial'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='tells_holder',
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name='CertificateTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('programme_individual', 'individual programme certificate'), ('micro_credential', 'micro-credential'), ('module', 'module certificate'), ('bundle', 'certificate of a bundle'), ('unit', 'certificate of a unit of learning outcomes'), ('validation', 'certificate of validated learning'), ('attendance', 'confirmation of attendance'), ('transcript', 'transcript of records')], max_length=25, verbose_name='kind')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
            ],
            options={
                'ordering': ['programme', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='IssueRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('programme_individual', 'individual programme certificate'), ('micro_credential', 'micro-credential'), ('module', 'module certificate'), ('bundle', 'certificate of a bundle'), ('unit', 'certificate of a unit of learning outcomes'), ('validation', 'certificate of validated learning'), ('attendance', 'confirmation of attendance'), ('transcript', 'transcript of records')], max_length=25, verbose_name='kind')),
                ('state', models.CharField(choices=[('checking', 'being checked'), ('waiting', 'waiting for approval'), ('half_approved', 'waiting for a second approval'), ('approved', 'approved, not started'), ('running', 'issuing'), ('paused', 'paused'), ('finished', 'finished'), ('discarded', 'discarded')], default='checking', max_length=15)),
                ('finished_from', models.DateField(blank=True, null=True, verbose_name='finished from')),
                ('finished_until', models.DateField(blank=True, null=True, verbose_name='finished until')),
                ('tells_holders', models.BooleanField(default=True, verbose_name='tell the holders by mail')),
                ('approvals_needed', models.PositiveSmallIntegerField(default=2)),
                ('turn', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('last_approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
            ],
        ),
        migrations.CreateModel(
            name='IssueRunItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('open', 'not checked yet'), ('ready', 'ready'), ('held_back', 'held back'), ('numbered', 'number given'), ('refused', 'refused'), ('left', 'left out')], default='open', max_length=10)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('findings', models.JSONField(blank=True, default=list)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificate')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='certificates.issuerun')),
            ],
            options={
                'ordering': ['run', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'being written'), ('in_use', 'in use'), ('superseded', 'followed by a newer version')], default='draft', max_length=10)),
                ('layout', models.CharField(choices=[('classic', 'framed, centred, with crest'), ('modern', 'with a blue band, aligned left'), ('plain', 'plain, like a letter')], default='classic', max_length=10, verbose_name='layout')),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages')),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('signatories', models.JSONField(blank=True, default=list)),
                ('funding_note', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='funding note')),
                ('logos', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='certificates.certificatetemplate')),
            ],
            options={
                'ordering': ['template', 'number'],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='template_version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.templateversion'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.UniqueConstraint(fields=('programme', 'kind'), name='one_template_per_programme_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['programme_individual', 'micro_credential', 'module', 'bundle', 'unit', 'validation', 'attendance', 'transcript'])), name='template_kind_known'),
        ),
        migrations.AddIndex(
            model_name='issuerun',
            index=models.Index(fields=['programme', '-created_at'], name='certificate_program_12982a_idx'),
        ),
        migrations.AddConstraint(
            model_name='issuerun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'waiting', 'half_approved', 'approved', 'running', 'paused', 'finished', 'discarded'])), name='issue_run_state_known'),
        ),
        migrations.AddConstraint(
            model_name='issuerun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'waiting', 'half_approved', 'discarded']), models.Q(('last_approver__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='approved_run_has_its_approver'),
        ),
        migrations.AddConstraint(
            model_name='issuerun',
            constraint=models.CheckConstraint(condition=models.Q(('first_approver', None), models.Q(('first_approver', models.F('last_approver')), _negated=True), ('last_approver', None), _connector='OR'), name='run_approved_by_two_different_people'),
        ),
        migrations.AddIndex(
            model_name='issuerunitem',
            index=models.Index(fields=['run', 'outcome'], name='certificate_run_id_f37330_idx'),
        ),
        migrations.AddConstraint(
            model_name='issuerunitem',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['open', 'ready', 'held_back', 'numbered', 'refused', 'left'])), name='run_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='issuerunitem',
            constraint=models.UniqueConstraint(fields=('run', 'certificate'), name='certificate_once_in_a_run'),
        ),
        migrations.AddConstraint(
            model_name='issuerunitem',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome__in', ['open', 'ready'])), fields=('certificate',), name='certificate_in_one_open_run'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(fields=('template', 'number'), name='template_version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('template',), name='one_draft_version_per_template'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_use')), fields=('template',), name='one_version_in_use_per_template'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_use', 'superseded'])), name='template_version_state_known'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('layout__in', ['classic', 'modern', 'plain'])), name='template_version_layout_known'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('released_at__isnull', False), _connector='OR'), name='released_version_has_its_time'),
        ),
        migrations.RunPython(*VERSIONS),
    ]
