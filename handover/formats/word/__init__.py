"""Word documents, bytes → bytes: what one may hold, how it looks, and the marks that are put into it."""
