"""Whom a contract is between: names, addresses, people, registrations, as its prose, lists and tables give them.

Role: text of a paper → candidates by key (`client.name`), each with its sentence. It decides nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from handover.intake.prose import Paper, flowing
from handover.intake.seen import Candidate

CLIENT: Final = (
    r"clients?|cliente|customer|mandante?|commanditaire|annonceur|bénéficiaire|maître d['’]ouvrage|donneur d['’]ordre"
)
_AGENCY: Final = (
    r"prestataire|agence|agency|supplier|contractor|freelancer?|freelance|consultante?|fournisseur|mandataire|"
    r"service provider|provider|studio|designer|developer|développeu(?:r|se)|photographe?r?|vidéaste|"
    r"rédact(?:eur|rice)|graphiste|webmaster"
)
_ROLE: Final = re.compile(
    rf"[«“\"‘'(]\s{{0,2}}(?:(?:le|la|the)\s|l['’])?(?:(?P<client>{CLIENT})|(?P<agency>{_AGENCY}))\s{{0,2}}[»”\"’')]"
    rf"|(?:ci-après|hereinafter|hereafter)\s?:?\s(?:\w+\s){{0,4}}?(?:(?:le|la|the)\s|l['’])"
    rf"(?:(?P<client2>{CLIENT})|(?P<agency2>{_AGENCY}))\b",
    re.IGNORECASE,
)
"""Where a contract says what it calls a party."""
_LABEL: Final = re.compile(
    rf"(?:(?:le|la|the)\s)?(?:(?P<client>{CLIENT})|(?P<agency>{_AGENCY}))(?:\s?:\s?(?P<rest>.{{0,400}})|\Z)",
    re.IGNORECASE,
)
_BLOCK: Final = 10
"""Lines below a party's label that describe it: name, street, town, who represents it."""
_BLOCK_ENDS: Final = re.compile(
    r"(?:et|and|article\b.*|\d+[.)]\s.*|(?:il a été|it is|whereas|start|date|référence|reference|"
    r"objet|subject|durée|term|notice|préavis|effective|commencement|services?|fees?|prix|price|honoraires)\b.*)",
    re.IGNORECASE,
)
_DETAIL: Final = re.compile(
    r"(?:registered\soffice|address|adresse|siège|represented|représentée?|e-?mail|courriel|tel|tél|phone|company\snumber)\b",
    re.IGNORECASE,
)
"""How a line begins that goes on describing a party named on the line above."""
_LONGEST: Final = 60
"""Characters of the longest line of an address."""
_RUNS_ON: Final = re.compile(
    r"\s(?:est|sont|à|la|le|les|de|du|des|par|au|aux|sous|dont|une?|is|are|the|of|by|at|in|whose|and)$"
)
"""How a line ends that a narrow column broke, and no envelope's does."""
_NO_ADDRESS: Final = re.compile(
    r"capital\b|\b(?:siret|siren|rcs|tva|vat|ide)\b|R\.\s?C\.\s?S|company\s(?:number|no\b)|registered|représent|represented|"
    r"sole\strader|entrepreneur|\b(?:tél|tel|phone|mob)|e-?mail|courriel|@|^[+(\d][\d .()/-]{7,}$",
    re.IGNORECASE,
)
"""A line of a party's description that is none of its address."""
_BARE_PHONE: Final = re.compile(r"^((?:[^\d@]{0,9}[^\s@]+@\S+\s[^\w+(]{0,3})?)(\+?\(?\d[\d .()-]{7,20}\d)$")
"""A line that is a phone number, after an e-mail address or alone."""
_OPENING: Final = re.compile(
    r"(?:(?:entre(?:\sles\ssoussignée?s)?|between|d['’]une\spart|d['’]autre\spart|parties)\s?[:,]?"
    r"|(?<!\w)(?:and|et)\s?:)\s",
    re.IGNORECASE,
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
    r"^(?:la\s(?:société|SASU?|SARL|EURL|SA|SCI|SCEA|SRL|SPRL|SNC)|l['’](?:entreprise|association|EURL|EARL|ASBL)|le\sGAEC|the\scompany)\s(?=\S)",
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
    r"(?:siège(?:\ssocial)?(?:\sest)?(?:\s(?:situé|sis|établi|fixé))?(?:\s(?:à|au))?|registered\soffice(?:\sis)?(?:\sat)?(?:\s?:)?|offices?\sat"
    r"|(?:place\sof\sbusiness|address)\sis(?:\sat)?|domiciliée?(?:\s(?:à|au))?|\bsise?(?:\s(?:à|au))?"
    r"|(?:adresse|address)\s?:|,\sof(?=\s))\s+"
    r"(?P<lines>.{5,160}?)(?=,?\s(?:immatricul|inscrit|prise?\sen|ayant|dûment|duly|agissant|enregistr|représent|registered|represented|RCS|R\.C\.S|SIRET|SIREN|sous\sle\s(?:n|SIR)|company\s"
    r"|TVA|VAT|IDE|CHE-|BCE|NEQ|ci-après|hereinafter|acting|agissant|et\sreprésent|tél|tel\b|e-?mail|courriel)"
    r"|\s?(?!\(\d{4,5}\)|\([\w. ]{2,20}\)\s[A-Z]\d[A-Z]\s?\d[A-Z]\d)[(;«“]|\s\"|\.\s|\.?$)",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"(?:(?:[Rr]eprésentée?s?|[Rr]epresented|[Aa]cting)(?:\saux\sprésentes)?\s(?:par|by|through)(?:\s?:)?|prise?\sen\sla\spersonne\sde)\s"
    r"(?:son|sa|its)?\s?(?P<lead>[\w\s]{0,40}?)(?:,\s)?(?P<civility>M\.|Mme|Monsieur|Madame|Mr|Ms|Mrs|Dr)?\s?"
    r"(?P<name>[A-ZÉÈÀÎÔ][\w'’-]{1,30}"
    r"(?:\s(?:[dD](?:[ue]|e\sla|es)\s|[dD]['’]|[Ll][ae]\s|[Vv][ao]n\s(?:de[rn]?\s)?)?[A-ZÉÈÀÎÔ][\w'’-]{1,30}){1,3})"
    r"(?:,?\s(?:(?:agissant\s)?en\s(?:sa\s)?qualité\sd(?:e\s|['’])|its\s|her\s|his\s|son\s|sa\s)?"
    r"(?P<title>[^\W\d_][^,;.(«“\"\d]{2,50}))?"
)
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,15}", re.IGNORECASE)
_PHONE: Final = re.compile(
    r"(?:(?:tél(?:éphone|\.)?|tel(?:ephone|\.)?|phone)\s?:?\s?|@[\w.-]+[,;]\s|[,;]\s(?=\+))(\+?\d[\d .()-]{7,20}\d)",
    re.IGNORECASE,
)
_REGISTERED: Final = re.compile(
    r"((?:(?:SAS|SASU|SARL|EURL|SA|société\s[\w\s]{5,30}?)\sau\scapital\s(?:social\s)?de\s"
    r"[\d .\u00a0\u202f]{3,14}(?:€|euros?))"
    r"|(?:SIRET|SIREN|RCS|R\.\s?C\.\s?S\.(?=\s)|registre\sdu\scommerce|company\s(?:number|no\.?)|IDE|VAT|TVA|BCE|NEQ)"
    r"(?!\w)[^,;()«]{3,70})",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    rf"(?:(?:on\sbehalf\sof|pour)\s|(?=(?-i:[A-Z]{{5,}}):\sBy\b))(?:the\s|le\s|la\s|l['’])?(?:(?P<client>{CLIENT})|(?P<agency>{_AGENCY}))\s?:\s(?:By\s?:?\s)?"
    r"(?P<name>(?-i:[A-ZÉÈÀ])[\w'’-]{1,30}(?:\s(?-i:[A-ZÉÈÀ])[\w'’-]{1,30}){1,3})(?:,\s(?P<title>[^\W\d_][^,;.(«“\"\d]{2,50}?))?"
    r"(?=\s(?:signed|date|signature|pour|fait)\b|\s(?-i:[A-Z]{5,})\s?:|[,;.\n]|$)",
    re.IGNORECASE,
)
"""Who signs for a party, below the contract."""
_BARE_ADDRESS: Final = re.compile(
    r",\s(?P<lines>(?:(?:Unit|Flat|Suite|Studio)\s\d{1,4}\w?,\s|\d{1,4}(?:\s?(?:bis|ter))?,?\s)[^,;(]{3,60}(?:,\s[^,;(]{3,40}){0,2}?[\s,–-]{1,3}"
    r"(?:\d{4,5}\s[A-ZÉ][\w'’ -]{1,40}"
    r"|[A-Z][\w ]{2,30}(?:\s[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|,\s[A-Z]{2}\s\d{5})))(?=\s?[,;.(]|$)"
    r"|,\s(?P<swiss>(?:[A-ZÉ]"
    r"|(?:rue|avenue|boulevard|chaussée|chemin|clos|cours|drève|place|quai|route|ruelle|sentier|square)\s)"
    r"[^,;(\d]{3,50}\s\d{1,4}\w?,\s(?:[A-Z]{1,2}-)?\d{4,5}\s[A-ZÉ][\w'’ -]{1,40}?)(?=[,;.(]|$)"
)
"""A street and a town that follow a name without saying that they are its address."""
_OF_ADDRESS: Final = re.compile(
    r"\sof\s(?P<lines>[^;(«“\"]{3,140}?(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|,\s[A-Z]{2}\s\d{5}(?:-\d{4})?))\b"
)
"""The address of a party in an English contract: `of 12 Harbour Street, Whitby YO22 4ET`."""
_TOWN_BEFORE_CODE: Final = re.compile(r"(?:,?\sà|,)\s([A-ZÉÈ][\w’' -]{1,40}?)\s\((\d{4,5})\)")
_NO_TITLE: Final = re.compile(
    r"(?:ci-après|hereinafter|dont|whose|dûment|duly|ayant|née?\b|agissant|domicili|demeurant|en\svertu)", re.IGNORECASE
)

