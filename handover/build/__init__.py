"""The straight line from a checked project to a published bundle."""
