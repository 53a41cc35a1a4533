"""SPSS: a CSV and the syntax that reads it with its labels (PSPP reads it too).

Closed questions are numbers with value labels, as SPSS wants them; « ne sait pas » is a
user-missing value. The syntax is UTF-8 with its mark, without which SPSS would garble accents.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from restanque.surveys.exports.source import Source
from restanque.surveys.exports.variables import (
    Measure,
    Variable,
    as_rows,
    plain_cell,
    plain_csv,
    variables_of,
)
from restanque.surveys.exports.workbook import readme, zipped

DATA, SYNTAX = "reponses.csv", "reponses.sps"
# Limits of SPSS, in bytes.
_TEXT, _LABEL, _VALUE_LABEL = 2_000, 255, 119


def archive(source: Source) -> bytes:
    """The CSV, the syntax and how to use them."""
    variables = variables_of(source)
    rows = as_rows([_shortened(one) for one in variables])
    return zipped(
        {
            DATA: plain_csv([one.name for one in variables], rows, delimiter=";"),
            SYNTAX: syntax(source, variables).encode("utf-8-sig"),
            "LISEZMOI.txt": readme("spss", source),
        }
    )


def syntax(source: Source, variables: Sequence[Variable]) -> str:
    """The commands, one after the other."""
    lines = [
        "* Encoding: UTF-8.",
        f"* {_comment(source.campaign.name)}, {_comment(str(source.campaign.territory))}.",
        *(f"* {_comment(what)}\u00a0: {_comment(text)}." for what, text in source.notes()),
        "SET DECIMAL=DOT.",
        "CD '.'.",
        f"GET DATA /TYPE=TXT /FILE='{DATA}' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED",
        "  /DELCASE=LINE /FIRSTCASE=2 /DELIMITERS=';' /QUALIFIER='\"' /VARIABLES=",
        *(f"  {one.name} {_format(one)}" for one in variables),
        "  .",
        "VARIABLE LABELS",
        *(f"  {one.name} {_quoted(one.label, _LABEL)}" for one in variables),
        "  .",
        *_value_labels(variables),
        *(
            f"MISSING VALUES {one.name} ({', '.join(map(str, one.unknown[:3]))})."
            for one in variables
            if one.unknown
        ),
        *(
            f"VARIABLE LEVEL {one.name} ({'NOMINAL' if one.values else 'SCALE'})."
            for one in variables
            if one.measure in (Measure.CODE, Measure.NUMBER)
        ),
    ]
    if source.study.weighting is not None:
        lines += [
            "* Les réponses sans poids sortent des calculs pondérés.",
            "WEIGHT BY poids.",
        ]
    lines += ["EXECUTE.", ""]
    return "\r\n".join(lines)


def _value_labels(variables: Sequence[Variable]) -> Iterator[str]:
    for one in variables:
        if one.values:
            yield f"VALUE LABELS {one.name}"
            for number, _, label in one.values:
                yield f"  {number} {_quoted(label, _VALUE_LABEL)}"
            yield "  ."


def _format(variable: Variable) -> str:
    if variable.measure == Measure.CODE:
        return "F4.0"
    if variable.measure == Measure.DATE:
        return "SDATE10"
    if variable.measure == Measure.TEXT:
        widest = max((len(_text(cell).encode()) for cell in variable.cells), default=1)
        return f"A{max(widest, 1)}"
    numbers = [cell for cell in variable.cells if cell is not None]
    whole = all(Decimal(str(number)) == int(number) for number in numbers)
    return "F12.0" if whole else "F16.6"


def _shortened(variable: Variable) -> Variable:
    if variable.measure != Measure.TEXT:
        return variable
    cells = [_text(cell) for cell in variable.cells]
    return Variable(variable.name, variable.label, variable.measure, cells)


def _text(cell: object) -> str:
    """A text on one line, cut to what SPSS holds, without the quotes that end a cell."""
    return _cut(plain_cell(cell).replace('"', "”"), _TEXT)


def _quoted(text: str, longest: int) -> str:
    return "'" + _cut(" ".join(text.split()), longest).replace("'", "''") + "'"


def _cut(text: str, longest: int) -> str:
    """The text in at most so many bytes of UTF-8, letters whole."""
    return text.encode()[:longest].decode(errors="ignore")


def _comment(text: str) -> str:
    """A comment ends at a point that ends a line: none inside."""
    return " ".join(text.split()).rstrip(". ")
