"""How a certificate looks when its template says nothing else, and the slots that a template may fill with words."""

import base64
from dataclasses import dataclass
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.content import Content, Design, Logo
from certificates.models import TemplateVersion, VersionState
from certificates.typesetting import CannotRender
from credpoints.common.tokens import content_hash
from credpoints.files.models import StoredFile


@dataclass(frozen=True)
class Slot:
    """A place for plain words on the pages. Whatever is typed is printed as it is; nothing in it is a program."""

    key: str
    label: str | Promise
    help: str | Promise
    most: int  # characters that fit


SLOTS = (
    Slot("heading", _("Heading"), _("The large word on the first page. Empty: as the kind of certificate says."), 40),
    Slot("lead", _("Before the name"), _("Empty: “This is to certify that”."), 90),
    Slot("deed", _("After the name"), _("What the person has done. Empty: as the kind of certificate says."), 160),
    Slot("statement", _("Below the title"), _("One or two sentences on the first page; may stay empty."), 320),
    Slot("note", _("At the end of the supplement"), _("May stay empty."), 700),
    Slot("legend", _("In the legend: more about this programme"), _("May stay empty."), 900),
)
# Documents that prove presence or list results do not dress up.
PLAIN_KINDS = ("attendance", "transcript")


def design_of(content: Content) -> Design:
    """The frozen design; a certificate without template looks as the house has it."""
    return content.get("design") or default_design(content["kind"])


def default_design(kind: str) -> Design:
    """The look of a kind for which the programme has no template."""
    layout = "plain" if kind in PLAIN_KINDS else "classic"
    return {"template": "", "version": 0, "layout": layout, "texts": {}, "logos": []}


def version_for(programme_id: int, kind: str) -> TemplateVersion | None:
    """The version that new certificates of this kind take, if the programme has written one (one query)."""
    return (
        TemplateVersion.objects.select_related("template")
        .filter(template__programme=programme_id, template__kind=kind, state=VersionState.IN_USE)
        .first()
    )


def with_design(content: Content, version: TemplateVersion | None) -> Content:
    """The content as this version prints it: its look, its words, its signatories, its languages."""
    plain: Content = {**content}
    plain.pop("design", None)
    if version is None:
        return plain
    dressed: Content = {**plain, "design": version.design()}
    if version.languages and not content.get("own_languages"):
        dressed["languages"] = list(version.languages)
    if version.signatories:
        dressed["signatories"] = list(version.signatories)
    if any(version.funding_note.values()):
        dressed["funding_note"] = dict(version.funding_note)
    return dressed


def picture(logo: Logo) -> str:
    """The picture inside the page. Raises CannotRender when the file is not the one that was approved."""
    return _picture(logo["file"], logo["sha256"])


@lru_cache(maxsize=64)
def _picture(file_id: int, sha256: str) -> str:
    file = StoredFile.objects.filter(pk=file_id).first()
    content = default_storage.open(file.path).read() if file else b""
    if file is None or content_hash(content) != sha256:
        raise CannotRender(f"the logo {file_id} is not the one that was approved")
    return f"data:{file.media_type};base64,{base64.b64encode(content).decode()}"
