"""What this room tells pages: where somebody stands, what comes next, what staff have to do, what is free."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Application, InformationRequest, SecondOpinion, State
from credpoints.accounts.models import Person, Role, User
from credpoints.common.path import NextStep, Station, Status, ToDo
from credpoints.organisations.models import Programme, Stage, programme_ids

TODO_LIMIT = 100
_STATUS: dict[str, Status] = {
    State.INVITED: "done",
    State.CONSULTED: "done",
    State.ACCEPTED: "done",
    State.WAITLISTED: "done",
}


def station(person: Person, programme: Programme) -> Station | None:
    """The first station of the path, for this person."""
    if not programme.has_stage(Stage.APPLICATION):
        return None
    application = Application.objects.filter(person=person, programme=programme).order_by("-pk").first()
    if application is None:
        return Station(Stage.APPLICATION, "to_come", url=programme.get_absolute_url())
    return Station(
        Stage.APPLICATION,
        _STATUS.get(application.state, "current"),
        application.words_for_applicant,
        application.submitted_at,
        application.get_absolute_url(),
    )


def next_steps(user: User) -> list[NextStep]:
    """What an applicant can do now, or whom they wait for (two queries)."""
    applications = list(Application.objects.owned_by(user).select_related("programme").order_by("-pk"))
    asked = {
        request.application_id: request
        for request in InformationRequest.objects.filter(application__in=applications, answered_at=None)
    }
    steps = [_next_step(application, asked.get(application.pk)) for application in applications]
    return [step for step in steps if step is not None]


def _next_step(application: Application, request: InformationRequest | None) -> NextStep | None:
    url = application.get_absolute_url()
    programme = application.programme
    if application.state == State.DRAFT:
        return NextStep(
            Stage.APPLICATION, _("Finish your application to %(programme)s") % {"programme": programme},
            _("Everything you typed is saved."), _("Continue"), url, _("you"), programme.applications_close_at, 10,
        )  # fmt: skip
    if application.state == State.NEEDS_INFORMATION:
        return NextStep(
            Stage.APPLICATION, _("We need something from you"), request.text if request else "",
            _("Add what is missing"), reverse("applicants:request", args=[application.uuid]), _("you"), order=5,
        )  # fmt: skip
    if application.state in {State.SUBMITTED, State.IN_REVIEW}:
        return NextStep(
            Stage.APPLICATION, _("We are reading your application"),
            _("You need not do anything. We write to you by mail."), "", url, _("the advisors"),
            application.answer_due, 50,
        )  # fmt: skip
    if application.state in {State.CONSULTED, State.WAITLISTED}:
        waiting = application.state == State.WAITLISTED
        return NextStep(
            Stage.APPLICATION,
            _("You are on the waiting list") if waiting else _("We decide about your place"),
            _("As soon as a place is free we write to you.") if waiting else _("We write to you by mail."),
            "", url, _("the programme"), order=60,
        )  # fmt: skip
    return None


def todos(user: User) -> list[ToDo]:
    """What waits for the staff, oldest first (two queries)."""
    advised = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    administered = programme_ids(user, Role.PROGRAMME_ADMIN)
    waiting = (
        Application.objects.filter(
            Q(programme__in=advised, state__in=[State.SUBMITTED, State.IN_REVIEW])
            | Q(programme__in=administered, state=State.CONSULTED)
        )
        .exclude(person__user=user)
        .select_related("person", "programme")
        .order_by("moved_at")[:TODO_LIMIT]
    )
    words = {
        State.SUBMITTED: _("New application"),
        State.IN_REVIEW: _("Decide about an application"),
        State.CONSULTED: _("Decide about a place"),
    }
    found = [
        ToDo(words[State(a.state)], str(a.person), a.dossier_url, a.moved_at, f"{a.programme}, {a.number}")
        for a in waiting
    ]
    return found + _opinions(user, advised)


def _opinions(user: User, advised: Collection[int]) -> list[ToDo]:
    """Second opinions that colleagues asked this person for."""
    asked = SecondOpinion.objects.filter(asked=user, given_at=None, application__programme__in=advised)
    return [
        ToDo(_("Give a second opinion"), str(opinion.application.person), f"{opinion.application.dossier_url}#opinions",
             opinion.asked_at, f"{opinion.application.programme}, {opinion.application.number}")
        for opinion in asked.select_related("application__person", "application__programme")[:TODO_LIMIT]
    ]  # fmt: skip


def free_places(programme: Programme) -> int | None:
    """How many places are free; None without a limit."""
    if programme.places is None:
        return None
    accepted = Application.objects.filter(programme=programme, state=State.ACCEPTED)
    taken = accepted.filter(place_returned_at=None).count()
    return max(0, programme.places - taken)
