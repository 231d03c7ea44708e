import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Portfolio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], default='de', max_length=10, verbose_name='language')),
                ('about', models.TextField(blank=True, max_length=4000, verbose_name='about me')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
            ],
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], default='de', max_length=10, verbose_name='language of the page')),
                ('introduction', models.TextField(blank=True, max_length=4000, verbose_name='introduction')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('portfolio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='portfolios.portfolio')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('reflection', 'learning journal'), ('achievement', 'achievement'), ('credential', 'certificate'), ('evidence', 'example of work'), ('education', 'education'), ('experience', 'work experience'), ('language', 'language'), ('skill', 'special competence'), ('goal', 'goal'), ('cover_text', 'text for an application')], default='reflection', max_length=15, verbose_name='kind')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('visible', 'can be shared'), ('hidden', 'hidden'), ('archived', 'archived')], default='draft', max_length=10)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('body', models.TextField(blank=True, max_length=20000, verbose_name='text')),
                ('language', models.CharField(default='de', max_length=10, verbose_name='language of the text')),
                ('occurred_on', models.DateField(blank=True, null=True, verbose_name='date')),
                ('skills', models.JSONField(blank=True, default=list, verbose_name='skills')),
                ('verified', models.BooleanField(default=False, editable=False)),
                ('source', models.JSONField(blank=True, default=dict, editable=False)),
                ('source_key', models.CharField(blank=True, editable=False, max_length=120)),
                ('edition', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('portfolio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='portfolios.portfolio')),
            ],
            options={
                'ordering': ['-occurred_on', '-pk'],
                'indexes': [models.Index(fields=['portfolio', 'state'], name='portfolios__portfol_a99a26_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('portfolio', 'source_key'), name='portfolio_entry_source_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'visible', 'hidden', 'archived'])), name='portfolio_entry_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['reflection', 'achievement', 'credential', 'evidence', 'education', 'experience', 'language', 'skill', 'goal', 'cover_text'])), name='portfolio_entry_kind_known'), models.CheckConstraint(condition=models.Q(('verified', False), models.Q(('source_key', ''), _negated=True), _connector='OR'), name='portfolio_entry_verified_has_source')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(max_length=100, verbose_name='for whom')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('state', models.CharField(choices=[('active', 'can be opened'), ('revoked', 'switched off')], default='active', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('opens', models.PositiveIntegerField(default=0)),
                ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='portfolios.page')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('state', 'active')), models.Q(('revoked_at__isnull', False), ('state', 'revoked')), _connector='OR'), name='portfolio_share_revoked_when'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='portfolio_share_expires_later')],
            },
        ),
        migrations.CreateModel(
            name='EntryFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caption', models.CharField(blank=True, max_length=200, verbose_name='what it shows')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='portfolios.entry')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ['entry_id', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EntryVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True)),
                ('language', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('began_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='portfolios.entry')),
            ],
            options={
                'ordering': ['entry_id', '-number'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'number'), name='portfolio_entry_version_once')],
            },
        ),
        migrations.CreateModel(
            name='FeedbackRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback_requests', to='portfolios.entry')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('entry', 'reviewer'), name='portfolio_feedback_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='LanguageSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('rejected', 'rejected')], default='open', max_length=10)),
                ('edition', models.PositiveIntegerField()),
                ('start', models.PositiveIntegerField()),
                ('original', models.CharField(max_length=1000)),
                ('proposal', models.CharField(blank=True, max_length=1000, verbose_name='better')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='portfolios.entry')),
            ],
            options={
                'ordering': ['entry_id', 'start', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'rejected'])), name='portfolio_suggestion_state_known'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('decided_at__isnull', False), _connector='OR'), name='portfolio_suggestion_decided_when')],
            },
        ),
        migrations.CreateModel(
            name='PageEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portfolios.entry')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_entries', to='portfolios.page')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('page', 'entry'), name='portfolio_page_entry_once')],
            },
        ),
    ]
