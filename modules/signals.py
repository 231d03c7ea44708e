"""What the catalogue tells the rooms above, inside the transaction of the change."""

from django.dispatch import Signal

enrolment_changed = Signal()  # enrolment: it was made or changed its state
result_final = Signal()  # result: it became final; `result.supersedes` is set when it corrects an earlier one
offering_changed = Signal()  # offering: its sessions or dates changed after people had enrolled
