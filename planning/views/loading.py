"""What the views of talks and plans share: find them for this reader, draw the board."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from credpoints.http.requests import SignedInRequest
from credpoints.workflow import NoLongerPossible
from planning.board_page import board_page
from planning.models import Appointment, PlanItem, PlanVersion
from planning.rules import is_visitor
from planning.workflow import PLAN


def load_version(request: SignedInRequest, uuid: UUID) -> PlanVersion:
    """A version that this reader may see."""
    return get_object_or_404(PlanVersion.objects.visible_to(request.user).for_pages(), uuid=uuid)


def editable_version(request: SignedInRequest, uuid: UUID) -> PlanVersion:
    """A draft; anything else has moved on since the page was drawn."""
    version = load_version(request, uuid)
    if not version.can_be_edited:
        raise NoLongerPossible(PLAN.refusal(version), version)
    return version


def load_line(request: SignedInRequest, pk: int) -> PlanItem:
    """A line of a version that this reader may see."""
    lines = PlanItem.objects.select_related("version__plan__participation__programme", "version__based_on")
    return get_object_or_404(lines, pk=pk, version__in=PlanVersion.objects.visible_to(request.user))


def show_board(
    request: SignedInRequest, version: PlanVersion, *, opened: UUID | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a version, or only its board for htmx; `forms` are those that were sent and refused."""
    template = "planning/board.html#board" if request.htmx.target == "board" else "planning/board.html"
    page = board_page(request.user, version, opened or _line_key(request), **forms)
    return render(request, template, page, status=status)


def board_again(request: SignedInRequest, version: PlanVersion, opened: PlanItem | None = None) -> HttpResponse:
    """After a change of a line: the fresh board for htmx, else its page; `opened` stays open."""
    if request.htmx:
        return show_board(request, load_version(request, version.uuid), opened=opened.key if opened else None)
    return redirect(f"{version.get_absolute_url()}?line={opened.key}#line-{opened.pk}" if opened else version)


def _line_key(request: SignedInRequest) -> UUID | None:
    """The line that is opened, from the address."""
    try:
        return UUID(request.GET.get("line", ""))
    except ValueError:
        return None


def own_talk(request: SignedInRequest, uuid: UUID) -> Appointment:
    """A talk that somebody has oneself; for everybody else it does not exist."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    if not is_visitor(request.user, talk):
        raise Http404
    return talk
