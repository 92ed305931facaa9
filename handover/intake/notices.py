"""What ends a contract: the e-mail or the letter that says so, with its day, its author and the last day it names.

Role: text of an e-mail or a letter → `Mail`, or None for one that ends no contract. Whether the agency or the client
wrote it `handover.intake.told` judges; a person confirms.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from handover.intake.prose import Paper, date_of, flowing, sentence
from handover.intake.seen import Mail
from handover.project.read.dates import DATE, DAY_OF_MONTH, days_in

PARTS: Final = 7
"""What `handover.formats.papers` gives of an e-mail."""
_WORK: Final = (
    r"[^.!?\n]{0,50}\b(?:contrat|collaboration|missions?|prestations?|partenariat|accord|convention|entente|engagement|"
    r"accompagnement|relation|mandat|contract|agreement|engagement|retainer|relationship|services)\b"
)
_OURS: Final = (
    r"(?=\s*(?:$|[^\w\s]|\b(?:au|le|à|en|fin|pour|chez|entre|prévue?|fixée?|effecti\w+|qui|et|avec\s(?:vous|nous)|"
    r"de\sprestations?|on|as|by|with\s(?:you|us)|between|effective|and|\d+)\b))"
)
"""What comes behind a contract that is the writer's and the reader's own: `la mission photo` is another."""
_ENDS: Final = re.compile(
    r"[^.!?\n]{0,160}(?:résili|"
    rf"(?:mett(?:re|ons|ez|ra)|mets|met|mis)\s(?:un\sterme|fin)\b{_WORK}|"
    rf"(?:ne|n['’])\s?(?:[\w'’]+\s){{0,2}}(?:pas|plus)\s(?:[\w'’]+\s){{0,2}}(?:renouvel|recondui|poursuiv|continu|prolong)\w*{_WORK}|"
    rf"(?:ne|n['’])\s?(?:renouvel|recondui|poursuiv|continu|prolong)\w*\s(?:pas|plus)\b{_WORK}|"
    rf"(?:ruptures?|arrêt|dénonciation)\sd{_WORK}|"
    r"confier[^.!?\n]{0,60}\b(?:autre|nouvelle?|nouveau)\s(?:agence|prestataire|équipe)\b|"
    r"(?:votre|notre|nos|vos)\s(?:contrat|mission|collaboration|prestations?|partenariat|accord|convention)\s"
    r"[^.!?\n]{0,20}\bprend\w*\s(?:\w+\s)?fin\b|"
    r"(?:ne|n['’])\s?(?:[\w'’]+\s){0,2}(?:pas|plus)\s(?:[\w'’]+\s){0,2}(?:poursuiv|continu|travaill)\w*\savec\s(?:vous|toi)\b|"
    r"(?:accept|take|treat|consider)\sthis\s(?:\w+\s)?as\s(?:[\w'’]+\s){0,3}notice|"
    r"no\slonger\s(?:require|need)\s(?:your|the)\sservices|"
    rf"(?:cess|arrêt|termin|interromp|romp|dénonc)(?:er|re|ons|ez|e|ais|ions)\b{_WORK}|"
    rf"fin\s(?:de|du|à)\s(?:(?:notre|votre|ma|mon|la|ce|cette)\s)?(?:contrat|collaboration|mission|partenariat)\b{_OURS}|"
    rf"end\sof\s(?:our|the|this|your)\s(?:contract|collaboration|agreement|engagement|retainer)\b{_OURS}|"
    r"préavis\s[^.!?\n]{0,40}(?:commence|cour[ts]|débute|démarre)|"
    rf"of\stermination\b|termination\b(?:{_WORK}|\s(?:notice|letter|date)\b|(?=\s*(?:$|[^\w\s])))|"
    rf"terminat(?:e|ing)\b(?:{_WORK}|\s(?:with|as|on|effective)\b)|"
    r"last\s(?:working\s)?day\s(?:working\s)?(?:together|(?:with|for|on)\s(?:you|us))|"
    rf"(?:not|won['’]t)\s(?:be\s)?continu\w+[^.!?\n]{{0,20}}\b(?:your|our|the|this)\b{_WORK}|"
    rf"(?:end(?:ing)?|cancel(?:l?ing)?|clos(?:e|ing)|stop(?:ping)?)\s(?:our|the|this|your)\b{_WORK}|"
    rf"bring\s(?:our|the|this)\b{_WORK}[^.!?\n]{{0,20}}\bto\s(?:a\sclose|an\send)|part(?:ing)?\sways|"
    r"(?:give|giving|gives|serve|serving)\s(?:you\s)?(?:[\w'’]+\s){0,3}notice|(?:days?|months?|weeks?)['’]?\s(?:written\s)?notice|"
    r"(?:not|won['’]t)\s(?:to\s|be\s)?(?:renew|extend)"
    r"(?!\w*\s(?:automatically|(?:\w+\s){0,2}(?:domain|deadline|certificate|licen[cs]es?|hosting|subscription|trial))\b))"
    r"[^.!?\n]{0,160}",
    re.IGNORECASE | re.MULTILINE,
)
"""What ends a contract; what only ends something (a campaign, a meeting) is told by what it names."""
_ELSEWHERE: Final = re.compile(
    r"\b(?:abonnements?|subscriptions?|forfaits?|lignes?|assurances?|bail|lease|box|mutuelle|photos?|photograph\w+|vidéos?|"
    r"videos?|imprim\w+|impressions?|print\w*|ovh\w*|ionos|gandi|orange|sfr|bouygues|vodafone|adobe|canva|semrush|mailchimp|"
    r"brevo|notion|slack|zoom)\b|"
    r"\b(?:contrat|collaboration|prestations?|partenariat|contract|agreement|collaboration|services)\s"
    r"(?:avec\s(?:l['’]|(?:les?|la|une?|nos|notre)\s)|with\s(?:an?|the|our)\s)(?!agenc|équipe|team|préavis|notice|respect)|"
    r"\bl['’]une\sou\sl['’]autre|\b(?:either|each|any)\sparty|\bpeu(?:t|vent)\sêtre\srésili|\bmay\s(?:end|cancel|terminate)|"
    r"\b(?:comment|how\sto|temps\sde|time\sto)\s(?:[\w'’]+\s)?(?:mettre|rompre|résilier|end|terminate|part|cancel)\b|"
    r"\b(?:need|require|give\s(?:us|me))\b[^.!?\n]{0,30}\bnotice\b|\bnotice\sthat\sthe\b|"
    r"^\W*(?:terminate|cancel|end|résiliez|arrêtez)\s(?:your|votre|vos)\b|"
    r"\b(?:is|was)\sgiving\snotice\W*$|\b(?:her|his)\snotice\b",
    re.IGNORECASE,
)
"""What makes a sentence speak of somebody else's contract, of any contract, of how one ends, or of who leaves."""
_BETWEEN_US: Final = re.compile(
    r"\b(?:avec\s(?:vous|toi)|nous\slie|vos\sservices|with\syou|your\sservices)\b", re.IGNORECASE
)
_BULK: Final = re.compile(
    r"unsubscribe|désabonne|désinscri|\bin\syour\sbrowser\b|dans\svotre\snavigateur", re.IGNORECASE
)
"""What stands in an e-mail that went to many."""
_NOBODY: Final = re.compile(r"^(?:no|(?:do)?[-_.]?not|ne[-_.]?pas)[-_.]?(?:reply|répondre|repondre)\b", re.IGNORECASE)
"""An address that nobody answers at: what a program sent ends no contract."""
_UNTIL: Final = re.compile(
    rf"(?:au[- ]delà\sdu|jusqu['’]au|(?:à|avec)\seffet\s(?:du|au|le)|"
    rf"(?:prend\w*|prenant|mett\w+)\s(?:\w+\s)?fin\s(?:le|au)|"
    rf"(?:préavis|notice)\b[^.!?]{{0,80}}?\b(?:du|from)\s(?:{DATE}|{DAY_OF_MONTH})\s(?:au|to)|"
    rf"échéance\sd[ue]|terme,?\sle|"
    rf"(?:cesser|expirer|terminer|achèver|s['’]achèv)\w*[^.!?\n]{{0,20}}?\s(?:le|au)|"
    rf"(?:résili|dénonc|arrêt|rupture)[^.!?\n]{{0,90}}\b(?:pour\sle|au)|services\safter|"
    rf"derni(?:er\sjour|ère\sjournée)[^.!?\n]{{0,30}}(?:\ble|\s?:)|"
    rf"nous\s(?:quitt|sépar|arrêt)\w+[^.!?\n]{{0,20}}\ble|"
    rf"beyond|until|effective(?:\s(?:on|from|as\sof))?|with\seffect\sfrom|"
    rf"last\s(?:working\s)?day[^.!?\n]{{0,30}}\b(?:is|be|being|on)|(?:end|finish|terminate|conclude|expire)s?\son|to\san\send\son)\s"
    rf"(?:(?:lun|mar|mercre|jeu|vendre|same|sun|mon|tues|wednes|thurs|fri|satur)d[iai]y?,?\s|dimanche\s)?({DATE}|{DAY_OF_MONTH})",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"(?:nouvelle?|nouveau|new|another|autre)\s(?:agence|prestataire|équipe|studio|agency|provider|supplier|team)\b|"
    r"\b(?:repren(?:d|dra|nent|dront)|(?:pren(?:d|dra|nent|dront)|passer)\sle\srelais|succéder|succède)\b|"
    r"\btak(?:es?|ing)\sover\b|\b(?:mov|switch)(?:e|ing)\sto\b",
    re.IGNORECASE,
)
"""Words by which a notice speaks of who goes on with the work."""
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+\d{1,3}[ .()-]{0,2})?(?:\(0\)\s?)?0?\d(?:[ .-]?\d{2,4}){3,4}(?!\d)")
_SIGNED_LINES: Final = 8
_LONGEST_NAME: Final = 5
"""Words of a person's name."""