_FURTHER: Final = re.compile(
    r"\s?[»”\"’')]*,\s(?P<who>represented|représentée?)?[^«“\"(]{5,220}?"
    r"(?=\s(?:et|and)\s?:?\s|\.\s|;|\s(?:Objet|ET|Mission|Article|ARTICLE)\b|\s\d\.\s|$)",
    re.IGNORECASE,
)
"""What describes a party behind its role: `Comète Conseil (le consultant), 8 rue de la Paix 67000 Strasbourg`."""
_BODY: Final = 700
"""Characters before a party's role in which the party is described."""


_SIGNED_LINE: Final = re.compile(
    r"(?:(?P<person>(?:print(?:ed)?\s)?name|nom(?:\set\sprénom)?)|(?P<title>title|position|qualité|fonction))\s?:\s?"
    r"(?P<value>[^\W\d_][^:;«“\"\d_]{1,60})",
    re.IGNORECASE,
)
"""A line of the block that a party signs, below the party's name: `Name: Marcus Oyelaran`."""


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


def said_of_parties(paper: Paper) -> dict[str, tuple[Candidate, ...]]:
    """What a paper says of its two parties; nothing where it names no two, or leaves a name blank as a form does."""
    parties = [*_by_role(paper), *_by_label(paper)]
    if {party.role for party in parties} != {"client", "agency"}:
        return {}
    says: dict[str, tuple[Candidate, ...]] = {}
    for party in parties:  # prose first: a list beside it adds what prose doesn't say
        for key, found in _party(paper, party):
            says.setdefault(key, found)
    names = {role: says[f"{role}.name"][0].value for role in ("agency", "client") if f"{role}.name" in says}
    for key, signatory in (*_signatories(paper), *_signed_blocks(paper, names)):
        says.setdefault(key, (signatory,))
    return says if {"client.name", "agency.name"} <= set(says) else {}


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
                further = _FURTHER.match(text, match.end())
                end = further.end() if further and (further["who"] or not re.search(r"\d", body)) else match.end()
                yield _Party(role, f"{body}{text[match.end() : end]}", page, text, begin, end)
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
        len(lines) > 2
        and max(map(len, lines)) <= _LONGEST
        and sum(map(len, lines)) <= len(lines) * _LONGEST * 2 // 3
        and not any(map(_RUNS_ON.search, lines[:-1]))
    )


