import credpoints.accounts.models
import credpoints.common.translated
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('applicants', '0001_initial'),
        ('files', '0001_initial'),
        ('modules', '0002_frozen_rows'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('held', 'held for you'), ('requested', 'waiting for confirmation'), ('booked', 'booked'), ('declined', 'declined'), ('completed', 'took place'), ('no_show_person', 'the person did not come'), ('no_show_advisor', 'the advisor did not come'), ('cancelled', 'cancelled'), ('lapsed', 'given up before booking')], default='held', max_length=20)),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('claim_begins', models.DateTimeField()),
                ('claim_ends', models.DateTimeField()),
                ('place_zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone])),
                ('visitor_zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone])),
                ('mode', models.CharField(choices=[('onsite', 'on site'), ('online', 'online'), ('phone', 'by telephone')], default='onsite', max_length=10, verbose_name='way of meeting')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place and room')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('phone', models.CharField(blank=True, max_length=50, verbose_name='telephone number')),
                ('answers', models.JSONField(blank=True, default=list)),
                ('note', models.TextField(blank=True, verbose_name='what should we know before?')),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('booked_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('advisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applicants.application')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
            ],
        ),
        migrations.CreateModel(
            name='AppointmentLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='planning.appointment')),
            ],
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ConsultationRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topics', models.JSONField(default=dict)),
                ('shared_summary', models.TextField(blank=True, verbose_name='summary for the person')),
                ('internal_note', models.TextField(blank=True, verbose_name='internal note')),
                ('shared_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('person_comment', models.TextField(blank=True, verbose_name='comment')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='record', to='planning.appointment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('shared_at__isnull', False), _connector='OR'), name='only_shared_summaries_are_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='title')),
                ('minutes', models.PositiveSmallIntegerField(default=45, verbose_name='length in minutes')),
                ('minutes_before', models.PositiveSmallIntegerField(default=0, verbose_name='minutes kept free before')),
                ('minutes_after', models.PositiveSmallIntegerField(default=15, verbose_name='minutes kept free after')),
                ('step_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='a talk may begin every … minutes')),
                ('notice_hours', models.PositiveSmallIntegerField(default=24, verbose_name='hours before a talk for booking and changing')),
                ('horizon_days', models.PositiveSmallIntegerField(default=60, verbose_name='bookable how many days ahead')),
                ('most_per_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most talks per day and advisor')),
                ('modes', models.JSONField(default=list, verbose_name='ways of meeting')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place and room')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link of the online room')),
                ('bring', credpoints.common.translated.TranslatedField(blank=True, default=dict, verbose_name='what to bring')),
                ('questions', models.JSONField(blank=True, default=list, verbose_name='questions asked when booking')),
                ('needs_confirmation', models.BooleanField(default=False, verbose_name='the advisor confirms each booking')),
                ('who_may_book', models.CharField(choices=[('invited', 'invited applicants'), ('participant', 'participants')], default='invited', max_length=15, verbose_name='who may book')),
                ('assignment', models.CharField(choices=[('chosen', 'the person may choose the advisor'), ('fair', 'distributed fairly among advisors')], default='chosen', max_length=10, verbose_name='advisor')),
                ('is_open', models.BooleanField(default=True, verbose_name='can be booked')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 5)), name='talk_has_a_length'), models.CheckConstraint(condition=models.Q(('step_minutes__gte', 5)), name='talk_step_at_least_a_cell')],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='planning.consultationtype'),
        ),
        migrations.CreateModel(
            name='EarlierWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wished_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('offered_start', models.DateTimeField(blank=True, null=True)),
                ('offered_until', models.DateTimeField(blank=True, null=True)),
                ('declined_starts', models.JSONField(blank=True, default=list)),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='earlier_wish', to='planning.appointment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('offered_start', None), ('offered_until', None)), models.Q(('offered_start__isnull', False), ('offered_until__isnull', False)), _connector='OR'), name='earlier_offer_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('goal', 'goal'), ('gap', 'gap'), ('strength', 'strength')], max_length=10, verbose_name='kind')),
                ('topic', models.CharField(blank=True, max_length=20, verbose_name='needs')),
                ('text', models.CharField(max_length=300, verbose_name='in words')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='planning.consultationrecord')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['goal', 'gap', 'strength'])), name='finding_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='task')),
                ('for_person', models.BooleanField(default=False, verbose_name='the person does it')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='planning.consultationrecord')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('active', 'taking part'), ('paused', 'paused'), ('completed', 'completed'), ('withdrawn', 'withdrawn'), ('excluded', 'excluded')], default='active', max_length=15)),
                ('days', models.JSONField(blank=True, default=list, verbose_name='possible days')),
                ('place_note', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('private_note', models.TextField(blank=True, verbose_name='what limits my time')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('advisor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('application', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applicants.application')),
                ('mentor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.programme')),
            ],
            options={
                'indexes': [models.Index(fields=['programme', 'state'], name='planning_pa_program_601724_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'paused'])), fields=('person', 'programme'), name='one_running_participation_per_person_and_programme'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'completed', 'withdrawn', 'excluded'])), name='participation_state_known')],
            },
        ),
        migrations.CreateModel(
            name='MentoringSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('career', 'career-related mentoring'), ('language', 'language coaching'), ('subject', 'subject mentoring')], default='career', max_length=10, verbose_name='kind')),
                ('held_on', models.DateField(verbose_name='date')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('topic', models.CharField(max_length=300, verbose_name='topic')),
                ('agreement', models.TextField(blank=True, verbose_name='agreed')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next date')),
                ('logged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentoring_sessions', to='planning.participation')),
            ],
            options={
                'ordering': ['-held_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__range', (1, 600))), name='mentoring_minutes_possible'), models.CheckConstraint(condition=models.Q(('kind__in', ['career', 'language', 'subject'])), name='mentoring_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('participation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='plan', to='planning.participation')),
            ],
        ),
        migrations.CreateModel(
            name='PlanParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('participant', 'participant'), ('advisor', 'advisor'), ('home', 'home university'), ('host', 'host university'), ('company', 'company')], max_length=15)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('role_name', models.CharField(blank=True, max_length=200, verbose_name='position')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='planning.plan')),
                ('signer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'party'), name='each_party_once_per_plan'), models.CheckConstraint(condition=models.Q(('party__in', ['participant', 'advisor', 'home', 'host', 'company'])), name='party_known')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'being drafted'), ('proposed', 'proposed, ready to sign'), ('changes_requested', 'changes asked for'), ('partly_signed', 'partly signed'), ('agreed', 'agreed'), ('superseded', 'replaced by a newer version'), ('withdrawn', 'withdrawn')], default='draft', max_length=20)),
                ('goals', models.TextField(blank=True, verbose_name='goals')),
                ('occupation', models.CharField(blank=True, max_length=200, verbose_name='occupation aimed at')),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('reason_code', models.CharField(blank=True, choices=[('not-available', 'the course is not available'), ('language-mismatch', 'the course is in another language'), ('timetable-conflict', 'it clashes with the timetable'), ('substituting-deleted', 'it replaces a deleted line'), ('extending-mobility', 'the participation is extended'), ('adding-virtual-component', 'a virtual component is added'), ('circumstances', 'work, family or health'), ('other', 'another reason')], max_length=30, verbose_name='reason')),
                ('reason', models.TextField(blank=True, verbose_name='reason in words')),
                ('dropped', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_content', models.JSONField(blank=True, null=True)),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='planning.planversion')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='planning.plan')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='plan_version_numbered_once'), models.UniqueConstraint(condition=models.Q(('state', 'agreed')), fields=('plan',), name='one_agreed_version_per_plan'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'changes_requested', 'partly_signed'])), fields=('plan',), name='one_open_version_per_plan'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'superseded']), _negated=True), models.Q(('agreed_at__isnull', False), ('agreed_content__isnull', False), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='agreed_plan_has_time_and_content'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['proposed', 'partly_signed']), _negated=True), models.Q(('content_hash', ''), _negated=True), _connector='OR'), name='proposed_plan_has_a_hash'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'changes_requested', 'partly_signed', 'agreed', 'superseded', 'withdrawn'])), name='plan_version_state_known')],
            },
        ),
        migrations.CreateModel(
            name='PlanSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('participant', 'participant'), ('advisor', 'advisor'), ('home', 'home university'), ('host', 'host university'), ('company', 'company')], max_length=15)),
                ('signer_name', models.CharField(max_length=200)),
                ('signer_position', models.CharField(blank=True, max_length=200)),
                ('signer_email', models.EmailField(blank=True, max_length=254)),
                ('content_hash', models.CharField(max_length=64)),
                ('method', models.CharField(choices=[('click', 'signed here'), ('scanned', 'signed on paper, scan kept')], default='click', max_length=10)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('scan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='planning.planversion')),
            ],
            options={
                'ordering': ['signed_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('version', 'party'), name='one_valid_signature_per_party'), models.CheckConstraint(condition=models.Q(('content_hash', ''), _negated=True), name='signature_names_its_content'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'click'), ('signer__isnull', False)), models.Q(('method', 'scanned'), ('scan__isnull', False)), _connector='OR'), name='signature_has_its_proof')],
            },
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('kind', models.CharField(choices=[('subject', 'subject module'), ('german', 'German'), ('english', 'English'), ('media', 'media literacy'), ('research', 'research literacy'), ('mentoring', 'mentoring'), ('coaching', 'language coaching'), ('practice', 'practice in a company'), ('portfolio', 'work on the portfolio'), ('validation', 'validation'), ('other', 'other')], default='subject', max_length=15, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('snapshot', models.JSONField(blank=True, default=dict)),
                ('hours', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=7, verbose_name='hours')),
                ('credits', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5, verbose_name='credits (ECTS)')),
                ('fee', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=8, verbose_name='fee')),
                ('rationale', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('competences', models.TextField(blank=True, verbose_name='what it gives')),
                ('prerequisite_met_by', models.CharField(blank=True, max_length=300, verbose_name='prerequisite fulfilled by')),
                ('recognition', models.CharField(choices=[('automatic', 'recognised automatically'), ('agreed', 'recognised as agreed in words'), ('none', 'not recognised')], default='automatic', max_length=10, verbose_name='recognition at home')),
                ('recognition_text', models.CharField(blank=True, max_length=500, verbose_name='agreement on recognition')),
                ('recognised_as', models.CharField(blank=True, max_length=300, verbose_name='replaces at home')),
                ('recognised_credits', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='credits at home')),
                ('suggested', models.BooleanField(default=False)),
                ('reason_code', models.CharField(blank=True, choices=[('not-available', 'the course is not available'), ('language-mismatch', 'the course is in another language'), ('timetable-conflict', 'it clashes with the timetable'), ('substituting-deleted', 'it replaces a deleted line'), ('extending-mobility', 'the participation is extended'), ('adding-virtual-component', 'a virtual component is added'), ('circumstances', 'work, family or health'), ('other', 'another reason')], max_length=30, verbose_name='reason of the change')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('finding', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='planning.finding')),
                ('offering', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='modules.offering')),
                ('term', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.term')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='planning.planversion')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='line_once_per_version'), models.CheckConstraint(condition=models.Q(('kind__in', ['subject', 'german', 'english', 'media', 'research', 'mentoring', 'coaching', 'practice', 'portfolio', 'validation', 'other'])), name='line_kind_known'), models.CheckConstraint(condition=models.Q(('credits__gte', 0), ('fee__gte', 0), ('hours__gte', 0)), name='line_not_negative'), models.CheckConstraint(condition=models.Q(('recognition', 'automatic'), models.Q(('recognition_text', ''), _negated=True), _connector='OR'), name='deviation_from_recognition_has_text')],
            },
        ),
        migrations.CreateModel(
            name='PlanComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_key', models.UUIDField(blank=True, null=True)),
                ('text', models.TextField(verbose_name='comment')),
                ('is_refusal', models.BooleanField(default=False)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='planning.planversion')),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProposedContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposed_contents', to='planning.planversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'content_hash'), name='proposed_content_once')],
            },
        ),
        migrations.CreateModel(
            name='TermChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekly_hours', models.DecimalField(decimal_places=1, default=Decimal('15'), max_digits=4, verbose_name='hours per week')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='term_choices', to='planning.participation')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.term')),
            ],
            options={
                'ordering': ['term__starts_on'],
                'constraints': [models.UniqueConstraint(fields=('participation', 'term'), name='one_choice_per_term'), models.CheckConstraint(condition=models.Q(('weekly_hours__range', (0, 80))), name='weekly_hours_possible')],
            },
        ),
        migrations.CreateModel(
            name='VisitorCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visitor_cells', to='planning.appointment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'begins_at'), name='visitor_in_one_talk_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='AppointmentCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_at', models.DateTimeField()),
                ('advisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='planning.appointment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('advisor', 'begins_at'), name='advisor_in_one_talk_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='AvailabilityException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('closed', 'closed'), ('extra', 'extra hours')], default='closed', max_length=10, verbose_name='what')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('begins', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('ends', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone])),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('advisor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
            ],
            options={
                'ordering': ['first_day', 'begins'],
                'indexes': [models.Index(fields=['programme', 'last_day'], name='planning_av_program_4817a2_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='exception_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('begins', None), ('ends', None)), ('begins__lt', models.F('ends')), _connector='OR'), name='exception_times_in_order'), models.CheckConstraint(condition=models.Q(('kind', 'closed'), models.Q(('advisor__isnull', False), ('begins__isnull', False), ('ends__isnull', False)), _connector='OR'), name='extra_hours_name_times_and_advisor')],
            },
        ),
        migrations.CreateModel(
            name='AvailabilityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='day of the week')),
                ('begins', models.TimeField(verbose_name='from')),
                ('ends', models.TimeField(verbose_name='to')),
                ('zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone])),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('advisor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.programme')),
            ],
            options={
                'ordering': ['weekday', 'begins'],
                'indexes': [models.Index(fields=['programme', 'advisor'], name='planning_av_program_1d8613_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='availability_known_weekday'), models.CheckConstraint(condition=models.Q(('begins__lt', models.F('ends'))), name='availability_begins_before_it_ends')],
            },
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['advisor', 'starts_at'], name='planning_ap_advisor_48e534_idx'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['programme', 'state', 'starts_at'], name='planning_ap_program_47924f_idx'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['person', 'starts_at'], name='planning_ap_person__ce6ef2_idx'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='talk_begins_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('claim_begins__lte', models.F('starts_at')), ('claim_ends__gte', models.F('ends_at'))), name='talk_claims_its_buffers'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['held', 'requested', 'booked', 'declined', 'completed', 'no_show_person', 'no_show_advisor', 'cancelled', 'lapsed'])), name='talk_state_known'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), ('held_until__isnull', False), _connector='OR'), name='held_talk_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['booked', 'completed']), _negated=True), ('booked_at__isnull', False), _connector='OR'), name='booked_talk_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'requested', 'booked'])), fields=('type', 'person'), name='one_active_talk_per_person_and_type'),
        ),
    ]
