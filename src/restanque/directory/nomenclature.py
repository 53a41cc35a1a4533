"""Closed lists of the directory, with ma-cantine's codes where it has some.

Codes and labels of canteens: betagouv/ma-cantine (MIT), `data/models/`, read on 30 June 2026.
"""

import re

from django.db import models

from restanque.kit.text import search_key


class Kind(models.TextChoices):
    """What an organisation is, in the work of a food policy team."""

    MAIRIE = "mairie", "Mairie"
    EPCI = "epci", "Intercommunalité (EPCI)"
    SYNDICAT = "syndicat", "Syndicat"
    CANTEEN_OPERATOR = "canteen_operator", "Prestataire de restauration"
    COLLEGE = "college", "Collège"
    LYCEE = "lycee", "Lycée"
    COMPANY_CANTEEN = "company_canteen", "Restaurant d’entreprise"
    BAKERY = "bakery", "Boulangerie"
    MILL = "mill", "Moulin"
    PRODUCER = "producer", "Producteur"
    COOPERATIVE = "cooperative", "Coopérative"
    PLATFORM = "platform", "Plateforme de distribution"
    PPA = "ppa", "Personne publique associée"
    OTHER = "other", "Autre"


class ManagementType(models.TextChoices):
    """Who runs the kitchen (ma-cantine: management_type)."""

    DIRECT = "direct", "Directe"
    CONCEDED = "conceded", "Concédée"


class ProductionType(models.TextChoices):
    """Where meals are cooked and served (ma-cantine: production_type)."""

    SITE = "site", "Restaurant avec cuisine sur place"
    SITE_COOKED_ELSEWHERE = "site_cooked_elsewhere", "Restaurant satellite"
    CENTRAL = "central", "Cuisine centrale"
    CENTRAL_SERVING = "central_serving", "Cuisine centrale et site"
    GROUPE = "groupe", "Groupe de restaurants satellites"


class EconomicModel(models.TextChoices):
    """Under whose responsibility the canteen is (ma-cantine: economic_model)."""

    PUBLIC = "public", "Public"
    PRIVATE = "private", "Privé"


class Sector(models.TextChoices):
    """Whom a canteen feeds (ma-cantine: sector_list, one to three of them)."""

    PRIMAIRE = "education_primaire", "Ecole primaire (maternelle et élémentaire)"
    COLLEGE = "education_secondaire_college", "Secondaire collège"
    LYCEE = "education_secondaire_lycee", "Secondaire lycée (hors agricole)"
    AGRICOLE = "education_enseignement_agricole", "Etablissements d’enseignement agricole"
    SUPERIEUR = "education_superieur_universitaire", "Supérieur et Universitaire"
    EDUCATION_AUTRE = "education_autre", "Autres structures d’enseignement"
    CRECHE = "social_creche", "Crèche"
    EHPAD = "social_ehpad", "EHPAD / maisons de retraite / foyers de personnes âgées"
    IME = "social_ime", "IME / ITEP"
    ESAT = "social_esat", "ESAT / Etablissements spécialisés"
    PJJ = "social_pjj", "Etablissements de la PJJ"
    SOCIAL_AUTRE = "social_autre", "Autres établissements sociaux et médico-sociaux"
    HOPITAL = "sante_hopital", "Hôpitaux"
    CLINIQUE = "sante_clinique", "Cliniques"
    SANTE_AUTRE = "sante_autre", "Autres établissements de soins"
    ENTREPRISE = "entreprise_entreprise", "Restaurants d’entreprises"
    INTER_ENTREPRISE = "entreprise_inter_entreprise", "Restaurants inter-entreprises"
    COLLECTIVITES = (
        "administration_administratif_des_collectivites",
        "Restaurants administratifs des collectivités territoriales",
    )
    ETAT = "administration_administratif", "Restaurants administratifs d’Etat (RA)"
    INTER_ADMINISTRATIF = (
        "administration_inter_administratif",
        "Restaurants inter-administratifs d’État (RIA)",
    )
    ETABLISSEMENT_PUBLIC = (
        "administration_etablissement_public",
        "Etablissements publics d’Etat (EPA ou EPIC)",
    )
    ARMEE = "administration_armee", "Restaurants des armées / police / gendarmerie"
    PRISON = "administration_prison", "Restaurants des prisons"
    VACANCES = "loisir_centre_vacances", "Centre de vacances / sportif"
    LOISIR_AUTRE = "loisir_autre", "Autres établissements de loisirs"
    AUTRE = "autres_autre", "Autres établissements non listés"


