"""The embedded broker: a message is leased, acknowledged by deleting, and comes back when its worker dies."""

import contextlib
from datetime import timedelta
from queue import Empty

import pytest
from django.db import transaction
from django.utils import timezone
from kombu import Connection

from credpoints.jobs.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    with Connection("database://embedded") as broker:
        yield broker.default_channel


def put(channel, *bodies: str) -> None:
    for body in bodies:
        channel._put("q", {"body": body, "properties": {}})


def test_messages_come_in_the_order_they_were_sent(channel) -> None:
    put(channel, "first", "second")

    assert [channel._get("q")["body"], channel._get("q")["body"]] == ["first", "second"]


def test_a_leased_message_is_not_given_twice(channel) -> None:
    put(channel, "only")
    channel._get("q")

    with pytest.raises(Empty):
        channel._get("q")
    assert Message.objects.count() == 1


def test_the_message_of_a_dead_worker_comes_back(channel) -> None:
    put(channel, "only")
    channel._get("q")

    Message.objects.update(visible_at=timezone.now() - timedelta(seconds=1))

    assert channel._get("q")["body"] == "only"


def test_acknowledging_deletes_and_releasing_gives_back(channel) -> None:
    put(channel, "done", "again")
    done, again = channel._get("q"), channel._get("q")

    channel.qos.ack(done["properties"]["delivery_tag"])
    channel.qos.reject(again["properties"]["delivery_tag"], requeue=True)

    assert [channel._get("q")["body"], Message.objects.count()] == ["again", 1]


def test_rejecting_for_good_deletes(channel) -> None:
    put(channel, "bad")
    channel.qos.reject(channel._get("q")["properties"]["delivery_tag"])

    assert Message.objects.count() == 0


def test_queues_do_not_mix(channel) -> None:
    put(channel, "ours")

    with pytest.raises(Empty):
        channel._get("theirs")
    assert (channel._size("q"), channel._size("theirs")) == (1, 0)
    assert (channel._purge("q"), channel._size("q")) == (1, 0)


def test_a_message_is_undone_with_the_transaction_it_was_sent_in(channel) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        put(channel, "never")
        raise ZeroDivisionError

    assert Message.objects.count() == 0
