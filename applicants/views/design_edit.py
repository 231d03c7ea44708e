"""One page or one question of the survey, as administrators write it.

What they have typed outlives whatever somebody else does meanwhile: changes or removes the same thing, removes the
page it stands on, discards or publishes the draft.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import designing
from applicants.actions import designing as actions
from applicants.design_forms import KeyedForm, QuestionForm, SectionForm
from applicants.models import FormVersion
from applicants.survey import BrokenForm
from applicants.views.design import back_to, designed, without_draft
from credpoints.common.translated import text_in
from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible

NEW = "-"  # no key: a new question stands behind all others
Document = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where something is written: a page, or a question on a page."""

    programme: Programme
    draft: FormVersion | None
    content: Document  # without a draft: what the next one would begin as
    section: str  # the page of a question; empty for a page
    key: str  # "new" for what is to be added
    is_question: bool

    @property
    def name(self) -> str:
        """Under which name what was typed here and not saved is kept."""
        kind = f"question:{self.section}" if self.is_question else "page"
        return f"survey:{self.programme.pk}:{kind}:{self.key}"

    @property
    def is_homeless(self) -> bool:
        """The page of this question has been removed."""
        return self.is_question and self.section not in self.pages

    @property
    def pages(self) -> dict[str, str]:
        return {section["key"]: text_in(section["title"]) for section in self.content["sections"]}

    def document(self) -> Document:
        """What stands here; nothing where something is new, or was removed."""
        try:
            if self.is_question:
                return designing.question_of(self.content, self.section, self.key)
            return designing.section_of(self.content, self.key)
        except designing.NoSuchPlace:
            return {}

    def form(self, data: QueryDict | None) -> KeyedForm:
        """The form of this page or question with what was typed, if anything was."""
        document = self.document()
        old = document.get("key", "")
        if not self.is_question:
            earlier = designing.asked_before(self.content, old)
            return SectionForm(data, initial=dict(document), content=self.content, document=document, earlier=earlier)
        initial = QuestionForm.initial_of(document, self.content)
        earlier = designing.asked_before(self.content, self.section, old or NEW)
        return QuestionForm(data, initial=initial, content=self.content, document=document, earlier=earlier)

    def with_changes(self, edited: KeyedForm) -> Document:
        """The whole survey with this page or question as the form has it."""
        old, facts = edited.old.get("key", ""), edited.document()
        if self.is_question:
            return designing.put_question(self.content, self.section, old, facts)
        return designing.put_section(self.content, old, facts)


@require_http_methods(["GET", "POST"])
@login_required
def form_section(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Edit a page of the draft, or add one ("new")."""
    return _edit(request, _place(request, slug, "", key, is_question=False))


@require_http_methods(["GET", "POST"])
@login_required
def form_question(request: SignedInRequest, slug: str, section: str, key: str) -> HttpResponse:
    """Edit a question of the draft, or add one ("new")."""
    return _edit(request, _place(request, slug, section, key, is_question=True))


def _place(request: SignedInRequest, slug: str, section: str, key: str, *, is_question: bool) -> Place:
    programme = designed(request, slug)
    draft = FormVersion.objects.draft_of(programme)
    content = draft.content if draft else actions.content_to_begin_with(programme)
    return Place(programme, draft, content, section, key, is_question)


def _edit(request: SignedInRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, place)
    if place.draft is None:
        return without_draft(request, place.programme)
    if place.is_homeless or (place.key != "new" and not place.document()):
        raise Http404
    typed = None if "saved" in request.GET else unsaved.typed(request, place.name)
    return _page(request, place, place.form(typed), status=200, is_kept=typed is not None)


def _posted(request: SignedInRequest, place: Place) -> HttpResponse:
    """Save, or show what stands in the way with all that was typed; that is kept until it is saved."""
    if request.POST.get("do") == "forget":
        unsaved.forget(request, place.name)
        return redirect(request.path)
    if not request.POST.get("seen") and (place.is_homeless or not (place.document() or place.key == "new")):
        raise Http404
    unsaved.keep(request, place.name, request.POST, without=("do", "page"))
    if place.draft is None and request.POST.get("do") != "begin":
        return _page(request, place, place.form(request.POST), status=409)
    if place.is_homeless and request.POST.get("page") not in place.pages:
        return _page(request, place, place.form(request.POST), status=409)
    return _save(request, place)


def _save(request: SignedInRequest, place: Place) -> HttpResponse:
    there = replace(place, section=request.POST["page"]) if place.is_homeless else place
    edited = there.form(request.POST)
    if not edited.is_valid() or edited.is_out_of_date:
        return _page(request, place, edited, status=409 if edited.is_out_of_date else 422)
    content = there.with_changes(edited)
    try:
        draft = place.draft or actions.begin_form_draft(programme=place.programme, by=request.user)
        actions.change_form(form=draft, content=content, seen=place.content, by=request.user)
    except BrokenForm as error:
        edited.add_error("key", str(error))
        return _page(request, _afresh(request, place), edited, status=422)
    except NoLongerPossible as refusal:  # somebody was faster between reading and saving
        return _overtaken(request, _afresh(request, place), refusal.message)
    unsaved.forget(request, place.name)
    if place.draft is None:
        messages.info(request, _("A new version is begun, and what you wrote stands in it."))
    return back_to(draft, content, edited.document()["key"])


def _overtaken(request: SignedInRequest, place: Place, why: str) -> HttpResponse:
    edited = place.form(request.POST)
    edited.add_error(None, why)
    return _page(request, place, edited, status=409)


def _afresh(request: SignedInRequest, place: Place) -> Place:
    return _place(request, place.programme.slug, place.section, place.key, is_question=place.is_question)


def _page(
    request: SignedInRequest, place: Place, edited: KeyedForm, *, status: int, is_kept: bool = False
) -> HttpResponse:
    """The form; where somebody else was faster, with what happened and how what was written can still be saved."""
    context = {
        "programme": place.programme,
        "form": edited,
        "title": _("Question of the survey") if place.is_question else _("Page of the survey"),
        "is_closed": place.draft is None,
        "pages": place.pages.items() if place.is_homeless else [],
        "chosen_page": request.POST.get("page"),
        "is_kept": is_kept,
    }
    return render(request, "applicants/form_edit.html", context, status=status)
