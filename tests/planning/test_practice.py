"""Practice in a company: arranged by both sides, confirmed by the company without an account."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, ScopeKind
from credpoints.audit.words import history
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from planning import queries
from planning.actions import placements, plans
from planning.actions.placements import Answer, PracticeChanged
from planning.models import Placement, PlacementState
from portfolios.models import Entry
from tests.modules.test_races import at_once
from tests.people import build_world
from tests.planning.makers import (
    agree,
    ask,
    make_confirmed_placement,
    make_placement,
    make_version,
    practice_facts,
    practice_line,
)

S = PlacementState
ANSWER = Answer(hours=Decimal(90), name="Jens Krüger", position="Meister", evaluation="Sehr sorgfältig.")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def form_data(**changes: str) -> dict[str, str]:
    facts = {name: str(value) for name, value in practice_facts().items()}
    return {**facts, "hours": "120", "seen": "0", **changes}


def link(token: str) -> str:
    return reverse("planning:confirm_practice", args=[token])


def agreed_practice(world, term=None):
    """The practice line of an agreed plan."""
    version = make_version(world)
    line = practice_line(world, version)
    plans.propose(version=version, by=world.vogel)
    agree(world, version)
    return line


# --- Arranging --------------------------------------------------------------------------------------------------------
def test_the_participant_names_the_company_on_the_page(world, sign_in) -> None:
    line = practice_line(world)
    address = reverse("planning:practice", args=[line.version.plan.participation.uuid, line.key])

    answer = sign_in(world.rana).post(address, form_data())

    assert answer.status_code == 302
    placement = Placement.objects.get()
    assert (placement.company, placement.hours, placement.state) == ("Stromwerk Brandenburg GmbH", 120, S.ARRANGED)
    assert OutboxMessage.objects.filter(template__contains="practice").count() == 0


def test_days_in_the_wrong_order_and_the_own_address_are_refused_and_what_was_typed_stays(world, sign_in) -> None:
    line = practice_line(world)
    address = reverse("planning:practice", args=[line.version.plan.participation.uuid, line.key])
    data = form_data(ends_on="2028-05-01", supervisor_email=world.rana.email.upper(), tasks="Meine Aufgaben")

    answer = sign_in(world.rana).post(address, data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Der letzte Tag liegt vor dem ersten." in page
    assert "eigene Adresse" in page
    assert "Meine Aufgaben" in page
    assert not Placement.objects.exists()


def test_a_stale_form_shows_both_texts_and_saves_when_sent_again(world, sign_in) -> None:
    placement = make_placement(world)
    client = sign_in(world.vogel)

    stale = client.post(placement.get_absolute_url(), form_data(company="Netz Nord AG", seen="0"))

    assert stale.status_code == 409
    assert "Stromwerk Brandenburg GmbH" in stale.content.decode()
    placement.refresh_from_db()
    assert placement.company == "Stromwerk Brandenburg GmbH"
    again = client.post(placement.get_absolute_url(), form_data(company="Netz Nord AG", seen="1"))
    placement.refresh_from_db()
    assert (again.status_code, placement.company, placement.edition) == (302, "Netz Nord AG", 2)


def test_a_file_that_is_no_agreement_changes_nothing(world, sign_in) -> None:
    placement = make_placement(world)
    script = SimpleUploadedFile("vertrag.pdf", b"<script>alert(1)</script>")

    answer = sign_in(world.rana).post(
        placement.get_absolute_url(), {**form_data(company="Netz Nord AG", seen="1"), "agreement_file": script}
    )

    placement.refresh_from_db()
    assert (answer.status_code, placement.company, placement.agreement) == (422, "Stromwerk Brandenburg GmbH", None)


def test_the_agreement_is_read_by_those_who_see_the_practice(world, sign_in) -> None:
    placement = make_placement(world)
    contract = SimpleUploadedFile("vertrag.pdf", PDF)
    sign_in(world.rana).post(placement.get_absolute_url(), {**form_data(seen="1"), "agreement_file": contract})
    placement.refresh_from_db()
    address = reverse("files:download", args=[placement.agreement.uuid])

    codes = [sign_in(user).get(address).status_code for user in (world.rana, world.vogel, world.yusuf, world.teacher)]

    assert codes == [200, 200, 404, 404]


def test_a_mentor_reads_and_changes_nothing(world, sign_in) -> None:
    placement = make_placement(world)
    type(placement.participation).objects.update(mentor=world.lorenz)

    page = sign_in(world.lorenz).get(placement.get_absolute_url())

    assert "Stromwerk" in page.content.decode()
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    with pytest.raises(PermissionDenied):
        placements.arrange(
            participation=placement.participation,
            line=_line(placement),
            by=world.lorenz,
            facts=practice_facts(),
            seen=1,
        )


def _line(placement: Placement):
    return placement.participation.plan.versions.get().items.get(key=placement.line_key)


def test_another_edition_is_refused(world) -> None:
    placement = make_placement(world)
    for seen in (0, 2):
        with pytest.raises(PracticeChanged):
            placements.arrange(
                participation=placement.participation, line=_line(placement), by=world.rana, facts=practice_facts(),
                seen=seen,
            )  # fmt: skip


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_the_company_is_asked_by_a_mail_that_was_shown_before(world, sign_in) -> None:
    placement = make_placement(world, language="en")
    client = sign_in(world.vogel)
    step = reverse("planning:practice_step", args=[placement.uuid, "ask"])

    assert "jens.krueger@stromwerk.example" in client.get(step).content.decode()
    client.post(step, {"tell": "1"})

    mail = OutboxMessage.objects.get(template="planning/email/practice_ask")
    assert (mail.to, mail.language, mail.secret) == ("jens.krueger@stromwerk.example", "en", True)
    assert "Please confirm the practice of Rana Al-Khatib" in mail.subject
    placement.refresh_from_db()
    assert placement.state == S.ASKED
    assert placement.token_hash not in mail.body


def test_without_the_mail_staff_get_the_link_once(world, sign_in, client) -> None:
    placement = make_placement(world)

    page = sign_in(world.vogel).post(reverse("planning:practice_step", args=[placement.uuid, "ask"])).content.decode()

    token = re.search(r'value="[^"]*/practice/([^/"]+)/"', page)[1]
    assert not OutboxMessage.objects.filter(template="planning/email/practice_ask").exists()
    assert client.get(link(token)).status_code == 200


def test_the_participant_cannot_ask_and_so_not_confirm_the_own_practice(world, sign_in) -> None:
    placement = make_placement(world)

    answer = sign_in(world.rana).post(reverse("planning:practice_step", args=[placement.uuid, "ask"]), {"tell": "1"})

    assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        placements.ask_company(placement=placement, by=world.rana)
    with pytest.raises(PermissionDenied):
        placements.confirm_on_paper(placement=placement, by=world.rana, answer=ANSWER, scan=_scan())


def test_an_advisor_who_takes_part_does_not_vouch_for_the_own_practice(world) -> None:
    placement = make_placement(world)
    grant_role(user=world.rana, role=Role.ADVISOR, scope_kind=ScopeKind.PROGRAMME, scope_id=world.programme.pk, by=None)

    with pytest.raises(NotAllowed):
        placements.ask_company(placement=placement, by=world.rana)


# --- The company answers ----------------------------------------------------------------------------------------------
def test_the_company_confirms_without_an_account_and_the_link_is_dead(world, client) -> None:
    placement = make_placement(world)
    token = ask(world, placement)

    page = client.get(link(token))
    assert "Rana Al-Khatib" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    answer = client.post(link(token), {"hours": "90", "name": "Jens Krüger", "evaluation": "Sehr sorgfältig."})

    assert answer.url == reverse("planning:practice_thanks")
    placement.refresh_from_db()
    assert (placement.state, placement.confirmed_hours, placement.confirmed_by) == (S.CONFIRMED, 90, "Jens Krüger")
    assert placement.token_hash == ""
    german = {"headers": {"accept-language": "de"}}
    for again in (client.get(link(token), **german), client.post(link(token), {"hours": "1", "name": "X"}, **german)):
        assert again.status_code == 404
        assert "gilt nicht mehr" in again.content.decode()
    told = OutboxMessage.objects.filter(template="planning/email/practice_confirmed").values_list("to", flat=True)
    assert set(told) == {world.rana.email, world.vogel.email}
    with translation.override("de"):
        assert "Bestätigt vom Betrieb: Jens Krüger" in [str(line.what) for line in history(placement)]


def test_the_page_of_the_company_says_nothing_that_it_need_not_know(world, client) -> None:
    placement = make_placement(world)
    type(placement.participation).objects.update(private_note="Kinderbetreuung bis 15 Uhr")

    page = client.get(link(ask(world, placement))).content.decode()

    assert "Kinderbetreuung" not in page
    assert world.rana.email not in page


@pytest.mark.parametrize(("typed", "words"), [
    ({"hours": "0", "name": "J"}, "größer oder gleich 1"), ({"hours": "2001", "name": "J"}, "kleiner oder gleich 2000"),
    ({"hours": "NaN", "name": "J"}, "Zahl"),
    ({"hours": "90", "name": " "}, "Feld"), ({"hours": "", "name": "J"}, "Feld"),
])  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_in_words(world, client, typed, words) -> None:
    placement = make_placement(world)
    token = ask(world, placement)

    answer = client.post(link(token), {**typed, "evaluation": "Schon getippt"}, headers={"accept-language": "de"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Schon getippt" in page
    placement.refresh_from_db()
    assert placement.state == S.ASKED


def test_an_objection_leads_back_and_is_read_by_both_sides(world, client, sign_in) -> None:
    placement = make_placement(world)
    token = ask(world, placement)

    client.post(reverse("planning:object_to_practice", args=[token]), {"text": "Es waren nur vier Wochen."})

    placement.refresh_from_db()
    assert (placement.state, placement.objection) == (S.ARRANGED, "Es waren nur vier Wochen.")
    assert client.get(link(token)).status_code == 404
    assert "Es waren nur vier Wochen." in sign_in(world.rana).get(placement.get_absolute_url()).content.decode()
    mails = OutboxMessage.objects.filter(template="planning/email/practice_objection")
    assert {mail.to for mail in mails} == {world.rana.email, world.vogel.email}
    with translation.override("de"):
        assert any("nicht stimmt" in str(todo.title) for todo in queries.todos(world.vogel))


def test_a_new_link_kills_the_old_one_and_taking_back_kills_both(world, client) -> None:
    placement = make_placement(world)
    first = ask(world, placement)
    second = ask(world, placement)
    assert [client.get(link(token)).status_code for token in (first, second)] == [404, 200]

    placements.change_placement(placement=placement, step="take_back", by=world.rana)

    assert client.get(link(second)).status_code == 404
    assert placement.can_be_edited


def test_a_link_works_on_its_last_day_and_not_after(world, client, sign_in, time_machine) -> None:
    time_machine.move_to("2028-06-10 10:00+02:00")
    token = ask(world, make_placement(world))
    time_machine.move_to("2028-08-09 23:00+02:00")
    assert client.get(link(token)).status_code == 200

    time_machine.move_to("2028-08-10 01:00+02:00")

    assert client.get(link(token)).status_code == 404
    assert client.post(link(token), {"hours": "90", "name": "Jens"}).status_code == 404
    page = sign_in(world.vogel).get(Placement.objects.get().get_absolute_url()).content.decode()
    assert "der Link galt nur bis 9. August 2028" in page
    assert "Den Betrieb noch einmal fragen" in page


def test_a_link_sent_before_the_end_works_until_after_it(world, client, time_machine) -> None:
    time_machine.move_to("2028-01-10 10:00+01:00")
    placement = make_placement(world)
    token = ask(world, placement)
    assert placement.asked_until == date(2028, 8, 8)

    time_machine.move_to("2028-06-10 10:00+02:00")

    assert client.get(link(token)).status_code == 200


def test_hours_stand_in_the_form_as_people_write_them(world, sign_in) -> None:
    placement = make_placement(world, hours=Decimal("120.50"))
    page = sign_in(world.rana).get(placement.get_absolute_url()).content.decode()
    assert 'value="120,5"' in page


def test_a_link_replaced_while_its_page_was_open_confirms_nothing(world) -> None:
    placement = make_placement(world)
    old = ask(world, placement)
    ask(world, placement)

    with pytest.raises(NoLongerPossible):
        placements.confirm(placement=placement, token=old, answer=ANSWER)
    with pytest.raises(NoLongerPossible):
        placements.object_to(placement=placement, token=old, text="Nein")

    placement.refresh_from_db()
    assert placement.state == S.ASKED


def _scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("bestaetigung.pdf", PDF)


def test_a_confirmation_on_paper_is_kept_with_its_scan(world, sign_in) -> None:
    placement = make_placement(world)
    step = reverse("planning:practice_step", args=[placement.uuid, "confirm_on_paper"])
    data = {"hours": "90", "name": "Jens Krüger", "tell": "1"}
    client = sign_in(world.petersen)

    wrong = client.post(step, {**data, "scan": SimpleUploadedFile("x.pdf", b"MZ not a pdf")})
    placement.refresh_from_db()
    assert (wrong.status_code, placement.state) == (422, S.ARRANGED)
    client.post(step, {**data, "scan": _scan()})

    placement.refresh_from_db()
    assert (placement.state, placement.proof.name) == (S.CONFIRMED, "bestaetigung.pdf")
    assert OutboxMessage.objects.get(template="planning/email/practice_confirmed").to == world.rana.email


def test_a_file_of_a_wrong_type_is_an_error_of_the_form_only(world) -> None:
    placement = make_placement(world)
    with pytest.raises(ValidationError):
        placements.confirm_on_paper(
            placement=placement, by=world.vogel, answer=ANSWER, scan=SimpleUploadedFile("x.exe", b"MZ\x90")
        )


# --- What comes of it -------------------------------------------------------------------------------------------------
def test_a_confirmed_practice_is_a_verified_entry_until_it_is_set_aside(world, sign_in) -> None:
    placement = make_confirmed_placement(world)
    entry = Entry.objects.get(portfolio__person=world.rana.person)
    assert (entry.kind, entry.verified, entry.state) == ("experience", True, "visible")
    assert "120 Stunden" in entry.body
    assert "Jens Krüger, Meister" in entry.body

    step = reverse("planning:practice_step", args=[placement.uuid, "set_aside"])
    assert sign_in(world.vogel).post(step).status_code == 422
    sign_in(world.vogel).post(step, {"reason": "Der falsche Betrieb hat bestätigt."})

    entry.refresh_from_db()
    placement.refresh_from_db()
    assert (entry.state, placement.state) == ("archived", S.SET_ASIDE)
    make_placement(world, _line(placement), company="Netz Nord AG")  # the line is free again


def test_after_it_was_asked_nothing_of_it_changes(world) -> None:
    placement = make_placement(world)
    ask(world, placement)

    with pytest.raises(NoLongerPossible):
        placements.arrange(
            participation=placement.participation, line=_line(placement), by=world.rana,
            facts=practice_facts(company="Andere AG"), seen=1,
        )  # fmt: skip


def test_practice_of_a_line_that_was_taken_out_can_still_be_read_and_cancelled(world, sign_in) -> None:
    placement = make_placement(world)
    plans.drop_line(item=_line(placement), by=world.vogel)
    client = sign_in(world.rana)

    assert placement.get_absolute_url() in client.get(placement.participation.get_absolute_url()).content.decode()
    page = client.get(placement.get_absolute_url())

    assert page.status_code == 200
    assert "steht nicht mehr im Plan" in page.content.decode()
    assert reverse("planning:practice_step", args=[placement.uuid, "cancel"]) in page.content.decode()


def test_the_participant_is_led_to_a_practice_that_begins_soon(world, time_machine) -> None:
    time_machine.move_to("2027-07-01 10:00+02:00")
    line = agreed_practice(world)
    titles = [str(step.title) for step in queries.next_steps(world.rana)]
    assert not any("Praxisphase" in title for title in titles)  # the term is far away

    time_machine.move_to(line.term.starts_on - timedelta(days=59))
    assert any("Praxisphase" in str(step.title) for step in queries.next_steps(world.rana))

    make_placement(world, line)
    assert not any("Praxisphase" in str(step.title) for step in queries.next_steps(world.rana))


@pytest.mark.parametrize(("moment", "asked", "words"), [
    ("2028-06-09 12:00+02:00", False, ""), ("2028-06-10 12:00+02:00", False, "um die Bestätigung"),
    ("2028-06-10 12:00+02:00", True, ""), ("2028-06-18 12:00+02:00", True, "noch nicht bestätigt"),
])  # fmt: skip
def test_staff_hear_of_practice_that_waits(world, time_machine, moment, asked, words) -> None:
    time_machine.move_to("2028-06-10 09:00+02:00" if asked else "2028-05-01 09:00+02:00")
    placement = make_placement(world)
    if asked:
        ask(world, placement)
    time_machine.move_to(moment)

    with translation.override("de"):
        found = [str(todo.title) for todo in queries.todos(world.vogel) if "Stromwerk" in str(todo.title)]

    assert len(found) == bool(words)
    assert all(words in title for title in found)


# --- What the database promises ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [
    {"state": "confirmed"}, {"state": "asked"}, {"token_hash": "x"}, {"hours": 0}, {"hours": 2001},
    {"starts_on": date(2029, 1, 1)}, {"state": "done"},
    {"state": "confirmed", "confirmed_by": "J", "confirmed_hours": 9},
])  # fmt: skip
def test_the_database_refuses_what_cannot_be(world, wrong) -> None:
    placement = make_placement(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(**wrong)


def test_one_placement_of_a_line_counts(world) -> None:
    placement = make_placement(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(participation=placement.participation, line_key=placement.line_key, title="P",
                                 **practice_facts())  # fmt: skip
    placements.change_placement(placement=placement, step="cancel", by=world.rana, reason="Insolvenz")
    make_placement(world, _line(placement))
    assert Placement.objects.counting().count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_answers_at_once_one_counts_and_of_eight_plans_one_is_kept() -> None:
    world = build_world()
    line = practice_line(world)
    participation = line.version.plan.participation
    arranged = at_once([
        lambda: placements.arrange(participation=participation, line=line, by=world.rana, facts=practice_facts())
    ] * 8)  # fmt: skip
    assert sum(isinstance(one, Placement) for one in arranged) == 1
    assert sum(isinstance(one, PracticeChanged) for one in arranged) == 7

    placement = Placement.objects.get()
    token = ask(world, placement)
    answers = at_once([lambda: placements.confirm(placement=placement, token=token, answer=ANSWER)] * 8)

    assert [type(one) for one in answers].count(NoLongerPossible) == 7
    assert Entry.objects.filter(source_key=f"practice:{placement.uuid}").count() == 1
    assert OutboxMessage.objects.filter(template="planning/email/practice_confirmed", to=world.rana.email).count() == 1


@pytest.mark.parametrize("many", [1, 3, 30])
def test_pages_ask_the_database_a_constant_number_of_times(world, sign_in, many, django_assert_max_num_queries) -> None:
    version = make_version(world)
    for _number in range(many):
        make_placement(world, practice_line(world, version))
    client = sign_in(world.vogel)
    client.get(version.plan.participation.get_absolute_url())

    with django_assert_max_num_queries(45):
        client.get(version.plan.participation.get_absolute_url())
    with django_assert_max_num_queries(12):
        queries.todos(world.vogel)
