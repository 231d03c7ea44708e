"""Small forms to try things on, and strategies that draw them."""

from typing import Any

from hypothesis import strategies as st

from applicants.survey import Survey

OPTIONS = ("a", "b")
OPERATORS = ("is_one_of", "is_none_of", "is_filled", "is_empty")


def form(*questions: dict, **section: object) -> Survey:
    section = {"key": "page", "title": {"en": "Page"}, "questions": list(questions), **section}
    return Survey.read({"languages": ["en"], "sections": [section]})


def question(key: str, kind: str = "text", **more: object) -> dict:
    return {"key": key, "type": kind, "label": {"en": key}, **more}


def when(key: str, *wanted: str, operator: str = "is_one_of") -> dict:
    return {"match": "all", "tests": [{"question": key, "operator": operator, "values": list(wanted)}]}


def choose(key: str, *values: str, kind: str = "choice", **more: Any) -> dict:
    options = [{"value": value, "label": {"en": value}} for value in values]
    return question(key, kind, options=options, **more)


@st.composite
def conditions(draw, keys: list[str]) -> dict | None:
    """A condition of at most two tests on questions before it."""
    if not keys:
        return None
    test = st.builds(
        lambda before, operator, wanted: {"question": before, "operator": operator, "values": wanted},
        st.sampled_from(keys),
        st.sampled_from(OPERATORS),
        st.lists(st.sampled_from([*OPTIONS, "never"]), min_size=1, unique=True),
    )
    tests = draw(st.lists(test, max_size=2))
    return {"match": draw(st.sampled_from(["all", "any"])), "tests": tests} if tests else None


@st.composite
def chained_forms(draw) -> Survey:
    """Four questions with two options each; conditions look back at any of those before."""
    made: list[dict] = []
    for number in range(4):
        condition = draw(conditions([q["key"] for q in made]))
        made.append(choose(f"q{number}", *OPTIONS, visible_if=condition))
    return form(*made)


@st.composite
def paged_forms(draw) -> Survey:
    """Three pages, some with several entries, with one or two questions each, of one or of several answers."""
    pages: list[dict] = []
    seen: list[str] = []
    for page in "xyz":
        repeatable = draw(st.booleans())
        page_condition = draw(conditions(seen))
        here = list(seen)
        questions = []
        for number in "1" if page == "z" else "12":
            kind = draw(st.sampled_from(["choice", "multi"]))
            questions.append(choose(page + number, *OPTIONS, kind=kind, visible_if=draw(conditions(here))))
            here.append(page + number)
        pages.append({"key": page, "title": {"en": page}, "questions": questions, "visible_if": page_condition,
                      "repeatable": repeatable, "min_items": 1 if repeatable else 0})  # fmt: skip
        seen = seen if repeatable else here
    return Survey.read({"languages": ["en"], "sections": pages})
