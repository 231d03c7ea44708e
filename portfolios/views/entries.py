"""The owner's portfolio and its entries."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.actions import open_account
from credpoints.accounts.models import Person
from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest
from portfolios import actions, queries, rules
from portfolios.forms import OWN_KINDS, AboutForm, EntryFilterForm, EntryForm, EvidenceForm, NewEntryForm
from portfolios.models import Entry, EntryFile, EntryKind, EntryState, Portfolio, SuggestionState
from portfolios.prompts import PROMPTS, prompt_of
from portfolios.views import keeping
from portfolios.workflow import ENTRY

ABOUT = "portfolio about"
STEPS = {
    "show": actions.show_entry,
    "hide": actions.hide_entry,
    "archive": actions.archive_entry,
    "restore": actions.restore_entry,
}


def person_of(request: SignedInRequest) -> Person:
    """The signed-in person, made when the account is new (reading alone must not take a write lock)."""
    person: Person | None = getattr(request.user, "person", None)
    return person or open_account(email=request.user.email, language=request.user.language).person


def own_portfolio(request: SignedInRequest) -> Portfolio:
    return actions.portfolio_of(person_of(request))


@require_GET
@login_required
def portfolio(request: SignedInRequest) -> HttpResponse:
    """Everything of one's own, who can see it, pages and links."""
    own, now = own_portfolio(request), timezone.now()
    entries = list(queries.own_entries(own))
    form = EntryFilterForm(request.GET)
    found = [entry for entry in entries if form.finds(entry)]
    links, asked = queries.readers(own, now)
    context = {
        "portfolio": own,
        "sections": queries.sections(e for e in found if e.state != EntryState.ARCHIVED),
        "archived": [e for e in found if e.state == EntryState.ARCHIVED],
        "form": form,
        "total": len(entries),
        "shown": len(found),
        "pages": queries.own_pages(own, now),
        "who_can_see": queries.who_can_see(links, asked),
        "asked": asked,
    }
    return render(request, "portfolios/portfolio.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def about(request: SignedInRequest) -> HttpResponse:
    """The words about oneself."""
    own = own_portfolio(request)
    answer, typed = keeping.answer_to_typing(request, ABOUT), keeping.typed_before(request, ABOUT)
    if answer:
        return answer
    form = AboutForm(request.POST if request.method == "POST" else None, instance=own, initial=typed)
    if request.method == "POST" and form.is_valid():
        actions.describe_person(portfolio=own, by=request.user, **form.cleaned_data)
        unsaved.forget(request, ABOUT)
        messages.info(request, _("Saved."))
        return redirect(own)
    context = {"form": form, "typed": typed}
    return render(request, "portfolios/about.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def entry_new(request: SignedInRequest) -> HttpResponse:
    """Begin an entry."""
    own = own_portfolio(request)
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in {k.value for k in OWN_KINDS} else EntryKind.REFLECTION,
        "occurred_on": timezone.localdate(),
        "language": "de",
        "seen_edition": 0,
    }
    form = NewEntryForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"form": form, "prompt": prompt_of(timezone.localdate()), "prompts": PROMPTS}
    if request.method == "POST" and form.is_valid():
        try:
            made = _begun(request, own, form)
        except actions.EditedMeanwhile as conflict:
            context |= {"theirs": conflict.entry, "entry": conflict.entry}
            return render(request, "portfolios/entry_edit.html", context, status=422)
        messages.info(request, _("The entry is saved as a draft. Only you see it."))
        return redirect(made)
    return render(request, "portfolios/entry_edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def entry_begin(request: SignedInRequest) -> HttpResponse:
    """Keep a new entry from its first words on: it becomes a draft, and the page goes on as the page of that draft."""
    form = NewEntryForm(request.POST)
    form.allow_untitled()
    if not form.is_valid():
        return _not_kept(request, form)
    if not (form.cleaned_data["title"] or form.cleaned_data["body"].strip()):
        return render(request, "portfolios/saved.html", {"empty": True})
    try:
        begun = _begun(request, own_portfolio(request), form)
    except actions.EditedMeanwhile:
        return _changed_elsewhere(request)
    response = _kept(request, begun)
    response["HX-Replace-Url"] = reverse("portfolios:entry_edit", args=[begun.uuid])
    return response


def _begun(request: SignedInRequest, own: Portfolio, form: NewEntryForm) -> Entry:
    """The entry of this form: made by the first words that arrive, changed by the later ones."""
    data = dict(form.cleaned_data)
    key, seen, kind = data.pop("entry_uuid"), data.pop("seen_edition"), EntryKind(data.pop("kind"))
    entry = actions.add_entry(person=own.person, by=request.user, entry_uuid=key, kind=kind, **data)
    data["title"] = data["title"] or entry.title
    # Who has never heard of an edition began the first one: that answer was lost on its way.
    return actions.save_entry(entry=entry, by=request.user, seen_edition=seen or 1, kind=kind, **data)


@require_GET
@login_required
def entry(request: SignedInRequest, uuid: str) -> HttpResponse:
    """One entry with its history, suggestions and what can be done with it."""
    return render(request, "portfolios/entry.html", _entry_context(request, _own_entry(request, uuid), EvidenceForm()))


def _entry_context(request: SignedInRequest, found: Entry, form: EvidenceForm) -> dict[str, Any]:
    asked = list(found.feedback_requests.filter(ended_at=None).select_related("reviewer__person"))
    known = {feedback.reviewer_id for feedback in asked}
    suggestions = list(found.suggestions.select_related("author__person"))
    return {
        "entry": found,
        "files": found.files.select_related("file"),
        "file_form": form,
        "steps": ENTRY.available(found, request.user),
        "versions": found.versions.select_related("author__person"),
        "open_suggestions": [s for s in suggestions if s.state == SuggestionState.OPEN],
        "decided_suggestions": [s for s in suggestions if s.state != SuggestionState.OPEN],
        "asked": asked,
        "reviewers": [u for u in queries.possible_reviewers(found.portfolio.person) if u.pk not in known],
        "may_edit": rules.may_edit(request.user, found),
    }


@require_POST
@login_required
def file_add(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Attach a file; a refusal stands beside the field."""
    found = _editable(request, uuid)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.attach_file(entry=found, upload=data["file"], caption=data["caption"], by=request.user)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            messages.info(request, _("The file is added. Whoever may read the entry may open it."))
            return redirect(f"{found.get_absolute_url()}#files")
    return render(request, "portfolios/entry.html", _entry_context(request, found, form), status=422)


@require_http_methods(["GET", "POST"])
@login_required
def file_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a file, after asking."""
    own = EntryFile.objects.filter(entry__in=Entry.objects.visible_to(request.user))
    found = get_object_or_404(own.select_related("entry__portfolio__person", "file"), pk=pk)
    if request.method == "POST":
        actions.remove_file(attached=found, by=request.user)
        messages.info(request, _("The file is removed."))
        return redirect(f"{found.entry.get_absolute_url()}#files")
    return render(request, "portfolios/file_remove.html", {"attached": found, "entry": found.entry})


@require_http_methods(["GET", "POST"])
@login_required
def entry_edit(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Write an entry; it saves itself while one types, and by the button without scripts."""
    found = _editable(request, uuid)
    form = EntryForm(request.POST if request.method == "POST" else None, instance=_fresh(found))
    context: dict[str, Any] = {"form": form, "entry": found}
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_entry(entry=found, by=request.user, **form.cleaned_data)
        except actions.EditedMeanwhile as conflict:
            context["theirs"] = conflict.entry
            return render(request, "portfolios/entry_edit.html", context, status=422)
        messages.info(request, _("Saved."))
        return redirect(found)
    return render(request, "portfolios/entry_edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def entry_autosave(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Save while somebody types; answers with “saved 14:32” and the new edition."""
    found = _editable(request, uuid)
    form = EntryForm(request.POST, instance=_fresh(found))
    form.allow_untitled()
    if not form.is_valid():
        return _not_kept(request, form)
    try:
        return _kept(request, actions.save_entry(entry=found, by=request.user, **form.cleaned_data))
    except actions.EditedMeanwhile:
        return _changed_elsewhere(request)


def _kept(request: SignedInRequest, entry: Entry) -> HttpResponse:
    return render(request, "portfolios/saved.html", {"entry": entry, "now": timezone.localtime()})


def _not_kept(request: SignedInRequest, form: EntryForm) -> HttpResponse:
    """Say which field keeps the text from being kept, and why."""
    problems = [f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    return render(request, "portfolios/saved.html", {"problem": _("Not saved yet.") + " " + " ".join(problems)})


def _changed_elsewhere(request: SignedInRequest) -> HttpResponse:
    problem = _("Not saved: another window has changed this entry. Press “Save” to see both texts.")
    return render(request, "portfolios/saved.html", {"problem": problem})


@require_http_methods(["GET", "POST"])
@login_required
def entry_delete(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Delete an own text, after asking."""
    found = _editable(request, uuid)
    if request.method == "POST":
        actions.delete_entry(entry=found, by=request.user)
        messages.info(request, _("The entry is deleted."))
        return redirect("portfolios:portfolio")
    return render(request, "portfolios/entry_delete.html", {"entry": found})


@require_POST
@login_required
def entry_step(request: SignedInRequest, uuid: str, step: str) -> HttpResponse:
    """Show, hide, archive or bring back; each can be undone by the next."""
    found = _own_entry(request, uuid)
    take = STEPS.get(step)
    if take is None:
        raise Http404
    take(entry=found, by=request.user)
    messages.info(request, _("The entry is now: %(state)s.") % {"state": found.get_state_display()})
    return redirect(found)


def _own_entry(request: SignedInRequest, uuid: str) -> Entry:
    visible = Entry.objects.visible_to(request.user).select_related("portfolio__person__user")
    return get_object_or_404(visible, uuid=uuid)


def _editable(request: SignedInRequest, uuid: str) -> Entry:
    found = _own_entry(request, uuid)
    if not rules.may_edit(request.user, found):
        raise PermissionDenied
    return found


def _fresh(found: Entry) -> Entry:
    """A copy for the form, which writes into its instance before anybody has agreed."""
    return Entry.objects.get(pk=found.pk)
