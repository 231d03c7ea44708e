"""What this room tells those above; every signal carries `application` and `by` and is sent inside the transaction."""

from django.dispatch import Signal

application_submitted = Signal()  # application, by
application_invited = Signal()  # application, by
application_accepted = Signal()  # application, by
application_withdrawn = Signal()  # application, by
