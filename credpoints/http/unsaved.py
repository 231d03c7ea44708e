"""What somebody has typed into a form and not saved yet: kept in the session, so that nothing is lost.

The thing itself changes only when somebody saves it on purpose. `name` tells which form of which thing it is.
"""

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict

KEY = "typed"
MOST = 5  # forms of one person; the oldest is forgotten first


def keep(request: HttpRequest, name: str, data: QueryDict, *, without: Iterable[str] = ()) -> None:
    """Remember a form as it was sent."""
    data = data.copy()
    for field in ("csrfmiddlewaretoken", *without):
        data.pop(field, None)
    kept = dict(request.session.get(KEY, {}))
    kept.pop(name, None)
    kept[name] = data.urlencode()
    request.session[KEY] = dict(list(kept.items())[-MOST:])


def typed(request: HttpRequest, name: str) -> QueryDict | None:
    """What was typed and never saved, if anything was."""
    data = request.session.get(KEY, {}).get(name)
    return QueryDict(data) if data else None


def forget(request: HttpRequest, name: str) -> None:
    """It is saved now, or was thrown away."""
    kept = dict(request.session.get(KEY, {}))
    if kept.pop(name, None) is not None:
        request.session[KEY] = kept
