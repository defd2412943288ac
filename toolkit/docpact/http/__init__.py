"""Calls over HTTP: sent byte for byte, signed, shown as code, kept as archives."""
