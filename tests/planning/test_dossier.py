"""What an advisor reads of the survey beside the record of the talk."""

from django.utils.translation import override

from planning.dossier import SurveyFacts

SKILLS = ("listening", "reading", "interaction", "production", "writing")


def facts(degrees=(), languages=()) -> SurveyFacts:
    return SurveyFacts({}, list(degrees), [], list(languages))


def test_a_degree_names_its_country_once() -> None:
    chosen = {"title": "Bachelor", "institution": "University of Aleppo (SY)", "country": "SY"}
    typed = {"title": "Licence", "title_translated": "Bachelor", "institution": "Institut du Littoral", "country": "SN"}

    with override("en"):
        assert facts(degrees=[chosen, typed, {"title": "Diplom"}]).degrees_with_place == [
            ("Bachelor", "University of Aleppo, Syria"),
            ("Bachelor", "Institut du Littoral, Senegal"),
            ("Diplom", ""),
        ]


def test_languages_are_written_out_with_their_levels() -> None:
    even = {"language": "de", "first_language": "no", "levels": dict.fromkeys(SKILLS, "B2")}
    uneven = {"language": "en", "levels": {"writing": "B1", "listening": "C1"}}
    native = {"language": "ar", "first_language": "yes"}

    with override("en"):
        assert facts(languages=[even, uneven, native]).languages_in_words == [
            "German: B2", "English: Listening C1, Writing B1", "Arabic: first language",
        ]  # fmt: skip
    with override("de"):
        assert facts(languages=[even, native]).languages_in_words == ["Deutsch: B2", "Arabisch: Erstsprache"]
