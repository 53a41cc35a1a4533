"""Rules of the public inquiry, of the climate plan, of the PLU and of other plans."""

from __future__ import annotations

from restanque.engine.law.model import Effect, Evidence, Period, Rule, Start, Unit
from restanque.engine.law.tables.evidence import UNSTATED_CONSEQUENCE, read, recalled, said
from restanque.engine.law.tables.regimes import AFTER, NEW_PLU, OLD_PLU

MONTHS, DAYS, YEARS, OPEN = Unit.MONTHS, Unit.DAYS, Unit.YEARS, Unit.OPEN_DAYS
FAVOURABLE = "Sans réponse à ce terme, l’avis est réputé favorable."
_NOTICE = "Information du public irrégulière : annulation possible (à vérifier)."


def _inquiry(
    name: str,
    title: str,
    articles: str,
    effect: Effect,
    period: Period,
    starts_from: str,
    harm: str,
    *,
    start: Start = Start.FACT,
) -> Rule:
    return Rule(
        name,
        name,
        title,
        tuple(articles.split()),
        effect,
        recalled("H"),
        harm,
        starts_from=starts_from,
        start=start,
        period=period,
    )


INQUIRY = (
    _inquiry(
        "enquete.designation",
        "Désignation du commissaire enquêteur par le tribunal",
        "env-R123-5",
        Effect.NOT_AFTER,
        Period(15, DAYS),
        "demande au tribunal",
        UNSTATED_CONSEQUENCE,
        start=Start.RECEIPT,
    ),
    _inquiry(
        "enquete.avis",
        "Avis d’enquête publié quinze jours au moins avant l’ouverture",
        "env-R123-9 env-R123-11",
        Effect.NOT_BEFORE,
        Period(15, DAYS),
        "publication de l’avis d’enquête",
        _NOTICE,
        start=Start.PUBLICATION,
    ),
    _inquiry(
        "enquete.rappel",
        "Avis d’enquête rappelé dans les huit premiers jours",
        "env-R123-11",
        Effect.NOT_AFTER,
        Period(8, OPEN),
        "ouverture de l’enquête",
        _NOTICE,
    ),
    _inquiry(
        "enquete.duree",
        "Enquête ouverte trente jours au moins",
        "env-L123-9",
        Effect.NOT_BEFORE,
        Period(30, OPEN),
        "ouverture de l’enquête",
        "Annulation.",
    ),
    _inquiry(
        "enquete.pv",
        "Procès-verbal de synthèse remis dans les huit jours",
        "env-R123-18",
        Effect.NOT_AFTER,
        Period(8, DAYS),
        "clôture de l’enquête",
        UNSTATED_CONSEQUENCE,
    ),
    _inquiry(
        "enquete.reponse",
        "Réponse du porteur au procès-verbal dans les quinze jours",
        "env-R123-18",
        Effect.NOT_AFTER,
        Period(15, DAYS),
        "remise du procès-verbal",
        UNSTATED_CONSEQUENCE,
    ),
    _inquiry(
        "enquete.rapport",
        "Rapport et conclusions dans les trente jours",
        "env-R123-19",
        Effect.NOT_AFTER,
        Period(30, DAYS),
        "clôture de l’enquête",
        UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "ppve.avis",
        "ppve.avis",
        "Avis de participation publié quinze jours au moins avant l’ouverture",
        ("env-L123-19",),
        Effect.NOT_BEFORE,
        recalled("H"),
        _NOTICE,
        starts_from="publication de l’avis",
        start=Start.PUBLICATION,
        period=Period(15, DAYS),
        regime=AFTER,
    ),
    Rule(
        "ppve.duree",
        "ppve.duree",
        "Participation ouverte trente jours au moins",
        ("env-L123-19",),
        Effect.NOT_BEFORE,
        recalled("H"),
        "Annulation.",
        starts_from="ouverture de la participation",
        period=Period(30, OPEN),
        regime=AFTER,
    ),
)

CLIMATE = (
    Rule(
        "pcaet.information",
        "pcaet.information",
        "Le préfet, le préfet de région, les présidents de région et de département, les maires, "
        "les "
        "autorités de distribution, les consulaires et les gestionnaires de réseaux sont informés",
        ("env-R229-53",),
        Effect.DUTY,
        read("H", "juriblio"),
        UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "pcaet.rapport",
        "pcaet.rapport",
        "Rapport sur le PCAET après trois ans, rendu public",
        ("env-R229-51", "env-L229-26"),
        Effect.NOT_AFTER,
        said("H", "arec-idf.fr citant le décret 2016-849"),
        "Les EPCI ne satisfont plus à L229-26.",
        starts_from="adoption du plan (fait de départ à vérifier)",
        period=Period(3, YEARS),
    ),
    Rule(
        "pcaet.mise-a-jour",
        "pcaet.mise-a-jour",
        "Mise à jour du PCAET tous les six ans",
        ("env-R229-55", "env-L229-26"),
        Effect.NOT_AFTER,
        read("H", "texte lu"),
        "Les EPCI ne satisfont plus à L229-26.",
        starts_from="adoption du plan (fait de départ à vérifier)",
        period=Period(6, YEARS),
    ),
)

