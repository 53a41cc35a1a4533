"""Revision of a SCoT that stands for a PCAET (SCoT-AEC)."""

from __future__ import annotations

from restanque.engine.deadlines.procedures.public import ENQUETE, PPVE, inquiry, online
from restanque.engine.deadlines.procedures.words import (
    ACT,
    DISPATCH,
    POSTED,
    SCOT_BODY,
    SCOT_COUNCIL,
)
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step
from restanque.engine.law import PROCEDURE

_BEFORE_DRAFT = (
    Step(
        "transfert-pcaet",
        "Transfert du PCAET au porteur du SCoT par tous les EPCI",
        "EPCI membres",
        "délibération de chaque EPCI",
        rules=("scot.transfert-pcaet",),
    ),
    Step(
        "prescription",
        "Prescription de la révision",
        SCOT_COUNCIL,
        ACT,
        after=(Link("transfert-pcaet"),),
        rules=("scot.prescription", "scot.mention-suivi-pcaet", "scot.champ-revision"),
    ),
    Step(
        "affichage-prescription",
        "Début de l’affichage de la prescription",
        SCOT_BODY,
        POSTED,
        after=(Link("prescription"),),
    ),
    Step(
        "fin-affichage-prescription",
        "Fin de l’affichage de la prescription",
        SCOT_BODY,
        POSTED,
        after=(Link("affichage-prescription", "scot.affichage-prescription"),),
    ),
    Step(
        "notification-prescription",
        "Notification de la prescription",
        SCOT_BODY,
        DISPATCH,
        after=(Link("prescription"),),
        rules=("scot.notification-prescription", "scot.notification-beges"),
    ),
    Step(
        "information-pcaet",
        "Information sur les modalités d’élaboration de la partie climat",
        SCOT_BODY,
        DISPATCH,
        after=(Link("prescription"),),
        rules=("pcaet.information",),
    ),
    Step(
        "reponses-information-pcaet",
        "Réponses du préfet et de la région, ou terme échu",
        "préfet, région",
        "réponse reçue",
        after=(Link("information-pcaet", "pcaet.reponse-information"),),
    ),
    Step(
        "porter-a-connaissance",
        "Porter à connaissance de l’État",
        "préfet",
        "courrier reçu",
        after=(Link("prescription"),),
        rules=("scot.porter-a-connaissance",),
    ),
    Step(
        "association",
        "Association des personnes publiques (première réunion)",
        SCOT_BODY,
        "convocation, feuille de présence, compte rendu",
        after=(Link("prescription"),),
        rules=("scot.association",),
    ),
    Step(
        "concertation",
        "Ouverture de la concertation",
        SCOT_BODY,
        "preuve de chaque moyen annoncé",
        after=(Link("prescription"),),
        rules=("scot.concertation",),
    ),
    Step(
        "evaluation-environnementale",
        "Lancement de l’évaluation environnementale",
        SCOT_BODY,
        "ordre de service ou note de cadrage",
        after=(Link("prescription"),),
        rules=("scot.evaluation-environnementale",),
    ),
    Step(
        "debat-pas",
        "Débat sur les orientations du PAS",
        SCOT_COUNCIL,
        "délibération prenant acte du débat, sans vote",
        after=(Link("prescription"),),
        rules=("scot.contenu-aec", "scot.contenu-aec-loi"),
    ),
    Step(
        "accord-prefet-maritime",
        "Accord du préfet maritime",
        "préfet maritime",
        "accord écrit",
        after=(Link("prescription"),),
        rules=("scot.prefet-maritime",),
        condition="littoral",
    ),
    Step(
        "bilan-concertation",
        "Bilan de la concertation",
        SCOT_COUNCIL,
        ACT,
        after=(Link("concertation"), Link("debat-pas")),
        rules=("scot.bilan-concertation",),
    ),
    Step(
        "arret",
        "Arrêt du projet",
        SCOT_COUNCIL,
        ACT,
        after=(
            Link("debat-pas", "scot.debat-pas"),
            Link("bilan-concertation"),
            Link("evaluation-environnementale"),
            Link("accord-prefet-maritime"),
            Link("notification-prescription"),
            Link("information-pcaet"),
        ),
        rules=("scot.arret", "scot.annexes"),
    ),
)


def _asked(
    subject: str, label: str, whom: str, rule: str, *, condition: str = ""
) -> tuple[Step, Step]:
    """Someone is asked about the draft, and answers or keeps silent."""
    return (
        Step(
            f"saisine-{subject}",
            f"Transmission du projet arrêté : {label}",
            SCOT_BODY,
            DISPATCH,
            after=(Link("arret"),),
            condition=condition,
        ),
        Step(
            f"avis-{subject}",
            f"Avis reçu ou terme échu : {label}",
            whom,
            "avis reçu, ou preuve de la transmission",
            after=(Link(f"saisine-{subject}", rule),),
            condition=condition,
        ),
    )


