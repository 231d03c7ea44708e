import credpoints.common.translated
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from credpoints.common.frozen import frozen_rows

# Versions of templates that are in use are never changed again.
VERSIONS = frozen_rows(
    "certificates",
    "TemplateVersion",
    when="{old}.state <> 'draft'",
    free={"state"},
    then="{new}.state IN ('in_use', 'superseded')",
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('files', '0001_initial'),
        ('organisations', '0001_initial'),
        ('planning', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatusList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('document', models.TextField(blank=True)),
                ('etag', models.CharField(blank=True, max_length=64)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'number'), name='status_list_number_once')],
            },
        ),
        migrations.CreateModel(
            name='StatusEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('status_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='certificates.statuslist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('status_list', 'index'), name='status_index_given_once'), models.CheckConstraint(condition=models.Q(('index__lt', 131072)), name='status_index_within_the_list')],
            },
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
                'constraints': [models.UniqueConstraint(fields=('programme', 'kind'), name='one_template_per_programme_and_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['programme_individual', 'micro_credential', 'module', 'bundle', 'unit', 'validation', 'attendance', 'transcript'])), name='template_kind_known')],
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
                'constraints': [models.UniqueConstraint(fields=('template', 'number'), name='template_version_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('template',), name='one_draft_version_per_template'), models.UniqueConstraint(condition=models.Q(('state', 'in_use')), fields=('template',), name='one_version_in_use_per_template'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_use', 'superseded'])), name='template_version_state_known'), models.CheckConstraint(condition=models.Q(('layout__in', ['classic', 'modern', 'plain'])), name='template_version_layout_known'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('released_at__isnull', False), _connector='OR'), name='released_version_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('programme_individual', 'individual programme certificate'), ('micro_credential', 'micro-credential'), ('module', 'module certificate'), ('bundle', 'certificate of a bundle'), ('unit', 'certificate of a unit of learning outcomes'), ('validation', 'certificate of validated learning'), ('attendance', 'confirmation of attendance'), ('transcript', 'transcript of records')], default='programme_individual', max_length=25, verbose_name='kind')),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('frozen', 'waiting for approval'), ('half_approved', 'waiting for a second approval'), ('approved', 'approved'), ('numbered', 'numbered, waiting to be made'), ('rendering', 'being made'), ('render_failed', 'could not be made'), ('issued', 'valid'), ('revoked', 'withdrawn'), ('replaced', 'replaced'), ('expired', 'expired'), ('void', 'number void'), ('discarded', 'discarded')], default='draft', max_length=15)),
                ('source_key', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('content', models.JSONField(default=dict)),
                ('checks', models.JSONField(default=list)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('fee_settled_at', models.DateTimeField(blank=True, null=True)),
                ('fee_reason', models.CharField(blank=True, max_length=300)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('approvals_needed', models.PositiveSmallIntegerField(default=2)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.CharField(blank=True, max_length=30, null=True, unique=True, verbose_name='number')),
                ('code', models.CharField(blank=True, max_length=30, null=True, unique=True)),
                ('issued_at', models.DateTimeField(blank=True, null=True)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('render_error', models.TextField(blank=True)),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('credential', models.TextField(blank=True)),
                ('credential_sha256', models.CharField(blank=True, max_length=64)),
                ('jwt', models.TextField(blank=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('public_reason', models.CharField(blank=True, max_length=300, verbose_name='reason for the public')),
                ('internal_reason', models.CharField(blank=True, max_length=1000, verbose_name='reason for the file')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fee_settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='planning.participation')),
                ('pdf', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='certificates.certificate')),
                ('status_entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.statusentry')),
                ('tells_holder', models.BooleanField(default=True)),
                ('template_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.templateversion')),
            ],
            options={
                'indexes': [models.Index(fields=['programme', 'state', '-created_at'], name='certificate_program_af3fcb_idx'), models.Index(fields=['person', 'state'], name='certificate_person__22913b_idx'), models.Index(fields=['pdf_sha256'], name='certificate_pdf_sha_be775e_idx'), models.Index(fields=['credential_sha256'], name='certificate_credent_c5c00c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'frozen', 'half_approved', 'approved', 'numbered', 'rendering', 'render_failed', 'issued', 'revoked', 'replaced', 'expired', 'void', 'discarded'])), name='certificate_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['programme_individual', 'micro_credential', 'module', 'bundle', 'unit', 'validation', 'attendance', 'transcript'])), name='certificate_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'discarded']), models.Q(('content_hash', ''), _negated=True), _connector='OR'), name='frozen_certificate_has_a_hash'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'frozen', 'half_approved', 'approved', 'discarded']), models.Q(('code__isnull', False), ('issued_at__isnull', False), ('issued_on__isnull', False), ('number__isnull', False), ('status_entry__isnull', False)), _connector='OR'), name='numbered_certificate_has_number_and_code'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['issued', 'revoked', 'replaced', 'expired']), _negated=True), models.Q(('pdf__isnull', False), models.Q(('pdf_sha256', ''), _negated=True), models.Q(('credential', ''), _negated=True), ('completed_at__isnull', False)), _connector='OR'), name='issued_certificate_has_its_files'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'revoked'), _negated=True), models.Q(('ended_at__isnull', False), models.Q(('public_reason', ''), _negated=True)), _connector='OR'), name='withdrawn_certificate_has_a_reason'), models.UniqueConstraint(condition=models.Q(('replaces', None), ('state__in', ['draft', 'frozen', 'half_approved', 'approved', 'numbered', 'rendering', 'render_failed'])), fields=('participation', 'kind'), name='one_open_certificate_per_participation'), models.CheckConstraint(condition=models.Q(('fee_settled_at', None), models.Q(('fee_settled_by__isnull', False), models.Q(('fee_reason', ''), _negated=True)), _connector='OR'), name='settled_fee_has_person_and_reason'), models.UniqueConstraint(condition=models.Q(models.Q(('source_key', ''), _negated=True), ('replaces', None), models.Q(('state__in', ['draft', 'frozen', 'half_approved', 'approved', 'numbered', 'rendering', 'render_failed']), models.Q(('state__in', ['issued', 'replaced', 'expired']), models.Q(('kind', 'transcript'), _negated=True)), _connector='OR')), fields=('person', 'source_key', 'kind'), name='one_certificate_per_source'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'frozen', 'half_approved', 'approved', 'numbered', 'rendering', 'render_failed', 'issued', 'revoked', 'replaced', 'expired'])), fields=('replaces',), name='one_replacement_per_certificate')],
            },
        ),
        migrations.CreateModel(
            name='CertificateApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='certificates.certificate')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VerificationLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('way', models.CharField(max_length=10)),
                ('result', models.CharField(max_length=20)),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='certificates.certificate')),
            ],
        ),
        migrations.CreateModel(
            name='NumberRegister',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True)),
                ('series', models.CharField(max_length=20)),
                ('place', models.PositiveIntegerField()),
                ('status', models.CharField(choices=[('given', 'number given'), ('issued', 'valid'), ('revoked', 'withdrawn'), ('replaced', 'replaced'), ('expired', 'expired'), ('void', 'number void')], default='given', max_length=10)),
                ('code', models.CharField(max_length=30, unique=True)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('issuer_name', models.CharField(max_length=300)),
                ('content_hash', models.CharField(max_length=64)),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('credential_sha256', models.CharField(blank=True, max_length=64)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_on', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('certificate', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='register_entry', to='certificates.certificate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'place'), name='number_given_once')],
            },
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fragment', models.CharField(max_length=40)),
                ('algorithm', models.CharField(choices=[('Ed25519', 'Ed25519'), ('P-256', 'P-256')], max_length=10)),
                ('public', models.TextField()),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('compromised_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('issuer', 'fragment'), name='key_fragment_once_per_issuer'), models.UniqueConstraint(condition=models.Q(('compromised_at', None), ('retired_at', None)), fields=('issuer', 'algorithm'), name='one_active_key_per_algorithm')],
            },
        ),
        migrations.CreateModel(
            name='SealCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('ends_at', models.DateTimeField()),
                ('in_use', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('in_use', True)), fields=('in_use',), name='one_seal_in_use')],
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
            options={
                'indexes': [models.Index(fields=['programme', '-created_at'], name='certificate_program_12982a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'waiting', 'half_approved', 'approved', 'running', 'paused', 'finished', 'discarded'])), name='issue_run_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'waiting', 'half_approved', 'discarded']), models.Q(('last_approver__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='approved_run_has_its_approver'), models.CheckConstraint(condition=models.Q(('first_approver', None), models.Q(('first_approver', models.F('last_approver')), _negated=True), ('last_approver', None), _connector='OR'), name='run_approved_by_two_different_people')],
            },
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
                'indexes': [models.Index(fields=['run', 'outcome'], name='certificate_run_id_f37330_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['open', 'ready', 'held_back', 'numbered', 'refused', 'left'])), name='run_outcome_known'), models.UniqueConstraint(fields=('run', 'certificate'), name='certificate_once_in_a_run'), models.UniqueConstraint(condition=models.Q(('outcome__in', ['open', 'ready'])), fields=('certificate',), name='certificate_in_one_open_run')],
            },
        ),
        migrations.CreateModel(
            name='FormerEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf_sha256', models.CharField(max_length=64, unique=True)),
                ('credential', models.TextField()),
                ('credential_sha256', models.CharField(max_length=64, unique=True)),
                ('jwt', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_editions', to='certificates.certificate')),
                ('pdf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(max_length=100, verbose_name='for whom')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('shows_parts', models.BooleanField(default=True, verbose_name='show the modules and other parts')),
                ('shows_grades', models.BooleanField(default=True, verbose_name='show the grades')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('opens', models.PositiveIntegerField(default=0)),
                ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='certificates.certificate')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='certificate_link_ends_later'), models.CheckConstraint(condition=models.Q(('shows_parts', True), ('shows_grades', False), _connector='OR'), name='certificate_link_grades_stand_with_parts')],
            },
        ),
        migrations.RunPython(*VERSIONS),
    ]
