"""The Celery application; what it does is told by the job rows, see `credpoints.jobs`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")

app = Celery("credpoints")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
