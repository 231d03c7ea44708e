"""The Open Badges 3.0 document of a certificate, made from its frozen content and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import to_locale

from certificates.content import (
    STATUS_LABELS,
    Content,
    Issuance,
    Item,
    Outcome,
    all_outcomes,
    local,
    quality,
    workload,
)
from certificates.vocabularies import ASSESSMENTS, CREDITS, MODES, QUALITY, Concept, eqf, isced_f
from credpoints.common.translated import text_in

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

Document = dict[str, Any]


def credential(content: Content, issuance: Issuance, *, base: str, did: str) -> Document:
    """Write the unsigned credential. `base` is the https address of the house, `did` the issuer's identity."""
    language = content["languages"][0]
    with translation.override(language):
        address = f"{base}/credentials/{issuance['uuid']}/"
        document: Document = {
            "@context": [VC_CONTEXT, OB_CONTEXT],
            "id": address,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": text_in(content["title"], language),
            "description": _description(content),
            "issuer": _issuer(content, language, did),
            "validFrom": issuance["issued_at"],
            "awardedDate": issuance["issued_at"],
            "credentialSubject": _subject(content, issuance, language, address, did),
            "evidence": [_evidence(item, language, content["credit_framework"]) for item in content["items"]],
            "credentialStatus": _status(issuance, content, base),
        }
        if content["valid_until"]:
            document["validUntil"] = f"{content['valid_until']}T23:59:59Z"
        cleaned: Document = without_empty(document)
        return cleaned


def as_claims(document: Document) -> Document:
    """The same credential with the claims that Open Badges 3.0 asks of its JWT form."""
    claims = {key: value for key, value in document.items() if key != "proof"}
    claims |= {
        "iss": document["issuer"]["id"],
        "sub": document["credentialSubject"]["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if document.get("validUntil"):
        claims["exp"] = _seconds(document["validUntil"])
    return claims


def status_list_address(base: str, issuer_slug: str, number: int) -> str:
    return f"{base}/status/{issuer_slug}/{number}"


def _subject(content: Content, issuance: Issuance, language: str, address: str, did: str) -> Document:
    graded = [(place, item) for place, item in enumerate(content["items"], start=1) if item["grade"] or item["passed"]]
    return {
        "id": f"urn:uuid:{content['holder']['uuid']}",
        "type": ["AchievementSubject"],
        "identifier": _identifiers(content),
        "activityStartDate": f"{content['starts_on']}T00:00:00Z" if content["starts_on"] else "",
        "activityEndDate": f"{content['ends_on']}T00:00:00Z" if content["ends_on"] else "",
        "creditsEarned": _amount(content["credits"]),
        "achievement": _achievement(content, issuance["number"], language, address=address, did=did, graded=graded),
        "result": [_result(item, f"{address}#result-{place}") for place, item in graded],
    }


def _achievement(
    content: Content, number: str, language: str, *, address: str, did: str, graded: list[tuple[int, Item]]
) -> Document:
    return {
        "id": f"{address}#achievement",
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": text_in(content["title"], language),
        "description": _outcomes_text(all_outcomes(content), language) or text_in(content["summary"], language),
        "humanCode": number,
        "inLanguage": to_locale(language).replace("_", "-"),  # the standard wants sr-Latn and pt-BR
        "creator": {"id": did, "type": ["Profile"], "name": text_in(content["issuer"]["name"], language)},
        "criteria": {"narrative": _narrative(content, language)},
        "creditsAvailable": _amount(content["credits"]),
        "alignment": list(_alignments(content, language)),
        "resultDescription": [
            _result_description(item, f"{address}#result-{place}", language) for place, item in graded
        ],
    }


def _alignments(content: Content, language: str) -> Iterable[Document]:
    for skill in _skills(all_outcomes(content)):
        yield _alignment("ext:ESCOSkill", skill["name"], skill["uri"], "ESCO")
    framework = CREDITS.get(content["credit_framework"], CREDITS["ECTS"])
    yield _alignment("ext:ECTS", workload(content), framework.uri, framework.name, code=content["credits"])
    if content["level"]:
        level = eqf(content["level"])
        yield _alignment(
            "ext:EQF", level.name, level.uri, "European Qualifications Framework", code=str(content["level"])
        )
    for code in dict.fromkeys(item["isced_f"] for item in content["items"] if item["isced_f"]):
        yield _alignment("ext:ISCED-F", code, isced_f(code), "ISCED-F 2013", code=code)
    for key in content["assessment"]:
        if key in ASSESSMENTS:
            yield _concept("ext:AssessmentType", ASSESSMENTS[key], "EU vocabulary: assessment type")
    if content["mode"] in MODES:
        yield _concept("ext:LearningMode", MODES[content["mode"]], "EU vocabulary: mode of learning and assessment")
    if content["quality"] in QUALITY:
        entry = _concept("ext:QualityAssurance", QUALITY[content["quality"]], "EU vocabulary: accreditation type")
        yield {**entry, "targetDescription": quality(content, language)}


def _alignment(kind: str, name: str, url: str, framework: str, code: str = "") -> Document:
    return {
        "type": ["Alignment"],
        "targetType": kind,
        "targetName": name,
        "targetUrl": url,
        "targetFramework": framework,
        "targetCode": code,
    }


def _concept(kind: str, concept: Concept, framework: str) -> Document:
    return _alignment(kind, concept.name, concept.uri, framework)


def _skills(outcomes: list[Outcome]) -> list[dict[str, str]]:
    found = {skill["uri"]: skill for outcome in outcomes for skill in outcome["esco"]}
    return list(found.values())


def _identifiers(content: Content) -> list[Document]:
    holder = content["holder"]
    name = {"type": "IdentityObject", "hashed": False, "identityHash": holder["name"], "identityType": "name"}
    if not holder["email_hash"]:
        return [name]
    mail = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${holder['email_hash']}",
        "identityType": "emailAddress",
        "salt": holder["email_salt"],
    }
    return [name, mail]


def _issuer(content: Content, language: str, did: str) -> Document:
    issuer = content["issuer"]
    return {
        "id": did,
        "type": ["Profile"],
        "name": text_in(issuer["name"], language),
        "url": issuer["website"],
        "email": issuer["email"],
        "address": {
            "type": ["Address"],
            "addressCountryCode": issuer["country"],
            "addressRegion": issuer["region"],
            "addressLocality": issuer["city"],
        },
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": entry["value"], "identifierType": "identifier"}
            for entry in issuer["identifiers"]
            if entry.get("value")
        ],
    }


