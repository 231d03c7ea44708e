"""Pages of the catalogue, of people's own modules and of teachers' groups."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from credpoints.http.requests import SignedInRequest
from modules import actions, queries
from modules.models import Enrolment
from modules.workflow import ENROLMENT


@require_GET
@login_required
def enrolments(request: SignedInRequest) -> HttpResponse:
    """The person's own modules: what runs, what is next, what came out."""
    found = queries.own_enrolments(request.user)
    return render(request, "modules/enrolments.html", {"enrolments": found, "now": timezone.now()})


@require_GET
@login_required
def enrolment(request: SignedInRequest, uuid: str) -> HttpResponse:
    """One enrolment with its sessions and results."""
    found = get_object_or_404(queries.enrolments_for_pages().visible_to(request.user), uuid=uuid)
    context = {"enrolment": found, "steps": {step.name: step for step in ENROLMENT.available(found, request.user)}}
    return render(request, "modules/enrolment.html", context)


@require_POST
@login_required
def enrolment_accept(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Take the place that was offered."""
    found = get_object_or_404(Enrolment.objects.visible_to(request.user), uuid=uuid)
    actions.accept_place(enrolment=found, by=request.user)
    messages.info(request, _("The place is yours."))
    return redirect(found)


@require_POST
@login_required
def enrolment_withdraw(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Leave an offering."""
    found = get_object_or_404(Enrolment.objects.visible_to(request.user), uuid=uuid)
    actions.withdraw(enrolment=found, by=request.user, reason=request.POST.get("reason", "").strip()[:300])
    messages.info(request, _("The enrolment is withdrawn."))
    return redirect(found)
