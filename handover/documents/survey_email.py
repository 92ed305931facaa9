"""The survey as the text of an e-mail, for clients who would rather reply than fill in a form.

Role: the form's fourteen subjects as numbered questions, from the same table, and the words around them. Answers that
come back as text are typed into `internal/answers.csv`: nothing here reads a reply.
"""

from typing import Final

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.survey import FIVE, QUESTIONS, SURVEY
from handover.documents.word import spoken
from handover.model.life import Moment
from handover.model.message import msg


def render(given: ClientInput) -> bytes:
    """The text in UTF-8, its subject on the first line."""
    settings, words = given.project.settings, given.words
    salutation = settings.client.contact.salutation or words.text("neutral_salutation")
    scored = [name for name, question in QUESTIONS.items() if question == FIVE]
    others = [name for name in QUESTIONS if name not in scored]

    def say(key: str, **values: str) -> str:
        return spoken(words, key, settings.agency.voice, **values)

    numbers = {name: str(at) for at, name in enumerate((*scored, *others), 1)}
    lines = [
        words.text("subject", agency=settings.agency.name),
        "",
        words.text("greeting", salutation=salutation),
        "",
        say(f"intro.{given.wave}"),
        say("how"),
        "",
        words.text("scored"),
        "",
        *(words.text("scored_item", number=numbers[name], question=say(f"question.{name}")) for name in scored),
        "",
        words.text("others"),
        "",
        *(words.text("item", number=numbers[name], question=say(f"question.{name}")) for name in others),
        "",
        words.text("thanks"),
        "",
        settings.owner.name,
        *([settings.agency.name] if settings.agency.name != settings.owner.name else []),
        "",
    ]
    return "\n".join(lines).encode()


SURVEY_EMAIL: Final = Outside(
    id="survey_email",
    audience=Audience.CLIENT,
    moment=Moment.AFTER,
    help=msg("the same questions as the text of an e-mail, to reply to"),
    given=ClientInput,
    extension="txt",
    render=render,
    lacks=SURVEY.lacks,
)
"""The registry's line for the survey's e-mail."""
