from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        """Register the steps and who may read the files."""
        from certificates import receivers, rules, workflow  # noqa: F401, PLC0415
        from credpoints.files import purposes  # noqa: PLC0415
        from credpoints.http.navigation import MenuItem, register  # noqa: PLC0415

        register(MenuItem(_("Certificates"), "certificates:register", rules.keeps_register, order=60))
        register(MenuItem(_("Check a certificate"), "certificates:verify", rules.is_visitor, order=60))
        purposes.register(purposes.Purpose(key="certificates.document", may_read=rules.may_read_file, may_upload=False))
        purposes.register(
            purposes.Purpose(
                key="certificates.logo",
                may_read=rules.may_read_logo,
                media_types=frozenset({"image/png", "image/jpeg"}),
                max_size=5 * purposes.MEGABYTE,
                may_upload=False,
            )
        )
