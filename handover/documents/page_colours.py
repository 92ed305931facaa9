"""The colours of the start page's charts on a dark screen.

Role: pairs each colour that `formats.chart` draws with on white with one of the same meaning on `NIGHT`, for the page's
styles to put in its place: the drawing itself stays the one that is printed. It draws nothing.
"""

from dataclasses import fields

from handover.formats.chart.model import Look
from handover.formats.palette import night, palette


def at_night(colour: str) -> tuple[tuple[str, str], ...]:
    """(colour on white, colour on a dark screen) for every colour of a chart, in a brand's `#RRGGBB`."""
    shades = night(colour)
    dark = Look(current=shades.dark, baseline="#79818C", text=shades.grey, rule="#343A43")
    light = Look.of(palette(colour))
    drawn = [field.name for field in fields(Look) if field.name != "font"]
    # A colour that two things share on white is set once: the first of them, which is the more important, decides.
    pairs = {getattr(light, name): getattr(dark, name) for name in reversed(drawn)}
    return tuple(sorted(pairs.items()))
