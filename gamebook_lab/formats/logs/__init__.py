"""Reading logs of any kind <-> the tidy ``sessions`` table."""
