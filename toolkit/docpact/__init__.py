"""Compile an API reference page into an executable contract and check real traffic against it."""
