"""Write reports: every renderer takes a Report and returns text."""
