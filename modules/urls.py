from django.urls import path

from modules import views

app_name = "modules"
urlpatterns = [
    path("my-modules/", views.enrolments, name="enrolments"),
    path("my-modules/<uuid:uuid>/", views.enrolment, name="enrolment"),
    path("my-modules/<uuid:uuid>/accept/", views.enrolment_accept, name="enrolment_accept"),
    path("my-modules/<uuid:uuid>/withdraw/", views.enrolment_withdraw, name="enrolment_withdraw"),
]
