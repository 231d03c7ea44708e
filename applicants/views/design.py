"""The administrator's pages: survey designer, rules with what-if, and the anonymous report."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applicants import designing
from applicants.actions import designing as actions
from applicants.condition_answers import condition_in_words
from applicants.design_forms import ImportForm
from applicants.models import FormState, FormVersion
from applicants.pages import draw
from applicants.reporting import SMALLEST, TITLES, as_rows, hidden_in_words, report
from applicants.survey import Survey, clean_value, review_design
from applicants.views.downloads import csv_file
from applicants.workflow import FORM
from credpoints.accounts.models import Role
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme

MAX_FILE = 1024 * 1024


def designed(request: SignedInRequest, slug: str) -> Programme:
    """The programme whose survey this person may design."""
    return get_object_or_404(Programme.objects.staffed_by(request.user, Role.PROGRAMME_ADMIN), slug=slug)


@require_GET
@login_required
def form(request: SignedInRequest, slug: str) -> HttpResponse:
    """The survey of a programme: its versions, the pages and questions of the draft, and what is wrong with it."""
    programme = designed(request, slug)
    versions = list(FormVersion.objects.filter(programme=programme).order_by("-number"))
    shown = next((v for v in versions if v.state == FormState.DRAFT), None) or next(
        (v for v in versions if v.state == FormState.PUBLISHED), None
    )
    context = {
        "programme": programme,
        "versions": versions,
        "form_version": shown,
        "pages": _pages(shown.survey) if shown else [],
        "is_draft": bool(shown and shown.state == FormState.DRAFT),
        "review": review_design(shown.survey) if shown else None,
        "import_form": ImportForm(),
        "step": FORM.steps["publish"],
    }
    return render(request, "applicants/form.html", context)


def _pages(survey: Survey) -> list[dict[str, Any]]:
    """Pages and questions in their order, each with its condition in words."""
    known = {question.key: question for section in survey.sections for question in section.questions}
    return [
        {
            "section": section,
            "condition": condition_in_words(section.visible_if, known),
            "questions": [(q, condition_in_words(q.visible_if, known)) for q in section.questions],
        }
        for section in survey.sections
    ]


@require_POST
@login_required
def form_change(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin, import, publish or discard a version; move or remove a page or question of the draft."""
    programme = designed(request, slug)
    what, _colon, place = request.POST.get("do", "").partition(":")
    if what == "begin":
        actions.begin_form_draft(programme=programme, by=request.user)
    elif what == "import":
        _import(request, programme)
    elif what in {"publish", "discard", "up", "down", "remove"}:
        return _change_draft(request, programme, what, place)
    return redirect("applicants:form", slug)


def _change_draft(request: SignedInRequest, programme: Programme, what: str, place: str) -> HttpResponse:
    draft = FormVersion.objects.draft_of(programme)
    if draft is None:
        return without_draft(request, programme)
    if what in {"up", "down", "remove"}:
        return _rearrange(request, draft, what, place)
    change = {"publish": actions.publish_form, "discard": actions.discard_form_draft}[what]
    change(form=draft, by=request.user)
    done = {"publish": _("The survey is published."), "discard": _("The draft is discarded.")}
    messages.info(request, done[what])
    return redirect("applicants:form", programme.slug)


