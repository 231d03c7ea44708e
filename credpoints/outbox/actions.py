"""Queue a mail in the transaction of the change it tells about; deliver it once, later."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import linebreaks, urlize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.jobs import actions as jobs
from credpoints.outbox.models import MessageState, OutboxMessage

describe(
    {"outbox.queued": _("Mail to %(to)s: %(subject)s"), "outbox.resent": _("Mail sent again to %(to)s: %(subject)s")}
)


@dataclass(frozen=True)
class Letter:
    """A mail as it would be sent: what previews show and what `queue` stores."""

    to: str
    language: str
    subject: str
    body: str


def write(template: str, *, to: User | Person, language: str = "", **context: Any) -> Letter:
    """Write a mail in the reader's language and time zone without sending it: the preview before a click.

    The template `templates/<name>.txt` has the subject in its first line, then an empty line, then the body. It finds
    `person` (the recipient), `base_url` and everything in `context`. All mails close alike.
    """
    address = to.email if isinstance(to, User) else to.mail_address
    language = language or to.language
    with translation.override(language), timezone.override(to.time_zone):
        text = render_to_string(f"{template}.txt", {"person": to, "base_url": settings.BASE_URL, **context})
        closing = f"{gettext('Kind regards')}\nCredit Points\n{settings.BASE_URL}"
    subject, _blank, body = text.strip().partition("\n")
    return Letter(to=address, language=language, subject=subject.strip(), body=f"{body.strip()}\n\n{closing}\n")


def queue(
    template: str,
    *,
    to: User | Person,
    key: str = "",
    about: models.Model | None = None,
    programme_id: int | None = None,
    secret: bool = False,
    attachments: list[Mapping[str, str]] | None = None,
    letter: Letter | None = None,
    language: str = "",
    **context: Any,
) -> OutboxMessage:
    """Write a mail row and its delivery job in the running transaction.

    The same `key` queues one mail for ever. `about` shows it in that object's history and mail list; `letter` sends an
    edited text instead of the template's. `secret` hides the body from staff and erases it after sending.
    """
    letter = letter or write(template, to=to, language=language, **context)
    user = to if isinstance(to, User) else to.user
    user = user if user and user.pk else None  # sign-in mails go to addresses without an account too
    row = OutboxMessage(
        key=key or f"{template}:{uuid.uuid4()}",
        template=template,
        language=letter.language,
        recipient=user,
        to=letter.to,
        subject=" ".join(letter.subject.split())[:300],  # one line, or no mail server takes it
        body=letter.body,
        attachments=[dict(a) for a in attachments or []],
        programme_id=programme_id if programme_id is not None else getattr(about, "programme_id", None),
        object_type=about._meta.label_lower if about else "",
        object_id=about.pk if about else None,
        secret=secret,
    )
    with transaction.atomic():
        OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        message = OutboxMessage.objects.get(key=row.key)
        jobs.enqueue("outbox.deliver", key=f"outbox.deliver:{message.pk}:0", message_id=message.pk)
    return message


def deliver(message_id: int) -> None:
    """Send one mail. The row moves to “being sent” before the server is asked, so a worker that dies never sends twice.

    What died in between becomes “perhaps sent”: a person decides whether to send it again.
    """
    claimed = OutboxMessage.objects.filter(pk=message_id, state=MessageState.QUEUED).update(
        state=MessageState.SENDING, attempts=F("attempts") + 1
    )
    message = OutboxMessage.objects.get(pk=message_id)
    if not claimed:
        if message.state == MessageState.SENDING:
            _settle(message, MessageState.UNCERTAIN, error="the worker stopped while sending")
        return
    try:
        _email(message).send()
    except Exception as error:
        _settle(message, MessageState.QUEUED, error=str(error))
        raise
    _settle(message, MessageState.SENT, sent_at=timezone.now())


def give_up(message_id: int, error: str) -> None:
    """Mark a mail that no attempt could send, so that staff see it."""
    OutboxMessage.objects.filter(pk=message_id, state=MessageState.QUEUED).update(
        state=MessageState.FAILED, error=error
    )


def resend(*, message: OutboxMessage, by: User) -> None:
    """Send a mail once more because a person wants it; one that is just on its way is left alone."""
    with transaction.atomic():
        locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        if locked.state in {MessageState.QUEUED, MessageState.SENDING}:
            return
        locked.state = MessageState.QUEUED
        locked.error = ""
        locked.save(update_fields=["state", "error"])
        jobs.enqueue("outbox.deliver", key=f"outbox.deliver:{locked.pk}:{uuid.uuid4()}", message_id=locked.pk)
        audit.record("outbox.resent", locked, by=by, to=locked.to, subject=locked.subject)


def html_of(body: str) -> str:
    """The same words as HTML, with links that can be clicked."""
    return linebreaks(urlize(body, autoescape=True))


def _email(message: OutboxMessage) -> EmailMultiAlternatives:
    host = settings.BASE_URL.split("://")[-1].split(":")[0].split("/")[0]
    # A constant Message-ID lets mail servers drop a second copy.
    headers = {"Message-ID": f"<outbox-{message.pk}-{message.created_at:%Y%m%d%H%M%S%f}@{host}>"}
    email = EmailMultiAlternatives(subject=message.subject, body=message.body, to=[message.to], headers=headers)
    email.attach_alternative(html_of(message.body), "text/html")
    for attachment in message.attachments:
        email.attach(attachment["name"], attachment["content"], attachment["type"])
    return email


def _settle(message: OutboxMessage, state: MessageState, **values: Any) -> None:
    if state == MessageState.SENT and message.secret and not settings.DEMO:
        values["body"] = ""
    OutboxMessage.objects.filter(pk=message.pk, state=MessageState.SENDING).update(state=state, **values)
