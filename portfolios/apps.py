from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"

    def ready(self) -> None:
        """Hear what the rooms below tell."""
        from portfolios import receivers  # noqa: F401, PLC0415
