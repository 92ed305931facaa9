"""Sealing: keys, signatures, encryption, passphrases.

It knows no document; only `keys` and `passphrase` read files.
"""
