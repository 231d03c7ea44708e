from django.urls import path

from modules.views import catalogue, enrolments, groups, offerings, versions

app_name = "modules"
urlpatterns = [
    path("catalogue/", catalogue.catalogue_list, name="catalogue"),
    path("catalogue/moochub.json", catalogue.feed, name="feed"),
    path("catalogue/ours/", versions.kept, name="kept"),
    path("catalogue/<uuid:uuid>/", catalogue.module, name="module"),
    path("catalogue/<uuid:uuid>/data.json", catalogue.module_data, name="module_data"),
    path("catalogue/<uuid:uuid>/<int:number>/offer/", offerings.offering_new, name="offering_new"),
    path("catalogue/<uuid:uuid>/begin/", versions.version_begin, name="version_begin"),
    path("catalogue/<uuid:uuid>/<int:number>/edit/", versions.version_edit, name="version_edit"),
    path("catalogue/<uuid:uuid>/<int:number>/forget/", versions.version_forget, name="version_forget"),
    path("catalogue/<uuid:uuid>/<int:number>/discard/", versions.version_discard, name="version_discard"),
    path("catalogue/<uuid:uuid>/<int:number>/difference/", versions.version_difference, name="version_difference"),
    path("catalogue/<uuid:uuid>/<int:number>/<slug:step>/", catalogue.version_step, name="version_step"),
    path("offerings/<uuid:uuid>/", catalogue.offering, name="offering"),
    path("offerings/<uuid:uuid>/calendar.ics", catalogue.offering_calendar, name="offering_calendar"),
    path("offerings/<uuid:uuid>/enrol/", catalogue.offering_enrol, name="offering_enrol"),
    path("offerings/<uuid:uuid>/step/<slug:step>/", catalogue.offering_step, name="offering_step"),
    path("offerings/<uuid:uuid>/edit/", offerings.offering_edit, name="offering_edit"),
    path("offerings/<uuid:uuid>/dates/new/", offerings.session_new, name="session_new"),
    path("offerings/<uuid:uuid>/teachers/", offerings.teachers, name="teachers"),
    path("offerings/<uuid:uuid>/teachers/<int:pk>/end/", offerings.teacher_end, name="teacher_end"),
    path("offerings/dates/<uuid:uuid>/", offerings.session_edit, name="session_edit"),
    path("offerings/dates/<uuid:uuid>/cancel/", offerings.session_cancel, name="session_cancel"),
    path("my-modules/", enrolments.enrolments, name="enrolments"),
    path("my-modules/calendar.ics", catalogue.own_calendar, name="own_calendar"),
    path("my-modules/<uuid:uuid>/", enrolments.enrolment, name="enrolment"),
    path("my-modules/<uuid:uuid>/step/<slug:step>/", enrolments.enrolment_step, name="enrolment_step"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<uuid:uuid>/", groups.group, name="group"),
    path("groups/<uuid:uuid>/finalise/", groups.group_finalise, name="group_finalise"),
    path("groups/attendance/<uuid:uuid>/", groups.attendance, name="attendance"),
    path("groups/results/<uuid:uuid>/", groups.result, name="result"),
    path("groups/results/<uuid:uuid>/correct/", groups.result_correct, name="result_correct"),
]
