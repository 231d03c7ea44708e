"""Reads for those who keep a catalogue: their modules with all versions, and the history of one."""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from credpoints.audit.words import Line, lines_of
from modules.comparing import label_of
from modules.drafting import OPEN_STATES
from modules.models import Module, ModuleKind, ModuleQuerySet, ModuleVersion, VersionState
from modules.search import words_of
from modules.version_forms import FIELDS
from modules.version_rows import KINDS

FILTERS = {
    "open": gettext_lazy("being written or reviewed"),
    **{state.value: state.label for state in VersionState if state != VersionState.SUPERSEDED},
}


@dataclass(frozen=True)
class Kept:
    """A module in the list of its keepers."""

    module: Module
    versions: list[ModuleVersion]

    @property
    def published(self) -> ModuleVersion | None:
        return next((version for version in self.versions if version.state == VersionState.PUBLISHED), None)

    @property
    def open(self) -> ModuleVersion | None:
        return next((version for version in self.versions if version.state in OPEN_STATES), None)

    @property
    def shown(self) -> ModuleVersion:
        """Whose title the list shows: the published one's, else the newest one's."""
        return self.published or self.versions[0]


def kept_modules(user: User, *, state: str = "", words: str = "") -> ModuleQuerySet:
    """The modules whose catalogue somebody keeps, those being written first."""
    versions = ModuleVersion.objects.filter(module=OuterRef("pk"))
    found = Module.objects.edited_by(user).annotate(is_open=Exists(versions.filter(state__in=OPEN_STATES)))
    if state == "open":
        found = found.filter(is_open=True)
    elif state in FILTERS:
        found = found.filter(Exists(versions.filter(state=state)))
    for word in words_of(words[:200]):
        found = found.filter(Exists(versions.filter(search_text__contains=word)))
    light = ModuleVersion.objects.only("module", "number", "state", "title", "created_at").order_by("-number")
    return (
        found.filter(Exists(versions))
        .select_related("provider")
        .prefetch_related(Prefetch("versions", light, to_attr="all_versions"))
        .order_by("-is_open", "code", "pk")
    )


def rows_of(modules: list[Module]) -> list[Kept]:
    return [Kept(module, module.all_versions) for module in modules]  # type: ignore[attr-defined]


def open_version(module: Module) -> ModuleVersion | None:
    """The version that is being written or reviewed, if there is one."""
    return ModuleVersion.objects.filter(module=module, state__in=OPEN_STATES).order_by("-number").first()


def versions_of(module: Module) -> list[ModuleVersion]:
    """Every version of a module, the newest first."""
    return list(ModuleVersion.objects.filter(module=module).order_by("-number"))


def history_of(module: Module, most: int = 100) -> list[Line]:
    """What happened to a module and to its versions, newest first (two queries)."""
    numbers = dict(ModuleVersion.objects.filter(module=module).values_list("pk", "number"))
    own = Q(object_type=Module._meta.label_lower, object_id=module.pk)
    of_versions = Q(object_type=ModuleVersion._meta.label_lower, object_id__in=numbers)
    events = AuditEvent.objects.filter(own | of_versions).select_related("actor__person").order_by("-at", "-pk")
    return [_named(line, numbers) for line in lines_of(events[:most])]


def _named(line: Line, numbers: dict[int, int]) -> Line:
    """Say which version a step was about, and name fields as the form does."""
    event = line.event
    if event.object_type == ModuleVersion._meta.label_lower:
        number = gettext_lazy("Version %(number)s") % {"number": numbers[event.object_id]}
        return replace(line, what=f"{number}: {line.what}")
    if event.action == "module.draft_changed":
        fields = [_field(name) for name in event.detail["fields"].split(", ")]
        return replace(line, what=line.what.replace(event.detail["fields"], ", ".join(dict.fromkeys(fields))))
    if event.action == "module.identity_changed":
        detail = event.detail
        was, now = _identity(detail["code_was"], detail["kind_was"]), _identity(detail["code"], detail["kind"])
        return replace(line, what=line.what % {"was": was, "now": now})
    return line


def _identity(code: str, kind: str) -> str:
    return " · ".join(str(part) for part in (code, dict(ModuleKind.choices).get(kind, kind)) if part)


def _field(name: str) -> str:
    return label_of(name) if name in FIELDS or name in KINDS else name
