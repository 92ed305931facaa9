"""The tone of values: reproach, threat and sarcasm are told at the value, ordinary business prose isn't."""

import pytest

from conftest import ProjectCopy
from handover.languages.tone import tone_of

BLAME, THREAT, SARCASM = "tone.blame", "tone.threat", "tone.sarcasm"
UNKIND = {
    "en": {
        "You failed to answer our e-mails.": BLAME,
        "After yet another late payment, we have had enough.": BLAME,
        "Unlike you, we keep our word.": BLAME,
        "As usual, your team did not answer.": BLAME,
        "We wasted months waiting for your feedback.": BLAME,
        "Despite three reminders, nothing was paid.": BLAME,
        "We are tired of chasing late payments.": BLAME,
        "Your constant changes of mind made this impossible.": BLAME,
        "The client never answers.": BLAME,
        "Late again: the client never pays on time.": BLAME,
        "It was impossible to please you.": BLAME,
        "Working with you was a nightmare.": BLAME,
        "Unless you pay, we will take the site offline.": THREAT,
        "Failing payment, access will be cut.": THREAT,
        "We have no choice but to start legal proceedings.": THREAT,
        "Our lawyers will be in touch.": THREAT,
        "You will regret this decision.": THREAT,
        "Good luck finding someone with more patience.": SARCASM,
        "As usual, the client failed to provide the texts.": BLAME,
        "Ms Hale kept ignoring us.": BLAME,
        "Good luck without us.": SARCASM,
        "After years of being treated like dirt, we leave.": BLAME,
        "We wish you the success you deserve, such as it is.": SARCASM,
        "Thanks for nothing.": SARCASM,
        "You finally decided to read our report.": SARCASM,
        "Perhaps your next agency can read minds.": SARCASM,
        "Your team failed to keep its promises.": BLAME,
        "As we told you many times, the texts were late.": BLAME,
        "Nobody can work with people like that.": BLAME,
        "What did you expect?": SARCASM,
        "Waiting for Ruth, as always.": SARCASM,
        "You will see what a cheaper agency is worth.": SARCASM,
        "You kept moving the goalposts.": BLAME,
        "Sam ignored four e-mails.": BLAME,
        "It is clear that you do not value our work.": BLAME,
        "No thanks to your marketing team, sales doubled.": BLAME,
        "Waiting for the client since March, as usual.": BLAME,
        "You left us no choice.": BLAME,
        "We will no longer tolerate this.": BLAME,
        "We hope you will treat your next agency better.": BLAME,
        "Our patience has come to an end.": BLAME,
        "Consider yourselves lucky.": SARCASM,
        "Pay up or we switch off the hosting.": THREAT,
        "Access will be revoked at once if unpaid.": THREAT,
    },
    "fr": {
        "Vous n'avez jamais répondu à nos courriels.": BLAME,
        "Contrairement à vous, nous tenons parole.": BLAME,
        "Après un énième retard de paiement, nous arrêtons.": BLAME,
        "Nous avons perdu des mois à attendre vos retours.": BLAME,
        "Votre équipe nous a manqué de respect.": BLAME,
        "Malgré nos nombreuses relances, rien n’a été payé.": BLAME,
        "Lassés de courir après vos paiements tardifs, nous partons.": BLAME,
        "Vos changements d’avis incessants ont rendu le travail impossible.": BLAME,
        "Le client ne répond jamais.": BLAME,
        "Impossible de travailler avec vous.": BLAME,
        "Ce contrat fut un cauchemar.": BLAME,
        "Votre équipe n’a pas tenu ses engagements.": BLAME,
        "C’est votre faute si la campagne a échoué.": BLAME,
        "Comme nous vous l’avions pourtant dit, il manque les textes.": BLAME,
        "Bon courage, vous en aurez besoin !": SARCASM,
        "Il fallait s’y attendre.": SARCASM,
        "Encore merci pour votre patience légendaire.": SARCASM,
        "Vous ne respectez pas vos engagements.": BLAME,
        "Tant que la facture n’est pas réglée, le site reste coupé.": THREAT,
        "À défaut de règlement, nous suspendrons le site.": THREAT,
        "Nous saisirons le tribunal de commerce.": THREAT,
        "Notre avocat prendra contact avec vous.": THREAT,
        "Vous le regretterez.": THREAT,
        "Bon courage à votre prochain prestataire.": SARCASM,
        "Merci d'avoir ignoré nos relances.": BLAME,
        "Le projet a été bloqué par l'incurie du service.": BLAME,
        "Vous ne nous laissez pas le choix.": BLAME,
        "En espérant que vous respecterez mieux votre prochain prestataire.": BLAME,
        "Notre patience a des limites.": BLAME,
        "Vous ne pourrez vous en prendre qu’à vous.": BLAME,
        "Bon courage pour trouver mieux !": SARCASM,
        "Estimez-vous heureux.": SARCASM,
        "Impossible de travailler dans ces conditions.": BLAME,
        "Bonne chance sans nous.": SARCASM,
        "Après des années de mépris, nous partons.": BLAME,
        "Nous sommes las de vos changements incessants.": BLAME,
        "Merci pour rien.": SARCASM,
        "Vous avez enfin daigné lire notre rapport.": SARCASM,
        "Quelqu’un qui saura lire dans vos pensées vous conviendra mieux.": SARCASM,
        "Mme Hale a ignoré quatre courriels.": BLAME,
        "Le client n’a jamais livré les textes.": BLAME,
        "Vous changez d’avis chaque semaine.": BLAME,
        "En attente du client depuis mars, comme d’habitude.": BLAME,
        "Vos appels du dimanche ne nous manqueront pas.": BLAME,
        "Sans paiement d’ici vendredi, le site ferme.": THREAT,
        "Payez, sinon nous coupons tout.": THREAT,
        "Le manque de réactivité de vos équipes a pénalisé le site.": BLAME,
        "Il eût été souhaitable que les textes nous parviennent à temps.": BLAME,
        "Ce retard vous est entièrement imputable.": BLAME,
        "Encore aurait-il fallu lire le cahier des charges.": BLAME,
        "Comme d’habitude, les validations sont arrivées trop tard.": BLAME,
        "Client injoignable.": BLAME,
        "Toujours pas reçu les textes.": BLAME,
        "On attend encore le logo (depuis mars…).": BLAME,
        "Une décision que nous jugeons déloyale.": BLAME,
        "Rappelons que vous étiez prévenus.": BLAME,
        "Vous avez préféré confier le site à un amateur.": BLAME,
        "Merci pour cette confiance toute relative.": SARCASM,
        "On vous souhaite bien du plaisir.": SARCASM,
        "Bon courage pour la suite sans nous.": SARCASM,
        "Curieusement, vous avez retrouvé notre numéro pour résilier.": SARCASM,
    },
}
PLAIN = {
    "en": [
        "We are refocusing on local businesses and can no longer give your account the time it deserves.",
        "You always had a kind word for the team, and we thank you for it.",
        "If you have not received the passphrase, please call us.",
        "Redesign of the litigation page for the law firm.",
        "Replies to negative reviews on Google are drafted each Monday.",
        "The debt collection landing page converts at 3 %.",
        "We will delete your data from our servers on 31 December.",
        "You keep full ownership of the domain.",
        "The toxic backlinks were disavowed in March.",
        "Please renew the certificate before 1 March, otherwise visitors see a warning.",
        "You will hear from us once the DNS has moved.",
        "Disappointing first weeks, then steady growth from May.",
        "The old hosting is switched off on 3 May, and the shop opens as usual.",
        "Call us, or we take a look at it on Monday.",
    ],
    "fr": [
        "Nous recentrons notre activité et ne pouvons plus accorder à votre compte le temps qu’il mérite.",
        "Nous retiendrons de ces années une belle aventure.",
        "Si vous n’avez pas reçu la phrase de passe, appelez-nous.",
        "Refonte de la page Contentieux du cabinet.",
        "Les réponses aux avis négatifs sont rédigées chaque lundi.",
        "La page « Huissiers de justice » convertit à 3 %.",
        "Nous supprimerons vos données de nos serveurs le 31 décembre.",
        "Vous ne perdrez jamais l’accès à votre domaine.",
        "Les liens toxiques ont été désavoués en mars.",
        "Renouveler le certificat avant le 1er mars, faute de quoi les visiteurs verront un avertissement.",
        "Nous vous souhaitons bon courage pour la suite de la rénovation.",
        "Poursuites des travaux de référencement au printemps.",
        "Le point du lundi a lieu comme d’habitude ; sinon nous nous appelons.",
        "L’ancien serveur sera coupé le 3 mai.",
        "Si vous n’avez toujours pas reçu la phrase de passe, appelez-nous.",
        "La fiche « Concurrence déloyale » du cabinet est en ligne.",
        "Les colis arrivés tard sont relivrés le lendemain.",
        "Malgré un été pluvieux, les réservations ont progressé.",
    ],
}


