"""Checks on the rows of the sheets: they work even when the converter refuses the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from restanque.engine.forms.conversion import (
    Conversion,
    SurveyRow,
    canonical_column,
    column_language,
)
from restanque.engine.forms.errors import Problem
from restanque.engine.forms.facts import CARRIERS, FACTS, YES_NO, Fact

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
CURLY = re.compile("[‘’“”«»]")

EXPRESSION_COLUMNS = frozenset(
    {
        "relevant",
        "constraint",
        "calculation",
        "required",
        "readonly",
        "choice_filter",
        "repeat_count",
        "default",
    }
)

# Rows that are never shown: they need no label.
_UNSEEN = frozenset(
    [
        "calculate",
        "hidden",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "email",
        "audit",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
        "xml-external",
        "csv-external",
        "subscriberid",
        "simserial",
        "start_time",
        "end_time",
    ]
)
_REFUSED = {
    "select_one_external": (
        "Le type select_one_external n’est pas pris en charge.",
        "Utilisez select_one_from_file avec un fichier CSV et choice_filter.",
    ),
    "osm": ("Le type osm n’est pas pris en charge.", "Utilisez geopoint."),
}
_PHONE_ONLY = frozenset(
    [
        "audit",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
        "phonenumber",
        "subscriberid",
        "simserial",
        "deviceid",
    ]
)
_COMMON = frozenset(
    {
        *("text", "integer", "decimal", "range", "select_one", "select_multiple", "rank", "note"),
        *("date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "image", "audio"),
        *("video", "file", "barcode", "acknowledge", "calculate", "hidden", "start", "end"),
        *("today", "begin_group", "end_group", "begin_repeat", "end_repeat"),
        *("select_one_from_file", "select_multiple_from_file"),
    }
)
_KNOWN = (
    {"_".join(name.split()).lower() for name in QUESTION_TYPE_DICT}
    | {name.lower() for name in _COMMON}
    | {"osm", "select_one_external", "xml-external", "csv-external", "cascading_select"}
    | {"include", "set_form_title", "set_form_id", "form_title", "form_id", "prefix"}
)
_TYPES_MEND = "Types courants : text, integer, decimal, select_one liste, select_multiple liste."
_FACT = "bind::rq:fact"


def row_problems(conversion: Conversion) -> Iterator[Problem]:
    yield from _emptiness(conversion)
    yield from _names(conversion)
    yield from _references(conversion)
    yield from _quotes(conversion)
    yield from _types(conversion)
    yield from _labels(conversion)
    yield from _facts(conversion)
    if conversion.sheets.get("entities") is not None:
        yield Problem(
            "warning",
            "Les entités (feuille entities, colonne save_to) sont ignorées.",
            "Les réponses alimentent l’annuaire par la colonne bind::rq:fact.",
            sheet="entities",
            code="entities-ignored",
        )


def _emptiness(conversion: Conversion) -> Iterator[Problem]:
    if "survey" not in conversion.sheets:
        return
    if not any(row.kind == "question" for row in conversion.survey):
        yield Problem(
            "error",
            "Le questionnaire n’a aucune question.",
            "Ajoutez au moins une question à la feuille survey (colonnes type, name et label).",
            "survey",
            code="no-question",
        )


def _names(conversion: Conversion) -> Iterator[Problem]:
    """Names that XML refuses, and names used twice in one group."""
    seen: dict[str, SurveyRow] = {}
    for row in conversion.survey:
        if row.kind.startswith("end_") or not row.name:
            continue
        if not _NAME.fullmatch(row.name):
            yield Problem(
                "error",
                f"Le nom « {row.name} » n’est pas utilisable.",
                "Un nom commence par une lettre et ne contient ni espace ni signe autre que "
                "« _ - . ».",
                "survey",
                row.number,
                "name",
                "name-invalid",
            )
        elif row.path in seen:
            yield Problem(
                "error",
                f"Le nom « {row.name} » est déjà pris, à la ligne {seen[row.path].number}.",
                "Donnez un autre nom à l’une des deux lignes.",
                "survey",
                row.number,
                "name",
                "name-duplicate",
            )
        seen.setdefault(row.path, row)


def _references(conversion: Conversion) -> Iterator[Problem]:
    """${name} that designates no question, or several."""
    names: dict[str, int] = {"instanceID": 1, "instanceName": 1}
    for row in conversion.survey:
        if row.name and not row.kind.startswith("end_"):
            names[row.name] = names.get(row.name, 0) + 1
            if row.or_other:
                names[f"{row.name}_other"] = 1
    for sheet in conversion.sheets.values():
        for line in sheet.rows if sheet.name in ("survey", "choices", "settings") else ():
            for header, text in line.cells.items():
                for name in dict.fromkeys(REFERENCE.findall(text)):
                    if names.get(name, 0) != 1:
                        yield _reference_problem(
                            name, names, sheet.name, line.number, canonical_column(header)
                        )


def _reference_problem(
    name: str, names: Mapping[str, int], sheet: str, row: int, column: str
) -> Problem:
    if name in names:
        return Problem(
            "error",
            f"« ${{{name}}} » désigne plusieurs questions du même nom.",
            "Donnez à chaque question un nom unique.",
            sheet,
            row,
            column,
            "reference-ambiguous",
        )
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    mend = f"Vouliez-vous écrire « ${{{close[0]}}} » ?" if close else "Corrigez le nom."
    return Problem(
        "error",
        f"« ${{{name}}} » ne désigne aucune question.",
        mend,
        sheet,
        row,
        column,
        "reference-unknown",
    )


def _quotes(conversion: Conversion) -> Iterator[Problem]:
    """Word processors' quotes in a formula: other tools do not read them."""
    for row in conversion.survey:
        for header, text in row.row.cells.items():
            column = canonical_column(header)
            if column not in EXPRESSION_COLUMNS or (column == "default" and "(" not in text):
                continue
            found = CURLY.search(_LITERAL.sub("", text))
            if found is not None:
                yield Problem(
                    "error",
                    f"La formule contient un guillemet typographique « {found[0]} » : {text}",
                    "Remplacez-le par l’apostrophe droite (') ou le guillemet droit (\").",
                    "survey",
                    row.number,
                    column,
                    "expression-quotes",
                )


