"""pyxform's English findings said in French, with sheet, row, column and mend.

pyxform gives most of them as one sentence that carries « [row : 12] » and « On the 'survey'
sheet, the 'name' value »; a table of patterns recognises it. What is not in the table is shown
in English, named as such: a wrong translation would be worse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from restanque.engine.forms.errors import Problem, Severity

_ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
_PLACE = re.compile(r"On the '([^']+)' sheet, (?:the|one or more) '?([^' ]+)'?")
_SHEET = re.compile(r"(?:sheet|named):? '([^']+)'|(?:the|a) (\w+) sheet")


@dataclass(frozen=True, slots=True)
class _Rule:
    """`message` and `mend` may name groups of the pattern in braces."""

    pattern: re.Pattern[str]
    code: str
    message: str
    mend: str = ""
    sheet: str = ""
    column: str = ""


def _rule(
    pattern: str, code: str, message: str, mend: str = "", sheet: str = "", column: str = ""
) -> _Rule:
    return _Rule(re.compile(pattern, re.S), code, message, mend, sheet, column)


_NAME_RULES = (
    "Un nom commence par une lettre et ne contient ni espace ni signe autre que « _ - . »."
)

_ERRORS = (
    _rule(
        r"Could not find the name '(?P<name>[^']*)'",
        "reference-unknown",
        "« ${{{name}}} » ne désigne aucune question.",
        "Corrigez le nom, ou ajoutez la question à la feuille survey.",
    ),
    _rule(
        r"The name '(?P<name>[^']*)' appears more than once",
        "reference-ambiguous",
        "« ${{{name}}} » désigne plusieurs questions du même nom.",
        "Donnez à chaque question un nom unique.",
    ),
    _rule(
        r"There (?:is no|are multiple) survey elements? named '(?P<name>[^']*)'",
        "reference-unknown",
        "« ${{{name}}} » ne désigne pas une et une seule question.",
        "Corrigez le nom de la question.",
    ),
    _rule(
        r"Reference variables must start with",
        "reference-malformed",
        "Une référence à une question est mal écrite.",
        "Écrivez ${{nom_de_la_question}}, avec le signe dollar et les deux accolades.",
    ),
    _rule(
        r"Reference variable lists must have a comma",
        "reference-list",
        "Plusieurs références se suivent sans virgule.",
        "Séparez-les par une virgule.",
    ),
    _rule(
        r"the 'name' value '(?P<name>[^']*)' is invalid\. Questions, groups, and repeats must",
        "name-duplicate",
        "Le nom « {name} » est déjà pris dans le même groupe.",
        "Donnez un autre nom à cette ligne.",
    ),
    _rule(
        r"the 'name' value '(?P<name>[^']*)' is invalid\. Repeat names must not be the same",
        "name-repeat-root",
        "Le groupe répété « {name} » porte le nom du formulaire lui-même.",
        "Donnez-lui un autre nom.",
    ),
    _rule(
        r"the 'name' value '(?P<name>[^']*)' is invalid\. Repeat names must uni",
        "name-repeat-duplicate",
        "Deux groupes répétés s’appellent « {name} ».",
        "Donnez à chacun un nom unique.",
    ),
    _rule(
        r"'name' value 'meta' is invalid",
        "name-reserved",
        "Le nom « meta » est réservé.",
        "Choisissez un autre nom.",
    ),
    _rule(
        r"Choices must have a name",
        "choice-name-missing",
        "Un choix n’a pas de nom.",
        "Remplissez la colonne name de cette ligne.",
        "choices",
        "name",
    ),
    _rule(
        r"Choice names must be unique",
        "choice-duplicate",
        "Ce choix figure deux fois dans sa liste.",
        "Donnez-lui un autre nom (colonne name), ou supprimez la ligne.",
        "choices",
        "name",
    ),
    _rule(
        r"Names must begin with a letter or underscore",
        "name-invalid",
        "Ce nom n’est pas utilisable.",
        _NAME_RULES,
    ),
    _rule(
        r"Unknown question type '(?P<type>[^']*)'",
        "type-unknown",
        "Le type de question « {type} » n’existe pas.",
        "Corrigez la colonne type (text, integer, select_one liste…).",
        "survey",
        "type",
    ),
    _rule(
        r"Question with no type",
        "type-missing",
        "Cette ligne n’a pas de type.",
        "Remplissez la colonne type, ou videz la ligne.",
        "survey",
        "type",
    ),
    _rule(
        r"Question or group with no name",
        "name-missing",
        "Cette question ou ce groupe n’a pas de nom.",
        "Remplissez la colonne name.",
        "survey",
        "name",
    ),
    _rule(
        r"The survey element named '(?P<name>[^']*)' has no label or hint",
        "label-missing",
        "La question « {name} » n’a ni libellé ni aide.",
        "Remplissez la colonne label.",
        "survey",
        "label",
    ),
    _rule(
        r"This section has not been included",
        "include",
        "Le type « include » n’est pas pris en charge.",
        "Recopiez les questions dans ce questionnaire.",
        "survey",
        "type",
    ),
    _rule(
        r"Missing calculation",
        "calculation-missing",
        "Ce calcul n’a pas de formule.",
        "Remplissez la colonne calculation.",
        "survey",
        "calculation",
    ),
    _rule(
        r"List name not in (?:external )?choices sheet: (?P<list>\S+)",
        "list-missing",
        "La liste de choix « {list} » n’existe pas.",
        "Ajoutez-la à la feuille choices, ou corrigez son nom.",
        "survey",
        "type",
    ),
    _rule(
        r"There should be a choices sheet",
        "sheet-choices",
        "Le questionnaire a des questions à choix, mais pas de feuille « choices ».",
        "Ajoutez une feuille choices avec les colonnes list_name, name et label.",
    ),
    _rule(
        r"There should be an external_choices sheet",
        "sheet-external-choices",
        "Une question select_one_external n’a pas de feuille « external_choices ».",
        "Utilisez plutôt select_one_from_file avec un fichier CSV.",
    ),
    _rule(
        r"Choice names with spaces cannot be added.*\[(?P<name>[^\]]*)\] in \[(?P<list>[^\]]*)\]",
        "choice-space",
        "Le choix « {name} » de la liste « {list} » contient un espace, ce qu’une question à "
        "réponses multiples ne permet pas.",
        "Remplacez l’espace par un tiret bas dans la colonne name.",
        "choices",
        "name",
    ),
    _rule(
        r"Please specify choices for this 'or other'",
        "list-missing",
        "Cette question « or_other » n’a pas de liste de choix.",
        "Ajoutez la liste à la feuille choices.",
        "survey",
        "type",
    ),
    _rule(
        r"Unmatched 'end_(?P<type>\w+)'",
        "group-end",
        "« end_{type} » ne ferme rien.",
        "Ajoutez la ligne « begin_{type} » qui manque, ou supprimez celle-ci.",
        "survey",
        "type",
    ),
    _rule(
        r"Unmatched 'begin_(?P<type>\w+)'.*name '(?P<name>[^']*)'",
        "group-begin",
        "Le groupe « {name} » n’est jamais fermé.",
        "Ajoutez une ligne « end_{type} » après sa dernière question.",
        "survey",
        "type",
    ),
    _rule(
        r"Parameters must be in the form",
        "parameters-malformed",
        "Les paramètres sont mal écrits.",
        "Écrivez « clé=valeur », séparés par un espace.",
        "survey",
        "parameters",
    ),
    _rule(
        r"accepted parameter keys for this question type are '(?P<ok>[^']*)'.*'(?P<bad>[^']*)'",
        "parameters-unknown",
        "Paramètre inconnu pour ce type de question : {bad}.",
        "Paramètres possibles : {ok}.",
        "survey",
        "parameters",
    ),
    _rule(
        r"For the 'range' question type",
        "range-parameters",
        "Les paramètres de cette question « range » sont incohérents.",
        "Donnez start, end et step : des nombres, step non nul et plus petit que l’étendue.",
        "survey",
        "parameters",
    ),
    _rule(
        r"File name for '(?P<command>\S+) (?P<file>[^']*)' should end with",
        "file-extension",
        "« {command} » doit nommer un fichier .csv, .xml ou .geojson, non « {file} ».",
        "Ajoutez l’extension du fichier.",
        "survey",
        "type",
    ),
    _rule(
        r"Duplicate column header: (?P<column>.+)",
        "column-duplicate",
        "Deux colonnes portent le même titre « {column} ».",
        "Renommez ou supprimez l’une des deux.",
    ),
    _rule(
        r"different names for the same column were found: '(?P<a>[^']*)', '(?P<b>[^']*)'",
        "column-duplicate",
        "Les colonnes « {a} » et « {b} » sont la même.",
        "Gardez-en une seule.",
    ),
    _rule(
        r"required column headers were not found: (?P<missing>[^.]+)",
        "column-missing",
        "Il manque une colonne obligatoire : {missing}.",
        "Ajoutez-la à la première ligne de la feuille.",
    ),
    _rule(
        r"may be due a missing header row",
        "column-header",
        "Une colonne remplie n’a pas de titre.",
        "Mettez un titre à chaque colonne, en première ligne.",
    ),
    _rule(
        r"invalid date on the (?P<sheet>\w+) sheet, under the (?P<column>.+) column on row number "
        r"(?P<row>\d+)",
        "date-ambiguous",
        "Une date de la feuille {sheet} (colonne {column}, ligne {row}) est illisible.",
        "Mettez la cellule au format texte.",
    ),
    _rule(
        r"save_to|entit",
        "entities",
        "La partie « entities » du questionnaire est incorrecte.",
        "Les entités ne sont pas utilisées ici : supprimez la feuille entities et la colonne "
        "save_to.",
    ),
    _rule(
        r"Audits must always be named",
        "audit-name",
        "Une ligne « audit » ne porte pas d’autre nom.",
        "Videz sa colonne name.",
        "survey",
        "name",
    ),
    _rule(
        r"id_string",
        "form-id",
        "Le questionnaire n’a pas d’identifiant.",
        "Remplissez form_id dans la feuille settings.",
        "settings",
    ),
    _rule(
        r"You must have a sheet named",
        "sheet-survey",
        "Aucune feuille ne s’appelle « survey ».",
        "Donnez ce nom à la feuille des questions.",
    ),
)

_WARNINGS = (
    _rule(
        r"Choices should have a label",
        "choice-label-missing",
        "Un choix n’a pas de libellé.",
        "Remplissez la colonne label.",
        "choices",
        "label",
    ),
    _rule(
        r"case-insensitive match to another name",
        "name-case",
        "Ce nom ne diffère d’un autre que par les majuscules.",
        "Choisissez des noms bien distincts.",
        "survey",
        "name",
    ),
    _rule(
        r"Column headers must not be empty and must not contain spaces",
        "column-space",
        "Un titre de colonne de la feuille choices contient un espace.",
        "Remplacez l’espace par un tiret bas.",
        "choices",
    ),
    _rule(
        r"or_other and translations",
        "or-other-translation",
        "« or_other » ajoute un choix « Other » qui n’est pas traduit.",
        "Écrivez vous-même le choix « autre » et sa question de précision.",
    ),
    _rule(
        r"The 'disabled' column",
        "column-disabled",
        "La colonne « disabled » n’existe plus.",
        "Utilisez relevant.",
        "survey",
        "disabled",
    ),
    _rule(
        r"Row without name, text, or label is being skipped",
        "row-skipped",
        "Cette ligne sans nom ni libellé est ignorée.",
        "Complétez-la ou supprimez-la.",
        "survey",
    ),
    _rule(
        r"(?P<kind>Group|Repeat|Loop) has no label",
        "group-label",
        "Ce groupe n’a pas de titre : sa page n’en aura pas.",
        "Remplissez la colonne label.",
        "survey",
        "label",
    ),
    _rule(
        r"When looking for a sheet named '(?P<sheet>[^']*)'.*found: (?P<found>.+?)\.",
        "sheet-misspelt",
        "Feuille « {sheet} » attendue ; trouvée avec un nom voisin : {found}.",
        "Corrigez le nom de la feuille, ou faites-le précéder d’un tiret bas pour l’ignorer.",
    ),
)

_SILENT = (
    # The language codes and the picture size only matter to Collect, or are checked by our lint.
    re.compile(r"do not contain valid machine-readable codes"),
    re.compile(r"max-pixels"),
    re.compile(r"no longer supported on most devices"),
    re.compile(r"is missing the (?:survey|choices) "),
)


def error_problem(error: Exception) -> Problem:
    """Why pyxform refuses the questionnaire."""
    return _problem(str(error) or type(error).__name__, "error", _ERRORS)


def warning_problem(text: str) -> Problem | None:
    """A warning of pyxform; None for one that says nothing to our authors."""
    if any(pattern.search(text) for pattern in _SILENT):
        return None
    return _problem(text, "warning", (*_WARNINGS, *_ERRORS))


def _problem(text: str, severity: Severity, rules: tuple[_Rule, ...]) -> Problem:
    row = _ROW.search(text)
    place = _PLACE.search(text)
    sheet = _SHEET.search(text)
    number = int(row[1]) if row else None
    for rule in rules:
        match = rule.pattern.search(text)
        if match is None:
            continue
        groups = {key: value or "" for key, value in match.groupdict().items()}
        found = (sheet[1] or sheet[2] or "") if sheet else ""
        return Problem(
            severity,
            rule.message.format(**groups),
            rule.mend.format(**groups),
            sheet=place[1] if place else rule.sheet or (found if found in _KNOWN_SHEETS else ""),
            row=number,
            column=place[2] if place else rule.column,
            code=rule.code,
        )
    first_line = " ".join(text.split())[:300]
    return Problem(
        severity,
        f"Le convertisseur répond (en anglais) : {first_line}",
        sheet=place[1] if place else ("survey" if number else ""),
        row=number,
        column=place[2] if place else "",
        code="pyxform",
    )


_KNOWN_SHEETS = {"survey", "choices", "settings", "external_choices", "entities"}
