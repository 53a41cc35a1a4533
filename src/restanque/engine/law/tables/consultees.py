"""Who must be consulted, at which step, under which condition."""

from __future__ import annotations

from restanque.engine.law.model import Consultee, Evidence
from restanque.engine.law.tables.evidence import read, recalled, said

#: What a procedure must know of itself for a conditional step or consultation: name → question.
CONDITIONS = {
    "reduit-espaces": "Le projet réduit-il des espaces agricoles, naturels ou forestiers ?",
    "littoral": "Le projet use-t-il des articles L141-12 à L141-14 (littoral) ?",
    "massif": "Le territoire comprend-il une zone de massif ?",
    "beges": "Une collectivité du périmètre est-elle tenue au bilan d’émissions (L229-25) ?",
    "sans-scot": "La commune est-elle hors d’un SCoT applicable ?",
    "interets-compromis": "Une commune ou un EPCI membre estime-t-il ses intérêts compromis ?",
    "repli-gpu": "La publication sur le Géoportail a-t-elle été impossible ?",
    "objections-prefet": "Le préfet a-t-il demandé des modifications dans les deux mois ?",
    "volet-habitat": "Le document vaut-il PLH ?",
}

SCOT, PLU = ("scot-aec-revision",), ("plu-elaboration", "plu-revision")
_READ = read("H", "texte lu")
_RECALLED = recalled("H")


def _on_scot_draft(
    name: str,
    label: str,
    step: str,
    articles: tuple[str, ...],
    rule: str,
    evidence: Evidence = _READ,
    *,
    condition: str = "",
    on_request: bool = False,
    note: str = "",
) -> Consultee:
    return Consultee(
        f"scot.{name}", label, SCOT, step, articles, evidence, rule, condition, on_request, note
    )


_PPA_STEP, _AVIS = "consultation-ppa", "scot.avis-arret"
_ARTICLES = ("urb-L143-20", "urb-R143-4")
_FARMING = ("crpm-L112-3", "urb-R143-5")

ON_SCOT_DRAFT = (
    _on_scot_draft(
        "ppa",
        "Personnes publiques associées",
        _PPA_STEP,
        (*_ARTICLES, "urb-L132-7", "urb-L132-8"),
        _AVIS,
        recalled("H", "L143-20 et R143-4 lus ; L132-7 et L132-8 de mémoire"),
    ),
    _on_scot_draft("membres", "Communes et groupements membres", _PPA_STEP, _ARTICLES, _AVIS),
    _on_scot_draft(
        "voisins",
        "Communes et EPCI voisins",
        _PPA_STEP,
        _ARTICLES,
        _AVIS,
        on_request=True,
    ),
    _on_scot_draft(
        "scot-voisins",
        "Porteurs des SCoT voisins",
        _PPA_STEP,
        ("urb-L132-8", *_ARTICLES),
        _AVIS,
        recalled("H", "L143-20 et R143-4 lus ; L132-8 de mémoire"),
    ),
    _on_scot_draft("hlm", "Représentant des organismes HLM", _PPA_STEP, _ARTICLES, _AVIS),
    _on_scot_draft("massif", "Comité de massif", _PPA_STEP, _ARTICLES, _AVIS, condition="massif"),
    _on_scot_draft(
        "cdpenaf",
        "CDPENAF",
        "saisine-cdpenaf",
        _ARTICLES,
        _AVIS,
        condition="reduit-espaces",
    ),
    _on_scot_draft(
        "chambre-agriculture",
        "Chambre d’agriculture",
        "saisine-agricole",
        _FARMING,
        "scot.avis-agricole",
        condition="reduit-espaces",
    ),
    _on_scot_draft(
        "inao",
        "INAO (zones d’appellation)",
        "saisine-agricole",
        _FARMING,
        "scot.avis-agricole",
        condition="reduit-espaces",
    ),
    _on_scot_draft(
        "cnpf",
        "Centre national de la propriété forestière",
        "saisine-agricole",
        _FARMING,
        "scot.avis-agricole",
        condition="reduit-espaces",
    ),
    _on_scot_draft(
        "prefet-region",
        "Préfet de région (partie climat-air-énergie)",
        "saisine-prefet-region",
        ("urb-R141-13", "env-R229-54"),
        "pcaet.avis-projet",
        recalled("M", "R141-13 lu ; R229-54 de mémoire"),
    ),
    _on_scot_draft(
        "mrae",
        "Mission régionale d’autorité environnementale",
        "saisine-mrae",
        ("urb-R104-21", "urb-R104-23", "urb-R104-25"),
        "scot.avis-mrae",
        recalled("H", "R104-21 lu ; R104-23 et R104-25 de mémoire"),
    ),
    Consultee(
        "scot.prefet-maritime",
        "Préfet maritime (accord)",
        SCOT,
        "accord-prefet-maritime",
        ("urb-R143-6",),
        read("H", "lexbase", verify=True),
        None,
        "littoral",
        note="Avant l’arrêt et avant l’approbation. Accord ou avis : à vérifier.",
    ),
)


