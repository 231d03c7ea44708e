"""What is kept and what is not: erasure, the log of who opened documents, places given back, achievements, report."""

from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applicants import actions
from applicants.actions.opinions import ask_opinion
from applicants.models import Application, EligibilityRule
from applicants.queries import free_places
from credpoints.accounts.models import User
from credpoints.files.models import StoredFile
from modules.models import Enrolment, Result
from planning.actions.participations import change_participation
from planning.models import Participation
from tests.applicants.make import NOW, make_consulted, make_draft, make_in_review, make_submitted
from tests.applicants.rules import all_sent
from tests.certificates.makers import issued
from tests.modules.factories import make_enrolment, make_result
from tests.people import World, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 " + b"x" * 200
DOCUMENTS = "education.n1.degree_documents"


def everything_kept() -> str:
    """Every row of every table as text."""
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values_list())


def rejected_with_document(world: World, user: User) -> Application:
    application = make_draft(world, user, given_name="Zubaida", family_name="Seltenname", native_name="زبيدة")
    actions.add_file(application=application, address=DOCUMENTS,
                     upload=SimpleUploadedFile("Seltenname.pdf", PDF), by=user)  # fmt: skip
    actions.submit_application(application=application, by=user, now=NOW)
    ask_opinion(application=application, colleague=world.aydin, question="Seltenname?", by=world.vogel)
    actions.reject_application(application=application, by=world.vogel, reason="Kein Abschluss.", now=NOW)
    return application


def test_nothing_of_the_person_is_left_after_the_retention_time(world: World, run_jobs, sign_in) -> None:
    with time_machine.travel(NOW, tick=False):
        user = make_user("zubaida.seltenname@example.org", "Zubaida", "Seltenname")
        application = rejected_with_document(world, user)
        sign_in(world.vogel).get(reverse("files:download", args=[StoredFile.objects.get().uuid]))
        actions.send_resume_link(user=user, programme=world.programme, now=NOW)
    assert "Seltenname" in everything_kept()

    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    kept = everything_kept()
    assert [word for word in ("Seltenname", "zubaida", "Zubaida", "زبيدة") if word in kept] == []
    application.refresh_from_db()
    assert (application.number, application.state, application.country_of_degree) == (
        "APP-2027-000001",
        "rejected",
        "SY",
    )
    assert sign_in(world.vogel).get(application.dossier_url).status_code == 200
    assert not User.objects.get(pk=user.pk).is_active


def test_somebody_who_is_known_for_more_keeps_name_and_account(world: World, run_jobs) -> None:
    with time_machine.travel(NOW, tick=False):
        rejected_with_document(world, world.rana)
        make_enrolment(world, user=world.rana)
        rejected_with_document(world, world.yusuf)
        make_submitted(world, world.yusuf)  # a second try is running
        rejected_with_document(world, world.teacher)  # staff
    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    assert Application.objects.filter(erased_at__isnull=False).count() == 3
    fresh = [User.objects.get(pk=user.pk) for user in (world.rana, world.yusuf, world.teacher)]
    assert [(user.is_active, "deleted" in user.email) for user in fresh] == [(True, False)] * 3
    assert all(user.person.full_name for user in fresh)


def test_history_says_which_documents_staff_have_opened(world: World, sign_in) -> None:
    application = make_draft(world)
    actions.add_file(application=application, address=DOCUMENTS,
                     upload=SimpleUploadedFile("rana.pdf", PDF), by=world.rana)  # fmt: skip
    actions.submit_application(application=application, by=world.rana, now=NOW)
    address = reverse("files:download", args=[StoredFile.objects.get().uuid])
    advisor, stranger = sign_in(world.vogel), sign_in(world.other_advisor)

    for client in (sign_in(world.rana), stranger, advisor, advisor):
        client.get(address)

    lines = [(line.who, line.what) for line in advisor.get(application.dossier_url).context["lines"]]
    opened = [line for line in lines if "geöffnet" in line[1]]
    assert opened == [(world.vogel.name, "Unterlage geöffnet: Urkunde und Notenübersicht")]


