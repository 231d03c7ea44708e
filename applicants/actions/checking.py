"""What follows from handed-in answers: the eligibility check and the person's own data."""

from datetime import datetime

from django.utils import timezone

from applicants import eligibility
from applicants.achievements import achieved, with_achievements
from applicants.facts import facts_of, mapped
from applicants.models import Application, CheckResult, EligibilityCheck, EligibilityRule
from credpoints.accounts import actions as accounts


def check_rules(application: Application, *, now: datetime) -> None:
    """Judge every rule of the programme on the handed-in answers; an override stays while its finding stays."""
    rules = list(EligibilityRule.objects.filter(programme=application.programme_id, is_active=True))
    has = achieved([rule.as_data for rule in rules], [application.person_id])[application.person_id]
    stated = facts_of(application.form_version.survey, application.snapshot, email=application.person.mail_address)
    facts = with_achievements(stated, has)
    before = {check.key: check for check in application.checks.all()}
    for rule in rules:
        finding = eligibility.judge(rule.as_data, facts, on=timezone.localdate(now))
        old = before.pop(rule.key, None)
        keeps = old is not None and old.result == CheckResult.OVERRIDDEN and old.found == finding.result
        EligibilityCheck.objects.update_or_create(
            application=application,
            key=rule.key,
            defaults={
                "kind": rule.kind,
                "message": rule.message,
                "severity": rule.severity,
                "position": rule.position,
                "found": finding.result,
                "values": finding.values,
                "checked_at": now,
                **({} if keeps else {"result": finding.result, "decided_by": None, "reason": ""}),
            },
        )
    EligibilityCheck.objects.filter(pk__in=[check.pk for check in before.values()]).delete()
    application.overall = sum_up(application)
    outside = sorted((d for d in facts.degrees if d.country), key=lambda d: d.country == "DE")
    application.country_of_degree = outside[0].country if outside else ""
    application.field_of_study = outside[0].field[:4] if outside else ""


def sum_up(application: Application) -> str:
    """The sum of the present results."""
    pairs = EligibilityCheck.objects.filter(application=application).values_list("severity", "result")
    return eligibility.overall(pairs)


def fill_person(application: Application) -> None:
    """Copy name and residence into the person: the plan and the certificate read them there."""
    found = mapped(application.form_version.survey, application.snapshot).single
    person = application.person
    if found.get("given_name") or found.get("family_name"):
        accounts.change_name(
            person=person,
            given_name=str(found.get("given_name", ""))[:150],
            family_name=str(found.get("family_name", ""))[:150],
            native_name=str(found.get("native_name", person.native_name))[:300],
            name_on_certificate=person.name_on_certificate,
        )
    if found.get("residence"):
        accounts.change_residence(person=person, country=str(found["residence"]))
