"""Open Packaging Conventions: a package as parts, relationships and content types (ECMA-376 Part 2)."""
