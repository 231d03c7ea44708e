"""Language, time zone, second factor and refusals: what holds for every page."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation

from credpoints.accounts.rules import is_staff
from credpoints.http.requests import user_of
from credpoints.workflow import NoLongerPossible

GetResponse = Callable[[HttpRequest], HttpResponse]


class CleanAddressMiddleware:
    """Takes the character NUL out of what an address asks for: nobody can type it, and PostgreSQL fails on it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        while "%00" in request.META.get("QUERY_STRING", ""):  # once more, for “%%0000”
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if "\x00" in request.path_info:
            raise Http404


class LanguageMiddleware:
    """Reads in the language chosen in this browser, else the account's, else the browser's own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(self.language(request))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in known:
            return chosen
        user = user_of(request)
        if user and user.language in known:
            return user.language
        return translation.get_language_from_request(request)


class TimeZoneMiddleware:
    """Shows moments in the account's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        with timezone.override(ZoneInfo(user.time_zone) if user else None):
            return self.get_response(request)


class OwnPagesMiddleware:
    """What somebody sees signed in is kept for nobody else, and asked for again before it is shown again.

    Not “no-store”: going back in the browser would lose what was typed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if user_of(request):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class SecondFactorMiddleware:
    """Whoever holds a staff role sets up a second factor before anything else (not in the demo)."""

    OPEN = ("/accounts/", "/static/", "/preferences/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_SECOND_FACTOR and self.is_missing(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def is_missing(self, request: HttpRequest) -> bool:
        user = user_of(request)
        if user is None or request.path.startswith(self.OPEN) or not is_staff(user):
            return False
        # Asked every time: somebody may remove the factor in the same session. Codes for emergencies are none.
        return not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class ReturnToFormMiddleware:
    """Whoever sends a form after the session has ended comes back to its page, which an address for forms is not."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if request.method == "POST" and response.headers.get("Location", "").startswith(f"{login}?"):
            page = urlsplit(request.headers.get("Referer", ""))
            if page.netloc == request.get_host() and page.path:
                back = urlunsplit(("", "", page.path, page.query, ""))
                response.headers["Location"] = f"{login}?{urlencode({REDIRECT_FIELD_NAME: back})}"
        return response


class RefusalMiddleware:
    """Answers a step that came too late with a page that says what is true now."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NoLongerPossible):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": exception.message}, status=409)
        target = getattr(exception.thing, "get_absolute_url", lambda: "/")()
        return render(request, "409.html", {"message": exception.message, "target": target}, status=409)
