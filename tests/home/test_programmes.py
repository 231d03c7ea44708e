"""The administrator's pages: settings, terms, people."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from certificates.actions import change_rules
from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User
from credpoints.audit.models import AuditEvent
from credpoints.home.programme_forms import NewProgrammeForm, ProgrammeForm
from credpoints.organisations.actions import (
    change_programme,
    create_programme,
    end_role,
    give_role,
    publish_programme,
    settings_fingerprint,
)
from credpoints.organisations.models import Organisation, Programme, ProgrammeState, Stage, Term
from credpoints.organisations.presets import PRESETS
from credpoints.organisations.rules import is_admin
from credpoints.outbox.models import OutboxMessage
from planning.actions.plan_rules import change_plan_rules
from planning.plan_rules import PlanRules
from tests.people import World


def settings_data(programme: Programme, **changes: str | list[str]) -> dict[str, object]:
    """What the browser would send for the settings page without any change."""
    data: dict[str, object] = {
        "title_de": "Credit Points", "title_en": "Credit Points", "aim_de": "Ziel", "aim_en": "Aim",
        "seen": settings_fingerprint(Programme.objects.get(pk=programme.pk), ProgrammeForm.Meta.fields),
        "stages": programme.stages, "places": "20", "applications_open_at": "2027-03-01T00:00",
        "applications_close_at": "2027-06-30T23:59", "answer_within_days": "21", "hours_per_credit": "30",
        "certificate_approvals": "2", "contact_email": "", "contact_phone": "",
        "terms-TOTAL_FORMS": "1", "terms-INITIAL_FORMS": "0", "terms-MIN_NUM_FORMS": "0", "terms-MAX_NUM_FORMS": "99",
        "terms-0-code": "", "terms-0-starts_on": "", "terms-0-ends_on": "", "terms-0-teaching_weeks": "20",
    }  # fmt: skip
    return data | changes


def test_admin_changes_the_settings_and_history_tells_which(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    address = reverse("home:programme_settings", args=[world.programme.slug])

    response = client.post(address, settings_data(world.programme, places="25"))

    assert response.status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.places == 25
    event = AuditEvent.objects.about(world.programme).last()
    assert event is not None
    assert event.action == "programme.changed"
    assert "places" in event.detail["fields"]


def test_a_wrong_setting_keeps_what_was_typed_and_changes_nothing(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    address = reverse("home:programme_settings", args=[world.programme.slug])
    wrong = settings_data(world.programme, applications_close_at="2020-01-01T00:00", aim_en="Typed with care")

    response = client.post(address, wrong)

    assert response.status_code == 422
    assert "Typed with care" in response.content.decode()
    world.programme.refresh_from_db()
    assert world.programme.aim["en"] == "Find your way back into engineering."


def test_a_stale_form_shows_what_a_colleague_has_saved_and_saves_when_sent_again(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    address = reverse("home:programme_settings", args=[world.programme.slug])
    stale = settings_data(world.programme, places="25")
    client.post(address, settings_data(world.programme, places="31"))

    answer = client.post(address, stale)

    page = answer.content.decode()
    world.programme.refresh_from_db()
    assert (answer.status_code, world.programme.places) == (409, 31)
    assert "Plätze: 31" in page
    assert 'value="25"' in page
    fresh = re.search(r'name="seen" value="([^"]+)"', page)
    assert fresh is not None
    client.post(address, {**stale, "seen": fresh[1]})
    world.programme.refresh_from_db()
    assert world.programme.places == 25


def test_a_wrong_term_changes_no_setting(world: World, sign_in) -> None:
    data = settings_data(
        world.programme, places="25",
        **{"terms-0-code": "X", "terms-0-starts_on": "2028-10-01", "terms-0-ends_on": "2028-09-01"},
    )  # fmt: skip

    answer = sign_in(world.petersen).post(reverse("home:programme_settings", args=[world.programme.slug]), data)

    world.programme.refresh_from_db()
    assert (answer.status_code, world.programme.places) == (422, 20)
    assert not Term.objects.filter(code="X").exists()


def test_deadlines_are_those_of_the_place_and_not_of_the_reader(world: World, sign_in) -> None:
    world.petersen.time_zone = "America/New_York"
    world.petersen.save()

    sign_in(world.petersen).post(
        reverse("home:programme_settings", args=[world.programme.slug]), settings_data(world.programme)
    )

    world.programme.refresh_from_db()
    assert world.programme.applications_close_at == datetime(2027, 6, 30, 21, 59, tzinfo=UTC)


def test_a_programme_cannot_hide_behind_the_page_that_makes_new_ones() -> None:
    form = NewProgrammeForm({"slug": "new"}, organisations=Organisation.objects.none())
    assert "slug" in form.errors


def test_a_term_can_be_added(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    data = settings_data(
        world.programme,
        **{
            "terms-0-code": "WS 2028/29",
            "terms-0-starts_on": "2028-10-01",
            "terms-0-ends_on": "2029-03-31",
            "terms-0-teaching_weeks": "16",
        },
    )

    client.post(reverse("home:programme_settings", args=[world.programme.slug]), data)

    term = Term.objects.get(code="WS 2028/29")
    assert (term.programme, term.teaching_weeks) == (world.programme, 16)


def test_a_colleague_gets_role_account_and_one_mail(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    address = reverse("home:programme_people", args=[world.programme.slug])

    for _twice in range(2):
        client.post(address, {"email": "New.Advisor@bht.example", "role": "advisor"})

    colleague = User.objects.get(email="new.advisor@bht.example")
    assert RoleAssignment.objects.filter(user=colleague).count() == 1
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == ["new.advisor@bht.example"]


def test_an_ended_role_opens_nothing_and_stays_as_history(world: World, sign_in) -> None:
    assignment = grant_role(
        user=world.rana, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.PROGRAMME, scope_id=world.programme.pk, by=None
    )
    address = reverse("home:programme_end_role", args=[world.programme.slug, assignment.pk])

    sign_in(world.petersen).post(address)

    fresh = User.objects.get(pk=world.rana.pk)
    assert not is_admin(fresh, world.programme.pk)
    assert RoleAssignment.objects.filter(pk=assignment.pk).exists()


def test_nobody_ends_the_own_role(world: World, sign_in) -> None:
    own = world.petersen.role_assignments.get()

    response = sign_in(world.petersen).post(reverse("home:programme_end_role", args=[world.programme.slug, own.pk]))

    assert response.status_code == 403
    assert RoleAssignment.objects.get(pk=own.pk).ends_on is None


def test_two_administrators_who_end_each_others_role_leave_one(world: World) -> None:
    second = grant_role(
        user=world.rana, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.PROGRAMME, scope_id=world.programme.pk, by=None
    )
    first, rana = world.petersen.role_assignments.get(), User.objects.get(pk=world.rana.pk)
    assert is_admin(rana, world.programme.pk)  # her page is drawn, and his is quicker

    end_role(programme=world.programme, assignment=second, by=world.petersen)
    with pytest.raises(PermissionDenied):
        end_role(programme=world.programme, assignment=first, by=rana)

    assert is_admin(User.objects.get(pk=world.petersen.pk), world.programme.pk)


def test_only_administrators_of_the_programme_change_it(world: World) -> None:
    advisor = world.vogel.role_assignments.get()
    facts = {"programme": world.programme}

    for person in (world.vogel, world.rana, world.other_admin):
        for change in (
            partial(change_programme, places=1),
            publish_programme,
            partial(give_role, user=person, role=Role.PROGRAMME_ADMIN),
            partial(end_role, assignment=advisor),
        ):
            with pytest.raises(PermissionDenied):
                change(**facts, by=person)


def test_a_programme_that_changes_its_rules_leaves_the_preset_alone(world: World) -> None:
    facts = {"organisation": world.organisation, "slug": "vet", "title": {"en": "V"}}
    made = create_programme(preset="vocational", by=None, **facts)
    made.settings["modules"]["credit_framework"] = "ECTS"

    assert PRESETS["vocational"].settings["modules"]["credit_framework"] == "ECVET"


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_an_organisation_admin_begins_a_programme_from_each_preset(world: World, sign_in, preset: str) -> None:
    grant_role(
        user=world.petersen,
        role=Role.PROGRAMME_ADMIN,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=world.organisation.pk,
        by=None,
    )
    client = sign_in(world.petersen)

    response = client.post(
        reverse("home:programme_new"),
        {
            "organisation": world.organisation.pk,
            "preset": preset,
            "slug": "fresh",
            "title_de": "Neu",
            "title_en": "New",
        },
    )

    made = Programme.objects.get(slug="fresh")
    assert response.url == reverse("home:programme_settings", args=["fresh"])
    assert (made.state, made.stages) == (ProgrammeState.DRAFT, [stage.value for stage in PRESETS[preset].stages])
    assert client.get(response.url).status_code == 200


def test_a_programme_of_a_foreign_organisation_cannot_be_begun(world: World, sign_in) -> None:
    grant_role(
        user=world.petersen,
        role=Role.PROGRAMME_ADMIN,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=world.organisation.pk,
        by=None,
    )
    foreign = world.other_programme.organisation

    response = sign_in(world.petersen).post(
        reverse("home:programme_new"),
        {"organisation": foreign.pk, "preset": "network", "slug": "fresh", "title_en": "New"},
    )

    assert response.status_code == 422
    assert not Programme.objects.filter(slug="fresh").exists()


def test_a_draft_is_seen_by_its_administrators_only(world: World) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(state=ProgrammeState.DRAFT)

    seen = {
        name: world.programme in Programme.objects.visible_to(world.user(name))
        for name in ("anonymous", "rana", "vogel", "petersen", "other_admin")
    }

    assert seen == {"anonymous": False, "rana": False, "vogel": False, "petersen": True, "other_admin": False}


def test_presets_are_the_five_of_the_requirements() -> None:
    assert sorted(PRESETS) == ["credit_points", "network", "partner_catalogue", "short_programme", "vocational"]
    assert PRESETS["credit_points"].stages == tuple(Stage)


def test_ending_a_role_is_asked_about_first(world: World, sign_in) -> None:
    held = world.aydin.role_assignments.get()

    page = sign_in(world.petersen).get(reverse("home:programme_end_role", args=[world.programme.slug, held.pk]))

    assert world.aydin.name in page.content.decode()
    held.refresh_from_db()
    assert held.ends_on is None


def test_rooms_that_change_their_rules_at_once_both_keep_them(world: World) -> None:
    seen = Programme.objects.get(pk=world.programme.pk)
    change_plan_rules(programme=world.programme, by=world.petersen, rules=PlanRules(practice_phases=2))

    change_rules(
        programme=seen, by=world.petersen, needs_payment=True, forbidden_words=False, attendance_share=80, by_run=False,
        valid_months=None,
    )  # fmt: skip

    stored = Programme.objects.get(pk=world.programme.pk)
    assert stored.room_settings("planning")["practice_phases"] == 2
    assert stored.room_settings("certificates")["attendance_share"] == 80


def test_only_who_administers_an_organisation_is_offered_a_new_programme(world: World, sign_in) -> None:
    address = reverse("home:programme_new")

    def is_offered() -> bool:
        return address in sign_in(world.petersen).get(reverse("home:today")).content.decode()

    without = is_offered()
    grant_role(
        user=world.petersen,
        role=Role.PROGRAMME_ADMIN,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=world.organisation.pk,
        by=None,
    )

    assert (without, is_offered()) == (False, True)
