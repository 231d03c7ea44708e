"""Published versions and final results do not change, whoever asks the database."""

from django.db import migrations

from credpoints.common.frozen import frozen_rows

VERSIONS = frozen_rows(
    "modules",
    "ModuleVersion",
    when="{old}.state IN ('published', 'superseded', 'withdrawn')",
    free={"state", "withdrawn_at"},
    then="{new}.state IN ('published', 'superseded', 'withdrawn')",
)
RESULTS = frozen_rows(
    "modules",
    "Result",
    when="{old}.state IN ('final', 'superseded')",
    free={"state"},
    then="{new}.state IN ('final', 'superseded')",
)


class Migration(migrations.Migration):
    dependencies = [("modules", "0001_initial")]
    operations = [migrations.RunPython(*VERSIONS), migrations.RunPython(*RESULTS)]
