"""The public catalogue: what is looked for, and what is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import QueryDict

from credpoints.accounts.models import User
from credpoints.common.translated import text_in
from modules.models import (
    Context,
    Mode,
    ModuleKind,
    ModuleVersion,
    ModuleVersionQuerySet,
    Offering,
    OfferingState,
    Purpose,
    TagKind,
)
from modules.search import folded, tag_of, words_of

SORTS = {"title": "title_sorted", "code": "module__code", "credits": "credits", "-credits": "-credits"}
BROAD_FIELDS = tuple(f"{number:02d}" for number in range(11))


@dataclass(frozen=True)
class Search:
    """What somebody looks for, read from the address; values that mean nothing are left out."""

    words: tuple[str, ...] = ()
    provider: int | None = None
    kind: str = ""
    mode: str = ""
    language: str = ""
    field: str = ""
    level: int | None = None
    credits_max: int | None = None
    purpose: str = ""
    context: str = ""
    theme: str = ""
    offered: bool = False
    sort: str = "title"

    @property
    def is_filtered(self) -> bool:
        return self != Search(sort=self.sort)


def search_from(query: QueryDict) -> Search:
    """Read the filters of an address."""
    return Search(
        words=tuple(words_of(query.get("q", "")[:200])),
        provider=_number(query.get("provider")),
        kind=_one_of(query.get("kind"), ModuleKind.values),
        mode=_one_of(query.get("mode"), Mode.values),
        language=_one_of(query.get("language"), [query.get("language", "")] if _is_language(query) else []),
        field=_one_of(query.get("field"), BROAD_FIELDS),
        level=_number(query.get("level")),
        credits_max=_number(query.get("credits")),
        purpose=_one_of(query.get("purpose"), Purpose.values),
        context=_one_of(query.get("context"), Context.values),
        theme=folded(query.get("theme", "")[:60]),
        offered=query.get("offered") == "1",
        sort=_one_of(query.get("sort"), SORTS) or "title",
    )


def find(search: Search, language: str) -> ModuleVersionQuerySet:
    """The published modules that fit, sorted; only the columns that a list shows."""
    found = ModuleVersion.objects.published().filter(_condition(search))
    titles = [NullIf(KT(f"title__{code}"), Value("")) for code in (language, "en", "de")]
    title = Coalesce(*titles, F("module__code"), output_field=TextField())
    return (
        found.annotate(
            title_sorted=Lower(title),
            is_offered=_is_offered(),
        )
        .select_related("module__provider")
        .only(
            "title", "credits", "credit_framework", "hours", "eqf_level", "languages", "mode", "state", "isced_f",
            "module__uuid", "module__code", "module__kind", "module__provider__name", "module__provider__short_name",
        )
        .order_by(SORTS[search.sort], "pk")
    )  # fmt: skip


def _condition(search: Search) -> Q:
    condition = Q()
    for word in search.words:
        condition &= Q(search_text__contains=word)
    exact = {
        "module__provider": search.provider,
        "module__kind": search.kind,
        "mode": search.mode,
        "eqf_level": search.level,
        "credits__lte": search.credits_max,
        "isced_f__startswith": search.field,
        "language_key__contains": f"|{search.language}|" if search.language else "",
    }
    condition &= Q(**{name: value for name, value in exact.items() if value not in ("", None)})
    for kind, word in (("purpose", search.purpose), ("context", search.context), ("theme", search.theme)):
        if word:
            condition &= Q(tag_key__contains=f"|{tag_of(kind, word)}|")
    if search.offered:
        condition &= Q(_is_offered())
    return condition


def _is_offered() -> Exists:
    """Whether one can enrol now, be it in an offering that was made from an earlier version."""
    return Exists(Offering.objects.filter(version__module=OuterRef("module"), state=OfferingState.ACTIVE))


def providers() -> list[tuple[int, dict[str, str]]]:
    """The organisations that have published something (one query)."""
    rows = ModuleVersion.objects.published().order_by().values_list("module__provider", "module__provider__name")
    return sorted({pk: name for pk, name in rows.distinct()}.items())


def languages() -> list[str]:
    """The languages that something is taught in (one query)."""
    keys = ModuleVersion.objects.published().order_by().values_list("language_key", flat=True).distinct()
    return sorted({code for key in keys for code in key.strip("|").split("|") if code})


@dataclass(frozen=True)
class TagsInUse:
    """What the published modules are tagged with: the choices of the filters, values and words."""

    purposes: list[tuple[str, str]]
    contexts: list[tuple[str, str]]
    themes: list[tuple[str, str]]


def tags_in_use() -> TagsInUse:
    """The tags of everything published (one query); themes in the reader's language, by the alphabet."""
    rows = list(
        ModuleVersion.objects.published().exclude(tag_key="").order_by().values_list("purposes", "contexts", "tags")
    )
    words = [text_in(tag.get("text")) for _p, _c, tags in rows for tag in tags if tag.get("kind") == TagKind.THEME]
    themes = {folded(word): word for word in words if word}
    return TagsInUse(
        _chosen(Purpose.choices, {key for purposes, _c, _t in rows for key in purposes}),
        _chosen(Context.choices, {key for _p, contexts, _t in rows for key in contexts}),
        sorted(themes.items()),
    )


def _chosen(choices: Iterable[tuple[str, Any]], used: set[str]) -> list[tuple[str, str]]:
    return [(key, str(label)) for key, label in choices if key in used]


def visible_version(user: User | None, module_uuid: Any, number: int | None = None) -> ModuleVersion | None:
    """The version that a page shows: the asked one, else the published one, else the newest that the person may see."""
    found = (
        ModuleVersion.objects.visible_to(user)
        .filter(module__uuid=module_uuid)
        .select_related("module__provider", "module__programme")
    )
    if number is not None:
        return found.filter(number=number).first()
    return found.filter(state="published").first() or found.order_by("-number").first()


def _is_language(query: QueryDict) -> bool:
    code = query.get("language", "")
    return 2 <= len(code) <= 10 and code.replace("-", "").isalpha()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _one_of(text: str | None, possible: Any) -> str:
    return text if text and text in possible else ""
