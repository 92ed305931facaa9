"""The documents of a bundle: one document = one module + one line in `registry` + its folder of words and template."""
