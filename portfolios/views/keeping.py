"""What is typed into a form whose saving others see at once: kept for its writer, and changed only when it is saved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from credpoints.http import unsaved
from credpoints.http.requests import SignedInRequest


def answer_to_typing(request: SignedInRequest, name: str) -> HttpResponse | None:
    """Keep what arrives while somebody types, or throw it away when asked to; None when the form itself was sent."""
    if request.method != "POST":
        return None
    if "forget" in request.POST:
        unsaved.forget(request, name)
        return redirect(request.path)
    unsaved.keep(request, name, request.POST)
    if request.htmx:
        return render(request, "portfolios/kept.html", {"now": timezone.localtime()})
    return None


def typed_before(request: HttpRequest, name: str) -> dict[str, str]:
    """What was typed into this form and never saved."""
    typed = unsaved.typed(request, name)
    return {field: str(typed[field]) for field in typed} if typed and request.method == "GET" else {}
