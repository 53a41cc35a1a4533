"""Ways of consulting the public, shared by procedures: inquiry, online, disposal of the file."""

from __future__ import annotations

from restanque.engine.deadlines.steps import Link, Step
from restanque.engine.law import AFTER

ENQUETE, PPVE, MISE_A_DISPOSITION = "enquete", "ppve", "mise-a-disposition"
_BODY = "autorité qui conduit la procédure"


def _links(names: tuple[str, ...]) -> tuple[Link, ...]:
    return tuple(Link(name) for name in names)


def inquiry(after: tuple[str, ...]) -> tuple[Step, ...]:
    """Public inquiry; its request waits for the first step named, its opening for all of them."""
    return (
        Step(
            "demande-commissaire",
            "Demande de désignation d’un commissaire enquêteur",
            _BODY,
            "accusé de réception du tribunal",
            after=_links(after[:1]),
            branch=ENQUETE,
        ),
        Step(
            "designation-commissaire",
            "Désignation du commissaire enquêteur",
            "président du tribunal administratif",
            "décision du tribunal",
            after=(Link("demande-commissaire", "enquete.designation"),),
            branch=ENQUETE,
            awaited=True,
        ),
        Step(
            "avis-enquete",
            "Publication de l’avis d’enquête",
            _BODY,
            "parutions et certificats d’affichage",
            after=(Link("designation-commissaire"),),
            branch=ENQUETE,
        ),
        Step(
            "ouverture-enquete",
            "Ouverture de l’enquête publique",
            "commissaire enquêteur",
            "registre ouvert",
            after=(Link("avis-enquete", "enquete.avis"), *_links(after)),
            branch=ENQUETE,
        ),
        Step(
            "rappel-avis-enquete",
            "Rappel de l’avis d’enquête",
            _BODY,
            "parutions",
            after=(Link("ouverture-enquete", "enquete.rappel"),),
            branch=ENQUETE,
        ),
        Step(
            "cloture-enquete",
            "Clôture de l’enquête publique",
            "commissaire enquêteur",
            "registre clos",
            after=(Link("ouverture-enquete", "enquete.duree"),),
            branch=ENQUETE,
        ),
        Step(
            "pv-synthese",
            "Procès-verbal de synthèse",
            "commissaire enquêteur",
            "procès-verbal remis",
            after=(Link("cloture-enquete", "enquete.pv"),),
            branch=ENQUETE,
            awaited=True,
        ),
        Step(
            "reponse-pv",
            "Réponse au procès-verbal",
            _BODY,
            "mémoire remis",
            after=(Link("pv-synthese", "enquete.reponse"),),
            branch=ENQUETE,
        ),
        Step(
            "rapport-enquete",
            "Rapport et conclusions",
            "commissaire enquêteur",
            "rapport reçu",
            after=(Link("cloture-enquete", "enquete.rapport"),),
            branch=ENQUETE,
            awaited=True,
        ),
    )


def online(after: tuple[str, ...], *, rule: str | None = None) -> tuple[Step, ...]:
    """Electronic participation, open to procedures begun since 26 May 2026 only."""

    def step(name: str, label: str, proof: str, *links: Link) -> Step:
        return Step(
            name, label, _BODY, proof, after=links, branch=PPVE, regime=AFTER, rules=_rules(name)
        )

    def _rules(name: str) -> tuple[str, ...]:
        return (rule,) if rule and name == "decision-ppve" else ()

    return (
        step(
            "decision-ppve",
            "Décision motivée de recourir à la participation électronique",
            "décision motivée",
            *_links(after[:1]),
        ),
        step(
            "avis-ppve",
            "Publication de l’avis de participation",
            "parutions et affichage",
            Link("decision-ppve"),
        ),
        step(
            "ouverture-ppve",
            "Ouverture de la participation électronique, dossier papier dans les mairies",
            "page publiée, dossiers déposés en mairie",
            Link("avis-ppve", "ppve.avis"),
            *_links(after),
        ),
        step(
            "cloture-ppve",
            "Clôture de la participation électronique",
            "contributions arrêtées",
            Link("ouverture-ppve", "ppve.duree"),
        ),
        step(
            "synthese-ppve",
            "Synthèse des contributions",
            "synthèse publiée",
            Link("cloture-ppve"),
        ),
    )


def disposal(after: tuple[str, ...], *, both: bool) -> tuple[Step, ...]:
    """Disposal of the file to the public: no period of it is in the base.

    `both` tells that the disposal existed before 26 May 2026 too.
    """
    regime = None if both else AFTER

    def step(name: str, label: str, proof: str, *links: Link) -> Step:
        return Step(
            name, label, _BODY, proof, after=links, branch=MISE_A_DISPOSITION, regime=regime
        )

    return (
        step(
            "modalites-mise-a-disposition",
            "Modalités de la mise à disposition",
            "acte publié",
            *_links(after[:1]),
        ),
        step(
            "ouverture-mise-a-disposition",
            "Ouverture de la mise à disposition",
            "registre ouvert",
            Link("modalites-mise-a-disposition"),
            *_links(after),
        ),
        step(
            "cloture-mise-a-disposition",
            "Clôture de la mise à disposition",
            "registre clos",
            Link("ouverture-mise-a-disposition"),
        ),
        step(
            "bilan-mise-a-disposition",
            "Bilan de la mise à disposition",
            "bilan présenté",
            Link("cloture-mise-a-disposition"),
        ),
    )
