"""What a contract says of its parties, its beginning and its notice: candidates, each with its sentence.

Role: text of a paper → `Contract`, or None for a paper that is none. The phrases are those of French and English
service contracts. It decides nothing: a person confirms.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from handover.intake.prose import DATE, Paper, date_of, flowing, language_of
from handover.intake.seen import Candidate, Contract
from handover.model.contract import Notice, NoticeFrom, NoticeUnit
from handover.model.notice import over

_CLIENT: Final = (
    r"clients?|cliente|customer|mandante?|commanditaire|annonceur|bénéficiaire|maître d['’]ouvrage|donneur d['’]ordre"
)
_AGENCY: Final = (
    r"prestataire|agence|agency|supplier|contractor|freelancer?|freelance|consultante?|fournisseur|mandataire|"
    r"service provider|provider|studio|designer|developer|développeu(?:r|se)|photographe?r?|vidéaste|"
    r"rédact(?:eur|rice)|graphiste|webmaster"
)
_ROLE: Final = re.compile(
    rf"[«“\"‘'(]\s{{0,2}}(?:(?:le|la|the)\s|l['’])?(?:(?P<client>{_CLIENT})|(?P<agency>{_AGENCY}))\s{{0,2}}[»”\"’')]"
    rf"|(?:ci-après|hereinafter|hereafter)\s?:?\s(?:\w+\s){{0,4}}?(?:(?:le|la|the)\s|l['’])"
    rf"(?:(?P<client2>{_CLIENT})|(?P<agency2>{_AGENCY}))\b",
    re.IGNORECASE,
)
"""Where a contract says what it calls a party."""
_LABEL: Final = re.compile(
    rf"(?:(?:le|la|the)\s)?(?:(?P<client>{_CLIENT})|(?P<agency>{_AGENCY}))(?:\s?:\s?(?P<rest>.{{0,400}})|\Z)",
    re.IGNORECASE,
)
_BLOCK: Final = 10
"""Lines below a party's label that describe it: name, street, town, who represents it."""
_BLOCK_ENDS: Final = re.compile(
    r"(?:et|and|article\b.*|\d+[.)]\s.*|(?:il a été|it is|whereas|start|date|référence|reference|"
    r"objet|subject|durée|term|notice|préavis|effective|commencement|services?|fees?|prix|price|honoraires)\b.*)",
    re.IGNORECASE,
)
_LONGEST: Final = 60
"""Characters of the longest line of an address."""
_NO_ADDRESS: Final = re.compile(
    r"capital\b|\b(?:siret|siren|rcs|tva|vat|ide)\b|R\.\s?C\.\s?S|company\s(?:number|no\b)|registered|représent|represented|"
    r"sole\strader|entrepreneur|\b(?:tél|tel|phone|mob)|e-?mail|courriel|@|^[+(\d][\d .()/-]{7,}$",
    re.IGNORECASE,
)
"""A line of a party's description that is none of its address."""
_BARE_PHONE: Final = re.compile(r"^((?:[^\d@]{0,9}[^\s@]+@\S+\s[^\w+(]{0,3})?)(\+?\(?\d[\d .()-]{7,20}\d)$")
"""A line that is a phone number, after an e-mail address or alone."""
_OPENING: Final = re.compile(
    r"(?:entre(?:\sles\ssoussignée?s)?|between|d['’]une\spart|d['’]autre\spart|parties)\s?[:,]?\s", re.IGNORECASE
)
_JOINING: Final = re.compile(
    r"[\s,;.)»”\"’(]*(?:d['’](?:une|autre)\spart)?[\s,;.)]*(?:et|and)?\s?[:,]?\s*(?:\(?[12ab][.)]\s*)?", re.IGNORECASE
)
_NAME_ENDS: Final = re.compile(
    r"\s?[,(;–—]|\s(?:dont|whose|représentée?|represented|of(?=\s\d|\s[A-Z])|au\scapital|sise?|a\s(?:company|limited))\b"
    r"|\s(?=SAS\b|SARL\b|SA\b|EURL\b|SASU\b)",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(
    r"^(?:la\s(?:société|SASU?|SARL|EURL|SA|SCI|SCEA)|l['’](?:entreprise|EURL|EARL)|le\sGAEC|the\scompany)\s(?=\S)",
    re.IGNORECASE,
)
_TRADING: Final = re.compile(
    r"(?P<person>[^,(]{3,60}?),?\s\(?(?:trading\sas|t/a|doing\sbusiness\sas|d/b/a|"
    r"(?:exerçant|exploitant|connue?)\s(?:son\sactivité\s)?sous\s(?:le\snom(?:\scommercial)?(?:\sde)?|l['’]enseigne))\s"
    r"[«“\"]?\s?(?P<name>[^,;(«»“”\"]{2,60}?)(?=\s?[,;(»”\"]|\sof\s|$)",
    re.IGNORECASE,
)
"""A person, and what they call their business."""
_FORM: Final = re.compile(
    r"\b(?:ltd|limited|llp|plc|inc|llc|gmbh|ag|sas|sasu|sarl|sàrl|eurl|sa|srl|bv|nv)\b\.?", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"(?:siège(?:\ssocial)?(?:\sest)?(?:\s(?:situé|sis|établi|fixé))?(?:\s(?:à|au))?|registered\soffice(?:\sis)?(?:\sat)?"
    r"|(?:place\sof\sbusiness|address)\sis(?:\sat)?|domiciliée?(?:\s(?:à|au))?|\bsise?(?:\s(?:à|au))?"
    r"|(?:adresse|address)\s?:|,\sof(?=\s))\s+"
    r"(?P<lines>.{5,160}?)(?=,?\s(?:immatricul|inscrit|prise?\sen|ayant|dûment|duly|agissant|enregistr|représent|registered|represented|RCS|R\.C\.S|SIRET|SIREN|sous\sle\s(?:n|SIR)|company\s"
    r"|TVA|VAT|IDE|CHE-|ci-après|hereinafter|acting|agissant|et\sreprésent|tél|tel\b|e-?mail|courriel)"
    r"|\s?(?!\(\d{4,5}\)|\([\w. ]{2,20}\)\s[A-Z]\d[A-Z]\s?\d[A-Z]\d)[(;«“]|\s\"|\.\s|\.?$)",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"(?:(?:[Rr]eprésentée?s?|[Rr]epresented|[Aa]cting)(?:\saux\sprésentes)?\s(?:par|by|through)(?:\s?:)?|prise?\sen\sla\spersonne\sde)\s"
    r"(?:son|sa|its)?\s?(?P<lead>[\w\s]{0,40}?)(?:,\s)?(?P<civility>M\.|Mme|Monsieur|Madame|Mr|Ms|Mrs|Dr)?\s?"
    r"(?P<name>[A-ZÉÈÀ][\w'’-]{1,30}(?:\s(?:[dD][ue]\s|[Ll]a\s|[Ll]e\s|[Vv]an\s|[Vv]on\s)?[A-ZÉÈÀ][\w'’-]{1,30}){1,3})"
    r"(?:,?\s(?:(?:agissant\s)?en\s(?:sa\s)?qualité\sd(?:e\s|['’])|its\s|her\s|his\s|son\s|sa\s)?"
    r"(?P<title>[^\W\d_][^,;.(«“\"\d]{2,50}))?"
)
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,15}", re.IGNORECASE)
_PHONE: Final = re.compile(
    r"(?:tél(?:éphone|\.)?|tel(?:ephone|\.)?|phone)\s?:?\s?(\+?\d[\d .()-]{7,20}\d)", re.IGNORECASE
)
_REGISTERED: Final = re.compile(
    r"((?:(?:SAS|SASU|SARL|EURL|SA|société\s[\w\s]{5,30}?)\sau\scapital\s(?:social\s)?de\s"
    r"[\d .\u00a0\u202f]{3,14}(?:€|euros?))"
    r"|(?:SIRET|SIREN|RCS|R\.\s?C\.\s?S\.(?=\s)|registre\sdu\scommerce|company\s(?:number|no\.?)|IDE|VAT|TVA)(?!\w)[^,;()«]{3,70})",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    rf"(?:on\sbehalf\sof|pour)\s(?:the\s|le\s|la\s|l['’])?(?:(?P<client>{_CLIENT})|(?P<agency>{_AGENCY}))\s?:\s"
    r"(?P<name>(?-i:[A-ZÉÈÀ])[\w'’-]{1,30}(?:\s(?-i:[A-ZÉÈÀ])[\w'’-]{1,30}){1,3})(?:,\s(?P<title>[^\W\d_][^,;.(«“\"\d]{2,50}?))?"
    r"(?=\s(?:signed|date|signature|pour|fait)\b|[,;.\n]|$)",
    re.IGNORECASE,
)
"""Who signs for a party, below the contract."""
_BARE_ADDRESS: Final = re.compile(
    r",\s(?P<lines>\d{1,4}(?:\s?(?:bis|ter))?,?\s[^,;(]{3,60}(?:,\s[^,;(]{3,40}){0,2}?[\s,–-]{1,3}"
    r"(?:\d{4,5}\s[A-ZÉ][\w'’ -]{1,40}"
    r"|[A-Z][\w ]{2,30}\s[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}))(?=[,;.(]|$)"
    r"|,\s(?P<swiss>[A-ZÉ][^,;(\d]{3,50}\s\d{1,4}\w?,\s(?:[A-Z]{1,2}-)?\d{4,5}\s[A-ZÉ][\w'’ -]{1,40}?)(?=[,;.(]|$)"
)
"""A street and a town that follow a name without saying that they are its address."""
_OF_ADDRESS: Final = re.compile(
    r"\sof\s(?P<lines>[^;(«“\"]{3,140}?(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|,\s[A-Z]{2}\s\d{5}(?:-\d{4})?))\b"
)
"""The address of a party in an English contract: `of 12 Harbour Street, Whitby YO22 4ET`."""
_TOWN_BEFORE_CODE: Final = re.compile(r"(?:,?\sà|,)\s([A-ZÉÈ][\w’' -]{1,40}?)\s\((\d{4,5})\)")
_LAWS: Final = {
    "fr": r"français|france|french", "uk": r"england|wales|scotland|northern\sireland|english|scots|united\skingdom",
    "us": r"(?:the\s)?(?:state\sof|commonwealth\sof\s(?:massachusetts|virginia|pennsylvania|kentucky)|united\sstates|"
    r"california|new\syork|delaware|texas|florida|washington|illinois)",
}  # fmt: skip
"""Laws by the words of handover.yaml; any other is `other`."""
_NO_TITLE: Final = re.compile(
    r"(?:ci-après|hereinafter|dont|whose|dûment|duly|ayant|née?\b|agissant|domicili|demeurant|en\svertu)", re.IGNORECASE
)

