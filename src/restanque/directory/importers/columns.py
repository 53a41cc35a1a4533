"""Columns that the directory's imports read, with the headers met in real files."""

from restanque.directory.identifiers import clean_phone, clean_siren, clean_siret
from restanque.directory.nomenclature import (
    EconomicModel,
    Kind,
    ManagementType,
    ProductionType,
    Sign,
    read_kind,
    read_sectors,
)
from restanque.kit.tabular import Column
from restanque.kit.text import search_key


def parse_kind(text: str) -> str:
    """The kind a cell names, by code, label or usual word."""
    kind = read_kind(text)
    if kind is None:
        labels = ", ".join(f"« {k.label} »" for k in Kind)
        raise ValueError(f"« {text} » n’est pas une nature connue : {labels}.")
    return kind.value


def parse_sectors(text: str) -> str:
    """ma-cantine's sector codes, comma-separated; three at most are declared, all are kept."""
    known, unknown = read_sectors(text)
    if unknown:
        raise ValueError(f"« {', '.join(unknown)} » : secteur inconnu de ma-cantine.")
    return ",".join(sector.value for sector in known)


_SIGN_WORDS = {
    "ab": Sign.BIO, "bio": Sign.BIO, "agriculture biologique": Sign.BIO, "hve": Sign.HVE,
    "hve 3": Sign.HVE, "hve3": Sign.HVE, "haute valeur environnementale": Sign.HVE,
    "ce2": Sign.CE2, "niveau 2": Sign.CE2, "commerce equitable": Sign.COMMERCE_EQUITABLE,
    "label rouge": Sign.LABEL_ROUGE, "lr": Sign.LABEL_ROUGE, "aop": Sign.AOCAOP,
    "aoc": Sign.AOCAOP, "igp": Sign.IGP, "stg": Sign.STG,
}  # fmt: skip
_NO_SIGN = {"", "non", "aucun", "aucune", "neant", "sans", "conventionnel"}


def parse_signs(text: str) -> list[str]:
    """Official signs named in a cell: « AB, HVE ». A brand is refused: it is a tag."""
    signs: list[str] = []
    for word in text.replace(";", ",").replace("+", ",").replace("/", ",").split(","):
        key = search_key(word)
        if key in _NO_SIGN:
            continue
        sign = _SIGN_WORDS.get(key)
        if sign is None:
            raise ValueError(
                f"« {word.strip()} » n’est pas un signe officiel (AB, HVE, Label Rouge, AOP, IGP, "
                "STG, commerce équitable). Une marque se met dans les étiquettes."
            )
        if sign.value not in signs:
            signs.append(sign.value)
    return signs


def parse_words(text: str) -> list[str]:
    """Tags separated by commas or semicolons."""
    return [word.strip() for word in text.replace(";", ",").split(",") if word.strip()]


