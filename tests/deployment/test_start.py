"""The application starts without the libraries of PDF; only making a PDF needs them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "credpoints.settings"
import django
django.setup()
import credpoints.urls
sys.exit("weasyprint" in sys.modules)
"""


def test_starting_does_not_load_what_a_bare_machine_lacks() -> None:
    result = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")
