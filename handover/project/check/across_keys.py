"""Rules that need several keys of `handover.yaml` at once: an end before a start, a list's item that isn't defined.

Role: each function takes the settings' `View` and notes what contradicts, at the line of the later value. It
looks at single values, so that a misspelt key elsewhere doesn't hide a wrong date. What tables and settings
say about each other is in `handover.project.check.references`.
"""

import re
from collections.abc import Collection
from typing import TypeVar

from handover.model.base import Word, is_yes
from handover.model.contract import EndedBy
from handover.model.message import msg
from handover.model.reporting import Combine
from handover.model.settings import Channel
from handover.model.sources import NOT_FOR_PICTURES, PICTURES, shown
from handover.project.check.settings import View, dotted

W = TypeVar("W", bound=Word)


def check_settings(view: View, languages: Collection[str]) -> None:
    """Note everything that contradicts within the settings. `languages` are those that have templates."""
    _language(view, languages)
    last, start, notice = ("contract", "last_working_day"), ("contract", "start_date"), ("contract", "notice_date")
    _not_before(view, last, start)
    _not_before(view, notice, start)
    _not_before(view, ("contract", "end_date"), last)
    if view.date(*notice) is not None:
        _not_before(view, last, notice)
    elif _word(EndedBy, view.text("contract", "ended_by")) is EndedBy.AGENCY:
        # Without a date of its own, the agency's notice is given by the letter.
        hint = msg("correct one of the two dates, or write into `contract.notice_date` when notice was given")
        _not_before(view, last, ("letter", "date"), hint)
    _letter(view)
    _periods(view)
    _report(view)
    signatures = [(*owner, "signature_image") for owner in view.items("owners")]
    for path in [*PICTURES, *signatures]:
        text = view.text(*path)
        if text and text.split("/")[0] in NOT_FOR_PICTURES:
            message = msg("is in a folder that is never delivered: {text}", text=shown(text))
            view.error(path, "path.internal", message, msg("put the picture into brand/"))
    _owners(view)
    _contacts(view)


Key = tuple[str | int, ...]


def _not_before(view: View, path: Key, other: Key, hint: str = msg("correct one of the two dates")) -> None:
    """Note an error when the date at `path` is before the one at `other`."""
    late, early = view.date(*path), view.date(*other)
    if late is not None and early is not None and late < early:
        message = msg("({late}) is before `{other}` ({early})", late=late, other=dotted(other), early=early)
        view.error(path, "date.order", message, hint)


def _language(view: View, languages: Collection[str]) -> None:
    from babel import localedata

    language, locale = view.text("language"), view.text("locale")
    if language and len(language) == 2 and languages and language not in languages:
        message = msg("is a language without templates: {language}", language=shown(language))
        hint = msg("write one of: {known}", known=", ".join(sorted(languages)))
        view.error(("language",), "settings.language", message, hint)
    if not locale or len(locale) != 5:
        return
    if language and not locale.startswith(f"{language}_"):
        message = msg("({locale}) is not a variant of the language {language}", locale=locale, language=language)
        view.error(("locale",), "settings.locale", message, msg("correct one of the two"))
    elif not localedata.exists(locale):
        hint = msg("write fr_FR, fr_BE, en_GB, en_US …")
        view.error(("locale",), "settings.locale", msg("is not a known variant: {locale}", locale=shown(locale)), hint)


def _word(kind: type[W], text: str | None) -> W | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None


def _letter(view: View) -> None:
    date = ("letter", "date")
    _not_before(view, date, ("contract", "start_date"))
    written, notice = view.date(*date), view.date("contract", "notice_date")
    if written and notice and written < notice:
        message = msg("({written}) is before the notice that it speaks of ({notice})", written=written, notice=notice)
        view.error(date, "date.letter", message, msg("check both dates"))
    for delivery in view.items("letter", "deliveries"):
        due_path = (*delivery, "due_date")
        due = view.date(*due_path)
        if due and written and due < written:
            message = msg("({due}) is before the letter's date ({written}), so left out", due=due, written=written)
            view.warn(due_path, "date.delivery", message, msg("write when the client gets it, or delete it"))
    if view.count("letter", "highlights") == 1:
        hint = msg("two to five read better")
        view.warn(("letter", "highlights"), "letter.highlights", msg("has a single item"), hint)


