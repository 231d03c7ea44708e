"""The register and the certificates in it, for staff; the own certificate, for its holder."""

import csv
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates import actions, baking, queries, rendering, verifying
from certificates.content import elements
from certificates.forms import ReasonForm, RevokeForm
from certificates.models import Certificate, Kind, State
from certificates.rules import is_holder, keeps_register, may_prepare
from certificates.workflow import CERTIFICATE
from credpoints.audit.words import history
from credpoints.common.translated import text_in
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
def register(request: SignedInRequest) -> HttpResponse:
    """All certificates of the programmes where the person works, with search and filters in the address."""
    if not keeps_register(request.user):
        raise Http404
    certificates = queries.found(Certificate.objects.managed_by(request.user).for_pages(), request.GET.dict())
    page = Paginator(certificates.order_by("-created_at", "-pk"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(certificate, queries.tone(certificate)) for certificate in page],
        "states": State.choices,
        "kinds": Kind.choices,
        "without": queries.without_certificate(request.user)[:20],
        "is_filtered": any(request.GET.get(name) for name in ("q", "state", "kind", "year")),
    }
    return render(request, "certificates/register.html", context)


@require_GET
@login_required
def certificate(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """One certificate: the holder sees what it proves and the downloads, staff see the check list and the steps."""
    one = _visible(request, uuid)
    if is_holder(request.user, one):
        return render(request, "certificates/my_certificate.html", _holder_context(one))
    return render(request, "certificates/certificate.html", _staff_context(request, one))


@require_POST
@login_required
def approve(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Approve the content that the form names."""
    one = _visible(request, uuid)
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
    one = _visible(request, uuid)
    if what == "collect":
        actions.collect_anew(certificate=one, by=request.user)
        messages.info(request, _("The content is as plan and results say now."))
    else:
        actions.confirm_lines(certificate=one, by=request.user)
    return redirect(one)


@require_POST
@login_required
def take_step(request: SignedInRequest, uuid: Any, step: str) -> HttpResponse:
    """Take a step that needs nothing but a click, or a reason."""
    one = _visible(request, uuid)
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


@require_http_methods(["GET", "POST"])
@login_required
def revoke(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Withdraw a certificate: two reasons, the consequences, and the mail before the click."""
    one = _visible(request, uuid)
    if not CERTIFICATE.steps["revoke"].who(request.user, one):
        raise Http404
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_certificate(certificate=one, by=request.user, **form.cleaned_data)
        messages.info(request, _("%(number)s is withdrawn.") % {"number": one.number})
        return redirect(one)
    letter = outbox.write("certificates/email/revoked", to=one.person, certificate=one) if one.person else None
    context = {"certificate": one, "form": form, "letter": letter, "step": CERTIFICATE.steps["revoke"]}
    return render(request, "certificates/revoke.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@login_required
def replace(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Begin a corrected certificate: a draft with the present name, which gets its own number."""
    one = _visible(request, uuid)
    if not CERTIFICATE.steps["revoke"].who(request.user, one):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = actions.replace_certificate(certificate=one, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("Check the new certificate; the old one stays valid until the new one is issued."))
        return redirect(draft)
    status = 422 if request.method == "POST" else 200
    return render(request, "certificates/replace.html", {"certificate": one, "form": form}, status=status)


@require_GET
@login_required
def export(request: SignedInRequest) -> HttpResponse:
    """The register as it is filtered, for a spreadsheet."""
    if not keeps_register(request.user):
        raise Http404
    found = queries.found(Certificate.objects.managed_by(request.user).for_pages(), request.GET.dict())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="certificates.csv"'
    response.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Number"), _("Holder"), _("Title"), _("Kind"), _("State"), _("Issued on"), "SHA-256"])
    for one in found.order_by("number", "pk"):
        cells = [one.number or "", one.holder_name, one.title, one.get_kind_display(), one.get_state_display()]
        writer.writerow([_harmless(str(cell)) for cell in [*cells, one.issued_on or "", one.pdf_sha256]])
    return response


@require_GET
@login_required
def preview(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """The pages as they will look, marked as a preview; nothing is signed."""
    one = _visible(request, uuid)
    if not may_prepare(request.user, one):
        raise Http404
    pdf = rendering.render_preview(one.data)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def download(request: SignedInRequest, uuid: Any, form: str) -> HttpResponse:
    """The signed credential, exactly as it was issued: as JSON, as JWT, or inside a picture."""
    one = _visible(request, uuid)
    makers: dict[str, tuple[str, Callable[[Certificate], bytes]]] = {
        "json": ("application/json", lambda it: it.credential.encode()),
        "jwt": ("application/jwt", lambda it: it.jwt.encode()),
        "png": ("image/png", _baked),
    }
    if form not in makers or not one.is_published:
        raise Http404
    media_type, maker = makers[form]
    response = HttpResponse(maker(one), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{one.number}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _harmless(cell: str) -> str:
    """A name that begins like a formula must not become one in a spreadsheet."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _baked(one: Certificate) -> bytes:
    language = one.data["languages"][0]
    return baking.bake(
        title=text_in(one.data["title"], language),
        issuer=text_in(one.data["issuer"]["name"], language),
        number=one.number or "",
        credential=one.credential,
    )


def _visible(request: SignedInRequest, uuid: Any) -> Certificate:
    return get_object_or_404(Certificate.objects.visible_to(request.user).for_pages(), uuid=uuid)


def _holder_context(one: Certificate) -> dict[str, Any]:
    answer = verifying.by_code(one.code or "")
    return {
        "certificate": one,
        "answer": answer,
        "headline": verifying.headline(answer),
        "part": verifying.part_for_reader(one),
        "base_url": settings.BASE_URL,
    }


def _staff_context(request: SignedInRequest, one: Certificate) -> dict[str, Any]:
    available = {step.name: step for step in CERTIFICATE.available(one, request.user)}
    approval = available.get("approve_first") or available.get("approve")
    letter = None
    if approval and approval.name == "approve" and one.person:
        letter = outbox.write("certificates/email/issued", to=one.person, certificate=one)
    return {
        "certificate": one,
        "tone": queries.tone(one),
        "checks": actions.checks_of(one) if one.is_open else [],
        "may_change": one.state == State.DRAFT and may_prepare(request.user, one),
        "elements": elements(one.data, request.LANGUAGE_CODE or "en", str(one.issued_on or "")),
        "approvals": one.approvals.select_related("approver__person"),
        "approval": approval,
        "plain_steps": [available[name] for name in PLAIN_STEPS if name in available],
        "reasoned_steps": [available[name] for name in REASONED_STEPS if name in available],
        "may_revoke": "revoke" in available,
        "reason_form": ReasonForm(),
        "letter": letter,
        "history": history(one),
        "replacements": one.replacements.exclude(state=State.DISCARDED),
    }
