"""Opinions that the body of a SCoT is asked for, and the rules of its sittings."""

from __future__ import annotations

from restanque.engine.law.model import Effect, Evidence, Period, Rule, Start, Unit
from restanque.engine.law.tables.evidence import (
    EFFECT_UNKNOWN,
    UNSTATED_CONSEQUENCE,
    read,
    recalled,
    said,
)

FAVOURABLE = "Sans réponse à ce terme, l’avis est réputé favorable."
CLEAR = Unit.CLEAR_DAYS


def _months(
    name: str,
    title: str,
    months: int,
    articles: tuple[str, ...],
    evidence: Evidence,
    *,
    silence: str = FAVOURABLE,
    harm: str = "L’avis du porteur du SCoT est réputé favorable.",
    note: str = "",
) -> Rule:
    return Rule(
        name,
        name,
        title,
        articles,
        Effect.SILENCE,
        evidence,
        harm,
        starts_from="transmission du dossier",
        start=Start.TRANSMISSION,
        period=Period(months, Unit.MONTHS),
        silence=silence,
        note=note,
    )


def _duty(name: str, title: str, articles: tuple[str, ...], evidence: Evidence) -> Rule:
    return Rule(name, name, title, articles, Effect.DUTY, evidence, UNSTATED_CONSEQUENCE)


OPINIONS = (
    _months(
        "derogation.avis-scot",
        "Dérogation à l’urbanisation limitée : avis du porteur du SCoT",
        2,
        ("urb-R142-2", "urb-L142-5"),
        read("H", "doctrine.fr"),
    ),
    _months(
        "derogation.avis-cdpenaf",
        "Dérogation à l’urbanisation limitée : avis de la CDPENAF",
        2,
        ("urb-R142-2", "urb-L142-5"),
        read("H", "doctrine.fr"),
        harm=UNSTATED_CONSEQUENCE,
    ),
    _months(
        "derogation.accord-prefet",
        "Dérogation à l’urbanisation limitée : décision du préfet",
        4,
        ("urb-R142-2", "urb-L142-4", "urb-L142-5"),
        read("H", "doctrine.fr"),
        silence="Sans réponse à ce terme, l’accord est tacite.",
        harm="Sans dérogation, la zone ne peut pas être ouverte à l’urbanisation.",
        note="Avant l’examen par la CDAC, pour les projets qui y passent.",
    ),
    _months(
        "cdac.avis",
        "Autorisation commerciale : avis de la CDAC",
        2,
        ("commerce-L752-14", "commerce-L752-6", "commerce-L751-2"),
        recalled("H"),
        harm=UNSTATED_CONSEQUENCE,
        note="Le président du porteur du SCoT, ou son représentant, y siège.",
    ),
    Rule(
        "cdac.recours-cnac",
        "cdac.recours-cnac",
        "Recours devant la commission nationale d’aménagement commercial",
        ("commerce-L752-17",),
        Effect.NOT_AFTER,
        recalled("H"),
        "Passé ce délai, le recours n’est plus recevable (à vérifier).",
        starts_from="avis de la CDAC",
        period=Period(1, Unit.MONTHS),
    ),
    _months("plh.avis", "Avis sur le PLH arrêté", 2, ("cch-L302-2", "cch-R302-9"), recalled("H")),
    _months(
        "plh.avis-crhh",
        "Avis du comité régional de l’habitat et de l’hébergement",
        2,
        ("cch-L302-2@crhh",),
        said("", "123dok ; article exact non relevé", verify=True),
        silence=EFFECT_UNKNOWN,
        harm=UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "plh.demandes-prefet",
        "plh.demandes-prefet",
        "Le préfet peut demander des modifications du PLH",
        ("cch-L302-2@crhh",),
        Effect.SILENCE,
        said("", "123dok ; article exact non relevé", verify=True),
        UNSTATED_CONSEQUENCE,
        starts_from="avis du comité régional",
        period=Period(1, Unit.MONTHS),
        silence=EFFECT_UNKNOWN,
    ),
    _months(
        "pdm.avis",
        "Avis sur le plan de mobilité",
        3,
        ("transports-L1214-15",),
        recalled("M"),
        note="Il n’est pas établi que le porteur du SCoT soit nommément consulté.",
    ),
    _months(
        "sraddet.avis",
        "Avis sur le SRADDET",
        3,
        ("cgct-L4251-5", "cgct-L4251-6"),
        recalled("M"),
    ),
    _months(
        "scot-voisin.avis",
        "Avis sur le SCoT arrêté d’un voisin",
        3,
        ("urb-L132-8", "urb-L143-20", "urb-R143-4"),
        recalled("H", "L143-20 et R143-4 lus ; L132-8 de mémoire"),
    ),
    _duty(
        "carrieres.avis",
        "Schéma régional des carrières : délai de consultation non établi",
        ("env-L515-3",),
        recalled("L"),
    ),
    _duty(
        "pnr.charte",
        "Charte de parc naturel régional : association plutôt qu’avis ; le SCoT est compatible",
        ("env-L333-1",),
        recalled("M"),
    ),
    _duty(
        "pcaet-voisin.information",
        "PCAET d’un voisin : le porteur du SCoT est informé",
        ("env-R229-53",),
        read("", "texte lu"),
    ),
)

