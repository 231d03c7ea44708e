"""Templates: what certificates look like, with a preview and the difference between versions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates import previewing
from certificates.actions import templates as actions
from certificates.design_forms import LogoForm, TemplateForm, VersionForm
from certificates.models import CertificateTemplate, Kind, TemplateVersion, VersionState
from certificates.rules import may_design_somewhere
from certificates.typesetting import CannotRender
from certificates.workflow import TEMPLATE_VERSION
from credpoints.audit.words import history
from credpoints.common.translated import text_in
from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme

TONES = {VersionState.DRAFT: "current", VersionState.IN_USE: "good", VersionState.SUPERSEDED: "neutral"}
# Buttons and fields of the same form that are no words of the template.
NOT_TYPED = ("preview", "sample", "place", "alt_de", "alt_en")


@require_http_methods(["GET", "POST"])
@login_required
def templates(request: SignedInRequest) -> HttpResponse:
    """The templates of the programmes that the person administers; a form begins another."""
    if not may_design_somewhere(request.user):
        raise Http404
    programmes = Programme.objects.administered_by(request.user)
    form = TemplateForm(programmes, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.begin_template(**form.cleaned_data, by=request.user))
    found = CertificateTemplate.objects.visible_to(request.user).select_related("programme")
    rows = [(one, list(one.versions.all())) for one in found.prefetch_related("versions")]
    status = 422 if request.method == "POST" else 200
    context = {"rows": rows, "form": form, "programmes": programmes}
    return render(request, "certificates/templates.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def template(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """A template: the draft's form with its preview, the versions, and what differs."""
    one = _visible(request, uuid)
    draft = _draft(one)
    if request.method == "POST" and draft:
        return _save_or_preview(request, one, draft)
    if request.method == "POST" and not request.htmx:  # a preview may come after the version was put into use
        raise Http404
    typed = _typed(request, draft) if draft else None
    form = (typed or VersionForm(draft)) if draft else None
    return _page(request, one, draft, form, sample=request.GET.get("sample", "usual"), is_unsaved=typed is not None)


