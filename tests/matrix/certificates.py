"""Who may take which step of the room certificates, written down by hand and compared with the tables."""

from tests.certificates.makers import approved_once, design, run_approved_once
from tests.matrix.tables import Table

STAFF = {"vogel", "aydin", "petersen"}

# The thing of this table is approved once, by Petersen, and needs two approvals.
TABLES: list[Table] = [
    Table(
        workflow="certificate",
        make=approved_once,
        steps={
            "freeze": ({"draft"}, STAFF),
            "approve_first": ({"frozen"}, STAFF),
            "approve": ({"half_approved"}, {"vogel", "aydin"}),
            "reopen": ({"frozen", "half_approved", "approved"}, STAFF),
            "discard": ({"draft", "frozen", "half_approved", "approved"}, STAFF),
            "number": ({"approved"}, {"petersen", "system"}),
            "begin_rendering": ({"numbered", "rendering", "render_failed"}, {"system"}),
            "issue": ({"rendering"}, {"system"}),
            "fail": ({"numbered", "rendering"}, {"system"}),
            "retry": ({"render_failed"}, {"petersen"}),
            "void": ({"numbered", "render_failed"}, {"petersen"}),
            "revoke": ({"issued"}, {"petersen"}),
            "replace": ({"issued"}, {"system"}),
            "expire": ({"issued"}, {"system"}),
        },
    ),
    Table(
        workflow="template_version",
        make=design,
        steps={"release": ({"draft"}, {"petersen"}), "supersede": ({"in_use"}, {"system"})},
    ),
    # The run of this table is approved once, by Petersen, and needs two approvals; Rana is in it.
    Table(
        workflow="issue_run",
        make=run_approved_once,
        steps={
            "check": ({"checking"}, {"system"}),
            "check_again": ({"waiting", "half_approved"}, STAFF),
            "approve_first": ({"waiting"}, STAFF),
            "approve": ({"half_approved"}, {"vogel", "aydin"}),
            "start": ({"approved"}, {"petersen"}),
            "pause": ({"running"}, {"petersen"}),
            "resume": ({"paused"}, {"petersen"}),
            "finish": ({"running"}, {"system"}),
            "discard": ({"checking", "waiting", "half_approved", "approved"}, STAFF),
        },
    ),
]
