"""How signing in meets our own outbox, languages and demo."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from credpoints.accounts.actions import open_account
from credpoints.accounts.models import User
from credpoints.home import actions
from credpoints.http.requests import user_of
from credpoints.outbox import actions as outbox

DEMO_SALT = "demo-sign-in"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends allauth's mails through the outbox and gives every account a person."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else (translation.get_language() or settings.LANGUAGE_CODE)
        site = {"name": "Credit Points", "domain": settings.BASE_URL.split("://")[-1]}
        context = {
            **context,
            "email": email,
            "request": self.request,
            "current_site": site,
            "base_url": settings.BASE_URL,
        }
        with translation.override(language):
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
            body = render_to_string(f"{template_prefix}_message.txt", context)
        letter = outbox.Letter(to=email, language=language, subject=subject, body=body)
        outbox.queue(template_prefix, to=user or User(email=email), letter=letter, secret=True)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        if commit:
            open_account(email=saved.email, language=saved.language)
        return saved

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in as the account is now: the proof of its address, a moment ago, has ended all sessions before."""
        user.refresh_from_db(fields=["session_salt", "password"])
        super().login(request, user)


@receiver(email_confirmed)
def address_proven(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """Let the browser in which an address was proven stay signed in, and no other."""
    if actions.note_proven_address(address=email_address) and user_of(request) == email_address.user:
        update_session_auth_hash(request, email_address.user)


def demo_token(user: User) -> str:
    """Return the token of a demo sign-in link; it opens nothing outside the demo."""
    return signing.dumps(user.pk, salt=DEMO_SALT)


def demo_user(token: str) -> User | None:
    """Return the account a demo link signs in, or None for a wrong link or outside the demo."""
    if not settings.DEMO:
        return None
    try:
        return User.objects.filter(pk=signing.loads(token, salt=DEMO_SALT)).first()
    except signing.BadSignature:
        return None
