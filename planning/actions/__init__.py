"""Every write about consultations, participations and plans."""
