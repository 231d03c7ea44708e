"""Answering a request for missing information, without a new submission."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import actions
from applicants.actions.documents import PURPOSE
from applicants.actions.filling import answers_of, editable_addresses
from applicants.models import Application, State
from applicants.pages import draw, rounding_of
from applicants.views.own import own, save_page, uuid_of
from credpoints.http.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
@login_required
def information(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer a request for missing information: exactly the named questions."""
    found = own(request, uuid)
    asked = found.information_requests.filter(answered_at=None).first()
    if asked is None or found.state != State.NEEDS_INFORMATION:
        return redirect(found)
    errors: list[tuple[str, str, str]] = []
    if request.method == "POST":
        file_errors = save_page(request, found)
        what, _colon, value = request.POST.get("do", "").partition(":")
        if what == "unfile":
            address, _bar, file = value.partition("|")
            actions.remove_file(application=found, address=address, uuid=uuid_of(file), by=request.user)
        elif what == "send" and not file_errors:
            try:
                actions.answer_request(application=found, by=request.user)
            except actions.SurveyIncomplete as incomplete:
                errors = [(p.anchor, p.label, p.message) for p in incomplete.problems]
            else:
                messages.success(request, _("Thank you, your answers are on their way to the advisors."))
                return redirect(found)
        errors += [(f"f-{a.replace('.', '-')}", "", text) for a, text in file_errors.items()]
    return _show_information(request, found, asked, errors)


def _show_information(
    request: SignedInRequest, found: Application, asked: Any, errors: list[tuple[str, str, str]]
) -> HttpResponse:
    survey = found.form_version.survey
    answers = answers_of(found)
    open_now = editable_addresses(found) or set()
    groups = []
    for place in survey.sections:
        for item in draw(survey, place, answers, on=timezone.localdate(), checked=bool(errors), open_now=open_now,
                         rounding=rounding_of(found)):  # fmt: skip
            questions = [q for q in item.questions if q.is_open and q.controls]
            if questions:
                groups.append({"section": place, "item": item, "questions": questions})
    context = {"application": found, "asked": asked, "groups": groups, "errors": errors, "purpose": PURPOSE}
    return render(request, "applicants/information.html", context, status=422 if errors else 200)
