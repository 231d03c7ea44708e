"""What a verified entry says does not change, whoever asks the database."""

from django.db import migrations

from credpoints.common.frozen import frozen_rows

ENTRIES = frozen_rows(
    "portfolios",
    "Entry",
    when="{old}.verified",
    free={"state", "skills", "edition", "changed_at"},
)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0001_initial")]
    operations = [migrations.RunPython(*ENTRIES)]
