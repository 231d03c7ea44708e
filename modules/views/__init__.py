"""Pages of the catalogue, of people's own modules, of teachers' groups and of those who keep the catalogue."""
