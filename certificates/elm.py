"""The certificate as a European Digital Credential (European Learning Model 3): the file that an issuer uploads.

Europass lets only the holder of a qualified electronic seal sign such a credential, so this file is unsigned and made
from the frozen content whenever somebody asks for it. It conforms to the Commission's shapes (EDC generic 1.1.0);
`eIDASIdentifier` is written when the awarding body's identifiers name one, else sealing adds it from the seal.
"""

import base64
from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _

from certificates.content import STATUS_LABELS, Content, Issuance, Issuer, Item, all_outcomes, local, quality
from certificates.credentials import Document, without_empty
from certificates.vocabularies import (
    ASSESSMENTS,
    AUTHORITY,
    CREDITS,
    MODES,
    QUALITY,
    SNB,
    SUPERVISION,
    Concept,
    country_address,
    eqf,
    isced_f,
    language_address,
)
from credpoints.common.translated import TextIn, text_in

CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
LIST = "25831c2"  # every list of the European Learning Model has this last part in its address
# Registers whose entries an electronic seal may name (ETSI EN 319 412-1): VATDE-123456789.
LEGAL_SCHEMES = ("VAT", "NTR", "LEI")


def upload(content: Content, issuance: Issuance, *, base: str, pictures: dict[str, bytes]) -> Document:
    """The file for the issuer's desk of Europass. `pictures` are the pages as PNG, one per language of the content."""
    return {"credential": credential(content, issuance, base=base, pictures=pictures)}


def credential(content: Content, issuance: Issuance, *, base: str, pictures: dict[str, bytes]) -> Document:
    """The unsigned European Digital Credential with all eleven elements of the Council Recommendation."""
    address = f"{base}/credentials/{issuance['uuid']}/"
    document: Document = {
        "@context": CONTEXTS,
        "id": f"urn:credential:{issuance['uuid']}",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": {"id": f"{SNB}model/ap/edc-generic-full", "type": "ShaclValidator2017"},
        "credentialProfiles": _entry(f"{SNB}credential/e34929035b", {"en": "Generic"}),
        "issuer": _organisation(content["issuer"], f"{base}/issuers/{content['issuer']['slug']}"),
        "identifier": _identifier(f"{address}#number", issuance["number"]),
        "issued": issuance["issued_at"],
        "issuanceDate": issuance["issued_at"],
        "validFrom": issuance["issued_at"],
        "expirationDate": f"{content['valid_until']}T23:59:59Z" if content["valid_until"] else "",
        "displayParameter": _display(content, address, pictures),
        "credentialSubject": {
            "id": f"urn:uuid:{content['holder']['uuid']}",
            "type": "Person",
            "fullName": {content["languages"][0]: content["holder"]["name"]},
            "hasClaim": _achievement(content, issuance, base, address),
        },
    }
    cleaned: Document = without_empty(document)
    return cleaned


def _achievement(content: Content, issuance: Issuance, base: str, address: str) -> Document:
    """The whole, and each of its lines as a part of it."""
    awarded = {
        "id": f"{address}#awarding",
        "type": "AwardingProcess",
        "awardingBody": _organisation(content["issuer"], f"{base}/issuers/{content['issuer']['slug']}"),
        "awardingDate": issuance["issued_at"],
    }
    return {
        "id": f"{address}#achievement",
        "type": "LearningAchievement",
        "title": _texts(content, content["title"]),
        "description": _texts(content, content["summary"]),
        "awardedBy": awarded,
        "provenBy": [
            _assessment(content, key, awarded, address) for key in content["assessment"] if key in ASSESSMENTS
        ],
        "specifiedBy": _qualification(content, address),
        "hasPart": [
            _part(content, item, f"{address}#part-{place}") for place, item in enumerate(content["items"], start=1)
        ],
    }


def _assessment(content: Content, key: str, awarded: Document, address: str) -> Document:
    """One type of assessment. The whole has no grade of its own; each assessment must name one, so it says “passed”."""
    place = f"{address}#assessment-{key}"
    label = _in_each(content, lambda: str(ASSESSMENTS[key].label))
    supervision = SUPERVISION.get(content["supervision"])
    return {
        "id": place,
        "type": "LearningAssessment",
        "title": label,
        "awardedBy": awarded,
        "grade": _note(f"{place}-grade", _in_each(content, lambda: _("passed"))),
        "idVerification": _concept(supervision) if supervision and supervision.uri else None,
        "specifiedBy": {
            "id": f"{place}-kind",
            "type": "LearningAssessmentSpecification",
            "title": label,
            "dcType": _concept(ASSESSMENTS[key]),
        },
    }