def without_draft(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Back to the survey, for somebody whose page shows a draft that is none any more."""
    messages.warning(request, _("There is no draft any more: somebody has published or discarded it in the meantime."))
    return redirect("applicants:form", programme.slug)


def back_to(draft: FormVersion, content: dict[str, Any], key: str) -> HttpResponse:
    """The survey where it was changed, for it is long; at its top where the change brings up something to look at."""
    is_worse = _remarks(content) - _remarks(draft.content)
    page = reverse("applicants:form", args=[draft.programme.slug])
    return redirect(page if is_worse else f"{page}#q-{key}")


def _remarks(content: dict[str, Any]) -> set[str]:
    found = review_design(Survey.read(content))
    return {str(remark) for remark in (*found.problems, *found.doubts, *found.notes)}


def _import(request: SignedInRequest, programme: Programme) -> None:
    upload = ImportForm(request.POST, request.FILES)
    if not upload.is_valid() or upload.cleaned_data["file"].size > MAX_FILE:
        messages.error(request, _("Please choose a file of at most 1 MB."))
        return
    try:
        content = json.loads(upload.cleaned_data["file"].read().decode().replace("\\u0000", "")) or {}
        actions.begin_form_draft(programme=programme, by=request.user, content=content)
    except (ValueError, RecursionError) as error:  # a BrokenForm is a ValueError
        messages.error(request, _("This file is no form: %(error)s") % {"error": error})
    else:
        messages.info(request, _("The form is imported as a draft."))


def _rearrange(request: SignedInRequest, draft: FormVersion, what: str, place: str) -> HttpResponse:
    section, _dot, key = place.partition(".")
    try:
        if what == "remove":
            content = designing.remove(draft.content, section, key)
        else:
            content = designing.move(draft.content, section, key, up=what == "up")
    except designing.NoSuchPlace:
        messages.warning(request, _("Nothing is changed: somebody else has removed this in the meantime."))
        return redirect("applicants:form", draft.programme.slug)
    actions.change_form(form=draft, content=content, seen=draft.content, by=request.user)
    return back_to(draft, content, key if key and what != "remove" else section)


@require_GET
@login_required
def form_preview(request: SignedInRequest, slug: str, number: int, key: str) -> HttpResponse:
    """A page as applicants see it, conditions and complaints included; what is tried out is in the address only."""
    programme = designed(request, slug)
    version = get_object_or_404(FormVersion, programme=programme, number=number)
    survey = version.survey
    section = survey.section(key)
    if section is None:
        raise Http404
    answers = _tried(request, survey) | ({section.key: ["n1"]} if section.repeatable else {})
    items = draw(survey, section, answers, on=timezone.localdate(), checked="check" in request.GET, open_now=None,
                 rounding="nearest_step_better")  # fmt: skip
    keys = [s.key for s in survey.sections]
    at = keys.index(section.key)
    context = {
        "programme": programme, "version": version, "section": section, "items": items,
        "before": survey.sections[at - 1] if at else None,
        "after": survey.sections[at + 1] if at + 1 < len(keys) else None,
        "elsewhere": [(name, value) for name, values in request.GET.lists() for value in values
                      if (place := survey.field(name)) and place.section != section],
        "tried": urlencode({name: values for name, values in request.GET.lists() if survey.field(name)}, doseq=True),
        "is_shown": survey.shown(answers).section(section),
    }  # fmt: skip
    return render(request, "applicants/form_preview.html", context)


def _tried(request: SignedInRequest, survey: Survey) -> dict[str, Any]:
    """What somebody tries out in the preview."""
    places = {name: place for name in request.GET if (place := survey.field(name))}
    return {
        name: clean_value(place.question, request.GET.getlist(name) if place.question.type == "multi"
                          else request.GET[name])
        for name, place in places.items()
    }  # fmt: skip


@require_GET
@login_required
def form_export(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """A version as one file, to keep or to bring into another programme."""
    version = get_object_or_404(FormVersion, programme=designed(request, slug), number=number)
    response = JsonResponse(version.content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{slug}-{number}.json"'
    return response


@require_GET
@login_required
def funder_report(request: SignedInRequest, slug: str) -> HttpResponse:
    """Counts without names; small ones are hidden."""
    programme = designed(request, slug)
    found = report(programme)
    if request.GET.get("format") == "csv":
        return csv_file(as_rows(found), f"{slug}-report.csv")
    tables = [
        (title, found[name], [c for c in found[name] if c.count is not None], hidden_in_words(found[name]))
        for name, title in TITLES.items()
    ]
    context = {"programme": programme, "smallest": SMALLEST, "total": found["total"], "tables": tables}
    return render(request, "applicants/report.html", context)
