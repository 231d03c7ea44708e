from django.urls import path, re_path

from certificates import public_views
from certificates.views import certificates, downloads, ending, register, runs, sharing, signing_keys, templates

app_name = "certificates"
urlpatterns = [
    path("certificates/", register.register, name="register"),
    path("certificates/<uuid:uuid>/", certificates.certificate, name="certificate"),
    path("certificates/revoke/", ending.revoke_many, name="revoke_many"),
    path("certificates/<uuid:uuid>/links/", sharing.share, name="share"),
    path("certificates/links/<uuid:uuid>/withdraw/", sharing.withdraw, name="withdraw_link"),
    path("certificates/keys/", signing_keys.keys, name="keys"),
    path("certificates/keys/<int:pk>/rotate/", signing_keys.rotate, name="rotate_key"),
    path("certificates/keys/<int:pk>/distrust/", signing_keys.distrust, name="distrust_key"),
    path("certificates/prepare/<uuid:uuid>/", certificates.prepare, name="prepare"),
    re_path(r"^certificates/(?P<uuid>[0-9a-f-]{36})/(?P<what>collect|confirm)/$", certificates.change, name="change"),
    path("certificates/<uuid:uuid>/approve/", certificates.approve, name="approve"),
    path("certificates/<uuid:uuid>/step/<slug:step>/", certificates.take_step, name="take_step"),
    path("certificates/<uuid:uuid>/revoke/", ending.revoke, name="revoke"),
    path("certificates/<uuid:uuid>/replace/", ending.replace, name="replace"),
    path("certificates/register.csv", register.export, name="export"),
    path("certificates/<uuid:uuid>/preview.pdf", certificates.preview, name="preview"),
    path("certificates/<uuid:uuid>/download.<slug:form>", downloads.download, name="download"),
    path("certificates/templates/", templates.templates, name="templates"),
    path("certificates/templates/<uuid:uuid>/", templates.template, name="template"),
    path("certificates/templates/<uuid:uuid>/version/", templates.begin_version, name="begin_version"),
    path("certificates/templates/<uuid:uuid>/release/", templates.release, name="release"),
    path("certificates/templates/<uuid:uuid>/logo/", templates.logo, name="logo"),
    path("certificates/templates/<uuid:uuid>/<int:number>/", templates.difference, name="difference"),
    path("certificates/runs/", runs.runs, name="runs"),
    path("certificates/runs/<uuid:uuid>/", runs.run, name="run"),
    path("certificates/runs/<uuid:uuid>/<slug:step>/", runs.take_run_step, name="take_run_step"),
    path("shown/<str:token>/", sharing.shown, name="shown"),
    path("verify/", public_views.verify, name="verify"),
    path("verify/file/", public_views.verify_file, name="verify_file"),
    path("verify/<str:code>/", public_views.verify_code, name="verify_code"),
    path("verify/<str:code>/answer.json", public_views.verify_answer, name="verify_answer"),
    path("credentials/<uuid:uuid>/", public_views.credential_page, name="credential_page"),
    path("issuers/<slug:slug>/did.json", public_views.issuer_did, name="issuer_did"),
    path("status/<slug:slug>/<int:number>", public_views.status_list, name="status_list"),
    path(".well-known/did.json", public_views.house_did, name="house_did"),
]