def _types(conversion: Conversion) -> Iterator[Problem]:
    for row in conversion.survey:
        if row.kind != "question":
            continue
        if row.type.partition("_")[0] == "osm":
            message, mend = _REFUSED["osm"]
            yield Problem("error", message, mend, "survey", row.number, "type", "type-refused")
        elif row.type not in _KNOWN and not row.list_name:
            close = difflib.get_close_matches(row.type, sorted(_COMMON), n=1, cutoff=0.6)
            yield Problem(
                "error",
                f"Le type de question « {row.row.get('type')} » n’existe pas.",
                f"Vouliez-vous écrire « {close[0]} » ?" if close else _TYPES_MEND,
                "survey",
                row.number,
                "type",
                "type-unknown",
            )
        elif row.type in _REFUSED:
            message, mend = _REFUSED[row.type]
            yield Problem("error", message, mend, "survey", row.number, "type", "type-refused")
        elif row.type in _PHONE_ONLY:
            yield Problem(
                "warning",
                f"« {row.type} » n’a de sens que sur un téléphone : ignoré sur le web.",
                "",
                "survey",
                row.number,
                "type",
                "type-phone-only",
            )
        if row.row.get("appearance").startswith("search("):
            yield Problem(
                "error",
                "La recherche dans un fichier par search() n’est pas prise en charge.",
                "Utilisez select_one_from_file (ou select_multiple_from_file) avec choice_filter.",
                "survey",
                row.number,
                "appearance",
                "search-refused",
            )


