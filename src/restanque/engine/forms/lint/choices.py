"""Checks on the choice lists."""

from __future__ import annotations

from collections.abc import Iterator

from restanque.engine.forms.conversion import Conversion, SheetRow
from restanque.engine.forms.errors import Problem

_FILES = (".csv", ".xml", ".geojson")


def choice_problems(conversion: Conversion) -> Iterator[Problem]:
    lists = _lists(conversion)
    used = {row.list_name for row in conversion.survey if row.list_name}
    used |= set(_named_elsewhere(conversion, lists))
    for row in conversion.survey:
        name = row.list_name
        if not name or name in lists or name.lower().endswith(_FILES) or "${" in name:
            continue
        if row.type == "select_one_external":
            continue
        yield Problem(
            "error",
            f"La liste de choix « {name} » n’existe pas.",
            "Ajoutez-la à la feuille choices, ou corrigez son nom.",
            "survey",
            row.number,
            "type",
            "list-missing",
        )
    multiple = {row.list_name for row in conversion.survey if row.type == "select_multiple"}
    for name, rows in lists.items():
        if name not in used:
            yield Problem(
                "warning",
                f"La liste de choix « {name} » ne sert à aucune question.",
                "Supprimez-la, ou corrigez le nom dans la feuille survey.",
                "choices",
                rows[0].number,
                "list_name",
                "list-unused",
            )
        yield from _list_problems(name, rows, spaces_refused=name in multiple)


def _lists(conversion: Conversion) -> dict[str, list[SheetRow]]:
    sheet = conversion.sheets.get("choices")
    lists: dict[str, list[SheetRow]] = {}
    for row in sheet.rows if sheet is not None else ():
        name = row.get("list_name")
        if name:
            lists.setdefault(name, []).append(row)
    return lists


def _named_elsewhere(conversion: Conversion, lists: dict[str, list[SheetRow]]) -> Iterator[str]:
    """Lists read by a formula (instance('list')) or a parameter rather than by a type."""
    texts = [text for row in conversion.survey for text in row.row.cells.values()]
    for name in lists:
        marks = (f"'{name}'", f'"{name}"', f"={name}")
        if any(mark in text for text in texts for mark in marks):
            yield name
    for row in conversion.survey:
        # begin_loop over list
        words = row.row.get("type").split()
        if row.kind == "begin_loop" and len(words) > 1:
            yield words[-1]


def _list_problems(name: str, rows: list[SheetRow], *, spaces_refused: bool) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        value = row.get("name") or row.get("value")
        if not value:
            continue
        if value in seen:
            yield Problem(
                "error",
                f"Le choix « {value} » figure deux fois dans la liste « {name} » "
                f"(déjà ligne {seen[value]}).",
                "Donnez-lui un autre nom (colonne name), ou supprimez la ligne.",
                "choices",
                row.number,
                "name",
                "choice-duplicate",
            )
        elif spaces_refused and " " in value:
            yield Problem(
                "error",
                f"Le choix « {value} » de la liste « {name} » contient un espace, ce qu’une "
                "question à réponses multiples ne permet pas.",
                "Remplacez l’espace par un tiret bas dans la colonne name.",
                "choices",
                row.number,
                "name",
                "choice-space",
            )
        seen.setdefault(value, row.number)
        if not row.get("label") and not row.get("image"):
            yield Problem(
                "warning",
                f"Le choix « {value} » de la liste « {name} » n’a pas de libellé.",
                "Remplissez la colonne label.",
                "choices",
                row.number,
                "label",
                "choice-label-missing",
            )