COMMUNE = Column(
    "commune", "Commune", example="Saint-Rémy-de-Provence", max_length=120,
    help="Nom ou code INSEE, avec ou sans accents.",
    aliases=("ville", "nom_commune", "nom de la commune", "libelle_commune", "commune_nom",
             "collectivité", "collectivite", "city", "localité", "mairie"),
)  # fmt: skip
INSEE = Column(
    "code_insee", "Code INSEE", example="13100", max_length=10,
    help="S’il est là, il l’emporte sur le nom.",
    aliases=("insee", "code commune", "code_commune", "code_insee_commune", "city_insee_code",
             "canteen_city_insee_code", "codgeo", "com", "depcom"),
)  # fmt: skip
POSTAL = Column(
    "postal_code", "Code postal", example="13210", max_length=10,
    aliases=("cp", "codepostal", "code_postal", "postal_code"),
)  # fmt: skip
NAME = Column(
    "name", "Nom", required=True, example="Moulin des Alpilles", max_length=200,
    aliases=("raison sociale", "dénomination", "denomination", "structure", "organisme",
             "organisation", "nom de la structure", "nom_etablissement", "nom établissement",
             "nom de l'établissement", "enseigne", "entreprise", "société", "exploitation"),
)  # fmt: skip
KIND = Column(
    "kind", "Nature", example="Boulangerie", parse=parse_kind,
    help="Mairie, EPCI, boulangerie, moulin, producteur…",
    aliases=("type", "catégorie", "categorie", "type de structure", "activité", "nature"),
)  # fmt: skip
SIRET = Column(
    "siret", "SIRET", example="211 300 272 00013", parse=clean_siret,
    aliases=("n° siret", "numero siret", "numéro siret", "siret de l'établissement"),
)  # fmt: skip
ADDRESS = Column(
    "address", "Adresse", example="12 rue des Moulins", max_length=250,
    aliases=("adresse postale", "rue", "voie", "adresse 1"),
)  # fmt: skip
PHONE = Column(
    "phone", "Téléphone", example="04 90 00 00 00", parse=clean_phone,
    aliases=("tel", "tél", "téléphone fixe", "n° de téléphone", "standard", "portable"),
)  # fmt: skip
EMAIL = Column(
    "email", "Adresse électronique", kind="email", example="mairie@exemple.fr", max_length=254,
    help="Celle du service ou de l’accueil, pas celle d’une personne.",
    aliases=("email", "e-mail", "mail", "courriel", "adresse mail", "adresse e-mail", "mél",
             "adresse mél", "courriel générique"),
)  # fmt: skip
WEBSITE = Column(
    "website", "Site", example="https://www.exemple.fr", max_length=300,
    aliases=("site internet", "site web", "url"),
)  # fmt: skip
HOURS = Column("opening_hours", "Horaires", aliases=("horaires d'ouverture", "ouverture"))
LONGITUDE = Column(
    "longitude", "Longitude", kind="number", minimum=-180, maximum=180, example="4,83",
    aliases=("lon", "lng", "long", "x_longitude"),
)  # fmt: skip
LATITUDE = Column(
    "latitude", "Latitude", kind="number", minimum=-90, maximum=90, example="43,79",
    aliases=("lat", "y_latitude"),
)  # fmt: skip
TAGS = Column(
    "tags", "Étiquettes", parse=parse_words, example="Lou Pan d’Ici, charte 2024",
    help="Séparées par des virgules.", aliases=("etiquette", "tags", "mots clés", "marque"),
)  # fmt: skip
NOTES = Column(
    "notes", "Notes", max_length=5000,
    aliases=("commentaire", "commentaires", "observations", "remarques"),
)  # fmt: skip
SOURCE = Column("source", "Source", max_length=200, aliases=("origine",))
CHECKED = Column(
    "checked_on", "Vérifiée le", kind="date", example="24/11/2026",
    aliases=("date de vérification", "mis à jour le", "date de mise à jour", "vérifié le"),
)  # fmt: skip
SIGNS = Column(
    "signs", "Signes", parse=parse_signs, example="AB, HVE",
    help="Signes officiels. La preuve s’ajoute ensuite sur la fiche.",
    aliases=("signe", "label", "labels", "certification", "certifications", "mode de production",
             "signe de qualité"),
)  # fmt: skip
SOLE_TRADER = Column(
    "is_sole_trader", "Entreprise individuelle", kind="boolean", example="non",
    help="Oui : c’est une personne, ses données sont effacées à la date choisie.",
    aliases=("ei", "auto-entrepreneur", "micro-entreprise"),
)  # fmt: skip
PRODUCTS = Column(
    "products", "Productions", max_length=1000, example="blé tendre, pois chiche",
    aliases=("production", "productions", "produits", "cultures", "activites", "filière"),
)  # fmt: skip

ORGANISATION_COLUMNS = (
    NAME, KIND, SIRET, COMMUNE, INSEE, POSTAL, ADDRESS, PHONE, EMAIL, WEBSITE, HOURS, LONGITUDE,
    LATITUDE, TAGS, SIGNS, SOLE_TRADER, NOTES, SOURCE, CHECKED,
)  # fmt: skip

CONTACT_COLUMNS = (
    Column(
        "full_name", "Nom du contact", required=True, example="Service restauration scolaire",
        max_length=150,
        aliases=("contact", "nom et prénom", "nom prénom", "prénom nom", "interlocuteur", "nom",
                 "référent", "personne"),
    ),
    Column("first_name", "Prénom", max_length=80, help="S’il est dans une colonne à part."),
    Column(
        "organisation", "Organisation", example="Mairie d’Arles", max_length=200,
        help="Vide : la mairie de la commune.",
        aliases=("structure", "organisme", "établissement", "collectivité", "entreprise"),
    ),
    SIRET,
    Column(
        "commune", "Commune", example="Arles", max_length=120,
        aliases=("ville", "nom_commune", "nom de la commune", "mairie"),
    ),
    INSEE,
    Column(
        "function", "Fonction", example="Responsable de la restauration", max_length=150,
        aliases=("poste", "qualité", "service", "titre", "rôle"),
    ),
    Column(
        "email", "Adresse électronique", kind="email", example="cantine@exemple.fr",
        max_length=254, aliases=EMAIL.aliases,
    ),
    Column(
        "phone", "Téléphone", example="04 90 00 00 00", parse=clean_phone, aliases=PHONE.aliases
    ),
    Column(
        "is_personal", "C’est une personne", kind="boolean", example="oui",
        help="Non pour un service ou une adresse partagée. Vide : oui.",
        aliases=("personne physique", "nominatif"),
    ),
    Column("purpose", "Finalité", max_length=250, help="Vide : celle choisie pour l’import."),
    Column(
        "purge_on", "À effacer le", kind="date", help="Vide : la date choisie pour l’import.",
        aliases=("date d'effacement", "date de purge"),
    ),
    Column(
        "do_not_contact", "Ne plus relancer", kind="boolean",
        aliases=("opposition", "désinscrit", "ne pas contacter"),
    ),
)  # fmt: skip

