"""Procedures of the PLH, of the mobility plan and of the climate plan."""

from __future__ import annotations

from restanque.engine.deadlines.procedures.words import ACT, DISPATCH, RECEIVED, THIN
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step

BODY, COUNCIL = "président de l’EPCI", "conseil communautaire"


def _step(name: str, label: str, actor: str, proof: str, *after: Link, **more: bool) -> Step:
    return Step(name, label, actor, proof, after, at_term=more.get("at_term", False))


PLH = ProcedureKind(
    "plh",
    "Élaboration d’un programme local de l’habitat (PLH)",
    "plh",
    (
        _step("engagement", "Délibération qui engage le PLH", COUNCIL, ACT),
        _step("arret", "Arrêt du projet", COUNCIL, ACT, Link("engagement")),
        _step(
            "transmission-projet",
            "Transmission aux communes et au porteur du SCoT",
            BODY,
            DISPATCH,
            Link("arret"),
        ),
        _step(
            "avis-communes-scot",
            "Avis des communes et du porteur du SCoT, ou terme échu",
            "communes, porteur du SCoT",
            RECEIVED,
            Link("transmission-projet", "plh.avis"),
        ),
        _step(
            "saisine-crhh",
            "Saisine du comité régional de l’habitat",
            BODY,
            DISPATCH,
            Link("avis-communes-scot"),
        ),
        _step(
            "avis-crhh",
            "Avis du comité régional de l’habitat, ou terme échu",
            "comité régional de l’habitat et de l’hébergement",
            RECEIVED,
            Link("saisine-crhh", "plh.avis-crhh"),
        ),
        _step(
            "demandes-prefet",
            "Demandes du préfet, ou terme échu",
            "préfet",
            RECEIVED,
            Link("avis-crhh", "plh.demandes-prefet"),
        ),
        _step("adoption", "Adoption du PLH", COUNCIL, ACT, Link("demandes-prefet")),
    ),
    launch="engagement",
    approval="adoption",
    note=THIN,
)

PDM = ProcedureKind(
    "pdm",
    "Élaboration d’un plan de mobilité (PDM)",
    "pdm",
    (
        _step("engagement", "Délibération qui engage le plan", COUNCIL, ACT),
        _step("arret", "Arrêt du projet", COUNCIL, ACT, Link("engagement")),
        _step("transmission-projet", "Transmission pour avis", BODY, DISPATCH, Link("arret")),
        _step(
            "avis",
            "Dernier avis reçu, ou terme échu",
            "collectivités consultées",
            RECEIVED,
            Link("transmission-projet", "pdm.avis"),
        ),
        _step("adoption", "Adoption du plan", COUNCIL, ACT, Link("avis")),
    ),
    launch="engagement",
    approval="adoption",
    note=THIN,
)

PCAET = ProcedureKind(
    "pcaet",
    "Élaboration d’un plan climat-air-énergie territorial (PCAET)",
    "pcaet",
    (
        _step("engagement", "Délibération qui engage le plan", COUNCIL, ACT),
        Step(
            "information-pcaet",
            "Information sur les modalités d’élaboration",
            BODY,
            DISPATCH,
            (Link("engagement"),),
            ("pcaet.information",),
        ),
        _step(
            "reponses-information-pcaet",
            "Réponses du préfet et de la région, ou terme échu",
            "préfet, région",
            RECEIVED,
            Link("information-pcaet", "pcaet.reponse-information"),
        ),
        _step("projet", "Projet de plan validé", COUNCIL, ACT, Link("reponses-information-pcaet")),
        _step("transmission-projet", "Transmission pour avis", BODY, DISPATCH, Link("projet")),
        _step(
            "avis",
            "Avis du préfet de région reçu, ou terme échu",
            "préfet de région",
            RECEIVED,
            Link("transmission-projet", "pcaet.avis-projet"),
        ),
        _step("consultation-public", "Consultation du public", BODY, "synthèse", Link("projet")),
        _step(
            "adoption", "Adoption du plan", COUNCIL, ACT, Link("avis"), Link("consultation-public")
        ),
        _step(
            "rapport-pcaet",
            "Rapport sur le plan, rendu public",
            COUNCIL,
            "rapport publié",
            Link("adoption", "pcaet.rapport"),
            at_term=True,
        ),
        _step(
            "mise-a-jour-pcaet",
            "Mise à jour du plan",
            COUNCIL,
            ACT,
            Link("adoption", "pcaet.mise-a-jour"),
            at_term=True,
        ),
    ),
    launch="engagement",
    approval="adoption",
    note=THIN,
)

KINDS = (PLH, PDM, PCAET)
