"""Look for secrets and internal papers in what is about to leave in clear.

Role: the last look before publishing, at rendered documents and at the client's files: secrets of the vault and the
passphrases, files and texts that have the form of secrets, what internal/ says, other clients' names, traces in Office
files. It names the file, the line and the kind, never the secret. It can't see into pictures, films and most archives:
see docs/security.md. Nothing is imported here: the child that reads files apart needs little of it.
"""
