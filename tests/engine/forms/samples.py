"""Questionnaires for the tests, written as the tables that pyxform reads."""

from __future__ import annotations

from datetime import UTC, datetime

from restanque.engine.forms import Conversion, Form, Session, convert_xlsform, parse_form

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def table(name: str, text: str) -> str:
    """A sheet: the first line of `text` is its header, cells are separated by « | »."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return "\n".join([f"| {name} |", *(f"| | {line} |" for line in lines)])


def convert(survey: str, choices: str = "", settings: str = "") -> Conversion:
    sheets = [table("survey", survey)]
    if choices:
        sheets.append(table("choices", choices))
    if settings:
        sheets.append(table("settings", settings))
    return convert_xlsform("\n".join(sheets).encode(), filename="essai.md")


def form(survey: str, choices: str = "", settings: str = "", **media: bytes) -> Form:
    conversion = convert(survey, choices, settings)
    assert conversion.xform is not None, [str(problem) for problem in conversion.problems]
    files = {name.replace("__", "."): data for name, data in media.items()}
    return parse_form(conversion.xform, media=files)


def session(survey: str, choices: str = "", settings: str = "", **media: bytes) -> Session:
    return Session(form(survey, choices, settings, **media), now=NOW)


YES_NO = """
    list_name | name | label
    ouinon    | oui  | Oui
    ouinon    | non  | Non
"""

CANTEEN = """
    type              | name     | label                    | relevant          | required | constraint | constraint_message       | calculation
    begin_group       | cantine  | Votre cantine            |                   |          |            |                          |
    select_one ouinon | a        | Avez-vous une cantine ?  |                   | yes      |            |                          |
    integer           | repas    | Combien de repas ?       | ${a} = 'oui'      | yes      | . > 0      | Au moins un repas.       |
    decimal           | kg       | Combien de kilos ?       | ${a} = 'oui'      |          |            |                          |
    end_group         |          |                          |                   |          |            |                          |
    calculate         | grammes  |                          |                   |          |            |                          | round(${kg} * 1000 div ${repas}, 0)
    text              | remarque | Une remarque ?           |                   |          |            |                          |
"""  # noqa: E501
