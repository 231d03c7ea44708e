"""Pages for visitors, for applicants, and for staff."""
