"""Pages, secret links, and what a stranger with a link sees."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.common.tokens import token_hash
from credpoints.files.serving import answer_with
from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest
from portfolios import actions, queries
from portfolios.export import portfolio_zip
from portfolios.forms import PageForm, ShareForm
from portfolios.models import Entry, EntryState, Page, Share, ShareState
from portfolios.views import keeping
from portfolios.views.entries import own_portfolio
from portfolios.workflow import SHARE

# No copy anywhere: a link that is switched off must be dead at once, also behind the back button.
PRIVATE = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # Not "no-referrer": browsers would send "Origin: null", and the language switch of the page be refused as forged.
    "Referrer-Policy": "same-origin",
}


@require_http_methods(["GET", "POST"])
@login_required
def page_new(request: SignedInRequest) -> HttpResponse:
    """Make a page for one reader."""
    return _page_form(request, None)


@require_http_methods(["GET", "POST"])
@login_required
def page_edit(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Change a page; whoever has a link sees the change at once."""
    return _page_form(request, _own_page(request, uuid))


def _page_form(request: SignedInRequest, page: Page | None) -> HttpResponse:
    own, name = own_portfolio(request), f"portfolio page {page.uuid if page else 'new'}"
    answer, typed = keeping.answer_to_typing(request, name), keeping.typed_before(request, name)
    if answer:
        return answer
    shareable = list(Entry.objects.filter(portfolio=own, state=EntryState.VISIBLE))
    chosen = [entry.pk for entry in queries.page_entries(page)] if page else []
    data = request.POST if request.method == "POST" else None
    initial = {"language": own.language} | typed
    form = PageForm(data, instance=page, entries=shareable, chosen=chosen, typed=typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "language", "introduction")}
        saved = actions.save_page(portfolio=own, page=page, entries=form.chosen, by=request.user, **facts)
        unsaved.forget(request, name)
        messages.info(request, _saved_words(saved))
        return redirect(saved)
    links = _open_links(page) if page else []
    context = {"form": form, "page": page, "links": links, "typed": typed}
    return render(request, "portfolios/page_edit.html", context, status=422 if form.errors else 200)


def _open_links(page: Page) -> list[Share]:
    return list(page.shares.filter(state=ShareState.ACTIVE, expires_at__gt=timezone.now()))


def _saved_words(page: Page) -> str:
    labels = ", ".join(link.label for link in _open_links(page))
    if not labels:
        return _("The page is saved. Nobody sees it before you make a link.")
    return _("The page is saved. Whoever has a link sees it like this now: %(labels)s.") % {"labels": labels}


@require_GET
@login_required
def page(request: SignedInRequest, uuid: str) -> HttpResponse:
    """A page as its reader sees it, and its links."""
    found = _own_page(request, uuid)
    return render(request, "portfolios/page.html", _page_context(found, ShareForm()))


@require_http_methods(["GET", "POST"])
@login_required
def page_delete(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Delete a page, after asking."""
    found = _own_page(request, uuid)
    if request.method == "POST":
        actions.delete_page(page=found, by=request.user)
        messages.info(request, _("The page is deleted; its links are dead."))
        return redirect("portfolios:portfolio")
    return render(request, "portfolios/page_delete.html", {"page": found, "links": found.shares.all()})


@require_POST
@login_required
def share(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Make a link; its address is shown this one time."""
    found = _own_page(request, uuid)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return render(request, "portfolios/page.html", _page_context(found, form), status=422)
    made, token = actions.share_page(page=found, by=request.user, **form.cleaned_data)
    context = {"page": found, "share": made, "token": token, "base_url": settings.BASE_URL}
    response = render(request, "portfolios/share_made.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
@login_required
def revoke(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Switch a link off."""
    own = Share.objects.filter(page__portfolio__person__user=request.user).select_related(
        "page__portfolio__person__user"
    )
    found = get_object_or_404(own, uuid=uuid)
    actions.revoke_share(share=found, by=request.user)
    messages.info(request, _("The link for “%(label)s” is switched off.") % {"label": found.label})
    return redirect(found.page)


@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows: the page, read-only; the same neutral page for wrong, expired and switched-off links."""
    found = _open_share(token)
    if found is None:
        return _private(render(request, "portfolios/shared_closed.html", {}, status=404))
    actions.note_opening(share=found)
    with translation.override(found.page.language):
        context = {
            "page": found.page,
            "person": found.page.portfolio.person,
            "sections": queries.page_entries(found.page),
            "expires_at": found.expires_at,
            "token": token,
            "LANGUAGE_CODE": found.page.language,
        }
        return _private(render(request, "portfolios/shared.html", context))


@require_GET
def shared_file(request: HttpRequest, token: str, uuid: UUID) -> HttpResponse | FileResponse:
    """A file on a shared page, as long as the link opens the page and the entry stands on it."""
    found = _open_share(token)
    attached = queries.shown_file(found, uuid) if found else None
    if attached is None:
        return _private(render(request, "portfolios/shared_closed.html", {}, status=404))
    response = answer_with(attached.file)
    response["X-Robots-Tag"] = PRIVATE["X-Robots-Tag"]
    return response


def _open_share(token: str) -> Share | None:
    found = Share.objects.filter(token_hash=token_hash(token)).select_related("page__portfolio__person__user").first()
    return found if found and found.is_open(timezone.now()) else None


@require_GET
@login_required
def export(request: SignedInRequest) -> HttpResponse:
    """Everything of one's own in one ZIP: pages to read, and data."""
    body = portfolio_zip(own_portfolio(request), now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="portfolio.zip"', "Cache-Control": "no-store, private"}
    return HttpResponse(body, content_type="application/zip", headers=headers)


def _private(response: HttpResponse) -> HttpResponse:
    for name, value in PRIVATE.items():
        response[name] = value
    return response


def _own_page(request: SignedInRequest, uuid: str) -> Page:
    own = Page.objects.filter(portfolio__person__user=request.user).select_related("portfolio__person__user")
    return get_object_or_404(own, uuid=uuid)


def _page_context(found: Page, form: ShareForm) -> dict[str, Any]:
    now = timezone.now()
    links = list(found.shares.all())
    return {
        "page": found,
        "person": found.portfolio.person,
        "entries": queries.page_entries(found),
        "links": [(link, link.is_open(now)) for link in links],
        "form": form,
        "revoke": SHARE.steps["revoke"],
    }
