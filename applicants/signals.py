"""What this room tells those above; signals carry what stands beside them and are sent inside the transaction."""

from django.dispatch import Signal

application_submitted = Signal()  # application, by
application_invited = Signal()  # application, by
application_accepted = Signal()  # application, by
application_withdrawn = Signal()  # application, by
application_erased = Signal()  # application; its answers are gone, rooms above delete what they noted about it
person_forgotten = Signal()  # person; nothing needs the name any more
