"""Moments, translated texts, numbers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation

from credpoints.common.moments import write_moment, write_span
from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import missing_languages, text_in

TALK = datetime(2027, 7, 12, 8, 0, tzinfo=UTC)


def test_a_moment_names_the_place_and_the_reader_where_they_differ() -> None:
    with translation.override("en"), timezone.override("Europe/Berlin"):
        same = write_moment(TALK, "Europe/Berlin")
        other = write_moment(TALK, "Europe/Berlin", "Asia/Damascus")

    assert same == "Mon 12 July 2027, 10:00 (Berlin time)"
    assert other == "Mon 12 July 2027, 10:00 (Berlin time; 11:00 in Damascus)"


def test_a_moment_names_the_day_when_it_is_another_one_there() -> None:
    late = datetime(2027, 7, 12, 20, 30, tzinfo=UTC)

    with translation.override("en"):
        written = write_moment(late, "Europe/Berlin", "Asia/Tokyo")

    assert written == "Mon 12 July 2027, 22:30 (Berlin time; Tue 13 July 2027, 05:30 in Tokyo)"


def test_a_moment_in_german() -> None:
    with translation.override("de"):
        written = write_moment(TALK, "Europe/Berlin", "Europe/Berlin")

    assert written == "Mo, 12. Juli 2027, 10:00 (Ortszeit Berlin)"


def test_texts_fall_back_to_english_then_german_then_anything() -> None:
    assert text_in({"de": "Plan", "en": "plan"}, "de") == "Plan"
    assert text_in({"en": "plan", "sr": "план"}, "de") == "plan"
    assert text_in({"sr": "план"}, "de") == "план"
    assert text_in({}, "de") == ""
    assert missing_languages({"de": "Plan", "en": " "}, ["de", "en", "sr"]) == ["en", "sr"]


def test_numbers_are_written_in_local_form_without_needless_zeros() -> None:
    with translation.override("de"):
        german = [plain_number(Decimal("1.70")), plain_number(Decimal("100")), plain_number(14.5)]
    with translation.override("en"):
        english = plain_number(Decimal("1.70"))

    assert (german, english) == (["1,7", "100", "14,5"], "1.7")


def test_a_span_names_the_end_on_both_clocks() -> None:
    with translation.override("en"), timezone.override("Europe/Berlin"):
        same = write_span(TALK, TALK + timedelta(minutes=90), "Europe/Berlin")
        other = write_span(TALK, TALK + timedelta(minutes=90), "Europe/Berlin", "Asia/Damascus")
        night = write_span(TALK, TALK + timedelta(hours=15), "Europe/Berlin")

    assert same == "Mon 12 July 2027, 10:00–11:30 (Berlin time)"
    assert other == "Mon 12 July 2027, 10:00–11:30 (Berlin time; 11:00–12:30 in Damascus)"
    assert night == "Mon 12 July 2027, 10:00 – Tue 13 July 2027, 01:00 (Berlin time)"
