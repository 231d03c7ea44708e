"""The words and limits that every form shares: types of questions, tests of conditions, skills, levels, degrees."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

Answers = Mapping[str, Any]

QUESTION_TYPES = {
    "text": gettext_lazy("Short text"),
    "longtext": gettext_lazy("Long text"),
    "choice": gettext_lazy("One choice"),
    "multi": gettext_lazy("Several choices"),
    "date": gettext_lazy("Date"),
    "month": gettext_lazy("Month"),
    "number": pgettext_lazy("type of question", "Number"),
    "country": gettext_lazy("Country"),
    "institution": gettext_lazy("University or school"),
    "degree": gettext_lazy("Degree"),
    "field": gettext_lazy("Field of study"),
    "language": gettext_lazy("Language"),
    "cefr": gettext_lazy("Language level in five skills"),
    "file": gettext_lazy("Files"),
    "consent": gettext_lazy("Consent"),
    "info": gettext_lazy("Information only"),
}
OPERATORS = {
    "is_one_of": gettext_lazy("is one of"),
    "is_none_of": gettext_lazy("is none of"),
    "is_filled": gettext_lazy("is answered"),
    "is_empty": gettext_lazy("is not answered"),
}
COMPARING = ("is_one_of", "is_none_of")  # these look at what is answered, the others only whether anything is
SKILLS = {
    "listening": gettext_lazy("Listening"),
    "reading": gettext_lazy("Reading"),
    "interaction": gettext_lazy("Taking part in conversations"),
    "production": gettext_lazy("Speaking at length"),
    "writing": gettext_lazy("Writing"),
}
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
DEGREES = {
    "bachelor": gettext_lazy("Bachelor"),
    "master": gettext_lazy("Master"),
    "diploma": gettext_lazy("Diploma (university)"),
    "doctorate": gettext_lazy("Doctorate"),
    "vocational": gettext_lazy("Vocational qualification"),
    "other": gettext_lazy("Another, comparable degree"),
}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
ITEM = re.compile(r"[a-z0-9]{1,12}\Z")
MAX_TEXT = 20_000
