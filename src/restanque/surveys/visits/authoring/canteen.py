"""« Visite de cantine »: what is served, what is left, how bread is kept, what is wished for."""

from restanque.surveys.visits.authoring.book import Book, row
from restanque.surveys.visits.authoring.common import BREADS, DAYS, KNOWN, opening

_WASTE = (("pesee", "Oui, il est pesé"), ("estime", "Oui, à l’estime"), ("non", "Non"))
_STORAGE = (
    ("temperature", "À température ambiante"),
    ("sac", "En sac fermé"),
    ("froid", "En chambre froide"),
    ("congelateur", "Au congélateur"),
    ("autre", "Autrement"),
    ("ne_sait_pas", "Ne sait pas"),
)
_CUTTING = (
    ("boulanger", "Par le boulanger"),
    ("trancheuse", "Sur place, à la trancheuse"),
    ("main", "Sur place, au couteau"),
    ("aucune", "Pas de découpe"),
    ("ne_sait_pas", "Ne sait pas"),
)
_SATISFACTION = (
    ("tres_satisfait", "Très satisfaisant"),
    ("satisfait", "Satisfaisant"),
    ("peu_satisfait", "Peu satisfaisant"),
    ("pas_satisfait", "Pas satisfaisant"),
    ("ne_sait_pas", "Ne sait pas"),
)
_TAKEN = (
    ("libre", "Libre-service"),
    ("table", "Posé sur les tables"),
    ("portion", "Une portion par convive"),
    ("autre", "Autrement"),
)

_MEALS = (
    row("begin_group", "repas", "Repas et pain"),
    row("integer", "repas_jour", "Combien de repas servis un jour ordinaire ?",
        hint="Une moyenne arrondie suffit. Laissez vide si personne ne sait.",
        constraint=". >= 1 and . <= 100000", fact="need.meals_per_day",
        constraint_message="Indiquez un nombre entier de repas, entre 1 et 100 000."),
    row("integer", "jours_semaine", "Combien de jours par semaine ?",
        constraint=". >= 1 and . <= 7", fact="need.days_per_week",
        constraint_message="Indiquez un nombre de jours entre 1 et 7."),
    row("decimal", "kg_jour", "Combien de kilos de pain par jour ?",
        hint="Voyez un bon de livraison. Laissez vide si personne ne sait.",
        constraint=". >= 0 and . <= 20000", fact="need.kg_per_day",
        constraint_message="Indiquez un nombre de kilos entre 0 et 20 000."),
    row("calculate", "grammes", calculation="if(${repas_jour} > 0 and ${kg_jour} > 0, "
        "round(${kg_jour} * 1000 div ${repas_jour}, 0), '')"),
    row("note", "grammes_note", "Soit ${grammes} g par repas. Relisez si cela vous surprend.",
        relevant="${grammes} != ''"),
    row("select_multiple pains", "pains", "Quels pains sont servis ?",
        fact="need.bread_classes"),
    row("integer", "portion", "Portion prévue par convive, en grammes",
        constraint=". >= 5 and . <= 300", fact="need.portion_g",
        constraint_message="Indiquez un nombre de grammes entre 5 et 300."),
    row("select_one service", "service", "Comment le pain est-il distribué ?"),
    row("end_group"),
)  # fmt: skip
_LEFT = (
    row("begin_group", "pertes", "Pain jeté"),
    row("select_one pesee", "perte_connue", "Connaît-on le pain jeté ?"),
    row("integer", "part_jetee", "Quelle part du pain est jetée, en % ?",
        relevant="${perte_connue} = 'pesee' or ${perte_connue} = 'estime'",
        constraint=". >= 0 and . <= 100", fact="need.waste_share",
        constraint_message="Indiquez une part entre 0 et 100."),
    row("text", "pertes_cause", "Pourquoi, selon l’équipe ?", appearance="multiline"),
    row("end_group"),
)  # fmt: skip
_KEEPING = (
    row("begin_group", "conservation", "Livraison, conservation, découpe"),
    row("select_multiple jours", "jours", "Quels jours le pain est-il livré ?",
        fact="need.delivery_days"),
    row("time", "heure", "À quelle heure doit-il être là ?", hint="Par exemple 10:30.",
        fact="need.delivery_time"),
    row("select_multiple stockage", "stockage", "Comment le pain est-il conservé ?",
        fact="need.storage"),
    row("select_one decoupe", "decoupe", "Qui le découpe ?", fact="need.cutting"),
    row("image", "photo", "Photo de la réserve ou de la découpe",
        hint="Facultatif, sans personne.", parameters="max-pixels=2048"),
    row("end_group"),
)  # fmt: skip
_OPINION = (
    row("begin_group", "avis", "Satisfaction et souhaits"),
    row("select_one satisfaction", "satisfaction", "Le pain donne-t-il satisfaction ?",
        fact="need.satisfaction"),
    row("text", "fournisseur", "Qui fournit le pain aujourd’hui ?", fact="need.current_supplier"),
    row("text", "souhaits", "Que souhaite la cantine ?", appearance="multiline",
        hint="Ne nommez personne.", fact="orientation.comment"),
    row("end_group"),
)  # fmt: skip

CANTEEN = Book(
    filename="visite-cantine.xlsx",
    form_id="visite_cantine",
    title="Visite de cantine",
    version="2026112401",
    rows=(
        *opening(
            title="La cantine visitée",
            welcome="Dix minutes en cuisine ou en salle. Tout est facultatif sauf le lieu et la "
            "date : une case vide veut dire « inconnu », zéro veut dire zéro.",
            listed="L’organisation qui tient la cantine est-elle dans l’annuaire ?",
            which="Quelle organisation ?",
            named="Nom de l’organisation",
        ),
        row("text", "site", "Quelle cantine, ou quel site ?",
            hint="Par exemple « école du Centre »."),
        row("end_group"),
        *_MEALS,
        *_LEFT,
        *_KEEPING,
        *_OPINION,
    ),
    choices={
        "connue": KNOWN,
        "jours": DAYS,
        "pains": BREADS,
        "pesee": _WASTE,
        "service": _TAKEN,
        "stockage": _STORAGE,
        "decoupe": _CUTTING,
        "satisfaction": _SATISFACTION,
    },
)  # fmt: skip
