"""Calls over HTTP: sent byte for byte, signed, written as code, recorded as HAR."""
