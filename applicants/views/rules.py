"""The rules of a programme in words, and what a change would mean before it is saved."""

from collections import Counter
from collections.abc import Collection
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
from applicants.rule_forms import NewRuleForm
from applicants.rule_rows import Row, lost_texts, rows_of
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
    rows = _rows(request, programme)
    _mark_new(request, rows, added)
    _tell_of_lost_texts(request, rows)
    context: dict[str, Any] = {"programme": programme, "new": NewRuleForm()}
    status = 200
    if what in {"try", "save"} and not all(
        [row.form.is_valid() for row in rows if row.form.is_bound]
    ):  # each shows why
        status = 422
    elif what == "try":
        context["effect"] = _effect(programme, rows)
    elif what == "save":
        contested = _save(request, programme, rows)
        if not contested:
            return redirect("applicants:rules", slug)
        rows = _rows(request, programme, contested)
        status = 409
    context |= {"rows": rows, "contested": [row for row in rows if row.is_contested]}
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
    return actions.add_rule(programme=programme, by=request.user, **new.cleaned_data) if new.is_valid() else None


def _rows(request: SignedInRequest, programme: Programme, contested: Collection[str] = ()) -> list[Row]:
    rules = EligibilityRule.objects.filter(programme=programme)
    return rows_of(list(rules), request.POST if request.method == "POST" else None, contested)


def _save(request: SignedInRequest, programme: Programme, rows: list[Row]) -> list[str]:
    """Save what was changed on this page; nothing if somebody else has changed the same rules, which are returned."""
    changed = [row for row in rows if row.form.is_bound and row.form.has_changed()]
    facts = {row.rule.key: row.facts for row in changed}
    seen = {row.rule.key: row.seen.facts for row in changed}
    try:
        actions.change_rules(programme=programme, changes=facts, seen=seen, by=request.user)
    except actions.RulesChanged as refusal:
        return refusal.keys
    messages.info(request, _("The rules are saved. They count for applications sent from now on."))
    return []


def _mark_new(request: SignedInRequest, rows: list[Row], added: EligibilityRule | None) -> None:
    """Open the rule that is new, and say beside it when somebody else has just added one of the same kind."""
    known = request.POST.getlist("known")
    kinds_of_others = {row.rule.kind for row in rows if row.rule.key not in known and row.rule != added}
    for row in rows:
        row.is_new = row.rule == added
        row.is_doubled = row.is_new and row.rule.kind in kinds_of_others


def _tell_of_lost_texts(request: SignedInRequest, rows: list[Row]) -> None:
    """Say what was typed into rules that somebody else has removed since the page was opened."""
    removed_here = request.POST.get("do", "").removeprefix("remove:")
    for kind, text in lost_texts([row.rule for row in rows], request.POST, removed=removed_here):
        messages.warning(request, _("Somebody else has removed the rule “%(kind)s” in the meantime. You had written: "
                                    "%(text)s") % {"kind": kind, "text": text})  # fmt: skip


def _effect(programme: Programme, rows: list[Row]) -> dict[str, Any]:
    """How the sums of the applications would move, judged anew with the rules as they stand in the form."""
    stated = [(row.rule, row.facts) for row in rows]
    tried = [
        eligibility.Rule(rule.key, rule.kind, facts["params"], facts["severity"])
        for rule, facts in stated
        if facts["is_active"]
    ]
    found = Application.objects.filter(programme=programme, submitted_at__isnull=False, erased_at=None)
    newest = list(found.select_related("person__user", "form_version").order_by("-pk")[:WHAT_IF_LIMIT])
    # What an advisor has accepted with a reason stays accepted while the rule finds the same.
    overridden = EligibilityCheck.objects.filter(application__programme=programme, result=CheckResult.OVERRIDDEN)
    accepted = set(overridden.values_list("application", "key", "found"))
    has = achieved(tried, {application.person_id for application in newest})
    surveys: dict[int, Survey] = {}
    moves: Counter[tuple[str, str]] = Counter()
    for application in newest:
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
        "is_part": len(newest) == WHAT_IF_LIMIT,
        "rows": [(words.get(a, "–"), words[b], count, a != b) for (a, b), count in sorted(moves.items())],
    }
