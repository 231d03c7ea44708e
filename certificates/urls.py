from django.urls import path, re_path

from certificates import public_views, views

app_name = "certificates"
urlpatterns = [
    path("certificates/", views.register, name="register"),
    path("certificates/<uuid:uuid>/", views.certificate, name="certificate"),
    path("certificates/prepare/<uuid:uuid>/", views.prepare, name="prepare"),
    re_path(r"^certificates/(?P<uuid>[0-9a-f-]{36})/(?P<what>collect|confirm)/$", views.change, name="change"),
    path("certificates/<uuid:uuid>/approve/", views.approve, name="approve"),
    path("certificates/<uuid:uuid>/step/<slug:step>/", views.take_step, name="take_step"),
    path("certificates/<uuid:uuid>/revoke/", views.revoke, name="revoke"),
    path("certificates/<uuid:uuid>/replace/", views.replace, name="replace"),
    path("certificates/register.csv", views.export, name="export"),
    path("certificates/<uuid:uuid>/preview.pdf", views.preview, name="preview"),
    path("certificates/<uuid:uuid>/download.<slug:form>", views.download, name="download"),
    path("verify/", public_views.verify, name="verify"),
    path("verify/file/", public_views.verify_file, name="verify_file"),
    path("verify/<str:code>/", public_views.verify_code, name="verify_code"),
    path("verify/<str:code>/answer.json", public_views.verify_answer, name="verify_answer"),
    path("credentials/<uuid:uuid>/", public_views.credential_page, name="credential_page"),
    path("issuers/<slug:slug>/did.json", public_views.issuer_did, name="issuer_did"),
    path("status/<slug:slug>/<int:number>", public_views.status_list, name="status_list"),
    path(".well-known/did.json", public_views.house_did, name="house_did"),
]
