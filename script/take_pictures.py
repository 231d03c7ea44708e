"""Open pages of the running demo in Chromium and keep small pictures of them in docs/pictures."""

import io
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from certificates.models import Certificate  # noqa: E402
from credpoints.home.demo_people import demo_links  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def pages() -> list[tuple[str, str, str]]:
    """Name of the picture, sign-in link ("" for a visitor), path."""
    links = {str(link.role): link.address for link in demo_links()}
    found = [
        ("programme", "", "/programmes/credit-points/"),
        ("my-path", links["learner"], "/my-path/"),
        ("today", links["advisor"], "/today/"),
    ]
    issued = Certificate.objects.exclude(number=None).order_by("pk").first()
    if issued:
        found.append(("verify", "", f"/verify/{issued.code}/"))
    return found


def keep(name: str, shot: bytes) -> None:
    """Save with few colours: a page has no photographs."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(96)
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / f"{name}.png", optimize=True)


todo = pages()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=FLAGS
    )
    for name, link, path in todo:
        context = browser.new_context(viewport={"width": 1100, "height": 720}, locale="en-GB")
        # The language of README.md, whatever an account has chosen.
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": settings.BASE_URL}])
        page = context.new_page()
        if link:
            page.goto(link)
        page.goto(f"{settings.BASE_URL}{path}")
        keep(name, page.screenshot())
    browser.close()
