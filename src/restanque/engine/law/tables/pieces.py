"""Pieces of the file: what a SCoT-AEC and a PCAET are made of, and the State's deposit form."""

from __future__ import annotations

from restanque.engine.law.model import DepositDocument, Evidence, Need, Piece
from restanque.engine.law.tables.evidence import read, recalled, said

AEC, PCAET = "scot-aec-revision", "pcaet"
#: Parts of the file, in order: identifier → title.
PARTS = {
    "scot": "Le SCoT",
    "annexes": "Les annexes du SCoT",
    "pcaet": "Le volet climat-air-énergie (PCAET)",
    "actes": "Les actes et les avis",
}

_DECREE = read("H", "décret 2021-639, JORFARTI000043523638")
_FORM = said("", "Territoires en Transitions, liste des documents du dépôt PCAET")
_NO_ARTICLE = recalled("", "pièce nommée sans article par la base de référence")

#: What the deposit form expects, in its order (snapshot of August 2026).
DEPOSIT = (
    DepositDocument("diagnostic", "Diagnostic", True),
    DepositDocument("strategie", "Stratégie territoriale", True),
    DepositDocument("plan-actions", "Plan d’actions", True),
    DepositDocument(
        "suivi",
        "Dispositif de suivi et d’évaluation",
        True,
        "Peut être remplacé par le plan suivi en ligne sur la plateforme.",
    ),
    DepositDocument("ees", "Évaluation environnementale stratégique", False),
    DepositDocument("deliberation", "Délibération d’adoption", False),
    DepositDocument("reponse-avis", "Mémoire de réponse aux avis", False),
    DepositDocument("synthese-public", "Synthèse de la consultation du public", False),
    DepositDocument("bilan", "Bilan du PCAET précédent", False),
)
DEPOSIT_EVIDENCE = _FORM


def _scot(
    name: str,
    label: str,
    part: str,
    step: str,
    need: Need,
    articles: tuple[str, ...],
    evidence: Evidence,
    *,
    deposit: str = "",
    contents: tuple[str, ...] = (),
    note: str = "",
) -> Piece:
    """A piece of the SCoT-AEC only."""
    return Piece(
        name, label, part, ((AEC, step),), need, articles, evidence, deposit, contents, note
    )


def _both(
    name: str,
    label: str,
    step: tuple[str, str],
    need: Need,
    articles: tuple[str, ...],
    evidence: Evidence,
    *,
    part: str = "pcaet",
    deposit: str = "",
    contents: tuple[str, ...] = (),
    note: str = "",
) -> Piece:
    """A piece of the climate plan, alone or inside a SCoT: the step of each is given."""
    due = tuple(zip((AEC, PCAET), step, strict=True))
    return Piece(name, label, part, due, need, articles, evidence, deposit, contents, note)


def _plan(
    name: str,
    deposit: str,
    label: str,
    evidence: Evidence,
    *,
    contents: tuple[str, ...] = (),
    note: str = "",
) -> Piece:
    """A required piece of a climate plan alone: R141-11, which was read, is the SCoT's only."""
    due, articles = ((PCAET, "projet"),), ("env-R229-51",)
    return Piece(
        name, label, "pcaet", due, Need.REQUIRED, articles, evidence, deposit, contents, note
    )


_DIAGNOSTIC = (
    "profil énergie-climat",
    "séquestration du carbone",
    "polluants atmosphériques",
    "énergies renouvelables",
    "vulnérabilité : neuf domaines, aujourd’hui, 2050 et 2100",
)
_DRAFT = ("arret", "projet")
_ADOPTED = ("approbation", "adoption")

