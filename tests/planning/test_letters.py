"""Mails of plans speak to who reads them: “your plan” to the participant, “the plan of …” to everybody else."""

import pytest

from credpoints.outbox.models import OutboxMessage
from planning.actions import participations, plans
from tests.people import World
from tests.planning.makers import make_participation, make_version, proposed_version

LEARNER, ADVISOR, MENTOR = "rana@example.org", "vogel@bht.example", "lorenz@bht.example"


@pytest.fixture(autouse=True)
def _everybody_reads_english(world: World) -> None:
    for user in (world.rana, world.vogel, world.lorenz):
        user.language = "en"
        user.save()
        user.person.contact_language = "en"
        user.person.save()


def mails(template: str) -> dict[str, tuple[str, str]]:
    """Subject and first line after the greeting of each mail of one kind, by who reads it."""
    found = OutboxMessage.objects.filter(template=f"planning/email/{template}")
    return {mail.to: (mail.subject, mail.body.splitlines()[2]) for mail in found}


def test_the_agreed_plan_is_her_own_to_the_participant_and_named_to_staff(world: World) -> None:
    version = proposed_version(world)
    for signer in (world.rana, world.vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)

    subjects = {to: subject for to, (subject, _text) in mails("plan_agreed").items()}
    assert subjects == {LEARNER: "Your plan is agreed", ADVISOR: "The plan of Rana Al-Khatib is agreed"}


def test_a_proposal_names_whose_plan_it_is_to_staff_only(world: World) -> None:
    plans.propose(version=make_version(world), by=world.aydin)

    rest = "is ready. You can sign it, comment on it or ask for changes:"
    subject = "Murat Aydın has proposed a plan: please read and sign"
    assert mails("plan_proposed") == {
        LEARNER: (subject, f"Version 1 of your plan {rest}"),
        ADVISOR: (subject, f"Version 1 of the plan of Rana Al-Khatib {rest}"),
    }


def test_comments_and_refusals_name_whose_plan_it_is(world: World) -> None:
    version = proposed_version(world)
    plans.comment(version=version, by=world.aydin, text="ab Mai")
    plans.refuse(version=version, by=world.aydin, reason="bitte anders")

    bodies = OutboxMessage.objects.filter(template="planning/email/plan_comment").order_by("pk")
    found = [(mail.to, mail.subject, mail.body.split("\n\n")[-2].partition(": ")[0]) for mail in bodies]
    assert found == [
        (LEARNER, "Murat Aydın has commented on your plan", "Your plan"),
        (ADVISOR, "Murat Aydın has commented on the plan", "The plan of Rana Al-Khatib"),
        (LEARNER, "Murat Aydın asks for changes in your plan", "Your plan"),
        (ADVISOR, "Murat Aydın asks for changes in the plan", "The plan of Rana Al-Khatib"),
    ]


def test_a_new_mentoring_speaks_to_both_sides_and_says_how_to_reach_the_other(world: World) -> None:
    participations.assign_people(
        participation=make_participation(world), by=world.petersen, advisor=world.vogel, mentor=world.lorenz
    )

    assert mails("mentor_assigned") == {
        LEARNER: (
            "Heike Lorenz is your mentor now",
            "In the programme “Credit Points”, Heike Lorenz is now your mentor. "
            "Please agree on a first meeting; you can write to lorenz@bht.example.",
        ),
        MENTOR: (
            "You are the mentor of Rana Al-Khatib now",
            "In the programme “Credit Points”, you are now the mentor of Rana Al-Khatib. "
            "Please agree on a first meeting; you can write to rana@example.org.",
        ),
    }