_IRREGULAR = "Les délibérations de la séance peuvent être annulées (à vérifier)."
_CHAIN = ("cgct-L5741-1", "cgct-L5711-1", "cgct-L5211-1")

ASSEMBLIES = (
    Rule(
        "seance.convocation",
        "seance.convocation",
        "Convocation envoyée cinq jours francs avant la séance, avec la note de synthèse",
        (
            "cgct-L2121-12",
            *_CHAIN,
            "qe-an-10-4519",
            "ce-2015-383072",
            "ce-1955-mignaloux",
            "ce-1989-convocation",
        ),
        Effect.NOT_BEFORE,
        said("H", "QE AN 10-4519, CE 383072 ; L2121-12 et renvois de mémoire", verify=True),
        _IRREGULAR,
        starts_from="envoi de la convocation (cachet ou plateforme, non signature)",
        start=Start.DISPATCH,
        period=Period(5, CLEAR),
        note="Samedis, dimanches et jours fériés comptent et ne prolongent pas le délai. Cinq "
        "jours valent dès qu’une commune membre atteint 3 500 habitants ; en dessous, la "
        "base ne dit rien.",
    ),
    Rule(
        "seance.urgence",
        "seance.urgence",
        "En urgence, un jour franc au moins ; le comité doit ratifier l’urgence",
        ("cgct-L2121-12", *_CHAIN),
        Effect.NOT_BEFORE,
        recalled("H", "L2121-12 de mémoire"),
        "Urgence non reconnue par le comité : l’affaire est renvoyée à une autre séance (à "
        "vérifier).",
        starts_from="envoi de la convocation",
        start=Start.DISPATCH,
        period=Period(1, CLEAR),
    ),
    Rule(
        "seance.seconde-convocation",
        "seance.seconde-convocation",
        "Faute de quorum, nouvelle séance trois jours francs après la seconde convocation, sans "
        "quorum",
        ("cgct-L2121-17", *_CHAIN, "ce-1997-pfister"),
        Effect.NOT_BEFORE,
        said("H", "CE Pfister ; L2121-17 et renvois de mémoire", verify=True),
        _IRREGULAR,
        starts_from="envoi de la seconde convocation",
        start=Start.DISPATCH,
        period=Period(3, CLEAR),
    ),
    Rule(
        "seance.quorum",
        "seance.quorum",
        "Majorité des membres en exercice, présents à chaque point ; les pouvoirs ne comptent pas",
        ("cgct-L2121-17", *_CHAIN),
        Effect.DUTY,
        recalled("M", "L2121-17 de mémoire ; vérification à chaque point : confiance moyenne"),
        "La délibération prise sans quorum est irrégulière (à vérifier).",
    ),
    Rule(
        "seance.majorite",
        "seance.majorite",
        "Majorité absolue des suffrages exprimés ; à égalité, la voix du président l’emporte, "
        "sauf à bulletin secret",
        ("cgct-L2121-20", *_CHAIN),
        Effect.DUTY,
        recalled("H", "L2121-20 de mémoire, hors du fichier de référence"),
        UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "acte.executoire",
        "acte.executoire",
        "L’acte est exécutoire une fois publié et transmis au contrôle de légalité",
        ("cgct-L2131-1", "cgct-L5211-3", "cgct-L5711-1", "cgct-L5741-1"),
        Effect.DUTY,
        recalled("H", "L2131-1 et renvois de mémoire, hors du fichier de référence"),
        "Tant qu’il n’est pas publié et transmis, l’acte ne produit pas d’effet (à vérifier).",
        note="Un SCoT approuvé suit sa propre règle, plus tardive.",
    ),
    Rule(
        "seance.delegation-avis",
        "seance.delegation-avis",
        "Les avis peuvent être délégués au bureau ou au président",
        ("cgct-L5211-10", *_CHAIN),
        Effect.DUTY,
        recalled("H", "L5211-10 de mémoire"),
        UNSTATED_CONSEQUENCE,
    ),
)

RULES = (*OPINIONS, *ASSEMBLIES)
