"""Ways into a survey without a password: a mailed link and a mailed code."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from applicants.models import ResumeLink
from applicants.rules import has_verified_address
from credpoints.accounts import actions as accounts
from credpoints.accounts.models import User
from credpoints.common.tokens import new_token, token_hash
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox

VALID = timedelta(days=14)
CODE_VALID = timedelta(minutes=60)
MAX_ATTEMPTS = 5


def send_resume_link(*, user: User, programme: Programme, now: datetime) -> ResumeLink:
    """Mail a link that opens the survey on any device, and a code for the device in use."""
    token, code = new_token(), f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        link = ResumeLink.objects.create(
            user=user,
            programme=programme,
            email=user.email,
            token_hash=token_hash(token),
            code_hash=_code_hash(code, token_hash(token)),
            created_at=now,
            expires_at=now + VALID,
        )
        with override(user.language):
            title = str(programme)
        outbox.queue(
            "applicants/email/resume",
            to=user,
            secret=True,
            programme_title=title,
            token=token,
            code=code,
            days=VALID.days,
            minutes=CODE_VALID.seconds // 60,
        )
    return link


def open_link(token: str, *, now: datetime) -> ResumeLink | None:
    """Return the link of this token while it can still be used."""
    return (
        ResumeLink.objects.select_related("user", "programme")
        .filter(token_hash=token_hash(token), used_at=None, expires_at__gt=now, email=F("user__email"))
        .first()
    )


def use_link(*, token: str, now: datetime) -> ResumeLink | None:
    """Use a link up: it opens once. None for a wrong, used or old one."""
    with transaction.atomic():
        link = open_link(token, now=now)
        # One conditional UPDATE decides between two clicks.
        used = link and ResumeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
    return link if used else None


def use_code(*, user: User, code: str, now: datetime) -> bool:
    """Use the code of the newest mail up. Five wrong ones kill it."""
    mailed = ResumeLink.objects.filter(user=user, email=user.email, created_at__gt=now - CODE_VALID)
    link = mailed.filter(used_at=None).order_by("-pk").first()
    if link is None:
        return False
    # The attempt counts before the code is compared, so parallel guesses share the five.
    counted = ResumeLink.objects.filter(pk=link.pk, attempts__lt=MAX_ATTEMPTS).update(attempts=F("attempts") + 1)
    if not counted or not constant_time_compare(_code_hash(code.strip(), link.token_hash), link.code_hash):
        return False
    return bool(ResumeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now))


def verify_address(*, user: User) -> bool:
    """Note that mail to the address arrives. Returns whether this was the first time; then all sessions end.

    Until then somebody else could have begun in this person's name, so nobody stays signed in.
    """
    with transaction.atomic():
        if has_verified_address(user):
            return False
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        accounts.forget_ways_in(user=user)
    return True


def _code_hash(code: str, salt: str) -> str:
    return salted_hmac(f"applicants.code.{salt}", code, algorithm="sha256").hexdigest()
