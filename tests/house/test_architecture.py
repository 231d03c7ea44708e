"""House test 3: imports, foreign keys and template links point down."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = {
    "accounts": 0, "numbers": 0, "jobs": 1, "audit": 1, "organisations": 2, "outbox": 3, "files": 3, "http": 4,
    "applicants": 5, "modules": 5, "planning": 6, "portfolios": 7, "certificates": 8, "home": 9,
}  # fmt: skip
ROOMS = ("applicants", "modules", "planning", "portfolios", "certificates")
# What a template of one floor may link to or include: its own floor's rooms and everything below; home pages are
# reached by everybody because they are the way home.
OPEN_TO_ALL = {"home", "files", "account", "mfa"}


def test_imports_point_down() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in apps.get_models():
        own = model._meta.app_label
        if own not in FLOORS:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or field.related_model._meta.app_label not in FLOORS:
                continue
            target = field.related_model._meta.app_label
            if target == own:
                continue
            if FLOORS[target] >= FLOORS[own]:
                wrong.append(f"{model.__name__}.{field.name} points up to {target}")
            elif own in ROOMS and target in ROOMS and not field.remote_field.related_name.endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} leaves a reverse accessor in {target}")

    assert wrong == []


def test_template_links_point_down() -> None:
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        own = path.relative_to(ROOT / "templates").parts[0]
        if own not in ROOMS:
            continue
        text = path.read_text()
        targets = re.findall(r"{%\s*url\s+['\"](\w+):", text)
        targets += re.findall(r"{%\s*(?:include|extends)\s+['\"](\w+)/", text)
        for target in targets:
            if target in OPEN_TO_ALL or target not in ROOMS:
                continue
            if target != own and FLOORS[target] >= FLOORS[own]:
                wrong.append(f"{path.relative_to(ROOT)} points to {target}")

    assert wrong == []


def test_no_import_hides_in_a_function() -> None:
    allowed = {"ready", "_messages"}
    wrong = []
    for room in (*ROOMS, "credpoints"):
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for function in ast.walk(ast.parse(path.read_text())):
                if not isinstance(function, ast.FunctionDef) or function.name in allowed:
                    continue
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} in {function.name}")

    assert wrong == []


def test_only_the_kernel_sets_a_state() -> None:
    wrong = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                wrong += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for target in targets
                    if isinstance(target, ast.Attribute) and target.attr == "state"
                ]

    assert wrong == []
