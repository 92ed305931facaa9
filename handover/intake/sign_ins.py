"""Which sign-ins of password exports are this client's, and which of these something keeps back.

Role: exports, names of the client and the answers so far → what comes along, with the one question that asks for it.
Nothing comes along unasked, and what a note or its address says isn't for the client only where a person names it.
"""

from collections.abc import Callable, Mapping, Sequence

from handover.importers.credentials.choosing import own_domains
from handover.importers.credentials.reading import Choice, set_aside
from handover.intake import questions
from handover.intake.answers import Answers
from handover.intake.questions import Question
from handover.intake.seen import Passwords

Groups = tuple[tuple[Passwords, tuple[str, ...]], ...]
"""Exports with the folders of this client; none named for all that is in one."""
Chosen = tuple[Groups, tuple[str, ...]]
"""With the names of sign-ins that come along though something says that they shouldn't."""


def chosen_sign_ins(
    exports: Sequence[Passwords],
    names: Sequence[str],
    agency: str,
    said: Answers,
    asked: Callable[[Question], bool],
) -> Chosen:
    """What comes along of the exports that can be read. `names` are the client's, `agency` is an address of its own."""
    readable = [one for one in exports if one.export]
    if not readable:
        return (), ()
    own = questions.own_groups(readable, names)
    proposed = Answers({"credentials": own}, "").credentials("credentials", readable) if own else ()
    if not asked(questions.credentials(readable, own, _aside(proposed, agency))):
        return (), ()
    chosen = said.credentials("credentials", readable)
    known = list(_aside(chosen, agency))
    if said.get("withheld") is not None:
        return chosen, said.some("withheld", known, or_all=True)
    return chosen, said.added("credentials", known)


def _aside(chosen: Groups, agency: str) -> Mapping[str, str]:
    """Of the chosen sign-ins those of which a note, or their address, says that they aren't for the client."""
    aside: dict[str, str] = {}
    for one, groups in chosen:
        aside |= set_aside(one.export, Choice(groups, (), own_domains([agency]))) if one.export else {}
    return aside
