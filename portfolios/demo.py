"""The demo's portfolios: Rana's first weeks, a page for an employer, a text that waits for her mentor."""

import uuid
from datetime import timedelta

from credpoints.accounts.models import User
from credpoints.organisations.demo import Demo
from portfolios import actions
from portfolios.models import Entry, EntryKind

ENTRIES = (
    # kind, days ago, shareable, title, text
    (
        EntryKind.EDUCATION, 4000, True, "Bachelor Elektrotechnik, Universität Aleppo",
        "Fünf Jahre Studium mit Schwerpunkt *Nachrichtentechnik*. Abschlussarbeit über Richtfunkstrecken.",
    ),
    (
        EntryKind.EXPERIENCE, 3000, True, "Netzwerkingenieurin, Damaskus",
        "Vier Jahre Planung und Betrieb von Mobilfunknetzen:\n\n- Standorte geplant\n- Störungen eingegrenzt\n"
        "- zwei neue Kollegen eingearbeitet",
    ),
    (
        EntryKind.LANGUAGE, 400, True, "Arabisch, Deutsch, Englisch",
        "Arabisch ist meine Muttersprache. Deutsch B2 (telc), Englisch B1.",
    ),
    (
        EntryKind.REFLECTION, 9, False, "Mein erster Regler",
        "Heute habe ich im Labor ein Regler für einen Motor eingestellt. Zuerst hat der Motor stark geschwungen, "
        "weil die Verstärkung zu hoch war. Ich habe die Schrittantwort aufgenommen und mit die Einstellregeln "
        "verglichen. Am Ende war der Motor nach zwei Sekunden ruhig.\n\n**Was ich gelernt habe:** erst messen, dann "
        "rechnen, dann drehen.",
    ),
    (
        EntryKind.GOAL, 8, False, "Mein Ziel",
        "Ich möchte als Elektroingenieurin in der Automatisierung arbeiten, am liebsten in Brandenburg.",
    ),
)  # fmt: skip


def load(demo: Demo) -> None:
    """Write Rana's portfolio, share a page and ask her mentor for feedback."""
    rana, mentor = demo.users["rana"], demo.users["lorenz"]
    made: list[Entry] = []
    for kind, days, shareable, title, text in ENTRIES:
        entry = actions.add_entry(
            person=rana.person,
            kind=kind,
            title=title,
            body=text,
            by=rana,
            occurred_on=(demo.now - timedelta(days=days)).date(),
        )
        if shareable:
            actions.show_entry(entry=entry, by=rana)
        made.append(entry)
    portfolio = actions.portfolio_of(rana.person)
    actions.describe_person(
        portfolio=portfolio,
        about="Ich bin Elektroingenieurin aus Aleppo und lebe seit 2016 in Berlin.",
        language="de",
        by=rana,
    )
    page = actions.save_page(
        portfolio=portfolio,
        title="Bewerbung als Elektroingenieurin",
        language="de",
        introduction="Guten Tag! Hier finden Sie meinen Weg und meine Nachweise.",
        entries=made[:3],
        by=rana,
    )
    actions.share_page(page=page, label="Stromwerk", days=60, by=rana, share_uuid=uuid.uuid4())
    _feedback(made[3], mentor=mentor)


def _feedback(entry: Entry, *, mentor: User) -> None:
    """The mentor suggests better words for two passages; both wait for Rana."""
    owner = entry.portfolio.person.user
    if owner is None:
        return
    request = actions.ask_for_feedback(entry=entry, reviewer=mentor, by=owner)
    for original, proposal, comment in (
        ("ein Regler für einen Motor", "einen Regler für einen Motor", "Akkusativ: Wen oder was habe ich eingestellt?"),
        ("mit die Einstellregeln", "mit den Einstellregeln", "nach „mit“ steht der Dativ"),
    ):
        start = entry.body.index(original)
        actions.suggest(entry=entry, start=start, original=original, proposal=proposal, comment=comment, by=mentor)
    actions.finish_feedback(request=request, by=mentor)
