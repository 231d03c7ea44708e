"""The demo keeps its data between starts, and says so when they no longer fit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from credpoints.home.management.commands import run_demo

ROOT = Path(__file__).resolve().parent.parent.parent


def start_demo(folder: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "DEMO": "1", "DEPLOYMENT": "embedded", "VAR_DIR": str(folder)}
    for name in ("DATABASE_URL", "REDIS_URL"):
        surroundings.pop(name, None)
    command = [sys.executable, "manage.py", "run_demo"]
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("made_with", ["", json.dumps({"applicants/migrations/0001_initial.py": "another one"})])
def test_data_of_other_tables_is_refused_and_kept(tmp_path: Path, made_with: str) -> None:
    (tmp_path / "loaded").write_text(made_with)
    (tmp_path / "credpoints.sqlite3").write_text("what somebody did in the demo")

    answer = start_demo(tmp_path)

    assert answer.returncode == 1
    assert "script/demo --fresh" in answer.stderr
    assert (tmp_path / "credpoints.sqlite3").read_text() == "what somebody did in the demo"


def test_new_migrations_are_no_reason_to_begin_anew() -> None:
    now = run_demo._migrations()
    before = dict(list(now.items())[:-1])

    assert "applicants/migrations/0001_initial.py" in now
    assert run_demo._fits(now)
    assert run_demo._fits(before)
    assert not run_demo._fits({**now, "modules/migrations/0009_gone.py": "…"})
