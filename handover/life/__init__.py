"""The months around the last delivery: moments, journal, internal papers, what came back."""
