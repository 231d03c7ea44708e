import logging
import threading
from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "credpoints.home"

    def ready(self) -> None:
        """Fill the menu, know the deploy checks, let a worker that starts say what it cannot do."""
        from credpoints.home import checks, menu  # noqa: PLC0415 - models exist only once the apps are ready

        menu.register_home_pages()

        def say_what_is_missing() -> None:
            for problem in checks.check_pdf(None):
                logging.getLogger(__name__).error("%s %s", problem.msg, problem.hint)

        def begin_asking(**_kwargs: Any) -> None:
            # Beside the work and not before it: the answer takes a second or two.
            threading.Thread(target=say_what_is_missing, daemon=True).start()

        worker_ready.connect(begin_asking, weak=False)
