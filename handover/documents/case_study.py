"""The invitation to a case study: four questions, figures that may be shown, and what the client agrees to.

Role: `CaseStudyView` is all that `case_study.docx` sees. It is proposed only where a headline figure improved, nothing
is overdue and nobody would advise against us; figures with a caveat aren't in it.
"""

from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.figures import analyse, report_words
from handover.documents.shared import ClientView, of_project
from handover.documents.survey_results import net_promoters, recommendations
from handover.life.dossier import Dossier
from handover.model.life import Moment
from handover.model.message import msg
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class CaseStudyView(ClientView):
    """All that the template of the invitation may use."""

    subject: str
    """What the contract is about."""
    salutation: str | None
    """How letters to the client begin."""
    owner: str
    """Who signs it."""
    email: str
    """Where the answer goes."""
    figures: tuple[str, ...]
    """Figures of the report that improved and carry no caveat, as sentences."""


def view(given: ClientInput) -> CaseStudyView:
    """What the invitation says."""
    settings = given.project.settings
    return CaseStudyView(
        **of_project(given),
        subject=settings.contract.subject,
        salutation=settings.client.contact.salutation,
        owner=settings.owner.name,
        email=settings.owner.email or settings.agency.email,
        figures=_figures(given),
    )


def _figures(given: ClientInput) -> tuple[str, ...]:
    analysis = analyse(given.project, report_words(given.words), given.today)
    better = [one for one in analysis.headlines if one.better and not one.caveats]
    return tuple(analysis.wording.title(one, judged=False) for one in better)


def _lacks(given: ClientInput, dossier: Dossier) -> str:
    if not given.project.metrics:
        return msg("there are no figures: the table metrics is missing or empty")
    if not _figures(given):
        return msg("no headline figure improved without a caveat, so there is nothing to show")
    invoices = dossier.open_invoices(given.today)
    if invoices is None:
        return msg("nothing says whether an invoice is overdue: the table invoices is missing or can't be read")
    if any(row.due < given.today and row.amount > 0 for row in invoices):
        return msg("an invoice is overdue: wait until it is paid")
    found = net_promoters(recommendations(dossier.answers))
    if found is not None and found[2]:
        return msg("somebody at the client's gave 6 or less out of 10 in the survey: ask them why first")
    return ""


CASE_STUDY: Final = Outside(
    id="case_study",
    audience=Audience.CLIENT,
    moment=Moment.AFTER,
    help=msg("an invitation to tell the story together: questions, figures, consent"),
    given=ClientInput,
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("the figures"), ("figures[]",))),
    lacks=_lacks,
    reads=frozenset({"metrics"}),
)
"""The registry's line for the invitation to a case study."""
