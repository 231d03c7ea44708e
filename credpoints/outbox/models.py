"""Mail: a row written in the transaction of the change, delivered by a job."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Role, User
from credpoints.organisations.models import programme_ids


class MessageState(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")
    UNCERTAIN = "uncertain", _("perhaps sent")
    SUPPRESSED = "suppressed", _("held back")


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, user: User | None) -> "OutboxMessageQuerySet":
        """The mails of the programmes that somebody administers or advises, and everybody's own."""
        if user is None or not user.is_authenticated:
            return self.none()
        mine = programme_ids(user, Role.PROGRAMME_ADMIN, Role.ADVISOR)
        return self.filter(Q(programme_id__in=mine) | Q(recipient=user))


class OutboxMessage(models.Model):
    """One mail to one person, in the language that the person reads."""

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    attachments = models.JSONField(default=list)  # [{"name", "type", "content"}] for texts such as calendar files
    programme_id = models.PositiveBigIntegerField(null=True)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    secret = models.BooleanField(default=False)  # carries a code or a sign-in link: staff never read it
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["programme_id", "-created_at"]),
            models.Index(fields=["object_type", "object_id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_mail_has_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
