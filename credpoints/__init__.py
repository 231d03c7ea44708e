"""Credit Points: micro-credential programmes from the first question to a certificate."""