def _qualification(content: Content, address: str) -> Document:
    return {
        "id": f"{address}#qualification",
        "type": "Qualification",
        "title": _texts(content, content["title"]),
        "learningOutcome": [
            _outcome(content, outcome["text"], outcome["esco"], f"{address}#outcome-{place}")
            for place, outcome in enumerate(all_outcomes(content), start=1)
        ],
        "volumeOfLearning": _hours(content["hours"]),
        "creditPoint": _credits(content["credits"], content["credit_framework"], f"{address}#credits"),
        "eqfLevel": _concept(eqf(content["level"])) if content["level"] else None,
        "isPartialQualification": True,
        "mode": _mode(content["mode"]),
        "thematicArea": _areas(content["items"]),
        "entryRequirement": _note(f"{address}#entry", _texts(content, content["prerequisites"])),
        "accreditation": _accreditation(content, address),
    }


def _accreditation(content: Content, address: str) -> Document | None:
    """How the quality of the whole is assured, where the certificate says so."""
    kind = QUALITY.get(content["quality"])
    if kind is None:
        return None
    return {
        "id": f"{address}#quality",
        "type": "Accreditation",
        "title": _in_each(content, lambda: quality(content, translation.get_language())),
        "dcType": _concept(kind),
        "accreditingAgent": _organisation(content["issuer"], f"{address}#quality-agent"),
    }


def _part(content: Content, item: Item, place: str) -> Document:
    """One line: a module with its grade, practice, mentoring, or something recognised."""
    awarded = _awarding_of(content, item, place)
    return {
        "id": place,
        "type": "LearningAchievement",
        "title": _texts(content, item["title"]),
        "awardedBy": awarded,
        "provenBy": _result(content, item, awarded, place),
        "additionalNote": [
            _note(f"{place}-status", _in_each(content, lambda: str(STATUS_LABELS[item["status"]]))),
            _note(f"{place}-note", _texts(content, item["note"])),
        ],
        "specifiedBy": _specification(content, item, place),
    }


def _awarding_of(content: Content, item: Item, place: str) -> Document:
    """Who has awarded one line, and when: often another house than the one that issues the whole."""
    provider: Issuer = {
        **content["issuer"],
        "name": item["provider"],
        "country": item["country"] or content["issuer"]["country"],
        "identifiers": [],
    }
    return {
        "id": f"{place}-awarding",
        "type": "AwardingProcess",
        "awardingBody": _organisation(provider, f"{place}-provider"),
        "awardingDate": f"{item['date']}T00:00:00Z" if item["date"] else "",
    }


def _specification(content: Content, item: Item, place: str) -> Document:
    """What somebody who has done this line knows and can do, and how much work it is."""
    return {
        "id": f"{place}-kind",
        "type": "Qualification",
        "title": _texts(content, item["title"]),
        "learningOutcome": [
            _outcome(content, outcome["text"], outcome["esco"], f"{place}-outcome-{number}")
            for number, outcome in enumerate(item["outcomes"], start=1)
        ],
        "volumeOfLearning": _hours(item["hours"]),
        "creditPoint": _credits(item["credits"], content["credit_framework"], f"{place}-credits"),
        "eqfLevel": _concept(eqf(item["level"])) if item["level"] else None,
        "mode": _mode(item["mode"]),
        "thematicArea": _areas([item]),
    }


def _result(content: Content, item: Item, awarded: Document, place: str) -> Document | None:
    """The grade, or that it was passed; a line without result (mentoring, something recognised) proves nothing here."""
    if not (item["grade"] or item["passed"]):
        return None
    known = [key for key in item["assessment"] if key in ASSESSMENTS]
    grade = _in_each(content, lambda: local(item["grade"]) or _("passed"))
    return {
        "id": f"{place}-assessment",
        "type": "LearningAssessment",
        "title": _texts(content, item["title"]),
        "awardedBy": awarded,
        "grade": _note(f"{place}-grade", grade),
        "specifiedBy": {
            "id": f"{place}-assessment-kind",
            "type": "LearningAssessmentSpecification",
            "title": _texts(content, item["title"]),
            # One grade for several kinds of assessment is a grade of none of them; the whole names each kind.
            "dcType": _concept(ASSESSMENTS[known[0]]) if len(known) == 1 else None,
        },
    }


def _organisation(issuer: Issuer, address: str) -> Document:
    languages = list(issuer["name"]) or ["en"]
    country = issuer["country"].upper()
    names = {language: _territory(country, language) for language in languages}
    place = _entry(country_address(country), names, f"{AUTHORITY}country")
    return {
        "id": address,
        "type": "Organisation",
        "legalName": {language: name for language, name in issuer["name"].items() if name},
        "homepage": _homepage(issuer, address),
        "eIDASIdentifier": _legal_entry(issuer, address, place),
        "location": {
            "id": f"{address}#location",
            "type": "Location",
            "address": {"id": f"{address}#address", "type": "Address", "countryCode": place},
        },
    }


def _homepage(issuer: Issuer, address: str) -> Document | None:
    if not issuer["website"]:
        return None
    return {"id": f"{address}#homepage", "type": "WebResource", "contentURL": issuer["website"]}


