from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfoliosConfig(AppConfig):
    name = "portfolios"

    def ready(self) -> None:
        """Hear what the rooms below tell, and put the portfolio into the main menu."""
        from credpoints.accounts.models import Role, User  # noqa: PLC0415
        from credpoints.accounts.rules import assignments, is_staff  # noqa: PLC0415
        from credpoints.files import purposes  # noqa: PLC0415
        from credpoints.http.navigation import MenuItem, register  # noqa: PLC0415
        from portfolios import receivers, rules  # noqa: F401, PLC0415
        from portfolios.actions import EVIDENCE  # noqa: PLC0415

        def is_learner(user: User | None) -> bool:
            return user is not None and not is_staff(user)

        def gives_feedback(user: User | None) -> bool:
            return any(held.role in {Role.MENTOR, Role.ADVISOR} for held in assignments(user))

        purposes.register(purposes.Purpose(EVIDENCE, rules.may_read_evidence))
        register(MenuItem(_("My portfolio"), "portfolios:portfolio", is_learner, order=50))
        register(MenuItem(_("Texts for feedback"), "portfolios:feedback", gives_feedback, order=50))
