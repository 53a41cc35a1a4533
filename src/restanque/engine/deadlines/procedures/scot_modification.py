"""Modification of a SCoT. The base gives little more than its public phase and the order."""

from __future__ import annotations

from restanque.engine.deadlines.procedures.public import (
    ENQUETE,
    MISE_A_DISPOSITION,
    PPVE,
    disposal,
    inquiry,
    online,
)
from restanque.engine.deadlines.procedures.words import ACT, DISPATCH, SCOT_BODY, SCOT_COUNCIL
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step
from restanque.engine.law import BEFORE, PROCEDURE


def _modification(*, simplified: bool) -> tuple[Step, ...]:
    """Few rules of the modification are in the base: order and public phase."""
    public = (
        disposal(after=("notification-ppa",), both=simplified)
        if simplified
        else (
            *inquiry(after=("notification-ppa",)),
            *online(after=("notification-ppa",), rule="scot.champ-modification"),
            *disposal(after=("notification-ppa",), both=False),
        )
    )
    ends = [step.id for step in public if step.id.startswith(("rapport-", "synthese-", "bilan-"))]
    return (
        Step("engagement", "Acte qui engage la modification", SCOT_BODY, "acte transmis au préfet"),
        Step(
            "cas-par-cas",
            "Examen par l’autorité environnementale, s’il y a lieu",
            "MRAe",
            "décision ou avis reçu",
            after=(Link("engagement"),),
        ),
        Step(
            "notification-ppa",
            "Notification du projet aux personnes publiques et communes concernées",
            SCOT_BODY,
            DISPATCH,
            after=(Link("engagement"),),
            rules=() if simplified else ("scot.champ-modification",),
        ),
        *public,
        Step(
            "approbation",
            "Approbation de la modification",
            SCOT_COUNCIL,
            ACT,
            after=(Link("cas-par-cas"), *(Link(name) for name in ends)),
        ),
        Step(
            "transmission-prefet",
            "Transmission au préfet",
            SCOT_BODY,
            "accusé de réception du préfet",
            after=(Link("approbation"),),
        ),
        Step(
            "publication-gpu",
            "Publication sur le Géoportail de l’urbanisme",
            SCOT_BODY,
            "attestation du portail",
            after=(Link("approbation"),),
        ),
    )


_THIN = "La base ne donne que la phase publique et l’ordre ; les autres délais sont à vérifier."

SCOT_MODIFICATION = ProcedureKind(
    "scot-modification",
    "Modification d’un SCoT",
    "scot",
    _modification(simplified=False),
    launch="engagement",
    approval="approbation",
    family=PROCEDURE,
    branches=(ENQUETE, PPVE, MISE_A_DISPOSITION),
    note=_THIN,
)

SCOT_SIMPLE_MODIFICATION = ProcedureKind(
    "scot-modification-simplifiee",
    "Modification simplifiée d’un SCoT (supprimée depuis le 26 mai 2026)",
    "scot",
    _modification(simplified=True),
    launch="engagement",
    approval="approbation",
    family=PROCEDURE,
    regimes=(BEFORE,),
    branches=(MISE_A_DISPOSITION,),
    note=_THIN,
)

KINDS = (SCOT_MODIFICATION, SCOT_SIMPLE_MODIFICATION)