@pytest.mark.parametrize(
    ("language", "sentence", "rule"),
    [(language, sentence, rule) for language, cases in UNKIND.items() for sentence, rule in cases.items()],
)
def test_an_unkind_sentence_is_told(language: str, sentence: str, rule: str) -> None:
    assert rule in {found for found, _, _ in tone_of(language).found(sentence)}


@pytest.mark.parametrize(
    ("language", "sentence"), [(language, sentence) for language, cases in PLAIN.items() for sentence in cases]
)
def test_ordinary_prose_is_left_alone(language: str, sentence: str) -> None:
    assert list(tone_of(language).found(sentence)) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        pytest.param(
            "handover.yaml", "  place: Whitby\n", '  place: Whitby\n  reason: "{}"\n', "letter.reason", id="the reason"
        ),
        pytest.param(
            "handover.yaml", "  place: Whitby\n", '  place: Whitby\n  wishes: "{}"\n', "letter.wishes", id="the wishes"
        ),
        pytest.param(
            "handover.yaml",
            "    - Orders doubled between 2024 and 2026.",
            '    - "{}"',
            "letter.highlights[2]",
            id="a highlight",
        ),
        pytest.param(
            "handover.yaml",
            "    - name: Spring open day\n",
            '    - name: Spring\n      result: "{}"\n',
            "report.campaigns[1].result",
            id="a campaign",
        ),
        pytest.param(
            "data/pending.csv",
            "Brand film,,idea,,,",
            'Brand film,,idea,,"{}",',
            "next_action",
            id="a pending project's note",
        ),
        pytest.param("data/invoices.csv", '"Care, October"', '"{}"', "description", id="an invoice's description"),
    ],
)
def test_it_is_told_at_the_value(project: ProjectCopy, language: str, file: str, old: str, new: str, name: str) -> None:
    sentence = "Vous le regretterez." if language == "fr" else "You will regret this."
    project.replace("handover.yaml", "language: en", f"language: {language}")
    project.replace(file, old, new.format(sentence))

    (line,) = [line for line in project.said() if "tone." in line]

    assert line.startswith(f"warning {file}:")
    assert f"`{name}` threatens: “{sentence[:-1] if language == 'fr' else 'You will regret'}”" in line


QUOTES = """  quotes:
    - {text: You never let us down., author: Ruth Carter}
options:
  late_fee_note: Failing payment, statutory interest applies.
"""


def test_the_clients_words_and_the_laws_arent_judged(project: ProjectCopy) -> None:
    project.append("handover.yaml", QUOTES)

    assert [line for line in project.said() if "tone." in line] == []
