"""Teachers' pages: the groups they teach, attendance, results."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.rules import is_staff
from credpoints.http.requests import SignedInRequest
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from modules import actions, queries, rules
from modules.exports import group_csv
from modules.forms import CorrectionForm, result_form
from modules.grading import scheme_of
from modules.models import AttendanceState, Enrolment, Offering, Result, ResultState, Session
from modules.workflow import RESULT


@require_GET
@login_required
def groups(request: SignedInRequest) -> HttpResponse:
    """The offerings that the person teaches or runs."""
    if not is_staff(request.user):
        raise Http404
    page = Paginator(queries.groups(request.user), 25).get_page(request.GET.get("page"))
    return render(request, "modules/groups.html", {"page": page})


@require_GET
@login_required
def group(request: SignedInRequest, uuid: str) -> HttpResponse:
    """One group: people, results, sessions."""
    offering = _offering(request, uuid)
    lines = queries.participants(offering)
    if request.GET.get("format") == "csv":
        return group_csv(offering, lines)
    context = {
        "offering": offering,
        "lines": lines,
        "timetable": queries.timetable(offering.sessions.all(), timezone.now(), queries.attendance_words(lines)),
        "teaches": rules.teaches(request.user, offering),
        "runs": rules.runs_offering(request.user, offering),
        "provisional": sum(1 for line in lines if line.provisional),
        "finalise": RESULT.steps["finalise"],
    }
    return render(request, "modules/group.html", context)


@require_POST
@login_required
def group_finalise(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Make the chosen provisional results final; what cannot be is skipped and said."""
    offering = _offering(request, uuid)
    chosen = [value for value in request.POST.getlist("result") if value.isascii() and value.isdigit()][:500]
    found = Result.objects.filter(pk__in=chosen, enrolment__offering=offering).select_related("enrolment__person")
    done, skipped = 0, []
    for result in found:
        try:
            actions.finalise_result(result=result, by=request.user)
            done += 1
        except NoLongerPossible:
            skipped.append(str(result.enrolment.person))
    messages.info(request, ngettext("%(n)s result is final.", "%(n)s results are final.", done) % {"n": done})
    if skipped:
        words = _("Skipped, because they were no longer provisional: %(names)s.") % {"names": ", ".join(skipped)}
        messages.warning(request, words)
    return redirect("modules:group", uuid=uuid)


@require_http_methods(["GET", "POST"])
@login_required
def result(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Enter the result of one person, provisional or final at once."""
    enrolment = _enrolment(request, uuid)
    if not rules.can_record(request.user, enrolment):
        raise PermissionDenied
    scheme_key = enrolment.offering.version.grading_scheme
    attempt = actions.next_attempt(enrolment)
    standing = Result.objects.standing().filter(enrolment=enrolment, attempt=attempt).first()
    form = result_form(standing, attempt, scheme_key, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _record(request, enrolment, form):
            return redirect("modules:group", uuid=enrolment.offering.uuid)
        status = 422
    elif not enrolment.is_running:
        raise NoLongerPossible(_("This enrolment has ended; a final result can only be corrected."), enrolment)
    context = {
        "enrolment": enrolment,
        "attempt": attempt,
        "allowed": enrolment.offering.version.attempts_allowed,
        "form": form,
        "standing": standing,
        "history": queries.results_with_corrections(enrolment),
        "finalise": RESULT.steps["finalise"],
    }
    return render(request, "modules/result.html", context, status=status)


def _record(request: SignedInRequest, enrolment: Enrolment, form: Any) -> bool:
    """Keep what was entered; a refusal lands in the form, beside what was typed."""
    data = form.cleaned_data
    try:
        entered = actions.record_result(
            enrolment=enrolment,
            by=request.user,
            examined_on=data["examined_on"],
            comment=data["comment"],
            attempt=data["attempt"],
            seen_edition=data["seen_edition"],
            **form.marking,
        )
        if "final" in request.POST:
            actions.finalise_result(result=entered, by=request.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    words = {"person": enrolment.person, "result": entered.written}
    if entered.is_final:
        messages.info(request, _("%(person)s: %(result)s. The result is final.") % words)
    else:
        messages.info(request, _("%(person)s: %(result)s. The result is provisional.") % words)
    return True


@require_http_methods(["GET", "POST"])
@login_required
def result_correct(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Correct a final result with a reason."""
    found = get_object_or_404(
        Result.objects.visible_to(request.user).select_related(
            "enrolment__person__user", "enrolment__offering__version__module"
        ),
        uuid=uuid,
    )
    if not rules.can_correct(request.user, found):
        raise PermissionDenied
    if found.state != ResultState.FINAL:
        raise NoLongerPossible(RESULT.refusal(found), found)
    form = CorrectionForm(request.POST if request.method == "POST" else None, scheme=scheme_of(found.scheme))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_result(result=found, by=request.user, reason=form.cleaned_data["reason"], **form.marking)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, _("The result is corrected."))
            return redirect(found.enrolment)
    context = {
        "result": found,
        "enrolment": found.enrolment,
        "form": form,
        "step": RESULT.steps["supersede"],
        "letter": outbox.write("modules/email/result", to=found.enrolment.person, result=found),
    }
    return render(request, "modules/result_correct.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def attendance(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Who was at a session."""
    session = get_object_or_404(
        Session.objects.filter(offering__in=Offering.objects.staffed_by(request.user).values("pk")).select_related(
            "offering__version__module", "offering__term"
        ),
        uuid=uuid,
    )
    if not rules.can_mark_attendance(request.user, session.offering):
        raise PermissionDenied
    lines = [line for line in queries.participants(session.offering) if line.enrolment.holds_seat]
    if request.method == "POST":
        others = AttendanceState.PRESENT if "others_present" in request.POST else ""
        marks = {line.enrolment.pk: _mark(request.POST.get(f"mark-{line.enrolment.pk}")) or others for line in lines}
        changed = actions.mark_attendance(session=session, marks=marks, by=request.user)
        messages.info(request, ngettext("%(n)s mark changed.", "%(n)s marks changed.", changed) % {"n": changed})
        return redirect("modules:group", uuid=session.offering.uuid)
    rows = [(line.enrolment, line.attendance.get(session.pk, "")) for line in lines]
    context = {"session": session, "rows": rows, "choices": [*AttendanceState.choices, ("", _("not recorded"))]}
    return render(request, "modules/attendance.html", context)


def _mark(value: str | None) -> str:
    return value if value in AttendanceState.values else ""


def _offering(request: SignedInRequest, uuid: str) -> Offering:
    found = Offering.objects.staffed_by(request.user).select_related("version__module__provider", "term")
    return get_object_or_404(found, uuid=uuid)


def _enrolment(request: SignedInRequest, uuid: str) -> Enrolment:
    return get_object_or_404(queries.enrolments_for_pages().visible_to(request.user), uuid=uuid)