@require_POST
@login_required
def forget_typed(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Go back to the draft as it was saved last."""
    one = _visible(request, uuid)
    draft = _draft(one)
    if draft:
        unsaved.forget(request, _name(draft))
    return redirect(one)


@require_POST
@login_required
def begin_version(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Begin the next version as a copy of the last."""
    one = _visible(request, uuid)
    actions.begin_version(template=one, by=request.user)
    return redirect(one)


@require_POST
@login_required
def release(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Save what stands in the form, then put the draft into use."""
    one = _visible(request, uuid)
    draft = _draft(one)
    if draft is None:
        raise Http404
    refused = _save_first(request, one, draft)
    if refused:
        return refused
    actions.release_version(version=draft, by=request.user)
    messages.info(
        request, _("Certificates that are submitted from now on look like version %(n)s.") % {"n": draft.number}
    )
    return redirect(one)


@require_POST
@login_required
def logo(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Save what stands in the form, then add a logo to the draft or take one out."""
    one = _visible(request, uuid)
    draft = _draft(one)
    if draft is None:
        raise Http404
    refused = _save_first(request, one, draft)
    if refused:
        return refused
    if request.POST.get("remove", "").isdecimal():
        actions.remove_logo(version=draft, position=int(request.POST["remove"]), by=request.user)
        return redirect(one)
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_logo(version=draft, upload=data["file"], place=data["place"], alt=data["alt"], by=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(one)
    return _page(request, one, draft, VersionForm(draft), logo_form=form, status=422)


@require_GET
@login_required
def difference(request: SignedInRequest, uuid: Any, number: int) -> HttpResponse:
    """Page by page against the version before."""
    one = _visible(request, uuid)
    after = get_object_or_404(one.versions, number=number)
    before = one.versions.filter(number__lt=number).order_by("number").last()
    sample = _sample(request.GET.get("sample", ""))
    pairs = previewing.difference(before, after, sample) if before else []
    context = {
        "template": one,
        "before": before,
        "after": after,
        "pairs": pairs,
        "changed": sum(any(page and page.changed for page in pair) for pair in pairs),
        "sample": sample,
        "samples": previewing.SAMPLES.items(),
    }
    return render(request, "certificates/template_difference.html", context)


def _save_or_preview(request: SignedInRequest, one: CertificateTemplate, draft: TemplateVersion) -> HttpResponse:
    form = VersionForm(draft, request.POST)
    sample = request.POST.get("sample", "usual")
    previews = "preview" in request.POST or bool(request.htmx)
    is_unsaved = previews and _keep_what_is_new(request, draft, form)
    if not form.is_valid():
        status = 200 if request.htmx else 422
        return _page(request, one, draft, form, sample=sample, is_unsaved=is_unsaved, status=status)
    if previews:
        shown = _visible_draft(draft, form)
        return _page(request, one, shown, form, sample=sample, is_unsaved=is_unsaved)
    _save(request, draft, form)
    messages.info(request, _("The draft is saved."))
    return redirect(one)


def _keep_what_is_new(request: SignedInRequest, draft: TemplateVersion, form: VersionForm) -> bool:
    """Keep what was typed until it is saved. Returns whether there is anything to save; looking around is not."""
    if form.is_valid() and form.is_as_saved():
        unsaved.forget(request, _name(draft))
        return False
    unsaved.keep(request, _name(draft), request.POST, without=NOT_TYPED)
    return True


def _save_first(request: SignedInRequest, one: CertificateTemplate, draft: TemplateVersion) -> HttpResponse | None:
    """Save the form that came along with another button, or answer with its mistakes; nothing typed is lost."""
    if "layout" not in request.POST:
        return None  # a button alone, without the form
    form = VersionForm(draft, request.POST)
    if not form.is_valid():
        return _page(request, one, draft, form, status=422)
    _save(request, draft, form)
    return None


def _name(draft: TemplateVersion) -> str:
    """The name under which what is typed into this draft waits to be saved."""
    return f"certificates.template:{draft.pk}"


def _typed(request: SignedInRequest, draft: TemplateVersion) -> VersionForm | None:
    """The form with what was typed and not saved; nothing when the draft says the same by now."""
    data = unsaved.typed(request, _name(draft))
    form = VersionForm(draft, data) if data else None
    if form and form.is_valid() and all(getattr(draft, name) == value for name, value in form.changes().items()):
        unsaved.forget(request, _name(draft))
        return None
    return form


def _save(request: SignedInRequest, draft: TemplateVersion, form: VersionForm) -> None:
    actions.change_version(version=draft, by=request.user, **form.changes())
    unsaved.forget(request, _name(draft))


def _visible_draft(draft: TemplateVersion, form: VersionForm) -> TemplateVersion:
    """The draft as it would look; only for the picture, nothing is saved."""
    for name, value in form.changes().items():
        setattr(draft, name, value)
    return draft


def _page(
    request: SignedInRequest,
    one: CertificateTemplate,
    draft: TemplateVersion | None,
    form: VersionForm | None,
    *,
    sample: str = "usual",
    logo_form: LogoForm | None = None,
    is_unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    versions = list(one.versions.order_by("-number"))
    shown = draft or next(iter(versions), None)
    has_mistakes = bool(form and form.errors)  # what cannot be saved is not shown either
    pages, problem = _pages(shown, _sample(sample)) if shown and not has_mistakes else ([], "")
    context = {
        "template": one,
        "draft": draft,
        "form": form,
        "logo_form": logo_form or LogoForm(),
        "logos": [(at, entry["place"], text_in(entry["alt"])) for at, entry in enumerate(draft.logos)] if draft else [],
        "versions": [(version, TONES[VersionState(version.state)]) for version in versions],
        "pages": pages,
        "problem": problem,
        "is_unsaved": is_unsaved,
        "sample": _sample(sample),
        "samples": previewing.SAMPLES.items(),
        "release": TEMPLATE_VERSION.steps["release"],
        "history": history(one),
        "kind": Kind(one.kind).label,
    }
    return render(request, "certificates/template.html", context, status=status)


def _pages(shown: TemplateVersion, sample: str) -> tuple[list[previewing.Picture], str]:
    """The pages with an invented person, or why they cannot be printed."""
    try:
        return previewing.preview(shown, sample), ""
    except CannotRender as error:
        return [], str(error)


def _sample(wanted: str) -> str:
    return wanted if wanted in previewing.SAMPLES else "usual"


def _visible(request: SignedInRequest, uuid: Any) -> CertificateTemplate:
    found = CertificateTemplate.objects.visible_to(request.user).select_related("programme__organisation")
    return get_object_or_404(found, uuid=uuid)


def _draft(one: CertificateTemplate) -> TemplateVersion | None:
    version = one.versions.filter(state=VersionState.DRAFT).first()
    if version:
        version.template = one
    return version
