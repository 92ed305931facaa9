"""Compound files, the container of encrypted Office documents ([MS-CFB])."""
