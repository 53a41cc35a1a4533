"""Procedures of the PLU. The base gives few of their periods: the other steps carry no rule."""

from __future__ import annotations

from restanque.engine.deadlines.procedures.public import (
    ENQUETE,
    MISE_A_DISPOSITION,
    PPVE,
    disposal,
    inquiry,
    online,
)
from restanque.engine.deadlines.procedures.words import ACT, DISPATCH, THIN
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step
from restanque.engine.law import BEFORE, PROCEDURE

BODY = "maire ou président de l’EPCI"
COUNCIL = "conseil municipal ou communautaire"


def _step(
    name: str, label: str, actor: str, proof: str, *after: str, rules: tuple[str, ...] = ()
) -> Step:
    return Step(name, label, actor, proof, tuple(Link(one) for one in after), rules)


def _derogation(after: str) -> tuple[Step, ...]:
    """Limited urbanisation: the State's agreement, outside an applicable SCoT."""

    def answer(name: str, label: str, actor: str, rule: str) -> Step:
        return Step(
            name,
            label,
            actor,
            "réponse reçue, ou preuve de la transmission",
            (Link("demande-derogation", rule),),
            condition="sans-scot",
        )

    return (
        Step(
            "demande-derogation",
            "Demande de dérogation à l’urbanisation limitée",
            BODY,
            "accusé de réception du préfet",
            (Link(after),),
            condition="sans-scot",
        ),
        answer(
            "avis-scot-derogation",
            "Avis du porteur du SCoT, ou terme échu",
            "porteur du SCoT",
            "derogation.avis-scot",
        ),
        answer(
            "avis-cdpenaf-derogation",
            "Avis de la CDPENAF, ou terme échu",
            "CDPENAF",
            "derogation.avis-cdpenaf",
        ),
        answer(
            "accord-prefet-derogation",
            "Accord du préfet, exprès ou tacite",
            "préfet",
            "derogation.accord-prefet",
        ),
    )


def _end(*after: str) -> tuple[Step, ...]:
    return (
        _step("approbation", "Approbation", COUNCIL, ACT, *after),
        _step(
            "transmission-prefet",
            "Transmission au préfet",
            BODY,
            "accusé de réception",
            "approbation",
        ),
        _step(
            "publicite-approbation",
            "Publicité de l’approbation",
            BODY,
            "certificats",
            "approbation",
        ),
        _step(
            "publication-gpu",
            "Publication sur le Géoportail de l’urbanisme",
            BODY,
            "attestation du portail",
            "approbation",
        ),
        Step(
            "fin-recours",
            "Fin du délai de recours",
            "tiers, préfet",
            "absence de recours constatée",
            (Link("publicite-approbation", "recours.delai"),),
            ("recours.exception",),
        ),
    )


_FULL = (
    _step("prescription", "Prescription", COUNCIL, ACT),
    _step(
        "notification-prescription",
        "Notification de la prescription",
        BODY,
        DISPATCH,
        "prescription",
    ),
    _step(
        "porter-a-connaissance",
        "Porter à connaissance de l’État",
        "préfet",
        "courrier",
        "prescription",
    ),
    _step(
        "concertation",
        "Ouverture de la concertation",
        BODY,
        "preuve de chaque moyen",
        "prescription",
    ),
    _step("debat-padd", "Débat sur le PADD", COUNCIL, "délibération prenant acte", "prescription"),
    _step("bilan-concertation", "Bilan de la concertation", COUNCIL, ACT, "concertation"),
    _step("arret", "Arrêt du projet", COUNCIL, ACT, "debat-padd", "bilan-concertation"),
    _step("consultation-ppa", "Transmission du projet arrêté pour avis", BODY, DISPATCH, "arret"),
    Step(
        "avis-ppa",
        "Dernier avis reçu, ou terme échu",
        "personnes publiques associées",
        "avis reçus, ou preuve de la transmission",
        (Link("consultation-ppa", "plu.avis-arret"),),
    ),
    _step("saisine-mrae", "Saisine de l’autorité environnementale", BODY, DISPATCH, "arret"),
    _step("avis-mrae", "Avis de l’autorité environnementale", "MRAe", "avis reçu", "saisine-mrae"),
    *_derogation("arret"),
    *inquiry(after=("arret", "avis-ppa", "avis-mrae")),
    *online(after=("arret", "avis-ppa", "avis-mrae")),
    *_end("avis-ppa", "accord-prefet-derogation", "reponse-pv", "rapport-enquete", "synthese-ppve"),
)

_MODIFICATION = (
    _step("engagement", "Acte qui engage la modification", BODY, "arrêté ou délibération"),
    _step(
        "notification-ppa",
        "Notification du projet, avant la phase publique",
        BODY,
        DISPATCH,
        "engagement",
        rules=("plu.notification-modification",),
    ),
    _step(
        "cas-par-cas", "Examen par l’autorité environnementale", "MRAe", "décision", "engagement"
    ),
    *inquiry(after=("notification-ppa",)),
    *online(after=("notification-ppa",)),
    *disposal(after=("notification-ppa",), both=True),
    *_end(
        "cas-par-cas", "reponse-pv", "rapport-enquete", "synthese-ppve", "bilan-mise-a-disposition"
    ),
)

_LIGHT = (
    _step("prescription", "Prescription de la révision allégée", COUNCIL, ACT),
    _step(
        "concertation",
        "Ouverture de la concertation",
        BODY,
        "preuve de chaque moyen",
        "prescription",
    ),
    _step("arret", "Bilan de la concertation et arrêt du projet", COUNCIL, ACT, "concertation"),
    _step(
        "examen-conjoint",
        "Examen conjoint des personnes publiques associées",
        BODY,
        "procès-verbal de la réunion",
        "arret",
        rules=("plu.examen-conjoint-revision",),
    ),
    *inquiry(after=("arret", "examen-conjoint")),
    *_end("reponse-pv", "rapport-enquete"),
)

_PROJECT = (
    _step("engagement", "Engagement de la procédure", BODY, "acte publié"),
    _step(
        "examen-conjoint",
        "Examen conjoint des personnes publiques associées",
        BODY,
        "procès-verbal de la réunion",
        "engagement",
        rules=("plu.examen-conjoint-projet",),
    ),
    *inquiry(after=("engagement", "examen-conjoint")),
    *_end("reponse-pv", "rapport-enquete"),
)


def _kind(
    name: str,
    label: str,
    steps: tuple[Step, ...],
    branches: tuple[str, ...],
    regimes: tuple[str, ...] = (),
) -> ProcedureKind:
    return ProcedureKind(
        name,
        label,
        "plu",
        steps,
        launch=steps[0].id,
        approval="approbation",
        family=PROCEDURE,
        regimes=regimes,
        branches=branches,
        note=THIN,
    )


KINDS = (
    _kind("plu-elaboration", "Élaboration d’un PLU ou d’un PLUi", _FULL, (ENQUETE, PPVE)),
    _kind("plu-revision", "Révision d’un PLU ou d’un PLUi", _FULL, (ENQUETE, PPVE)),
    _kind(
        "plu-modification",
        "Modification d’un PLU",
        _MODIFICATION,
        (ENQUETE, PPVE, MISE_A_DISPOSITION),
    ),
    _kind(
        "plu-revision-allegee",
        "Révision allégée d’un PLU (procédures lancées avant le 26 mai 2026)",
        _LIGHT,
        (ENQUETE,),
        (BEFORE,),
    ),
    _kind(
        "plu-declaration-projet",
        "Déclaration de projet emportant mise en compatibilité d’un PLU",
        _PROJECT,
        (ENQUETE,),
    ),
)
