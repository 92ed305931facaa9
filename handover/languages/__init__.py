"""The languages of documents: their words, their files, and what a new one still lacks."""
