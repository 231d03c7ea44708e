"""Every address of the house, room by room."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The technical pages have no door of their own: theirs would ask for no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("credpoints.home.urls")),
    path("", include("credpoints.files.urls")),
    path("", include("applicants.urls")),
    path("", include("planning.urls")),
    path("", include("modules.urls")),
    path("", include("portfolios.urls")),
    path("", include("certificates.urls")),
    path("accounts/", include("allauth.urls")),
    path("technical/", admin.site.urls),
]
handler400 = "credpoints.home.views.bad_request"
handler403 = "credpoints.home.views.forbidden"
handler404 = "credpoints.home.views.not_found"
handler500 = "credpoints.home.views.server_error"
