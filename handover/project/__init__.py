"""A project's folder: read once, checked whole, its vault, and what must not leave it."""
