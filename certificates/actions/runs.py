"""Issue runs: pick, check, approve together, issue, pause, go on, retry."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.actions.approving import approve_certificate, freeze_certificate
from certificates.actions.issuing import number_certificate, retry_rendering
from certificates.actions.preparing import checks_of
from certificates.models import UNNUMBERED, Certificate, IssueRun, IssueRunItem, Outcome, RunState, State
from certificates.workflow import ISSUE_RUN
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import content_hash
from credpoints.jobs import actions as jobs
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_advisor_or_admin
from credpoints.workflow import NoLongerPossible, NotAllowed

# A large run is worked on in lanes, each a chain of portions: when a worker is killed its lane waits for the end of the
# lease, and the others go on. All lanes together ask for no more at once than what a mail can wait behind.
LANES = 4
AT_A_TIME = 15
READY_TO_RUN = (State.DRAFT, State.FROZEN, State.HALF_APPROVED, State.APPROVED)

describe(
    {
        "issue_run.begun": gettext_lazy("Issue run begun"),
        "issue_run.retried": gettext_lazy("Failed certificates tried again"),
    }
)


def candidates(
    programme: Programme, kind: str, finished_from: date | None, finished_until: date | None
) -> QuerySet[Certificate]:
    """The certificates that a run with this filter takes: not numbered, not in another open run."""
    taken = IssueRunItem.objects.filter(outcome__in=[Outcome.OPEN, Outcome.READY]).values("certificate")
    found = Certificate.objects.filter(programme=programme, kind=kind, state__in=READY_TO_RUN).exclude(pk__in=taken)
    if finished_from:
        found = found.filter(content__ends_on__gte=finished_from.isoformat())
    if finished_until:
        found = found.filter(content__ends_on__lte=finished_until.isoformat())
    return found.order_by("pk")


def begin_run(
    *,
    programme: Programme,
    kind: str,
    finished_from: date | None = None,
    finished_until: date | None = None,
    tells_holders: bool = True,
    by: User,
) -> IssueRun:
    """Put certificates together and have them checked; nothing is issued and nobody is mailed."""
    if not is_advisor_or_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        found = list(candidates(programme, kind, finished_from, finished_until).values_list("pk", flat=True))
        if not found:
            raise ValidationError(_("No certificate fits this choice, or all that fit are in another run."))
        run = IssueRun.objects.create(
            programme=programme,
            kind=kind,
            finished_from=finished_from,
            finished_until=finished_until,
            tells_holders=tells_holders,
            approvals_needed=programme.certificate_approvals,
            created_by=by,
        )
        items = [IssueRunItem(run=run, certificate_id=pk) for pk in found]
        IssueRunItem.objects.bulk_create(items, batch_size=500)
        audit.record("issue_run.begun", run, by=by, count=len(found))
        _work_on(run)
    return run


def work_on_run(*, run_id: int, turn: int, lane: int = 0, lanes: int = 1, portion: int = 1) -> None:
    """One portion of one lane's work, then ask for the next. Safe to run twice and to stop anywhere."""
    run = IssueRun.objects.select_related("programme", "created_by", "first_approver", "last_approver").get(pk=run_id)
    if run.turn != turn:
        return  # somebody has stopped these lanes
    work = {RunState.CHECKING: _check_some, RunState.RUNNING: _issue_some}.get(RunState(run.state))
    if work is None:
        return
    if work(run, run.items.alias(lane=F("pk") % lanes).filter(lane=lane)):
        with transaction.atomic():
            _ask_for_portion(run, lane, lanes, portion + 1)
        return
    try:
        end = _end_checking if run.state == RunState.CHECKING else _end_issuing
        end(run)
    except NoLongerPossible:
        return  # another worker was quicker, or somebody has paused


def _end_checking(run: IssueRun) -> None:
    """All are checked, unless another lane is still at work: then that one ends it."""
    if run.items.filter(outcome=Outcome.OPEN).exists():
        return
    with ISSUE_RUN.take("check", run, by=None) as locked:
        locked.digest = digest_of(locked)
        locked.first_approver = None


