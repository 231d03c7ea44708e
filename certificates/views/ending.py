"""Withdraw and replace."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from certificates import actions, queries
from certificates.forms import ReasonForm, RevokeForm, RevokeManyForm
from certificates.models import Certificate
from certificates.rules import administers_any, may_issue
from certificates.views.loading import visible
from certificates.workflow import CERTIFICATE
from credpoints.http.requests import SignedInRequest
from credpoints.outbox import actions as outbox


@require_http_methods(["GET", "POST"])
@login_required
def revoke(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Withdraw a certificate: two reasons, the consequences, and the mail before the click."""
    one = visible(request, uuid)
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
def revoke_many(request: SignedInRequest) -> HttpResponse:
    """Withdraw many certificates for one reason: first who they are and what follows, then the click."""
    if not administers_any(request.user):
        raise Http404
    form = RevokeManyForm(request.POST or None, initial={"numbers": request.GET.get("numbers", "")})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        plan = queries.withdrawal(request.user, facts.pop("numbers"))
        context |= {"plan": plan, "letter": _letter(plan, **facts) if facts["mail"] else None}
        # Only what the page has shown is withdrawn: the button carries the fingerprint of the list.
        if plan.certificates and request.POST.get("shown") == plan.fingerprint:
            count = actions.revoke_certificates(certificates=plan.certificates, by=request.user, **facts)
            messages.info(
                request,
                ngettext("%(count)s certificate is withdrawn.", "%(count)s certificates are withdrawn.", count)
                % {"count": count},
            )
            return redirect("certificates:register")
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "certificates/revoke_many.html", context, status=status)


def _letter(plan: queries.Withdrawal, public_reason: str, **_rest: Any) -> Any:
    """The mail to the first of them, as it would be written."""
    first = next((one for one in plan.certificates if one.person), None)
    if first is None or first.person is None:
        return None
    first.public_reason = public_reason
    return outbox.write("certificates/email/revoked", to=first.person, certificate=first)


@require_http_methods(["GET", "POST"])
@login_required
def replace(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Begin a corrected certificate: a draft with the present name, which gets its own number."""
    one = visible(request, uuid)
    if not CERTIFICATE.steps["revoke"].who(request.user, one):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = actions.replace_certificate(certificate=one, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("Check the new certificate; the old one stays valid until the new one is issued."))
        return redirect(draft)
    status = 422 if request.method == "POST" else 200
    return render(request, "certificates/replace.html", {"certificate": one, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def erase(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Erase what the certificates of a person say, at that person's wish; the register keeps the numbers."""
    one = visible(request, uuid)
    if not (one.person and one.is_published and may_issue(request.user, one)):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = actions.erase_certificates(
            person=one.person, programme=one.programme, by=request.user, reason=form.cleaned_data["reason"]
        )
        messages.info(
            request,
            ngettext(
                "The content of %(count)s certificate is erased; its number stays in the register.",
                "The content of %(count)s certificates is erased; their numbers stay in the register.",
                count,
            )
            % {"count": count},
        )
        return redirect("certificates:register")
    own = Certificate.objects.managed_by(request.user).filter(person=one.person, programme=one.programme)
    context = {"certificate": one, "form": form, "all": own.order_by("pk")}
    return render(request, "certificates/erase.html", context, status=422 if request.method == "POST" else 200)