PLU = (
    Rule(
        "plu.avis-arret",
        "plu.avis-arret",
        "Avis sur le PLU arrêté",
        ("urb-L153-16", "urb-L132-9", "urb-R153-4"),
        Effect.SILENCE,
        recalled("H"),
        UNSTATED_CONSEQUENCE,
        starts_from="transmission du dossier",
        start=Start.TRANSMISSION,
        period=Period(3, MONTHS),
        silence=FAVOURABLE,
    ),
    Rule(
        "plu.notification-modification",
        "plu.notification-modification",
        "La modification est notifiée avant la phase publique ; aucun délai légal de réponse",
        ("urb-L153-40",),
        Effect.DUTY,
        recalled("H"),
        UNSTATED_CONSEQUENCE,
        silence="Sans réponse, il n’y a pas d’avis.",
        note="Fixez votre propre délai : avant l’ouverture de l’enquête ou de la mise à "
        "disposition.",
    ),
    Rule(
        "plu.examen-conjoint-revision",
        "plu.examen-conjoint-revision",
        "Révision allégée : examen conjoint des personnes associées",
        ("urb-L153-34",),
        Effect.DUTY,
        recalled("H"),
        UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "plu.examen-conjoint-projet",
        "plu.examen-conjoint-projet",
        "Déclaration de projet : examen conjoint des personnes associées",
        ("urb-L153-54", "urb-R153-13"),
        Effect.DUTY,
        recalled("H"),
        UNSTATED_CONSEQUENCE,
    ),
    Rule(
        "plu.compatibilite@1-an",
        "plu.compatibilite",
        "Mise en compatibilité du PLU dans l’année",
        ("urb-L131-6@2016",),
        Effect.NOT_AFTER,
        read("", "legifrance, version de 2016", verify=True),
        UNSTATED_CONSEQUENCE,
        starts_from="entrée en vigueur du SCoT",
        period=Period(1, YEARS),
        regime=OLD_PLU,
    ),
    Rule(
        "plu.compatibilite-revision@3-ans",
        "plu.compatibilite-revision",
        "Mise en compatibilité du PLU en trois ans, si elle demande une révision",
        ("urb-L131-6@2016",),
        Effect.NOT_AFTER,
        read("", "legifrance, version de 2016", verify=True),
        UNSTATED_CONSEQUENCE,
        starts_from="entrée en vigueur du SCoT",
        period=Period(3, YEARS),
        regime=OLD_PLU,
    ),
    Rule(
        "plu.analyse@1-an",
        "plu.analyse",
        "Analyse de compatibilité et délibération dans l’année",
        ("urb-L131-7",),
        Effect.NOT_AFTER,
        said("M", "adden.fr, weka.fr ; transition contestée", verify=True),
        UNSTATED_CONSEQUENCE,
        starts_from="entrée en vigueur du SCoT",
        period=Period(1, YEARS),
        regime=NEW_PLU,
    ),
    Rule(
        "plu.analyse-periodique@3-ans",
        "plu.analyse-periodique",
        "Analyse de compatibilité et délibération tous les trois ans",
        ("urb-L131-7",),
        Effect.NOT_AFTER,
        said("M", "adden.fr, weka.fr ; transition contestée", verify=True),
        UNSTATED_CONSEQUENCE,
        starts_from="dernière analyse, ou entrée en vigueur du PLU (à vérifier)",
        period=Period(3, YEARS),
        regime=NEW_PLU,
    ),
    Rule(
        "plu.mise-en-demeure-reponse",
        "plu.mise-en-demeure-reponse",
        "L’État impose une mise en compatibilité : réponse dans le mois",
        ("urb-L153-50",),
        Effect.NOT_AFTER,
        read("M", "L153-49 à L153-51, jeu de données louisbrulenaudet/code-urbanisme"),
        "L’État se substitue à la commune ou à l’EPCI.",
        starts_from="demande du préfet",
        start=Start.RECEIPT,
        period=Period(1, MONTHS),
    ),
    Rule(
        "plu.mise-en-demeure-approbation",
        "plu.mise-en-demeure-approbation",
        "L’État impose une mise en compatibilité : approbation dans les six mois",
        ("urb-L153-50",),
        Effect.NOT_AFTER,
        read("M", "L153-49 à L153-51, jeu de données louisbrulenaudet/code-urbanisme"),
        "L’État se substitue à la commune ou à l’EPCI.",
        starts_from="demande du préfet",
        start=Start.RECEIPT,
        period=Period(6, MONTHS),
    ),
)


def _chain(name: str, title: str, articles: tuple[str, ...], evidence: Evidence) -> Rule:
    return Rule(
        f"compatibilite.{name}",
        f"compatibilite.{name}",
        title,
        articles,
        Effect.DUTY,
        evidence,
        UNSTATED_CONSEQUENCE,
        note="Compatible ne veut pas dire conforme : un avis relève une contradiction, ou aucune.",
    )


COMPATIBILITY = (
    _chain(
        "scot-normes",
        "Le SCoT est compatible avec les normes supérieures et prend en compte d’autres documents",
        ("urb-L131-1", "urb-L131-2"),
        recalled("H"),
    ),
    _chain(
        "plu-scot",
        "Le PLU est compatible avec le SCoT, le plan de mobilité et le PLH",
        ("urb-L131-4",),
        read("H", "version de 2016", verify=True),
    ),
    _chain("plu-pcaet", "Le PLU est compatible avec le PCAET", ("urb-L131-5",), recalled("M")),
    _chain(
        "operations",
        "PLH, plan de mobilité et opérations importantes sont compatibles avec le SCoT",
        ("urb-L142-1",),
        recalled("H"),
    ),
    _chain(
        "cdac-facultative",
        "La CDAC peut être saisie d’un projet de 300 à 1 000 m², commune de moins de 20 000 "
        "habitants",
        ("commerce-L752-4",),
        recalled("H"),
    ),
)

RULES = (*INQUIRY, *CLIMATE, *PLU, *COMPATIBILITY)