def _by_label(paper: Paper) -> Iterator[_Party]:
    """The parties as a list gives them: `Client : Maison Kervella, 3 rue du Port, 29900 Concarneau`."""
    lines = list(paper.lines())
    labels = {number: match for number, (_, line) in enumerate(lines) if (match := _LABEL.match(line))}
    for number, match in labels.items():
        page, line = lines[number]
        role = "client" if match["client"] else "agency"
        details = takewhile(_DETAIL.match, (one for _, one in lines[number + 1 : number + 1 + _BLOCK]))
        body = "; ".join((match["rest"], *details)) if match["rest"] else ""
        text = body and f"{line}; {body}"
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
        at = party.text.find(value, party.start, party.end)
        start, end = (at, at + len(value)) if at >= 0 else (party.start, party.end)
        return (paper.candidate(value, party.page, party.text, start, end),)

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
        written = _TOWN_BEFORE_CODE.sub(r", \2 \1", lines.strip(" ,."))
        (found,) = told(re.sub(r"\sà\s(?=\d{4,5}\s[A-ZÉ])", ", ", written))
        yield f"{party.role}.address", (found._replace(value=found.value[:1].upper() + found.value[1:]),)
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


def _signed_blocks(paper: Paper, names: Mapping[str, str]) -> Iterator[tuple[str, Candidate]]:
    """The same where it stands line by line below each party's name."""
    role = ""
    for page, line in paper.lines():
        if named := [one for one, name in names.items() if name.casefold() in line.casefold()]:
            role = named[0] if len(named) == 1 else ""
        elif role and (found := _SIGNED_LINE.fullmatch(line)):
            key = "person" if found["person"] else "title"
            yield f"{role}.{key}", paper.candidate(found["value"], page, line, 0, len(line))
