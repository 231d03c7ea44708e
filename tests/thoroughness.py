"""How much a run tries out: `script/test` a fair share in a few minutes, `.ci/run` everything."""

import itertools
import os
from typing import Literal

Theme = Literal["light", "dark"]
LANGUAGES = ("de", "en")
THEMES: tuple[Theme, ...] = ("light", "dark")

# .ci/run looks at each page in both languages and both themes. A theme changes colours and nothing else, a language
# words and nothing else, so that at the desk German in the light and English in the dark see nearly all there is.
EVERY_LOOK = bool(os.environ.get("EVERY_LOOK"))
LOOKS = list(itertools.product(LANGUAGES, THEMES) if EVERY_LOOK else zip(LANGUAGES, THEMES, strict=True))


def trials(many: int) -> int:
    """How many sequences a machine of states tries: all of them in .ci/run (which sets CI), a third at the desk."""
    return many if os.environ.get("CI") else many // 3
