"""Asking for a second opinion and giving one, both from the dossier."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from applicants.actions.opinions import ask_opinion, give_opinion
from applicants.forms import OpinionForm, OpinionRequestForm
from applicants.views.dossier import colleagues, show_dossier
from applicants.views.staff import handled
from credpoints.http.requests import SignedInRequest


@require_POST
@login_required
def opinion_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    found = handled(request, uuid)
    form = OpinionRequestForm(request.POST, colleagues=colleagues(found, request.user))
    if not form.is_valid():
        return show_dossier(request, found, status=422, opinion_request_form=form)
    ask_opinion(application=found, colleague=form.colleague(), question=form.cleaned_data["question"], by=request.user)
    return redirect(f"{found.dossier_url}#opinions")


@require_POST
@login_required
def opinion_give(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    found = handled(request, uuid)
    asked = get_object_or_404(found.opinions.select_related("application"), asked=request.user, given_at=None)
    form = OpinionForm(request.POST, auto_id="opinion_%s")
    if not form.is_valid():
        return show_dossier(request, found, status=422, opinion_form=form)
    give_opinion(opinion=asked, by=request.user, **form.cleaned_data)
    return redirect(f"{found.dossier_url}#opinions")
