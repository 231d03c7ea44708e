"""Pages of portfolios: the owner's, the reviewer's, and the one behind a secret link."""
