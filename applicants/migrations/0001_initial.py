import credpoints.common.translated
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('retired', 'replaced')], default='draft', max_length=10)),
                ('content', models.JSONField()),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('programme', 'number'), name='one_form_per_number'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('programme',), name='one_published_form_per_programme'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('programme',), name='one_draft_form'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('published_at__isnull', False), _connector='OR'), name='published_form_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(blank=True, max_length=30, null=True, unique=True)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('form_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='applicants.formversion')),
                ('state', models.CharField(choices=[('draft', 'being filled in'), ('submitted', 'new'), ('in_review', 'in review'), ('needs_information', 'waiting for information'), ('invited', 'invited'), ('consulted', 'consultation done'), ('accepted', 'accepted'), ('waitlisted', 'on the waiting list'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn'), ('expired', 'expired')], default='draft', max_length=20)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('last_section', models.CharField(blank=True, max_length=40)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('snapshot', models.JSONField(blank=True, default=dict)),
                ('snapshot_hash', models.CharField(blank=True, max_length=64)),
                ('overall', models.CharField(blank=True, choices=[('met', 'all rules met'), ('manual', 'needs a look'), ('not_met', 'a rule is not met')], max_length=10)),
                ('country_of_degree', models.CharField(blank=True, max_length=2)),
                ('field_of_study', models.CharField(blank=True, max_length=4)),
                ('advisor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('waiting_rank', models.PositiveIntegerField(blank=True, null=True)),
                ('reason_for_applicant', models.TextField(blank=True)),
                ('delete_after', models.DateField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('place_returned_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['programme', 'state', 'submitted_at'], name='applications_by_state'), models.Index(fields=['programme', 'submitted_at'], name='applications_by_time'), models.Index(fields=['programme', 'moved_at', 'id'], name='applications_by_waiting'), models.Index(fields=['programme', 'overall'], name='applications_by_result')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['rejected', 'withdrawn', 'expired']), _negated=True), fields=('person', 'programme'), name='one_running_application_per_person'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn', 'expired']), models.Q(('number__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='handed_in_has_time_and_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waitlisted'), ('waiting_rank__isnull', False)), models.Q(models.Q(('state', 'waitlisted'), _negated=True), ('waiting_rank__isnull', True)), _connector='OR'), name='waiting_means_a_rank'), models.UniqueConstraint(fields=('programme', 'waiting_rank'), name='one_application_per_rank')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='applicants.application')),
                ('address', models.CharField(max_length=120)),
                ('value', models.JSONField(null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'address'), name='one_answer_per_address')],
            },
        ),
        migrations.CreateModel(
            name='AnswerRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='applicants.answer')),
                ('value', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ResumeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
                ('email', models.EmailField(max_length=254)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('code_hash', models.CharField(max_length=64)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-created_at'], name='applicants__user_id_aae53c_idx')],
            },
        ),
        migrations.CreateModel(
            name='EligibilityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
                ('key', models.SlugField(max_length=40)),
                ('kind', models.CharField(choices=[('degree_outside', 'Degree completed outside the country'), ('degree_type', 'Type of degree'), ('field_in', 'Field of study'), ('residence_in', 'Country of residence'), ('language_min', 'Language level per skill'), ('student_of_partner', 'Student of a partner university'), ('holds_credential', 'Credential held'), ('module_passed', 'Module passed'), ('age_min', 'Minimum age'), ('manual', 'Checked by an advisor')], max_length=30)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('message', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='the rule in plain words')),
                ('severity', models.CharField(choices=[('must', 'must'), ('should', 'should')], default='must', max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('asked_with', models.UUIDField(editable=False, null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'key'), name='one_rule_per_key'), models.UniqueConstraint(fields=('programme', 'kind', 'asked_with'), name='one_rule_per_click')],
            },
        ),
        migrations.CreateModel(
            name='EligibilityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='applicants.application')),
                ('key', models.SlugField(max_length=40)),
                ('kind', models.CharField(max_length=30)),
                ('message', credpoints.common.translated.TranslatedField(blank=True, default=dict)),
                ('severity', models.CharField(choices=[('must', 'must'), ('should', 'should')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('found', models.CharField(choices=[('met', 'met'), ('not_met', 'not met'), ('manual', 'to be looked at'), ('overridden', 'accepted by an advisor')], max_length=12)),
                ('result', models.CharField(choices=[('met', 'met'), ('not_met', 'not met'), ('manual', 'to be looked at'), ('overridden', 'accepted by an advisor')], max_length=12)),
                ('values', models.JSONField(default=dict)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('application', 'key'), name='one_check_per_rule'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'overridden'), _negated=True), models.Q(models.Q(('reason', ''), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='override_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='InformationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='information_requests', to='applicants.application')),
                ('addresses', models.JSONField(default=list)),
                ('text', models.TextField(verbose_name='what is missing')),
                ('due_on', models.DateField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('application',), name='one_open_information_request')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='applicants.application')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField(verbose_name='text')),
                ('visibility', models.CharField(choices=[('team', 'the team only'), ('applicant', 'the team and the applicant')], default='team', max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SecondOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='applicants.application')),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.TextField(blank=True, verbose_name='question')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recommendation', models.CharField(blank=True, choices=[('yes', 'I would take this person'), ('unsure', 'I am not sure'), ('no', 'I would not take this person')], max_length=10)),
                ('text', models.TextField(blank=True, verbose_name='opinion')),
                ('given_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('given_at', None)), fields=('application', 'asked'), name='one_open_opinion_per_colleague'), models.CheckConstraint(condition=models.Q(models.Q(('given_at', None), ('recommendation', ''), ('text', '')), models.Q(('given_at__isnull', False), models.Q(('text', ''), _negated=True), ('recommendation__in', ['yes', 'unsure', 'no'])), _connector='OR'), name='opinion_given_has_text'), models.CheckConstraint(condition=models.Q(('asked', models.F('asked_by')), _negated=True), name='opinion_is_another_persons')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='applicants.application')),
                ('kind', models.CharField(choices=[('invite', 'invite'), ('accept', 'accept'), ('waitlist', 'put on the waiting list'), ('reject', 'reject')], max_length=10)),
                ('reason', models.TextField(blank=True, verbose_name='reason for the applicant')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('body', models.TextField(verbose_name='letter')),
                ('language', models.CharField(max_length=10)),
                ('sends_mail', models.BooleanField(default=True, verbose_name='send the letter by mail')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('application',), name='one_pending_decision'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reject'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='rejection_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('user', 'programme', 'name'), name='one_search_per_name')],
            },
        ),
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
                ('step', models.CharField(choices=[('start_review', 'Start the review'), ('take_over', 'Look after them myself'), ('release', 'Release prepared decisions')], max_length=20)),
                ('chosen', models.JSONField()),
                ('total', models.PositiveIntegerField()),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('sends_mail', models.BooleanField(default=True)),
                ('query', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['programme', '-asked_at'], name='bulk_runs_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['start_review', 'take_over', 'release'])), name='known_bulk_step'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='bulk_run_has_items')],
            },
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='applicants.bulkrun')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='applicants.application')),
                ('outcome', models.CharField(choices=[('done', 'done'), ('refused', 'refused'), ('failed', 'did not work')], max_length=10)),
                ('why', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'application'), name='one_result_per_application'), models.CheckConstraint(condition=models.Q(('outcome__in', ['done', 'refused', 'failed'])), name='known_bulk_outcome'), models.CheckConstraint(condition=models.Q(('outcome', 'done'), models.Q(('why', ''), _negated=True), _connector='OR'), name='refusal_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('country', models.CharField(max_length=2)),
                ('domains', models.JSONField(default=list)),
                ('website', models.URLField(blank=True, max_length=300)),
                ('searched', models.CharField(db_index=True, max_length=320)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('name', 'country'), name='one_institution_per_name')],
            },
        ),
    ]
