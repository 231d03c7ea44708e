"""Feedback on the language: asked by the owner, given by a mentor, decided by the owner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.http.requests import SignedInRequest
from portfolios import actions, queries
from portfolios.forms import SuggestionForm
from portfolios.markup import position_of
from portfolios.models import Entry, FeedbackRequest, LanguageSuggestion

DECIDED = {
    "accept": gettext_lazy("The words are in your text now; the text before stays among its versions."),
    "reject": gettext_lazy("Your words stay as they are."),
}
DECISIONS = {"accept": actions.accept_suggestion, "reject": actions.reject_suggestion}


@require_POST
@login_required
def ask(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Hand an entry to a mentor."""
    visible = Entry.objects.visible_to(request.user).select_related("portfolio__person__user")
    entry = get_object_or_404(visible, uuid=uuid)
    possible = {str(user.pk): user for user in queries.possible_reviewers(entry.portfolio.person)}
    reviewer = possible.get(request.POST.get("reviewer", ""))
    if reviewer is None:
        raise Http404
    actions.ask_for_feedback(entry=entry, reviewer=reviewer, by=request.user)
    messages.info(request, _("%(name)s can read this entry now and gets a mail.") % {"name": reviewer.name})
    return redirect(entry)


@require_POST
@login_required
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an entry back from a mentor."""
    own = FeedbackRequest.objects.filter(entry__portfolio__person__user=request.user)
    found = get_object_or_404(own.select_related("entry__portfolio__person", "reviewer__person"), pk=pk)
    actions.end_feedback(request=found, by=request.user)
    messages.info(request, _("%(name)s no longer sees this entry.") % {"name": found.reviewer.name})
    return redirect(found.entry)


@require_POST
@login_required
def decide(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Take the words of a suggestion, or keep the own ones."""
    own = LanguageSuggestion.objects.filter(entry__portfolio__person__user=request.user)
    found = get_object_or_404(own.select_related("entry__portfolio__person"), pk=pk)
    if step not in DECISIONS:
        raise Http404
    try:
        DECISIONS[step](suggestion=found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.info(request, DECIDED[step])
    return redirect(f"{found.entry.get_absolute_url()}#feedback")


@require_GET
@login_required
def feedback(request: SignedInRequest) -> HttpResponse:
    """Texts that others have handed to this person."""
    asked = (
        FeedbackRequest.objects.filter(reviewer=request.user, ended_at=None)
        .select_related("entry__portfolio__person__user")
        .order_by("answered_at", "created_at")
    )
    return render(request, "portfolios/feedback.html", {"asked": asked})


@require_http_methods(["GET", "POST"])
@login_required
def feedback_entry(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Read a text and suggest better words."""
    entrusted = Entry.objects.entrusted_to(request.user).select_related("portfolio__person__user")
    entry = get_object_or_404(entrusted, uuid=uuid)
    asked = entry.feedback_requests.get(reviewer=request.user, ended_at=None)
    if "finish" in request.POST:
        actions.finish_feedback(request=asked, by=request.user)
        messages.info(request, _("%(name)s gets a mail about your feedback.") % {"name": entry.portfolio.person})
        return redirect("portfolios:feedback")
    form = SuggestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _suggest(request, entry, form):
        return redirect("portfolios:feedback_entry", uuid=uuid)
    context = {
        "entry": entry,
        "asked": asked,
        "form": form,
        "files": entry.files.select_related("file"),
        "suggestions": entry.suggestions.filter(author=request.user),
    }
    return render(request, "portfolios/feedback_entry.html", context, status=422 if form.errors else 200)


def _suggest(request: SignedInRequest, entry: Entry, form: SuggestionForm) -> bool:
    data = form.cleaned_data
    original = data["original"].replace("\r\n", "\n")
    start = position_of(entry.body, original, 0)
    try:
        actions.suggest(
            entry=entry,
            start=start if start is not None else len(entry.body),
            original=original,
            proposal=data["proposal"].replace("\r\n", "\n"),
            comment=data["comment"],
            by=request.user,
        )
    except ValidationError as refusal:
        form.add_error("original", refusal)
        return False
    return True