QUOTED: Final = re.compile(
    r"\n\s{0,4}(?:>|-{3,}\s?(?:original|message)|le .{5,60} a écrit|on .{5,60} wrote)", re.IGNORECASE
)
"""Where an e-mail begins to repeat the one that it answers."""
_SALUTATION: Final = re.compile(
    r"^[^\S\n]*(?:(?:très\s)?ch(?:er|ère)s?|madame|monsieur|mesdames|messieurs|bonjour|dear|hello)\b[^\n.:;\d]{0,60}[,:][^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING: Final = re.compile(
    r"salutations|sentiments|cordialement|sincèrement|(?:bien|tout)\s(?:à\s(?:vous|toi)|amicalement)|amicalement|"
    r"yours|sincerely|faithfully|(?:kind|best|warm)(?:est)?\s(?:regards|wishes)|regards",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    rf"^(?![^\S\n]*(?:objet|subject|re|ref|réf|concerne|contrat|contract|[nv]/réf)\b)[^\n\d]{{0,50}}?\b({DATE})[^\S\n]*\.?$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that ends with a day and holds no other number: `Nantes, le 25 septembre 2026`."""
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,15}", re.IGNORECASE)
_TOP: Final = 2_000
"""Characters before which a letter has begun with its salutation."""
_BROKEN: Final = re.compile(r"(?<=\S)[^\S\n]*\n[^\S\n]*(?=\S)")
"""The end of a line within a paragraph, where an e-mail or a page was too narrow."""


