"""What the paragraphs of a template shouldn't say: unkind phrases, placeholder text, other clients' names.

Role: reports each by its rule. Which phrases are unkind is `handover.languages.tone`'s; placeholder text is the same in
every language.
"""

import re
from typing import Final

from handover.languages.tone import Phrases, Tone
from handover.model.message import msg
from handover.templating.report import Report
from handover.templating.stories import Paragraph

_PLACEHOLDER: Final = re.compile(
    r"(?P<lorem>(?i:\blorem\b(?:\s+ipsum\b)?|\bipsum dolor\b))"
    r"|(?P<mark>\b(?:TODO|FIXME|TBD|TBC)\b|(?<![A-Za-z])[Xx]{3,}(?![A-Za-z])|\?{3,})"
    r"|(?P<bracket>(?<!\[)\[[^\[\]\n]{0,60}\](?!\])|(?<!<)<[A-Za-zÀ-ÿ][^<>\n=]{1,60}>(?!>))"
)
_EDITORIAL: Final = re.compile(r"\[(\d[\d\s,;–-]*|sic|…|\.\.\.|[A-ZÀ-Ý][\w.’' -]+,? \d{4}[a-z]?)\]")
"""What brackets hold in finished texts: citations, omissions."""


def check_tone(paragraph: Paragraph, text: str, tone: Tone, deny: Phrases, report: Report) -> None:
    """Report what `text`, the paragraph's with its tags masked, shouldn't say."""
    for rule, message, span in tone.found(text):
        report.at(rule, paragraph, message, span=span)
    for found in _PLACEHOLDER.finditer(text):
        if not _EDITORIAL.fullmatch(found[0]):
            message = msg("has placeholder text: “{found}”", found=found[0][:40])
            report.at("tone.placeholder", paragraph, message, span=found.span())
    for found in deny.finditer(text):
        message = msg("names another client: “{split}”", split=" ".join(found[0].split()))
        report.at("tone.other-client", paragraph, message, span=found.span())
