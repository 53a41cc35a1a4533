"""« Visite de boulangerie »: what a baker has, makes, could deliver, wants."""

from restanque.surveys.visits.authoring.book import Book, row
from restanque.surveys.visits.authoring.common import BREADS, DAYS, KNOWN, YES_NO, opening

_EQUIPMENT = (
    ("four_sole", "Four à sole"),
    ("four_rotatif", "Four rotatif ou ventilé"),
    ("four_bois", "Four à bois"),
    ("petrin", "Pétrin"),
    ("chambre_pousse", "Chambre de pousse"),
    ("diviseuse", "Diviseuse ou façonneuse"),
    ("trancheuse", "Trancheuse"),
    ("vehicule", "Véhicule de livraison"),
    ("autre", "Autre équipement"),
)
_SIGNS = (
    ("BIO", "Agriculture biologique (AB)"),
    ("HVE", "Haute valeur environnementale (HVE)"),
    ("CE2", "Certification environnementale de niveau 2"),
    ("COMMERCE_EQUITABLE", "Commerce équitable"),
    ("LABEL_ROUGE", "Label Rouge"),
    ("AOCAOP", "Appellation d’origine (AOC / AOP)"),
    ("IGP", "Indication géographique protégée (IGP)"),
    ("STG", "Spécialité traditionnelle garantie (STG)"),
)
_INTEREST = (
    ("fort", "Oui, dès maintenant"),
    ("possible", "Oui, sous conditions"),
    ("plus_tard", "Plus tard"),
    ("non", "Non"),
    ("ne_sait_pas", "Ne sait pas"),
)
_KILOS = "Indiquez un nombre de kilos entre 0 et 20 000."
_HOUR = "Une heure, par exemple 06:30."
_DELIVERS = "${livre} = 'oui'"

