from django.urls import path

from applicants.views import public, staff, survey

app_name = "applicants"
urlpatterns = [
    path("programmes/<slug:slug>/", public.programme, name="programme"),
    path("programmes/<slug:slug>/check/", public.quick_check, name="quick_check"),
    path("programmes/<slug:slug>/apply/", public.begin, name="begin"),
    path("applications/continue/<str:token>/", public.resume_link, name="resume_link"),
    path("applications/<uuid:uuid>/resume/", public.resume, name="resume"),
    path("applications/<uuid:uuid>/", survey.application, name="application"),
    path("applications/<uuid:uuid>/pages/<slug:key>/", survey.section, name="section"),
    path("applications/<uuid:uuid>/save/", survey.save, name="save"),
    path("applications/<uuid:uuid>/files/", survey.file_add, name="file_add"),
    path("applications/<uuid:uuid>/review/", survey.review, name="review"),
    path("applications/<uuid:uuid>/submit/", survey.submit, name="submit"),
    path("applications/<uuid:uuid>/verify/", survey.verify, name="verify"),
    path("applications/<uuid:uuid>/withdraw/", survey.withdraw, name="withdraw"),
    path("applications/<uuid:uuid>/information/", survey.information, name="request"),
    path("applications/<uuid:uuid>/copy.pdf", survey.copy, name="copy"),
    path("intake/", staff.intake, name="intake"),
    path("institutions/", survey.institutions, name="institutions"),
    path("programmes/<slug:slug>/applications/", staff.applications, name="applications"),
    path("programmes/<slug:slug>/applications/searches/", staff.search_save, name="search_save"),
    path("programmes/<slug:slug>/applications/bulk/", staff.bulk, name="bulk"),
    path("programmes/<slug:slug>/applications/export.<str:kind>", staff.applications_export, name="export"),
    path("dossiers/<uuid:uuid>/", staff.dossier, name="dossier"),
    path("dossiers/<uuid:uuid>/steps/<slug:name>/", staff.step, name="step"),
    path("dossiers/<uuid:uuid>/decision/", staff.decision, name="decision"),
    path("dossiers/<uuid:uuid>/comment/", staff.comment, name="comment"),
    path("dossiers/<uuid:uuid>/advisor/", staff.advisor, name="advisor"),
    path("dossiers/<uuid:uuid>/rank/", staff.rank, name="rank"),
    path("dossiers/<uuid:uuid>/rules/<slug:key>/", staff.override, name="override"),
]