def _labels(conversion: Conversion) -> Iterator[Problem]:
    """Questions without any label, or without the French one when labels are translated."""
    sheet = conversion.sheets.get("survey")
    if sheet is None:
        return
    languages = sheet.languages("label")
    french = next((language for language in languages if is_french(language)), None)
    for row in conversion.survey:
        if row.kind != "question" or row.type in _UNSEEN:
            continue
        labels = {
            column_language(header)
            for header, text in row.row.cells.items()
            if canonical_column(header) == "label" and text.strip()
        }
        if row.type == "calculate" or (not labels and row.row.get("calculation")):
            continue
        if not labels and not (row.row.get("hint") or row.row.get("image")):
            yield Problem(
                "warning",
                f"La question « {row.name} » n’a pas de libellé.",
                "Remplissez la colonne label.",
                "survey",
                row.number,
                "label",
                "label-missing",
            )
        elif labels and french is not None and french not in labels:
            yield Problem(
                "warning",
                f"La question « {row.name} » n’a pas de libellé en français.",
                f"Remplissez la colonne label::{french}.",
                "survey",
                row.number,
                f"label::{french}",
                "label-french-missing",
            )


def is_french(language: str) -> bool:
    lowered = language.lower()
    return lowered.startswith("fr") or "(fr" in lowered


def _facts(conversion: Conversion) -> Iterator[Problem]:
    """Facts that nobody reads, or that the question cannot carry."""
    declared = False
    for row in conversion.survey:
        name = row.row.get(_FACT)
        if not name:
            continue
        declared = True
        fact = FACTS.get(name)
        if fact is None:
            close = difflib.get_close_matches(name, FACTS, n=1, cutoff=0.6)
            yield Problem(
                "error",
                f"Le fait « {name} » n’existe pas.",
                f"Vouliez-vous écrire « {close[0]} » ?" if close else "Voyez la liste des faits.",
                "survey",
                row.number,
                _FACT,
                "fact-unknown",
            )
        elif row.kind != "question" or row.type not in CARRIERS[fact.kind]:
            expected = ", ".join(sorted(CARRIERS[fact.kind] - {"hidden"}))
            yield Problem(
                "error",
                f"Une question de type « {row.type or row.kind} » ne peut pas porter le fait "
                f"« {name} » ({fact.label}).",
                f"Types possibles : {expected}.",
                "survey",
                row.number,
                _FACT,
                "fact-type",
            )
        elif row.list_name:
            yield from _fact_values(conversion, row, fact)
    if declared and "rq=" not in namespaces(conversion):
        yield Problem(
            "error",
            "La colonne bind::rq:fact est utilisée sans que « rq » soit déclaré.",
            'Ajoutez à la feuille settings une colonne namespaces avec rq="'
            'https://restanque.org/xforms".',
            "settings",
            code="fact-namespace",
        )


def namespaces(conversion: Conversion) -> str:
    sheet = conversion.sheets.get("settings")
    return sheet.rows[0].get("namespaces") if sheet is not None and sheet.rows else ""


def _fact_values(conversion: Conversion, row: SurveyRow, fact: Fact) -> Iterator[Problem]:
    """The choices of a question must be values that readers of its fact understand."""
    understood = YES_NO if fact.kind == "flag" else fact.values
    choices = conversion.sheets.get("choices")
    if not understood or choices is None:
        return
    listed = [c.get("name") for c in choices.rows if c.get("list_name") == row.list_name]
    foreign = [value for value in listed if value and value not in understood]
    missing = [value for value in understood[:2] if value not in listed]
    if fact.kind == "flag" and missing:
        yield Problem(
            "error",
            f"Le fait « {fact.name} » attend les choix « oui » et « non » ; la liste "
            f"« {row.list_name} » ne les a pas.",
            "Nommez ces choix oui et non dans la colonne name.",
            "survey",
            row.number,
            _FACT,
            "fact-values",
        )
    elif fact.kind == "choice" and listed and len(foreign) == len(listed):
        yield Problem(
            "error",
            f"Aucun choix de la liste « {row.list_name} » n’est compris par le fait "
            f"« {fact.name} ».",
            f"Valeurs comprises : {', '.join(understood)}.",
            "survey",
            row.number,
            _FACT,
            "fact-values",
        )
