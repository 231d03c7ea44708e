"""Small pieces of pages: states, steps, sorting links."""

from typing import Any

from django import template
from django.http import HttpRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present address with some parameters changed, for filters, sorting and pages: `{% query page=2 %}`."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else request.path


@register.inclusion_tag("components/state.html")
def state(label: Any, tone: str = "neutral") -> dict[str, Any]:
    """A state in words with a shape and a colour; tones: neutral, current, good, warning, bad."""
    return {"label": label, "tone": tone}
