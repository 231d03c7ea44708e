import logging
from typing import Any

from celery.signals import worker_init
from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "credpoints.home"

    def ready(self) -> None:
        """Fill the menu, know the deploy checks, let a worker that starts say what it cannot do."""
        from credpoints.home import checks, menu  # noqa: PLC0415 - models exist only once the apps are ready

        menu.register_home_pages()

        def say_what_is_missing(**_kwargs: Any) -> None:
            for problem in checks.check_pdf(None):
                logging.getLogger(__name__).error("%s %s", problem.msg, problem.hint)

        worker_init.connect(say_what_is_missing, weak=False)
