import logging
import threading
from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "credpoints.home"

    def ready(self) -> None:
        """Fill the menu, know the deploy checks, let a worker that starts say what it cannot do."""
        from applicants import achievements as asked  # noqa: PLC0415 - models exist only once the apps are ready
        from applicants import reporting  # noqa: PLC0415
        from credpoints.home import achievements, checks, menu  # noqa: PLC0415

        menu.register_home_pages()
        asked.register(asked.MODULES, achievements.modules_passed)
        asked.register(asked.CREDENTIALS, achievements.credentials_held)
        reporting.count_participations_by(achievements.participations_by_state)

        def say_what_is_missing() -> None:
            for problem in checks.check_pdf(None):
                logging.getLogger(__name__).error("%s %s", problem.msg, problem.hint)

        def begin_asking(**_kwargs: Any) -> None:
            # Beside the work and not before it: the answer takes a second or two.
            threading.Thread(target=say_what_is_missing, daemon=True).start()

        worker_ready.connect(begin_asking, weak=False)
