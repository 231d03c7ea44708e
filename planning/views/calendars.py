"""A private calendar to subscribe to, and the list of those who would come earlier."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.common.tokens import token_hash
from credpoints.http.requests import SignedInRequest
from planning import invitations
from planning.actions import consultations, feeds
from planning.actions.consultations import TimeTaken
from planning.calendars import feed as calendar_feed
from planning.models import Appointment, AppointmentState, CalendarFeed


@require_http_methods(["GET", "POST"])
@login_required
def address(request: SignedInRequest) -> HttpResponse:
    """Make the private calendar address; it is shown once."""
    made = ""
    if request.method == "POST":
        made = settings.BASE_URL + reverse("planning:feed", args=[feeds.new_address(user=request.user)])
    has_one = CalendarFeed.objects.filter(user=request.user).exists()
    return render(request, "planning/feed.html", {"address": made, "has_one": has_one})


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All talks of the person whose address this is, for a calendar programme."""
    row = CalendarFeed.objects.select_related("user__person").filter(token_hash=token_hash(token)).first()
    if row is None:
        raise Http404
    talks = (
        Appointment.objects.visible_to(row.user)
        .filter(Q(advisor=row.user) | Q(person__user=row.user))
        .exclude(state__in=[AppointmentState.HELD, AppointmentState.LAPSED])
        .for_pages()
        .order_by("-starts_at")[:500]
    )
    with override(row.user.language):
        name = _("Talks of %(name)s") % {"name": row.user.name}
        text = calendar_feed([invitations.calendar_talk(talk, row.user) for talk in talks], name=name)
    response = HttpResponse(text, content_type="text/calendar")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@login_required
def earlier(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Wish for an earlier time, take the one on offer, or leave the list."""
    talk = get_object_or_404(Appointment.objects.for_pages(), uuid=uuid, person__user=request.user)
    if "take" in request.POST:
        try:
            consultations.accept_earlier(talk=talk, by=request.user)
            messages.info(request, _("The talk has been moved."))
        except TimeTaken:
            messages.warning(request, _("This time has just been taken. Your talk stays as it was."))
    elif "leave" in request.POST:
        consultations.forget_wish(talk=talk, by=request.user)
        messages.info(request, _("Your talk stays as it is."))
    else:
        consultations.wish_earlier(talk=talk, by=request.user)
        messages.info(request, _("We write to you when an earlier time becomes free."))
    return redirect(talk)
