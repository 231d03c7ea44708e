"""The verifiers that nobody here wrote: where they are, and how to ask them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

HOST = "https://certs.example.org"


def kit() -> Path:
    """The installed copy of the verifiers; without it the test says what is missing."""
    place = os.environ.get("VERIFY_KIT", "")
    if not place or not (Path(place) / "node_modules").exists():
        message = "set VERIFY_KIT to an installed copy of the verifiers (.ci/run does)"
        if os.environ.get("REQUIRE_SHARED"):
            pytest.fail(message)
        pytest.skip(message)
    return Path(place)


def ask_node(script: str, file: Path, server: str, issuer: str) -> tuple[bool, str]:
    """Ask one of the JavaScript verifiers; did.json and status list come from the running application."""
    command = ["node", script, "--origin", f"{HOST}={server}", "--issuer", issuer, str(file)]
    done = subprocess.run(command, cwd=kit(), capture_output=True, text=True, check=False, timeout=120)
    return done.returncode == 0, done.stdout + done.stderr


def judge(script: str, files: list[Path], origin: str, issuer: str) -> dict[str, bool]:
    """Ask about many files at once: by file name, whether this verifier believes it.

    `origin` answers for the house: the address of a running application, or a folder with what it serves.
    """
    command = ["node", script, "--json", "--origin", f"{HOST}={origin}", "--issuer", issuer, *map(str, files)]
    done = subprocess.run(command, cwd=kit(), capture_output=True, text=True, check=False, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(answers) == len(files), done.stdout + done.stderr
    return {Path(answer["file"]).name: answer["ok"] for answer in answers}


def ask_python(script: str, *arguments: str) -> tuple[bool, str]:
    """Ask one of the Python verifiers, in their own environment."""
    command = [str(kit() / ".venv/bin/python"), f"py/{script}", *arguments]
    done = subprocess.run(command, cwd=kit(), capture_output=True, text=True, check=False, timeout=300)
    return done.returncode == 0, done.stdout + done.stderr
