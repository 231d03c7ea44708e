"""Every address of the house, room by room."""

from django.contrib import admin
from django.urls import include, path

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
handler403 = "credpoints.home.views.forbidden"
handler404 = "credpoints.home.views.not_found"
handler500 = "credpoints.home.views.server_error"
