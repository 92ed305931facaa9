"""What a contract says of its parties, its beginning and its notice: candidates, each with its sentence.

Role: text of a paper → `Contract`, or None for a paper that is none. The phrases are those of French and English
service contracts. It decides nothing: a person confirms.
"""

import re
from typing import Final

from handover.intake.parties import CLIENT, said_of_parties
from handover.intake.prose import Paper, date_of, language_of
from handover.intake.seen import Candidate, Contract
from handover.model.contract import Notice, NoticeFrom, NoticeUnit
from handover.model.notice import over
from handover.project.read.dates import DATE

_LAWS: Final = {
    "fr": r"français|france|french", "uk": r"england|wales|scotland|northern\sireland|english|scots|united\skingdom",
    "us": r"(?:the\s)?(?:state\sof|commonwealth\sof\s(?:massachusetts|virginia|pennsylvania|kentucky)|united\sstates|"
    r"california|new\syork|delaware|texas|florida|washington|illinois)",
}  # fmt: skip
"""Laws by the words of handover.yaml; any other is `other`."""
_COUNTS: Final = {
    word: count
    for count, words in {
        1: "a an one un une", 2: "two deux", 3: "three trois", 4: "four quatre", 5: "five cinq", 6: "six",
        7: "seven sept", 8: "eight huit", 9: "nine neuf", 10: "ten dix", 12: "twelve douze", 14: "fourteen quatorze",
        15: "fifteen quinze", 18: "eighteen dix-huit", 20: "twenty vingt", 30: "thirty trente", 45: "forty-five",
        60: "sixty soixante", 90: "ninety quatre-vingt-dix nonante", 120: "cent-vingt", 180: "cent-quatre-vingts",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNITS: Final = {
    "day": (1, "day"), "jour": (1, "day"), "week": (1, "week"), "semaine": (1, "week"), "fortnight": (2, "week"),
    "quinzaine": (15, "day"), "month": (1, "month"), "mois": (1, "month"), "quarter": (3, "month"),
    "trimestre": (3, "month"), "semestre": (6, "month"), "year": (12, "month"), "an": (12, "month"),
    "année": (12, "month"),
}  # fmt: skip
"""A unit in words → how many of which unit of handover.yaml it is."""
_PERIOD: Final = (
    rf"(?:\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})(?:\s?\(\d{{1,3}}\))?"
    rf"\s(?:(?:full|clear|calendar|working)\s)?(?:{'|'.join(_UNITS)})(?:e?s)?\b"
)
_MONTH_END: Final = re.compile(
    r"fin\s(?:d['’]un|du|de\schaque)\smois|end\sof\s(?:a|the|any|each)\s(?:calendar\s)?month"
    r"|premier\sjour\sdu\smois\s(?:civil\s)?(?:suivant|qui\ssuit)|first\s(?:day\s)?of\sthe\s(?:following|next)\s(?:calendar\s)?month",
    re.IGNORECASE,
)
_LAW_OF: Final = (
    r"\b(?:droit|lois?)\s"
    r"(?:(?:en\svigueur|applicables?|dans|de|du|des|en|au|la|les|province|république|royaume)\s|l['’]){0,6}(\w+)"
)
_SAID: Final = r"(?:[^.;:]|\.(?=\w)){6,140}?"
"""Words up to a sentence's end; the point in a domain's name is none."""
_PHRASES: Final[dict[str, tuple["re.Pattern[str]", ...]]] = {
    key: tuple(re.compile(one, re.IGNORECASE) for one in expressions)
    for key, expressions in {
        "contract.start_date": (
            rf"(?:as\sof|dated)\s({DATE})\s?\(the\s[\"“]effective\sdate",
            (
                rf"(?:prend(?:ra)?\s(?:effet|cours)|entre(?:ra)?\sen\svigueur|débute(?:ra)?|démarre(?:ra)?|effective\sdate|start\sdate|date\sde\sdébut|"
                rf"commencement\sdate|date\sd['’](?:effet|entrée\sen\svigueur)|takes?\seffect|(?:shall\s)?commences?)"
                rf"[^.;\d]{{0,40}}?({DATE})"
            ),
            (
                rf"(?:commence(?:ra)?|starts?|begins?|with\seffect\sfrom|effective\sfrom|à\scompter\sdu|à\spartir\sdu)"
                rf"[^.;\d]{{0,30}}?({DATE})"
            ),
        ),
        "contract.notice_period": (
            rf"avis\sde\s(?:résiliation|fin)\s?(?::|de|d['’])\s?({_PERIOD})",
            rf"(?:préavis|délai\sde\sprévenance)\s(?:écrit\s|de\srésiliation\s)?(?:est\s)?(?:de\s|d['’]|:\s)(?:au\smoins\s)?({_PERIOD})",
            rf"({_PERIOD})\sde\spréavis",
            rf"({_PERIOD})['’]?s?['’]?\s(?:prior\s)?(?:written\s)?notice",
            rf"notice(?:\speriod)?\s?(?:\sof\s|\sis\s|:\s)(?:not\sless\sthan\s|at\sleast\s)?({_PERIOD})",
        ),
        "contract.reference": (
            (
                r"(?:contrat|convention|mission|agreement|contract)\s(?:[^\W\d_]{2,20}\s){0,4}"
                r"(?:n°|nº|(?:no\.?|ref\.?|réf\.?|référence|reference|number)(?![^\W\d_]))\s?:?\s?([A-Z0-9][\w./-]{2,30}\w)"
            ),
            r"(?:référence|réf\.|\bréf(?=\s?:)|reference|\b(?:our\s)?ref\.?(?=\s?:))(?:\s(?:(?:du|de\s(?:la|cette)|of\s(?:the|this))\s)?(?:contrat|convention|mandat|agreement|contract))?\s?:?\s?([A-Z]{1,6}[-/.]?[\w./-]{0,20}\d)",
            (
                r"(?:n°|nº|\bno\.?|numéro|number)\s(?:(?:de|du|of)\s)?(?:the\s)?(?:contrat|mandat|convention|agreement|contract)"
                r"\s?:?\s?([A-Z0-9][\w./-]{2,30}\w)"
            ),
            r"n°\s?:?\s?([A-Z0-9][\w./-]{2,20}\w)\s(?=entre\b)",
        ),
        "contract.subject": (
            (
                rf"conditions\sdans\slesquelles\s[^.;:]{{3,40}}?\s(?:assure|réalise|fournit|gère|prend\sen\scharge)(?:ra)?\s"
                rf"((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)"
            ),
            rf"a\spour\sobjet\s(?:de\sconfier\sau\s\w+\s)?(?::\s)?((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)",
            (
                r"(?:assure(?:ra)?|réalise(?:ra)?|fourni(?:t|ra)|gère(?:ra)?|prend(?:ra)?\sen\scharge)"
                r"\s(?:(?:pour|auprès|au\sbénéfice)\s(?:du|de\sla|le|la)|au|à\sla)\s\w+,?\s"
                rf"((?:la|le|les|l['’]|une?|des|son|sa|ses)\s?{_SAID})\s?[.;:](?!\w)"
            ),
            rf"est\schargée?\sde\s((?:la|les|l['’])\s?{_SAID})\s?[.;:](?!\w)",
            rf"services?\ssuivants?\s?:\s({_SAID})\s?[.;](?!\w)",
            rf"(?:\bwill|\bI|\bwe)\s(?:will\s)?(?:look\safter|manage|maintain|run)\s({_SAID})\s?[.;:](?!\w)",
            rf"confie\s(?:à|au)\s?[^,.;:]{{3,20}},?\s(?:qui\sl['’]accepte,?\s)?((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)",
            rf"objet(?:\sd(?:u\scontrat|e\sla\smission))?\s?:\s({_SAID})\s?[.;](?!\w)",
            rf"\bobjet\s((?-i:La|Le|Les|L['’])\s?{_SAID})\s?[.;](?!\w)",
            (
                r"\bobjet\.?\s(?:le\s|la\s|l['’])\s?\w+\s(?:assure(?:ra)?|réalise(?:ra)?|fourni(?:t|ra)|gère(?:ra)?|prend(?:ra)?\sen\scharge)\s"
                rf"((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)"
            ),
            (
                r"(?:supply\sof|provision\sof|provides?(?:\sthe\s\w+\swith)?|subject(?:\smatter)?(?:\sof\sthis\s\w+)?\sis)"
                rf"\s({_SAID})\s?[.;:](?!\w)"
            ),
        ),
        "contract.governing": (
            rf"(?:soumise?|régie?|régis|applicable|application)[^.;]{{0,40}}?{_LAW_OF}",
            rf"{_LAW_OF}\s(?:est\s(?:seul\s)?applicable|s['’]applique|régit)",
            (
                r"(?:governed|construed|interpreted)[^.;]{0,60}?\blaws?\sof\s(?:the\s)?"
                r"((?:state|commonwealth)\sof\s\w+|[A-Z]\w+(?:\s[A-Z]\w+)?)"
            ),
            r"governing\slaw\s?:\s(?:the\slaws?\sof\s)?([A-Z]\w+(?:\s[A-Z]\w+)?)",
            r"\b(english|scots|french)\slaw\s(?:applies|governs|shall\sapply)",
            r"(?:governed|construed)\s(?:by|under|in\saccordance\swith)\s(english|scots|french)\slaw",
        ),
        "letter.place": (
            (
                r"(?:(?:fait|signée?|conclue?)\sà|signed\s(?:at|in)|done\sat)\s([A-ZÉ][\w'’ -]{2,30}?),?\s"
                r"(?:en\s[\w\s()]{3,40},?\s)?(?:le|on)\s"
            ),
        ),
    }.items()
}
_WORDS_OF_PERIOD: Final = re.compile(
    rf"(?<![\w.,-])(\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
    r"(?:\s*\([^)]*\))?[\s\u00a0\u202f-]+(?:(?:full|whole|clear|calendar|working|business)\s+)?"
    rf"({'|'.join(_UNITS)})(?:s\b|['’]|\b)",
    re.IGNORECASE,
)
_OF_THE_CLIENT: Final = tuple(
    (re.compile(words, re.IGNORECASE), instead)
    for words, instead in (
        (
            (
                r",?\s(?:as\s(?:further\s|more\sfully\s)?(?:described|detailed|specified|defined|set\s(?:out|forth))|"
                r"tel(?:le)?s?\sque\s(?:décrit|défini|détaillé)|décrite?s?|définie?s?|détaillée?s?)"
                r"\s(?:in|under|at|dans|en|à)\s.*"
            ),
            "",
        ),
        (rf"\b(?:the\s)?(?:{CLIENT})['’]s\b", "your"),
        (rf"\s(?:of|for|to)\sthe\s(?:{CLIENT})\b", ""),
        (rf"\s(?:du|de\sla|pour\sle|pour\sla)\s(?:{CLIENT})\b", ""),
        # After "and", it's what was named before that has it: the site and its hosting.
        (r"(?<!\band\s)(?<!\bwith\s)\b(?:its|his|her)\b", "your"),
        (r"(?<!\bet\s)(?<!\bavec\s)\b(?:sa|son)\b", "votre"),
        (r"(?<!\bet\s)(?<!\bavec\s)\bses\b", "vos"),
    )
)
"""The contract speaks of the client, the letter to the client: "the management of its site" is theirs who read it."""
_MOST: Final = 1_000
_NAMED: Final = re.compile(
    r"\b(?:contrat|convention|entente|mandat|lettre\sde\smission|agreement|contract|engagement\sletter)\b",
    re.IGNORECASE,
)
_AMENDMENT: Final = re.compile(r"\b(?:avenant|amendment|addendum|variation\sagreement)\b", re.IGNORECASE)
"""What changes a contract: its days and its prices aren't the contract's."""
_TITLE: Final = 200
_TOP: Final = 3_000


def read_contract(paper: Paper) -> Contract | None:
    """What a contract says; None for a paper that names no two parties as a contract does."""
    text = paper.text
    if not _NAMED.search(text[:_TOP]):
        return None
    says = said_of_parties(paper)
    if not says:
        return None
    for key, expressions in {} if _AMENDMENT.search(text[:_TITLE]) else _PHRASES.items():
        if found := tuple(dict.fromkeys(_normal(key, one, paper) for one in paper.found(*expressions))):
            says[key] = tuple(one for one in found if one.value)
    return Contract(paper.file, language_of(text), {key: found for key, found in says.items() if found})


def _normal(key: str, found: Candidate, paper: Paper) -> Candidate:
    """A candidate as handover.yaml writes it; without a value where it means nothing."""
    value = found.value
    if key == "contract.start_date":
        day = paper.date(value)
        value = day.isoformat() if day else ""
    elif key == "contract.notice_period":
        value = re.sub(r"\s?\(\d+\)", "", value)
        if end := _MONTH_END.search(found.origin.sentence):
            value = f"{value}, {end[0]}"
    elif key == "contract.subject":
        for words, instead in _OF_THE_CLIENT:
            value = words.sub(instead, value)
        value = re.sub(r"^(?:La|Les?|L)\b", lambda article: article[0].lower(), value)
    elif key == "letter.place":
        value = value.title() if value.isupper() else value
    elif key == "contract.governing":
        value = next((law for law, words in _LAWS.items() if re.match(words, value, re.IGNORECASE)), "other")
    return found._replace(value=value)


def period_of(words: str) -> Notice | None:
    """The notice period that words mean: `trois (3) mois`, `30 days`. None where they give no number of a unit."""
    match = _WORDS_OF_PERIOD.search(words)
    if match is None:
        return None
    factor, unit = _UNITS[match[2].casefold()]
    count = int(match[1]) if match[1].isdigit() else _COUNTS[match[1].casefold()]
    if not 0 < count * factor < _MOST:
        return None
    runs = NoticeFrom.MONTH_END if _MONTH_END.search(words) else NoticeFrom.NOTICE
    return Notice.model_validate({"count": count * factor, "unit": NoticeUnit(unit), "from": runs})


def notice_ends(day: str, period: str) -> str:
    """The day on which a notice of `period` given on `day` (ISO) is over; empty where the words don't tell."""
    given, notice = date_of(day), period_of(period)
    return over(given, notice).isoformat() if given and notice else ""
