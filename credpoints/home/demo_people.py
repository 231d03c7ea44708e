"""Who shows which role in the demo, and the links that sign them in."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.home.sign_in import demo_token
from credpoints.organisations.demo import PEOPLE

ROLES: tuple[tuple[str, str | Promise], ...] = (
    ("yusuf", _("applicant")),
    ("rana", _("learner")),
    ("vogel", _("advisor")),
    ("lorenz", _("mentor")),
    ("teacher", _("teacher")),
    ("petersen", _("administrator")),
)


@dataclass(frozen=True)
class DemoLink:
    """One person of the demo: what the role is called, who it is, where a click signs in."""

    role: str | Promise
    name: str
    address: str


def demo_links() -> list[DemoLink]:
    """Return one sign-in link per role, in the order of a person's way through the programme."""
    emails = {key: email for key, email, *_rest in PEOPLE}
    users = {user.email: user for user in User.objects.filter(email__in=emails.values()).select_related("person")}
    links = []
    for key, role in ROLES:
        user = users.get(emails[key])
        if user is not None:
            path = reverse("home:demo_sign_in", args=[demo_token(user)])
            links.append(DemoLink(role, user.name, f"{settings.BASE_URL}{path}"))
    return links
