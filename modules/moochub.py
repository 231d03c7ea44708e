"""The public catalogue in the exchange format MOOChub 3, page by page, for other catalogues to read."""

from typing import Any

from django.core.paginator import Page
from django.utils.html import escape, linebreaks

from credpoints.common.translated import text_in
from credpoints.organisations.models import Organisation
from modules.models import CreditFramework, Mode, ModuleVersion

RESOURCE_TYPE = {
    "identifier": "https://w3id.org/kim/hcrt/course",
    "type": "Concept",
    "inScheme": "https://w3id.org/kim/hcrt/scheme",
}
COURSE_MODES = {Mode.ONSITE: ["onsite"], Mode.ONLINE: ["online"], Mode.BLENDED: ["blended"]}


def feed(page: Page[ModuleVersion], *, base_url: str, path: str, language: str) -> dict[str, Any]:
    """One page of the feed with the links to the others."""

    def address(number: int) -> str:
        return f"{base_url}{path}?page={number}"

    links = {"self": address(page.number), "first": address(1), "last": address(page.paginator.num_pages)}
    if page.has_next():
        links["next"] = address(page.next_page_number())
    if page.has_previous():
        links["prev"] = address(page.previous_page_number())
    return {"links": links, "data": [course(version, base_url=base_url, language=language) for version in page]}


def course(version: ModuleVersion, *, base_url: str, language: str) -> dict[str, Any]:
    """One module as a course; what the provider does not state is left out."""
    publisher = _organisation(version.module.provider, base_url=base_url, language=language)
    attributes: dict[str, Any] = {
        "name": text_in(version.title, language),
        "courseCode": version.module.code or None,
        "learningResourceType": RESOURCE_TYPE,
        "publisher": publisher,
        "creator": [publisher],
        "url": f"{base_url}{version.get_absolute_url()}",
        "license": [{"identifier": version.licence or "proprietary", "url": None}],
        "description": _html(text_in(version.aim, language) or text_in(version.content, language)),
        "inLanguage": list(dict.fromkeys(version.languages)),
        "courseMode": COURSE_MODES[Mode(version.mode)],
        "teaches": _skills(version, language),
    }
    if version.credits and version.credit_framework == CreditFramework.ECTS:
        attributes["numberOfCredits"] = float(version.credits)
    return {"id": str(version.module.uuid), "type": "Course", "attributes": attributes}


def _organisation(organisation: Organisation, *, base_url: str, language: str) -> dict[str, Any]:
    return {
        "name": text_in(organisation.name, language),
        "type": "Organization",
        "url": organisation.website or f"{base_url}/",
    }


def _skills(version: ModuleVersion, language: str) -> list[dict[str, Any]]:
    """Outcomes as skills; ESCO names them where they are linked. The same skill is named once."""
    skills: dict[str, dict[str, Any]] = {}
    for outcome in version.outcomes:
        name = text_in(outcome.get("text"), language)
        for uri in outcome.get("esco", []):
            skills.setdefault(
                uri,
                {
                    "name": [{"inLanguage": language, "name": name}],
                    "educationalFramework": "ESCO",
                    "educationalFrameworkVersion": "1.1",
                    "url": uri,
                },
            )
    return list(skills.values())


def _html(text: str) -> str | None:
    return linebreaks(escape(text)) if text else None
