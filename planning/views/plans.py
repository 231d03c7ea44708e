"""The plan board, what is said about it, and the steps of a version."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.audit.words import history
from credpoints.common.numbers import whole_number
from credpoints.http.requests import SignedInRequest
from planning import drafting, letters
from planning.actions import plans
from planning.contents import Content, difference
from planning.forms import (
    CommentForm,
    GoalsForm,
    ReasonForm,
)
from planning.models import PlanComment, PlanVersion
from planning.views.loading import editable_version, load_version, show_board
from planning.wording import difference_words
from planning.workflow import PLAN


@require_GET
@login_required
def plan_version(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The board: terms as columns, sums against the choice, who has signed and who is next."""
    return show_board(request, load_version(request, uuid))


@require_GET
@login_required
def plan_news(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What others have done to the plan since a page was drawn; the page asks by itself, and 204 means nothing.

    The page is not redrawn under somebody's hands: it says who changed what and offers the fresh plan.
    """
    version = load_version(request, uuid)
    seen = whole_number(request.GET.get("seen", ""))
    lines = [] if seen is None else history(version, after=seen)
    others = [line for line in lines if line.event.actor_id != request.user.pk]
    if not others:
        return HttpResponse(status=204)
    return render(request, "planning/parts/news.html", {"version": version, "lines": others})


@require_POST
@login_required
def derive(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Propose lines from survey and talk, each with the answer, finding or rule that caused it."""
    version = editable_version(request, uuid)
    count = drafting.derive_lines(version=version, by=request.user)
    messages.info(request, _proposed(count))
    return redirect(version)


def _proposed(count: int) -> str:
    if not count:
        return _("Nothing to propose: what survey, talk and rules ask for stands in the plan already.")
    return ngettext(
        "%(count)s line proposed. Keep, change or drop it.",
        "%(count)s lines proposed. Keep, change or drop each of them.",
        count,
    ) % {"count": count}


@require_POST
@login_required
def goals(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say what the plan is for."""
    version = editable_version(request, uuid)
    form = GoalsForm(request.POST)
    if not form.is_valid():
        return show_board(request, version, status=422, goals_form=form)
    plans.set_goals(version=version, by=request.user, **form.cleaned_data)
    return redirect(version)


@require_POST
@login_required
def comment(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A remark about the plan or one line."""
    version = load_version(request, uuid)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show_board(request, version, status=422, comment_form=form)
    tell = "tell" in request.POST
    plans.comment(version=version, by=request.user, tell=tell, **form.cleaned_data)
    messages.info(
        request,
        _("Your comment stands on the plan; the others get a mail.") if tell else _("Your comment stands on the plan."),
    )
    return redirect(version)


@require_POST
@login_required
def resolve_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    remark = get_object_or_404(PlanComment, pk=pk, version__in=PlanVersion.objects.visible_to(request.user))
    plans.resolve_comment(remark=remark, by=request.user)
    return redirect(remark.version)


@require_POST
@login_required
def plan_step(request: SignedInRequest, uuid: UUID, step: str) -> HttpResponse:
    """Propose, open for changes, or take back."""
    version = load_version(request, uuid)
    if step == "propose":
        plans.propose(version=version, by=request.user, tell="tell" in request.POST)
    elif step == "edit_again":
        plans.edit_again(version=version, by=request.user)
    elif step == "withdraw":
        plans.withdraw_version(version=version, by=request.user)
    else:
        raise Http404
    messages.info(request, _("Done: %(step)s.") % {"step": PLAN.steps[step].label})
    return redirect(version)


@require_http_methods(["GET", "POST"])
@login_required
def refuse(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask for changes, with a text that everybody reads."""
    version = load_version(request, uuid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plans.refuse(version=version, by=request.user, reason=form.cleaned_data["reason"], tell="tell" in request.POST)
        messages.info(request, _("Everybody reads what you ask for."))
        return redirect(version)
    status = 422 if request.method == "POST" else 200
    mails = letters.of_remark(version, request.user, is_refusal=True)
    page = {"version": version, "form": form, "step": PLAN.steps["refuse"], "letters": mails}
    return render(request, "planning/refuse.html", page, status=status)


@require_GET
@login_required
def compare(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A version beside the one it is based on, or another one, in words."""
    version = load_version(request, uuid)
    other = _other(version, request.GET.get("with", ""))
    before: Content = other.content() if other else {}
    page = {
        "version": version,
        "other": other,
        "versions": version.plan.versions.exclude(pk=version.pk).order_by("-number"),
        "difference": difference_words(difference(before, version.content())),
    }
    return render(request, "planning/compare.html", page)


def _other(version: PlanVersion, number: str) -> PlanVersion | None:
    asked = whole_number(number)
    return version.based_on if asked is None else version.plan.versions.filter(number=asked).first()
