"""What answers can mean, in words: rules, the profile and later rooms read them under these meanings."""

from django.utils.translation import gettext_lazy as _

OF_QUESTIONS = {
    "given_name": _("Given names"),
    "family_name": _("Family name"),
    "native_name": _("Name in the own script"),
    "residence": _("Country of residence"),
    "birth_date": _("Date of birth"),
    "phone": _("Telephone"),
    "motives": _("Motives"),
    "goal": _("Goal at work"),
    "weekly_hours": _("Hours per week"),
    "constraints": _("What limits the time"),
    "country": _("Country of the degree or work"),
    "kind": _("Kind of degree or work"),
    "field": _("Field of study"),
    "institution": _("University or school"),
    "title": _("Title of the degree, or the activity"),
    "title_translated": _("Title of the degree, translated"),
    "from": _("Begin"),
    "to": _("End"),
    "grade": _("Grade, original"),
    "grade_best": _("Best possible grade"),
    "grade_pass": _("Lowest grade to pass"),
    "documents": _("Documents"),
    "recognition": _("Recognition of the degree"),
    "organisation": _("Company or organisation"),
    "tasks": _("Tasks"),
    "hours": _("Hours of work"),
    "language": _("Language"),
    "first_language": _("Is the first language"),
    "levels": _("Levels in five skills"),
    "evidence": _("How the level is known"),
}
OF_PAGES = {
    "degrees": _("Degrees"),
    "experiences": _("Work experience"),
    "languages": _("Languages"),
}
