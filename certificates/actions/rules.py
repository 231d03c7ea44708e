"""What a programme demands of its certificates."""

from django.db import transaction

from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.organisations import actions as organisations
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.workflow import NotAllowed


def change_rules(
    *,
    programme: Programme,
    by: User,
    needs_payment: bool,
    forbidden_words: bool,
    attendance_share: int,
    by_run: bool,
    valid_months: int | None,
) -> None:
    """Change the rules for everything that is not approved yet; what is frozen keeps what it says."""
    if not is_admin(by, programme.pk):
        raise NotAllowed(CERTIFICATE.steps["number"])
    rules = {
        "needs_payment": needs_payment,
        "forbidden_words": forbidden_words,
        "attendance_share": attendance_share,
        "issue": "by_run" if by_run else "at_once",
        "valid_months": valid_months,
    }
    with transaction.atomic():
        # Other rooms keep their rules in the same field, so it is read under the lock.
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        own = {**locked.room_settings("certificates"), **rules}
        organisations.change_programme(programme=locked, by=by, settings={**locked.settings, "certificates": own})
