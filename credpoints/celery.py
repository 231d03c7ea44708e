"""The Celery application; what it does is told by the job rows, see `credpoints.jobs`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")

# The embedded broker by a name of its own: an address must not name a module, so kombu would refuse it.
TRANSPORT_ALIASES["database"] = "credpoints.jobs.transport:Transport"

app = Celery("credpoints")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
