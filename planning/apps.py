from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "planning"

    def ready(self) -> None:
        """Hear what the rooms below tell; say which files and menu entries there are."""
        from credpoints.files import purposes  # noqa: PLC0415
        from credpoints.http.navigation import MenuItem, register  # noqa: PLC0415
        from planning import erasing, queries, receivers, rules, tasks  # noqa: F401, PLC0415

        pdf = frozenset({"application/pdf"})
        purposes.register(purposes.Purpose("planning.document", rules.may_read_plan_file, media_types=pdf))
        purposes.register(purposes.Purpose("planning.signature", rules.may_read_plan_file))
        purposes.register(purposes.Purpose("planning.practice", rules.may_read_practice_file))
        register(MenuItem(_("Talks"), "planning:talks", queries.arranges_anything, order=30))
        register(MenuItem(_("Participants"), "planning:participations", queries.works_with_participations, order=40))
