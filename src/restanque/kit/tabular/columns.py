"""What an import expects: each column declared once, for the template, the help and the check."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from restanque.kit import text
from restanque.kit.tabular.reading import Cell
from restanque.kit.text import search_key

Kind = Literal["text", "integer", "number", "boolean", "date", "choice", "email", "telephone"]

KIND_WORDS: Mapping[str, str] = {
    "text": "texte",
    "integer": "nombre entier",
    "number": "nombre (virgule décimale)",
    "boolean": "oui ou non",
    "date": "date jj/mm/aaaa",
    "choice": "un choix de la liste",
    "email": "adresse électronique",
    "telephone": "numéro de téléphone",
}
_MENDS: Mapping[str, str] = {
    "integer": "Écrivez un nombre entier, par exemple 12.",
    "number": "Écrivez un nombre, par exemple 4,20.",
    "boolean": "Écrivez oui ou non.",
    "date": "Écrivez jj/mm/aaaa, par exemple 24/11/2026.",
    "email": "Écrivez une seule adresse, par exemple mairie@exemple.fr.",
    "telephone": "Écrivez dix chiffres, par exemple 04 90 00 00 00.",
}
_EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NAME?", "#NOM?", "#NUM!", "#NULL!"}
)
# Day 1 of spreadsheets is 1 January 1900, but they believe 1900 was a leap year.
_EXCEL_ORIGIN = dt.date(1899, 12, 30)
_LINKING_WORDS = frozenset({"a", "au", "d", "de", "du", "des", "en", "et", "l", "la", "le", "les"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")


class CellError(ValueError):
    """A cell that cannot be kept: what is wrong, and how to mend it (French)."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Column:
    """One expected column.

    `name` is the key of the value; `title` the header in the template; `aliases` other headers
    met in real files. `choices` maps the stored code to its label (both are read). `parse` takes
    the cell's text and returns the value, raising ValueError with a French message.
    """

    name: str
    title: str
    kind: Kind = "text"
    required: bool = False
    example: str = ""
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    aliases: Sequence[str] = ()
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    max_length: int = 500
    parse: Callable[[str], Any] | None = None

    def keys(self) -> tuple[str, ...]:
        """The folded headers that mean this column, the surest first."""
        candidates = (self.title, self.name, *self.aliases, without_brackets(self.title))
        return tuple(dict.fromkeys(header_key(c) for c in candidates))

    def read(self, cell: Cell) -> Any:
        """The typed value of a filled cell; None for an empty one. Raises CellError."""
        if cell is None:
            if self.required:
                raise CellError(
                    "La case est vide, elle est obligatoire.", f"Remplissez « {self.title} »."
                )
            return None
        typed = cell_text(cell)
        if typed.upper() in _EXCEL_ERRORS:
            raise CellError(
                "La case contient une erreur du tableur.", "Corrigez la formule, ou videz la case."
            )
        if self.parse is not None:
            try:
                return self.parse(typed)
            except ValueError as error:
                raise CellError(
                    str(error), f"Exemple : {self.example}." if self.example else ""
                ) from error
        try:
            value = _READERS[self.kind](self, cell, typed)
        except CellError:
            raise
        except ValueError as error:
            raise CellError(str(error), _MENDS.get(self.kind, "")) from error
        self._check_bounds(value)
        return value

    def _check_bounds(self, value: Any) -> None:
        if self.kind not in ("integer", "number"):
            return
        if self.minimum is not None and value < self.minimum:
            raise CellError(
                f"Le nombre doit être au moins {self._shown(self.minimum)}.",
                "Vérifiez l’unité et le signe.",
            )
        if self.maximum is not None and value > self.maximum:
            raise CellError(
                f"Le nombre doit être au plus {self._shown(self.maximum)}.", "Vérifiez l’unité."
            )

    @staticmethod
    def _shown(bound: Decimal | int) -> str:
        exact = Decimal(bound)
        return text.format_number(exact, max(0, -int(exact.as_tuple().exponent)))


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One line of the help that goes with an import."""

    title: str
    required: bool
    expects: str
    example: str
    help: str


def help_rows(columns: Sequence[Column]) -> list[HelpRow]:
    """What each column expects, in words, for the help page and the template's second sheet."""
    rows = []
    for column in columns:
        expects = KIND_WORDS[column.kind]
        if column.choices:
            expects = "un de : " + ", ".join(f"« {label} »" for label in column.choices.values())
        rows.append(HelpRow(column.title, column.required, expects, column.example, column.help))
    return rows