def _result_description(item: Item, address: str, language: str) -> Document:
    return {
        "id": address,
        "type": ["ResultDescription"],
        "name": text_in(item["title"], language),
        "resultType": "Result" if item["grade"] else "Status",
    }


def _result(item: Item, address: str) -> Document:
    return {
        "type": ["Result"],
        "resultDescription": address,
        "value": local(item["grade"]),
        "status": "Completed" if item["passed"] else "",
    }


def _evidence(item: Item, language: str, framework: str) -> Document:
    return {
        "type": ["Evidence"],
        "name": text_in(item["title"], language),
        "narrative": item_line(item, language, framework),
        "genre": item["kind"],
    }


def item_line(item: Item, language: str, framework: str) -> str:
    """One line of the certificate as a sentence: everything the table of the paper says about it."""
    parts = [
        item["code"],
        text_in(item["provider"], language),
        f"{local(item['credits'])} {framework}" if item["credits"] else "",
        f"{local(item['hours'])} h" if item["hours"] else "",
        f"EQF {item['level']}" if item["level"] else "",
        local(item["grade"]),
        str(STATUS_LABELS[item["status"]]),
        item["date"],
        text_in(item["note"], language),
    ]
    return " · ".join(part for part in parts if part)


def _description(content: Content) -> str:
    """The summary in every language of the certificate, one paragraph each."""
    texts = []
    for language in content["languages"]:
        with translation.override(language):
            texts.append(" ".join(p for p in (text_in(content["summary"], language), f"{workload(content)}.") if p))
    return "\n\n".join(texts)


def _outcomes_text(outcomes: list[Outcome], language: str) -> str:
    return "\n".join(f"- {text_in(outcome['text'], language)}" for outcome in outcomes)


def _narrative(content: Content, language: str) -> str:
    framework = content["credit_framework"]
    lines = [
        f"- {text_in(item['title'], language)} ({item_line(item, language, framework)})" for item in content["items"]
    ]
    return "\n".join(lines) or text_in(content["summary"], language)


def _status(issuance: Issuance, content: Content, base: str) -> Document:
    address = status_list_address(base, content["issuer"]["slug"], issuance["status_list"])
    return {
        "id": f"{address}#{issuance['status_index']}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(issuance["status_index"]),
        "statusListCredential": address,
    }


def _amount(value: str) -> float | int | None:
    if not value:
        return None
    amount = float(value)
    return int(amount) if amount.is_integer() else amount


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def without_empty(value: Any) -> Any:
    """Drop empty texts and lists: schemas refuse them, and an empty claim claims nothing."""
    if isinstance(value, dict):
        cleaned = {key: without_empty(inner) for key, inner in value.items()}
        return {key: inner for key, inner in cleaned.items() if inner not in ("", None, [], {})}
    if isinstance(value, list):
        return [without_empty(inner) for inner in value]
    return value
