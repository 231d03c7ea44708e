from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModulesConfig(AppConfig):
    name = "modules"

    def ready(self) -> None:
        """Put the catalogue, the own modules and the groups into the main menu."""
        from credpoints.accounts.models import User  # noqa: PLC0415
        from credpoints.accounts.rules import is_staff  # noqa: PLC0415
        from credpoints.http.navigation import MenuItem, register  # noqa: PLC0415
        from modules.rules import has_groups  # noqa: PLC0415

        def is_learner(user: User | None) -> bool:
            return user is not None and not is_staff(user)

        register(MenuItem(_("Catalogue"), "modules:catalogue", lambda user: True, order=30))
        register(MenuItem(_("My modules"), "modules:enrolments", is_learner, order=40))
        register(MenuItem(_("My groups"), "modules:groups", has_groups, order=40))
