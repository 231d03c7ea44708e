"""The tables of steps in words, for the page “how it works”."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credpoints.workflow import Workflow

# What each table is about, by its name.
TITLES: dict[str, str | Promise] = {
    "application": _("Application"),
    "form": _("Survey and its versions"),
    "appointment": _("Talk"),
    "participation": _("Participation"),
    "placement": _("Practice in a company"),
    "plan_version": _("Plan and its versions"),
    "module_version": _("Module and its versions"),
    "offering": _("Offering of a module"),
    "enrolment": _("Enrolment in an offering"),
    "result": _("Result"),
    "portfolio_entry": _("Entry in the portfolio"),
    "portfolio_suggestion": _("Suggestion for better words"),
    "portfolio_share": _("Link to a page of the portfolio"),
    "certificate": _("Certificate"),
    "template_version": _("Template of certificates"),
    "issue_run": _("Issue run"),
}


@dataclass(frozen=True)
class ExplainedStep:
    """One step as people read it."""

    label: str
    sources: list[str]
    target: str
    consequence: str


@dataclass(frozen=True)
class ExplainedWorkflow:
    """One table of steps as people read it."""

    title: str
    steps: list[ExplainedStep]


def explain(workflow: Workflow[Any]) -> ExplainedWorkflow:
    """Write a table of steps with the labels of its states, in the order of the table."""
    labels = {value: str(label) for value, label in workflow.states.choices}
    steps = [
        ExplainedStep(
            label=str(step.label),
            sources=[label for value, label in labels.items() if value in step.sources],
            target=labels[step.target],
            consequence=str(step.consequence),
        )
        for step in workflow.steps.values()
    ]
    return ExplainedWorkflow(title=str(TITLES[workflow.name]), steps=steps)


def explain_all(workflows: Mapping[str, Workflow[Any]]) -> list[ExplainedWorkflow]:
    """Every table, in the order in which a person meets them."""
    return [explain(workflows[name]) for name in TITLES if name in workflows]