def header_key(header: str) -> str:
    """A header folded for comparison: no accent, case, punctuation, plural nor linking word."""
    words = search_key(header).split()
    bare = [word.rstrip("s") if len(word) > 3 else word for word in words]
    return " ".join([word for word in bare if word not in _LINKING_WORDS] or bare)


def without_brackets(header: str) -> str:
    """A header without its « (unit) » or « (obligatoire) »."""
    return re.sub(r"\([^()]*\)", " ", header)


def cell_text(cell: Cell) -> str:
    """What a reader sees in the cell: « 12 » for 12.0, « 24/11/2026 » for a date."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, dt.datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == dt.time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return (
            str(int(cell))
            if cell.is_integer() and abs(cell) < 1e15
            else repr(cell).replace(".", ",")
        )
    return text.clean(str(cell)) if cell is not None else ""


def _read_text(column: Column, cell: Cell, typed: str) -> str:
    if len(typed) > column.max_length:
        raise CellError(
            f"Le texte a {len(typed)} caractères, la limite est de {column.max_length}.",
            "Raccourcissez-le.",
        )
    return typed


def _read_number(column: Column, cell: Cell, typed: str) -> Decimal:
    if isinstance(cell, bool | dt.date):
        raise CellError("La case contient autre chose qu’un nombre.", _MENDS["number"])
    if isinstance(cell, int | float):
        # A spreadsheet holds 0.1 + 0.2 as 0.30000000000000004: keep what it shows.
        return Decimal(str(cell) if isinstance(cell, int) else format(cell, ".15g"))
    return text.parse_number(typed)


def _read_integer(column: Column, cell: Cell, typed: str) -> int:
    number = _read_number(column, cell, typed)
    if number != number.to_integral_value():
        raise ValueError(f"« {typed} » n’est pas un nombre entier.")
    return int(number)


def _read_boolean(column: Column, cell: Cell, typed: str) -> bool:
    return text.parse_boolean(typed)


def _read_date(column: Column, cell: Cell, typed: str) -> dt.date:
    if isinstance(cell, dt.datetime):
        day = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    elif re.fullmatch(r"[1-9][0-9]{4}", typed):
        # A day that lost its format in a spreadsheet; five digits are never a French date.
        day = _EXCEL_ORIGIN + dt.timedelta(days=int(typed))
    else:
        day = text.parse_date(typed)
    if not 1900 <= day.year <= 2100:
        raise ValueError(f"« {typed} » : l’année {day.year} est hors du possible.")
    return day


def _read_choice(column: Column, cell: Cell, typed: str) -> str:
    key = search_key(typed)
    for code, label in column.choices.items():
        if key in (search_key(code), search_key(label)):
            return code
    labels = ", ".join(f"« {label} »" for label in column.choices.values())
    raise CellError(f"« {typed} » n’est pas dans la liste.", f"Choisissez parmi : {labels}.")


def _read_email(column: Column, cell: Cell, typed: str) -> str:
    if not _EMAIL.fullmatch(typed):
        raise ValueError(f"« {typed} » n’est pas une adresse électronique.")
    local, _, domain = typed.rpartition("@")
    return f"{local}@{domain.lower()}"


def _read_telephone(column: Column, cell: Cell, typed: str) -> str:
    # A spreadsheet that took the number for a number dropped its first zero.
    if isinstance(cell, int | float) and re.fullmatch(r"[1-9][0-9]{8}", typed):
        typed = f"0{typed}"
    return text.parse_telephone(typed)


_READERS: Mapping[str, Callable[[Column, Cell, str], Any]] = {
    "text": _read_text,
    "number": _read_number,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "date": _read_date,
    "choice": _read_choice,
    "email": _read_email,
    "telephone": _read_telephone,
}