def _end_issuing(run: IssueRun) -> None:
    """All have their numbers, unless another lane is still at work."""
    if run.items.filter(outcome=Outcome.READY).exists():
        return
    with ISSUE_RUN.take("finish", run, by=None) as locked:
        locked.finished_at = timezone.now()


def check_again(*, run: IssueRun, by: User) -> None:
    """Check what was held back once more, after somebody has put it right."""
    with ISSUE_RUN.take("check_again", run, by=by) as locked:
        locked.first_approver = None
        locked.items.filter(outcome=Outcome.HELD_BACK).update(outcome=Outcome.OPEN, findings=[])
        _work_on(locked)


def approve_run(*, run: IssueRun, by: User, digest: str) -> None:
    """Approve exactly the certificates that were shown, all together; nothing is issued yet."""
    first = run.state == RunState.WAITING and run.approvals_needed == 2
    with ISSUE_RUN.take("approve_first" if first else "approve", run, by=by) as locked:
        changed = locked.items.filter(outcome=Outcome.READY).exclude(certificate__content_hash=F("content_hash"))
        if not digest or digest != locked.digest or digest != digest_of(locked) or changed.exists():
            raise NoLongerPossible(_("The certificates have changed since you opened the page. Read it again."), locked)
        if first:
            locked.first_approver = by
        else:
            locked.last_approver = by


def start_run(*, run: IssueRun, by: User) -> None:
    """Give numbers and make the files, in the background."""
    with ISSUE_RUN.take("start", run, by=by) as locked:
        locked.started_at = timezone.now()
        _work_on(locked)


def pause_run(*, run: IssueRun, by: User) -> None:
    """Give no further numbers; what has one is finished."""
    with ISSUE_RUN.take("pause", run, by=by):
        pass


def resume_run(*, run: IssueRun, by: User) -> None:
    """Go on where the run stopped."""
    with ISSUE_RUN.take("resume", run, by=by) as locked:
        _work_on(locked)


def discard_run(*, run: IssueRun, by: User) -> None:
    """Give up a run before it has begun to issue; its certificates are free for another one."""
    with ISSUE_RUN.take("discard", run, by=by) as locked:
        locked.items.filter(outcome__in=[Outcome.OPEN, Outcome.READY]).update(outcome=Outcome.LEFT)


def retry_failed(*, run: IssueRun, by: User) -> int:
    """Make the files once more where that failed. Returns how many."""
    failed = Certificate.objects.filter(pk__in=run.failed().values("certificate"))
    count = 0
    for certificate in failed:  # each in a transaction of its own: thousands would lock too much for too long
        retry_rendering(certificate=certificate, by=by)
        count += 1
    if count:
        with transaction.atomic():
            audit.record("issue_run.retried", run, by=by, count=count)
    return count


def digest_of(run: IssueRun) -> str:
    """One hash of everything that is approved together."""
    ready = run.items.filter(outcome=Outcome.READY).order_by("certificate_id")
    lines = ready.values_list("certificate_id", "content_hash")
    return content_hash("\n".join(f"{pk}:{digest}" for pk, digest in lines)) if lines else ""


def _check_some(run: IssueRun, lane: QuerySet[IssueRunItem]) -> bool:
    """Check a portion. Returns whether there is more."""
    related = ("certificate__participation", "certificate__programme")
    items = list(lane.filter(outcome=Outcome.OPEN).select_related(*related)[:AT_A_TIME])
    for place, item in enumerate(items):
        jobs.progress(place, len(items))  # still at it: a short lease, so that a killed worker holds the run up shortly
        _check_item(run, item)
    return bool(items)