def read_mail(file: str, parts: Sequence[str], *, day_first: bool = True) -> Mail | None:
    """What ends a contract of the parts of an e-mail (`handover.formats.papers.mail`)."""
    address, name, addressee, named, day, subject, text = parts
    own = QUOTED.split(text, maxsplit=1)[0]
    said = _BROKEN.sub(" ", own)
    # a subject of one word ("Résiliation") is of what the text ends
    found = _ending(said if _ENDS.search(said) and len(subject.split()) == 1 else f"{said}\n{subject}")
    if found is None or "@" not in address or _BULK.search(own) or _NOBODY.search(address):
        return None
    dated = re.search(DATE, day, re.IGNORECASE)
    written = date_of(dated[0]) if dated else None
    role, phone = _signed(own, name)
    until, until_said = _until(flowing(said), written, day_first=day_first)
    return Mail(
        file,
        address,
        flowing(name),
        written,
        flowing(found[0]),
        until=until,
        until_said=until_said,
        role=role,
        phone=phone,
        to=(flowing(named), flowing(addressee)),
        next_provider=_next_provider(flowing(said)),
    )


def read_letter(paper: Paper, *, titled: bool = False) -> Mail | None:
    """The same of a letter: a dated paper with a salutation and a closing; `titled` of one whose top says so.

    The e-mail address at its top is its author's, where there is one alone.
    """
    text = "\n".join(paper.pages)
    salutation = _SALUTATION.search(text, 0, _TOP)
    closings = list(_CLOSING.finditer(text, salutation.end())) if salutation else []
    if salutation is None or not closings:
        return None
    top, body = text[: salutation.start()], text[salutation.end() : closings[-1].end()]
    end = text[closings[-1].end() :].partition("\n")[2]
    title = _ending(top)
    found = title if titled else _ending(flowing(body)) or title
    dated = _DATED.search(top) or _DATED.search(end)
    if found is None or dated is None:
        return None
    written, addresses = paper.date(dated[1]), set(_ADDRESS.findall(top))
    signed = [flowing(line) for line in end.splitlines() if re.search(r"[^\W\d_]", line)]
    name = next((line for line in signed if len(line.split()) <= _LONGEST_NAME and not re.search(r"[\d@:]", line)), "")
    role, phone = _signed(end, name)
    until, until_said = _until(flowing(body), written, day_first=paper.day_first)
    return Mail(
        paper.file,
        addresses.pop() if len(addresses) == 1 else "",
        name.rstrip(","),
        written,
        flowing(found[0]),
        until=until,
        until_said=until_said,
        role=role,
        phone=phone,
        letter=(top, end),
        next_provider=_next_provider(flowing(body)),
    )


