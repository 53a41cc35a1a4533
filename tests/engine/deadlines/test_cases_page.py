"""The page of cases that a lawyer reads says what the tests check.

After a change of `cases.py` or of the rules: RESTANQUE_WRITE_CASES=1 pytest this file.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from restanque.engine.deadlines import kind_named, rules_of
from restanque.engine.law import AFTER, BEFORE, shipped
from restanque.kit.text import format_date
from tests.engine.deadlines.cases import ANALYSES, PERIODS, SITTINGS

PAGE = Path(__file__).parents[3] / "docs" / "timeline" / "cas.md"
KIND = "scot-aec-revision"


def table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [headers, tuple("---" for _ in headers), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def regimes() -> list[str]:
    law, kind = shipped(), kind_named(KIND)
    before, after = (rules_of(kind, regime, law) for regime in (BEFORE, AFTER))
    rows = [
        (f"`{name}`", law.rule(name).title, regime, law.rule(name).evidence.status.label)
        for names, regime in (
            (before - after, "lancée avant le 26 mai 2026"),
            (after - before, "lancée depuis le 26 mai 2026"),
        )
        for name in sorted(names)
    ]
    return [
        f"{len(before & after)} règles sont communes aux deux régimes. Les autres :",
        "",
        *table(("règle", "titre", "procédure", "preuve"), rows),
    ]


def render() -> str:
    """The whole page."""
    periods = (
        (one.what, format_date(one.start, long=True), one.period.label,
         format_date(one.end, long=True), one.source)
        for one in PERIODS
    )  # fmt: skip
    analyses = (
        (one.what, format_date(one.approved), format_date(one.term), f"`{one.rule_id}`", one.source)
        for one in ANALYSES
    )
    sittings = (
        (one.what, format_date(one.session), format_date(one.last_dispatch), one.source)
        for one in SITTINGS
    )
    parts = [
        "# Cas de calcul des délais",
        "",
        "Chaque ligne est vérifiée par les tests (`tests/engine/deadlines/cases.py`), qui tiennent "
        "aussi cette page à jour. « P » : arithmétique que chacun peut refaire sur un calendrier. "
        "« À vérifier » : le texte n’a pas été lu.",
        "",
        "## Délais",
        "",
        *table(
            ("cas", "part du", "délai", "dernier jour, ou premier jour libre", "source"), periods
        ),
        "",
        "Un délai en jours francs donne le premier jour libre après lui ; les autres, leur dernier "
        "jour.",
        "",
        "## Quelle version de L143-28 s’applique",
        "",
        *table(("cas", "approuvé le", "terme", "règle", "source"), analyses),
        "",
        "## Dernier jour pour convoquer",
        "",
        *table(("cas", "séance", "dernier envoi", "source"), sittings),
        "",
        "## La même révision de SCoT-AEC sous les deux régimes",
        "",
        *regimes(),
        "",
    ]
    return "\n".join(parts)


def test_the_page_of_cases_says_what_is_checked() -> None:
    if os.environ.get("RESTANQUE_WRITE_CASES"):
        PAGE.write_text(render(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == render()
