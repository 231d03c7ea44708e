"""What everybody may ask: is this certificate genuine? And what software asks: keys and status lists."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates import actions, keys, signing, throttle, verifying
from certificates.forms import CodeForm, FileForm
from certificates.models import Certificate, SigningKey, StatusList
from certificates.verifying import Answer
from credpoints.organisations.models import Organisation

MINUTES = 5


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The front door for employers: type the code of a certificate."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("certificates:verify_code", code=form.cleaned_data["code"])
    context = {"form": form, "file_form": FileForm()}
    status = 422 if request.method == "POST" else 200
    return private(render(request, "certificates/verify.html", context, status=status))


@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Check a dropped file; it is read in memory and not kept."""
    if throttle.too_many(request):
        return private(render(request, "certificates/verify_wait.html", {}, status=429))
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return private(render(request, "certificates/verify.html", {"form": CodeForm(), "file_form": form}, status=422))
    way, answer = verifying.by_file(form.cleaned_data["file"].read())
    if not answer.is_valid:
        throttle.count_wrong(request)
    actions.log_verification(way=way, result=answer.result, certificate=answer.certificate)
    return private(render(request, "certificates/verify_answer.html", {**_context(answer), "way": way}))


@require_GET
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The whole content of a certificate and whether it is valid, for whoever has its code."""
    if throttle.too_many(request):
        return private(render(request, "certificates/verify_wait.html", {}, status=429))
    answer = _answer(request, code)
    status = 200 if answer.is_known else 404
    return private(render(request, "certificates/verify_answer.html", _context(answer), status=status))


@require_GET
def verify_answer(request: HttpRequest, code: str) -> HttpResponse:
    """The same answer for software."""
    if throttle.too_many(request):
        return JsonResponse({"error": _("Too many wrong codes. Please wait some minutes.")}, status=429)
    answer = _answer(request, code)
    return private(JsonResponse(verifying.machine_answer(answer), status=200 if answer.is_known else 404))


@require_GET
def credential_page(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The address that credentials name: leads to the verify page."""
    certificate = get_object_or_404(Certificate.objects.published(), uuid=uuid)
    return redirect(certificate.verify_path)


@require_GET
def issuer_did(request: HttpRequest, slug: str) -> HttpResponse:
    """The keys of an awarding body, as did:web asks for them."""
    issuer = get_object_or_404(Organisation, slug=slug)
    if not SigningKey.objects.filter(issuer=issuer).exists():
        raise Http404
    return _for_software(JsonResponse(signing.did_document(issuer)))


@require_GET
def house_did(request: HttpRequest) -> HttpResponse:
    """The identity of this installation; it signs nothing itself and names the awarding bodies that do."""
    issuers = Organisation.objects.filter(pk__in=SigningKey.objects.values("issuer")).order_by("slug")
    host = keys.did_of("").removesuffix(":issuers:")
    document = {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": host,
        "alsoKnownAs": [keys.did_of(issuer.slug) for issuer in issuers],
    }
    return _for_software(JsonResponse(document))


@require_GET
def status_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The signed list of withdrawn certificates, as it was stored."""
    found = get_object_or_404(StatusList, issuer__slug=slug, number=number)
    tag = f'"{found.etag}"'
    # What lies between may have marked the tag as weak, because it has packed the answer.
    if tag in [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(found.document, content_type="application/json")
    response["ETag"] = tag
    return _for_software(response)


def _answer(request: HttpRequest, code: str) -> Answer:
    answer = verifying.by_code(code)
    if not answer.is_known:
        throttle.count_wrong(request)
    actions.log_verification(way="code", result=answer.result, certificate=answer.certificate)
    return answer


def _context(answer: Answer) -> dict[str, Any]:
    shown = answer.shown
    return {
        "answer": answer,
        "headline": verifying.headline(answer),
        "part": verifying.part_for_reader(shown) if shown else None,
        "certificate": shown,
        "base_url": settings.BASE_URL,
        "way": "code",
    }


def private(response: HttpResponse) -> HttpResponse:
    """No cache, no search engine: a withdrawn certificate is withdrawn at once, and names are in no index."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    # Not "no-referrer": browsers would send "Origin: null", and every form of the page be refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response


def _for_software(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={MINUTES * 60}"
    return response
