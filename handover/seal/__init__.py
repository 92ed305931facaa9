"""Sealing: keys, signatures, encryption, passphrases. It knows no document, and only `keys` and `passphrase` read files."""
