"""The kernel of every state change: `Step`, `Workflow`, and the two refusals."""

from credpoints.workflow.kernel import NoLongerPossible, NotAllowed, Step, Workflow, all_workflows

__all__ = ["NoLongerPossible", "NotAllowed", "Step", "Workflow", "all_workflows"]
