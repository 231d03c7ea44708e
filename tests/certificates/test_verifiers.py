"""What strangers' software says about our certificates, with keys and status list from the running application."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from certificates import actions, downloads
from certificates.collecting import COURSE_KINDS
from certificates.keys import did_of
from certificates.models import Certificate, SigningKey
from credpoints.jobs import actions as jobs
from tests.certificates import makers, samples
from tests.certificates.kit import HOST, ask_node, ask_python, judge, kit
from tests.certificates.test_sources import SIGNATORY, unit, with_sessions
from tests.modules.factories import make_enrolment, make_result
from tests.people import World, build_world

pytestmark = [pytest.mark.verifiers, pytest.mark.django_db(transaction=True)]
SCRIPTS = ("latin", "cyrillic", "greek", "armenian", "georgian", "arabic")


@pytest.fixture(autouse=True)
def _house(settings) -> None:
    kit()
    settings.BASE_URL = settings.CREDENTIALS_BASE_URL = HOST


@pytest.fixture
def world(transactional_db) -> World:
    return build_world()


def written(certificate: Certificate, folder: Path) -> tuple[Path, Path, Path]:
    """The three files a holder downloads."""
    pdf, badge, token = (folder / f"certificate.{ending}" for ending in ("pdf", "json", "jwt"))
    pdf.write_bytes(default_storage.open(certificate.pdf.path).read())
    badge.write_text(certificate.credential)
    token.write_text(certificate.jwt)
    return pdf, badge, token


def european(certificate: Certificate, path: Path) -> Path:
    path.write_bytes(downloads.european_file(certificate))
    return path


def without_seal(sealed: bytes) -> bytes:
    """The file as it was before the seal, which is added behind its end."""
    return sealed[: sealed.index(b"%%EOF") + 6]


def with_legal_number(world: World) -> dict:
    """The awarding body as its electronic seal would name it."""
    issuer = samples.content()["issuer"]
    return {**issuer, "identifiers": [*issuer["identifiers"], {"scheme": "VAT", "value": "123456789"}]}


def test_everybody_accepts_certificates_of_six_scripts_sealed_and_not(
    world: World, live_server, tmp_path: Path
) -> None:
    """Every file of every form, before each verifier that reads it; each verifier is started once."""
    for tool in ("pdfsig", "pdfdetach", "pdftotext", "java"):
        assert shutil.which(tool), f"{tool} is missing: apt install poppler-utils default-jre-headless"
    issuer = did_of(world.organisation.slug)
    documents, badges, tokens, uploads = [], [], [], []
    for script in SCRIPTS:
        certificate = makers.issued(world, name=samples.NAMES[script], issuer=with_legal_number(world))
        folder = tmp_path / script
        folder.mkdir()
        pdf, badge, token = (file.rename(tmp_path / f"{script}{file.suffix}") for file in written(certificate, folder))
        plain = tmp_path / f"{script}-unsealed.pdf"
        plain.write_bytes(without_seal(pdf.read_bytes()))
        documents += [pdf, plain]
        badges.append(badge)
        tokens.append(token)
        uploads.append(european(certificate, tmp_path / f"{script}.elm.json"))
        assert "Total document signed" in pdfsig(pdf)
        assert "does not contain any signatures" in pdfsig(plain)
        for file in (pdf, plain):
            assert inside(file) == badge.read_bytes()
            assert finds(samples.NAMES[script], text_of(file)), (script, text_of(file)[:600])

    for verifier, files in (("verify-di.mjs", badges), ("verify-dcc.mjs", badges), ("verify-jwt.mjs", tokens)):
        answers = judge(verifier, files, live_server.url, issuer)
        assert answers == {file.name: True for file in files}, verifier
    for command in (
        ("validate_ob3.py", "--microcredential", *badges, *tokens),
        ("validate_elm.py", *uploads),
        ("veracheck.py", "3a,ua1", *documents),
    ):
        ok, answer = ask_python(*map(str, command))
        assert ok, answer


def test_the_upload_file_leaves_only_to_the_seal_what_the_seal_knows(world: World, tmp_path: Path) -> None:
    """Without a number of a register the awarding body's legal identifier is the one thing that sealing adds."""
    certificate = makers.issued(world)

    ok, answer = ask_python("validate_elm.py", str(european(certificate, tmp_path / "upload.elm.json")))

    faults = [line.split(" on <")[0].strip() for line in answer.splitlines()[1:]]
    assert not ok
    assert faults == ["SHACL: credentials#issuer", "SHACL: eidasLegalIdentifier"], answer


def test_everybody_sees_a_withdrawal(world: World, live_server, tmp_path: Path) -> None:
    certificate = makers.issued(world)
    _pdf, badge, token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum.", internal_reason="Irrtum."
    )

    answers = [
        ask_node("verify-di.mjs", badge, live_server.url, issuer),
        ask_node("verify-dcc.mjs", badge, live_server.url, issuer),
        ask_node("verify-jwt.mjs", token, live_server.url, issuer),
    ]

    assert [ok for ok, _text in answers] == [False, False, False]
    assert "revocation=true" in answers[0][1]


