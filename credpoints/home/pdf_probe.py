"""Ask the system whether PDF certificates can be made, and say which line repairs what is missing."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.checks import CheckMessage, Error, Warning

# Names that people of the programmes have; each of these scripts must have letters.
NAMES = {
    "Latin": "Łukasz Şahin Nguyễn Weiß",
    "Cyrillic": "Олена Київська",
    "Greek": "Αθηνά",
    "Arabic": "رنا الخطيب",
    "Armenian": "Անահիտ",
    "Georgian": "ნინო",
}
INSTALL = "Run: apt-get install --no-install-recommends"

PROBE = """
import ctypes, json, logging, sys
found = {"subset": True, "missing": []}
try:
    ctypes.CDLL("libharfbuzz-subset.so.0")
except OSError:
    found["subset"] = False
lines = []
class Keep(logging.Handler):
    def emit(self, record):
        lines.append(record.getMessage())
logging.getLogger("weasyprint").addHandler(Keep())
from weasyprint import HTML
for script, name in json.loads(sys.argv[1]).items():
    lines.clear()
    HTML(string="<p>" + name).write_pdf()
    if any(".notdef" in line for line in lines):
        found["missing"].append(script)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Finding:
    """How the probe ended: its exit code (negative for a signal), what it printed, what it complained about."""

    code: int
    output: str
    complaint: str


def probe(environment: Mapping[str, str] | None = None) -> Finding:
    """Set one line in every script in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own probe
        [sys.executable, "-c", PROBE, json.dumps(NAMES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    return Finding(done.returncode, done.stdout, done.stderr)


def judge(finding: Finding) -> list[CheckMessage]:
    """Say in words what a probe has found."""
    if finding.code < 0:
        return [_error("E050", "There are no fonts: making a PDF ends the process.", f"{INSTALL} fonts-dejavu-core")]
    if finding.code != 0:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        last = (finding.complaint.strip().splitlines() or ["no word why"])[-1]
        return [_error("E051", f"PDF certificates cannot be made: {last}", f"{INSTALL} {packages}")]
    found = json.loads(finding.output.strip().splitlines()[-1])
    problems: list[CheckMessage] = []
    if not found["subset"]:
        words = "PDF certificates are six times slower and larger than they need to be."
        problems.append(Warning(words, hint=f"{INSTALL} libharfbuzz-subset0", id="credpoints.W052"))
    if found["missing"]:
        words = f"No font has the letters of these scripts: {', '.join(found['missing'])}."
        problems.append(_error("E053", words, f"{INSTALL} fonts-dejavu-core"))
    return problems


def pdf_problems(environment: Mapping[str, str] | None = None) -> list[CheckMessage]:
    """What stands between this system and a PDF certificate."""
    return judge(probe(environment))


def _error(number: str, words: str, hint: str) -> Error:
    return Error(words, hint=hint, id=f"credpoints.{number}")
