"""The checks of a questionnaire before it is published (README §1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from restanque.engine.forms.conversion import Conversion
from restanque.engine.forms.errors import FormError, Problem
from restanque.engine.forms.lint.choices import choice_problems
from restanque.engine.forms.lint.expressions import expression_problems
from restanque.engine.forms.lint.rows import row_problems
from restanque.engine.forms.lint.sources import source_problems
from restanque.engine.forms.parse import read_form

_SHEET_ORDER = ("", "survey", "choices", "settings", "external_choices", "entities")


def lint(conversion: Conversion, *, media: Mapping[str, bytes] | None = None) -> list[Problem]:
    """Every finding, the conversion's included, sorted by sheet and row.

    Errors forbid publishing. `media` are the joined files, when the author has given them: then a
    file that the form wants and that is absent is an error.
    """
    found = [*row_problems(conversion), *choice_problems(conversion)]
    if conversion.xform is None:
        found += source_problems(conversion)
    else:
        try:
            form, faults = read_form(conversion.xform, media=media)
        except FormError as error:
            found.append(Problem("error", str(error), code="xform-unreadable"))
        else:
            found += expression_problems(conversion, form, faults)
            found += [Problem("warning", text, code="form") for text in form.warnings]
            found += [Problem("error", text, code="form-refused") for text in form.refusals]
            if media is not None:
                found += [_missing(name) for name in form.missing_media]
    # The converter stops at its first refusal; the checks above name the row, and the others.
    fatal = {problem.code for problem in conversion.problems if problem.is_error}
    found = [replace(p, severity="error") if p.code in fatal else p for p in found]
    told = {(problem.code, row) for problem in found for row in (problem.row, None)}
    found += [p for p in conversion.problems if (p.code, p.row) not in told]
    return sorted(dict.fromkeys(found), key=_rank)


def _missing(name: str) -> Problem:
    return Problem(
        "error",
        f"Le fichier « {name} », lu par le questionnaire, n’a pas été joint.",
        "Joignez-le, sous ce nom exact.",
        code="media-missing",
    )


def _rank(problem: Problem) -> tuple[int, int, int, str]:
    known = problem.sheet in _SHEET_ORDER
    sheet = _SHEET_ORDER.index(problem.sheet) if known else len(_SHEET_ORDER)
    return (sheet, problem.row or 0, 0 if problem.is_error else 1, problem.message)
