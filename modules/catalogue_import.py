"""Take read modules over into the catalogue: new ones begin, changed ones get a new version, the rest is left alone."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify

from credpoints.accounts.models import User
from credpoints.organisations.models import Organisation, OrganisationKind
from modules import actions
from modules.importing import ModuleFacts, ProviderFacts
from modules.models import Module, ModuleVersion, VersionState
from modules.publishing import missing_for_publishing


@dataclass
class Outcome:
    """What one file brought."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    published: int = 0
    incomplete: list[tuple[str, list[str]]] = field(default_factory=list)
    no_longer_there: list[str] = field(default_factory=list)
    oddities: list[tuple[str, str, str]] = field(default_factory=list)  # key of the module, code, sentence

    def counts(self) -> list[tuple[str, int]]:
        """How often each oddity occurs, the most frequent first."""
        return Counter(code for _key, code, _sentence in self.oddities).most_common()


def take_over(
    modules: list[ModuleFacts],
    *,
    by: User | None,
    publish: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Take a whole file over in one transaction: all of it or, when anything fails, nothing.

    Modules are recognised by the key that the source gives them, never by their code: codes repeat in real handbooks.
    """
    outcome = Outcome()
    with transaction.atomic():
        organisations = {facts.provider: organisation_of(facts.provider) for facts in modules}
        known = _newest_versions(organisations.values())
        for number, facts in enumerate(modules, start=1):
            _take_one(facts, organisations[facts.provider], known, outcome, by=by, publish=publish)
            progress(number, len(modules))
        there = {facts.key for facts in modules}
        outcome.no_longer_there = sorted(key for _provider, key in known if key not in there)
    return outcome


def organisation_of(provider: ProviderFacts) -> Organisation:
    """The organisation of this name and country, made as a university when it is new."""
    for organisation in Organisation.objects.filter(country=provider.country):
        if provider.name in organisation.name.values():
            return organisation
    base = slugify(provider.name)[:40] or "provider"
    slug, number = base, 2
    while Organisation.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    language = "de" if provider.country in {"DE", "AT", "CH"} else "en"
    return Organisation.objects.create(
        slug=slug, kind=OrganisationKind.UNIVERSITY, name={language: provider.name}, country=provider.country
    )


Known = dict[tuple[int, str], ModuleVersion]


def _newest_versions(organisations: Iterable[Organisation]) -> Known:
    """The newest version of every module of these organisations that came from a source (one query)."""
    versions = (
        ModuleVersion.objects.filter(module__provider__in=set(organisations))
        .exclude(module__source_key="")
        .select_related("module__provider")
        .order_by("number")
    )
    return {(version.module.provider_id, version.module.source_key): version for version in versions}


def _take_one(
    facts: ModuleFacts, provider: Organisation, known: Known, outcome: Outcome, *, by: User | None, publish: bool
) -> None:
    outcome.oddities += [(facts.key, odd.key, odd.sentence) for odd in facts.oddities]
    newest = known.get((provider.pk, facts.key))
    if newest and newest.source_hash == facts.fields["source_hash"]:
        outcome.unchanged += 1
        return
    values = {**facts.fields, "warnings": [odd.as_json() for odd in facts.oddities]}
    if newest is None:
        version = actions.create_module(
            provider_id=provider.pk, by=by, facts=values, code=facts.code, source_key=facts.key
        )
        outcome.new += 1
    else:
        version = _change(newest, facts.code, values, by=by)
        outcome.changed += 1
    missing = [str(sentence) for sentence in missing_for_publishing(version)]
    if missing:
        outcome.incomplete.append((facts.key, missing))
    elif publish:
        actions.publish_version(version=version, by=by)
        outcome.published += 1


def _change(newest: ModuleVersion, code: str, values: dict[str, object], *, by: User | None) -> ModuleVersion:
    """Write the new text: into the draft when there is one, else as the next version."""
    Module.objects.filter(pk=newest.module_id).update(code=code)
    newest.module.code = code
    if newest.state == VersionState.DRAFT:
        return actions.change_draft(version=newest, by=by, facts=values)
    return actions.add_version(version=newest, by=by, facts=values)
