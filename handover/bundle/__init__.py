"""The bundle: its names and records, written, read, verified, extracted and published (docs/format.md)."""