_MAKING = (
    row("begin_group", "fabrication", "Fabrication et capacité"),
    row(
        "select_multiple equipement", "equipement", "De quel équipement dispose le fournil ?",
        fact="offer.equipment",
    ),
    row(
        "text", "equipement_autre", "Quel autre équipement ?",
        relevant="selected(${equipement}, 'autre')",
    ),
    row(
        "select_multiple pains", "pains", "Quels pains pourrait-il fournir à une cantine ?",
        hint="Plusieurs réponses possibles. Chaque pain coché ouvre un bloc.",
    ),
    row(
        "begin_repeat", "pain", "Pain", repeat_count="count-selected(${pains})",
        relevant="count-selected(${pains}) > 0",
    ),
    row(
        "calculate", "classe", calculation="selected-at(${pains}, position(..) - 1)",
        fact="offer.bread_class",
    ),
    row("calculate", "classe_nom", calculation="jr:choice-name(${classe}, '${pains}')"),
    row(
        "decimal", "capacite", "${classe_nom} : combien de kilos par jour peut-il en produire ?",
        hint="Au plus, un jour ordinaire. Laissez vide s’il ne sait pas.",
        constraint=". >= 0 and . <= 20000", constraint_message=_KILOS,
        fact="offer.capacity_kg_per_day",
    ),
    row(
        "decimal", "prix", "${classe_nom} : à quel prix le kilo, hors taxe ?",
        hint="Livré à une cantine. Laissez vide s’il ne veut pas le dire.",
        constraint=". > 0 and . <= 50",
        constraint_message="Indiquez un prix entre 0 et 50 € le kilo, hors taxe.",
        fact="offer.price_per_kg",
    ),
    row("end_repeat"),
    row(
        "decimal", "libre", "Combien de kilos par jour pourrait-il vendre à des cantines ?",
        hint="Ce qui reste libre, tous pains confondus, en plus de sa clientèle d’aujourd’hui.",
        constraint=". >= 0 and . <= 20000", constraint_message=_KILOS,
        fact="offer.spare_kg_per_day",
    ),
    row("end_group"),
)  # fmt: skip
_FLOUR = (
    row("begin_group", "farine_page", "Farine et moulin"),
    row("text", "farine", "Quelle farine utilise-t-il surtout ?",
        hint="Par exemple « T65 de tradition » ou « T80 sur meule ».", fact="offer.flour"),
    row("text", "moulin", "Quel moulin la fournit ?", fact="offer.mill"),
    row("select_one oui_non_nsp", "farine_locale", "Essaierait-il une farine du territoire ?"),
    row("end_group"),
)  # fmt: skip
_CERTIFICATES = (
    row("begin_group", "signes_page", "Certifications"),
    row(
        "integer", "nb_signes", "Combien de certificats vous montre-t-il ?",
        hint="Signes officiels seulement. Une marque n’est pas un signe. 0 s’il n’en a pas.",
        constraint=". >= 0 and . <= 8", constraint_message="Indiquez un nombre entre 0 et 8.",
    ),
    row("begin_repeat", "signe", "Certificat", repeat_count="${nb_signes}",
        relevant="${nb_signes} > 0"),
    row("select_one signes", "sigle", "De quel signe s’agit-il ?", required="yes",
        required_message="Choisissez le signe.", fact="certification.sign"),
    row("text", "numero", "Numéro du certificat", fact="certification.number"),
    row("text", "certificateur", "Organisme certificateur",
        hint="Par exemple Ecocert ou Certipaq.", fact="certification.body"),
    row("date", "valable_du", "Valable du", fact="certification.valid_from"),
    row(
        "date", "valable_au", "Valable jusqu’au", fact="certification.valid_to",
        constraint="${valable_du} = '' or . >= ${valable_du}",
        constraint_message="La fin de validité précède le début.",
    ),
    row("image", "preuve", "Photo du certificat",
        hint="Cadrez le papier seul, sans personne.", parameters="max-pixels=2048",
        fact="certification.proof"),
    row("end_repeat"),
    row("end_group"),
)  # fmt: skip
_DELIVERY = (
    row("begin_group", "livraison", "Livraison et horaires"),
    row("select_one oui_non_nsp", "livre", "Livre-t-il, ou livrerait-il une cantine ?",
        fact="offer.delivers"),
    row("integer", "rayon", "Jusqu’à combien de kilomètres ?", relevant=_DELIVERS,
        constraint=". >= 0 and . <= 300", fact="offer.delivery_radius_km",
        constraint_message="Indiquez un nombre de kilomètres entre 0 et 300."),
    row("select_multiple jours", "jours", "Quels jours pourrait-il livrer ?", relevant=_DELIVERS,
        fact="offer.delivery_days"),
    row("time", "livraison_de", "À partir de quelle heure ?", hint=_HOUR, relevant=_DELIVERS,
        fact="offer.delivery_from"),
    row("time", "livraison_a", "Jusqu’à quelle heure ?", hint=_HOUR, relevant=_DELIVERS,
        fact="offer.delivery_until"),
    row("select_multiple jours", "fermeture", "Quels jours est-il fermé ?",
        fact="offer.closing_days"),
    row("text", "horaires", "Horaires d’ouverture", fact="organisation.opening_hours"),
    row("end_group"),
)  # fmt: skip
_TERMS = (
    row("begin_group", "conditions", "Intérêt et conditions"),
    row("select_one interet", "interet", "Fournir des cantines l’intéresse-t-il ?",
        fact="offer.interest"),
    row("integer", "delai", "Quel délai de paiement accepte-t-il, en jours ?",
        hint="Une collectivité paie à 30 jours.", constraint=". >= 0 and . <= 120",
        constraint_message="Indiquez un nombre de jours entre 0 et 120.",
        fact="offer.payment_delay_days"),
    row("text", "souhaits", "Que souhaite-t-il, ou qu’est-ce qui l’en empêche ?",
        appearance="multiline", hint="Ne nommez personne.", fact="offer.wishes"),
    row("text", "telephone", "Téléphone de la boutique", hint="Pas celui d’une personne.",
        appearance="numbers", constraint="regex(., '^[0-9 +.]{10,20}$')",
        constraint_message="Dix chiffres, par exemple 04 90 99 00 00.",
        fact="organisation.phone"),
    row("text", "courriel", "Adresse électronique de la boutique",
        constraint="regex(., '^[^@ ]+@[^@ ]+[.][^@ ]+$')",
        constraint_message="Une adresse, par exemple contact@exemple.fr.",
        fact="organisation.email"),
    row("end_group"),
)  # fmt: skip

BAKERY = Book(
    filename="visite-boulangerie.xlsx",
    form_id="visite_boulangerie",
    title="Visite de boulangerie",
    version="2026112401",
    rows=(
        *opening(
            title="La boulangerie visitée",
            welcome="Dix minutes avec le boulanger. Tout est facultatif sauf le lieu et la date : "
            "une case vide veut dire « inconnu », zéro veut dire zéro.",
            listed="La boulangerie est-elle déjà dans l’annuaire ?",
            which="Quelle boulangerie ?",
            named="Nom de la boulangerie",
        ),
        row("geopoint", "position", "Position de la boulangerie",
            hint="Facultatif : devant la boutique.", fact="offer.position"),
        row("end_group"),
        *_MAKING,
        *_FLOUR,
        *_CERTIFICATES,
        *_DELIVERY,
        *_TERMS,
    ),
    choices={
        "connue": KNOWN,
        "oui_non_nsp": YES_NO,
        "jours": DAYS,
        "pains": BREADS,
        "equipement": _EQUIPMENT,
        "signes": _SIGNS,
        "interet": _INTEREST,
    },
)  # fmt: skip
