"""An embedded broker: a Celery transport over a table of Django's own database.

Chosen by `CELERY_BROKER_URL = "database://embedded"` (the name comes from `credpoints.celery`) when no Redis is
configured, so that one machine runs a real worker without another server. A message is leased to the worker that reads
it; acknowledging deletes it, and a worker that dies lets the lease run out.
"""

import json
import uuid
from datetime import timedelta
from queue import Empty
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from kombu.transport import virtual

LEASE = timedelta(seconds=60)


class AcknowledgedByDeleting(virtual.QoS):
    """Forgets a message in the table as soon as its task is acknowledged."""

    def ack(self, delivery_tag: str) -> None:
        self.channel.forget(delivery_tag)
        super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if requeue:
            self.channel.release(delivery_tag)
        else:
            self.channel.forget(delivery_tag)
        super().ack(delivery_tag)  # type: ignore[no-untyped-call]


class Channel(virtual.Channel):
    """Keeps the messages of each queue in the table `jobs.Message`."""

    QoS = AcknowledgedByDeleting
    do_restore = False  # the table still has what was not acknowledged
    supports_fanout = False

    def _put(self, queue: str, message: dict[str, Any], **_options: Any) -> None:
        tag = str(message["properties"].setdefault("delivery_tag", str(uuid.uuid4())))
        _messages().create(queue=queue, tag=tag, payload=json.dumps(message), visible_at=timezone.now())

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        try:
            return self._lease_next(queue)
        finally:
            # The pool forks from this process: no open connection may be inherited by a child.
            if not connection.in_atomic_block:
                connection.close()

    def _lease_next(self, queue: str) -> dict[str, Any]:
        now = timezone.now()
        waiting = _messages().filter(queue=queue, visible_at__lte=now).order_by("id")
        if not waiting.exists():  # a plain read: an idle worker takes no write lock
            raise Empty
        with transaction.atomic():
            if connection.features.has_select_for_update_skip_locked:
                waiting = waiting.select_for_update(skip_locked=True)
            message = waiting.first()
            if message is None:
                raise Empty
            message.visible_at = now + LEASE
            message.save(update_fields=["visible_at"])
        payload: dict[str, Any] = json.loads(message.payload)
        return payload

    def forget(self, tag: str) -> None:
        _messages().filter(tag=str(tag)).delete()

    def release(self, tag: str) -> None:
        _messages().filter(tag=str(tag)).update(visible_at=timezone.now())

    def _size(self, queue: str) -> int:
        return int(_messages().filter(queue=queue).count())

    def _purge(self, queue: str) -> int:
        return int(_messages().filter(queue=queue).delete()[0])

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return True

    def close(self) -> None:
        super().close()  # type: ignore[no-untyped-call]
        close_old_connections()


class Transport(virtual.Transport):
    """What Celery loads; polls five times a second."""

    Channel = Channel
    polling_interval = 0.2
    driver_type = "django"
    driver_name = "django"
    can_parse_url = False
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct"]), heartbeats=False
    )

    def driver_version(self) -> str:
        return "1"


def _messages() -> Any:
    # Kombu loads this module before Django's apps are ready, so the model is looked up when it is needed.
    from django.apps import apps  # noqa: PLC0415

    return apps.get_model("jobs", "Message").objects
