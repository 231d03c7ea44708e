from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "credpoints.home"

    def ready(self) -> None:
        from credpoints.home import menu  # noqa: PLC0415 - models exist only once the apps are ready

        menu.register_home_pages()
