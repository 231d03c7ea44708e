"""Access rows of the home pages and of the ground floor."""

from credpoints.accounts.models import User
from credpoints.jobs.actions import enqueue
from tests.access.rows import Row, codes

SIGNED_IN = codes(200, anonymous=302)
ADMIN = codes(404, anonymous=302, petersen=200)
STAFF = codes(200, anonymous=302, rana=404, yusuf=404)


def job(asked_by: User | None) -> int:
    return enqueue("jobs.answer", asked_by=asked_by).pk


ROWS = [
    Row("home:start", codes(302, anonymous=200)),
    Row("home:change_language", codes(302), method="post", data=lambda w: {"language": "de", "next": "/"}),
    Row("home:change_theme", codes(302), method="post", data=lambda w: {"theme": "dark", "next": "/"}),
    Row("home:profile", SIGNED_IN),
    Row("home:my_path", SIGNED_IN),
    Row("home:today", STAFF),
    Row("home:search", STAFF),
    Row("home:keys", SIGNED_IN),
    Row("home:change_keys", codes(302), method="post", data=lambda w: {"keys": "off"}),
    Row("home:history", codes(404, anonymous=302), args=lambda w: ["nothing.nowhere", 1]),
    Row("home:outbox", SIGNED_IN),
    Row("home:outbox_message", codes(404, anonymous=302), args=lambda w: [10**9]),
    Row("home:outbox_resend", codes(404, anonymous=302), args=lambda w: [10**9], method="post"),
    # Who asked for a job watches it; what the system began is shown to nobody.
    Row("home:job_progress", codes(404, anonymous=302, vogel=200), args=lambda w: [job(w.vogel)]),
    Row("home:job_progress", codes(404, anonymous=302), args=lambda w: [job(None)]),
    Row("home:how_it_works", codes(200)),
    Row("home:styleguide", codes(404)),
    Row("home:demo_mail", codes(404)),
    Row("home:demo_sign_in", codes(404), args=lambda w: ["forged"]),
    Row("home:health", codes(200)),
    Row("home:programme_new", codes(403, anonymous=302)),
    Row("home:programme", ADMIN, args=lambda w: [w.programme.slug]),
    Row("home:programme_settings", ADMIN, args=lambda w: [w.programme.slug]),
    Row("home:programme_people", ADMIN, args=lambda w: [w.programme.slug]),
    Row(
        "home:programme_publish",
        codes(404, anonymous=302, petersen=302),
        args=lambda w: [w.programme.slug],
        method="post",
    ),
    Row(
        "home:programme_end_role",
        codes(404, anonymous=302, petersen=200),
        args=lambda w: [w.programme.slug, w.aydin.role_assignments.get().pk],
    ),
    Row(
        "home:programme_end_role",
        codes(404, anonymous=302, petersen=302),
        args=lambda w: [w.programme.slug, w.aydin.role_assignments.get().pk],
        method="post",
    ),
    Row("files:download", codes(404), args=lambda w: ["00000000-0000-4000-8000-000000000000"]),
    Row("files:upload_begin", codes(400, anonymous=302), method="post"),
    Row("files:upload_piece", codes(404, anonymous=302), args=lambda w: ["forged"]),
]
