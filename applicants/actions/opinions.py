"""Second opinions: ask a colleague, and answer when asked. Applicants never see them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import rules
from applicants.models import Application, SecondOpinion
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "application.opinion_asked": gettext_lazy("%(colleague)s asked for a second opinion"),
        "application.opinion_given": gettext_lazy("Second opinion given"),
    }
)


def ask_opinion(*, application: Application, colleague: User, question: str, by: User) -> SecondOpinion:
    """Ask a colleague who reviews this programme too; they get a mail and a task on their page."""
    with transaction.atomic():
        locked = _locked(application, by)
        if not rules.may_review(colleague, locked) or colleague == by:
            raise NotAllowed(APPLICATION.steps["start_review"])
        if locked.opinions.filter(asked=colleague, given_at=None).exists():
            raise NoLongerPossible(_("This colleague has been asked already."), locked)
        opinion = SecondOpinion.objects.create(
            application=locked, asked=colleague, asked_by=by, question=question.strip()
        )
        outbox.queue("applicants/email/opinion", to=colleague, about=locked, application=locked,
                     programme=locked.programme, opinion=opinion)  # fmt: skip
        audit.record("application.opinion_asked", locked, by=by, colleague=colleague.name)
    return opinion


def give_opinion(
    *, opinion: SecondOpinion, recommendation: str, text: str, by: User, now: datetime | None = None
) -> None:
    """Answer once; from then on the opinion stands as it was given."""
    with transaction.atomic():
        locked = _locked(opinion.application, by)
        fresh = SecondOpinion.objects.get(pk=opinion.pk)
        if fresh.asked_id != by.pk:
            raise NotAllowed(APPLICATION.steps["start_review"])
        if fresh.given_at:
            raise NoLongerPossible(_("This opinion has been given already."), locked)
        fresh.recommendation, fresh.text, fresh.given_at = recommendation, text.strip(), now or timezone.now()
        fresh.save()
        audit.record("application.opinion_given", locked, by=by)


def _locked(application: Application, by: User) -> Application:
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("programme", "person__user")
        .get(pk=application.pk)
    )
    if not rules.may_review(by, locked):
        raise NotAllowed(APPLICATION.steps["start_review"])
    if locked.erased_at:
        raise NoLongerPossible(_("Its answers have been deleted after the retention time."), locked)
    return locked
