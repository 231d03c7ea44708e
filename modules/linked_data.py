"""A module as schema.org data (JSON-LD), for search engines and other catalogues."""

from typing import Any

from credpoints.common.translated import TextIn, text_in
from modules.models import CreditFramework, Mode, ModuleVersion, Offering

COURSE_MODES = {Mode.ONSITE: ["onsite"], Mode.ONLINE: ["online"], Mode.BLENDED: ["blended", "online", "onsite"]}


def course_of(version: ModuleVersion, offerings: list[Offering], *, base_url: str, language: str) -> dict[str, Any]:
    """The module as a schema.org Course with its offerings as instances."""
    url = f"{base_url}{version.get_absolute_url()}"
    provider = version.module.provider
    course: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": _texts(version.title, language),
        "description": _texts(version.aim, language) or _texts(version.content, language),
        "courseCode": version.module.code,
        "inLanguage": version.languages,
        "provider": {"@type": "Organization", "name": _texts(provider.name, language), "url": provider.website},
        "teaches": [_teaches(outcome, language) for outcome in version.outcomes],
        "timeRequired": f"PT{version.hours.normalize():f}H" if version.hours else None,
        "educationalLevel": _level(version),
        "numberOfCredits": _credits(version),
        "keywords": [text_in(tag.get("text"), language) for tag in version.tags],
        "coursePrerequisites": _texts(version.prerequisites, language),
        "hasCourseInstance": [_instance(offering, base_url) for offering in offerings],
    }
    return {name: value for name, value in course.items() if value not in (None, "", [], {})}


def _teaches(outcome: dict[str, Any], language: str) -> dict[str, Any]:
    term = {"@type": "DefinedTerm", "name": text_in(outcome.get("text"), language)}
    links = [str(uri) for uri in outcome.get("esco", [])]
    return {**term, "sameAs": links} if links else term


def _level(version: ModuleVersion) -> dict[str, Any] | None:
    if version.eqf_level is None:
        return None
    return {
        "@type": "DefinedTerm",
        "name": f"EQF {version.eqf_level}",
        "inDefinedTermSet": "http://data.europa.eu/snb/eqf/25831c2",
    }


def _credits(version: ModuleVersion) -> dict[str, Any] | None:
    if not version.credits or version.credit_framework == CreditFramework.NONE:
        return None
    return {
        "@type": "StructuredValue",
        "value": float(version.credits),
        "unitText": "ECTS" if version.credit_framework == CreditFramework.ECTS else "ECVET",
    }


def _instance(offering: Offering, base_url: str) -> dict[str, Any]:
    instance = {
        "@type": "CourseInstance",
        "url": f"{base_url}{offering.get_absolute_url()}",
        "courseMode": COURSE_MODES[Mode(offering.mode)],
        "inLanguage": offering.language,
        "startDate": offering.first_day.isoformat() if offering.first_day else None,
        "endDate": offering.last_day.isoformat() if offering.last_day else None,
        "maximumAttendeeCapacity": offering.places,
        "remainingAttendeeCapacity": offering.seats_free,
    }
    return {name: value for name, value in instance.items() if value is not None}


def _texts(text: TextIn, language: str) -> Any:
    """The text in the reader's language, or a table of languages when there are several."""
    filled = {code: words for code, words in text.items() if words}
    if len(filled) < 2:
        return text_in(filled)
    return [{"@language": code, "@value": words} for code, words in filled.items()]
