"""Regimes and parameters: which body of rules applies, and the numbers that texts set."""

from __future__ import annotations

from datetime import date

from restanque.engine.law.model import Evidence, Parameter, Regime
from restanque.engine.law.tables.articles_urbanisme import EVE_OF_REFORM, REFORM
from restanque.engine.law.tables.evidence import CHECK_THE_LAW, read, recalled, said

BEFORE, AFTER = "avant-loi-2025-1129", "apres-loi-2025-1129"
PROCEDURE = "procedure"
OLD_PLU, NEW_PLU = "plu-avant-ordonnance-2020-745", "plu-depuis-ordonnance-2020-745"
PLU_COMPATIBILITY = "compatibilite-plu"

_LAW_OF_2025 = said("H", "efl.fr 2025-12-04, atd31.fr, adden-leblog.com, Docurba PR 2062")
_ORDER_OF_2020 = said("M", "adden.fr, weka.fr ; transition contestée", verify=True)

REGIMES = (
    Regime(
        BEFORE,
        PROCEDURE,
        "Procédure lancée avant le 26 mai 2026 : anciennes règles jusqu’à son terme",
        ("loi-2025-1129",),
        _LAW_OF_2025,
        valid_to=EVE_OF_REFORM,
        note="Le régime suit la date de l’acte de lancement, non celle du jour.",
    ),
    Regime(
        AFTER,
        PROCEDURE,
        "Procédure lancée à compter du 26 mai 2026 : règles de la loi n° 2025-1129",
        ("loi-2025-1129",),
        _LAW_OF_2025,
        valid_from=REFORM,
        note="Le régime suit la date de l’acte de lancement, non celle du jour.",
    ),
    Regime(
        OLD_PLU,
        PLU_COMPATIBILITY,
        "PLU engagé avant le 1er avril 2021 : mise en compatibilité en un an, trois ans si "
        "révision",
        ("urb-L131-6@2016", "ord-2020-745"),
        read("", "legifrance, version de 2016 de L131-6", verify=True),
        valid_to=date(2021, 3, 31),
        note="La règle de transition est contestée ; Docurba et l’ADDEN ont interrogé le "
        "ministère.",
    ),
    Regime(
        NEW_PLU,
        PLU_COMPATIBILITY,
        "PLU engagé à compter du 1er avril 2021 : analyse et délibération, sans délai fixe de mise "
        "en "
        "compatibilité",
        ("urb-L131-6@2021", "urb-L131-7", "ord-2020-745"),
        _ORDER_OF_2020,
        valid_from=date(2021, 4, 1),
        note="La règle de transition est contestée ; Docurba et l’ADDEN ont interrogé le "
        "ministère.",
    ),
)


def _zan(name: str, what: str, day: date, consequence: str) -> Parameter:
    return Parameter(
        f"zan.{name}",
        f"Sobriété foncière : {what} avant cette date",
        day,
        "date",
        ("loi-2021-1104-194",),
        said("H", "philippebonnecarrere.fr 2024-04, sparte 2026-04", verify=True),
        consequence,
        note=f"{CHECK_THE_LAW} Deux textes en discussion en 2025 pourraient changer ces dates "
        "ou ces règles.",
    )


def _number(
    name: str, title: str, value: int, unit: str, article: str, evidence: Evidence
) -> Parameter:
    return Parameter(name, title, value, unit, (article,), evidence)


PARAMETERS = (
    _zan(
        "sraddet",
        "SRADDET modifié",
        date(2024, 11, 22),
        "Conséquence non établie dans la base : à vérifier.",
    ),
    _zan(
        "scot",
        "SCoT modifié",
        date(2027, 2, 22),
        "SCoT en retard : les PLU du territoire ne peuvent plus ouvrir à l’urbanisation leurs "
        "zones AU, "
        "A et N.",
    ),
    _zan(
        "plu",
        "PLU et carte communale modifiés",
        date(2028, 2, 22),
        "PLU en retard : aucune autorisation d’urbanisme dans les zones à urbaniser.",
    ),
    _number(
        "convocation.seuil-habitants",
        "Population d’une commune membre à partir de laquelle le délai est de cinq jours francs",
        3500,
        "habitants",
        "qe-an-10-4519",
        said("H", "réponse ministérielle citée"),
    ),
    _number(
        "seance.pouvoirs",
        "Pouvoirs qu’un même membre peut porter",
        1,
        "pouvoir",
        "cgct-L2121-20",
        recalled("H", "L2121-20 de mémoire, hors du fichier de référence"),
    ),
    _number(
        "surface-operation-compatible",
        "Surface de plancher d’une opération à partir de laquelle elle doit être compatible",
        5000,
        "m²",
        "urb-L142-1",
        recalled("H"),
    ),
)
