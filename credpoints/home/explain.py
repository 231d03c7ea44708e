"""The tables of steps in words, for the page “how it works”."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from credpoints.workflow import Workflow


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
    return ExplainedWorkflow(title=str(capfirst(workflow.model._meta.verbose_name)), steps=steps)
