from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"

    def ready(self) -> None:
        from applicants import rules, workflow  # noqa: F401, PLC0415 - the tables register themselves
        from applicants.actions.filling import PURPOSE  # noqa: PLC0415
        from credpoints.files.purposes import Purpose, register  # noqa: PLC0415

        register(Purpose(PURPOSE, rules.may_read_document))