class Sign(models.TextChoices):
    """Official signs and approaches a certificate can prove (codes of ma-cantine's purchases).

    « Lou Pan d’Ici » is a brand: a tag, never a sign. Whether a sign counts for EGalim on a given
    day is a dated rule and lives elsewhere.
    """

    BIO = "BIO", "Agriculture biologique (AB)"
    HVE = "HVE", "Haute valeur environnementale (HVE)"
    CE2 = "CE2", "Certification environnementale de niveau 2"
    COMMERCE_EQUITABLE = "COMMERCE_EQUITABLE", "Commerce équitable"
    LABEL_ROUGE = "LABEL_ROUGE", "Label Rouge"
    AOCAOP = "AOCAOP", "Appellation d’origine (AOC / AOP)"
    IGP = "IGP", "Indication géographique protégée (IGP)"
    STG = "STG", "Spécialité traditionnelle garantie (STG)"


# Ministries of ma-cantine's `line_ministry`; stored as written there, which has no code for them.
LINE_MINISTRIES = (
    "Affaires étrangères",
    "Agriculture, Alimentation et Forêts",
    "Armées",
    "Cohésion des territoires - Relations avec les collectivités territoriales",
    "Culture",
    "Économie et finances",
    "Éducation et Jeunesse",
    "Enseignement supérieur et Recherche",
    "Environnement",
    "Fonction Publiques",
    "Intérieur et Outre-mer",
    "Justice",
    "Mer",
    "Préfecture - Administration Territoriale de l'État (ATE)",
    "Présidence de la république - Autorités indépendantes (AAI, API)",
    "Services du Premier Ministre",
    "Santé et Solidarités",
    "Sport",
    "Travail",
)

# Labels of older campaigns' files (2021, 2022) that the current list renamed.
_OLD_SECTOR_LABELS = {
    "secondaire lycee agricole": Sector.AGRICOLE,
    "autres etablissements sociaux et medicaux sociaux": Sector.SOCIAL_AUTRE,
    "esat etablissements specialises": Sector.ESAT,
    "autres etablissements du secteur public": Sector.AUTRE,
    "restaurants inter administratifs d etat ria": Sector.INTER_ADMINISTRATIF,
}
_SECTORS_BY_KEY = (
    {search_key(sector.label): sector for sector in Sector}
    | {search_key(sector.value.replace("_", " ")): sector for sector in Sector}
    | _OLD_SECTOR_LABELS
)
_KINDS_BY_KEY = (
    {search_key(kind.label): kind for kind in Kind}
    | {search_key(kind.value.replace("_", " ")): kind for kind in Kind}
    | {
        "commune": Kind.MAIRIE,
        "epci": Kind.EPCI,
        "intercommunalite": Kind.EPCI,
        "prestataire": Kind.CANTEEN_OPERATOR,
        "societe de restauration": Kind.CANTEEN_OPERATOR,
        "rie": Kind.COMPANY_CANTEEN,
        "boulanger": Kind.BAKERY,
        "meunier": Kind.MILL,
        "minoterie": Kind.MILL,
        "agriculteur": Kind.PRODUCER,
        "exploitation": Kind.PRODUCER,
        "plateforme": Kind.PLATFORM,
        "ppa": Kind.PPA,
    }
)


def read_kind(text: str) -> Kind | None:
    """The kind a person wrote (label, code or usual word, singular or plural), or None."""
    key = search_key(text)
    return _KINDS_BY_KEY.get(key) or _KINDS_BY_KEY.get(key.removesuffix("s"))


def read_sectors(text: str) -> tuple[list[Sector], list[str]]:
    """Sectors named in a comma-separated list, and the words that are none of them.

    Labels hold « / » and brackets but no comma, so the comma separates; order is kept and
    repeats dropped.
    """
    known: list[Sector] = []
    unknown: list[str] = []
    for word in re.split(r"[,;|]", text):
        if not word.strip():
            continue
        sector = _SECTORS_BY_KEY.get(search_key(word.replace("_", " ")))
        if sector is None:
            unknown.append(word.strip())
        elif sector not in known:
            known.append(sector)
    return known, unknown
