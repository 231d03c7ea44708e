import credpoints.accounts.models
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], default='de', max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='Europe/Berlin', max_length=64, validators=[credpoints.accounts.models.check_time_zone], verbose_name='time zone')),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False, verbose_name='may open the technical admin pages')),
                ('session_salt', models.CharField(default=credpoints.accounts.models.new_session_salt, editable=False, max_length=16)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_account_per_email')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('given_name', models.CharField(blank=True, max_length=150, verbose_name='given names')),
                ('family_name', models.CharField(blank=True, max_length=150, verbose_name='family name')),
                ('native_name', models.CharField(blank=True, max_length=300, verbose_name='name in its own script')),
                ('name_on_certificate', models.CharField(blank=True, max_length=300, verbose_name='name on certificates')),
                ('country_of_residence', models.CharField(blank=True, max_length=2, verbose_name='country of residence')),
                ('phone', models.CharField(blank=True, max_length=50, verbose_name='telephone')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='person', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RoleAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('advisor', 'advisor'), ('mentor', 'mentor'), ('teacher', 'teacher'), ('coordinator', 'partner coordinator'), ('programme_admin', 'programme administrator'), ('authority', 'authority')], max_length=30)),
                ('scope_kind', models.CharField(choices=[('programme', 'programme'), ('organisation', 'organisation'), ('offering', 'offering')], max_length=20)),
                ('scope_id', models.PositiveBigIntegerField()),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_assignments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['scope_kind', 'scope_id', 'role'], name='accounts_ro_scope_k_d8b83d_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('user', 'role', 'scope_kind', 'scope_id'), name='one_open_assignment'), models.CheckConstraint(condition=models.Q(('role__in', ['advisor', 'mentor', 'teacher', 'coordinator', 'programme_admin', 'authority'])), name='known_role'), models.CheckConstraint(condition=models.Q(('scope_kind__in', ['programme', 'organisation', 'offering'])), name='known_scope_kind')],
            },
        ),
    ]
