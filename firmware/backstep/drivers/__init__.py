"""One chip family a file, given a bus, returning integers in canonical units."""
