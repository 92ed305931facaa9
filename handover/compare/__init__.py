"""Then and now: what changed between two periods, said only where the data allow it.

Role: pure functions from metric definitions, rows and periods to comparisons with their caveats (`change`), and
from those to sentences in the client's language (`wording`). It reads no file and draws nothing.
"""
