"""What people write in an entry (Markdown) and what a page shows (a few harmless elements)."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
# Headings start at the fourth level: the page's own headings come before them.
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "a", "h4", "h5", "h6", "hr"}
_HEADINGS = {"h1": "h4", "h2": "h5", "h3": "h6"}
_WORD = re.compile(r"\w+(?:[-'’]\w+)*", re.UNICODE)


def as_html(text: str) -> SafeString:
    """Turn Markdown into clean HTML; links open safely, pictures and raw HTML do not survive."""
    html = _MARKDOWN.render(text)
    for written, shown in _HEADINGS.items():
        html = html.replace(f"<{written}>", f"<{shown}>").replace(f"</{written}>", f"</{shown}>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)


def count_words(text: str) -> int:
    """Count words as a reader would: letters and digits in any script, hyphens and apostrophes inside."""
    return len(_WORD.findall(text))


def position_of(text: str, passage: str, near: int) -> int | None:
    """Where a passage stands in a text now: the place nearest to where it was, None when it is gone."""
    places = []
    found = text.find(passage) if passage else -1
    while found >= 0:
        places.append(found)
        found = text.find(passage, found + 1)
    return min(places, key=lambda place: abs(place - near), default=None)