_OPINIONS = (
    Step(
        "affichage-arret",
        "Début de l’affichage de l’arrêt",
        SCOT_BODY,
        POSTED,
        after=(Link("arret"),),
    ),
    Step(
        "fin-affichage-arret",
        "Fin de l’affichage de l’arrêt",
        SCOT_BODY,
        POSTED,
        after=(Link("affichage-arret", "scot.affichage-arret"),),
    ),
    Step(
        "consultation-ppa",
        "Transmission du projet arrêté aux personnes publiques, communes et groupements",
        SCOT_BODY,
        DISPATCH,
        after=(Link("arret"),),
    ),
    Step(
        "avis-ppa",
        "Dernier avis des personnes publiques reçu, ou terme échu",
        "personnes publiques associées",
        "avis reçus, ou preuve de la transmission",
        after=(Link("consultation-ppa", "scot.avis-arret"),),
    ),
    *_asked("cdpenaf", "CDPENAF", "CDPENAF", "scot.avis-arret", condition="reduit-espaces"),
    *_asked(
        "agricole",
        "chambre d’agriculture, INAO, propriété forestière",
        "organismes agricoles et forestiers",
        "scot.avis-agricole",
        condition="reduit-espaces",
    ),
    *_asked("prefet-region", "préfet de région", "préfet de région", "pcaet.avis-projet"),
    *_asked("mrae", "autorité environnementale", "MRAe", "scot.avis-mrae"),
    Step(
        "saisine-interets",
        "Saisine du préfet par un membre dont les intérêts sont compromis",
        "commune ou EPCI membre",
        "copie de la saisine",
        after=(Link("consultation-ppa", "scot.interets-essentiels"),),
        condition="interets-compromis",
        exceptional=True,
    ),
)

_ALL_OPINIONS = ("avis-ppa", "avis-cdpenaf", "avis-agricole", "avis-prefet-region", "avis-mrae")

_APPROVAL = (
    Step(
        "approbation",
        "Approbation du SCoT",
        SCOT_COUNCIL,
        ACT,
        after=(
            *(Link(name) for name in _ALL_OPINIONS),
            Link("reponse-pv"),
            Link("rapport-enquete"),
            Link("synthese-ppve"),
        ),
        rules=("scot.approbation", "scot.participation"),
    ),
    Step(
        "publicite-approbation",
        "Publicité de l’approbation",
        SCOT_BODY,
        "certificats d’affichage et parution",
        after=(Link("approbation"),),
    ),
    Step(
        "transmission-prefet",
        "Transmission du SCoT approuvé au préfet",
        SCOT_BODY,
        "accusé de réception du préfet",
        after=(Link("approbation"),),
    ),
    Step(
        "publication-gpu",
        "Publication sur le Géoportail de l’urbanisme",
        SCOT_BODY,
        "attestation du portail",
        after=(Link("approbation"), Link("publication-repli", "scot.publication-repli")),
    ),
    Step(
        "publication-repli",
        "Publication de repli, le portail étant indisponible",
        SCOT_BODY,
        "preuve de la publication et de la panne",
        after=(Link("approbation"),),
        condition="repli-gpu",
        exceptional=True,
    ),
    Step(
        "objections-prefet",
        "Demande de modifications par le préfet",
        "préfet",
        "courrier reçu",
        after=(Link("transmission-prefet", "scot.objections-prefet"),),
        condition="objections-prefet",
        exceptional=True,
    ),
    Step(
        "modifications-demandees",
        "Modifications demandées : approuvées, publiées et transmises",
        SCOT_COUNCIL,
        "délibération, publication, accusé de réception",
        after=(Link("objections-prefet"),),
        condition="objections-prefet",
        exceptional=True,
    ),
    Step(
        "executoire",
        "SCoT exécutoire",
        "effet de la loi",
        "transmission et publication prouvées",
        after=(
            Link("transmission-prefet", "scot.executoire"),
            Link("publication-gpu", unless="publication-repli"),
            Link("publication-repli"),
            Link("modifications-demandees"),
        ),
    ),
    Step(
        "fin-recours",
        "Fin du délai de recours",
        "tiers, préfet",
        "absence de recours constatée",
        after=(Link("publicite-approbation", "recours.delai"),),
        rules=("recours.exception",),
    ),
)


def _later(name: str, label: str, rule: str, proof: str) -> Step:
    return Step(name, label, SCOT_COUNCIL, proof, after=(Link("approbation", rule),), at_term=True)


_FOLLOW_UP = (
    _later(
        "rapport-pcaet",
        "Rapport sur la partie climat-air-énergie",
        "pcaet.rapport",
        "rapport publié",
    ),
    _later(
        "normes-superieures",
        "Examen de la compatibilité avec les normes supérieures",
        "scot.normes-superieures",
        "délibération ou note",
    ),
    _later(
        "mise-a-jour-pcaet", "Mise à jour de la partie climat-air-énergie", "pcaet.mise-a-jour", ACT
    ),
    _later("analyse-scot", "Analyse des résultats, puis maintien ou révision", "scot.analyse", ACT),
)

SCOT_AEC_REVISION = ProcedureKind(
    "scot-aec-revision",
    "Révision d’un SCoT valant PCAET (SCoT-AEC)",
    "scot",
    (
        *_BEFORE_DRAFT,
        *_OPINIONS,
        *inquiry(after=("arret", *_ALL_OPINIONS)),
        *online(after=("arret", *_ALL_OPINIONS), rule="scot.participation"),
        *_APPROVAL,
        *_FOLLOW_UP,
    ),
    launch="prescription",
    approval="approbation",
    family=PROCEDURE,
    branches=(ENQUETE, PPVE),
)

KINDS = (SCOT_AEC_REVISION,)
