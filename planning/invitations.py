"""What mails and calendars say about a talk, in the reader's language."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from credpoints.accounts.models import Person, User
from credpoints.common.moments import write_moment
from planning.calendars import Attendee, CalendarTalk, invitation
from planning.models import Appointment, AppointmentState

ENDED = frozenset({AppointmentState.CANCELLED, AppointmentState.DECLINED, AppointmentState.LAPSED})


def calendar_talk(talk: Appointment, reader: User | Person, address: str = "") -> CalendarTalk:
    """The calendar's view of a talk as this reader sees it; `address` is the link to manage it."""
    is_advisor = isinstance(reader, User) and reader.pk == talk.advisor_id
    with override(reader.language):
        other = talk.person.full_name if is_advisor else talk.advisor.name
        title = _("%(kind)s with %(name)s") % {"kind": str(talk.type), "name": other}
        description = "\n".join(_description(talk, reader, address))
    return CalendarTalk(
        uid=talk.calendar_uid,
        sequence=talk.sequence,
        begins=talk.starts_at,
        ends=talk.ends_at,
        title=title,
        description=description,
        place=talk.where,
        url=address,
        organiser=Attendee(talk.advisor.name, talk.advisor.email),
        attendee=Attendee(talk.person.full_name, talk.person.mail_address),
        changed_at=talk.changed_at,
        cancelled=talk.state in ENDED,
        tentative=talk.state == AppointmentState.REQUESTED,
    )


def _description(talk: Appointment, reader: User | Person, address: str) -> list[str]:
    lines = [write_moment(talk.starts_at, talk.place_zone, reader.time_zone), str(talk.get_mode_display())]
    lines += [line for line in (talk.where, address) if line]
    return lines


def calendar_file(talk: Appointment, reader: User | Person, address: str = "") -> str:
    """The .ics for this reader."""
    return invitation(calendar_talk(talk, reader, address))


def attachment(talk: Appointment, reader: User | Person, address: str = "") -> dict[str, str]:
    """The same file as a mail carries it: with its method, so that calendars update the entry by themselves."""
    method = "CANCEL" if talk.state in ENDED else "REQUEST"
    return {
        "name": "talk.ics",
        "type": f"text/calendar; method={method}",
        "content": calendar_file(talk, reader, address),
    }


def manage_address(token: str) -> str:
    """The address of the mailed link."""
    return settings.BASE_URL + reverse("planning:manage", args=[token])


def staff_address(talk: Appointment) -> str:
    return settings.BASE_URL + reverse("planning:consultation", args=[talk.uuid])
