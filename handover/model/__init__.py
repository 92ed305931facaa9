"""The domain, validated and frozen, and what every part shares: errors, findings, secrets, places."""
