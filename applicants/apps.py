from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicantsConfig(AppConfig):
    name = "applicants"

    def ready(self) -> None:
        from applicants import rules, workflow  # noqa: F401, PLC0415 - the tables register themselves
        from applicants.actions.documents import PURPOSE  # noqa: PLC0415
        from applicants.actions.logos import LOGO  # noqa: PLC0415
        from applicants.actions.reading import note_document_read  # noqa: PLC0415
        from credpoints.files.purposes import Purpose, register  # noqa: PLC0415
        from credpoints.http import navigation  # noqa: PLC0415

        register(Purpose(PURPOSE, rules.may_read_document, note_reading=note_document_read))
        register(Purpose(LOGO, rules.may_see_logo, may_upload=False))
        navigation.register(navigation.MenuItem(_("Applications"), "applicants:intake", rules.handles_any, order=20))
