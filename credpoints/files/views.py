"""Hand files out after a permission check; take them in piece by piece."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.files import actions, purposes
from credpoints.files.models import StoredFile, Upload
from credpoints.files.serving import answer_with
from credpoints.http.requests import SignedInRequest


@require_GET
def download(request: HttpRequest, uuid: Any) -> FileResponse:
    """Send a private file. Strangers get the same 404 as for a file that does not exist."""
    file = get_object_or_404(StoredFile, uuid=uuid)
    user = request.user if request.user.is_authenticated else None
    if not purposes.may_read(user, file):
        raise Http404
    purposes.note_reading(user, file)
    return answer_with(file, as_download="download" in request.GET)


@require_POST
@login_required
def upload_begin(request: SignedInRequest) -> HttpResponse:
    """Announce a file: name, size, purpose. Answers with the address for its pieces."""
    try:
        size = int(request.POST.get("size", ""))
    except ValueError:
        return JsonResponse({"error": "size"}, status=400)
    try:
        upload = actions.begin_upload(
            name=request.POST.get("name", ""), size=size, purpose=request.POST.get("purpose", ""), by=request.user
        )
    except ValidationError as error:
        return _refused(error)
    return JsonResponse(_progress(upload), status=201)


@require_http_methods(["GET", "POST"])
@login_required
def upload_piece(request: SignedInRequest, token: str) -> HttpResponse:
    """GET tells how much has arrived; POST adds the piece in the body at the offset named in the address."""
    upload = get_object_or_404(Upload.objects.visible_to(request.user), token=token)
    if request.method == "POST":
        try:
            offset = int(request.GET.get("offset", ""))
            upload = actions.add_piece(upload=upload, offset=offset, content=request.body)
        except ValueError:
            return JsonResponse({"error": "offset"}, status=400)
        except ValidationError as error:
            return _refused(error)
    return JsonResponse(_progress(upload))


def _progress(upload: Upload) -> dict[str, Any]:
    return {"token": upload.token, "received": upload.received, "size": upload.size}


def _refused(error: ValidationError) -> JsonResponse:
    return JsonResponse({"error": " ".join(error.messages)}, status=422)