def test_leaving_the_programme_frees_the_place_once(world: World) -> None:
    type(world.programme).objects.filter(pk=world.programme.pk).update(places=1)
    world.programme.refresh_from_db()
    first, second = make_consulted(world), make_consulted(world, world.yusuf)
    actions.accept_application(application=first, by=world.petersen)
    actions.accept_application(application=second, by=world.petersen)
    assert (free_places(world.programme), second.state) == (0, "waitlisted")

    change_participation(participation=Participation.objects.get(), step="exclude", by=world.petersen, reason="Umzug")
    actions.return_place(application=first, by=world.petersen)

    assert free_places(world.programme) == 1
    assert actions.accept_application(application=Application.objects.get(pk=second.pk), by=world.petersen)
    assert free_places(world.programme) == 0


def achievement_rule(world: World, key: str, kind: str, **params: object) -> None:
    EligibilityRule.objects.create(programme=world.programme, key=key, kind=kind, params=params, message={"de": key})


def test_rules_know_modules_passed_and_certificates_held(world: World) -> None:
    achievement_rule(world, "module", "module_passed", modules=["EB-RT1"])
    achievement_rule(world, "credential", "holds_credential", credentials=["credit-points"])
    enrolment = make_enrolment(world, user=world.rana)
    application = make_in_review(world)

    def found() -> dict[str, str]:
        actions.recheck(application=application, by=world.vogel)
        return dict(application.checks.filter(key__in=["module", "credential"]).values_list("key", "result"))

    assert found() == {"module": "manual", "credential": "manual"}
    result = make_result(enrolment, world.teacher, final=False)
    assert found()["module"] == "manual"
    Result.objects.filter(pk=result.pk).update(state="final", final_at=NOW)
    assert found() == {"module": "met", "credential": "manual"}
    other = make_in_review(world, world.yusuf)
    assert other.checks.get(key="module").result == "manual"
    assert Enrolment.objects.count() == 1


def test_rules_know_certificates_in_force(world: World, run_jobs) -> None:
    achievement_rule(world, "credential", "holds_credential", credentials=["credit-points"])
    certificate = issued(world)
    holder = certificate.person.user
    application = make_in_review(world, holder)

    assert application.checks.get(key="credential").result == "met"
    type(certificate).objects.filter(pk=certificate.pk).update(valid_until=date(2020, 1, 1))
    actions.recheck(application=application, by=world.vogel)
    assert application.checks.get(key="credential").result == "manual"


def test_what_if_asks_for_achievements_once_for_all(world: World, sign_in) -> None:
    achievement_rule(world, "module", "module_passed", modules=["EB-RT1"])
    client = sign_in(world.petersen)
    make_in_review(world)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("applicants:rules", args=["credit-points"]), {**all_sent(), "do": "try"})
            assert answer.status_code == 200
            assert answer.context["effect"]["total"] > 0
        return len(queries)

    count()
    one = count()
    for number in range(3):
        make_in_review(world, make_user(f"more{number}@example.org", "M", f"N{number}"))

    assert count() == one


def test_the_report_counts_completion_and_goes_out_as_a_table(world: World, sign_in) -> None:
    for number in range(6):
        application = make_consulted(world, make_user(f"p{number}@example.org", "P", f"N{number}"))
        actions.accept_application(application=application, by=world.petersen)
    change_participation(participation=Participation.objects.earliest("pk"), step="complete", by=None)
    client = sign_in(world.petersen)

    page = client.get(reverse("applicants:report", args=["credit-points"])).content.decode()
    table = client.get(reverse("applicants:report", args=["credit-points"]), {"format": "csv"})

    assert "Teilnahmen und Abschlüsse" in page
    lines = table.content.decode().strip().splitlines()
    # One has completed: both numbers are hidden, or the sum would tell the small one.
    assert [line for line in lines if line.startswith("Teilnahmen")] == [
        "Teilnahmen und Abschlüsse;nimmt teil;< 5",
        "Teilnahmen und Abschlüsse;abgeschlossen;< 5",
    ]
    assert "Nach Land des Abschlusses;Syrien;6" in lines
    assert "N1" not in table.content.decode()