def _legal_entry(issuer: Issuer, address: str, country: Document) -> Document | None:
    """The entry of a register that names the organisation, if it is known."""
    number = legal_identifier(issuer)
    if not number:
        return None
    return {"id": f"{address}#legal", "type": "LegalIdentifier", "notation": number, "spatial": country}


def legal_identifier(issuer: Issuer) -> str:
    """The awarding body as the certificate of an electronic seal names it, when its identifiers say so."""
    for entry in issuer["identifiers"]:
        scheme, value = entry.get("scheme", "").upper(), entry.get("value", "")
        if scheme in LEGAL_SCHEMES and value:
            begin = f"{scheme}{'XG' if scheme == 'LEI' else issuer['country'].upper()}-"
            return value if value.startswith(begin) else f"{begin}{value}"
    return ""


def _display(content: Content, address: str, pictures: dict[str, bytes]) -> Document:
    languages = {code: _language(code) for code in content["languages"]}
    return {
        "id": f"{address}#display",
        "type": "DisplayParameter",
        "title": _texts(content, content["title"]),
        "description": _texts(content, content["summary"]),
        "language": list(languages.values()),
        "primaryLanguage": languages[content["languages"][0]],
        "individualDisplay": [
            {
                "id": f"{address}#display-{code}",
                "type": "IndividualDisplay",
                "language": languages[code],
                "displayDetail": {
                    "id": f"{address}#display-{code}-page",
                    "type": "DisplayDetail",
                    "page": 1,
                    "image": _picture(f"{address}#display-{code}-image", pictures[code]),
                },
            }
            for code in content["languages"]
        ],
    }


def _picture(address: str, png: bytes) -> Document:
    return {
        "id": address,
        "type": "MediaObject",
        "content": base64.b64encode(png).decode(),
        "contentEncoding": _entry(f"{SNB}encoding/6146cde7dd", {"en": "base64"}),
        "contentType": _entry(f"{AUTHORITY}file-type/PNG", {"en": "PNG"}, f"{AUTHORITY}file-type"),
    }


def _outcome(content: Content, text: TextIn, skills: list[dict[str, str]], place: str) -> Document:
    scheme = "http://data.europa.eu/esco/concept-scheme/skills"
    return {
        "id": place,
        "type": "LearningOutcome",
        "title": _texts(content, text),
        "relatedESCOSkill": [_entry(skill["uri"], {"en": skill["name"]}, scheme) for skill in skills],
    }


def _credits(amount: str, framework: str, address: str) -> Document | None:
    if not amount.strip("0.") or framework not in CREDITS:
        return None
    return {"id": address, "type": "CreditPoint", "point": amount, "framework": _concept(CREDITS[framework])}


def _hours(amount: str) -> str:
    """Hours as an xsd:duration: PT150H, PT7H30M."""
    if not amount.strip("0."):
        return ""
    minutes = round(float(amount) * 60)
    return f"PT{minutes // 60}H" + (f"{minutes % 60}M" if minutes % 60 else "")


def _mode(name: str) -> Document | None:
    """The form of participation, where it is one of the list."""
    return _concept(MODES[name]) if name in MODES else None


def _areas(items: Iterable[Item]) -> list[Document]:
    codes = dict.fromkeys(item["isced_f"] for item in items if item["isced_f"])
    return [_entry(isced_f(code), {"en": code}) for code in codes]


def _note(address: str, text: TextIn) -> Document | None:
    return {"id": address, "type": "Note", "noteLiteral": text} if text else None


def _identifier(address: str, number: str) -> Document:
    return {"id": address, "type": "Identifier", "notation": number, "schemeName": "certificate number"}


def _concept(concept: Concept) -> Document:
    return _entry(concept.uri, {"en": concept.name})


def _entry(uri: str, names: TextIn, scheme: str = "") -> Document:
    """An entry of a controlled list, which always says of which list it is."""
    listed = scheme or f"{uri.rpartition('/')[0]}/{LIST}"
    return {
        "id": uri,
        "type": "Concept",
        "inScheme": {"id": listed, "type": "ConceptScheme"},
        "prefLabel": names,
    }


def _language(code: str) -> Document:
    name = Locale.parse(code.split("-", maxsplit=1)[0]).get_language_name("en") or code
    return _entry(language_address(code), {"en": name}, f"{AUTHORITY}language")


def _territory(country: str, language: str) -> str:
    return str(Locale.parse(language.split("-", maxsplit=1)[0]).territories.get(country, country))


def _texts(content: Content, text: TextIn) -> TextIn:
    """A text in the languages of the certificate: the model wants every text with its language."""
    found = {language: text_in(text, language) for language in content["languages"]}
    return {language: words for language, words in found.items() if words}


def _in_each(content: Content, write: Any) -> TextIn:
    """Words of ours in each language of the certificate."""
    found = {}
    for language in content["languages"]:
        with translation.override(language):
            found[language] = write()
    return {language: words for language, words in found.items() if words}
