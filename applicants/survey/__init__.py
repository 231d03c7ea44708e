"""What a survey is, as plain data: sections, questions, conditions, and what is still missing.

A form version keeps one document (JSON). `Survey.read` turns it into these frozen classes; nothing here knows the
database, so conditions, requiredness and completeness are proved by property-based tests.

An answer has an address: `goal` in a plain section, `education.k3f.country` in the item `k3f` of a repeatable one,
`languages.a1.level.reading` for one part of a question with parts. The order of items is itself an answer, stored
under the section's key as a list of item keys. Values are what people typed, as text, also when it is not valid yet:
nothing typed is refused, it is only not complete.
"""

from applicants.survey.checking import Remark, Review, review_design
from applicants.survey.complaints import complaint
from applicants.survey.conditions import BrokenForm, Condition, Test
from applicants.survey.form import Survey
from applicants.survey.questions import Field, Option, Problem, Question, Section, label_of
from applicants.survey.shape import check_shape
from applicants.survey.showing import Shown
from applicants.survey.typed import clean_value, count_words, read_date, read_month, read_number
from applicants.survey.words import COMPARING, DEGREES, KEY, LEVELS, OPERATORS, QUESTION_TYPES, SKILLS, Answers

__all__ = [
    "COMPARING",
    "DEGREES",
    "KEY",
    "LEVELS",
    "OPERATORS",
    "QUESTION_TYPES",
    "SKILLS",
    "Answers",
    "BrokenForm",
    "Condition",
    "Field",
    "Option",
    "Problem",
    "Question",
    "Remark",
    "Review",
    "Section",
    "Shown",
    "Survey",
    "Test",
    "check_shape",
    "clean_value",
    "complaint",
    "count_words",
    "label_of",
    "read_date",
    "read_month",
    "read_number",
    "review_design",
]
