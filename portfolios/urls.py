from django.urls import path

from portfolios.views import entries, feedback, pages

app_name = "portfolios"
urlpatterns = [
    path("portfolio/", entries.portfolio, name="portfolio"),
    path("portfolio/about/", entries.about, name="about"),
    path("portfolio/export/", pages.export, name="export"),
    path("portfolio/entries/new/", entries.entry_new, name="entry_new"),
    path("portfolio/entries/new/save/", entries.entry_begin, name="entry_begin"),
    path("portfolio/entries/<uuid:uuid>/", entries.entry, name="entry"),
    path("portfolio/entries/<uuid:uuid>/edit/", entries.entry_edit, name="entry_edit"),
    path("portfolio/entries/<uuid:uuid>/save/", entries.entry_autosave, name="entry_autosave"),
    path("portfolio/entries/<uuid:uuid>/delete/", entries.entry_delete, name="entry_delete"),
    path("portfolio/entries/<uuid:uuid>/step/<slug:step>/", entries.entry_step, name="entry_step"),
    path("portfolio/entries/<uuid:uuid>/files/", entries.file_add, name="file_add"),
    path("portfolio/files/<int:pk>/remove/", entries.file_remove, name="file_remove"),
    path("portfolio/entries/<uuid:uuid>/ask/", feedback.ask, name="feedback_ask"),
    path("portfolio/feedback/<int:pk>/end/", feedback.end, name="feedback_end"),
    path("portfolio/suggestions/<int:pk>/<slug:step>/", feedback.decide, name="suggestion_decide"),
    path("portfolio/pages/new/", pages.page_new, name="page_new"),
    path("portfolio/pages/<uuid:uuid>/", pages.page, name="page"),
    path("portfolio/pages/<uuid:uuid>/edit/", pages.page_edit, name="page_edit"),
    path("portfolio/pages/<uuid:uuid>/delete/", pages.page_delete, name="page_delete"),
    path("portfolio/pages/<uuid:uuid>/share/", pages.share, name="share"),
    path("portfolio/links/<uuid:uuid>/revoke/", pages.revoke, name="share_revoke"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/<uuid:uuid>/", feedback.feedback_entry, name="feedback_entry"),
    path("p/<str:token>/", pages.shared, name="shared"),
    path("p/<str:token>/files/<uuid:uuid>/", pages.shared_file, name="shared_file"),
]
