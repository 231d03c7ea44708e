from django.urls import path

from credpoints.files import views

app_name = "files"
urlpatterns = [
    path("files/<uuid:uuid>/", views.download, name="download"),
    path("uploads/", views.upload_begin, name="upload_begin"),
    path("uploads/<str:token>/", views.upload_piece, name="upload_piece"),
]
