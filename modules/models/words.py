"""The words that a module and its offerings choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModuleKind(models.TextChoices):
    MODULE = "module", _("module")
    MICRO_CREDENTIAL = "micro_credential", _("micro-credential")
    UNIT = "unit", _("unit of learning outcomes")
    COURSE = "course", _("course")
    COACHING = "coaching", _("coaching")
    MENTORING = "mentoring", _("mentoring")
    PRACTICE = "practice", _("practice")
    BUNDLE = "bundle", _("bundle")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("replaced by a newer version")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Mode(models.TextChoices):
    ONSITE = "onsite", _("on campus")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("blended")


class CreditFramework(models.TextChoices):
    ECTS = "ects", _("ECTS")
    ECVET = "ecvet", _("ECVET points")
    NONE = "none", _("without credits")


class QualityAssurance(models.TextChoices):
    INTERNAL = "internal", _("internal quality assurance")
    ACCREDITED_PROGRAMME = "accredited_programme", _("part of an accredited programme")
    ACCREDITED = "accredited", _("accredited itself")
    EXTERNAL = "external", _("external review")


class Admission(models.TextChoices):
    UNSTATED = "", _("not stated")
    NONE = "none", _("none")
    RULES = "rules", _("conditions")


class Supervision(models.TextChoices):
    """The four values of the EU standard elements."""

    UNSUPERVISED = "unsupervised", _("unsupervised")
    SUPERVISED = "supervised", _("supervised without identity check")
    ONLINE_IDENTIFIED = "online_identified", _("supervised online with identity check")
    ONSITE_IDENTIFIED = "onsite_identified", _("supervised on site with identity check")


class OutcomeKind(models.TextChoices):
    KNOWLEDGE = "knowledge", _("knowledge")
    SKILL = "skill", _("skills")
    COMPETENCE = "competence", _("competence")


class Purpose(models.TextChoices):
    """What somebody takes it for: of academic programmes the first four, of vocational units the others."""

    SPECIALISE = "specialise", _("specialise")
    BROADEN = "broaden", _("broaden")
    REORIENT = "reorient", _("reorient")
    SELF_DEVELOPMENT = "self_development", _("develop oneself")
    VET_PREPARATION = "vet_preparation", _("prepare for vocational training")
    UPSKILLING = "upskilling", _("additional qualification")
    RETRAINING = "retraining", _("retraining")
    VALIDATION = "validation", _("validation of what was learned informally")


class NeedServed(models.TextChoices):
    SOCIETAL = "societal", _("society")
    PERSONAL = "personal", _("the person")
    CULTURAL = "cultural", _("culture")
    LABOUR = "labour", _("labour market")


class Context(models.TextChoices):
    """Where it can be used."""

    INITIAL = "initial", _("initial training")
    FURTHER = "further", _("further training")
    SCHOOL = "school", _("at school")
    WORKPLACE = "workplace", _("at the workplace")
    HIGHER = "higher", _("in higher education")


class TagKind(models.TextChoices):
    THEME = "theme", _("theme")
    SECTOR = "sector", _("sector")
    TARGET_GROUP = "target_group", _("target group")