def _periods(view: View) -> None:
    for name in ("baseline", "current"):
        _not_before(view, ("periods", name, "end"), ("periods", name, "start"))
    start, end = view.date("periods", "current", "start"), view.date("periods", "baseline", "end")
    if start and end and start <= end:
        message = msg("({start}) is not after the baseline period, which ends on {end}", start=start, end=end)
        view.error(("periods", "current", "start"), "date.order", message, msg("the two periods must not overlap"))


def _report(view: View) -> None:
    for campaign in view.items("report", "campaigns"):
        _not_before(view, (*campaign, "end"), (*campaign, "start"))
    for answer in view.items("report", "survey"):
        _survey(view, answer)
    headline = view.items("report", "headline")
    left_out: list[Key] = [(*item, "metric") for item in view.items("report", "left_out")]
    _repeated(view, headline)
    _repeated(view, left_out)
    names = {view.text(*path) for path in left_out}
    for path in headline:
        if (name := view.text(*path)) and name in names:
            message = msg("is left out of the report: {name}", name=shown(name))
            view.error(path, "metric.left-out", message, msg("keep it in one of the two lists"))
    _weights(view)


def _survey(view: View, path: Key) -> None:
    score, best = view.number(*path, "score"), view.number(*path, "out_of")
    if best is not None and best <= 0:
        view.error((*path, "out_of"), "number.range", msg("must be more than 0"), msg("write the best possible score"))
    elif score is not None and best is not None and score > best:
        message = msg("is more than the best possible score: {score} of {best}", score=score, best=best)
        view.error((*path, "score"), "number.range", message, msg("check both"))


def _repeated(view: View, paths: list[Key]) -> None:
    seen: set[str] = set()
    for path in paths:
        if (name := view.text(*path)) and name in seen:
            view.error(path, "metric.repeated", msg("repeats {name}", name=shown(name)), msg("delete it"))
        elif name:
            seen.add(name)


def _weights(view: View) -> None:
    for name in view.keys("metrics"):
        path = ("metrics", name, "weight")
        weight, combine = view.text(*path), _word(Combine, view.text("metrics", name, "combine"))
        if weight and combine and combine is not Combine.WEIGHTED:
            hint = msg("delete it, or write combine: weighted")
            view.warn(path, "metric.weight", msg("has no effect with `combine: {combine}`", combine=combine), hint)
        if weight and weight == name:
            view.error(path, "metric.weight", msg("is the metric itself"), msg("name the metric that weighs it"))


def _owners(view: View) -> None:
    """Each owner has the pin of a key, which is nobody else's: without it, no key signs for them."""
    seen: dict[str, str] = {}
    for owner in view.items("owners"):
        path = (*owner, "pin")
        text = view.text(*path)
        if text is None:
            hint = msg("`handover keys pin` writes it, once the owner has a key (`handover keys create`)")
            view.warn(path, "owner.no-pin", msg("is missing: no key can sign for this owner yet"), hint)
            continue
        digits = re.sub(r"[\s:]", "", text).lower()
        if digits in seen:
            message = msg("is the same as `{seen}`: one key doesn't sign for two people", seen=seen[digits])
            view.error(path, "owner.same-pin", message, msg("give each owner the pin of their own key"))
        seen.setdefault(digits, dotted(path))


def _contacts(view: View) -> None:
    """At most one person signs the receipt, and one gets the passphrase, who can be reached for it."""
    people = view.items("client", "contacts")
    for flag in ("signs_receipt", "gets_passphrase"):
        named = [person for person in people if is_yes(view.text(*person, flag))]
        for person in named[1:]:
            message = msg("is said of two people, here and in `{other}`", other=dotted((*named[0], flag)))
            view.error((*person, flag), "contact.flag", message, msg("keep one of the two"))
        if flag == "gets_passphrase" and people:
            path = (*(named or people)[0], "phone")
            channel = _word(Channel, view.text("options", "passphrase_by") or Channel.PHONE)
            if channel in {Channel.PHONE, Channel.SMS} and view.text(*path) is None:
                hint = msg("write the number, or another way in `options.passphrase_by`")
                view.warn(path, "contact.no-phone", msg("is missing, and the passphrase is to be given at it"), hint)
