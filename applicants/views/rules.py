"""The rules of a programme in words, and what a change would mean before it is saved."""

from collections import Counter
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import eligibility
from applicants.achievements import achieved, with_achievements
from applicants.actions import designing as actions
from applicants.facts import facts_of
from applicants.models import Application, CheckResult, EligibilityCheck, EligibilityRule, Overall
from applicants.rule_forms import NewRuleForm, RuleForm, rule_form
from applicants.rule_words import rule_in_words
from applicants.survey import Survey
from credpoints.accounts.models import Role
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme

WHAT_IF_LIMIT = 2000


@require_http_methods(["GET", "POST"])
@login_required
def rules(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rules of eligibility; before saving, what a change would mean for the applications that are here.

    Adding, moving and removing answer with the page itself and not with a new address, so that what is typed elsewhere
    stays. So the browser may ask the same again: each of them does it once.
    """
    programme = get_object_or_404(Programme.objects.staffed_by(request.user, Role.PROGRAMME_ADMIN), slug=slug)
    what = request.POST.get("do", "").partition(":")[0]
    added = _arrange(request, programme)
    edited = [(rule, _form_of(request, rule)) for rule in EligibilityRule.objects.filter(programme=programme)]
    context: dict[str, Any] = {"programme": programme, "new": NewRuleForm(), "added": added}
    status = 200
    if what in {"try", "save"}:
        status = 422
        if all([form.is_valid() for _rule, form in edited]):  # all of them, so that each shows what is wrong
            if what == "save":
                changes = {rule.key: form.facts() for rule, form in edited}
                actions.change_rules(programme=programme, changes=changes, by=request.user)
                messages.info(request, _("The rules are saved. They count for applications sent from now on."))
                return redirect("applicants:rules", slug)
            context["effect"] = _effect(programme, edited)
            status = 200
    context["rows"] = _rows(edited, added)
    return render(request, "applicants/rules.html", context, status=status)


def _arrange(request: SignedInRequest, programme: Programme) -> EligibilityRule | None:
    """Do what the button beside a rule or below the list asks for. Returns the rule that is new."""
    what, _colon, place = request.POST.get("do", "").partition(":")
    if what == "remove":
        actions.remove_rule(programme=programme, key=place, by=request.user)
    elif what == "before":
        key, _colon, other = place.partition(":")
        actions.put_rule_before(programme=programme, key=key, other=other, by=request.user)
    new = NewRuleForm(request.POST if what == "add" else None)
    if not new.is_valid():
        return None
    known = request.POST.getlist("known")
    return actions.add_rule(programme=programme, kind=new.cleaned_data["kind"], by=request.user, known=known)


def _rows(edited: list[tuple[EligibilityRule, RuleForm]], added: EligibilityRule | None) -> list[dict[str, Any]]:
    """The rules of the page, each with its neighbours, before which it or they can be put."""
    rows = [_row(rule, form, is_new=rule == added) for rule, form in edited]
    for above, below in pairwise(rows):
        above["below"], below["above"] = below["rule"].key, above["rule"].key
    return rows


def _row(rule: EligibilityRule, form: RuleForm, *, is_new: bool) -> dict[str, Any]:
    """One rule of the page; open where there is something to read or to mend."""
    is_open = is_new or (form.is_bound and (form.has_changed() or not form.is_valid()))
    words = rule_in_words(rule.kind, rule.params)
    return {"rule": rule, "form": form, "words": words, "is_open": is_open, "above": "", "below": ""}


def _form_of(request: SignedInRequest, rule: EligibilityRule) -> RuleForm:
    """With what was sent, unless the page that was sent did not know this rule yet."""
    was_sent = rule.key in request.POST.getlist("known")
    return rule_form(rule, request.POST if was_sent else None)


def _effect(programme: Programme, edited: list[tuple[EligibilityRule, RuleForm]]) -> dict[str, Any]:
    """How the sums of the applications would move, judged anew with the rules as they stand in the form."""
    stated = [(rule, form.facts()) for rule, form in edited]
    tried = [
        eligibility.Rule(rule.key, rule.kind, facts["params"], facts["severity"])
        for rule, facts in stated
        if facts["is_active"]
    ]
    found = Application.objects.filter(programme=programme, submitted_at__isnull=False, erased_at=None)
    rows = list(found.select_related("person__user", "form_version").order_by("-pk")[:WHAT_IF_LIMIT])
    # What an advisor has accepted with a reason stays accepted while the rule finds the same.
    overridden = EligibilityCheck.objects.filter(application__programme=programme, result=CheckResult.OVERRIDDEN)
    accepted = set(overridden.values_list("application", "key", "found"))
    has = achieved(tried, {application.person_id for application in rows})
    surveys: dict[int, Survey] = {}
    moves: Counter[tuple[str, str]] = Counter()
    for application in rows:
        survey = surveys.setdefault(application.form_version_id, application.form_version.survey)
        known = with_achievements(
            facts_of(survey, application.snapshot, email=application.person.mail_address), has[application.person_id]
        )
        findings = [
            finding
            for finding in eligibility.check(tried, known, on=timezone.localdate())
            if (application.pk, finding.key, finding.result) not in accepted
        ]
        moves[application.overall, eligibility.overall((f.severity, f.result) for f in findings)] += 1
    words = dict(Overall.choices)
    return {
        "total": sum(moves.values()),
        "is_part": len(rows) == WHAT_IF_LIMIT,
        "rows": [(words.get(a, "–"), words[b], count, a != b) for (a, b), count in sorted(moves.items())],
    }
