"""Bytes in, bytes out: what knows a format of a file and nothing of this project's domain."""
