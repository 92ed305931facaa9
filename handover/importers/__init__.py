"""Other programs' exports → the tables of a project: per table, one foreign format = one module."""
