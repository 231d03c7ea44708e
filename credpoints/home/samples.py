"""What the style guide shows: every component in every state, with invented content.

The style guide is for those who build pages; its words are English and stand in no catalogue.
"""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from credpoints.common.path import NextStep, Station, Status
from credpoints.common.translated import TranslatedFormField
from credpoints.organisations.models import Stage

MOMENT = datetime(2027, 7, 12, 8, 0, tzinfo=UTC)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft with a name that does not end"


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label="Given names", help_text="As in your passport.")
    email = forms.EmailField(label="E-mail address")
    country = forms.ChoiceField(label="Country", choices=[("", "choose"), ("SY", "Syria"), ("TR", "Türkiye")])
    goal = forms.CharField(label="What do you want to reach?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    hours = forms.ChoiceField(
        label="Hours per week", choices=[("10", "10"), ("20", "20"), ("30", "30")], widget=forms.RadioSelect
    )
    modes = forms.MultipleChoiceField(
        label="How can you attend?",
        choices=[("online", "online"), ("site", "on site")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    title = TranslatedFormField(label="Title of the module")
    document = forms.FileField(label="Degree certificate", help_text="PDF, JPEG or PNG, at most 10 MB.", required=False)
    consent = forms.BooleanField(label="I agree that my data are used for this application.")


def stations(*statuses: Status) -> list[Station]:
    """Six stations with these statuses and plausible sentences."""
    texts = {
        "done": "Finished without trouble.",
        "current": "Choose a time for the talk.",
        "to_come": "",
        "skipped": "",
    }
    return [
        Station(
            stage=stage.value, status=status, text=texts[status], at=MOMENT if status == "done" else None, url="#path"
        )
        for stage, status in zip(Stage, statuses, strict=True)
    ]


def context() -> dict[str, Any]:
    """Everything that the style guide draws."""
    refused = SampleForm({"name": "", "email": "rana@", "goal": LONG})
    refused.is_valid()
    step = NextStep(
        stage=Stage.CONSULTATION,
        title="Book your consultation",
        text="Three advisors have free times in the next two weeks.",
        button="Choose a time",
        url="#next-step",
        by_whom="you",
        due=MOMENT,
    )
    event = SimpleNamespace(at=MOMENT)
    return {
        "form": SampleForm(),
        "refused": refused,
        "step": step,
        "waiting": NextStep(stage=Stage.APPLICATION, title="We read your application", by_whom="Katrin Vogel"),
        "on_the_way": stations("done", "current", "to_come", "to_come", "to_come", "to_come"),
        "with_gap": stations("done", "done", "done", "skipped", "current", "to_come"),
        "arrived": stations("done", "done", "done", "done", "done", "done"),
        "stages": list(Stage),
        "long": LONG,
        "page": Paginator(range(400), 20).page(7),
        "lines": [
            SimpleNamespace(event=event, who="Katrin Vogel", what="Invited to a consultation", reason=""),
            SimpleNamespace(event=event, who="The system", what="Reminder sent", reason=""),
            SimpleNamespace(
                event=event, who="Jan Petersen", what="Set back", reason="The degree certificate was cut off."
            ),
        ],
        "letter": {
            "to": "rana@example.org",
            "subject": "Your consultation on 12 July",
            "body": "Dear Rana Al-Khatib,\n\nwe look forward to the talk.\n\nhttps://credit-points.example/my-path/",
            "language": "en",
        },
        "jobs": [
            SimpleNamespace(pk=1, state="paused", done=0, total=50, percent=0, error=""),
            SimpleNamespace(pk=2, state="done", done=50, total=50, percent=100, error=""),
            SimpleNamespace(pk=3, state="failed", done=31, total=50, percent=62, error="printer on fire"),
        ],
        "tabs": [
            {"label": "Dossier", "url": "#lists", "is_current": True},
            {"label": "Mails (3)", "url": "#lists", "is_current": False},
            {"label": "History", "url": "#lists", "is_current": False},
        ],
        "consequences": ["Rana gets a mail.", "The seat falls free; Yusuf moves up and gets a mail."],
    }
