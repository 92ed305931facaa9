"""The French words of the list of pending projects."""

import pending_parts
from pending_parts import Labels, several


def build() -> bytes:
    """`templates/fr/pending.docx`."""
    return pending_parts.build(
        "fr",
        Labels(
            title="Projets en cours",
            subtitle="{{ client }} · état au {{ date }}",
            logo="Logo de l’expéditeur",
            table="Tous les projets en cours : état, avancement, échéance et responsable",
            heads=("Projet", "État", "Fait", "Échéance", "Responsable"),
            groups=(
                (
                    "finish",
                    "À terminer",
                    several("[Nous le terminons|Je le termine]", "[Nous les terminons|Je les termine]")
                    + " d’ici à [notre|mon] dernier jour, le {{ last_working_day }}.",
                ),
                (
                    "hand-over",
                    "À transmettre",
                    several("Il continue", "Ils continuent")
                    + " avec vous ou avec votre nouveau prestataire ; voici de quoi "
                    + several("le", "les")
                    + " reprendre.",
                ),
                (
                    "done",
                    several("Terminé", "Terminés"),
                    several("Il est achevé", "Ils sont achevés") + " ; il n’y a plus rien à y faire.",
                ),
                (
                    "cancel",
                    several("Abandonné", "Abandonnés"),
                    several("Il ne sera pas poursuivi", "Ils ne seront pas poursuivis")
                    + " ; ce qui existe reste à vous.",
                ),
            ),
            due="échéance le ",
            overdue="dépassée",
            fields=(
                ("next_action", "Prochaine action"),
                ("blockers", "Point bloquant"),
                ("files", "Fichiers"),
                ("takeover", "Pour reprendre"),
            ),
            page=("Page ", " sur "),
        ),
    )
