"""Deadline cases that a lawyer can read, each with its source.

A line: what is counted, from which day, which period, the expected day, where it comes from.
« P » sources are arithmetic that anyone can check on a calendar; the others are named.
"""

from datetime import date
from typing import NamedTuple

from restanque.engine.law import Period, Unit

D, M, Y = Unit.DAYS, Unit.MONTHS, Unit.YEARS
CLEAR, OPEN = Unit.CLEAR_DAYS, Unit.OPEN_DAYS


class Case(NamedTuple):
    """One period reckoned from one day."""

    what: str
    start: date
    period: Period
    end: date
    source: str


PERIODS = (
    Case(
        "avis sur le projet arrêté, transmis le 30 novembre (année ordinaire)",
        date(2026, 11, 30),
        Period(3, M),
        date(2027, 2, 28),
        "R143-4 c. urb., de date à date ; un calcul naïf donne le 2 mars",
    ),
    Case(
        "avis sur le projet arrêté, transmis le 30 novembre (avant une année bissextile)",
        date(2027, 11, 30),
        Period(3, M),
        date(2028, 2, 29),
        "R143-4 c. urb., de date à date",
    ),
    Case(
        "affichage d’un mois commencé un 31 janvier",
        date(2026, 1, 31),
        Period(1, M),
        date(2026, 2, 28),
        "P : le mois d’arrivée n’a pas de 31",
    ),
    Case(
        "affichage d’un mois commencé un 31 janvier bissextile",
        date(2028, 1, 31),
        Period(1, M),
        date(2028, 2, 29),
        "P : le mois d’arrivée n’a pas de 31",
    ),
    Case(
        "du 28 février à la même date du mois suivant, non à sa fin",
        date(2026, 2, 28),
        Period(1, M),
        date(2026, 3, 28),
        "P : de date à date",
    ),
    Case(
        "débat sur le PAS, quatre mois, changement d’année",
        date(2025, 10, 31),
        Period(4, M),
        date(2026, 2, 28),
        "L143-18 c. urb. (à vérifier), de date à date",
    ),
    Case(
        "SCoT exécutoire deux mois après la transmission",
        date(2026, 12, 31),
        Period(2, M),
        date(2027, 2, 28),
        "L143-24 c. urb.",
    ),
    Case(
        "analyse à six ans d’un SCoT approuvé un 29 février",
        date(2020, 2, 29),
        Period(6, Y),
        date(2026, 2, 28),
        "L143-28 c. urb., ancienne rédaction",
    ),
    Case(
        "mise à jour à six ans",
        date(2024, 2, 29),
        Period(6, Y),
        date(2030, 2, 28),
        "R229-55 c. env.",
    ),
    Case(
        "100 ans après : 2100 n’est pas bissextile",
        date(2096, 2, 29),
        Period(4, Y),
        date(2100, 2, 28),
        "P : calendrier grégorien",
    ),
    Case(
        "huit jours à travers le passage à l’heure d’été",
        date(2026, 3, 25),
        Period(8, D),
        date(2026, 4, 2),
        "P : des jours civils, sans heure",
    ),
    Case(
        "trente jours de rapport après la clôture",
        date(2026, 5, 1),
        Period(30, D),
        date(2026, 5, 31),
        "R123-19 c. env. (à vérifier)",
    ),
    Case(
        "enquête de trente jours ouverte le 1er juin, close le 30 juin",
        date(2026, 6, 1),
        Period(30, OPEN),
        date(2026, 6, 30),
        "L123-9 c. env. (à vérifier), premier et dernier jour comptés",
    ),
    Case(
        "convocation envoyée le vendredi : séance le jeudi suivant au plus tôt",
        date(2026, 11, 20),
        Period(5, CLEAR),
        date(2026, 11, 26),
        "CE 12 juillet 1955, Mignaloux-Beauvoir",
    ),
    Case(
        "trois jours francs après le 21 décembre 1989, Noël compris",
        date(1989, 12, 21),
        Period(3, CLEAR),
        date(1989, 12, 25),
        "CE, convocation du 21 pour le 26 décembre 1989, citée par QSN249929",
    ),
    Case(
        "un jour franc en urgence",
        date(2026, 11, 24),
        Period(1, CLEAR),
        date(2026, 11, 26),
        "L2121-12 CGCT (à vérifier)",
    ),
)


class CoveredCase(NamedTuple):
    """The version of L143-28 that governs a SCoT, by the day on which its term falls."""

    what: str
    approved: date
    term: date
    rule_id: str
    source: str


ANALYSES = (
    CoveredCase(
        "SCoT approuvé en 2019 : terme en 2025, ancienne règle",
        date(2019, 6, 20),
        date(2025, 6, 20),
        "scot.analyse@6-ans",
        "L143-28 c. urb., version du 16 avril 2024",
    ),
    CoveredCase(
        "terme la veille de l’entrée en vigueur",
        date(2020, 5, 25),
        date(2026, 5, 25),
        "scot.analyse@6-ans",
        "loi n° 2025-1129, art. 1er, VI (source secondaire)",
    ),
    CoveredCase(
        "terme le jour de l’entrée en vigueur",
        date(2020, 5, 26),
        date(2030, 5, 26),
        "scot.analyse@10-ans",
        "loi n° 2025-1129, art. 1er, VI (source secondaire)",
    ),
    CoveredCase(
        "SCoT approuvé en 2024",
        date(2024, 2, 29),
        date(2034, 2, 28),
        "scot.analyse@10-ans",
        "L143-28 c. urb., nouvelle rédaction (source secondaire)",
    ),
)


class SittingCase(NamedTuple):
    """The last day on which a sitting can be convened."""

    what: str
    session: date
    kind: str
    last_dispatch: date
    source: str


SITTINGS = (
    SittingCase(
        "séance un jeudi : dernier envoi le vendredi précédent",
        date(2026, 12, 17),
        "seance.convocation",
        date(2026, 12, 11),
        "L2121-12 CGCT, jours francs ; CE 12 juillet 1955, Mignaloux-Beauvoir",
    ),
    SittingCase(
        "séance le mardi 26 décembre 1989 : samedi, dimanche et Noël comptent",
        date(1989, 12, 26),
        "seance.convocation",
        date(1989, 12, 20),
        "CE 12 juillet 1955, Mignaloux-Beauvoir ; CE 1989",
    ),
    SittingCase(
        "seconde convocation : trois jours francs",
        date(1989, 12, 26),
        "seance.seconde-convocation",
        date(1989, 12, 22),
        "CE 16 juin 1997, Pfister, n° 142691",
    ),
    SittingCase(
        "urgence : un jour franc",
        date(2026, 12, 17),
        "seance.urgence",
        date(2026, 12, 15),
        "L2121-12 CGCT (à vérifier)",
    ),
)
