"""Lines of a draft: put in, change, move, take out, keep."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from credpoints.common.numbers import whole_number
from credpoints.http.requests import SignedInRequest
from credpoints.workflow import NoLongerPossible
from planning import queries, rules
from planning.actions import plans
from planning.actions.plans import LineChanged
from planning.courses import courses_for, offerings_for
from planning.forms import (
    CatalogueForm,
    CourseForm,
    DropForm,
    LineForm,
)
from planning.models import PlanItem
from planning.views.loading import board_again, editable_version, load_line


@require_http_methods(["GET", "POST"])
@login_required
def add_line(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A new line, from the catalogue or free."""
    version = editable_version(request, uuid)
    participation = version.plan.participation
    from_catalogue = request.POST.get("source") == "catalogue"
    posted = request.POST if request.method == "POST" else None
    offerings = offerings_for(participation)
    catalogue = CatalogueForm(posted if from_catalogue else None, offerings=offerings, prefix="catalogue",
                              changes_agreed=version.changes_agreed)  # fmt: skip
    free = LineForm(None if from_catalogue else posted, participation=participation, initial=_asked(request),
                    changes_agreed=version.changes_agreed)  # fmt: skip
    form = catalogue if from_catalogue else free
    if posted is not None and form.is_valid():
        facts = catalogue.cleaned_data if from_catalogue else free.facts()
        item = plans.add_line(version=version, by=request.user, **facts)
        messages.info(request, _("“%(title)s” is in the plan.") % {"title": item.title})
        return redirect(f"{version.get_absolute_url()}#line-{item.pk}")
    page = {"version": version, "catalogue_form": catalogue, "form": free, "has_offerings": offerings.exists()}
    return render(request, "planning/line_add.html", page, status=422 if posted is not None else 200)


def _asked(request: SignedInRequest) -> dict[str, Any]:
    term = whole_number(request.GET.get("term", ""))
    return {} if term is None else {"term": term}


@require_http_methods(["GET", "POST"])
@login_required
def change_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a line; when somebody else was faster, both texts are shown and nothing typed is lost."""
    item = load_line(request, pk)
    participation = item.version.plan.participation
    initial = {"seen": plans.fingerprint(item)}
    form = LineForm(request.POST or None, instance=PlanItem.objects.get(pk=pk), initial=initial,
                    participation=participation, changes_agreed=item.version.changes_agreed)  # fmt: skip
    page: dict[str, Any] = {"version": item.version, "item": item, "form": form, "fulfilling": queries.fulfilling(item)}
    if request.method == "GET":
        return render(request, "planning/line.html", page | _courses(item))
    if not form.is_valid():
        return render(request, "planning/line.html", page, status=422)
    try:
        plans.change_line(item=item, by=request.user, seen=form.cleaned_data["seen"], **form.facts())
    except LineChanged as refusal:
        meanwhile = {"meanwhile": refusal.item, "fresh": plans.fingerprint(refusal.item)}
        return render(request, "planning/line.html", {**page, **meanwhile}, status=409)
    return redirect(f"{item.version.get_absolute_url()}#line-{item.pk}")


def _courses(item: PlanItem) -> dict[str, Any]:
    """The choice of a course for a free line, where the catalogue has any."""
    found = courses_for(item)
    return {"course_form": CourseForm(offerings=found)} if found.exists() else {}


@require_POST
@login_required
def take_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the chosen course of the catalogue take the place of a free line."""
    item = load_line(request, pk)
    if not rules.may_edit_plan(request.user, item.version):
        raise PermissionDenied
    form = CourseForm(request.POST, offerings=offerings_for(item.version.plan.participation))
    if not form.is_valid():
        messages.error(request, _("Please choose a course."))
        return redirect("planning:change_line", pk=pk)
    changed = plans.take_course(item=item, by=request.user, offering=form.cleaned_data["offering"])
    messages.info(request, _("“%(title)s” is in the plan.") % {"title": changed.title})
    return redirect(f"{item.version.get_absolute_url()}#line-{item.pk}")


@require_POST
@login_required
def move_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a line into another term; with htmx only the board is drawn again."""
    item = load_line(request, pk)
    try:
        plans.move_line(item=item, by=request.user, term_id=whole_number(request.POST.get("term", "")))
    except ValidationError as refusal:
        raise NoLongerPossible(" ".join(refusal.messages), item.version) from None
    return board_again(request, item.version, opened=item)  # a line that is being arranged stays opened


@require_http_methods(["GET", "POST"])
@login_required
def drop_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a line out of the draft; a line of an agreed plan asks for the reason first."""
    item = load_line(request, pk)
    if request.method == "POST" and not item.version.changes_agreed:
        plans.drop_line(item=item, by=request.user)
        return board_again(request, item.version)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("planning:drop_line", args=[pk]))
    form = DropForm(request.POST if "reason_code" in request.POST else None)
    if form.is_valid():
        plans.drop_line(item=item, by=request.user, reason_code=form.cleaned_data["reason_code"])
        return redirect(item.version)
    page = {"version": item.version, "item": item, "form": form}
    return render(request, "planning/drop.html", page, status=422 if form.is_bound else 200)


@require_POST
@login_required
def accept_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a line that the first draft suggested."""
    item = load_line(request, pk)
    plans.change_line(item=item, by=request.user)
    return board_again(request, item.version)
