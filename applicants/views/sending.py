"""After filling in: check the answers, send them once, keep a copy, take the application back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applicants import actions
from applicants.actions.filling import answers_of
from applicants.forms import CodeForm, WithdrawForm
from applicants.limits import too_many
from applicants.models import Application
from applicants.pages import blocks
from applicants.pdf import pdf_of
from applicants.rules import has_verified_address
from applicants.views.own import is_open, own, take_kept
from applicants.workflow import APPLICATION
from credpoints.http.requests import SignedInRequest

HOUR = 60 * 60


@require_GET
@login_required
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Check the answers before sending."""
    found = own(request, uuid)
    if not found.is_draft:
        return redirect(found)
    take_kept(request, found)
    return _review(request, found)


def _review(
    request: SignedInRequest, found: Application, status: int = 200, form: CodeForm | None = None
) -> HttpResponse:
    answers = answers_of(found)
    today = timezone.localdate()
    context = {
        "application": found,
        "blocks": blocks(found.form_version.survey, answers, on=today),
        "problems": found.form_version.survey.problems(answers, on=today),
        "is_verified": has_verified_address(request.user),
        "is_open": is_open(found),
        "form": form or CodeForm(),
        "step": APPLICATION.steps["submit"],
    }
    return render(request, "applicants/review.html", context, status=status)


@require_POST
@login_required
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send the application, once."""
    found = own(request, uuid)
    if found.submitted_at:
        return redirect(found)  # the second click of a double click
    try:
        actions.submit_application(application=found, by=request.user)
    except (actions.SurveyIncomplete, actions.UnverifiedAddress):
        return _review(request, own(request, uuid), status=422)
    return redirect(f"{found.get_absolute_url()}?sent=1")


@require_POST
@login_required
def verify(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Type the code of the mail, or ask for a new one."""
    found = own(request, uuid)
    if "resend" in request.POST:
        if too_many(request, "resend", key=str(request.user.pk), limit=5, seconds=HOUR):
            return render(request, "applicants/too_many.html", {}, status=429)
        actions.send_resume_link(user=request.user, programme=found.programme, now=timezone.now())
        messages.info(request, _("A new mail is on its way to %(email)s.") % {"email": request.user.email})
        return redirect("applicants:review", uuid)
    form = CodeForm(request.POST)
    if form.is_valid() and _code_fits(request, form.cleaned_data["code"]):
        messages.success(request, _("Thank you: your address is confirmed."))
        return redirect("applicants:review", uuid)
    if form.is_valid():
        form.add_error("code", _("This code is wrong or too old. Please look into the newest mail."))
    return _review(request, found, status=422, form=form)


def _code_fits(request: SignedInRequest, code: str) -> bool:
    """Use the code up; this browser stays signed in when verifying ends all other sessions."""
    if not actions.use_code(user=request.user, code=code, now=timezone.now()):
        return False
    if actions.verify_address(user=request.user):
        request.user.refresh_from_db()
        _stay_signed_in(request)
    return True


def _stay_signed_in(request: SignedInRequest) -> None:
    request.session.cycle_key()
    request.session["_auth_user_hash"] = request.user.get_session_auth_hash()


@require_GET
@login_required
def copy(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The answers as a PDF to keep: what was handed in, or the draft as it stands."""
    visible = Application.objects.visible_to(request.user).select_related("form_version", "programme", "person__user")
    found = get_object_or_404(visible, uuid=uuid)
    answers = found.snapshot if found.submitted_at else answers_of(found)
    drawn = render_to_string(
        "applicants/copy.html", {"application": found, "blocks": blocks(found.form_version.survey, answers)}, request
    )
    name = f"{found.number or 'draft'}.pdf"
    return HttpResponse(
        pdf_of(drawn),
        headers={"Content-Type": "application/pdf", "Content-Disposition": f'attachment; filename="{name}"',
                 "Cache-Control": "private, no-store"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the application back, after reading what that means."""
    found = own(request, uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_application(application=found, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("Your application is withdrawn."))
        return redirect(found)
    context = {"application": found, "form": form, "step": APPLICATION.steps["withdraw"]}
    return render(request, "applicants/withdraw.html", context)
