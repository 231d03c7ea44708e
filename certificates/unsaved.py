"""What somebody has typed into the draft of a template and not saved yet: kept in the session, so that nothing is lost.

The draft itself changes only when somebody saves it on purpose.
"""

from django.http import QueryDict

from certificates.models import TemplateVersion
from credpoints.http.requests import SignedInRequest

KEY = "certificates.typed"
LEFT_OUT = {"csrfmiddlewaretoken", "preview", "sample", "place", "alt_de", "alt_en"}
MOST_DRAFTS = 5


def keep(request: SignedInRequest, draft: TemplateVersion) -> None:
    """Remember the form as it was sent for a preview."""
    data = request.POST.copy()
    for name in LEFT_OUT:
        data.pop(name, None)
    kept = dict(request.session.get(KEY, {}))
    kept.pop(str(draft.pk), None)
    kept[str(draft.pk)] = data.urlencode()
    request.session[KEY] = dict(list(kept.items())[-MOST_DRAFTS:])


def typed(request: SignedInRequest, draft: TemplateVersion) -> QueryDict | None:
    """What was typed and never saved, if anything was."""
    data = request.session.get(KEY, {}).get(str(draft.pk))
    return QueryDict(data) if data else None


def forget(request: SignedInRequest, draft: TemplateVersion) -> None:
    """It is saved now, or was thrown away."""
    kept = dict(request.session.get(KEY, {}))
    if kept.pop(str(draft.pk), None) is not None:
        request.session[KEY] = kept
