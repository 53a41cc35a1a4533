"""Names of the events of Docurba's exports, to read them: which of our steps each answers.

These names are met in its files; nothing else is taken from it. Its column of articles is not read:
it cites, for SCoT, articles that govern PLU. An event that no step answers is told, never guessed.
"""

from __future__ import annotations

from restanque.engine.deadlines import ProcedureKind
from restanque.kit.text import search_key

# Our step (the first that the kind has) ← names. Several events of one step: the earliest is kept.
_NAMES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("prescription", "engagement"): (
        "Délibération de l’établissement public qui prescrit",
        "Délibération de prescription du conseil municipal ou communautaire",
        "Délibération de prescription du conseil métropolitain",
        "Arrêté de lancement de la procédure",
    ),
    ("notification-prescription", "notification-ppa"): ("Notification de la procédure aux PPA",),
    ("notification-ppa",): ("Notification du dossier aux PPA et communes concernées",),
    ("porter-a-connaissance",): ("Transmission du porter-à-connaissance",),
    ("association",): ("Réunion des PPA",),
    ("evaluation-environnementale",): ("Lancement de l’évaluation environnementale du projet",),
    ("cas-par-cas",): ("Consultation de l’autorité environnementale au cas par cas ad’hoc",),
    ("debat-pas",): ("Débat sur les orientations du PAS",),
    ("debat-padd",): (
        "Débat sur le PADD en conseil municipal ou communautaire",
        "Débat sur le PADD en conseil communautaire et en conseils communaux",
        "Débat sur le PADD en conseil métropolitain",
    ),
    ("bilan-concertation",): ("Délibération de bilan de la concertation",),
    ("arret",): (
        "Délibération qui arrête le projet de SCoT",
        "Arrêt de projet",
        "Délibération du conseil communautaire qui arrête le projet de PLU",
    ),
    ("saisine-mrae",): ("Saisine de l’Autorité environnementale pour avis",),
    ("saisine-cdpenaf",): ("Saisine de la CDPENAF pour avis",),
    ("saisine-agricole",): (
        "Consultation de l’Institut national de l’origine et de la qualité dans les zones "
        "d’appellation d’origine contrôlée et, le cas échéant, du Centre national de la propriété "
        "forestière",
    ),
    ("consultation-ppa",): ("Consultation des PPA",),
    ("avis-mrae",): (
        "Réception avis de l’autorité environnementale",
        "Réception de l’avis de l’autorité environnementale",
    ),
    ("avis-cdpenaf",): ("Réception de l’avis de la CDPENAF",),
    ("examen-conjoint",): ("Examen conjoint des PPA",),
    ("decision-ppve",): (
        "Décision de recourir à la participation du public par voie électronique (PPVE)",
    ),
    ("avis-ppve",): ("Publicité préalable à l’ouverture de la PPVE",),
    ("ouverture-ppve",): ("Début de la participation du public par voie électronique",),
    ("cloture-ppve",): ("Fin de la participation du public par voie électronique",),
    ("synthese-ppve",): ("Synthèse de la participation du public par voie électronique",),
    ("modalites-mise-a-disposition",): (
        "Délibération sur les modalités de mise à disposition",
        "Délibération modalités de mise à disposition du public",
    ),
    ("ouverture-mise-a-disposition",): ("Début de mise à disposition du public",),
    ("cloture-mise-a-disposition",): ("Fin de mise à disposition du public",),
    ("bilan-mise-a-disposition",): ("Bilan de la mise à disposition",),
    ("ouverture-enquete",): ("Début d’enquête publique",),
    ("cloture-enquete",): ("Fin d’enquête publique",),
    ("rapport-enquete",): ("Rapport et conclusions de l’enquête publique",),
    ("approbation",): (
        "Délibération d’approbation",
        "Délibération d’approbation du conseil municipal ou communautaire",
    ),
    ("transmission-prefet",): ("Transmission au contrôle de légalité",),
    ("publicite-approbation",): (
        "Affichage au siège de l’EPCI et dans toutes les communes",
        "Affichage en commune",
    ),
    ("publication-gpu",): ("Publication du SCoT sur le GPU", "Publication du PLU sur le GPU"),
    ("executoire",): ("Caractère exécutoire",),
    ("analyse-scot",): (
        "Evaluation du SCoT au bout de 10 ans ou révision substantielle si besoin",
        "Evaluation du SCoT au bout de 6 ans ou révision substantielle si besoin",
    ),
}

_STEPS = {search_key(name): steps for steps, names in _NAMES.items() for name in names}


def step_of(kind: ProcedureKind, name: str) -> str | None:
    """The step of a kind that an event of Docurba answers; None when there is none."""
    wanted = _STEPS.get(search_key(name), ())
    return next((step for step in wanted if step in kind.by_id), None)