def _ending(text: str) -> "re.Match[str] | None":
    """The first sentence that ends the contract of the writer and the reader."""
    found = _ENDS.finditer(text)
    return next((one for one in found if _BETWEEN_US.search(one[0]) or not _ELSEWHERE.search(one[0])), None)


def _next_provider(text: str) -> str:
    found = _NEXT.search(text)
    return sentence(text, found.start(), found.end()) if found else ""


def _until(text: str, written: dt.date | None, *, day_first: bool) -> tuple[dt.date | None, str]:
    """The last day that a notice names, and where; one without its year is near the day on which it was written."""
    if (found := _UNTIL.search(text)) is None:
        return None, ""
    day = date_of(found[1], day_first=day_first) or (next(iter(days_in(found[1], written)), None) if written else None)
    return day, sentence(text, found.start(), found.end())


def _signed(text: str, name: str) -> tuple[str, str]:
    """The role and the phone number that stand below the sender's name at the end of an e-mail; empty for none."""
    words = set(re.findall(r"\w+", name.casefold()))
    lines = [flowing(line) for line in text.splitlines() if line.strip()][-_SIGNED_LINES:]
    at = next((n for n, line in enumerate(lines) if words and words == set(re.findall(r"\w+", line.casefold()))), None)
    if at is None:
        return "", ""
    below = lines[at + 1 :]
    role = re.split(r"\s[–—|-]\s|,", below[0])[0].strip() if below and not re.search(r"[\d@]", below[0]) else ""
    phone = next((found[0] for line in below if (found := _PHONE.search(line))), "")
    return (role if len(role) <= 50 else ""), phone.strip()
