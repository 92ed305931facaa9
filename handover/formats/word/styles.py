"""A document's named styles, as far as rules ask about them: headings, fonts, the default language.

Role: reads `styles.xml` (ECMA-376 Part 1, 17.7) once. It knows no text.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from lxml import etree

from handover.formats.word.colours import theme_slots
from handover.formats.word.ooxml import A, w

_OFF = {"0", "false", "off"}
_DEEPEST = 20
_FONTS = ("major", "minor")


class Styles:
    """The styles of one document; empty when it has none. `theme` and `settings` are the roots of those parts."""

    def __init__(
        self,
        root: etree._Element | None,
        theme: etree._Element | None = None,
        settings: etree._Element | None = None,
        *,
        first: bool = False,
    ) -> None:
        self.root = root
        self.slots = theme_slots(theme, settings)
        """The theme's colours by slot."""
        faces = {kind: None if theme is None else theme.find(f".//{{{A}}}{kind}Font/{{{A}}}latin") for kind in _FONTS}
        self.faces = {kind: one.get("typeface", "") for kind, one in faces.items() if one is not None}
        """The theme's fonts for Latin text, as `major` and `minor`."""
        found = [] if root is None else root.findall(w("style"))
        self._properties: dict[tuple[str, str], list[etree._Element]] = {}
        named = [(name, style) for style in found if (name := style.get(w("styleId"), ""))]
        self._by_id = dict(reversed(named) if first else named)
        is_twice = not first and len(named) > len(self._by_id)
        self.other = Styles(root, theme, settings, first=True) if is_twice else None
        """The same where of two styles of one id, as some editors write them, the first holds: programs differ."""

    def is_heading(self, style: str) -> bool:
        """Whether a paragraph in this style is a heading: it, or a style it is based on, has an outline level."""
        for found in self._chain(style):
            level = found.find(f"{w('pPr')}/{w('outlineLvl')}")
            if level is not None:
                return level.get(w("val"), "9") != "9"
        return False

    def default_language(self) -> str:
        """The language of text that names none (17.7.5.1), or an empty string."""
        if self.root is None:
            return ""
        lang = self.root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}/{w('lang')}")
        if lang is None:
            normal = next(iter(self.defaults()), None)
            lang = None if normal is None else self._by_id[normal].find(f"{w('rPr')}/{w('lang')}")
        return "" if lang is None else lang.get(w("val"), "")

    def named(self, element: etree._Element | None, kind: str) -> str:
        """The style that is meant: what names none, one that there isn't, or one of another kind, has the default."""
        name = "" if element is None else element.get(w("val"), "")
        found = self._by_id.get(name)
        return name if found is not None and found.get(w("type"), "paragraph") == kind else self._defaults.get(kind, "")

    def defaults(self) -> list[str]:
        """Ids of the styles that text has which names none."""
        return [name for name, style in self._by_id.items() if style.get(w("default"), "0") not in _OFF]

    def default_fonts(self) -> etree._Element | None:
        """The fonts of text that no style gives one (17.7.5.1)."""
        if self.root is None:
            return None
        return self.root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}/{w('rFonts')}")

    def fonts(self, style: str) -> etree._Element | None:
        """The fonts that a style gives, itself or through those it is based on."""
        found = (one.find(f"{w('rPr')}/{w('rFonts')}") for one in self._chain(style))
        return next((fonts for fonts in found if fonts is not None), None)

    def properties(self, style: str, kind: str) -> list[etree._Element]:
        """What a style says of its runs (`rPr`), paragraphs (`pPr`) …, and what those say that it is based on."""
        key = (style, kind)
        if key not in self._properties:
            self._properties[key] = [part for found in self._chain(style) for part in found.iterfind(w(kind))]
        return self._properties[key]

    def conditional(self, style: str, conditions: Sequence[str]) -> Iterator[etree._Element]:
        """The parts of a table's style for such cells (17.7.6), most telling first, then the style for them all."""
        chain = list(self._chain(style))
        for condition in conditions:
            for found in chain:
                yield from (part for part in found.iterfind(w("tblStylePr")) if part.get(w("type")) == condition)
        yield from chain

    def initial(self, kind: str) -> list[etree._Element]:
        """The document's defaults for runs (`rPr`) or paragraphs (`pPr`), 17.7.5."""
        key = ("", f"{kind}Default")
        if key not in self._properties:
            found = () if self.root is None else self.root.iterfind(f"{w('docDefaults')}/{w(key[1])}/{w(kind)}")
            self._properties[key] = list(found)
        return self._properties[key]

    @cached_property
    def _defaults(self) -> dict[str, str]:
        """The id of the style of what names none, by kind."""
        return {self._by_id[name].get(w("type"), "paragraph"): name for name in reversed(self.defaults())}

    def _chain(self, style: str) -> Iterator[etree._Element]:
        """The style and those it is based on; a circle ends after a while."""
        for _ in range(_DEEPEST):
            found = self._by_id.get(style)
            if found is None:
                return
            yield found
            based = found.find(w("basedOn"))
            style = "" if based is None else based.get(w("val"), "")


def is_on(element: etree._Element) -> bool:
    """The value of an on-off property (17.17.4): on unless it says otherwise."""
    return element.get(w("val"), "1") not in _OFF
