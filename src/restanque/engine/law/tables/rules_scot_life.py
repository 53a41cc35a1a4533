"""Rules of a SCoT from its approval on: participation, executory date, follow-up."""

from __future__ import annotations

from restanque.engine.law.model import Criterion, Effect, Period, Rule, Start, Unit
from restanque.engine.law.tables.articles_urbanisme import EVE_OF_REFORM, REFORM
from restanque.engine.law.tables.evidence import UNSTATED_CONSEQUENCE, read, recalled, said
from restanque.engine.law.tables.regimes import AFTER, BEFORE

MONTHS, YEARS = Unit.MONTHS, Unit.YEARS

APPROVAL = (
    Rule(
        "scot.participation@avant",
        "scot.participation",
        "Le projet arrêté est soumis à enquête publique",
        ("urb-L143-22@avant-2026",),
        Effect.DUTY,
        recalled(""),
        "Annulation.",
        regime=BEFORE,
    ),
    Rule(
        "scot.participation@2026",
        "scot.participation",
        "Enquête publique ou, par décision motivée, participation par voie électronique avec un "
        "dossier "
        "papier dans les mairies",
        ("urb-L143-22@2026",),
        Effect.DUTY,
        read("H", "LEGIARTI000052866181"),
        "Annulation.",
        regime=AFTER,
    ),
    Rule(
        "scot.approbation",
        "scot.approbation",
        "Approbation du SCoT, modifié s’il y a lieu",
        ("urb-L143-23",),
        Effect.DUTY,
        recalled("H"),
        "Les modifications ne doivent pas bouleverser l’économie du projet.",
    ),
    Rule(
        "scot.executoire",
        "scot.executoire",
        "Exécutoire deux mois après la transmission au préfet, si le SCoT est publié sur le "
        "Géoportail",
        ("urb-L143-24",),
        Effect.NOT_BEFORE,
        read("H", "archeo-lex, version du 1er janvier 2023"),
        "Sans publication sur le Géoportail de l’urbanisme, le SCoT n’est pas exécutoire.",
        starts_from="transmission au préfet",
        start=Start.TRANSMISSION,
        period=Period(2, MONTHS),
    ),
    Rule(
        "scot.publication-repli",
        "scot.publication-repli",
        "Après une publication de repli, publication sur le Géoportail dans les six mois",
        ("urb-L143-24",),
        Effect.NOT_AFTER,
        read("H", "archeo-lex, version du 1er janvier 2023"),
        "Le SCoT doit rejoindre le Géoportail de l’urbanisme.",
        starts_from="publication de repli",
        start=Start.PUBLICATION,
        period=Period(6, MONTHS),
    ),
    Rule(
        "scot.objections-prefet",
        "scot.objections-prefet",
        "Le préfet peut demander des modifications",
        ("urb-L143-25",),
        Effect.NOT_AFTER,
        read("H", "doctrine.fr"),
        "Le SCoT ne devient exécutoire qu’une fois les modifications approuvées, publiées et "
        "transmises.",
        starts_from="transmission au préfet",
        start=Start.TRANSMISSION,
        period=Period(2, MONTHS),
    ),
    Rule(
        "recours.delai",
        "recours.delai",
        "Recours contentieux",
        ("cja-R421-1",),
        Effect.NOT_BEFORE,
        recalled("H"),
        "Avant ce terme, l’acte peut être attaqué.",
        starts_from="publicité de l’acte (fait de départ à vérifier)",
        start=Start.PUBLICATION,
        period=Period(2, MONTHS),
    ),
    Rule(
        "recours.exception",
        "recours.exception",
        "Les vices de forme invoqués par exception relevaient de L600-1, abrogé",
        ("urb-L600-1",),
        Effect.DUTY,
        said("M", "cerasus-avocats.fr ; date d’effet non relevée", verify=True),
        UNSTATED_CONSEQUENCE,
    ),
)

FOLLOW_UP = (
    Rule(
        "scot.analyse@6-ans",
        "scot.analyse",
        "Analyse des résultats et délibération de maintien ou de révision, six ans après "
        "l’approbation",
        ("urb-L143-28@6-ans",),
        Effect.NOT_AFTER,
        read("H", "legifrance, version du 16 avril 2024"),
        "À défaut de délibération, le SCoT est caduc ; l’urbanisation devient limitée (L142-4).",
        starts_from="approbation, ou dernière délibération de maintien",
        period=Period(6, YEARS),
        criterion=Criterion.TERM,
        valid_to=EVE_OF_REFORM,
    ),
    Rule(
        "scot.analyse@10-ans",
        "scot.analyse",
        "Analyse des résultats et délibération de maintien ou de révision, dix ans après "
        "l’approbation",
        ("urb-L143-28@10-ans",),
        Effect.NOT_AFTER,
        said("M", "atd31.fr, amendements AN, Docurba ; texte en vigueur non lu", verify=True),
        "Plus de caducité automatique, selon les sources lues (texte en vigueur à vérifier).",
        starts_from="approbation, ou dernière délibération de maintien",
        period=Period(10, YEARS),
        criterion=Criterion.TERM,
        valid_from=REFORM,
        note="La règle de transition n’a pas été lue.",
    ),
    Rule(
        "scot.normes-superieures",
        "scot.normes-superieures",
        "Examen de la compatibilité avec les normes supérieures tous les trois ans",
        ("urb-L131-3",),
        Effect.NOT_AFTER,
        recalled("H"),
        UNSTATED_CONSEQUENCE,
        starts_from="approbation (fait de départ à vérifier)",
        period=Period(3, YEARS),
    ),
)

RULES = (*APPROVAL, *FOLLOW_UP)
