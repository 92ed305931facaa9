"""The French words of the achievements report."""

import report_parts
from report_parts import Labels


def build() -> bytes:
    """`templates/fr/report.docx`."""
    return report_parts.build(
        "fr",
        Labels(
            title="Rapport de résultats",
            logo="Logo de l’expéditeur",
            prepared_for="{{ client }}",
            cover=(
                ("", "Collaboration", "{{ covered }} ({{ relationship }})"),
                ("figures", "Comparaison", "{{ baseline_period }} et {{ current_period }}"),
                ("", "Établi par", "{{ agency }}"),
                ("", "Date", "{{ date }}"),
            ),
            nothing="Aucun chiffre, aucune campagne et aucun temps fort n’ont été consignés pour ce contrat.",
            summary="En résumé",
            baseline="Période de référence",
            current="Période actuelle",
            headlines_table="Les chiffres marquants : la valeur d’aujourd’hui, le changement et ce qu’il signifie",
            all_metrics="Tous les chiffres",
            metrics_heads=("Indicateur", "Référence", "Actuelle", "Changement", "Constat"),
            metrics_table="Tous les indicateurs : valeur de chaque période, changement et constat",
            footnote="¹",
            one_by_one="Indicateur par indicateur",
            done="Ce qui a été fait",
            campaigns="Campagnes et étapes",
            campaign_heads=("Quand", "Quoi", "Résultat"),
            campaigns_table="Campagnes et étapes, avec leurs dates et leurs résultats",
            quotes="Avec vos mots",
            survey="Enquête de satisfaction",
            survey_heads=("Question", "Note", "Réponses", "Date"),
            survey_table="Enquête de satisfaction : question, note, nombre de réponses et date",
            method="Méthode et sources",
            left_out="Laissé de côté",
            left_out_intro="Ces indicateurs ont été mesurés et ne figurent pas dans ce rapport :",
            nothing_left_out="Rien n’a été laissé de côté : tous les indicateurs que [nous avons|j’ai] pour vous "
            "figurent dans ce rapport.",
            colon=" : ",
            page=("Page ", " sur "),
        ),
    )
