"""What both visits begin with: which organisation, when. And lists of choices they share."""

from restanque.surveys.visits.authoring.book import Row, row

YES_NO = (("oui", "Oui"), ("non", "Non"), ("ne_sait_pas", "Ne sait pas"))
DAYS = (
    ("lundi", "Lundi"),
    ("mardi", "Mardi"),
    ("mercredi", "Mercredi"),
    ("jeudi", "Jeudi"),
    ("vendredi", "Vendredi"),
    ("samedi", "Samedi"),
    ("dimanche", "Dimanche"),
)
BREADS = (
    ("courant", "Pain courant"),
    ("tradition", "Pain de tradition française"),
    ("complet", "Pain complet ou semi-complet"),
    ("campagne", "Pain de campagne"),
    ("special", "Pain spécial (céréales, noix…)"),
    ("individuel", "Petit pain individuel"),
    ("tranche", "Pain tranché"),
    ("surgele", "Pain surgelé ou précuit"),
    ("autre", "Autre pain"),
)
KNOWN = (("liste", "Oui, elle est dans la liste"), ("nouvelle", "Non, elle est nouvelle"))


def opening(*, title: str, welcome: str, listed: str, which: str, named: str) -> list[Row]:
    """The first questions of a visit; the page is left open for a form's own questions.

    `communes.csv` and `organisations.csv` are made by Restanque for each series of visits: they
    hold what its visitors may see, and nothing else.
    """
    return [
        row("begin_group", "visite", title),
        row("note", "bienvenue", welcome),
        row(
            "date", "visite_date", "Date de la visite", required="yes", default="today()",
            constraint=". <= today()", constraint_message="La visite ne peut pas être à venir.",
            required_message="Indiquez le jour de la visite.", fact="visit.date",
        ),
        row(
            "select_one_from_file communes.csv", "commune", "Dans quelle commune ?",
            required="yes", appearance="minimal autocomplete",
            required_message="Choisissez la commune : la liste qui suit en dépend.",
        ),
        row(
            "select_one connue", "connue", listed, required="yes",
            required_message="Dites si elle est dans la liste ou nouvelle.",
        ),
        row(
            "select_one_from_file organisations.csv", "organisation", which, required="yes",
            relevant="${connue} = 'liste'", choice_filter="commune = ${commune}",
            appearance="minimal autocomplete",
            hint="Si elle n’apparaît pas, répondez « nouvelle » à la question précédente.",
            required_message="Choisissez dans la liste, ou répondez « nouvelle » plus haut.",
        ),
        row(
            "text", "nouveau_nom", named, required="yes", relevant="${connue} = 'nouvelle'",
            hint="Celui de l’enseigne.", required_message="Écrivez le nom de l’enseigne.",
            fact="visit.new_name",
        ),
        row(
            "calculate", "organisation_visitee", fact="visit.organisation",
            calculation="if(${connue} = 'liste', ${organisation}, '')",
        ),
        row(
            "calculate", "commune_nouvelle", fact="visit.new_commune",
            calculation="if(${connue} = 'nouvelle', ${commune}, '')",
        ),
        row(
            "calculate", "visite_nom",
            calculation="if(${connue} = 'liste', "
            "jr:choice-name(${organisation}, '${organisation}'), ${nouveau_nom})",
        ),
    ]  # fmt: skip