def _told(name: str, label: str, step: str, articles: tuple[str, ...], **more: str) -> Consultee:
    known = read("H", "juriblio") if articles != ("urb-L143-17",) else _RECALLED
    return Consultee(
        f"scot.{name}",
        label,
        SCOT,
        step,
        articles,
        known,
        more.get("rule"),
        more.get("condition", ""),
        note=more.get("note", ""),
        told=True,
    )


#: R229-53: « la région et le préfet » answer the information within two months.
_ANSWERS = {"rule": "pcaet.reponse-information"}
_WHICH = {"note": "La base dit « le préfet » sans préciser lequel : à vérifier."}


AT_PRESCRIPTION = (
    _told(
        "notification-ppa",
        "Personnes publiques associées",
        "notification-prescription",
        ("urb-L143-17",),
    ),
    _told("notification-cdpenaf", "CDPENAF", "notification-prescription", ("urb-L143-17",)),
    _told(
        "notification-beges",
        "Collectivités tenues au bilan d’émissions",
        "notification-prescription",
        ("urb-L141-16",),
        condition="beges",
    ),
    *(
        _told(f"information-{name}", label, "information-pcaet", ("env-R229-53",), **more)
        for name, label, more in (
            ("prefet", "Préfet", _ANSWERS | _WHICH),
            ("prefet-region", "Préfet de région", _ANSWERS | _WHICH),
            ("departement", "Président du conseil départemental", {}),
            ("region", "Président du conseil régional", _ANSWERS),
            ("maires", "Maires", {}),
            ("aode", "Autorités organisatrices de la distribution d’énergie", {}),
            ("consulaires", "Organismes consulaires", {}),
            ("reseaux", "Gestionnaires de réseaux", {}),
        )
    ),
)

OTHER_PLANS = (
    Consultee(
        "plu.ppa",
        "Personnes publiques associées, dont le porteur du SCoT",
        PLU,
        "consultation-ppa",
        ("urb-L153-16", "urb-L132-7", "urb-L132-9", "urb-R153-4"),
        _RECALLED,
        "plu.avis-arret",
    ),
    Consultee(
        "plu.agricole",
        "Chambre d’agriculture, INAO, centre national de la propriété forestière",
        PLU,
        "consultation-ppa",
        ("crpm-L112-3",),
        _READ,
        None,
        "reduit-espaces",
        note="Le délai de réponse pour un PLU n’est pas dans la base.",
    ),
    Consultee(
        "plu.derogation-scot",
        "Porteur du SCoT (dérogation à l’urbanisation limitée)",
        PLU,
        "demande-derogation",
        ("urb-R142-2", "urb-L142-5"),
        read("H", "doctrine.fr"),
        "derogation.avis-scot",
        "sans-scot",
    ),
    Consultee(
        "plu.derogation-cdpenaf",
        "CDPENAF (dérogation à l’urbanisation limitée)",
        PLU,
        "demande-derogation",
        ("urb-R142-2", "urb-L142-5"),
        read("H", "doctrine.fr"),
        "derogation.avis-cdpenaf",
        "sans-scot",
    ),
    Consultee(
        "plu-modification.ppa",
        "Personnes publiques associées et communes concernées",
        ("plu-modification",),
        "notification-ppa",
        ("urb-L153-40",),
        _RECALLED,
        "plu.notification-modification",
    ),
    Consultee(
        "plh.communes-et-scot",
        "Communes membres et porteur du SCoT",
        ("plh",),
        "transmission-projet",
        ("cch-L302-2", "cch-R302-9"),
        _RECALLED,
        "plh.avis",
    ),
    Consultee(
        "plh.crhh",
        "Comité régional de l’habitat et de l’hébergement",
        ("plh",),
        "saisine-crhh",
        ("cch-L302-2@crhh",),
        said("", "123dok ; article exact non relevé", verify=True),
        "plh.avis-crhh",
    ),
    Consultee(
        "pdm.consultes",
        "Collectivités consultées (la liste n’est pas dans la base)",
        ("pdm",),
        "transmission-projet",
        ("transports-L1214-15",),
        recalled("M"),
        "pdm.avis",
        note="Il n’est pas établi que le porteur du SCoT soit nommément consulté.",
    ),
    Consultee(
        "pcaet.prefet-region",
        "Préfet de région",
        ("pcaet",),
        "transmission-projet",
        ("env-R229-54",),
        recalled("M"),
        "pcaet.avis-projet",
    ),
    *(
        Consultee(
            f"pcaet.{name}",
            label,
            ("pcaet",),
            "transmission-projet",
            ("env-R229-54",),
            said("M", "Territoires en Transitions, titres des avis", verify=True),
            None,
            note="Territoires en Transitions compte trois mois ; le texte n’a pas été lu.",
        )
        for name, label in (
            ("region", "Président du conseil régional"),
            ("mrae", "Autorité environnementale"),
        )
    ),
)

CONSULTEES = (*AT_PRESCRIPTION, *ON_SCOT_DRAFT, *OTHER_PLANS)
