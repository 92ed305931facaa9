"""The one place that drives docxtpl: its tags (`{%p %}`, `{%tr %}`, tags split by Word), none of its rewriting.

Role: `Filler` is docxtpl's template with what would change or lose a value switched off: text as given is written by
`handover.office.sandbox`, properties are rebuilt elsewhere, and XML that isn't well-formed is an error instead of being
repaired by dropping text.
"""

import re
from typing import Any

from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError as JinjaError
from lxml import etree

from handover.office.sandbox import failing_line

MISUSES = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
"""What Python raises where a tag takes a value for what it isn't: a text taken apart, a number compared with a text."""

_MOST_NEAR = 80
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


class Filler(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl's template for one rendering in our sandbox."""

    def patch_xml(self, src_xml: str) -> str:
        """The part as Jinja reads it: in tags, XML's escapes are the characters again, the ampersand's too."""
        return _TAG.sub(_unescaped, str(super().patch_xml(src_xml)))

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
        """The part with its tags filled.

        Raises XMLSyntaxError when the tags broke its structure, and Jinja's errors and MISUSES with a `near`: the text
        of the paragraph in which the tag stands.
        """
        try:
            rendered = str(super().render_xml_part(src_xml, part, context, jinja_env))
        except (JinjaError, *MISUSES) as error:
            error.near = _near(error, src_xml)  # type: ignore[union-attr]  # read by handover.office.docx
            raise
        # docxtpl goes on with a parser that recovers from errors, and loses text where it does.
        etree.fromstring(rendered.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        return rendered

    def resolve_listing(self, xml: str) -> str:
        """Nothing: line breaks and tabs are already what Word wants, and a value keeps its form feeds out."""
        return xml

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Nothing: properties are fixed, and a tag in them would never be seen."""


def _unescaped(tag: re.Match[str]) -> str:
    # The ampersand comes last: `&amp;lt;` is the text `&lt;`.
    return tag[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _near(error: Exception, source: str) -> str:
    line = getattr(error, "lineno", None) or failing_line(error)
    # docxtpl gives each paragraph a line of its own before Jinja sees the part.
    paragraphs = re.sub(r"<w:p([ >])", r"\n<w:p\1", source).split("\n")
    if line is None or not 0 < line <= len(paragraphs):
        return ""
    text = re.sub(r"<[^>]+>", "", paragraphs[line - 1]).strip()
    return text if len(text) <= _MOST_NEAR else f"{text[:_MOST_NEAR]}…"
