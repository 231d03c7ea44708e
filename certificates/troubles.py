"""Why files could not be made, told to staff: first what it means, then the reason as software gave it."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.keys import KeyUnavailable
from certificates.sealing import CannotSeal
from certificates.typesetting import CannotRender

MEANINGS: dict[str, Promise] = {
    CannotRender.__name__: gettext_lazy("The pages cannot be printed as they are: %(reason)s"),
    CannotSeal.__name__: gettext_lazy("The seal could not be put on: %(reason)s"),
    KeyUnavailable.__name__: gettext_lazy("The signing key cannot be used: %(reason)s"),
}


def in_words(error: str) -> str:
    """The meaning of what a job wrote down when it failed; empty when it did not fail."""
    if not error:
        return ""
    name, _colon, reason = error.partition(": ")
    if name in MEANINGS:
        return str(MEANINGS[name]) % {"reason": reason}
    return _("Something happened that was not foreseen: %(reason)s") % {"reason": error}
