"""One certificate: its page for the holder and for staff, and the steps that staff take."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certificates import actions, lasting_queries, queries, rendering, troubles
from certificates.content import elements
from certificates.forms import FeeForm, LanguagesForm, ReasonForm
from certificates.models import Certificate, State
from certificates.rules import is_holder, may_issue, may_prepare
from certificates.views.holder import holder_context
from certificates.views.loading import visible
from certificates.workflow import CERTIFICATE
from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.outbox import actions as outbox

# Steps that people take on the page with one click; the others have a form of their own or belong to the system.
PLAIN_STEPS = {
    "freeze": actions.freeze_certificate,
    "number": actions.number_certificate,
    "retry": actions.retry_rendering,
}


REASONED_STEPS = {
    "reopen": actions.reopen_certificate,
    "discard": actions.discard_certificate,
    "void": actions.void_certificate,
}


@require_GET
@login_required
def certificate(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """One certificate: the holder sees what it proves and the downloads, staff see the check list and the steps."""
    one = visible(request, uuid)
    if is_holder(request.user, one):
        return render(request, "certificates/my_certificate.html", holder_context(request, one))
    return render(request, "certificates/certificate.html", _staff_context(request, one))


@require_POST
@login_required
def approve(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Approve the content that the form names."""
    one = visible(request, uuid)
    actions.approve_certificate(certificate=one, by=request.user, content_hash=request.POST.get("content_hash", ""))
    messages.info(request, _("You have approved this certificate."))
    return redirect(one)


@require_POST
@login_required
def prepare(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Collect a participant's plan and results into a draft."""
    participation = get_object_or_404(queries.participations_of(request.user), uuid=uuid)
    if participation.person.user_id == request.user.pk:
        raise Http404
    return redirect(actions.collect_certificate(participation=participation, by=request.user))


@require_POST
@login_required
def change(request: SignedInRequest, uuid: Any, what: str) -> HttpResponse:
    """Change a draft: collect it anew, or confirm practice and mentoring."""
    one = visible(request, uuid)
    if what == "collect":
        actions.collect_anew(certificate=one, by=request.user)
        messages.info(request, _("The content is as plan and results say now."))
    else:
        actions.confirm_lines(certificate=one, by=request.user)
    return redirect(one)


@require_POST
@login_required
def choose_languages(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Choose in which languages this draft is printed."""
    one = visible(request, uuid)
    if not may_prepare(request.user, one):
        raise Http404
    form = LanguagesForm(one, request.POST)
    if not form.is_valid():
        context = {**_staff_context(request, one), "languages_form": form}
        return render(request, "certificates/certificate.html", context, status=422)
    actions.choose_languages(certificate=one, by=request.user, languages=form.chosen())
    messages.info(request, _("The languages are chosen. Look at the pages."))
    return redirect(one)


@require_POST
@login_required
def settle_fee(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Confirm that what is due was paid or need not be paid, and how that is known."""
    one = visible(request, uuid)
    if not may_prepare(request.user, one):
        raise Http404
    form = FeeForm(request.POST)
    if not form.is_valid():
        context = {**_staff_context(request, one), "fee_form": form}
        return render(request, "certificates/certificate.html", context, status=422)
    actions.settle_fee(certificate=one, by=request.user, reason=form.cleaned_data["reason"])
    return redirect(one)


@require_POST
@login_required
def take_step(request: SignedInRequest, uuid: Any, step: str) -> HttpResponse:
    """Take a step that needs nothing but a click, or a reason."""
    one = visible(request, uuid)
    if step in PLAIN_STEPS:
        try:
            PLAIN_STEPS[step](certificate=one, by=request.user)
        except ValidationError as error:
            context = {**_staff_context(request, one), "refusal": " ".join(error.messages)}
            return render(request, "certificates/certificate.html", context, status=422)
        return redirect(one)
    if step not in REASONED_STEPS:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = {**_staff_context(request, one), "reason_form": form, "reason_step": step}
        return render(request, "certificates/certificate.html", context, status=422)
    REASONED_STEPS[step](certificate=one, by=request.user, reason=form.cleaned_data["reason"])
    return redirect(one)


@require_GET
@login_required
def preview(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """The pages as they will look, marked as a preview; nothing is signed."""
    one = visible(request, uuid)
    if not may_prepare(request.user, one):
        raise Http404
    return pdf_response(rendering.render_preview(actions.as_printed(one)))


def pdf_response(pdf: bytes) -> HttpResponse:
    """A preview for the eyes of whoever asked, kept nowhere."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _staff_context(request: SignedInRequest, one: Certificate) -> dict[str, Any]:
    available = {step.name: step for step in CERTIFICATE.available(one, request.user)}
    approval = available.get("approve_first") or available.get("approve")
    return {
        "certificate": one,
        "tone": queries.tone(one),
        "trouble": troubles.in_words(one.render_error),
        **_while_open(request, one),
        "part": _part(one, request.LANGUAGE_CODE or "en"),
        "approvals": one.approvals.select_related("approver__person"),
        "approval": approval,
        "plain_steps": [available[name] for name in PLAIN_STEPS if name in available],
        "reasoned_steps": [available[name] for name in REASONED_STEPS if name in available],
        "may_revoke": "revoke" in available,
        "may_erase": one.is_published and may_issue(request.user, one),
        "reason_form": ReasonForm(),
        "letter": _letter(one) if approval and approval.name == "approve" else None,
        "history": history(one),
        "replacements": one.replacements.exclude(state=State.DISCARDED),
    }


def _while_open(request: SignedInRequest, one: Certificate) -> dict[str, Any]:
    """The check list, and what can still be changed by whoever prepares the certificate."""
    checks = actions.checks_of(one) if one.is_open else []
    may_change = one.state == State.DRAFT and may_prepare(request.user, one)
    asked = {check.key for check in checks}
    unmet = {check.key for check in checks if not check.ok}
    return {
        "checks": checks,
        "standstill": lasting_queries.standstill(timezone.now()) if one.is_open else "",
        "may_change": may_change,
        "may_collect": may_change and bool(one.participation_id or one.source_key),
        "lines_to_confirm": may_change and "practice_confirmed" in asked,
        "languages_form": LanguagesForm(one) if may_change else None,
        "fee_form": FeeForm() if may_change and "paid" in unmet else None,
    }


def _letter(one: Certificate) -> outbox.Letter | None:
    """What the holder reads when the last approval is given."""
    return outbox.write("certificates/email/issued", to=one.person, certificate=one) if one.person else None


def _part(one: Certificate, language: str) -> rendering.Part:
    """The whole content as the pages say it, for whoever approves it; without a number there is no day of issue."""
    content = actions.as_printed(one)
    if one.issued_on:
        return rendering.part_in(content, one.issuance(), language)
    part = rendering.part_in(content, rendering.preview_issuance(), language)
    return replace(part, elements=[dict(element) for element in elements(content, language)])