@pytest.mark.parametrize("change", ["name", "title", "date"])
def test_everybody_sees_a_changed_credential(world: World, live_server, tmp_path: Path, change: str) -> None:
    certificate = makers.issued(world)
    _pdf, badge, _token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    document = json.loads(badge.read_text())
    if change == "name":
        document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    elif change == "title":
        document["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    else:
        document["awardedDate"] = "2020-01-01T00:00:00Z"
    badge.write_text(json.dumps(document))

    assert not ask_node("verify-di.mjs", badge, live_server.url, issuer)[0]
    assert not ask_node("verify-dcc.mjs", badge, live_server.url, issuer)[0]


def test_rotation_keeps_old_certificates_and_compromise_ends_them(world: World, live_server, tmp_path: Path) -> None:
    certificate = makers.issued(world)
    _pdf, badge, _token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    first = SigningKey.objects.get(algorithm="Ed25519")

    actions.rotate_key(issuer=world.organisation, algorithm="Ed25519", by=world.petersen)
    after_rotation = ask_node("verify-di.mjs", badge, live_server.url, issuer)
    newer = makers.issued(world)
    (tmp_path / "new").mkdir()
    _pdf, new_badge, _token = written(newer, tmp_path / "new")
    with_new_key = ask_node("verify-di.mjs", new_badge, live_server.url, issuer)
    actions.distrust_key(key=first, by=world.petersen, reason="Laptop gestohlen")
    after_compromise = ask_node("verify-di.mjs", badge, live_server.url, issuer)
    new_after = ask_node("verify-di.mjs", new_badge, live_server.url, issuer)

    assert after_rotation[0], after_rotation
    assert with_new_key[0], with_new_key
    assert not after_compromise[0]
    assert new_after[0], new_after


def pdfsig(pdf: Path) -> str:
    done = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def inside(pdf: Path) -> bytes:
    """The credential that travels in the file."""
    out = pdf.with_suffix(".inside")
    subprocess.run(["pdfdetach", "-save", "1", "-o", out, pdf], check=True, capture_output=True)
    return out.read_bytes()


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    return re.sub(r"\s+", " ", done.stdout)


def finds(name: str, text: str) -> bool:
    """Right-to-left names come out in the order of the eye or of the tongue, each word whole."""
    return name in text or all(word in text or word[::-1] in text for word in name.split())


def test_everybody_accepts_every_kind(world: World, live_server, tmp_path: Path) -> None:
    """What the small collectors make: a course, presence, a list of results, what was handed over."""
    world.programme.settings = {"certificates": {"signatories": SIGNATORY}}
    world.programme.save()
    world.organisation.identifiers = with_legal_number(world)["identifiers"]
    world.organisation.save()
    badges, tokens, uploads = [], [], []
    for kind, draft in of_every_kind(world).items():
        actions.freeze_certificate(certificate=draft, by=world.vogel)
        for user in (world.petersen, world.vogel):
            actions.approve_certificate(certificate=draft, by=user, content_hash=draft.content_hash)
        jobs.run_waiting()
        draft.refresh_from_db()
        assert draft.state == "issued", (kind, draft.render_error)
        badge, token = tmp_path / f"{kind}.json", tmp_path / f"{kind}.jwt"
        badge.write_text(draft.credential)
        token.write_text(draft.jwt)
        badges.append(badge)
        tokens.append(token)
        if kind != "attendance":  # whoever was only present has no micro-credential
            uploads.append(european(draft, tmp_path / f"{kind}.elm.json"))

    issuer = did_of(world.organisation.slug)
    for verifier, files in (("verify-di.mjs", badges), ("verify-dcc.mjs", badges), ("verify-jwt.mjs", tokens)):
        answers = judge(verifier, files, live_server.url, issuer)
        assert answers == {file.name: True for file in files}, verifier
    ok, answer = ask_python("validate_ob3.py", *map(str, [*badges, *tokens]))
    assert ok, answer
    assessed = [str(file) for file in badges if file.stem not in {"attendance", "transcript"}]
    ok, answer = ask_python("validate_ob3.py", "--microcredential", *assessed)
    assert ok, answer
    ok, answer = ask_python("validate_elm.py", *map(str, uploads))
    assert ok, answer


def of_every_kind(world: World) -> dict[str, Certificate]:
    """A draft of each kind that is not collected from a plan, complete and ready to be submitted."""
    enrolment = make_enrolment(world)
    make_result(enrolment, world.teacher)
    with_sessions(enrolment.offering, [enrolment])
    person, programme = world.rana.person, world.programme
    found = {
        kind.value: actions.prepare_for_course(
            enrolments=[enrolment], programme=programme, kind=kind, by=world.vogel
        ).drafts[0]
        for kind in COURSE_KINDS
    }
    found["transcript"] = actions.prepare_transcript(person=person, programme=programme, by=world.vogel)
    module = {**enrolment.offering.version.snapshot(), "credits": "5"}
    bundle = {**unit(), "key": "bundle:1", "parts": [{"module": module, "passed": True, "date": "2028-02-10"}]}
    for kind, whole in (("unit", unit(languages=["sr-latn", "en"])), ("validation", unit()), ("bundle", bundle)):
        found[kind] = actions.prepare_handed(
            kind=kind, handed=whole, person=person, programme=programme, by=world.vogel
        )
    return found
