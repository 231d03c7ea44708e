"""What this room tells the rooms above, inside the transaction of the change."""

from django.dispatch import Signal

participation_opened = Signal()  # participation, by
plan_agreed = Signal()  # version, by
participation_completed = Signal()  # participation, by
practice_confirmed = Signal()  # placement, by
practice_set_aside = Signal()  # placement, by