_MA_CANTINE_ID = Column(
    "ma_cantine_id", "Numéro ma-cantine", kind="integer", minimum=1, example="949",
    aliases=("id", "cantine_id", "canteen_id"),
)  # fmt: skip
_CANTEEN_NAME = Column(
    "name", "Nom", required=True, example="École Jean-Jaurès", max_length=200,
    aliases=("nom de l'établissement", "name", "canteen_name", "cantine", "établissement"),
)  # fmt: skip
_SIREN = Column(
    "siren_unite_legale", "SIREN de l’unité légale", parse=clean_siren, example="211 300 272",
    aliases=("siren",),
)  # fmt: skip
_CENTRAL = Column(
    "central_producer_siret", "SIRET de la cuisine centrale", parse=clean_siret,
    aliases=("siret_cuisine_centrale", "central_producer_siret", "canteen_central_kitchen_siret"),
)  # fmt: skip
_SECTORS = Column(
    "sector_list", "Secteurs", parse=parse_sectors, max_length=1000,
    example="Ecole primaire (maternelle et élémentaire)",
    aliases=("sector_list", "canteen_sector_list", "secteur", "secteurs d'activité"),
)  # fmt: skip
_PRODUCTION = Column(
    "production_type", "Type de production", kind="choice", choices=dict(ProductionType.choices),
    aliases=("type_production", "canteen_production_type"),
)  # fmt: skip
_MANAGEMENT = Column(
    "management_type", "Mode de gestion", kind="choice", choices=dict(ManagementType.choices),
    aliases=("type_gestion", "canteen_management_type", "gestion"),
)  # fmt: skip
_ECONOMIC = Column(
    "economic_model", "Modèle économique", kind="choice", choices=dict(EconomicModel.choices),
    aliases=("modele_economique", "canteen_economic_model"),
)  # fmt: skip
_MINISTRY = Column(
    "line_ministry", "Ministère de tutelle", max_length=120,
    aliases=("administration_tutelle", "canteen_line_ministry", "administration de tutelle"),
)  # fmt: skip
_DAILY = Column(
    "daily_meal_count", "Repas par jour", kind="integer", minimum=0, example="300",
    aliases=("nombre_repas_jour", "repas/jour", "nombre de repas par jour", "couverts par jour"),
)  # fmt: skip
_YEARLY = Column(
    "yearly_meal_count", "Repas par an", kind="integer", minimum=0, example="42000",
    aliases=("nombre_repas_an", "repas/an", "nombre de repas par an"),
)  # fmt: skip
_GROUP = Column("groupe_id", "Groupe ma-cantine", kind="integer", minimum=1, aliases=("groupe_id",))

CANTEEN_COLUMNS = (
    _MA_CANTINE_ID, SIRET, _SIREN, _CANTEEN_NAME, COMMUNE, INSEE, POSTAL, ADDRESS, _CENTRAL, _DAILY,
    _YEARLY, _SECTORS, _PRODUCTION, _MANAGEMENT, _ECONOMIC, _GROUP, _MINISTRY, LONGITUDE, LATITUDE,
    NOTES,
)  # fmt: skip

# Yearly declarations: `id` is the declaration's number there, not the canteen's.
DECLARATION_COLUMNS = (
    Column("year", "Année", kind="integer", required=True, example="2023", aliases=("year",)),
    Column(
        "ma_cantine_id", "Numéro de la cantine", kind="integer", required=True, minimum=1,
        aliases=("canteen_id",),
    ),
    Column("siret", "SIRET", parse=clean_siret, aliases=("canteen_siret",)),
    Column("name", "Nom", required=True, max_length=200, aliases=("canteen_name",)),
    Column("code_insee", "Code INSEE", max_length=10, aliases=("canteen_city_insee_code",)),
    _CENTRAL, _SECTORS, _PRODUCTION, _MANAGEMENT, _ECONOMIC, _MINISTRY,
)  # fmt: skip

COMMUNE_LIST_COLUMNS = (COMMUNE, INSEE, NOTES)
