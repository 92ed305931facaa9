"""The English words of the list of pending projects."""

import pending_parts
from pending_parts import Labels, several


def build() -> bytes:
    """`templates/en/pending.docx`."""
    return pending_parts.build(
        "en",
        Labels(
            title="Pending projects",
            subtitle="{{ client }} · as of {{ date }}",
            logo="The sender’s logo",
            table="All pending projects: state, progress, due date and who holds each",
            heads=("Project", "State", "Done", "Due", "Held by"),
            groups=(
                (
                    "finish",
                    "To be finished",
                    "[We|I] will complete "
                    + several("this", "these")
                    + " by [our|my] last working day, {{ last_working_day }}.",
                ),
                (
                    "hand-over",
                    "To be handed over",
                    several("This goes on", "These go on")
                    + " with you or your next provider; here is what it takes to pick "
                    + several("it", "them")
                    + " up.",
                ),
                ("done", "Done", several("This is", "These are") + " complete; nothing remains to be done."),
                (
                    "cancel",
                    "{% if american %}Canceled{% else %}Cancelled{% endif %}",
                    several("This", "These")
                    + " will not be pursued; what exists of "
                    + several("it", "them")
                    + " is yours.",
                ),
            ),
            due="due ",
            overdue="past",
            fields=(
                ("next_action", "Next action"),
                ("blockers", "Blocked by"),
                ("files", "Files"),
                ("takeover", "To take over"),
            ),
            page=("Page ", " of "),
        ),
    )
