from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"

    def ready(self) -> None:
        from credpoints.files import purposes  # noqa: PLC0415
        from planning import receivers, rules, tasks  # noqa: F401, PLC0415

        pdf = frozenset({"application/pdf"})
        purposes.register(purposes.Purpose("planning.document", rules.may_read_plan_file, media_types=pdf))
        purposes.register(purposes.Purpose("planning.signature", rules.may_read_plan_file))
