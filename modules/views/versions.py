"""Pages of those who keep a catalogue: their modules, the form of a draft, and what differs between versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest
from credpoints.workflow import NoLongerPossible
from modules import actions, catalogue, checklist, comparing, rules, version_queries
from modules.drafting import fingerprint
from modules.models import Module, ModuleVersion, VersionState
from modules.version_forms import DraftForm, IdentityForm, ModuleForm
from modules.version_pages import group_parts, problems_of, shown
from modules.version_rows import rearranged
from modules.workflow import VERSION

PAGE = 25


@require_http_methods(["GET", "POST"])
@login_required
def kept(request: SignedInRequest) -> HttpResponse:
    """The modules of the catalogues that the person keeps; a form begins another."""
    if not rules.keeps_a_catalogue(request.user):
        raise Http404
    form = ModuleForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_begin(request, form.cleaned_data))
        except actions.CodeTaken as refusal:
            form.add_error("code", refusal)
    state, words = request.GET.get("state", ""), request.GET.get("q", "")
    found = version_queries.kept_modules(request.user, state=state, words=words)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": version_queries.rows_of(list(page)),
        "form": form,
        "state": state,
        "words": words,
        "states": version_queries.FILTERS.items(),
    }
    return render(request, "modules/kept.html", context, status=422 if request.method == "POST" else 200)


def _begin(request: SignedInRequest, data: dict[str, Any]) -> str:
    begun = actions.create_module(
        provider_id=data["provider"].pk, by=request.user, facts={"title": data["title"]}, code=data["code"],
        kind=data["kind"],
    )  # fmt: skip
    messages.info(request, _("The module has begun as a draft. Only those who keep the catalogue see it."))
    return begun.get_edit_url()


@require_http_methods(["GET", "POST"])
@login_required
def module_identity(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Correct the code and the kind of a module of which nothing has been published yet."""
    module = get_object_or_404(Module.objects.edited_by(request.user).select_related("provider"), uuid=uuid)
    if module.was_published:
        return render(request, "modules/identity.html", {"module": module}, status=409)
    form = IdentityForm(request.POST or None, initial={"code": module.code, "kind": module.kind})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_identity(module=module, by=request.user, **form.cleaned_data)
        except actions.CodeTaken as refusal:
            form.add_error("code", refusal)
        else:
            messages.info(request, _("Code and kind are changed."))
            return redirect(module)
    context = {"module": module, "form": form}
    return render(request, "modules/identity.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def version_begin(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Begin the next version from the published one, or go on with the one that is being written."""
    module = get_object_or_404(Module.objects.edited_by(request.user), uuid=uuid)
    begun = actions.begin_version(module=module, by=request.user)
    return redirect(begun.get_edit_url() if begun.state == VersionState.DRAFT else begun.get_absolute_url())


@require_http_methods(["GET", "POST"])
@login_required
def version_edit(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """The form of a draft. What was typed and not saved is kept while the person is signed in."""
    version = _kept_version(request, uuid, number)
    if request.method == "POST":
        return _posted(request, version)
    if version.state != VersionState.DRAFT:
        raise NoLongerPossible(VERSION.refusal(version), version)
    typed = unsaved.typed(request, _name(version))
    form = DraftForm(typed, instance=version)
    return _page(request, version, form, is_unsaved=typed is not None)


def _posted(request: SignedInRequest, version: ModuleVersion) -> HttpResponse:
    """Save, or add, remove and move rows without saving; whatever happens, what was typed is kept."""
    do = request.POST.get("do", "")
    data, focus = rearranged(request.POST, do)
    unsaved.keep(request, _name(version), data)
    form = DraftForm(data, instance=version)
    if version.state != VersionState.DRAFT:
        return _page(request, version, form, status=409)
    if focus or request.htmx:
        return _page(request, version, form, is_unsaved=True, focus=focus)
    if not form.is_valid():
        return _page(request, version, form, is_unsaved=True, status=422)
    try:
        actions.change_draft(version=version, by=request.user, facts=form.facts(), seen=form.cleaned_data["seen"])
    except actions.DraftChanged as refusal:
        return _conflict(request, refusal.version, data)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, version, form, is_unsaved=True, status=422)
    unsaved.forget(request, _name(version))
    messages.info(request, _("The draft is saved."))
    return redirect(_after(version, do))


def _after(version: ModuleVersion, do: str) -> str:
    what, _colon, step = do.partition(":")
    return version.get_step_url(step) if what == "step" and step in VERSION.steps else version.get_edit_url()


def _conflict(request: SignedInRequest, saved: ModuleVersion, data: QueryDict) -> HttpResponse:
    """Somebody was faster: both texts are shown, and saving once more replaces the other one."""
    data = data.copy()
    data["seen"] = fingerprint(saved)
    form = DraftForm(data, instance=saved)
    differs = comparing.differences(saved, shown(saved, form))
    return _page(request, saved, form, differs=differs, is_unsaved=True, status=409)


def _page(
    request: SignedInRequest,
    version: ModuleVersion,
    form: DraftForm,
    *,
    is_unsaved: bool = False,
    focus: str = "",
    differs: Any = None,
    status: int = 200,
) -> HttpResponse:
    present = shown(version, form)
    context = {
        "version": version,
        "module": version.module,
        "form": form,
        "parts": group_parts(form, present, focus),
        "remarks": checklist.remarks(present),
        "missing": checklist.missing(present),
        "problems": problems_of(form) if status == 422 else [],
        "differs": differs,
        "is_closed": version.state != VersionState.DRAFT,
        "is_unsaved": is_unsaved,
        "published": _published(version),
        "steps": [step for step in VERSION.available(version, request.user) if step.name in {"submit", "publish"}],
    }
    return render(request, "modules/version_edit.html", context, status=status)


@require_POST
@login_required
def version_forget(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """Go back to the draft as it was saved last."""
    version = _kept_version(request, uuid, number)
    unsaved.forget(request, _name(version))
    return redirect(version.get_edit_url() if version.state == VersionState.DRAFT else version.get_absolute_url())


@require_http_methods(["GET", "POST"])
@login_required
def version_discard(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """Throw a draft away, after reading what that means."""
    version = _kept_version(request, uuid, number)
    if version.state != VersionState.DRAFT:
        raise NoLongerPossible(VERSION.refusal(version), version)
    others = version.module.versions.exclude(pk=version.pk).exists()
    if request.method == "GET":
        return render(request, "modules/version_discard.html", {"version": version, "others": others})
    actions.discard_draft(version=version, by=request.user)
    unsaved.forget(request, _name(version))
    messages.info(request, _("The draft is discarded."))
    return redirect(version.module) if others else redirect("modules:kept")


@require_GET
@login_required
def version_difference(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """What differs from the published version; for one that was published itself, from the one before."""
    version = _kept_version(request, uuid, number)
    before = _published(version) or version.module.versions.filter(number__lt=number).order_by("-number").first()
    differs = comparing.differences(before, version) if before else []
    context = {"version": version, "module": version.module, "before": before, "differs": differs}
    return render(request, "modules/version_difference.html", context)


def _published(version: ModuleVersion) -> ModuleVersion | None:
    """The version that this one would replace."""
    if version.is_public:
        return None
    return ModuleVersion.objects.published().filter(module=version.module_id).first()


def _kept_version(request: SignedInRequest, uuid: UUID, number: int) -> ModuleVersion:
    """A version of a catalogue that this person keeps; for everybody else there is no such page."""
    version = catalogue.visible_version(request.user, uuid, number)
    if version is None or not rules.can_edit_version(request.user, version):
        raise Http404
    return version


def _name(version: ModuleVersion) -> str:
    return f"modules.version:{version.pk}"
