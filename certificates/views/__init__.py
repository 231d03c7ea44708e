"""Pages for staff and for holders; those for strangers are in `public_views`."""