PIECES = (
    _scot(
        "pas",
        "Projet d’aménagement stratégique (PAS)",
        "scot",
        "arret",
        Need.REQUIRED,
        ("urb-R141-11", "env-R229-51"),
        _DECREE,
        deposit="strategie",
        contents=("la stratégie climat-air-énergie du territoire (R229-51, II)",),
        note="Ses orientations se débattent quatre mois au moins avant l’examen du projet "
        "(L143-18, à vérifier).",
    ),
    _scot(
        "doo",
        "Document d’orientation et d’objectifs (DOO)",
        "scot",
        "arret",
        Need.REQUIRED,
        (),
        _NO_ARTICLE,
        note="Article à relever.",
    ),
    _scot(
        "daacl",
        "Volet commercial et logistique du DOO (DAACL)",
        "scot",
        "arret",
        Need.UNSETTLED,
        ("commerce-L752-6",),
        recalled("H", "de mémoire : les autorisations commerciales sont compatibles avec lui"),
        note="La base ne dit pas s’il est obligatoire : à vérifier.",
    ),
    _scot(
        "diagnostic-littoral",
        "Diagnostic de l’usage de l’espace terrestre et marin (littoral)",
        "annexes",
        "arret",
        Need.IF_ANY,
        ("urb-R141-8",),
        read("H", "décret 2021-639, texte lu"),
        note="Due si le territoire compte une commune littorale.",
    ),
    _scot(
        "rapport-environnemental",
        "Rapport environnemental",
        "annexes",
        "arret",
        Need.REQUIRED,
        ("urb-R141-9",),
        read("H", "décret 2021-639, texte lu"),
        deposit="ees",
        contents=("critères, indicateurs et modalités du suivi (R104-18, à vérifier)",),
    ),
    _scot(
        "motifs-changements",
        "Motifs des changements apportés par la révision",
        "annexes",
        "arret",
        Need.REQUIRED,
        ("urb-R141-10",),
        read("H", "décret 2021-639, texte lu"),
    ),
    _scot(
        "diagnostic-pcaet",
        "Diagnostic climat-air-énergie",
        "pcaet",
        "arret",
        Need.REQUIRED,
        ("urb-R141-11", "env-R229-51"),
        _DECREE,
        deposit="diagnostic",
        contents=_DIAGNOSTIC,
        note="Annexé au SCoT, dans les conditions de R229-52. La liste de ce qu’il contient est "
        "celle du dépôt de l’État.",
    ),
    _plan(
        "diagnostic-pcaet-seul",
        "diagnostic",
        "Diagnostic climat-air-énergie",
        recalled("", "R229-51, I : cité par R141-11, lu ; texte non lu"),
        contents=_DIAGNOSTIC,
        note="La liste de ce qu’il contient est celle du dépôt de l’État.",
    ),
    _plan(
        "strategie-pcaet",
        "strategie",
        "Stratégie territoriale",
        recalled("", "R229-51, II : cité par R141-11, lu ; texte non lu"),
        note="Dans un SCoT-AEC, le PAS la porte.",
    ),
    _scot(
        "plan-actions",
        "Programme d’actions",
        "pcaet",
        "arret",
        Need.REQUIRED,
        ("urb-R141-11", "env-R229-51"),
        _DECREE,
        deposit="plan-actions",
        note="Annexé au SCoT.",
    ),
    _plan(
        "plan-actions-pcaet-seul",
        "plan-actions",
        "Programme d’actions",
        recalled("", "R229-51 : cité par R141-11, lu ; texte non lu"),
    ),
    _both(
        "suivi-evaluation",
        "Dispositif de suivi et d’évaluation",
        _DRAFT,
        Need.REQUIRED,
        ("env-R229-51",),
        said("H", "arec-idf.fr citant le décret 2016-849 (IV) ; dépôt de l’État"),
        deposit="suivi",
        note="Il prépare le rapport à trois ans.",
    ),
    Piece(
        "ees-pcaet",
        "Évaluation environnementale stratégique",
        "pcaet",
        ((PCAET, "projet"),),
        Need.UNSETTLED,
        (),
        _FORM,
        "ees",
    ),
    _both(
        "bilan-pcaet",
        "Bilan du PCAET précédent",
        _DRAFT,
        Need.IF_ANY,
        (),
        _FORM,
        deposit="bilan",
        note="S’il y a eu un PCAET avant.",
    ),
    _scot(
        "bilan-concertation",
        "Bilan de la concertation",
        "actes",
        "arret",
        Need.REQUIRED,
        ("urb-L103-6", "urb-L143-20"),
        recalled("", "L143-20 lu ; L103-6 de mémoire"),
    ),
    _scot(
        "deliberation-arret",
        "Délibération qui arrête le projet",
        "actes",
        "arret",
        Need.REQUIRED,
        ("urb-L143-20", "urb-R143-7"),
        read("H", "texte lu"),
    ),
    _scot(
        "avis-recueillis",
        "Avis recueillis sur le projet arrêté",
        "actes",
        "approbation",
        Need.REQUIRED,
        ("urb-L143-20", "urb-R143-4"),
        read("H", "texte lu"),
    ),
    _both(
        "reponse-avis",
        "Mémoire de réponse aux avis",
        _ADOPTED,
        Need.UNSETTLED,
        (),
        _FORM,
        part="actes",
        deposit="reponse-avis",
    ),
    _scot(
        "rapport-enquete",
        "Rapport et conclusions de l’enquête publique",
        "actes",
        "approbation",
        Need.IF_ANY,
        ("env-R123-19",),
        recalled("H"),
        note="Sans objet si le public participe par voie électronique.",
    ),
    _both(
        "synthese-public",
        "Synthèse de la consultation du public",
        _ADOPTED,
        Need.UNSETTLED,
        (),
        _FORM,
        part="actes",
        deposit="synthese-public",
    ),
    _scot(
        "deliberation-approbation",
        "Délibération d’approbation",
        "actes",
        "approbation",
        Need.REQUIRED,
        ("urb-L143-23",),
        recalled("H"),
        deposit="deliberation",
        note="Elle tient lieu, au dépôt, de délibération d’adoption.",
    ),
    Piece(
        "deliberation-adoption",
        "Délibération d’adoption",
        "actes",
        ((PCAET, "adoption"),),
        Need.REQUIRED,
        (),
        _FORM,
        "deliberation",
    ),
)
