"""The notice that was signed before the bundle, judged against the project that packs it.

Role: says what keeps `signed/notice.docx` from being packed as it is. Its facts were those of its own day: another last
day than today's is told, for the two letters would say different things. The cover letter's own day follows from the
notice's. It signs and changes nothing.
"""

import datetime as dt
from dataclasses import replace

from handover.bundle import binding
from handover.bundle.record import printable_line
from handover.documents.plan import Plan
from handover.languages.words import Words
from handover.model.contract import EndedBy
from handover.model.errors import BundleError, Finding, Severity, SourceLocation
from handover.model.message import all_of, msg
from handover.model.project import Project
from handover.model.sources import NOTICE_FILE, Sources, node_at

RULE = "letter.notice"
COVER_RULE = "letter.old"
_LONG = dt.timedelta(days=31)


def judge_notice(planned: Plan) -> list[Finding]:
    """What is wrong with the project's signed notice, or worth a look; nothing where it has none."""
    project = planned.project
    if project.notice is None:
        return []
    pins = _pins(project)
    hint = msg("write it with `handover write notice`, have every owner sign it (`handover sign`), or take it away")
    try:
        signed, bound = _read(project, project.notice)
    except BundleError as error:
        return [_found(msg("can't be packed: {reason}", reason=error.message), hint)]
    if missing := [name for pin, name in pins.items() if pin not in signed]:
        return [_found(msg("still to be signed by {missing}", missing=all_of(missing)), hint)]
    return [*_of_its_day(planned, bound)]


def judge_cover_date(planned: Plan, sources: Sources) -> list[Finding]:
    """A warning where the cover letter bears a day long before the bundle's; nothing where there is none."""
    node = node_at(sources.settings, "letter", "date")
    written = on_cover_day(planned.project, planned.today).settings.letter.date
    if planned.project.notice is None or node is None or planned.today - written <= _LONG:
        return []
    message = msg("`letter.date` ({written}) is long before the bundle's date ({today}): the cover letter speaks as of"
                  " that day, and encloses nothing yet", written=written, today=planned.today)  # fmt: skip
    hint = msg("write the day on which the bundle goes out")
    return [Finding(node.location, COVER_RULE, message, hint, Severity.WARNING)]


def on_cover_day(project: Project, today: dt.date) -> Project:
    """The project as of the day that its cover letter bears: the letter's, or today's where that is still the day of
    the notice that was signed before, or older."""
    letter = project.settings.letter
    if project.notice is None or letter.date >= today:
        return project
    try:
        told = dt.date.fromisoformat(_read(project, project.notice)[1].date)
    except BundleError:  # a draft's may be anything
        told = project.settings.contract.notice_date or letter.date
    if letter.date > told:
        return project
    letter = letter.model_copy(update={"date": today})
    return replace(project, settings=project.settings.model_copy(update={"letter": letter}))


def _pins(project: Project) -> dict[str, str]:
    return {owner.pin: owner.name for owner in project.settings.owners if owner.pin is not None}


def _read(project: Project, notice: bytes) -> tuple[tuple[str, ...], binding.Bound]:
    """Whose keys have signed the notice, and what binds it. Raises BundleError for one that isn't this project's."""
    from handover.seal.owner_signature import standing

    signed, content = standing(notice, _pins(project), NOTICE_FILE)
    bound = binding.read_binding(content, NOTICE_FILE)
    binding.check_kind(bound, binding.Kind.NOTICE, project.settings.client.id, NOTICE_FILE)
    return signed, bound


def _of_its_day(planned: Plan, bound: binding.Bound) -> list[Finding]:
    settings = planned.project.settings
    contract, found = settings.contract, list[Finding]()
    if contract.ended_by is EndedBy.AGENCY and str(contract.notice_date) != bound.date:
        message = msg("is of {day}, and `contract.notice_date` says {given}", day=bound.date,
                      given=contract.notice_date or msg("nothing"))  # fmt: skip
        found.append(_found(message, msg("write `notice_date: {day}`: the letter refers to that day", day=bound.date)))
    last = Words.load(settings.language, planned.project.locale).date(contract.last_working_day)
    then = bound.said.last_working_day
    if printable_line(last) != then:
        message = msg("speaks of {then} as the last day, the project of {now}", then=then, now=last)
        hint = msg("where another day was agreed since, the letter should say so")
        found.append(_found(message, hint, Severity.WARNING))
    return found


def _found(message: str, hint: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(SourceLocation(NOTICE_FILE), RULE, message, hint, severity)
