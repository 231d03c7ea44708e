from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "credpoints.jobs"

    def ready(self) -> None:
        """Make every app's jobs known by name, in web processes as in workers."""
        import credpoints.celery  # noqa: F401, PLC0415 - so that `current_app` is ours in every process

        autodiscover_modules("tasks")
