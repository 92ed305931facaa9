"""The vault: credentials and issued passphrases in one encrypted workbook."""
