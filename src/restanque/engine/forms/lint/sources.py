"""Checks on the formulas as written, for a questionnaire that the converter refuses.

Without a converted form the formulas would only be checked once every other error is mended: the
author would discover them one round later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from restanque.engine.forms.conversion import Conversion, canonical_column
from restanque.engine.forms.errors import Problem
from restanque.engine.forms.lint.place import short
from restanque.engine.forms.lint.rows import CURLY, EXPRESSION_COLUMNS, REFERENCE, namespaces
from restanque.engine.forms.xpath import XPathError, compile_expression

# A default value is more often a plain text than a formula.
_CHECKED = EXPRESSION_COLUMNS - {"default"}
_DECLARED = re.compile(r"([\w.\-]+)\s*=\s*[\"']([^\"']+)[\"']")


def source_problems(conversion: Conversion) -> Iterator[Problem]:
    declared = dict(_DECLARED.findall(namespaces(conversion)))
    for row in conversion.survey:
        if row.kind.startswith("end_"):
            continue
        for header, text in row.row.cells.items():
            column = canonical_column(header)
            # Typographic quotes have their own check.
            if column not in _CHECKED or not text.strip() or CURLY.search(text):
                continue
            message = _fault(text, declared)
            if message:
                yield Problem(
                    "error",
                    f"Formule illisible : {message} Formule : {short(text)}",
                    "Corrigez la formule.",
                    "survey",
                    row.number,
                    column,
                    "expression-invalid",
                )


def _fault(text: str, declared: Mapping[str, str]) -> str:
    """Why the formula cannot be read, whatever the questions it names; "" when it can."""
    try:
        compile_expression(REFERENCE.sub("/data/question", text), namespaces=declared)
    except XPathError as error:
        return error.message
    return ""
