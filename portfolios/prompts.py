"""Questions that help somebody to begin a text of the learning journal."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMPTS: tuple[str | Promise, ...] = (
    _("What can you do today that you could not do a week ago?"),
    _("What was difficult this week, and what helped you?"),
    _("Which German word or phrase of your subject have you learned, and where do you use it?"),
    _("What did you know already from your work or studies, and what is done differently here?"),
    _("Whom did you work with, and what did each of you contribute?"),
    _("What would you do differently next time?"),
    _("What would you tell an employer about this week in three sentences?"),
    _("Which question is still open, and whom can you ask?"),
)


def prompt_of(day: date) -> str:
    """The question of the week: another one each week, the same for the whole week."""
    return str(PROMPTS[day.isocalendar().week % len(PROMPTS)])
