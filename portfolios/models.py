"""A person's own portfolio: entries, their versions, feedback on the language, pages, and links to share them."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, User
from credpoints.files.models import StoredFile
from portfolios.markup import as_html, count_words


class PortfolioQuerySet(models.QuerySet["Portfolio"]):
    def visible_to(self, user: User | None) -> "PortfolioQuerySet":
        """Only the own one: no role opens somebody else's portfolio."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(person__user=user)


class Portfolio(models.Model):
    """Everything a person shows about the own learning; it belongs to the person and outlives the programme."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="de")
    about = models.TextField(_("about me"), blank=True, max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PortfolioQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("portfolios:portfolio")

    @property
    def about_html(self) -> SafeString:
        return as_html(self.about)


class EntryKind(models.TextChoices):
    REFLECTION = "reflection", _("learning journal")
    ACHIEVEMENT = "achievement", _("achievement")
    CREDENTIAL = "credential", _("certificate")
    EVIDENCE = "evidence", _("example of work")
    EDUCATION = "education", _("education")
    EXPERIENCE = "experience", _("work experience")
    LANGUAGE = "language", _("language")
    SKILL = "skill", _("special competence")
    GOAL = "goal", _("goal")
    COVER_TEXT = "cover_text", _("text for an application")


class EntryState(models.TextChoices):
    DRAFT = "draft", _("draft")
    VISIBLE = "visible", _("can be shared")
    HIDDEN = "hidden", _("hidden")
    ARCHIVED = "archived", _("archived")


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User | None) -> "EntryQuerySet":
        """The own entries; nobody else's, whatever the role."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(portfolio__person__user=user)

    def entrusted_to(self, user: User | None) -> "EntryQuerySet":
        """Entries that their owners have handed to this person for feedback."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(feedback_requests__reviewer=user, feedback_requests__ended_at=None)

    def shareable(self) -> "EntryQuerySet":
        return self.filter(state=EntryState.VISIBLE)


class Entry(models.Model):
    """One text or one proven achievement. Verified entries come from results and certificates and are never edited."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=15, choices=EntryKind.choices, default=EntryKind.REFLECTION)
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.DRAFT)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True, max_length=20_000)
    language = models.CharField(_("language of the text"), max_length=10, default="de")
    occurred_on = models.DateField(_("date"), null=True, blank=True)
    skills = models.JSONField(_("skills"), default=list, blank=True)
    verified = models.BooleanField(default=False, editable=False)
    source = models.JSONField(default=dict, blank=True, editable=False)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    edition = models.PositiveIntegerField(default=1)  # rises with every save, so a stale form is noticed
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "source_key"], condition=~Q(source_key=""), name="portfolio_entry_source_once"
            ),
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="portfolio_entry_state_known"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="portfolio_entry_kind_known"),
            models.CheckConstraint(
                condition=Q(verified=False) | ~Q(source_key=""), name="portfolio_entry_verified_has_source"
            ),
        ]
        indexes = [models.Index(fields=["portfolio", "state"])]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("portfolios:entry", args=[self.uuid])

    @property
    def body_html(self) -> SafeString:
        return as_html(self.body)

    @property
    def word_count(self) -> int:
        return count_words(self.body)


class EntryVersion(models.Model):
    """What an entry said before: every text that was ever saved can be read again."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["entry_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="portfolio_entry_version_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.number}"

    @property
    def body_html(self) -> SafeString:
        return as_html(self.body)

    @property
    def word_count(self) -> int:
        return count_words(self.body)


class EntryFile(models.Model):
    """A picture or document that shows what an entry tells about; who may read the entry may open it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)

    class Meta:
        ordering = ["entry_id", "pk"]

    def __str__(self) -> str:
        return self.caption or self.file.name

    @property
    def is_picture(self) -> bool:
        return self.file.media_type.startswith("image/")

    @property
    def place(self) -> str:
        """Where it lies in the file that its owner keeps."""
        return f"files/{self.pk}-{self.file.name}"


class FeedbackRequest(models.Model):
    """An entry that its owner has handed to one person for feedback; ending it closes the door again."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="feedback_requests")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "reviewer"], condition=Q(ended_at=None), name="portfolio_feedback_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.reviewer_id}"


class SuggestionState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class LanguageSuggestion(models.Model):
    """A proposal for better wording of one passage; the owner decides about it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="suggestions")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    edition = models.PositiveIntegerField()
    start = models.PositiveIntegerField()  # of the passage in the text as it was then
    original = models.CharField(max_length=1000)
    proposal = models.CharField(_("better"), max_length=1000, blank=True)
    comment = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entry_id", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="portfolio_suggestion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="portfolio_suggestion_decided_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original} → {self.proposal}"


class Page(models.Model):
    """A selection of entries in an order of their own, made for one reader: “Application to Stromwerk”."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="pages")
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language of the page"), max_length=10, choices=settings.LANGUAGES, default="de")
    introduction = models.TextField(_("introduction"), blank=True, max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portfolios:page", args=[self.uuid])

    @property
    def introduction_html(self) -> SafeString:
        return as_html(self.introduction)


class PageEntry(models.Model):
    """One entry on a page."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="page_entries")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "entry"], name="portfolio_page_entry_once")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.entry_id}"


class ShareState(models.TextChoices):
    ACTIVE = "active", _("can be opened")
    REVOKED = "revoked", _("switched off")


class Share(models.Model):
    """A secret link to one page, for one reader, until a day or until it is switched off."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="shares")
    label = models.CharField(_("for whom"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=ShareState.choices, default=ShareState.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opens = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", revoked_at=None) | Q(state="revoked", revoked_at__isnull=False),
                name="portfolio_share_revoked_when",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="portfolio_share_expires_later"),
        ]

    def __str__(self) -> str:
        return self.label

    def is_open(self, now: datetime) -> bool:
        """Whether the link still opens the page at this moment."""
        return self.state == ShareState.ACTIVE and now < self.expires_at


def source_of(kind: str, **facts: Any) -> dict[str, Any]:
    """What a verified entry keeps of where it comes from, as plain JSON."""
    return {"kind": kind, **facts}
