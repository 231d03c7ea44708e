"""Lock what a write of this room changes; everybody who gives places locks the programme before the application."""

from applicants.models import Application
from credpoints.organisations.models import Programme


def lock_programme(application: Application) -> Programme:
    """Its programme: who counts places waits here for everybody else who does."""
    return Programme.objects.select_for_update(of=("self",)).get(pk=application.programme_id)


def lock_application(application: Application) -> Application:
    """The application as it is now, with what letters and rights look at."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("person__user", "programme", "form_version")
        .get(pk=application.pk)
    )