_PERIOD: Final = (
    r"(?:\d{1,3}|une?|deux|trois|quatre|six|one|two|three|four|six|thirty|trente|sixty|soixante|ninety|quatre-vingt-dix)"
    r"(?:\s?\(\d{1,3}\))?\s(?:mois|semaines?|jours?|(?:calendar\s)?(?:months?|weeks?|days?))"
)
_MONTH_END: Final = re.compile(
    r"fin\s(?:d['’]un|du|de\schaque)\smois|end\sof\s(?:a|the|any|each)\s(?:calendar\s)?month", re.IGNORECASE
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
            (
                rf"(?:prend(?:ra)?\seffet|entre(?:ra)?\sen\svigueur|débute(?:ra)?|effective\sdate|start\sdate|"
                rf"commencement\sdate|date\sd['’](?:effet|entrée\sen\svigueur)|takes?\seffect|(?:shall\s)?commences?)"
                rf"[^.;\d]{{0,40}}?({DATE})"
            ),
            (
                rf"(?:commence(?:ra)?|starts?|begins?|with\seffect\sfrom|effective\sfrom|à\scompter\sdu|à\spartir\sdu)"
                rf"[^.;\d]{{0,30}}?({DATE})"
            ),
        ),
        "contract.notice_period": (
            rf"(?:préavis|délai\sde\sprévenance)\s(?:écrit\s)?(?:est\s)?(?:de\s|d['’]|:\s)(?:au\smoins\s)?({_PERIOD})",
            rf"({_PERIOD})\sde\spréavis",
            rf"({_PERIOD})['’]?s?['’]?\s(?:prior\s)?(?:written\s)?notice",
            rf"notice\s(?:period\s)?(?:of\s|is\s|:\s)(?:not\sless\sthan\s|at\sleast\s)?({_PERIOD})",
        ),
        "contract.reference": (
            (
                r"(?:contrat|convention|agreement|contract)\s(?:[^\W\d_]{2,20}\s){0,4}"
                r"(?:n°|nº|(?:no\.?|ref\.?|réf\.?|référence|reference|number)(?![^\W\d_]))\s?:?\s?([A-Z0-9][\w./-]{2,30}\w)"
            ),
            r"(?:référence|réf\.|reference|\b(?:our\s)?ref\.?(?=\s?:))(?:\sdu\scontrat)?\s?:?\s?([A-Z]{1,6}[-/.]?[\w./-]{0,20}\d)",
            (
                r"(?:n°|nº|\bno\.?|numéro|number)\s(?:(?:de|du|of)\s)?(?:the\s)?(?:contrat|mandat|convention|agreement|contract)"
                r"\s?:?\s?([A-Z0-9][\w./-]{2,30}\w)"
            ),
        ),
        "contract.subject": (
            rf"a\spour\sobjet\s(?:de\sconfier\sau\s\w+\s)?(?::\s)?((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)",
            (
                r"(?:assure(?:ra)?|réalise(?:ra)?|prend(?:ra)?\sen\scharge)\s(?:(?:pour|auprès|au\sbénéfice)\s(?:du|de\sla|le|la)\s\w+,?\s)"
                rf"((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)"
            ),
            rf"services?\ssuivants?\s?:\s({_SAID})\s?[.;](?!\w)",
            rf"\bwill\s(?:look\safter|manage|maintain|run)\s({_SAID})\s?[.;:](?!\w)",
            rf"confie\s(?:à|au)\s?[^,.;:]{{3,20}},?\s(?:qui\sl['’]accepte,?\s)?((?:la|le|les|l['’]|une?|des)\s?{_SAID})\s?[.;:](?!\w)",
            rf"objet(?:\sdu\scontrat)?\s?:\s({_SAID})\s?[.;](?!\w)",
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

_WORDS_OF_PERIOD: Final = re.compile(
    rf"(?<![\w.,-])(\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
    r"(?:\s*\([^)]*\))?[\s\u00a0\u202f-]+(?:(?:full|whole|clear|calendar|working|business)\s+)?"
    rf"({'|'.join(_UNITS)})(?:s\b|['’]|\b)",
    re.IGNORECASE,
)
_OF_THE_CLIENT: Final = tuple(
    (re.compile(words, re.IGNORECASE), instead)
    for words, instead in (
        (rf"\bthe\s(?:{_CLIENT})['’]s\b", "your"),
        (rf"\s(?:of|for)\sthe\s(?:{_CLIENT})\b", ""),
        (rf"\s(?:du|de\sla|pour\sle|pour\sla)\s(?:{_CLIENT})\b", ""),
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
_BODY: Final = 700
"""Characters before a party's role in which the party is described."""


_ALONE: Final = re.compile(
    r"(?:auto-|micro-)?entrepreneure?(?:\sindividuel(?:le)?)?\b|\b(?-i:EI)\b|sole\strader", re.IGNORECASE
)


class _Party(NamedTuple):
    role: str
    body: str
    page: int
    text: str
    start: int
    end: int


def read_contract(paper: Paper) -> Contract | None:
    """What a contract says; None for a paper that names no two parties as a contract does."""
    text = paper.text
    if not _NAMED.search(text[:_TOP]):
        return None
    parties = [*_by_role(paper), *_by_label(paper)]
    if {party.role for party in parties} != {"client", "agency"}:
        return None
    says: dict[str, tuple[Candidate, ...]] = {}
    for party in parties:  # prose first: a list beside it adds what prose doesn't say
        for key, found in _party(paper, party):
            says.setdefault(key, found)
    for key, signatory in _signatories(paper):
        says.setdefault(key, (signatory,))
    if not {"client.name", "agency.name"} <= set(says):
        return None  # a template, or a form that nobody has filled in
    for key, expressions in {} if _AMENDMENT.search(text[:_TITLE]) else _PHRASES.items():
        if found := tuple(dict.fromkeys(_normal(key, one) for one in paper.found(*expressions))):
            says[key] = tuple(one for one in found if one.value)
    return Contract(paper.file, language_of(text), {key: found for key, found in says.items() if found})


def _normal(key: str, found: Candidate) -> Candidate:
    """A candidate as handover.yaml writes it; without a value where it means nothing."""
    value = found.value
    if key == "contract.start_date":
        day = date_of(value)
        value = day.isoformat() if day else ""
    elif key == "contract.notice_period":
        value = re.sub(r"\s?\(\d+\)", "", value)
        if end := _MONTH_END.search(found.origin.sentence):
            value = f"{value}, {end[0]}"
    elif key == "contract.subject":
        for words, instead in _OF_THE_CLIENT:
            value = words.sub(instead, value)
    elif key == "letter.place":
        value = value.title() if value.isupper() else value
    elif key == "contract.governing":
        value = next((law for law, words in _LAWS.items() if re.match(words, value, re.IGNORECASE)), "other")
    return found._replace(value=value)


def _by_role(paper: Paper) -> Iterator[_Party]:
    """The parties as prose describes them: what stands before « le Client »."""
    told: set[str] = set()
    for page, text in paper.flow():
        after = 0
        for match in _ROLE.finditer(text):
            role = "client" if match["client"] or match["client2"] else "agency"
            if role in told:
                continue
            begin = max(after, match.start() - _BODY)
            for opening in _OPENING.finditer(text, begin, match.start()):
                begin = opening.end()
            joined = _JOINING.match(text, begin, match.start())
            begin = joined.end() if joined else begin
            if match.start() - begin > 2:
                told.add(role)
                lines = _lines_of(paper.pages[page - 1], text, begin, match.start())
                body = _block(lines) if _is_block(lines) else text[begin : match.start()]
                yield _Party(role, body, page, text, begin, match.end())
            after = match.end()


def _lines_of(page: str, text: str, begin: int, end: int) -> list[str]:
    """The lines of a page that a part of its flowing text stands in, without an opened bracket at the end."""
    first = text.count(" ", 0, begin)
    last = first + len(text[begin:end].split())
    found, at = list[str](), 0
    for line in page.splitlines():
        words = line.split()
        own = words[max(0, first - at) : max(0, last - at)]
        found += [" ".join(own)] if own and not own[0].startswith("(") else []
        at += len(words)
    return found


def _is_block(lines: Sequence[str]) -> bool:
    """Whether lines are those of an envelope, not of a sentence: several, and all of them short."""
    return (
        len(lines) > 2 and max(map(len, lines)) <= _LONGEST and sum(map(len, lines)) <= len(lines) * _LONGEST * 2 // 3
    )


def _by_label(paper: Paper) -> Iterator[_Party]:
    """The parties as a list gives them: `Client : Maison Kervella, 3 rue du Port, 29900 Concarneau`."""
    lines = list(paper.lines())
    labels = {number: match for number, (_, line) in enumerate(lines) if (match := _LABEL.match(line))}
    for number, match in labels.items():
        page, line = lines[number]
        role = "client" if match["client"] else "agency"
        body, text = match["rest"] or "", line
        if not body:
            beside = number + 1 in labels  # two headings of a table, and then what stands below them
            start = number + 1 + beside
            below = [text for _, text in lines[start : start + 2 * _BLOCK]]
            kept = list(takewhile(lambda one: not _LABEL.match(one) and not _BLOCK_ENDS.fullmatch(one), below))
            columns = _columns(kept) if beside or number - 1 in labels else (kept, kept)
            own = columns[not beside][:_BLOCK]
            body, text = _block(own), ", ".join((line, *own))
        if body:
            yield _Party(role, body, page, text, 0, len(text))


def _columns(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The lines of two cells side by side, which papers give one after the other, or line by line in turn.

    The second begins where a second company is named; where none is, nobody can tell.
    """
    second = next(
        (at for at, line in enumerate(lines) if at and _FORM.search(line) and not _NO_ADDRESS.search(line)), 0
    )
    return (lines[::2], lines[1::2]) if second == 1 else (lines[:second], lines[second:] if second else [])


def _block(lines: Sequence[str]) -> str:
    """A party in lines as one: its name, then what has no word of its own as the address, then the rest."""
    address = [line for line in lines[1:] if not _NO_ADDRESS.search(line)]
    rest = [_BARE_PHONE.sub(r"\1tel \2", line) for line in lines[1:] if _NO_ADDRESS.search(line)]
    named = ", adresse : ".join(filter(None, (", ".join(lines[:1]), ", ".join(address))))
    return "; ".join((named, *rest)) if lines else ""


def _party(paper: Paper, party: _Party) -> Iterator[tuple[str, tuple[Candidate, ...]]]:
    body = party.body

    def told(value: str) -> tuple[Candidate, ...]:
        return (paper.candidate(value, party.page, party.text, party.start, party.end),)

    body = _BEFORE_NAME.sub("", body)
    end = _NAME_ENDS.search(body)
    name = flowing(body[: end.start()] if end else body)
    trading = _TRADING.match(body)
    if trading:
        name = trading["name"].strip(' »”"')
    if 1 < len(name) <= 80:
        yield f"{party.role}.name", told(name)
    if address := _ADDRESS.search(body) or _OF_ADDRESS.search(body) or _BARE_ADDRESS.search(body):
        lines = address["lines"] or address["swiss"]
        yield f"{party.role}.address", told(_TOWN_BEFORE_CODE.sub(r", \2 \1", lines.strip(" ,.")))
    if email := _EMAIL.search(body):
        yield f"{party.role}.email", told(email[0].rstrip("."))
    if phone := _PHONE.search(body):
        yield f"{party.role}.phone", told(phone[1])
    for key, value in _person(body, name, trading):
        yield f"{party.role}.{key}", told(value)
    numbers = [flowing(one[1]) for one in _REGISTERED.finditer(body)]
    if numbers:
        yield f"{party.role}.registration", (told(numbers[0])[0]._replace(value="\n".join(numbers[:4])),)


def _person(body: str, name: str, trading: "re.Match[str] | None") -> Iterator[tuple[str, str]]:
    """Who stands for a party, and as what: whom it names, or the sole trader that it is."""
    if person := _PERSON.search(body):
        yield "person", person["name"]
        title = (person["title"] or "").strip()
        title = (person["lead"] or "").strip() if not title or _NO_TITLE.match(title) else title
        if title and not re.match(r"représentante?\slégale?", title, re.IGNORECASE):
            yield "title", title[0].upper() + title[1:]
    elif trading and not _FORM.search(trading["person"]):
        yield "person", flowing(trading["person"])
    elif len(name.split()) == 2 and _ALONE.search(body):  # a sole trader signs for themselves
        yield "person", name


def _signatories(paper: Paper) -> Iterator[tuple[str, Candidate]]:
    """Who signs for each party, as the end of the contract tells it."""
    for page, text in paper.flow():
        for match in _SIGNED.finditer(text):
            role = "client" if match["client"] else "agency"
            yield f"{role}.person", paper.candidate(match["name"], page, text, match.start(), match.end())
            if match["title"]:
                yield f"{role}.title", paper.candidate(match["title"], page, text, match.start(), match.end())


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
