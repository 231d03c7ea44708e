"""The survey a new individual programme starts with: for people with a foreign degree, in German and English."""

from typing import Any


def _t(de: str, en: str) -> dict[str, str]:
    return {"de": de, "en": en}


def _q(key: str, kind: str, label: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": label, **more}


def _o(value: str, de: str, en: str) -> dict[str, Any]:
    return {"value": value, "label": _t(de, en)}


def _if(question: str, *values: str, operator: str = "is_one_of") -> dict[str, Any]:
    return {"match": "all", "tests": [{"question": question, "operator": operator, "values": list(values)}]}


def default_form() -> dict[str, Any]:
    """Six pages: person, education, work, languages, goals, consent."""
    return {
        "languages": ["de", "en"],
        "sections": [_person(), _education(), _work(), _languages(), _goals(), _consent()],
    }


def _person() -> dict[str, Any]:
    return {
        "key": "person",
        "title": _t("Zu Ihrer Person", "About you"),
        "questions": [
            _q("given_name", "text", _t("Vorname(n)", "Given name(s)"), required=True, maps_to="given_name",
               personal=True, help=_t("Wie im Pass.", "As in your passport.")),
            _q("family_name", "text", _t("Familienname", "Family name"), required=True, maps_to="family_name",
               personal=True),
            _q("native_name", "text", _t("Name in Ihrer Schrift", "Name in your own script"), maps_to="native_name",
               personal=True, help=_t("Wenn Ihr Name nicht lateinisch geschrieben wird, zum Beispiel رنا الخطيب.",
                                      "If your name is not written in Latin letters, for example رنا الخطيب.")),
            _q("residence", "country", _t("In welchem Land wohnen Sie?", "Which country do you live in?"),
               required=True, maps_to="residence", personal=True),
            _q("phone", "text", _t("Telefon", "Telephone"), maps_to="phone", personal=True,
               help=_t("Nur für Rückfragen zu Ihrer Bewerbung.", "Only for questions about your application.")),
        ],
    }  # fmt: skip


def _education() -> dict[str, Any]:
    return {
        "key": "education",
        "title": _t("Studium und Ausbildung", "Education"),
        "text": _t("Bitte beginnen Sie mit Ihrem höchsten Abschluss.", "Please begin with your highest degree."),
        "repeatable": True, "min_items": 1, "max_items": 8, "maps_to": "degrees",
        "item_label": _t("Abschluss", "Degree"),
        "questions": [
            _q("institution", "institution", _t("Hochschule oder Schule", "University or school"), required=True,
               maps_to="institution", help=_t("Tippen Sie einige Buchstaben oder schreiben Sie den Namen selbst.",
                                              "Type some letters, or write the name yourself.")),
            _q("institution_country", "country", _t("Land", "Country"), required=True, maps_to="country"),
            _q("degree_kind", "degree", _t("Art des Abschlusses", "Type of degree"), required=True, maps_to="kind"),
            _q("degree_title", "text", _t("Titel des Abschlusses im Original", "Title of the degree, original"),
               required=True, maps_to="title", help=_t("In der Sprache und Schrift der Urkunde.",
                                                       "In the language and script of the document.")),
            _q("degree_translated", "text", _t("Titel auf Deutsch oder Englisch", "Title in German or English"),
               maps_to="title_translated"),
            _q("study_field", "field", _t("Fach", "Field"), required=True, maps_to="field"),
            _q("study_from", "month", _t("Von (Monat/Jahr)", "From (month/year)"), maps_to="from"),
            _q("study_to", "month", _t("Bis (Monat/Jahr)", "To (month/year)"), required=True, maps_to="to"),
            _q("grade", "text", _t("Abschlussnote im Original", "Final grade, original"), maps_to="grade",
               help=_t("Zum Beispiel 71,3. Wir rechnen sie um und zeigen immer auch das Original.",
                       "For example 71.3. We convert it and always show the original too.")),
            _q("grade_best", "number", _t("Beste mögliche Note", "Best possible grade"), maps_to="grade_best",
               visible_if=_if("grade", operator="is_filled")),
            _q("grade_pass", "number", _t("Niedrigste Note zum Bestehen", "Lowest grade to pass"),
               maps_to="grade_pass", visible_if=_if("grade", operator="is_filled")),
            _q("recognition", "choice", _t("Ist der Abschluss in Deutschland anerkannt?",
                                           "Is the degree recognised in Germany?"), maps_to="recognition",
               options=[_o("none", "nein", "no"), _o("partial", "teilweise", "partly"), _o("full", "ja", "yes"),
                        _o("in_progress", "beantragt", "applied for"), _o("not_sought", "nicht beantragt",
                                                                         "not applied for")]),
            _q("degree_documents", "file", _t("Urkunde und Notenübersicht", "Diploma and transcript"),
               maps_to="documents", help=_t("PDF, JPEG oder PNG, bis 10 MB. Ein Foto genügt zunächst.",
                                            "PDF, JPEG or PNG, up to 10 MB. A photo is enough for now.")),
            _q("anabin_institution", "choice", _t("Hochschule in anabin", "Institution in anabin"), staff_only=True,
               options=[_o("plus", "H+", "H+"), _o("mixed", "H+/-", "H+/-"), _o("minus", "H-", "H-"),
                        _o("unlisted", "nicht verzeichnet", "not listed")]),
            _q("anabin_degree", "choice", _t("Bewertung des Abschlusses", "Evaluation of the degree"), staff_only=True,
               options=[_o("corresponds", "entspricht", "entspricht (corresponds)"),
                        _o("equivalent", "gleichwertig", "gleichwertig (equivalent)"),
                        _o("conditional", "bedingt vergleichbar", "bedingt vergleichbar (conditionally comparable)"),
                        _o("none", "keine Bewertung", "no evaluation")]),
            _q("anabin_note", "text", _t("Geprüft am, von wem, Fundstelle", "Checked when, by whom, source"),
               staff_only=True),
        ],
    }  # fmt: skip


def _work() -> dict[str, Any]:
    return {
        "key": "work",
        "title": _t("Berufserfahrung", "Work experience"),
        "text": _t("Auch unbezahlte Arbeit, Familienzeiten und Projekte zählen. Sie können diese Seite leer lassen.",
                   "Unpaid work, family time and projects count too. You can leave this page empty."),
        "repeatable": True, "min_items": 0, "max_items": 15, "maps_to": "experiences",
        "item_label": _t("Tätigkeit", "Activity"),
        "questions": [
            _q("work_kind", "choice", _t("Was war es?", "What was it?"), maps_to="kind",
               options=[_o("job", "Arbeitsstelle", "job"), _o("voluntary", "Ehrenamt", "voluntary work"),
                        _o("family", "Familienzeit", "family time"), _o("project", "Projekt", "project")]),
            _q("work_title", "text", _t("Tätigkeit", "Activity"), required=True, maps_to="title"),
            _q("work_organisation", "text", _t("Firma oder Einrichtung", "Company or organisation"),
               maps_to="organisation"),
            _q("work_country", "country", _t("Land der Tätigkeit", "Country of the activity"), maps_to="country"),
            _q("work_from", "month", _t("Beginn (Monat/Jahr)", "Start (month/year)"), required=True, maps_to="from"),
            _q("work_to", "month", _t("Ende (Monat/Jahr)", "End (month/year)"), maps_to="to",
               help=_t("Leer lassen, wenn Sie dort noch arbeiten.", "Leave empty if you still work there.")),
            _q("work_tasks", "longtext", _t("Aufgaben in Stichworten", "Tasks in a few words"), maps_to="tasks",
               max_words=150),
        ],
    }  # fmt: skip


def _languages() -> dict[str, Any]:
    return {
        "key": "languages",
        "title": _t("Sprachen", "Languages"),
        "text": _t("Bitte tragen Sie auf jeden Fall Deutsch ein. Die Stufen A1 bis C2 sind die des Europarats.",
                   "Please enter German in any case. The levels A1 to C2 are those of the Council of Europe."),
        "repeatable": True, "min_items": 1, "max_items": 10, "maps_to": "languages",
        "item_label": _t("Sprache", "Language"),
        "questions": [
            _q("language", "language", _t("Welche Sprache?", "Which language?"), required=True, maps_to="language"),
            _q("first_language", "choice", _t("Ist es Ihre Erstsprache?", "Is it your first language?"),
               required=True, maps_to="first_language", options=[_o("yes", "ja", "yes"), _o("no", "nein", "no")]),
            _q("levels", "cefr", _t("Ihr Niveau", "Your level"), required=True, maps_to="levels",
               visible_if=_if("first_language", "no")),
            _q("language_evidence", "choice", _t("Woher wissen Sie das?", "How do you know?"), maps_to="evidence",
               visible_if=_if("first_language", "no"),
               options=[_o("self", "eigene Einschätzung", "own estimate"), _o("certificate", "Zertifikat",
                        "certificate"), _o("test", "Einstufungstest", "placement test")]),
            _q("language_certificate", "file", _t("Sprachzertifikat", "Language certificate"),
               visible_if=_if("language_evidence", "certificate")),
        ],
    }  # fmt: skip


def _goals() -> dict[str, Any]:
    return {
        "key": "goals",
        "title": _t("Ziele und Zeit", "Goals and time"),
        "questions": [
            _q("motives", "multi", _t("Was trifft auf Sie zu?", "What applies to you?"), maps_to="motives",
               required=True, help=_t("Mehrere Antworten sind möglich.", "Several answers are possible."),
               options=[_o("other_occupation", "Ich arbeite nicht in meinem Beruf.",
                           "I do not work in my profession."),
                        _o("no_recognition", "Mein Abschluss ist nicht oder nur teilweise anerkannt.",
                           "My degree is not or only partly recognised."),
                        _o("after_break", "Ich steige nach einer Pause oder Elternzeit wieder ein.",
                           "I return after a break or parental leave."),
                        _o("reorientation", "Ich möchte mich neu orientieren.", "I want a new direction.")]),
            _q("goal", "longtext", _t("Was möchten Sie beruflich erreichen?", "What do you want to achieve at work?"),
               required=True, max_words=300, maps_to="goal"),
            _q("weekly_hours", "number", _t("Wie viele Stunden pro Woche haben Sie Zeit?",
                                            "How many hours per week do you have?"),
               required=True, minimum="2", maximum="45", maps_to="weekly_hours"),
            _q("constraints", "longtext", _t("Was sollen wir bei den Zeiten beachten?",
                                             "What should we consider about times?"), maps_to="constraints",
               max_words=150, personal=True, help=_t("Zum Beispiel Kinderbetreuung bis 15 Uhr. Das lesen nur die "
                                                     "Beraterinnen und Berater.",
                                                     "For example child care until 3 pm. Only advisors read this.")),
        ],
    }  # fmt: skip


def _consent() -> dict[str, Any]:
    return {
        "key": "consent",
        "title": _t("Einverständnis", "Consent"),
        "questions": [
            _q("privacy_note", "info", _t(
                "Ihre Angaben lesen nur die Beraterinnen und Berater und die Verwaltung dieses Programms. Wenn Sie "
                "nicht teilnehmen, löschen wir sie nach der festgelegten Frist.",
                "Only the advisors and administrators of this programme read your answers. If you do not take part, "
                "we delete them after the set time.")),
            _q("agree_data", "consent", _t("Ich bin einverstanden, dass meine Angaben zur Auswahl und Beratung "
                                           "verwendet werden.",
                                           "I agree that my answers are used for selection and consultation."),
               required=True),
            _q("agree_true", "consent", _t("Meine Angaben sind wahr und vollständig.",
                                           "My answers are true and complete."), required=True),
        ],
    }  # fmt: skip


def default_rules() -> list[dict[str, Any]]:
    """The rules of an individual programme for engineers with a foreign degree."""
    return [
        {"key": "degree_outside", "kind": "degree_outside", "params": {"country": "DE"},
         "message": _t("Sie haben einen Hochschulabschluss, den Sie außerhalb Deutschlands erworben haben.",
                       "You have a higher-education degree that you completed outside Germany.")},
        {"key": "degree_type", "kind": "degree_type",
         "params": {"outside": "DE", "accepted": ["bachelor", "master", "diploma", "doctorate"],
                    "comparable": ["other"]},
         "message": _t("Der Abschluss ist ein Bachelor, Master, Diplom oder vergleichbar.",
                       "The degree is a bachelor, master, diploma or comparable.")},
        {"key": "field", "kind": "field_in", "params": {"outside": "DE", "fields": ["06", "07"]},
         "message": _t("Sie haben ein technisches Fach studiert, zum Beispiel Ingenieurwesen, Architektur oder "
                       "Informatik.",
                       "You studied a technical field such as engineering, architecture or computing.")},
        {"key": "residence", "kind": "residence_in", "params": {"countries": ["DE"]},
         "message": _t("Sie wohnen in Deutschland.", "You live in Germany.")},
        {"key": "language", "kind": "language_min",
         "params": {"language": "de", "levels": {"listening": "B2", "reading": "B2", "interaction": "B2",
                                                 "writing": "B1"}},
         "message": _t("Ihr Deutsch reicht für das Studium: B2 im Hören, Lesen und in Gesprächen, B1 im Schreiben.",
                       "Your German is enough for studying: B2 in listening, reading and conversation, B1 in "
                       "writing.")},
    ]  # fmt: skip
