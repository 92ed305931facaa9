"""The French words of the list of pending projects."""

import pending_parts
from pending_parts import Labels


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
                    "[Nous les terminons|Je les termine] d’ici à [notre|mon] dernier jour, le {{ last_working_day }}.",
                ),
                (
                    "hand-over",
                    "À transmettre",
                    "Ils continuent avec vous ou avec votre nouveau prestataire ; voici de quoi les reprendre.",
                ),
                ("done", "Terminés", "Ils sont achevés ; il n’y a plus rien à y faire."),
                ("cancel", "Abandonnés", "Ils ne seront pas poursuivis ; ce qui existe reste à vous."),
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