def _check_item(run: IssueRun, item: IssueRunItem) -> None:
    """Freeze what is complete; hold back what is not, with its findings."""
    certificate = item.certificate
    try:
        if certificate.state == State.DRAFT and run.created_by:
            freeze_certificate(certificate=certificate, by=run.created_by)  # checks it too
            findings = []
        else:
            findings = _findings(certificate)
    except (ValidationError, NoLongerPossible, NotAllowed) as error:
        certificate.refresh_from_db()
        findings = _findings(certificate)
        if not findings and certificate.state == State.DRAFT:
            findings = [{"key": "refused", "detail": _words(error)}]
    outcome = Outcome.HELD_BACK if findings else Outcome.READY
    digest = "" if findings else certificate.content_hash
    run.items.filter(pk=item.pk, outcome=Outcome.OPEN).update(outcome=outcome, findings=findings, content_hash=digest)


def _findings(certificate: Certificate) -> list[dict[str, str]]:
    return [{"key": check.key, "detail": check.detail} for check in checks_of(certificate) if not check.ok]


def _issue_some(run: IssueRun, lane: QuerySet[IssueRunItem]) -> bool:
    """Approve and number a portion. Returns whether there is more."""
    items = list(lane.filter(outcome=Outcome.READY).values_list("pk", flat=True)[:AT_A_TIME])
    for place, item_id in enumerate(items):
        jobs.progress(place, len(items))
        if not IssueRun.objects.filter(pk=run.pk, state=RunState.RUNNING).exists():
            return False
        try:
            _issue_item(run, item_id)
        except (ValidationError, NoLongerPossible, NotAllowed) as error:
            run.items.filter(pk=item_id, outcome=Outcome.READY).update(
                outcome=Outcome.REFUSED, refusal=_words(error)[:500]
            )
    return bool(items)


def _issue_item(run: IssueRun, item_id: int) -> None:
    """Give one number, once: the row of the item is locked until it says so."""
    with transaction.atomic():
        item = IssueRunItem.objects.select_for_update(of=("self",)).filter(pk=item_id, outcome=Outcome.READY).first()
        if item is None:
            return
        certificate = Certificate.objects.select_related("programme__organisation").get(pk=item.certificate_id)
        if certificate.state in UNNUMBERED:
            if certificate.content_hash != item.content_hash:
                raise NoLongerPossible(_("Its content has changed since the run was approved."), certificate)
            if certificate.tells_holder != run.tells_holders:
                Certificate.objects.filter(pk=certificate.pk).update(tells_holder=run.tells_holders)
            _approve_for(run, certificate)
            if certificate.state == State.APPROVED:
                number_certificate(certificate=certificate, by=None)
        item.outcome = Outcome.NUMBERED
        item.save(update_fields=["outcome"])


def _approve_for(run: IssueRun, certificate: Certificate) -> None:
    """Put the run's approvals on the certificate, under the same rules as one by one."""
    for user in (run.first_approver, run.last_approver):
        is_open = certificate.state in {State.FROZEN, State.HALF_APPROVED}
        if user and is_open and certificate.first_approver_id != user.pk:
            approve_certificate(certificate=certificate, by=user, content_hash=certificate.content_hash)
    if certificate.state in {State.FROZEN, State.HALF_APPROVED}:
        raise NoLongerPossible(_("It is not approved by enough people."), certificate)


def _work_on(run: IssueRun) -> None:
    """Begin all lanes. A new turn ends the lanes of older ones; a small run has one lane, and numbers in its order."""
    IssueRun.objects.filter(pk=run.pk).update(turn=F("turn") + 1)
    run.turn = IssueRun.objects.values_list("turn", flat=True).get(pk=run.pk)
    lanes = LANES if run.items.count() > AT_A_TIME else 1
    for lane in range(lanes):
        _ask_for_portion(run, lane, lanes, 1)


def _ask_for_portion(run: IssueRun, lane: int, lanes: int, portion: int) -> None:
    """Each portion is one job, however often it is asked for."""
    jobs.enqueue(
        "certificates.work_on_run",
        key=f"certificates.run:{run.pk}:{run.turn}:{lane}:{portion}",
        run_id=run.pk,
        turn=run.turn,
        lane=lane,
        lanes=lanes,
        portion=portion,
    )


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error)
