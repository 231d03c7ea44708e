"""Load module handbooks into the catalogue."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from modules.catalogue_import import Outcome, take_over
from modules.importing import FileRefused, read_file


class Command(BaseCommand):
    help = (
        "Load module handbooks (JSON: an object with a list “modules”) into the catalogue, one organisation per "
        "provider. Modules are recognised by their id: a second run changes nothing, a changed module gets a new "
        "version. Oddities are kept and reported. A file that cannot be read whole changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--draft", action="store_true", help="publish nothing, leave every version a draft")
        parser.add_argument("--check", action="store_true", help="only read and report, change nothing")
        parser.add_argument("--brief", action="store_true", help="report only the numbers of oddities")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        with translation.override("en"):
            for path in options["files"]:
                refused += not self.load(path, options)
        if refused:
            raise CommandError(f"{refused} of {len(options['files'])} files were refused and changed nothing.")

    def load(self, path: Path, options: dict[str, Any]) -> bool:
        """Load one file; says what was wrong and returns False when it was refused."""
        self.stdout.write(f"{path.name}: reading …")
        try:
            modules = read_file(path)
        except FileRefused as refusal:
            self.stderr.write(f"{path.name}: refused, nothing changed.")
            for problem in refusal.problems[:50]:
                self.stderr.write(f"  {problem}")
            if len(refusal.problems) > 50:
                self.stderr.write(f"  … and {len(refusal.problems) - 50} more")
            return False
        if options["check"]:
            outcome = Outcome(oddities=[(m.key, odd.key, odd.sentence) for m in modules for odd in m.oddities])
            self.stdout.write(f"  {len(modules)} modules can be read; nothing was changed.")
        else:
            outcome = take_over(modules, by=None, publish=not options["draft"], progress=self.progress)
            self.stdout.write(
                f"  {outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged; "
                f"{outcome.published} published"
            )
        self.report(outcome, brief=options["brief"])
        return True

    def progress(self, done: int, total: int) -> None:
        """A line that moves on a terminal; every fiftieth step elsewhere."""
        if self.stdout.isatty():
            self.stdout.write(f"\r  {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done % 50 == 0 or done == total:
            self.stdout.write(f"  {done} of {total}")

    def report(self, outcome: Outcome, *, brief: bool) -> None:
        """Every oddity in a line of its own, then how often each occurs."""
        for key, _code, sentence in [] if brief else outcome.oddities:
            self.stdout.write(f"  ! {key}: {sentence}")
        for key, missing in outcome.incomplete:
            self.stdout.write(f"  – {key} stays a draft: {' '.join(missing)}")
        for key in outcome.no_longer_there:
            self.stdout.write(f"  ? {key} is no longer in the file and stays as it is")
        counts = ", ".join(f"{code} {count}" for code, count in outcome.counts()) or "none"
        self.stdout.write(f"  oddities: {len(outcome.oddities)} ({counts})")
