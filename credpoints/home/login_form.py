"""One form signs in both ways: with a mailed code, or with a password by those who have set one."""

from allauth.account.forms import LoginForm as CodeOrPasswordForm
from django.utils.translation import gettext_lazy as _


class LoginForm(CodeOrPasswordForm):  # type: ignore[misc]
    """Without a password the address gets a code; nobody learns whether an account exists."""

    def _setup_password_field(self) -> None:
        password = self.fields["password"]
        password.required = False
        password.help_text = _("Only if you have set one. Leave it empty and we will mail you a code.")
        password.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update({"autocomplete": "username webauthn", "inputmode": "email"})
        self.fields["login"].widget.attrs.pop("placeholder", None)
