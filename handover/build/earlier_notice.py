"""The notice that was signed before the bundle, judged against the project that packs it.

Role: says what keeps `signed/notice.docx` from being packed as it is. Its facts were those of its own day: another last
day than today's is told, for the two letters would say different things. It signs and changes nothing.
"""

from handover.bundle import binding
from handover.bundle.record import printable_line
from handover.documents.plan import Plan
from handover.languages.words import Words
from handover.model.contract import EndedBy
from handover.model.errors import BundleError, Finding, Severity, SourceLocation
from handover.model.message import all_of, msg
from handover.model.sources import NOTICE_FILE

RULE = "letter.notice"


def judge_notice(planned: Plan) -> list[Finding]:
    """What is wrong with the project's signed notice, or worth a look; nothing where it has none."""
    from handover.seal.owner_signature import standing

    project = planned.project
    if project.notice is None:
        return []
    pins = {owner.pin: owner.name for owner in project.settings.owners if owner.pin is not None}
    hint = msg("write it with `handover write notice`, have every owner sign it (`handover sign`), or take it away")
    try:
        signed, content = standing(project.notice, pins, NOTICE_FILE)
        bound = binding.read_binding(content, NOTICE_FILE)
        binding.check_kind(bound, binding.Kind.NOTICE, project.settings.client.id, NOTICE_FILE)
    except BundleError as error:
        return [_found(msg("can't be packed: {reason}", reason=error.message), hint)]
    if missing := [name for pin, name in pins.items() if pin not in signed]:
        return [_found(msg("still to be signed by {missing}", missing=all_of(missing)), hint)]
    return [*_of_its_day(planned, bound)]


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
