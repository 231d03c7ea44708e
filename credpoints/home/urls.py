from django.urls import path

from credpoints.home import programme_views, views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("preferences/language/", views.change_language, name="change_language"),
    path("preferences/theme/", views.change_theme, name="change_theme"),
    path("profile/", views.profile, name="profile"),
    path("my-path/", views.my_path, name="my_path"),
    path("today/", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("keys/", views.keys, name="keys"),
    path("preferences/keys/", views.change_keys, name="change_keys"),
    path("history/<str:object_type>/<int:pk>/", views.history, name="history"),
    path("outbox/", views.outbox_list, name="outbox"),
    path("outbox/<int:pk>/", views.outbox_message, name="outbox_message"),
    path("outbox/<int:pk>/resend/", views.outbox_resend, name="outbox_resend"),
    path("jobs/<int:pk>/progress/", views.job_progress, name="job_progress"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
    path("demo/sign-in/<str:token>/", views.demo_sign_in, name="demo_sign_in"),
    path("programme/new/", programme_views.programme_new, name="programme_new"),
    path("programme/<slug:slug>/", programme_views.programme, name="programme"),
    path("programme/<slug:slug>/settings/", programme_views.programme_settings, name="programme_settings"),
    path("programme/<slug:slug>/publish/", programme_views.programme_publish, name="programme_publish"),
    path("programme/<slug:slug>/people/", programme_views.programme_people, name="programme_people"),
    path("programme/<slug:slug>/people/<int:pk>/end/", programme_views.programme_end_role, name="programme_end_role"),
    path("health/", views.health, name="health"),
]
