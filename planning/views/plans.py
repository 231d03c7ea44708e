"""The plan board and everything that happens to a version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.workflow import NoLongerPossible
from planning import drafting, rules
from planning.actions import plans
from planning.actions.plans import LineChanged, StaleVersion
from planning.board import board_of
from planning.contents import Content, difference
from planning.forms import (
    CatalogueForm,
    CommentForm,
    DropForm,
    GoalsForm,
    LineForm,
    ReasonForm,
    ScanForm,
    SignerForm,
    offerings_for,
)
from planning.models import OPEN_STATES, PlanComment, PlanItem, PlanParty, PlanVersion, PlanVersionState
from planning.wording import difference_words
from planning.workflow import PLAN


@require_GET
@login_required
def plan_version(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The board: terms as columns, sums against the choice, who has signed and who is next."""
    version = _load(request, uuid)
    template = "planning/board.html#board" if request.htmx.target == "board" else "planning/board.html"
    return render(request, template, _page(request, version))


@require_GET
@login_required
def plan_news(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What others have done to the plan since a page was drawn; the page asks by itself, and 204 means nothing.

    The page is not redrawn under somebody's hands: it says who changed what and offers the fresh plan.
    """
    version = _load(request, uuid)
    seen = request.GET.get("seen", "")
    lines = history(version, after=int(seen)) if seen.isdigit() and len(seen) < 10 else []
    others = [line for line in lines if line.event.actor_id != request.user.pk]
    if not others:
        return HttpResponse(status=204)
    return render(request, "planning/parts/news.html", {"version": version, "lines": others})


def _page(
    request: SignedInRequest, version: PlanVersion, *, opened: UUID | None = None, **forms: Any
) -> dict[str, Any]:
    user = request.user
    participation = version.plan.participation
    signatures = {s.party: s for s in version.signatures.filter(voided_at=None).select_related("signer__person")}
    waiting = plans.waiting_parties(version) if version.is_open else []
    steps = {step.name: step for step in PLAN.available(version, user)}
    mine = {party.pk for party in rules.parties_of(user, version)}
    if not any(party.pk in mine for party in waiting):
        steps.pop("sign", None)
    return {
        "version": version,
        "participation": participation,
        "board": board_of(version, opened=opened or _line_key(request)),
        "steps": steps,
        "may_edit": version.can_be_edited and rules.may_edit_plan(user, version),
        "may_comment": version.is_open and rules.may_comment(user, version),
        "open_words": _open_words(user, version),
        "is_own": rules.is_participant(user, participation),
        "advises": rules.advises(user, participation),
        "parties": [
            {"party": party, "signature": signatures.get(party.party), "waiting": party in waiting}
            for party in version.plan.parties.all()
        ],
        "versions": list(version.plan.versions.order_by("-number")),
        "newer": _newer(version),
        "seen": AuditEvent.objects.about(version).values_list("sequence", flat=True).last() or 0,
        "refusal": version.comments.filter(is_refusal=True).select_related("author__person").last(),
        "goals_form": forms.get("goals_form")
        or GoalsForm(initial={"goals": version.goals, "occupation": version.occupation}),
        "comment_form": forms.get("comment_form") or CommentForm(),
        "suggestions": version.items.filter(suggested=True).exists(),
        "may_derive": version.can_be_edited and rules.advises(user, participation),
    }


def _line_key(request: SignedInRequest) -> UUID | None:
    """The line that is opened, from the address."""
    try:
        return UUID(request.GET.get("line", ""))
    except ValueError:
        return None


def _open_words(user: User, version: PlanVersion) -> str:
    """What the link of every line says: the same words for all, so they are looked up once."""
    if version.can_be_edited and rules.may_edit_plan(user, version):
        return _("Change, move, comment")
    return _("Comment") if version.is_open and rules.may_comment(user, version) else ""


def _newer(version: PlanVersion) -> PlanVersion | None:
    later = version.plan.versions.filter(number__gt=version.number).exclude(state=PlanVersionState.WITHDRAWN)
    return later.order_by("number").last()


def _refused(request: SignedInRequest, version: PlanVersion, **forms: Any) -> HttpResponse:
    return render(request, "planning/board.html", _page(request, version, **forms), status=422)


# --- Lines ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def add_line(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A new line, from the catalogue or free."""
    version = _editable(request, uuid)
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
    term = request.GET.get("term", "")
    return {"term": int(term)} if term.isdigit() else {}


@require_http_methods(["GET", "POST"])
@login_required
def change_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a line; when somebody else was faster, both texts are shown and nothing typed is lost."""
    item = _line(request, pk)
    participation = item.version.plan.participation
    initial = {"seen": plans.fingerprint(item)}
    form = LineForm(request.POST or None, instance=PlanItem.objects.get(pk=pk), initial=initial,
                    participation=participation, changes_agreed=item.version.changes_agreed)  # fmt: skip
    page: dict[str, Any] = {"version": item.version, "item": item, "form": form}
    if request.method == "GET":
        return render(request, "planning/line.html", page)
    if not form.is_valid():
        return render(request, "planning/line.html", page, status=422)
    try:
        plans.change_line(item=item, by=request.user, seen=form.cleaned_data["seen"], **form.facts())
    except LineChanged as refusal:
        meanwhile = {"meanwhile": refusal.item, "fresh": plans.fingerprint(refusal.item)}
        return render(request, "planning/line.html", {**page, **meanwhile}, status=409)
    return redirect(f"{item.version.get_absolute_url()}#line-{item.pk}")


@require_POST
@login_required
def move_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a line into another term; with htmx only the board is drawn again."""
    item = _line(request, pk)
    term = request.POST.get("term", "")
    try:
        plans.move_line(item=item, by=request.user, term_id=int(term) if term.isdigit() else None)
    except ValidationError as refusal:
        raise NoLongerPossible(" ".join(refusal.messages), item.version) from None
    return _board(request, item.version, opened=item)  # a line that is being arranged stays opened


@require_http_methods(["GET", "POST"])
@login_required
def drop_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a line out of the draft; a line of an agreed plan asks for the reason first."""
    item = _line(request, pk)
    if request.method == "POST" and not item.version.changes_agreed:
        plans.drop_line(item=item, by=request.user)
        return _board(request, item.version)
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
    item = _line(request, pk)
    plans.change_line(item=item, by=request.user)
    return _board(request, item.version)


def _board(request: SignedInRequest, version: PlanVersion, opened: PlanItem | None = None) -> HttpResponse:
    if request.htmx:
        page = _page(request, _load(request, version.uuid), opened=opened.key if opened else None)
        return render(request, "planning/board.html#board", page)
    return redirect(f"{version.get_absolute_url()}?line={opened.key}#line-{opened.pk}" if opened else version)


@require_POST
@login_required
def derive(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Propose lines from survey and talk, each with the answer, finding or rule that caused it."""
    version = _editable(request, uuid)
    count = drafting.derive_lines(version=version, by=request.user)
    messages.info(request, _("%(count)s lines proposed. Keep, change or drop each of them.") % {"count": count})
    return redirect(version)


@require_POST
@login_required
def goals(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say what the plan is for."""
    version = _editable(request, uuid)
    form = GoalsForm(request.POST)
    if not form.is_valid():
        return _refused(request, version, goals_form=form)
    plans.set_goals(version=version, by=request.user, **form.cleaned_data)
    return redirect(version)


@require_POST
@login_required
def comment(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A remark about the plan or one line."""
    version = _load(request, uuid)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, version, comment_form=form)
    plans.comment(version=version, by=request.user, **form.cleaned_data)
    messages.info(request, _("Your comment stands on the plan; the others get a mail."))
    return redirect(version)


@require_POST
@login_required
def resolve_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    remark = get_object_or_404(PlanComment, pk=pk, version__in=PlanVersion.objects.visible_to(request.user))
    plans.resolve_comment(remark=remark, by=request.user)
    return redirect(remark.version)


# --- Steps ----------------------------------------------------------------------------------------------------------
@require_POST
@login_required
def plan_step(request: SignedInRequest, uuid: UUID, step: str) -> HttpResponse:
    """Propose, open for changes, or take back."""
    version = _load(request, uuid)
    action = {"propose": plans.propose, "edit_again": plans.edit_again, "withdraw": plans.withdraw_version}.get(step)
    if action is None:
        raise Http404
    action(version=version, by=request.user)
    messages.info(request, _("Done: %(step)s.") % {"step": PLAN.steps[step].label})
    return redirect(version)


@require_http_methods(["GET", "POST"])
@login_required
def refuse(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask for changes, with a text that everybody reads."""
    version = _load(request, uuid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plans.refuse(version=version, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("Everybody reads what you ask for."))
        return redirect(version)
    status = 422 if request.method == "POST" else 200
    page = {"version": version, "form": form, "step": PLAN.steps["refuse"]}
    return render(request, "planning/refuse.html", page, status=status)


@require_POST
@login_required
def sign(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Sign exactly what was read; a stale page gets the difference to what stands there now."""
    version = _load(request, uuid)
    seen = request.POST.get("seen", "")
    try:
        plans.sign(version=version, by=request.user, seen_hash=seen)
    except StaleVersion:
        return _stale(request, version, seen)
    except NoLongerPossible:
        if version.content_hash == seen:
            raise
        return _stale(request, version, seen)
    if version.state == PlanVersionState.AGREED:
        messages.success(request, _("Everybody has signed: the plan is agreed."))
    else:
        messages.info(request, _("You have signed. The others are shown below."))
    return redirect(version)


def _stale(request: SignedInRequest, version: PlanVersion, seen: str) -> HttpResponse:
    latest = _newer(version) or version
    latest.refresh_from_db()
    old = version.proposed_contents.filter(content_hash=seen).first()
    page = {
        "version": latest,
        "difference": difference_words(difference(old.content, latest.content())) if old else None,
    }
    return render(request, "planning/stale.html", page, status=409)


@require_http_methods(["GET", "POST"])
@login_required
def scan(request: SignedInRequest, uuid: UUID, party: int) -> HttpResponse:
    """Keep the scan of a signature on paper."""
    version = _load(request, uuid)
    signs = get_object_or_404(PlanParty, pk=party, plan=version.plan)
    if not rules.advises(request.user, version.plan.participation):
        raise Http404
    form = ScanForm(request.POST or None, request.FILES or None, initial={"name": signs.name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            plans.record_scanned_signature(
                version=version, party=signs, by=request.user, name=data["name"], position=data["position"],
                scan=data["scan"], seen_hash=request.POST.get("seen", ""),
            )  # fmt: skip
        except StaleVersion:
            return _stale(request, version, request.POST.get("seen", ""))
        except ValidationError as refusal:
            form.add_error("scan", refusal)
        else:
            messages.info(request, _("The signature on paper is kept."))
            return redirect(version)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/scan.html", {"version": version, "party": signs, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def signer(request: SignedInRequest, uuid: UUID, party: int) -> HttpResponse:
    """Name who signs for a party, also when the first contact was the wrong one."""
    version = _load(request, uuid)
    signs = get_object_or_404(PlanParty, pk=party, plan=version.plan)
    if not rules.advises(request.user, version.plan.participation):
        raise Http404
    form = SignerForm(request.POST or None, initial={"name": signs.name, "role_name": signs.role_name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        account = User.objects.filter(email__iexact=data["email"]).first() if data["email"] else None
        if data["email"] and account is None:
            form.add_error("email", _("Nobody has an account with this address. Keep a scan instead, or invite first."))
        else:
            plans.name_signer(
                party=signs, by=request.user, signer=account, name=data["name"], role_name=data["role_name"]
            )
            return redirect(version)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/signer.html", {"version": version, "party": signs, "form": form}, status=status)


@require_GET
@login_required
def compare(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A version beside the one it is based on, or another one, in words."""
    version = _load(request, uuid)
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
    if number.isdigit():
        return version.plan.versions.filter(number=int(number)).first()
    return version.based_on


def _load(request: SignedInRequest, uuid: UUID) -> PlanVersion:
    found = PlanVersion.objects.visible_to(request.user).for_pages()
    return get_object_or_404(found, uuid=uuid)


def _editable(request: SignedInRequest, uuid: UUID) -> PlanVersion:
    version = _load(request, uuid)
    if version.state not in OPEN_STATES or not version.can_be_edited:
        raise NoLongerPossible(PLAN.refusal(version), version)
    return version


def _line(request: SignedInRequest, pk: int) -> PlanItem:
    lines = PlanItem.objects.select_related("version__plan__participation__programme", "version__based_on")
    return get_object_or_404(lines, pk=pk, version__in=PlanVersion.objects.visible_to(request.user))
