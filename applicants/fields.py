"""Fields of study: the codes of ISCED-F 2013 that people choose from, with short names of our own.

Narrow fields (three digits) for everything, detailed ones (four digits) where technical programmes look closer.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, tuple[str | Promise, dict[str, str | Promise]]] = {
    "07": (
        _("Engineering, manufacturing and construction"),
        {
            "0711": _("Chemical and process engineering"),
            "0712": _("Environmental protection technology"),
            "0713": _("Electricity and energy"),
            "0714": _("Electronics and automation"),
            "0715": _("Mechanics and metal trades"),
            "0716": _("Motor vehicles, ships and aircraft"),
            "0721": _("Food processing"),
            "0722": _("Materials: glass, paper, plastic, wood"),
            "0723": _("Textiles: clothes, footwear, leather"),
            "0724": _("Mining and extraction"),
            "0731": _("Architecture and town planning"),
            "0732": _("Building and civil engineering"),
            "079": _("Another technical field"),
        },
    ),
    "06": (
        _("Information and communication technologies"),
        {
            "0611": _("Computer use"),
            "0612": _("Database and network design and administration"),
            "0613": _("Software and applications development"),
            "061": _("Another field of computing"),
        },
    ),
    "05": (
        _("Natural sciences, mathematics and statistics"),
        {
            "051": _("Biological sciences"),
            "052": _("Environment"),
            "0531": _("Chemistry"),
            "0532": _("Earth sciences"),
            "0533": _("Physics"),
            "054": _("Mathematics and statistics"),
        },
    ),
    "01": (_("Education"), {"011": _("Education and teacher training")}),
    "02": (
        _("Arts and humanities"),
        {"021": _("Arts and design"), "022": _("Humanities"), "023": _("Languages")},
    ),
    "03": (
        _("Social sciences, journalism and information"),
        {"031": _("Social and behavioural sciences"), "032": _("Journalism and information")},
    ),
    "04": (_("Business, administration and law"), {"041": _("Business and administration"), "042": _("Law")}),
    "08": (
        _("Agriculture, forestry, fisheries and veterinary"),
        {
            "081": _("Agriculture"),
            "082": _("Forestry"),
            "083": _("Fisheries"),
            "084": _("Veterinary medicine"),
        },
    ),
    "09": (_("Health and welfare"), {"091": _("Health"), "092": _("Welfare and social work")}),
    "10": (
        _("Services"),
        {
            "101": _("Personal services, hotels, sports, tourism"),
            "102": _("Occupational health and safety"),
            "103": _("Security services"),
            "104": _("Transport services"),
        },
    ),
}
FIELD_CODES = {code: name for _broad, (_label, names) in FIELDS.items() for code, name in names.items()}


def field_name(code: str) -> str:
    """The name of a field for people; an unknown code stays itself."""
    name = FIELD_CODES.get(code) or (FIELDS[code][0] if code in FIELDS else code)
    return str(name)
